"""When somebody last looked at how the data does, so that "since your last visit" means something."""

from __future__ import annotations

from datetime import datetime

from core import clock
from core.viewer import Right, Viewer
from storage import database, quality


def last(viewer: Viewer, *, now: datetime) -> datetime | None:
    """Note a visit, and answer when the one before was; None for the first. Looks within half an hour are one visit."""
    viewer.require(Right.READ)
    with database.current().write() as connection:
        found = quality.visit(connection, viewer.workspace_id, viewer.person, now)
    return None if found is None else clock.from_epoch_ms(found)
