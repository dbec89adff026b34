"""Tables as PowerPoint's own: as many slides as it takes, the head on each, and how many rows there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pptx.oxml.ns import qn
from pptx.util import Inches

from core.language import figure, tr, trn
from core.report import Holds, Section, Table
from reports import words
from reports.slides import text
from reports.slides.deck import Deck, Page, numbered
from reports.slides.look import BOTTOM, LINE, PANEL, ROOM, SIDE, TOP
from reports.slides.text import SPACING, Line
from reports.slides.xml import element

MOST = 60
"""A deck shows so many rows of a table; the rest is for the Excel file, and the slide says so."""
_PAD, _ABOVE = 0.1, 0.055
_WIDEST, _BROKEN = 4.6, 1.5
"""A column of words is at most so wide where others need room, and at least so wide."""
SMALL = 11
_SIZES = (12, 11, 10, 9)
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


@dataclass(frozen=True, slots=True)
class Grid:
    """What a native table shows, as text. `right` says which columns hold figures, `links` where cells lead."""

    heads: tuple[str, ...]
    right: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[bool, ...]

    def only(self, columns: Sequence[int]) -> Grid:
        """Some of its columns."""
        rows = tuple(tuple(row[n] for n in columns) for row in self.rows)
        heads, right, links = (tuple(of[n] for n in columns) for of in (self.heads, self.right, self.links))
        return Grid(heads, right, rows, links)  # type: ignore[arg-type]


def grid(table: Table, most: int = MOST) -> Grid:
    """A table of a document, its first `most` rows."""
    rows = tuple(
        tuple(text.clean(words.cell(value, column)).strip() for value, column in zip(row, table.columns, strict=True))
        for row in table.rows[:most]
    )
    heads = tuple(text.clean(one.title) for one in table.columns)
    holds = [one.holds for one in table.columns]
    return Grid(heads, tuple(one.is_number for one in holds), rows, tuple(one is Holds.LINK for one in holds))


def draw(deck: Deck, section: Section, title: str, table: Table) -> None:
    """A section's table, on as many slides as it takes."""
    said = (section.words, *section.notes)
    if not table.rows or not table.columns:
        page = deck.page(title, section.lead, said=said)
        page.foot(_below(section, words.complete(table)))
        deck.panel(page, [Line(tr("No rows in this period."), 14, "muted")])
        return
    spread(deck, title, grid(table), counted(table), lead=section.lead, notes=section.notes, said=said)


def counted(table: Table) -> str:
    """How many of a table's rows the deck shows, and where the others are."""
    if len(table.rows) <= MOST:
        return words.complete(table)
    said = {"here": figure(f"{MOST:,}"), "held": figure(f"{len(table.rows):,}")}
    if table.is_complete:
        return trn(
            "The first {here} of {n} row; the whole table is in the Excel file.",
            "The first {here} of {n} rows; the whole table is in the Excel file.",
            table.of,
            **said,
        )
    return trn(
        "The first {here} of {n} row; the first {held} are in the Excel file.",
        "The first {here} of {n} rows; the first {held} are in the Excel file.",
        table.of,
        **said,
    )


def spread(
    deck: Deck,
    title: str,
    whole: Grid,
    count: str,
    *,
    lead: str = "",
    notes: Sequence[str] = (),
    said: Sequence[str] = (),
) -> None:
    """A grid over slides: by columns where it is too wide, then by rows."""
    groups = _column_groups(whole)
    slides: list[tuple[Grid, float, list[float], int, int]] = []
    for size, part in groups:
        wide = widths(part, size)
        slides += [(*one[:1], size, wide, *one[1:]) for one in _pages(part, size, wide, _room(lead, notes, count))]
    for n, (piece, size, wide, first, last) in enumerate(slides, 1):
        page = deck.page(numbered(title, n, len(slides)), lead, said=said)
        parts = [_rows_said(first, last, len(whole.rows), len(slides)), _columns_said(piece, whole, len(groups)), count]
        page.foot(_below_notes(notes, " · ".join(one for one in parts if one)))
        native(page, piece, size, wide, title)


