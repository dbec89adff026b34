"""Notices that platforms send by themselves. A notice that is genuine, new and of this moment leads to a read.

Nothing it says is kept: a minute later, what can have changed by it is read (`Webhook.wakes`), once for all notices
that came meanwhile; the read by rhythm is neither moved nor replaced by it. Who can prove nothing is refused, always in
the same words.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from connectors.base import Webhook
from connectors.webhooks import Greeting, Notice, WebhookKeys, fingerprint, with_query
from core import clock, config
from core.errors import AppError, BadSetting, NotAllowed, NotFound, SecretUnreadable
from core.language import tr
from core.ports import AppKeys
from core.viewer import Right, Viewer
from services import sync
from services.connecting import credentials, platforms
from services.installation import site
from storage import connections, database, entities, hooks, runs, sql
from storage.connections import ConnectionRow
from storage.database import Connection, Database

log = logging.getLogger(__name__)

PATH = "/webhooks"
WINDOW = timedelta(minutes=5)
"""A notice that says it was sent longer ago, or will be sent, is not taken."""
PAUSE = timedelta(minutes=1)
"""So long after the first notice a connection is read, so that one read sees the news of all that came meanwhile."""
RENEW_BEFORE = timedelta(days=1)
ASK_AGAIN = timedelta(hours=1)
_LINKED = frozenset({"active", "attention", "paused"})


@dataclass(frozen=True, slots=True)
class NoticesView:
    """What a person needs for notices to come, and whether they do. `address` and `token` are to be entered at the
    platform, as `steps` say; `problem` says why it could not reach the address. With `by_itself` no person is needed:
    `until` is when the first subscription ends, None while the platform has not confirmed all."""

    title: str
    address: str
    problem: str
    token: str
    steps: tuple[str, ...]
    last: datetime | None
    by_itself: bool
    until: datetime | None


# A notice comes in


def receive(
    platform: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    workspace_id: int | None = None,
    now: datetime | None = None,
) -> int:
    """Take a notice; returns how many connections are read because of it.

    `headers` are by their names in small letters, `body` is as it arrived. With `workspace_id`, only that workspace is
    looked at. The same notice for the second time is good, and changes nothing. Raises NotFound for a platform that
    sends no notices, and NotAllowed for whatever else is wrong.
    """
    hook, notice, moment = _hook(platform), Notice(headers, body), now or clock.utc_now()
    if not headers.get(hook.header):
        raise _refusal(platform, "it is not signed")
    store = database.current()
    linked = _linked(store, platform, workspace_id, _LINKED)
    knows = [found for found in linked if (keys := _keys(store, found, platform)) and hook.genuine(notice, keys)]
    if not knows:
        raise _refusal(platform, "its signature is not good here")
    sent = hook.sent_at(notice)
    if sent is not None and abs(moment - sent) > WINDOW:
        raise _refusal(platform, "it was not sent just now")
    accounts, mark = hook.concerns(notice), fingerprint(platform, body)
    return sum(_take(store, linked[found], accounts, mark, moment) for found in knows)


def _take(store: Database, rows: list[ConnectionRow], accounts: frozenset[str], mark: str, now: datetime) -> int:
    """One workspace takes a notice, unless it did before."""
    under_way = {row.id for row in rows if sync.is_running(store, row.id)}
    with store.write() as connection:
        if not hooks.take(connection, rows[0].workspace_id, mark, now):
            return 0
        return sum(_ask(connection, row, accounts, now, running=row.id in under_way) for row in rows)


def _ask(connection: Connection, row: ConnectionRow, accounts: frozenset[str], now: datetime, *, running: bool) -> bool:
    """Have a connection read, if the notice is about an account it reads, and no other has just done the same. A read
    that is under way may have passed the news already: another follows."""
    own = entities.accounts(connection, row.workspace_id, connection_id=row.id, selected=True)
    if not accounts.intersection(account.external_id for account in own):
        return False
    hooks.received(connection, row.workspace_id, row.id, now)
    current = connections.get(connection, row.workspace_id, row.id)
    if current.state != "active" or (current.sync_requested_at is not None and not running):
        return False
    return hooks.wish(connection, row.workspace_id, row.id, now)


def waiting(store: Database, now: datetime) -> list[ConnectionRow]:
    """The connections to read because of a notice; the longest waiting first."""
    with store.read() as connection:
        ripe = hooks.waiting(connection, now, PAUSE)
        rows = {(row.workspace_id, row.id): row for row in connections.list_all(connection)} if ripe else {}
    return [row for where in ripe if (row := rows.get(where)) and row.state == "active"]


def read(row: ConnectionRow, *, stop: threading.Event | None = None) -> int:
    """Read what a notice is about; returns the id of the run. Raises NotFound, and StoreBusy while it is being read."""
    wakes = _hook(row.platform).wakes
    only, why = wakes.__contains__, runs.NOTICE
    return sync.sync_connection(row.workspace_id, row.id, trigger=why, only=only, recent_only=True, stop=stop)


def _refusal(platform: str, why: str) -> NotAllowed:
    log.info("A notice for %s was refused: %s.", platform, why)
    return NotAllowed(tr("This was not accepted."))


# The platform asks whether the address is ours


def greet(
    platform: str, query: Mapping[str, str], *, workspace_id: int | None = None, now: datetime | None = None
) -> Greeting:
    """Answer a platform that asks whether the address is ours. Raises NotFound, NotAllowed."""
    hook, store, moment = _hook(platform), database.current(), now or clock.utc_now()
    if hook.greeting is None:
        raise NotFound(tr("There is nothing here."))
    linked = _linked(store, platform, workspace_id, _LINKED | {"new"})
    for found in sorted(linked, key=lambda one: credentials.has_own_app_keys(store, one, platform)):
        keys = _keys(store, found, platform)
        answer = hook.greeting(query, keys) if keys else None
        if answer and (not answer.account or _confirm(store, found, answer, moment)):
            return answer
    raise _refusal(platform, "nobody here waits for that question")


def _confirm(store: Database, workspace_id: int, answer: Greeting, now: datetime) -> bool:
    """Note that notices of an account come from now on; False when they were not asked for."""
    with store.write() as connection:
        return hooks.confirmed(connection, workspace_id, answer.account, now + (answer.lasts or RENEW_BEFORE)) > 0


# Keys


def _hook(platform: str) -> Webhook:
    declared = platforms.connectors().get(platform)
    if declared is None or declared.webhook is None:
        raise NotFound(tr("There is nothing here."))
    return declared.webhook


def _linked(
    store: Database, platform: str, workspace_id: int | None, states: frozenset[str]
) -> dict[int, list[ConnectionRow]]:
    """The connections to a platform, by workspace."""
    found: dict[int, list[ConnectionRow]] = {}
    with store.read() as connection:
        for row in connections.list_all(connection, workspace_id):
            if row.platform == platform and row.state in states:
                found.setdefault(row.workspace_id, []).append(row)
    return found


def _keys(store: Database, workspace_id: int, platform: str) -> WebhookKeys | None:
    """What notices of a workspace are signed with; None when it cannot be read, which others must not suffer from."""
    try:
        token = _token(store, workspace_id, platform)
        app = credentials.app_keys(store, workspace_id, platform)
    except BadSetting:
        app = AppKeys("")
    except SecretUnreadable as error:
        log.warning("Notices for %s cannot be checked: %s", platform, error)
        return None
    return WebhookKeys(app, token)


def _token(store: Database, workspace_id: int, platform: str, *, make: bool = False) -> str:
    """The workspace's own token for notices of a platform: random, kept encrypted; empty while there is none."""
    vault, name = credentials.open_vault(store), f"webhook/{platform}"
    with store.read() as connection:
        if vault.has(connection, workspace_id, 0, name):
            return str(vault.get(connection, workspace_id, 0, name)["token"])
    if not make:
        return ""
    with store.write() as connection:
        sql.lock_name(connection, f"{name}/{workspace_id}")
        if not vault.has(connection, workspace_id, 0, name):
            vault.put(connection, workspace_id, 0, name, {"token": secrets.token_urlsafe(32)})
        return str(vault.get(connection, workspace_id, 0, name)["token"])


