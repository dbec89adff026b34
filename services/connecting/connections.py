"""Connections as a person sees them: what can be connected, what is, how it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from connectors.base import ApiVersion, Connector, Scope
from core import clock
from core.errors import BadQuestion, BadSetting
from core.kept import retold
from core.language import tr, trn
from core.viewer import Right, Viewer
from services import sync
from services.connecting import budget, choices, consent, credentials, platforms
from services.connecting.choices import OptionView, StepView
from services.sync import rhythm
from services.words import calendar
from storage import connections, database, entities, runs, spend, workspaces
from storage.connections import ConnectionRow
from storage.database import Connection, Database
from storage.entities import AccountRow
from storage.limits import SqlLimitStore
from storage.runs import RunRow

WARN_DAYS = (14, 3, 0)
"""Days before a login runs out at which it is said."""
VERSION_DAYS = 60
"""Days before a version of a platform's interface ends at which it is said."""


@dataclass(frozen=True, slots=True)
class PlatformView:
    """A platform as a card: what it brings, how often, how far back, and what connecting it takes."""

    platform: str
    title: str
    category: str
    brings: str
    every: timedelta
    history_days: int
    state: str
    setup_steps: tuple[str, ...]
    setup_url: str
    has_keys: bool


@dataclass(frozen=True, slots=True)
class LimitView:
    """A rate limit of the platform: units used in the last `per_s` seconds, of those it allows."""

    name: str
    used: float
    calls: float
    per_s: float


@dataclass(frozen=True, slots=True)
class StreamView:
    """How a stream of an account went when it was last read, which was by the run that began at `at`. `rows` were new
    or changed then, `left_days` of its history are still to be read."""

    account: str
    title: str
    state: str
    reason: str
    hint: str
    rows: int
    left_days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection with its health. `state`: new, active, attention, paused; `running` while a sync is under way;
    `progress` from 0 to 1 then. `chosen_hours` is the rhythm a person chose. `login_ends` is None for logins that renew
    themselves. `permissions` are those a consent asks for. `resting` says what the month's budget stopped, and until
    when; empty otherwise. `spent` is what metered reads cost this month, of `budget`, in US dollars; None where reads
    are free."""

    id: int
    platform: str
    title: str
    name: str
    state: str
    reason: str
    hint: str
    is_demo: bool
    running: bool
    progress: float
    every: timedelta
    chosen_hours: float | None
    last_success: datetime | None
    next_run: datetime | None
    requested: bool
    login_ends: datetime | None
    login_warning: str
    version_warning: str
    left_days: int
    accounts: tuple[AccountRow, ...]
    runs: tuple[RunRow, ...]
    facts: int
    requests: int
    limits: tuple[LimitView, ...]
    ladder: tuple[StepView, ...]
    optional: tuple[OptionView, ...]
    permissions: tuple[Scope, ...]
    resting: str
    spent: float | None
    budget: float

    @property
    def streams(self) -> tuple[StreamView, ...]:
        """Every stream as it was last read, by account and title."""
        found: dict[str, StreamView] = {}
        for run in self.runs:
            for key, entry in run.streams.items():
                if entry["state"] != "waiting":
                    found.setdefault(key, _stream(entry, run))
        return tuple(sorted(found.values(), key=lambda one: (one.account, one.title)))


def _stream(entry: Mapping[str, Any], run: RunRow) -> StreamView:
    rows = int(entry["facts"]) + int(entry["posts"]) + int(entry["readings"])
    rows += int(entry.get("comments", 0))
    return StreamView(
        account=str(entry["account"]),
        title=str(entry["title"]),
        state=str(entry["state"]),
        reason=str(entry["reason"]),
        hint=str(entry["hint"]),
        rows=rows,
        left_days=int(entry["left_days"]),
        at=clock.from_epoch_ms(run.started_at),
    )


def available(viewer: Viewer) -> list[PlatformView]:
    """Every platform there is a connector for. `state`: connected, attention or available."""
    viewer.require(Right.READ)
    store = database.current()
    with store.read() as connection:
        rows = connections.list_all(connection, viewer.workspace_id)
    return [_card(store, viewer, declared, rows) for declared in platforms.connectors().values()]


def _card(store: Database, viewer: Viewer, declared: Connector, rows: list[ConnectionRow]) -> PlatformView:
    states = {row.state for row in rows if row.platform == declared.platform} - {"disconnected"}
    state = "attention" if "attention" in states else "connected" if states - {"new"} else "available"
    return PlatformView(
        platform=declared.platform,
        title=declared.title,
        category=str(declared.category),
        brings=declared.brings,
        every=declared.every,
        history_days=max(
            (one.history_days for one in declared.streams if one.windowed and not one.lifetime), default=0
        ),
        state=state,
        setup_steps=declared.auth.setup_steps,
        setup_url=declared.auth.setup_url,
        has_keys=credentials.has_app_keys(store, viewer.workspace_id, declared.platform),
    )


def list_all(viewer: Viewer, *, now: datetime | None = None, n_runs: int = 20) -> list[ConnectionView]:
    """The connections of the workspace with their health, oldest first; those disconnected are left out."""
    viewer.require(Right.READ)
    moment = now or clock.utc_now()
    with database.current().read() as connection:
        is_demo = workspaces.get(connection, viewer.workspace_id).kind == "demo"
        rows = [row for row in connections.list_all(connection, viewer.workspace_id) if row.state != "disconnected"]
        return [_view(connection, row, is_demo, moment, n_runs) for row in rows]


def get(viewer: Viewer, connection_id: int, *, now: datetime | None = None, n_runs: int = 20) -> ConnectionView:
    """One connection with its health. Raises NotFound."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        is_demo = workspaces.get(connection, viewer.workspace_id).kind == "demo"
        return _view(connection, row, is_demo, now or clock.utc_now(), n_runs)


