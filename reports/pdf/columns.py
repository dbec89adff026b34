"""The columns of a table: what they show, how wide they are, and what is done where they are too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from core.report import Column, Holds, Table
from reports import words
from reports.pdf import look
from reports.pdf.sheet import BOLD, Sheet
from reports.pdf.text import clean
from reports.pdf.text import words as divided
from reports.pdf.tree import Element
from reports.safe import is_web

T = TypeVar("T")
_SIZES = (8.0, 7.5, 7.0, 6.5)
SIDE = 5.0
_LEAST, _MOST = 58.0, 230.0
"""A column of words is at least so wide where it must be broken, and at most so wide where others need room."""


@dataclass(slots=True, eq=False)
class Grid:
    """What a table shows, as clean text. `right` says which columns hold figures, `links` which lead to the web, and
    `whole` which are not broken into lines; `below` is a link below each row."""

    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    right: tuple[bool, ...]
    links: tuple[bool, ...]
    whole: tuple[bool, ...]
    below: tuple[str, ...] = ()
    below_head: str = ""
    element: Element | None = None

    def only(self, columns: Sequence[int]) -> Grid:
        """Some of its columns."""

        def some(of: tuple[T, ...]) -> tuple[T, ...]:
            return tuple(of[n] for n in columns)

        rows = [some(row) for row in self.rows]
        return Grid(some(self.heads), rows, some(self.right), some(self.links), some(self.whole))


def grid(table: Table) -> Grid:
    """A table of a document as text."""
    rows = [
        tuple(clean(words.cell(value, column)).strip("\n") for value, column in zip(row, table.columns, strict=True))
        for row in table.rows
    ]
    holds = [one.holds for one in table.columns]
    return Grid(
        tuple(clean(_head(one)) for one in table.columns),
        rows,
        tuple(one.is_number for one in holds),
        tuple(one is Holds.LINK for one in holds),
        tuple(one.is_number or one in {Holds.DAY, Holds.MOMENT} for one in holds),
    )


def linked_below(sheet: Sheet, of: Grid) -> Grid:
    """The same with its links below the rows, where addresses would be broken and take the room of words."""
    at = [n for n, one in enumerate(of.links) if one]
    if len(at) != 1 or len(of.heads) < 3 or not all(is_web(row[at[0]]) for row in of.rows):
        return of
    size = _SIZES[0]
    widths = _shared(_least(sheet, of, size), natural := _natural(sheet, of, size), of.whole)
    if widths[at[0]] >= natural[at[0]] - 0.01:
        return of
    some = of.only([n for n in range(len(of.heads)) if n != at[0]])
    return replace(some, below=tuple(row[at[0]] for row in of.rows), below_head=of.heads[at[0]])


def fitted(sheet: Sheet, of: Grid) -> list[tuple[list[int], float, list[float]]]:
    """The columns that stand side by side, their size and widths: all of them, smaller where they must be, else in
    parts that each begin with the first column."""
    columns = list(range(len(of.heads)))
    for size in _SIZES:
        least, most = _least(sheet, of, size), _natural(sheet, of, size)
        if sum(least) <= look.ROOM:
            return [(columns, size, _shared(least, most, of.whole))]
    found, part = [], [0]
    for n in columns[1:]:
        if len(part) > 1 and sum(least[one] for one in (*part, n)) > look.ROOM:
            found.append(part)
            part = [0]
        part.append(n)
    found.append(part)
    return [
        (
            some,
            size,
            _shared([min(least[n], look.ROOM / 2) for n in some], [most[n] for n in some], of.only(some).whole),
        )
        for some in found
    ]


def _natural(sheet: Sheet, of: Grid, size: float) -> list[float]:
    return [
        max(sheet.width(head, size, BOLD), *(sheet.width(line, size) for row in of.rows for line in row[n].split("\n")))
        + 2 * SIDE
        for n, head in enumerate(of.heads)
    ]


def _least(sheet: Sheet, of: Grid, size: float) -> list[float]:
    """How narrow the columns may be: figures and dates stand on one line, words are broken."""
    natural = _natural(sheet, of, size)
    heads = [max((sheet.width(word, size, BOLD) for word in divided(head)), default=0) + 2 * SIDE for head in of.heads]
    bodies = [
        max((sheet.width(row[n], size) for row in of.rows), default=0) + 2 * SIDE
        if of.whole[n]
        else min(natural[n], _LEAST)
        for n in range(len(of.heads))
    ]
    return [max(min(head, 2 * _LEAST), body) for head, body in zip(heads, bodies, strict=True)]


def _shared(least: list[float], most: list[float], whole: Sequence[bool]) -> list[float]:
    """The widths of columns: the room that is left goes to words first, the same to each until it has enough."""
    wide = list(least)
    wanted = [small if one else min(large, _MOST) for small, large, one in zip(least, most, whole, strict=True)]
    for limit in (wanted, most):
        left = look.ROOM - sum(wide)
        hungry = [n for n in range(len(wide)) if limit[n] > wide[n]]
        while left > 0.5 and hungry:
            share = left / len(hungry)
            for n in hungry:
                wide[n] += min(share, limit[n] - wide[n])
            left = look.ROOM - sum(wide)
            hungry = [n for n in hungry if limit[n] > wide[n] + 0.01]
    spare = look.ROOM - sum(wide)
    return [one + spare / len(wide) for one in wide] if spare > 0 else wide


def _head(column: Column) -> str:
    shown = column.currency and column.currency not in column.title
    return f"{column.title} ({column.currency})" if shown else column.title
