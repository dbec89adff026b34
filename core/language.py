"""Which language a person reads, and in which form they read figures and dates.

Sentences are written in English where they are said, inside `tr` or `trn`; `languages/<code>.po` hold the other
languages, one message for one sentence (`make messages` keeps the files in step with the code). A site says with
`provide` who is reading; whatever has no reader, such as a scheduled report, says so itself: `with using("de"):`.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "languages"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TWO_STOPS = re.compile(r"(?<=[^\W\d])\.\.(?!\.)")
_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Language:
    """A language and how it writes figures and dates. `thousands` and `decimal` as in 1,234.5; from `grouped` digits
    on thousands stand apart; `steps` are the words for a thousand, a million and so on, `locale` is CLDR's name."""

    code: str
    name: str
    locale: str
    thousands: str
    decimal: str
    grouped: int
    steps: tuple[tuple[float, str], ...]

    @property
    def is_english(self) -> bool:
        """Whether it is the one the code is written in."""
        return self.code == "en"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the language of the words, and the one whose figures and dates are used."""

    words: Language
    forms: Language


_NARROW = "\u202f"
LANGUAGES = {
    one.code: one
    for one in (
        Language("en", "English", "en_GB", ",", ".", 4, ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K"))),
        Language("de", "Deutsch", "de", ".", ",", 4, ((1e12, " Bio."), (1e9, " Mrd."), (1e6, " Mio."), (1e3, " Tsd."))),
        Language("es", "Español", "es", ".", ",", 5, ((1e12, " B"), (1e6, " M"), (1e3, " mil"))),
        Language("fr", "Français", "fr", _NARROW, ",", 4, ((1e12, " Bn"), (1e9, " Md"), (1e6, " M"), (1e3, " k"))),
    )
}
"""Code -> language. Marks and words are those of CLDR; where it has no short word for a thousand (German), the one
that the business press uses."""
ENGLISH = LANGUAGES["en"]
_NOBODY = Reader(ENGLISH, ENGLISH)
_here: ContextVar[Reader | None] = ContextVar("reader", default=None)
_source: Callable[[], Reader | None] = lambda: None  # noqa: E731


def provide(source: Callable[[], Reader | None]) -> None:
    """Say where to look for who is reading; None is nobody."""
    global _source
    _source = source


def reader() -> Reader:
    """Who is reading now; English for nobody."""
    return _here.get() or _source() or _NOBODY


@contextmanager
def using(code: str, forms: str = "") -> Iterator[None]:
    """Write in this language until the end of the block; figures and dates as in `forms`, or as in the language."""
    token = _here.set(Reader(LANGUAGES[code], LANGUAGES[forms or code]))
    try:
        yield
    finally:
        _here.reset(token)


def nearest(locale: str | None) -> Language:
    """The language for what a browser asks for, such as "de-AT"; English where there is none.

    >>> nearest("de-AT").code, nearest("pt-BR").code, nearest(None).code
    ('de', 'en', 'en')
    """
    return LANGUAGES.get((locale or "").replace("_", "-").split("-")[0].lower(), ENGLISH)


@lru_cache(maxsize=1)
def spoken() -> tuple[str, ...]:
    """The codes of the languages the words exist in."""
    return tuple(code for code in LANGUAGES if code == ENGLISH.code or (FOLDER / f"{code}.po").exists())


def mark(text: str) -> str:
    """The same text: one that `tr` is given later, where it is shown. For constants."""
    return text


def tr(text: str, /, **values: object) -> str:
    """A text in the reader's language, with the values in its braces.

    >>> tr("{n} of {all} posts", n=3, all=12)
    '3 of 12 posts'
    """
    language = reader().words
    found = text if language.is_english or not text else _catalogue(language.code).gettext(text)
    return _filled(found, values) if values else found


def trn(one: str, many: str, n: float, /, **values: object) -> str:
    """The same for a text that depends on a count, which is its value `n` unless given otherwise.

    >>> trn("{n} day is left out", "{n} days are left out", 1), trn("{n} day", "{n} days", 1200)
    ('1 day is left out', '1,200 days')
    """
    language, count = reader().words, int(n)
    if language.is_english:
        found = one if count == 1 else many
    else:
        found = _catalogue(language.code).ngettext(one, many, count)
    return _filled(found, {"n": figure(f"{n:,}"), **values})


def _filled(text: str, values: Mapping[str, object]) -> str:
    """A shortened word, as in "2,3 Tsd.", that ends a sentence needs no second full stop."""
    told = text.format(**values)
    return told if reader().forms.is_english else _TWO_STOPS.sub(".", told)


def figure(text: str) -> str:
    """Figures as Python writes them in English, "1,234.5", as the reader writes them. For figures only.

    >>> with using("de"):
    ...     figure("1,234.5")
    '1.234,5'
    >>> with using("es"):
    ...     figure("1,234 of 12,345")
    '1234 of 12.345'
    """
    forms = reader().forms
    return text if forms.is_english else _FIGURE.sub(lambda found: _written(found[0], forms), text)


def _written(text: str, forms: Language) -> str:
    whole, _, part = text.partition(".")
    together = whole.replace(",", "")
    apart = together if len(together) < forms.grouped else whole.replace(",", forms.thousands)
    return apart + (forms.decimal + part if part else "")


def day(of: date, pattern: str) -> str:
    """A date in the reader's form. CLDR's pattern, such as "yMMMd", says what is shown, in any order.

    >>> with using("fr"):
    ...     day(date(2026, 4, 21), "yMMMd")
    '21 avr. 2026'
    """
    return _day(date(of.year, of.month, of.day), pattern, reader().forms.locale)


@lru_cache(maxsize=8192)
def _day(of: date, pattern: str, locale: str) -> str:
    from babel import dates  # the way of English, which most read, waits for no import

    return str(dates.format_skeleton(pattern, of, locale=locale))


def pattern(skeleton: str) -> str:
    """CLDR's pattern of a date in the reader's form, for whoever writes dates by a pattern.

    >>> with using("fr"):
    ...     pattern("yMd")
    'dd/MM/y'
    """
    from babel import Locale

    return str(Locale.parse(reader().forms.locale).datetime_skeletons[skeleton].pattern)


def day_words(of: date, *, year: bool = False, weekday: bool = False) -> str:
    """A day in the reader's form, its month by name.

    >>> day_words(date(2025, 4, 21), year=True), day_words(date(2025, 4, 21), weekday=True)
    ('21 Apr 2025', 'Mon 21 Apr')
    """
    if not reader().forms.is_english:
        return day(of, f"{'y' if year else ''}MMM{'E' if weekday else ''}d")
    name = f"{_WEEKDAYS[of.weekday()][:3]} " if weekday else ""
    return f"{name}{of.day} {_MONTHS[of.month - 1]}{f' {of.year}' if year else ''}"


def days(first: date, last: date, *, year: bool, dash: str = " – ") -> str:
    """A period in the reader's form; `dash` stands between the days of two months in English.

    >>> days(date(2026, 11, 1), date(2026, 11, 20), year=False), days(date(2026, 10, 2), date(2026, 11, 1), year=True)
    ('1–20 Nov', '2 Oct – 1 Nov 2026')
    >>> with using("de"):
    ...     days(date(2026, 4, 1), date(2026, 4, 20), year=True)
    '1.–20. Apr. 2026'
    """
    if first == last:
        return day_words(last, year=year)
    if reader().forms.is_english:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{day_words(last, year=year)}"
        return f"{day_words(first, year=year and first.year != last.year)}{dash}{day_words(last, year=year)}"
    from babel import dates

    return str(dates.format_interval(first, last, "yMMMd" if year else "MMMd", locale=reader().forms.locale))


def weekday(number: int, *, short: bool = False) -> str:
    """The name of a day of the week, 0 is Monday, in the language of the words.

    >>> weekday(0), weekday(6, short=True)
    ('Monday', 'Sun')
    """
    if reader().words.is_english:
        return _WEEKDAYS[number][:3] if short else _WEEKDAYS[number]
    from babel import dates

    return str(dates.get_day_names("abbreviated" if short else "wide", locale=reader().words.locale)[number])


def currency(code: str) -> str:
    """The name of a currency in the language of the words; its code where that has none.

    >>> with using("de"):
    ...     currency("GBP")
    'Britisches Pfund'
    """
    from babel import numbers

    return str(numbers.get_currency_name(code, locale=reader().words.locale))


def month(number: int) -> str:
    """The name of a month, 1 is January, in the language of the words.

    >>> month(12)
    'December'
    """
    from babel import dates

    return str(dates.get_month_names("wide", "stand-alone", locale=reader().words.locale)[number])


def inside(title: str) -> str:
    """A title within a sentence: in small letters, but as it is in German, which writes nouns in capitals.

    >>> inside("Engagement rate")
    'engagement rate'
    """
    words = reader().words
    if words.is_english or words.code == "de":
        return title.lower() if words.is_english else title
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def listed(names: Sequence[str]) -> str:
    """Names in a sentence.

    >>> listed(["X"]), listed(["X", "TikTok"]), listed(["X", "TikTok", "YouTube"])
    ('X', 'X and TikTok', 'X, TikTok and YouTube')
    """
    if len(names) < 2:
        return "".join(names)
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(code: str) -> gettext.NullTranslations:
    from babel.messages import mofile, pofile

    path = FOLDER / f"{code}.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=code))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
