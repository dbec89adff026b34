"""Computes the studies that are due: their numbers changed, a day has passed, or the method did."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from core import clock
from core.errors import AppError, NotEnoughData
from core.viewer import Viewer, owner
from services.studies.kind import Found, Kind
from services.studies.subject import Subject
from storage import database, studies, versions, workspaces
from storage.studies import StudyRow

log = logging.getLogger(__name__)
OLD = timedelta(hours=24)
"""A study older than this is made anew although nothing changed: a day has passed, and with it what "ahead" means."""


def refit(
    kinds: Mapping[str, Kind], workspace_id: int, now: datetime, stop: threading.Event | None = None
) -> dict[str, int]:
    """Compute what is due in a workspace; returns how many studies of each kind were made."""
    viewer, made = owner(workspace_id), dict.fromkeys(kinds, 0)
    for kind in kinds.values():
        subjects = list(kind.subjects(viewer))
        for subject in subjects:
            if stop is not None and stop.is_set():
                return made
            if _is_due(workspace_id, kind, subject, now):
                _make(viewer, kind, subject, now)
                made[kind.name] += 1
        with database.current().write() as connection:
            studies.forget_others(connection, workspace_id, kind.name, [one.key for one in subjects])
    return made


def due_workspaces(kinds: Mapping[str, Kind], now: datetime) -> list[int]:
    """The workspaces in which something is due."""
    with database.current().read() as connection:
        every = [row.id for row in workspaces.list_all(connection)]
    return [
        one
        for one in every
        if any(_is_due(one, kind, subject, now) for kind in kinds.values() for subject in kind.subjects(owner(one)))
    ]


def _is_due(workspace_id: int, kind: Kind, subject: Subject, now: datetime) -> bool:
    with database.current().read() as connection:
        row = studies.get(connection, workspace_id, kind.name, subject.key)
        version = versions.get(connection, workspace_id)
    if row is None or row.method != kind.method:
        return True
    age = now - clock.from_epoch_ms(row.computed_at)
    return age >= OLD or (row.seen != version and age >= kind.every)


def _make(viewer: Viewer, kind: Kind, subject: Subject, now: datetime) -> None:
    with database.current().read() as connection:
        version = versions.get(connection, viewer.workspace_id)
    began = clock.monotonic()
    state, reason = "ok", ""
    try:
        found = kind.compute(viewer, subject, now)
    except NotEnoughData as error:
        found, state, reason = Found(now.date(), {}), "not_enough", str(error)
    except AppError as error:
        log.warning("%s of %s could not be computed: %s", kind.name, subject.key, error)
        found, state, reason = Found(now.date(), {}), "failed", str(error)
    row = StudyRow(
        workspace_id=viewer.workspace_id,
        kind=kind.name,
        subject=subject.key,
        computed_at=clock.epoch_ms(now),
        day=clock.epoch_day(found.until),
        seen=version,
        method=kind.method,
        took_ms=round((clock.monotonic() - began) * 1000),
        state=state,
        reason=reason,
        found=found.values,
    )
    with database.current().write() as connection:
        studies.put(connection, row)
