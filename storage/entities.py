"""Accounts, posts, campaigns and members: the things that numbers are about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Table, func, select

from core import records
from core.clock import epoch_day, epoch_ms
from core.errors import NotFound
from core.ids import new_id
from storage import comments, coverage, facts, imports, readings, reconciliation, runs, same_post, sql, versions
from storage.tables import Account, Campaign, Member, Post

K = TypeVar("K", bound=Hashable)
POST_COLUMNS = (
    "id", "account_id", "external_id", "kind", "published_at", "text", "permalink", "thumbnail_url", "duration_s",
    "tags", "language",
)  # fmt: skip
LEVELS = ("campaign", "ad_set", "ad", "creative", "send")
"""Levels of a campaign, from the top."""

_CHUNK = 500
_account, _post, _campaign, _member = (sql.table(model) for model in (Account, Post, Campaign, Member))


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as stored. `connection_id` is None when nothing feeds it any more."""

    workspace_id: int
    id: int
    platform: str
    external_id: str
    connection_id: int | None
    name: str
    handle: str
    url: str
    picture_url: str
    kind: str
    time_zone: str
    currency: str
    selected: bool
    created_at: int


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One value of a dimension."""

    id: int
    key: str
    title: str


def upsert_accounts(
    connection: Connection,
    workspace_id: int,
    platform: str,
    found: Iterable[records.Account],
    *,
    now: datetime,
    connection_id: int | None = None,
) -> dict[str, int]:
    """Store accounts by platform and external id; returns external id -> id. `connection_id` None leaves the link.

    With a connection, an account that only a file has named so far becomes the one of the same name or handle.
    """
    every = list(found)
    link = {} if connection_id is None else {"connection_id": connection_id}
    if connection_id is not None:
        sql.lock_workspace(connection, workspace_id)
        imports.adopt_accounts(connection, workspace_id, platform, every)
    wanted = {
        account.external_id: {name: getattr(account, name) for name in records.Account.__slots__} | link
        for account in every
    }
    fixed = {"platform": platform}
    fresh = {"selected": True, "created_at": epoch_ms(now), "connection_id": connection_id}
    return _store(connection, workspace_id, _account, fixed, wanted, _by_external_id, fresh)


def upsert_posts(
    connection: Connection, workspace_id: int, account_id: int, found: Iterable[records.Post]
) -> dict[str, int]:
    """Store posts of an account by external id; returns external id -> id. One that a file brought becomes that one."""
    posts = list(found)
    sql.lock_workspace(connection, workspace_id)
    same_post.join_imported(connection, workspace_id, account_id, posts)
    wanted = {post.external_id: _post_values(post) for post in posts}
    return _store(connection, workspace_id, _post, {"account_id": account_id}, wanted, _by_external_id, {})


def upsert_campaigns(
    connection: Connection, workspace_id: int, account_id: int, found: Sequence[records.Campaign]
) -> dict[tuple[str, str], int]:
    """Store campaigns of an account by level and external id; returns (level, external id) -> id.

    A parent is looked up by its external id on the levels above, the nearest first.
    """
    wanted = {(campaign.level, campaign.external_id): _campaign_values(campaign) for campaign in found}
    fixed = {"account_id": account_id}
    ids = _store(connection, workspace_id, _campaign, fixed, wanted, _by_level, {"parent_id": None})
    parents = {campaign.parent for campaign in found if campaign.parent}
    if parents:
        known = {_by_level(row): int(row["id"]) for row in _known(connection, workspace_id, _campaign, fixed, parents)}
        linked = {
            (c.level, c.external_id): {"external_id": c.external_id, "level": c.level, "parent_id": parent}
            for c in found
            if (parent := _parent(c, known)) is not None
        }
        _store(connection, workspace_id, _campaign, fixed, linked, _by_level, {})
    return ids


def _parent(campaign: records.Campaign, known: Mapping[tuple[str, str], int]) -> int | None:
    """The id of the parent: platforms number every level by itself, so it is looked for on the levels above."""
    above = LEVELS[: LEVELS.index(campaign.level)] if campaign.level in LEVELS else LEVELS
    return next((known[level, campaign.parent] for level in reversed(above) if (level, campaign.parent) in known), None)


def _post_values(post: records.Post) -> dict[str, Any]:
    values = {name: getattr(post, name) for name in records.Post.__slots__}
    return values | {"published_at": epoch_ms(post.published_at), "tags": list(post.tags)}


def _campaign_values(campaign: records.Campaign) -> dict[str, Any]:
    def number(day: date | None) -> int | None:
        return None if day is None else epoch_day(day)

    names = ("external_id", "level", "name", "status")
    values = {name: getattr(campaign, name) for name in names}
    return values | {"starts_on": number(campaign.starts_on), "ends_on": number(campaign.ends_on)}


def _by_external_id(row: Mapping[str, Any]) -> str:
    return str(row["external_id"])


def _by_level(row: Mapping[str, Any]) -> tuple[str, str]:
    return str(row["level"]), str(row["external_id"])


def _store(
    connection: Connection,
    workspace_id: int,
    table: Table,
    fixed: Mapping[str, Any],
    wanted: Mapping[K, dict[str, Any]],
    key: Callable[[Mapping[str, Any]], K],
    fresh: Mapping[str, Any],
) -> dict[K, int]:
    """Insert or change rows by their external key. An empty field never erases what is known."""
    sql.lock_workspace(connection, workspace_id)
    names = [values["external_id"] for values in wanted.values()]
    known = {key(row): row for row in _known(connection, workspace_id, table, fixed, names)}
    rows, ids = [], {}
    for name, values in wanted.items():
        old = known.get(name)
        if old is None:
            old = {"workspace_id": workspace_id, "id": new_id(), **fixed, **fresh}
            row = {**old, **values}
        else:
            row = {**old, **{column: value for column, value in values.items() if value not in ("", None, [])}}
        ids[name] = int(row["id"])
        if row != old:
            rows.append(row)
    change = [column.name for column in table.c if column.name not in ("workspace_id", "id")]
    if sql.upsert(connection, table, rows, ("workspace_id", "id"), change):
        versions.bump(connection, workspace_id)
    return ids


def _known(
    connection: Connection, workspace_id: int, table: Table, fixed: Mapping[str, Any], names: Collection[str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    every = list(names)
    here = [table.c[column] == value for column, value in fixed.items()]
    for start in range(0, len(every), _CHUNK):
        chunk = table.c.external_id.in_(every[start : start + _CHUNK])
        rows = connection.execute(select(table).where(table.c.workspace_id == workspace_id, chunk, *here))
        found.extend(dict(row._mapping) for row in rows)
    return found


def accounts(
    connection: Connection,
    workspace_id: int,
    platforms: Collection[str] | None = None,
    connection_id: int | None = None,
    *,
    selected: bool | None = None,
) -> list[AccountRow]:
    """The accounts of a workspace, by platform and name; None means all."""
    query = select(_account).where(_account.c.workspace_id == workspace_id)
    if platforms is not None:
        query = query.where(_account.c.platform.in_(list(platforms)))
    if connection_id is not None:
        query = query.where(_account.c.connection_id == connection_id)
    if selected is not None:
        query = query.where(_account.c.selected == selected)
    rows = connection.execute(query.order_by(_account.c.platform, _account.c.name, _account.c.id))
    return [sql.values(row, AccountRow) for row in rows]


def account(connection: Connection, workspace_id: int, account_id: int) -> AccountRow:
    """One account. Raises NotFound."""
    row = connection.execute(
        select(_account).where(_account.c.workspace_id == workspace_id, _account.c.id == account_id)
    ).first()
    if row is None:
        raise NotFound("There is no such account in this workspace.")
    return sql.values(row, AccountRow)


def select_accounts(connection: Connection, workspace_id: int, connection_id: int, chosen: Collection[int]) -> None:
    """Choose which accounts of a connection are read; the others are left alone from now on."""
    here = (_account.c.workspace_id == workspace_id) & (_account.c.connection_id == connection_id)
    connection.execute(_account.update().where(here).values(selected=_account.c.id.in_(list(chosen))))
    versions.bump(connection, workspace_id)


def detach_accounts(connection: Connection, workspace_id: int, connection_id: int) -> None:
    """Keep the accounts of a connection with their data, fed by nothing."""
    here = (_account.c.workspace_id == workspace_id) & (_account.c.connection_id == connection_id)
    connection.execute(_account.update().where(here).values(connection_id=None))
    versions.bump(connection, workspace_id)


def forget_account(connection: Connection, workspace_id: int, account_id: int) -> None:
    """Delete an account with everything known of it."""
    facts.forget_account(connection, workspace_id, account_id)
    readings.forget_account(connection, workspace_id, account_id)
    comments.forget_account(connection, workspace_id, account_id)
    coverage.forget_account(connection, workspace_id, account_id)
    runs.forget_cursors(connection, workspace_id, account_id)
    reconciliation.forget_account(connection, workspace_id, account_id)
    for table in (_post, _campaign):
        connection.execute(table.delete().where(table.c.workspace_id == workspace_id, table.c.account_id == account_id))
    connection.execute(_account.delete().where(_account.c.workspace_id == workspace_id, _account.c.id == account_id))
    versions.bump(connection, workspace_id)


def posts(
    connection: Connection,
    workspace_id: int,
    *,
    account_ids: Collection[int] | None = None,
    post_ids: Collection[int] | None = None,
    published_from_ms: int | None = None,
    published_to_ms: int | None = None,
    limit: int | None = None,
) -> pd.DataFrame:
    """Posts, newest first, one row each with the columns POST_COLUMNS: `published_at` in ms (int64), `tags` a list.

    Both ends of the time of publishing are included; None means no bound.
    """
    query = select(*(_post.c[name] for name in POST_COLUMNS)).where(_post.c.workspace_id == workspace_id)
    if account_ids is not None:
        query = query.where(_post.c.account_id.in_([int(one) for one in account_ids]))
    if post_ids is not None:
        query = query.where(_post.c.id.in_([int(one) for one in post_ids]))
    if published_from_ms is not None:
        query = query.where(_post.c.published_at >= published_from_ms)
    if published_to_ms is not None:
        query = query.where(_post.c.published_at <= published_to_ms)
    rows = connection.execute(query.order_by(_post.c.published_at.desc(), _post.c.id.desc()).limit(limit)).all()
    found = pd.DataFrame([tuple(row) for row in rows], columns=list(POST_COLUMNS))
    return found.astype({"id": "int64", "account_id": "int64", "published_at": "int64", "duration_s": "float64"})


def post_marks(
    connection: Connection, workspace_id: int, account_ids: Collection[int], *, from_ms: int
) -> list[tuple[str, list[str]]]:
    """(kind, tags) of each post published since, newest first: what posts can be chosen by, without their texts."""
    query = select(_post.c.kind, _post.c.tags).where(
        _post.c.workspace_id == workspace_id,
        _post.c.account_id.in_([int(one) for one in account_ids]),
        _post.c.published_at >= from_ms,
    )
    return [(row.kind, row.tags) for row in connection.execute(query.order_by(_post.c.published_at.desc()))]


def post_moments(
    connection: Connection,
    workspace_id: int,
    account_ids: Collection[int],
    *,
    from_ms: int | None = None,
    to_ms: int | None = None,
    limit: int | None = None,
) -> list[tuple[int, str, str, int]]:
    """(id, external id, kind, published at in ms) of posts, newest first: what a sync needs, without their texts.

    Both ends of the time of publishing are included; None means no bound.
    """
    columns = (_post.c.id, _post.c.external_id, _post.c.kind, _post.c.published_at)
    query = select(*columns).where(
        _post.c.workspace_id == workspace_id, _post.c.account_id.in_([int(one) for one in account_ids])
    )
    if from_ms is not None:
        query = query.where(_post.c.published_at >= from_ms)
    if to_ms is not None:
        query = query.where(_post.c.published_at <= to_ms)
    rows = connection.execute(query.order_by(_post.c.published_at.desc(), _post.c.id.desc()).limit(limit))
    return [tuple(row) for row in rows]


def campaigns(connection: Connection, workspace_id: int, account_ids: Collection[int] | None = None) -> pd.DataFrame:
    """Campaigns and the levels below, one row each, with the columns of the table (unknown whole numbers are NA)."""
    query = select(_campaign).where(_campaign.c.workspace_id == workspace_id)
    if account_ids is not None:
        query = query.where(_campaign.c.account_id.in_([int(one) for one in account_ids]))
    rows = connection.execute(query.order_by(_campaign.c.id)).mappings().all()
    whole = ("parent_id", "starts_on", "ends_on")
    columns = {column.name: [row[column.name] for row in rows] for column in _campaign.c}
    return pd.DataFrame({name: _whole(found) if name in whole else found for name, found in columns.items()})


def _whole(found: list[int | None]) -> pd.arrays.IntegerArray:
    """Whole numbers with gaps. Made any other way pandas takes them through floats, and ids lose their last digits."""
    gaps = np.array([value is None for value in found], dtype=bool)
    return pd.arrays.IntegerArray(np.array([value or 0 for value in found], dtype="int64"), gaps)


def member_ids(
    connection: Connection, workspace_id: int, dimension_id: int, titles: Mapping[str, str]
) -> dict[str, int]:
    """Key -> small id for values of a dimension, making those that are new. An empty title leaves the known one."""
    sql.lock_workspace(connection, workspace_id)
    known = {one.key: one for one in members(connection, workspace_id, dimension_id, keys=titles.keys())}
    here = (_member.c.workspace_id == workspace_id) & (_member.c.dimension_id == dimension_id)
    last = int(connection.execute(select(func.max(_member.c.id)).where(here)).scalar() or 0)
    rows, ids = [], {}
    for key, title in titles.items():
        old = known.get(key)
        if old is None:
            last += 1
        ids[key] = last if old is None else old.id
        if old is None or (title and title != old.title):
            row = {"workspace_id": workspace_id, "dimension_id": dimension_id, "id": ids[key], "key": key}
            rows.append(row | {"title": title or key})
    if sql.upsert(connection, _member, rows, ("workspace_id", "dimension_id", "id"), ("title",)):
        versions.bump(connection, workspace_id)
    return ids


def members(
    connection: Connection, workspace_id: int, dimension_id: int, *, keys: Collection[str] | None = None
) -> list[MemberRow]:
    """The values of a dimension that ever had a number (with `keys`, those of them), by id."""
    query = select(_member.c.id, _member.c.key, _member.c.title).where(
        _member.c.workspace_id == workspace_id, _member.c.dimension_id == dimension_id
    )
    if keys is None:
        return [sql.values(row, MemberRow) for row in connection.execute(query.order_by(_member.c.id))]
    wanted = list(keys)
    found: list[MemberRow] = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = query.where(_member.c.key.in_(wanted[start : start + _CHUNK]))
        found.extend(sql.values(row, MemberRow) for row in connection.execute(chunk))
    return sorted(found, key=lambda row: row.id)
