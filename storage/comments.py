"""Comments and mentions: what somebody wrote under a post of an account, or elsewhere about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from core import records
from core.clock import epoch_ms
from core.ids import new_id
from storage import sql, versions
from storage.tables import Comment

_table = sql.table(Comment)
_KEY = ("workspace_id", "account_id", "external_id")
_CHANGE = ("kind", "post_id", "parent", "written_at", "text", "author", "permalink", "likes", "language")


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment as stored; moments in ms. `post_id` is None when it stands under no post of the account."""

    workspace_id: int
    id: int
    account_id: int
    external_id: str
    kind: str
    post_id: int | None
    parent: str
    written_at: int
    text: str
    author: str
    permalink: str
    likes: int | None
    language: str
    seen_at: int


def upsert(
    connection: Connection,
    workspace_id: int,
    account_id: int,
    found: Iterable[records.Comment],
    posts: Mapping[str, int],
    now: datetime,
) -> int:
    """Store comments of an account by external id; returns how many are new or changed. `posts`: external id -> id."""
    rows = {
        one.external_id: {
            "workspace_id": workspace_id,
            "id": new_id(),
            "account_id": account_id,
            "external_id": one.external_id,
            "kind": one.kind,
            "post_id": posts.get(one.post),
            "parent": one.parent,
            "written_at": epoch_ms(one.written_at),
            "text": one.text,
            "author": one.author,
            "permalink": one.permalink,
            "likes": one.likes,
            "language": one.language,
            "seen_at": epoch_ms(now),
        }
        for one in found
    }
    changed = sql.upsert(connection, _table, list(rows.values()), _KEY, _CHANGE)
    if changed:
        versions.bump(connection, workspace_id)
    return changed


def newest(
    connection: Connection,
    workspace_id: int,
    account_ids: Collection[int],
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    post_id: int | None = None,
    limit: int | None = None,
) -> list[CommentRow]:
    """Comments and mentions of accounts, newest first. Both ends are included; None means no bound, and any post."""
    query = select(_table).where(
        _table.c.workspace_id == workspace_id, _table.c.account_id.in_([int(one) for one in account_ids])
    )
    if from_ms is not None:
        query = query.where(_table.c.written_at >= from_ms)
    if to_ms is not None:
        query = query.where(_table.c.written_at <= to_ms)
    if post_id is not None:
        query = query.where(_table.c.post_id == post_id)
    rows = connection.execute(query.order_by(_table.c.written_at.desc(), _table.c.id.desc()).limit(limit))
    return [sql.values(row, CommentRow) for row in rows]


def forget_account(connection: Connection, workspace_id: int, account_id: int) -> None:
    """Delete all comments of an account."""
    connection.execute(_table.delete().where(_table.c.workspace_id == workspace_id, _table.c.account_id == account_id))
