"""commentThreads.list and comments.list: what viewers write under the videos of a channel, and the answers to it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from html import escape
from typing import Any
from zlib import crc32

from sandbox import comments as talk
from sandbox.comments import Remark, Thread
from sandbox.google_api import refused
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Refused, Reply
from sandbox.world import Post
from sandbox.youtube_data import closes_comments, is_private, listed, offset_of, parts_of, resource, size_of, stamp

NOT_A_PLUGIN = True

SHOWN_ANSWERS = 5
"""A thread comes with no more answers than these."""
FILTERS = ("allThreadsRelatedToChannelId", "videoId")
STATES = ("published", "heldForReview", "likelySpam", "rejected")
_BEFORE, _AFTER = "Ug", "4AaABAg"


def threads(call: Call) -> Reply:
    """GET /youtube/v3/commentThreads of a channel's videos or of one: newest first, or as YouTube finds relevant."""
    parts, size, offset = parts_of(call, "commentThreads"), size_of(call, 20, 1, 100), offset_of(call)
    view, posts = _chosen(call)
    state = _one_of(call, "moderationStatus", STATES)
    found = [one for one in talk.under(view, posts) if _state(one) == state]
    if _one_of(call, "order", ("time", "relevance")) == "relevance":
        found.sort(key=lambda one: -one.top.likes)
    page, following = call.page(found, size, offset)
    items = [_thread(call, view, one, parts) for one in page]
    return listed(call, "commentThreadListResponse", items, size, len(items), following)


def comments(call: Call) -> Reply:
    """GET /youtube/v3/comments?parentId=: all answers to a comment, oldest first."""
    parts, size, offset = parts_of(call, "comments"), size_of(call, 20, 1, 100), offset_of(call)
    if not call.arg("parentId"):
        raise _no_filter("id, parentId")
    number = _number(call.arg("parentId"))
    for view in [call.view(spec) for spec in call.accounts]:
        if (thread := talk.find(view, _open(view.posts()), number)) is not None:
            page, following = call.page(thread.answers, size, offset)
            items = [_comment(call, view, answer, parts) for answer in page]
            return listed(call, "commentListResponse", items, size, len(items), following)
    raise _missing("commentNotFound", "parentId", "comment")


def _chosen(call: Call) -> tuple[View, list[Post]]:
    """The videos whose comments are asked for."""
    given = [name for name in FILTERS if call.arg(name)]
    if not given:
        raise _no_filter("allThreadsRelatedToChannelId, channelId, id, videoId")
    if len(given) > 1:
        said = f"Incompatible parameters specified in the request: {', '.join(given)}"
        raise refused(400, said, "incompatibleParameters", place={"location": "parameters.", "locationType": "other"})
    for view in [call.view(spec) for spec in call.accounts]:
        if call.arg(FILTERS[0]) == view.spec.external_id:
            return view, _open(view.posts())
        if (post := view.post(call.arg(FILTERS[1]))) and not is_private(post):
            if closes_comments(post):
                raise _closed()
            return view, [post]
    if call.arg(FILTERS[0]):
        raise _missing("channelNotFound", FILTERS[0], "channel")
    raise _missing("videoNotFound", FILTERS[1], "video")


def _open(posts: Sequence[Post]) -> list[Post]:
    return [post for post in posts if not is_private(post) and not closes_comments(post)]


def _state(thread: Thread) -> str:
    return "heldForReview" if thread.is_hidden else "published"


def _one_of(call: Call, name: str, known: Sequence[str]) -> str:
    value = call.arg(name, known[0])
    if value not in known:
        place = {"location": name, "locationType": "parameter"}
        raise refused(400, f"Invalid value at '{name}' ({value})", "invalidParameter", place=place)
    return value


def _no_filter(names: str) -> Refused:
    place = {"location": "parameters.", "locationType": "other"}
    return refused(400, f"No filter selected. Expected one of: {names}", "missingRequiredParameter", place=place)


def _missing(reason: str, name: str, what: str) -> Refused:
    said = f"The {what} identified by the <code>{name}</code> parameter could not be found."
    place = {"location": name, "locationType": "parameter"}
    return refused(404, said, reason, domain="youtube.commentThread", place=place, status="")


def _closed() -> Refused:
    said = (
        'The video identified by the <code><a href="/youtube/v3/docs/commentThreads/list#videoId">videoId</a></code> '
        "parameter has disabled comments."
    )
    place = {"location": "videoId", "locationType": "parameter"}
    return refused(403, said, "commentsDisabled", domain="youtube.commentThread", place=place, status="")


def _thread(call: Call, view: View, thread: Thread, parts: set[str]) -> dict[str, Any]:
    top, answers = thread.top, thread.answers
    every: dict[str, Any] = {
        "snippet": {
            "channelId": view.spec.external_id,
            "videoId": thread.post.id,
            "topLevelComment": _comment(call, view, top, {"snippet"}),
            "canReply": True,
            "totalReplyCount": len(answers),
            "isPublic": not top.is_hidden,
        }
    }
    if answers:
        shown = answers[-SHOWN_ANSWERS:]
        every["replies"] = {"comments": [_comment(call, view, answer, {"snippet"}) for answer in shown]}
    return resource("commentThread", _id(top), every, parts)


def _comment(call: Call, view: View, remark: Remark, parts: set[str]) -> dict[str, Any]:
    handle = f"@{remark.author.replace('.', '-')}" if not remark.by_owner else f"@{view.spec.handle}"
    channel = view.spec.external_id if remark.by_owner else f"UC{_letters(crc32(handle.encode()))}"
    plain = call.arg("textFormat", "html") == "plainText"
    snippet = {
        "channelId": view.spec.external_id,
        "videoId": remark.post.id,
        "textDisplay": remark.text if plain else escape(remark.text).replace("\n", "<br>"),
        "textOriginal": remark.text,
        "authorDisplayName": handle,
        "authorProfileImageUrl": f"https://yt3.ggpht.com/ytc/{channel}=s48-c-k-c0x00ffffff-no-rj",
        "authorChannelUrl": f"http://www.youtube.com/{handle}",
        "authorChannelId": {"value": channel},
        "canRate": True,
        "viewerRating": "none",
        "likeCount": remark.likes,
        "publishedAt": stamp(remark.written_at),
        "updatedAt": stamp(remark.written_at),
    }
    if remark.parent != talk.ALONE:
        snippet["parentId"] = _id_of(remark.post.number * talk.MOST + remark.parent)
    return resource("comment", _id(remark), {"snippet": snippet}, parts)


def _id(remark: Remark) -> str:
    """An answer's id begins with that of the comment it answers."""
    if remark.parent == talk.ALONE:
        return _id_of(remark.number)
    return f"{_id_of(remark.post.number * talk.MOST + remark.parent)}.{_letters(remark.number)}"


def _id_of(number: int) -> str:
    return f"{_BEFORE}{_letters(number)[:16]}{_AFTER}"


def _letters(number: int) -> str:
    """16 bytes of a number in YouTube's alphabet: 22 letters, the first 16 of which hold it."""
    return base64.urlsafe_b64encode(number.to_bytes(12, "big") + b"LABEL").decode()[:22]


def _number(comment_id: str) -> int:
    """The number in an id; 0 for what is none."""
    try:
        return int.from_bytes(base64.urlsafe_b64decode(comment_id.removeprefix(_BEFORE)[:16]), "big")
    except (ValueError, binascii.Error):
        return 0
