"""Tables over as many pages as they take: the head on each, no row in two parts, figures below each other."""

from __future__ import annotations

from dataclasses import replace

from core.language import tr
from core.report import Table
from reports import words
from reports.pdf import look
from reports.pdf.columns import SIDE, Grid, fitted, grid, linked_below
from reports.pdf.flow import Piece
from reports.pdf.sheet import BOLD, REGULAR, Sheet
from reports.pdf.text import clean
from reports.pdf.tree import Element
from reports.safe import is_web

_ABOVE, _STEP = 3.6, 1.34
_TAIL = 6.5
"""How large a link is that stands below its row."""
_TALLEST = 600.0
_TOGETHER = 8
"""A table of so few rows stays on one page; of a longer one at least the last two rows stay with what is below it."""
_MANY = 500
"""Of a longer table a row is read out as one; a part for each cell would be most of the file."""


def pieces(sheet: Sheet, table: Table) -> list[Piece]:
    """A table with how complete it is below."""
    if not table.rows or not table.columns:
        return [_below(tr("No rows in this period.")), _below(words.complete(table), gap=2)]
    whole = linked_below(sheet, grid(table))
    found: list[Piece] = []
    parts = fitted(sheet, whole)
    for n, (columns, size, wide) in enumerate(parts):
        part = whole.only(columns) if len(parts) > 1 else whole
        said = tr("{here} of {all} columns", here=len(columns), all=len(whole.heads)) if len(parts) > 1 else ""
        found += _drawn(sheet, part, size, wide, gap=18 if n else 8)
        found.append(_below(" · ".join(one for one in (words.complete(table), said) if one)))
    return found


def _below(text: str, gap: float = 5) -> Piece:
    def draw(on: Sheet, y: float) -> None:
        with on.tagged("P"):
            on.put(look.SIDE, y + look.TINY, clean(text), look.TINY, colour=look.SOFT)

    return Piece(look.TINY * 1.4, draw, gap=gap)


def _drawn(sheet: Sheet, of: Grid, size: float, wide: list[float], gap: float) -> list[Piece]:
    heads = [sheet.lines(head, wide[n] - 2 * SIDE, size, BOLD) for n, head in enumerate(of.heads)]
    first, again = (_head_row(of, heads, size, wide, is_first, gap) for is_first in (True, False))
    found, short = [first], len(of.rows) <= _TOGETHER
    for n, row in enumerate(of.rows):
        cells = [sheet.lines(said, wide[at] - 2 * SIDE, size) for at, said in enumerate(row)]
        tail = sheet.lines(of.below[n], look.ROOM - 2 * SIDE, _TAIL) if of.below and of.below[n] else []
        made = _row(of, row, cells, tail, size, wide, again)
        found += [*made[:-1], replace(made[-1], keep=short or n >= len(of.rows) - 2)]
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
            if of.below:
                on.tree.add("TH", row, alt=of.below_head, Scope="Column")
        else:
            with on.artifact():
                _cells(on, of, heads, size, wide, y, None)

    return Piece(high, draw, gap=gap, keep=is_first)


def _row(
    of: Grid,
    row: tuple[str, ...],
    cells: list[list[str]],
    tail: list[str],
    size: float,
    wide: list[float],
    again: Piece,
) -> list[Piece]:
    """A row; one that no page could hold is drawn in parts."""
    most = max(1, int(_TALLEST / (size * _STEP)))
    lines = max(map(len, cells))
    found = []
    for start in range(0, lines, most):
        part = [cell[start : start + most] for cell in cells] if lines > most else cells
        below = tail if start + most >= lines else []
        text = max(map(len, part)) * size * _STEP + 2 * _ABOVE
        high = text + len(below) * _TAIL * _STEP

        def draw(
            on: Sheet, y: float, part: list[list[str]] = part, below: list[str] = below, text: float = text,
            high: float = high,
        ) -> None:  # fmt: skip
            element = on.tree.add("TR", of.element)
            _cells(on, of, part, size, wide, y, element, links=row)
            if below:
                _tail(on, below, y + text - _ABOVE, element)
            on.rule(look.SIDE, y + high, sum(wide), look.LINE, 0.5)

        found.append(Piece(high, draw, again=again))
    return found


def _tail(on: Sheet, lines: list[str], y: float, row: Element) -> None:
    """The link of a row, as wide as the table."""
    link = "".join(lines)
    with on.tagged(on.tree.add("TD", row)):
        for n, line in enumerate(lines):
            on.put(look.SIDE + SIDE, y + n * _TAIL * _STEP + _TAIL, line, _TAIL, colour=on.look.accent)
    on.link(look.SIDE + SIDE, y, look.ROOM - 2 * SIDE, len(lines) * _TAIL * _STEP, link)


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
            on.link(x + SIDE, y + _ABOVE, wide[n] - 2 * SIDE, high, link)
        x += wide[n]


def _cell(
    on: Sheet, lines: list[str], x: float, y: float, wide: float, size: float, weight: str, colour: str, right: bool
) -> None:
    at = x + wide - SIDE if right else x + SIDE
    for n, line in enumerate(lines):
        on.put(at, y + _ABOVE + n * size * _STEP + size, line, size, weight, colour, right=right)
