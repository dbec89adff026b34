"""Which stored post is which: a file and a sync may name the same post differently, and it is one post all the same.

A post is told by the platform's id, wherever it stands: as its id, as the part of a longer one, or in its address.
LinkedIn shows an address with another id than its interface; both hold the moment of publishing. A post of which a file
gives neither id nor address is told by its text and day, if only one fits.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from core import records
from core.clock import epoch_ms
from storage import imports, sql, versions
from storage.tables import ImportBatch, Post

MADE_UP = "file-"
"""How the id of a post begins that is none of the platform's, but was made from its address, text or row."""

_CHUNK = 500
_TEXT_READ = 200
_TEXT_COMPARED, _TEXT_NEEDED = 60, 12
_SAME_DAY_MS = 36 * 3_600_000
_SAME_MOMENT_MS = 60_000
_URN = re.compile(r"urn:li:(activity|share|ugcPost):(\d{10,})")
_IDS_IN_LINKS = (
    re.compile(r"(?:youtube\.com/(?:watch\?(?:.*&)?v=|shorts/|live/|embed/)|youtu\.be/)(?P<id>[\w-]{11})"),
    re.compile(r"(?:^|//|\.)(?:x|twitter)\.com/\w+/status(?:es)?/(?P<id>\d+)"),
    re.compile(r"tiktok\.com/@[^/]+/(?:video|photo)/(?P<id>\d+)"),
    re.compile(r"facebook\.com/.*?(?:posts|videos|reel|photos/[^/]+)/(?:[^/?]+/)?(?P<id>\d{6,}|pfbid\w+)/?(?:[?#]|$)"),
    re.compile(r"facebook\.com/.*[?&](?:story_fbid|fbid|v)=(?P<id>\d{6,}|pfbid\w+)"),
    re.compile(r"(?P<id>urn:li:(?:activity|share|ugcPost):\d+)"),
)
_SHORTCODE = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/(?P<code>[\w-]+)")
_batch, _post = sql.table(ImportBatch), sql.table(Post)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What tells a post. `published_at` in ms; of the text only the beginning counts."""

    external_id: str
    permalink: str
    text: str
    published_at: int

    @property
    def is_nameless(self) -> bool:
        """Whether neither id nor address is known."""
        return self.external_id.startswith(MADE_UP) and not self.permalink


def sketch(post: records.Post) -> Sketch:
    """What tells a post that a connector or a file brings."""
    return Sketch(post.external_id, post.permalink, post.text, epoch_ms(post.published_at))


def id_in(link: str) -> str:
    """The platform's id of the post that an address names; empty where it names none.

    >>> id_in("https://x.com/northwind/status/190?s=20"), id_in("https://youtu.be/dQw4w9WgXcQ?t=3")
    ('190', 'dQw4w9WgXcQ')
    >>> id_in("https://www.linkedin.com/feed/update/urn:li:activity:7266000000000000000/")
    'urn:li:activity:7266000000000000000'
    """
    found = (pattern.search(link.replace("%3A", ":").replace("%3a", ":")) for pattern in _IDS_IN_LINKS)
    return next((match["id"] for match in found if match), "")


def address(link: str) -> str:
    """What of a link tells the post: without scheme, www, trailing slash and tracking.

    >>> address("https://www.instagram.com/p/abc/?igsh=1"), address("https://youtube.com/watch?v=xyz&t=3")
    ('instagram.com/p/abc', 'youtube.com/watch?v=xyz')
    """
    path, _, query = re.sub(r"^https?://(www\.|m\.)?", "", link).partition("?")
    told = re.search(r"(?:^|&)((?:v|story_fbid|fbid)=[\w-]+)", query)
    return path.rstrip("/") + (f"?{told.group(1)}" if told else "")


def names(external_id: str, permalink: str) -> frozenset[str]:
    """Everything a post of one account is known by; two posts that share one of them are the same.

    >>> sorted(names("100_200", "https://www.facebook.com/northwind/posts/200"))
    ['100_200', '200', 'facebook.com/northwind/posts/200']
    """
    found = {address(permalink), id_in(permalink)}
    if code := _SHORTCODE.search(permalink):
        found.add(f"instagram {code['code']}")
    if not external_id.startswith(MADE_UP):
        found |= {external_id, external_id.rpartition("_")[2] if re.fullmatch(r"\d+_\d+", external_id) else external_id}
    return frozenset(found - {""})


def find(wanted: Sequence[Sketch], stored: Mapping[int, Sketch]) -> dict[str, int]:
    """External id of a wanted post -> id of the stored one that is the same. No stored post is found twice."""
    known = {name: at for at, one in stored.items() for name in names(one.external_id, one.permalink)}
    found: dict[str, int] = {}
    taken: set[int] = set()
    for one in wanted:
        at = next((known[name] for name in names(one.external_id, one.permalink) if name in known), None)
        if at is not None and at not in taken:
            found[one.external_id] = at
            taken.add(at)
    others = [one for one in wanted if one.external_id not in found]
    return found | dict(_alike(others, {at: one for at, one in stored.items() if at not in taken}))


def _alike(wanted: Sequence[Sketch], stored: Mapping[int, Sketch]) -> Iterator[tuple[str, int]]:
    """Those that are the same by their moment and text, where only one fits from both sides."""
    by_start: dict[str, list[int]] = defaultdict(list)
    for at, one in stored.items():
        by_start[_start(one.text)[:_TEXT_NEEDED]].append(at)
    pairs = [
        (one.external_id, at)
        for one in wanted
        for at in by_start[_start(one.text)[:_TEXT_NEEDED]]
        if _is_twin(one, stored[at]) or _is_retold(one, stored[at])
    ]
    of_wanted, of_stored = Counter(name for name, _ in pairs), Counter(at for _, at in pairs)
    yield from ((name, at) for name, at in pairs if of_wanted[name] == of_stored[at] == 1)


def _is_twin(one: Sketch, other: Sketch) -> bool:
    """Whether two ids of LinkedIn stand for one post: what it shows (activity) and what its interface says (share).

    The upper bits of both hold the moment in ms, and they are made together.
    """
    first, second = _URN.search(one.external_id), _URN.search(other.external_id)
    if first is None or second is None or first[1] == second[1]:
        return False
    apart = abs((int(first[2]) >> 22) - (int(second[2]) >> 22))
    return apart <= _SAME_MOMENT_MS and _same_text(one.text, other.text)


def _is_retold(one: Sketch, other: Sketch) -> bool:
    if not (one.is_nameless or other.is_nameless):
        return False
    is_long = min(len(_start(one.text)), len(_start(other.text))) >= _TEXT_NEEDED
    near = abs(one.published_at - other.published_at) <= _SAME_DAY_MS
    return is_long and near and _same_text(one.text, other.text)


def _start(text: str) -> str:
    return re.sub(r"[\W_]+", "", text[:_TEXT_READ]).casefold()[:_TEXT_COMPARED]


def _same_text(one: str, other: str) -> bool:
    """Whether one text begins as the other; files may cut it."""
    short, long = sorted((_start(one), _start(other)), key=len)
    return long.startswith(short)


def of_account(connection: Connection, workspace_id: int, account_id: int) -> dict[int, Sketch]:
    """Id -> what tells it, of all posts of an account."""
    return _read(connection, workspace_id, _post.c.account_id == account_id)


def join_imported(connection: Connection, workspace_id: int, account_id: int, found: Sequence[records.Post]) -> None:
    """Make posts that a file brought the ones that come now: they take their ids, and no undo deletes them any more.

    Every post that no file has made is left alone.
    """
    here = (_batch.c.workspace_id == workspace_id, _batch.c.account_id == account_id)
    undo = {int(row.id): dict(row.undo) for row in connection.execute(select(_batch.c.id, _batch.c.undo).where(*here))}
    made = sorted({int(at) for one in undo.values() for at in one.get("made_posts", [])})
    if not made:
        return
    held = imports.existing_posts(connection, workspace_id, account_id, [post.external_id for post in found])
    fresh = [sketch(post) for post in found if post.external_id not in held]
    joined = find(fresh, _made(connection, workspace_id, account_id, made)) if fresh else {}
    for external_id, at in joined.items():
        one = (_post.c.workspace_id == workspace_id, _post.c.id == at)
        connection.execute(_post.update().where(*one).values(external_id=external_id))
    if joined:
        versions.bump(connection, workspace_id)
    _keep(connection, workspace_id, undo, {*held.values(), *joined.values()})


def _keep(connection: Connection, workspace_id: int, undo: Mapping[int, dict[str, Any]], known: set[int]) -> None:
    """Take posts out of what imports have made."""
    for batch_id, one in undo.items():
        before = one.get("made_posts", [])
        after = [at for at in before if at not in known]
        if after != before:
            which = (_batch.c.workspace_id == workspace_id, _batch.c.id == batch_id)
            connection.execute(_batch.update().where(*which).values(undo=one | {"made_posts": after}))


def _made(connection: Connection, workspace_id: int, account_id: int, made: Sequence[int]) -> dict[int, Sketch]:
    stored: dict[int, Sketch] = {}
    for start in range(0, len(made), _CHUNK):
        chunk = _post.c.id.in_(made[start : start + _CHUNK])
        stored |= _read(connection, workspace_id, chunk, _post.c.account_id == account_id)
    return stored


def _read(connection: Connection, workspace_id: int, *which: Any) -> dict[int, Sketch]:
    text = func.substr(_post.c.text, 1, _TEXT_READ)
    columns = (_post.c.id, _post.c.external_id, _post.c.permalink, text, _post.c.published_at)
    rows = connection.execute(select(*columns).where(_post.c.workspace_id == workspace_id, *which))
    return {int(row[0]): Sketch(*row[1:]) for row in rows}
