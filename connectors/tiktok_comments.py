"""What people write under a TikTok account's videos, and the answers to it.

Comments are read on videos of the last 30 days once a day, and on those of the last seven days on every other reading.
Not read are comments on older videos and those that the account hid. TikTok lists nowhere who mentions an account in
their own videos: it tells that only by webhook, to apps it chose.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta

from connectors import commenting
from connectors.base import Scope, Source, Stream, Window
from connectors.paging import MAX_PAGES
from connectors.tiktok_api import VIDEOS_PATH, Asking, Row, moment, number, rows, videos
from core.errors import NotOffered, SchemaDrift
from core.records import Comment, Record

NOT_A_PLUGIN = True

SCOPE = Scope("comment.list", "Read the comments on the videos.")
COMMENTS_PATH, ANSWERS_PATH = "/business/comment/list/", "/business/comment/reply/list/"
PAGE = "30"
YOUNG = timedelta(days=7)


def read_comments(source: Source, window: Window) -> Iterator[Record]:
    """Public comments on videos, with their answers, newest first under each."""
    span = commenting.span(source, window, YOUNG)
    listed = Asking(source.client, VIDEOS_PATH, source.account.external_id, ("share_url",))
    for video in videos(listed, span.posts):
        with suppress(NotOffered):  # deleted since it was listed, or closed to comments
            yield from _of_video(source, str(video["item_id"]), span.written)


def _of_video(source: Source, video: str, oldest: datetime) -> Iterator[Record]:
    for row in _pages(source, COMMENTS_PATH, video, include_replies="true"):
        if moment(row.get("create_time")) < oldest:
            return
        top = _comment(row, video)
        yield top
        yield from (_comment(answer, video, top.external_id) for answer in _answers(source, row, video))


def _answers(source: Source, row: Row, video: str) -> Iterator[Row]:
    """At most three answers come with a comment; where there are more, all of them from their own list."""
    given = rows(row, "reply_list")
    if (number(row.get("replies")) or 0) > len(given):
        yield from _pages(source, ANSWERS_PATH, video, comment_id=str(row["comment_id"]))
    else:
        yield from given


def _pages(source: Source, path: str, video: str, **more: str) -> Iterator[Row]:
    """All public rows, newest first; the cursor counts them."""
    asked = {"business_id": source.account.external_id, "video_id": video, "max_count": PAGE, **more}
    asked |= {"status": "PUBLIC", "sort_field": "create_time", "sort_order": "desc"}
    cursor, seen = "", set[str]()
    for _ in range(MAX_PAGES):
        data = source.client.get(path, {**asked, **({"cursor": cursor} if cursor else {})}).get("data")
        if not isinstance(data, dict):
            raise SchemaDrift("TikTok answered without data.", context={"path": path})
        yield from rows(data, "comments")
        if not data.get("has_more"):
            return
        cursor = str(data.get("cursor") or "")
        if not cursor or cursor in seen:
            raise SchemaDrift("TikTok gave the same page twice.", context={"path": path})
        seen.add(cursor)
    raise SchemaDrift("TikTok does not stop giving pages.", context={"path": path})


def _comment(row: Row, video: str, parent: str = "") -> Comment:
    if not row.get("comment_id"):
        raise SchemaDrift("TikTok sent a comment without its id.")
    likes = number(row.get("likes"))
    return Comment(
        external_id=str(row["comment_id"]),
        text=str(row.get("text") or ""),
        written_at=moment(row.get("create_time")),
        kind="reply" if parent else "comment",
        post=video,
        parent=parent,
        author=str(row.get("username") or row.get("display_name") or ""),
        likes=None if likes is None else int(likes),
    )


STREAM = Stream(
    "comments",
    "Public comments on videos of the last 30 days",
    read_comments,
    windowed=False,
    scopes=("video.list", SCOPE.name),
)
