"""Every hour: asks for notices that are about to end, where no person is needed for that, and forgets old ones."""

from __future__ import annotations

import logging
from datetime import timedelta

from core import clock
from scheduler.job import Context, Job
from services.connecting import webhooks

log = logging.getLogger(__name__)


def run(context: Context) -> None:
    """Keep notices coming."""
    now = clock.utc_now()
    webhooks.forget(context.database, now)
    if asked := webhooks.renew(context.database, now, context.stop):
        log.info("Platforms were asked for notices of %d accounts.", asked)


JOB = Job("webhooks", "Keep the notices of platforms coming", timedelta(hours=1), run)
