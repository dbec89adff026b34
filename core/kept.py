"""Sentences that are stored: they are kept in English, whoever is reading when they are written, and told later.

A constant `kept("{title} gave no number.")` is filled in with `.format(title=...)` where it is stored. `retold` knows
it again, with what stands in its braces, and says it in the reader's language.
"""

from __future__ import annotations

import re
from functools import lru_cache

from core.language import reader, tr, using

_PATTERNS: dict[str, re.Pattern[str]] = {}
_BRACES = re.compile(r"\{(\w+)\}")
_BETWEEN = re.compile(r"(?<=[.!?”])\s+(?=[A-ZÀ-Þ0-9“'])")
_ONE_SENTENCE, _ANY = r"(?:(?![.!?] [A-Z]).)+?", r".+?"


def kept(text: str) -> str:
    """The same text: a sentence with braces that is filled in and stored in English. For constants.

    >>> kept("{title} gave no number.").format(title="X")
    'X gave no number.'
    """
    _PATTERNS[text] = re.compile(_pattern(text), re.DOTALL)
    return text


def retold(text: str) -> str:
    """A stored text in the reader's language: sentence by sentence, as far as they are known.

    >>> retold("X gave no number. It said “no”.")
    'X gave no number. It said “no”.'
    """
    words = reader().words
    return text if words.is_english or not text else _retold(text, words.code)


@lru_cache(maxsize=4096)
def _retold(text: str, code: str) -> str:
    """As many sentences at once as are known together, then the rest."""
    with using(code):
        parts, told = _BETWEEN.split(text), []
        while parts:
            said = ((n, _known(" ".join(parts[:n]))) for n in range(len(parts), 0, -1))
            n, first = next((one for one in said if one[1]), (1, parts[0]))
            told.append(first)
            parts = parts[n:]
        return " ".join(told)


def _known(text: str) -> str:
    """The text in the reader's language; empty when nobody has said it there."""
    if (said := tr(text)) != text:
        return said
    for sentence, pattern in _PATTERNS.items():
        if (found := pattern.fullmatch(text)) and (said := tr(sentence)) != sentence:
            return said.format(**{name: tr(value) for name, value in found.groupdict().items()})
    return ""


def _pattern(text: str) -> str:
    """What a filled-in sentence looks like. A value is no more than a sentence, unless it is quoted.

    >>> bool(re.fullmatch(_pattern("{title} has {n}."), "X has 3.")), re.fullmatch(_pattern("{title} is."), "A. B is.")
    (True, None)
    """
    made, at, seen = "", 0, set[str]()
    for found in _BRACES.finditer(text):
        made += re.escape(text[at : found.start()])
        value = _ANY if text[found.end() : found.end() + 1] == "”" else _ONE_SENTENCE
        made += f"(?P={found[1]})" if found[1] in seen else f"(?P<{found[1]}>{value})"
        seen.add(found[1])
        at = found.end()
    return made + re.escape(text[at:])
