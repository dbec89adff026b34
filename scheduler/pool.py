"""A thread pool that never holds up the end of the program: what it does can be killed at any moment without harm."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_Work = tuple[Future[Any], Callable[[], Any]]


class DaemonPool(Executor):
    """At most `workers` daemon threads. The standard pool's threads would be waited for at exit."""

    def __init__(self, workers: int, name: str = "work") -> None:
        self._queue: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name} {number}", daemon=True) for number in range(workers)
        ]
        self._closed = False
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it on the next free thread."""
        if self._closed:
            raise RuntimeError("the pool is closed")
        future: Future[T] = Future()
        self._queue.put((future, lambda: fn(*args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more; with `wait`, until all is done."""
        self._closed = True
        while cancel_futures and not self._queue.empty():
            if work := self._queue.get():
                work[0].cancel()
        for _ in self._threads:
            self._queue.put(None)
        if wait:
            self.join(None)

    def join(self, seconds: float | None) -> None:
        """Wait for the threads, each at most this long."""
        for thread in self._threads:
            thread.join(seconds)

    def _serve(self) -> None:
        while work := self._queue.get():
            future, call = work
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)
