"""Names of countries, languages, genders: what a stored key is called."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from core import language
from core.language import mark, tr

NOWHERE = "ZZ"
_NOWHERE_NAME = mark("Elsewhere or unknown")
_SHORTER = {
    "BA": "Bosnia and Herzegovina",
    "CD": "DR Congo",
    "CG": "Republic of the Congo",
    "CZ": "Czechia",
    "GB": "United Kingdom",
    "KP": "North Korea",
    "KR": "South Korea",
    "MM": "Myanmar",
    "SZ": "Eswatini",
    "VI": "US Virgin Islands",
    "XK": "Kosovo",
}
"""Where the list of time zones has none, or writes a name as nobody does."""
GENDERS = {"F": mark("Women"), "M": mark("Men"), "U": mark("Not said")}
_LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi", "hu": "Hungarian",
    "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "ms": "Malay", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {row[0]: row[1] for row in rows} | _SHORTER


def country(code: str) -> str:
    """The name of a country by its two letters; the code itself where it is not known.

    >>> country("DE"), country("GB"), country("ZZ"), country("QQ")
    ('Germany', 'United Kingdom', 'Elsewhere or unknown', 'QQ')
    """
    if code == NOWHERE:
        return tr(_NOWHERE_NAME)
    words = language.reader().words
    return _countries().get(code, code) if words.is_english else _named("territories", words.locale).get(code, code)


@cache
def _named(what: str, locale: str) -> dict[str, str]:
    """The names of countries or languages in another language."""
    from babel import Locale

    return dict(getattr(Locale.parse(locale), what))


def name(dimension: str, key: str, title: str) -> str:
    """What a member of a dimension is called.

    >>> name("country", "FR", "FR"), name("gender", "F", "F"), name("language", "de-AT", ""), name("city", "Graz", "")
    ('France', 'Women', 'German (AT)', 'Graz')
    """
    if dimension == "country":
        return country(key)
    if dimension == "gender":
        return tr(GENDERS.get(key, title or key))
    if dimension == "language":
        code, _, region = key.replace("_", "-").partition("-")
        words, code = language.reader().words, code.lower()
        names = _LANGUAGES if words.is_english else _named("languages", words.locale)
        called = names.get(code)
        called = None if called is None else called[:1].upper() + called[1:]
        return title or key if called is None else f"{called} ({region})" if region else called
    return title or key
