"""Posts, videos and stories of Facebook pages: what they are, and their counters since they came out.

Public counters stand in the list of posts, the rest is asked of each post. A person may withhold the permission for
what other people did: then reactions come from insights, and comments are marked "not permitted".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from connectors import meta_graph
from connectors.base import Source, Window
from connectors.meta_graph import ZONE, Insights, Reader, Row, bounds, moment, number, pages
from connectors.paging import inside
from core.clock import day_end, day_start, local_day
from core.errors import NotOffered, PermissionMissing
from core.language import mark
from core.records import Coverage, Post, Reading, Record, State

NOT_A_PLUGIN = True

FIELDS = (
    "id,message,created_time,permalink_url,full_picture,status_type,shares,"
    "attachments{media_type,type,title,unshimmed_url,target}"
)
PUBLIC = "reactions.summary(true).limit(0),comments.summary(true).limit(0)"
VIDEO_FIELDS = "id,created_time,length,permalink_url"
STORY_FIELDS = "post_id,status,creation_time,media_type,media_id,url"
STORIES_BACK = timedelta(days=3)
"""Views of a story come a day late or more, when it is in the archive already."""

OF_POST: Mapping[str, str] = {
    "post_media_view": "views",
    "post_total_media_view_unique": "reach",
    "post_clicks": "post_clicks",
    "post_clicks_by_type": "link_clicks",
    "post_reactions_by_type_total": "likes",
}
OF_MOVING: Mapping[str, str] = {**OF_POST, "post_video_views": "video_views"}
OF_VIDEO: Mapping[str, Mapping[str, str]] = {
    "video": {"total_video_view_total_time": "video_watch_time", "total_video_retention_graph": "retention_sum"},
    "reel": {"post_video_view_time": "video_watch_time", "post_video_retention_graph": "retention_sum"},
}
OF_STORY: Mapping[str, str] = {
    "story_media_view": "views",
    "story_total_media_view_unique": "reach",
    "story_interaction": "interactions",
    "pages_fb_story_thread_lightweight_reactions": "likes",
    "pages_fb_story_replies": "replies",
    "pages_fb_story_shares": "shares",
}
LINKS = "link clicks"
KINDS = {"photo": "image", "album": "carousel"}
POST_METRICS = (*OF_MOVING.values(), "comments", "shares", "video_watch_time", "retention_sum")
STORY_METRICS = tuple(OF_STORY.values())


class _Asking:
    """What one reading of a page's posts shares: refused metrics cost once, and lengths of videos are read once."""

    def __init__(self, reader: Reader, page: str, since: datetime) -> None:
        self.reader, self.page, self.since = reader, page, since
        self.of_posts, self.of_videos = Insights(reader), Insights(reader, "video_insights")
        self.videos: dict[str, tuple[str, float | None]] | None = None

    def video(self, video: str) -> tuple[str, float | None]:
        """Whether a video is a reel, and its length in seconds."""
        if self.videos is None:
            self.videos = dict(self._lengths("videos", "video")) | dict(self._lengths("video_reels", "reel"))
        return self.videos.get(video, ("video", None))

    def _lengths(self, edge: str, kind: str) -> Iterator[tuple[str, tuple[str, float | None]]]:
        for item in pages(self.reader, f"/{self.page}/{edge}", {"fields": VIDEO_FIELDS}):
            if moment(item["created_time"]) < self.since:
                return  # newest first: the rest is older than what we read
            yield str(item["id"]), (kind, number(item.get("length")))


def read_posts(source: Source, window: Window) -> Iterator[Record]:
    """The posts published in the window, with their counters as they are now."""
    first, last = window.first, min(window.last, local_day(window.now, ZONE))
    if first > last:
        return
    page, start, end = source.account.external_id, day_start(first, ZONE), day_end(last, ZONE)
    asking = _Asking(meta_graph.page_reader(source.client, page), page, start - timedelta(days=1))
    missing: set[str] = set()
    for item in listed(asking.reader, page, bounds(first, last), missing):
        if start <= moment(item["created_time"]) < end:
            yield from _records(asking, item)
    for metric in sorted(missing):
        reason = mark("Facebook shows it only with the permission to read what others write on the page.")
        yield Coverage(metric, first, last, State.NOT_PERMITTED, reason)


def listed(reader: Reader, page: str, span: Mapping[str, str], missing: set[str]) -> Iterator[Row]:
    """Posts with public counters; without those where they are not permitted, which `missing` then names."""
    ask: Callable[[str], Iterator[Row]] = partial(_ask, reader, f"/{page}/published_posts", span)
    rows = ask(f"{FIELDS},{PUBLIC}")
    try:
        first = next(rows, None)
    except PermissionMissing:
        yield from ask(FIELDS)
        missing.add("comments")
        return
    if first is not None:
        yield first
        yield from rows


