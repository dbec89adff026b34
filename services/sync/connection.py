"""Reading a connection: every account, every stream, window by window, each stored in one short transaction.

All requests of a window are done before its transaction opens. What went wrong is decided by `recovery` alone, and
costs the stream it happened in; a sync that is killed goes on where it stopped.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime

from core import clock
from core.errors import AppError, StoreBusy
from core.language import tr
from services.installation import leasing
from services.sync.run import DIED, Asked, Progress, Run
from storage import connections, database, leases, runs
from storage.database import Database

log = logging.getLogger(__name__)
LEASE_S = 30.0
"""How long a connection stays locked after the process that synced it was killed."""


def sync_connection(
    workspace_id: int,
    connection_id: int,
    *,
    now: datetime | None = None,
    trigger: str = "schedule",
    first: date | None = None,
    last: date | None = None,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    gateway: str | None = None,
    only: Callable[[str], bool] | None = None,
    recent_only: bool = False,
) -> int:
    """Read what is due of a connection; returns the id of the run, whose row says how it went.

    `trigger` says why: schedule, request, connect, backfill. With `first` and `last`, these days are read (again) too.
    `progress(share, text)` is told of every window. `stop` ends the sync at the next window; `only` chooses streams by
    name; `recent_only` leaves the past to the next sync. Raises StoreBusy when the connection is being synced already,
    NotFound when there is none.
    """
    store = database.current()
    lease = leasing.Lease(store, f"sync/{connection_id}", LEASE_S)
    if not lease.take():
        raise StoreBusy(tr("This connection is being synced already."), hint=tr("It goes on by itself."))
    lease.keep()
    try:
        asked = Asked(trigger, (first, last) if first and last else None, gateway, only, recent_only)
        where, moment = (workspace_id, connection_id), now or clock.utc_now()
        return Run(store, lease, where, moment, asked, progress=progress, stop=stop).execute()
    finally:
        _release(lease)


def _release(lease: leasing.Lease) -> None:
    try:
        lease.release()
    except AppError as error:
        log.warning("The lease %s runs out by itself: %s", lease.name, error)


@contextlib.contextmanager
def locked(connection_id: int) -> Iterator[None]:
    """Nobody syncs the connection inside the block. Raises StoreBusy when somebody does already."""
    lease = leasing.Lease(database.current(), f"sync/{connection_id}", LEASE_S)
    if not lease.take():
        raise StoreBusy(tr("This connection is being read just now."), hint=tr("Try again when the sync is done."))
    try:
        yield
    finally:
        _release(lease)


def is_running(store: Database, connection_id: int) -> bool:
    """Whether some process is syncing the connection now."""
    with store.read() as connection:
        return leases.held(connection, f"sync/{connection_id}", clock.utc_now()) is not None


def close_dead_runs(store: Database, now: datetime) -> int:
    """Mark runs as interrupted whose process died; returns how many."""
    closed = 0
    with store.write() as connection:
        for row in connections.list_all(connection):
            if leases.held(connection, f"sync/{row.id}", now) is None:
                closed += runs.interrupt(connection, row.workspace_id, row.id, now, DIED)
    return closed
