"""Committed file imports, and taking back what one brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core import records
from storage.tables import FACT_KEY, Account, ImportBatch, Post, PostTotal, Reading, fact, fact_revision

NAMED_BY_FILE = "file:"
"""How the id of an account begins that a person named for a file; the platform's own is not known."""

_CHUNK = 500
_FACT_KEY = tuple(FACT_KEY)
_account: Any = Account.__table__  # type: ignore[attr-defined]
_batch: Any = ImportBatch.__table__  # type: ignore[attr-defined]
_post: Any = Post.__table__  # type: ignore[attr-defined]
_reading: Any = Reading.__table__  # type: ignore[attr-defined]
_total: Any = PostTotal.__table__  # type: ignore[attr-defined]
_LISTED = [_batch.c[name] for name in ("id", "file_name", "platform", "account_id", "imported_at", "rows", "undone_at")]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One committed import, for lists; moments in ms."""

    id: int
    file_name: str
    platform: str
    account_id: int
    imported_at: int
    rows: int
    undone_at: int | None


def add(connection: Connection, batch: ImportBatch) -> None:
    """Record a committed import."""
    connection.execute(_batch.insert().values(batch.model_dump()))


def batches(connection: Connection, workspace_id: int) -> list[BatchRow]:
    """All imports of the workspace, newest first, without what undo needs."""
    rows = connection.execute(
        sa.select(*_LISTED).where(_batch.c.workspace_id == workspace_id).order_by(_batch.c.imported_at.desc())
    )
    return [BatchRow(*row) for row in rows]


def same_file(connection: Connection, workspace_id: int, digest: str) -> list[BatchRow]:
    """The imports of a file with this content that were not taken back, newest first."""
    here = (_batch.c.workspace_id == workspace_id, _batch.c.undone_at.is_(None))
    same = _batch.c.undo["digest"].as_string() == digest
    rows = connection.execute(sa.select(*_LISTED).where(*here, same).order_by(_batch.c.imported_at.desc()))
    return [BatchRow(*row) for row in rows]


def get(connection: Connection, workspace_id: int, batch_id: int) -> ImportBatch | None:
    """One import, or None."""
    row = connection.execute(
        sa.select(_batch).where(_batch.c.workspace_id == workspace_id, _batch.c.id == batch_id)
    ).first()
    return ImportBatch(**row._mapping) if row else None


def mark_undone(connection: Connection, batch: ImportBatch, at_ms: int, still_there: dict[str, Any]) -> None:
    """Note that an import was taken back. `still_there` is what it made and others still use: they may free it."""
    connection.execute(
        _batch.update()
        .where(_batch.c.workspace_id == batch.workspace_id, _batch.c.id == batch.id)
        .values(undone_at=at_ms, undo=still_there)
    )


def left_behind(connection: Connection, workspace_id: int, account_id: int) -> list[ImportBatch]:
    """The imports into an account that were taken back and yet left something, because others used it."""
    rows = connection.execute(
        sa.select(_batch).where(
            _batch.c.workspace_id == workspace_id, _batch.c.account_id == account_id, _batch.c.undone_at.is_not(None)
        )
    )
    return [batch for batch in (ImportBatch(**row) for row in rows.mappings()) if batch.undo]


def adopt_accounts(connection: Connection, workspace_id: int, platform: str, found: Sequence[records.Account]) -> None:
    """Give accounts that only a file has named the platform's id, where one account found has the same name or handle.

    What two would fit is left alone, and so is an account whose id is stored already.
    """
    here = (_account.c.workspace_id == workspace_id, _account.c.platform == platform)
    rows = connection.execute(
        sa.select(_account.c.id, _account.c.external_id, _account.c.name, _account.c.handle).where(*here)
    ).all()
    held = {row.external_id for row in rows}
    fresh = [one for one in found if one.external_id not in held]
    named = [row for row in rows if row.external_id.startswith(NAMED_BY_FILE)]
    for row in named:
        fitting = [one for one in fresh if _called(one.name, one.handle) & _called(row.name, row.handle)]
        rivals = [other for other in named if fitting and _called(other.name, other.handle) & _called(*_both(fitting))]
        if len(fitting) == 1 and len(rivals) == 1:
            change = _account.update().where(*here, _account.c.id == row.id)
            connection.execute(change.values(external_id=fitting[0].external_id))


def _both(fitting: Sequence[records.Account]) -> tuple[str, str]:
    return fitting[0].name, fitting[0].handle


def _called(*names: str) -> set[str]:
    """What an account is called, without case, spaces and @.

    >>> _called("Northwind  Coffee", "@NorthwindCoffee"), _called("", " ")
    ({'northwindcoffee'}, set())
    """
    return {"".join(name.split()).removeprefix("@").casefold() for name in names} - {""}


def free_moment(connection: Connection, workspace_id: int, post_ids: Sequence[int], captured_at_ms: int) -> int:
    """The first moment from `captured_at_ms` on at which none of the posts was read, so that undo finds its own."""
    taken: set[int] = set()
    for start in range(0, len(post_ids), _CHUNK):
        rows = connection.execute(
            sa.select(_reading.c.captured_at)
            .distinct()
            .where(
                _reading.c.workspace_id == workspace_id,
                _reading.c.post_id.in_(post_ids[start : start + _CHUNK]),
                _reading.c.captured_at >= captured_at_ms,
            )
        )
        taken.update(row.captured_at for row in rows)
    while captured_at_ms in taken:
        captured_at_ms += 1
    return captured_at_ms


def forget_revisions(
    connection: Connection, workspace_id: int, account_id: int, metric_ids: Sequence[int], observed_at_ms: int
) -> None:
    """Take an import out of the history of facts that were replaced since: what was before it goes on in its place."""
    key = [fact_revision.c[name] for name in _FACT_KEY]
    brought = fact_revision.alias("brought")
    same = [brought.c[column.name] == column for column in key]
    inside = (
        fact_revision.c.workspace_id == workspace_id,
        fact_revision.c.account_id == account_id,
        fact_revision.c.metric_id.in_(metric_ids),
    )
    found = sa.select(brought.c.observed_to).where(*same, brought.c.observed_from == observed_at_ms)
    ended = found.correlate(fact_revision).scalar_subquery()
    connection.execute(
        fact_revision.update()
        .where(*inside, fact_revision.c.observed_to == observed_at_ms, ended.is_not(None))
        .values(observed_to=ended)
    )
    connection.execute(fact_revision.delete().where(*inside, fact_revision.c.observed_from == observed_at_ms))


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


def delete_posts(connection: Connection, workspace_id: int, post_ids: Sequence[int]) -> list[int]:
    """Delete posts that have no reading left; a post that was read since stays. Returns those that stay."""
    kept: list[int] = []
    for start in range(0, len(post_ids), _CHUNK):
        chunk = list(post_ids[start : start + _CHUNK])
        here = (_post.c.workspace_id == workspace_id, _post.c.id.in_(chunk))
        still_read = sa.select(_reading.c.post_id).where(
            _reading.c.workspace_id == workspace_id, _reading.c.post_id == _post.c.id
        )
        connection.execute(_post.delete().where(*here, ~still_read.exists()))
        kept += connection.execute(sa.select(_post.c.id).where(*here)).scalars()
    return kept


def is_bare(connection: Connection, workspace_id: int, account_id: int) -> bool:
    """Whether an account holds neither a post nor a fact, and nothing feeds it."""
    fed = sa.select(_account.c.id).where(
        _account.c.workspace_id == workspace_id, _account.c.id == account_id, _account.c.connection_id.is_not(None)
    )
    posts = sa.select(_post.c.id).where(_post.c.workspace_id == workspace_id, _post.c.account_id == account_id)
    facts = sa.select(fact.c.day).where(fact.c.workspace_id == workspace_id, fact.c.account_id == account_id)
    return all(connection.execute(query.limit(1)).first() is None for query in (posts, facts, fed))
