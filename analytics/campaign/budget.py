"""Will the budget last, and is it spent as fast as time goes by?"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

from analytics.campaign.figure import Figure, ratio
from core.language import figure, mark, tr

CLOSE = 0.1
"""A budget spent up to this much faster or slower than time goes by is on pace."""

Pace = Literal["on pace", "too fast", "too slow", "unknown"]
_PACES = {"on pace": mark("On pace"), "too fast": mark("Too fast"), "too slow": mark("Too slow")}


@dataclass(frozen=True, slots=True)
class Pacing:
    """How a budget goes: `spent_share` and `time_share` (fractions), `index` (1 is on pace), `projected` spending at
    the end, what is `left`, `left_per_day` for the days that remain, and the verdict `pace`."""

    spent_share: Figure
    time_share: Figure
    index: Figure
    projected: Figure
    left: float
    left_per_day: Figure
    pace: Pace

    def words(self, currency: str = "") -> str:
        """The state in a sentence."""
        if self.pace == "unknown":
            return tr("Pace unknown: {why}", why=self.index.reason or self.projected.reason)
        unit = f" {currency}" if currency else ""
        return tr(
            "{pace}: {spent} % spent in {gone} % of the time, at this pace {projected} by the end; {left} left.",
            pace=tr(_PACES[self.pace]),
            spent=figure(f"{100 * self.spent_share:.0f}"),
            gone=figure(f"{100 * self.time_share:.0f}"),
            projected=figure(f"{self.projected:,.0f}") + unit,
            left=figure(f"{self.left:,.0f}") + unit,
        )


def pacing(spent: float, budget: float, elapsed: float, days: float) -> Pacing:
    """Whether a budget is spent as fast as time goes by, and where it ends at this pace.

    index = (spent / budget) / (elapsed / days); projected = spent x days / elapsed. Commonly got wrong: 95 % spent is
    fine on the last day and far too fast on the tenth; and the running day counted whole.

    Parameters
    ----------
    spent, budget : float
        Money in one currency, 0 or more; NaN unknown.
    elapsed, days : float
        Days gone by, a part of today as a part, and days in all. `days` above 0; `elapsed` is taken as 0 to `days`.

    Returns
    -------
    Pacing
        "too fast" or "too slow" when the index is more than a tenth from 1, "unknown" without a budget or before the
        first day: then the figures that cannot be told are NaN with a reason.

    Raises
    ------
    ValueError
        Money below 0, or `days` of 0 or less.

    Notes
    -----
    The projection is a straight line: weekends and a start in small steps bend it. Invariant: the same factor on money,
    or on days, changes neither shares nor pace.

    References
    ----------
    Ours; the tenth is a convention.

    Examples
    --------
    >>> pacing(47_500, 50_000, 30, 30).index, pacing(47_500, 50_000, 30, 30).pace
    (0.95, 'on pace')
    >>> pacing(0, 50_000, 0, 30).words()
    'Pace unknown: the first day has not begun.'
    """
    if days <= 0 or spent < 0 or budget < 0:
        raise ValueError("A pace needs days above 0 and money of 0 or more.")
    gone = min(max(elapsed, 0.0), days)
    early = tr("the first day has not begun.")
    spent_share, time_share = ratio(spent, budget, what=mark("the budget")), ratio(gone, days)
    index = Figure(nan, early) if gone == 0 else ratio(spent_share, time_share)
    if not isfinite(spent_share):
        index = Figure(nan, spent_share.reason)
    projected = Figure(nan, early) if gone == 0 else ratio(spent * days, gone)
    left_per_day = Figure(nan, tr("no day is left.")) if gone == days else ratio(max(0.0, budget - spent), days - gone)
    return Pacing(spent_share, time_share, index, projected, budget - spent, left_per_day, _pace(index))


def _pace(index: float) -> Pace:
    if not isfinite(index):
        return "unknown"
    if abs(index - 1) <= CLOSE + 1e-12:
        return "on pace"
    return "too fast" if index > 1 else "too slow"
