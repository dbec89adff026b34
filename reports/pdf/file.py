"""The whole file: the head, the sections and the appendix over pages, and what stands at the edges of each."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

from core.language import tr
from core.report import Document, Pictures
from reports import words
from reports.pdf import appendix, binding, head, look, prose, sections
from reports.pdf.flow import Piece, paged
from reports.pdf.sheet import Sheet
from reports.pdf.text import clean
from reports.plain import plain

_FOOT = 8
"""More lines than these stand once, on page one, and not at the foot of all."""


def write(document: Document, pictures: Pictures, out: BinaryIO) -> None:
    """Write a document as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        sheet = Sheet(document, _signs(document), Path(folder))
        foot = sheet.lines(document.branding.footer, look.ROOM - 110, look.TINY) if document.branding.footer else []
        pieces = [
            *head.head(sheet, document, sections.cover(document)),
            *(prose.notes(sheet, (document.branding.footer,)) if len(foot) > _FOOT else ()),
            *(sections.drawn(sheet, document, pictures) or _nothing(sheet, document)),
            *appendix.appendix(sheet, document),
        ]
        foot = foot if len(foot) <= _FOOT else []
        step = look.TINY * 1.35
        bottom = look.HIGH - look.FOOT - max(0, len(foot) - 1) * step
        pages = paged(pieces, look.TOP, bottom)
        for number, page in enumerate(pages, 1):
            sheet.pdf.add_page()
            with sheet.artifact():
                _edges(sheet, document, foot, number, len(pages))
            for y, piece in page:
                piece.draw(sheet, y)
        binding.bind(sheet, document, out)


def _nothing(sheet: Sheet, document: Document) -> list[Piece]:
    return prose.paragraph(sheet, tr("This report has no blocks."), colour=look.SOFT, gap=24)


def _edges(sheet: Sheet, document: Document, foot: list[str], number: int, of: int) -> None:
    """The report's name above all pages but the first; the sender's words and the page's number below."""
    size, right = look.TINY, look.WIDE - look.SIDE
    if number > 1:
        period = clean(words.period(document.period))
        sheet.put(right, 36, period, size, colour=look.SOFT, right=True)
        title = sheet.lines(document.title, look.ROOM - sheet.width(period, size) - 24, size)
        more = "…" if len(title) > 1 else ""
        sheet.put(look.SIDE, 36, f"{title[0] if title else ''}{more}", size, colour=look.SOFT)
    said = tr("Page {n} of {all}", n=number, all=of)
    y = look.HIGH - 30
    sheet.put(right, y, said, size, colour=look.SOFT, right=True)
    for n, line in enumerate(reversed(foot)):
        sheet.put(look.SIDE, y - n * size * 1.35, line, size, colour=look.SOFT)


def _signs(document: Document) -> str:
    """Every sign that anybody wrote in it."""
    found: set[str] = set()
    waiting = [plain(document)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.update(clean(one))
        elif isinstance(one, dict):
            waiting.extend(value for name, value in one.items() if name not in {"chart", "logo"})
        elif isinstance(one, list):
            waiting.extend(one)
    return "".join(sorted(found | set(unicodedata.normalize("NFKC", "".join(sorted(found))))))
