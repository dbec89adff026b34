"""Which method foretold later posts best, and how far off was it?"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.adjusting import Floats, Ints
from analytics.post_outcome import methods
from analytics.post_outcome.methods import PENALTIES, PLAIN, Method

FEWEST = 20
"""From fewer later posts nothing is concluded: the account's median stays."""
ORIGINS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_BY_SHARE, _BY_ERRORS = 0.005, 1.5
_WIDER = (1.0, 1.1, 1.2, 1.35, 1.5)
_FEW_WIDER = 1.2
_SURE = 0.5
"""How many standard errors of its own share a tail is held smaller: later posts differ more than earlier ones did."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How the model did on later posts it had not seen: `error` (mean absolute, of logarithms) beside that of the
    account's median, the share of results inside their interval, and the posts; NaN where there were too few."""

    error: float
    error_of_median: float
    coverage: float
    posts: int


@dataclass(frozen=True, slots=True)
class Rolled:
    """Errors on later posts: (posts, methods), result less expectation, with each post's spread and its fold."""

    errors: Floats
    spread: Floats
    fold: Ints


def rolled(posts: pd.DataFrame, response: Floats, also: Sequence[str], tried: Sequence[Method]) -> Rolled:
    """Learn up to each origin, foretell the posts up to the next; posts of accounts not seen before are left out."""
    moment = posts["published_local"].to_numpy().astype("datetime64[s]").astype(np.int64)
    cuts = [*np.quantile(moment, ORIGINS), np.inf]
    found: list[tuple[Floats, Floats, Ints]] = []
    for fold, (cut, until) in enumerate(itertools.pairwise(cuts)):
        before, now = moment <= cut, (moment > cut) & (moment <= until)
        if before.sum() < FEWEST / 4 or not now.any():
            continue
        learnt = methods.learn(posts[before], response[before], also, PENALTIES)
        at, expected = learnt.expected(posts[now], tried)
        seen = at["known"].to_numpy(dtype=bool)
        off = response[now][:, None] - expected
        found.append((off[seen], at["spread"].to_numpy(dtype=float)[seen], np.full(int(seen.sum()), fold)))
    if not found:
        return Rolled(np.empty((0, len(tried))), np.empty(0), np.empty(0, dtype=np.int64))
    errors, spread, folds = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Rolled(errors, spread, folds)


def chosen(found: Rolled, tried: Sequence[Method], level: float) -> tuple[Method, Checked, tuple[float, float]]:
    """The method, how it did, and the reach of its interval in units of an account's spread."""
    best = _best(found, tried)
    off = found.errors[:, best] / found.spread
    n = len(off)
    if n < FEWEST:
        return tried[best], Checked(np.nan, np.nan, np.nan, n), reach(off, level)
    wider, coverage = next(
        (one for one in (_coverage(off, found.fold, level, wider) for wider in _WIDER) if not one[1] < level - 0.005),
        _coverage(off, found.fold, level, _WIDER[-1]),
    )
    size = np.abs(found.errors).mean(axis=0)
    low, high = reach(off, level)
    checked = Checked(float(size[best]), float(size[tried.index(PLAIN)]), coverage, n)
    return tried[best], checked, (low * wider, high * wider)


def _best(found: Rolled, tried: Sequence[Method]) -> int:
    """The method with the least error, if it beats the plain one clearly; else the plain one."""
    plain = tried.index(PLAIN)
    if len(found.errors) < FEWEST:
        return plain
    size = np.abs(found.errors)
    best = int(np.argmin(size.mean(axis=0)))
    gain = size[:, plain] - size[:, best]
    needed = max(_BY_ERRORS * float(gain.std(ddof=1)) / np.sqrt(len(gain)), _BY_SHARE * float(size[:, plain].mean()))
    return best if gain.mean() > needed else plain


def _coverage(off: Floats, fold: Ints, level: float, wider: float) -> tuple[float, float]:
    """How often later errors were inside the interval that earlier folds' errors gave, made so many times wider."""
    inside: list[NDArray[np.bool_]] = []
    for now in np.unique(fold)[1:]:
        low, high = reach(off[fold < now], level)
        part = off[fold == now]
        inside.append((part >= wider * low) & (part <= wider * high))
    return wider, float(np.mean(np.concatenate(inside))) if inside else np.nan


def reach(off: Floats, level: float) -> tuple[float, float]:
    """The interval that a further error falls into: order statistics where there are enough, else Student's t."""
    n, tail = len(off), (1 - level) / 2
    sure = tail - _SURE * np.sqrt(tail * (1 - tail) / max(n, 1))
    rank = int(np.floor((n + 1) * sure))
    if rank >= 1:
        ordered = np.sort(off)
        return float(ordered[rank - 1]), float(ordered[n - rank])
    from scipy import stats

    spread = float(np.sqrt(np.mean(off**2))) if n else 1.0
    half = _FEW_WIDER * float(stats.t.ppf(1 - tail, max(n - 1, 4))) * max(spread, 0.5)
    return -half, half