def _view(connection: Connection, row: ConnectionRow, is_demo: bool, now: datetime, n_runs: int) -> ConnectionView:
    declared = platforms.connectors().get(row.platform)
    latest = _latest(connection, row, n_runs)
    whole = [run for run in latest if run.whole]
    running = latest[0] if latest and latest[0].outcome == "running" else None
    ends = _moment(row.token_expires_at)
    return ConnectionView(
        id=row.id,
        platform=row.platform,
        title=platforms.title(row.platform),
        name=row.name,
        state=row.state,
        reason=row.reason,
        hint=row.hint,
        is_demo=is_demo,
        running=running is not None,
        progress=running.progress if running else 1.0 if latest else 0.0,
        every=rhythm.cadence(declared, row.options) if declared else timedelta(0),
        chosen_hours=row.options.get("every_hours"),
        last_success=_moment(row.last_success_at),
        next_run=_moment(row.next_run_at),
        requested=row.sync_requested_at is not None,
        login_ends=ends,
        login_warning=login_warning(platforms.title(row.platform), ends, now),
        version_warning=version_warning(declared.title, declared.api_version, now.date()) if declared else "",
        left_days=max((int(entry.get("left_days", 0)) for entry in whole[0].streams.values()), default=0)
        if whole
        else 0,
        accounts=tuple(entities.accounts(connection, row.workspace_id, connection_id=row.id)),
        runs=tuple(latest),
        facts=sum(run.facts for run in latest),
        requests=sum(run.requests for run in latest),
        limits=_limits(declared, row, now) if declared else (),
        ladder=choices.ladder_of(declared, row) if declared else (),
        optional=choices.options_of(declared, row) if declared else (),
        permissions=choices.permissions_of(declared, row) if declared else (),
        resting=_resting(whole),
        spent=_spent(connection, row, now) if declared and declared.tariff else None,
        budget=budget.budget_of(declared.tariff, row.options) if declared and declared.tariff else 0.0,
    )


def _spent(connection: Connection, row: ConnectionRow, now: datetime) -> float:
    return spend.month_total(spend.of_month(connection, row.workspace_id, row.id, spend.month_of(now)))


def _latest(connection: Connection, row: ConnectionRow, limit: int) -> list[RunRow]:
    """The latest runs, and with them the latest whole one, however many notices came since."""
    latest = runs.newest(connection, row.workspace_id, row.id, limit=limit)
    if latest and not any(run.whole for run in latest):
        latest += runs.newest(connection, row.workspace_id, row.id, limit=1, whole=True)
    return latest


def _resting(whole: list[RunRow]) -> str:
    ended = next((run for run in whole if run.outcome != "running"), None)
    entries = ended.streams.values() if ended else ()
    return next((retold(f"{one['reason']} {one['hint']}".strip()) for one in entries if one["state"] == "resting"), "")


def _limits(declared: Connector, row: ConnectionRow, now: datetime) -> tuple[LimitView, ...]:
    kept = SqlLimitStore(database.current())
    key = platforms.limit_key(row)
    return tuple(
        LimitView(limit.name, kept.used(f"{key}/{limit.name}", limit.per_s, now), limit.calls, limit.per_s)
        for limit in declared.limits
    )


def login_warning(title: str, ends: datetime | None, now: datetime) -> str:
    """What to say about a login that runs out, from fourteen days before; empty otherwise."""
    if ends is None:
        return ""
    days = (ends - now).total_seconds() / 86400
    if days <= 0:
        return tr("The login for {title} has run out. Connect again; the days in between are read then.", title=title)
    if days > WARN_DAYS[0]:
        return ""
    if days < 1:
        return tr("The login for {title} runs out today. Connect again to keep the numbers coming.", title=title)
    return trn(
        "The login for {title} runs out in {n} day. Connect again to keep the numbers coming.",
        "The login for {title} runs out in {n} days. Connect again to keep the numbers coming.",
        int(days),
        title=title,
    )


