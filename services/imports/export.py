"""Whole exports of platforms: told by several headings together, in English, German or French.

Each file of `services/imports/exports/` declares the exports of one product as data. A heading is compared in lower
case with its brackets, because "Impressions (organic)" is not "Impressions (total)"; a currency in brackets is any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from core.language import mark, tr
from core.registry import discover
from services.imports import headings

LANGUAGES = {
    "en": mark("{export}, in English"),
    "de": mark("{export}, in German"),
    "fr": mark("{export}, in French"),
}
"""The languages exports are written in, and what is said of one."""
CURRENCY = "(¤)"
"""Stands in a declared heading for any currency in brackets."""

_CURRENCY = re.compile(r"\(([A-Z]{3})\)\s*$")


class Kind(StrEnum):
    """What one row is."""

    POSTS = "posts"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Said:
    """One column of an export: what it means and how it is headed. `by_language`: language -> headings, in plain form.

    `scale` is how many canonical units one unit of the column is. `also` are metrics that a connection reads from the
    same number. An empty `meaning` is not taken, `why_not` says why. `is_key`: the export is told by it.
    """

    meaning: str
    by_language: tuple[tuple[str, frozenset[str]], ...]
    scale: float = 1.0
    also: tuple[str, ...] = ()
    why_not: str = ""
    is_key: bool = False

    def languages_of(self, names: frozenset[str]) -> Iterator[str]:
        """The languages in which one of the names heads this column."""
        return (language for language, known in self.by_language if known & names)


@dataclass(frozen=True, slots=True)
class Export:
    """One table that a product exports.

    `columns` with `is_key` must all be there, and none of `without`. `under`: the title line above the headings, of
    which one must be there; `files`: how the file or sheet must be called at its beginning. `day_first`: languages
    that write 31/12. `note` is what a person should know of it; `refused` why it cannot be taken, and what can.
    `post_kind` is what its posts are where no column says it.
    """

    title: str
    platform: str
    kind: Kind
    columns: tuple[Said, ...]
    without: frozenset[str] = frozenset()
    under: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    day_first: frozenset[str] = frozenset({"de", "fr"})
    note: str = ""
    refused: str = ""
    post_kind: str = "post"

    @property
    def keys(self) -> tuple[Said, ...]:
        """The columns it is told by."""
        return tuple(column for column in self.columns if column.is_key)


@dataclass(frozen=True, slots=True)
class Exports:
    """The exports of one product, such as YouTube Studio."""

    product: str
    tables: tuple[Export, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A recognised export, the language of its headings, and the currency they name, if any."""

    product: str
    export: Export
    language: str
    currency: str = ""

    @property
    def words(self) -> str:
        """What a person is told it looks like: "YouTube Studio: videos, in German"."""
        return tr(LANGUAGES[self.language], export=f"{self.product}: {tr(self.export.title)}")

    @property
    def has_decimal_comma(self) -> bool:
        """How numbers are written in the language, where the numbers themselves do not tell."""
        return self.language != "en"

    def column(self, heading: str) -> Said | None:
        """What a heading means in this export, or None when it is none of its columns."""
        return _by_name(self.export).get(plain(heading))


def column(
    meaning: str,
    english: str,
    german: str = "",
    french: str = "",
    *,
    is_key: bool = False,
    scale: float = 1.0,
    also: tuple[str, ...] = (),
    why_not: str = "",
) -> Said:
    """A column; several headings of one language stand between bars. What is ignored needs no reason of its own."""
    said = {"en": english, "de": german, "fr": french}
    known = {language: frozenset(plain(name) for name in names.split("|") if name) for language, names in said.items()}
    ignored = headings.WHY_NOT.get(meaning)
    return Said(
        "" if ignored or why_not else meaning,
        tuple((language, names) for language, names in known.items() if names),
        scale,
        also,
        why_not or ignored or "",
        is_key,
    )


def plain(heading: str) -> str:
    """A heading without case, quotes, odd spaces and the name of a currency; its brackets stay.

    >>> plain(' Watch\u00a0time (hours)'), plain("Geschätzter Umsatz (EUR)"), plain("Mentions J’aime")
    ('watch time (hours)', 'geschätzter umsatz (¤)', "mentions j'aime")
    """
    said = _CURRENCY.sub(CURRENCY, heading.strip().strip("\ufeff"))
    said = re.sub(r"[\u2018\u2019\u00b4`]", "'", re.sub(r"[\"\u201c\u201d\u201e\u00ab\u00bb]", "", said))
    said = re.sub(r"[\u2010-\u2015]", "-", said)
    return re.sub(r"\s+", " ", said).strip().lower()


def recognise(names: Sequence[str], titles: Sequence[str] = (), stem: str = "") -> Found | None:
    """The export that these headings belong to; None when they tell none.

    `titles` are the lines above the headings, `stem` the name of the file or sheet.

    >>> recognise(("Videos", "Videotitel", "Veröffentlichungszeitpunkt des Videos", "Aufrufe")).words
    'YouTube Studio: videos, in German'
    """
    said = frozenset(plain(name) for name in names)
    above = frozenset(plain(title) for title in titles)
    best: tuple[int, int] = (0, 0)
    found: Found | None = None
    for product, export in _every():
        known = sum(name in _by_name(export) for name in said)
        score = (len(export.keys) + bool(export.under) + bool(export.files), known)
        if score > best and _fits(export, said, above, stem):
            best, found = score, Found(product, export, _language(export, said, above), _currency(names))
    return found


def is_heading(name: str) -> bool:
    """Whether any export has a column of this name."""
    return plain(name) in _names()


def _fits(export: Export, said: frozenset[str], above: frozenset[str], stem: str) -> bool:
    if export.without & said or (export.under and not export.under & above):
        return False
    if export.files and not plain(stem).startswith(export.files):
        return False
    return all(any(names & said for _, names in key.by_language) for key in export.keys)


def _language(export: Export, said: frozenset[str], above: frozenset[str]) -> str:
    """The language that most columns are headed in; English where several have as many."""
    count = dict.fromkeys(LANGUAGES, 0)
    for known in export.columns:
        for language in known.languages_of(said):
            count[language] += 1
    return max(count, key=lambda language: count[language])


def _currency(names: Sequence[str]) -> str:
    found = (_CURRENCY.search(name) for name in names)
    return next((match.group(1) for match in found if match), "")


def said() -> Iterator[str]:
    """What the exports say to a person of themselves and of their columns, to be translated where it is shown."""
    for _, export in _every():
        yield from (export.title, export.note, export.refused)
        yield from (column.why_not for column in export.columns)


@cache
def _every() -> tuple[tuple[str, Export], ...]:
    found = discover("services.imports.exports", "EXPORTS", Exports)
    return tuple((one.product, export) for one in found.values() for export in one.tables)


@cache
def _by_name(export: Export) -> Mapping[str, Said]:
    return {name: said for said in export.columns for _, names in said.by_language for name in names}


@cache
def _names() -> frozenset[str]:
    return frozenset(name for _, export in _every() for name in _by_name(export))
