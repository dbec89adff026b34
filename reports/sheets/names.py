"""Names of sheets and files: safe wherever they are opened, and never two alike."""

from __future__ import annotations

import re
import unicodedata

from core.language import tr
from reports import safe

_LONGEST = 31
_RESERVED = {"history"}


def sheet(title: str, taken: set[str] | None = None) -> str:
    """A name that a workbook takes: at most 31 signs, none of []:*?/\\', nothing that begins like a formula, and none
    of those that are `taken`, to which it is added.

    >>> sheet("Views / day: a [test] of a very long name indeed"), sheet("=1+1"), sheet("")
    ('Views day a test of a very long', '1+1', 'Data')
    >>> taken = set()
    >>> sheet("Views", taken), sheet("views", taken)
    ('Views', 'views 2')
    """
    kept = " ".join("".join(" " if sign in "[]:*?/\\'" else sign for sign in safe.writable(title)).split())
    base = _cut(kept.lstrip("=+-@＝＋－＠ "), _LONGEST) or tr("Data")
    taken, name, number = taken if taken is not None else set(), base, 1
    while name.lower() in taken | _RESERVED:
        number += 1
        ending = f" {number}"
        name = _cut(base, _LONGEST - len(ending)) + ending
    taken.add(name.lower())
    return name


def _cut(name: str, units: int) -> str:
    return name.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore").strip()


def slug(title: str, otherwise: str) -> str:
    """A name for a file in plain letters; of a title that has none, that of `otherwise`.

    >>> slug("Views by day & night", "x"), slug("Übersicht", "x"), slug("日本語", "table"), slug("../../etc", "x")
    ('views-by-day-night', 'ubersicht', 'table', 'etc')
    """
    for text in (title, otherwise):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        if found := re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-"):
            return found
    return "table"
