"""What was found, as it is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from core import clock
from core.kept import retold
from core.viewer import Right, Viewer
from services.studies.packing import unpack
from services.studies.subject import Subject
from storage import database, studies
from storage.studies import StudyRow


@dataclass(frozen=True, slots=True)
class Kept:
    """A study. `state`: ok, not_enough or failed, the latter two with a `reason` in the reader's language. `until` is
    the newest day that was known when it was computed; `found` is what the kind's method found."""

    kind: str
    subject: Subject
    state: str
    reason: str
    computed_at: datetime
    until: date
    found: Mapping[str, Any]

    def frame(self, name: str) -> pd.DataFrame:
        """One of the tables that were found."""
        return unpack(self.found[name])


def find(viewer: Viewer, kind: str, subject: Subject) -> Kept | None:
    """The study of a subject; None when it has not been made yet."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        row = studies.get(connection, viewer.workspace_id, kind, subject.key)
    return None if row is None else _kept(row)


def find_many(viewer: Viewer, asked: Collection[tuple[str, Subject]]) -> list[Kept]:
    """Those of the asked studies, named by kind and subject, that have been made, in that order; one read."""
    viewer.require(Right.READ)
    names = [(kind, subject.key) for kind, subject in asked]
    with database.current().read() as connection:
        rows = studies.some(connection, viewer.workspace_id, names)
    return [_kept(rows[name]) for name in names if name in rows]


def all_of(viewer: Viewer, kind: str) -> list[Kept]:
    """Every study of a kind, by subject."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return [_kept(row) for row in studies.of_kind(connection, viewer.workspace_id, kind)]


def _kept(row: StudyRow) -> Kept:
    return Kept(
        row.kind,
        Subject.of(row.subject),
        row.state,
        retold(row.reason),
        clock.from_epoch_ms(row.computed_at),
        clock.from_epoch_day(row.day),
        row.found,
    )
