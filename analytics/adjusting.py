"""What a post's engagement owes to its account, kind, age and the account's growth - so that the rest can be judged."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.normal import MAD_TO_SD

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AGES_DAYS = (0.0, 1.0, 3.0, 7.0, 30.0)
"""An effect of age is drawn through these; posts older than the last gain no more."""
PER_KNOT, KNOTS = 30, 24
"""An account's level may bend once in so many posts, and so many times at most."""
_CLIP = 2.0
_PRIOR_POSTS = 10.0
_KIND_POSTS = 0.5
"""An account's own effect of a kind is drawn to the effect all accounts share, as by so many posts: hardly."""
_HARDLY = 1e-3
_DENSE = 1500


@dataclass(frozen=True, slots=True)
class Known:
    """The posts whose result and time are known: positions in the frame they came from, codes of account and kind,
    the time, the age in days, and the logarithm of one plus the result."""

    rows: Ints
    account: Ints
    kind: Ints
    published: NDArray[np.datetime64]
    age_days: Floats
    response: Floats

    def part(self, chosen: NDArray[np.bool_]) -> Known:
        """The posts of a mask of `(len(self.rows),)`."""
        return Known(
            self.rows[chosen], self.account[chosen], self.kind[chosen], self.published[chosen], self.age_days[chosen],
            self.response[chosen],
        )  # fmt: skip


def local_times(values: pd.Series) -> pd.Series:
    """Local wall-clock times of posts: a time zone is dropped, the clock is kept; what is no time is NaT."""
    times = pd.to_datetime(values, errors="coerce")
    return times.dt.tz_localize(None) if times.dt.tz is not None else times


def coded(values: pd.Series) -> Ints:
    """Whole numbers for the values of a column, in order of their text, so that the order of rows is no matter.

    What is missing is a value of its own."""
    codes: NDArray[Any]
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    names = [_text(value) for value in distinct]
    place = np.argsort(np.argsort(names, kind="stable"), kind="stable")
    return np.asarray(place[codes] if len(names) else codes, dtype=np.int64)


def _text(value: Hashable) -> str:
    return f"{type(value).__name__} {value}"


