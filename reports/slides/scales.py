"""Axes and number formats of native charts, as Excel and PowerPoint read them, in the words of the reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core import language
from core.numbers import THIN
from core.report import Column, Holds

_LOCALES = {"en": "809", "de": "407", "fr": "40C", "es": "C0A"}


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of values: where it begins and ends, its steps, and how its numbers are written."""

    low: float
    high: float
    step: float
    form: str


def axis(values: Sequence[float], column: Column, *, zero: bool = True) -> Axis:
    """The axis for values: round steps, about four; from zero on unless the values are far from it.

    >>> axis([0, 37_000], Column("Views", Holds.COUNT))
    Axis(low=0, high=40000, step=10000, form='[=0]0;#,##0,"K"')
    """
    low, high = min(values), max(values)
    if zero or low <= 0 or low < 0.6 * high:
        low, high = min(0.0, low), max(0.0, high)
    if high == low:
        high = low + (abs(low) or 1.0)
    step = _round((high - low) / 4)
    return Axis(
        math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step, _stepped(step, high, column)
    )


def _round(size: float) -> float:
    power = 10 ** math.floor(math.log10(size))
    step = next(one for one in (1, 2, 2.5, 5, 10) if one * power >= size * 0.999) * power
    return round(step, 12) if step < 1 else int(step) if step == int(step) else step


def _stepped(step: float, high: float, column: Column) -> str:
    if column.holds in {Holds.RATIO, Holds.CHANGE}:
        digits = max(0, math.ceil(-math.log10(step * 100) - 1e-9)) + (1 if _odd(step * 100) else 0)
        return f"0{_digits(digits)}%"
    if column.holds is Holds.SECONDS:
        return f'#,##0{_digits(_needed(step))}"{THIN}s"'
    for size, word in language.reader().forms.steps:
        if high >= size:
            digits = _needed(step / size)
            return f'[=0]0;#,##0{_digits(digits)}{"," * round(math.log10(size) / 3)}"{word}"'
    return f"#,##0{_digits(_needed(step))}"


def _odd(step: float) -> bool:
    return step < 10 and f"{step:.0e}"[0] == "2" and not math.isclose(step, float(f"{step:.0e}"))


def _needed(step: float) -> int:
    """How many decimals steps of this size need.

    >>> _needed(10), _needed(2.5), _needed(0.25)
    (0, 1, 2)
    """
    return next((n for n in range(6) if math.isclose(round(step, n), step, rel_tol=1e-9)), 6)


def _digits(count: int) -> str:
    return f".{'0' * count}" if count else ""


def form(column: Column, values: Sequence[float]) -> str:
    """How values are written beside their marks and in the chart's data."""
    whole = all(float(one).is_integer() for one in values)
    match column.holds:
        case Holds.RATIO:
            return "0.00%"
        case Holds.CHANGE:
            return "+0.0%;−0.0%;0.0%"
        case Holds.MONEY:
            unit = column.currency.replace('"', "")
            if not unit:
                return "#,##0.00"
            return f'"{unit} "#,##0.00' if language.reader().forms.is_english else f'#,##0.00" {unit}"'
        case Holds.SECONDS:
            return f'#,##0"{THIN}s"'
        case Holds.DAY:
            return days("yMMMd")
        case Holds.TEXT | Holds.LINK | Holds.MOMENT:
            return "General"
    return "#,##0" if whole else "#,##0.0#"


def days(skeleton: str = "MMMd") -> str:
    """How days are written on an axis: in the reader's order, and with the reader's names of months."""
    forms = language.reader().forms
    skeletons = ("MMMd", "MMMy", "yMMMd")
    shown = {"en": ("d mmm", "mmm yyyy", "d mmm yyyy"), "de": ("d. mmm", "mmm yyyy", "d. mmm yyyy")}
    pattern = shown.get(forms.code, shown["en"])[skeletons.index(skeleton)]
    return f"[$-{_LOCALES[forms.code]}]{pattern}"
