"""Who leads: exactly one process runs the jobs, however many start; another takes over when it dies."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from core.errors import AppError
from services.installation.leasing import Lease
from storage.database import Database

log = logging.getLogger(__name__)
NAME = "scheduler"
LEASE_S = 15.0
"""How long nobody leads after the leading process was killed."""


class Leadership:
    """Tries to lead until `stop`. Calls `begin` when it starts to lead and `end` when it no longer does."""

    def __init__(self, database: Database, begin: Callable[[], None], end: Callable[[], None]) -> None:
        self.leads = threading.Event()
        self._lease = Lease(database, NAME, LEASE_S)
        self._begin, self._end = begin, end
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler lease", daemon=True)

    def start(self) -> None:
        """Begin to try."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Give up leading, at once, so that another process need not wait."""
        self._stop.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while True:
            self._try()
            if self._stop.wait(LEASE_S / 3):
                break
        if self.leads.is_set():
            self._step_down()
            self._give_back()

    def _try(self) -> None:
        try:
            held = self._lease.take()
        except AppError as error:
            log.warning("The scheduler cannot reach the database: %s", error)
            held = False
        if held and not self.leads.is_set():
            log.info("This process leads: it runs the jobs.")
            self.leads.set()
            self._begin()
        elif not held and self.leads.is_set():
            log.warning("Another process leads now.")
            self._step_down()

    def _step_down(self) -> None:
        self.leads.clear()
        self._end()

    def _give_back(self) -> None:
        try:
            self._lease.release()
        except AppError as error:
            log.warning("The lease runs out by itself: %s", error)
