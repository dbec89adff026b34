"""A number read in a platform's own interface against ours: the difference, and the layer at which it arises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.errors import BadQuestion
from core.metric import Adds, Unit
from core.question import Question, Where
from core.viewer import Right, Viewer
from services import ask, platforms
from services.reconciliation import kept
from services.reconciliation.kept import Stated
from services.reconciliation.reasons import (
    AGGREGATED,
    COULD,
    EXPLAINS,
    NORMALISED,
    READ,
    Reason,
    close,
    reasons,
)
from services.reconciliation.traced import Traced, traced

AGREES, DIFFERS, NONE = "agrees", "differs", "not comparable"
SHOWN = 10
"""How many of the list are worked out anew each time it is shown."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What the number is at one layer, and how it came about; None with the reason where there is none."""

    name: str
    number: float | None
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One number against ours. `difference` is ours less theirs, `share` of theirs (None where theirs is 0). `layer` is
    where the difference arises, empty where there is none; `said` says it in a sentence."""

    stated: Stated
    unit: Unit
    currency: str
    ours: float | None
    difference: float | None
    share: float | None
    verdict: str
    layer: str
    said: str
    layers: tuple[Layer, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ComparedList:
    """The newest numbers, each worked out now, and how many there are in all."""

    found: tuple[Compared, ...]
    total: int


def newest(viewer: Viewer, *, now: datetime) -> ComparedList:
    """The newest numbers that were kept, against ours as they are now."""
    stated, total = kept.newest(viewer, SHOWN)
    return ComparedList(tuple(compare(viewer, one, now=now) for one in stated), total)


def compare(viewer: Viewer, stated: Stated, *, now: datetime) -> Compared:
    """One number against ours."""
    viewer.require(Right.READ)
    one = traced(viewer.workspace_id, stated, now=now)
    where = Where(accounts=(stated.account_id,))
    number = ask.ask(viewer, Question((stated.metric,), stated.period, where=where), now=now).totals[stated.metric]
    then = _then(viewer, one, where, now)
    ours = number.value
    why = number.why_none or "no data"
    found = reasons(one, ours, then, now)
    gap = None if ours is None else ours - stated.stated
    verdict = NONE if gap is None or number.at_most else AGREES if close(ours or 0.0, stated.stated) else DIFFERS
    layer, said = _layer(one, ours, number.at_most, why, verdict, found)
    return Compared(
        stated=stated,
        unit=number.unit,
        currency=number.currency,
        ours=ours,
        difference=gap,
        share=gap / abs(stated.stated) if gap is not None and stated.stated else None,
        verdict=verdict,
        layer=layer,
        said=said,
        layers=_layers(one, ours, number.at_most, why),
        reasons=() if verdict == AGREES else found,
    )


def _then(viewer: Viewer, one: Traced, where: Where, now: datetime) -> float | None:
    """What ours was when the other number was noted, where something has changed since."""
    if one.restated_at is None or one.restated_at <= one.stated.made_at:
        return None
    question = Question((one.stated.metric,), one.stated.period, where=where, as_of=one.stated.made_at)
    try:
        return ask.ask(viewer, question, now=now).totals[one.stated.metric].value
    except BadQuestion:  # the period had not begun then
        return None


def _layers(one: Traced, ours: float | None, at_most: bool, why: str) -> tuple[Layer, ...]:
    title = platforms.title(one.stated.platform)
    n = one.stated.period.days
    known = n - one.lacking - one.unfinished
    first, whole = one.total(one.first), one.total(one.days)
    days = f"{known} of {n} {'day' if n == 1 else 'days'} known"
    level = one.metric.adds is Adds.STOCK
    way = "its last known day" if level else "day by day, added up"
    names = [*one.terms, *(f"-{name}" for name in one.minus)]
    formula = " + ".join(names).replace("_", " ").replace("+ -", "− ")
    unit = " Times are kept in seconds." if one.metric.unit is Unit.SECONDS else ""
    total = ours if not at_most else None
    by_definition = one.total(one.days)
    return (
        Layer("Read", first, f"What {title} gave, as first read: {way}; {days}."),
        Layer("Read, as it stands", whole, "The same with what was changed later."),
        Layer("Normalised", by_definition, f"By the metric's definition: {formula}.{unit}"),
        Layer("Aggregated", total, _aggregated(one, at_most, ours, why)),
    )


def _aggregated(one: Traced, at_most: bool, ours: float | None, why: str) -> str:
    if ours is None:
        return f"No number on the pages: {why}."
    if at_most:
        return f"On the pages only a bound, at most {ours:,.0f}: people of several days cannot be added up."
    if one.metric.adds is Adds.STOCK:
        return "What the pages show: the level at the period's end."
    if one.metric.adds is Adds.UNIQUE and one.stated.period.days > 1:
        return "What the pages show: the platform's own count of people for exactly these days."
    return "What the pages show for the period."


def _layer(
    one: Traced, ours: float | None, at_most: bool, why: str, verdict: str, found: tuple[Reason, ...]
) -> tuple[str, str]:
    """Where the difference arises, and the sentence that says so."""
    if verdict == AGREES:
        return "", "The two agree."
    if ours is None:
        return READ, f"We have no number to compare: {why}."
    fitting = next((reason for reason in found if reason.fits == EXPLAINS), None)
    if fitting:
        return fitting.layer, fitting.text
    if at_most:
        return AGGREGATED, "Ours is only a bound: people of several days cannot be added up, so the two may differ."
    whole = one.total(one.days)
    counted = one.metric.adds is Adds.UNIQUE  # the platform's own count of the whole period
    if not counted and (whole is None or not close(whole, ours)):
        return AGGREGATED, "The days as read do not come to what the pages show: it arises when they are added up."
    maybe = next((reason for reason in found if reason.fits == COULD), None)
    if maybe:
        return maybe.layer, maybe.text
    title = platforms.title(one.stated.platform)
    return READ, f"The days as {title} gave them come to ours; no known reason covers the difference to its screen."


LAYERS = {READ: "In what was read", NORMALISED: "In the definition", AGGREGATED: "In adding up", "": ""}
"""Layer -> where that is, in words."""
