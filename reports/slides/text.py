"""Text on slides: what XML takes, how wide it runs, where it breaks, and how it is written into a shape.

Its width is worked out from Arial's own measures, not from a font of this machine, so that the same document breaks
into the same slides everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Inches

from core import language
from reports import safe
from reports.slides.xml import SPACES, element

SPACING = 1.2
"""A line is so many times as high as its letters."""
_BREAKS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_SPOKEN = {"en": "en-GB", "de": "de-DE", "es": "es-ES", "fr": "fr-FR"}
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_THEME = {"ink": "tx1", "muted": "tx2", "accent": "accent1"}
_ARIAL = {
    191: "'", 200: "\u202f\u2009", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 350: "•",
    355: '"', 389: "*", 469: "^", 500: "ckvxyszJ", 501: "°", 556: "#$0123456789?L_abdeghnopqu–€", 584: "+<=>~−±",
    611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 889: "%", 944: "W", 990: "▲▼", 1000: "—…→←",
    1015: "@",
}  # fmt: skip
_BOLD_ARIAL = {
    200: "\u202f\u2009", 238: "'", 278: " ,./I\\ijl", 280: "|", 333: "!()-:;[]`ft", 350: "•", 389: "*{}r", 474: '"',
    500: "z", 501: "°", 556: "#$0123456789J_aceksvxy–€", 584: "+<=>^~−±", 611: "?FLTZbdghnopqu", 667: "EPSVXY",
    722: "&ABCDHKNRU", 778: "GOQw", 833: "M", 889: "%m", 944: "W", 975: "@", 990: "▲▼", 1000: "—…→←",
}  # fmt: skip
_BROAD = frozenset("ÆŒæœ½¼¾ЖМШЩЫЮФЂЉЊЋжмфшщыюљњΜΨΦωψφώπ")
_WIDTHS = tuple({letter: size for size, letters in one.items() for letter in letters} for one in (_ARIAL, _BOLD_ARIAL))


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph. `colour` is "ink", "muted", "accent" or rrggbb; `before` is the room above it in points. With
    `marked`, **words** between two stars are bold."""

    text: str
    size: float = 12
    colour: str = "ink"
    bold: bool = False
    before: float = 0
    right: bool = False
    link: str = ""
    marked: bool = False


def clean(text: str) -> str:
    """A text as XML takes it: what no file can hold is shown as a replaced letter, a tab is a space.

    >>> clean("a\\x00b\\tc\\r\\nd")
    'a\ufffdb c\\nd'
    """
    return safe.writable(_BREAKS.sub("\n", text).replace("\t", " "))


def flat(text: str) -> str:
    """The same in one line."""
    return " ".join(clean(text).split("\n")).strip()


def link(text: str) -> str:
    """An address that a slide may lead to; empty for anything but the web."""
    address = text.strip()
    return address if safe.is_web(address) and safe.writable(address) == address else ""


@lru_cache(maxsize=4096)
def _letter(letter: str, bold: bool) -> float:
    known = _WIDTHS[bold]
    if letter in known:
        return known[letter]
    if unicodedata.category(letter)[0] in "MC":
        return 0
    if unicodedata.east_asian_width(letter) in "WF" or ord(letter) > 0xFFFF:
        return 1250 if ord(letter) > 0xFFFF else 1000
    base = unicodedata.normalize("NFD", letter)[0]
    if base in known:
        return max(known[base], 280) * (1.25 if base in "dlt" else 1)
    if letter in _BROAD:
        return 1000
    return 620 if letter.islower() else 800


