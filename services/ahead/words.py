"""A forecast in plain sentences: what comes, how far to trust it, and what a target takes."""

from __future__ import annotations

import math

from core import numbers
from core import verdict as judged
from core.language import figure, mark, tr, trn
from core.metric import Direction, Unit
from core.numbers import THIN
from services.ahead.goals import Goal
from services.ahead.outlook import FEWEST_TRIALS, Outlook, Report, Sum
from services.words import calendar

_FIGURES = 4
CHANCES = {"likely": mark("Likely"), "open": mark("Undecided"), "unlikely": mark("Unlikely")}
_SUM_VERDICTS = {
    "likely": mark("{target} by {day}: all of the forecast reaches it; the widest range is {low} to {high}, its middle "
                   "{middle}."),
    "unlikely": mark("{target} by {day}: no part of the forecast reaches it; the widest range is {low} to {high}, its "
                     "middle {middle}."),
    "reach": mark("{target} by {day} lies inside the widest range: the widest range is {low} to {high}, its middle "
                  "{middle}, which would reach it."),
    "miss": mark("{target} by {day} lies inside the widest range: the widest range is {low} to {high}, its middle "
                 "{middle}, which would miss it."),
}  # fmt: skip
_VERDICTS = {
    "likely": mark("{target} by {day}: all of the forecast reaches it; the band is {low} to {high}, its middle "
                   "{middle}."),
    "unlikely": mark("{target} by {day}: no part of the forecast reaches it; the band is {low} to {high}, its middle "
                     "{middle}."),
    "reach": mark("{target} by {day} lies inside the band: the band is {low} to {high}, its middle {middle}, which "
                  "would reach it."),
    "miss": mark("{target} by {day} lies inside the band: the band is {low} to {high}, its middle {middle}, which "
                 "would miss it."),
}  # fmt: skip


def write(one: Outlook, value: float | None) -> str:
    """A value of the metric in a few characters; of a level four figures, for it moves little."""
    unit, currency = (one.daily.metric.unit, one.daily.currency) if one.daily is not None else (Unit.COUNT, "")
    if value is None or unit is not Unit.COUNT or abs(value) < 10:
        return numbers.short(value, unit, currency)
    if one.stands:
        return numbers.exact(_figures(value), unit)
    return numbers.short(float(round(value)), unit)


def _figures(value: float) -> float:
    """The first four figures of a value.

    >>> _figures(193_447.2), _figures(-31.26), _figures(0.0)
    (193400.0, -31.0, 0.0)
    """
    digits = min(_FIGURES - 1 - math.floor(math.log10(abs(value))), 0) if value else 0
    return float(round(value, digits))


def finding(one: Outlook) -> str:
    """Where it is heading, in one sentence."""
    if one.daily is None or one.ahead.empty:
        return one.why_none
    title, last = tr(one.daily.metric.title), one.ahead.iloc[-1]
    if one.in_all is not None:
        return _sum(one, title, one.in_all)
    values = {
        "metric": title,
        "value": write(one, last["mean"]),
        "day": calendar.day_words(last["day"].date(), year=last["day"].year != one.daily.last.year),
        "low": write(one, last["lower"]),
        "high": write(one, last["upper"]),
    }
    if one.stands:
        now = write(one, float(one.daily.values.iloc[-1]))
        return tr("{metric}: about {value} on {day} ({low} to {high}), from {now} now.", **values, now=now)
    if one.recent is not None:
        return tr("{metric}: about {value} on {day} ({low} to {high}), against {recent} over the last four weeks.",
                  **values, recent=write(one, one.recent))  # fmt: skip
    return tr("{metric}: about {value} on {day} ({low} to {high}).", **values)


def _sum(one: Outlook, title: str, found: Sum) -> str:
    values = {"metric": title, "value": write(one, found.mean), "days": one.horizon, "past": found.days}
    if found.before is None:
        return tr("{metric}: about {value} in the next {days} days.", **values)
    before = write(one, found.before)
    if found.change is None:
        return tr("{metric}: about {value} in the next {days} days (the {past} days before: {before}).",
                  **values, before=before)  # fmt: skip
    return tr("{metric}: about {value} in the next {days} days (the {past} days before: {before}, {change}).",
              **values, before=before, change=numbers.percent(found.change))  # fmt: skip


def why_hidden(report: Report, *, stands: bool) -> str:
    """Why a forecast is not shown at once."""
    if report.trials < FEWEST_TRIALS:
        return trn(
            "There is too little history to check this forecast: {n} trial on the past, {fewest} are needed.",
            "There is too little history to check this forecast: {n} trials on the past, {fewest} are needed.",
            report.trials,
            fewest=FEWEST_TRIALS,
        )
    if math.isnan(report.better):
        return tr("Nothing changed in the past, so there is nothing to check this forecast by.")
    return tr("This forecast was not nearer than the simple guess {guess}, so it is not worth much.",
              guess=guess(stands=stands))  # fmt: skip


