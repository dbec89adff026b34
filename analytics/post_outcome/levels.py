"""Where a post of an account usually ends, by ever more particular medians."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.adjusting import Floats
from analytics.normal import MAD_TO_SD

RECENT = 30
_ACCOUNT_POSTS, _KIND_POSTS, _SHARED_KIND_POSTS = 1.0, 6.0, 12.0


@dataclass(frozen=True, slots=True)
class Account:
    """An account's posts: how many, the median of all and of the last thirty, and the robust spread, of logarithms."""

    posts: int
    median: float
    recent: float
    spread: float


@dataclass(frozen=True, slots=True)
class Levels:
    """Medians of the posts learnt from: of all accounts, of each, of its kinds beside it, and of kinds anywhere."""

    overall: Account
    accounts: dict[Hashable, Account]
    kinds: dict[Hashable, float]
    account_kinds: dict[tuple[Hashable, Hashable], float]

    def of(self, posts: pd.DataFrame) -> pd.DataFrame:
        """For each post: `known` (its account has posts), `median`, `recent`, `kind` (beside the median), `spread`."""
        accounts = [self.accounts.get(key, self.overall) for key in posts["account"]]
        pairs = zip(posts["account"], posts["kind"], strict=True)
        return pd.DataFrame({
            "known": [key in self.accounts for key in posts["account"]],
            "median": [one.median for one in accounts], "recent": [one.recent for one in accounts],
            "kind": [self.account_kinds.get(pair, self.kinds.get(pair[1], 0.0)) for pair in pairs],
            "spread": [one.spread for one in accounts],
        }, index=posts.index)  # fmt: skip


def learnt(posts: pd.DataFrame, response: Floats) -> Levels:
    """The levels of posts in order of time; `response` is the logarithm of the result."""
    y = pd.Series(response, index=posts.index)
    median = y.groupby(posts["account"], sort=False, dropna=False).median()
    between = float(np.median(median))
    rest = y - y.groupby(posts["account"], dropna=False).transform("median")
    usual = max(_spread(rest), 1e-6)
    accounts = {key: _account(part, between, usual) for key, part in y.groupby(posts["account"], dropna=False)}
    apart = max(_spread(median - between), usual / 4) if len(median) > 1 else usual
    overall = Account(0, between, between, float(np.hypot(usual, apart)))
    kinds = {
        key: float(part.median()) * len(part) / (len(part) + _SHARED_KIND_POSTS)
        for key, part in rest.groupby(posts["kind"], dropna=False)
    }
    own = {
        (key[0], key[1]): (float(part.median()) * len(part) + _KIND_POSTS * kinds[key[1]]) / (len(part) + _KIND_POSTS)
        for key, part in rest.groupby([posts["account"], posts["kind"]], dropna=False)
    }
    return Levels(overall, accounts, kinds, own)


def _account(values: pd.Series, between: float, usual: float) -> Account:
    n = len(values)
    median = (n * float(values.median()) + _ACCOUNT_POSTS * between) / (n + _ACCOUNT_POSTS) if n < 5 else None
    level = float(values.median()) if median is None else median
    recent = float(values.iloc[-RECENT:].median()) if n >= 5 else level
    spread = np.sqrt((10 * usual**2 + n * _spread(values - values.median()) ** 2) / (10 + n))
    return Account(n, level, recent, float(spread))


def _spread(rest: pd.Series) -> float:
    """The larger of the scaled median deviation and half the standard deviation."""
    off = rest.abs()
    return float(max(MAD_TO_SD * off.median(), 0.5 * np.sqrt((off**2).mean())))
