"""What the Audience page loads: answers with their charts, each a plain value that can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from charts import audience as bars
from charts import hours, movement, theme, world
from charts.marks import Told
from core import language, numbers
from core.language import mark, tr
from core.metric import Unit
from core.question import Asked, Explanation, Period, Where
from core.viewer import Viewer
from services import comparison
from services.audience import described, growth, hints, online, pace, people, places
from services.audience.described import Described, Part
from services.audience.growth import GrowthAnswer
from services.audience.hints import Hints
from services.audience.online import Online
from services.audience.pace import Pace
from services.audience.people import Audience, People
from services.comparison import Comparison, Trends
from services.team import targets
from ui import drawings, format
from ui.drawings import Drawing
from ui.screens import courses

SCALES = {"index": mark("Indexed"), "same": mark("Followers"), "net": mark("Net new followers")}
"""The ways to look at growth side by side."""
MOST_BARS = 10
_AGE_GENDER = "age_gender"
_RISING = {"age": "name", "company_size": "name", "seniority": "key"}
"""Groups that follow each other stand in their order, by a number in this column; all others by size."""
_FORMULAS = {
    "followers": mark("share = followers of the group / followers of the account that day"),
    "views": mark("share = views / all views"),
}


@dataclass(frozen=True, slots=True, eq=False)
class GrowthScreen:
    """How it grows, with its charts."""

    answer: GrowthAnswer
    followers: Drawing
    movement: Drawing


@dataclass(frozen=True, slots=True, eq=False)
class SidesScreen:
    """Growth side by side: the numbers, and the courses as a chart."""

    beside: Comparison
    trends: Trends
    lines: Drawing


@dataclass(frozen=True, slots=True, eq=False)
class PartScreen:
    """One dimension of an audience with its chart; `more` says what the chart leaves out, `said` sums it up."""

    part: Part
    drawing: Drawing
    more: str
    said: str
    explanation: Explanation


@dataclass(frozen=True, slots=True, eq=False)
class DescribedScreen:
    """One audience with its charts; `map` is None where no countries are told."""

    answer: Described
    parts: tuple[PartScreen, ...]
    map: Drawing | None
    off_map: str


@dataclass(frozen=True, slots=True, eq=False)
class OnlineScreen:
    """When one account's audience is there, with its chart."""

    answer: Online
    week: Drawing


def read_growth(viewer: Viewer, asked: Asked, annotated: bool, *, now: datetime) -> GrowthScreen:
    """How the audience grows; with the marks of what happened if `annotated`."""
    answer = growth.growth(viewer, asked, now=now)
    goals = {} if asked.where != Where() else targets.read(viewer)
    marks = drawings.happened(viewer, answer.by_day.period, annotated)
    followers = drawings.by_day(answer.by_day, "followers", marks, goals=goals, zero=False)
    return GrowthScreen(answer, followers, _movement(answer, marks))


def read_pace(viewer: Viewer, where: Where, until: Period, *, now: datetime) -> Pace:
    """How fast, in words."""
    return pace.pace(viewer, where, until.last, now=now)


def read_hints(viewer: Viewer, asked: Asked, *, now: datetime) -> Hints:
    """Posts before days of unusual gains."""
    return hints.hints(viewer, asked.period, asked.where, now=now)


def read_sides(viewer: Viewer, asked: Asked, split: str, scale: str, annotated: bool, *, now: datetime) -> SidesScreen:
    """Growth side by side; with the marks of what happened if `annotated`."""
    beside = growth.sides(viewer, asked, split, now=now)
    metric = "followers_net" if scale == "net" else "followers"
    trends = comparison.trends(viewer, asked, metric, split=split, indexed=scale == "index", now=now)
    return SidesScreen(beside, trends, courses.drawn(trends, drawings.happened(viewer, asked.period, annotated)))


def read_people(viewer: Viewer, asked: Asked, *, now: datetime) -> People:
    """Which audiences are described."""
    return people.people(viewer, asked.period, asked.where, now=now)


def read_described(viewer: Viewer, asked: Asked, key: str, *, now: datetime) -> DescribedScreen:
    """One audience along all its dimensions."""
    answer = described.describe(viewer, asked, key, now=now)
    parts = tuple(_part(one, answer.audience, asked.period) for one in answer.parts)
    lands = next((one for one in answer.parts if one.dimension == "country"), None)
    if lands is None:
        return DescribedScreen(answer, parts, None, "")
    return DescribedScreen(answer, parts, _map(lands, answer.audience), _off_map(lands))


def read_online(viewer: Viewer, asked: Asked, zone: str, week_start: int, *, now: datetime) -> tuple[OnlineScreen, ...]:
    """When each account's audience is there."""
    found = online.online(viewer, asked.where, asked.period, zone, now=now)
    return tuple(OnlineScreen(one, _week(one, week_start)) for one in found)


def _movement(answer: GrowthAnswer, marks: Told) -> Drawing:
    moved = answer.movement
    words = [growth.bucket_words(bucket, moved.by) for bucket in moved.frame["bucket"]]
    drawn = movement.movement(moved.frame, words, moved.by, marks=marks)
    names = {
        "bucket": mark("From"), "gained": movement.GAINED, "lost": movement.LOST, "net_only": movement.OTHERS,
        "net": mark("Net"),
    }  # fmt: skip
    table = moved.frame.rename(columns=names)[list(names.values())]
    table = table.assign(**{"Complete": ~moved.frame["unfinished"], "Without": moved.frame["without"]})
    table = drawings.annotated(table, list(moved.frame["bucket"]), marks)
    gained, lost, net = (format.value_exact(answer.by_day.totals[name])
                         for name in ("followers_gained", "followers_lost", "followers_net"))  # fmt: skip
    told = tr(
        "Gains and losses: followers gained {gained}, followers lost {lost}, followers net {net}",
        gained=gained,
        lost=lost,
        net=net,
    )
    return Drawing(theme.spec(drawn), table, told)


