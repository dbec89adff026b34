"""A deck as a file whose bytes depend on the document alone: no clock, no machine."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from typing import Any, BinaryIO

from core.report import Document
from reports.slides import text

_OLDEST = (1980, 1, 1, 0, 0, 0)
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Plumbline</Application><PresentationFormat>Widescreen</PresentationFormat></Properties>"
)
_LEFT_OUT = ("docProps/thumbnail", "printerSettings")


def save(deck: Any, document: Document, out: BinaryIO) -> None:
    """Write the deck with the document's own dates."""
    _named(deck, document)
    for part in list(deck.part.package.iter_parts()):
        if str(part.partname) == "/docProps/app.xml":
            part._blob = _APP.encode()
        for number, relation in list(part.rels.items()):
            if relation.reltype.endswith("/printerSettings"):
                part.rels.pop(number)
    package = deck.part.package
    for number, relation in list(package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package._rels.pop(number)
    drawn = io.BytesIO()
    deck.save(drawn)
    repack(drawn, out)


def repack(drawn: BinaryIO, out: BinaryIO) -> None:
    """The same archive with its dates and systems set."""
    with zipfile.ZipFile(drawn) as read, zipfile.ZipFile(out, "w") as written:
        for name in read.namelist():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.create_system, entry.external_attr = 0, 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, read.read(name))


def _named(deck: Any, of: Document) -> None:
    made = utc(of.made_at)
    said = deck.core_properties
    said.title, said.subject = text.flat(of.title)[:255], text.flat(of.subtitle)[:255]
    said.author = said.last_modified_by = "Plumbline"
    said.created = said.modified = made
    said.keywords = said.category = said.comments = said.content_status = ""
    said.language, said.revision, said.version = of.language, 1, of.program[:255]


def utc(moment: datetime) -> datetime:
    """A moment as files state it: in UTC, without saying so; one without a zone is taken as it is."""
    return (
        moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment.tzinfo else moment.replace(microsecond=0)
    )
