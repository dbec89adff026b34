"""Unusual days in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from charts import numbers
from charts.numbers import THIN
from core.metric import Unit
from services import calendar
from services.unusual_days.listing import Unusual, UnusualDays
from services.unusual_days.why import Why

BUDGET = (
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
    shown = list(names) if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def headline(answer: UnusualDays) -> str:
    """What stood out in the period, in one sentence."""
    if not answer.watched:
        if answer.waiting:
            return "Unusual days are being computed, usually within a few minutes."
        return "No metric has enough history yet to know what is usual; 21 known days are needed."
    real = [one for one in answer.found if not one.doubtful]
    watched = "1 series" if answer.watched == 1 else f"{answer.watched} series"
    if not real:
        return f"Nothing unusual happened in {watched} in this period."
    count = "One day stood" if len(real) == 1 else f"{len(real)} days stood"
    return f"{count} out of what {watched} let expect. Most striking: {sentence(real[0])}."


def sentence(one: Unusual) -> str:
    """A day in a few words: "views on TikTok, 18 Oct: 104K where 12K was expected"."""
    place = f" on {one.place_title}" if one.place else ""
    value, expected = write(one.value, one.unit, one.currency), write(one.expected, one.unit, one.currency)
    return f"{one.title.lower()}{place}, {calendar.day_words(one.day)}: {value} where {expected} was expected"


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
        return f"{moved} more" if one.value > one.expected else f"{moved} less"
    if one.against >= 1:
        return f"{one.against + 1:,.1f} times" if one.against < 99 else "100+ times"
    size = abs(one.against) * 100
    return f"{'−' if one.against < 0 else '+'}{size:.{0 if size >= 10 else 1}f}{THIN}%"


def doubt(one: Unusual) -> str:
    """Why a day may only be a matter of what was counted; empty where it is not."""
    if one.missing:
        return f"Not known on this day: {listed(one.missing)}. Probably missing numbers, not a change."
    if one.joined:
        return f"First counted about this day: {listed(one.joined)}. Probably more accounts, not a change."
    return ""


def carried(found: Why) -> str:
    """Who carried the day, in one sentence; why nobody can be named where that is so."""
    told, unit = found.told, found.metric.unit
    if told is None:
        return f"{found.metric.title} does not add up over platforms or accounts, so no part can be said to carry it."
    if not len(told.parts):
        return "No platform or account is known on this day and on the same weekday before."
    what = f"{found.metric.title}: the change on the day" if found.changes else found.metric.title
    did = "was" if found.changes else "rose to" if told.change > 0 else "fell to"
    after, before = write(told.after, unit, found.currency), write(told.before, unit, found.currency)
    said = f"{what} {did} {after}, against {before} on the same weekday of the four weeks before."
    if len(told.parts) == 1:
        return f"{said} {_only(found)}"
    if not told.carried_by:
        return f"{said} The change is broad: no few parts carry it."
    share = sum(float(told.parts["share"].loc[key]) for key in told.carried_by)
    verb = "carries" if len(told.carried_by) == 1 else "carry"
    names = listed([found.names.get(key, key) for key in told.carried_by])
    return f"{said} {names} {verb} {share * 100:.0f}{THIN}% of the change."


def _only(found: Why) -> str:
    if found.told is None:
        return ""
    key = str(found.told.parts.index[0])
    name = found.names.get(key, key)
    return (
        f"All of it is {name}, the only one known on both sides." if found.told.unmeasured else f"All of it is {name}."
    )


def left_out(found: Why) -> str:
    """The parts that could not be compared, in one sentence; empty where all could."""
    if found.told is None or not found.told.unmeasured:
        return ""
    names = listed([found.names.get(one, one) for one in found.told.unmeasured])
    return f"Not compared, because they are not known on both sides: {names}."
