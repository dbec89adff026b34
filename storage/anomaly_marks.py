"""What people say of unusual days: one mark for each person, metric, place and day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage import sql
from storage.tables import AnomalyMark

_table = sql.table(AnomalyMark)
_KEY = ("workspace_id", "metric", "place", "day", "person")


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark as stored; `day` counts from 1970-01-01, `marked_at` is ms since 1970 UTC."""

    workspace_id: int
    metric: str
    place: str
    day: int
    person: str
    useful: bool
    word: str
    marked_at: int


def put(connection: Connection, row: MarkRow) -> None:
    """Keep a mark in place of what the person said before."""
    values = {name: getattr(row, name) for name in MarkRow.__slots__}
    sql.upsert(connection, _table, [values], _KEY, [name for name in values if name not in _KEY])


def of_person(connection: Connection, workspace_id: int, person: str) -> list[MarkRow]:
    """Everything a person has marked, newest day first."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.person == person)
    rows = connection.execute(select(_table).where(here).order_by(_table.c.day.desc(), _table.c.metric, _table.c.place))
    return [sql.values(row, MarkRow) for row in rows]


def delete(connection: Connection, workspace_id: int, metric: str, place: str, day: int, person: str) -> None:
    """Take a mark back; nothing happens when there is none."""
    key = {"workspace_id": workspace_id, "metric": metric, "place": place, "day": day, "person": person}
    connection.execute(_table.delete().where(*(_table.c[name] == value for name, value in key.items())))
