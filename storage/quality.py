"""What tells how well numbers are read: sums to hold against each other, revisions by age, runs in short, visits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, select

from core.clock import epoch_ms
from core.records import GRAINS
from storage import sql
from storage.tables import Setting, SyncRun

_run = sql.table(SyncRun)
_setting = sql.table(Setting)
_VISITS = "visits"
_APART_MS = 30 * 60 * 1000
_DAY = GRAINS["day"]


@dataclass(frozen=True, slots=True)
class RunShort:
    """A sync run without its streams; moments are ms since 1970 UTC."""

    connection_id: int
    trigger: str
    outcome: str
    started_at: int
    finished_at: int | None
    requests: int


def split_sums(
    connection: Connection,
    workspace_id: int,
    metric_ids: Collection[int],
    dimension_ids: Collection[int],
    account_ids: Collection[int],
    days: tuple[int, int],
) -> pd.DataFrame:
    """What the members of each dimension add up to on each day: metric_id, dimension_id, account_id, day, value."""
    columns = ("metric_id", "dimension_id", "account_id", "day")
    return sql.frame(
        connection,
        f"SELECT {', '.join(columns)}, sum(value) FROM fact WHERE workspace_id = {int(workspace_id)} "
        f"AND metric_id IN ({sql.numbers(metric_ids)}) AND grain = {_DAY} "
        f"AND dimension_id IN ({sql.numbers(dimension_ids)}) AND day BETWEEN {int(days[0])} AND {int(days[1])} "
        f"AND account_id IN ({sql.numbers(account_ids)}) GROUP BY {', '.join(columns)}",
        (*columns, "value"),
    )


def post_sums(
    connection: Connection, workspace_id: int, metric_ids: Collection[int], account_ids: Collection[int]
) -> pd.DataFrame:
    """What the lifetime counters of each account's posts add up to: account_id, metric_id, posts (with it), value."""
    return sql.frame(
        connection,
        "SELECT p.account_id, t.metric_id, count(*), sum(t.value) FROM post_total t "
        "JOIN post p ON p.workspace_id = t.workspace_id AND p.id = t.post_id "
        f"WHERE t.workspace_id = {int(workspace_id)} AND t.metric_id IN ({sql.numbers(metric_ids)}) "
        f"AND p.account_id IN ({sql.numbers(account_ids)}) GROUP BY p.account_id, t.metric_id",
        ("account_id", "metric_id", "posts", "value"),
    )


def post_counts(connection: Connection, workspace_id: int, account_ids: Collection[int]) -> dict[int, int]:
    """Account -> how many of its posts are known."""
    found = sql.frame(
        connection,
        f"SELECT account_id, count(*) FROM post WHERE workspace_id = {int(workspace_id)} "
        f"AND account_id IN ({sql.numbers(account_ids)}) GROUP BY account_id",
        ("account_id", "posts"),
    )
    return dict(zip(found["account_id"].tolist(), found["posts"].tolist(), strict=True))


def newest_days(
    connection: Connection, workspace_id: int, metric_ids: Collection[int], account_ids: Collection[int], since: int
) -> pd.DataFrame:
    """The newest day with a daily total since a day: account_id, metric_id, day."""
    return sql.frame(
        connection,
        f"SELECT account_id, metric_id, max(day) FROM fact WHERE workspace_id = {int(workspace_id)} "
        f"AND metric_id IN ({sql.numbers(metric_ids)}) AND grain = {_DAY} AND dimension_id = 0 AND day >= {int(since)} "
        f"AND account_id IN ({sql.numbers(account_ids)}) GROUP BY account_id, metric_id",
        ("account_id", "metric_id", "day"),
    )


def revisions(
    connection: Connection,
    workspace_id: int,
    metric_ids: Collection[int],
    account_ids: Collection[int],
    days: tuple[int, int],
) -> pd.DataFrame:
    """Values of daily totals that were replaced: metric_id, day, account_id, observed_from, observed_to (ms), value."""
    columns = ("metric_id", "day", "account_id", "observed_from", "observed_to", "value")
    return sql.frame(
        connection,
        f"SELECT {', '.join(columns)} FROM fact_revision WHERE workspace_id = {int(workspace_id)} "
        f"AND metric_id IN ({sql.numbers(metric_ids)}) AND grain = {_DAY} AND dimension_id = 0 "
        f"AND day BETWEEN {int(days[0])} AND {int(days[1])} AND account_id IN ({sql.numbers(account_ids)})",
        columns,
    )


def runs_since(connection: Connection, workspace_id: int, since_ms: int) -> list[RunShort]:
    """The runs that began since a moment, oldest first."""
    columns = [_run.c[name] for name in RunShort.__slots__]
    here = (_run.c.workspace_id == workspace_id) & (_run.c.started_at >= int(since_ms))
    rows = connection.execute(select(*columns).where(here).order_by(_run.c.started_at, _run.c.id))
    return [RunShort(*row) for row in rows]


def visit(connection: Connection, workspace_id: int, person: str, now: datetime) -> int | None:
    """Note that somebody looks, and answer when they last did before (ms), None for the first time.

    Looks less than half an hour apart are one visit. No number changes by it, so no cache is emptied.
    """
    here = (_setting.c.workspace_id == workspace_id) & (_setting.c.name == _VISITS)
    row = connection.execute(select(_setting.c.value).where(here)).first()
    kept = dict(row.value) if row else {}
    before, latest = kept.get(person, [None, None])
    moment = epoch_ms(now)
    if latest is not None and moment - latest >= _APART_MS:
        before = latest
    kept[person] = [before, max(moment, latest or 0)]
    fresh = {"workspace_id": workspace_id, "name": _VISITS, "value": kept}
    sql.upsert(connection, _setting, [fresh], ("workspace_id", "name"), ("value",))
    return None if before is None else int(before)


def posts_gathered(
    connection: Connection, workspace_id: int, account_id: int, metric_ids: Collection[int], published: tuple[int, int]
) -> float | None:
    """What the posts of an account published from a moment (ms) to before another have gathered until now; None where
    nothing was read of them."""
    found = sql.frame(
        connection,
        "SELECT count(*), sum(t.value) FROM post p JOIN post_total t "
        f"ON t.workspace_id = p.workspace_id AND t.post_id = p.id AND t.metric_id IN ({sql.numbers(metric_ids)}) "
        f"WHERE p.workspace_id = {int(workspace_id)} AND p.account_id = {int(account_id)} "
        f"AND p.published_at >= {int(published[0])} AND p.published_at < {int(published[1])}",
        ("posts", "value"),
    )
    return float(found["value"].iloc[0]) if found["posts"].iloc[0] else None
