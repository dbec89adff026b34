"""How fast is a post for its age, and what did the last hours bring? All of it out of readings of posts' counters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.normal import MAD_TO_SD, Z95

FEWEST = 8
"""With fewer posts to compare with nothing is called usual."""
FEWEST_DAYS = 4
"""With fewer earlier days no day is called usual."""
FLOOR = 3.0
"""What is not even three times the usual is never called viral."""
LEAST = 100.0
"""Nor is a counter that has not come this far: small numbers jump."""
HOLE_H = 6.5
"""Two readings this near to each other always tell what was between them: the slowest usual rhythm is six hours."""
HARDLY, HARDLY_COUNT = 0.2, 2.0
"""Growth by so small a share, or so few, leaves little to know of what was between."""
CLOSE_H = 3.0
"""Readings this near to each other tell in which hours a counter grew."""

DAY_MS = 86_400_000
"""A post that is first read later than this after it was published: nobody knows when it grew."""
_HOUR_MS = 3_600_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Usual:
    """Where a counter usually stands at an age: the median of `posts` posts, the quartiles `low` and `high` around it,
    and `spread`, the robust standard deviation of the logarithm of their ratio to the median."""

    posts: int
    median: float
    low: float
    high: float
    spread: float


@dataclass(frozen=True, slots=True)
class SoFar:
    """A day so far beside the usual one: the median `usual` of `days` earlier days, and the part `compared` of today
    that is held against it, from `accounts` of which both are known."""

    compared: float
    usual: float
    days: int
    accounts: tuple[int, ...]


def at_age(around: pd.DataFrame, age_h: Floats | float) -> Floats:
    """Where the counter of each post stood at an age, from the readings around it.

    value = linear between the reading before and the one after; a counter without a later reading stands where it was
    read last, as long as the post was still read. Commonly got wrong: a post whose first reading came later has no
    value, for it is not known how its counter came about; that it began at 0 says nothing of the hours between.

    Parameters
    ----------
    around : DataFrame, one row per post
        `before_h`, `after_h` (float, hours since publishing): the ages at the last reading not after the age and at the
        first one after it, NaN where there is none; `before`, `after` (count): what was read; `seen_h`: the age at
        which the post was last read.
    age_h : float, or ndarray of float, (rows,)
        0 or more, hours.

    Returns
    -------
    ndarray of float, (rows,), count
        NaN before the first reading, after the post was last read, and between readings that are farther apart than
        6.5 hours and than the age itself - unless the counter hardly grew between them, by a fifth or by two.

    Raises
    ------
    KeyError
        When a column is missing.

    Notes
    -----
    Growth slows with age, so a straight line between two readings is a little low: within the allowed distance by less
    than a tenth for a post that gets half of what it will get in 14 hours. Readings are kept when a counter changes, so
    slow posts have few: leaving them out would make the usual too high. Invariants: a value lies between its two
    readings; the order of the rows does not matter.

    References
    ----------
    Ours: the distance allowed follows the platforms' reading rhythm.

    Examples
    --------
    >>> row = {"before_h": 2.0, "before": 10.0, "after_h": 4.0, "after": 30.0, "seen_h": 9.0}
    >>> last = row | {"after_h": np.nan, "after": np.nan}
    >>> late = row | {"before_h": np.nan, "before": np.nan}
    >>> at_age(pd.DataFrame([row, last, late]), 3.0).tolist()
    [20.0, 10.0, nan]
    """
    before_h, after_h, seen_h = (around[name].to_numpy(float) for name in ("before_h", "after_h", "seen_h"))
    before, after = around["before"].to_numpy(float), around["after"].to_numpy(float)
    hole, grown = after_h - before_h, after - before
    near = (hole <= np.maximum(HOLE_H, age_h)) | (grown <= np.maximum(HARDLY * after, HARDLY_COUNT))
    share = np.divide(age_h - before_h, hole, out=np.zeros_like(hole), where=near & (hole > 0))
    stood = (np.isnan(after_h) & (seen_h >= age_h)) | (before_h == age_h)
    return np.where(stood, before, np.where(near, before + share * grown, np.nan))


def usual(values: Floats) -> Usual | None:
    """Where a counter usually stands: the median of the account's posts, and how far they lie apart.

    median; quartiles; spread = 1.4826 x median of |ln((v + 1) / (median + 1))|. Commonly got wrong: the mean, which one
    post that went round the world moves by itself.

    Parameters
    ----------
    values : ndarray of float, (posts,), one per post of the account, without the one that is judged
        Counts at one age, 0 or more; NaN unknown, which is left out.

    Returns
    -------
    Usual or None
        None with fewer than eight known values.

    Raises
    ------
    Nothing.

    Notes
    -----
    The base, `posts`, is shown with every comparison. How sure it is: with eight posts the account's true median lies
    between their second lowest and second highest in 93 of 100 cases, and closer the more there are. Invariants: the
    order does not matter; `low` <= `median` <= `high`; a tenfold count is a tenfold median.

    References
    ----------
    F. R. Hampel, The influence curve and its role in robust estimation, JASA 69 (1974), on the median absolute
    deviation. The constant makes it the standard deviation where logarithms are normal.

    Examples
    --------
    >>> usual(np.arange(1.0, 10)).median
    5.0
    >>> usual(np.array([1.0, 2, 3])) is None
    True
    """
    known = values[~np.isnan(values)]
    if len(known) < FEWEST:
        return None
    low, median, high = np.quantile(known, [0.25, 0.5, 0.75]).tolist()
    apart = np.abs(np.log((known + 1) / (median + 1)))
    return Usual(len(known), median, low, high, float(MAD_TO_SD * np.median(apart)))


def speed(value: float, base: Usual | None) -> float:
    """How many times the usual a counter is, at the same age of the posts.

    value / median. Commonly got wrong: comparing a post of this morning with what older posts have gathered by now.

    Parameters
    ----------
    value : float
        The counter of the post, NaN unknown.
    base : Usual or None
        Where the account's other posts stood at that age.

    Returns
    -------
    float
        A ratio, 1 is as usual; NaN without a base, without a value, and where posts usually have nothing yet (a median
        below 1).

    Raises
    ------
    Nothing.

    Notes
    -----
    As sure as its base: the quartiles say where half of all posts lie. Invariant: the median post has 1.

    References
    ----------
    Ours.

    Examples
    --------
    >>> speed(30.0, usual(np.full(8, 10.0)))
    3.0
    >>> speed(30.0, None)
    nan
    """
    return value / base.median if base is not None and base.median >= 1 else float("nan")


def is_viral(value: float, base: Usual | None) -> bool:
    """Whether a post has left the range of the account's own posts at that age.

    ln((value + 1) / (median + 1)) > max(ln 3, 1.96 x spread), and the counter has reached 100. The second bound is the
    97.5 % quantile of the account's log ratios, taken from their median distance rather than from the highest of them.
    Commonly got wrong: a fixed number of views, which is nothing for one account and never reached by another.

    Parameters
    ----------
    value : float
        The counter of the post, NaN unknown.
    base : Usual or None
        Where the account's other posts stood at that age.

    Returns
    -------
    bool
        False where it cannot be said.

    Raises
    ------
    Nothing.

    Notes
    -----
    It does not apply with fewer than eight posts to compare with, below a counter of 100, and where posts usually have
    nothing yet. The quantile assumes that logarithms of counts are about normal around the median; a past post that
    went viral moves it little. About 1 ordinary post in 40 passes the quantile alone.

    References
    ----------
    Ours. That the noise of views is about normal on a logarithmic scale: G. Szabo, B. A. Huberman, Predicting the
    popularity of online content, CACM 53 (2010), https://doi.org/10.1145/1787234.1787254.

    Examples
    --------
    >>> base = usual(np.array([80.0, 90, 95, 100, 100, 105, 110, 120]))
    >>> is_viral(900.0, base), is_viral(250.0, base), is_viral(900.0, None)
    (True, False, False)
    """
    if base is None or base.median < 1 or not value >= LEAST:
        return False
    return bool(np.log((value + 1) / (base.median + 1)) > max(np.log(FLOOR), Z95 * base.spread))


def by_hour(readings: pd.DataFrame, posts: pd.DataFrame, edges: Floats) -> pd.DataFrame:
    """What counters grew by in each hour, account by account.

    Growth between two readings of a counter, laid evenly over the time between them. Commonly got wrong: growth counted
    in the hour of the reading, so that a platform read every six hours seems to sleep for five. A counter that falls is
    a correction and brings nothing; growth counts once, above the highest value seen.

    Parameters
    ----------
    readings : DataFrame, one row per reading
        `post_id`, `metric_id` (int), `captured_at` (int, ms), `value` (count): for each counter those inside the hours
        and the last one before them.
    posts : DataFrame, one row per post that has readings, by rising id
        `account_id` (int), `published_at` (int, ms).
    edges : ndarray of float, (hours + 1,), rising
        The bounds of the hours, ms.

    Returns
    -------
    DataFrame, one row per account and hour in which something grew
        `account_id`, `hour` (int, 0 is the first), `value` (count, above 0) and `loose`: how much of it was laid evenly
        over more than three hours.

    Raises
    ------
    KeyError
        When a column is missing.

    Notes
    -----
    A post of which there is no earlier reading grew from 0 since it was published, if that was at most a day before; of
    an older one it is not known when it grew, and nothing is counted. Readings are kept when a counter changes, so that
    a slow one is laid over a longer time than needed, and the hours after the last reading are still empty. Invariant:
    over all time a counter's hours add up to its growth.

    References
    ----------
    Ours; the rules for corrections are those of the daily numbers made from readings.

    Examples
    --------
    >>> hour = 3_600_000
    >>> read = pd.DataFrame({"post_id": 7, "metric_id": 1, "captured_at": [0, 2 * hour], "value": [10.0, 30.0]})
    >>> posts = pd.DataFrame({"account_id": [5], "published_at": [-hour]}, index=[7])
    >>> by_hour(read, posts, np.array([0.0, hour, 2 * hour]))["value"].tolist()
    [10.0, 10.0]
    >>> by_hour(read.head(0), posts, np.array([0.0, hour])).empty
    True
    """
    steps = _steps(readings, posts, float(edges[0]))
    begins, ends = steps["begins"].to_numpy(float)[:, None], steps["ends"].to_numpy(float)[:, None]
    within = np.minimum(ends, edges[1:]) - np.maximum(begins, edges[:-1])
    grown = steps["growth"].to_numpy(float)[:, None] * np.clip(within, 0, None) / np.maximum(ends - begins, 1)
    loose = grown * (ends - begins > CLOSE_H * _HOUR_MS)
    names, codes = np.unique(steps["account_id"].to_numpy(np.int64), return_inverse=True)
    total, unsure = (np.zeros((len(names), len(edges) - 1)) for _ in range(2))
    np.add.at(total, codes, grown)
    np.add.at(unsure, codes, loose)
    account, hour = np.nonzero(total > 0)
    return pd.DataFrame(
        {
            "account_id": names[account],
            "hour": hour,
            "value": total[account, hour],
            "loose": unsure[account, hour],
        }
    )


def _steps(readings: pd.DataFrame, posts: pd.DataFrame, first: float) -> pd.DataFrame:
    """What each reading after `first` added, and since when (ms)."""
    names = ("post_id", "metric_id", "captured_at", "value")
    post, metric, ends, value = (readings[name].to_numpy() for name in names)
    order = np.lexsort((ends, metric, post))
    post, metric, ends, value = post[order], metric[order], ends[order].astype(float), value[order].astype(float)
    opens = np.r_[True, (post[1:] != post[:-1]) | (metric[1:] != metric[:-1])][: len(post)]
    peak = pd.Series(value).groupby(np.cumsum(opens)).cummax().to_numpy(float)
    place = np.searchsorted(posts.index.to_numpy(), post)
    published = posts["published_at"].to_numpy(float)[place]
    steps = pd.DataFrame(
        {
            "account_id": posts["account_id"].to_numpy(np.int64)[place],
            "begins": np.where(opens, published, np.roll(ends, 1)),
            "ends": ends,
            "growth": peak - np.where(opens, 0.0, np.roll(peak, 1)),
        }
    )
    told = ~opens | (ends - published <= DAY_MS)
    counted: pd.DataFrame = steps[(ends > first) & (steps["growth"] > 0) & told]
    return counted


def so_far(today: pd.Series, earlier: pd.DataFrame) -> SoFar | None:
    """A day so far beside the usual day at the same time of day.

    usual = median over earlier days of the sum over accounts, each as it was known at that time of that day. Commonly
    got wrong: half a day held against whole ones, and accounts that were not there yet.

    Parameters
    ----------
    today : Series of float, one per account
        What the account has today; NaN unknown.
    earlier : DataFrame, one row per earlier day, columns as `today`
        What was known of that day at this time; NaN unknown.

    Returns
    -------
    SoFar or None
        None when there are fewer than four days on which every account that is compared was known. Accounts known on
        fewer than four of the days, or not today, are not compared.

    Raises
    ------
    Nothing.

    Notes
    -----
    With seven days it holds one of each weekday. Invariants: the order of days and of accounts does not matter.

    References
    ----------
    Ours.

    Examples
    --------
    >>> so_far(pd.Series({1: 8.0}), pd.DataFrame({1: [2.0, 4, 6, 100]})).usual
    5.0
    >>> so_far(pd.Series({1: 8.0}), pd.DataFrame({1: [2.0, 4, 6, np.nan]})) is None
    True
    """
    matrix, values = earlier[list(today.index)].to_numpy(float), today.to_numpy(float)
    known = ~np.isnan(values) & ((~np.isnan(matrix)).sum(axis=0) >= FEWEST_DAYS)
    sums = matrix[:, known].sum(axis=1)
    days = ~np.isnan(sums)
    if not known.any() or days.sum() < FEWEST_DAYS:
        return None
    accounts = tuple(int(name) for name in today.index[known])
    return SoFar(float(values[known].sum()), float(np.median(sums[days])), int(days.sum()), accounts)
