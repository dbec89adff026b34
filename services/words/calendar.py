"""Days into buckets, one period against another, and periods in words. Pure: no clock, no store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core import language
from core.clock import EPOCH, epoch_day
from core.question import By, Compare, Period

day_words = language.day_words

Codes = NDArray[np.int64]
HOURLY = frozenset({By.HOUR, By.WEEKDAY_HOUR})


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """The bucket of each day (or hour) of a period, and what each bucket is called in a frame.

    A bucket is named by its first moment: a date, for hours a datetime in the account's zone. The buckets of
    `weekday_hour` are numbers: 24 times the weekday (Monday is 0) plus the hour.
    """

    codes: Codes
    names: tuple[date | datetime | int, ...]
    by: By | None = None

    @property
    def n(self) -> int:
        """How many buckets there are."""
        return len(self.names)


def buckets(period: Period, by: By | None, week_start: int = 0) -> Buckets:
    """The buckets of a period. Weeks begin on `week_start` (0 is Monday); the first and last may be cut.

    >>> buckets(Period(date(2026, 12, 30), date(2027, 1, 5)), By.WEEK).names
    (datetime.date(2026, 12, 30), datetime.date(2027, 1, 4))
    """
    if by is None:
        return Buckets(np.zeros(period.days, np.int64), (period.first,))
    if by in HOURLY:
        return _hours(period, by)
    days = np.arange(period.days, dtype=np.int64)
    if by is By.DAY:
        marks = days
    elif by is By.WEEK:
        marks = (days + (period.first.weekday() - week_start) % 7) // 7
    else:
        numbers = np.datetime64(period.first, "D") + days
        marks = numbers.astype("datetime64[M]").astype(np.int64)
    _, starts, codes = np.unique(marks, return_index=True, return_inverse=True)
    return Buckets(codes.astype(np.int64), tuple(period.first + timedelta(days=int(day)) for day in starts), by)


def _hours(period: Period, by: By) -> Buckets:
    hours = np.arange(period.days * 24, dtype=np.int64)
    if by is By.WEEKDAY_HOUR:
        return Buckets((hours + period.first.weekday() * 24) % 168, tuple(range(168)), by)
    start = datetime(period.first.year, period.first.month, period.first.day)  # noqa: DTZ001  (local to each account)
    return Buckets(hours, tuple(start + timedelta(hours=int(hour)) for hour in hours), by)


def past_of(period: Period, compare: Compare | Period | None, *, match_weekday: bool = False) -> Period | None:
    """The period that `period` is compared with."""
    if compare is None or isinstance(compare, Period):
        return compare
    if compare is Compare.PREVIOUS:
        return period.previous(match_weekday=match_weekday)
    return period.last_year(match_weekday=match_weekday)


def positions(period: Period, past: Period, compare: Compare | Period | None, *, match_weekday: bool = False) -> Codes:
    """For each day of `past`, the day of `period` it stands beside (0 is the first), -1 for none.

    Days are paired in order; a year earlier, by their date, so that months stay months. A day of the past stands
    beside one day only, so what is summed over buckets stays the same.
    """
    if compare is Compare.LAST_YEAR and not match_weekday:
        found = [(_year_after(past.first + timedelta(days=day)) - period.first).days for day in range(past.days)]
    else:
        found = list(range(past.days))
    codes = np.array(found, np.int64)
    codes[(codes < 0) | (codes >= period.days)] = -1
    return codes


def _year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def stored_grains(period: Period, week_start: int) -> list[tuple[str, int]]:
    """The wider grains, each with the day it is stored under, whose bucket is exactly these days.

    >>> stored_grains(Period(date(2026, 2, 1), date(2026, 2, 28)), 0)
    [('days_28', 20512), ('month', 20485)]
    """
    first, last = period.first, period.last
    found = []
    if period.days == 7 and first.weekday() == week_start:
        found.append(("week", epoch_day(first)))
    if period.days == 28:
        found.append(("days_28", epoch_day(last)))
    if first.day == 1 and last == _month_end(first):
        found.append(("month", epoch_day(first)))
    return found


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def words(period: Period, *, year: bool = False) -> str:
    """A period as a person writes it; the year is left out unless asked for or needed.

    >>> words(Period(date(2026, 11, 1), date(2026, 11, 20)))
    '1–20 Nov'
    >>> words(Period(date(2026, 10, 2), date(2026, 11, 1)))
    '2 Oct – 1 Nov'
    >>> words(Period(date(2025, 12, 31), date(2026, 1, 1)))
    '31 Dec 2025 – 1 Jan 2026'
    """
    return language.days(period.first, period.last, year=year or period.first.year != period.last.year)


def against(now: Period, past: Period) -> tuple[str, str]:
    """Two periods in words, with years where they differ."""
    differ = now.first.year != past.first.year
    return words(now, year=differ), words(past, year=differ)


def first_days(period: Period, n: int) -> Period:
    """The first `n` days of a period, at least one and at most all."""
    return Period(period.first, period.first + timedelta(days=min(max(n, 1), period.days) - 1))


def from_number(day: int) -> date:
    """The date of days since 1970-01-01, also from numpy."""
    return EPOCH + timedelta(days=int(day))
