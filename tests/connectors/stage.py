"""A connector at work against the sandbox: consent, token, accounts, and every stream in the order of a sync."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from connectors import oauth
from connectors.base import Connector, Source, Stream, Window
from connectors.http import Client
from core.clock import local_day
from core.errors import AppError, Recovery
from core.ports import AppKeys, KnownPost, LimitStore, Token, TokenStore
from core.records import Account, Coverage, Fact, Post, Reading, Record
from sandbox.server import Running
from tests.connectors.desk import Clock, NoLimits, Tokens
from tests.fixtures_sandbox import REDIRECT

KEYS = AppKeys("conformance-app", "canary-client-secret")
VERIFIER = "canary-verifier-" + "v" * 48
RECENT_DAYS = 3
"""Days that a stream is asked for beyond those its platform has not yet shown."""


class Shelf:
    """The posts that streams have brought so far, as a sync knows them."""

    def __init__(self, *posts: KnownPost) -> None:
        self._posts = {post.external_id: post for post in posts}

    def put(self, post: Post) -> None:
        self._posts[post.external_id] = KnownPost(post.external_id, post.kind, post.published_at)

    def published_since(self, moment: datetime) -> Iterator[KnownPost]:
        found = sorted(self._posts.values(), key=lambda post: post.published_at, reverse=True)
        return iter([post for post in found if post.published_at >= moment])

    def newest(self) -> KnownPost | None:
        return next(self.published_since(datetime(1970, 1, 1, tzinfo=UTC)), None)


@dataclass
class Told:
    """What one stream brought: its records until the end, or until the error it ended with."""

    stream: Stream
    window: Window
    records: list[Record] = field(default_factory=list)
    error: AppError | None = None

    @property
    def recovery(self) -> Recovery | None:
        return self.error.recovery if self.error else None


class Player:
    """Somebody who has connected a platform and reads all of it. Only sleeping moves their clock; the world stands still.

    `errors` keeps every error that came out, `secrets` every token, code and key there was, for the canary.
    """

    def __init__(self, running: Running, connector: Connector, limits: LimitStore | None = None) -> None:
        self.running, self.connector = running, connector
        self.limits = limits or NoLimits()
        self.clock = Clock(running.world.now())
        self.errors: list[AppError] = []
        self.secrets: set[str] = {KEYS.client_secret, VERIFIER}
        self.tokens: Tokens | None = None
        self.accounts: list[Account] = []
        self.recent_days = RECENT_DAYS

    def client(self, tokens: TokenStore | None = None) -> Client:
        """A new client of this connection, as another process would have it."""
        return Client(
            self.connector,
            tokens or self.tokens,
            KEYS,
            self.limits,
            gateway=self.running.url,
            connection_key=f"{self.connector.platform}/1",
            now=self.clock.now,
            sleep=self.clock.sleep,
            seed=1,
        )

    # -- connecting

    def connect(self, login: str = "", without: str = "") -> Player:
        """Consent as a person, and find the accounts."""
        token = self.token(self.code(login, without))
        self.tokens = Tokens(token)
        if self.connector.exchange:
            self.tokens.save(self.connector.exchange(self.client(), KEYS, token))
        self.note_secrets()
        self.accounts = list(self.connector.accounts(self.client()))
        return self

    def code(self, login: str = "", without: str = "") -> str:
        streams = [stream.name for stream in self.connector.streams]
        address = oauth.consent_url(
            self.connector, KEYS, REDIRECT, "state-1", VERIFIER, self.running.url, streams=streams
        )
        form = {"decision": "allow", "login": login, "without": without}
        reply = requests.post(address, data=form, allow_redirects=False, timeout=10)
        back = parse_qs(urlsplit(reply.headers["Location"]).query)
        assert back["state"] == ["state-1"]
        self.secrets.add(back["code"][0])
        return back["code"][0]

    def token(self, code: str) -> Token:
        found = oauth.fetch_token(
            self.connector, KEYS, REDIRECT, code, VERIFIER, self.running.url, now=self.clock.now()
        )
        self.secrets |= {found.access_token, found.refresh_token} - {""}
        return found

    def note_secrets(self) -> None:
        """Remember the tokens there are by now."""
        if self.tokens:
            self.secrets |= {self.tokens.token.access_token, self.tokens.token.refresh_token} - {""}

    # -- reading

    def window(self, stream: Stream) -> Window:
        """The newest days a stream can be asked for, in the account's calendar."""
        today = self.today()
        days = min(stream.window_days, stream.settles_after.days + self.recent_days) if stream.windowed else 1
        return Window(today - timedelta(days=days - 1), today, self.running.world.now())

    def today(self) -> date:
        return local_day(self.running.world.now(), self.connector.day_zone or self.accounts[0].time_zone)

    def read(
        self,
        stream: Stream,
        shelf: Shelf,
        window: Window | None = None,
        client: Client | None = None,
        since: datetime | None = None,
    ) -> Told:
        """One stream. An AppError ends it; anything else is a bug and comes through."""
        told = Told(stream, window or self.window(stream))
        source = Source(client or self.client(), self.accounts[0], shelf, since)
        try:
            for record in stream.read(source, told.window):
                told.records.append(record)
                if isinstance(record, Post):
                    shelf.put(record)
        except AppError as error:
            told.error = error
            self.errors.append(error)
        self.note_secrets()
        return told

    def read_all(self, shelf: Shelf | None = None, client: Client | None = None) -> dict[str, Told]:
        """Every stream in declared order, by name."""
        shelf, client = shelf or Shelf(), client or self.client()
        return {stream.name: self.read(stream, shelf, client=client) for stream in self.connector.streams}


class Reader(Player):
    """Reads streams by name, one after the other, with one client and one memory of posts."""

    def __init__(self, running: Running, connector: Connector, login: str = "northwind") -> None:
        super().__init__(running, connector)
        self.connect(login)
        self.shelf, self.one_client = Shelf(), self.client()
        self.by_name = {stream.name: stream for stream in connector.streams}

    def bring(self, name: str, window: Window | None = None, since: datetime | None = None) -> list[Record]:
        """What a stream brings; the error it ends with is raised."""
        told = self.read(self.by_name[name], self.shelf, window, self.one_client, since)
        if told.error:
            raise told.error
        return told.records

    def last_days(self, days: int) -> Window:
        """So many days, today among them, in the account's calendar."""
        today = self.today()
        return Window(today - timedelta(days=days - 1), today, self.running.world.now())


# What records say


def facts(records: Iterable[Record], metric: str, dimension: str = "", grain: str = "day") -> dict[Any, float]:
    """The values of a metric by day; with a dimension, by day and member."""
    return {
        (record.day, record.member.key) if dimension else record.day: record.value
        for record in records
        if isinstance(record, Fact)
        and (record.metric, record.grain) == (metric, grain)
        and (record.member.dimension if record.member else "") == dimension
    }


def readings(records: Iterable[Record], metric: str) -> dict[str, float]:
    """The counters of a metric, by post."""
    return {record.post: record.value for record in records if isinstance(record, Reading) and record.metric == metric}


def posts(records: Iterable[Record]) -> dict[str, Post]:
    """The posts, by the platform's id."""
    return {record.external_id: record for record in records if isinstance(record, Post)}


def gaps(records: Iterable[Record]) -> dict[str, str]:
    """Why metrics are not known, by metric."""
    return {record.metric: record.reason for record in records if isinstance(record, Coverage)}
