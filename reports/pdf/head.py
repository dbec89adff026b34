"""The head of page one: whose it is, what it is about, and where its numbers come from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from core.language import tr
from core.report import Document, Section
from reports import words
from reports.pdf import look, prose
from reports.pdf.flow import Piece
from reports.pdf.sheet import REGULAR, Sheet
from reports.pdf.text import clean

_LOGO = (170.0, 40.0)
_GAP, _INSET = 14.0, 12.0
_ACROSS, _LONG = 4, 5
"""So many facts stand side by side; one of more lines gets a row of its own."""


def head(sheet: Sheet, of: Document, cover: Section | None) -> list[Piece]:
    """Logo, title, what a cover says, the banner, the facts and the notes."""
    found = [*_logo(of), _mark()]
    found += prose.heading(sheet, of.title, level=1, gap=14)
    found += prose.paragraph(sheet, of.subtitle, size=12, colour=look.SOFT, gap=3)
    if cover is not None:
        if cover.title not in {of.title, of.subtitle}:
            found += prose.paragraph(sheet, cover.title, size=11, weight="B", gap=10)
        found += prose.paragraphs(sheet, "\n\n".join(one for one in (cover.lead, cover.text) if one))
    found += prose.box(sheet, "", of.banner, ink=look.WARN, paper=look.WARN_PAPER, gap=14) if of.banner else []
    found += _facts(sheet, of)
    return found + prose.notes(sheet, (*(cover.notes if cover else ()), *of.notes), gap=10)


def _mark() -> Piece:
    return Piece(4, lambda on, y: on.area(look.SIDE, y, 34, 3.5, on.look.accent), gap=20)


def _logo(of: Document) -> list[Piece]:
    """The logo, if it is a picture that can be shown."""
    from PIL import Image, UnidentifiedImageError

    logo = of.branding.logo
    if not logo:
        return []
    try:
        with Image.open(io.BytesIO(logo), formats=("PNG", "JPEG")) as opened:
            opened.load()
            wide, high = opened.size
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return []
    scale = min(_LOGO[0] / wide, _LOGO[1] / high)

    def draw(on: Sheet, y: float) -> None:
        with on.tagged("Figure", tr("Logo of {workspace}", workspace=of.workspace)):
            on.picture(logo, look.SIDE, y, wide * scale, high * scale)

    return [Piece(high * scale, draw)]


def _facts(sheet: Sheet, of: Document) -> list[Piece]:
    """The facts in columns, on a quiet ground; a long one below, as wide as the page."""
    wide, whole = (look.ROOM - 2 * _INSET - (_ACROSS - 1) * _GAP) / _ACROSS, look.ROOM - 2 * _INSET
    told = [(clean(what), sheet.lines(said, wide, look.BODY), said) for what, said in words.facts(of)]
    short = [(what, lines) for what, lines, _ in told if len(lines) <= _LONG]
    found = [_fact_row(sheet, short[n : n + _ACROSS], wide) for n in range(0, len(short), _ACROSS)]
    for what, lines, said in told:
        if len(lines) > _LONG:
            lines = sheet.lines(said, whole, look.BODY)
            found += [
                _fact_row(sheet, [(what if n == 0 else "", lines[n : n + 20])], whole) for n in range(0, len(lines), 20)
            ]
    edge = 6.0

    def margin(on: Sheet, y: float) -> None:
        on.area(look.SIDE, y, look.ROOM, edge, look.PANEL)

    held = -(-len(short) // _ACROSS) if len(short) < len(told) else len(found)
    rows = [replace(one, keep=n < held) for n, one in enumerate(found)]
    return [Piece(edge, margin, gap=16, keep=True), *rows, Piece(edge, margin)]


def _fact_row(sheet: Sheet, row: Sequence[tuple[str, list[str]]], wide: float) -> Piece:
    told = [(sheet.lines(what, wide, look.TINY) if what else [], said) for what, said in row]
    label, step = look.TINY * 1.4, look.BODY * 1.35
    high = max(len(what) * label + len(said) * step for what, said in told) + 9

    def draw(on: Sheet, y: float) -> None:
        on.area(look.SIDE, y, look.ROOM, high, look.PANEL)
        for n, (what, said) in enumerate(told):
            x, top = look.SIDE + _INSET + n * (wide + _GAP), y + 5
            with on.tagged("P"):
                for at, line in enumerate(what):
                    on.put(x, top + at * label + look.TINY, line, look.TINY, REGULAR, look.SOFT)
                for at, line in enumerate(said):
                    on.put(x, top + len(what) * label + at * step + look.BODY, line, look.BODY)

    return Piece(high, draw)
