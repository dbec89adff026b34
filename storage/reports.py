"""Reports as they are laid out, and as they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql
from storage.tables import Report, ReportRun

_report, _run = sql.table(Report), sql.table(ReportRun)
_SHOWN = [column for column in _run.c if column.name != "manifest"]
"""What a list of runs needs: all but the documents themselves."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A layout as stored. Moments are ms since 1970 UTC."""

    workspace_id: int
    id: int
    kind: str
    title: str
    template: str
    layout: dict[str, Any]
    person: str
    made_at: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class RunRow:
    """A made report as stored, without its document. Days count from 1970-01-01, moments are ms since 1970 UTC."""

    workspace_id: int
    id: int
    report_id: int | None
    schedule_id: int | None
    trigger: str
    title: str
    person: str
    made_at: int
    first_day: int
    last_day: int
    data_until: int | None
    program: str
    state: str
    done: float
    problem: str
    hash: str
    expires_at: int | None


def keep(
    connection: Connection, workspace_id: int, layout: Mapping[str, Any], *, title: str, person: str, now: datetime,
    kind: str = "report", template: str = "",
) -> int:  # fmt: skip
    """Keep a new layout; returns its id."""
    row = Report(
        workspace_id=workspace_id, id=new_id(), kind=kind, title=title, template=template, layout=dict(layout),
        person=person, made_at=epoch_ms(now), changed_at=epoch_ms(now),
    )  # fmt: skip
    connection.execute(_report.insert().values(row.model_dump()))
    return row.id


def change(
    connection: Connection, workspace_id: int, report_id: int, layout: Mapping[str, Any], *, title: str, now: datetime
) -> bool:
    """Keep a layout in place of what was; answers whether there is one."""
    here = (_report.c.workspace_id == workspace_id) & (_report.c.id == report_id)
    values = {"layout": dict(layout), "title": title, "changed_at": epoch_ms(now)}
    return bool(connection.execute(_report.update().where(here).values(values)).rowcount)


def find(connection: Connection, workspace_id: int, report_id: int) -> ReportRow | None:
    """A layout by its id."""
    here = (_report.c.workspace_id == workspace_id) & (_report.c.id == report_id)
    row = connection.execute(select(_report).where(here)).first()
    return sql.values(row, ReportRow) if row else None


def all_of(connection: Connection, workspace_id: int, kind: str = "report") -> list[ReportRow]:
    """The layouts of a workspace, last changed first."""
    query = select(_report).where((_report.c.workspace_id == workspace_id) & (_report.c.kind == kind))
    rows = connection.execute(query.order_by(_report.c.changed_at.desc(), _report.c.id.desc()))
    return [sql.values(row, ReportRow) for row in rows]


def delete(connection: Connection, workspace_id: int, report_id: int) -> None:
    """Remove a layout; what was made of it stays. Nothing happens when there is none."""
    here = (_report.c.workspace_id == workspace_id) & (_report.c.id == report_id)
    connection.execute(_report.delete().where(here))


def begin(
    connection: Connection, workspace_id: int, days: tuple[int, int], *, title: str, person: str, program: str,
    trigger: str, now: datetime, report_id: int | None = None, schedule_id: int | None = None,
    expires_at: int | None = None, state: str = "making",
) -> int:  # fmt: skip
    """Note that a report is being made, or waits for it; returns the run's id."""
    row = ReportRun(
        workspace_id=workspace_id, id=new_id(), report_id=report_id, schedule_id=schedule_id, trigger=trigger,
        title=title, person=person, made_at=epoch_ms(now), first_day=days[0], last_day=days[1], program=program,
        state=state, expires_at=expires_at,
    )  # fmt: skip
    connection.execute(_run.insert().values(row.model_dump()))
    return row.id


def tell(connection: Connection, workspace_id: int, run_id: int, done: float) -> None:
    """How far a run is, 0 to 1."""
    connection.execute(_run.update().where(_is(workspace_id, run_id)).values(done=done))


def finish(
    connection: Connection, workspace_id: int, run_id: int, manifest: bytes, digest: str, data_until: datetime | None
) -> None:
    """Keep the document of a run; one that has been kept stays."""
    until = epoch_ms(data_until) if data_until else None
    values = {"manifest": manifest, "hash": digest, "data_until": until, "state": "ready", "done": 1.0}
    connection.execute(_run.update().where(_is(workspace_id, run_id) & (_run.c.state != "ready")).values(values))


def put(connection: Connection, workspace_id: int, run_id: int, state: str, problem: str = "") -> None:
    """A run waits, is being made, or was skipped, and why; one that is ready stays so."""
    here = _is(workspace_id, run_id) & (_run.c.state != "ready")
    connection.execute(_run.update().where(here).values(state=state, problem=problem))


def to_make(connection: Connection, workspace_id: int) -> list[RunRow]:
    """The runs of schedules that are not ready yet, oldest first."""
    here = (_run.c.workspace_id == workspace_id) & _run.c.schedule_id.is_not(None)
    here &= _run.c.state.in_(("waiting", "making"))
    return [sql.values(row, RunRow) for row in connection.execute(select(*_SHOWN).where(here).order_by(_run.c.id))]


def fail(connection: Connection, workspace_id: int, run_id: int, problem: str) -> None:
    """Note why a run has no document."""
    connection.execute(_run.update().where(_is(workspace_id, run_id)).values(state="failed", problem=problem))


def run(connection: Connection, workspace_id: int, run_id: int) -> RunRow | None:
    """A made report by its id."""
    row = connection.execute(select(*_SHOWN).where(_is(workspace_id, run_id))).first()
    return sql.values(row, RunRow) if row else None


def manifest(connection: Connection, workspace_id: int, run_id: int) -> bytes:
    """The document of a run, compressed; empty when there is none."""
    return connection.execute(select(_run.c.manifest).where(_is(workspace_id, run_id))).scalar() or b""


def runs(
    connection: Connection, workspace_id: int, *, search: str = "", report_id: int | None = None, limit: int = 50,
    skip: int = 0,
) -> tuple[list[RunRow], int]:  # fmt: skip
    """Made reports, newest first, of which the title has `search` in it; and how many there are in all."""
    here = _run.c.workspace_id == workspace_id
    if report_id is not None:
        here &= _run.c.report_id == report_id
    query = select(*_SHOWN).where(here).order_by(_run.c.made_at.desc(), _run.c.id.desc())
    if not search:
        count = connection.execute(select(func.count()).select_from(_run).where(here)).scalar() or 0
        return [sql.values(row, RunRow) for row in connection.execute(query.limit(limit).offset(skip))], int(count)
    # in Python: SQLite's LIKE knows no case but that of ASCII
    rows = [sql.values(row, RunRow) for row in connection.execute(query)]
    meant = [row for row in rows if search.casefold() in row.title.casefold()]
    return meant[skip : skip + limit], len(meant)


def forget(connection: Connection, workspace_id: int, run_id: int) -> None:
    """Remove a made report; nothing happens when there is none."""
    connection.execute(_run.delete().where(_is(workspace_id, run_id)))


def expire(connection: Connection, workspace_id: int, now: datetime) -> int:
    """Remove what was to be kept until now at the longest; answers how many."""
    here = (_run.c.workspace_id == workspace_id) & (_run.c.expires_at <= epoch_ms(now))
    return connection.execute(_run.delete().where(here)).rowcount


def _is(workspace_id: int, run_id: int) -> Any:
    return (_run.c.workspace_id == workspace_id) & (_run.c.id == run_id)
