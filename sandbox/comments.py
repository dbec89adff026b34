"""Who writes what under a post, and when: as many as the post counts comments, an answer among four.

A comment stands there at last when its day is over; until then a post may count some more than it shows, as on the
platforms. Nothing here knows a wire format.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from sandbox import opinions, rhythm
from sandbox.view import View
from sandbox.world import Account, Ints, Post

NOT_A_PLUGIN = True

ALONE = -1
MOST = 10_000
"""More than anybody writes under one post; `Remark.number` counts on it."""
_SOUR_DAYS = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment. `order` counts from 0 under its post, oldest first; `parent` is the order of what it answers."""

    post: Post
    order: int
    parent: int
    written_at: datetime
    text: str
    author: str
    by_owner: bool
    likes: int
    is_hidden: bool

    @property
    def number(self) -> int:
        """Unique in the account, and the same for ever."""
        return self.post.number * MOST + self.order

    @property
    def turn(self) -> int:
        """A number without a meaning, of which a platform's file makes ids."""
        return _turn(self.post, self.order)


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment that answers nothing, and how many answers it has; its words are made when they are asked for."""

    view: View
    post: Post
    order: int
    stamp: float
    below: tuple[tuple[int, float], ...]

    @property
    def top(self) -> Remark:
        """The comment."""
        return _remark(self.view, self.post, self.order, ALONE, self.stamp)

    @property
    def is_hidden(self) -> bool:
        """Whether the owner of the account hid the comment."""
        return _hides(_turn(self.post, self.order))

    @property
    def answers(self) -> list[Remark]:
        """Its answers, oldest first."""
        return [_remark(self.view, self.post, order, self.order, stamp) for order, stamp in self.below]


def under(view: View, posts: Sequence[Post]) -> list[Thread]:
    """What stands under some posts now, newest first."""
    if not posts:
        return []
    counted = view.account.counters_at("comments", np.array([post.index for post in posts], dtype=np.int64), [view.now])
    written, found = _written(view.account), list[Thread]()
    for post, most in zip(posts, counted[:, 0].tolist(), strict=True):
        stamps = written.of(post.index)
        seen = stamps[: min(most, int(np.searchsorted(stamps, view.now.timestamp(), side="right")))].tolist()
        below = defaultdict[int, list[tuple[int, float]]](list)
        for order, stamp in enumerate(seen):
            below[_parent(post, order)].append((order, stamp))
        found += [Thread(view, post, order, stamp, tuple(below[order])) for order, stamp in below[ALONE]]
    return sorted(found, key=lambda thread: (thread.stamp, thread.post.number), reverse=True)


def find(view: View, posts: Sequence[Post], number: int) -> Thread | None:
    """The thread whose comment has a number."""
    post = next((post for post in posts if post.number == number // MOST), None)
    return next((thread for thread in under(view, [post] if post else []) if thread.order == number % MOST), None)


def _remark(view: View, post: Post, order: int, parent: int, stamp: float) -> Remark:
    turn, is_answer = _turn(post, order), parent != ALONE
    by_owner = is_answer and turn % 5 < 2
    day = view.account.day_index(view.account.today(at := datetime.fromtimestamp(stamp, UTC)))
    if is_answer:
        words = opinions.ANSWERS if by_owner else opinions.ECHOES
        text = opinions.pick(words, turn, opinions.language(_turn(post, parent)))
    else:
        text = opinions.say(turn, day in _sour(view.account))
    return Remark(
        post=post,
        order=order,
        parent=parent,
        written_at=at,
        text=text,
        author=view.spec.handle if by_owner else opinions.name(turn),
        by_owner=by_owner,
        likes=turn // 31 % 8 if turn % 3 else 0,
        is_hidden=not is_answer and _hides(turn),
    )


def _turn(post: Post, order: int) -> int:
    return crc32(f"{post.id}/{order}".encode())


def _hides(turn: int) -> bool:
    return turn % 23 == 11


def _parent(post: Post, order: int) -> int:
    """The comment that one answers: the first one, which draws the most answers, or the newest before it."""
    turn = _turn(post, order)
    if order == 0 or turn % 4:
        return ALONE
    before = order - 1 if turn % 3 else 0
    while before and not _turn(post, before) % 4:
        before -= 1
    return before


@dataclass(frozen=True, slots=True)
class _Written:
    """When each comment is written, in epoch seconds, post after post; `ends` is where each post's part ends."""

    stamps: NDArray[np.float64]
    ends: Ints

    def of(self, index: int) -> NDArray[np.float64]:
        """Those under one post, in order."""
        return self.stamps[self.ends[index - 1] if index else 0 : self.ends[index]]


@lru_cache(maxsize=32)
def _written(account: Account) -> _Written:
    """All comments of an account until the end of its world, spread over the days on which they are counted."""
    days, posts = account.days, account.posts(datetime(account.last_year + 1, 1, 2, tzinfo=UTC))
    daily = account.post_daily("comments", days)[: len(posts)] if posts else np.zeros((0, len(days)), dtype=np.int64)
    bounds = np.array([rhythm.midnight(day, account.spec.day_zone) for day in (*days, days[-1] + timedelta(days=1))])
    published = np.array([post.published_at.timestamp() for post in posts])
    rows, columns = np.nonzero(daily)
    counts = daily[rows, columns]
    row, column, many = (np.repeat(values, counts) for values in (rows, columns, counts))
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    start, end = np.maximum(bounds[column], published[row]), bounds[column + 1]
    luck = (row * 7919 + column * 104_729 + place * 613) % 997 / 997
    stamps = np.floor(start + (end - start) * (place + luck) / many)
    return _Written(stamps, np.cumsum(daily.sum(axis=1)))


@lru_cache(maxsize=32)
def _sour(account: Account) -> frozenset[int]:
    """Days around those on which many people leave."""
    left = [account.day_index(plant.day) for plant in account.planted if plant.what == "people leaving"]
    return frozenset(day + offset for day in left for offset in range(-_SOUR_DAYS, _SOUR_DAYS + 1))
