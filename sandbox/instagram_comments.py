"""What people write under an Instagram account's media, and the media of others that tag it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from core.clock import day_start
from sandbox import comments as talk
from sandbox import opinions
from sandbox.comments import Remark, Thread
from sandbox.meta_graph import edge, fields, missing, stamp
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Reply
from sandbox.world import Post, days_of, digits

NOT_A_PLUGIN = True

COMMENT_FIELDS = ("from", "hidden", "id", "like_count", "media", "parent_id", "text", "timestamp", "user", "username")
DEFAULT = ("timestamp", "text")
BATCH, SHOWN_ANSWERS = 50, 25
"""A page of comments is never larger; a comment comes with no more answers than these, and the way to the rest."""
TAGS_BACK = timedelta(days=200)
_FIRST = 18_000_000_000_000_000


def closes_comments(post: Post) -> bool:
    """Whether nobody may comment on the post; what was written before is not shown."""
    return post.number % 31 == 5


def under(call: Call, view: View, post: Post) -> Reply:
    """GET /{media}/comments: those that answer nothing, newest first."""
    asked = fields(call, DEFAULT, (*COMMENT_FIELDS, "replies"))
    threads = [] if closes_comments(post) or post.kind == "story" else talk.under(view, [post])
    inner = _inner(call)
    return _batch(call, [_with_answers(call, view, thread, asked, inner) for thread in threads])


def answers(call: Call, views: Sequence[View]) -> Reply:
    """GET /{comment}/replies: the answers to a comment, oldest first."""
    node = call.params["node"]
    number = int(node) - _FIRST if node.isdigit() else -1
    for view in views:
        if (thread := talk.find(view, view.posts(), number)) is not None:
            asked = fields(call, DEFAULT, COMMENT_FIELDS)
            return _batch(call, [_comment(view, answer, asked) for answer in thread.answers])
    raise missing(node)


def tags(call: Call, view: View, known: Sequence[str]) -> Reply:
    """GET /{account}/tags: media of others, newest first. Its pages have cursors, but never name a next one."""
    asked = fields(call, (), known)
    reply = edge(call, [{name: one[name] for name in asked if name in one} for one in _tagged(view)])
    paging = {name: value for name, value in reply.body.get("paging", {}).items() if name == "cursors"}
    return replace(reply, body=reply.body | ({"paging": paging} if paging else {}))


def _batch(call: Call, rows: list[dict[str, Any]]) -> Reply:
    call.query = {**call.query, "limit": [str(min(call.number("limit", BATCH), BATCH))]}
    return edge(call, rows)


def _inner(call: Call) -> list[str]:
    """The fields asked for of answers: `replies{...}` inside `fields`."""
    found = re.search(r"\breplies(?:\.\w+\(\w+\))*\{([^{}]*)\}", call.arg("fields"))
    names = [name.strip() for name in found[1].split(",")] if found else DEFAULT
    return list(dict.fromkeys(("id", *(name for name in names if name in COMMENT_FIELDS))))


def _with_answers(call: Call, view: View, thread: Thread, asked: list[str], inner: list[str]) -> dict[str, Any]:
    row = _comment(view, thread.top, asked)
    if "replies" in asked and thread.below:
        own = replace(call, path=f"/{call.params['version']}/{row['id']}/replies", query={})
        row["replies"] = edge(own, [_comment(view, answer, inner) for answer in thread.answers], SHOWN_ANSWERS).body
    return row


def _comment(view: View, remark: Remark, asked: Sequence[str]) -> dict[str, Any]:
    author = view.spec.external_id if remark.by_owner else digits(crc32(remark.author.encode()), remark.written_at)
    values: dict[str, Any] = {
        "id": str(_FIRST + remark.number),
        "from": {"id": author, "username": remark.author},
        "hidden": remark.is_hidden,
        "like_count": remark.likes,
        "media": {"id": remark.post.id},
        "text": remark.text,
        "timestamp": stamp(remark.written_at),
        "username": remark.author,
    }
    if remark.parent != talk.ALONE:
        values["parent_id"] = str(_FIRST + remark.post.number * talk.MOST + remark.parent)
    if remark.by_owner:
        values["user"] = {"id": author}
    return {name: values[name] for name in asked if name in values}


def _tagged(view: View) -> list[dict[str, Any]]:
    """Somebody tags the account every third day or so; some write nothing."""
    if view.spec.is_empty or view.followers < 100:
        return []
    found = []
    for day in days_of(view.today - TAGS_BACK, view.today):
        turn = crc32(f"{view.spec.key}/tag/{day}".encode())
        at = day_start(day, view.spec.day_zone) + timedelta(seconds=turn % 86_000)
        if turn % 3 == 0 and at <= view.now:
            found.append(_medium(turn, at))
    return found[: -4 if "one_page" in view.faults else None : -1]


def _medium(turn: int, at: datetime) -> dict[str, Any]:
    code, name = f"D{turn:010d}", opinions.name(turn)
    caption = opinions.pick(opinions.TAGGED, turn, opinions.language(turn))
    return {
        "id": digits(turn, at),
        **({} if turn % 11 == 0 else {"caption": caption}),
        "comments_count": turn % 9,
        **({} if turn % 7 == 0 else {"like_count": turn % 140}),
        "media_type": "IMAGE",
        "media_product_type": "FEED",
        "media_url": f"https://scontent.cdninstagram.com/v/{code}.jpg",
        "permalink": f"https://www.instagram.com/p/{code}/",
        "timestamp": stamp(at),
        "username": name,
    }
