"""A consent, a client and a memory of posts: what the sync gives a connector, without the sync."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import requests

from connectors import oauth
from connectors.base import Connector, Source, Stream, Window
from connectors.http import Client
from core import clock
from core.ports import AppKeys, KnownPost, LimitStore, Token
from core.records import Account, Post, Record
from sandbox.server import Running
from tests.connectors.desk import Clock, NoLimits, Tokens

KEYS = AppKeys("app-1", "canary-secret-of-the-app")
REDIRECT = "http://localhost:8501/oauth/callback"
VERIFIER = "canary-verifier-" + "v" * 48
DAYS = 6


class Shelf:
    """The posts that are known, as the store would tell them."""

    def __init__(self) -> None:
        self.known: dict[str, KnownPost] = {}

    def add(self, post: Post | KnownPost) -> None:
        self.known[post.external_id] = KnownPost(post.external_id, post.kind, post.published_at)

    def published_since(self, moment: datetime) -> Iterator[KnownPost]:
        newest_first = sorted(self.known.values(), key=lambda post: post.published_at, reverse=True)
        return iter([post for post in newest_first if post.published_at >= moment])

    def newest(self) -> KnownPost | None:
        return next(self.published_since(datetime.min.replace(tzinfo=UTC)), None)


class Watched(Tokens):
    """A token store that remembers every secret it ever held."""

    def __init__(self, token: Token) -> None:
        super().__init__(token)
        self.secrets = {KEYS.client_secret, VERIFIER}
        self._remember(token)

    def save(self, token: Token) -> None:
        super().save(token)
        self._remember(token)

    def _remember(self, token: Token) -> None:
        self.secrets |= {secret for secret in (token.access_token, token.refresh_token) if secret}


class Reader:
    """Reads a platform of the sandbox after a consent. Only sleeping moves its clock."""

    def __init__(
        self, sandbox: Running, connector: Connector, *, login: str = "", limits: LimitStore | None = None
    ) -> None:
        self.sandbox, self.connector = sandbox, connector
        self.clock, self.shelf = Clock(sandbox.world.now()), Shelf()
        self.limits = limits or NoLimits()
        code = self._consent(login)
        now = self.clock.now()
        token = oauth.fetch_token(connector, KEYS, REDIRECT, code, VERIFIER, sandbox.url, now=now)
        if connector.exchange:
            token = connector.exchange(self._client(None), KEYS, token)
        self.tokens = Watched(token)
        self.tokens.secrets.add(code)
        self.client = self._client(self.tokens)
        self.account = next(iter(connector.accounts(self.client)))

    def _consent(self, login: str) -> str:
        url = oauth.consent_url(self.connector, KEYS, REDIRECT, "state-1", VERIFIER, self.sandbox.url)
        form = {"decision": "allow", "login": login}
        answer = requests.post(url, data=form, allow_redirects=False, timeout=20)
        found = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert found["state"] == ["state-1"]
        return found["code"][0]

    def _client(self, tokens: Tokens | None) -> Client:
        return Client(
            self.connector,
            tokens,
            KEYS,
            self.limits,
            gateway=self.sandbox.url,
            now=self.clock.now,
            sleep=self.clock.sleep,
            seed=1,
        )

    @property
    def source(self) -> Source:
        return Source(self.client, self.account, self.shelf)

    def window(self, days: int = DAYS, last_in: int = 0) -> Window:
        """The last days until today, in the days of the platform."""
        now = self.clock.now()
        zone = self.connector.day_zone or self.account.time_zone
        last = clock.local_day(now, zone) + timedelta(days=last_in)
        return Window(last - timedelta(days=days - 1), last, now)

    def read(self, stream: Stream | str, days: int = DAYS) -> list[Record]:
        """What a stream yields; the posts among it are known from then on."""
        found = next(one for one in self.connector.streams if one.name == stream) if isinstance(stream, str) else stream
        window = self.window(min(days, found.window_days))
        if not found.windowed:
            window = replace(window, first=window.last)
        records = list(found.read(self.source, window))
        for record in records:
            if isinstance(record, Post):
                self.shelf.add(record)
        return records

    def read_all(self) -> dict[str, list[Record]]:
        """Stream -> its records, in the declared order, from an empty shelf on."""
        self.shelf.known.clear()
        return {stream.name: self.read(stream) for stream in self.connector.streams}


@contextmanager
def elsewhere(reader: Reader, account: Account) -> Iterator[Reader]:
    """The same consent, reading another account."""
    kept, reader.account = reader.account, account
    yield reader
    reader.account = kept
