"""Days of a file against ours: where the two lie apart, and what the pattern of the days says about why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from core.language import figure, mark, tr, trn
from core.metric import Adds, Metric
from services.reconciliation.kept import Stated
from services.reconciliation.reasons import COULD, EXPLAINS, NORMALISED, NOT, READ, Reason, close, said
from services.words import calendar

_FEWEST = 5
_MOST_APART = 3
_ALIKE, _UNLIKE = 0.8, 0.5
_SPREAD = 0.03


@dataclass(frozen=True, slots=True)
class Day:
    """One day (or post, then `title` names it) on both sides; None where a side has no number."""

    day: date
    ours: float | None
    theirs: float | None
    title: str = ""

    @property
    def apart(self) -> float:
        """Ours less theirs; a side without a number counts as nothing."""
        return (self.ours or 0.0) - (self.theirs or 0.0)

    @property
    def agrees(self) -> bool:
        """Whether both have the same number."""
        return self.ours is not None and self.theirs is not None and close(self.ours, self.theirs)


def most_apart(days: Sequence[Day]) -> tuple[Day, ...]:
    """The days that do not agree, the widest apart first."""
    return tuple(sorted((one for one in days if not one.agrees), key=lambda one: -abs(one.apart)))


def words(days: Sequence[Day]) -> str:
    """How many days agree, and where the others lie."""
    apart = most_apart(days)
    if not days or not apart:
        return trn("All {n} days agree.", "All {n} days agree.", len(days)) if days else ""
    named = ", ".join(f"{calendar.day_words(one.day)} ({_signed(one.apart)})" for one in apart[:_MOST_APART])
    counts = {"n": len(days) - len(apart), "all": len(days), "days": named}
    if len(apart) > _MOST_APART:
        return tr("{n} of {all} days agree; they differ most on {days}.", **counts)
    return tr("{n} of {all} days agree; they differ on {days}.", **counts)


def _signed(number: float) -> str:
    return f"{'+' if number > 0 else '−'}{said(abs(number))}"


def reasons(stated: Stated, metric: Metric, days: tuple[Day, ...], ours: float | None) -> Iterator[Reason]:
    """What the days say about why. `days` has one day more of ours at each end, which the file need not have."""
    inside = [one for one in days if stated.period.first <= one.day <= stated.period.last]
    if metric.adds is Adds.FLOW and ours is not None:
        yield from _gaps(stated, inside, ours)
    both = [one for one in inside if one.ours is not None and one.theirs is not None]
    if len(both) < _FEWEST:
        return
    yield from _shifted(days, both)
    yield from _times(both)


def _gaps(stated: Stated, days: Sequence[Day], ours: float) -> Iterator[Reason]:
    """Days that only one side has."""
    lacking = [one.theirs for one in days if one.ours is None and one.theirs is not None]
    more = [one.ours for one in days if one.theirs is None and one.ours is not None]
    missing = trn(
        "{n} day in the file is missing here; the file has {number} there.",
        "{n} days in the file are missing here; the file has {number} there.",
        len(lacking),
        number=said(sum(lacking)),
    )
    added = trn(
        "{n} day of these is not in the file; here {number} fall on them.",
        "{n} days of these are not in the file; here {number} fall on them.",
        len(more),
        number=said(sum(more)),
    )
    for values, part, text in ((lacking, -sum(lacking), missing), (more, sum(more), added)):
        if values:
            yield Reason(READ, _covers(ours - stated.stated, part), text, stated.stated + part)


def _covers(gap: float, part: float) -> str:
    """Whether a part makes up all of a gap, some of it, or nothing."""
    if close(gap, part):
        return EXPLAINS if part else NOT
    return COULD if gap * part > 0 else NOT


def _shifted(days: Sequence[Day], both: Sequence[Day]) -> Iterator[Reason]:
    """The same numbers a day earlier or later."""
    here = {one.day: one.ours for one in days if one.ours is not None}
    if sum(one.agrees for one in both) > _UNLIKE * len(both):
        return
    for shift in (-1, 1):
        pairs = [(one.theirs, here.get(one.day + timedelta(days=shift))) for one in both]
        alike = sum(mine is not None and theirs is not None and close(mine, theirs) for theirs, mine in pairs)
        if alike >= _ALIKE * len(both):
            days_alike = {"n": alike, "all": len(both)}
            later = mark("The file has our numbers a day later, on {n} of {all} days: its days end at another hour.")
            sooner = mark("The file has our numbers a day earlier, on {n} of {all} days: its days end at another hour.")
            yield Reason(READ, EXPLAINS, tr(later if shift < 0 else sooner, **days_alike))


def _times(both: Sequence[Day]) -> Iterator[Reason]:
    """Another quantity: as many times as much on every day."""
    shares = [one.ours / one.theirs for one in both if one.ours and one.theirs]
    if len(shares) < _FEWEST:
        return
    middle = median(shares)
    near = sum(abs(share - middle) <= _SPREAD * middle for share in shares)
    if close(middle, 1.0, 0.0) or near < _ALIKE * len(shares):
        return
    text = tr(
        "On {n} of {all} days ours is about {times} times the file's: the two count something else, such as paid and "
        "organic together, or in another unit.",
        n=near,
        all=len(shares),
        times=figure(f"{middle:,.2f}"),
    )
    yield Reason(NORMALISED, COULD, text)
