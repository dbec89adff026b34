"""Slides: native charts and tables that a person can go on working with."""

from __future__ import annotations

from typing import BinaryIO

from core.language import mark
from core.report import Document, Format, Pictures


def _write(document: Document, pictures: Pictures, out: BinaryIO) -> None:
    from reports.slides import writing  # here: nobody who makes no slides waits for what draws them

    writing.write(document, pictures, out)


FORMAT = Format(
    title=mark("PowerPoint"),
    ending="pptx",
    media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    write=_write,
)
