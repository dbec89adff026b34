"""A workbook of many sheets in one look: what is written where, and how it is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from io import BytesIO
from typing import Any, BinaryIO
from unicodedata import east_asian_width

from core.language import tr
from core.report import Cell, Column, Document, Holds, Row
from reports import colour, safe
from reports.sheets import names, streamed, widths
from reports.sheets.codes import QUOTED, Codes

PAPER, INK, MUTED, LINE, WARM, WARNING = "#FFFFFF", "#1B1F27", "#5B6472", "#E4E7EC", "#FFF6E5", "#7A4B00"
LINK_BLUE = "#1D4ED8"
_A4 = 9
_STEP, _HIGHEST = 15, 409
"""How high a line of words is, and how high a row can be, in points."""
_TEXT = Column("")
Look = dict[str, Any]


class Book:
    """A workbook that is being written: its sheets, its formats, its reader's number formats."""

    def __init__(self, out: BinaryIO, document: Document) -> None:
        import xlsxwriter  # here: only who makes a workbook waits for it

        self.made = xlsxwriter.Workbook(out, {"in_memory": True})
        self.document = document
        self.codes = Codes.here()
        self.ink = colour.readable(document.branding.ink, PAPER, INK)
        self.accent = colour.readable(document.branding.accent, PAPER, self.ink)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()
        made = document.made_at
        self.made.set_properties(
            {
                "created": (made.astimezone(UTC) if made.tzinfo else made).replace(tzinfo=None, microsecond=0),
                "title": safe.writable(document.title),
                "company": safe.writable(document.workspace),
                "comments": f"Plumbline {document.program}",
            }
        )

    def look(self, looks: Look) -> Any:
        """The library's format for a look, made once."""
        key = tuple(sorted(looks.items()))
        if key not in self._formats:
            self._formats[key] = self.made.add_format({"font_color": self.ink, "valign": "top", **looks})
        return self._formats[key]

    def sheet(self, title: str) -> Sheet:
        """A new sheet, named by its title, with its print set up: upright paper on its side, as wide as a page."""
        made = self.made.add_worksheet(names.sheet(title, self._names))
        made.hide_gridlines(2)
        made.set_landscape()
        made.set_paper(_A4)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        made.fit_to_pages(1, 0)
        made.set_footer(f"&L&8{_plain(self.document.branding.footer or self.document.title)}&R&8&P / &N")
        return Sheet(self, made)


