"""What connectors and importers yield and the store takes: values in canonical units, nothing else.

Counts are counts, money is in the account's currency, durations are seconds, ratios are never yielded (their parts
are). A day is the account's own calendar day; an instant is aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

GRAINS = {"day": 1, "hour": 2, "week": 3, "month": 4, "days_28": 5}
"""Grain name -> the number stored. `day` of an hour fact counts hours since 1970-01-01T00 local; days_28 names the
last of its 28 days, week and month the first day."""


class State(StrEnum):
    """Why a number is there, or is not."""

    MEASURED = "measured"
    NOT_OFFERED = "not_offered"
    NOT_PERMITTED = "not_permitted"
    NOT_YET = "not_yet"
    FAILED = "failed"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class Account:
    """A thing on the platform that has numbers."""

    external_id: str
    name: str
    handle: str = ""
    url: str = ""
    picture_url: str = ""
    kind: str = "profile"
    time_zone: str = "UTC"
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One published piece of content. `kind`: post, image, video, carousel, reel, short, story, tweet, document."""

    external_id: str
    kind: str
    published_at: datetime
    text: str = ""
    permalink: str = ""
    thumbnail_url: str = ""
    duration_s: float | None = None
    tags: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a dimension: its stable key on the platform and what a person reads."""

    dimension: str
    key: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One observed value of a metric for one bucket of the account; `member` None is the total."""

    metric: str
    day: date
    value: float
    member: Member | None = None
    grain: str = "day"
    hour: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation of a post's lifetime counter. `captured_at` None means: the moment of the sync."""

    post: str
    metric: str
    value: float
    captured_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known about a metric of the account from `first` to `last` (inclusive), and why."""

    metric: str
    first: date
    last: date
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A paid or e-mail campaign or a level below it (`level`: campaign, ad_set, ad, creative, send)."""

    external_id: str
    name: str
    level: str = "campaign"
    parent: str = ""
    status: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote under a post, or elsewhere about the account. `kind`: comment, reply, mention.

    `post` is the id of the account's own post it stands under, "" for a mention elsewhere; `parent` the comment it
    answers. `author` is what the platform shows as a name; it is kept, and shown only where a person asks for it.
    """

    external_id: str
    text: str
    written_at: datetime
    kind: str = "comment"
    post: str = ""
    parent: str = ""
    author: str = ""
    permalink: str = ""
    likes: int | None = None
    language: str = ""


Record = Account | Post | Fact | Reading | Coverage | Campaign | Comment
