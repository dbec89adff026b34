"""Workspaces: making, finding, changing, and forgetting one with everything in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlmodel import SQLModel

from core import clock
from core.errors import NotFound
from core.ids import new_id
from storage import sql, versions
from storage.tables import Workspace

_table = sql.table(Workspace)


@dataclass(frozen=True, slots=True)
class WorkspaceRow:
    """One business whose numbers belong together. `kind` is 'real' or 'demo'; `week_start` 0 is Monday."""

    id: int
    name: str
    kind: str
    time_zone: str
    currency: str
    week_start: int
    created_at: int


def create(
    connection: Connection,
    name: str,
    *,
    now: datetime,
    kind: str = "real",
    time_zone: str = "UTC",
    currency: str = "USD",
    week_start: int = 0,
) -> int:
    """Make a workspace; returns its id. Raises BadSetting for a time zone that does not exist."""
    clock.zone(time_zone)
    made = WorkspaceRow(new_id(), name, kind, time_zone, currency, week_start, clock.epoch_ms(now))
    connection.execute(_table.insert().values({field: getattr(made, field) for field in WorkspaceRow.__slots__}))
    versions.bump(connection, made.id)
    return made.id


def get(connection: Connection, workspace_id: int) -> WorkspaceRow:
    """One workspace. Raises NotFound."""
    row = connection.execute(select(_table).where(_table.c.id == workspace_id)).first()
    if row is None:
        raise NotFound("There is no such workspace.", hint="Its id stands on the Settings page.")
    return sql.values(row, WorkspaceRow)


def list_all(connection: Connection) -> list[WorkspaceRow]:
    """Every workspace, oldest first."""
    return [sql.values(row, WorkspaceRow) for row in connection.execute(select(_table).order_by(_table.c.id))]


def update(connection: Connection, workspace_id: int, **changes: Any) -> None:
    """Change columns of a workspace. Raises NotFound; BadSetting for a time zone that does not exist."""
    if "time_zone" in changes:
        clock.zone(changes["time_zone"])
    done = connection.execute(_table.update().where(_table.c.id == workspace_id).values(changes))
    if not done.rowcount:
        raise NotFound("There is no such workspace.")
    versions.bump(connection, workspace_id)


def delete(connection: Connection, workspace_id: int) -> None:
    """Delete a workspace with every row of every table that belongs to it."""
    sql.lock_workspace(connection, workspace_id)
    for table in SQLModel.metadata.sorted_tables:
        if "workspace_id" in table.c:
            connection.execute(table.delete().where(table.c.workspace_id == workspace_id))
    connection.execute(_table.delete().where(_table.c.id == workspace_id))
