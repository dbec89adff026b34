"""A report made beside whoever asked for it: they look on, or leave and find it in the archive."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Thread

from core import clock
from core.errors import AppError
from core.report import Layout
from core.viewer import Right, Viewer
from services.reports import archive
from services.reports.archive import Made

log = logging.getLogger(__name__)
_GIVEN_UP = timedelta(seconds=4 * archive.LONGEST_S)
"""After so long, what is still being made was left by a process that ended."""


def start(viewer: Viewer, layout: Layout, *, report_id: int | None = None) -> int:
    """Begin to make a report; returns its id at once. Raises BadQuestion for a period that is none."""
    viewer.require(Right.MANAGE)
    now = clock.utc_now()
    run_id = archive.begin(viewer, layout, now=now, report_id=report_id)
    Thread(target=_fill, args=(viewer, run_id, layout, now), name=f"report-{run_id}", daemon=True).start()
    return run_id


def is_left(made: Made, *, now: datetime) -> bool:
    """Whether nobody makes it any more, though it is neither ready nor failed."""
    return made.state == "making" and now - made.made_at > _GIVEN_UP


def _fill(viewer: Viewer, run_id: int, layout: Layout, now: datetime) -> None:
    try:
        archive.fill(viewer, run_id, layout, now=now)
    except AppError as error:
        log.warning("A report could not be made: %s", error)
    except Exception:
        log.exception("A report could not be made")
