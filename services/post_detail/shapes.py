"""What is told of one post."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from analytics.pulse import Usual
from analytics.sentiment import Mood
from core.metric import Unit
from core.question import Explanation
from services.content.comments import CommentView


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `published_local` is on the clock of its account, whose zone is `time_zone`."""

    id: int
    platform: str
    account_id: int
    account: str
    kind: str
    text: str
    permalink: str
    published_at: datetime
    published_local: datetime
    time_zone: str
    tags: tuple[str, ...]
    duration_s: float | None
    age_h: float


@dataclass(frozen=True, slots=True)
class Standing:
    """One number of a post among its peers: posts of the account of its kind and age.

    `rank` 1 is the highest of `peers` posts with this number (it is one of them), `median` theirs; None below five, and
    `why` says so. `field` is what the platform calls it, `read_at` when its last new value was read.
    """

    metric: str
    title: str
    unit: Unit
    value: float
    rank: int | None
    peers: int
    median: float | None
    field: str
    definition: str
    read_at: datetime | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The post before or after it in its account."""

    id: int
    kind: str
    text: str
    published_local: datetime


@dataclass(frozen=True, slots=True)
class Related:
    """Another post of the account that is about the same: `shared` tags and words, and its numbers (None unknown)."""

    id: int
    kind: str
    text: str
    published_local: datetime
    shared: tuple[str, ...]
    exposure: float | None
    over: str
    engagement: float | None
    rate: float | None
    score: float | None


@dataclass(frozen=True, eq=False)
class Detail:
    """Everything of a post but its growth and its comments. `numbers` are the derived ones first; `among` says who the
    peers are; `explanations` has one for each derived number and for what the
    rate is over. `growing` are the counters a curve can be drawn of."""

    post: Post
    numbers: tuple[Standing, ...]
    over: str
    among: str
    explanations: dict[str, Explanation]
    growing: tuple[str, ...]
    related: tuple[Related, ...]
    previous: Neighbour | None
    next: Neighbour | None

    def number(self, metric: str) -> Standing | None:
        """One of its numbers; None where it is not known."""
        return next((one for one in self.numbers if one.metric == metric), None)


@dataclass(frozen=True, eq=False)
class Growth:
    """How a post grew, and how posts of its account usually do.

    `mine`: age_h, value, read_at (aware) and sure (what lies between it and the reading before is known), one row per
    reading. `usual`: age_h, low, median, high, posts; only ages of which enough posts are known. `seen_h` is its age
    when it was last read, `at_seen` the usual at that very age and `ratio` its own value over that; without, `why`.
    """

    metric: str
    title: str
    span_h: float
    mine: pd.DataFrame
    usual: pd.DataFrame
    seen_h: float | None
    value: float | None
    at_seen: Usual | None
    same_kind: bool
    ratio: float | None
    why: str
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class Said:
    """What people write under a post: how it sounds, and the newest of each sound. `own` answers of the account are not
    counted."""

    mood: Mood
    own: int
    examples: dict[str, tuple[CommentView, ...]]
