"""A small platform for tests of the sync: a real HTTP server, and a connector for it that stands in for YouTube.

It also runs inside processes that are killed: `python -m tests.services.harbour sync <url> <workspace> <connection>`.
"""

import json
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from connectors.base import ApiVersion, Category, Connector, Limit, OAuth2, Scope, Stream
from core.errors import (
    AuthorisationExpired,
    NotOffered,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SourceUnavailable,
)
from core.ports import Token
from core.records import Account, Comment, Fact, Member, Post, Reading
from services.connecting import credentials, platforms
from storage import connections, entities, workspaces

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
ERRORS = {
    "later": SourceUnavailable("The harbour is closed just now."),
    "limited": RateLimited("The harbour asks us to slow down.", retry_after_s=600),
    "expired": AuthorisationExpired("The harbour no longer accepts our login.", hint="Connect again."),
    "forbidden": PermissionMissing("The harbour does not let us read this.", hint="Grant it."),
    "absent": NotOffered("The harbour does not count this."),
    "refused": RefusedRequest("The harbour refused the request."),
}


@dataclass
class Harbour:
    """The server's world. `faults`: stream -> name in ERRORS, or "drift"; `delay_s` holds every answer back."""

    url: str = ""
    opened: date = date(2026, 9, 1)
    changed: dict[str, float] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    posts: list[dict] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, dict]:
        self.asked.append(f"{path} {query.get('first', '')}")
        time.sleep(self.delay_s)
        fault = self.faults.get(path.strip("/"))
        if fault == "drift":
            return 200, {"days": [{"day": "2020-01-01", "views": 1, "likes": 1}], "posts": []}
        if fault:
            return 200, {"error": fault}
        if path == "/posts":
            return 200, {"posts": self.posts}
        if path == "/accounts":
            return 200, {"accounts": [{"id": "quay", "name": "The Quay"}]}
        return 200, {"days": self._days(date.fromisoformat(query["first"]), date.fromisoformat(query["last"]))}

    def _days(self, first: date, last: date) -> list[dict]:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            {"day": str(day), "views": self.changed.get(str(day), float(day.toordinal() % 97)), "likes": float(day.day)}
            for day in days
            if day >= self.opened and str(day) not in self.missing
        ]


def serve(harbour: Harbour):
    """Serve a harbour on a free port; gives the server."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            status, body = harbour.answer(parts.path.removeprefix("/harbour.example"), query)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    harbour.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def classify(response):
    try:
        return ERRORS.get(response.json().get("error"))
    except ValueError:
        return None


def read_daily(source, window):
    answer = source.client.get("/daily", {"first": str(window.first), "last": str(window.last)})
    for row in answer["days"]:
        day = date.fromisoformat(row["day"])
        yield Fact("views", day, row["views"])
        yield Fact("views", day, row["views"] / 2, Member("device", "mobile", "Mobile"))


def read_likes(source, window):
    answer = source.client.get("/likes", {"first": str(window.first), "last": str(window.last)})
    for row in answer["days"]:
        yield Fact("likes", date.fromisoformat(row["day"]), row["likes"])


def read_posts(source, window):
    for row in source.client.get("/posts")["posts"]:
        yield Post(row["id"], "video", datetime.fromisoformat(row["at"]), text="hello")
        yield Reading(row["id"], "comments", row["comments"])
        for said in row.get("said", ()):
            yield Comment(
                said["id"], said["text"], datetime.fromisoformat(said["at"]), post=said.get("post", row["id"])
            )


CONNECTOR = Connector(
    platform="youtube",
    title="Harbour",
    category=Category.SOCIAL,
    brings="Ships.",
    auth=OAuth2("https://harbour.example/consent", "https://harbour.example/token", (Scope("read", "to read"),)),
    api_version=ApiVersion("1"),
    base_url="https://harbour.example",
    limits=(Limit("calls", 100000, 60),),
    streams=(
        Stream("posts", "Posts", read_posts, ("comments",), windowed=False),
        Stream("daily", "Daily", read_daily, ("views",), window_days=10, history_days=80, lookback_days=3),
        Stream("likes", "Likes", read_likes, ("likes",), window_days=20, history_days=40, scopes=("read|admin",)),
    ),
    accounts=lambda client: (Account(row["id"], row["name"]) for row in client.get("/accounts")["accounts"]),
    classify=classify,
    every=timedelta(hours=4),
    young_posts=((timedelta(days=2), timedelta(hours=1)),),
    daily_from_readings={"comments": "comments"},
)


def connect(database, harbour: Harbour, *, scopes=(), now=NOW, zone="UTC") -> tuple[int, int, int]:
    """A workspace with an active connection to the harbour and its account: their ids."""
    with database.write() as connection:
        workspace = workspaces.create(connection, "Quayside", now=now)
        made = connections.add(connection, workspace, "youtube", "Quay", now=now, gateway=harbour.url, state="active")
        account = entities.upsert_accounts(
            connection, workspace, "youtube", [Account("quay", "The Quay", time_zone=zone)], now=now, connection_id=made
        )["quay"]
    credentials.put_app_keys(database, workspace, "youtube", "id-1", "secret-1")
    credentials.VaultTokens(database, workspace, made).save(Token("token-very-secret", scopes=scopes))
    return workspace, made, account


def install(monkeypatch, connector=CONNECTOR):
    """Make the harbour the only platform there is."""
    monkeypatch.setattr(platforms, "connectors", lambda: {"youtube": connector})


def slower(seconds: float) -> Connector:
    """The harbour with a window a day, so that a sync takes many transactions."""
    return replace(CONNECTOR, streams=tuple(replace(one, window_days=1) for one in CONNECTOR.streams))


def main() -> None:
    """What a process that gets killed runs: one sync, or the scheduler."""
    import signal

    import storage.database
    from scheduler import run

    what, url, folder, *ids = sys.argv[1:]
    platforms.connectors = lambda: {"youtube": slower(0)}
    store = storage.database.open_database(url, Path(folder))
    storage.database.use(store)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    if what == "sync":
        from services import sync

        sync.sync_connection(int(ids[0]), int(ids[1]), now=NOW, stop=ended)
        return
    with run.in_process():
        print("running", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
