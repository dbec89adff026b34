"""A table as CSV (RFC 4180): for people's spreadsheets, with a mark for UTF-8, and for machines, with plain values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import BinaryIO

from core.report import Cell, Column, Row
from reports import safe

MARK = b"\xef\xbb\xbf"
END = "\r\n"
_QUOTED = re.compile(r"[\",;\t\r\n]")
_AT_ONCE, _KNOWN = 500, 2_000


def write(columns: Sequence[Column], rows: Iterable[Row], out: BinaryIO) -> int:
    """Write the table; answers how many rows it has. Days are ISO 8601, shares are shares, what is not known is empty,
    and text that a spreadsheet would run begins with an apostrophe. Money has its currency in its heading."""
    out.write(MARK + f"{','.join(text(heading(column)) for column in columns)}{END}".encode())
    written, waiting, makes = 0, list[str](), [_make() for _ in columns]
    for row in rows:
        written += 1
        waiting.append(",".join([make(value) for make, value in zip(makes, row, strict=True)]))
        if len(waiting) == _AT_ONCE:
            out.write(f"{END.join(waiting)}{END}".encode())
            waiting.clear()
    out.write("".join(f"{line}{END}" for line in waiting).encode())
    return written


def heading(column: Column) -> str:
    """The title of a column, with the currency that its values are in.

    >>> from core.report import Holds
    >>> heading(Column("Ad spend", Holds.MONEY, "EUR"))
    'Ad spend (EUR)'
    """
    return f"{column.title} ({column.currency})" if column.currency else column.title


def text(words: str) -> str:
    """A text as a field. One with a sign that some program divides fields by stands in quotation marks.

    >>> text("a, b"), text("=1+1"), text('say "hello"'), text("plain")
    ('"a, b"', "'=1+1", '"say ""hello""\"', 'plain')
    """
    kept = safe.harmless(words)
    return '"{}"'.format(kept.replace('"', '""')) if _QUOTED.search(kept) else kept


def field(value: Cell) -> str:
    """A value as a field.

    >>> field(0.0375), field(-5), field(None), field(True), field(date(2026, 10, 1)), field(datetime(2026, 10, 1, 8))
    ('0.0375', '-5', '', 'true', '2026-10-01', '2026-10-01 08:00:00')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if math.isfinite(value) else ""


def _make() -> Callable[[Cell], str]:
    """What writes the fields of a column: texts and days that come again are not written anew."""
    known: dict[Cell, str] = {}

    def make(value: Cell) -> str:
        kind = type(value)
        if kind is int:
            return str(value)
        if kind is not str and kind is not date:
            return field(value)
        if (found := known.get(value)) is None:
            found = field(value)
            if len(known) < _KNOWN:
                known[value] = found
        return found

    return make