def native(page: Page, of: Grid, size: float, wide: Sequence[float], title: str) -> None:
    """Draw a grid at the top of the body."""
    highs = [_row_height(of.heads, wide, size, bold=True), *(_row_height(row, wide, size) for row in of.rows)]
    box = (SIDE, page.top, sum(wide), sum(highs))
    shape = page.slide.shapes.add_table(len(highs), len(wide), *(Inches(one) for one in box))
    text.described(shape, title, title)
    table = shape.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    table.first_row, table.horz_banding = True, False
    for n, one in enumerate(wide):
        table.columns[n].width = Inches(one)
    for n, high in enumerate(highs):
        table.rows[n].height = Inches(high)
        row = of.rows[n - 1] if n else of.heads
        for number, said in enumerate(row):
            link = said if n and of.links[number] else ""
            colour = "accent" if text.link(link) else "ink" if n else "muted"
            line = Line(said, size, colour, n == 0, right=of.right[number], link=link)
            _cell(table.cell(n, number), line, head=n == 0)


def height(of: Grid) -> float:
    """How high a small grid stands."""
    wide = widths(of, SMALL)
    return sum([_row_height(of.heads, wide, SMALL, bold=True), *(_row_height(row, wide, SMALL) for row in of.rows)])


def _cell(cell: Any, line: Line, *, head: bool) -> None:
    text.write(cell.text_frame, [line])
    cell.margin_left = cell.margin_right = Inches(_PAD)
    cell.margin_top = cell.margin_bottom = Inches(_ABOVE)
    if head:
        cell.fill.solid()
        text.paint(cell.fill.fore_color, PANEL)
    properties = cell._tc.get_or_add_tcPr()
    fill = element("a:solidFill", element("a:srgbClr", val="C5CBD3" if head else LINE))
    border = element("a:lnB", fill, w=str(12700 if head else 6350), cap="flat", cmpd="sng", algn="ctr")
    properties.insert(0, border)


def _room(lead: str, notes: Sequence[str], count: str) -> float:
    """How high a table on a slide may be."""
    above = text.height([Line(lead, 14, marked=True)], ROOM) + 0.16 if lead else 0
    below = text.height(_below_notes(notes, f"{count} " * 2), ROOM) + 0.12
    return BOTTOM - TOP - above - below


def _below(section: Section, count: str) -> list[Line]:
    return _below_notes(section.notes, count)


def _below_notes(notes: Sequence[str], count: str) -> list[Line]:
    lines = [Line(one, 11, "muted", before=2) for one in notes]
    return [*lines, Line(count, 10, "muted", before=3)] if count else lines


def _rows_said(first: int, last: int, held: int, slides: int) -> str:
    if slides == 1 or (first, last) == (1, held):
        return ""
    if first == last:
        return tr("Row {first} of {all}", first=first, all=figure(f"{held:,}"))
    return tr("Rows {first}–{last} of {all}", first=first, last=last, all=figure(f"{held:,}"))


def _columns_said(piece: Grid, whole: Grid, groups: int) -> str:
    if groups == 1:
        return ""
    return tr("{here} of {all} columns", here=len(piece.heads), all=len(whole.heads))


def _column_groups(whole: Grid) -> list[tuple[float, Grid]]:
    """The grid at the largest size at which its columns stand side by side; in parts, each with its first column
    again, where there is none."""
    needs = [least for least, _ in _needs(whole, _size(whole))]
    if sum(needs) <= ROOM or len(needs) < 3:
        return [(_size(whole), whole)]
    groups = next(n for n in range(2, len(needs) + 1) if n == len(needs) or _fits(_even(len(needs), n), needs))
    parts = [whole.only(one) for one in _even(len(needs), groups)]
    return [(_size(one), one) for one in parts]


def _size(of: Grid) -> float:
    """The largest size at which its columns stand side by side; the smallest where there is none."""
    return next((size for size in _SIZES if sum(least for least, _ in _needs(of, size)) <= ROOM), _SIZES[-1])