@dataclass(slots=True)
class Sheet:
    """A sheet that is being written, from the top down; `row` is the next free one."""

    book: Book
    made: Any
    row: int = 0
    links: int = 0
    columns: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.made.get_name())

    def widths(self, signs: Sequence[int]) -> None:
        """How wide its columns are."""
        self.columns = list(signs)
        for at, one in enumerate(signs):
            self.made.set_column(at, at, one)

    def put(self, row: int, at: int, value: Cell, column: Column = _TEXT, **looks: Any) -> None:
        """One cell, typed: text is text whatever it begins with, what is not known is empty."""
        kept, code = self.book.codes.typed(value, column)
        side: Look = {"align": "right"} if column.holds.is_number else {"align": "left", "indent": int(at > 0)}
        if isinstance(kept, str) and column.holds is Holds.LINK and self._takes(kept):
            self.links += 1
            found = self.book.look({**side, **looks, "font_color": LINK_BLUE, "underline": 1})
            self.made.write_url(row, at, kept, found, kept)
            return
        shown = {QUOTED: {"quote_prefix": True}, "": {}}.get(code, {"num_format": code})
        found = self.book.look({**side, **shown, **looks})
        if kept is None:
            self.made.write_blank(row, at, None, found)
        elif isinstance(kept, str):
            self.made.write_string(row, at, kept, found)
        elif isinstance(kept, bool):
            self.made.write_boolean(row, at, kept, found)
        else:
            self.made.write_number(row, at, kept, found)

    def _takes(self, link: str) -> bool:
        return self.links < streamed.LINKS and streamed.followed(link)

    def line(self, text: str, **looks: Any) -> None:
        """A line across the sheet, as high as its words need; nothing for no words."""
        if not text:
            return
        across = max(sum(self.columns), 20)
        size = looks.get("font_size", 11)
        lines = _lines(text, round(across * 11 / size))
        self.made.set_row(self.row, min(round(lines * size * 1.42 + 3), _HIGHEST))
        if len(self.columns) > 1:
            self.made.merge_range(
                self.row, 0, self.row, len(self.columns) - 1, "", self.book.look({"text_wrap": True, **looks})
            )
        self.put(self.row, 0, text, text_wrap=True, **looks)
        self.row += 1

    def head(self, title: str, lead: str, notes: Sequence[str], *, home: str, said: str = "") -> None:
        """The title, what is said below it, and the way back to the contents."""
        self.line(title, bold=True, font_size=18)
        self.line(lead, font_color=MUTED)
        self.line(said, font_color=MUTED)
        for note in notes:
            self.line(note, font_color=WARNING)
        back = self.book.look({"font_color": self.book.accent, "underline": 1, "font_size": 10})
        self.made.write_url(self.row, 0, f"internal:'{home}'!A1", back, tr("Back to the contents"))
        self.row += 2

    def headings(self, columns: Sequence[Column]) -> None:
        """The headings of a table, which stay while one scrolls and come again on each printed page."""
        for at, column in enumerate(columns):
            looks: Look = {"bold": True, "bottom": 2, "bottom_color": self.book.accent, "text_wrap": True}
            if column.holds.is_number:
                looks["align"] = "right"
            self.put(self.row, at, column.title, **looks, valign="bottom")
        tall = max((_lines(one.title, wide) for one, wide in zip(columns, self.columns, strict=False)), default=1)
        self.made.set_row(self.row, _STEP * tall + 7)
        self.made.repeat_rows(self.row)
        self.made.freeze_panes(self.row + 1, 0)
        self.row += 1

    def rows(self, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """The rows of a table, with a thin line below each."""
        if len(rows) > streamed.ROWS - self.row:
            raise streamed.too_many(streamed.ROWS)
        for row in rows:
            lines = 1
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                wraps = isinstance(value, str) and column.holds is not Holds.LINK
                self.put(self.row, at, value, column, bottom=1, bottom_color=LINE, text_wrap=wraps, valign="vcenter")
                if isinstance(value, str) and wraps:
                    lines = max(lines, _lines(value, self.columns[at]))
            self.made.set_row(self.row, min(_STEP * lines + 4, _HIGHEST))
            self.row += 1

    def table(self, columns: Sequence[Column], rows: Sequence[Row]) -> int:
        """A table with headings and a filter; answers the row of its headings."""
        top = self.row
        self.headings(columns)
        self.rows(columns, rows)
        if columns:
            self.made.autofilter(top, 0, max(self.row - 1, top + 1), len(columns) - 1)
        return top


def fitting(columns: Sequence[Column], rows: Sequence[Row], least: int = 0) -> list[int]:
    """The widths of a table's columns; `least` is how wide they are together, for the words above them."""
    found = widths.of(columns, rows) or [least]
    found[0] += max(0, min(least - sum(found), widths.WIDEST - found[0]))
    return found


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without its marks."""
    return [one.strip() for one in text.replace("\r\n", "\n").replace("**", "").split("\n\n") if one.strip()]


def picture(sheet: Sheet, drawn: bytes, said: str, row: int, at: int, *, wide: float = 0, high: float = 0) -> None:
    """A picture, so many pixels wide or high on a screen, whatever it has of its own."""
    from xlsxwriter.image import Image

    known = Image(BytesIO(drawn))
    scale = wide * known.x_dpi / known.width / 96 if wide else high * known.y_dpi / known.height / 96
    looks = {"x_scale": scale, "y_scale": scale, "description": safe.writable(said), "x_offset": 8, "y_offset": 4}
    sheet.made.insert_image(row, at, known, looks)


def _lines(text: str, signs: int) -> int:
    """About how many lines a text takes; signs of East Asia are as wide as two."""
    wide = (sum(2 if east_asian_width(sign) in "WF" else 1 for sign in part) for part in text.splitlines() or [""])
    return sum(1 if one <= signs else math.ceil(one * 1.02 / signs) for one in wide)


def _plain(text: str) -> str:
    """A text in a footer of Excel, in which & begins a command; no longer than one may be."""
    return safe.writable(" ".join(text.split())).replace("&", "&&")[:200]
