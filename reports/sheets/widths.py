"""How wide a column of a sheet is, in signs: as wide as what stands in it, within reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from core.report import Cell, Column, Holds, Row

NARROWEST, WIDEST = 9, 60
_ARROW = 4
"""Room for the small arrow of a filter beside a heading."""


def of(columns: Sequence[Column], rows: Sequence[Row]) -> list[int]:
    """The width of each column, judged by these rows."""
    return [_width(column, [row[at] for row in rows]) for at, column in enumerate(columns)]


def _width(column: Column, values: Sequence[Cell]) -> int:
    longest = max((_signs(value, column) for value in values), default=0)
    return min(max(longest + 2, len(column.title) + _ARROW, NARROWEST), WIDEST)


def _signs(value: Cell, column: Column) -> int:
    if value is None:
        return 0
    if isinstance(value, str):
        return max(map(len, value.split("\n")))
    if isinstance(value, datetime):
        return 18
    if isinstance(value, date):
        return 12
    if column.holds is Holds.MONEY:
        return len(f"{value:,.2f}") + 4
    return 7 if column.holds in (Holds.RATIO, Holds.CHANGE) else min(len(f"{value:,}"), 13)
