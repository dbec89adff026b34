"""What connectors need from the store, as protocols: siblings do not import each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """An OAuth token set. Its repr shows nothing of it."""

    access_token: str
    refresh_token: str = ""
    expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    extra: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"Token(expires_at={self.expires_at}, scopes={self.scopes})"


@dataclass(frozen=True, slots=True, repr=False)
class AppKeys:
    """The client id and secret of the app registered at the platform."""

    client_id: str
    client_secret: str = ""

    def __repr__(self) -> str:
        return "AppKeys(...)"


class TokenStore(Protocol):
    """Where a connection's token lives. `exclusive` holds a lock across processes while a token is refreshed."""

    def load(self) -> Token: ...

    def save(self, token: Token) -> None: ...

    def exclusive(self) -> AbstractContextManager[None]: ...


class LimitStore(Protocol):
    """The use of a rate limit, shared by all processes.

    `take` records `cost` units against `key` if at most `allowed` units were taken in the last `per_s` seconds and
    returns 0.0; otherwise takes nothing and returns the seconds to wait. `block` refuses everything on `key` until a
    moment.
    """

    def take(self, key: str, cost: float, allowed: float, per_s: float, now: datetime) -> float: ...

    def block(self, key: str, until: datetime) -> None: ...


Things = Mapping[str, Sequence[str]]
"""Kind of thing -> the ids of those an answer holds."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What a metered request will cost at most, before it is made: kind of thing -> how many, or which ids."""

    known: Things
    unknown: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A purchase that was let through: what was set aside for it, and when."""

    at: datetime
    set_aside: Mapping[str, float]


class Meter(Protocol):
    """What the metered reads of a connection cost, month by month, shared by all processes.

    `reserve` sets aside the most a request may cost, or raises BudgetReached when the month's budget does not hold it.
    `settle` puts what the answer held in its place; nothing, when there was none. `room` says how many things of a kind
    the budget still holds.
    """

    def reserve(self, purchase: Purchase, now: datetime) -> Receipt: ...

    def settle(self, receipt: Receipt, given: Things) -> None: ...

    def room(self, kind: str, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post the store already has."""

    external_id: str
    kind: str
    published_at: datetime


class PostIndex(Protocol):
    """The posts of the account that the store already knows, newest first."""

    def published_since(self, moment: datetime) -> Iterator[KnownPost]: ...

    def newest(self) -> KnownPost | None: ...
