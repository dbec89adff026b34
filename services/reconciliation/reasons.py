"""Why a platform's own screen may show another number than we do: each known reason that applies, in a sentence, with
the number that it would lead to where that can be worked out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from analytics.metrics import registry
from core.metric import Adds, Unit
from services import calendar, platforms
from services.reconciliation.traced import Traced, hours_apart

READ, NORMALISED, AGGREGATED = "read", "normalised", "aggregated"
"""Where a difference can arise: in what the platform gave us, in how it is defined, in how it is added up."""
EXPLAINS, COULD, NOT, UNKNOWN = "explains it", "could explain it", "does not explain it", "cannot be worked out"
CLOSE = 0.005
"""Numbers less than this share apart are the same, and those less than half a unit."""
_HOURS, _EXACT = 1 / 60, 0.5
_ROOM = 1.5
_FEWEST_DIGITS = 2
_SECONDS = {"minutes": 60.0, "hours": 3600.0, "milliseconds": 0.001}


@dataclass(frozen=True, slots=True)
class Reason:
    """A known reason: the layer it belongs to, whether it fits the difference, the sentence, and the number it would
    lead to (None where that cannot be worked out)."""

    layer: str
    fits: str
    text: str
    would_be: float | None = None


def close(left: float, right: float) -> bool:
    """Whether two numbers are the same for a person who read one of them from a screen.

    >>> close(1000.0, 1004.0), close(3.0, 4.0), close(0.0, 0.4)
    (True, False, True)
    """
    return abs(left - right) <= max(CLOSE * max(abs(left), abs(right)), 0.5)


def reasons(one: Traced, ours: float | None, then: float | None, now: datetime) -> tuple[Reason, ...]:
    """Every reason that applies, those that fit first. `ours` is our number, `then` what it was when the other one was
    noted."""
    kinds = (*_restated(one, ours, then), *_missing(one, ours), *_lifetime(one), *_edges(one, ours, now),
             *_definitions(one), *_units(one, ours), *_adding(one, ours), *_notes(one))  # fmt: skip
    rank = (EXPLAINS, COULD, UNKNOWN, NOT)
    return tuple(sorted(kinds, key=lambda reason: rank.index(reason.fits)))


def _fits(one: Traced, number: float) -> str:
    return EXPLAINS if close(one.stated.stated, number) else NOT


def _said(number: float) -> str:
    return f"{number:,.0f}" if number == round(number) or abs(number) >= 100 else f"{number:,.2f}"


def _restated(one: Traced, ours: float | None, then: float | None) -> Iterator[Reason]:
    """The platform changed its numbers after they were first read, or after the other one was noted."""
    title = platforms.title(one.stated.platform)
    first = one.total(one.first)
    whole = one.total(one.days)
    if first is not None and whole is not None and first != whole:
        day = f", last on {calendar.day_words(one.restated_at.date())}" if one.restated_at else ""
        text = f"{title} changed numbers of this period later{day}: as first read they came to {_said(first)}."
        yield Reason(READ, _fits(one, first), text, first)
    if then is not None and ours is not None and then != ours:
        day_noted = calendar.day_words(one.stated.made_at.date(), year=True)
        text = f"Our number has changed since this one was noted on {day_noted}: then it was {_said(then)}."
        yield Reason(READ, _fits(one, then), text, then)


def _missing(one: Traced, ours: float | None) -> Iterator[Reason]:
    """Days that are not known, or not over."""
    for days, words in ((one.unfinished, "not complete yet when last read"), (one.lacking, "missing here")):
        if not days:
            continue
        counted = "1 day of this period is" if days == 1 else f"{days} days of this period are"
        if one.metric.adds is not Adds.FLOW or one.usual_day is None:
            yield Reason(READ, UNKNOWN, f"{counted} {words}.")
            continue
        usual = one.usual_day * days
        gap = one.stated.stated - (ours or 0.0)
        fits = COULD if 0 < gap <= _ROOM * usual else NOT
        yield Reason(READ, fits, f"{counted} {words}; with usual days, they would make up about {_said(usual)}.")


def _lifetime(one: Traced) -> Iterator[Reason]:
    """A screen may show what posts of the period gathered until now, not what was gathered in the period."""
    if one.lifetime is not None:
        text = (
            "Screens of posts show what posts published in the period gathered until today: that is "
            f"{_said(one.lifetime)}. Ours is what all posts gathered within the period."
        )
        yield Reason(READ, _fits(one, one.lifetime), text, one.lifetime)


def _edges(one: Traced, ours: float | None, now: datetime) -> Iterator[Reason]:
    """Days that begin at another hour, and periods that lie a day apart."""
    title = platforms.title(one.stated.platform)
    hours = hours_apart(one.zone, one.workspace_zone, now)
    if hours >= _HOURS:
        text = f"We keep the days of {title}, which end at midnight in {one.zone}; yours end in {one.workspace_zone}, "
        text += f"{hours:g} h apart."
        if one.metric.adds is Adds.FLOW and ours is not None and one.edges:
            most = one.edges * hours
            fits = COULD if 0 < abs(one.stated.stated - ours) <= most else NOT
            yield Reason(
                READ, fits, f"{text} A screen in your time zone may show up to about {_said(most)} more or less."
            )
        else:
            yield Reason(READ, UNKNOWN, text)
    if one.metric.adds is Adds.STOCK:
        return  # a level of the day before is told apart
    for shift, words in ((-1, "earlier"), (1, "later")):
        moved = one.total(one.days, shift)
        if (
            moved is not None
            and ours is not None
            and not close(moved, ours)
            and abs(one.stated.stated - moved) <= _EXACT
        ):
            text = f"The number fits a period that lies one day {words}: then ours is {_said(moved)}."
            yield Reason(READ, EXPLAINS, text, moved)


def _definitions(one: Traced) -> Iterator[Reason]:
    """Other meanings of the same word, and meanings that changed inside the period."""
    for words, number in one.others.items():
        yield Reason(NORMALISED, _fits(one, number), f"By {words} it is {_said(number)}.", number)
    period, title = one.stated.period, platforms.title(one.stated.platform)
    for name in one.terms:
        for source in registry.METRICS[name].sources:
            if source.platform != one.stated.platform:
                continue
            for day, what in source.redefined:
                if period.first <= day <= period.last:
                    words = f"{title} counts otherwise since {calendar.day_words(day, year=True)}: {what}."
                    yield Reason(NORMALISED, UNKNOWN, words)


def _units(one: Traced, ours: float | None) -> Iterator[Reason]:
    """The same quantity in another unit, or rounded."""
    stated = one.stated.stated
    if ours is None or not stated:
        return
    if one.metric.unit is Unit.SECONDS:
        for unit, seconds in _SECONDS.items():
            if close(stated * seconds, ours):
                text = (
                    f"It fits if the number is in {unit}: we keep times in seconds, so it is {_said(stated * seconds)}."
                )
                yield Reason(NORMALISED, EXPLAINS, text, stated * seconds)
    step = _rounded_to(stated)
    if step > 1 and not close(stated, ours) and abs(ours - stated) <= step / 2:
        yield Reason(
            NORMALISED, EXPLAINS, f"The number looks rounded to {_said(step)}; ours rounds to the same.", stated
        )


def _rounded_to(number: float) -> float:
    """The power of ten that a number seems rounded to; 1 where it is not, or where too few digits would be left.

    >>> _rounded_to(12300.0), _rounded_to(12345.0), _rounded_to(100.0)
    (100.0, 1.0, 10.0)
    """
    step = 1.0
    most = 10 ** (math.floor(math.log10(abs(number))) - _FEWEST_DIGITS + 1) if abs(number) >= 1 else 1
    while step < most and number % (step * 10) == 0:
        step *= 10
    return step


def _adding(one: Traced, ours: float | None) -> Iterator[Reason]:
    """Quantities that do not add up over days."""
    if one.metric.adds is Adds.UNIQUE:
        whole = one.total(one.days)
        if whole is not None and one.stated.period.days > 1:
            text = (
                f"{one.metric.title} counts people: once in a period, and once on each day. The sum of the days is "
                f"{_said(whole)}, which is too many."
            )
            yield Reason(AGGREGATED, _fits(one, whole), text, whole)
    if one.metric.adds is Adds.STOCK:
        before = one.total(one.days, -1)
        if before is not None and ours is not None and before != ours:
            text = (
                f"A level is read at some hour of the day; on the day before the period's last it was {_said(before)}."
            )
            yield Reason(AGGREGATED, _fits(one, before), text, before)


def _notes(one: Traced) -> Iterator[Reason]:
    """What is known of how this platform gives this metric."""
    for name in (*one.terms, *one.minus):
        for source in registry.METRICS[name].sources:
            if source.platform == one.stated.platform and source.note:
                title = platforms.title(one.stated.platform)
                yield Reason(
                    NORMALISED, UNKNOWN, f"{registry.METRICS[name].title} on {title} ({source.field}): {source.note}"
                )
