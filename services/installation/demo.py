"""The demo workspace: real connectors, real OAuth, real HTTP against the sandbox, marked as demo everywhere.

X tells no past daily numbers, and no platform tells past follower counts or what a post had gathered on an earlier day:
a connection made today honestly has none. The demo therefore rehearses the scheduled syncs of the last weeks first,
asking the sandbox what it would have answered on each of those evenings; these runs say "rehearsal".
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import requests

from analytics.metrics.registry import METRICS
from connectors.base import Connector, Stream
from core import clock
from core.errors import AppError, NotConnected, StoreBusy
from core.registry import discover
from core.viewer import Viewer, owner
from sandbox.server import Platform
from services import sync
from services.connecting import choices, connections, consent, credentials, platforms
from services.installation import leasing, site
from services.installation.crew import Tell, crew
from services.installation.crew import gateway as nearest
from storage import connections as stored
from storage import database, entities, runs, workspaces
from storage.database import Database

log = logging.getLogger(__name__)
Progress = Callable[[float, str], None]
NAME = "Northwind Coffee (demo)"
ZONE, CURRENCY = "America/Los_Angeles", "USD"
REHEARSED_DAYS = 62
"""Two months of evenings: the last 30 days, and the 30 days they are compared with."""

_POST_EVENINGS = 30
"""On so many of them posts are read that no daily number is made of: a post's curve is drawn for its first month."""
_WHOLE_EVERY = 6
"""Of so many evenings one reads all posts of the last month, where the others read those of the last days."""

_PROCESSES = 2
_LEASE_S = 30.0
_SCHEDULER_WAITS = timedelta(minutes=15)
_BEFORE_MIDNIGHT, _DAY = timedelta(minutes=10), timedelta(days=1)
_REDIRECT = "http://127.0.0.1/oauth/callback"
_TIMEOUT_S = 20.0
_SHARE_CONNECTED, _SHARE_REHEARSED, _SHARE_RECENT = 0.05, 0.35, 0.6


class _Shares:
    """Several threads report their shares; one progress is told."""

    def __init__(self, told: Progress | None, names: list[str]) -> None:
        self._told = told or (lambda _share, _text: None)
        self._shares = dict.fromkeys(names, 0.0)
        self._lock = threading.Lock()

    def tell(self, name: str, share: float, text: str) -> None:
        """`name` has come to `share` (0-1) of its own work."""
        with self._lock:
            self._shares[name] = max(self._shares[name], share)
            self._told(sum(self._shares.values()) / max(len(self._shares), 1), text)


def existing() -> Viewer | None:
    """The owner of the demo workspace, or None when there is none."""
    with database.current().read() as connection:
        found = [row for row in workspaces.list_all(connection) if row.kind == "demo"]
    return owner(found[0].id) if found else None


def start(
    base_gateway_url: str, *, progress: Progress | None = None, now: datetime | None = None, processes: int = 0
) -> Viewer:
    """Make the demo workspace and fill it; in one that is there already, only what is missing.

    Connects every platform the sandbox serves, by the consent screens a person would see, then reads them, recent days
    first. Returns when the history has been read, too. `processes` beside this one share the work. Raises StoreBusy
    while it is being filled already, and what went wrong when nothing could be connected; no empty demo is left then.
    """
    store, moment = database.current(), now or clock.utc_now()
    lease = leasing.Lease(store, "demo", _LEASE_S)
    if not lease.take():
        raise StoreBusy("The demo is being filled already.", hint="Its progress is shown on its pages.")
    lease.keep()
    try:
        return _start(store, base_gateway_url, moment, progress, processes)
    finally:
        lease.release()


def _start(store: Database, gateway: str, moment: datetime, progress: Progress | None, processes: int) -> Viewer:
    viewer = existing()
    if viewer is None:
        with store.write() as connection:
            viewer = owner(
                workspaces.create(connection, NAME, now=moment, kind="demo", time_zone=ZONE, currency=CURRENCY)
            )
    with store.read() as connection:
        known = {row.platform for row in stored.list_all(connection, viewer.workspace_id) if row.state != "new"}
    served = discover("sandbox", "PLATFORM", Platform)
    names = [name for name in platforms.connectors() if name in served and name not in known]
    shares = _Shares(progress, names)
    with crew(shares.tell, processes, len(names)) as hands:
        problems = hands.each(partial(_fill, viewer, gateway, moment), names)
        filled = [name for name, problem in zip(names, problems, strict=True) if problem is None]
        hands.each(partial(_read_past, viewer, moment), filled)
    if names and not known and all(problems):
        remove()
        message, hint = next(problem for problem in problems if problem)
        raise NotConnected(message, hint=hint)
    return viewer


