"""How will this draft do? A median and an interval, never from more than earlier posts have shown to help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.adjusting import Floats, local_times
from analytics.post_outcome import choosing, drivers, methods
from analytics.post_outcome.choosing import Checked
from analytics.post_outcome.drivers import Driver
from analytics.post_outcome.methods import ALL, PLAIN, Learnt, Method

__all__ = ["Checked", "Driver", "PostModel", "fit"]

FEWEST = 8
"""With fewer posts nothing is foretold."""
UNFINISHED_DAYS = 3.0
"""Posts younger than this are still gathering, and are not learnt from."""


@dataclass(frozen=True, slots=True)
class PostModel:
    """What was learnt of an account's posts; `predict` foretells drafts. See `fit`."""

    target: str
    level: float
    posts: int
    checked: Checked
    drivers: tuple[Driver, ...]
    _method: Method
    _learnt: Learnt | None
    _reach: tuple[float, float]
    _unit: float

    def predict(self, drafts: pd.DataFrame) -> pd.DataFrame:
        """Expected result of drafts: `median`, `lower`, `upper` in the unit of the target, and `basis` in words.

        median = exp(level of the account + what the basis adds) - 1. Commonly got wrong: it is the middle of what may
        come, not the mean, which a few viral posts lift.

        Parameters
        ----------
        drafts : DataFrame, one row per draft
            `account`, `kind`, `published_local`, `text`, and the optional columns the model was fitted with; a missing
            one counts as ordinary.

        Returns
        -------
        DataFrame on the index of `drafts`
            `lower` and `upper` hold the result with the model's `level`. `basis`: "account median", "recent account
            median", "account and kind", "features of the post", "all accounts" for an account without posts, or "not
            enough posts yet (n of 8)", with NaN.

        Raises
        ------
        KeyError
            When `account`, `kind` or `published_local` is missing.

        Notes
        -----
        `lower` <= `median` <= `upper`, none below 0. Rows do not influence each other.

        References
        ----------
        As `fit`.

        Examples
        --------
        >>> posts = pd.DataFrame({"account": "a", "kind": "image", "text": "", "likes": [9.0, 10, 11] * 3,
        ...     "published_local": pd.date_range("2026-01-01 12:00", periods=9)})
        >>> fit(posts, "likes").predict(posts.head(1))[["median", "basis"]].round(6).values.tolist()
        [[10.0, 'account median']]
        >>> fit(posts.head(3), "likes").predict(posts.head(1))["basis"].item()
        'not enough posts yet (3 of 8)'
        """
        if self._learnt is None:
            basis = f"not enough posts yet ({self.posts} of {FEWEST})"
            return pd.DataFrame(
                {"median": np.nan, "lower": np.nan, "upper": np.nan, "basis": basis}, index=drafts.index
            )
        at, expected = self._learnt.expected(drafts, [self._method])
        middle, spread = expected[:, 0], at["spread"].to_numpy(dtype=float)
        ends = (middle + self._reach[0] * spread, middle + self._reach[1] * spread)
        told = {"median": middle, "lower": np.minimum(ends[0], middle), "upper": np.maximum(ends[1], middle)}
        table = pd.DataFrame(
            {name: np.maximum(np.expm1(value), 0) * self._unit for name, value in told.items()}, index=drafts.index
        )
        return table.assign(basis=np.where(at["known"], self._method.basis, ALL))


