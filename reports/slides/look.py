"""The look of a deck: colours that read, and the master it is made from, at 16:9, in a font that every machine has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from core.report import Branding

FONT = "Arial"
WIDE, HIGH = 13.333, 7.5
SIDE = 0.65
ROOM = WIDE - 2 * SIDE
TOP, BOTTOM = 1.3, 6.78
"""Where the body of a slide begins, below its title, and where it ends, in inches."""
INK, ACCENT = "1B1F27", "2F6FED"
MUTED, LINE, PANEL = "5B6472", "E1E5EA", "F6F7F9"
GOOD, BAD, WARN, WARN_PAPER = "146C43", "B42318", "7A4B00", "FFF6E5"
SERIES = ("7F8A99", "C2760A", "7153AC", "0E8A9A", "C0487F", "4C6AF0", "4E7A27")
"""Beside the accent, in this order; one too like it is left out."""
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
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
    ink = _readable(branding.ink, INK)
    accent = _readable(branding.accent, ink)
    return Look(accent, ink, (accent, *(one for one in SERIES if _apart(one, accent) > 90)))


def contrast(colour: str, other: str = "FFFFFF") -> float:
    """How far two colours stand apart in light, 1 to 21, as WCAG 2 has it.

    >>> round(contrast("000000"), 1), round(contrast("#767676"), 2)
    (21.0, 4.54)
    """
    bright, dark = sorted((_light(colour), _light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _readable(colour: str, otherwise: str) -> str:
    found = _HEX.fullmatch(colour.strip())
    return found[1].upper() if found and contrast(found[1]) >= 4.5 else otherwise


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.lstrip("#")))


def _light(colour: str) -> float:
    parts = [one / 255 for one in _rgb(colour)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _apart(one: str, other: str) -> float:
    return sum((a - b) ** 2 for a, b in zip(_rgb(one), _rgb(other), strict=True)) ** 0.5


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
    theme = etree.fromstring(part.blob)
    theme.set("name", "Plumbline")
    colours = {"dk1": of.ink, "lt1": "FFFFFF", "dk2": MUTED, "lt2": PANEL, "hlink": of.accent, "folHlink": of.accent}
    for n in range(6):
        colours[f"accent{n + 1}"] = of.series[n]
    for name, colour in colours.items():
        element = theme.find(f".//{qn('a:clrScheme')}/{qn('a:' + name)}")
        element[:] = [etree.Element(qn("a:srgbClr"), val=colour)]
    for latin in theme.iterfind(f".//{qn('a:fontScheme')}//{qn('a:latin')}"):
        latin.set("typeface", FONT)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


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
        own = kind in kinds and layout.name != "Title Only"
        if own:
            _place(shape, kinds[kind])
            _bare(shape, "b" if "itle" in kind and kind != "subTitle" else "t")
            for style in shape._element.xpath(".//a:lstStyle/a:lvl1pPr"):
                style.set("algn", "l")
                for old in style.findall(qn("a:defRPr")):
                    style.remove(old)
                size = {"ctrTitle": 40, "title": 36}.get(kind, 18)
                made = etree.SubElement(style, qn("a:defRPr"), sz=str(Pt(size).centipoints), b=str(int(size > 18)), cap="none")
                fill = etree.SubElement(etree.SubElement(made, qn("a:solidFill")), qn("a:schemeClr"))
                fill.set("val", "tx1" if size > 18 else "tx2")
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
