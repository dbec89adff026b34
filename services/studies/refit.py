"""Computes the studies that are due: their numbers changed, a day has passed, or the method did."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.errors import AppError, NotEnoughData
from core.viewer import owner
from services.studies.kind import Found, Kind
from services.studies.numbers import Numbers
from services.studies.subject import Subject
from storage import database, entities, studies, versions, workspaces
from storage.studies import StudyAge, StudyRow

log = logging.getLogger(__name__)
OLD = timedelta(hours=24)
"""A study older than this is made anew although nothing changed: a day has passed, and with it what "ahead" means."""


def refit(
    kinds: Mapping[str, Kind], workspace_id: int, now: datetime, stop: threading.Event | None = None
) -> dict[str, int]:
    """Compute what is due in a workspace; returns how many studies of each kind were made."""
    numbers, made = Numbers(owner(workspace_id), now), dict.fromkeys(kinds, 0)
    plan = _plan(kinds, workspace_id, now)
    for kind, subject in plan.due:
        if stop is not None and stop.is_set():
            return made
        _make(numbers, kind, subject)
        made[kind.name] += 1
    if plan.gone:
        with database.current().write() as connection:
            studies.forget(connection, workspace_id, plan.gone)
    return made


def due_workspaces(kinds: Mapping[str, Kind], now: datetime) -> list[int]:
    """The workspaces in which something is due."""
    with database.current().read() as connection:
        every = [row.id for row in workspaces.list_all(connection)]
    return [one for one in every if _plan(kinds, one, now).due]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be computed, and what is kept of subjects that are no more."""

    due: list[tuple[Kind, Subject]]
    gone: list[tuple[str, str]]


def _plan(kinds: Mapping[str, Kind], workspace_id: int, now: datetime) -> _Plan:
    with database.current().read() as connection:
        ages = studies.ages(connection, workspace_id)
        version = versions.get(connection, workspace_id)
        accounts = entities.accounts(connection, workspace_id)
    platforms = sorted({one.platform for one in accounts if one.selected})
    wanted = [(kind, subject) for kind in kinds.values() for subject in kind.subjects(platforms)]
    due = [one for one in wanted if _is_due(one[0], ages.get((one[0].name, one[1].key)), version, now)]
    known = {(kind.name, subject.key) for kind, subject in wanted}
    return _Plan(due, [one for one in ages if one[0] in kinds and one not in known])


def _is_due(kind: Kind, kept: StudyAge | None, version: int, now: datetime) -> bool:
    if kept is None or kept.method != kind.method:
        return True
    age = now - clock.from_epoch_ms(kept.computed_at)
    return age >= OLD or (kept.seen != version and age >= kind.every)


def _make(numbers: Numbers, kind: Kind, subject: Subject) -> None:
    workspace_id, now = numbers.viewer.workspace_id, numbers.now
    with database.current().read() as connection:
        version = versions.get(connection, workspace_id)
    began = clock.monotonic()
    state, reason = "ok", ""
    try:
        found = kind.compute(numbers, subject)
    except NotEnoughData as error:
        found, state, reason = Found(now.date(), {}), "not_enough", str(error)
    except AppError as error:
        log.warning("%s of %s could not be computed: %s", kind.name, subject.key, error)
        found, state, reason = Found(now.date(), {}), "failed", str(error)
    row = StudyRow(
        workspace_id=workspace_id,
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
