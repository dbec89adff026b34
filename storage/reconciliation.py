"""Numbers that people read in a platform's own interface, kept to be held against ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql, versions
from storage.tables import Reconciliation

_table = sql.table(Reconciliation)


@dataclass(frozen=True, slots=True)
class ReconciliationRow:
    """One of them as stored: days count from 1970-01-01, `made_at` is ms since 1970 UTC."""

    workspace_id: int
    id: int
    account_id: int
    metric: str
    first_day: int
    last_day: int
    stated: float
    note: str
    person: str
    made_at: int


def add(
    connection: Connection,
    workspace_id: int,
    account_id: int,
    metric: str,
    days: tuple[int, int],
    stated: float,
    *,
    note: str,
    person: str,
    now: datetime,
) -> int:
    """Keep a number; returns its id."""
    row = Reconciliation(
        workspace_id=workspace_id, id=new_id(), account_id=account_id, metric=metric, first_day=days[0],
        last_day=days[1], stated=stated, note=note, person=person, made_at=epoch_ms(now),
    )  # fmt: skip
    connection.execute(_table.insert().values(row.model_dump()))
    versions.bump(connection, workspace_id)
    return row.id


def newest(connection: Connection, workspace_id: int, limit: int | None = None) -> list[ReconciliationRow]:
    """Those of a workspace, newest first."""
    query = select(_table).where(_table.c.workspace_id == workspace_id)
    rows = connection.execute(query.order_by(_table.c.made_at.desc(), _table.c.id.desc()).limit(limit))
    return [sql.values(row, ReconciliationRow) for row in rows]


def count(connection: Connection, workspace_id: int) -> int:
    """How many there are."""
    found = connection.execute(
        select(func.count()).select_from(_table).where(_table.c.workspace_id == workspace_id)
    ).scalar()
    return int(found or 0)


def delete(connection: Connection, workspace_id: int, reconciliation_id: int) -> None:
    """Forget one; nothing happens when there is none."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.id == reconciliation_id)
    if connection.execute(_table.delete().where(here)).rowcount:
        versions.bump(connection, workspace_id)


def forget_account(connection: Connection, workspace_id: int, account_id: int) -> None:
    """Forget those of an account."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.account_id == account_id)
    connection.execute(_table.delete().where(here))
