"""Committed file imports, and taking back what one brought."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.tables import ImportBatch, Post, PostTotal, Reading, fact

_CHUNK = 500
_batch: Any = ImportBatch.__table__  # type: ignore[attr-defined]
_post: Any = Post.__table__  # type: ignore[attr-defined]
_reading: Any = Reading.__table__  # type: ignore[attr-defined]
_total: Any = PostTotal.__table__  # type: ignore[attr-defined]


def add(connection: Connection, batch: ImportBatch) -> None:
    """Record a committed import."""
    connection.execute(_batch.insert().values(batch.model_dump()))


def batches(connection: Connection, workspace_id: int) -> list[ImportBatch]:
    """All imports of the workspace, newest first."""
    rows = connection.execute(
        sa.select(_batch).where(_batch.c.workspace_id == workspace_id).order_by(_batch.c.imported_at.desc())
    )
    return [ImportBatch(**row) for row in rows.mappings()]


def get(connection: Connection, workspace_id: int, batch_id: int) -> ImportBatch | None:
    """One import, or None."""
    row = connection.execute(
        sa.select(_batch).where(_batch.c.workspace_id == workspace_id, _batch.c.id == batch_id)
    ).first()
    return ImportBatch(**row._mapping) if row else None


def mark_undone(connection: Connection, workspace_id: int, batch_id: int, at_ms: int) -> None:
    """Note that an import was taken back."""
    connection.execute(
        _batch.update()
        .where(_batch.c.workspace_id == workspace_id, _batch.c.id == batch_id)
        .values(undone_at=at_ms, undo={})
    )


def existing_posts(
    connection: Connection, workspace_id: int, account_id: int, external_ids: Sequence[str]
) -> dict[str, int]:
    """External id -> id of the posts the account already has."""
    found: dict[str, int] = {}
    for start in range(0, len(external_ids), _CHUNK):
        rows = connection.execute(
            sa.select(_post.c.external_id, _post.c.id).where(
                _post.c.workspace_id == workspace_id,
                _post.c.account_id == account_id,
                _post.c.external_id.in_(external_ids[start : start + _CHUNK]),
            )
        )
        found.update((row.external_id, row.id) for row in rows)
    return found


def take_back_readings(connection: Connection, workspace_id: int, post_ids: Sequence[int], captured_at_ms: int) -> None:
    """Delete the readings captured at a moment; the posts stand again at the newest reading left."""
    for start in range(0, len(post_ids), _CHUNK):
        chunk = list(post_ids[start : start + _CHUNK])
        connection.execute(
            _reading.delete().where(
                _reading.c.workspace_id == workspace_id,
                _reading.c.post_id.in_(chunk),
                _reading.c.captured_at == captured_at_ms,
            )
        )
        of_these = (_total.c.workspace_id == workspace_id, _total.c.post_id.in_(chunk))
        connection.execute(_total.delete().where(*of_these))
        newest = (
            sa.select(
                _reading.c.workspace_id,
                _reading.c.metric_id,
                _reading.c.post_id,
                sa.func.max(_reading.c.captured_at).label("captured_at"),
            )
            .where(_reading.c.workspace_id == workspace_id, _reading.c.post_id.in_(chunk))
            .group_by(_reading.c.workspace_id, _reading.c.metric_id, _reading.c.post_id)
            .subquery()
        )
        key = ("workspace_id", "metric_id", "post_id", "captured_at")
        standing = sa.select(
            _reading.c.workspace_id, _reading.c.metric_id, _reading.c.post_id, _reading.c.value, _reading.c.captured_at
        ).join(newest, sa.and_(*(_reading.c[name] == newest.c[name] for name in key)))
        columns = ["workspace_id", "metric_id", "post_id", "value", "captured_at"]
        connection.execute(_total.insert().from_select(columns, standing))


def delete_posts(connection: Connection, workspace_id: int, post_ids: Sequence[int]) -> None:
    """Delete posts that have no reading left; a post that a sync has read since stays."""
    for start in range(0, len(post_ids), _CHUNK):
        chunk = list(post_ids[start : start + _CHUNK])
        still_read = sa.select(_reading.c.post_id).where(
            _reading.c.workspace_id == workspace_id, _reading.c.post_id == _post.c.id
        )
        connection.execute(
            _post.delete().where(_post.c.workspace_id == workspace_id, _post.c.id.in_(chunk), ~still_read.exists())
        )


def is_bare(connection: Connection, workspace_id: int, account_id: int) -> bool:
    """Whether an account holds neither a post nor a fact."""
    posts = sa.select(_post.c.id).where(_post.c.workspace_id == workspace_id, _post.c.account_id == account_id)
    facts = sa.select(fact.c.day).where(fact.c.workspace_id == workspace_id, fact.c.account_id == account_id)
    return all(connection.execute(query.limit(1)).first() is None for query in (posts, facts))