def guess(*, stands: bool) -> str:
    """The simple guess it has to beat."""
    return tr("that nothing changes") if stands else tr("that last week repeats itself")


def card(report: Report, *, stands: bool) -> tuple[tuple[str, str], ...]:
    """The report card: what was looked at, and how it did."""
    method = judged.method(report.method)
    rows = [
        (tr("Against the simple guess"), _against(report, stands=stands)),
        (tr("Days inside the band"), _held(report)),
        (tr("Mean miss (MASE)"), _misses(report, stands=stands)),
        (tr("Method"), f"{method[:1].upper()}{method[1:]}."),
    ]
    return tuple(rows)


def _against(report: Report, *, stands: bool) -> str:
    if math.isnan(report.better):
        if report.trials:
            return tr("n/a: nothing changed.")
        return tr("n/a: the history is too short for a trial on the past.")
    values = {"share": figure(f"{abs(report.better) * 100:.0f}") + f"{THIN}%", "guess": guess(stands=stands)}
    if report.better > 0:
        return trn("In the one trial on the past its misses were {share} smaller than those of the guess {guess}.",
                   "In {n} trials on the past its misses were {share} smaller than those of the guess {guess}.",
                   report.trials, **values)  # fmt: skip
    return trn("In the one trial on the past its misses were {share} larger than those of the guess {guess}.",
               "In {n} trials on the past its misses were {share} larger than those of the guess {guess}.",
               report.trials, **values)  # fmt: skip


def _held(report: Report) -> str:
    if math.isnan(report.held):
        return tr("n/a: too few trials.")
    return tr("{n} of 100; it should be about 95.", n=f"{report.held * 100:.0f}")


def _misses(report: Report, *, stands: bool) -> str:
    if math.isnan(report.ours):
        return tr("n/a")
    misses = {"ours": figure(f"{report.ours:,.2f}"), "naive": figure(f"{report.naive:,.2f}")}
    if stands:
        return tr("{ours}, the simple guess {naive}; 1 is the usual change from one day to the next.", **misses)
    return tr("{ours}, the simple guess {naive}; 1 is the usual change from one week to the next.", **misses)


def in_all(one: Outlook, found: Sum) -> tuple[tuple[str, str], ...]:
    """The sum over the days ahead, beside as many days before."""
    before = write(one, found.before)
    if found.before is None:
        before = tr("n/a: {n} of these {days} days are known", n=found.known, days=found.days)
    coming = tr("about {value}", value=write(one, found.mean))
    change = f" ({numbers.percent(found.change)})" if found.change is not None else ""
    return (
        (tr("Next {days} days", days=found.days), f"{coming}{change}"),
        (tr("The {days} days before", days=found.days), before),
        (tr("Widest range"), tr("{low} to {high}", low=write(one, found.lower), high=write(one, found.upper))),
    )


WIDEST = mark(
    "Widest: every day at the low end of its band, or every day at the high end. Days rarely all miss to the same "
    "side, so the sum will mostly lie well inside; anything narrower would be guessed."
)


def verdict(one: Outlook, found: Goal) -> str:
    """Whether the target will be reached, in one sentence."""
    target, way = write(one, found.target), found.chance
    if way == "open":
        reached = (found.mean <= found.target) if _downwards(one) else (found.mean >= found.target)
        way = "reach" if reached else "miss"
    return tr(
        (_SUM_VERDICTS if one.adds else _VERDICTS)[way],
        target=tr("at most {value}", value=target) if _downwards(one) else target,
        day=calendar.day_words(found.day, year=True),
        low=write(one, found.lower),
        high=write(one, found.upper),
        middle=write(one, found.mean),
    )


def _downwards(one: Outlook) -> bool:
    return one.daily is not None and one.daily.metric.direction is Direction.DOWN


def pace(one: Outlook, found: Goal) -> str:
    """What each day would have to bring, beside what is expected and what was."""
    if found.a_day is None:
        said = tr("Each day is a rate of its own, so there is no growth a day to name.")
        if one.recent is None:
            return said
        return f"{said} {tr('Over the last four weeks it was {value}.', value=write(one, one.recent))}"
    sign = _signed if one.stands else write
    expected = tr("Expected: {foreseen} a day; the last four weeks brought {lately} a day.",
                  foreseen=sign(one, found.foreseen_a_day), lately=sign(one, found.lately_a_day))  # fmt: skip
    if one.stands and (found.a_day >= 0 if _downwards(one) else found.a_day <= 0):
        return f"{tr('It stands there already.')} {expected}"
    needed = trn("Needed from now: {needed} a day, for {n} day.", "Needed from now: {needed} a day, for {n} days.",
                 found.days, needed=sign(one, found.a_day))  # fmt: skip
    return f"{needed} {expected}"


def _signed(one: Outlook, value: float | None) -> str:
    written = write(one, value)
    return f"+{written}" if value is not None and value > 0 else written
