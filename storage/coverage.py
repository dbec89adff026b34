"""What is known of a metric of an account over ranges of days, and why. Ranges of one metric never overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from core.records import State
from storage import sql, versions
from storage.tables import Coverage as CoverageTable

Mark = tuple[int, int | date, int | date, State | str, str]
"""(metric_id, first_day, last_day, state, reason); both days are included."""

_COLUMNS = ("account_id", "metric_id", "from_day", "to_day", "state", "reason", "observed_at")
_table = sql.table(CoverageTable)


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Days from `first` to `last`, both included, in one state for one reason, as observed at a moment (ms)."""

    first: int
    last: int
    state: str
    reason: str = ""
    observed_at: int = 0

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a range of days ends ({self.last}) before it begins ({self.first})")


def overlay(ranges: Iterable[Range], new: Range) -> list[Range]:
    """The ranges with `new` laid over them: what it covers is cut away, equal neighbours become one.

    >>> [(r.first, r.last, r.state) for r in overlay([Range(1, 9, "measured")], Range(4, 5, "failed"))]
    [(1, 3, 'measured'), (4, 5, 'failed'), (6, 9, 'measured')]
    >>> [(r.first, r.last) for r in overlay([Range(1, 4, "measured")], Range(5, 6, "measured"))]
    [(1, 6)]
    """
    left = [replace(old, last=min(old.last, new.first - 1)) for old in ranges if old.first < new.first]
    right = [replace(old, first=max(old.first, new.last + 1)) for old in ranges if old.last > new.last]
    merged: list[Range] = []
    for one in sorted([*left, new, *right], key=lambda item: item.first):
        if merged and _continues(merged[-1], one):
            moment = max(merged[-1].observed_at, one.observed_at)
            merged[-1] = replace(merged[-1], last=one.last, observed_at=moment)
        else:
            merged.append(one)
    return merged


def _continues(before: Range, after: Range) -> bool:
    return before.last + 1 == after.first and (before.state, before.reason) == (after.state, after.reason)


def mark(
    connection: Connection, workspace_id: int, account_id: int, marks: Iterable[Mark], observed_at_ms: int
) -> None:
    """Note what is known of metrics of an account over ranges of days; a later mark covers an earlier one."""
    by_metric: dict[int, list[Range]] = defaultdict(list)
    for metric, first, last, state, reason in marks:
        days = (sql.day_number(first), sql.day_number(last))
        by_metric[int(metric)].append(Range(*days, str(State(state)), reason, int(observed_at_ms)))
    if not by_metric:
        return
    sql.lock_workspace(connection, workspace_id)
    known = _stored(connection, workspace_id, account_id, by_metric)
    changed = False
    for metric, fresh in by_metric.items():
        after = known[metric]
        for one in fresh:
            after = overlay(after, one)
        changed |= _replace(connection, (workspace_id, account_id, metric), known[metric], after)
    if changed:
        versions.bump(connection, workspace_id)


def _stored(
    connection: Connection, workspace_id: int, account_id: int, metrics: Collection[int]
) -> defaultdict[int, list[Range]]:
    rows = connection.execute(
        select(_table)
        .where(_table.c.workspace_id == workspace_id, _table.c.account_id == account_id)
        .where(_table.c.metric_id.in_(list(metrics)))
        .order_by(_table.c.metric_id, _table.c.from_day)
    )
    known: defaultdict[int, list[Range]] = defaultdict(list)
    for row in rows:
        known[row.metric_id].append(Range(row.from_day, row.to_day, row.state, row.reason, row.observed_at))
    return known


def _replace(connection: Connection, key: tuple[int, int, int], before: list[Range], after: list[Range]) -> bool:
    """Write the difference; True when there is one that a screen would show."""
    gone = {one.first for one in before} - {one.first for one in after}
    fresh = [one for one in after if one not in set(before)]
    workspace_id, account_id, metric_id = key
    here = (_table.c.workspace_id == workspace_id) & (_table.c.account_id == account_id)
    if gone:
        connection.execute(
            _table.delete().where(here, _table.c.metric_id == metric_id, _table.c.from_day.in_(list(gone)))
        )
    identity = {"workspace_id": workspace_id, "account_id": account_id, "metric_id": metric_id}
    rows = [
        {**identity, "from_day": one.first, "to_day": one.last, "state": one.state, "reason": one.reason,
         "observed_at": one.observed_at}
        for one in fresh
    ]  # fmt: skip
    change = ("to_day", "state", "reason", "observed_at")
    sql.upsert(connection, _table, rows, ("workspace_id", "account_id", "metric_id", "from_day"), change)
    return _shape(before) != _shape(after)


def _shape(ranges: list[Range]) -> list[tuple[int, int, str, str]]:
    return [(one.first, one.last, one.state, one.reason) for one in ranges]


def read(
    connection: Connection,
    workspace_id: int,
    account_ids: Collection[int] | None,
    metric_ids: Collection[int] | None,
    first_day: int | date,
    last_day: int | date,
) -> pd.DataFrame:
    """What is known from `first_day` to `last_day`, cut to these days; None means all accounts or metrics.

    Columns: account_id, metric_id, from_day, to_day (int), state, reason (str), observed_at (ms); by account, metric
    and day.
    """
    first, last = sql.day_number(first_day), sql.day_number(last_day)
    query = select(*(_table.c[name] for name in _COLUMNS)).where(
        _table.c.workspace_id == workspace_id, _table.c.from_day <= last, _table.c.to_day >= first
    )
    if account_ids is not None:
        query = query.where(_table.c.account_id.in_([int(one) for one in account_ids]))
    if metric_ids is not None:
        query = query.where(_table.c.metric_id.in_([int(one) for one in metric_ids]))
    rows = connection.execute(query.order_by(_table.c.account_id, _table.c.metric_id, _table.c.from_day)).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    made = {
        name: np.array(values, dtype=object if name in ("state", "reason") else np.int64)
        for name, values in zip(_COLUMNS, columns, strict=True)
    }
    made["from_day"], made["to_day"] = np.maximum(made["from_day"], first), np.minimum(made["to_day"], last)
    return pd.DataFrame(made, copy=False)


def metrics_in(
    connection: Connection,
    workspace_id: int,
    account_id: int,
    metric_ids: Collection[int],
    first_day: int,
    last_day: int,
    states: Collection[str],
) -> set[int]:
    """The metrics of an account of which one of these states is noted between two days."""
    query = select(_table.c.metric_id).where(
        _table.c.workspace_id == workspace_id,
        _table.c.account_id == account_id,
        _table.c.metric_id.in_([int(one) for one in metric_ids]),
        _table.c.from_day <= last_day,
        _table.c.to_day >= first_day,
        _table.c.state.in_([str(one) for one in states]),
    )
    return {int(row.metric_id) for row in connection.execute(query)}


def forget_account(connection: Connection, workspace_id: int, account_id: int) -> None:
    """Forget what is known of an account."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.account_id == account_id)
    connection.execute(_table.delete().where(here))
