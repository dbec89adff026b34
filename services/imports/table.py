"""A CSV, XLSX or XLS file as a table of text: nothing is interpreted yet, and nothing is lost on the way."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from core.errors import BadFile
from core.language import mark, tr
from services.imports import archive, workbook
from services.imports.workbook import HEADING_SEARCH_ROWS, MAX_ROWS, MAX_UNPACKED_BYTES, Line

__all__ = ["ENCODINGS", "MAX_BYTES", "MAX_MB", "MAX_ROWS", "MAX_UNPACKED_BYTES", "Table", "read"]

MAX_MB = 25
MAX_BYTES = MAX_MB * 1024 * 1024
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": mark("Western European (Windows-1252)"),
    "cp1250": mark("Central European (Windows-1250)"),
    "cp1251": mark("Cyrillic (Windows-1251)"),
    "cp1253": mark("Greek (Windows-1253)"),
    "cp1254": mark("Turkish (Windows-1254)"),
    "cp932": mark("Japanese (Shift JIS)"),
    "gb18030": mark("Chinese (GB 18030)"),
    "cp949": mark("Korean (EUC-KR)"),
    "utf-16": "UTF-16",
    "latin-1": "Latin-1",
}
"""How the letters of a text file may be written, to choose from."""
_DELIMITERS = {",": mark("commas"), ";": mark("semicolons"), "\t": mark("tabs"), "|": mark("bars")}
_SAMPLE_CHARACTERS = 200_000
_TITLE_CELLS = 20
_SEPARATOR_LINE = re.compile(r'\A"?sep=([,;|\t])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows as text. `numbers` holds the row number of each row as a spreadsheet counts, from 1.

    `ragged` and `short` are the numbers of rows with more or fewer cells than headings. `sheets` names the sheets of a
    workbook that hold something, `sheet` the one that was read. `encoding` is how the letters of a text file were read,
    and `encoding_is_sure` whether it can be no other. `digest` stands for the content of the file. `titles` are the
    cells above the headings, `stem` is the name of the file, or of the sheet where there are several.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    how: str
    ragged: tuple[int, ...] = ()
    short: tuple[int, ...] = ()
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    encoding: str = ""
    encoding_is_sure: bool = True
    digest: str = ""
    titles: tuple[str, ...] = ()
    stem: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """The lines of a file and how they were found."""

    lines: list[Line]
    how: str
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    encoding: str = ""
    encoding_is_sure: bool = True


def read(
    name: str,
    content: bytes,
    *,
    is_heading: Callable[[str], bool],
    sheet: str | None = None,
    encoding: str | None = None,
    is_export: Callable[[Sequence[str], str], bool] = lambda _headings, _stem: False,
) -> Table:
    """The table in a file. `is_heading` tells known headings, to find the heading row below title lines.

    `sheet` and `encoding` are a person's choice; None takes the sheet with the most known headings, and the encoding
    that fits. Of a ZIP, the file is taken whose headings and name are those of an export. Raises BadFile, in one line
    that says what to do, for anything that is no table.
    """
    if not content.strip():
        raise BadFile(
            tr("{name} is empty.", name=name), hint=tr("Export it again and choose at least one day or post.")
        )
    if len(content) > MAX_BYTES:
        raise BadFile(
            tr("{name} is larger than {max_mb} MB.", name=name, max_mb=MAX_MB),
            hint=tr("Export a shorter period, and import the parts one by one."),
        )
    if content[:4] == b"PK\x03\x04" and archive.holds_tables(content):
        fit = partial(_member_fit, is_heading=is_heading, is_export=is_export)
        member = archive.read(name, content, sheet, fit)
        inside = _csv(member.name, member.content, is_heading, encoding)
        how = tr("ZIP, file “{file}”, {how}", file=member.name, how=inside.how)
        source = replace(inside, how=how, sheets=member.names, sheet=member.name)
    elif workbook.is_one(content):
        found = workbook.read(name, content, is_heading, sheet)
        how = tr("{kind}, sheet “{sheet}”", kind=found.kind, sheet=found.sheet)
        source = _Source(found.lines, how, found.sheets, found.sheet)
    else:
        source = _csv(name, content, is_heading, encoding)
    return _table(name, content, source, is_heading)


def _table(name: str, content: bytes, source: _Source, is_heading: Callable[[str], bool]) -> Table:
    lines = source.lines
    at = workbook.heading_row([cells for _, cells in lines[:HEADING_SEARCH_ROWS]], is_heading)
    headings = tuple(_without_empty_end(lines[at][1])) if lines else ()
    if len(headings) < 2:
        raise BadFile(
            tr("{name} holds no table with at least two columns.", name=name),
            hint=tr("Bring a CSV, XLSX or XLS with a heading row."),
        )
    kept = lines[at + 1 :]
    if not kept:
        raise BadFile(
            tr("{name} has headings but no rows.", name=name), hint=tr("Export it again with a period that has data.")
        )
    if len(kept) > MAX_ROWS:
        raise workbook.too_long(name)
    width = len(headings)
    return Table(
        headings=tuple(heading.strip() or tr("Column {n}", n=at) for at, heading in enumerate(headings, 1)),
        rows=tuple(tuple((*line, *[""] * width)[:width]) for _, line in kept),
        numbers=tuple(number for number, _ in kept),
        how=source.how,
        ragged=tuple(number for number, line in kept if len(_without_empty_end(line)) > width),
        short=tuple(number for number, line in kept if len(line) < width) if source.encoding else (),
        sheets=source.sheets,
        sheet=source.sheet,
        encoding=source.encoding,
        encoding_is_sure=source.encoding_is_sure,
        digest=_digest(content, source),
        titles=tuple(cell.strip() for _, line in lines[:at] for cell in line if cell.strip())[:_TITLE_CELLS],
        stem=_stem(source.sheet if source.sheet.endswith(".csv") or len(source.sheets) > 1 else name),
    )


def _digest(content: bytes, source: _Source) -> str:
    """What stands for the content; of several sheets each is an import of its own."""
    sheet = source.sheet if len(source.sheets) > 1 else ""
    return hashlib.sha256(content + sheet.encode()).hexdigest()


def _stem(name: str) -> str:
    """The name of a file without folders and ending.

    >>> _stem("Content 2026/Table data.csv"), _stem("Metrics")
    ('Table data', 'Metrics')
    """
    return re.sub(r"\.\w{2,4}$", "", name.rpartition("/")[2])


def _member_fit(
    head: bytes, name: str, *, is_heading: Callable[[str], bool], is_export: Callable[[Sequence[str], str], bool]
) -> tuple[int, int]:
    """Whether the first bytes of a file are an export's, and how many of its headings are known."""
    lines = _first_lines(head, name, is_heading)
    if not lines:
        return (0, 0)
    found = lines[workbook.heading_row(lines, is_heading)]
    return (int(is_export(found, _stem(name))), sum(is_heading(cell) for cell in found))


