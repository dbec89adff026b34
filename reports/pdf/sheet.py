"""What pages are drawn with: text at a place, lines, areas and pictures, each with its part in the document's tree."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.report import Document
from reports.pdf import look
from reports.pdf.fonts import BOLD, MAIN, REGULAR, Families
from reports.pdf.shaping import shaped
from reports.pdf.text import Run, Typeset, clean, clusters, parts, words
from reports.pdf.tree import Element, Tree

if TYPE_CHECKING:
    from fpdf import FPDF

_KERNED = 10.5
"""From this size on letters are set with care; below, and in tables, nobody sees the difference."""


class Sheet:
    """The pages of one document. Places are in points from the upper left; a text stands on its base line."""

    def __init__(self, document: Document, signs: str, folder: Path) -> None:
        from fpdf import FPDF

        self.pdf: FPDF = FPDF(unit="pt", format=(look.WIDE, look.HIGH))
        self.pdf.set_auto_page_break(False)
        self.pdf.set_margin(0)
        self.pdf.c_margin = 0
        self.pdf.set_creation_date(document.made_at)
        self.look, self.tree = look.look(document.branding), Tree()
        self.charts: dict[str, bytes] = {}
        self.on: dict[int, list[str]] = {}
        self.links: dict[int, list[tuple[tuple[float, float, float, float], str]]] = {}
        self.outline: list[tuple[str, int, float, int]] = []
        self._folder, self._families = folder, Families(signs)
        self._typeset = Typeset(self._families)
        self._fonts: dict[tuple[str, str], Any] = {}
        self._widths: dict[tuple[str, str, bool], float] = {}
        self._shaped: dict[tuple[Run, str, float], tuple[str, float]] = {}

    def width(self, text: str, size: float, weight: str = REGULAR) -> float:
        """How wide a clean text is."""
        key = (text, weight, size >= _KERNED)
        found = self._widths.get(key)
        if found is None:
            runs = self._typeset.runs(text)
            found = self._widths[key] = sum(self._set(run, weight, size)[1] for run in runs) / size
        return found * size

    def lines(self, text: str, room: float, size: float, weight: str = REGULAR) -> list[str]:
        """A text of anybody as lines that fit into `room`."""
        return [line for part in clean(text).split("\n") for line in self._broken(part, room, size, weight)]

    def put(
        self, x: float, y: float, text: str, size: float, weight: str = REGULAR, colour: str = "", right: bool = False
    ) -> None:
        """Draw a clean text; to the left of `x` where it stands to the right."""
        if not text:
            return
        at = x - self.width(text, size, weight) if right else x
        for run in self._typeset.runs(text):
            font = self._font(run.family, weight)
            drawn, wide = self._set(run, weight, size)
            chosen = self.pdf._set_font_for_page(font, size, wrap_in_text_object=False)
            drawn = drawn or font.encode_text(run.text)
            self.pdf._out(f"q {_rgb(colour or self.look.ink)} BT {chosen} {at:.2f} {look.HIGH - y:.2f} Td {drawn} ET Q")
            at += wide

    def area(
        self, x: float, y: float, wide: float, high: float, fill: str, line: str = "", round_by: float = 0
    ) -> None:
        """Draw an area, with a border where `line` is a colour."""
        with self.artifact():
            self.pdf.set_fill_color(fill)
            self.pdf.set_draw_color(line or fill)
            self.pdf.set_line_width(0.6)
            self.pdf.rect(
                x, y, wide, high, style="DF" if line else "F", round_corners=round_by > 0, corner_radius=round_by
            )

    def rule(self, x: float, y: float, wide: float, colour: str = look.LINE, thick: float = 0.6) -> None:
        """Draw a line from left to right."""
        with self.artifact():
            self.pdf.set_draw_color(colour)
            self.pdf.set_line_width(thick)
            self.pdf.line(x, y, x + wide, y)

    def course(self, points: list[tuple[float, float]], colour: str) -> None:
        """Draw a small line through points; a dot for a single one."""
        with self.artifact():
            self.pdf.set_draw_color(colour)
            self.pdf.set_fill_color(colour)
            self.pdf.set_line_width(1.1)
            if len(points) == 1:
                self.pdf.circle(*points[0], radius=0.9, style="F")
            else:
                self.pdf.polyline(points)

    def chart(self, name: str, x: float, y: float, scale: float, high: float) -> None:
        """Leave the place of a chart, which is laid there when the pages are put together."""
        self.on.setdefault(self.pdf.page, []).append(name)
        self.pdf._out(f"q {scale:.5f} 0 0 {scale:.5f} {x:.3f} {look.HIGH - y - high:.3f} cm /{name} Do Q")

    def link(self, x: float, y: float, wide: float, high: float, to: str) -> None:
        """An area that leads to the web."""
        box = (x, look.HIGH - y - high, x + wide, look.HIGH - y)
        self.links.setdefault(self.pdf.page, []).append((box, to))

    def picture(self, data: bytes, x: float, y: float, wide: float, high: float) -> None:
        """Draw a picture of dots."""
        self.pdf.image(io.BytesIO(data), x, y, wide, high)

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn here says nothing: who listens to the document is spared it."""
        self.pdf._out("/Artifact BMC")
        yield
        self.pdf._out("EMC")

    @contextmanager
    def tagged(self, element: Element | str, alt: str = "") -> Iterator[None]:
        """What is drawn here is a part of the document's tree."""
        part = self.tree.add(element, alt=alt) if isinstance(element, str) else element
        self.pdf._out(f"/{part.kind} <</MCID {self.tree.mark(part, self.pdf.page)}>> BDC")
        yield
        self.pdf._out("EMC")

    def _broken(self, text: str, room: float, size: float, weight: str) -> Iterator[str]:
        if self.width(text, size, weight) <= room:
            yield text
            return
        line, used = "", 0.0
        for word in self.fitting(text, room, size, weight):
            wide = self.width(word, size, weight)
            if line.strip() and used + (0 if word.isspace() else wide) > room:
                yield line.rstrip(" ")
                line, used = "", 0.0
            if line or not word.isspace():
                line, used = line + word, used + wide
        if line.strip():
            yield line.rstrip(" ")

    def fitting(self, text: str, room: float, size: float, weight: str) -> Iterator[str]:
        """The words of a clean text; of one wider than a line its parts, or its signs."""
        for word in words(text):
            for part in [word] if self.width(word, size, weight) <= room else parts(word):
                yield from [part] if self.width(part, size, weight) <= room else clusters(part)

    def _is_simple(self, run: Run, size: float) -> bool:
        return run.family == MAIN and size < _KERNED and not run.backwards and self._typeset.is_plain(run.text)

    def _set(self, run: Run, weight: str, size: float) -> tuple[str, float]:
        """What draws a run, empty where each sign is drawn as it is, and how wide it is."""
        font = self._font(run.family, weight)
        if self._is_simple(run, size):
            widths = font.cw
            return "", sum([widths[ord(sign)] for sign in run.text]) * size / 1000
        key = (run, weight, size)
        found = self._shaped.get(key)
        if found is None:
            found = self._shaped[key] = shaped(font, run.text, size, run.backwards)
        return found

    def _font(self, family: str, weight: str) -> Any:
        found = self._fonts.get((family, weight))
        if found is None:
            path = self._folder / f"{family}{weight}.ttf"
            path.write_bytes(self._families.file(family, weight))
            self.pdf.add_font(family, weight, path)
            found = self._fonts[family, weight] = self.pdf.fonts[family + weight]
        return found


@lru_cache(maxsize=64)
def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5)) + " rg"


__all__ = ["BOLD", "REGULAR", "Sheet"]