def fit(posts: pd.DataFrame, target: str, *, also: Sequence[str] = (), level: float = 0.95) -> PostModel:
    """Model of how posts end: learns from earlier posts what foretells a result, and how surely.

    log(1 + result) = level of the account + (effect of the kind, or of all features), whichever foretold later posts
    best; the account's median unless another did clearly better. Commonly got wrong: a model that fits the posts it
    has seen, or one that knows the likes when it foretells the comments.

    Parameters
    ----------
    posts : DataFrame, one row per post
        `account`, `kind` (any value), `published_local` (local wall clock), `text` (str), and the target; optional
        `tags` (list of str), `duration_s`, `followers`, `media_count` (numbers), and `age_days`: posts younger than
        three days are left out.
    target : str
        Column to foretell: a count, or a ratio, 0 or more; posts where it is NaN, infinite or negative are left out.
    also : sequence of str
        More columns that are known before a post is published (numbers or words), such as `paid`.
    level : float
        Share of results the interval is to hold, above 0.5 and below 1.

    Returns
    -------
    PostModel
        `predict`, `checked` (error and coverage on later posts), `drivers` (what goes with better results), `posts`.

    Raises
    ------
    KeyError
        When a column is missing.
    ValueError
        When `level` is not above 0.5 and below 1.

    Notes
    -----
    Six times the methods learn from the posts up to a day and foretell those after it. A method replaces the account's
    median if its error is smaller by half a percent and by more than one and a half standard errors. The interval
    comes from those same errors (split conformal, each side for itself, in units of the account's spread), and
    `coverage` is that of intervals made of earlier errors only. Drivers stand out in the first 60 % of the posts and
    again in the rest; a driver is what goes with a result, not its cause. Fewer than 8 posts foretell nothing.
    Invariants: the order of rows (up to posts of one moment). Nothing is drawn by chance.

    References
    ----------
    J. Lei et al., Distribution-free predictive inference for regression, JASA 113, 2018,
    doi:10.1080/01621459.2017.1307116. A. E. Hoerl and R. W. Kennard, Ridge regression, Technometrics 12, 1970,
    doi:10.1080/00401706.1970.10488634.

    Examples
    --------
    >>> n = np.arange(400)
    >>> posts = pd.DataFrame({"account": "a", "kind": np.where(n % 2, "reel", "image"), "text": "",
    ...     "published_local": pd.Timestamp("2026-01-01 12:00") + pd.to_timedelta(n, unit="D"),
    ...     "likes": np.where(n % 2, 200.0, 100.0) * np.array([0.7, 0.8, 1.0, 1.3, 1.5])[n % 5]})
    >>> model = fit(posts, "likes")
    >>> model.drivers[0].words
    'Reels did 2.0 times as well as images (1.9 to 2.1)'
    >>> fit(posts.head(3), "likes").checked.posts
    0
    """
    if not 0.5 < level < 1:
        raise ValueError("the level of the interval must be above 0.5 and below 1")
    usable, response, unit = _usable(posts, target)
    if len(usable) < FEWEST:
        nothing = Checked(np.nan, np.nan, np.nan, 0)
        return PostModel(target, level, len(usable), nothing, (), PLAIN, None, (np.nan, np.nan), unit)
    tried = methods.candidates()
    method, checked, reach = choosing.chosen(choosing.rolled(usable, response, also, tried), tried, level)
    penalties = [method.penalty] if method.added == "features" else []
    learnt = methods.learn(usable, response, also, penalties)
    told = drivers.found(usable.assign(**{target: np.expm1(response)}), target, also)
    return PostModel(target, level, len(usable), checked, told, method, learnt, reach, unit)


def _usable(posts: pd.DataFrame, target: str) -> tuple[pd.DataFrame, Floats, float]:
    """Posts with a known result, in order of time, and the logarithm of one plus the result in units that suit it."""
    value = pd.to_numeric(posts[target], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    times = local_times(posts["published_local"])
    good = np.isfinite(value) & (value >= 0) & times.notna().to_numpy()
    if "age_days" in posts:
        good &= ~(posts["age_days"].to_numpy(dtype=float, na_value=np.nan) < UNFINISHED_DAYS)
    value, chosen = value[good], posts[good].assign(published_local=times[good].to_numpy())
    whole = bool((value == np.floor(value)).all())
    unit = 1.0 if whole or not (value > 0).any() else float(np.median(value[value > 0])) / 10
    order = np.argsort(chosen["published_local"].to_numpy(), kind="stable")
    return chosen.iloc[order].reset_index(drop=True), np.log1p(value[order] / unit), unit
