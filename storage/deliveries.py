"""Made reports on their way: who gets what, how far it is, and since when.

waiting -> sending -> handing -> sent; from each of them back to waiting, to failed or to stopped, and from handing to
doubt where the process died or nobody answered. Whoever claimed a delivery changes it only while no other has claimed
it since.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql
from storage.tables import Delivery, ReportRun

WAITING, SENDING, HANDING, SENT, FAILED, STOPPED, DOUBT = (
    "waiting", "sending", "handing", "sent", "failed", "stopped", "doubt",
)  # fmt: skip
_table, _run = sql.table(Delivery), sql.table(ReportRun)


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery as stored. Moments are ms since 1970 UTC."""

    workspace_id: int
    id: int
    run_id: int
    schedule_id: int | None
    recipient_id: int | None
    way: str
    to_whom: str
    formats: list[str]
    state: str
    attempts: int
    try_at: int
    begun_at: int | None
    sent_at: int | None
    problem: str


def queue(
    connection: Connection, workspace_id: int, run_id: int, *, way: str, to_whom: str, formats: list[str],
    now: datetime, schedule_id: int | None = None, recipient_id: int | None = None,
) -> bool:  # fmt: skip
    """Put a delivery in the queue; False where the run goes to this address already."""
    row = Delivery(
        workspace_id=workspace_id, id=new_id(), run_id=run_id, schedule_id=schedule_id, recipient_id=recipient_id,
        way=way, to_whom=to_whom, formats=formats, try_at=epoch_ms(now),
    )  # fmt: skip
    unique = ("workspace_id", "run_id", "way", "to_whom")
    return sql.upsert(connection, _table, [row.model_dump()], unique, ()) == 1


def due(connection: Connection, workspace_id: int, now: datetime, limit: int = 50) -> list[DeliveryRow]:
    """What waits, is due, and whose report is ready; report by report."""
    ready = (_run.c.workspace_id == _table.c.workspace_id) & (_run.c.id == _table.c.run_id) & (_run.c.state == "ready")
    here = (
        (_table.c.workspace_id == workspace_id) & (_table.c.state == WAITING) & (_table.c.try_at <= epoch_ms(now))
        & exists().where(ready)
    )  # fmt: skip
    rows = connection.execute(select(_table).where(here).order_by(_table.c.run_id, _table.c.id).limit(limit))
    return [sql.values(row, DeliveryRow) for row in rows]


def claim(connection: Connection, row: DeliveryRow, now: datetime) -> DeliveryRow | None:
    """Begin to send: the row as the sender has it from now on; None where another was faster."""
    here = _is(row) & (_table.c.state == WAITING) & (_table.c.attempts == row.attempts)
    values = {"state": SENDING, "attempts": row.attempts + 1, "begun_at": epoch_ms(now)}
    done = connection.execute(_table.update().where(here).values(values))
    return replace(row, **values) if done.rowcount == 1 else None  # type: ignore[arg-type]


def hand_over(connection: Connection, claimed: DeliveryRow) -> bool:
    """From now on it may have arrived; False where the claim is no longer the newest."""
    here = _is_mine(claimed) & (_table.c.state == SENDING)
    return connection.execute(_table.update().where(here).values(state=HANDING)).rowcount == 1


def end(
    connection: Connection, claimed: DeliveryRow, state: str, *, problem: str = "", sent_at: datetime | None = None,
    try_at: datetime | None = None, was: str = "",
) -> bool:  # fmt: skip
    """How sending ended; False where the claim is no longer the newest, or it is not in the state it `was` in."""
    values: dict[str, Any] = {"state": state, "problem": problem, "sent_at": epoch_ms(sent_at) if sent_at else None}
    if try_at is not None:
        values["try_at"] = epoch_ms(try_at)
    here = _is_mine(claimed) & _table.c.state.in_((was,) if was else (SENDING, HANDING, DOUBT))
    return connection.execute(_table.update().where(here).values(values)).rowcount == 1


def under_way(connection: Connection, workspace_id: int) -> list[DeliveryRow]:
    """What is being sent, or was when its process died."""
    here = (_table.c.workspace_id == workspace_id) & _table.c.state.in_((SENDING, HANDING))
    return [sql.values(row, DeliveryRow) for row in connection.execute(select(_table).where(here))]


def again(connection: Connection, workspace_id: int, delivery_id: int, now: datetime) -> bool:
    """Send it once more, from the beginning; False where it is under way or there is none."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.id == delivery_id)
    here &= _table.c.state.in_((FAILED, STOPPED, DOUBT, SENT))
    values = {"state": WAITING, "attempts": 0, "try_at": epoch_ms(now), "problem": "", "sent_at": None}
    return connection.execute(_table.update().where(here).values(values)).rowcount == 1


def stop(connection: Connection, workspace_id: int, run_id: int, problem: str) -> int:
    """Send nothing more of a run that has not begun to go out."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.run_id == run_id) & (_table.c.state == WAITING)
    return connection.execute(_table.update().where(here).values(state=STOPPED, problem=problem)).rowcount


def stop_one(connection: Connection, workspace_id: int, delivery_id: int, problem: str) -> bool:
    """The same for one delivery."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.id == delivery_id) & (_table.c.state == WAITING)
    return connection.execute(_table.update().where(here).values(state=STOPPED, problem=problem)).rowcount == 1


def hopeless(connection: Connection, workspace_id: int) -> list[int]:
    """The runs that something waits for although they failed, were skipped or are gone."""
    coming = (_run.c.workspace_id == workspace_id) & (_run.c.id == _table.c.run_id)
    coming &= _run.c.state.in_(("waiting", "making", "ready"))
    here = (_table.c.workspace_id == workspace_id) & (_table.c.state == WAITING) & ~exists().where(coming)
    return [row.run_id for row in connection.execute(select(_table.c.run_id).where(here).distinct())]


def find(connection: Connection, workspace_id: int, delivery_id: int) -> DeliveryRow | None:
    """A delivery by its id."""
    here = (_table.c.workspace_id == workspace_id) & (_table.c.id == delivery_id)
    row = connection.execute(select(_table).where(here)).first()
    return sql.values(row, DeliveryRow) if row else None


def all_of(
    connection: Connection, workspace_id: int, *, run_id: int | None = None, schedule_id: int | None = None,
    states: Collection[str] = (), limit: int = 200,
) -> list[DeliveryRow]:  # fmt: skip
    """Deliveries, newest first."""
    here = _table.c.workspace_id == workspace_id
    if run_id is not None:
        here &= _table.c.run_id == run_id
    if schedule_id is not None:
        here &= _table.c.schedule_id == schedule_id
    if states:
        here &= _table.c.state.in_(list(states))
    rows = connection.execute(select(_table).where(here).order_by(_table.c.id.desc()).limit(limit))
    return [sql.values(row, DeliveryRow) for row in rows]


def forget_gone(connection: Connection, workspace_id: int) -> int:
    """Remove the deliveries of runs that are no longer in the archive; answers how many."""
    kept = (_run.c.workspace_id == workspace_id) & (_run.c.id == _table.c.run_id)
    here = (_table.c.workspace_id == workspace_id) & ~exists().where(kept)
    return connection.execute(_table.delete().where(here)).rowcount


def _is_mine(claimed: DeliveryRow) -> Any:
    return _is(claimed) & (_table.c.attempts == claimed.attempts) & (_table.c.begun_at == claimed.begun_at)


def _is(row: DeliveryRow) -> Any:
    return (_table.c.workspace_id == row.workspace_id) & (_table.c.id == row.id)
