"""Facts: written in bulk, corrected without forgetting, read as they are now or as they were known at a moment.

A row is (metric_id, grain, dimension_id, day, account_id, member_id, value); days are days since 1970-01-01 in the
account's time zone (hours since then for grain "hour"), moments are milliseconds since 1970 UTC.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from core.errors import SchemaDrift
from storage import sql, versions
from storage.tables import FACT_KEY

Row = tuple[int, int, int, int, int, int, float]
"""(metric_id, grain, dimension_id, day, account_id, member_id, value)."""

_KEY = FACT_KEY[1:]
_KEYS = ", ".join(_KEY)
_TYPES = ("smallint", "smallint", "smallint", "integer", "bigint", "integer", "double precision")
_COLUMNS = ", ".join(f"{name} {kind}" for name, kind in zip((*_KEY, "value"), _TYPES, strict=True))
_SAME_KEY = " AND ".join(f"f.{name} = i.{name}" for name in _KEY)
_READ = "metric_id, day, account_id, member_id, value"


@dataclass(frozen=True, slots=True)
class Written:
    """How many facts of a batch were not there before, said something else, or said the same."""

    new: int
    changed: int
    same: int


def write(connection: Connection, workspace_id: int, rows: Iterable[Row], observed_at_ms: int) -> Written:
    """Store facts as observed at a moment; a changed value moves the old one to the revisions.

    Facts that say the same are not touched, so writing a batch twice changes nothing. Of rows with the same key the
    last one counts. A value that comes from an earlier moment than the stored one counts as observed just after it.
    Raises SchemaDrift when a value is not a finite number; nothing is stored then.
    """
    batch = {row[:6]: row[6] for row in rows}
    _refuse_nonsense(batch)
    if not batch:
        return Written(0, 0, 0)
    sql.lock_workspace(connection, workspace_id)
    _stage(connection, [(*key, batch[key]) for key in sorted(batch)])
    changed = _keep_old(connection, workspace_id, observed_at_ms)
    touched = _put(connection, workspace_id, observed_at_ms)
    if touched:
        versions.bump(connection, workspace_id)
    return Written(new=touched - changed, changed=changed, same=len(batch) - touched)


def _refuse_nonsense(batch: dict[tuple[int, int, int, int, int, int], float]) -> None:
    for key, value in batch.items():
        if value is None or not math.isfinite(value):
            raise SchemaDrift(
                "A value is not a number, so nothing of this batch was stored.",
                context={"fact": dict(zip(_KEY, key, strict=True)), "value": repr(value)},
            )


def _stage(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    """Put the batch, sorted by key, into a temporary table."""
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        raw.execute(f"CREATE TEMP TABLE IF NOT EXISTS incoming ({_COLUMNS})")
        raw.execute("DELETE FROM temp.incoming")
        raw.executemany("INSERT INTO temp.incoming VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        return
    with raw.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS incoming ({_COLUMNS}) ON COMMIT DELETE ROWS")
        cursor.execute("TRUNCATE pg_temp.incoming")
        with cursor.copy("COPY pg_temp.incoming FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([kind.replace("double precision", "float8") for kind in _TYPES])
            for row in rows:
                copy.write_row(row)
        # Without these the planner, which knows nothing of a fresh temporary table, may read the whole store.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")


def _keep_old(connection: Connection, workspace_id: int, moment: int) -> int:
    """Move values about to change into the revisions; returns how many differ.

    A value of this same moment is simply replaced: it was current for no time at all.
    """
    differing = (
        f"FROM {_incoming(connection)} i CROSS JOIN fact f "
        f"WHERE f.workspace_id = {int(workspace_id)} AND {_SAME_KEY} AND f.value <> i.value"
    )
    changed = int(connection.exec_driver_sql(f"SELECT count(*) {differing}").scalar_one())
    if changed:
        keys = ", ".join(f"f.{name}" for name in FACT_KEY)
        later = _latest("f.observed_at", moment)
        connection.exec_driver_sql(
            f"INSERT INTO fact_revision (workspace_id, {_KEYS}, observed_from, value, observed_to) "
            f"SELECT {keys}, f.observed_at, f.value, {later} {differing} AND f.observed_at <> {int(moment)}"
        )
    return changed


def _put(connection: Connection, workspace_id: int, moment: int) -> int:
    """Insert what is new and replace what differs; returns how many rows that were."""
    touched = connection.exec_driver_sql(
        f"INSERT INTO fact (workspace_id, {_KEYS}, value, observed_at) "
        f"SELECT {int(workspace_id)}, {_KEYS}, value, {int(moment)} FROM {_incoming(connection)} WHERE true "
        f"ON CONFLICT (workspace_id, {_KEYS}) DO UPDATE SET value = excluded.value, "
        f"observed_at = {_latest('fact.observed_at', moment)} WHERE fact.value <> excluded.value"
    ).rowcount
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL enable_hashjoin = DEFAULT; SET LOCAL enable_mergejoin = DEFAULT")
    return touched


def _latest(stored: str, moment: int) -> str:
    return f"CASE WHEN {stored} > {int(moment)} THEN {stored} + 1 ELSE {int(moment)} END"


def _incoming(connection: Connection) -> str:
    return "temp.incoming" if connection.dialect.name == "sqlite" else "pg_temp.incoming"


def read(
    connection: Connection,
    workspace_id: int,
    *,
    metric_ids: Collection[int],
    grain: int,
    dimension_id: int,
    first_day: int | date,
    last_day: int | date,
    account_ids: Collection[int] | None = None,
    member_ids: Collection[int] | None = None,
    as_of_ms: int | None = None,
) -> pd.DataFrame:
    """Facts of one dimension, one row each: metric_id, day, account_id, member_id (int64), value (float64),
    observed_at (int64, ms). Days are included on both ends; None for accounts or members means all.

    With `as_of_ms`, the values that were known at that moment.
    """
    where = (
        f"workspace_id = {int(workspace_id)} AND metric_id IN ({sql.numbers(metric_ids)}) AND grain = {int(grain)} "
        f"AND dimension_id = {int(dimension_id)} "
        f"AND day BETWEEN {sql.day_number(first_day)} AND {sql.day_number(last_day)}"
    )
    for name, wanted in (("account_id", account_ids), ("member_id", member_ids)):
        where += "" if wanted is None else f" AND {name} IN ({sql.numbers(wanted)})"
    query = f"SELECT {_READ}, observed_at FROM fact WHERE {where}"
    if as_of_ms is not None:
        moment = int(as_of_ms)
        query += (
            f" AND observed_at <= {moment} UNION ALL SELECT {_READ}, observed_from FROM fact_revision "
            f"WHERE {where} AND observed_from <= {moment} AND observed_to > {moment}"
        )
    return sql.frame(connection, query, (*_READ.split(", "), "observed_at"))


def changed_since(
    connection: Connection,
    workspace_id: int,
    since_ms: int,
    *,
    metric_ids: Collection[int] | None = None,
    account_ids: Collection[int] | None = None,
) -> pd.DataFrame:
    """What was restated since a moment: one row per fact that said something else then.

    Columns: metric_id, grain, dimension_id, day, account_id, member_id, was (value then), now (value now, NaN when the
    fact is gone), changed_at (ms of the newest observation; of the end of the old value when the fact is gone).
    """
    moment = int(since_ms)
    where = f"i.workspace_id = {int(workspace_id)} AND i.observed_to > {moment} AND i.observed_from <= {moment}"
    for name, wanted in (("metric_id", metric_ids), ("account_id", account_ids)):
        where += "" if wanted is None else f" AND i.{name} IN ({sql.numbers(wanted)})"
    query = (
        f"SELECT {', '.join(f'i.{name}' for name in _KEY)}, i.value, f.value, coalesce(f.observed_at, i.observed_to) "
        f"FROM fact_revision i LEFT JOIN fact f ON f.workspace_id = i.workspace_id AND {_SAME_KEY} "
        f"WHERE {where} AND (f.value IS NULL OR f.value <> i.value)"
    )
    return sql.frame(connection, query, (*_KEY, "was", "now", "changed_at"))


def restore(
    connection: Connection, workspace_id: int, account_id: int, metric_ids: Collection[int], observed_at_ms: int
) -> int:
    """Undo a batch: every fact still standing as it was observed at that moment becomes what it was before, or goes.

    Facts that were observed anew since are left alone. Returns how many facts were put back or removed.
    """
    sql.lock_workspace(connection, workspace_id)
    batch = (
        f"workspace_id = {int(workspace_id)} AND account_id = {int(account_id)} "
        f"AND metric_id IN ({sql.numbers(metric_ids)})"
    )
    same = " AND ".join(f"r.{name} = fact.{name}" for name in FACT_KEY)
    before = f"FROM fact_revision r WHERE {same} AND r.observed_to = {int(observed_at_ms)}"
    standing = f"{batch} AND observed_at = {int(observed_at_ms)}"
    put_back = connection.exec_driver_sql(
        f"UPDATE fact SET value = (SELECT r.value {before}), observed_at = (SELECT r.observed_from {before}) "
        f"WHERE {standing} AND EXISTS (SELECT 1 {before})"
    ).rowcount
    removed = connection.exec_driver_sql(f"DELETE FROM fact WHERE {standing}").rowcount
    current = " AND ".join(f"f.{name} = fact_revision.{name}" for name in FACT_KEY)
    connection.exec_driver_sql(
        f"DELETE FROM fact_revision WHERE {batch} AND observed_to = {int(observed_at_ms)} "
        f"AND EXISTS (SELECT 1 FROM fact f WHERE {current} AND f.observed_at = fact_revision.observed_from)"
    )
    if put_back + removed:
        versions.bump(connection, workspace_id)
    return put_back + removed


def forget_account(connection: Connection, workspace_id: int, account_id: int) -> int:
    """Delete every fact of an account with its history; returns how many facts that were."""
    sql.lock_workspace(connection, workspace_id)
    where = f"WHERE workspace_id = {int(workspace_id)} AND account_id = {int(account_id)}"
    connection.exec_driver_sql(f"DELETE FROM fact_revision {where}")
    gone = connection.exec_driver_sql(f"DELETE FROM fact {where}").rowcount
    if gone:
        versions.bump(connection, workspace_id)
    return gone