# What a person sees


def notices(viewer: Viewer, connection_id: int) -> NoticesView | None:
    """How notices reach a connection; None where its platform sends none. Raises NotFound."""
    viewer.require(Right.MANAGE)
    store = database.current()
    with store.read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        last = hooks.last_notice(connection, row.workspace_id, row.id)
        subscribed = hooks.subscriptions(connection, row.workspace_id, row.id)
    declared = platforms.connectors().get(row.platform)
    if declared is None or declared.webhook is None:
        return None
    hook = declared.webhook
    ends = [one.until for one in subscribed]
    known = [end for end in ends if end is not None]
    refused = next((one.problem for one in subscribed if one.problem), "")
    return NoticesView(
        title=declared.title,
        address=_address(store, row, hook),
        problem=_problem(_base()) or refused,
        token=_token(store, row.workspace_id, row.platform, make=True) if hook.has_token else "",
        steps=hook.steps,
        last=last,
        by_itself=hook.subscribe is not None,
        until=clock.from_epoch_ms(min(known)) if known and len(known) == len(ends) else None,
    )


def _base() -> str:
    """Where the site is reached from outside; a scheduler on its own knows it only from the settings."""
    return site.address() or config.load().base_url


def _problem(base: str) -> str:
    parts = urlsplit(base)
    if parts.scheme == "https" and parts.hostname and parts.hostname not in config.LOOPBACK:
        return ""
    return tr(
        "Platforms can send notices only to a public https address. Set PLUMBLINE_BASE_URL to the one this site has."
    )


