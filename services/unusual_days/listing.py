"""The unusual days of a period over all watched metrics and platforms, the most striking first.

A day on which accounts are missing, or are counted for the first time, moves a total without anything having happened:
it is kept apart from what did happen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from analytics.metrics import registry
from analytics.metrics.registry import METRICS
from core.language import tr
from core.metric import Adds, Unit
from core.question import By, Period, Question, Where
from core.viewer import Viewer
from services import daily
from services.ask import ask
from services.connecting.platforms import title as platform_title
from services.studies.unusual import COMPARED_WEEKS, WATCHED
from services.unusual_days.course import find, scored, studied
from services.unusual_days.places import accounts as accounts_of
from services.unusual_days.places import places, where_of
from storage.entities import AccountRow


@dataclass(frozen=True, slots=True)
class Unusual:
    """A day that was not as expected. `missing` names what is not known on it and usually is, `joined` what was first
    counted then: where either is given, the numbers changed rather than what they count."""

    metric: str
    title: str
    place: str
    place_title: str
    day: date
    value: float
    expected: float
    lower: float
    upper: float
    score: float
    unit: Unit
    currency: str = ""
    missing: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether it may only be a matter of what was counted."""
        return bool(self.missing or self.joined)

    @property
    def against(self) -> float | None:
        """By how much it differs from what was expected, as a part of that; None where that is undefined."""
        return self.value / self.expected - 1 if self.expected > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class UnusualDays:
    """The days, what happened first and what may be missing numbers last. `watched` counts the series looked at,
    `waiting` those that are being computed, `lacking` those with too little history, `failed` those that failed."""

    found: tuple[Unusual, ...]
    watched: int
    waiting: int
    lacking: int
    failed: tuple[str, ...]
    period: Period
    computed_at: datetime | None


@dataclass(slots=True)
class _Tally:
    watched: int = 0
    waiting: int = 0
    lacking: int = 0
    failed: tuple[str, ...] = ()
    computed_at: datetime | None = None


def unusual_days(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> UnusualDays:
    """The unusual days of a period, from the kept studies; what no study is about is scored now."""
    tally, found = _Tally(), list[Unusual]()
    accounts = accounts_of(viewer, where)
    for place, place_title in places(viewer, where).items():
        read = {place} if place else {one.platform for one in accounts}
        for metric in WATCHED:
            if len(read.intersection(registry.platforms(metric))) > (0 if place or len(read) == 1 else 1):
                flagged = _flagged(viewer, metric, where, place, tally, now)
                found += [_unusual(metric, place, place_title, row) for row in flagged if _inside(row, period)]
    checked = list(_checked(viewer, _once(found), where, accounts, now))
    checked.sort(key=lambda one: (one.doubtful, -one.score, one.title, one.place, -one.day.toordinal()))
    return UnusualDays(
        tuple(checked), tally.watched, tally.waiting, tally.lacking, tally.failed, period, tally.computed_at
    )


def _flagged(
    viewer: Viewer, metric: str, where: Where, place: str, tally: _Tally, now: datetime
) -> list[Mapping[str, Any]]:
    """The flagged days of one series as a study has them; the series is counted in the tally."""
    if not studied(where, place):
        frame = scored(viewer, metric, where_of(where, place), now=now).frame
        tally.watched, tally.lacking = tally.watched + bool(len(frame)), tally.lacking + (not len(frame))
        rows = frame[frame["is_anomaly"].astype(bool)].to_dict("records")
        return [{str(name): value for name, value in row.items()} for row in rows]
    kept = find(viewer, metric, where, place)
    if kept is None:
        tally.waiting += 1
    elif kept.state == "ok":
        tally.watched += 1
        tally.computed_at = min(kept.computed_at, tally.computed_at or kept.computed_at)
        return list(kept.found["days"])
    elif kept.state == "not_enough":
        tally.lacking += 1
    else:
        name = platform_title(place) if place else tr("all platforms")
        tally.failed = (*tally.failed, f"{tr(METRICS[metric].title)}, {name}: {kept.reason}")
    return []


def _day(row: Mapping[str, Any]) -> date:
    given = row["day"]
    return given if isinstance(given, date) else date.fromisoformat(str(given))


def _inside(row: Mapping[str, Any], period: Period) -> bool:
    return period.first <= _day(row) <= period.last


def _unusual(metric: str, place: str, place_title: str, row: Mapping[str, Any]) -> Unusual:
    value, expected, lower, upper, score = (
        math.nan if row[name] is None else float(row[name]) for name in ("value", "expected", "lower", "upper", "score")
    )
    of = METRICS[metric]
    return Unusual(metric, tr(of.title), place, place_title, _day(row), value, expected, lower, upper, score, of.unit)


def _once(found: list[Unusual]) -> list[Unusual]:
    """Without the days of all together on which only one platform is known, and told already."""
    told = {(one.metric, one.day, one.value) for one in found if one.place}
    return [one for one in found if one.place or (one.metric, one.day, one.value) not in told]


def _checked(
    viewer: Viewer, found: list[Unusual], where: Where, accounts: list[AccountRow], now: datetime
) -> Iterator[Unusual]:
    """The same days, each with what is missing on it or was first counted then."""
    if not found:
        return
    names = tuple(dict.fromkeys(one.metric for one in found))
    back = timedelta(weeks=COMPARED_WEEKS)
    period = Period(min(one.day for one in found) - back, max(one.day for one in found))
    answer = ask(viewer, Question(names, period, By.DAY, "account", where), now=now)
    tables = {name: daily.wide(answer, name) for name in names}
    for one in found:
        mine = [account for account in accounts if not one.place or account.platform == one.place]
        table = tables[one.metric].reindex(columns=[str(account.id) for account in mine])
        moved = abs(one.value - one.expected) if METRICS[one.metric].adds is Adds.STOCK else None
        missing, joined = gaps(table, one.day, moved)
        titles = {str(account.id): account.name if one.place else platform_title(account.platform) for account in mine}
        yield replace(
            one,
            currency=answer.totals[one.metric].currency,
            missing=tuple(dict.fromkeys(titles[key] for key in missing)),
            joined=tuple(dict.fromkeys(titles[key] for key in joined)),
        )


def gaps(parts: pd.DataFrame, day: date, moved: float | None = None) -> tuple[list[str], list[str]]:
    """The parts that are not known on a day and brought more than a tenth of the same weekday before, and those known
    that were not before and bring more than a tenth of the day - of what stands, a tenth of what it `moved`. `parts`
    has one row per day, one column per part."""
    stamp = pd.Timestamp(day)
    before = parts.reindex([stamp - timedelta(weeks=back) for back in range(1, COMPARED_WEEKS + 1)]).abs().mean()
    after = parts.reindex([stamp]).iloc[0].abs()
    gone, fresh = before[after.isna()].dropna(), after[before.isna()].dropna()
    usual, now = (float(before.sum()), float(after.sum())) if moved is None else (moved, moved)
    return _weighty(gone, usual), _weighty(fresh, now)


def _weighty(some: pd.Series, of: float) -> list[str]:
    if of <= 0 or some.sum() / of <= 1 - daily.WHOLE:
        return []
    return [str(name) for name in some[some > 0].index]
