"""Does a text state only what was computed? Sentence by sentence: figures, direction, links, markup, foreign words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from analytics.insights.facts import Figure
from analytics.insights.names import TOKEN
from analytics.insights.proving import fits, unproven
from analytics.insights.reading import Mention, mentions
from analytics.insights.tone import ASKS, BLAME, NOT, OUTDOES, PRAISE, WHY
from analytics.insights.writing import LANGUAGES
from analytics.insights.writing import language as known_language

_MARKS = frozenset(" \u00a0\u202f.,;:!?¡¿'\"“”„‟‘’‚«»‹›()%+−-–—…×&€$£⟦⟧")
_LINK = re.compile(
    r"https?|www\b|\w\.\w{2,}|\b(?:dot|punkt|point)[ -]?(?:com|net|org|io|de|fr|info|app|link)\b|:\w+:|[a-z]:[a-z]"
    r"|\bpunto[ -]?(?:com|net|org|io|es|info|app|link)\b|\s\.\s?(?:com|net|org|io|de|fr|es|info|app|link|co|biz|xyz)\b",
    re.IGNORECASE,
)
_DATE_DOT = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|\d[.,]\d")
_ENDS = re.compile(r"(?<=\S[.!?…])[\"”“»’)]*\s+")
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:e\.g|i\.e|approx|vs|no|ca|z\. ?B|d\. ?h|bzw|usw|ggf|Nr|Mio|Mrd|Tsd|p\. ?ex|env|p\. ?ej|aprox|núm|etc"
    r"|[A-Za-z]))\.\Z",
    re.IGNORECASE,
)
_CONTENT_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Dropped:
    """A sentence that was taken out, and why."""

    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What is left of a text, the sentences that were dropped, and how many of its figures were matched."""

    text: str
    dropped: tuple[Dropped, ...]
    figures: int


def verify(
    text: str,
    evidence: Sequence[Figure],
    *,
    language: str,
    source: str = "",
    untrusted: str = "",
    good: bool | None = None,
) -> Checked:
    """What is left of a text when every sentence that is not borne out by computed figures is dropped.

    A stated number s matches a figure x when |x - s| is at most half a unit of the last digit of s and at most 5 % of
    x, and both are the same kind of thing. Commonly got wrong: comparing digits only, so that 20 posts prove 20 %, a
    rise proves a fall, and "doubled" or "half" pass as words.

    Parameters
    ----------
    text : str
        Plain text, with tokens in place of names.
    evidence : sequence of Figure
        What was computed.
    language : str
        "en", "de", "fr" or "es": how its numbers are read.
    source : str
        The sentence that the text restates. With it a sentence without a figure may only use words of the source, and
        must deny where the source denies, and no sentence names a cause or asks for something where it does not.
    untrusted : str
        What other people wrote and whoever wrote the text has read: their words are not taken over.
    good : bool or None
        Whether the source tells good news; with a source, praise and blame must fit it.

    Returns
    -------
    Checked
        `text` is empty when nothing is left.

    Raises
    ------
    BadQuestion
        For an unknown language.

    Notes
    -----
    Percent, multiples and words ("doubled", "a third") are read as the same change: +100 % = 2 times = doubled. Dates,
    months, weekdays, times of day and ordinals are figures. "more than" and "almost" must hold. Only Latin letters and
    plain punctuation pass: no markup, no links, no mentions, no invisible characters. Invariants: a text is never
    lengthened, and what was kept is kept when it is checked again. It cannot see a wrong claim without any figure in
    it; with `source` such sentences are dropped unless their words are the source's.

    References
    ----------
    Ours.

    Examples
    --------
    >>> from analytics.insights.facts import Form
    >>> figures = (Figure("change", 0.2, Form.CHANGE, signed=True), Figure("value", 1200.0))
    >>> verify("Views rose 20 %. They reached 1,300.", figures, language="en").text
    'Views rose 20 %.'
    >>> verify("", figures, language="en").text
    ''
    """
    known_language(language)
    kept, dropped, matched = [], [], 0
    for sentence in sentences(text, language):
        unfit = _unfit(sentence)
        found = [] if unfit else mentions(sentence, language)
        why = unfit or unproven(sentence, found, evidence) or _taken(sentence, source, untrusted)
        if source and not why:
            why = _foreign(sentence, found, source, language) or _misjudged(sentence, source, good)
        if why:
            dropped.append(Dropped(sentence, why))
        else:
            kept.append(sentence)
            matched += len(found)
    return Checked(" ".join(kept), tuple(dropped), matched)