def _even(columns: int, groups: int) -> list[list[int]]:
    """The columns in groups of like size, the first in each."""
    share = -(-(columns - 1) // groups)
    return [[0, *range(n, min(n + share, columns))] for n in range(1, columns, share)]


def _fits(groups: Sequence[Sequence[int]], needs: Sequence[float]) -> bool:
    return all(sum(needs[n] for n in one) <= ROOM for one in groups)


def _needs(of: Grid, size: float) -> list[tuple[float, float]]:
    """For each column the least it needs and what it would like, in inches. Figures and single words stay whole."""
    found = []
    for n, head in enumerate(of.heads):
        cells = [row[n] for row in of.rows]
        full = max([text.width(line, size) for one in cells for line in one.split("\n")], default=0.0)
        word = max([text.width(word, size, True) for word in head.split()], default=0.0)
        whole = max(full, word, min(text.width(head, size, True), 1.4))
        least = whole if of.right[n] else max(min(full, _BROKEN), min(word, _BROKEN))
        found.append((min(least, ROOM / 2) + 2 * _PAD + 0.03, whole + 2 * _PAD + 0.03))
    return found


def widths(of: Grid, size: float) -> list[float]:
    """How wide its columns stand, in inches."""
    needs = _needs(of, size)
    wished = sum(wish for _, wish in needs)
    if wished <= ROOM:
        target = ROOM if len(needs) > 3 else max(wished, min(ROOM, 2.6 * len(needs)))
        return [wish + (target - wished) / len(needs) for _, wish in needs]
    spare = ROOM - sum(least for least, _ in needs)
    more = [min(wish, max(_WIDEST, least)) - least for least, wish in needs]
    if sum(more) <= spare:
        left, beyond = spare - sum(more), [wish - least - own for (least, wish), own in zip(needs, more, strict=True)]
        more = [own + left * one / sum(beyond) for own, one in zip(more, beyond, strict=True)]
        return [least + own for (least, _), own in zip(needs, more, strict=True)]
    return [least + spare * own / sum(more) for (least, _), own in zip(needs, more, strict=True)]


def _row_height(row: Sequence[str], wide: Sequence[float], size: float, *, bold: bool = False) -> float:
    lines = max(len(_lines(one, size, room, bold)) for one, room in zip(row, wide, strict=True))
    return lines * size * SPACING / 72 + 2 * _ABOVE + 0.01


def _lines(said: str, size: float, wide: float, bold: bool = False) -> list[str]:
    return text.wrapped(said, size, wide - 2 * _PAD - 0.02, bold)


def _pages(of: Grid, size: float, wide: Sequence[float], room: float) -> Iterator[tuple[Grid, int, int]]:
    """The grid cut into slides, with the numbers of the first and last row of each."""
    room -= _row_height(of.heads, wide, size, bold=True)
    here: list[tuple[str, ...]] = []
    numbers: list[int] = []
    high = 0.0
    for number, row in enumerate(of.rows, 1):
        for piece in _row_pieces(row, wide, size, room):
            taken = _row_height(piece, wide, size)
            if here and high + taken > room:
                yield Grid(of.heads, of.right, tuple(here), of.links), numbers[0], numbers[-1]
                here, numbers, high = [], [], 0.0
            here.append(piece)
            numbers.append(number)
            high += taken
    if here:
        yield Grid(of.heads, of.right, tuple(here), of.links), numbers[0], numbers[-1]


def _row_pieces(row: tuple[str, ...], wide: Sequence[float], size: float, room: float) -> Iterator[tuple[str, ...]]:
    """A row that is higher than a slide goes on in a next one."""
    if _row_height(row, wide, size) <= room:
        yield row
        return
    most = max(1, int((room - 2 * _ABOVE - 0.02) * 72 / (size * SPACING)))
    lines = [_lines(one, size, own) for one, own in zip(row, wide, strict=True)]
    cuts = range(0, max(map(len, lines)) + most, most)
    for first, last in pairwise(cuts):
        yield tuple("\n".join(one[first:last]) for one in lines)