def _first_lines(head: bytes, name: str, is_heading: Callable[[str], bool]) -> list[list[str]]:
    """The first lines; fewer where the last one stops inside a quoted text."""
    for wanted in (HEADING_SEARCH_ROWS, 5, 1):
        with suppress(BadFile):
            found = _csv(name, b"\n".join(head.split(b"\n")[:wanted]), is_heading, None)
            return [cells for _, cells in found.lines]
    return []


def _without_empty_end(line: Sequence[str]) -> list[str]:
    kept = list(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _csv(name: str, content: bytes, is_heading: Callable[[str], bool], chosen: str | None) -> _Source:
    text, encoding, is_sure = _decode(name, content, chosen)
    named = _SEPARATOR_LINE.match(text)
    delimiter = named.group(1) if named else _delimiter(text, is_heading)
    stream = io.StringIO(text[named.end() :] if named else text, newline="")
    try:
        records = csv.reader(stream, delimiter=delimiter, strict=True)
        lines = [(number, line) for number, line in enumerate(records, 1) if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise BadFile(
            tr("{name} is broken as CSV: {error}.", name=name, error=error),
            hint=tr("A quoted text may not be closed; export the file again."),
        ) from error
    separators = tr(_DELIMITERS[delimiter])
    how = tr("CSV, {encoding}, separated by {separators}", encoding=tr(ENCODINGS[encoding]), separators=separators)
    return _Source(lines, how, encoding=encoding, encoding_is_sure=is_sure)


def _decode(name: str, content: bytes, chosen: str | None) -> tuple[str, str, bool]:
    """The text, the encoding, and whether it can be no other."""
    for encoding, is_sure in [(chosen, False)] if chosen else _candidates(content):
        try:
            text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.removeprefix("\ufeff"), "utf-16" if encoding.startswith("utf-16") else encoding, is_sure
    if chosen:
        raise BadFile(
            tr("{name} is not written in {encoding}.", name=name, encoding=tr(ENCODINGS[chosen])),
            hint=tr("Choose another encoding."),
        )
    raise BadFile(tr("{name} is not a text file.", name=name), hint=tr("Bring a CSV (UTF-8), XLSX or XLS file."))


def _candidates(content: bytes) -> Iterable[tuple[str, bool]]:
    """Encodings to try. Half of the bytes of UTF-16 are zero in most languages, and hardly any of others."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return [("utf-16", True)]
    if b"\x00" in content[:4000]:
        odd, even = content[1:4000:2].count(0), content[0:4000:2].count(0)
        mostly = len(content[:4000]) // 4
        return [("utf-16-le", True)] * (odd > mostly) + [("utf-16-be", True)] * (even > mostly)
    return [("utf-8", True), ("cp1252", False), ("latin-1", False)]


def _delimiter(text: str, is_heading: Callable[[str], bool] = lambda _: False) -> str:
    """The delimiter under which a line has the most known headings; else the one that gives the most even lines.

    >>> _delimiter("Date;Revenue;Note\\n2026-01-01;1,5;a\\n2026-01-02;2,5;b")
    ';'
    """
    return max(_DELIMITERS, key=lambda delimiter: _fit(text[:_SAMPLE_CHARACTERS], delimiter, is_heading))


def _fit(text: str, delimiter: str, is_heading: Callable[[str], bool]) -> tuple[int, int, int]:
    """Most known headings in one line, how many lines share the commonest width above one, and that width."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        first = list(islice((line for line in reader if line), HEADING_SEARCH_ROWS))
    except csv.Error:
        return (0, 0, 0)
    known = max((sum(is_heading(cell) for cell in line) for line in first if len(line) > 1), default=0)
    common = Counter(len(line) for line in first if len(line) > 1).most_common(1)
    return (known, common[0][1], common[0][0]) if common else (0, 0, 0)
