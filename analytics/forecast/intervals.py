"""How far off the forecast may be: from how far off the same forecast was in its own backtest (split conformal)."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analytics.forecast.pool import mean_known

Floats = NDArray[np.float64]

CAUTION = 1.5
"""A band without a backtest is wider by this factor."""
MORE = 1.2
"""Errors within a fold are alike, so that each fold counts about once: a band from n folds is wider by 1.2 / n."""
GROWTH = 0.3
"""Errors grow with the horizon by this power where little is known of it."""
DOUBT = 4.0
"""So many folds speak for that power before any has been seen."""
_TINY = 1e-12


def reach(errors: Floats, horizon: int, level: float) -> tuple[Floats, Floats]:
    """How far below and above the forecast the band goes at each step, both 0 or more.

    `errors` are what came less what was forecast, one row per fold, NaN unknown; their horizon may be shorter. Errors
    are divided by their usual size at their step (a power of it); the quantiles of all of them together, half those of
    either side and half the common one, are multiplied by that size again, and made wider the fewer folds there are.
    """
    size = sizes(errors, horizon)
    ratio = errors / size[: errors.shape[1]]
    known = ratio[np.isfinite(ratio)]
    wider = (1 + MORE / folds_of(errors)) * size
    both = float(np.quantile(np.abs(known), level))
    low, high = (float(part) for part in np.quantile(known, [(1 - level) / 2, (1 + level) / 2]))
    return (both + max(-low, 0.0)) / 2 * wider, (both + max(high, 0.0)) / 2 * wider


def sizes(errors: Floats, horizon: int) -> Floats:
    """The usual absolute error at each step: a power of the step, shrunk towards a usual one."""
    off = mean_known(np.abs(errors).T)
    steps = np.arange(1, len(off) + 1)
    some = np.isfinite(off) & (off > 0)
    folds = folds_of(errors)
    power = GROWTH
    if some.sum() >= 4:
        own = float(np.polyfit(np.log(steps[some]), np.log(off[some]), 1)[0])
        power = min(max((folds * own + DOUBT * GROWTH) / (folds + DOUBT), 0.0), 1.2)
    base = float(mean_known((off / steps**power)[None])[0])
    return np.asarray((base + _TINY) * np.arange(1, horizon + 1) ** power)


def unjudged(values: Floats, horizon: int, level: float, *, summed: bool) -> tuple[Floats, Floats]:
    """A wide band where the backtest has too few folds: from how far the values lie apart, and wander."""
    known = values[np.isfinite(values)]
    steps = np.arange(1, horizon + 1)
    wander = float(np.abs(np.diff(known)).mean()) * np.sqrt(steps)
    size = np.maximum(float(known.std()), wander) * (np.sqrt(steps) if summed else 1.0)
    wide = CAUTION * NormalDist().inv_cdf((1 + level) / 2) * size
    return wide, wide


def folds_of(errors: Floats) -> int:
    """In how many folds something came that the forecast can be held against."""
    return int(np.isfinite(errors).any(axis=1).sum())


def coverage(errors: Floats, level: float) -> float:
    """The share of what came that lay in the band, each fold's made from the others; NaN with under three folds."""
    folds = errors[np.isfinite(errors).any(axis=1)]
    if len(folds) < 3:
        return float("nan")
    inside = []
    for k, fold in enumerate(folds):
        below, above = reach(np.delete(folds, k, axis=0), folds.shape[1], level)
        known = np.isfinite(fold)
        inside.append(((fold >= -below) & (fold <= above))[known])
    return float(np.concatenate(inside).mean())
