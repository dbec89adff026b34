"""The lines of an XLSX or XLS workbook as text: every sheet can be chosen, and a formula stays visible in XLSX."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from itertools import islice
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import BadFile
from core.language import figure, tr
from services.imports import xls

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 200_000
HEADING_SEARCH_ROWS = 30
_CHUNK = 1 << 20
_MOST_EXACT = 10**15

Line = tuple[int, list[str]]
"""The row number as a spreadsheet counts, from 1, and the cells. Blank lines are left out."""
_Rows = Callable[[], Iterable[Sequence[object]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines of one sheet, the names of all sheets that hold something, and the kind of file: XLSX or XLS."""

    lines: list[Line]
    sheet: str
    sheets: tuple[str, ...]
    kind: str


def is_one(content: bytes) -> bool:
    """Whether these bytes begin as a workbook does; a ZIP of tables begins so, too."""
    return content.startswith((b"PK\x03\x04", xls.MARK))


def read(name: str, content: bytes, is_heading: Callable[[str], bool], wanted: str | None) -> Sheet:
    """The wanted sheet, else the one with the most known headings. Raises BadFile for what cannot be opened."""
    if content.startswith(xls.MARK):
        return _sheet(name, "XLS", xls.sheets(name, content), is_heading, wanted)
    try:
        return _sheet(name, "XLSX", _xlsx(name, content), is_heading, wanted)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError) as error:
        raise BadFile(
            tr("{name} cannot be opened as an XLSX file.", name=name),
            hint=tr("Save it again as XLSX or CSV, without a password."),
        ) from error


def _sheet(
    name: str, kind: str, rows: Mapping[str, _Rows], is_heading: Callable[[str], bool], wanted: str | None
) -> Sheet:
    heads = {title: _head(read()) for title, read in rows.items()}
    sheets = tuple(title for title, head in heads.items() if head)
    if not sheets:
        raise BadFile(
            tr("{name} is empty.", name=name), hint=tr("Export it again and choose at least one day or post.")
        )
    best = max(sheets, key=lambda title: _fit(heads[title], is_heading))
    chosen = wanted if wanted and wanted in sheets else best
    return Sheet(_lines(name, rows[chosen]()), chosen, sheets, kind)


def too_long(name: str) -> BadFile:
    """The refusal of a table with more rows than are taken at once."""
    return BadFile(
        tr("{name} has more than {rows} rows.", name=name, rows=figure(f"{MAX_ROWS:,}")),
        hint=tr("Split it; nothing was imported."),
    )


def heading_row(first: Sequence[Sequence[str]], is_heading: Callable[[str], bool]) -> int:
    """The row with the most known headings; the widest of the first rows when none is known."""
    known = [sum(is_heading(cell) for cell in line) for line in first]
    if any(known):
        return known.index(max(known))
    widths = [sum(bool(cell.strip()) for cell in line) for line in first]
    return widths.index(max(widths)) if widths else 0


def _fit(head: Sequence[Sequence[str]], is_heading: Callable[[str], bool]) -> int:
    return max((sum(is_heading(cell) for cell in line) for line in head), default=0)


def _has_formulas(name: str, content: bytes) -> bool:
    """Whether any sheet holds a formula. Raises BadFile for a file that unpacks to far more than it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
            raise BadFile(
                tr("{name} unpacks to more than 200 MB.", name=name), hint=tr("Split it; nothing was imported.")
            )
        parts = [part for part in packed.namelist() if part.startswith("xl/worksheets/")]
        return any(_holds_formula(packed, part) for part in parts)


def _holds_formula(packed: zipfile.ZipFile, part: str) -> bool:
    end = b""
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if b"<f>" in end + chunk or b"<f " in end + chunk:
                return True
            end = chunk[-2:]
    return False


def _xlsx(name: str, content: bytes) -> dict[str, _Rows]:
    """By title, what gives the rows of a sheet, with formulas that were never computed."""
    has_formulas = _has_formulas(name, content)
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    if not has_formulas:
        return {sheet.title: partial(_rows, sheet) for sheet in book.worksheets}
    formulas = load_workbook(io.BytesIO(content), read_only=True)
    return {sheet.title: partial(_with_formulas, sheet, formulas[sheet.title]) for sheet in book.worksheets}


def _rows(sheet: Any) -> Iterator[Sequence[object]]:
    sheet.reset_dimensions()  # some exports say that their sheet is one cell wide
    return iter(sheet.iter_rows(values_only=True))


def _with_formulas(values: Any, formulas: Any) -> Iterator[list[object]]:
    """Cells as they were last computed; a formula that never was stays visible as a formula."""
    for row, written in zip(_rows(values), _rows(formulas), strict=True):
        yield [
            cell if cell is not None or at >= len(written) else getattr(written[at], "text", written[at])
            for at, cell in enumerate(row)
        ]


def _head(rows: Iterable[Sequence[object]]) -> list[list[str]]:
    lines = ([_text(cell) for cell in row] for row in islice(rows, HEADING_SEARCH_ROWS))
    return [line for line in lines if any(cell.strip() for cell in line)]


def _lines(name: str, rows: Iterable[Sequence[object]]) -> list[Line]:
    lines: list[Line] = []
    for number, row in enumerate(rows, 1):
        cells = [_text(cell) for cell in row]
        if any(cell.strip() for cell in cells):
            lines.append((number, cells))
        if len(lines) > MAX_ROWS + HEADING_SEARCH_ROWS:
            raise too_long(name)
    return lines


def _text(cell: object) -> str:
    """A cell as text. A number keeps a decimal point that cannot be taken for a sign between thousands."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _MOST_EXACT:
        return str(int(cell))
    if isinstance(cell, float):
        text = repr(cell)
        return f"{text}0" if "e" not in text and len(text.partition(".")[2]) == 3 else text
    return str(cell)
