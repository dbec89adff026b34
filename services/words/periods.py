"""Periods people name instead of dating them. Pure: today, and the day weeks begin on, are arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from core.errors import BadQuestion
from core.language import mark, tr
from core.question import Period

DEFAULT = "last_30"
CUSTOM = "custom"
LAST_WEEK = "last_week"
"""The last full week; it depends on the day on which weeks begin."""


def _last_days(days: int) -> Callable[[date], Period]:
    return lambda today: Period(today - timedelta(days=days), today - timedelta(days=1))


def _last_week(today: date, week_start: int) -> Period:
    this = today - timedelta(days=(today.weekday() - week_start) % 7)
    return Period(this - timedelta(days=7), this - timedelta(days=1))


def _this_month(today: date) -> Period:
    return Period(today.replace(day=1), today)


def _last_month(today: date) -> Period:
    end = today.replace(day=1) - timedelta(days=1)
    return Period(end.replace(day=1), end)


def _last_quarter(today: date) -> Period:
    this = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    end = this - timedelta(days=1)
    return Period(end.replace(month=end.month - 2, day=1), end)


def _last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


_MAKERS: Mapping[str, tuple[str, Callable[[date], Period]]] = {
    "last_30": (mark("Last 30 days"), _last_days(30)),
    "last_7": (mark("Last 7 days"), _last_days(7)),
    "last_90": (mark("Last 90 days"), _last_days(90)),
    "today": (mark("Today"), lambda today: Period(today, today)),
    "yesterday": (mark("Yesterday"), _last_days(1)),
    LAST_WEEK: (mark("Last week"), lambda today: _last_week(today, 0)),
    "this_month": (mark("This month"), _this_month),
    "last_month": (mark("Last month"), _last_month),
    "last_quarter": (mark("Last quarter"), _last_quarter),
    "last_year": (mark("Last year"), _last_year),
}
TITLES: Mapping[str, str] = {name: title for name, (title, _) in _MAKERS.items()}
"""Name -> what a person reads, in the order of a picker; the first is the usual one."""


def resolve(name: str, today: date, week_start: int = 0) -> Period:
    """The days a named period means today. "Last n days" are full days, so they end yesterday; weeks begin on
    `week_start` (0 is Monday). Raises BadQuestion.

    >>> resolve("last_7", date(2026, 3, 5))
    Period(first=datetime.date(2026, 2, 26), last=datetime.date(2026, 3, 4))
    >>> resolve("last_quarter", date(2026, 2, 10))
    Period(first=datetime.date(2025, 10, 1), last=datetime.date(2025, 12, 31))
    >>> resolve("last_week", date(2026, 3, 5), week_start=6)
    Period(first=datetime.date(2026, 2, 22), last=datetime.date(2026, 2, 28))
    """
    if name == LAST_WEEK:
        return _last_week(today, week_start)
    if name not in _MAKERS:
        raise BadQuestion(
            tr("There is no period called '{name}'.", name=name),
            hint=tr("Use one of: {periods}.", periods=", ".join(_MAKERS)),
        )
    return _MAKERS[name][1](today)
