"""Clocks that only move when a test says so, or when somebody sleeps; all of the program reads them, and the sandbox."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from sandbox.server import Running
from tests.fixtures_sandbox import NOW


class Hands:
    """The clock's hands. They never go back once time has begun to pass."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def sleep(self, seconds: float) -> None:
        """What waiting costs: no time of ours."""
        self.moment += timedelta(seconds=max(seconds, 0.001))
        time.sleep(0)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return self.moment.timestamp()

    def wait(self, **span: float) -> datetime:
        """Let hours or minutes pass; gives the moment then."""
        self.moment += timedelta(**span)
        return self.moment


@pytest.fixture
def hands(monkeypatch: pytest.MonkeyPatch, sandbox: Running) -> Hands:
    """The hands, standing at 2026-11-21 09:30 UTC."""
    made = Hands(NOW)

    class Moved(datetime):
        def __new__(cls, *args, **options):
            return datetime(*args, **options)  # so that what it makes can be pickled

        @classmethod
        def now(cls, tz=None):
            return made.moment.astimezone(tz or UTC)

    monkeypatch.setattr(clock, "datetime", Moved)
    monkeypatch.setattr(clock, "time", made)
    sandbox.world.travel(lambda: made.moment)
    return made


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, sandbox: Running) -> Callable[[datetime], None]:
    """Moves the clock of the program and of the sandbox, which stand at 2026-11-21 09:30 UTC, to another moment."""

    def travel(moment: datetime) -> None:
        monkeypatch.setattr(clock, "utc_now", lambda: moment)
        sandbox.world.travel(moment)

    travel(NOW)
    return travel
