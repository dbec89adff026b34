"""Every hour, and when a process begins to lead: closes runs whose process died, so that they do not look alive."""

from __future__ import annotations

import logging
from datetime import timedelta

from core import clock
from scheduler.job import Context, Job
from services import sync

log = logging.getLogger(__name__)


def run(context: Context) -> None:
    """Mark dead runs as interrupted. Their connections are still due, so they go on by themselves."""
    if closed := sync.close_dead_runs(context.database, clock.utc_now()):
        log.info("%d syncs had been cut off; they go on now.", closed)


JOB = Job("tidy_up", "Close runs that were cut off", timedelta(hours=1), run)
