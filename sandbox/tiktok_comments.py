"""What people write under a TikTok video, and the answers to it: pages by a cursor that counts, hidden ones apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from sandbox import comments as talk
from sandbox.comments import Remark, Thread
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Failed, Failure
from sandbox.world import Post

NOT_A_PLUGIN = True

SHOWN_ANSWERS, MOST = 3, 30


def listed(call: Call, view: View) -> dict[str, Any]:
    """The data of GET /business/comment/list/: comments that answer nothing."""
    state, with_answers = _one_of(call, "status", ("ALL", "PUBLIC")), call.arg("include_replies") == "true"
    found = [one for one in talk.under(view, [_video(call, view)]) if state == "ALL" or not one.is_hidden]
    _sort(call, found)
    page, rest = _page(call, found)
    return {"comments": [_with_answers(view, one, with_answers) for one in page], **rest}


def answers(call: Call, view: View) -> dict[str, Any]:
    """The data of GET /business/comment/reply/list/: the answers to one comment."""
    wanted, threads = call.arg("comment_id"), talk.under(view, [_video(call, view)])
    thread = next((one for one in threads if _id(one.top) == wanted), None)
    if thread is None:
        raise _bad("comment_id: The comment does not exist.")
    found = thread.answers
    found.sort(key=lambda one: one.written_at, reverse=_one_of(call, "sort_order", ("desc", "asc")) == "desc")
    page, rest = _page(call, found)
    return {"comments": [_written(view, answer) for answer in page], **rest}


def _video(call: Call, view: View) -> Post:
    if not call.arg("video_id"):
        raise _bad("Missing required field(s): video_id.")
    if (post := view.post(call.arg("video_id"))) is None:
        raise _bad("video_id: The video does not exist or does not belong to the TikTok account.")
    return post


def _sort(call: Call, threads: list[Thread]) -> None:
    field = _one_of(call, "sort_field", ("create_time", "likes", "replies"))
    if field == "likes":
        threads.sort(key=lambda one: one.top.likes, reverse=True)
    elif field == "replies":
        threads.sort(key=lambda one: len(one.below), reverse=True)
    if _one_of(call, "sort_order", ("desc", "asc")) == "asc":
        threads.reverse()


def _page(call: Call, found: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    size, offset = call.number("max_count", 20), call.number("cursor", 0)
    if not 0 < size <= MOST:
        raise _bad(f"max_count: Value should be between 1 and {MOST}.")
    page, following = call.page(found, size, offset)
    return page, {"cursor": offset + len(page), "has_more": following is not None}


def _with_answers(view: View, thread: Thread, shown: bool) -> dict[str, Any]:
    row = _written(view, thread.top) | {"replies": len(thread.below), "pinned": False}
    if shown and thread.below:
        row["reply_list"] = [_written(view, answer) for answer in thread.answers[::-1][:SHOWN_ANSWERS]]
    return row


def _written(view: View, remark: Remark) -> dict[str, Any]:
    person = f"{crc32(remark.author.encode()):08x}"
    row = {
        "comment_id": _id(remark),
        "video_id": remark.post.id,
        "user_id": person * 8,
        "unique_identifier": person * 4,
        "create_time": str(int(remark.written_at.timestamp())),
        "text": remark.text,
        "likes": remark.likes,
        "owner": remark.by_owner,
        "liked": False,
        "status": "HIDDEN" if remark.is_hidden else "PUBLIC",
        "username": view.spec.handle if remark.by_owner else remark.author,
        "display_name": view.spec.title if remark.by_owner else remark.author.partition(".")[0].title(),
        "profile_image": f"https://p16-sign-va.tiktokcdn.com/{person}~c5_168x168.jpeg?x-expires=1",
    }
    if remark.parent != talk.ALONE:
        row["parent_comment_id"] = _number(remark.post, remark.parent)
    return row


def _id(remark: Remark) -> str:
    return _number(remark.post, remark.order)


def _number(post: Post, order: int) -> str:
    """19 digits that begin with the moment of the video."""
    return str((int(post.published_at.timestamp()) << 32) | (post.number * 7_919 + order * 2_654_435_761) % 2**32)


def _one_of(call: Call, name: str, known: Sequence[str]) -> str:
    value = call.arg(name, known[0])
    if value not in known:
        raise _bad(f"{name}: Invalid value: {value}. It should be one of [{', '.join(known)}].")
    return value


def _bad(message: str) -> Failed:
    return Failed(Failure("bad_request", message))
