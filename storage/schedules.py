"""Schedules of reports, and their slots: each slot is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql
from storage.tables import ReportSchedule

_table = sql.table(ReportSchedule)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule as stored. Moments are ms since 1970 UTC."""

    workspace_id: int
    id: int
    report_id: int
    rhythm: dict[str, Any]
    formats: list[str]
    channels: list[dict[str, Any]]
    when_late: str
    active: bool
    person: str
    made_at: int
    next_at: int | None
    slot: int | None
    problem: str


def keep(
    connection: Connection, workspace_id: int, report_id: int, *, rhythm: dict[str, Any], formats: list[str],
    channels: list[dict[str, Any]], when_late: str, person: str, now: datetime, next_at: datetime,
) -> int:  # fmt: skip
    """Keep a new schedule; returns its id."""
    row = ReportSchedule(
        workspace_id=workspace_id, id=new_id(), report_id=report_id, rhythm=rhythm, formats=formats, channels=channels,
        when_late=when_late, person=person, made_at=epoch_ms(now), next_at=epoch_ms(next_at),
    )  # fmt: skip
    connection.execute(_table.insert().values(row.model_dump()))
    return row.id


def change(connection: Connection, workspace_id: int, schedule_id: int, **values: Any) -> bool:
    """Change columns of a schedule; False when there is none."""
    return connection.execute(_table.update().where(_is(workspace_id, schedule_id)).values(values)).rowcount == 1


def take(
    connection: Connection, workspace_id: int, schedule_id: int, slot: datetime, next_at: datetime
) -> bool:  # fmt: skip
    """Take a slot, and note the next; False where it, or a later one, was taken before, or the schedule rests."""
    fresh = or_(_table.c.slot.is_(None), _table.c.slot < epoch_ms(slot))
    here = _is(workspace_id, schedule_id) & _table.c.active.is_(True) & fresh
    values = {"slot": epoch_ms(slot), "next_at": epoch_ms(next_at), "problem": ""}
    return connection.execute(_table.update().where(here).values(values)).rowcount == 1


def find(connection: Connection, workspace_id: int, schedule_id: int) -> ScheduleRow | None:
    """A schedule by its id."""
    row = connection.execute(select(_table).where(_is(workspace_id, schedule_id))).first()
    return sql.values(row, ScheduleRow) if row else None


def all_of(connection: Connection, workspace_id: int, report_id: int | None = None) -> list[ScheduleRow]:
    """The schedules of a workspace, or of one report, oldest first."""
    here = _table.c.workspace_id == workspace_id
    if report_id is not None:
        here &= _table.c.report_id == report_id
    rows = connection.execute(select(_table).where(here).order_by(_table.c.id))
    return [sql.values(row, ScheduleRow) for row in rows]


def due(connection: Connection, now: datetime) -> list[ScheduleRow]:
    """The schedules of every workspace whose next moment has come, the longest due first."""
    here = _table.c.active.is_(True) & (_table.c.next_at <= epoch_ms(now))
    rows = connection.execute(select(_table).where(here).order_by(_table.c.next_at, _table.c.id))
    return [sql.values(row, ScheduleRow) for row in rows]


def forget(connection: Connection, workspace_id: int, schedule_id: int) -> None:
    """Remove a schedule; nothing happens when there is none."""
    connection.execute(_table.delete().where(_is(workspace_id, schedule_id)))


def _is(workspace_id: int, schedule_id: int) -> Any:
    return (_table.c.workspace_id == workspace_id) & (_table.c.id == schedule_id)
