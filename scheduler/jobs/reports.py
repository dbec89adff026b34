"""Every ten seconds: takes the slots of schedules that are due, and makes what waits to be made."""

from __future__ import annotations

import logging
from datetime import timedelta

from core import clock
from core.errors import AppError
from scheduler.job import Context, Job
from scheduler.under_way import UnderWay
from services.reports import slots
from storage.reports import RunRow

log = logging.getLogger(__name__)
_under_way = UnderWay()


def run(context: Context) -> None:
    """Hand every run that waits to the pool, unless it is being made already."""
    slots.take_due(context.database, now=clock.utc_now())
    for row in slots.waiting(context.database):
        if _under_way.begin(row.id):
            context.pool.submit(_make, context, row)


def _make(context: Context, row: RunRow) -> None:
    try:
        if not context.stop.is_set():
            slots.make(context.database, row)
    except AppError as error:
        log.warning("A report was not made: %s", error)
    except Exception:
        log.exception("A report could not be made")
    finally:
        _under_way.end(row.id)


JOB = Job("reports", "Make the reports that are due", timedelta(seconds=10), run)
