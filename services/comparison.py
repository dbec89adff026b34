"""How do platforms, or accounts, stand beside each other? Their key numbers, shares of the total, and courses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from analytics.metrics import registry
from core.errors import BadQuestion
from core.language import mark, tr, trn
from core.metric import Adds, Metric, Unit
from core.question import Answer, Asked, By, Explanation, Number, Question, Where
from core.viewer import Right, Viewer
from services import ask, daily
from services.connecting.platforms import title as platform_title
from services.team import custom_metrics
from services.words import calendar
from storage import database, entities
from storage.entities import AccountRow

SIDES = ("platform", "account")
KEY = (
    "views",
    "impressions",
    "engagement",
    "engagement_rate",
    "followers",
    "followers_net",
    "posts_published",
    "reach",
)
"""What stands side by side."""
SHARED = "engagement"
"""What the table gives the share of the total of."""
MOST_LINES = 7
OTHERS = "others"
INGREDIENTS = frozenset({"retention_sum"})
"""Stored only to make a mean of."""
_NOT_ADDED = mark("people who are on two of them would count twice")


@dataclass(frozen=True, eq=False)
class Side:
    """A platform or an account with its numbers; `shares` of the total, of metrics that add up."""

    key: str
    title: str
    platform: str
    numbers: dict[str, Number]
    shares: dict[str, float]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Sides with their numbers, biggest first, and the total, whose ratios are made anew from all of them.

    `blanks`: metric -> why its total is left blank. `lacking`: which numbers of which side there are not, and why.
    """

    split: str
    metrics: tuple[str, ...]
    definitions: dict[str, Metric]
    sides: tuple[Side, ...]
    total: dict[str, Number]
    blanks: dict[str, str]
    lacking: tuple[tuple[str, str, str], ...]
    answer: Answer

    @property
    def empty(self) -> bool:
        """Whether there is no number at all."""
        return not self.metrics

    @property
    def why_none(self) -> str:
        """Why there is no number."""
        return next((one.why_none for one in self.answer.totals.values() if one.why_none), "")


@dataclass(frozen=True, eq=False)
class Line:
    """The course of one side by day; NaN is a gap. `base` is the day that counts as 100, None where none is."""

    key: str
    title: str
    platform: str
    values: tuple[float, ...]
    unfinished: tuple[bool, ...]
    base: date | None = None


