"""A lease that is kept by a heartbeat: one process at a time does a thing, and another takes over when it dies."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading

from core import clock
from core.errors import AppError
from storage import leases
from storage.database import Connection, Database

log = logging.getLogger(__name__)


class Lease:
    """A named lease of this process. `lost` is set when somebody else holds it by now: stop then."""

    def __init__(self, database: Database, name: str, ttl_s: float) -> None:
        self.name = name
        self.holder = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"
        self.lost = threading.Event()
        self._database = database
        self._ttl_s = ttl_s
        self._ended = threading.Event()

    def take(self) -> bool:
        """Take it, or take it again; False when another holds it."""
        with self._database.write() as connection:
            return leases.acquire(connection, self.name, self.holder, self._ttl_s, clock.utc_now())

    def keep(self) -> None:
        """Renew it from a thread of its own until `release`."""
        threading.Thread(target=self._beat, name=f"lease {self.name}", daemon=True).start()

    def renew_in(self, connection: Connection) -> bool:
        """Renew inside a transaction, so that what the transaction writes was written by the holder."""
        held = leases.renew(connection, self.name, self.holder, self._ttl_s, clock.utc_now())
        if not held:
            self.lost.set()
        return held

    def release(self) -> None:
        """Stop the heartbeat and give the lease back."""
        self._ended.set()
        with self._database.write() as connection:
            leases.release(connection, self.name, self.holder)

    def _beat(self) -> None:
        while not self._ended.wait(self._ttl_s / 3):
            try:
                with self._database.write() as connection:
                    if not self.renew_in(connection):
                        return
            except AppError as error:
                log.warning("The lease %s could not be renewed: %s", self.name, error)