def _address(store: Database, row: ConnectionRow, hook: Webhook) -> str:
    """Where a platform sends notices. An app of the workspace's own, and a subscription, name the workspace."""
    address = f"{_base()}{PATH}/{row.platform}"
    if hook.subscribe or credentials.has_own_app_keys(store, row.workspace_id, row.platform):
        return with_query(address, workspace=str(row.workspace_id))
    return address


# What is done every hour


def renew(store: Database, now: datetime, stop: threading.Event | None = None) -> int:
    """Ask for notices where no person is needed and they are about to end; returns how often that went well."""
    if _problem(_base()):
        return 0
    asked = 0
    with store.read() as connection:
        rows = [row for row in connections.list_all(connection) if row.state == "active"]
    for row in rows:
        declared = platforms.connectors().get(row.platform)
        if declared and declared.webhook and declared.webhook.subscribe and not (stop and stop.is_set()):
            asked += sum(_subscribe(store, row, declared.webhook, account, now) for account in _ending(store, row, now))
    return asked


def _ending(store: Database, row: ConnectionRow, now: datetime) -> list[str]:
    """The accounts of a connection whose notices are to be asked for (again)."""
    with store.read() as connection:
        own = entities.accounts(connection, row.workspace_id, connection_id=row.id, selected=True)
        known = {one.account: one for one in hooks.subscriptions(connection, row.workspace_id, row.id)}
    soon, just_asked = clock.epoch_ms(now + RENEW_BEFORE), clock.epoch_ms(now - ASK_AGAIN)
    lasting = {name for name, one in known.items() if (one.until or 0) > soon or one.asked_at > just_asked}
    return [account.external_id for account in own if account.external_id not in lasting]


def _subscribe(store: Database, row: ConnectionRow, hook: Webhook, account: str, now: datetime) -> bool:
    """Ask for notices of one account. That it was asked is noted first: the platform may ask back at once."""
    assert hook.subscribe is not None  # noqa: S101  (asked for only where it is there)
    try:
        token = _token(store, row.workspace_id, row.platform, make=True)
        _note(store, row, account, now)
        keys = WebhookKeys(AppKeys(""), token)
        hook.subscribe(platforms.gateway_of(row), account, _address(store, row, hook), keys)
    except AppError as error:
        log.warning("%s was not asked for notices: %s", row.platform, error)
        _note(store, row, account, now, error.message)
        return False
    return True


def _note(store: Database, row: ConnectionRow, account: str, now: datetime, problem: str = "") -> None:
    with store.write() as connection:
        hooks.asked(connection, row.workspace_id, row.id, account, now, problem)


def forget(store: Database, now: datetime) -> int:
    """Forget the fingerprints of yesterday's notices; returns how many."""
    with store.write() as connection:
        return hooks.forget(connection, now)
