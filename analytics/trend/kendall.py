"""What Theil, Sen, Mann and Kendall need: slopes of all pairs, and how much less sure days in a row make them."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.compare.arms import quantile

FEWEST = 8
MOST = 3000
"""All pairs of values are compared, and more say nothing new about one slope."""
WALK = 0.75
"""From this correlation of neighbours on a series is held for a random walk."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Slope:
    """The slope with its interval, the two-sided p, and by which `method`: "median slope" or "drift"."""

    slope: float
    lower: float
    upper: float
    p: float
    method: str


def checked(history: pd.Series) -> pd.Series:
    """The history, or what is wrong with it as a ValueError."""
    if not isinstance(history.index, pd.DatetimeIndex):
        raise ValueError("The history needs a DatetimeIndex.")
    if not history.index.is_monotonic_increasing or not history.index.is_unique:
        raise ValueError("The history needs rising dates, each once.")
    if history.notna().sum() > MOST:
        raise ValueError(f"The history has more than {MOST} values. Take days, or weeks, together first.")
    values = history.astype(float)
    if np.isinf(values.to_numpy()).any():
        raise ValueError("The history has infinite values.")
    return values


def days(history: pd.Series) -> Floats:
    """Days since the first row; an hour is 1/24, a month as long as it is."""
    gone = pd.DatetimeIndex(history.index) - history.index[0]
    return np.asarray(gone.total_seconds(), float) / 86_400


def slope(time: Floats, values: Floats, level: float) -> Slope:
    """Theil and Sen's slope of known values at rising times, its interval from Kendall's S with inflated variance.

    Where what is left after the trend hardly comes back to it, as in a random walk, a line through all points says
    nothing about the next ones: there it is the drift, with the spread of single steps around it.
    """
    first, second = np.triu_indices(len(values), 1)
    rise, run = values[second] - values[first], time[second] - time[first]
    slopes = np.sort(rise / run)
    middle = float(np.median(slopes))
    ranks = _ranks(values - middle * time)
    phi = _neighbours(ranks)
    if phi >= WALK:
        return _drift(time, values, level)
    s = float(np.sign(rise).sum())
    s -= float(np.sign(s))  # continuity: S moves in steps of 2
    inflation = _inflation(ranks, phi)
    deviation, degrees = sqrt(_variance(values) * inflation), max(2.0, len(values) / inflation)
    limits = _around(slopes, quantile(1 - level, degrees) * deviation)
    return Slope(middle, *limits, _p(s / deviation, degrees), "median slope")


def _drift(time: Floats, values: Floats, level: float) -> Slope:
    step, run = np.diff(values), np.diff(time)
    whole = float(run.sum())
    drift = float(step.sum()) / whole
    error = sqrt(float(((step - drift * run) ** 2 / run).sum()) / (len(step) - 1) / whole)
    degrees = len(step) - 1.0
    if error <= 1e-12 * abs(drift):
        return Slope(drift, drift, drift, 0.0, "drift")
    half = quantile(1 - level, degrees) * error
    return Slope(drift, drift - half, drift + half, _p(drift / error, degrees), "drift")


def _variance(values: Floats) -> float:
    n = len(values)
    ties = np.unique(values, return_counts=True)[1]
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18


def _around(slopes: Floats, width: float) -> tuple[float, float]:
    """The ranks (N - C) / 2 and (N + C) / 2 + 1 of the sorted slopes; endless where they lie outside."""
    count = len(slopes)
    low, high = int(np.floor((count - width) / 2)), int(np.ceil((count + width) / 2)) + 1
    return (float(slopes[low - 1]) if low >= 1 else -np.inf), (float(slopes[high - 1]) if high <= count else np.inf)


def _p(statistic: float, degrees: float) -> float:
    from scipy import special

    return float(min(1.0, 2 * special.stdtr(degrees, -abs(statistic))))


def _ranks(apart: Floats) -> Floats:
    """Centred ranks; what differs by rounding of the arithmetic only is a tie, whatever the unit."""
    from scipy import stats

    scale = float(np.abs(apart).max())
    ranks = stats.rankdata(np.round(apart / scale, 9) if scale > 0 else apart)
    centred: Floats = ranks - ranks.mean()
    return centred


def _neighbours(ranks: Floats) -> float:
    """The correlation of neighbours, put right: after a trend is taken out it comes out too low, by about 2 / n for
    noise and 10 / n for a random walk."""
    total = float((ranks**2).sum())
    own = float((ranks[1:] * ranks[:-1]).sum()) / total if total > 0 else 0.0
    return own + (2 + 8 * max(0.0, own)) / len(ranks)


def _inflation(ranks: Floats, phi: float) -> float:
    """Hamed and Rao's factor, or that of a first-order process with this correlation of neighbours if it is larger.

    In short series the first is too small: correlations of later lags are lost in noise.
    """
    n, total = len(ranks), float((ranks**2).sum())
    if total == 0:
        return 1.0
    lags = np.arange(1, n - 2)
    own = np.array([float((ranks[k:] * ranks[:-k]).sum()) / total for k in lags])
    weights = (n - lags) * (n - lags - 1.0) * (n - lags - 2.0) * 2 / (n * (n - 1.0) * (n - 2.0))
    told = np.where(np.abs(own) > 1.96 / sqrt(n), own, 0.0)
    carried = float((weights * max(0.0, phi) ** lags).sum())
    return 1 + max(0.0, float((weights * told).sum()), carried)
