"""PDF: pages to print and to send, with charts as vectors."""

from __future__ import annotations

from typing import BinaryIO

from core.language import mark
from core.report import Document, Format, Pictures


def _write(document: Document, pictures: Pictures, out: BinaryIO) -> None:
    from reports.pdf import file  # here: nobody who makes no pages waits for what draws them

    file.write(document, pictures, out)


FORMAT = Format(title=mark("PDF"), ending="pdf", media_type="application/pdf", write=_write)
