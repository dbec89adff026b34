"""`python -m services.studies`: compute what is due in every workspace, then end.

A process of its own, and a modest one: the site never waits for a fit, and the memory of a fit goes with it.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from core import clock, config, logs
from core.errors import AppError
from services.studies.refit import due_workspaces, refit
from services.studies.registry import KINDS
from storage import database

log = logging.getLogger("services.studies")


def main() -> int:
    """Refit everywhere; a signal ends it after the study under way. Returns the exit code."""
    ended = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: ended.set())
    os.nice(10)
    try:
        settings = config.load()
        logs.configure(settings.log_level)
        database.use(database.open_database(settings.database_url, settings.data_dir))
        now = clock.utc_now()
        for workspace_id in due_workspaces(KINDS, now):
            made = refit(KINDS, workspace_id, now, ended)
            log.info("Workspace %d: %s.", workspace_id, ", ".join(f"{count} {name}" for name, count in made.items()))
    except AppError as error:
        print(f"Studies could not be made. {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
