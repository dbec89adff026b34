"""Text as it is set: cleaned, divided into runs of one font and one direction, measured and broken into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from reports.pdf.fonts import CJK, EMOJI, MAIN, MISSING, Families
from reports.safe import writable

_ONE = "(?:[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3|.\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*)"
_CLUSTER = re.compile(f"{_ONE}(?:\u200d{_ONE})*", re.DOTALL)
_PICTURE = re.compile("[\ufe0f\u20e3\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]|.\u200d.", re.DOTALL)
_WIDE = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_WORD = re.compile(
    f"[ \u200b]+|[{_WIDE}][\u3001\u3002\uff01\uff0c\uff1f\u300d]*"
    f"|[^ \u200b{_WIDE}]*?[-\u2013](?=[^ \\d])|[^ \u200b{_WIDE}]+"
)
_PART = re.compile("[^/._?&=,:;-]*[/._?&=,:;-]+|[^/._?&=,:;-]+")
_UNSEEN = re.compile("[\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]")
"""Signs that nobody sees; among them those that turn the order of what is read."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one font and one direction, in the order in which it is drawn."""

    text: str
    family: str
    backwards: bool = False


def clean(text: str) -> str:
    """A text of anybody, as it may be set: line breaks of one kind, no controls, no hidden turns of direction.

    >>> clean("a\\r\\nb\\tc\\u202ed\\0")
    'a\\nb cd�'
    """
    told = (
        text.replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\t", " ")
        .replace("\u2028", "\n")
        .replace("\u2029", "\n")
    )
    told = re.sub("[\x7f-\x9f]", MISSING, _UNSEEN.sub("", writable(told)))
    return unicodedata.normalize("NFC", told)


def clusters(text: str) -> list[str]:
    """What a reader sees as one sign each: a letter with its accents, an emoji with all it is joined of.

    >>> clusters("a👩‍🔬🇩🇪❤️e\\u0301") == ["a", "👩‍🔬", "🇩🇪", "❤️", "e\\u0301"]
    True
    """
    found: list[str] = []
    for one in _CLUSTER.findall(text):
        if found and (unicodedata.combining(one[0]) or unicodedata.category(one[0]) in {"Mn", "Mc"}):
            found[-1] += one
        else:
            found.append(one)
    return found


class Typeset:
    """The runs of texts in the fonts of one document."""

    def __init__(self, families: Families) -> None:
        self._families = families
        self._plain = frozenset(chr(code) for code in range(0x20, 0x250) if families.family(chr(code)) == MAIN) | set(
            "–—‘’“”„…•·−‑\u202f\u2009€→←↑↓"
        )
        self.runs = lru_cache(maxsize=4096)(self._runs)

    def is_plain(self, text: str) -> bool:
        """Whether a text needs no other font, no shaping and no turning."""
        return self._plain.issuperset(text)

    def _runs(self, text: str) -> tuple[Run, ...]:
        if self.is_plain(text):
            return (Run(text, MAIN),)
        return tuple(
            Run("".join(sign for sign, _ in part), family, backwards)
            for piece, backwards in _directed(text)
            for family, part in _grouped(list(self._signs(piece)), backwards)
        )

    def _signs(self, text: str) -> Iterator[tuple[str, str]]:
        """(what is seen as one, family). Letters in fancy dress, which no font has, stand in plain clothes."""
        covers, before = self._families.covers, MAIN
        for cluster in clusters(text):
            bare = cluster.replace("\ufe0f", "").replace("\ufe0e", "") or MISSING
            if cluster == " ":
                yield " ", MAIN if before in {EMOJI, CJK} or not covers(before, " ") else before
                continue
            if _PICTURE.search(cluster) and covers(EMOJI, bare.replace("\u200d", "")):
                before = EMOJI
                yield cluster, EMOJI
                continue
            known = next((one for one in (bare, unicodedata.normalize("NFKC", bare)) if self._whole(one)), MISSING)
            before = self._whole(known)
            yield known, before

    def _whole(self, cluster: str) -> str:
        """The family that has all signs of a cluster; empty where none has."""
        families = dict.fromkeys(self._families.family(sign) for sign in cluster)
        return next((one for one in families if one and self._families.covers(one, cluster)), "")


def _grouped(signs: list[tuple[str, str]], backwards: bool) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    runs = [(family, list(part)) for family, part in groupby(signs, lambda one: one[1])]
    yield from reversed(runs) if backwards else runs


def _directed(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a line in the order they are drawn, each as it is written, and whether it runs to the left."""
    if not any(unicodedata.bidirectional(sign) in {"R", "AL", "AN"} for sign in text):
        yield text, False
        return
    from fpdf.bidi import BidiParagraph

    signs = BidiParagraph(text=text, preserve_bn_chars=True).get_reordered_characters()
    for level, part in groupby(signs, lambda one: one.embedding_level):
        piece = "".join(one.character for one in part)
        yield (piece[::-1], True) if level % 2 else (piece, False)


def words(text: str) -> list[str]:
    """Where a line may be broken: after spaces, after a hyphen, around every Chinese sign.

    >>> words("to be-have 日本")
    ['to', ' ', 'be-', 'have', ' ', '日', '本']
    """
    return _WORD.findall(text)


def parts(word: str) -> list[str]:
    """Where a word that is wider than a line may be broken, such as an address.

    >>> parts("https://example.com/a_b")
    ['https://', 'example.', 'com/', 'a_', 'b']
    """
    return [one for one in re.findall(_PART, word.replace("://", "\0//")) for one in [one.replace("\0//", "://")]]
