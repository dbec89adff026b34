"""A deck in the making: slides with a title, a line below it, the foot, speaker notes and what the body needs."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from core.language import tr
from core.report import Document, Pictures
from reports import words
from reports.slides import text
from reports.slides.look import BOTTOM, LINE, PANEL, ROOM, SIDE, TOP, Look, blank, look
from reports.slides.text import Line
from reports.slides.xml import element

COVER, DIVIDER, PLAIN = range(3)
_FOOT = ("ftr", "dt", "sldNum")
Box = tuple[float, float, float, float]
"""Left, top, width and height, in inches."""


@dataclass(slots=True)
class Page:
    """A slide whose body runs from `top` to `bottom`; whoever fills it moves them."""

    slide: Any
    top: float = TOP
    bottom: float = BOTTOM

    def words(self, lines: Sequence[Line], box: Box, *, anchor: str = "top") -> Any:
        """Paragraphs in a box of their own."""
        shape = self.slide.shapes.add_textbox(*(Inches(one) for one in box))
        text.write(text.frame(shape, anchor=anchor), lines)
        return shape

    def shape(self, box: Box, fill: str = "", line: str = "", *, round_by: float = 0, adorns: bool = True) -> Any:
        """A rectangle, which holds words or only adorns."""
        kind = MSO_SHAPE.ROUNDED_RECTANGLE if round_by else MSO_SHAPE.RECTANGLE
        made = self.slide.shapes.add_shape(kind, *(Inches(one) for one in box))
        if round_by:
            made.adjustments[0] = round_by / min(box[2], box[3])
        if fill:
            made.fill.solid()
            text.paint(made.fill.fore_color, fill)
        else:
            made.fill.background()
        if line:
            text.paint(made.line.color, line)
            made.line.width = Pt(0.75)
        else:
            made.line.fill.background()
        for style in made._element.findall(qn("p:style")):
            made._element.remove(style)
        if adorns:
            text.described(made, "")
        return made

    def foot(self, lines: Sequence[Line]) -> None:
        """Words at the end of the body, which ends above them then."""
        if lines:
            high = text.height(lines, ROOM)
            self.words(lines, (SIDE, self.bottom - high, ROOM, high))
            self.bottom -= high + 0.12


@dataclass(slots=True)
class Deck:
    """The deck of a document. `parts` are its sections in PowerPoint's sense: their names and where they begin."""

    document: Document
    pictures: Pictures
    look: Look = field(init=False)
    shown: Any = field(init=False)
    parts: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.look = look(self.document.branding)
        self.shown = blank(self.look)

    def part(self, name: str) -> None:
        """From the next slide on, this section."""
        self.parts.append((text.flat(name), len(self.shown.slides)))

    def page(self, title: str, lead: str = "", *, said: Sequence[str] = (), layout: int = PLAIN) -> Page:
        """A slide with its title, its foot, and what the speaker is told."""
        slide = self.shown.slides.add_slide(self.shown.slide_layouts[layout])
        made = Page(slide)
        if layout == PLAIN:
            _title(slide.shapes.title, title, (28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8), ROOM, 0.78)
        self._foot(slide)
        if lead:
            lines = [Line(lead, 14, "muted", marked=True)]
            high = text.height(lines, ROOM)
            made.words(lines, (SIDE, made.top - 0.02, ROOM, high))
            made.top += high + 0.16
        told = [text.clean(one) for one in said if one]
        if told:
            slide.notes_slide.notes_text_frame.text = "\n".join(told)
        return made

    def _foot(self, slide: Any) -> None:
        of = self.document
        said = {"ftr": text.flat(of.branding.footer or of.title), "dt": f"{of.workspace} · {words.period(of.period)}"}
        rooms = {"ftr": 6.4, "dt": 4.6}
        for shape in slide.slide_layout.placeholders:
            kind = shape._element.xpath(".//p:ph/@type")[0]
            if kind not in _FOOT:
                continue
            place = copy.deepcopy(shape._element)
            slide.shapes._spTree.append(place)
            made = next(one for one in slide.placeholders if one._element is place)
            made._element.xpath(".//p:cNvPr")[0].set("id", str(max(one.shape_id for one in slide.shapes) + 1))
            if kind != "sldNum":
                line = text.flat(said[kind])
                made.text_frame.clear()
                size = text.fitting(line, (10, 9, 8, 7, 6), rooms[kind], 0.3)
                text.write(made.text_frame, [Line(line, size, "muted", right=kind == "dt")])

    def cover(self) -> Page:
        """The first slide, its title and subtitle in the places that the cover has for them."""
        made = self.page(self.document.title, layout=COVER)
        shapes = {one._element.xpath(".//p:ph/@type")[0]: one for one in made.slide.placeholders}
        _title(shapes["ctrTitle"], self.document.title, range(40, 7, -2), 10.6, 1.35)
        if self.document.subtitle:
            _title(shapes["subTitle"], self.document.subtitle, range(18, 7, -1), 10.6, 0.6, bold=False)
        else:
            shapes["subTitle"]._element.getparent().remove(shapes["subTitle"]._element)
        return made

    def divider(self, title: str, below: str = "") -> Page:
        """A slide that opens a section."""
        made = self.page(title, layout=DIVIDER)
        shapes = {one._element.xpath(".//p:ph/@type")[0]: one for one in made.slide.placeholders}
        _title(shapes["title"], title, range(36, 7, -2), 9.6, 1.5)
        if below:
            _title(shapes["body"], below, range(18, 7, -1), 9.6, 1.4, bold=False)
        else:
            shapes["body"]._element.getparent().remove(shapes["body"]._element)
        made.shape((0, 0, 0.22, 7.5), "accent")
        return made

    def panel(self, page: Page, lines: Sequence[Line]) -> None:
        """A calm box that says why there is nothing else."""
        high = max(1.1, text.height(lines, ROOM - 0.6) + 0.5)
        box = page.shape((SIDE, page.top + 0.1, ROOM, high), PANEL, LINE, round_by=0.08, adorns=False)
        text.write(text.frame(box, inset=(0.3, 0.2, 0.3, 0.2), anchor="middle"), lines)

    def finished(self) -> None:
        """Let the foot of each slide be read after its body."""
        for slide in self.shown.slides:
            tree = slide.shapes._spTree
            for kind in _FOOT:
                for place in tree.xpath(f'./p:sp[p:nvSpPr/p:nvPr/p:ph[@type="{kind}"]]'):
                    tree.append(place)
        self._sectioned()

    def _sectioned(self) -> None:
        """Write the sections into the deck, where there is more than one."""
        ids = [one.get("id") for one in self.shown.slides._sldIdLst]
        starts = [(name, at) for name, at in self.parts if at < len(ids)]
        if len(starts) < 2:
            return
        listed = []
        for n, (name, at) in enumerate(starts):
            until = starts[n + 1][1] if n + 1 < len(starts) else len(ids)
            inside = element("p14:sldIdLst", *(element("p14:sldId", id=number) for number in ids[at:until]))
            guid = f"{{504C554D-424C-494E-4500-{n + 1:012X}}}"
            listed.append(element("p14:section", inside, name=name, id=guid))
        uri = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
        self.shown.element.append(element("p:extLst", element("p:ext", element("p14:sectionLst", *listed), uri=uri)))


def numbered(title: str, n: int, of: int) -> str:
    """The title of one of several slides: no two slides have the same."""
    return tr("{title} ({n} of {all})", title=title, n=n, all=of) if of > 1 else title


def _title(shape: Any, said: str, sizes: Any, room: float, high: float, *, bold: bool = True) -> None:
    line = text.clean(said)
    size = text.fitting(line, sizes, room, high, bold)
    text.write(shape.text_frame, [Line(line, size, "ink" if bold else "muted", bold)])


def picture(page: Page, blob: bytes, box: Box, said: str, *, name: str = "") -> Any:
    """A picture within a box, whole and in its own proportions, at the box's upper left."""
    import io

    shape = page.slide.shapes.add_picture(io.BytesIO(blob), Inches(box[0]), Inches(box[1]))
    scale = min(Inches(box[2]) / shape.width, Inches(box[3]) / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    text.described(shape, said, name)
    return shape
