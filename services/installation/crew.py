"""Who fills the demo: threads of this process, or processes beside it.

Reading a platform is mostly work in Python, of which a process does one piece at a time. Two processes beside the
site's, each with a sandbox of its own to read, share the work and leave the site free to answer.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.queues import Queue
from typing import TypeVar

from core import config
from sandbox.server import run_in_thread
from storage import database

T = TypeVar("T")
Tell = Callable[[str, float, str], None]
"""Takes the name of a platform, the share of its work that is done (0-1), and what is done just now."""

_told: Queue[tuple[str, float, str] | None] | None = None
_near = ""


@dataclass(frozen=True, slots=True)
class Crew:
    """Hands out pieces of work, and waits for them."""

    _pool: Executor
    _tell: Tell

    def each(self, work: Callable[[str, Tell], T], names: Sequence[str]) -> list[T]:
        """`work` done for every name; what it tells arrives here."""
        return list(self._pool.map(partial(_do, work, self._tell), names))


def _do(work: Callable[[str, Tell], T], tell: Tell, name: str) -> T:
    return work(name, tell)


@contextmanager
def crew(tell: Tell, processes: int, most: int) -> Iterator[Crew]:
    """A crew of so many processes, or with none of `most` threads of this process."""
    if not processes:
        with ThreadPoolExecutor(max(most, 1), "demo") as pool:
            yield Crew(pool, tell)
        return
    context = multiprocessing.get_context("spawn")
    heard: Queue[tuple[str, float, str] | None] = context.Queue()
    listener = threading.Thread(target=_listen, args=(heard, tell), name="demo-progress", daemon=True)
    listener.start()
    try:
        with ProcessPoolExecutor(processes, context, _begin, (heard,)) as pool:
            yield Crew(pool, _from_afar)
    finally:
        heard.put(None)
        listener.join()


def _listen(heard: Queue[tuple[str, float, str] | None], tell: Tell) -> None:
    while (said := heard.get()) is not None:
        tell(*said)


def _begin(heard: Queue[tuple[str, float, str] | None]) -> None:
    """What a process beside the site does first: open the same database, and a sandbox. All sandboxes are one world."""
    global _told, _near
    threading.Thread(target=_end_with_the_site, name="demo-watch", daemon=True).start()
    _told, _near = heard, run_in_thread().url
    settings = config.load()
    logging.basicConfig(level=logging.WARNING)
    database.use(database.open_database(settings.database_url, settings.data_dir))


def _end_with_the_site() -> None:
    """A site that is killed cannot say so, and its processes would wait for work for ever."""
    site = multiprocessing.parent_process()
    if site:
        site.join()
        os._exit(1)


def gateway(far: str) -> str:
    """The nearest sandbox: that of this process where it has one, else the one at `far`."""
    return _near or far


def _from_afar(name: str, share: float, text: str) -> None:
    if _told is not None:
        _told.put((name, share, text))
