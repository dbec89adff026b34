"""Reads every connection whose time has come, or that a person or a notice asked for; looks every two seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from core import clock
from core.errors import AppError
from scheduler.job import Context, Job
from scheduler.under_way import UnderWay
from services import sync
from services.connecting import webhooks
from storage import connections
from storage.connections import ConnectionRow

log = logging.getLogger(__name__)
_under_way = UnderWay()


def run(context: Context) -> None:
    """Hand every due connection to the pool, unless it is being read already."""
    now = clock.utc_now()
    with context.database.read() as connection:
        due = connections.due(connection, now)
    told = webhooks.waiting(context.database, now)
    for row, read in [*((row, _read) for row in due), *((row, _read_news) for row in told)]:
        if not sync.is_running(context.database, row.id) and _under_way.begin(row.id):
            context.pool.submit(_sync, context, row, read)


def _read(context: Context, row: ConnectionRow) -> None:
    by_itself = "connect" if row.last_success_at is None else "schedule"
    trigger = by_itself if row.sync_requested_at is None else "request"
    sync.sync_connection(row.workspace_id, row.id, trigger=trigger, stop=context.stop)


def _read_news(context: Context, row: ConnectionRow) -> None:
    webhooks.read(row, stop=context.stop)


def _sync(context: Context, row: ConnectionRow, read: Callable[[Context, ConnectionRow], None]) -> None:
    try:
        if not context.stop.is_set():
            read(context, row)
    except AppError as error:
        log.warning("A sync of %s did not run: %s", row.platform, error)
    except Exception:
        log.exception("A sync of %s failed", row.platform)
    finally:
        _under_way.end(row.id)


JOB = Job("sync_due", "Read the connections that are due", timedelta(seconds=2), run)