def known(posts: pd.DataFrame, result: str = "engagement") -> Known:
    """The posts that can be judged: their time is known and their result is a number, 0 or more.

    Without a column `age_days` a post is as old as it is behind the newest of the frame.
    """
    times = local_times(posts["published_local"])
    value = pd.to_numeric(posts[result], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    usable = np.isfinite(value) & (value >= 0) & times.notna().to_numpy()
    published = times.to_numpy(dtype="datetime64[s]")
    rows = np.flatnonzero(usable)
    return Known(
        rows=rows, account=coded(posts["account"].iloc[rows]), kind=coded(posts["kind"].iloc[rows]),
        published=published[rows], age_days=_ages(posts, published, rows), response=np.log1p(value[rows]),
    )  # fmt: skip


def _ages(posts: pd.DataFrame, published: NDArray[np.datetime64], rows: Ints) -> Floats:
    if not len(rows):
        return np.empty(0)
    behind = (published[rows].max() - published[rows]).astype(float) / 86_400
    if "age_days" not in posts:
        return np.asarray(behind, dtype=float)
    told = pd.to_numeric(posts["age_days"].iloc[rows], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(told), told, behind)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Posts on one scale, and the means to take account, kind, age and growth out of any column.

    `response` is the logarithm of the result less the account's median, `weight` one over the spread of its account,
    so that `response * weight` has a noise of about 1; far outliers are drawn in to twice the spread.
    """

    response: Floats
    weight: Floats
    noise: float
    _nuisance: Any
    _across: Any
    _solver: Any

    def cross(self, left: Any, right: Any) -> Any:
        """left' S right of weighted columns, in units of the noise; S takes out account, kind, age and growth."""
        first = self._scaled(left)
        second = first if right is left else self._scaled(right)
        through = _dense(self._across @ first)
        other = through if right is left else _dense(self._across @ second)
        return (_dense(first.T @ second) - through.T @ self._solver.solve(other)) / self.noise

    def sizes(self, columns: Any) -> Floats:
        """The diagonal of `cross(columns, columns)`, without the rest of it."""
        scaled = self._scaled(columns)
        inner = np.asarray(scaled.power(2).sum(axis=0), dtype=float).ravel()
        through = _dense(self._across @ scaled)
        return np.asarray(inner - (through * self._solver.solve(through)).sum(axis=0), dtype=float) / self.noise

    def rest(self, column: Floats) -> Floats:
        """A column times the weight, with account, kind, age and growth taken out."""
        scaled = column * self.weight
        return np.asarray(scaled - self._nuisance @ self._solver.solve(self._across @ scaled), dtype=float)

    def _scaled(self, columns: Any) -> Any:
        from scipy import sparse

        if sparse.issparse(columns):
            return sparse.diags_array(self.weight) @ columns
        return columns * (self.weight if columns.ndim == 1 else self.weight[:, None])


def _dense(product: Any) -> Any:
    return product.toarray() if hasattr(product, "toarray") else product


def adjusted(posts: Known) -> Adjusted:
    """Take out of posts' results what account, kind, age and the account's growth explain.

    log(1 + result) = level of the account at the time + kind (of the account, drawn to the kind of all) + age + rest,
    each account weighted by one over its spread. Commonly got wrong: means by hour or tag compare accounts and kinds
    that differ anyway, and one viral post decides.

    Parameters
    ----------
    posts : Known
        As `known` returns them, in any order.

    Returns
    -------
    Adjusted
        `response` and `weight` of `(posts,)`, and the operations on columns of as many rows.

    Raises
    ------
    Nothing.

    Notes
    -----
    The level bends at most once in 30 posts and 24 times in all; the effect of age is shared by all accounts. Rests
    beyond twice the account's spread count as twice. The spread is drawn to that of all accounts as by ten posts.
    Nothing depends on the order of rows.

    References
    ----------
    C. R. Henderson, Best linear unbiased estimation and prediction under a selection model, Biometrics 31, 1975,
    doi:10.2307/2529430. P. J. Huber, Robust Statistics, 1981, section 7.7 (pseudo-observations).

    Examples
    --------
    >>> posts = pd.DataFrame({"account": ["small"] * 30 + ["large"] * 30, "kind": "image",
    ...     "published_local": pd.date_range("2026-01-01", periods=30).tolist() * 2,
    ...     "engagement": [10.0] * 30 + [1000.0] * 30})
    >>> rest = adjusted(known(posts))
    >>> bool(np.abs(rest.rest(rest.response)).max() < 1e-6)
    True
    >>> len(adjusted(known(posts.head(0))).response)
    0
    """
    from scipy import sparse

    response = posts.response - _by_account(posts.account, posts.response, np.median)
    design, penalty = _nuisance(posts)
    even = np.ones(len(response))
    rest = Adjusted(response, even, 1.0, design, *_solver(design, penalty)).rest(response)
    spread = _spreads(posts.account, rest)
    response = response - rest + np.clip(rest, -_CLIP * spread, _CLIP * spread)
    weighted = sparse.csr_array(sparse.diags_array(1 / spread) @ design)
    solved = _solver(weighted, penalty)
    left = Adjusted(response, 1 / spread, 1.0, weighted, *solved).rest(response)
    free = max(len(response) - weighted.shape[1], len(response) / 4, 1.0)
    return Adjusted(response, 1 / spread, max(float(left @ left) / free, 1e-12), weighted, *solved)


def _by_account(account: Ints, values: Floats, of: Any) -> Floats:
    return np.asarray(pd.Series(values).groupby(account).transform(of), dtype=float)


def _spreads(account: Ints, rest: Floats) -> Floats:
    """The spread of each post's account: the larger of the scaled median deviation and half the standard deviation."""
    if not len(rest):
        return rest
    off = pd.Series(np.abs(rest))
    middle = MAD_TO_SD * off.groupby(account).transform("median")
    wide = 0.5 * np.sqrt((off**2).groupby(account).transform("mean"))
    own = np.maximum(middle, wide).to_numpy() ** 2
    n = np.bincount(account).astype(float)[account]
    all_posts = max(float(np.median(own)), float(np.mean(own)) / 4, 1e-6)
    return np.asarray(np.sqrt((_PRIOR_POSTS * all_posts + n * own) / (_PRIOR_POSTS + n)), dtype=float)


@dataclass(frozen=True, slots=True)
class _Inverse:
    matrix: Floats

    def solve(self, columns: Any) -> Any:
        return self.matrix @ columns


def _solver(design: Any, penalty: Floats) -> tuple[Any, Any]:
    """The design turned, and what solves its normal equations: an inverse while they are few, which is faster."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    across = sparse.csr_array(design.T)
    normal = sparse.csc_matrix(across @ design + sparse.diags_array(penalty))
    few = normal.shape[0] <= _DENSE
    return across, _Inverse(np.linalg.inv(normal.toarray())) if few else splu(normal)


def _nuisance(posts: Known) -> tuple[Any, Floats]:
    """Columns for the level of each account over its posts, its kinds, all kinds and age; and their penalties."""
    from scipy import sparse

    pair = posts.account * (int(posts.kind.max(initial=0)) + 1) + posts.kind
    parts = [
        _levels(posts),
        _one_hot(pd.factorize(pair, sort=True)[0]),
        _one_hot(posts.kind),
        _ages_hats(posts.age_days),
    ]
    weights = [_HARDLY, _KIND_POSTS, _HARDLY, _HARDLY]
    penalty = np.concatenate([np.full(part.shape[1], weight) for part, weight in zip(parts, weights, strict=True)])
    return sparse.csr_array(sparse.hstack(parts)), penalty


def _one_hot(codes: Ints) -> Any:
    from scipy import sparse

    n = len(codes)
    return sparse.csr_array((np.ones(n), (np.arange(n), codes)), shape=(n, int(codes.max(initial=0)) + 1))


def _ages_hats(age_days: Floats) -> Any:
    last = len(AGES_DAYS)
    place = np.interp(age_days, AGES_DAYS, np.arange(last))
    return _hats(np.zeros(len(place)), place, np.full(len(place), float(last)))


def _levels(posts: Known) -> Any:
    """Hats over each account's own posts in order of time; posts of one moment stand at one place."""
    moment = pd.Series(posts.published.astype("int64"))
    grouped = moment.groupby(posts.account)
    n = np.bincount(posts.account).astype(float)[posts.account]
    share = (grouped.rank().to_numpy(dtype=float) - 1) / np.maximum(n - 1, 1)
    knots = np.clip(n // PER_KNOT, 1, KNOTS)
    each = np.zeros(int(posts.account.max(initial=-1)) + 1)
    each[posts.account] = knots
    start = (np.cumsum(each) - each)[posts.account]
    within = share * (knots - 1)
    return _hats(start, within, knots)


def _hats(start: Floats, place: Floats, columns: Floats) -> Any:
    """Straight lines between whole numbers: a row at 2.25 is 3/4 of its column 2 and 1/4 of its column 3."""
    from scipy import sparse

    low = np.minimum(np.floor(place), np.maximum(columns - 2, 0))
    share = place - low
    high = np.minimum(low + 1, columns - 1)
    n, row = len(start), np.arange(len(start))
    column = np.concatenate([start + low, start + high]).astype(np.int64)
    size = int(column.max(initial=0)) + 1
    return sparse.csr_array((np.concatenate([1 - share, share]), (np.concatenate([row, row]), column)), shape=(n, size))
