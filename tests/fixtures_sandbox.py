"""The sandbox for tests: one server for all tests of a worker, as freshly started for each of them."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from sandbox.server import Running, run_in_thread

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
REDIRECT = "http://127.0.0.1:8501/oauth/callback"
VERIFIER = "v" * 64


@pytest.fixture(scope="session")
def _sandbox_server() -> Iterator[Running]:
    running = run_in_thread(NOW)
    yield running
    running.stop()


@pytest.fixture
def sandbox(_sandbox_server: Running) -> Iterator[Running]:
    """The gateway at `sandbox.url`, standing at 2026-11-21 09:30 UTC, without faults."""
    _sandbox_server.app.reset()
    _sandbox_server.world.travel(NOW)
    yield _sandbox_server
    _sandbox_server.app.reset()
    _sandbox_server.world.travel(NOW)


@pytest.fixture(scope="session")
def specs() -> Path:
    """The folder of official specifications; skips where there is none."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "specs"
    folder = Path(os.environ.get("PLUMBLINE_SPECS", beside))
    if not folder.is_dir():
        pytest.skip(f"no official specifications at {folder}; set PLUMBLINE_SPECS")
    return folder


def challenge(verifier: str = VERIFIER) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class Person:
    """Somebody with a browser who consents, and an app that asks: plain HTTP, no connector."""

    url: str
    client_id: str = "app-1"
    secret: str = "secret-1"
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20))

    def authorize(
        self, address: str, scope: str, *, decision: str = "allow", login: str = "", without: str = "", **more: str
    ) -> dict[str, str]:
        """Consent at `address` (host/path); gives what came back to the redirect address."""
        query = {
            "client_id": self.client_id,
            "redirect_uri": REDIRECT,
            "response_type": "code",
            "scope": scope,
            "state": "st-1",
            **more,
        }
        form = {"decision": decision, "login": login, "without": without}
        answer = self.http.post(f"{self.url}/{address}?{urlencode(query)}", data=form)
        assert answer.status_code == 302, answer.text
        target = urlsplit(answer.headers["location"])
        assert answer.headers["location"].startswith(REDIRECT)
        return {name: values[-1] for name, values in parse_qs(target.query).items()}

    def get(self, address: str, token: str = "", **query: str) -> httpx.Response:
        """GET `address` (host/path) with a bearer token."""
        head = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.get(f"{self.url}/{address}", params=query, headers=head)

    def post(self, address: str, form: dict[str, str], *, basic: bool = False) -> httpx.Response:
        """POST a form to `address`, with the app's keys in a Basic header when asked."""
        auth = (self.client_id, self.secret) if basic else None
        return self.http.post(f"{self.url}/{address}", data=form, auth=auth)


@pytest.fixture
def person(sandbox: Running) -> Iterator[Person]:
    """A person in front of the sandbox."""
    found = Person(sandbox.url)
    yield found
    found.http.close()
