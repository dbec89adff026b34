"""What people say of unusual days: useful or not, with a word. Each person has marks of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.errors import BadSetting
from core.language import tr
from core.viewer import Right, Viewer
from storage import anomaly_marks, database
from storage.anomaly_marks import MarkRow

LONGEST = 200
"""Characters of a word; more would be a report."""
Key = tuple[str, str, date]
"""Metric, place and day."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of a day."""

    useful: bool
    word: str
    marked_at: datetime


def marks(viewer: Viewer) -> Mapping[Key, Mark]:
    """Everything this person has marked, by metric, place and day."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        rows = anomaly_marks.of_person(connection, viewer.workspace_id, viewer.person)
    return {
        (row.metric, row.place, clock.from_epoch_day(row.day)): Mark(
            row.useful, row.word, clock.from_epoch_ms(row.marked_at)
        )
        for row in rows
    }


def mark(viewer: Viewer, key: Key, useful: bool, word: str = "", *, now: datetime | None = None) -> None:
    """Say whether a day was worth a look, in place of what was said before. Raises BadSetting for too many letters."""
    viewer.require(Right.READ)
    said = " ".join(word.split())
    if len(said) > LONGEST:
        raise BadSetting(tr("A word on a day has at most {n} characters.", n=LONGEST), hint=tr("Say it shorter."))
    metric, place, day = key
    at = clock.epoch_ms(now or clock.utc_now())
    row = MarkRow(viewer.workspace_id, metric, place, clock.epoch_day(day), viewer.person, useful, said, at)
    with database.current().write() as connection:
        anomaly_marks.put(connection, row)


def unmark(viewer: Viewer, key: Key) -> None:
    """Take back what was said; nothing happens when nothing was."""
    viewer.require(Right.READ)
    metric, place, day = key
    with database.current().write() as connection:
        anomaly_marks.delete(connection, viewer.workspace_id, metric, place, clock.epoch_day(day), viewer.person)
