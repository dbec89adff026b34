"""One forecast out of many: models that were nearer in the backtest weigh more, and extremes are left out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.forecast.models import NAIVE

Floats = NDArray[np.float64]

POWER = 8.0
SHRINK = 2.0
"""So many folds of equal errors are added to what was seen, so that few folds move the weights little."""
TRIM = 0.25
"""This share of the weight at either end counts nothing."""
WORST = 5.0
_TINY = 1e-12


def pooled(
    found: dict[str, Floats], actual: Floats, origins: NDArray[np.int64], *, power: float = POWER
) -> tuple[Floats, dict[str, float]]:
    """The pool's forecast from every origin, (origins, horizon), and the weights of the models at the first one.

    `actual` has what came, NaN where it is not known, one row per origin. The weights at an origin come from those
    older origins only whose horizon was over by then: the backtest of the pool is honest too.
    """
    names = [name for name in found if name != NAIVE] or list(found)
    stack = np.array([found[name] for name in names])
    horizon = actual.shape[1]
    off = mean_known(np.abs(stack - actual))
    out, weights = np.empty_like(actual), {}
    for k, origin in enumerate(origins):
        usable = np.isfinite(stack[:, k]).all(axis=1)
        older = origins + horizon <= origin
        weight = _weights(off[usable][:, older], power)
        out[k] = trimmed_mean(stack[usable, k], weight)
        if k == 0:
            weights = dict(zip(np.array(names)[usable].tolist(), weight.tolist(), strict=True))
    return out, weights


def mean_known(values: Floats) -> Floats:
    """Means over the last axis of what is known; NaN where nothing is."""
    known = np.isfinite(values)
    total, count = np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def _weights(errors: Floats, power: float) -> Floats:
    """Weights out of mean absolute errors (models, folds); equal without a fold."""
    known = np.isfinite(errors).any(axis=0)
    errors = errors[:, known]
    if not errors.shape[1]:
        return np.full(len(errors), 1 / len(errors))
    relative = np.minimum(errors / (np.nanmedian(errors, axis=0) + _TINY), WORST)
    folds = np.isfinite(relative).sum(axis=1)
    total = np.nansum(relative - 1, axis=1)
    score = np.maximum(1 + total / (folds + SHRINK), 0.1)
    weight = np.asarray(score**-power)
    return np.asarray(weight / weight.sum())


def trimmed_mean(values: Floats, weight: Floats, trim: float = TRIM) -> Floats:
    """The weighted mean over models (models, horizon) of the middle of the weight."""
    order = np.argsort(values, axis=0, kind="stable")
    ordered = weight[order]
    until = ordered.cumsum(axis=0)
    kept = np.clip(until, trim, 1 - trim) - np.clip(until - ordered, trim, 1 - trim)
    return np.asarray((kept * np.take_along_axis(values, order, axis=0)).sum(axis=0) / kept.sum(axis=0))
