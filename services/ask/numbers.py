"""Folded sums as numbers a person can read: value, comparison, and why there is none."""

from __future__ import annotations

import numpy as np

from analytics.metrics.arithmetic import Folded, Why
from core.language import tr
from core.question import Note, Number
from services.ask import notes as ask_notes
from services.ask.sums import Groups, Sums
from services.words import calendar

Compared = tuple[Folded, Folded]
"""The part of the period that is compared, and what it is compared with."""


def numbers(
    sums: Sums, groups: Groups, total: Folded, compared: Compared | None, notes: tuple[Note, ...]
) -> list[Number]:
    """One number per group."""
    return [_number(sums, groups, at, total, compared, notes) for at in range(groups.n)]


def _number(
    sums: Sums, groups: Groups, at: int, total: Folded, compared: Compared | None, notes: tuple[Note, ...]
) -> Number:
    metric = sums.metric
    value = _plain(total.value[at, 0])
    mine, previous = (None, None) if compared is None else (_plain(one.value[at, 0]) for one in compared)
    unsure = compared is not None and bool(compared[0].at_most[at, 0] or compared[1].at_most[at, 0])
    difference = None if mine is None or previous is None or unsure else mine - previous
    change = difference / abs(previous) if difference is not None and previous else None
    return Number(
        metric=metric.name,
        value=value,
        unit=metric.unit,
        direction=metric.direction,
        previous=previous,
        difference=difference,
        change=change,
        why_none="" if value is not None else _why_none(sums, groups, at, total),
        why_no_change="" if change is not None or compared is None else _why_no_change(sums, mine, previous, unsure),
        at_most=bool(total.at_most[at, 0]),
        currency=ask_notes.currency_of(sums, groups.codes == at),
        notes=notes,
        compared=mine,
    )


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _why_none(sums: Sums, groups: Groups, at: int, total: Folded) -> str:
    metric = sums.metric
    match Why(int(total.why[at, 0])):
        case Why.ZERO:
            return tr("{metric} is 0", metric=ask_notes.metric_title(metric.denominator))
        case Why.CURRENCIES:
            return tr("several currencies, which are never added")
        case Why.HOLES:
            return tr("days are missing, so not even an upper bound is known")
        case Why.NOT_EXACT:
            return tr("not available: people cannot be added up over days or accounts")
        case _:
            return _why_missing(sums, groups, at)


def _why_missing(sums: Sums, groups: Groups, at: int) -> str:
    scope = sums.shared.scope
    if not scope.accounts:
        return tr("nothing is connected")
    places = np.unique(sums.shared.cells.account[groups.codes == at]).tolist()
    return ask_notes.why_missing(sums, places or list(range(len(scope.accounts))))


def _why_no_change(sums: Sums, mine: float | None, previous: float | None, unsure: bool) -> str:
    scope = sums.shared.scope
    past = "" if scope.past is None else calendar.against(scope.period, scope.past)[1]
    if unsure:
        return tr("an upper bound cannot be compared")
    if previous is None:
        return tr("no data {period}", period=past)
    if mine is None:
        return tr("no value to compare")
    return tr("it was 0 {period}", period=past)
