"""Tables over as many pages as they take: the head on each, no row in two parts, figures below each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.language import tr
from core.report import Column, Holds, Table
from reports import words
from reports.pdf import look
from reports.pdf.flow import Piece
from reports.pdf.sheet import BOLD, REGULAR, Sheet
from reports.pdf.text import clean
from reports.pdf.text import words as divided
from reports.pdf.tree import Element
from reports.safe import is_web

_SIZES = (8.0, 7.5, 7.0, 6.5)
_SIDE, _ABOVE, _STEP = 5.0, 3.6, 1.34
_LEAST, _MOST = 58.0, 230.0
"""A column of words is at least so wide where it must be broken, and at most so wide where others need room."""
_TALLEST = 600.0
_MANY = 500
"""Of a longer table a row is read out as one; a part for each cell would be most of the file."""


@dataclass(slots=True, eq=False)
class Grid:
    """What a table shows, as clean text. `right` says which columns hold figures, `links` where cells lead to."""

    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    right: tuple[bool, ...]
    links: tuple[bool, ...]
    whole: tuple[bool, ...]
    element: Element | None = field(default=None)

    def only(self, columns: Sequence[int]) -> Grid:
        """Some of its columns."""
        heads, right, links, whole = (
            [of[n] for n in columns] for of in (self.heads, self.right, self.links, self.whole)
        )
        rows = [tuple(row[n] for n in columns) for row in self.rows]
        return Grid(
            tuple(map(str, heads)), rows, tuple(map(bool, right)), tuple(map(bool, links)), tuple(map(bool, whole))
        )


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


def pieces(sheet: Sheet, table: Table) -> list[Piece]:
    """A table with how complete it is below."""
    if not table.rows or not table.columns:
        return [_below(tr("No rows in this period.")), _below(words.complete(table), gap=2)]
    whole = grid(table)
    found: list[Piece] = []
    parts = _fitted(sheet, whole)
    for n, (columns, size, wide) in enumerate(parts):
        part = whole.only(columns) if len(parts) > 1 else whole
        said = tr("{here} of {all} columns", here=len(columns), all=len(whole.heads)) if len(parts) > 1 else ""
        found += _drawn(sheet, part, size, wide, gap=18 if n else 8)
        found.append(_below(" · ".join(one for one in (words.complete(table), said) if one)))
    return found


def _head(column: Column) -> str:
    shown = column.currency and column.currency not in column.title
    return f"{column.title} ({column.currency})" if shown else column.title


def _below(text: str, gap: float = 5) -> Piece:
    def draw(on: Sheet, y: float) -> None:
        with on.tagged("P"):
            on.put(look.SIDE, y + look.TINY, clean(text), look.TINY, colour=look.SOFT)

    return Piece(look.TINY * 1.4, draw, gap=gap)


def _fitted(sheet: Sheet, of: Grid) -> list[tuple[list[int], float, list[float]]]:
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
        + 2 * _SIDE
        for n, head in enumerate(of.heads)
    ]


def _least(sheet: Sheet, of: Grid, size: float) -> list[float]:
    """How narrow the columns may be: figures and dates stand on one line, words are broken."""
    natural = _natural(sheet, of, size)
    heads = [max((sheet.width(word, size, BOLD) for word in divided(head)), default=0) + 2 * _SIDE for head in of.heads]
    bodies = [
        max((sheet.width(row[n], size) for row in of.rows), default=0) + 2 * _SIDE
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


def _drawn(sheet: Sheet, of: Grid, size: float, wide: list[float], gap: float) -> list[Piece]:
    heads = [sheet.lines(head, wide[n] - 2 * _SIDE, size, BOLD) for n, head in enumerate(of.heads)]
    first, again = (_head_row(of, heads, size, wide, is_first, gap) for is_first in (True, False))
    found = [first]
    for n, row in enumerate(of.rows):
        cells = [sheet.lines(said, wide[at] - 2 * _SIDE, size) for at, said in enumerate(row)]
        found += _row(of, row, cells, size, wide, again, keep=n == len(of.rows) - 1)
    return found


def _head_row(of: Grid, heads: list[list[str]], size: float, wide: list[float], is_first: bool, gap: float) -> Piece:
    high = max(map(len, heads)) * size * _STEP + 2 * _ABOVE

    def draw(on: Sheet, y: float) -> None:
        on.area(look.SIDE, y, sum(wide), high, look.PANEL)
        on.rule(look.SIDE, y + high, sum(wide), look.SOFT)
        if is_first:
            of.element = on.tree.add("Table")
            row = on.tree.add("TR", of.element)
            _cells(on, of, heads, size, wide, y, row)
        else:
            with on.artifact():
                _cells(on, of, heads, size, wide, y, None)

    return Piece(high, draw, gap=gap, keep=is_first)


def _row(
    of: Grid, row: tuple[str, ...], cells: list[list[str]], size: float, wide: list[float], again: Piece, keep: bool
) -> list[Piece]:
    """A row; one that no page could hold is drawn in parts."""
    most = max(1, int(_TALLEST / (size * _STEP)))
    lines = max(map(len, cells))
    found = []
    for start in range(0, lines, most):
        part = [cell[start : start + most] for cell in cells] if lines > most else cells
        high = max(map(len, part)) * size * _STEP + 2 * _ABOVE

        def draw(on: Sheet, y: float, part: list[list[str]] = part, high: float = high) -> None:
            element = on.tree.add("TR", of.element)
            _cells(on, of, part, size, wide, y, element, links=row)
            on.rule(look.SIDE, y + high, sum(wide), look.LINE, 0.5)

        found.append(Piece(high, draw, again=again, keep=keep))
    return found


def _cells(
    on: Sheet, of: Grid, cells: list[list[str]], size: float, wide: list[float], y: float, row: Element | None,
    links: tuple[str, ...] = (),
) -> None:  # fmt: skip
    x = look.SIDE
    if row is not None and links and len(of.rows) > _MANY:
        with on.tagged(on.tree.add("TD", row)):
            _cells(on, of, cells, size, wide, y, None, links)
        return
    for n, lines in enumerate(cells):
        link = links[n] if links and of.links[n] and is_web(links[n]) else ""
        weight, colour = (REGULAR, on.look.accent if link else "") if links else (BOLD, look.SOFT)
        if row is None:
            _cell(on, lines, x, y, wide[n], size, weight, colour, of.right[n])
        else:
            told = on.tree.add("TD", row) if links else on.tree.add("TH", row, Scope="Column")
            with on.tagged(told):
                _cell(on, lines, x, y, wide[n], size, weight, colour, of.right[n])
        if link:
            high = len(lines) * size * _STEP
            on.link(x + _SIDE, y + _ABOVE, wide[n] - 2 * _SIDE, high, link)
        x += wide[n]


def _cell(
    on: Sheet, lines: list[str], x: float, y: float, wide: float, size: float, weight: str, colour: str, right: bool
) -> None:
    at = x + wide - _SIDE if right else x + _SIDE
    for n, line in enumerate(lines):
        on.put(at, y + _ABOVE + n * size * _STEP + size, line, size, weight, colour, right=right)
