"""Which figures does a sentence state? Numbers in digits and words, percent, multiples, money, dates, times, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from analytics.insights.numerals import NUMERALS, Numerals, german_parts, value_of
from analytics.insights.writing import LANGUAGES


class Mode(StrEnum):
    """What a stated number claims to be."""

    PLAIN = "plain"
    PERCENT = "percent"
    TIMES = "times"
    PART = "part"
    POINTS = "points"
    MONEY = "money"
    SECONDS = "seconds"
    PLACE = "place"
    CLOCK = "clock"
    DATE = "date"
    MONTH = "month"
    WEEKDAY = "weekday"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mention:
    """One figure as a sentence states it, from `start` to `end`.

    `step` is the unit of its last digit. `sign` is -1, 0 (none written) or 1. `bound` is "over" or "under" with words
    like "more than", "about" with words like "roughly". Of a date `value` is the day, with `month` and `year` (0: not
    said); a clock's `value` is in hours.
    """

    start: int
    end: int
    mode: Mode
    value: float = 0.0
    step: float = 1.0
    sign: int = 0
    currency: str = ""
    per: str = ""
    bound: str = ""
    equal: bool = False
    whole: bool = False
    month: int = 0
    year: int = 0


_GROUPED = {
    "en": r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?",
    "de": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "fr": r"\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?",
    "es": r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?",
}
_DECIMAL = {"en": ".", "de": ",", "fr": ",", "es": ","}
_MAGNITUDE = re.compile(
    r" ?(?:(?P<b>bn|mrd\.?|billions?|milliarden?|milliards?|mil millones)|(?P<k>k|tsd\.?|thousand|tausend|mil(?:le)?)"
    r"|(?P<m>mn|mio\.?|millions?|millionen|millón|millones|m))\b",
    re.IGNORECASE,
)
_SIZES = {"k": 1e3, "m": 1e6, "b": 1e9}
_CODES = (
    "EUR|USD|GBP|CHF|JPY|CNY|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|INR|BRL|MXN|ZAR|SGD|HKD|KRW|ILS|AED|SAR|"
    "THB|IDR|MYR|PHP|VND|UAH|ARS|CLP|COP|NGN|EGP|KES"
)
_UNITS = (
    (Mode.POINTS, r"(?: ?%| ?percentage| ?per cent| ?prozent)?[ -]?(?:points?\b|punkten?\b|puntos?\b)|pp\b"),
    (Mode.PERCENT, r" ?%| ?per ?cent\b|[ -]?prozent\w*| ?pour ?cents?\b| ?por ?ciento\b"),
    (Mode.TIMES, r" ?times\b| ?x\b| ?×|-?fold\b|[ -]?mal\b|[ -]?fach\w*| ?fois\b| ?ve(?:z|ces)\b"),
    (Mode.SECONDS, r" ?(?:s|secs?|seconds?|sekunden?|secondes?|segundos?)\b"),
    (Mode.PLACE, r"(?:st|nd|rd|th|e|ème|ère|er)\b"),
)
_MONEY = re.compile(
    rf" ?(?:€|\$|£|(?:{_CODES}|euros?|dollars?|dólar(?:es)?|pounds?|pfund|livres?|libras?)\b)", re.IGNORECASE
)
_SYMBOLS = {
    **{"€": "EUR", "$": "USD", "£": "GBP"},
    **dict.fromkeys(("euro", "euros"), "EUR"),
    **dict.fromkeys(("dollar", "dollars", "dólar", "dólares"), "USD"),
    **dict.fromkeys(("pound", "pounds", "pfund", "livre", "livres", "libra", "libras"), "GBP"),
}
_OFTEN = re.compile(r" +(?:a|an|al|per|par|por|pro|je|in der|im|am) ")
_SHORT_TIMES = {"h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute"}
_NO_NOUN = r"(?!(?:an?|al|per|por|pro|par|je)\b)"
_NEXT_WORDS = re.compile(rf"[ -]?{_NO_NOUN}(\w+)(?: +{_NO_NOUN}(\w+))?")
_RANGE = re.compile(r" ?(?:–|-|to|and|bis|und|à|et|a|y) ?\Z|–\Z|-\Z")
_BOUNDS = (
    ("over", False, r"more than|over|above|exceed\w*|greater than|mehr als|über|plus de|au-dessus de"),
    ("over", False, r"más de|por encima de|superior a"),
    ("over", True, r"at least|mindestens|au moins|al menos|por lo menos|como mínimo"),
    ("under", False, r"less than|under|below|fewer than|weniger als|unter|moins de|au-dessous de"),
    ("under", False, r"menos de|por debajo de|inferior a"),
    ("under", True, r"at most|up to|almost|nearly|close to|höchstens|bis zu|fast|beinahe|knapp|au plus|jusqu['’]à"),
    ("under", True, r"presque|près de|como máximo|a lo sumo|hasta|casi"),
    ("about", True, r"about|around|roughly|approximately|some|rund|etwa|ungefähr|circa|environ|autour de"),
    ("about", True, r"alrededor de|en torno a|aproximadamente|cerca de|unos|unas"),
)
_ARTICLE = "(?:the |a |dem |der |les? |el |l[ao]s? )?"
_BEFORE = tuple(
    (bound, equal, re.compile(rf"(?:^|[\s(])(?:{words}) {_ARTICLE}\(?[€$£]?[+−-]?\Z", re.IGNORECASE))
    for bound, equal, words in _BOUNDS
)
_SHORT_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "jan feb mär apr mai jun jul aug sep okt nov dez",
    "fr": "janv févr mars avr mai juin juil août septembre oct nov déc",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
}
_VERBS_TOO = {"may", "march", "mar"}
"""English months that are words of their own: they count as months beside a day, a year, or a word such as "in"."""


def mentions(text: str, language: str) -> list[Mention]:
    """All figures that a text states, in their order; a digit that belongs to none comes as UNKNOWN.

    >>> [(one.mode.value, one.value) for one in mentions("Views doubled to 1,200 (+20 %).", "en")]
    [('times', 2.0), ('plain', 1200.0), ('percent', 20.0)]
    """
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    found: list[Mention] = []
    for source in (_dates, _clocks, _numbers, _words):
        for mention in source(plain, language):
            if all(mention.end <= other.start or mention.start >= other.end for other in found):
                found.append(mention)
    for digit in re.finditer(r"\d", plain):
        if not any(one.start <= digit.start() < one.end for one in found):
            found.append(Mention(digit.start(), digit.end(), Mode.UNKNOWN))
    found.sort(key=lambda one: one.start)
    return _shared_units(plain, found)


def _shared_units(text: str, found: list[Mention]) -> list[Mention]:
    """In "800 to 1,200 EUR" the first number has the unit of the second."""
    for place in range(len(found) - 2, -1, -1):
        one, after = found[place], found[place + 1]
        shared = one.mode is Mode.PLAIN and after.mode in {Mode.PERCENT, Mode.MONEY, Mode.SECONDS, Mode.POINTS}
        if shared and _RANGE.match(text[one.end : after.start].lower()):
            found[place] = replace(one, mode=after.mode, currency=after.currency)
    return found


# -- time


@cache
def _months(language: str) -> dict[str, int]:
    speech = LANGUAGES[language]
    names = [*zip(speech.months, range(1, 13), strict=True)]
    names += [*zip(_SHORT_MONTHS[language].split(), range(1, 13), strict=True)]
    return {name.lower(): number for name, number in [*names, *([("sept", 9)] if language != "fr" else [])]}


@cache
def _date_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<month>{'|'.join(sorted(_months(language), key=len, reverse=True))})\b\.?"
    day, year = r"(?<![\d.,])(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?", r"(?:,? (?:del? )?(?P<year>\d{4})(?!\d))?"
    until = r"(?:–|-|to|until|and|bis|und|au|à|et|al?|y) ?(?:the |el )?"
    first = rf"(?<![\d.,])(?P<first>\d{{1,2}})(?:st|nd|rd|th|er|\.)? ?{until}"
    second = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
    patterns = [
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
        rf"{first}{second} (?:of |de )?{month}{year}",
        rf"{day} (?:of |de )?{month}{year}",
    ]
    if language == "de":
        patterns.append(r"(?<![\d.,])(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})(?!\d)")
    if language == "en":
        patterns.append(rf"\b{month} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,]\d){year}")
    patterns.append(rf"(?P<before>\b\w+ )?\b{month}(?: (?:del? )?(?P<year>\d{{4}})(?!\d))?")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _dates(text: str, language: str) -> Iterator[Mention]:
    for pattern in _date_patterns(language):
        for match in pattern.finditer(text):
            said = match.groupdict()
            month = int(said["number"]) if said.get("number") else _months(language)[said["month"].lower()]
            year = int(said.get("year") or 0)
            if said.get("day") is None:
                if said["month"].lower() not in _VERBS_TOO or language != "en" or year or _names_month(match):
                    yield Mention(match.start("month"), match.end(), Mode.MONTH, month=month, year=year)
                continue
            if said.get("first"):
                yield Mention(*match.span("first"), Mode.DATE, float(said["first"]), month=month, year=year)
            start = match.start("day") if said.get("first") else match.start()
            yield Mention(start, match.end(), Mode.DATE, float(said["day"]), month=month, year=year)


def _names_month(match: re.Match[str]) -> bool:
    before = (match["before"] or "").strip().lower()
    return match["month"][0].isupper() and before in {"in", "by", "of", "since", "until", "from", "to", "last", "and"}


def _clocks(text: str, language: str) -> Iterator[Mention]:
    half = r"(?: ?(?P<half>[ap])\.?m\b\.?)"
    pattern = rf"(?<![\d.,:])(?P<hour>\d{{1,2}}):(?P<minute>\d{{2}})(?: Uhr\b)?{half}?(?![\d:])"
    more = {
        "en": rf"(?P<hour>\d{{1,2}}){half}",
        "de": r"(?P<hour>\d{1,2}) Uhr\b",
        "fr": r"(?P<hour>\d{1,2}) ?h(?P<minute>\d{2})?\b",
        "es": r"(?P<hour>\d{1,2}) ?h\b",
    }
    for source in (pattern, rf"(?<![\d.,:]){more[language]}"):
        for match in re.finditer(source, text, re.IGNORECASE):
            said = match.groupdict()
            hour = float(said["hour"]) + float(said.get("minute") or 0) / 60
            if said.get("half"):
                hour = hour % 12 + (12 if said["half"].lower() == "p" else 0)
            yield Mention(*match.span(), Mode.CLOCK, hour)


# -- numbers


def _numbers(text: str, language: str) -> Iterator[Mention]:
    for match in re.finditer(rf"(?<![\w])(?<!\d[.,])(?:{_GROUPED[language]})(?![.,]?\d)", text):
        digits = match[0].replace(" ", "")
        for separator in {".", ","} - {_DECIMAL[language]}:
            digits = digits.replace(separator, "")
        whole, _, rest = digits.replace(",", ".").partition(".")
        value, step, end = float(f"{whole}.{rest or 0}"), 10.0 ** -len(rest), match.end()
        if magnitude := _MAGNITUDE.match(text, end):
            size = _SIZES[str(magnitude.lastgroup)]
            value, step, end = value * size, step * size, magnitude.end()
        ungrouped = match[0].isdigit() and len(match[0]) == 4
        yield _with_unit(text, language, Mention(match.start(), end, Mode.PLAIN, value, step, whole=ungrouped))


def _with_unit(text: str, language: str, bare: Mention) -> Mention:
    """The number with the sign and the words before it, and the unit and the noun after it."""
    start, end, mode, currency, per = bare.start, bare.end, Mode.PLAIN, "", ""
    for candidate, pattern in _UNITS:
        if match := re.compile(pattern, re.IGNORECASE).match(text, end):
            mode, end = candidate, match.end()
            break
    if mode is Mode.TIMES and _OFTEN.match(text, end):
        mode = Mode.PLAIN
    if mode is Mode.PLAIN:
        if money := _MONEY.match(text, end):
            mode, end, currency = Mode.MONEY, money.end(), _currency(money[0])
        elif start and text[start - 1] in "€$£":
            mode, start, currency = Mode.MONEY, start - 1, _currency(text[start - 1])
        else:
            per = _noun(text, end, language)
    sign = 0
    if start and text[start - 1] in "+−-–" and (start == 1 or text[start - 2] in " (:"):
        start, sign = start - 1, 1 if text[start - 1] == "+" else -1
    bound, equal = _bound(text[:start])
    return replace(
        bare, start=start, end=end, mode=mode, sign=sign, currency=currency, per=per, bound=bound, equal=equal
    )


def _currency(said: str) -> str:
    word = said.strip().lower()
    return _SYMBOLS.get(word, word.upper())


def _noun(text: str, end: int, language: str) -> str:
    """The unit of time that a number counts, if one of the next two words is one."""
    match = _NEXT_WORDS.match(text, end)
    known = {**LANGUAGES[language].units_of_time, **_SHORT_TIMES}
    return next((known[word.lower()] for word in match.groups() if word and word.lower() in known), "") if match else ""


def _bound(before: str) -> tuple[str, bool]:
    return next(((bound, equal) for bound, equal, pattern in _BEFORE if pattern.search(before)), ("", False))


# -- words


def _words(text: str, language: str) -> Iterator[Mention]:
    numerals = NUMERALS[language]
    lower = numerals.articles.sub(lambda found: "_" * len(found[0]), text.lower())
    words = [(match.start(), match.end(), match[0]) for match in re.finditer(r"[^\W\d_]+", lower)]
    weekdays = {day.lower(): number for number, day in enumerate(LANGUAGES[language].weekdays)}
    place = 0
    while place < len(words):
        start, end, word = words[place]
        run = _run(lower, words[place:], numerals, language)
        if run:
            last, parts = run
            end = words[place + last - 1][1]
            yield _with_unit(text, language, Mention(start, end, Mode.PLAIN, value_of(parts, numerals)))
            place += last
            continue
        place += 1
        single = word.removesuffix("s") if word.removesuffix("s") in weekdays else word
        if single in weekdays:
            yield Mention(start, end, Mode.WEEKDAY, weekdays[single])
        elif found := _single(word, numerals, language):
            bound, equal = _bound(text[:start])
            yield Mention(start, end, *found, bound=bound, equal=equal)


def _run(
    text: str, words: list[tuple[int, int, str]], numerals: Numerals, language: str
) -> tuple[int, list[str]] | None:
    """How many words from here on make one number, and its parts; None when the first is no number."""
    parts: list[str] = []
    taken = 0
    for place, (start, end, word) in enumerate(words):
        joined = place == 0 or text[words[place - 1][1] : start] in {" ", "-"}
        more = german_parts(word) if language == "de" else [word] if numerals.is_part(word) else []
        if joined and more:
            parts, taken = [*parts, *more], place + 1
        elif not (joined and parts and word in numerals.joiners and _goes_on(text, end, numerals)):
            break
    return (taken, parts) if taken else None


def _goes_on(text: str, end: int, numerals: Numerals) -> bool:
    after = re.match(r"[ -]([^\W\d_]+)", text[end:])
    return bool(after and after[1] in numerals.small)


def _single(word: str, numerals: Numerals, language: str) -> tuple[Mode, float] | None:
    if word in numerals.vague or (language == "de" and word.endswith("einhalb")):
        return Mode.UNKNOWN, 0.0
    if word in numerals.multiples:
        return Mode.TIMES, numerals.multiples[word]
    if word in numerals.fractions:
        return Mode.PART, numerals.fractions[word]
    if word in numerals.ordinals:
        return Mode.PLACE, numerals.ordinals[word]
    if language == "de" and (match := re.fullmatch(r"(\w+?)(mal|fach\w*|prozent\w*)", word)):
        if match[1].endswith("halb"):
            return Mode.UNKNOWN, 0.0
        parts = german_parts(match[1])
        mode = Mode.PERCENT if match[2].startswith("prozent") else Mode.TIMES
        return (mode, value_of(parts, numerals)) if parts else None
    return None
