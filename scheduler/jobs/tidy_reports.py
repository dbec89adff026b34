"""Once a day: removes reports that were kept long enough, and what was noted of sending them."""

from __future__ import annotations

import logging
from datetime import timedelta

from core import clock
from scheduler.job import Context, Job
from services.reports import archive, delivery

log = logging.getLogger(__name__)


def run(context: Context) -> None:
    """Forget what is over."""
    if count := archive.tidy(clock.utc_now()):
        log.info("%d reports had been kept long enough.", count)
    delivery.tidy(context.database)


JOB = Job("tidy_reports", "Remove reports that were kept long enough", timedelta(days=1), run)
