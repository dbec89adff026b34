"""Why a rate on a platform's own screen may be another than ours: other parts, other ways to write or average it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analytics.metrics import registry
from core.language import figure, inside, mark, tr, trn
from core.metric import Adds, Metric, Unit
from core.question import Answer
from services.connecting import platforms
from services.reconciliation.compared import Part
from services.reconciliation.kept import Stated
from services.reconciliation.reasons import (
    AGGREGATED,
    EXPLAINS,
    NORMALISED,
    NOT,
    READ,
    UNKNOWN,
    Reason,
    close,
    notes,
    redefinitions,
    said,
)
from services.reconciliation.traced import Traced
from services.words import calendar

_DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rate:
    """A rate on both sides: ours with what it is made of, and what a person noted."""

    stated: Stated
    metric: Metric
    answer: Answer
    top: Traced
    bottom: Traced
    parts: tuple[Part, Part]

    @property
    def ours(self) -> float | None:
        """Our rate."""
        return self.answer.totals[self.metric.name].value

    def fits(self, rate: float | None) -> str:
        """Whether a rate is the one that was noted."""
        return EXPLAINS if rate is not None and agree(self.metric, rate, self.stated.stated) else NOT

    def words(self, rate: float) -> str:
        """A rate in words."""
        return rate_words(self.metric, rate)


def agree(metric: Metric, left: float, right: float) -> bool:
    """Whether two rates are the same for a person who read one from a screen.

    >>> agree(registry.METRICS["engagement_rate"], 0.0451, 0.0452)
    True
    >>> agree(registry.METRICS["engagement_rate"], 0.045, 0.046)
    False
    """
    room = {Unit.RATIO: 0.00005, Unit.SECONDS: 0.5}.get(metric.unit, 0.005)
    return close(left, right, room)


def rate_words(metric: Metric, rate: float) -> str:
    """A rate in its unit.

    >>> rate_words(registry.METRICS["engagement_rate"], 0.0451)
    '4.51 %'
    """
    return figure(f"{rate * 100:,.2f}") + " %" if metric.unit is Unit.RATIO else said(rate)


def last_digit(shown: float) -> float:
    """The last digit that a number shows.

    >>> last_digit(4.5), last_digit(4.52), last_digit(12.0)
    (0.1, 0.01, 1.0)
    """
    return next((10.0**-at for at in range(_DIGITS) if abs(shown - round(shown, at)) < 1e-9), 10.0**-_DIGITS)


def reasons(one: Rate, then: float | None) -> Iterator[Reason]:
    """Every known reason that applies; `then` is what our rate was when the other one was noted."""
    yield from _other_parts(one)
    mean, days = mean_of_days(one)
    if mean is not None and days > 1:
        text = tr(
            "The mean of the {n} daily rates is {rate}; a rate of a period is one sum over the other.",
            n=days,
            rate=one.words(mean),
        )
        yield Reason(AGGREGATED, one.fits(mean), text, mean)
    yield from _read(one, then)
    yield from _written(one)
    for traced_part in (one.top, one.bottom):
        yield from redefinitions(traced_part)
        yield from notes(traced_part)


def mean_of_days(one: Rate) -> tuple[float | None, int]:
    """The mean of the days' rates, and of how many days."""
    frame = one.answer.frame
    values = frame.loc[frame["metric"] == one.metric.name, "value"].dropna()
    return (float(values.mean()) if len(values) else None), len(values)


def _other_parts(one: Rate) -> Iterator[Reason]:
    """The same word for another rate: over something else, of another numerator, or of what posts gathered."""
    for name, number in one.answer.totals.items():
        if name != one.metric.name and number.value is not None:
            other = inside(tr(registry.metric(registry.metric(name).denominator).title))
            named = {"other": other, "metric": inside(one.parts[1].title), "rate": one.words(number.value)}
            text = tr("Over {other} instead of {metric} it is {rate}.", **named)
            yield Reason(NORMALISED, one.fits(number.value), text, number.value)
    bottom = one.parts[1].ours
    if bottom:
        for words, top in one.top.others.items():
            rate = top / bottom * one.metric.scale
            text = tr("With {definition} as numerator it is {rate}.", definition=words, rate=one.words(rate))
            yield Reason(NORMALISED, one.fits(rate), text, rate)
    if one.top.lifetime is not None and one.bottom.lifetime:
        rate = one.top.lifetime / one.bottom.lifetime * one.metric.scale
        text = tr("Of what posts published in the period gathered until today it is {rate}.", rate=one.words(rate))
        yield Reason(READ, one.fits(rate), text, rate)


def _read(one: Rate, then: float | None) -> Iterator[Reason]:
    """What was read earlier, and what was not."""
    title = platforms.title(one.stated.platform)
    tops, bottoms = ((part.total(part.first), part.total(part.days)) for part in (one.top, one.bottom))
    before = _over(one, tops[0], bottoms[0])
    if before is not None and (tops[0], bottoms[0]) != (tops[1], bottoms[1]):
        text = tr(
            "{platform} changed numbers of this period later: as first read they come to {rate}.",
            platform=title,
            rate=one.words(before),
        )
        yield Reason(READ, one.fits(before), text, before)
    if then is not None and one.ours is not None and then != one.ours:
        noted = calendar.day_words(one.stated.made_at.date(), year=True)
        was = one.words(then)
        text = tr("Our rate has changed since this one was noted on {day}: then it was {rate}.", day=noted, rate=was)
        yield Reason(READ, one.fits(then), text, then)
    whole = _over(one, tops[1], bottoms[1])
    if whole is not None and one.ours is not None and not agree(one.metric, whole, one.ours):
        text = tr("With the days on which only one part is known, it would be {rate}.", rate=one.words(whole))
        yield Reason(AGGREGATED, one.fits(whole), text, whole)
    missing = max(one.top.lacking + one.top.unfinished, one.bottom.lacking + one.bottom.unfinished)
    if missing:
        text = trn(
            "{n} day of this period is missing here or not complete yet.",
            "{n} days of this period are missing here or not complete yet.",
            missing,
        )
        yield Reason(READ, UNKNOWN, text)


def _over(one: Rate, top: float | None, bottom: float | None) -> float | None:
    """One sum over the other; None over days of people, who are not added up."""
    summed = one.bottom.metric.adds is not Adds.UNIQUE
    return top / bottom * one.metric.scale if top is not None and bottom and summed else None


def _written(one: Rate) -> Iterator[Reason]:
    """The same rate written in another way."""
    stated, ours = one.stated.stated, one.ours
    if ours is None or not stated:
        return
    ways = (
        (mark("It fits if the rate there is a part of 1, not in percent."), 100.0),
        (mark("It fits if the rate there is per mille."), 0.1),
    )
    for words, times in ways if one.metric.unit is Unit.RATIO else ():
        if agree(one.metric, stated * times, ours):
            yield Reason(NORMALISED, EXPLAINS, tr(words), stated * times)
    per = 100 if one.metric.unit is Unit.RATIO else 1
    step = last_digit(stated * per)
    if step > 10.0**-_DIGITS and abs(ours - stated) * per <= step / 2 + 1e-12:
        to = figure(f"{step:g}") + (" %" if per > 1 else "")
        yield Reason(
            NORMALISED, EXPLAINS, tr("The rate looks rounded to {step}; ours rounds to the same.", step=to), stated
        )
