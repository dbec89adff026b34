"""What this process is doing, so that a job does not begin it twice."""

from __future__ import annotations

import threading


class UnderWay:
    """The ids of things being done now."""

    def __init__(self) -> None:
        self._ids: set[int] = set()
        self._lock = threading.Lock()

    def begin(self, id_: int) -> bool:
        """Note that it begins; False where it has."""
        with self._lock:
            fresh = id_ not in self._ids
            self._ids.add(id_)
            return fresh

    def end(self, id_: int) -> None:
        """Note that it ended."""
        with self._lock:
            self._ids.discard(id_)
