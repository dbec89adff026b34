"""Readings of posts' lifetime counters: kept when they change, and the newest of each at hand.

A reading is (post_id, metric_id, captured_at_ms, value). Between two readings the counter stood at the earlier one.
"""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Collection, Iterable

import pandas as pd
from sqlalchemy import Connection

from core.errors import SchemaDrift
from storage import sql, versions
from storage.tables import PostTotal
from storage.tables import Reading as ReadingTable

Row = tuple[int, int, int, float]
"""(post_id, metric_id, captured_at_ms, value)."""

_Key = tuple[int, int]
_Series = list[tuple[int, float]]
_COLUMNS = ("post_id", "metric_id", "value", "captured_at")
_AROUND = ("target", "post_id", "metric_id", "published_at", "before_at", "was", "after_at", "now")
_reading = sql.table(ReadingTable)
_total = sql.table(PostTotal)


def write(connection: Connection, workspace_id: int, rows: Iterable[Row]) -> int:
    """Store readings that are the first of their counter or differ from the one before; returns how many those were.

    Of two readings of one counter at one moment the last counts. Raises SchemaDrift when a value is not a finite
    number; nothing is stored then.
    """
    batch = _grouped(rows)
    if not batch:
        return 0
    sql.lock_workspace(connection, workspace_id)
    known = _known(connection, workspace_id, batch)
    stored: list[tuple[_Key, int, float]] = []
    totals: list[tuple[_Key, int, float]] = []
    for key, fresh in batch.items():
        series = known[key]
        before = series[-1] if series else None
        stored += [(key, at, value) for at, value in sorted(fresh.items()) if _insert(series, at, value)]
        if series[-1] != before:
            totals.append((key, *series[-1]))
    _put(connection, workspace_id, stored, totals)
    return len(stored)


def _grouped(rows: Iterable[Row]) -> dict[_Key, dict[int, float]]:
    batch: dict[_Key, dict[int, float]] = defaultdict(dict)
    for post, metric, captured_at, value in rows:
        if value is None or not math.isfinite(value):
            raise SchemaDrift(
                "A counter of a post is not a number, so nothing of this batch was stored.",
                context={"post": post, "metric": metric, "value": repr(value)},
            )
        batch[int(post), int(metric)][int(captured_at)] = float(value)
    return batch


def _known(
    connection: Connection, workspace_id: int, batch: dict[_Key, dict[int, float]]
) -> defaultdict[_Key, _Series]:
    """The newest reading of every counter in the batch; the whole history of those that get an older one."""
    known: defaultdict[_Key, _Series] = defaultdict(list)
    metrics = {metric for _, metric in batch}
    newest = latest(connection, workspace_id, post_ids={post for post, _ in batch}, metric_ids=metrics)
    late: set[int] = set()
    for post, metric, value, captured_at in newest.itertuples(index=False):
        key = (int(post), int(metric))
        known[key] = [(int(captured_at), float(value))]
        if key in batch and min(batch[key]) <= captured_at:
            late.add(key[0])
    if late:
        past = history(connection, workspace_id, late, metrics)
        for post, metric in {(post, metric) for post in late for metric in metrics}:
            known.pop((post, metric), None)
        for post, metric, value, captured_at in past.itertuples(index=False):
            known[int(post), int(metric)].append((int(captured_at), float(value)))
    return known


def _insert(series: _Series, captured_at: int, value: float) -> bool:
    """Put a reading into its place; False when it says what was known for that moment already."""
    place = bisect.bisect_right(series, captured_at, key=lambda reading: reading[0])
    if place and series[place - 1][1] == value:
        return False
    if place and series[place - 1][0] == captured_at:
        series[place - 1] = (captured_at, value)
    else:
        series.insert(place, (captured_at, value))
    return True


def _put(
    connection: Connection,
    workspace_id: int,
    stored: list[tuple[_Key, int, float]],
    totals: list[tuple[_Key, int, float]],
) -> None:
    def row(entry: tuple[_Key, int, float]) -> dict[str, float]:
        (post, metric), captured_at, value = entry
        return {
            "workspace_id": workspace_id, "post_id": post, "metric_id": metric, "captured_at": captured_at,
            "value": value,
        }  # fmt: skip

    key = ("workspace_id", "post_id", "metric_id")
    sql.upsert(connection, _reading, [row(entry) for entry in stored], (*key, "captured_at"), ("value",))
    sql.upsert(connection, _total, [row(entry) for entry in totals], key, ("value", "captured_at"))
    if stored:
        versions.bump(connection, workspace_id)


def latest(
    connection: Connection,
    workspace_id: int,
    *,
    post_ids: Collection[int] | None = None,
    metric_ids: Collection[int] | None = None,
) -> pd.DataFrame:
    """The newest reading of each counter: post_id, metric_id, captured_at (int64, ms), value (float64)."""
    where = f"workspace_id = {int(workspace_id)}{_among('post_id', post_ids)}{_among('metric_id', metric_ids)}"
    return sql.frame(connection, f"SELECT {', '.join(_COLUMNS)} FROM post_total WHERE {where}", _COLUMNS)


def at(
    connection: Connection,
    workspace_id: int,
    post_ids: Collection[int],
    metric_ids: Collection[int],
    moment_ms: int,
) -> pd.DataFrame:
    """Where each counter stood at a moment, columns as in `latest`; no row for a counter not read by then."""
    same = "x.workspace_id = t.workspace_id AND x.post_id = t.post_id AND x.metric_id = t.metric_id"
    last = f"SELECT max(x.captured_at) FROM reading x WHERE {same} AND x.captured_at <= {int(moment_ms)}"
    where = f"t.workspace_id = {int(workspace_id)}{_among('t.post_id', post_ids)}{_among('t.metric_id', metric_ids)}"
    return sql.frame(
        connection,
        "SELECT r.post_id, r.metric_id, r.value, r.captured_at FROM post_total t JOIN reading r "
        "ON r.workspace_id = t.workspace_id AND r.post_id = t.post_id AND r.metric_id = t.metric_id "
        f"AND r.captured_at = ({last}) WHERE {where}",
        _COLUMNS,
    )