def stated(text: str, evidence: Sequence[Figure], *, language: str) -> frozenset[str]:
    """The names of the figures that a text states.

    >>> sorted(stated("likely 3 to 5", (Figure("lower", 3.0), Figure("upper", 5.0), Figure("now", 4.0)), language="en"))
    ['lower', 'upper']
    """
    found = mentions(text, language)
    return frozenset(figure.name for figure in evidence if any(fits(mention, figure, text) for mention in found))


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text; a dot after a day, an initial or an abbreviation ends none.

    >>> sentences("Views rose. On 3. they fell.", "de")
    ['Views rose.', 'On 3. they fell.']
    """
    parts: list[str] = []
    joined = False
    for part in _ENDS.split(text.strip()):
        if joined and parts:
            parts[-1] += f" {part}"
        elif part:
            parts.append(part)
        joined = bool(parts) and _goes_on(parts[-1], text, language)
    return [part.strip() for part in parts if part.strip()]


def _goes_on(part: str, text: str, language: str) -> bool:
    if _ABBREVIATIONS.search(part):
        return True
    after = text.partition(part)[2].lstrip()
    if not re.search(r"\d\.\Z", part) or not after:
        return False
    if language == "de" and re.search(r"(?<![\d.,])\d{1,2}\.\Z", part):
        return True
    months = tuple(month.lower() for month in LANGUAGES[language].months)
    return after[0].islower() or after.lower().startswith(months)


def _unfit(sentence: str) -> str:
    """Why the characters of a sentence cannot pass; empty when they can."""
    for letter in sentence:
        if letter in _MARKS or (letter.isascii() and letter.isalnum()):
            continue
        if not (unicodedata.category(letter) in {"Ll", "Lu"} and unicodedata.name(letter, "").startswith("LATIN")):
            return "characters that are not plain text"
        if len(letter.lower()) != 1:
            return "characters that are not plain text"
    if re.match(r"\s*[-–—+]\s", sentence) or "--" in sentence:
        return "markup"
    bare = TOKEN.sub("", sentence)
    if "⟦" in bare or "⟧" in bare:
        return "an unknown name"
    return "a link" if _LINK.search(_DATE_DOT.sub("0", bare)) else ""


# -- words


def _taken(sentence: str, source: str, untrusted: str) -> str:
    taken = sorted(_words(untrusted) & _words(sentence) - _words(source))
    return f"'{taken[0]}' comes from what others wrote" if taken else ""


def _foreign(sentence: str, found: Sequence[Mention], source: str, language: str) -> str:
    """Why the words of a sentence do not restate the source; empty when they do."""
    if not found and not _words(sentence, 1) <= _words(source, 1):
        return "it states nothing that was computed"
    if found and bool(NOT.search(sentence)) != bool(NOT.search(source)):
        return "it denies what was computed, or the other way round"
    for pattern, why in (
        (WHY, "it names a cause"),
        (ASKS, "it asks for something"),
        (OUTDOES, "it outdoes the numbers"),
    ):
        if pattern.search(sentence) and not pattern.search(source):
            return why
    if not _units(sentence, language) <= _units(source, language):
        return "it counts another unit of time"
    if any(name[0] not in source for name in TOKEN.finditer(sentence)):
        return "an unknown name"
    return ""


def _misjudged(sentence: str, source: str, good: bool | None) -> str:
    for pattern, fits_it in ((PRAISE, good is True), (BLAME, good is False)):
        if pattern.search(sentence) and not fits_it and not pattern.search(source):
            return "it judges otherwise than the numbers"
    return ""


def _units(text: str, language: str) -> set[str]:
    known = LANGUAGES[language].units_of_time
    return {known[word] for word in _words(text, 1) if word in known}


def _words(text: str, least: int = _CONTENT_LETTERS) -> set[str]:
    plain = unicodedata.normalize("NFKC", TOKEN.sub(" ", text)).lower()
    return {word for word in re.findall(r"[^\W\d_]+", plain) if len(word) >= least}
