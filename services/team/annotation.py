"""Annotations: what happened on a day, in a person's words, shown as small marks on every chart over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.errors import BadSetting
from core.language import tr
from core.question import Period
from core.viewer import Right, Viewer
from storage import annotation, database

LONGEST = 200
"""Characters; a hover text of more is not read."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One of them. `day` is a calendar day of the workspace."""

    id: int
    day: date
    text: str


def add(viewer: Viewer, day: date, text: str, *, now: datetime | None = None) -> int:
    """Say what happened on a day; returns the annotation's id. Raises BadSetting for no text, or too much."""
    viewer.require(Right.MANAGE)
    said = " ".join(text.split())
    if not said or len(said) > LONGEST:
        raise BadSetting(
            tr("An annotation has 1 to {n} characters.", n=LONGEST),
            hint=tr("Say in a few words what happened."),
        )
    with database.current().write() as connection:
        return annotation.add(connection, viewer.workspace_id, clock.epoch_day(day), said, now or clock.utc_now())


def between(viewer: Viewer, period: Period) -> list[Annotation]:
    """Those of a period, oldest day first."""
    viewer.require(Right.READ)
    span = clock.epoch_day(period.first), clock.epoch_day(period.last)
    with database.current().read() as connection:
        rows = annotation.between(connection, viewer.workspace_id, *span)
    return [Annotation(row.id, clock.from_epoch_day(row.day), row.text) for row in rows]


def remove(viewer: Viewer, annotation_id: int) -> None:
    """Take an annotation away; nothing happens when it is gone already."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        annotation.delete(connection, viewer.workspace_id, annotation_id)