def history(
    connection: Connection,
    workspace_id: int,
    post_ids: Collection[int],
    metric_ids: Collection[int],
    *,
    first_ms: int | None = None,
    last_ms: int | None = None,
) -> pd.DataFrame:
    """Every stored reading, by post, metric and moment, columns as in `latest`; both ends of the time are included."""
    where = f"workspace_id = {int(workspace_id)}{_among('post_id', post_ids)}{_among('metric_id', metric_ids)}"
    where += "" if first_ms is None else f" AND captured_at >= {int(first_ms)}"
    where += "" if last_ms is None else f" AND captured_at <= {int(last_ms)}"
    query = f"SELECT {', '.join(_COLUMNS)} FROM reading WHERE {where} ORDER BY post_id, metric_id, captured_at"
    return sql.frame(connection, query, _COLUMNS)


Moment = tuple[int, int, int, int]
"""(target, account_id, metric_id, age_ms)."""


def around(
    connection: Connection,
    workspace_id: int,
    wanted: Collection[Moment],
    *,
    published_from_ms: int,
    published_to_ms: int | None = None,
) -> pd.DataFrame:
    """What counters were read at when posts had an age: one row per wanted (target, account, metric, age) and post of
    the account published since a moment (and until another), in no order.

    Columns: target (as given), post_id, metric_id, published_at, before_at (ms of the last reading not after that age),
    was (its value), after_at (ms of the next reading) and now (its value); where there is no such reading the moment is
    0 and the value NaN.
    """
    if not wanted:
        return pd.DataFrame(columns=list(_AROUND))
    rows = ", ".join(f"({sql.numbers(one)})" for one in wanted)
    mine = f"x.workspace_id = {int(workspace_id)} AND x.post_id = p.id AND x.metric_id = w.metric_id"
    before = f"SELECT max(x.captured_at) FROM reading x WHERE {mine} AND x.captured_at <= p.published_at + w.age_ms"
    after = f"SELECT min(x.captured_at) FROM reading x WHERE {mine} AND x.captured_at > p.published_at + w.age_ms"
    same = f"{{0}}.workspace_id = {int(workspace_id)} AND {{0}}.post_id = b.post_id AND {{0}}.metric_id = b.metric_id"
    until = "" if published_to_ms is None else f" AND p.published_at <= {int(published_to_ms)}"
    return sql.frame(
        connection,
        f"WITH w(target, account_id, metric_id, age_ms) AS (VALUES {rows}), b AS ("
        "SELECT w.target, p.id AS post_id, w.metric_id, p.published_at, "
        f"({before}) AS before_at, ({after}) AS after_at FROM w JOIN post p "
        f"ON p.workspace_id = {int(workspace_id)} AND p.account_id = w.account_id "
        f"AND p.published_at >= {int(published_from_ms)}{until}) "
        "SELECT b.target, b.post_id, b.metric_id, b.published_at, "
        "coalesce(b.before_at, 0), r.value, coalesce(b.after_at, 0), s.value FROM b "
        f"LEFT JOIN reading r ON {same.format('r')} AND r.captured_at = b.before_at "
        f"LEFT JOIN reading s ON {same.format('s')} AND s.captured_at = b.after_at",
        _AROUND,
    )


def moved(
    connection: Connection,
    workspace_id: int,
    account_ids: Collection[int],
    metric_ids: Collection[int],
    *,
    since_ms: int,
    born_ms: int = 0,
) -> pd.DataFrame:
    """Of counters that changed after a moment: their readings after it and the last one before. Columns as in `latest`,
    then account_id and published_at (int64, ms) of the post, in no order. Counters without an earlier reading are left
    out for posts published before `born_ms`: it cannot be told when they grew."""
    same = "{0}.workspace_id = t.workspace_id AND {0}.post_id = t.post_id AND {0}.metric_id = t.metric_id"
    before = f"SELECT max(x.captured_at) FROM reading x WHERE {same.format('x')} AND x.captured_at <= {int(since_ms)}"
    where = f"t.workspace_id = {int(workspace_id)}{_among('t.metric_id', metric_ids)}"
    return sql.frame(
        connection,
        "SELECT r.post_id, r.metric_id, r.value, r.captured_at, p.account_id, p.published_at FROM post_total t "
        f"JOIN post p ON p.workspace_id = t.workspace_id AND p.id = t.post_id{_among('p.account_id', account_ids)} "
        f"JOIN reading r ON {same.format('r')} AND r.captured_at >= coalesce(({before}), "
        f"CASE WHEN p.published_at >= {int(born_ms)} THEN 0 END) "
        f"WHERE {where} AND t.captured_at > {int(since_ms)}",
        (*_COLUMNS, "account_id", "published_at"),
    )


def forget_account(connection: Connection, workspace_id: int, account_id: int) -> None:
    """Delete the readings of every post of an account."""
    sql.lock_workspace(connection, workspace_id)
    own = f"SELECT id FROM post WHERE workspace_id = {int(workspace_id)} AND account_id = {int(account_id)}"
    for table in ("reading", "post_total"):
        connection.exec_driver_sql(
            f"DELETE FROM {table} WHERE workspace_id = {int(workspace_id)} AND post_id IN ({own})"
        )


def _among(column: str, wanted: Collection[int] | None) -> str:
    return "" if wanted is None else f" AND {column} IN ({sql.numbers(wanted)})"
