"""The look of a deck: colours that read, and the master it is made from, at 16:9, in a font that every machine has."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pptx import Presentation
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from core.report import Branding
from reports import colour
from reports.slides.xml import element

FONT = "Arial"
WIDE, HIGH = 13.333, 7.5
SIDE = 0.65
ROOM = WIDE - 2 * SIDE
TOP, BOTTOM = 1.3, 6.78
"""Where the body of a slide begins, below its title, and where it ends, in inches."""
PAPER, INK = "#FFFFFF", "1B1F27"
MUTED, LINE, PANEL = "5B6472", "E1E5EA", "F6F7F9"
GOOD, BAD, WARN, WARN_PAPER = "146C43", "B42318", "7A4B00", "FFF6E5"
SERIES = ("7F8A99", "C2760A", "7153AC", "0E8A9A", "C0487F", "4C6AF0", "4E7A27")
"""Beside the accent, in this order; one too like it is left out."""
_COVER, _BREAK, _PLAIN = 0, 2, 5
"""The layouts that are kept, by their place in the library's own file."""


@dataclass(frozen=True, slots=True)
class Look:
    """The colours of a deck as rrggbb; `accent` reads on white, and white on it. `series` begins with it."""

    accent: str
    ink: str
    series: tuple[str, ...]


def look(branding: Branding) -> Look:
    """The look of a branding. What cannot be read on white gives way: the accent to the ink, the ink to ours.

    >>> look(Branding(accent="#FFE600")).accent, look(Branding(accent="#0F766E", ink="#EEEEEE")).ink
    ('1B1F27', '1B1F27')
    """
    ink = colour.readable(branding.ink, PAPER, f"#{INK}", least=7).upper()[1:]
    accent = colour.readable(branding.accent, PAPER, f"#{ink}").upper()[1:]
    return Look(accent, ink, (accent, *(one for one in SERIES if _apart(one, accent) > 90)))


def _apart(one: str, other: str) -> float:
    return math.dist(bytes.fromhex(one), bytes.fromhex(other))


def blank(of: Look) -> Any:
    """An empty deck with this look: a cover, a divider and a plain layout, whose places a person may edit."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    kept = [deck.slide_layouts[n] for n in (_COVER, _BREAK, _PLAIN)]
    for layout in [one for one in deck.slide_layouts if one not in kept]:
        deck.slide_layouts.remove(layout)
    _themed(deck, of)
    _master(deck.slide_master)
    for layout in kept:
        _layout(layout)
    return deck


def _themed(deck: Any, of: Look) -> None:
    part = next(one.target_part for one in deck.slide_master.part.rels.values() if one.reltype.endswith("/theme"))
    theme = parse_xml(part.blob)
    theme.set("name", "Plumbline")
    colours = {"dk1": of.ink, "lt1": "FFFFFF", "dk2": MUTED, "lt2": PANEL, "hlink": of.accent, "folHlink": of.accent}
    for n in range(6):
        colours[f"accent{n + 1}"] = of.series[n]
    for name, value in colours.items():
        found = theme.find(f".//{qn('a:clrScheme')}/{qn('a:' + name)}")
        found[:] = [element("a:srgbClr", val=value)]
    for latin in theme.iterfind(f".//{qn('a:fontScheme')}//{qn('a:latin')}"):
        latin.set("typeface", FONT)
    part._blob = serialize_part_xml(theme)


def _master(master: Any) -> None:
    for style in master._element.iterfind(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}"):
        style.set("algn", "l")
        style.find(qn("a:defRPr")).set("sz", "2600")
        style.find(qn("a:defRPr")).set("b", "1")
    places = {"title": (SIDE, 0.42, ROOM, 0.78), "body": (SIDE, TOP, ROOM, BOTTOM - TOP), "dt": (7.2, 6.98, 4.6, 0.3),
              "ftr": (SIDE, 6.98, 6.4, 0.3), "sldNum": (WIDE - SIDE - 0.8, 6.98, 0.8, 0.3)}  # fmt: skip
    for shape in master.placeholders:
        kind = shape._element.xpath(".//p:ph/@type")[0]
        _place(shape, places[kind])
        _bare(shape, "b" if kind == "title" else "t" if kind == "body" else "ctr")
        for style in shape._element.xpath(".//a:lstStyle/a:lvl1pPr"):
            style.set("algn", {"ftr": "l", "dt": "r", "sldNum": "r"}[kind])
            style.find(qn("a:defRPr")).set("sz", "1000")
            style.find(f".//{qn('a:schemeClr')}").set("val", "tx2")
            for tint in style.findall(f".//{qn('a:tint')}"):
                tint.getparent().remove(tint)


def _layout(layout: Any) -> None:
    kinds = {"title": (0.95, 2.55, 9.6, 1.5), "ctrTitle": (0.95, 1.35, 10.6, 1.35), "subTitle": (0.95, 2.8, 10.6, 0.6),
             "body": (0.95, 4.2, 9.6, 1.4)}  # fmt: skip
    for shape in list(layout.placeholders):
        kind = shape._element.xpath(".//p:ph/@type")[0]
        if kind in kinds and layout.name != "Title Only":
            _place(shape, kinds[kind])
            _bare(shape, "b" if "itle" in kind and kind != "subTitle" else "t")
            for style in shape._element.xpath(".//a:lstStyle/a:lvl1pPr"):
                style.set("algn", "l")
                for old in style.findall(qn("a:defRPr")):
                    style.remove(old)
                size = {"ctrTitle": 40, "title": 36}.get(kind, 18)
                fill = element("a:solidFill", element("a:schemeClr", val="tx1" if size > 18 else "tx2"))
                own = {"sz": str(Pt(size).centipoints), "b": str(int(size > 18)), "cap": "none"}
                style.append(element("a:defRPr", fill, **own))
        if kind in {"ftr", "dt", "sldNum"} and layout.name == "Title Slide":
            shape._element.getparent().remove(shape._element)


def _place(shape: Any, box: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(one) for one in box)


def _bare(shape: Any, anchor: str) -> None:
    """No room inside, and no shrinking by the program that shows it: sizes are worked out here."""
    body = shape._element.xpath("./p:txBody/a:bodyPr")[0]
    for name in ("lIns", "tIns", "rIns", "bIns"):
        body.set(name, "0")
    body.set("anchor", anchor)
    body[:] = []
