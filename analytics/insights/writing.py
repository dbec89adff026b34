"""What do the numbers say, and what should be done? Sentences over computed facts; silence rather than a guess."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.insights.english import LANGUAGE as ENGLISH
from analytics.insights.facts import Fact, Insight
from analytics.insights.french import LANGUAGE as FRENCH
from analytics.insights.german import LANGUAGE as GERMAN
from analytics.insights.kinds import KINDS, tellable, values_of
from analytics.insights.ranking import importance, ranked
from analytics.insights.spanish import LANGUAGE as SPANISH
from analytics.insights.wording import Language, Writer
from analytics.normal import Z95
from core.errors import BadQuestion
from core.metric import Direction

LANGUAGES: Mapping[str, Language] = {speech.code: speech for speech in (ENGLISH, GERMAN, FRENCH, SPANISH)}
SILENT = ("no ", "not ", "too few", "used in too few", "unclear")
"""A method's verdict that begins so ("no reliable pattern", "not enough posts yet") is not made into a finding."""
SURE, LIKELY, LEAST = 0.95, 0.8, 0.5
UNTESTED = 0.5
"""The confidence of a fact that came with neither an interval nor a confidence; what has less than this is not said."""
LARGEST = math.log(10.0)
_BARE_SIZE = math.log(2.0)


def language(code: str) -> Language:
    """The language called `code`. Raises BadQuestion for one that there is not.

    >>> language("de").decimal
    ','
    """
    try:
        return LANGUAGES[code]
    except KeyError:
        known = ", ".join(LANGUAGES)
        raise BadQuestion(f"Insights are not written in '{code}'.", hint=f"Choose one of {known}.") from None


def write(facts: Iterable[Fact], *, language: str) -> list[Insight]:
    """Findings and recommendations in words, the most important first.

    importance = size / (size + ln 1.5) x confidence x relevance x weight, with size = |ln(1 + effect)|. Commonly got
    wrong: ranking by percent alone puts chance first (a doubled count of three), and calls a dearer click a gain.

    Parameters
    ----------
    facts : iterable of Fact, one per computed result
        What each kind needs stands in `KINDS`. Values are floats in the metric's unit, relative differences as ratios
        (0.2 = 20 %); NaN or infinite means unknown. `lower` and `upper` are 95 % bounds.
    language : str
        "en", "de", "fr" or "es".

    Returns
    -------
    list of Insight
        Empty when there is nothing to say. Left out are facts with an unknown or missing value, with an effect too
        small to matter, with an interval that includes no effect, with a confidence below 0.5, and with a verdict of
        "no reliable ..." or "not enough ...". At most three of a kind; `more` of the last one counts the rest.

    Raises
    ------
    BadQuestion
        For an unknown language or kind, a confidence outside 0 to 1, or bounds in the wrong order.

    Notes
    -----
    The confidence of a fact without one is that of its interval under a normal error, else 0.5, and it is said that
    nothing was tested. Every figure of a text is in its `evidence`: texts can only write what the writer notes.
    Invariants: the order of facts and repeats do not matter; no randomness. It does not say what a cause is.

    References
    ----------
    Ours: templates over computed facts. Repeats weighed down as in J. Carbonell, J. Goldstein, The use of MMR,
    diversity-based reranking, SIGIR 1998, https://doi.org/10.1145/290941.291025

    Examples
    --------
    >>> from analytics.insights.facts import Subject
    >>> fact = Fact("hashtag", "views", "Views", values={"lift": 0.3, "uses": 24}, lower=0.1, upper=0.5,
    ...     subject=Subject(tag="#behindthescenes"), questions=("hashtags/views",))
    >>> [insight] = write([fact], language="en")
    >>> insight.text
    'Views: 30 % above the usual in posts with #behindthescenes (24 uses).'
    >>> insight.action, insight.certainty
    ('Use #behindthescenes where it fits.', 'Well supported by the data.')
    >>> write([], language="en")
    []
    """
    speech = _language(language)
    found = [told for fact in facts if (told := _told(fact, speech)) is not None]
    return ranked(list(dict.fromkeys(found)))


