"""What a job declares: a file in `scheduler/jobs/` with `JOB` is found by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import timedelta

from storage.database import Database


@dataclass(frozen=True, slots=True)
class Context:
    """What a job works with. `stop` is set when the program ends or another process leads: finish soon. `pool` takes
    long work, so that the job itself stays short."""

    database: Database
    stop: threading.Event
    pool: Executor


@dataclass(frozen=True, slots=True)
class Job:
    """Something the leading process does every so often; `at_start` also the moment it begins to lead."""

    name: str
    title: str
    every: timedelta
    run: Callable[[Context], None]
    at_start: bool = True
