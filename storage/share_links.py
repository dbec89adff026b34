"""Links under which a made report can be seen without an account, and what happened at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql
from storage.tables import ReportRun, ShareLink, ShareVisit

_link, _visit, _run = sql.table(ShareLink), sql.table(ShareVisit), sql.table(ReportRun)


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link as stored: `key` is a digest of what stands in it. Moments are ms since 1970 UTC."""

    workspace_id: int
    id: int
    run_id: int
    key: str
    label: str
    password: str
    person: str
    made_at: int
    expires_at: int | None
    revoked_at: int | None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """What happened at a link: 'seen', the name of a format, or 'refused'."""

    link_id: int
    at: int
    what: str


def add(
    connection: Connection, workspace_id: int, run_id: int, key: str, *, label: str, password: str, person: str,
    now: datetime, expires_at: datetime | None,
) -> int:  # fmt: skip
    """Keep a link; returns its id."""
    row = ShareLink(
        workspace_id=workspace_id, id=new_id(), run_id=run_id, key=key, label=label, password=password, person=person,
        made_at=epoch_ms(now), expires_at=epoch_ms(expires_at) if expires_at else None,
    )  # fmt: skip
    connection.execute(_link.insert().values(row.model_dump()))
    return row.id


def by_key(connection: Connection, workspace_id: int, key: str) -> LinkRow | None:
    """The link whose secret has this digest."""
    row = connection.execute(select(_link).where(_is(workspace_id, _link.c.key, key))).first()
    return sql.values(row, LinkRow) if row else None


def of_run(connection: Connection, workspace_id: int, run_id: int) -> list[LinkRow]:
    """The links to a made report, newest first."""
    query = select(_link).where(_is(workspace_id, _link.c.run_id, run_id))
    rows = connection.execute(query.order_by(_link.c.made_at.desc(), _link.c.id.desc()))
    return [sql.values(row, LinkRow) for row in rows]


def revoke(connection: Connection, workspace_id: int, link_id: int, now: datetime) -> None:
    """End a link; one that has ended stays as it is."""
    here = _is(workspace_id, _link.c.id, link_id) & _link.c.revoked_at.is_(None)
    connection.execute(_link.update().where(here).values(revoked_at=epoch_ms(now)))


def forget_run(connection: Connection, workspace_id: int, run_id: int) -> None:
    """Remove the links to a made report, and what happened at them."""
    ids = select(_link.c.id).where(_is(workspace_id, _link.c.run_id, run_id))
    connection.execute(_visit.delete().where((_visit.c.workspace_id == workspace_id) & _visit.c.link_id.in_(ids)))
    connection.execute(_link.delete().where(_is(workspace_id, _link.c.run_id, run_id)))


def forget_gone(connection: Connection, workspace_id: int) -> None:
    """Remove the links to reports that are no longer in the archive, and what happened at them."""
    kept = exists().where((_run.c.workspace_id == workspace_id) & (_run.c.id == _link.c.run_id))
    gone = select(_link.c.id).where((_link.c.workspace_id == workspace_id) & ~kept)
    connection.execute(_visit.delete().where((_visit.c.workspace_id == workspace_id) & _visit.c.link_id.in_(gone)))
    connection.execute(_link.delete().where((_link.c.workspace_id == workspace_id) & _link.c.id.in_(gone)))


def visit(connection: Connection, workspace_id: int, link_id: int, what: str, now: datetime) -> None:
    """Note what happened at a link."""
    row = ShareVisit(workspace_id=workspace_id, id=new_id(), link_id=link_id, at=epoch_ms(now), what=what)
    connection.execute(_visit.insert().values(row.model_dump()))


def visits(connection: Connection, workspace_id: int, link_id: int, limit: int = 200) -> list[VisitRow]:
    """What happened at a link, newest first."""
    columns = (_visit.c.link_id, _visit.c.at, _visit.c.what)
    query = select(*columns).where(_is(workspace_id, _visit.c.link_id, link_id, _visit))
    rows = connection.execute(query.order_by(_visit.c.at.desc(), _visit.c.id.desc()).limit(limit))
    return [sql.values(row, VisitRow) for row in rows]


def refused_since(connection: Connection, workspace_id: int, link_id: int, since: datetime) -> int:
    """How often a password was wrong since a moment."""
    here = _is(workspace_id, _visit.c.link_id, link_id, _visit) & (_visit.c.what == "refused")
    query = select(func.count()).where(here & (_visit.c.at >= epoch_ms(since)))
    return int(connection.execute(query).scalar() or 0)


def _is(workspace_id: int, column: Any, value: Any, table: Any = _link) -> Any:
    return (table.c.workspace_id == workspace_id) & (column == value)
