"""A ZIP of tables as platforms pack them: its CSV files stand for the sheets of a workbook, one is read at a time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import BadFile
from core.language import tr
from services.imports.workbook import MAX_UNPACKED_BYTES

MAX_MEMBERS = 50
_ENDINGS = (".csv", ".tsv", ".txt")
_HEAD_BYTES = 20_000


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a ZIP, and the names of all that may be a table."""

    content: bytes
    name: str
    names: tuple[str, ...]


def holds_tables(content: bytes) -> bool:
    """Whether these bytes are a ZIP of text tables rather than a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "[Content_Types].xml" not in packed.namelist() and bool(_tables(packed))
    except (zipfile.BadZipFile, OSError, EOFError, ValueError):
        return False


def read(name: str, content: bytes, wanted: str | None, fit: Callable[[bytes, str], tuple[int, int]]) -> Member:
    """The wanted file, else the one that fits best by its first bytes and its name. Raises BadFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = _tables(packed)
            if len(names) > MAX_MEMBERS:
                raise BadFile(
                    tr("{name} packs more than {n} tables.", name=name, n=MAX_MEMBERS),
                    hint=tr("Unpack it and bring one of them."),
                )
            if sum(packed.getinfo(one).file_size for one in names) > MAX_UNPACKED_BYTES:
                raise BadFile(
                    tr("{name} unpacks to more than 200 MB.", name=name), hint=tr("Split it; nothing was imported.")
                )
            chosen = wanted if wanted in names else max(names, key=lambda one: fit(_head(packed, one), one))
            return Member(packed.read(chosen), chosen, names)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise BadFile(
            tr("{name} cannot be unpacked.", name=name), hint=tr("Unpack it yourself and bring one of its files.")
        ) from error


def _tables(packed: zipfile.ZipFile) -> tuple[str, ...]:
    """The members that may be tables; what Macs add beside each file is none."""
    found = (one.filename for one in packed.infolist() if one.file_size and not one.is_dir())
    return tuple(one for one in found if one.lower().endswith(_ENDINGS) and not one.startswith("__MACOSX"))


def _head(packed: zipfile.ZipFile, name: str) -> bytes:
    with packed.open(name) as stream:
        return stream.read(_HEAD_BYTES)
