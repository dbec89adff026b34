"""Where the counters of an account's posts stood when they were as old as another: what a curve is held against."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics import pulse as analysis
from analytics.metrics import registry
from analytics.pulse import Floats, Usual
from services.content.posts import EXPOSURES
from services.pulse.scene import HOUR_MS
from storage import entities, readings
from storage.database import Connection

BASE = timedelta(days=90)
"""The posts that say what is usual."""
ALONE = frozenset({"story", "reply", "repost"})
"""Kinds that live otherwise than posts do: they are held against their own kind or nothing."""


@dataclass(frozen=True, slots=True)
class Base:
    """What a post is held against: posts of its kind where there are enough. `known`: how many were read at its age."""

    usual: Usual | None
    same_kind: bool
    known: int


@dataclass(frozen=True, slots=True)
class AtAge:
    """A question: where the sum of these counters stood for each post of an account at an age."""

    account: int
    metrics: tuple[str, ...]
    age_h: float


def peers(
    connection: Connection, workspace_id: int, owners: Collection[int], since_ms: int, until_ms: int
) -> pd.DataFrame:
    """The posts of some accounts published between two moments, by rising id: account_id, kind, published_at."""
    rows = [
        (post, owner, kind, at)
        for owner in owners
        for post, _, kind, at in entities.post_moments(
            connection, workspace_id, [owner], from_ms=since_ms, to_ms=until_ms
        )
    ]
    return pd.DataFrame(rows, columns=["id", "account_id", "kind", "published_at"]).set_index("id").sort_index()


def seen_at(
    connection: Connection, workspace_id: int, posts: pd.DataFrame, totals: pd.DataFrame | None = None
) -> Floats:
    """When each post was last read (ms, NaN never), as far as one of the usual counters or `totals` tells."""
    usual = [registry.METRICS[name].id for name in (*EXPOSURES, "likes")]
    found = readings.latest(connection, workspace_id, post_ids=posts.index.tolist(), metric_ids=usual)
    seen = np.full(len(posts), -np.inf)
    for some in (found,) if totals is None else (found, totals):
        place = np.searchsorted(posts.index.to_numpy(), some["post_id"].to_numpy())
        np.maximum.at(seen, place, some["captured_at"].to_numpy(float))
    return np.where(np.isinf(seen), np.nan, seen)


def stood(
    connection: Connection,
    workspace_id: int,
    posts: pd.DataFrame,
    wanted: Mapping[int, AtAge],
    since_ms: int,
    until_ms: int | None = None,
) -> dict[int, Floats]:
    """For each question a value for every row of `posts` (as `peers` gives them, with `seen_at`): NaN where a counter
    is unknown at that age, and for posts of other accounts. `since_ms` and `until_ms`: when the posts came out."""
    moments = [
        (key, one.account, registry.METRICS[name].id, round(one.age_h * HOUR_MS))
        for key, one in wanted.items()
        for name in one.metrics
    ]
    found = readings.around(connection, workspace_id, moments, published_from_ms=since_ms, published_to_ms=until_ms)
    found = found[np.isin(found["post_id"].to_numpy(), posts.index.to_numpy())]
    place = np.searchsorted(posts.index.to_numpy(), found["post_id"].to_numpy())
    published, target = found["published_at"].to_numpy(float), found["target"].to_numpy()
    around = pd.DataFrame(
        {
            "before_h": _age_h(found["before_at"], published),
            "before": found["was"],
            "after_h": _age_h(found["after_at"], published),
            "after": found["now"],
            "seen_h": (posts["seen_at"].to_numpy(float)[place] - published) / HOUR_MS,
        }
    )
    values = analysis.at_age(around, np.array([wanted[key].age_h for key in target.tolist()]))
    return {key: _summed(place[target == key], values[target == key], len(posts)) for key in wanted}


def _age_h(moments: pd.Series, published: Floats) -> Floats:
    at = moments.to_numpy(float)
    return np.where(at > 0, (at - published) / HOUR_MS, np.nan)


def _summed(place: NDArray[np.int64], values: Floats, n: int) -> Floats:
    """The sum over the counters of each post; NaN where one is unknown, and for posts of other accounts."""
    total = np.full(n, np.nan)
    total[place] = 0.0
    np.add.at(total, place, values)
    return total


def base(alike: Floats, others: Floats) -> Base:
    """What posts of the same kind say is usual; where these are too few, what all of them say."""
    usual = analysis.usual(alike)
    if usual is not None:
        return Base(usual, True, usual.posts)
    return Base(analysis.usual(others), False, int((~np.isnan(others)).sum()))
