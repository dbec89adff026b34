"""`python -m scheduler`: the scheduler alone, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import logging
import signal
import sys
import threading

from core import config, logs
from core.errors import AppError
from scheduler import run
from services.installation import site

log = logging.getLogger("scheduler")


def main() -> int:
    """Open the store, lead when nobody else does, stop within ten seconds of a signal. Returns the exit code."""
    ended = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ended.set())
    try:
        settings = config.load()
        logs.configure(settings.log_level)
        site.open_store(settings)
    except AppError as error:
        print(f"The scheduler cannot start. {error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    with run.in_process():
        log.info("The scheduler is running.")
        ended.wait()
        log.info("The scheduler is stopping.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
