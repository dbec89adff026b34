"""What people write under an account's posts and reels on Instagram, and the posts of others that tag it.

Comments are read on posts of the last 30 days once a day, and on those of the last two days on every other reading. Not
read are comments on older posts, on stories (they are messages), on live videos, on ads, and what the account hid.
Instagram lists the posts that tag an account, but not where its name is written in a caption or a comment: that it only
tells by webhook. The permission to read comments is the one to manage them; there is no smaller one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from connectors import commenting
from connectors.base import Scope, Source, Stream, Window
from connectors.meta_graph import ZONE, Row, bounds, items, moment, number, pages
from connectors.paging import MAX_PAGES, inside
from core.clock import day_end, day_start
from core.errors import NotOffered, SchemaDrift
from core.records import Comment, Record

NOT_A_PLUGIN = True

SCOPE = Scope(
    "instagram_manage_comments",
    "Read comments and posts that tag the account. It would also let an app answer and hide; Plumbline only reads.",
)
YOUNG, HALF_DAY = timedelta(days=2), timedelta(hours=12)
WRITTEN = "id,text,timestamp,username,like_count,hidden"
TAGGED = "id,caption,timestamp,username,like_count,permalink"


def read_comments(source: Source, window: Window) -> Iterator[Record]:
    """Comments on posts published in the window, with their answers, newest first under each."""
    span, start, end = commenting.span(source, window, YOUNG), day_start(window.first, ZONE), day_end(window.last, ZONE)
    asked = {"fields": "id,timestamp,comments_count", **bounds(window.first, window.last)}
    for item in pages(source.client, f"/{source.account.external_id}/media", asked):
        published_at, count = moment(item["timestamp"]), number(item.get("comments_count"))
        if max(start, span.posts) <= published_at < end and count != 0:
            with suppress(NotOffered):  # deleted since it was listed
                yield from _of_medium(source, str(item["id"]), span.written)


def _of_medium(source: Source, medium: str, oldest: datetime) -> Iterator[Record]:
    rows = pages(source.client, f"/{medium}/comments", {"fields": f"{WRITTEN},replies{{{WRITTEN}}}"})
    for row in rows:
        if moment(row.get("timestamp")) < oldest:
            return
        if not row.get("hidden"):
            top = _comment(row, medium)
            yield top
            yield from (_comment(answer, medium, top.external_id) for answer in _answers(source, row))


def _answers(source: Source, row: Row) -> list[Row]:
    """The answers that came with a comment; all of them from their own list when these are not all."""
    if inside(row, "replies.paging.next"):
        found = list(pages(source.client, f"/{row['id']}/replies", {"fields": WRITTEN}))
    else:
        found = items(row["replies"]) if row.get("replies") else []
    return [answer for answer in found if not answer.get("hidden")]


def _comment(row: Row, medium: str, parent: str = "") -> Comment:
    return Comment(
        external_id=_id(row),
        text=str(row.get("text") or ""),
        written_at=moment(row.get("timestamp")),
        kind="reply" if parent else "comment",
        post=medium,
        parent=parent,
        author=str(row.get("username") or ""),
        likes=_whole(row.get("like_count")),
    )


def read_mentions(source: Source, window: Window) -> Iterator[Record]:
    """Posts of others in which the account is tagged: those of the last 30 days."""
    oldest = window.now - timedelta(days=commenting.DAYS)
    for row in _tagged(source, oldest):
        if (written_at := moment(row.get("timestamp"))) >= oldest:
            yield Comment(
                external_id=_id(row),
                text=str(row.get("caption") or ""),
                written_at=written_at,
                kind="mention",
                author=str(row.get("username") or ""),
                permalink=str(row.get("permalink") or ""),
                likes=_whole(row.get("like_count")),
            )


def _tagged(source: Source, oldest: datetime) -> Iterator[Row]:
    """Newest first, until a whole page is too old. The list never names a next page: it ends with an empty one."""
    path, after, seen = f"/{source.account.external_id}/tags", "", set[str]()
    for _ in range(MAX_PAGES):
        page: dict[str, Any] = source.client.get(path, {"fields": TAGGED, **({"after": after} if after else {})})
        rows = items(page)
        yield from rows
        after = str(inside(page, "paging.cursors.after") or "")
        if not after or all(moment(row.get("timestamp")) < oldest for row in rows):
            return
        if after in seen:
            raise SchemaDrift("Meta gave the same page twice.", context={"path": path})
        seen.add(after)
    raise SchemaDrift("Meta does not stop giving pages.", context={"path": path})


def _id(row: Row) -> str:
    if not row.get("id"):
        raise SchemaDrift("Instagram sent a comment without its id.")
    return str(row["id"])


def _whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


_stream = partial(Stream, scopes=("instagram_basic", "pages_read_engagement", SCOPE.name))
_DAYS = commenting.DAYS + 1  # the day that is running is one of them
_month = partial(_stream, window_days=_DAYS, history_days=_DAYS, lookback_days=_DAYS)
STREAMS = (
    _month("comments", "Public comments on posts of the last 30 days", read_comments),
    _stream("mentions", "Posts of others that tag the account", read_mentions, windowed=False, every=HALF_DAY),
)
"""Comments have a window so that they are read after the posts they stand under."""
