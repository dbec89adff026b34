"""Sync runs and their outcome, and how far each stream of an account has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql, versions
from storage.tables import StreamCursor, SyncRun

NOTICE = "notice"
"""The trigger of a run that a platform's notice led to: it reads only what can have changed just now."""

_run = sql.table(SyncRun)
_cursor = sql.table(StreamCursor)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One sync of a connection. `progress` is a share from 0 to 1; moments are ms since 1970 UTC."""

    workspace_id: int
    id: int
    connection_id: int
    trigger: str
    started_at: int
    finished_at: int | None
    outcome: str
    reason: str
    hint: str
    facts: int
    posts: int
    readings: int
    comments: int
    requests: int
    progress: float
    streams: Mapping[str, Any]

    @property
    def whole(self) -> bool:
        """Whether it was to read all that was due, not only what a notice told of."""
        return self.trigger != NOTICE


@dataclass(frozen=True, slots=True)
class CursorRow:
    """How far a stream has been read: `forward_to` and `back_to` are days since 1970-01-01, None: not at all."""

    workspace_id: int
    account_id: int
    stream: str
    forward_to: int | None
    back_to: int | None
    state: Mapping[str, Any]
    ran_at: int | None


def start(connection: Connection, workspace_id: int, connection_id: int, trigger: str, now: datetime) -> int:
    """Record that a sync begins; returns the run's id."""
    row = SyncRun(
        workspace_id=workspace_id, id=new_id(), connection_id=connection_id, trigger=trigger, started_at=epoch_ms(now)
    )
    connection.execute(_run.insert().values(row.model_dump()))
    return row.id


def update(connection: Connection, workspace_id: int, run_id: int, **changes: Any) -> None:
    """Note progress: any of progress, facts, posts, readings, comments, requests, streams."""
    connection.execute(_run.update().where(_is(workspace_id, run_id)).values(changes))


def finish(
    connection: Connection,
    workspace_id: int,
    run_id: int,
    outcome: str,
    now: datetime,
    *,
    reason: str = "",
    hint: str = "",
    **changes: Any,
) -> None:
    """Record how a sync ended: ok, partial, failed or interrupted, and why, for a person."""
    values = {"outcome": outcome, "finished_at": epoch_ms(now), "reason": reason, "hint": hint, "progress": 1.0}
    connection.execute(_run.update().where(_is(workspace_id, run_id)).values(values | changes))
    versions.bump(connection, workspace_id)


def interrupt(connection: Connection, workspace_id: int, connection_id: int, now: datetime, reason: str) -> int:
    """Close runs of a connection that never ended, because their process did; returns how many."""
    left = (_run.c.workspace_id == workspace_id) & (_run.c.connection_id == connection_id)
    done = connection.execute(
        _run.update()
        .where(left, _run.c.outcome == "running")
        .values(outcome="interrupted", finished_at=epoch_ms(now), reason=reason)
    )
    return done.rowcount


def get(connection: Connection, workspace_id: int, run_id: int) -> RunRow | None:
    """One run, or None."""
    row = connection.execute(select(_run).where(_is(workspace_id, run_id))).first()
    return None if row is None else sql.values(row, RunRow)


def newest(
    connection: Connection,
    workspace_id: int,
    connection_id: int | None = None,
    *,
    limit: int = 20,
    whole: bool = False,
) -> list[RunRow]:
    """The latest runs of a connection (None: of the workspace), newest first; only `whole` ones: not of notices."""
    query = select(_run).where(_run.c.workspace_id == workspace_id)
    if whole:
        query = query.where(_run.c.trigger != NOTICE)
    if connection_id is not None:
        query = query.where(_run.c.connection_id == connection_id)
    rows = connection.execute(query.order_by(_run.c.started_at.desc(), _run.c.id.desc()).limit(limit))
    return [sql.values(row, RunRow) for row in rows]


def cursor(connection: Connection, workspace_id: int, account_id: int, stream: str) -> CursorRow | None:
    """How far a stream has been read, or None when it never ran."""
    row = connection.execute(select(_cursor).where(_of(workspace_id, account_id), _cursor.c.stream == stream)).first()
    return None if row is None else sql.values(row, CursorRow)


def cursors(connection: Connection, workspace_id: int, account_id: int) -> list[CursorRow]:
    """How far every stream of an account has been read."""
    rows = connection.execute(select(_cursor).where(_of(workspace_id, account_id)).order_by(_cursor.c.stream))
    return [sql.values(row, CursorRow) for row in rows]


def save_cursor(
    connection: Connection,
    workspace_id: int,
    account_id: int,
    stream: str,
    *,
    forward_to: int | None,
    back_to: int | None,
    state: Mapping[str, Any],
    ran_at: int | None,
) -> None:
    """Note how far a stream has been read, in the transaction that stores what was read."""
    row = {
        "workspace_id": workspace_id, "account_id": account_id, "stream": stream,
        "forward_to": forward_to, "back_to": back_to, "state": dict(state), "ran_at": ran_at,
    }  # fmt: skip
    change = ("forward_to", "back_to", "state", "ran_at")
    sql.upsert(connection, _cursor, [row], ("workspace_id", "account_id", "stream"), change)


def forget_cursors(connection: Connection, workspace_id: int, account_id: int) -> None:
    """Forget how far an account has been read, so that it is read from the beginning."""
    connection.execute(_cursor.delete().where(_of(workspace_id, account_id)))


def _is(workspace_id: int, run_id: int) -> ColumnElement[bool]:
    return (_run.c.workspace_id == workspace_id) & (_run.c.id == run_id)


def _of(workspace_id: int, account_id: int) -> ColumnElement[bool]:
    return (_cursor.c.workspace_id == workspace_id) & (_cursor.c.account_id == account_id)
