"""What people say happened on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql, versions
from storage.tables import Annotation

_table = sql.table(Annotation)


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """An annotation as stored; `day` counts from 1970-01-01."""

    workspace_id: int
    id: int
    day: int
    text: str
    created_at: int


def add(connection: Connection, workspace_id: int, day: int, text: str, now: datetime) -> int:
    """Keep an annotation; returns its id."""
    row = Annotation(workspace_id=workspace_id, id=new_id(), day=day, text=text, created_at=epoch_ms(now))
    connection.execute(_table.insert().values(row.model_dump()))
    versions.bump(connection, workspace_id)
    return row.id


def between(connection: Connection, workspace_id: int, first_day: int, last_day: int) -> list[AnnotationRow]:
    """Those of a span of days, both included, oldest day first."""
    here = (_table.c.workspace_id == workspace_id) & _table.c.day.between(first_day, last_day)
    rows = connection.execute(select(_table).where(here).order_by(_table.c.day, _table.c.id))
    return [sql.values(row, AnnotationRow) for row in rows]


def delete(connection: Connection, workspace_id: int, annotation_id: int) -> None:
    """Remove an annotation; nothing happens when there is none."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.id == annotation_id)
    if connection.execute(_table.delete().where(here)).rowcount:
        versions.bump(connection, workspace_id)
