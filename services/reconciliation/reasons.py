"""Why a platform's own screen may show another number than we do: each known reason that applies, in a sentence, with
the number that it would lead to where that can be worked out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from analytics.metrics import registry
from core.language import figure, mark, tr, trn
from core.metric import Adds, Unit
from services.connecting import platforms
from services.reconciliation.traced import Traced, hours_apart
from services.words import calendar

READ, NORMALISED, AGGREGATED = "read", "normalised", "aggregated"
"""Where a difference can arise: in what the platform gave us, in how it is defined, in how it is added up."""
EXPLAINS, COULD = mark("explains it"), mark("could explain it")
NOT, UNKNOWN = mark("does not explain it"), mark("cannot be worked out")
CLOSE = 0.005
"""Numbers less than this share apart are the same, and those less than half a unit."""
_HOURS, _EXACT = 1 / 60, 0.5
_ROOM = 1.5
_FEWEST_DIGITS = 2
_SECONDS = {
    mark("It fits if the number is in minutes: we keep times in seconds, so it is {number}."): 60.0,
    mark("It fits if the number is in hours: we keep times in seconds, so it is {number}."): 3600.0,
    mark("It fits if the number is in milliseconds: we keep times in seconds, so it is {number}."): 0.001,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A known reason: the layer it belongs to, whether it fits the difference, the sentence, and the number it would
    lead to (None where that cannot be worked out)."""

    layer: str
    fits: str
    text: str
    would_be: float | None = None


def close(left: float, right: float, room: float = 0.5) -> bool:
    """Whether two numbers are the same for a person who read one of them from a screen; `room` is always allowed.

    >>> close(1000.0, 1004.0), close(3.0, 4.0), close(0.0, 0.4)
    (True, False, True)
    """
    return abs(left - right) <= max(CLOSE * max(abs(left), abs(right)), room)


def reasons(one: Traced, ours: float | None, then: float | None, now: datetime) -> tuple[Reason, ...]:
    """Every reason that applies. `ours` is our number, `then` what it was when the other one was noted."""
    return (*_restated(one, ours, then), *_missing(one, ours), *_lifetime(one), *_edges(one, ours, now),
            *_moved(one, ours), *_definitions(one), *_units(one, ours), *_adding(one, ours), *notes(one))  # fmt: skip


