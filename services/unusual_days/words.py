"""Unusual days in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.anomalies import Explanation
from core import language, numbers
from core.language import figure, mark, tr, trn
from core.metric import Unit
from core.numbers import THIN
from services.unusual_days.listing import Unusual, UnusualDays
from services.unusual_days.why import Why
from services.words import calendar

BUDGET = mark(
    "At most about one false alarm is to be expected per series and quarter: a day is only named when it is that far "
    "from what its own past lets expect."
)
_MOST = 4


def write(value: float | None, unit: Unit, currency: str = "") -> str:
    """A value in a few characters; counts are whole."""
    if value is not None and unit is Unit.COUNT and abs(value) >= 10:
        value = float(round(value))
    return numbers.short(value, unit, currency)


def listed(names: Sequence[str], most: int = _MOST) -> str:
    """Names in a sentence.

    >>> listed(["X"]), listed(["X", "TikTok", "YouTube"]), listed(list("abcdef"))
    ('X', 'X, TikTok and YouTube', 'a, b, c and 3 more')
    """
    if len(names) <= most:
        return language.listed(names)
    return tr("{names} and {n} more", names=", ".join(names[: most - 1]), n=len(names) - most + 1)


def headline(answer: UnusualDays) -> str:
    """What stood out in the period, in one sentence."""
    if not answer.watched:
        if answer.waiting:
            return tr("Unusual days are being computed, usually within a few minutes.")
        return tr("No metric has enough history yet to know what is usual; 21 known days are needed.")
    real = [one for one in answer.found if not one.doubtful]
    watched = trn("{n} series", "{n} series", answer.watched)
    if not real:
        return tr("Nothing unusual happened in {watched} in this period.", watched=watched)
    return trn(
        "One day stood out of what {watched} let expect. Most striking: {first}.",
        "{n} days stood out of what {watched} let expect. Most striking: {first}.",
        len(real),
        watched=watched,
        first=sentence(real[0]),
    )


def sentence(one: Unusual) -> str:
    """A day in a few words: "views on TikTok, 18 Oct: 104K where 12K was expected"."""
    return tr(
        "{metric}, {day}: {value} where {expected} was expected",
        metric=placed(language.inside(one.title), one.place_title if one.place else ""),
        day=calendar.day_words(one.day),
        value=write(one.value, one.unit, one.currency),
        expected=write(one.expected, one.unit, one.currency),
    )


def placed(title: str, place: str) -> str:
    """A metric with where it is looked at; nothing is added for everywhere.

    >>> placed("Views", "TikTok"), placed("Views", "")
    ('Views on TikTok', 'Views')
    """
    return tr("{metric} on {place}", metric=title, place=place) if place else title


def against(one: Unusual) -> str:
    """How far off a day was.

    >>> from datetime import date
    >>> def day(value, expected):
    ...     return Unusual("views", "Views", "", "", date(2026, 1, 1), value, expected, 0, 0, 0.7, Unit.COUNT)
    >>> against(day(900, 100)), against(day(20, 100)).replace(THIN, " "), against(day(-3, 0))
    ('9.0 times', '−80 %', '3 less')
    """
    if one.against is None or one.value < 0:
        moved = write(abs(one.value - one.expected), one.unit, one.currency)
        return tr("{size} more", size=moved) if one.value > one.expected else tr("{size} less", size=moved)
    if one.against >= 1:
        return tr("{times} times", times=figure(f"{one.against + 1:,.1f}") if one.against < 99 else "100+")
    size = abs(one.against) * 100
    return f"{'−' if one.against < 0 else '+'}{figure(f'{size:.{0 if size >= 10 else 1}f}')}{THIN}%"


def doubt(one: Unusual) -> str:
    """Why a day may only be a matter of what was counted; empty where it is not."""
    if one.missing:
        return tr(
            "Not known on this day: {missing}. Probably missing numbers, not a change.", missing=listed(one.missing)
        )
    if one.joined:
        return tr(
            "First counted about this day: {joined}. Probably more accounts, not a change.", joined=listed(one.joined)
        )
    return ""


def carried(found: Why) -> str:
    """Who carried the day, in one sentence; why nobody can be named where that is so."""
    told = found.told
    if told is None:
        return tr(
            "{title} does not add up over platforms or accounts, so no part can be said to carry it.",
            title=tr(found.metric.title),
        )
    if not len(told.parts):
        return tr("No platform or account is known on this day and on the same weekday before.")
    said = _moved(found, told)
    if len(told.parts) == 1:
        return f"{said} {_only(found)}"
    if not told.carried_by:
        return f"{said} {tr('The change is broad: no few parts carry it.')}"
    share = sum(float(told.parts["share"].loc[key]) for key in told.carried_by)
    carriers = trn(
        "{names} carries {share} of the change.",
        "{names} carry {share} of the change.",
        len(told.carried_by),
        names=listed([found.names.get(key, key) for key in told.carried_by]),
        share=figure(f"{share * 100:.0f}") + f"{THIN}%",
    )
    return f"{said} {carriers}"


def _moved(found: Why, told: Explanation) -> str:
    title = tr(found.metric.title)
    after, before = (write(value, found.metric.unit, found.currency) for value in (told.after, told.before))
    if found.changes:
        said = mark("{title}: the change on the day was {after}, against {before} on the same weekday of the four "
                    "weeks before.")  # fmt: skip
    elif told.change > 0:
        said = mark("{title} rose to {after}, against {before} on the same weekday of the four weeks before.")
    else:
        said = mark("{title} fell to {after}, against {before} on the same weekday of the four weeks before.")
    return tr(said, title=title, after=after, before=before)


def _only(found: Why) -> str:
    if found.told is None:
        return ""
    key = str(found.told.parts.index[0])
    name = found.names.get(key, key)
    return (
        tr("All of it is {name}, the only one known on both sides.", name=name)
        if found.told.unmeasured
        else tr("All of it is {name}.", name=name)
    )


def left_out(found: Why) -> str:
    """The parts that could not be compared, in one sentence; empty where all could."""
    if found.told is None or not found.told.unmeasured:
        return ""
    names = listed([found.names.get(one, one) for one in found.told.unmeasured])
    return tr("Not compared, because they are not known on both sides: {names}.", names=names)