def start_in_background(progress: Progress | None = None) -> threading.Thread:
    """`start` against the sandbox that this process serves, on a thread of its own; what goes wrong is logged."""

    def run() -> None:
        try:
            start(site.sandbox_gateway(), progress=progress, processes=_PROCESSES)
            log.info("The demo is filled.")
        except AppError as error:
            log.error("The demo could not be filled: %s %s", error, error.context)

    thread = threading.Thread(target=run, name="demo", daemon=True)
    thread.start()
    return thread


def is_filling() -> bool:
    """Whether this process is filling the demo now."""
    return any(thread.name == "demo" for thread in threading.enumerate())


def remove() -> bool:
    """Delete the demo workspace with everything in it; False when there was none."""
    viewer = existing()
    if viewer is None:
        return False
    with database.current().write() as connection:
        workspaces.delete(connection, viewer.workspace_id)
    return True


def _fill(viewer: Viewer, gateway: str, now: datetime, platform: str, tell: Tell) -> tuple[str, str] | None:
    """Connect a platform, rehearse its last weeks, read recent days. What goes wrong does not keep the others back: its
    message and hint are answered."""
    title = platforms.title(platform)
    tell(platform, 0.0, f"Connecting {title}")
    try:
        connection_id = connect(viewer, platform, gateway, now)
        tell(platform, _SHARE_CONNECTED, f"{title} is connected")
        _rehearse(viewer, connection_id, platform, nearest(gateway), now, tell)
        _read(viewer, connection_id, platform, now, tell, (_SHARE_REHEARSED, _SHARE_RECENT))
    except AppError as error:
        log.error("%s: %s %s", title, error, error.context)
        return error.message, error.hint
    return None


def _read_past(viewer: Viewer, now: datetime, platform: str, tell: Tell) -> None:
    """Read the history, once every platform shows its recent days. If that fails, the scheduler goes on with it."""
    try:
        for connection_id in _connections_of(viewer, platform):
            _read(viewer, connection_id, platform, now, tell, (_SHARE_RECENT, 1.0))
    except AppError as error:
        log.error("%s: %s %s", platforms.title(platform), error, error.context)
    tell(platform, 1.0, f"{platforms.title(platform)} is read")


def _read(
    viewer: Viewer, connection_id: int, platform: str, now: datetime, tell: Tell, span: tuple[float, float]
) -> None:
    sync.sync_connection(
        viewer.workspace_id,
        connection_id,
        now=now,
        trigger="connect",
        gateway=nearest("") or None,
        progress=lambda share, text: tell(platform, span[0] + (span[1] - span[0]) * share, text),
        recent_only=span[1] < 1,
    )


def _connections_of(viewer: Viewer, platform: str) -> list[int]:
    with database.current().read() as connection:
        rows = stored.list_all(connection, viewer.workspace_id)
    return [row.id for row in rows if row.platform == platform]


def connect(viewer: Viewer, platform: str, gateway: str, now: datetime) -> int:
    """Connect a platform of the sandbox as a person with a browser would. Returns the connection's id.

    The scheduler leaves it alone while it is filled here, and goes on by itself if that is cut off.
    """
    store = database.current()
    if not credentials.has_app_keys(store, viewer.workspace_id, platform):
        connections.save_app_keys(viewer, platform, f"plumbline-demo-{platform}", secrets.token_urlsafe(24))
    connection_id = connections.add(viewer, platform, gateway=gateway, now=now)
    for stream in platforms.connector(platform).streams:
        if stream.optional:
            choices.switch(viewer, connection_id, stream.name, on=True)
    nonce = secrets.token_urlsafe(16)
    url = consent.begin(viewer, connection_id, redirect_uri=_REDIRECT, browser_nonce=nonce, now=now)
    state, code, error = allow(url)
    with sync.locked(connection_id):
        consent.finish(state=state, code=code, error=error, browser_nonce=nonce, now=now)
        later = clock.epoch_ms(now + _SCHEDULER_WAITS)
        with store.write() as connection:
            stored.update(connection, viewer.workspace_id, connection_id, next_run_at=later)
    return connection_id


