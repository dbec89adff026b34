"""A report as it will be, before anyone makes it: its document, its web page, and its pages as pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from core import clock
from core.report import Document, Layout, Told
from core.viewer import Viewer
from services.reports import archive, build

KINDS = ("html", "pdf")
"""What can be looked at, where the program brings it; the quickest first."""
_SCALE = 1.6
_MOST_ANSWERS = 200


@dataclass(slots=True)
class Asked:
    """What was asked for earlier previews of the same numbers, so that a moved block costs nothing."""

    version: str = ""
    answers: dict[Any, Any] = field(default_factory=dict)

    def of(self, version: str) -> dict[Any, Any]:
        """The answers for this version of the numbers; those of another, or of too many questions, are forgotten."""
        if version != self.version or len(self.answers) > _MOST_ANSWERS:
            self.version, self.answers = version, {}
        return self.answers


def kinds() -> list[str]:
    """What can be looked at, the first being the usual one."""
    known = archive.formats()
    return [one for one in KINDS if one in known]


def document(viewer: Viewer, layout: Layout, asked: Asked, version: str, told: Told) -> Document:
    """The report as it would be made and kept now. Raises as `build` does."""
    made = build.build(viewer, layout, now=clock.utc_now(), told=told, answers=asked.of(version))
    return archive.as_kept(made)


def count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    from pypdfium2 import PdfDocument

    opened = PdfDocument(pdf)
    try:
        return len(opened)
    finally:
        opened.close()


def page(pdf: bytes, number: int) -> tuple[bytes, str]:
    """A page of a PDF, counted from 1: a picture of it, and the words on it."""
    from pypdfium2 import PdfDocument

    opened = PdfDocument(pdf)
    try:
        found = opened[number - 1]
        text = " ".join(found.get_textpage().get_text_range().split())
        out = BytesIO()
        found.render(scale=_SCALE).to_pil().save(out, "PNG")
        return out.getvalue(), text
    finally:
        opened.close()
