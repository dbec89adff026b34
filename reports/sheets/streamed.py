"""A table of any length as a workbook of one sheet, row by row in little memory.

The library makes the book around the rows, twice: before them, for how the sheet begins, and after them, for all that
depends on how many they were. The rows are written straight into the file between the two, several times as fast as
cell by cell through the library, which would also store all of them on disk first.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import chain, islice
from typing import IO, BinaryIO

from core.errors import TooLarge
from core.language import figure, tr
from core.report import Cell, Column, Holds, Row
from reports import safe
from reports.sheets import names, widths
from reports.sheets.codes import LINK, QUOTED, Codes

ROWS = 1_048_575
"""How many rows fit below the headings of a sheet."""
MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a table alone says it was made: it has no clock, so that the same rows are the same file."""
_SHEET = "xl/worksheets/sheet1.xml"
_MEASURED, _AT_ONCE = 200, 500
LINKS, _LONGEST_LINK = 65_000, 2_000
"""How many links a sheet takes, and how long they may be."""
_BYTES = 2_000_000_000
_SURE, _KNOWN = 10**14, 2_000
_ESCAPED = re.compile(r"[&<>]|_x[0-9a-fA-F]{4}_")
_Links = list[tuple[int, int, str]]
_Make = Callable[[Cell], str]


def write(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO, *, title: str = "") -> int:
    """Write the table; answers how many rows it has. Raises TooLarge beyond what a sheet holds: nothing is cut."""
    codes, coming = Codes.here(), iter(rows)
    first = list(islice(coming, _MEASURED))
    book = _Book(columns, widths.of(columns, first), codes, names.sheet(title))
    begin, links = book.parts(len(first), []), _Links()
    before, styles = book.opening(begin)
    makes = [_make(column, codes, styles) for column in columns]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as file:
        head = list(begin)[: list(begin).index(_SHEET)]
        for name in head:
            _put(file, name, begin[name])
        with file.open(_SHEET, "w") as sheet:
            sheet.write(before)
            written = _write_rows(sheet, columns, makes, chain(first, coming), links)
            end = book.parts(written, links)
            sheet.write(b"</sheetData>" + end[_SHEET].partition(b"</sheetData>")[2])
        for name in end:
            if name not in (*head, _SHEET):
                _put(file, name, end[name])
    return written


def too_many(rows: int) -> TooLarge:
    """The refusal of a table that no sheet holds, with what to do instead."""
    return TooLarge(
        tr("This table has more than the {n} rows that a sheet of Excel holds.", n=figure(f"{rows:,}")),
        hint=tr("Take the CSV file, which has no limit, or ask for a shorter period."),
    )


def _write_rows(
    sheet: IO[bytes], columns: Sequence[Column], makes: Sequence[_Make], rows: Iterable[Row], links: _Links
) -> int:
    letters = [_letter(at) for at in range(len(columns))]
    linked = [at for at, column in enumerate(columns) if column.holds is Holds.LINK]
    number, size, waiting = 1, 0, list[str]()
    for number, row in enumerate(rows, 2):
        if number > ROWS + 1 or size > _BYTES:
            raise too_many(ROWS)
        made = zip(letters, [make(value) for make, value in zip(makes, row, strict=True)], strict=True)
        waiting.append(
            f'<row r="{number}">{"".join([f"""<c r="{at}{number}"{one}""" for at, one in made if one])}</row>'
        )
        for at in linked:
            if len(links) < LINKS and isinstance(link := row[at], str) and followed(link):
                links.append((number - 1, at, link))
        if len(waiting) == _AT_ONCE:
            size += sheet.write("".join(waiting).encode())
            waiting.clear()
    sheet.write("".join(waiting).encode())
    return number - 1


