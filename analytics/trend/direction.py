"""Which way does it go, how fast, and by what rate does it grow?"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np
import pandas as pd

from analytics.compare import difference
from analytics.trend.kendall import FEWEST, Floats, checked, days, slope
from core.language import figure, mark, tr

Direction = Literal["rising", "falling", "no reliable trend", "not enough data"]
_UNMOVED = mark("the value never changes.")


@dataclass(frozen=True, slots=True)
class Velocity:
    """Change `per_day` with its interval `lower` to `upper`; the trend test's `p`; how many `values` were used; the
    `method`, "median slope" or "drift"; the `verdict`, and the `reason` when it is not enough."""

    per_day: float
    lower: float
    upper: float
    p: float
    level: float
    values: int
    method: str
    verdict: Direction
    reason: str = ""

    def words(self, what: str = "") -> str:
        """The finding in a sentence about `what`, else about "It"."""
        what = what or tr("It")
        if self.verdict == "not enough data":
            return tr("Not enough data for a trend: {why}", why=self.reason)
        sure, low, high = f"{100 * self.level:g}", f"{self.lower:,.3g}", f"{self.upper:,.3g}"
        span = tr("{sure} % interval {low} to {high}", sure=figure(sure), low=figure(low), high=figure(high))
        if self.verdict == "no reliable trend":
            return tr(
                "No reliable trend: {what} changes by {per_day} a day, or by nothing ({span}).",
                what=what,
                per_day=figure(f"{self.per_day:,.3g}"),
                span=span,
            )
        per_day = figure(f"{abs(self.per_day):,.3g}")
        if self.verdict == "rising":
            return tr("{what} is rising by {per_day} a day ({span}).", what=what, per_day=per_day, span=span)
        return tr("{what} is falling by {per_day} a day ({span}).", what=what, per_day=per_day, span=span)


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth as fractions: `rate` of the last period over the one before with `lower` and `upper`, and `compound`, per
    step, with its own interval; NaN unknown. `verdict` is on the rate."""

    rate: float
    lower: float
    upper: float
    compound: float
    compound_lower: float
    compound_upper: float
    level: float
    period: int
    verdict: Direction
    reason: str = ""


def velocity(history: pd.Series, *, level: float = 0.95) -> Velocity:
    """How fast something changes, per day, and whether that is a trend at all.

    per_day = median over all pairs of (y_j - y_i) / (days between); the test is Mann and Kendall's, S = sum of
    sign(y_j - y_i), its variance inflated for days that hang together. Where nothing pulls the values back to a line,
    as in most follower counts, it is the drift: (last - first) / days, with the spread of single steps around it.
    Commonly got wrong: neighbouring days taken for independent, which finds a trend in every slow wave.

    Parameters
    ----------
    history : float Series on a DatetimeIndex, rising, each date once
        Any unit. NaN is missing and left out, as are missing dates: time is what the index says.
    level : float
        Of the interval and the test, above 0 and below 1.

    Returns
    -------
    Velocity
        In units per day. "not enough data" with fewer than eight values or when the value never changes.

    Raises
    ------
    ValueError
        Another index, infinite values, more than 3,000 values, or a level outside (0, 1).

    Notes
    -----
    A straight change is assumed: for one that bends it is the typical speed. A weekly pattern does little harm over
    whole weeks. Simulated without a trend it claims one in at most 5 % of cases for independent values; where
    neighbours correlate by 0.6 to 1 in 4 to 11 % with 60 values or more, in up to 18 % with 14. Invariants: a shift
    changes nothing, a scale scales, reversed time turns the sign.

    References
    ----------
    P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968). K. H. Hamed, A. R. Rao, A
    modified Mann-Kendall trend test for autocorrelated data, J. Hydrology 204 (1998),
    https://doi.org/10.1016/S0022-1694(97)00125-X.

    Examples
    --------
    >>> ten = pd.Series([1.0, 3, 2, 5, 4, 7, 6, 9, 8, 11], pd.date_range("2026-01-01", periods=10))
    >>> velocity(ten).per_day, velocity(ten).verdict
    (1.0, 'rising')
    >>> velocity(ten.head(5)).verdict
    'not enough data'
    """
    if not 0 < level < 1:
        raise ValueError(f"The level is {level}; it lies between 0 and 1, usually at 0.95.")
    known = checked(history).dropna()
    reason = _lacking(known)
    if reason:
        return Velocity(nan, nan, nan, nan, level, len(known), "", "not enough data", reason)
    found = slope(days(known), known.to_numpy(float), level)
    verdict = _direction(found.lower, found.upper, found.p < 1 - level)
    return Velocity(found.slope, found.lower, found.upper, found.p, level, len(known), found.method, verdict)


