"""CSV: one file for each table of a report, in a zip with a word of explanation; or one table of any length."""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from zoneinfo import ZoneInfo

from core.language import tr
from core.report import Document, Format, Pictures, Section, Table
from reports import safe, words
from reports.sheets import delimited, names, tables

_File = tuple[str, str, Table]
"""Its name, its title, what is in it."""


def write(document: Document, pictures: Pictures, out: BinaryIO) -> None:
    """A zip of the report's tables, dated as the report."""
    del pictures  # there are none in tables
    made = document.made_at.astimezone(ZoneInfo(document.time_zone)) if document.made_at.tzinfo else document.made_at
    files = _files(document)
    with zipfile.ZipFile(out, "w") as archive:
        _put(archive, "README.txt", _readme(document, files).encode("utf-8-sig"), made)
        for name, _, table in files:
            content = BytesIO()
            delimited.write(table.columns, table.rows, content)
            _put(archive, name, content.getvalue(), made)


def _put(archive: zipfile.ZipFile, name: str, content: bytes, made: datetime) -> None:
    entry = zipfile.ZipInfo(name, (max(made.year, 1980), *made.timetuple()[1:6]))
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    archive.writestr(entry, content)


def _files(document: Document) -> list[_File]:
    named = [(section.title, section.id, table) for section, table in tables.all_of(document)]
    if document.definitions:
        named.append((tr("Definitions"), "definitions", tables.definitions(document.definitions)))
    return [
        (f"{number:02}-{names.slug(title, otherwise)}.csv", title or otherwise, table)
        for number, (title, otherwise, table) in enumerate(named, 1)
    ]


def _readme(document: Document, files: list[_File]) -> str:
    told = tr(
        "Values are for machines: days as year-month-day, decimals with a point, rates as shares (0.1 is 10 %), times "
        "in seconds. An empty field is not known. An apostrophe before = + - @ keeps a text from running as a formula."
    )
    parts = [
        [document.title, document.subtitle],
        [f"{what}: {how}" for what, how in words.facts(document)],
        [document.banner, *document.notes],
        [tr("Files"), *(f"{name}: {title}. {words.complete(table)}." for name, title, table in files)],
        [told],
        *map(_told, document.sections),
        [tr("Questions"), *document.questions] if document.questions else [],
        [document.branding.footer],
    ]
    kept = ("\n".join(filter(None, part)) for part in parts)
    return safe.writable("\n\n".join(filter(None, kept)) + "\n").replace("\r\n", "\n").replace("\n", "\r\n")


def _told(section: Section) -> list[str]:
    """What is said of a section that is in no table."""
    failed = section.failed and tr("This part could not be made: {why}", why=section.failed)
    found = [section.lead, section.text, *section.notes, failed]
    return [section.title, *found] if any(found) else []


FORMAT = Format("CSV", "zip", "application/zip", write, delimited.write)
