"""One post: what it is, how it stands among its peers, what is like it, and which came before and after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from core import clock
from core.question import Period, Where
from core.viewer import Right, Viewer
from services.ask.notes import account_title
from services.content import posts
from services.post_detail import related, standing
from services.post_detail.shapes import Detail, Neighbour, Post
from storage import database, entities, readings
from storage.database import Connection
from storage.entities import AccountRow

AROUND = timedelta(days=365)
"""Posts published within this of it are its peers."""
_LARGEST = 2**63


def parse(text: str) -> int | None:
    """The id of a post from an address; None where it is none.

    >>> parse("42"), parse("x"), parse("-1"), parse(str(2**63))
    (42, None, None, None)
    """
    known = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if known and int(text) < _LARGEST else None


def find(viewer: Viewer, post_id: int, *, now: datetime) -> Detail | None:
    """Everything of a post but its growth and its comments; None where the workspace has no such post."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        found = entities.posts(connection, viewer.workspace_id, post_ids=[post_id])
        if found.empty:
            return None
        row = found.iloc[0].to_dict()
        account = entities.account(connection, viewer.workspace_id, int(row["account_id"]))
        totals = readings.latest(connection, viewer.workspace_id, post_ids=[post_id])
        before, after = _neighbours(connection, viewer.workspace_id, row, account)
    post = _post(row, account, now)
    peers = posts.peers(viewer, _around(post, now), Where(accounts=(account.id,)), now=now)
    stands = standing.of(viewer, post, peers, totals)
    return Detail(
        post=post,
        numbers=stands.numbers,
        over=stands.over,
        among=stands.among,
        explanations=stands.explanations,
        growing=stands.growing,
        related=related.of(post, peers),
        previous=before,
        next=after,
    )


def _around(post: Post, now: datetime) -> Period:
    """From the day it came out to a year later or today: with it `peers` reads the year before as well."""
    first = post.published_local.date()
    today = clock.local_day(now, post.time_zone)
    return Period(first, max(first, min(today, first + AROUND)))


def _post(row: dict[Any, Any], account: AccountRow, now: datetime) -> Post:
    published = clock.from_epoch_ms(int(row["published_at"]))
    return Post(
        id=int(row["id"]),
        platform=account.platform,
        account_id=account.id,
        account=account_title(account),
        kind=str(row["kind"]),
        text=str(row["text"]),
        permalink=str(row["permalink"]),
        published_at=published,
        published_local=_local(int(row["published_at"]), account),
        time_zone=account.time_zone,
        tags=tuple(row["tags"] or ()),
        duration_s=None if pd.isna(row["duration_s"]) else float(row["duration_s"]),
        age_h=(now - published) / timedelta(hours=1),
    )


def _local(published_ms: int, account: AccountRow) -> datetime:
    return clock.from_epoch_ms(published_ms).astimezone(clock.zone(account.time_zone)).replace(tzinfo=None)


def _neighbours(
    connection: Connection, workspace_id: int, row: dict[Any, Any], account: AccountRow
) -> tuple[Neighbour | None, Neighbour | None]:
    """The posts of the account just before and just after it, by time of publishing and then by id."""
    here, published = (int(row["published_at"]), int(row["id"])), int(row["published_at"])
    later = entities.post_moments(connection, workspace_id, [account.id], from_ms=published)
    earlier = entities.post_moments(connection, workspace_id, [account.id], to_ms=published, limit=10)
    after = [one for one, _, _, at in later if (at, one) > here]
    before = [one for one, _, _, at in earlier if (at, one) < here]
    wanted = [*before[:1], *after[-1:]]
    texts = entities.posts(connection, workspace_id, post_ids=wanted) if wanted else pd.DataFrame()
    known = {
        int(one["id"]): Neighbour(int(one["id"]), one["kind"], one["text"], _local(int(one["published_at"]), account))
        for one in texts.to_dict("records")
    }
    return known.get(before[0]) if before else None, known.get(after[-1]) if after else None
