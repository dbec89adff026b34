"""Posts of LinkedIn pages with their counters, and how their videos did. Used by `connectors/linkedin.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from connectors import linkedin_api
from connectors.base import Source, Window
from connectors.linkedin_api import (
    KEPT,
    Row,
    elements,
    encoded,
    listed,
    moment,
    number,
    page_urn,
    pages,
    plain,
    posts_of,
    values,
)
from connectors.paging import inside
from core.errors import NotOffered
from core.records import Coverage, Post, Reading, Record, State

NOT_A_PLUGIN = True

HALF_A_YEAR = timedelta(days=180)
REACTIONS = {
    "impressions": ("impressionCount",),
    "likes": ("likeCount",),
    "comments": ("commentCount",),
    "shares": ("shareCount",),
    "post_clicks": ("clickCount",),
    "link_clicks": ("clickCount",),
}
OF_POSTS = {**REACTIONS, "reach": ("uniqueImpressionsCount",)}
VIDEO = {"video_views": ("VIDEO_VIEW", 1.0), "video_viewers": ("VIEWER", 1.0), "watch_time": ("TIME_WATCHED", 0.001)}
"""Our metric -> its type at LinkedIn and what one of it is in our unit; the first two end after six months."""
MEDIA = {"multi_image": "carousel", "carousel": "carousel"}


def read_posts(source: Source, window: Window, younger: timedelta | None = None) -> Iterator[Record]:
    """Posts of every kind, with their counters as they are now; all, or only the `younger` ones."""
    found = [_post(row) for row in posts_of(source, window, younger)]
    yield from found
    counted = [post.external_id for post in found if post.published_at > window.now - timedelta(days=KEPT)]
    for kind, parameter in (("share", "shares"), ("ugcPost", "ugcPosts")):
        chosen = [post for post in counted if post.startswith(f"urn:li:{kind}:")]
        for batch in linkedin_api.batches(chosen):
            yield from _counters(source, kind, f"{parameter}={listed(batch)}")


def _counters(source: Source, kind: str, which: str) -> Iterator[Reading]:
    path = (
        f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={page_urn(source)}&{which}"
    )
    for row in pages(source.client, path, linkedin_api.IDS_PER_READ):
        for metric, value in values(row.get("totalShareStatistics"), OF_POSTS):
            yield Reading(str(row.get(kind)), metric, max(value, 0))  # what was taken back may come first


def _post(row: Row) -> Post:
    post, content = str(row["id"]), row.get("content") or {}
    article = content.get("article") or {}
    written = plain(str(row.get("commentary") or ""))
    link = str(article.get("source") or "")
    return Post(
        external_id=post,
        kind=_kind(row),
        published_at=moment(row.get("publishedAt") or row.get("createdAt")),
        text=f"{written}\n{link}".strip() if link and link not in written else written,
        permalink=f"https://www.linkedin.com/feed/update/{post}/",
        tags=tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", written))),
    )


def _kind(row: Row) -> str:
    """image, video, document, carousel, article, poll, repost or post; one nobody has seen keeps its name."""
    name = next(iter(row.get("content") or {}), "")
    if name == "media":
        name = str(inside(row, "content.media.id") or "").removeprefix("urn:li:").split(":")[0]
    if not name:
        return "repost" if row.get("reshareContext") else "post"
    snake = re.sub(r"[^a-z]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()).strip("_")
    return MEDIA.get(snake, snake) or "post"


def read_videos(source: Source, window: Window) -> Iterator[Record]:
    """Views, viewers and time watched of the videos of the last half year, over their whole life."""
    refused = dict[str, str]()
    for row in posts_of(source, window, HALF_A_YEAR):
        post = str(row["id"])
        yield _post(row)
        if _kind(row) == "video" and post.startswith("urn:li:ugcPost:"):  # shares have no such numbers
            yield from _watched(source, post, refused)
    for metric, reason in refused.items():
        yield Coverage(metric, window.first, window.last, State.NOT_OFFERED, reason)


def _watched(source: Source, post: str, refused: dict[str, str]) -> Iterator[Reading]:
    for metric, (kind, unit) in VIDEO.items():
        if metric in refused:
            continue
        path = f"/videoAnalytics?q=entity&entity={encoded(post)}&type={kind}&aggregation=ALL"
        try:
            rows = elements(source.client.get(path))
        except NotOffered as refusal:
            if kind in refusal.metrics:
                refused[metric] = refusal.message
            continue
        for row in rows[:1]:
            if (value := number(row.get("value"))) is not None:
                yield Reading(post, metric, value * unit)