@dataclass(frozen=True, eq=False)
class Trends:
    """The courses of a metric on one axis: as they are, or `indexed` with the first day at 100."""

    metric: str
    title: str
    unit: Unit
    currency: str
    indexed: bool
    days: tuple[date, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    explanation: Explanation
    number: Number


def compare(
    viewer: Viewer, asked: Asked, *, split: str = "platform", metrics: Sequence[str] = KEY, now: datetime
) -> Comparison:
    """The sides of a period beside each other. Metrics nobody has are left out. Raises as `ask` does."""
    if split not in SIDES:
        raise BadQuestion(tr("Nothing is compared by '{split}'.", split=split), hint=tr("Use platform or account."))
    answer = ask.ask(viewer, asked.question(tuple(metrics), split=split), now=now)
    named = _named(viewer, answer, split)
    shown = tuple(name for name in metrics if any(_at(answer, key, name).value is not None for key in _keys(answer)))
    sides = [_side(answer, key, *named[key], shown) for key in _keys(answer)]
    blanks = {name: tr(_NOT_ADDED) for name in shown if _cannot_add(name, sides)}
    order = SHARED if SHARED in shown else shown[0] if shown else ""
    return Comparison(
        split,
        shown,
        {name: daily.metric(viewer, name) for name in shown},
        tuple(sorted(sides, key=lambda side: _size(side, order))),
        {name: answer.totals[name] for name in shown},
        blanks,
        tuple(_lacking(answer, sides)),
        answer,
    )


def _keys(answer: Answer) -> list[str]:
    return list(answer.split_titles)


def _at(answer: Answer, key: str, name: str) -> Number:
    return answer.by_split[key, name]


def _named(viewer: Viewer, answer: Answer, split: str) -> dict[str, tuple[str, str]]:
    """Side -> its name, which for an account tells the platform too, and its platform."""
    if split == "platform":
        return {key: (title, key) for key, title in answer.split_titles.items()}
    platforms = {str(one.id): one.platform for one in _accounts(viewer)}
    return {
        key: (f"{title} ({platform_title(platforms[key])})", platforms[key])
        for key, title in answer.split_titles.items()
    }


def _accounts(viewer: Viewer) -> list[AccountRow]:
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return entities.accounts(connection, viewer.workspace_id)


def _side(answer: Answer, key: str, title: str, platform: str, metrics: Sequence[str]) -> Side:
    numbers = {name: _at(answer, key, name) for name in metrics}
    shares = {name: share for name in metrics if (share := _share(answer, key, name)) is not None}
    return Side(key, title, platform, numbers, shares)


def _share(answer: Answer, key: str, name: str) -> float | None:
    """The part of the total, where parts add up to it and none is below 0."""
    if _adds(name) not in (Adds.FLOW, Adds.STOCK):
        return None
    values = [_at(answer, one, name).value for one in _keys(answer)]
    total, mine = answer.totals[name].value, _at(answer, key, name).value
    if not total or mine is None or any(value is not None and value < 0 for value in values):
        return None
    return mine / total


def _cannot_add(name: str, sides: Sequence[Side]) -> bool:
    counted = [side for side in sides if side.numbers[name].value is not None]
    return _adds(name) is Adds.UNIQUE and len(counted) > 1


def _size(side: Side, metric: str) -> tuple[bool, float, str]:
    value = side.numbers[metric].value if metric else None
    return value is None, -(value or 0.0), side.title.lower()


def _adds(name: str) -> Adds:
    """How a metric adds up; what is worked out by a formula never does."""
    return registry.METRICS[name].adds if name in registry.METRICS else Adds.RATIO


def _lacking(answer: Answer, sides: Sequence[Side]) -> list[tuple[str, str, str]]:
    """Side, metric and why, for every number there is not, and for every change that is undefined."""
    found = []
    for side in sides:
        for name, number in side.numbers.items():
            title = answer.explain(name).title
            if number.value is None:
                found.append((side.title, title, number.why_none or tr("no data")))
            elif number.why_no_change:
                found.append((side.title, tr("{metric}, change", metric=title), number.why_no_change))
    return found


def offered(viewer: Viewer, asked: Asked, *, now: datetime) -> tuple[str, ...]:
    """The metrics that have data in a period, in registry order, then the team's own of which every ingredient has:
    what a picker offers."""
    asked, where = replace(asked, compare=None), asked.where
    platforms = {one.platform for one in _accounts(viewer) if not where.platforms or one.platform in where.platforms}
    every = [one for one in registry.METRICS.values() if _can_be_picked(one, platforms)]
    added = tuple(one.name for one in every if one.adds is not Adds.UNIQUE)
    people = tuple(one.name for one in every if one.adds is Adds.UNIQUE)
    found = {name for name, one in _totals(viewer, asked, added, now).items() if one.value is not None}
    if people:
        answer = ask.ask(viewer, asked.question(people, By.DAY, "account"), now=now)
        found |= set(answer.frame.loc[answer.frame["value"].notna(), "metric"])
    own = custom_metrics.read(viewer).items()
    given = tuple(one.name for one in every if one.name in found)
    return given + tuple(name for name, one in own if found.issuperset(one.formula.names))


def _can_be_picked(metric: Metric, platforms: set[str]) -> bool:
    own = platforms.intersection(registry.platforms(metric.name))
    return bool(own) and metric.grain == "day" and metric.name not in INGREDIENTS


def _totals(viewer: Viewer, asked: Asked, metrics: tuple[str, ...], now: datetime) -> dict[str, Number]:
    return ask.ask(viewer, asked.question(metrics), now=now).totals if metrics else {}


def trends(
    viewer: Viewer, asked: Asked, metric: str, *, split: str = "platform", indexed: bool = False, now: datetime
) -> Trends:
    """The courses of a metric, side by side; the past is not asked for. Of more than seven, the largest six and the
    others together."""
    answer = ask.ask(viewer, replace(asked, compare=None).question((metric,), By.DAY, split), now=now)
    known = [key for key in _keys(answer) if _at(answer, key, metric).value is not None or _any_day(answer, key)]
    ranked = sorted(known, key=lambda key: -(_at(answer, key, metric).value or 0.0))
    own, rest = (ranked, []) if len(ranked) <= MOST_LINES else (ranked[: MOST_LINES - 1], ranked[MOST_LINES - 1 :])
    named = _named(viewer, answer, split)
    lines = [_line(answer, key, *named[key]) for key in own]
    if rest:
        lines.append(_together(viewer, metric, answer, rest, split, now))
    notes: list[str] = []
    if indexed:
        lines, notes = _indexed(lines, answer)
    number = answer.totals[metric]
    return Trends(
        metric,
        answer.explain(metric).title,
        number.unit,
        number.currency,
        indexed,
        tuple(dict.fromkeys(answer.frame["bucket"])),
        tuple(lines),
        tuple(notes),
        answer.explain(metric),
        number,
    )


def _any_day(answer: Answer, key: str) -> bool:
    rows = answer.frame
    return bool(rows.loc[rows["split"] == key, "value"].notna().any())


def _line(answer: Answer, key: str, title: str, platform: str) -> Line:
    rows = answer.frame[answer.frame["split"] == key] if "split" in answer.frame else answer.frame
    return Line(key, title, platform, tuple(rows["value"].tolist()), tuple(rows["unfinished"].tolist()))


def _together(viewer: Viewer, metric: str, answer: Answer, rest: Sequence[str], split: str, now: datetime) -> Line:
    """All the others as one, made as the registry makes it: ratios from sums, people not at all."""
    period = answer.question.period
    by_platform = split == "platform"
    where = Where(platforms=tuple(rest)) if by_platform else Where(accounts=tuple(int(key) for key in rest))
    whole = ask.ask(viewer, Question((metric,), period, By.DAY, None, where), now=now)
    return _line(whole, OTHERS, trn("{n} other", "{n} others", len(rest)), "")


def _indexed(lines: Sequence[Line], answer: Answer) -> tuple[list[Line], list[str]]:
    """Lines in per cent of their first day; where that is unknown or 0, of the first day that is above 0."""
    found, notes = [], []
    days = list(dict.fromkeys(answer.frame["bucket"]))
    for line in lines:
        values = np.array(line.values, float)
        above = np.flatnonzero((values > 0) & ~np.array(line.unfinished, bool))
        if not len(above):
            notes.append(tr("{title} is left out: no day above 0 to begin from.", title=line.title))
            continue
        first = int(above[0])
        made = values / values[first] * 100
        made[:first] = np.nan
        found.append(Line(line.key, line.title, line.platform, tuple(made.tolist()), line.unfinished, days[first]))
        if first:
            day = calendar.day_words(days[first])
            notes.append(tr("{title} begins on {day}, its first day above 0.", title=line.title, day=day))
    return found, notes


def begins_at_zero(metric: str) -> bool:
    """Whether an axis should: levels hardly move beside their size."""
    return _adds(metric) is not Adds.STOCK
