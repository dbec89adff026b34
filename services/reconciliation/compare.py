"""A number read in a platform's own interface against ours: the difference, and the layer at which it arises."""

from __future__ import annotations

from datetime import datetime

from analytics.metrics import registry
from core.language import figure, tr, trn
from core.metric import Adds, Unit
from core.question import Question, Where
from core.viewer import Right, Viewer
from services import ask
from services.connecting import platforms
from services.reconciliation import by_day, kept, rates
from services.reconciliation.by_day import Day
from services.reconciliation.compared import AGREES, DIFFERS, NONE, Compared, ComparedList, Layer
from services.reconciliation.kept import Stated
from services.reconciliation.reasons import AGGREGATED, COULD, EXPLAINS, READ, Reason, close, ordered, reasons
from services.reconciliation.traced import Traced, added, as_of, traced

SHOWN = 10
"""How many of the list are worked out anew each time it is shown."""


def newest(viewer: Viewer, *, now: datetime) -> ComparedList:
    """The newest numbers that were kept, against ours as they are now."""
    stated, total = kept.newest(viewer, SHOWN)
    return ComparedList(tuple(compare(viewer, one, now=now) for one in stated), total)


def compare(viewer: Viewer, stated: Stated, *, now: datetime, days: tuple[Day, ...] = ()) -> Compared:
    """One number against ours; `days` are those it is made of on both sides, where its file names them."""
    viewer.require(Right.READ)
    if registry.metric(stated.metric).numerator:
        return rates.compare(viewer, stated, now=now)
    one = traced(viewer.workspace_id, stated, now=now)
    where = Where(accounts=(stated.account_id,))
    number = ask.ask(viewer, Question((stated.metric,), stated.period, where=where), now=now).totals[stated.metric]
    then = as_of(viewer, stated, one.restated_at, now=now)
    ours = number.value
    why = number.why_none or tr("no data")
    found = ordered((*by_day.reasons(stated, one.metric, days, ours), *reasons(one, ours, then, now)))
    verdict = NONE if ours is None or number.at_most else AGREES if close(ours, stated.stated) else DIFFERS
    layer, said = _layer(one, ours, number.at_most, why, verdict, found)
    return Compared(
        stated=stated,
        unit=number.unit,
        currency=number.currency,
        ours=ours,
        verdict=verdict,
        layer=layer,
        said=said,
        layers=_layers(one, ours, number.at_most, why),
        reasons=() if verdict == AGREES else found,
    )


def _layers(one: Traced, ours: float | None, at_most: bool, why: str) -> tuple[Layer, ...]:
    title = platforms.title(one.stated.platform)
    n = one.stated.period.days
    known = n - one.lacking - one.unfinished
    first, whole = one.total(one.first), one.total(one.days)
    days = trn("{known} of {n} day known", "{known} of {n} days known", n, known=known)
    if one.metric.adds is Adds.STOCK:
        gave = tr("What {platform} gave, as first read: its last known day; {days}.", platform=title, days=days)
    else:
        gave = tr("What {platform} gave, as first read: day by day, added up; {days}.", platform=title, days=days)
    formula = " − ".join([added(one.terms), *(added((name,)) for name in one.minus)])
    definition = tr("By the metric's definition: {formula}.", formula=formula)
    if one.metric.unit is Unit.SECONDS:
        definition += " " + tr("Times are kept in seconds.")
    return (
        Layer(tr("Read"), first, gave),
        Layer(tr("Read, as it stands"), whole, tr("The same with what was changed later.")),
        Layer(tr("Normalised"), whole, definition),
        Layer(tr("Aggregated"), None if at_most else ours, _aggregated(one, at_most, ours, why)),
    )


def _aggregated(one: Traced, at_most: bool, ours: float | None, why: str) -> str:
    if ours is None:
        return tr("No number on the pages: {why}.", why=why)
    if at_most:
        most = figure(f"{ours:,.0f}")
        return tr("On the pages only a bound, at most {most}: people of several days cannot be added up.", most=most)
    if one.metric.adds is Adds.STOCK:
        return tr("What the pages show: the level at the period's end.")
    if one.metric.adds is Adds.UNIQUE and one.stated.period.days > 1:
        return tr("What the pages show: the platform's own count of people for exactly these days.")
    return tr("What the pages show for the period.")


def _layer(
    one: Traced, ours: float | None, at_most: bool, why: str, verdict: str, found: tuple[Reason, ...]
) -> tuple[str, str]:
    """Where the difference arises, and the sentence that says so."""
    if verdict == AGREES:
        return "", tr("The two agree.")
    if ours is None:
        return READ, tr("We have no number to compare: {why}.", why=why)
    fitting = next((reason for reason in found if reason.fits == EXPLAINS), None)
    if fitting:
        return fitting.layer, fitting.text
    if at_most:
        return AGGREGATED, tr("Ours is only a bound: people of several days cannot be added up, so the two may differ.")
    whole = one.total(one.days)
    counted = one.metric.adds is Adds.UNIQUE  # the platform's own count of the whole period
    if not counted and (whole is None or not close(whole, ours)):
        return AGGREGATED, tr("The days as read do not come to what the pages show: it arises when they are added up.")
    maybe = next((reason for reason in found if reason.fits == COULD), None)
    if maybe:
        return maybe.layer, maybe.text
    title = platforms.title(one.stated.platform)
    return READ, tr(
        "The days as {platform} gave them come to ours; no known reason covers the difference of the totals.",
        platform=title,
    )
