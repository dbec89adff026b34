"""A small drawn picture that stands for a post: its platform's colour and a sign of its kind.

Platforms' own pictures are not shown: a browser would have to ask the platform for them.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from charts import theme

_SIGNS = {
    "image": "M9 12h18v12H9zm2 10h14l-5-7-4 5-2-2z",
    "video": "M13 10l13 8-13 8z",
    "carousel": "M8 13h13v13H8zm4-4h15v14h-4V12H12z",
    "text": "M9 12h18v2.4H9zm0 5h18v2.4H9zm0 5h11v2.4H9z",
    "link": "M14 14h-2a4 4 0 000 8h4v-2.4h-4a1.6 1.6 0 010-3.2h4V14zm6 0v2.4h4a1.6 1.6 0 010 3.2h-4V22h4a4 4 0 000-8zm-5 2.8h6v2.4h-6z",  # noqa: E501
    "poll": "M10 10h4v16h-4zm6 6h4v10h-4zm6-4h4v14h-4z",
    "story": "M18 9a9 9 0 100 18 9 9 0 000-18zm0 2.6a6.4 6.4 0 110 12.8 6.4 6.4 0 010-12.8z",
    "reply": "M15 12l-7 6 7 6v-4c5 0 9 1 12 5-1-6-5-9-12-9z",
}
_KINDS = {
    "reel": "video", "short": "video", "live": "video", "gif": "video", "photo": "image", "document": "carousel",
    "album": "carousel", "article": "text", "tweet": "text", "post": "text", "thread": "text", "event": "text",
    "repost": "reply", "quote": "reply",
}  # fmt: skip
_ICONS = {
    "image": "image", "video": "play_circle", "carousel": "view_carousel", "text": "article", "link": "link",
    "poll": "bar_chart", "story": "motion_photos_on", "reply": "reply",
}  # fmt: skip


@lru_cache(maxsize=512)
def mark(platform: str, kind: str) -> str:
    """The picture as an address that needs no request.

    >>> mark("x", "tweet").startswith("data:image/svg+xml,")
    True
    """
    colour = theme.platform_colour(platform)
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="36" height="36" viewBox="0 0 36 36">'
        f'<rect width="36" height="36" rx="7" fill="{colour}"/><path d="{_SIGNS[_sign(kind)]}" fill="{theme.PAPER}"/>'
        "</svg>"
    )
    return f"data:image/svg+xml,{quote(drawn)}"


def icon(kind: str) -> str:
    """The same sign as the name of a Material symbol.

    >>> icon("reel"), icon("something new")
    ('play_circle', 'article')
    """
    return _ICONS[_sign(kind)]


def _sign(kind: str) -> str:
    return kind if kind in _SIGNS else _KINDS.get(kind, "text")
