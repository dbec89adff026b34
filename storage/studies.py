"""What statistical methods found, kept until it is found anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from storage import sql
from storage.tables import Study

_study = sql.table(Study)
_KEY = ("workspace_id", "kind", "subject")


@dataclass(frozen=True, slots=True)
class StudyRow:
    """A study as stored. `computed_at` is ms since 1970 UTC, `day` the newest day it knew (days since 1970-01-01);
    `found` is what the method found, as JSON."""

    workspace_id: int
    kind: str
    subject: str
    computed_at: int
    day: int
    seen: int
    method: int
    took_ms: int
    state: str
    reason: str
    found: Mapping[str, Any]


def put(connection: Connection, row: StudyRow) -> None:
    """Keep a study in place of the one before."""
    values = {name: getattr(row, name) for name in StudyRow.__slots__}
    sql.upsert(connection, _study, [values], _KEY, [name for name in values if name not in _KEY])


def get(connection: Connection, workspace_id: int, kind: str, subject: str) -> StudyRow | None:
    """The study of a subject; None when there is none yet."""
    here = (_study.c.workspace_id == workspace_id) & (_study.c.kind == kind) & (_study.c.subject == subject)
    row = connection.execute(select(_study).where(here)).one_or_none()
    return None if row is None else sql.values(row, StudyRow)


def of_kind(connection: Connection, workspace_id: int, kind: str) -> list[StudyRow]:
    """Every study of a kind, by subject."""
    here = (_study.c.workspace_id == workspace_id) & (_study.c.kind == kind)
    rows = connection.execute(select(_study).where(here).order_by(_study.c.subject))
    return [sql.values(row, StudyRow) for row in rows]


def forget_others(connection: Connection, workspace_id: int, kind: str, subjects: Collection[str]) -> int:
    """Forget studies of subjects that are no more; returns how many."""
    here = (_study.c.workspace_id == workspace_id) & (_study.c.kind == kind)
    return connection.execute(_study.delete().where(here & _study.c.subject.not_in(list(subjects)))).rowcount
