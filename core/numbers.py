"""How numbers are written, on screens and in charts: short on a card, exact on hover."""

from __future__ import annotations

import math

from core import language
from core.language import figure, tr
from core.metric import Unit

THIN = "\u202f"
"""A narrow space that does not break."""


def short(value: float | None, unit: Unit, currency: str = "") -> str:
    """A value in a few characters; "n/a" when there is none.

    >>> short(15230, Unit.COUNT), short(999_999, Unit.COUNT), short(0.0375, Unit.RATIO), short(None, Unit.COUNT)
    ('15.2K', '1M', '3.8\u202f%', 'n/a')
    >>> short(1.42, Unit.MONEY, "EUR"), short(3720, Unit.SECONDS), short(61.4, Unit.SCORE)
    ('EUR 1.42', '1.0\u202fh', '61')
    """
    if value is None or math.isnan(value):
        return tr("n/a")
    if unit is Unit.RATIO:
        return figure(f"{value * 100:,.1f}") + f"{THIN}%"
    if unit is Unit.SECONDS:
        return _duration(value)
    if unit is Unit.SCORE:
        return f"{value:.0f}"
    text = _scaled(value, fraction=unit is Unit.MONEY)
    return money(text, currency) if unit is Unit.MONEY else text


def money(text: str, currency: str) -> str:
    """An amount, as written by `short` or `figure`, with its currency on the side the reader expects."""
    return f"{currency} {text}".strip() if language.reader().forms.is_english else f"{text} {currency}".strip()


def exact(value: float | None, unit: Unit, currency: str = "") -> str:
    """A value with all the digits a person can use.

    >>> exact(15230, Unit.COUNT), exact(0.037512, Unit.RATIO), exact(-2.5, Unit.COUNT)
    ('15,230', '3.751\u202f%', '−2.5')
    """
    if value is None or math.isnan(value):
        return tr("n/a")
    sign, size = ("−" if value < 0 else ""), abs(value)
    if unit is Unit.RATIO:
        return sign + figure(f"{size * 100:,.3f}") + f"{THIN}%"
    if unit is Unit.SECONDS:
        return sign + figure(f"{size:,.0f}") + f"{THIN}s"
    if unit is Unit.MONEY:
        return sign + money(figure(f"{size:,.2f}"), currency)
    return sign + (figure(f"{size:,.0f}") if float(size).is_integer() or size >= 1000 else _small(size))


def percent(change: float) -> str:
    """A relative change with its sign and one decimal.

    >>> percent(0.184), percent(-0.05), percent(0.0)
    ('+18.4\u202f%', '−5.0\u202f%', '0.0\u202f%')
    """
    size = f"{abs(change) * 100:,.1f}"
    shown = figure(size) + f"{THIN}%"
    return shown if size == "0.0" else f"{'−' if change < 0 else '+'}{shown}"


def _scaled(value: float, *, fraction: bool) -> str:
    sign, size = ("−" if value < 0 else ""), abs(value)
    for step, word in language.reader().forms.steps:
        if size >= step * 0.9995:
            scaled = size / step
            digits = 0 if scaled >= 99.95 else 1
            return sign + figure(f"{scaled:,.{digits}f}".removesuffix(".0")) + word
    if fraction:
        return sign + figure(f"{size:,.2f}")
    return sign + (figure(f"{size:,.0f}") if float(size).is_integer() or size >= 100 else _small(size))


def _small(size: float) -> str:
    """One decimal, and two digits of what would be nothing then.

    >>> _small(2.25), _small(0.0375), _small(0.5)
    ('2.2', '0.037', '0.5')
    """
    return figure(f"{size:,.1f}" if size >= 0.1 else f"{size:.2g}" if size >= 0.0001 else f"{size:.1g}")


def _duration(seconds: float) -> str:
    size = abs(seconds)
    sign = "−" if seconds < 0 else ""
    if size >= 36_000:
        return f"{sign}{_scaled(size / 3600, fraction=False)}{THIN}h"
    if size >= 3600:
        return sign + figure(f"{size / 3600:.1f}") + f"{THIN}h"
    if size >= 60:
        return f"{sign}{int(size // 60)}{THIN}min {int(size % 60):02d}{THIN}s"
    return f"{sign}{size:.0f}{THIN}s"
