"""The cells of an XLS workbook (Excel 97 to 2003, as LinkedIn still writes it), as the same XLSX would give them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import xlrd
from olefile import OleFileIO
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from core.errors import BadFile
from core.language import tr

MARK = b"\xd0\xcf\x11\xe0"
"""The first bytes of the container. A workbook with a password has them too, and so have old texts and slides."""

_STREAMS = ("Workbook", "Book")
_LOCKED_XLSX = "EncryptedPackage"
_DAMAGED = (
    xlrd.XLRDError, struct.error, ArithmeticError, AssertionError, AttributeError, LookupError, NameError, OSError,
    RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What the reader raises for damaged bytes: it does not check what it reads."""


def sheets(name: str, content: bytes) -> dict[str, Callable[[], Iterator[Sequence[object]]]]:
    """By title, what gives the rows of a sheet: texts, numbers, booleans, dates, and the signs of errors.

    Rows end with their last cell. Only one sheet is in memory at a time. Raises BadFile, then and while rows are read.
    """
    with _refused(name):
        stream = _stream(name, content)
        book = xlrd.open_workbook(file_contents=stream, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        return {title: _reader(name, book, at) for at, title in enumerate(book.sheet_names())}


def _stream(name: str, content: bytes) -> bytes:
    """The workbook's part of the container. The reader would do it itself, but runs in circles in a damaged one."""
    with OleFileIO(io.BytesIO(content)) as container:
        if container.exists(_LOCKED_XLSX):
            raise _locked(name)
        found = [one for one in _STREAMS if container.exists(one)]
        if not found:
            raise BadFile(tr("{name} is no workbook.", name=name), hint=tr("Bring a CSV, XLSX or XLS file."))
        return bytes(container.openstream(found[0]).read())


def _reader(name: str, book: xlrd.Book, at: int) -> Callable[[], Iterator[Sequence[object]]]:
    def rows() -> Iterator[Sequence[object]]:
        epoch = MAC_EPOCH if book.datemode else WINDOWS_EPOCH
        with _refused(name):
            sheet = book.sheet_by_index(at)
            try:
                for row in range(sheet.nrows):
                    kinds, values = sheet.row_types(row), sheet.row_values(row)
                    yield [_cell(kind, value, epoch) for kind, value in zip(kinds, values, strict=True)]
            finally:
                book.unload_sheet(at)

    return rows


@contextmanager
def _refused(name: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        if "encrypted" in str(error):
            raise _locked(name) from error
        raise BadFile(
            tr("{name} cannot be opened as an XLS file.", name=name), hint=tr("Export it again, or save it as XLSX.")
        ) from error


def _locked(name: str) -> BadFile:
    hint = tr("Open it in a spreadsheet program and save it without a password.")
    return BadFile(tr("{name} has a password.", name=name), hint=hint)


def _cell(kind: int, value: object, epoch: object) -> object:
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#VALUE!")
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    return _moment(value, epoch) if kind == xlrd.XL_CELL_DATE else value


def _moment(value: object, epoch: object) -> object:
    """The moment a number of days means; the sign of an error where it lies outside of what a date can be."""
    try:
        return from_excel(value, epoch)
    except (OverflowError, ValueError):
        return "#VALUE!"