def _make(column: Column, codes: Codes, styles: dict[str, str]) -> _Make:
    """What writes a cell of a column: all of it that follows its address; nothing for an empty one. Numbers take a
    short way, and texts and days that come again are not written anew."""
    is_link, known = column.holds is Holds.LINK, dict[Cell, str]()
    whole, part = (styles[codes.number(column, value)] for value in (1, 0.5))

    def any_cell(value: Cell) -> str:
        kept, code = codes.typed(value, column)
        if kept is None:
            return ""
        if isinstance(kept, bool):
            return f'{styles[code]} t="b"><v>{kept:d}</v></c>'
        if isinstance(kept, str):
            style = styles[LINK] if is_link and followed(kept) else styles[code]
            return f'{style} t="inlineStr"><is><t xml:space="preserve">{_escaped(kept)}</t></is></c>'
        return f"{styles[code]}><v>{kept!r}</v></c>"

    def make(value: Cell) -> str:
        kind = type(value)
        if kind is int and -_SURE < value < _SURE:  # type: ignore[operator]
            return f"{whole}><v>{value}</v></c>"
        if kind is float and whole == part and -_SURE < value < _SURE:  # type: ignore[operator]
            return f"{whole}><v>{value!r}</v></c>"
        if kind is not str and kind is not date:
            return any_cell(value)
        if (found := known.get(value)) is None:
            found = any_cell(value)
            if len(known) < _KNOWN:
                known[value] = found
        return found

    return make


def followed(link: str) -> bool:
    """Whether a link leads somewhere from a sheet."""
    return len(link) <= _LONGEST_LINK and safe.is_web(link)


def _escaped(text: str) -> str:
    if not _ESCAPED.search(text):
        return text
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"_(?=x[0-9a-fA-F]{4}_)", "_x005F_", text)


def _letter(at: int) -> str:
    """The name of a column.

    >>> _letter(0), _letter(25), _letter(26), _letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    return (_letter(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)


def _put(file: zipfile.ZipFile, name: str, content: bytes) -> None:
    with file.open(name, "w") as part:  # by its name: `writestr` would ask the clock
        part.write(content)


@dataclass(frozen=True, slots=True)
class _Book:
    """The workbook around the rows, as the library makes it."""

    columns: Sequence[Column]
    widths: Sequence[int]
    codes: Codes
    name: str

    def parts(self, rows: int, links: _Links) -> dict[str, bytes]:
        """The files of the book for so many rows. Beside the headings stands one cell of each format, so that their
        numbers are the same whatever links there are."""
        import xlsxwriter  # here: only who downloads a workbook waits for it

        made = BytesIO()
        with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
            book.set_properties({"created": MADE.replace(tzinfo=None)})
            sheet = book.add_worksheet(self.name)
            for at, column in enumerate(self.columns):
                title, code = self.codes.text(column.title)
                side = {"bold": True, "bottom": 1, "align": "right" if column.holds.is_number else "left"}
                sheet.set_column(at, at, self.widths[at])
                sheet.write_string(0, at, title, book.add_format(_look(code) | side))
            for at, code in enumerate(self._every(), len(self.columns)):
                sheet.write_blank(0, at, None, book.add_format(_look(code)))
            followed = book.add_format(_look(LINK))
            for row, at, link in links:
                sheet.write_url(row, at, link, followed, ".")
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            if self.columns:
                sheet.autofilter(0, 0, max(rows, 1), len(self.columns) - 1)
        with zipfile.ZipFile(made) as file:
            return {name: file.read(name) for name in file.namelist()}

    def opening(self, parts: dict[str, bytes]) -> tuple[bytes, dict[str, str]]:
        """How the sheet begins, headings included, and the number of each format."""
        text = re.sub(r"<dimension [^>]*/>", "", parts[_SHEET].decode())
        styles, aside = {}, len(self.columns)
        for at, code in enumerate(self._every(), aside):
            found = re.search(rf'<c r="{_letter(at)}1"( s="\d+")?/>', text)
            styles[code] = (found and found[1]) or ""
        headings, _, _ = text.partition(f'<c r="{_letter(aside)}1"')
        return f"{headings}</row>".encode(), styles

    def _every(self) -> list[str]:
        return sorted({LINK}.union(*map(self.codes.every, self.columns)))


def _look(code: str) -> dict[str, object]:
    if code == QUOTED:
        return {"quote_prefix": True}
    return {"font_color": "#1D4ED8", "underline": 1} if code == LINK else {"num_format": code or "General"}
