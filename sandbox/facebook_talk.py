"""What people say under the posts of a Facebook page, and about it elsewhere, with ids as Facebook makes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from core.clock import day_start
from sandbox import opinions
from sandbox.comments import Remark, under
from sandbox.view import View
from sandbox.world import Post, days_of

NOT_A_PLUGIN = True

MENTIONS = (
    "Northwind Coffee pours at our opening on Friday. Come by!",
    "Tried the espresso of Northwind Coffee. Not convinced yet.",
    "Our cake, their coffee: a good Sunday at Northwind Coffee.",
    "Danke an Northwind Coffee für die Spende zum Sommerfest!",
)
_TAGGED_DAYS = 400


@dataclass(frozen=True, slots=True)
class Said:
    """A comment, an answer to the comment `parent`, or a post of somebody else that names the page."""

    id: str
    text: str
    at: datetime
    author: str
    author_id: str
    likes: int = 0
    parent: str = ""
    is_hidden: bool = False


def comments(view: View, post: Post) -> list[Said]:
    """The comments under a post and the answers to them that are there now, oldest first."""
    found = []
    for thread in under(view, [post]):
        top = _said(view, thread.top)
        found += [top, *(_said(view, answer, top.id) for answer in thread.answers)]
    return sorted(found, key=lambda said: (said.at, said.id))


def _said(view: View, remark: Remark, parent: str = "") -> Said:
    return Said(
        id=f"{remark.post.id.partition('_')[2]}_{100_000 + remark.order}",
        text=remark.text,
        at=remark.written_at,
        author=view.spec.title if remark.by_owner else remark.author,
        author_id=view.spec.external_id if remark.by_owner else _person(remark.turn),
        likes=remark.likes,
        parent=parent,
        is_hidden=remark.is_hidden,
    )


def _person(turn: int) -> str:
    return str(10**14 + turn % 10**9)


def mentions(view: View) -> list[Said]:
    """Posts of others in which the page is tagged, newest first: about every other day one."""
    if view.spec.is_empty:
        return []
    found = []
    for day in days_of(view.today - timedelta(days=_TAGGED_DAYS), view.today):
        turn = crc32(f"{view.spec.key}/mention/{day}".encode())
        at = day_start(day, view.spec.day_zone) + timedelta(hours=turn % 23, minutes=turn % 59)
        if turn % 2 and at <= view.now:
            own = f"{_person(turn)}_{10**15 + turn}"
            found.append(Said(own, MENTIONS[turn // 2 % len(MENTIONS)], at, opinions.name(turn), _person(turn)))
    found.reverse()
    return found[:3] if "one_page" in view.faults else found
