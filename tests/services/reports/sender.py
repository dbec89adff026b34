"""A process that makes and sends what is due, by a clock of its own that goes from hour to hour.

`python -m tests.services.reports.sender <file with its time> <last moment> [<where to die>]`. It dies as the kernel's
killer lets it: without a word, at `making:n` (during the n-th report it makes) or `between:n` (after its n-th mail).
"""

import os
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path

from core import clock, config
from services.installation import site
from services.reports import build, delivery
from storage import database
from tests.services.reports import office

LOOKS = frozenset({0, 1, 5, 6, 7, 8, 9, 12, 18})
"""The hours (UTC) at which it looks; in between nothing is due, and looking takes time."""


class Time:
    """Stands in a file, so that a process goes on where the one before it died."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.moment = datetime.fromisoformat(path.read_text())

    def wait(self, **span: float) -> None:
        self.moment += timedelta(**span)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(self.moment.isoformat())
        fresh.replace(self._path)


def die_at(place: str, n: str) -> None:
    """Let the n-th time at a place be the last thing this process does."""
    owner, name = {"making": (build, "_section"), "between": (delivery._Sender, "send")}[place]
    real, count = getattr(owner, name), 0

    def counted(*arguments):
        nonlocal count
        count += 1
        if place == "making" and count == int(n):
            os.kill(os.getpid(), signal.SIGKILL)
        done = real(*arguments)
        if place == "between" and count == int(n):
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, counted)


def main(path: str, last: str, death: str = "") -> None:
    """On the hour and a minute later, do what is due."""
    time, until = Time(Path(path)), datetime.fromisoformat(last)
    clock.utc_now = lambda: time.moment
    if death:
        die_at(*death.split(":"))
    site.open_store(config.load())
    while time.moment < until:
        for wait in ({"minutes": 1}, {"minutes": 59}):
            if time.moment.hour in LOOKS:
                office.make_due(database.current())
                delivery.send_due(database.current())
            time.wait(**wait)


if __name__ == "__main__":
    main(*sys.argv[1:])
