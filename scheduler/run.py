"""The scheduler: APScheduler under a lease. In the site's process by default, alone with `python -m scheduler`."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core import clock
from core.errors import AppError
from core.registry import discover
from scheduler.job import Context, Job
from scheduler.lease import Leadership
from scheduler.pool import DaemonPool
from storage import database
from storage.database import Database

log = logging.getLogger(__name__)
WORKERS = 4
STOP_S = 8.0
"""How long a stop waits for syncs to reach the end of a window; what is not done then is done by the next process."""


class _Pool(BasePoolExecutor):  # type: ignore[misc]
    """APScheduler on a pool of ours."""

    def __init__(self, pool: DaemonPool) -> None:
        super().__init__(pool)


class Scheduler:
    """Leads when it can, and runs every job of `scheduler/jobs/` while it leads."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._leadership = Leadership(store, self._begin, self._end)
        self._jobs: BackgroundScheduler | None = None
        self._ended = threading.Event()
        self._pools: list[DaemonPool] = []

    @property
    def leads(self) -> bool:
        """Whether this process runs the jobs."""
        return self._leadership.leads.is_set()

    def start(self) -> None:
        """Begin to try to lead."""
        self._leadership.start()

    def stop(self) -> None:
        """Stop within ten seconds: jobs end at their next good moment, the lease is given back."""
        self._ended.set()
        deadline = clock.monotonic() + STOP_S
        self._leadership.stop(STOP_S)
        for pool in self._pools:
            pool.join(max(0.0, (deadline - clock.monotonic()) / WORKERS))

    def _begin(self) -> None:
        self._ended = threading.Event()
        work, jobs = DaemonPool(WORKERS, "sync"), DaemonPool(WORKERS, "job")
        self._pools = [work, jobs]
        context = Context(self._store, self._ended, work)
        self._jobs = BackgroundScheduler(executors={"default": _Pool(jobs)}, timezone="UTC", daemon=True)
        for job in discover("scheduler.jobs", "JOB", Job).values():
            first = {"next_run_time": clock.utc_now()} if job.at_start else {}
            self._jobs.add_job(
                run_job,
                IntervalTrigger(seconds=job.every.total_seconds()),
                args=(job, context),
                id=job.name,
                name=job.title,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
                **first,
            )
        self._jobs.start()

    def _end(self) -> None:
        self._ended.set()
        if self._jobs:
            self._jobs.shutdown(wait=False)
            self._jobs = None
        for pool in self._pools:
            pool.shutdown(wait=False, cancel_futures=True)


def run_job(job: Job, context: Context) -> None:
    """Run a job once; an error is logged and costs this run only."""
    if context.stop.is_set():
        return
    try:
        job.run(context)
    except AppError as error:
        log.error("%s: %s %s", job.title, error, error.context)
    except Exception:
        log.exception("%s failed", job.title)


def start_in_process() -> Scheduler:
    """Start a scheduler on the open database; the caller stops it."""
    made = Scheduler(database.current())
    made.start()
    return made


@contextlib.contextmanager
def in_process() -> Iterator[Scheduler]:
    """A scheduler for as long as the block lasts."""
    made = start_in_process()
    try:
        yield made
    finally:
        made.stop()