def ordered(found: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Those that fit first."""
    rank = (EXPLAINS, COULD, UNKNOWN, NOT)
    return tuple(sorted(found, key=lambda reason: rank.index(reason.fits)))


def _fits(one: Traced, number: float) -> str:
    return EXPLAINS if close(one.stated.stated, number) else NOT


def said(number: float) -> str:
    """A number in a sentence."""
    return figure(f"{number:,.0f}" if number == round(number) or abs(number) >= 100 else f"{number:,.2f}")


def _restated(one: Traced, ours: float | None, then: float | None) -> Iterator[Reason]:
    """The platform changed its numbers after they were first read, or after the other one was noted."""
    title = platforms.title(one.stated.platform)
    first = one.total(one.first)
    whole = one.total(one.days)
    if first is not None and whole is not None and first != whole:
        values = {"platform": title, "number": said(first)}
        text = tr("{platform} changed numbers of this period later: as first read they came to {number}.", **values)
        if one.restated_at:
            text = tr(
                "{platform} changed numbers of this period later, last on {day}: as first read they came to {number}.",
                day=calendar.day_words(one.restated_at.date()),
                **values,
            )
        yield Reason(READ, _fits(one, first), text, first)
    if then is not None and ours is not None and then != ours:
        day_noted = calendar.day_words(one.stated.made_at.date(), year=True)
        text = tr(
            "Our number has changed since this one was noted on {day}: then it was {number}.",
            day=day_noted,
            number=said(then),
        )
        yield Reason(READ, _fits(one, then), text, then)


def _missing(one: Traced, ours: float | None) -> Iterator[Reason]:
    """Days that are not known, or not over."""
    unfinished = trn(
        "{n} day of this period is not complete yet when last read",
        "{n} days of this period are not complete yet when last read",
        one.unfinished,
    )
    lacking = trn("{n} day of this period is missing here", "{n} days of this period are missing here", one.lacking)
    for days, counted in ((one.unfinished, unfinished), (one.lacking, lacking)):
        if not days:
            continue
        if one.metric.adds is not Adds.FLOW or one.usual_day is None:
            yield Reason(READ, UNKNOWN, f"{counted}.")
            continue
        usual = one.usual_day * days
        gap = one.stated.stated - (ours or 0.0)
        fits = COULD if 0 < gap <= _ROOM * usual else NOT
        usually = tr("with usual days, they would make up about {number}", number=said(usual))
        yield Reason(READ, fits, f"{counted}; {usually}.")


def _lifetime(one: Traced) -> Iterator[Reason]:
    """A screen may show what posts of the period gathered until now, not what was gathered in the period."""
    if one.lifetime is not None:
        text = tr(
            "Screens of posts show what posts published in the period gathered until today: that is {number}. Ours is "
            "what all posts gathered within the period.",
            number=said(one.lifetime),
        )
        yield Reason(READ, _fits(one, one.lifetime), text, one.lifetime)


def _edges(one: Traced, ours: float | None, now: datetime) -> Iterator[Reason]:
    """Days that begin at another hour."""
    title = platforms.title(one.stated.platform)
    hours = hours_apart(one.zone, one.workspace_zone, now)
    if hours >= _HOURS:
        text = tr(
            "We keep the days of {platform}, which end at midnight in {zone}; yours end in {other}, {hours} h apart.",
            platform=title,
            zone=one.zone,
            other=one.workspace_zone,
            hours=figure(f"{hours:g}"),
        )
        if one.metric.adds is Adds.FLOW and ours is not None and one.edges:
            most = one.edges * hours
            fits = COULD if 0 < abs(one.stated.stated - ours) <= most else NOT
            may = tr("A screen in your time zone may show up to about {number} more or less.", number=said(most))
            yield Reason(READ, fits, f"{text} {may}")
        else:
            yield Reason(READ, UNKNOWN, text)


def _moved(one: Traced, ours: float | None) -> Iterator[Reason]:
    """A period that lies a day earlier or later; of a level, `_adding` tells the day before."""
    if one.metric.adds is Adds.STOCK or ours is None:
        return
    for shift in (-1, 1):
        moved = one.total(one.days, shift)
        if moved is not None and not close(moved, ours) and abs(one.stated.stated - moved) <= _EXACT:
            earlier = mark("The number fits a period that lies one day earlier: then ours is {number}.")
            later = mark("The number fits a period that lies one day later: then ours is {number}.")
            text = tr(earlier if shift < 0 else later, number=said(moved))
            yield Reason(READ, EXPLAINS, text, moved)


def _definitions(one: Traced) -> Iterator[Reason]:
    """Other meanings of the same word, and meanings that changed inside the period."""
    for words, number in one.others.items():
        text = tr("By {definition} it is {number}.", definition=words, number=said(number))
        yield Reason(NORMALISED, _fits(one, number), text, number)
    yield from redefinitions(one)


def redefinitions(one: Traced) -> Iterator[Reason]:
    """Meanings that changed inside the period."""
    period, title = one.stated.period, platforms.title(one.stated.platform)
    for name in one.terms:
        for source in registry.METRICS[name].sources:
            if source.platform != one.stated.platform:
                continue
            for day, what in source.redefined:
                if period.first <= day <= period.last:
                    since = calendar.day_words(day, year=True)
                    change = {"platform": title, "day": since, "change": tr(what)}
                    words = tr("{platform} counts otherwise since {day}: {change}.", **change)
                    yield Reason(NORMALISED, UNKNOWN, words)


def _units(one: Traced, ours: float | None) -> Iterator[Reason]:
    """The same quantity in another unit, or rounded."""
    stated = one.stated.stated
    if ours is None or not stated:
        return
    if one.metric.unit is Unit.SECONDS:
        for words, seconds in _SECONDS.items():
            if close(stated * seconds, ours):
                text = tr(words, number=said(stated * seconds))
                yield Reason(NORMALISED, EXPLAINS, text, stated * seconds)
    step = _rounded_to(stated)
    if step > 1 and not close(stated, ours) and abs(ours - stated) <= step / 2:
        text = tr("The number looks rounded to {step}; ours rounds to the same.", step=said(step))
        yield Reason(NORMALISED, EXPLAINS, text, stated)


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
            text = tr(
                "{metric} counts people: once in a period, and once on each day. The sum of the days is {number}, "
                "which is too many.",
                metric=tr(one.metric.title),
                number=said(whole),
            )
            yield Reason(AGGREGATED, _fits(one, whole), text, whole)
    if one.metric.adds is Adds.STOCK:
        before = one.total(one.days, -1)
        if before is not None and ours is not None and before != ours:
            text = tr(
                "A level is read at some hour of the day; on the day before the period's last it was {number}.",
                number=said(before),
            )
            yield Reason(AGGREGATED, _fits(one, before), text, before)


def notes(one: Traced) -> Iterator[Reason]:
    """What is known of how this platform gives this metric."""
    for name in (*one.terms, *one.minus):
        for source in registry.METRICS[name].sources:
            if source.platform == one.stated.platform and source.note:
                title = platforms.title(one.stated.platform)
                named = {"metric": tr(registry.METRICS[name].title), "platform": f"{title} ({source.field})"}
                text = tr("{metric} on {platform}: {note}", note=tr(source.note), **named)
                yield Reason(NORMALISED, UNKNOWN, text)
