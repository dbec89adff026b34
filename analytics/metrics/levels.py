"""Levels: quantities that are what they are on a day, such as followers, and how they move."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NOT_A_PLUGIN = True

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Codes = NDArray[np.int64]

CARRY_DAYS = 35
"""How many days a level stays believable without being seen again. Ours: five weeks, longer than any platform's lag."""


def changes(level: Floats) -> Floats:
    """How much a level moved since it was last seen, on the day it was seen again.

    Parameters
    ----------
    level : (series, days) float
        A stock; NaN on days it was not seen.

    Returns
    -------
    (series, days) float
        NaN where the level, or any earlier one, is not known. Summed over days it is last less first, gaps or not.

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariant: splitting the days into buckets does not change the grand total.

    References
    ----------
    Ours: a telescoping sum.

    Examples
    --------
    >>> changes(np.array([[10.0, np.nan, 13.0, 12.0]]))
    array([[nan, nan,  3., -1.]])
    >>> changes(np.array([[np.nan, 5.0]]))
    array([[nan, nan]])
    """
    before: Floats = np.full(level.shape, np.nan)
    if level.shape[1]:
        last = _last_seen(level)[:, :-1]
        rows = np.arange(len(level))[:, None]
        before[:, 1:] = np.where(last >= 0, level[rows, last], np.nan)
    return np.asarray(level - before)


def _last_seen(level: Floats) -> Codes:
    seen: Codes = np.where(np.isnan(level), -1, np.arange(level.shape[1]))
    return np.asarray(np.maximum.accumulate(seen, axis=1), np.int64)


def levels(level: Floats, codes: Codes, n: int) -> tuple[Floats, Bools]:
    """The last known level at the end of each bucket, and whether it was seen inside it.

    Parameters
    ----------
    level : (series, days) float
        A stock; NaN on days it was not seen.
    codes : (days,) int
        Buckets in rising order, -1 for the days before the first.
    n : int
        How many buckets there are.

    Returns
    -------
    (series, n) float, (series, n) bool
        The level (NaN when never seen, or longer ago than `CARRY_DAYS`), and whether it is the bucket's own.

    Raises
    ------
    Nothing.

    Notes
    -----
    Never looks ahead: a level is not carried back to a time before it was seen.

    References
    ----------
    Ours: last observation carried forward, bounded.

    Examples
    --------
    >>> value, own = levels(np.array([[np.nan, 5.0, np.nan, 7.0]]), np.array([0, 0, 1, 1]), 2)
    >>> value
    array([[5., 7.]])
    >>> levels(np.array([[np.nan, 5.0]]), np.array([0, 1]), 2)[0]
    array([[nan,  5.]])
    """
    ends = np.searchsorted(codes, np.arange(n), side="right") - 1
    starts = np.searchsorted(codes, np.arange(n), side="left")
    at = _last_seen(level)[:, ends]
    good = (at >= 0) & (ends - at <= CARRY_DAYS) & (ends >= starts)
    return np.where(good, level[np.arange(len(level))[:, None], at], np.nan), good & (at >= starts)


def openings(level: Floats, codes: Codes, n: int) -> Floats:
    """The level just before each bucket; where none is known, the first one in it.

    Parameters
    ----------
    level : (series, days) float
        A stock; NaN on days it was not seen.
    codes : (days,) int
        Buckets in rising order, -1 for the days before the first.
    n : int
        How many buckets there are.

    Returns
    -------
    (series, n) float
        NaN where the level is known neither in the bucket nor within `CARRY_DAYS` before it.

    Raises
    ------
    Nothing.

    Notes
    -----
    A series that is first seen inside a bucket opens with that first value, so that it has no growth before it.

    References
    ----------
    Ours.

    Examples
    --------
    >>> openings(np.array([[5.0, 6.0, np.nan]]), np.array([-1, 0, 1]), 2)
    array([[5., 6.]])
    >>> openings(np.array([[np.nan]]), np.array([0]), 1)
    array([[nan]])
    """
    width = level.shape[1]
    starts = np.searchsorted(codes, np.arange(n), side="left")
    ends = np.searchsorted(codes, np.arange(n), side="right")
    rows = np.arange(len(level))[:, None]
    before = np.concatenate([np.full((len(level), 1), -1), _last_seen(level)], axis=1)[:, starts]
    good = (before >= 0) & (starts - before <= CARRY_DAYS) & (ends > starts)
    later = np.where(np.isnan(level), width, np.arange(width))
    first = np.minimum.accumulate(later[:, ::-1], axis=1)[:, ::-1][:, np.minimum(starts, width - 1)]
    opened = np.where(first < ends, level[rows, np.minimum(first, width - 1)], np.nan)
    return np.where(good, level[rows, before], opened)
