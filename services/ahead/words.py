"""A forecast in plain sentences: what comes, how far to trust it, and what a target takes."""

from __future__ import annotations

import math

from charts import numbers
from charts.numbers import THIN
from core.metric import Direction, Unit
from services import calendar
from services.ahead.goals import Goal
from services.ahead.outlook import FEWEST_TRIALS, Outlook, Report, Sum

_FIGURES = 4
CHANCES = {"likely": "Likely", "open": "Open", "unlikely": "Unlikely"}


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
    title, last = one.daily.metric.title, one.ahead.iloc[-1]
    if one.in_all is not None:
        return f"{title}: about {write(one, one.in_all.mean)} in the next {one.horizon} days{_beside(one, one.in_all)}."
    day = calendar.day_words(last["day"].date(), year=last["day"].year != one.daily.last.year)
    band = f"{write(one, last['lower'])} to {write(one, last['upper'])}"
    if one.stands:
        now = write(one, float(one.daily.values.iloc[-1]))
        return f"{title}: about {write(one, last['mean'])} on {day} ({band}), from {now} now."
    return f"{title}: about {write(one, last['mean'])} on {day} ({band}){_lately(one)}."


def _lately(one: Outlook) -> str:
    return f", against {write(one, one.recent)} over the last four weeks" if one.recent is not None else ""


def _beside(one: Outlook, found: Sum) -> str:
    if found.before is None:
        return ""
    change = f", {numbers.percent(found.change)}" if found.change is not None else ""
    return f" (the {found.days} days before: {write(one, found.before)}{change})"


def why_hidden(report: Report, *, stands: bool) -> str:
    """Why a forecast is not shown at once."""
    if report.trials < FEWEST_TRIALS:
        tried = "1 trial" if report.trials == 1 else f"{report.trials} trials"
        return f"There is too little history to check this forecast: {tried} on the past, {FEWEST_TRIALS} are needed."
    if math.isnan(report.better):
        return "Nothing changed in the past, so there is nothing to check this forecast by."
    return f"This forecast was not nearer than the simple guess {guess(stands=stands)}, so it is not worth much."


def guess(*, stands: bool) -> str:
    """The simple guess it has to beat."""
    return "that nothing changes" if stands else "that last week repeats itself"


def card(report: Report, *, stands: bool) -> tuple[tuple[str, str], ...]:
    """The report card: what was looked at, and how it did."""
    rows = [
        ("Against the simple guess", _against(report, stands=stands)),
        ("Days inside the band", _held(report)),
        ("Mean miss (MASE)", _misses(report, stands=stands)),
        ("Method", f"{report.method[:1].upper()}{report.method[1:]}."),
    ]
    return tuple(rows)


def _against(report: Report, *, stands: bool) -> str:
    if math.isnan(report.better):
        return "n/a: nothing changed." if report.trials else "n/a: the history is too short for a trial on the past."
    tried = "the one trial" if report.trials == 1 else f"{report.trials} trials"
    size = f"{abs(report.better) * 100:.0f}{THIN}%"
    word = "smaller" if report.better > 0 else "larger"
    return f"In {tried} on the past its misses were {size} {word} than those of the guess {guess(stands=stands)}."


def _held(report: Report) -> str:
    if math.isnan(report.held):
        return "n/a: too few trials."
    return f"{report.held * 100:.0f} of 100; it should be about 95."


def _misses(report: Report, *, stands: bool) -> str:
    if math.isnan(report.ours):
        return "n/a"
    usual = "one day to the next" if stands else "one week to the next"
    return f"{report.ours:,.2f}, the simple guess {report.naive:,.2f}; 1 is the usual change from {usual}."


def in_all(one: Outlook, found: Sum) -> tuple[tuple[str, str], ...]:
    """The sum over the days ahead, beside as many days before."""
    before = write(one, found.before)
    if found.before is None:
        before = f"n/a: {found.known} of these {found.days} days are known"
    change = f" ({numbers.percent(found.change)})" if found.change is not None else ""
    return (
        (f"Next {found.days} days", f"about {write(one, found.mean)}{change}"),
        (f"The {found.days} days before", before),
        ("Widest range", f"{write(one, found.lower)} to {write(one, found.upper)}"),
    )


WIDEST = (
    "Widest: every day at the low end of its band, or every day at the high end. Days rarely all miss to the same "
    "side, so the sum will mostly lie well inside; anything narrower would be guessed."
)


def verdict(one: Outlook, found: Goal) -> str:
    """Whether the target will be reached, in one sentence."""
    by = f"by {calendar.day_words(found.day, year=True)}"
    band = "widest range" if one.adds else "band"
    middle = (
        f"the {band} is {write(one, found.lower)} to {write(one, found.upper)}, its middle {write(one, found.mean)}"
    )
    least = "at most " if _downwards(one) else ""
    target = f"{least}{write(one, found.target)}"
    if found.chance == "open":
        reached = (found.mean <= found.target) if _downwards(one) else (found.mean >= found.target)
        side = "would reach it" if reached else "would miss it"
        return f"{target} {by} lies inside the {band}: {middle}, which {side}."
    side = "all of the forecast reaches it" if found.chance == "likely" else "no part of the forecast reaches it"
    return f"{target} {by}: {side}; {middle}."


def _downwards(one: Outlook) -> bool:
    return one.daily is not None and one.daily.metric.direction is Direction.DOWN


def pace(one: Outlook, found: Goal) -> str:
    """What each day would have to bring, beside what is expected and what was."""
    if found.a_day is None:
        lately = f" Over the last four weeks it was {write(one, one.recent)}." if one.recent is not None else ""
        return f"Each day is a rate of its own, so there is no growth a day to name.{lately}"
    sign = _signed if one.stands else write
    needed, foreseen = sign(one, found.a_day), sign(one, found.foreseen_a_day)
    lately = f"the last four weeks brought {sign(one, found.lately_a_day)} a day"
    if one.stands and (found.a_day >= 0 if _downwards(one) else found.a_day <= 0):
        return f"It stands there already. Expected: {foreseen} a day; {lately}."
    said = f"Needed from now: {needed} a day, for {found.days} days. Expected: {foreseen} a day"
    return f"{said}; {lately}."


def _signed(one: Outlook, value: float | None) -> str:
    written = write(one, value)
    return f"+{written}" if value is not None and value > 0 else written
