"""What statistical methods found, kept until it is found anew."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

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


@dataclass(frozen=True, slots=True)
class StudyAge:
    """How old a study is: when it was computed (ms since 1970 UTC), at which version of the store, by which method."""

    computed_at: int
    seen: int
    method: int


def put(connection: Connection, row: StudyRow) -> None:
    """Keep a study in place of the one before."""
    values = {name: getattr(row, name) for name in StudyRow.__slots__}
    sql.upsert(connection, _study, [values], _KEY, [name for name in values if name not in _KEY])


def get(connection: Connection, workspace_id: int, kind: str, subject: str) -> StudyRow | None:
    """The study of a subject; None when there is none yet."""
    here = (_study.c.workspace_id == workspace_id) & (_study.c.kind == kind) & (_study.c.subject == subject)
    row = connection.execute(select(_study).where(here)).one_or_none()
    return None if row is None else sql.values(row, StudyRow)


def some(
    connection: Connection, workspace_id: int, names: Collection[tuple[str, str]]
) -> dict[tuple[str, str], StudyRow]:
    """Those of the named studies that exist, by kind and subject."""
    named = tuple_(_study.c.kind, _study.c.subject).in_(list(names))
    rows = connection.execute(select(_study).where((_study.c.workspace_id == workspace_id) & named))
    return {(row.kind, row.subject): sql.values(row, StudyRow) for row in rows}


def of_kind(connection: Connection, workspace_id: int, kind: str) -> list[StudyRow]:
    """Every study of a kind, by subject."""
    here = (_study.c.workspace_id == workspace_id) & (_study.c.kind == kind)
    rows = connection.execute(select(_study).where(here).order_by(_study.c.subject))
    return [sql.values(row, StudyRow) for row in rows]


def ages(connection: Connection, workspace_id: int) -> dict[tuple[str, str], StudyAge]:
    """How old every study is, by kind and subject: what is read to know what is due, without what was found."""
    columns = [_study.c[name] for name in ("kind", "subject", *StudyAge.__slots__)]
    rows = connection.execute(select(*columns).where(_study.c.workspace_id == workspace_id))
    return {(kind, subject): StudyAge(*rest) for kind, subject, *rest in rows}


def newest(connection: Connection, workspace_id: int) -> int:
    """When a study was last kept (ms since 1970 UTC); 0 when there is none."""
    found = connection.execute(select(func.max(_study.c.computed_at)).where(_study.c.workspace_id == workspace_id))
    return int(found.scalar() or 0)


def expire(connection: Connection, workspace_id: int) -> None:
    """Let every study be made anew at the next look: a history has just arrived, or was taken back."""
    connection.execute(_study.update().where(_study.c.workspace_id == workspace_id).values(method=0))


def forget(connection: Connection, workspace_id: int, gone: Collection[tuple[str, str]]) -> None:
    """Forget studies, named by kind and subject."""
    for kind, subject in gone:
        here = (_study.c.workspace_id == workspace_id) & (_study.c.kind == kind) & (_study.c.subject == subject)
        connection.execute(_study.delete().where(here))
