"""How many posts were published, week by week."""

from __future__ import annotations

import pandas as pd

from charts import stacks, theme
from core.errors import NotEnoughData
from core.language import mark, tr
from core.question import By
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.connecting import platforms
from services.reports.making import Making, table
from services.reports.part import Part
from services.words import calendar, wording

_METRIC = "posts_published"
_CUT = mark("The first and the last week are cut where the period begins or ends inside them.")
MOST = 7
"""So many platforms have a column of their own."""


def make(making: Making, block: Block) -> Section:
    """Posts of each week, one column for each platform. Of some posts only, those we know are counted."""
    of = making.asked
    wide = _counted(making) if of.posts else _told(making)
    if not len(wide.columns) or not wide.notna().any().any():
        raise NotEnoughData(tr("No posts were published {days}.", days=calendar.words(of.period, year=True)))
    names = [platforms.title(key) if key else tr("Other") for key in wide.columns]
    long = wide.rename_axis("begin").reset_index().melt("begin", var_name="platform", value_name="value")
    long = long.assign(title=[platforms.title(str(key)) if key else tr("Other") for key in long["platform"]])
    title = tr("Posts published")
    columns = (Column(tr("Week from"), Holds.DAY), *(Column(name, Holds.COUNT, "", _METRIC) for name in names))
    total = wide.sum(axis=1, min_count=1)
    whole = len(wide.columns) > 1
    values = [wide[key] for key in wide.columns]
    return Section(
        block.id,
        Shape.CHART,
        tr("Posts published, by week"),
        _pace(float(total.sum()), of.period.days),
        chart=theme.spec(stacks.weeks(long, title, last=of.period.last)),
        words=", ".join(f"{name} {wording.count(float(one.sum()))}" for name, one in zip(names, values, strict=True)),
        table=table(
            (*columns, Column(tr("Total"), Holds.COUNT, "", _METRIC)) if whole else columns,
            wide.index, *values, *([total] if whole else []),
        ),
        plot=Plot("stacked", 0, tuple(range(1, len(names) + 1))),
        notes=(tr(_CUT), *(() if of.posts else making.notes(making.ask(_METRIC, by=By.WEEK, split="platform")))),
    )  # fmt: skip


def _pace(posts: float, days: int) -> str:
    return tr("{n} posts, {rate} a week", n=wording.count(posts), rate=wording.count(posts / days * 7))


def _told(making: Making) -> pd.DataFrame:
    """The weeks as `ask` tells them; of more than seven platforms, the smaller ones together."""
    answer = making.ask(_METRIC, by=By.WEEK, split="platform")
    if "split" not in answer.frame:
        return pd.DataFrame()
    table = answer.frame.pivot(index="bucket", columns="split", values="value").astype(float)
    table = table[[key for key in answer.split_titles if key in table]].dropna(axis=1, how="all")
    return _few(table.reindex(list(dict.fromkeys(answer.frame["bucket"]))))


def _counted(making: Making) -> pd.DataFrame:
    """The posts that are meant, by the day they went out."""
    posts = making.posts()
    mine = posts[posts["inside"]]
    weeks = calendar.buckets(making.asked.period, By.WEEK, making.week_start)
    days = [(stamp.date() - making.asked.period.first).days for stamp in mine["published_local"]]
    at = [weeks.names[weeks.codes[day]] for day in days]
    counts = mine.assign(week=pd.Series(at, index=mine.index, dtype=object)).groupby(["week", "platform"]).size()
    return _few(counts.unstack(fill_value=0).reindex(list(weeks.names), fill_value=0).astype(float))


def _few(wide: pd.DataFrame) -> pd.DataFrame:
    if len(wide.columns) <= MOST:
        return wide
    order = wide.sum().sort_values(ascending=False).index
    own, rest = list(order[: MOST - 1]), list(order[MOST - 1 :])
    return wide[own].assign(**{"": wide[rest].sum(axis=1, min_count=1)})


PART = Part(
    mark("Posts published"),
    mark("How many posts were published week by week, on each platform."),
    ":material/calendar_view_week:",
    Shape.CHART,
    make,
)
