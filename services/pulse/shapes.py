"""What the pulse answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd

from analytics.pulse import Usual
from core.question import Explanation, Number


@dataclass(frozen=True, eq=False)
class UsualDay:
    """What was known of earlier days at this time of day: metric -> one row per day, one column per account."""

    day: date
    earlier: Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class PulseCard:
    """A number of right now; `previous` is the usual one. `values`: earlier days at this time, or hours. `beside` is a
    second number that belongs to it."""

    title: str
    number: Number
    values: tuple[float, ...]
    explanation: Explanation
    beside: Number | None = None

    @property
    def compared_only(self) -> Number:
        """The number without the reason why it is not compared."""
        return replace(self.number, why_no_change="")


@dataclass(frozen=True, slots=True)
class Speed:
    """A post against the account's usual post when it was `age_h` hours old, by one counter. `ratio` 1 is as usual."""

    metric: str
    ratio: float
    age_h: float
    base: Usual
    same_kind: bool
    viral: bool


@dataclass(frozen=True, slots=True)
class PulsePost:
    """A new post with its counters as last read (None unknown). Without a `speed`, `why` says what is missing."""

    id: int
    platform: str
    account: str
    kind: str
    text: str
    permalink: str
    published_at: datetime
    age_h: float
    read_at: datetime | None
    exposure: float | None
    exposure_name: str
    engagement: float | None
    speed: Speed | None
    why: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """When an account was last read and is read next; `state` and `reason` are those of its connection."""

    account_id: int
    platform: str
    account: str
    read_at: datetime | None
    next_at: datetime | None
    state: str
    reason: str


@dataclass(frozen=True, eq=False)
class Pulse:
    """Right now, as known at `now`. `hours` has one row per hour and platform: start (aware, local), platform, value,
    loose (the part laid over more than three hours), known and accounts (how many of them were read through the hour);
    value is NaN where none was. `fresh` stands in the order of platforms."""

    now: datetime
    day: date
    time_zone: str
    cards: tuple[PulseCard, ...]
    hours: pd.DataFrame
    posts: tuple[PulsePost, ...]
    fresh: tuple[Fresh, ...]

    @property
    def viral(self) -> tuple[PulsePost, ...]:
        """The posts that have left the usual range, fastest first."""
        marked = [post for post in self.posts if post.speed is not None and post.speed.viral]
        return tuple(sorted(marked, key=lambda post: -post.speed.ratio if post.speed else 0.0))
