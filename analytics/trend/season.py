"""Is there a weekly, yearly or daily pattern, and how much of the ups and downs is it?"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.trend.kendall import Floats, checked, days
from core.language import tr

CYCLES = 4
"""With fewer whole cycles a pattern cannot be told from chance."""

Pattern = Literal["reliable pattern", "no reliable pattern", "not enough data"]


@dataclass(frozen=True, slots=True)
class Seasonality:
    """A pattern that comes back every `period` steps.

    `strength` and `trend_strength`, 0 to 1: how much of what is left without the trend (the season) it explains; `p` of
    the test for any pattern; `profile`: the typical distance of each place in the cycle from the mean of the cycle, the
    first being that of the first row; `cycles` in the data; the `verdict`, and the `reason` when it is not enough.
    """

    period: int
    strength: float
    trend_strength: float
    p: float
    profile: tuple[float, ...]
    cycles: float
    level: float
    verdict: Pattern
    reason: str = ""


def seasonality(history: pd.Series, *, period: int | None = None, level: float = 0.95) -> Seasonality:
    """How strong a pattern is that comes back every week (year, day), and whether it is there at all.

    strength = max(0, 1 - var(rest) / var(season + rest)) of an STL decomposition, trend_strength likewise with the
    trend. The test is Friedman's on whole cycles: ranks inside each, so that neither trend nor level matters. Commonly
    got wrong: a decomposition finds a pattern in pure noise as well, with a strength of some 0.3; only the test tells.

    Parameters
    ----------
    history : float Series on a regular DatetimeIndex, rising, each date once
        Any unit; NaN is missing.
    period : int or None
        Steps of a cycle, 2 or more; by default 24 of hourly, 7 of daily, 52 of weekly, 12 of monthly, 4 of quarterly
        values.
    level : float
        1 less the chance to find a pattern where there is none, above 0 and below 1.

    Returns
    -------
    Seasonality
        "not enough data" with fewer than four cycles without gaps, when more than a third is missing, or when the value
        never changes.

    Raises
    ------
    ValueError
        As `velocity`; a period below 2, or none that fits the index.

    Notes
    -----
    For the decomposition alone gaps are bridged in a straight line; strengths count measured steps only, and cycles
    with a gap are not tested. Cycles are taken for independent. Invariants: shift and scale change nothing but the
    profile's scale.

    References
    ----------
    R. J. Hyndman, G. Athanasopoulos, Forecasting: principles and practice, 3rd ed. 2021, section 4.3,
    https://otexts.com/fpp3/stlfeatures.html. M. Friedman, The use of ranks, JASA 32 (1937); R. L. Iman, J. M.
    Davenport, Approximations of the critical region of the Friedman statistic, Comm. Stat. A 9 (1980).

    Examples
    --------
    >>> dates = pd.date_range("2026-01-05", periods=56)
    >>> weekly = pd.Series([10.0 + (day.day_of_week == 5) * 4 + day.day % 3 for day in dates], dates)
    >>> seasonality(weekly).verdict
    'reliable pattern'
    >>> seasonality(weekly.head(20)).verdict
    'not enough data'
    """
    if not 0 < level < 1:
        raise ValueError(f"The level is {level}; it lies between 0 and 1, usually at 0.95.")
    values = checked(history)
    steps = _cycle(values) if period is None else period
    if steps < 2:
        raise ValueError("A cycle has two steps or more.")
    whole = _whole_cycles(values.to_numpy(float), steps)
    reason = _lacking(values, whole)
    if reason:
        return Seasonality(steps, nan, nan, nan, (), len(values) / steps, level, "not enough data", reason)
    strength, trend_strength = _strengths(values, steps)
    p = _friedman(whole)
    profile = tuple(np.median(whole - whole.mean(axis=1, keepdims=True), axis=0).tolist())
    verdict: Pattern = "reliable pattern" if p < 1 - level else "no reliable pattern"
    return Seasonality(steps, strength, trend_strength, p, profile, len(values) / steps, level, verdict)


def _cycle(values: pd.Series) -> int:
    """The usual cycle of the index's step."""
    if len(values) < 2:
        return 7
    step = float(np.median(np.diff(days(values)))) * 24
    usual = {1: 24, 24: 7, 168: 52, 720: 12, 2184: 4}
    near = min(usual, key=lambda hours: abs(np.log(step / hours)))
    if abs(step / near - 1) > 0.08:
        raise ValueError("No cycle is usual for this step. Give a period.")
    return usual[near]


def _whole_cycles(values: NDArray[np.float64], steps: int) -> Floats:
    """One row per cycle without a gap, counted from the first row."""
    count = len(values) // steps
    rows: Floats = values[: count * steps].reshape(count, steps)
    return rows[~np.isnan(rows).any(axis=1)]


def _lacking(values: pd.Series, whole: Floats) -> str:
    if len(whole) < CYCLES:
        return tr("there are {n} of at least {cycles} cycles without gaps.", n=len(whole), cycles=CYCLES)
    if values.isna().mean() > 1 / 3:
        return tr("more than a third of the steps is missing.")
    return tr("the value never changes.") if values.nunique() == 1 else ""


def _strengths(values: pd.Series, steps: int) -> tuple[float, float]:
    from statsmodels.tsa.seasonal import STL

    bridged = values.interpolate(limit_direction="both").to_numpy(float)
    parts = STL(bridged, period=steps, seasonal=max(7, 10 * len(values) // steps + 1 | 1), robust=True).fit()
    known = values.notna().to_numpy()
    rest, season, trend = (np.asarray(part)[known] for part in (parts.resid, parts.seasonal, parts.trend))
    return _explained(rest, season), _explained(rest, trend)


def _explained(rest: Floats, part: Floats) -> float:
    both = float(np.var(part + rest))
    return max(0.0, 1 - float(np.var(rest)) / both) if both > 0 else 0.0


def _friedman(whole: Floats) -> float:
    """Iman and Davenport's F of Friedman's statistic, with ties."""
    from scipy import special, stats

    cycles, steps = whole.shape
    ranks = stats.rankdata(whole, axis=1)
    between = cycles * float(((ranks.mean(axis=0) - (steps + 1) / 2) ** 2).sum())
    total = float(((ranks - (steps + 1) / 2) ** 2).sum())
    if total == 0:
        return 1.0
    if total - between <= 1e-12 * total:
        return 0.0
    f = between * (cycles - 1) / (total - between)
    return float(special.fdtrc(steps - 1, (steps - 1) * (cycles - 1), f))
