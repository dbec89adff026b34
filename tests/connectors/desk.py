"""A platform of one desk: a real HTTP server that gives the answers a test has laid out, in order."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.base import ApiVersion, Category, Connector, Limit, OAuth2, Scope
from core.ports import AppKeys, Token

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
KEYS = AppKeys("client-1", "canary-client-secret")
HOST = "api.desk.example"


@dataclass
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    form: dict[str, str]


@dataclass
class Reply:
    """An answer to give: after `delay_s`, with `declared` bytes announced instead of what comes."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    declared: int | None = None

    @property
    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Desk(ThreadingHTTPServer):
    """Gives the replies in `laid_out`, one for each request; keeps what was `asked`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.laid_out: deque[Reply] = deque()
        self.asked: list[Asked] = []
        self.unexpected: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_port}"

    def lay_out(self, *replies: Reply | dict[str, Any]) -> None:
        self.laid_out.extend(reply if isinstance(reply, Reply) else Reply(reply) for reply in replies)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is not news."""


class _Handler(BaseHTTPRequestHandler):
    server: Desk

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        form = parse_qs(self.rfile.read(length).decode())
        self.server.asked.append(
            Asked(
                self.command,
                parts.path,
                {name: values[-1] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                {name: values[-1] for name, values in form.items()},
            )
        )
        if not self.server.laid_out:
            self.server.unexpected.append(f"{self.command} {self.path}")
            self.send_error(418)
            return
        reply = self.server.laid_out.popleft()
        time.sleep(reply.delay_s)
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.raw) if reply.declared is None else reply.declared))
        self.end_headers()
        self.wfile.write(reply.raw)

    do_GET = do_POST = _answer  # noqa: N815

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(NOW.timestamp())

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@contextmanager
def open_desk() -> Iterator[Desk]:
    """A desk for one test, which minds requests nobody expected and answers nobody asked for."""
    desk = Desk()
    threading.Thread(target=desk.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield desk
        assert desk.unexpected == []
        assert not desk.laid_out, "answers were laid out that nobody asked for"
    finally:
        desk.shutdown()
        desk.server_close()


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment, self.slept = moment, []

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


class Tokens:
    """A token store in memory with a real lock; `log` tells what was done in which order."""

    def __init__(self, token: Token) -> None:
        self.token, self.log = token, []
        self._lock = threading.Lock()

    def load(self) -> Token:
        return self.token

    def save(self, token: Token) -> None:
        self.token = token
        self.log.append("saved")

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with self._lock:
            self.log.append("locked")
            yield
            self.log.append("released")


class NoLimits:
    """Room for everything; remembers what was blocked."""

    def __init__(self) -> None:
        self.blocked: list[tuple[str, datetime]] = []

    def take(self, key: str, cost: float, allowed: float, per_s: float, now: datetime) -> float:
        return 0.0

    def block(self, key: str, until: datetime) -> None:
        self.blocked.append((key, until))


def connector(**changes: Any) -> Connector:
    """The desk as a platform."""
    auth = changes.pop("auth", {})
    declared: dict[str, Any] = {
        "platform": "desk",
        "title": "Desk",
        "category": Category.SOCIAL,
        "brings": "Paper.",
        "auth": OAuth2(
            **{
                "authorize_url": "https://login.desk.example/consent",
                "token_url": "https://login.desk.example/token",
                "scopes": (Scope("read", "to read"), Scope("more", "to read more")),
                **auth,
            }
        ),
        "api_version": ApiVersion("1"),
        "base_url": f"https://{HOST}/v1",
        "limits": (Limit("calls", 3, 60),),
        "streams": (),
        "accounts": lambda _client: iter(()),
        "classify": lambda _response: None,
    }
    return Connector(**{**declared, **changes})
