"""Named choices of a workspace (0: of the installation), as JSON values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from storage import sql, versions
from storage.tables import Setting

INSTALLATION = 0
_table = sql.table(Setting)


def get(connection: Connection, workspace_id: int, name: str, default: Any = None) -> Any:
    """The value of a choice, or `default` when none was made."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.name == name)
    row = connection.execute(select(_table.c.value).where(here)).first()
    return default if row is None else row.value


def read_all(connection: Connection, workspace_id: int) -> dict[str, Any]:
    """Every choice made in a workspace, by name."""
    rows = connection.execute(select(_table.c.name, _table.c.value).where(_table.c.workspace_id == workspace_id))
    return {row.name: row.value for row in rows}


def put(connection: Connection, workspace_id: int, name: str, value: Any) -> None:
    """Make a choice; `value` is anything JSON can hold."""
    row = {"workspace_id": workspace_id, "name": name, "value": value}
    if sql.upsert(connection, _table, [row], ("workspace_id", "name"), ("value",)):
        versions.bump(connection, workspace_id)


def delete(connection: Connection, workspace_id: int, name: str) -> None:
    """Go back to the default."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.name == name)
    if connection.execute(_table.delete().where(here)).rowcount:
        versions.bump(connection, workspace_id)
