"""Connections: one authorised link of a workspace to a platform, its state and health."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from core import clock
from core.errors import NotFound
from core.ids import new_id
from storage import sql, versions
from storage.tables import Connection as ConnectionTable
from storage.tables import Secret

STATES = ("new", "active", "attention", "paused", "disconnected")
_table = sql.table(ConnectionTable)
_secret = sql.table(Secret)
_QUIET = frozenset({"next_run_at", "sync_requested_at", "token_expires_at"})


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """A connection as stored. Moments are ms since 1970 UTC; `reason` and `hint` say why it needs attention."""

    workspace_id: int
    id: int
    platform: str
    name: str
    state: str
    gateway: str
    reason: str
    hint: str
    token_expires_at: int | None
    sync_requested_at: int | None
    last_success_at: int | None
    next_run_at: int | None
    created_at: int
    options: Mapping[str, Any] = field(default_factory=dict)


def add(
    connection: Connection,
    workspace_id: int,
    platform: str,
    name: str,
    *,
    now: datetime,
    gateway: str = "",
    state: str = "new",
    options: Mapping[str, Any] | None = None,
) -> int:
    """Make a connection; returns its id."""
    made = new_id()
    row = ConnectionTable(
        workspace_id=workspace_id, id=made, platform=platform, name=name, state=state, gateway=gateway,
        options=dict(options or {}), created_at=clock.epoch_ms(now),
    )  # fmt: skip
    connection.execute(_table.insert().values(row.model_dump()))
    versions.bump(connection, workspace_id)
    return made


def get(connection: Connection, workspace_id: int, connection_id: int) -> ConnectionRow:
    """One connection. Raises NotFound."""
    row = connection.execute(select(_table).where(_is(workspace_id, connection_id))).first()
    if row is None:
        raise NotFound("There is no such connection in this workspace.")
    return sql.values(row, ConnectionRow)


def list_all(connection: Connection, workspace_id: int | None = None) -> list[ConnectionRow]:
    """The connections of a workspace (None: of all), oldest first."""
    query = select(_table).order_by(_table.c.id)
    if workspace_id is not None:
        query = query.where(_table.c.workspace_id == workspace_id)
    return [sql.values(row, ConnectionRow) for row in connection.execute(query)]


def due(connection: Connection, now: datetime) -> list[ConnectionRow]:
    """Active connections whose next run has come, or that a person asked to sync; the longest waiting first."""
    moment = clock.epoch_ms(now)
    asked = _table.c.sync_requested_at.is_not(None)
    query = select(_table).where(
        or_(asked & _table.c.state.in_(("active", "new", "attention")), _waiting(moment)),
    )
    found = [sql.values(row, ConnectionRow) for row in connection.execute(query)]
    return sorted(found, key=lambda row: (row.sync_requested_at is None, row.sync_requested_at or row.next_run_at or 0))


def _waiting(moment: int) -> ColumnElement[bool]:
    come = or_(_table.c.next_run_at.is_(None), _table.c.next_run_at <= moment)
    return (_table.c.state == "active") & come


def update(connection: Connection, workspace_id: int, connection_id: int, **changes: Any) -> None:
    """Change columns of a connection (moments in ms). Raises NotFound."""
    done = connection.execute(_table.update().where(_is(workspace_id, connection_id)).values(changes))
    if not done.rowcount:
        raise NotFound("There is no such connection in this workspace.")
    if not changes.keys() <= _QUIET:
        versions.bump(connection, workspace_id)


def delete(connection: Connection, workspace_id: int, connection_id: int) -> None:
    """Delete a connection with its secrets; its accounts and their data stay (see `entities.forget_account`)."""
    own = (_secret.c.workspace_id == workspace_id) & (_secret.c.owner_id == connection_id)
    connection.execute(_secret.delete().where(own))
    connection.execute(_table.delete().where(_is(workspace_id, connection_id)))
    versions.bump(connection, workspace_id)


def _is(workspace_id: int, connection_id: int) -> ColumnElement[bool]:
    return (_table.c.workspace_id == workspace_id) & (_table.c.id == connection_id)
