"""What others write to the account on X, and about it: replies under its posts, mentions elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

from core.clock import day_start
from sandbox.view import View
from sandbox.world import Post, days_of, snowflake

NOT_A_PLUGIN = True

NEWEST = 800
"""X shows no more mentions of an account than these."""
_MOST_REPLIES = 3
_REPLIES = (
    "This is my Sunday ritual now ☕",
    "Grind size for a moka pot?",
    "Parcel came late and one bag was open. Not great.",
    "Ordering again, thanks!",
    "Bitte mehr davon, schmeckt großartig.",
    "I liked last year's harvest more, to be honest.",
    "Do you ship to Norway?",
    "<b>bold</b> roast, I love it",
)
_ELSEWHERE = (
    "Had the filter at {handle} today. Best cup this month.",
    "Queue at {handle} was endless, left without coffee.",
    "Working from {handle} with a good book and bad wifi.",
    "Anybody been to {handle} in Leipzig yet?",
    "Merci {handle} pour le café offert à notre lecture !",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One post of somebody else. `kind` is reply or mention; a reply stands in the `thread` of an own post, under its
    `parent`."""

    id: str
    text: str
    published_at: datetime
    author: str
    kind: str
    thread: str
    parent: str
    likes: int


def mentions(view: View) -> list[Said]:
    """Everything that names the account until now, newest first; only a few under `one_page`."""
    if view.spec.is_empty:
        return []
    found = [one for post in view.posts() if post.kind != "retweet" for one in _replies(view, post)]
    found = sorted([*found, *_elsewhere(view)], key=lambda one: int(one.id), reverse=True)
    return found[:3] if "one_page" in view.faults else found[:NEWEST]


def _replies(view: View, post: Post) -> list[Said]:
    """Up to three, at moments that never change: what is said today was not said yesterday."""
    found: list[Said] = []
    for number in range(crc32(f"{post.id}/replies".encode()) % (_MOST_REPLIES + 1)):
        turn = crc32(f"{post.id}/reply/{number}".encode())
        at = post.published_at + timedelta(minutes=3 + turn % 600 * (number + 1))
        if at <= view.now:
            under = found[0].id if number == 2 and found else post.id
            text = f"@{view.spec.handle} {_REPLIES[turn % len(_REPLIES)]}"
            found.append(Said(snowflake(turn, at), text, at, _author(turn), "reply", post.id, under, turn % 7))
    return found


def _elsewhere(view: View) -> list[Said]:
    found = []
    for day in days_of(view.today - timedelta(days=300), view.today):
        turn = crc32(f"{view.spec.key}/x/{day}".encode())
        at = day_start(day, "UTC") + timedelta(hours=turn % 23, minutes=turn % 59)
        if turn % 2 and at <= view.now:
            text = _ELSEWHERE[turn // 2 % len(_ELSEWHERE)].format(handle=f"@{view.spec.handle}")
            own = snowflake(turn, at)
            found.append(Said(own, text, at, _author(turn), "mention", own, "", turn % 30))
    return found


def _author(turn: int) -> str:
    return str(10**9 + turn % 10**8)


def written(view: View, said: Said, *, new_names: bool) -> dict[str, Any]:
    """A mention in wire form, in the names of today or in those of specification 2.167."""
    noun, reposted = ("post", "repost_count") if new_names else ("tweet", "retweet_count")
    start = said.text.find(f"@{view.spec.handle}")
    handle = {"start": start, "end": start + len(view.spec.handle) + 1, "username": view.spec.handle}
    found = {
        "id": said.id,
        "text": said.text,
        f"edit_history_{noun}_ids": [said.id],
        "author_id": said.author,
        "conversation_id": said.thread,
        "created_at": said.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "lang": "de" if "schmeckt" in said.text else "fr" if "Merci" in said.text else "en",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "entities": {"mentions": [{**handle, "id": view.spec.external_id}]},
        "public_metrics": {
            reposted: said.likes // 9,
            "reply_count": said.likes // 5,
            "like_count": said.likes,
            "quote_count": 0,
            "bookmark_count": 0,
            "impression_count": 40 + 31 * said.likes,
        },
    }
    if said.parent:
        found |= {f"referenced_{noun}s": [{"type": "replied_to", "id": said.parent}]}
        to_us = said.parent == said.thread
        found |= {"in_reply_to_user_id": view.spec.external_id if to_us else _author(int(said.parent) >> 22)}
    return found
