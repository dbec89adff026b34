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
from urllib.parse import urlsplit

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from core import language

SPACING = 1.2
"""A line is so many times as high as its letters."""
REPLACED = "\ufffd"
_REFUSED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_THEME = {"ink": MSO_THEME_COLOR.TEXT_1, "muted": MSO_THEME_COLOR.TEXT_2, "accent": MSO_THEME_COLOR.ACCENT_1}
_ARIAL = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^",
    500: "ckvxyszJ", 556: "#$0123456789?L_abdeghnopqu–€", 584: "+<=>~−±", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw",
    778: "GOQ", 833: "Mm", 889: "%", 944: "W", 990: "▲▼", 1000: "—…→←", 1015: "@", 200: "\u202f\u2009", 350: "•", 500.5: "°",
}  # fmt: skip
_BOLD_ARIAL = {
    238: "'", 278: " ,./I\\ijl", 280: "|", 333: "!()-:;[]`ft", 389: "*{}r", 474: '"', 500: "z", 556: "#$0123456789J_aceksvxy–€",
    584: "+<=>^~−±", 611: "?FLTZbdghnopqu", 667: "EPSVXY", 722: "&ABCDHKNRU", 778: "GOQw", 833: "M", 889: "%m", 944: "W",
    975: "@", 990: "▲▼", 1000: "—…→←", 200: "\u202f\u2009", 350: "•", 500.5: "°",
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
    return _REFUSED.sub(REPLACED, _BREAKS.sub("\n", text).replace("\t", " "))


def flat(text: str) -> str:
    """The same in one line."""
    return " ".join(clean(text).split("\n")).strip()


def link(text: str) -> str:
    """An address that a slide may lead to; empty for anything but http and https."""
    address = text.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.netloc
    return address if is_web and not _REFUSED.search(address) and not re.search(r"\s", address) else ""


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
    for word in re.findall(r"\s*[^\s\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]+|\s*[\u3000-\u9fff\uac00-\ud7af\uff00-\uffef]|\s+", text):
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
        colour.theme_color = _THEME[name]
    else:
        colour.rgb = RGBColor.from_string(name.lstrip("#"))


def frame(shape: Any, *, inset: tuple[float, float, float, float] = (0, 0, 0, 0), anchor: str = "top") -> Any:
    """The text frame of a shape, set up: it wraps, it never grows, and its room is what is told."""
    made = shape.text_frame
    made.word_wrap = True
    made.margin_left, made.margin_top, made.margin_right, made.margin_bottom = (Inches(one) for one in inset)
    made.vertical_anchor = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}[anchor]
    return made


def write(into: Any, lines: Sequence[Line]) -> None:
    """Write paragraphs into a text frame or a cell's."""
    for n, one in enumerate(lines):
        paragraph = into.paragraphs[0] if n == 0 else into.add_paragraph()
        paragraph.line_spacing = Pt(round(one.size * SPACING, 1))
        paragraph.space_before = Pt(one.before if n else 0)
        paragraph.space_after = Pt(0)
        if one.right:
            paragraph.alignment = PP_ALIGN.RIGHT
        pieces = _BOLD.split(clean(one.text)) if one.marked else [clean(one.text)]
        for number, piece in enumerate(pieces):
            _run(paragraph, piece, one, bold=one.bold or number % 2 == 1)


def _run(paragraph: Any, text: str, one: Line, *, bold: bool) -> None:
    for n, part in enumerate(text.split("\n")):
        if n:
            paragraph.add_line_break()
        if not part:
            continue
        run = paragraph.add_run()
        run.text = part
        run.font.size, run.font.bold = Pt(one.size), bold
        run.font.language_id = None
        run._r.get_or_add_rPr().set("lang", language.reader().words.locale.replace("_", "-"))
        if address := link(one.link):
            run.hyperlink.address = address
        paint(run.font.color, one.colour)


def described(shape: Any, text: str, name: str = "") -> None:
    """Say in words what a shape shows, for who cannot see it; no words mark it as decoration."""
    element = shape._element.xpath(".//p:cNvPr")[0]
    if name:
        element.set("name", flat(name)[:120])
    element.set("descr", clean(text))
    if not text:
        found = etree.SubElement(element, qn("a:extLst"))
        extension = etree.SubElement(found, qn("a:ext"), uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
        space = "http://schemas.microsoft.com/office/drawing/2017/decorative"
        etree.SubElement(extension, f"{{{space}}}decorative", nsmap={"adec": space}).set("val", "1")
