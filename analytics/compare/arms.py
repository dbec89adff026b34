"""How sure is one side of a comparison? Limits for a rate, a count over an exposure and a mean, at any level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, nan, sqrt

import numpy as np
from numpy.typing import NDArray

FEWEST = 5
"""With fewer posts (days, people) on a side, how much they differ from each other is not known."""
SKEW_UNITS = 10
"""So many values are needed before their own skewness says more than the ratio of spread to mean does."""

Floats = NDArray[np.float64]
Limits = Callable[[float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Arm:
    """One side: its estimate, what it is made of, and its limits for a share `alpha` of misses.

    `units` is the number of posts (days, people), 0 for two bare totals; `size` the trials, exposure or values;
    `spread` the overdispersion (1 is that of a coin or of single events) or, of a mean, the standard deviation; NaN
    where the values do not tell it.
    """

    estimate: float
    units: int
    size: float
    spread: float
    limits: Limits


def quantile(alpha: float, degrees: float) -> float:
    """The two-sided critical value of Student's t; of the normal distribution with infinite degrees of freedom."""
    from scipy import special  # here: importing the site does not wait for it

    if alpha >= 1:
        return 0.0
    return float(-special.ndtri(alpha / 2) if degrees == inf else -special.stdtrit(degrees, alpha / 2))


def score_rate(successes: float, trials: float, spread: float, degrees: float) -> Limits:
    """Wilson's limits with the trials divided by the overdispersion, and t for the normal quantile."""
    n, rate = trials / spread, successes / trials

    def limits(alpha: float) -> tuple[float, float]:
        z = quantile(alpha, degrees)
        middle = (rate + z * z / (2 * n)) / (1 + z * z / n)
        half = z / (1 + z * z / n) * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)

    return limits


def score_count(events: float, exposure: float, spread: float, degrees: float) -> Limits:
    """Rao's score limits of a Poisson rate, with events and exposure divided by the overdispersion."""
    count, time = events / spread, exposure / spread

    def limits(alpha: float) -> tuple[float, float]:
        z = quantile(alpha, degrees)
        half = z * sqrt(count + z * z / 4)
        return max(0.0, count + z * z / 2 - half) / time, (count + z * z / 2 + half) / time

    return limits


def skewed_mean(mean: float, error: float, skew: float, units: int, degrees: float, positive: bool = False) -> Limits:
    """The wider of Student's limits and of those from Hall's cubic transformation, side by side.

    Hall's remove the bias of t under skewness; at few values they are too short on the side without the tail.
    `positive`: values are never negative, and neither is their mean.
    """
    root = sqrt(units)
    bend = skew / (3 * root)

    def hall(t: float) -> float:
        inner = t - skew / (6 * root)
        return inner if abs(bend) < 1e-9 else float(np.cbrt(1 + 3 * bend * inner) - 1) / bend

    def limits(alpha: float) -> tuple[float, float]:
        t = quantile(alpha, degrees)
        low, high = mean - error * max(t, hall(t)), mean - error * min(-t, hall(-t))
        return (max(0.0, low) if positive else low), high

    return limits


def skewness(values: Floats) -> float:
    """The sample's skewness; of few values that are never negative at least twice their relative spread, as in a gamma
    distribution: so few hardly ever show their long tail."""
    n, mean, deviation = len(values), float(values.mean()), float(values.std(ddof=1))
    if deviation == 0:
        return 0.0
    own = float((((values - mean) / values.std()) ** 3).mean()) * sqrt(n * (n - 1)) / (n - 2)
    if values.min() < 0 or mean <= 0:
        return own
    return max(own, 2 * deviation / mean * min(1.0, SKEW_UNITS / n))


def clustered(numerator: Floats, denominator: Floats) -> tuple[float, float]:
    """Variance of a ratio of sums by the delete-one jackknife (CR3), and its degrees of freedom.

    The degrees follow the effective number of posts: where one post holds most of the impressions there is hardly more
    than one, however many small posts stand beside it.
    """
    total = float(denominator.sum())
    share = denominator / total
    apart = (numerator - numerator.sum() / total * denominator) / total
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = float(((apart / (1 - share)) ** 2).sum())
    return variance if np.isfinite(variance) else nan, max(1.0, 1.0 / float((share**2).sum()) - 1)
