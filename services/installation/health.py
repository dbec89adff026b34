"""Is it well: the process, the database, the scheduler's heartbeat."""

from __future__ import annotations

from typing import Any

from core import clock
from core.errors import AppError
from storage import database, leases, workspaces

SILENT_S = 60.0
"""A scheduler that has said nothing for so long is down."""

_STARTED = clock.monotonic()


def report() -> dict[str, Any]:
    """`status` is ok or down; then process, database and scheduler, each with its own."""
    uptime_s = clock.monotonic() - _STARTED
    parts = {
        "process": {"status": "ok", "uptime_s": round(uptime_s, 1)},
        "database": _database(),
        "scheduler": _scheduler(starting=uptime_s < SILENT_S),
    }
    well = all(part["status"] in {"ok", "starting"} for part in parts.values())
    return {"status": "ok" if well else "down", **parts}


def ready() -> bool:
    """Whether the database is open, migrated and answers."""
    return bool(_database()["status"] == "ok")


def _database() -> dict[str, Any]:
    began = clock.monotonic()
    try:
        store = database.current()
        with store.read() as connection:
            workspaces.list_all(connection)
    except AppError as error:
        return {"status": "down", "reason": error.message}
    return {"status": "ok", "kind": store.dialect, "answered_in_ms": round((clock.monotonic() - began) * 1000, 1)}


def _scheduler(*, starting: bool) -> dict[str, Any]:
    """The heartbeat of whichever process leads; it need not be this one."""
    try:
        with database.current().read() as connection:
            beat = leases.last(connection, "scheduler")
    except AppError as error:
        return {"status": "down", "reason": error.message}
    if beat is None:
        return {"status": "starting" if starting else "down", "heartbeat_age_s": None}
    age_s = (clock.utc_now() - clock.from_epoch_ms(beat.beat_at)).total_seconds()
    alive = "ok" if age_s <= SILENT_S else "starting" if starting else "down"
    return {"status": alive, "heartbeat_age_s": round(age_s, 1)}
