"""Numbers inside sentences: exact, signed, with their unit. Every figure comes from a Number."""

from __future__ import annotations

from core.metric import Unit
from core.question import Number


def count(value: float) -> str:
    """A whole or rounded number with thousands apart.

    >>> count(15230.0), count(0.5)
    ('15,230', '0.5')
    """
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:,.1f}"


def percent(change: float) -> str:
    """A relative change with its sign.

    >>> percent(0.184), percent(-0.05), percent(0.0001)
    ('+18 %', '−5 %', '+0.0 %')
    """
    size = abs(change * 100)
    digits = 0 if size >= 10 or float(size).is_integer() else 1
    return f"{'−' if change < 0 else '+'}{size:,.{digits}f} %"


def signed(number: Number) -> str:
    """The difference of a number with its sign and unit; points for rates."""
    if number.difference is None:
        return ""
    sign = "−" if number.difference < 0 else "+"
    size = abs(number.difference)
    if number.unit is Unit.RATIO:
        return f"{sign}{size * 100:,.1f} points"
    return f"{sign}{amount(size, number)}"


def amount(value: float, number: Number) -> str:
    """A value in the unit of a number."""
    if number.unit is Unit.RATIO:
        return f"{value * 100:,.1f} %"
    if number.unit is Unit.MONEY:
        return f"{value:,.2f} {number.currency}".rstrip()
    if number.unit is Unit.SECONDS:
        return f"{value:,.0f} s"
    return count(value)


def shortened(text: str, length: int = 60) -> str:
    """The beginning of a text in one line.

    >>> shortened("one two three", 8)
    'one two…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"
