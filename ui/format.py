"""Numbers and dates as people read them. Conversions happen here, once."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from core.metric import Unit
from core.question import Number, Period

DASH = "–"
_STEPS = ((1e9, "B"), (1e6, "M"), (1e3, "K"))


def short(value: float, unit: Unit = Unit.COUNT, currency: str = "") -> str:
    """A value as a card shows it.

    >>> short(15230), short(0.0375, Unit.RATIO), short(86400), short(7200, Unit.SECONDS), short(12.5, Unit.MONEY, "EUR")
    ('15.2K', '3.75%', '86.4K', '2 h 0 min', '12.50 EUR')
    """
    if unit is Unit.RATIO:
        return f"{value * 100:.2f}%" if abs(value) < 0.1 else f"{value * 100:.1f}%"
    if unit is Unit.SECONDS:
        return duration(value)
    if unit is Unit.SCORE:
        return f"{value:.0f}"
    text = _scaled(value, 2 if unit is Unit.MONEY else 0)
    return f"{text} {currency}".strip() if unit is Unit.MONEY else text


def _scaled(value: float, digits: int) -> str:
    for step, letter in _STEPS:
        if abs(value) >= step:
            return f"{value / step:.3g}{letter}" if abs(value) < 1000 * step else f"{value / step:,.0f}{letter}"
    return f"{value:,.{digits}f}" if float(value).is_integer() or digits else f"{value:,.1f}"


def exact(value: float | None, unit: Unit = Unit.COUNT, currency: str = "") -> str:
    """A value in full.

    >>> exact(15230), exact(0.03751, Unit.RATIO), exact(None)
    ('15,230', '3.75%', '–')
    """
    if value is None or value != value:
        return DASH
    if unit is Unit.RATIO:
        return f"{value * 100:,.2f}%"
    if unit is Unit.MONEY:
        return f"{value:,.2f} {currency}".strip()
    if unit is Unit.SECONDS:
        return f"{value:,.0f} s"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def duration(seconds: float) -> str:
    """Seconds as hours and minutes, minutes and seconds.

    >>> duration(75), duration(3_600_000)
    ('1 min 15 s', '1,000 h')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 100:
        return f"{hours:,} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def change(number: Number) -> str:
    """The change of a number: relative and absolute, with sign; percentage points for rates; "" when undefined."""
    if number.difference is None:
        return ""
    sign = "+" if number.difference > 0 else "−" if number.difference < 0 else "±"
    if number.unit is Unit.RATIO:
        return f"{sign}{abs(number.difference) * 100:.2f} pp"
    size = short(abs(number.difference), number.unit, number.currency)
    if number.change is None:
        return f"{sign}{size}"
    return f"{sign}{abs(number.change) * 100:.1f}% ({sign}{size})"


def days(period: Period) -> str:
    """A period in words, without what repeats.

    >>> days(Period(date(2026, 11, 1), date(2026, 11, 30))), days(Period(date(2025, 12, 30), date(2026, 1, 2)))
    ('1–30 Nov 2026', '30 Dec 2025 – 2 Jan 2026')
    """
    first, last = period.first, period.last
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{day(first)} – {day(last)}"
    if first.month != last.month:
        return f"{first.day} {first:%b} – {day(last)}"
    return f"{first.day}–{day(last)}"


def day(when: date) -> str:
    """A day: 5 Nov 2026."""
    return f"{when.day} {when:%b %Y}"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago, in one unit.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 12, 30, tzinfo=UTC))
    '2 h ago'
    """
    if moment is None:
        return "never"
    passed = now - moment
    if passed < timedelta(0):
        return f"in {_span(-passed)}"
    return "just now" if passed < timedelta(minutes=1) else f"{_span(passed)} ago"


def _span(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"


def plain(text: str) -> str:
    """Text from platforms and people as Markdown that shows exactly these characters on one line.

    >>> print(plain("*hi* [x](javascript:1) $a$ :smile:"))
    \\*hi\\* \\[x\\](javascript\\:1) \\$a\\$ \\:smile\\:
    """
    return re.sub(r"([\\`*_{}\[\]<>#+!|~$:&@])", r"\\\1", " ".join(text.split()))
