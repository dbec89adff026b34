"""What the resources of YouTube's Data API share: parts, pages, moments, and what a video hides."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from sandbox.google_api import refused
from sandbox.server import Call
from sandbox.wire import Reply
from sandbox.world import Post

NOT_A_PLUGIN = True

PARTS = {
    "channels": {"snippet", "statistics", "contentDetails", "status", "id"},
    "playlistItems": {"snippet", "contentDetails", "status", "id"},
    "videos": {"snippet", "statistics", "contentDetails", "status", "id"},
    "commentThreads": {"snippet", "replies", "id"},
    "comments": {"snippet", "id"},
}


def hides_likes(post: Post) -> bool:
    """Whether the video does not show its likes."""
    return post.number % 23 == 4


def closes_comments(post: Post) -> bool:
    """Whether nobody may comment on the video."""
    return post.number % 29 == 7


def is_private(post: Post) -> bool:
    """Whether the video was made private after it had been public."""
    return post.number % 41 == 11


def parts_of(call: Call, resource: str) -> set[str]:
    """The parts asked for. Refuses a call without, and one with a part that the resource does not have."""
    asked = set(call.names("part"))
    place = {"location": "part", "locationType": "parameter"}
    if not asked:
        raise refused(400, "No filter selected. Expected one of: part", "missingRequiredParameter", place=place)
    if unknown := sorted(asked - PARTS[resource]):
        raise refused(400, f"'{unknown[0]}'", "unknownPart", domain="youtube.part", place=place)
    return asked


def listed(call: Call, kind: str, items: Sequence[Any], size: int, total: int, following: int | None) -> Reply:
    """A page of a list; `following` is the offset of the next one."""
    body: dict[str, Any] = {"kind": f"youtube#{kind}", "etag": _etag(call.path + str(call.query))}
    if following is not None:
        body["nextPageToken"] = _token(following)
    page = {"totalResults": total, "resultsPerPage": size}
    return Reply(body | ({"items": list(items)} if items or kind != "channelListResponse" else {}) | {"pageInfo": page})


def _etag(text: str) -> str:
    return base64.urlsafe_b64encode(crc32(text.encode()).to_bytes(4, "big") * 5).decode()[:27]


def _token(offset: int) -> str:
    varint = bytes([offset & 127 | 128, offset >> 7]) if offset > 127 else bytes([offset])
    return base64.urlsafe_b64encode(b"\x08" + varint + b"\x10\x00").decode().rstrip("=")


def offset_of(call: Call) -> int:
    """Where the page asked for begins."""
    token = call.arg("pageToken")
    if not token:
        return 0
    place = {"location": "pageToken", "locationType": "parameter"}
    bad = refused(400, "The request specifies an invalid page token.", "invalidPageToken", place=place)
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        raise bad from None
    if raw[:1] != b"\x08" or raw[-2:] != b"\x10\x00" or len(raw) not in {4, 5}:
        raise bad
    return raw[1] & 127 | (raw[2] << 7 if len(raw) == 5 else 0)


def size_of(call: Call, default: int = 5, least: int = 0, most: int = 50) -> int:
    """How many items a page is to have. Refuses what is out of range."""
    size = call.number("maxResults", default)
    if not least <= size <= most:
        said = f"Invalid value '{size}'. Values must be within the range: [{least}, {most}]"
        raise refused(400, said, "invalidParameter", place={"location": "maxResults", "locationType": "parameter"})
    return size


def stamp(moment: datetime) -> str:
    """A moment as YouTube writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def resource(kind: str, resource_id: str, every: Mapping[str, Any], parts: set[str]) -> dict[str, Any]:
    """A resource with the parts that were asked for."""
    chosen = {name: part for name, part in every.items() if name in parts}
    return {"kind": f"youtube#{kind}", "etag": _etag(resource_id + str(chosen)), "id": resource_id, **chosen}