def _part(one: Part, audience: Audience, period: Period) -> PartScreen:
    rows = one.frame.assign(
        count=[numbers.exact(value, Unit.COUNT) for value in one.frame["value"]],
        moved=[_moved(value) for value in one.frame["change"]],
    )
    colour, said = theme.platform_colour(audience.platform), ""
    if one.dimension == _AGE_GENDER:
        split = rows["key"].str.rpartition(" ")
        genders = [places.name("gender", key, key) for key in split[2]]
        rows = rows.assign(age=split[0].to_numpy(), gender=genders)
        drawn, more = bars.ages(rows), ""
        said = _genders(rows)
    else:
        by = _RISING.get(one.dimension, "")
        shown = rows.sort_values(by, key=lambda names: names.map(bars.in_order)) if by else rows
        drawn = bars.shares(shown.head(MOST_BARS), colour, one.title)
        more = tr("the {most} largest of {n}", most=MOST_BARS, n=len(rows)) if len(rows) > MOST_BARS else ""
    best = ", ".join(f"{row['name']} {format.short(row['share'], Unit.RATIO)}" for _, row in rows.head(5).iterrows())
    words = f"{audience.title}, {language.inside(one.title)}: {best}"
    explanation = _explained(one, audience, period)
    return PartScreen(one, Drawing(theme.spec(drawn), _table(one, audience), words), more, said, explanation)


def _moved(change: float) -> str:
    if change != change:
        return tr("not known")
    if abs(change) < 0.0005:
        return tr("unchanged")
    size = format.points(abs(change))
    return tr("{size} more", size=size) if change > 0 else tr("{size} less", size=size)


def _genders(rows: pd.DataFrame) -> str:
    shares = rows.groupby("gender", sort=False)["share"].sum().sort_values(ascending=False)
    return ", ".join(f"{name} {format.short(float(share), Unit.RATIO)}" for name, share in shares.items())


def _table(one: Part, audience: Audience) -> pd.DataFrame:
    names = {"name": one.title, "value": people.WHO[audience.metric].heading, "share": mark("Share")}
    if one.earlier_dated:
        names |= {"earlier": tr("Share, {days}", days=one.earlier_dated), "change": mark("Change in share")}
    table = one.frame.rename(columns=names)[list(names.values())]
    return table.dropna(axis=1, how="all") if len(table) else table


def _explained(one: Part, audience: Audience, period: Period) -> Explanation:
    """How the shares are made."""
    given = bool(one.frame["value"].isna().all())
    counted = _FORMULAS.get(audience.metric)
    formula = tr(counted) if counted else tr("share = of all {who}", who=audience.who)
    return Explanation(
        metric=audience.metric,
        title=f"{audience.title}: {language.inside(one.title)}",
        definition=tr(
            "Shares of {who} as the platform groups them, of {days}. Platforms define groups differently, so nothing "
            "is added up across them.",
            who=audience.who,
            days=one.dated,
        ),
        formula=tr("share = as the platform gives it") if given else formula,
        inputs=(),
        coverage=one.coverage,
        notes=(),
        period=period,
        compared_with=None,
    )


def _map(one: Part, audience: Audience) -> Drawing:
    shares = dict(zip(one.frame["key"], one.frame["share"], strict=True))
    counts = dict(zip(one.frame["key"], one.frame["value"], strict=True))
    keys = sorted(world.codes())
    rows = pd.DataFrame(
        {
            "key": keys,
            "name": [places.country(key) for key in keys],
            "share": [float(shares.get(key, float("nan"))) for key in keys],
            "said": [_said(shares.get(key), counts.get(key)) for key in keys],
        }
    )
    top = ", ".join(
        f"{row['name']} {format.short(row['share'], Unit.RATIO)}" for _, row in one.frame.head(5).iterrows()
    )
    words = tr("Map of countries, {audience}: {shares}", audience=audience.title, shares=top)
    return Drawing(
        theme.spec(world.countries(rows, colour=theme.platform_colour(audience.platform))), _table(one, audience), words
    )


def _said(share: float | None, count: float | None) -> str:
    if share is None or share != share:
        return tr("not told")
    written = format.short(share, Unit.RATIO)
    return written if count is None or count != count else f"{written} ({numbers.exact(count, Unit.COUNT)})"


def _off_map(one: Part) -> str:
    """Countries that are in the table only."""
    lands = one.frame[one.frame["key"] != places.NOWHERE]
    small = [str(name) for key, name in zip(lands["key"], lands["name"], strict=True) if key not in world.codes()]
    if not small:
        return ""
    if len(small) == 1:
        return tr("{country} is too small for the map; the list has it.", country=small[0])
    return tr("{n} of {all} countries are too small for the map; the list has them.", n=len(small), all=len(lands))


def _week(one: Online, week_start: int) -> Drawing:
    drawn = hours.there(one.frame, week_start)
    names = {
        "weekday": mark("Weekday"), "hour": mark("Hour"), "mean": mark("Mean"), "low": mark("Lowest"),
        "high": mark("Highest"), "seen": mark("Weeks"),
    }  # fmt: skip
    table = hours.named(one.frame, week_start).rename(columns=names)[list(names.values())]
    words = tr("Followers there by hour of the week. Most: {best}", best=one.best or tr("not known yet"))
    return Drawing(theme.spec(drawn), table, words)