_language = language


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a fact comes to: its values with what follows from them, its effect, size and confidence."""

    values: Mapping[str, float]
    effect: float
    size: float
    confidence: float
    tested: bool
    bare: bool
    good: bool | None


def _told(fact: Fact, speech: Language) -> tuple[float, Insight] | None:
    """One fact as a finding with its importance; None when there is nothing to say."""
    _check(fact)
    kind, values = KINDS[fact.kind], values_of(fact)
    if fact.verdict.strip().lower().startswith(SILENT) or not tellable(fact, values):
        return None
    effect = values[kind.effect] if kind.effect else 0.0
    bare = math.isnan(effect)
    if (bare and not kind.bare) or not math.isfinite(fact.weight):
        return None
    if bare:
        effect = values["difference"]
    size = 1.0 if not kind.effect else _BARE_SIZE if bare else _log_size(effect)
    confidence, tested = _confidence(fact, effect, values)
    if _too_small(fact, size, bare) or confidence < LEAST or _includes_none(fact):
        return None
    reading = _Reading(values, effect, size, confidence, tested, bare, _good(fact, effect))
    return importance(size, confidence, kind.relevance * max(0.0, fact.weight)), _written(fact, speech, reading)


def _check(fact: Fact) -> None:
    if fact.kind not in KINDS:
        raise BadQuestion(f"There is no kind of insight called '{fact.kind}'.", hint=f"Known: {', '.join(KINDS)}.")
    if fact.confidence is not None and not 0 <= fact.confidence <= 1:
        raise BadQuestion(f"A confidence of {fact.confidence} is not between 0 and 1.", hint="Give a share.")
    if fact.lower is not None and fact.upper is not None and fact.lower > fact.upper:
        raise BadQuestion(f"The bounds {fact.lower} and {fact.upper} are in the wrong order.", hint="Swap them.")
    for name, first, last in (("weekday", 0, 6), ("hour", 0, 23), ("month", 1, 12)):
        number = getattr(fact.subject, name)
        if number is not None and not first <= number <= last:
            raise BadQuestion(f"There is no {name} {number}.", hint=f"Give a number from {first} to {last}.")


def _too_small(fact: Fact, size: float, bare: bool) -> bool:
    return bool(KINDS[fact.kind].effect) and not bare and size < math.log1p(KINDS[fact.kind].smallest)


def _log_size(effect: float) -> float:
    """Doubling and halving are equally large; nothing is larger than tenfold."""
    return min(abs(math.log1p(effect)), LARGEST) if effect > -1 else LARGEST


def _includes_none(fact: Fact) -> bool:
    """Whether the interval includes no effect. An expectation is no claim of a difference: its range may."""
    if KINDS[fact.kind].bounds_level or fact.lower is None or fact.upper is None:
        return False
    return not (fact.lower > 0 or fact.upper < 0)


def _confidence(fact: Fact, effect: float, values: Mapping[str, float]) -> tuple[float, bool]:
    """How sure it is, and whether anybody tested it. What is expected is never less sure than even."""
    kind = KINDS[fact.kind]
    if kind.certain:
        return 1.0, True
    if fact.confidence is not None:
        return fact.confidence, True
    if fact.lower is None or fact.upper is None:
        return UNTESTED, False
    distance = abs(values["difference"]) if kind.bounds_level else abs(effect)
    half = (fact.upper - fact.lower) / 2
    sure = math.erf(distance / half * Z95 / math.sqrt(2)) if half > 0 else 1.0
    return (max(LEAST, sure) if kind.bounds_level else sure), True


def _good(fact: Fact, effect: float) -> bool | None:
    if fact.direction is Direction.NEITHER or not effect or not KINDS[fact.kind].effect or fact.kind == "pacing":
        return None
    return (effect > 0) == (fact.direction is Direction.UP)


def _written(fact: Fact, speech: Language, reading: _Reading) -> Insight:
    cautious = reading.values.get("upper" if fact.direction is Direction.DOWN else "lower", math.nan)
    writer = Writer(speech, fact, {**reading.values, "cautious": cautious}, reading.effect)
    variants = _variants(fact, reading)
    pattern = writer.fill(_chosen(speech.texts, fact, (*(("bare",) if reading.bare else ()), *variants))).strip()
    if fact.direction is Direction.DOWN and reading.good is not None:
        pattern += f" {speech.words['good' if reading.good else 'bad']}"
    action = writer.fill(_chosen(speech.actions, fact, variants))
    return Insight(
        kind=fact.kind,
        category=KINDS[fact.kind].category,
        text=writer.restored(pattern),
        action=writer.restored(action),
        certainty=_certainty(fact, speech, reading),
        evidence=tuple(writer.figures.values()),
        questions=fact.questions,
        size=reading.size,
        confidence=reading.confidence,
        language=speech.code,
        metric=fact.metric,
        good=reading.good,
        pattern=pattern,
        names=writer.names,
    )


def _variants(fact: Fact, reading: _Reading) -> tuple[str, ...]:
    """The templates that fit, best first."""
    values = reading.values
    if fact.kind == "goal" and values["lower"] <= values["target"] <= values["upper"]:
        return ("open",)
    if fact.kind == "pacing" and math.isnan(values["daily"]):
        return ("spent",) if reading.effect > 0 else ()
    if fact.kind == "failing" and "since" not in fact.days:
        return ("never",)
    judged = () if reading.good is None else ("good" if reading.good else "bad",)
    return (*judged, "up" if reading.effect > 0 else "down")


def _chosen(templates: Mapping[str, str], fact: Fact, variants: tuple[str, ...]) -> str:
    keys = (*(f"{fact.kind}.{variant}" for variant in variants), fact.kind)
    return next((templates[key] for key in keys if key in templates), "")


def _certainty(fact: Fact, speech: Language, reading: _Reading) -> str:
    if KINDS[fact.kind].certain:
        return ""
    if not reading.tested:
        return speech.words["untested"]
    confidence = reading.confidence
    return speech.words["sure" if confidence >= SURE else "likely" if confidence >= LIKELY else "hint"]
