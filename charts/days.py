"""Days in words for charts: on hover with the weekday, beside a line without."""

from __future__ import annotations

from datetime import date, datetime

from core import language

short = language.day_words
"""A day without its weekday."""


def when(day: date, *, year: bool = True) -> str:
    """A day with its weekday, as hovering tells it.

    >>> when(date(2026, 11, 2)), when(date(2026, 11, 2), year=False)
    ('Mon 2 Nov 2026', 'Mon 2 Nov')
    """
    return language.day_words(day, year=year, weekday=True)


def hour(moment: datetime) -> str:
    """The beginning of an hour.

    >>> hour(datetime(2026, 11, 2, 9))
    'Mon 2 Nov, 09:00'
    """
    return f"{when(moment, year=False)}, {moment:%H:%M}"


def span(first: date, last: date) -> str:
    """A stretch of days.

    >>> span(date(2026, 11, 1), date(2026, 11, 20)), span(date(2026, 10, 2), date(2026, 11, 1))
    ('1–20 Nov', '2 Oct–1 Nov')
    """
    return language.days(first, last, year=False, dash="–")
