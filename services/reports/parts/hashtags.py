"""Which hashtags, or topics, go with better posts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from charts import effects, theme
from core import verdict
from core.errors import NotEnoughData
from core.language import figure, mark, tr
from core.report import Block, Column, Holds, Section, Shape
from services.content import hashtags
from services.content.hashtags import Hashtags
from services.reports.making import Making, table
from services.reports.part import Option, Part

DRAWN = 14
"""So many are drawn."""
_OF = {"hashtags": mark("Hashtags"), "topics": mark("Topics")}
_CARE = mark("It is what goes with better posts, not what makes them better.")


def make(making: Making, block: Block) -> Section:
    """The effects of the page about hashtags, and all of them in a table."""
    found = _found(making)
    if not found.posts:
        raise NotEnoughData(tr("No post of the last year is known."))
    if making.settings["of"] == "topics":
        rows = found.subjects.assign(name=found.subjects["topic"])
        return _section(making, block, rows, tr("Topic"), tr("Which topics go with better posts?"), "")
    if not found.standing.ok:
        raise NotEnoughData(found.standing.reason)
    rows = found.tags.assign(name="#" + found.tags["tag"].astype(str))
    title = tr("Which hashtags go with better posts?")
    return _section(making, block, rows, tr("Hashtag"), title, hashtags.finding(found))


def _found(making: Making) -> Hashtags:
    asked = making.asked
    return making.once(
        ("hashtags", asked.where, asked.posts),
        lambda: hashtags.hashtags_of(making.viewer, asked.where, asked.posts, now=making.now),
    )


def _section(making: Making, block: Block, rows: pd.DataFrame, of: str, title: str, lead: str) -> Section:
    if rows.empty:
        raise NotEnoughData(tr("There are not enough posts yet to judge any."))
    judged = rows[rows["verdict"].isin(hashtags.JUDGED)]
    chosen = hashtags.strongest(judged, DRAWN)
    drawn = effects.rows(chosen, chosen["name"].tolist(), [figure(f"{n:,}") for n in chosen["uses"]])
    told = ", ".join(f"{name} {effect}" for name, effect in zip(drawn["name"], drawn["effect"], strict=True))
    shown = rows.head(making.settings["most"])
    columns = (
        Column(of), Column(tr("Posts"), Holds.COUNT), Column(tr("Lift"), Holds.CHANGE),
        Column(tr("Lift from"), Holds.CHANGE), Column(tr("Lift to"), Holds.CHANGE), Column(tr("Verdict")),
        Column(tr("Use")),
    )  # fmt: skip
    values: list[Any] = [shown[name] for name in ("name", "uses")]
    values += [shown[name].astype(float) for name in ("lift", "lower", "upper")]
    values += [shown[name].map(verdict.said) for name in ("verdict", "trend")]
    return Section(
        block.id,
        Shape.CHART,
        title,
        lead,
        chart=theme.spec(effects.forest(drawn, of)),
        words=tr("Engagement against the usual: {effects}", effects=told),
        table=table(columns, *values, of=len(rows)),
        notes=(tr("{n} of {all} judged, posts of the last year.", n=len(judged), all=len(rows)), tr(_CARE)),
    )


PART = Part(
    mark("Hashtags and topics"),
    mark("Which hashtags or topics go with better posts, with intervals."),
    ":material/tag:",
    Shape.CHART,
    make,
    (
        Option("of", mark("What is judged"), "choice", "hashtags", _OF),
        Option("most", mark("How many in the table"), "number", 20, most=500),
    ),
)
