"""Numbers as people and spreadsheets write them. What may be read in two ways is not read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

EMPTY = frozenset({"", "-", "–", "—", "--", "n/a", "na", "null", "none", "nan", "undefined"})
"""Cells, in lower case, that say that there is no number."""

_LEFT_OUT = re.compile(r"[\s'’\u00a0\u202f]|^[$€£¥]|[$€£¥]$")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_GROUPED = {
    False: re.compile(r"[+-]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?"),
    True: re.compile(r"[+-]?\d{1,3}(\.\d{2,3})*\.\d{3}(,\d*)?"),
}
_THREE = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


def number_in(cell: str, *, decimal_comma: bool) -> float | None:
    """The number a cell holds, or None. Currency signs and signs between thousands are taken off; percent is refused.

    >>> number_in("1,234.5", decimal_comma=False), number_in("1.234,5", decimal_comma=True)
    (1234.5, 1234.5)
    >>> number_in("12 %", decimal_comma=False) is None, number_in("1.5", decimal_comma=True) is None
    (True, True)
    """
    text = _LEFT_OUT.sub("", cell)
    if _GROUPED[decimal_comma].fullmatch(text):
        text = text.replace("." if decimal_comma else ",", "")
    elif decimal_comma and "." in text:
        return None
    if decimal_comma:
        text = text.replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else None


def either_way(cell: str) -> bool:
    """Whether a cell is another number with a decimal comma than with a decimal point.

    >>> either_way("1,234"), either_way("0,234"), either_way("1,23"), either_way("1 234")
    (True, False, False, False)
    """
    return _THREE.fullmatch(_LEFT_OUT.sub("", cell)) is not None


def decimal_comma(cells: Iterable[str], *, whole: bool) -> Counter[str]:
    """How many cells say that the decimal sign is a comma, a point, or either. `whole`: there are no fractions.

    >>> decimal_comma(["1.234,5", "7"], whole=False), decimal_comma(["1,234"], whole=True)
    (Counter({'comma': 1}), Counter({'point': 1}))
    >>> decimal_comma(["1,234"], whole=False)
    Counter({'either': 1})
    """
    votes = Counter(_vote(_LEFT_OUT.sub("", cell), whole) for cell in cells)
    del votes[""]
    return votes


def _vote(text: str, whole: bool) -> str:
    signs = re.findall(r"[.,]", text)
    if not signs:
        return ""
    between = {",": "point", ".": "comma"}[signs[-1]]
    if len(set(signs)) == 2:
        return {",": "comma", ".": "point"}[signs[-1]]
    if len(signs) > 1 or (whole and _THREE.fullmatch(text)):
        return between
    return "either" if _THREE.fullmatch(text) else {",": "comma", ".": "point"}[signs[-1]]