def growth(history: pd.Series, *, period: int = 1, level: float = 0.95) -> Growth:
    """Growth rate: of the last period over the one before, and compound from step to step.

    rate = sum of the last `period` steps / sum of the `period` before - 1; compound = exp(median slope of ln y per
    step) - 1. Commonly got wrong: growth from 0 has no rate, neither 100 % nor endless; and a mean of monthly rates is
    not what they make together.

    Parameters
    ----------
    history : float Series on a regular DatetimeIndex
        0 or more, any unit; NaN is missing.
    period : int
        Steps in a period, 1 or more: 7 on daily values is a week over the week before.
    level : float
        Of the intervals, above 0 and below 1.

    Returns
    -------
    Growth
        Fractions per period and per step. `rate` is NaN when a step of the two periods is missing or the first of them
        is 0; its interval when a period has fewer than five steps, with which the verdict is "not enough data".
        `compound` is NaN with fewer than eight values, or any of 0 or less.

    Raises
    ------
    ValueError
        As `velocity`; a period below 1.

    Notes
    -----
    The interval of the rate is that of `compare.difference` for means, with the steps of a period taken for
    independent: a weekly pattern makes it wide, slow waves too narrow. That of the compound rate is `velocity`'s.
    Invariant: scale changes nothing.

    References
    ----------
    As `velocity` and `compare.difference`; G. Y. Zou, A. Donner (2012) for the interval of a ratio.

    Examples
    --------
    >>> doubling = pd.Series([2.0**k for k in range(10)], pd.date_range("2026-01-01", periods=10))
    >>> growth(doubling).rate, round(growth(doubling).compound, 6)
    (1.0, 1.0)
    >>> growth(doubling * 0).rate
    nan
    """
    if period < 1 or not 0 < level < 1:
        raise ValueError("A growth rate needs a period of one step or more and a level between 0 and 1.")
    values = checked(history)
    rate, lower, upper, verdict, reason = _over_period(values.to_numpy(float), period, level)
    known = values.dropna()
    steps = np.flatnonzero(values.notna().to_numpy()).astype(float)
    compound = (nan, nan, nan)
    if len(known) >= FEWEST and known.min() > 0:
        found = slope(steps, np.log(known.to_numpy(float)), level)
        compound = (_rate(found.slope), _rate(found.lower), _rate(found.upper))
    return Growth(rate, lower, upper, *compound, level, period, verdict, reason)


def _over_period(values: Floats, period: int, level: float) -> tuple[float, float, float, Direction, str]:
    now, before = values[-period:], values[-2 * period : -period]
    if len(before) < period or np.isnan(now).any() or np.isnan(before).any():
        return nan, nan, nan, "not enough data", tr("the two periods are not fully known.")
    if before.sum() <= 0:
        why = tr("there was nothing in the period before, so that there is no rate.")
        return nan, nan, nan, "not enough data", why
    rate = float(now.sum() / before.sum() - 1)
    found = difference(now, before, "mean", level=level)
    if found.verdict == "not enough data":
        why = tr("single steps do not tell how sure a rate is: take five or more.")
        return rate, nan, nan, "not enough data", why
    return rate, found.relative_lower, found.relative_upper, _direction(found.lower, found.upper), ""


def _rate(slope: float) -> float:
    return float(np.expm1(min(slope, 700.0))) if isfinite(slope) or slope < 0 else slope


def _lacking(known: pd.Series) -> str:
    if len(known) < FEWEST:
        return tr("there are {n} of at least {fewest} values.", n=len(known), fewest=FEWEST)
    return tr(_UNMOVED) if known.nunique() == 1 else ""


def _direction(lower: float, upper: float, sure: bool = True) -> Direction:
    if sure and lower > 0:
        return "rising"
    return "falling" if sure and upper < 0 else "no reliable trend"