def version_warning(title: str, version: ApiVersion, today: date) -> str:
    """What to say about a version of a platform's interface that ends, from sixty days before; empty otherwise."""
    if version.ends is None or today < version.ends - timedelta(days=VERSION_DAYS):
        return ""
    day = calendar.day_words(version.ends, year=True)
    if today < version.ends:
        ends = tr("{title} ends version {name} of its interface on {day}.", title=title, name=version.name, day=day)
        return f"{ends} {tr('Update Plumbline before then, or reading stops.')}"
    return tr(
        "{title} ended version {name} of its interface on {day}. Update Plumbline to go on reading.",
        title=title,
        name=version.name,
        day=day,
    )


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else clock.from_epoch_ms(ms)


def save_app_keys(viewer: Viewer, platform: str, client_id: str, client_secret: str) -> None:
    """Keep the workspace's own app keys for a platform, encrypted. Raises BadSetting, NotFound."""
    viewer.require(Right.MANAGE)
    platforms.connector(platform)
    credentials.put_app_keys(database.current(), viewer.workspace_id, platform, client_id, client_secret)


def add(viewer: Viewer, platform: str, *, gateway: str = "", name: str = "", now: datetime | None = None) -> int:
    """A connection that waits for consent; one that waits already is used again. Returns its id."""
    viewer.require(Right.MANAGE)
    platforms.connector(platform)
    with database.current().write() as connection:
        for row in connections.list_all(connection, viewer.workspace_id):
            if (row.platform, row.state, row.gateway) == (platform, "new", gateway):
                return row.id
        return connections.add(
            connection, viewer.workspace_id, platform, name, now=now or clock.utc_now(), gateway=gateway
        )


def refresh_accounts(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> int:
    """Ask the platform again which accounts the login covers; returns how many."""
    viewer.require(Right.MANAGE)
    store = database.current()
    with store.read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
    return len(consent.list_accounts(store, row, now or clock.utc_now()))


def select_accounts(viewer: Viewer, connection_id: int, account_ids: list[int]) -> None:
    """Choose which accounts are read. Raises BadSetting when none is left, or one belongs elsewhere."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        known = {
            account.id for account in entities.accounts(connection, viewer.workspace_id, connection_id=connection_id)
        }
        if not account_ids or not known.issuperset(account_ids):
            raise BadSetting(tr("Choose at least one account of this connection."))
        entities.select_accounts(connection, viewer.workspace_id, connection_id, account_ids)


def sync_now(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> None:
    """Ask for a sync; the scheduler begins it within seconds."""
    _change(viewer, connection_id, sync_requested_at=clock.epoch_ms(now or clock.utc_now()))


def backfill(viewer: Viewer, connection_id: int, first: date, last: date, *, now: datetime | None = None) -> None:
    """Ask for these days to be read (again). Raises BadQuestion when there are none."""
    moment = now or clock.utc_now()
    if last < first or first > moment.date():
        raise BadQuestion(
            tr("These days cannot be read."), hint=tr("Choose a first day in the past, and a last day after it.")
        )
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        options = {**row.options, "backfill": [clock.epoch_day(first), clock.epoch_day(last)]}
        asked = clock.epoch_ms(moment)
        connections.update(connection, viewer.workspace_id, connection_id, options=options, sync_requested_at=asked)


def set_cadence(viewer: Viewer, connection_id: int, hours: float | None) -> None:
    """Read every so many hours; None goes back to what the platform declares. Raises BadSetting."""
    viewer.require(Right.MANAGE)
    if hours is not None and not 0.25 <= hours <= 168:
        raise BadSetting(tr("A connection can be read every quarter of an hour at most, and once a week at least."))
    with database.current().write() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        options = {name: value for name, value in row.options.items() if name != "every_hours"}
        options |= {} if hours is None else {"every_hours": hours}
        connections.update(connection, viewer.workspace_id, connection_id, options=options)


def pause(viewer: Viewer, connection_id: int) -> None:
    """Read nothing until `resume`."""
    _change(viewer, connection_id, state="paused", next_run_at=None)


def resume(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> None:
    """Read again, beginning now."""
    _change(viewer, connection_id, state="active", next_run_at=clock.epoch_ms(now or clock.utc_now()))


def _change(viewer: Viewer, connection_id: int, **changes: object) -> None:
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        connections.update(connection, viewer.workspace_id, connection_id, **changes)


def disconnect(viewer: Viewer, connection_id: int, *, delete_data: bool) -> None:
    """End a connection and forget its token. Its accounts keep their numbers, and go on when the same account is
    connected again; with `delete_data`, they are deleted with everything known of them.

    Raises StoreBusy while it is being read: a sync must not write what was just deleted.
    """
    viewer.require(Right.MANAGE)
    with sync.locked(connection_id), database.current().write() as connection:
        connections.get(connection, viewer.workspace_id, connection_id)
        accounts = entities.accounts(connection, viewer.workspace_id, connection_id=connection_id)
        if delete_data:
            for account in accounts:
                entities.forget_account(connection, viewer.workspace_id, account.id)
            spend.forget(connection, viewer.workspace_id, connection_id)
        entities.detach_accounts(connection, viewer.workspace_id, connection_id)
        connections.delete(connection, viewer.workspace_id, connection_id)
