"""Which font has a sign, and the part of that font that a document needs.

Text is set in Inter; what Inter lacks in Noto's fonts, script by script; what no font has is shown as a box with a
question mark. Fonts are cut down to what is said before they are given to the page, which takes milliseconds.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

REGULAR, BOLD = "", "B"
_WEIGHTS = {REGULAR: 400, BOLD: 600}
MISSING = "\ufffd"
MAIN, EMOJI, CJK = "inter", "emoji", "cjk"
_ALWAYS = frozenset((*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2028), *range(0x202F, 0x203F),
                     0x2190, 0x2191, 0x2192, 0x2193, 0x2212, 0x20AC, 0x2022))  # fmt: skip
"""The signs of our own words, whatever the document says."""
_SCRIPTS = (
    "", "Arabic", "Hebrew", "Devanagari", "Thai", "Bengali", "Tamil", "Telugu", "Gujarati", "Gurmukhi", "Kannada",
    "Malayalam", "Oriya", "Sinhala", "Khmer", "Lao", "Myanmar", "Georgian", "Armenian", "Ethiopic",
)  # fmt: skip
_FACES = {"jp": 0, "kr": 1, "sc": 2}
"""The faces of one file: the same sign is drawn as its readers know it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A font as it is installed: a file, and which of the faces in it."""

    family: str
    path: Path
    face: int = 0


def sources(text: Collection[str]) -> tuple[Source, ...]:
    """The fonts in the order in which they are asked; `text` decides how Chinese characters are drawn.

    >>> [one.family for one in sources("")][:3], sources("かな")[-1].face, sources("한국")[-1].face
    (['inter', 'noto', 'arabic'], 0, 1)
    """
    signs = set(text)
    face = "jp" if any("\u3040" <= one <= "\u30ff" for one in signs) else "sc"
    face = "kr" if face == "sc" and any("\uac00" <= one <= "\ud7a3" for one in signs) else face
    return (
        Source(MAIN, _folder("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"),
        *(_noto(name.lower() or "noto", f"Sans{name}") for name in _SCRIPTS),
        _noto(EMOJI, "Emoji"),
        _noto("symbols", "SansSymbols"),
        Source(CJK, _folder("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc", _FACES[face]),
    )


def _noto(family: str, name: str) -> Source:
    return Source(family, _folder("manimgx_fonts") / f"Noto{name}[wght].ttf")


class Families:
    """The fonts of one document: for each sign the first that has it."""

    def __init__(self, signs: Collection[str]) -> None:
        self._sources = {one.family: one for one in sources(signs)}
        self._wanted = {ord(one) for one in signs} | {ord(" "), ord(MISSING)}
        self._of: dict[str, str] = {}

    def family(self, sign: str) -> str:
        """The family that has a sign; empty where none has it."""
        found = self._of.get(sign)
        if found is None:
            code = ord(sign)
            private = unicodedata.category(sign) == "Co"  # each font means something else by it
            found = (
                "" if private else next((one for one, source in self._sources.items() if code in _covers(source)), "")
            )
            self._of[sign] = found
        return found

    def file(self, family: str, weight: str) -> bytes:
        """A font with no more than the document's signs, in one weight."""
        source = self._sources[family]
        wanted = self._wanted | _ALWAYS if family == MAIN else self._wanted
        return _cut(source, frozenset(wanted & _covers(source)), weight)

    def covers(self, family: str, signs: str) -> bool:
        """Whether a family has all of these signs."""
        return all(ord(one) in _covers(self._sources[family]) for one in signs)


@lru_cache(maxsize=64)
def _covers(source: Source) -> frozenset[int]:
    return frozenset(_face(source).unicodes)


@lru_cache(maxsize=64)
def _face(source: Source) -> Any:
    import uharfbuzz

    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source.path)), source.face)


@lru_cache(maxsize=32)
def _cut(source: Source, codes: frozenset[int], weight: str) -> bytes:
    """The signs of a face, in one weight, without hints, with figures of one width."""
    import uharfbuzz

    face, wanted = _face(source), uharfbuzz.SubsetInput()
    wanted.unicode_set.update(codes)
    for tag, value in (("wght", float(_WEIGHTS[weight])), ("opsz", 14.0), ("wdth", 100.0)):
        if any(axis.tag == tag for axis in face.axis_infos):
            wanted.pin_axis_location(face, tag, value)
    wanted.layout_feature_tag_set.add(int.from_bytes(b"tnum", "big"))
    flags = uharfbuzz.SubsetFlags
    wanted.flags = flags.NO_HINTING | flags.NOTDEF_OUTLINE | flags.GLYPH_NAMES | flags.DOWNGRADE_CFF2
    made: bytes = uharfbuzz.subset(face, wanted).blob.data
    return _tabular(made) if source.family == MAIN else made


def _tabular(font: bytes) -> bytes:
    """The same font, in which a 1 is as wide as an 8, so that figures stand below each other."""
    import io

    import uharfbuzz
    from fontTools.ttLib import TTFont

    shaped = uharfbuzz.Buffer()
    shaped.add_str("0123456789")
    shaped.guess_segment_properties()
    uharfbuzz.shape(uharfbuzz.Font(uharfbuzz.Face(font)), shaped, {"tnum": True, "kern": False, "calt": False})
    made = TTFont(io.BytesIO(font), recalcTimestamp=False)
    made["OS/2"].usWeightClass = 400  # it is as bold as it is drawn; nobody shall thicken it once more
    for table in made["cmap"].tables:
        for digit, glyph in zip("0123456789", shaped.glyph_infos, strict=True):
            table.cmap[ord(digit)] = made.getGlyphName(glyph.codepoint)
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


@lru_cache(maxsize=8)
def _folder(package: str) -> Path:
    from importlib.util import find_spec

    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"the fonts of {package} are not installed")
    return Path(found.origin).parent
