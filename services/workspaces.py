"""Workspaces: making, listing and deleting them, and what a fresh one still needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.errors import BadSetting
from core.viewer import Right, Viewer, owner
from storage import connections, database, entities, workspaces
from storage.workspaces import WorkspaceRow

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What there is to see: nothing yet, a connection that is being read, numbers."""

    has_workspace: bool
    has_demo: bool
    has_connections: bool
    has_accounts: bool


def list_all() -> list[WorkspaceRow]:
    """Every workspace, oldest first."""
    with database.current().read() as connection:
        return workspaces.list_all(connection)


def get(workspace_id: int) -> WorkspaceRow:
    """One workspace. Raises NotFound."""
    with database.current().read() as connection:
        return workspaces.get(connection, workspace_id)


def create(
    name: str,
    *,
    time_zone: str = "UTC",
    currency: str = "USD",
    week_start: int = 0,
    kind: str = "real",
    now: datetime | None = None,
) -> Viewer:
    """Make a workspace; returns its owner as viewer. Raises BadSetting for an empty name or an unknown zone."""
    chosen = checked(name, currency, week_start)
    with database.current().write() as connection:
        made = workspaces.create(
            connection,
            chosen,
            now=now or clock.utc_now(),
            kind=kind,
            time_zone=time_zone,
            currency=currency.upper(),
            week_start=week_start,
        )
    return owner(made)


def checked(name: str, currency: str, week_start: int) -> str:
    """The name without spaces around it. Raises BadSetting for what cannot be used."""
    if not name.strip() or len(name.strip()) > _LONGEST_NAME:
        raise BadSetting("A workspace needs a name of at most 80 characters.")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
        raise BadSetting(f"'{currency}' is no currency.", hint="Use a code of three letters, such as EUR.")
    if week_start not in range(7):
        raise BadSetting("A week starts on a day from 0 (Monday) to 6 (Sunday).")
    return name.strip()


def change(viewer: Viewer, *, name: str, time_zone: str, currency: str, week_start: int) -> None:
    """Change what a workspace is called and how it counts. Raises BadSetting, NotFound."""
    viewer.require(Right.MANAGE)
    chosen = checked(name, currency, week_start)
    with database.current().write() as connection:
        workspaces.update(
            connection,
            viewer.workspace_id,
            name=chosen,
            time_zone=time_zone,
            currency=currency.upper(),
            week_start=week_start,
        )


def delete(viewer: Viewer) -> None:
    """Delete the workspace with everything in it."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        workspaces.delete(connection, viewer.workspace_id)


def first_run(workspace_id: int | None = None) -> FirstRun:
    """What a person who opens the site finds; of one workspace, or of all."""
    with database.current().read() as connection:
        every = workspaces.list_all(connection)
        chosen = [row for row in every if workspace_id in (None, row.id)]
        return FirstRun(
            has_workspace=bool(chosen),
            has_demo=any(row.kind == "demo" for row in every),
            has_connections=any(connections.list_all(connection, row.id) for row in chosen),
            has_accounts=any(entities.accounts(connection, row.id) for row in chosen),
        )
