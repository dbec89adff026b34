"""A rate that a platform shows against our sum ÷ sum: which of its two parts differs, and what else it may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from analytics.metrics import registry
from core.language import inside, mark, tr
from core.metric import Metric, Unit
from core.question import Answer, By, Question, Where
from core.viewer import Viewer
from services import ask
from services.reconciliation import kept
from services.reconciliation.compared import AGREES, BOTH, DENOMINATOR, DIFFERS, NONE, NUMERATOR, Compared, Layer, Part
from services.reconciliation.kept import Stated
from services.reconciliation.rate_reasons import Rate, agree, last_digit, mean_of_days, reasons
from services.reconciliation.reasons import COULD, EXPLAINS, READ, Reason, close, ordered, said
from services.reconciliation.traced import added, as_of, traced


def compare(viewer: Viewer, stated: Stated, *, now: datetime) -> Compared:
    """One rate against ours."""
    metric = registry.metric(stated.metric)
    where, others = Where(accounts=(stated.account_id,)), _others(metric, stated.platform)
    question = Question((metric.name, *others), stated.period, by=By.DAY, where=where)
    answer = ask.ask(viewer, question, now=now)
    top, bottom = (traced(viewer.workspace_id, replace(stated, metric=name), now=now)
                   for name in (metric.numerator, metric.denominator))  # fmt: skip
    parts = _parts(metric, stated, _sides(answer, metric), kept.of_same_days(viewer, stated))
    one = Rate(stated, metric, answer, top, bottom, parts)
    number = answer.totals[metric.name]
    changed = max((at for at in (top.restated_at, bottom.restated_at) if at), default=None)
    found = ordered(tuple(reasons(one, as_of(viewer, stated, changed, now=now))))
    ours = one.ours
    verdict = NONE if ours is None or number.at_most else AGREES if agree(metric, ours, stated.stated) else DIFFERS
    layer, sentence = _layer(one, verdict, number.why_none or tr("no data"), found)
    return Compared(
        stated=stated,
        unit=number.unit,
        currency=number.currency,
        ours=ours,
        verdict=verdict,
        layer=layer,
        said=sentence,
        layers=_layers(one, number.why_none),
        reasons=() if verdict == AGREES else found,
        parts=parts,
    )


def _others(metric: Metric, platform: str) -> list[str]:
    """Rates of the same numerator over something else that the platform gives."""
    return [
        other.name
        for other in registry.METRICS.values()
        if other.numerator == metric.numerator and other != metric and other.unit is metric.unit
        and other.pairs == "day" and not other.opening and platform in registry.platforms(other.name)
    ]  # fmt: skip


def _sides(answer: Answer, metric: Metric) -> tuple[float | None, float | None]:
    """Our numerator and denominator: what went into the rate, of the days on which both are known."""
    inputs = {one.metric: one.value for one in answer.explanations[metric.name].inputs}
    bottom = inputs.pop(metric.denominator, None)
    known = [value for value in inputs.values() if value is not None]
    return (sum(known) if known else None), bottom


# Its two parts


def _parts(
    metric: Metric, stated: Stated, ours: tuple[float | None, float | None], noted: dict[str, Stated]
) -> tuple[Part, Part]:
    """Both parts: what is known of them on the platform's side, and what its rate makes of them."""
    names = metric.numerator, metric.denominator
    theirs = [noted[name].stated if name in noted else None for name in names]
    top, bottom = ((theirs[at] if theirs[at] is not None else ours[at]) for at in (0, 1))
    rate = stated.stated / metric.scale
    implied = (rate * bottom if bottom is not None else None), (top / rate if top is not None and rate else None)
    room = _room(metric, stated.stated)
    made = []
    for at, name in enumerate(names):
        one = registry.metric(name)
        is_known = theirs[at] is not None or theirs[1 - at] is not None
        other = theirs[at] if theirs[at] is not None else implied[at]
        mine, verdict = ours[at], ""
        if is_known and other is not None and mine is not None:
            alike = close(mine, other) or (theirs[at] is None and abs(mine - other) <= room * abs(other))
            verdict = AGREES if alike else DIFFERS
        made.append(Part(tr(one.title), one.unit, mine, theirs[at], implied[at], verdict))
    return made[0], made[1]


def _room(metric: Metric, rate: float) -> float:
    """How far off a rate may be by its rounding, as a share of it."""
    shown = rate * 100 if metric.unit is Unit.RATIO else rate
    return 0.5 * last_digit(shown) / abs(shown) if shown else 0.0


# Where it arises