def allow(url: str) -> tuple[str, str, str]:
    """Look at the sandbox's consent screen and press Allow: (state, code, error) of where it sends the browser."""
    with requests.Session() as browser:
        browser.trust_env = False
        try:
            browser.get(url, timeout=_TIMEOUT_S).raise_for_status()
            answer = browser.post(url, data={"decision": "allow"}, allow_redirects=False, timeout=_TIMEOUT_S)
        except requests.RequestException as problem:
            raise NotConnected(
                "The sandbox does not answer.", hint="Start the demo again.", context={"why": type(problem).__name__}
            ) from None
    query = parse_qs(urlsplit(answer.headers.get("Location", "")).query)
    state, code, error = (query.get(name, [""])[0] for name in ("state", "code", "error"))
    return state, code, error


def _rehearse(viewer: Viewer, connection_id: int, platform: str, gateway: str, now: datetime, tell: Tell) -> None:
    """The syncs that a connection of two months ago would have made in the evenings: only what tells no past."""
    declared = platforms.connector(platform)
    evenings = _evenings(_zone(database.current(), viewer, connection_id, declared), now)
    for place, moment in enumerate(evenings):
        sync.sync_connection(
            viewer.workspace_id,
            connection_id,
            now=moment,
            trigger="rehearsal",
            gateway=f"{gateway}/_at/{moment:%Y%m%dT%H%M%SZ}",
            only=rehearsed_streams(declared, len(evenings) - place).__contains__,
            recent_only=True,
        )
        share = _SHARE_CONNECTED + (_SHARE_REHEARSED - _SHARE_CONNECTED) * (place + 1) / len(evenings)
        tell(platform, share, f"{declared.title}: the evening of {moment:%d %b}")


def rehearsed_streams(declared: Connector, back: int) -> frozenset[str]:
    """The streams whose past cannot be asked for, on the evening so many days back: levels, and counters of posts.

    Those that ask for every post there is, once a day, are left out. Daily numbers are made of what posts of any age
    gain, so streams that feed them are read on every evening; where older posts are among those left out, on none, for
    what they gained would all fall on the last day. Other counters are read on the last evenings.
    """

    def feeds(stream: Stream) -> bool:
        return any(name in declared.daily_from_readings for name in stream.metrics)

    snapshots = [one for one in declared.streams if not one.windowed]
    levels = frozenset(one.name for one in snapshots if one.every is None and "followers" in one.metrics)
    posts = [one for one in snapshots if one.every is None and any(METRICS[name].per_post for name in one.metrics)]
    month = frozenset(one.name for one in declared.streams if one.lifetime and not declared.tariff)
    if any(feeds(one) for one in snapshots if one.every is not None and one.every >= _DAY):
        posts = [one for one in posts if not feeds(one)]
    young = frozenset(one.name for one in posts)
    if any(feeds(one) for one in posts):
        return levels | young | month
    if back > _POST_EVENINGS:
        return levels
    return levels | (month if month and back % _WHOLE_EVERY == 0 else young)


def _zone(store: Database, viewer: Viewer, connection_id: int, declared: Connector) -> str:
    with store.read() as connection:
        accounts = entities.accounts(connection, viewer.workspace_id, connection_id=connection_id, selected=True)
    return platforms.day_zone(declared, accounts[0].time_zone if accounts else "UTC")


def _evenings(zone: str, now: datetime) -> list[datetime]:
    """Shortly before each of the last midnights, oldest first."""
    today = clock.local_day(now, zone)
    days = [today - timedelta(days=back) for back in range(REHEARSED_DAYS, 0, -1)]
    return [clock.day_end(day, zone).replace(microsecond=0) - _BEFORE_MIDNIGHT for day in days]


def progress_of(viewer: Viewer) -> float:
    """How far the newest runs of the demo have come, from 0 to 1, for a page that was opened later."""
    with database.current().read() as connection:
        found = runs.newest(connection, viewer.workspace_id, limit=3)
    return min((run.progress for run in found), default=0.0)
