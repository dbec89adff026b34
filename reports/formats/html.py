"""One HTML file that opens anywhere, asks nobody for anything, and stays alive."""

from __future__ import annotations

from typing import BinaryIO

from core.language import mark
from core.report import Document, Format, Pictures
from reports.page import file


def _write(document: Document, pictures: Pictures, into: BinaryIO) -> None:
    for part in file.drawn(document, pictures):
        into.write(part.encode())


FORMAT = Format(title=mark("Web page"), ending="html", media_type="text/html", write=_write)