def _layer(one: Rate, verdict: str, why: str, found: tuple[Reason, ...]) -> tuple[str, str]:
    """Where the difference arises, and the sentence that says so."""
    if verdict == AGREES:
        return "", tr("The two agree.")
    if verdict == NONE:
        return READ, tr("We have no rate to compare: {why}.", why=why)
    fitting = next((reason for reason in found if reason.fits == EXPLAINS), None)
    if any(part.verdict for part in one.parts):
        where, said_of = _which(one)
        return (fitting.layer if fitting else where), f"{said_of} {fitting.text}" if fitting else said_of
    fitting = fitting or next((reason for reason in found if reason.fits == COULD), None)
    return (fitting.layer, fitting.text) if fitting else ("", _open(one))


def _which(one: Rate) -> tuple[str, str]:
    """Which of the parts differ, as far as the platform's are known."""
    top, bottom = one.parts
    apart = [part for part in one.parts if part.verdict == DIFFERS]
    if not apart:
        return "", tr("Neither part differs, so the rate itself is rounded or made in another way.")
    if top.theirs is not None and bottom.theirs:
        made = top.theirs / bottom.theirs * one.metric.scale
        if not agree(one.metric, made, one.stated.stated):
            return "", tr(
                "What was entered comes to {rate}, not to the rate: one of the three was read elsewhere, or the rate "
                "is not one over the other.",
                rate=one.words(made),
            )
    if len(apart) == 2:
        return BOTH, tr("Both parts differ: {part}; {other}.", part=_sides_of(top), other=_sides_of(bottom))
    sides = _sides_of(apart[0])
    if apart[0] is top:
        return NUMERATOR, tr("The numerator differs: {sides}. {metric} agrees.", sides=sides, metric=bottom.title)
    return DENOMINATOR, tr("The denominator differs: {sides}. {metric} agrees.", sides=sides, metric=top.title)


def _sides_of(part: Part) -> str:
    if part.theirs is None:
        about = {"metric": inside(part.title), "number": _about(part), "ours": _number(part)}
        return tr("their rate makes {metric} about {number}, ours is {ours}", **about)
    both = {"metric": inside(part.title), "theirs": said(part.theirs), "ours": _number(part)}
    return tr("{metric} is {theirs} there and {ours} here", **both)


def _about(part: Part) -> str:
    return said(float(round(part.implied or 0.0)))


def _number(part: Part) -> str:
    return tr("n/a") if part.ours is None else said(part.ours)


def _open(one: Rate) -> str:
    """What the rate alone can say about its parts."""
    top, bottom = one.parts
    names = {"top": inside(top.title), "bottom": inside(bottom.title)}
    if top.implied is None or bottom.implied is None:
        return tr("Enter {top} or {bottom} as the platform shows it to see which of the two differs.", **names)
    return tr(
        "With our {bottom}, their rate means {top} of about {about_top} (ours {our_top}); with our {top}, {bottom} of "
        "about {about_bottom} (ours {our_bottom}). Enter one of the two to see which differs.",
        about_top=_about(top),
        our_top=_number(top),
        about_bottom=_about(bottom),
        our_bottom=_number(bottom),
        **names,
    )


def _layers(one: Rate, why: str) -> tuple[Layer, ...]:
    n = one.stated.period.days
    of = [tr("Made of {terms}.", terms=added(one.top.terms))] if len(one.top.terms) > 1 else []
    mean, days = mean_of_days(one)
    known = {"n": days, "all": n}
    whole = tr("What the pages show, of the days on which both parts are known: {n} of {all}.", **known)
    heads = mark("Numerator, {metric}"), mark("Denominator, {metric}")
    top, bottom = (
        Layer(tr(head, metric=inside(part.title)), part.ours, " ".join(filter(None, (*text, _theirs(part)))), part.unit)
        for head, part, text in zip(heads, one.parts, (of, []), strict=True)
    )
    return (
        top,
        bottom,
        Layer(tr("Sum ÷ sum"), one.ours, whole if one.ours is not None else tr("None: {why}.", why=why)),
        Layer(
            tr("Mean of the days"), mean, tr("Not the rate of the period: a quiet day weighs as much as a busy one.")
        ),
    )


def _theirs(part: Part) -> str:
    """The platform's side of a part."""
    if part.theirs is not None:
        if not part.verdict:
            return tr("Theirs {number}.", number=said(part.theirs))
        return tr("Theirs {number}: {verdict}.", number=said(part.theirs), verdict=tr(part.verdict))
    if part.implied is None:
        return ""
    return tr("Theirs is not entered; their rate makes it about {number}.", number=_about(part))
