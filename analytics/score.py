"""How well did a post do, against the account's own posts of its kind and age? 0 to 100."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

AGE_CLASSES_DAYS = (0.0, 1.0, 3.0, 7.0, 30.0)
"""Posts gather most of what they get in their first days, so a post is held only against posts about as old."""
FEWEST = 5


def performance(posts: pd.DataFrame) -> pd.Series:
    """Performance score of posts: the mean of their percentile ranks by engagement and by exposure.

    score = mean over {engagement, exposure} of 100 x (rank - 1/2) / n, the rank taken among posts of the same account,
    kind and age class, ties sharing their middle rank. Commonly got wrong: it says how a post stands among its peers,
    not how many people it moved; 50 is an ordinary post of any account, large or small.

    Parameters
    ----------
    posts : DataFrame, one row per post
        `account_id` or else `account`, `kind` (str), `engagement` (count, NaN unknown), `exposure` or else
        `impressions` (views, impressions or people; count, NaN unknown), and `age_days` (float, 0 or more, NaN unknown)
        or else `published_local` (datetime), with which the age is that beside the newest post.

    Returns
    -------
    Series of float, 0 to 100, on the index of `posts`
        NaN for a post with fewer than five comparable ones (itself included) in both quantities, with neither known, or
        of unknown age.

    Raises
    ------
    KeyError
        When a column is missing, and the one that may stand for it as well.

    Notes
    -----
    It moves when a peer gathers more. Age classes: under 1, 3, 7 and 30 days, and older. Invariants: the order of the
    rows, and any growing change of scale of an account's counts, leave it as it is. The mean over all posts of a group
    is 50. It has no interval: with n peers a rank is known to 100 / n points at best.

    References
    ----------
    Ours. Mid-ranks: M. G. Kendall, Rank Correlation Methods, 1948, on tied ranks.

    Examples
    --------
    >>> five = pd.DataFrame({"account_id": 1, "kind": "reel", "age_days": 40.0,
    ...     "engagement": [1, 2, 3, 4, 5], "exposure": [10, 20, 30, 40, 50]})
    >>> performance(five).tolist()
    [10.0, 30.0, 50.0, 70.0, 90.0]
    >>> performance(five.head(4)).isna().all()
    np.True_
    """
    days = _age_days(posts)
    age = pd.Series(np.searchsorted(AGE_CLASSES_DAYS, days, side="right"), index=posts.index, name="age_class")
    peers = [posts[_either(posts, "account_id", "account")], posts["kind"], age.where(~np.isnan(days))]
    names = ("engagement", _either(posts, "exposure", "impressions"))
    ranks = [_percentile(posts[name].astype(float), peers) for name in names]
    return pd.concat(ranks, axis=1).mean(axis=1).rename("score")


def _either(posts: pd.DataFrame, name: str, other: str) -> str:
    return other if name not in posts and other in posts else name


def _age_days(posts: pd.DataFrame) -> NDArray[np.float64]:
    if "age_days" in posts or "published_local" not in posts:
        return posts["age_days"].to_numpy(float)
    published = pd.to_datetime(posts["published_local"])
    gone = published.max() - published
    return np.asarray(gone.dt.total_seconds() / 86_400, float)


def _percentile(values: pd.Series, peers: list[pd.Series]) -> pd.Series:
    grouped = values.groupby(peers)
    n = grouped.transform("count")
    return (100 * (grouped.rank() - 0.5) / n).where(n >= FEWEST)
