"""A CSV or XLSX file as a table of text: nothing is interpreted yet, and nothing is lost on the way."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import BadFile

MAX_BYTES = 25 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 200_000
_HEADING_SEARCH_ROWS = 30
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows as text. `numbers` holds the row number of each row as a spreadsheet counts, from 1."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    how: str
    ragged: tuple[int, ...] = ()


def read(name: str, content: bytes, *, is_heading: Callable[[str], bool]) -> Table:
    """The table in a file. `is_heading` tells known headings, to find the heading row below title lines.

    Raises BadFile, in one line that says what to do, for anything that is no table.
    """
    if not content.strip():
        raise BadFile(f"{name} is empty.", hint="Export it again and choose at least one day or post.")
    if len(content) > MAX_BYTES:
        raise BadFile(f"{name} is larger than 25 MB.", hint="Export a shorter period, and import the parts one by one.")
    lines, how = _xlsx(name, content) if content[:4] == b"PK\x03\x04" else _csv(name, content)
    return _table(name, lines, how, is_heading)


def _table(name: str, lines: Sequence[Sequence[str]], how: str, is_heading: Callable[[str], bool]) -> Table:
    at = _heading_row(lines, is_heading)
    headings = tuple(heading.strip() for heading in _without_empty_end(lines[at])) if lines else ()
    if len(headings) < 2:
        raise BadFile(
            f"{name} holds no table with at least two columns.", hint="Bring a CSV or XLSX with a heading row."
        )
    kept = [(number, line) for number, line in enumerate(lines[at + 1 :], at + 2) if any(cell.strip() for cell in line)]
    if not kept:
        raise BadFile(f"{name} has headings but no rows.", hint="Export it again with a period that has data.")
    if len(kept) > MAX_ROWS:
        raise BadFile(f"{name} has more than {MAX_ROWS:,} rows.", hint="Split it; nothing was imported.")
    width = len(headings)
    return Table(
        headings=headings,
        rows=tuple(tuple((*line, *[""] * width)[:width]) for _, line in kept),
        numbers=tuple(number for number, _ in kept),
        how=how,
        ragged=tuple(number for number, line in kept if len(_without_empty_end(line)) > width),
    )


def _heading_row(lines: Sequence[Sequence[str]], is_heading: Callable[[str], bool]) -> int:
    """The row with the most known headings; the widest of the first rows when none is known."""
    first = list(islice(lines, _HEADING_SEARCH_ROWS))
    known = [sum(is_heading(cell) for cell in line) for line in first]
    if any(known):
        return known.index(max(known))
    widths = [len(_without_empty_end(line)) for line in first]
    return widths.index(max(widths)) if widths else 0


def _without_empty_end(line: Sequence[str]) -> list[str]:
    kept = list(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _csv(name: str, content: bytes) -> tuple[list[list[str]], str]:
    text, encoding = _decode(name, content)
    delimiter = _delimiter(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadFile(
            f"{name} is broken as CSV: {error}.", hint="A quoted text may not be closed; export the file again."
        ) from error
    shown = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}[delimiter]
    return lines, f"CSV, {encoding}, separated by {shown}"


def _decode(name: str, content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates: Iterable[str] = ("utf-16",)
    else:
        candidates = ("utf-8-sig", "cp1252")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding.removesuffix("-sig")
    raise BadFile(f"{name} is not a text file.", hint="Bring a CSV (UTF-8) or XLSX file.")


def _delimiter(text: str) -> str:
    """The delimiter that splits the most of the first lines into the same number of columns.

    >>> _delimiter("Date;Revenue;Note\\n2026-01-01;1,5;a\\n2026-01-02;2,5;b")
    ';'
    """
    first = [line for line in text.splitlines()[:_HEADING_SEARCH_ROWS] if line.strip()]
    return max(_DELIMITERS, key=lambda delimiter: _evenness([line.count(delimiter) for line in first]))


def _evenness(counts: list[int]) -> tuple[int, int]:
    """How many lines share the commonest count above zero, and that count."""
    common = Counter(count for count in counts if count).most_common(1)
    return (common[0][1], common[0][0]) if common else (0, 0)


def _xlsx(name: str, content: bytes) -> tuple[list[list[str]], str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise BadFile(f"{name} unpacks to more than 200 MB.", hint="Split it; nothing was imported.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = max(book.worksheets, key=lambda sheet: (sheet.max_row or 0) * (sheet.max_column or 0))
        lines = [[_text(cell) for cell in row] for row in islice(sheet.values, MAX_ROWS + _HEADING_SEARCH_ROWS)]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise BadFile(
            f"{name} cannot be opened as an XLSX file.", hint="Save it again as XLSX or CSV, without a password."
        ) from error
    return lines, f"XLSX, sheet '{sheet.title}'"


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
