"""The sections of a document as pieces of pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from core.language import tr, trn
from core.report import Document, Finding, Pictures, Section, Shape
from reports.pdf import cards, look, prose, tables
from reports.pdf.flow import Piece
from reports.pdf.sheet import BOLD, REGULAR, Sheet
from reports.plain import plain

WIDTH = 660
"""How wide charts are drawn, in pixels, before they are laid on the page: so their words are as small as a table's."""
_SHORT, _LONG = 8, 62
"""A chart's table of so many rows stands below it, of so many in the appendix; a longer one is for other files."""
_TALLEST = 560.0
_MARKED, _SHARE = 14.0, 12


def drawn(sheet: Sheet, document: Document, pictures: Pictures) -> list[Piece]:
    """All sections but the cover that begins the document, which belongs to its head."""
    found: list[Piece] = []
    fresh = False
    for one in document.sections[1 if cover(document) else 0 :]:
        if one.shape is Shape.BREAK:
            fresh = True
            continue
        made = _section(sheet, one, pictures)
        if made and (fresh or (one.shape is Shape.COVER and found)):
            made[0] = replace(made[0], fresh=True)
        fresh = fresh and not made
        found += made
    return found


def cover(document: Document) -> Section | None:
    """A cover that begins the document."""
    first = document.sections[0] if document.sections else None
    return first if first and first.shape is Shape.COVER and not first.failed else None


def numbers(sheet: Sheet, document: Document) -> list[Piece]:
    """The tables that charts are drawn from, for the appendix."""
    found: list[Piece] = []
    for one in document.sections:
        if one.shape is Shape.CHART and one.chart is not None and _is_appended(one) and one.table and not one.failed:
            found += prose.heading(sheet, one.title or one.words, level=3, gap=16)
            found += tables.pieces(sheet, one.table)
    return found


def _is_appended(of: Section) -> bool:
    return of.table is not None and _SHORT < len(of.table.rows) <= _LONG


def _section(sheet: Sheet, of: Section, pictures: Pictures) -> list[Piece]:
    found = prose.heading(sheet, of.title)
    found += prose.paragraph(sheet, of.lead, colour=look.SOFT, gap=1, keep=True)
    found += _failed(sheet, of) if of.failed else _SHAPES[of.shape](sheet, of, pictures)
    return found + prose.notes(sheet, of.notes, gap=10 if of.shape is Shape.FIGURES else 6)


def _failed(sheet: Sheet, of: Section) -> list[Piece]:
    said = tr("This part could not be made.")
    return prose.box(sheet, said, of.failed, ink=look.WARN, paper=look.WARN_PAPER, gap=8)


def _text(sheet: Sheet, of: Section, pictures: Pictures) -> list[Piece]:
    return prose.paragraphs(sheet, of.text)


def _figures(sheet: Sheet, of: Section, pictures: Pictures) -> list[Piece]:
    if not of.figures:
        return prose.paragraph(sheet, tr("No numbers were chosen."), colour=look.SOFT)
    return cards.cards(sheet, of.figures)


def _table(sheet: Sheet, of: Section, pictures: Pictures) -> list[Piece]:
    return tables.pieces(sheet, of.table) if of.table else []


def _chart(sheet: Sheet, of: Section, pictures: Pictures) -> list[Piece]:
    if of.chart is None:
        return _table(sheet, of, pictures)
    found = [_picture(sheet, of, pictures)]
    rows = len(of.table.rows) if of.table else 0
    if of.table and 0 < rows <= _SHORT:
        found[0] = replace(found[0], keep=True)
        found += tables.pieces(sheet, of.table)
    elif rows > _LONG:
        said = trn("The {n} row behind this chart is in the report's Excel, CSV and JSON files.",
                   "The {n} rows behind this chart are in the report's Excel, CSV and JSON files.", rows)  # fmt: skip
        found += prose.notes(sheet, (said,))
    return found


def _picture(sheet: Sheet, of: Section, pictures: Pictures) -> Piece:
    from pypdf import PdfReader

    data = pictures(plain(of.chart), "pdf", width=WIDTH)
    box = PdfReader(io.BytesIO(data)).pages[0].mediabox
    scale = min(look.ROOM / float(box.width), _TALLEST / float(box.height), 0.8)
    high = float(box.height) * scale
    name = f"Chart{len(sheet.charts) + 1}"
    sheet.charts[name] = data

    def draw(on: Sheet, y: float) -> None:
        with on.tagged("Figure", of.words or of.title):
            on.chart(name, look.SIDE, y, scale, high)

    return Piece(high, draw, gap=8)


def _findings(sheet: Sheet, of: Section, pictures: Pictures) -> list[Piece]:
    if not of.findings:
        return prose.paragraph(sheet, tr("Nothing out of the ordinary was found."), colour=look.SOFT)
    made = [_finding(sheet, one, n) for n, one in enumerate(of.findings)]
    alone = len(made) - 2
    return [
        replace(piece, keep=n == alone) for n, one in enumerate(made) for piece in one
    ]  # the last is not left alone


def _finding(sheet: Sheet, one: Finding, n: int) -> list[Piece]:
    room = look.ROOM - _MARKED
    lines = [(line, look.BODY, BOLD, "") for line in sheet.lines(one.text, room, look.BODY, BOLD)]
    if one.action:
        said = f"{tr('What to do:')} {one.action}"
        lines += [(line, look.BODY, REGULAR, "") for line in sheet.lines(said, room, look.BODY)]
    if one.certainty:
        lines += [(line, look.SMALL, REGULAR, look.SOFT) for line in sheet.lines(one.certainty, room, look.SMALL)]
    colour = look.LINE if one.good is None else look.GOOD if one.good else look.BAD
    shares = [lines[at : at + _SHARE] for at in range(0, len(lines), _SHARE)]
    return [_marked(share, colour, 0 if at else 8 if n else 6) for at, share in enumerate(shares)]


def _marked(lines: list[tuple[str, float, str, str]], colour: str, gap: float) -> Piece:
    """Lines with a coloured mark at their side."""
    high = sum(size * look.LEADING for _, size, _, _ in lines) + 6

    def draw(on: Sheet, y: float) -> None:
        on.area(look.SIDE, y + 2, 3, high - 4, colour)
        with on.tagged("P"):
            at = y + 3
            for line, size, weight, ink in lines:
                on.put(look.SIDE + _MARKED, at + size * 1.05, line, size, weight, ink)
                at += size * look.LEADING

    return Piece(high, draw, gap=gap)


_SHAPES: dict[Shape, Callable[[Sheet, Section, Pictures], list[Piece]]] = {
    Shape.COVER: _text,
    Shape.FIGURES: _figures,
    Shape.CHART: _chart,
    Shape.TABLE: _table,
    Shape.TEXT: _text,
    Shape.FINDINGS: _findings,
}