def _ask(reader: Reader, path: str, span: Mapping[str, str], fields: str) -> Iterator[Row]:
    return pages(reader, path, {"fields": fields, **span})


def read_young(source: Source, window: Window) -> Iterator[Record]:
    """The posts of the last days: their counters still move fast."""
    today = local_day(window.now, ZONE)
    yield from read_posts(source, replace(window, first=today - timedelta(days=2), last=today))


def _records(asking: _Asking, item: Row) -> Iterator[Record]:
    found = inside(item, "attachments.data") or ()
    attachment: Row = found[0] if found else {}
    kind, length, video = _kind(asking, item, attachment)
    post = _post(item, attachment, kind, length)
    counters = dict(_insights(asking.of_posts, post.external_id, OF_MOVING if video else OF_POST))
    if video:
        counters |= _of_video(asking.of_videos, video, OF_VIDEO[kind], counters.get("views"))
    counters |= _public(item)
    yield post
    yield from (Reading(post.external_id, metric, value) for metric, value in counters.items())


def _kind(asking: _Asking, item: Row, attachment: Row) -> tuple[str, float | None, str]:
    """Kind, length in seconds and video of a post."""
    kind, video = str(attachment.get("media_type") or "post").lower(), inside(attachment, "target.id")
    if kind != "video" or not video:
        return KINDS.get(kind, kind), None, ""
    found, length = asking.video(str(video))
    return ("reel" if "/reel/" in str(item.get("permalink_url")) else found), length, str(video)


def _post(item: Row, attachment: Row, kind: str, length: float | None) -> Post:
    text = str(item.get("message") or attachment.get("title") or "")
    return Post(
        external_id=str(item["id"]),
        kind=kind,
        published_at=moment(item["created_time"]),
        text=text,
        permalink=str(item.get("permalink_url") or f"https://www.facebook.com/{item['id']}"),
        thumbnail_url=str(item.get("full_picture") or ""),
        duration_s=length,
        tags=tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", text))),
    )


def _public(item: Row) -> Iterator[tuple[str, float]]:
    """Counters of the list of posts. Facebook leaves `shares` out of a post that nobody shared."""
    for metric, place in (("likes", "reactions"), ("comments", "comments")):
        if (value := number(inside(item, f"{place}.summary.total_count"))) is not None:
            yield metric, value
    yield "shares", number(inside(item, "shares.count")) or 0.0


def _insights(insights: Insights, node: str, names: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    with suppress(NotOffered):  # a node without insights has its public counters only
        for name, row in insights.rows(node, names, period="lifetime"):
            if (value := _value(name, last_value(row))) is not None:
                yield names[name], value


def _value(name: str, value: Any) -> float | None:
    """A number; of a split the part on links, or the sum. Facebook leaves parts out that are 0."""
    if not isinstance(value, Mapping):
        return number(value)
    return number(value.get(LINKS, 0)) if name == "post_clicks_by_type" else summed(value)


def summed(parts: Mapping[str, Any]) -> float:
    """The sum of the parts of a value."""
    return sum(number(part) or 0.0 for part in parts.values())


def last_value(row: Row) -> Any:
    """The newest value of a row; None when there is none yet, which Meta writes as a 0 that ended in 1970."""
    points = row.get("values") or ()
    if not points or str(points[-1].get("end_time", "")).startswith("1970-"):
        return None
    return points[-1].get("value")


def _of_video(
    insights: Insights, video: str, names: Mapping[str, str], views: float | None
) -> Iterator[tuple[str, float]]:
    with suppress(NotOffered):
        for name, row in insights.rows(video, names, period="lifetime"):
            value = last_value(row)
            if names[name] == "video_watch_time":
                if (watched := number(value)) is not None:
                    yield "video_watch_time", watched / 1000
            elif isinstance(value, Mapping) and value and views is not None:
                yield "retention_sum", summed(value) / len(value) * views


def read_stories(source: Source, window: Window) -> Iterator[Record]:
    """The stories of the last days: live ones, and where the page keeps an archive those before."""
    page = source.account.external_id
    insights = Insights(meta_graph.page_reader(source.client, page))
    since = {"since": f"{(window.now - STORIES_BACK).timestamp():.0f}"}
    for item in pages(insights.client, f"/{page}/stories", {"fields": STORY_FIELDS, **since}):
        post = Post(
            external_id=str(item["post_id"]),
            kind="story",
            published_at=_seconds(item.get("creation_time")),
            permalink=str(item.get("url") or f"https://www.facebook.com/{item['post_id']}"),
        )
        yield post
        for metric, value in _insights(insights, post.external_id, OF_STORY):
            yield Reading(post.external_id, metric, value)


def _seconds(text: object) -> datetime:
    """A moment that is given in seconds for stories, and once was given as text."""
    return datetime.fromtimestamp(int(str(text)), UTC) if str(text).isdigit() else moment(text)
