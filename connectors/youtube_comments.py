"""What viewers write under the videos of a YouTube channel, and the answers to it.

One request reads the comments of all videos, newest first: of the last 30 days once a day, and those since the last
reading on every other one; each page of 100 is one unit of the quota. Not read are older comments, answers to them,
and what is hidden, held back or taken for spam. YouTube lists nowhere who mentions a channel.

Google has no permission that only reads comments: `youtube.readonly` is refused here. Its smallest one may also change
and delete, so this is read only where a person chose it, and asked for only then.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from connectors import commenting
from connectors.base import Source, Stream, Window
from connectors.google_api import moment, number
from connectors.paging import by_token, inside
from connectors.youtube_api import Row
from core.errors import SchemaDrift
from core.records import Comment, Record

NOT_A_PLUGIN = True

SCOPE = "https://www.googleapis.com/auth/youtube.force-ssl"
WHY = (
    "Only if you choose to read comments: Google has no smaller permission for it. It would let an app change and "
    "delete videos and comments; Plumbline only reads."
)
BRINGS = "What viewers write. Google ties it to a permission that would also let an app change and delete videos."
PAGE = 100


def read_comments(source: Source, window: Window) -> Iterator[Record]:
    """Public comments under all videos, with their answers, by how far back they are to be read."""
    span = commenting.span(source, window, timedelta(days=commenting.DAYS))
    for thread in _threads(source, max(span.posts, span.written)):
        top = _comment(_inside(thread, "snippet.topLevelComment"), "")
        yield top
        answers = inside(thread, "replies.comments") or ()
        if (number(inside(thread, "snippet.totalReplyCount")) or 0) > len(answers):
            answers = _pages(source, "/comments", {"part": "snippet", "parentId": top.external_id})
        yield from (_comment(answer, top.external_id) for answer in answers)


def _threads(source: Source, oldest: datetime) -> Iterator[Row]:
    """Threads begun since a moment; what follows a thread that is older is older still."""
    asked = {
        "part": "snippet,replies",
        "allThreadsRelatedToChannelId": source.account.external_id,
        "order": "time",
    }
    for thread in _pages(source, "/commentThreads", asked):
        if moment(_inside(thread, "snippet.topLevelComment.snippet.publishedAt")) < oldest:
            return
        yield thread


def _pages(source: Source, path: str, asked: dict[str, str]) -> Iterator[Row]:
    params = {**asked, "maxResults": PAGE, "textFormat": "plainText"}
    for page in by_token(source.client, path, params, next_at="nextPageToken", next_param="pageToken"):
        yield from page.get("items") or ()


def _comment(row: Row, parent: str) -> Comment:
    comment_id, video = str(_inside(row, "id")), str(inside(row, "snippet.videoId") or "")
    return Comment(
        external_id=comment_id,
        text=str(inside(row, "snippet.textDisplay") or ""),
        written_at=moment(inside(row, "snippet.publishedAt")),
        kind="reply" if parent else "comment",
        post=video,
        parent=parent,
        author=str(inside(row, "snippet.authorDisplayName") or ""),
        permalink=f"https://www.youtube.com/watch?v={video}&lc={comment_id}" if video else "",
        likes=_whole(inside(row, "snippet.likeCount")),
    )


def _whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def _inside(row: Row, place: str) -> Any:
    """What must stand at a place. Raises SchemaDrift when it does not."""
    if not (found := inside(row, place)):
        raise SchemaDrift("YouTube sent a comment without what makes it one.", context={"missing": place})
    return found


STREAM = Stream(
    "comments", "Public comments of the last 30 days", read_comments, windowed=False, scopes=(SCOPE,), optional=BRINGS
)
