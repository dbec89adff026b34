"""Every minute a look whether forecasts, unusual days, best times and what else statistics find are to be made anew.

In a process of its own, so that the site answers meanwhile.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from core import clock
from scheduler.job import Context, Job
from services.installation import demo
from services.studies.refit import due_workspaces
from services.studies.registry import KINDS

log = logging.getLogger(__name__)
COMMAND = (sys.executable, "-m", "services.studies")
ROOT = Path(__file__).resolve().parents[2]
LONGEST = timedelta(minutes=30)
_POLL_S = 0.5


def run(context: Context) -> None:
    """Start the process when something is due, and wait for its end or ours."""
    if demo.is_filling() or not due_workspaces(KINDS, clock.utc_now()):
        return
    process = subprocess.Popen(COMMAND, cwd=ROOT)  # noqa: S603 - our own module
    deadline = clock.monotonic() + LONGEST.total_seconds()
    while process.poll() is None:
        if context.stop.wait(_POLL_S) or clock.monotonic() > deadline:
            process.terminate()
            process.wait()
    if process.returncode:
        log.error("Making studies ended with %d.", process.returncode)


JOB = Job("refit", "Make forecasts and other studies anew", timedelta(minutes=1), run, at_start=False)
