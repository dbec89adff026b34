"""Every five seconds: sends what is due, one after the other."""

from __future__ import annotations

from datetime import timedelta

from scheduler.job import Context, Job
from services.reports import delivery


def run(context: Context) -> None:
    """Send until nothing is due, or the program ends."""
    delivery.send_due(context.database, stop=context.stop)


JOB = Job("deliveries", "Send reports", timedelta(seconds=5), run)
