"""The long frame of an answer: one row per metric, split value and bucket.

A state says why a value is missing: `no_data` (never asked), `no_value` (asked, and the platform gave none),
`not_offered`, `not_permitted`, `not_yet`, `failed`; `undefined` (divided by 0), `not_exact` (people who cannot be added
up), `mixed_currency`. A value that is there is `measured` or `estimated`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.metrics.arithmetic import Folded, Why
from analytics.metrics.levels import Bools, Codes, Floats
from core.question import By
from core.records import State
from services.ask.cells import RANK
from services.ask.scope import Scope
from services.ask.sums import Groups, Sums
from services.words import calendar

_LACKING = np.array(
    ["no_data", "not_offered", "no_value", "no_value", "not_yet", "failed", "not_permitted"], dtype=object
)
"""By the rank of the state."""
_WHY = {Why.ZERO: "undefined", Why.NOT_EXACT: "not_exact", Why.HOLES: "not_exact", Why.CURRENCIES: "mixed_currency"}

Strings = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The rows of one metric, bucket by bucket within each group; `bucket` and `split` are places."""

    metric: Strings
    bucket: Codes
    split: Codes
    value: Floats
    previous: Floats
    unfinished: Bools
    state: Strings
    at_most: Bools


def of_period(sums: Sums, groups: Groups, whole: Folded, before: Folded | None) -> Columns:
    """One row per group."""
    buckets = calendar.buckets(sums.shared.scope.period, None)
    return _columns(sums, groups, buckets, whole, before)


def of_buckets(sums: Sums, groups: Groups, buckets: calendar.Buckets) -> Columns:
    """One row per group and bucket; the past stands in the bucket its days are beside."""
    return _columns(sums, groups, buckets, sums.series(groups, buckets), sums.series_before(groups, buckets))


def _columns(sums: Sums, groups: Groups, buckets: calendar.Buckets, here: Folded, before: Folded | None) -> Columns:
    rows, columns = here.value.shape
    return Columns(
        metric=np.full(rows * columns, sums.metric.name, dtype=object),
        bucket=np.tile(np.arange(columns), rows),
        split=np.repeat(np.arange(rows), columns),
        value=here.value.ravel(),
        previous=np.full(here.value.size, np.nan) if before is None else before.value.ravel(),
        unfinished=_highest(sums.unfinished.astype(np.int64), sums, groups, buckets).ravel() > 0,
        state=_states(sums, groups, buckets, here).ravel(),
        at_most=here.at_most.ravel(),
    )


def _highest(of_accounts: Codes, sums: Sums, groups: Groups, buckets: calendar.Buckets) -> Codes:
    """The highest code of each group and bucket, from codes of accounts and days."""
    if groups.n == 1:
        by_group = of_accounts.max(axis=0, initial=0)[None]
    else:
        pairs = np.unique(np.stack([groups.codes, sums.shared.cells.account]), axis=1)
        by_group = np.zeros((groups.n, of_accounts.shape[1]), np.int64)
        np.maximum.at(by_group, pairs[0], of_accounts[pairs[1]])
    by_bucket = np.zeros((buckets.n, groups.n), np.int64)
    np.maximum.at(by_bucket, buckets.codes, by_group.T)
    return by_bucket.T


def _states(sums: Sums, groups: Groups, buckets: calendar.Buckets, here: Folded) -> Strings:
    there = here.why == Why.FINE
    states = np.full(here.value.shape, State.MEASURED.value, dtype=object)
    guessed = (sums.states == RANK[State.ESTIMATED]) & sums.known
    if guessed.any():
        states[_highest(guessed.astype(np.int64), sums, groups, buckets) > 0] = State.ESTIMATED.value
    if there.all():
        return states
    lacking = _LACKING[_highest(sums.states, sums, groups, buckets)]
    states[~there] = lacking[~there]
    for why, name in _WHY.items():
        states[here.why == why] = name
    return states


def frame(scope: Scope, parts: list[Columns], groups: Groups) -> pd.DataFrame:
    """The parts of all metrics, one below the other; without `bucket` or `split` where the question has none."""
    columns: dict[str, Any] = {
        field.name: np.concatenate([getattr(one, field.name) for one in parts]) for field in fields(Columns)
    }
    buckets = calendar.buckets(scope.period, scope.question.by, scope.workspace.week_start)
    columns["bucket"] = _names(buckets)[columns["bucket"]]
    columns["split"] = np.array(groups.keys, dtype=object)[columns["split"]]
    if scope.question.by is None:
        del columns["bucket"]
    if scope.question.split is None:
        del columns["split"]
    return pd.DataFrame(columns, copy=False)


def _names(buckets: calendar.Buckets) -> NDArray[Any]:
    if buckets.by is By.WEEKDAY_HOUR:
        return np.arange(buckets.n)
    named = np.empty(buckets.n, dtype=object)
    named[:] = buckets.names
    return named