def width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text runs, in inches.

    >>> round(width("Views", 72), 3), round(width("Views", 72, True), 3)
    (2.667, 2.835)
    """
    return sum(_letter(letter, bold) for letter in text) * size / 72_000


def wrapped(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """The lines that a text breaks into within `room` inches; a word longer than a line is broken.

    >>> wrapped("aaa bbb", 72, 1.9), wrapped("aaaa", 72, 1.2)
    (['aaa', 'bbb'], ['aa', 'aa'])
    """
    lines = []
    for paragraph in text.split("\n"):
        here = ""
        for word in _pieces(paragraph, size, room, bold):
            if here.strip() and width((here + word).rstrip(), size, bold) > room:
                lines.append(here.rstrip())
                here = word.lstrip()
            else:
                here += word
        lines.append(here.rstrip())
    return lines


def _pieces(text: str, size: float, room: float, bold: bool) -> Iterable[str]:
    for word in re.findall(
        r"\s*[^\s\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]+|\s*[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]|\s+", text
    ):
        if width(word.strip(), size, bold) <= room:
            yield word
            continue
        here = ""
        for letter in word:
            if here and width((here + letter).strip(), size, bold) > room:
                yield here
                here = ""
            here += letter
        yield here


def height(lines: Sequence[Line], room: float) -> float:
    """How high paragraphs stand within `room` inches of width, in inches."""
    points = 0.0
    for n, one in enumerate(lines):
        plain, bold = _plain(one)
        points += (one.before if n else 0) + len(wrapped(plain, one.size, room, bold)) * one.size * SPACING
    return points / 72


def fitting(text: str, sizes: Iterable[float], room: float, high: float, bold: bool = False) -> float:
    """The first of `sizes`, from large to small, at which a text fits; the last where it fits at none."""
    last = 12.0
    for last in sizes:
        if len(wrapped(text, last, room, bold)) * last * SPACING / 72 <= high:
            break
    return last


def _plain(one: Line) -> tuple[str, bool]:
    """What is measured: a paragraph with some bold words is taken as all bold, which is never too narrow."""
    text = clean(one.text)
    found = _BOLD.search(text) if one.marked else None
    return (_BOLD.sub(r"\1", text), True) if found else (text, one.bold)


def paint(colour: Any, name: str) -> None:
    """Set a colour of the library's: one of the theme's by name, any other as rrggbb."""
    if name in _THEME:
        colour.theme_color = MSO_THEME_COLOR.from_xml(_THEME[name])
    else:
        colour.rgb = RGBColor.from_string(name.lstrip("#"))  # type: ignore[no-untyped-call]


def frame(shape: Any, *, inset: tuple[float, float, float, float] = (0, 0, 0, 0), anchor: str = "top") -> Any:
    """The text frame of a shape, set up: it wraps, it never grows, and its room is what is told."""
    made = shape.text_frame
    made.word_wrap, made.auto_size = True, MSO_AUTO_SIZE.NONE
    made.margin_left, made.margin_top, made.margin_right, made.margin_bottom = (Inches(one) for one in inset)
    made.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}[anchor]
    return made


def write(into: Any, lines: Sequence[Line]) -> None:
    """Write paragraphs into a text frame or a cell's, in place of what it holds."""
    body = into._txBody
    for old in list(body.p_lst):
        body.remove(old)
    for n, one in enumerate(lines):
        address = link(one.link)
        known = into.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True) if address else ""
        body.append(parse_xml(_paragraph(one, one.before if n else 0, known)))


def _paragraph(one: Line, before: float, relation: str) -> str:
    """A paragraph as XML: made at once, for a table has many, and the library takes its time over each property."""
    spaces = {"lnSpc": one.size * SPACING, "spcBef": before, "spcAft": 0}
    apart = "".join(f'<a:{name}><a:spcPts val="{round(points * 100)}"/></a:{name}>' for name, points in spaces.items())
    pieces = _BOLD.split(clean(one.text)) if one.marked else [clean(one.text)]
    runs = "".join(_runs(piece, one, one.bold or n % 2 == 1, relation) for n, piece in enumerate(pieces))
    aligned = f'<a:pPr algn="{"r" if one.right else "l"}">{apart}</a:pPr>'
    return f'<a:p xmlns:a="{SPACES["a"]}" xmlns:r="{SPACES["r"]}">{aligned}{runs}</a:p>'


def _runs(piece: str, one: Line, bold: bool, relation: str) -> str:
    colour = (
        f'<a:schemeClr val="{_THEME[one.colour]}"/>' if one.colour in _THEME else f'<a:srgbClr val="{one.colour}"/>'
    )
    spoken = _SPOKEN[language.reader().words.code]
    leads = f'<a:hlinkClick r:id="{relation}"/>' if relation else ""
    look = f'lang="{spoken}" sz="{round(one.size * 100)}" b="{int(bold)}"><a:solidFill>{colour}</a:solidFill>{leads}'
    parts = [f"<a:r><a:rPr {look}</a:rPr><a:t>{escape(part)}</a:t></a:r>" if part else "" for part in piece.split("\n")]
    return "<a:br/>".join(parts)


def described(shape: Any, text: str, name: str = "") -> None:
    """Say in words what a shape shows, for who cannot see it; no words mark it as decoration."""
    told = shape._element.xpath(".//p:cNvPr")[0]
    if name:
        told.set("name", flat(name)[:120])
    if text:
        told.set("descr", clean(text))
    else:
        extension = element("a:ext", element("adec:decorative", val="1"), uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
        told.append(element("a:extLst", extension))
