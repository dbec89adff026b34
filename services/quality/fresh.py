"""How new everything is: per connection and per stream of an account, what was read when, what is late and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from analytics.metrics import registry
from connectors.base import Connector, Stream
from core import clock
from core.kept import retold
from core.language import mark, tr, trn
from core.metric import Adds
from core.question import Where
from core.viewer import Right, Viewer
from services.ask.notes import account_title
from services.connecting import platforms
from services.quality import scope
from services.sync import planning, rhythm
from services.words import calendar
from storage import connections, database, quality, runs
from storage.connections import ConnectionRow
from storage.database import Connection
from storage.entities import AccountRow
from storage.runs import CursorRow, RunRow

ON_TIME, LATE, RESTING, PAUSED = mark("on time"), mark("late"), mark("resting"), mark("paused")
ATTENTION, NEVER, RETRYING = mark("needs a person"), mark("not read yet"), mark("tries again")
"""How a connection or stream does."""
_ORDER = (ATTENTION, LATE, RETRYING, RESTING, NEVER, PAUSED, ON_TIME)
_BAD = frozenset({"failed", "later", "not_permitted", "resting"})
_TROUBLED = frozenset({"failed", "partial"})
_LATEST_RUNS = 5
_BACK_DAYS = 90


@dataclass(frozen=True, slots=True)
class StreamAge:
    """A stream of an account. `newest` is the newest day it brought a daily number for, None where it has none."""

    account_id: int
    account: str
    title: str
    state: str
    why: str
    newest: date | None
    last_read: datetime | None
    next_read: datetime | None


@dataclass(frozen=True, slots=True)
class ConnectionAge:
    """A connection: `state` is that of the connection, or the worst of its streams; `why` says it in a sentence."""

    id: int
    platform: str
    title: str
    name: str
    state: str
    why: str
    newest: date | None
    last_read: datetime | None
    next_read: datetime | None
    streams: tuple[StreamAge, ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """Every connection, the most pressing first. `imported` are accounts that nothing reads any more."""

    connections: tuple[ConnectionAge, ...]
    imported: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """Every stream in a row."""
        rows = [
            (one.title, stream.account, stream.title, stream.state, stream.newest, stream.last_read, stream.next_read,
             stream.why)
            for one in self.connections
            for stream in one.streams
        ]  # fmt: skip
        names = ["Platform", "Account", "What is read", "State", "Newest day", "Last read", "Next read", "Why"]
        return pd.DataFrame(rows, columns=names)


@dataclass(frozen=True, slots=True, eq=False)
class _Read:
    """What is known of a connection's reading."""

    row: ConnectionRow
    declared: Connector
    now: datetime
    entries: Mapping[str, Mapping[str, Any]]
    newest: Mapping[tuple[int, int], int]

    @property
    def cadence(self) -> timedelta:
        return rhythm.cadence(self.declared, self.row.options)


def fresh(viewer: Viewer, where: Where, *, now: datetime) -> Freshness:
    """How new everything inside the filters is."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = scope.accounts(connection, viewer.workspace_id, where)
        rows = {row.id: row for row in connections.list_all(connection, viewer.workspace_id)}
        newest = _newest(connection, viewer.workspace_id, accounts, now)
        made = [
            _connection(connection, row, [one for one in accounts if one.connection_id == row.id], newest, now)
            for row in rows.values()
            if row.state != "disconnected" and _asked(row, accounts, where)
        ]
    fed = {one.id for one in rows.values() if one.state != "disconnected"}
    alone = tuple(scope.titles([one for one in accounts if one.connection_id not in fed]).values())
    return Freshness(tuple(sorted(made, key=lambda one: (_ORDER.index(one.state), one.title, one.id))), alone)


def _asked(row: ConnectionRow, accounts: tuple[AccountRow, ...], where: Where) -> bool:
    """A connection without accounts shows only where nobody asked for some."""
    return any(one.connection_id == row.id for one in accounts) or not (where.platforms or where.accounts)


def _newest(
    connection: Connection, workspace_id: int, accounts: tuple[AccountRow, ...], now: datetime
) -> dict[tuple[int, int], int]:
    since = clock.epoch_day(now.date()) - _BACK_DAYS
    found = quality.newest_days(connection, workspace_id, scope.STORED_IDS, [one.id for one in accounts], since)
    names = ("account_id", "metric_id", "day")
    return {
        (account, metric): day
        for account, metric, day in zip(*(found[name].tolist() for name in names), strict=True)
    }  # fmt: skip


def _connection(
    connection: Connection,
    row: ConnectionRow,
    accounts: list[AccountRow],
    newest: Mapping[tuple[int, int], int],
    now: datetime,
) -> ConnectionAge:
    declared = platforms.connectors().get(row.platform)
    latest = runs.newest(connection, row.workspace_id, row.id, limit=_LATEST_RUNS)
    streams: tuple[StreamAge, ...] = ()
    if declared:
        read = _Read(row, declared, now, _entries(latest), newest)
        cursors = {one.id: runs.cursors(connection, row.workspace_id, one.id) for one in accounts}
        streams = tuple(stream for one in accounts for stream in _streams(read, one, cursors[one.id]))
    days = [one.newest for one in streams if one.newest]
    state, why = _state(row, streams, now)
    if state == ON_TIME:
        state, why = _after(latest)
    return ConnectionAge(
        id=row.id,
        platform=row.platform,
        title=platforms.title(row.platform),
        name=row.name,
        state=state,
        why=why,
        newest=max(days, default=None),
        last_read=_moment(row.last_success_at),
        next_read=_moment(row.next_run_at) if row.state == "active" else None,
        streams=streams,
    )


def _entries(latest: list[RunRow]) -> dict[str, Mapping[str, Any]]:
    """How each stream went when it last took its turn."""
    found: dict[str, Mapping[str, Any]] = {}
    for run in latest:
        for key, entry in run.streams.items():
            if entry["state"] != "waiting":
                found.setdefault(key, entry)
    return found


def _state(row: ConnectionRow, streams: tuple[StreamAge, ...], now: datetime) -> tuple[str, str]:
    if row.state == "attention":
        return ATTENTION, f"{retold(row.reason)} {retold(row.hint)}".strip()
    if row.state == "paused":
        return PAUSED, tr("It is paused, so nothing is read until somebody resumes it.")
    if row.state == "new":
        return ATTENTION, tr("It was never finished: the login is missing.")
    due = _moment(row.next_run_at)
    if due and now - due > grace(timedelta(hours=1)):
        return LATE, tr("A read was due on {when} and has not happened. Is the scheduler running?", when=_when(due))
    worst = min(streams, key=lambda one: _ORDER.index(one.state), default=None)
    if worst is None or worst.state == ON_TIME:
        return (ON_TIME, "") if row.last_success_at else (NEVER, tr("The first read has not come through yet."))
    same = [one for one in streams if one.state == worst.state]
    why = f"{worst.title}: {worst.why}"
    if len(same) > 1:
        why += " " + tr("So it is with {n} of {all} things that are read.", n=len(same), all=len(streams))
    return worst.state, why


def _after(latest: list[RunRow]) -> tuple[str, str]:
    """How the last read by rhythm or on request ended."""
    ended = next((run for run in latest if run.outcome != "running" and run.whole), None)
    if ended is None or ended.outcome not in _TROUBLED:
        return ON_TIME, ""
    how = tr("The last read failed.") if ended.outcome == "failed" else tr("The last read brought only a part.")
    return RETRYING, " ".join(filter(None, (how, retold(ended.reason), retold(ended.hint))))


def _streams(read: _Read, account: AccountRow, cursors: list[CursorRow]) -> Iterator[StreamAge]:
    """Every stream that is switched on."""
    known = {one.stream: one for one in cursors}
    for declared in read.declared.streams:
        if rhythm.is_on(declared, read.row.options):
            stream = rhythm.as_chosen(read.declared, read.row.options, declared)
            yield _stream(read, account, stream, known.get(stream.name))


def _stream(read: _Read, account: AccountRow, stream: Stream, cursor: CursorRow | None) -> StreamAge:
    every = stream.every or read.cadence
    last = _moment(cursor.ran_at) if cursor else None
    due = _moment(read.row.next_run_at)
    days = [read.newest.get((account.id, registry.METRICS[one].id)) for one in stream.metrics]
    newest = max((day for day in days if day is not None), default=None) if _has_days(stream) else None
    made = StreamAge(
        account_id=account.id,
        account=account_title(account),
        title=tr(stream.title),
        state=ON_TIME,
        why="",
        newest=None if newest is None else clock.from_epoch_day(newest),
        last_read=last,
        next_read=max(filter(None, (due, last and last + every)), default=None) if read.row.state == "active" else None,
    )
    state, why = _age(read, made, stream, read.entries.get(f"{account.id}/{stream.name}"), every, account)
    return replace(made, state=state, why=why)


def _has_days(stream: Stream) -> bool:
    """Whether it brings numbers of days: a snapshot does only if all of it are levels."""
    levels = all(registry.METRICS[one].adds is Adds.STOCK for one in stream.metrics)
    return bool(stream.metrics) and not stream.lifetime and (stream.windowed or levels)


def _age(
    read: _Read,
    made: StreamAge,
    stream: Stream,
    entry: Mapping[str, Any] | None,
    every: timedelta,
    account: AccountRow,
) -> tuple[str, str]:
    """Whether a stream is late, and why."""
    said = f"{retold(entry['reason'])} {retold(entry['hint'])}".strip() if entry else ""
    outcome = str(entry["state"]) if entry else ""
    if read.row.state == "paused":
        return PAUSED, tr("The connection is paused.")
    if outcome == "not_permitted":
        return ATTENTION, said or tr("A permission is missing.")
    if outcome == "resting":
        return RESTING, said or tr("Its limit is used up.")
    if made.last_read is None:
        return (LATE, said) if outcome in _BAD else (NEVER, said or tr("Its turn has not come yet."))
    if read.now - made.last_read > every + grace(every):
        return LATE, said or tr("It was due on {when}.", when=_when(made.last_read + every))
    return _shown(read, made, stream, every, account)


def _shown(read: _Read, made: StreamAge, stream: Stream, every: timedelta, account: AccountRow) -> tuple[str, str]:
    """Read on time; but does the platform show the days that it should?"""
    if made.newest is None or not stream.windowed:
        return ON_TIME, ""
    zone = platforms.day_zone(read.declared, account.time_zone)
    moment = read.now - every - grace(every)
    expected = clock.from_epoch_day(planning.settled_day(stream, zone, moment))
    if made.newest >= expected:
        return ON_TIME, ""
    return LATE, trn(
        "Read on time, but {platform} has shown no day after {day}: {n} day behind.",
        "Read on time, but {platform} has shown no day after {day}: {n} days behind.",
        (expected - made.newest).days,
        platform=read.declared.title,
        day=calendar.day_words(made.newest),
    )


def grace(every: timedelta) -> timedelta:
    """How long after its time a read is not called late: half its rhythm, from one hour up to twelve.

    >>> grace(timedelta(hours=4)), grace(timedelta(days=7))
    (datetime.timedelta(seconds=7200), datetime.timedelta(seconds=43200))
    """
    return min(max(every / 2, timedelta(hours=1)), timedelta(hours=12))


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else clock.from_epoch_ms(ms)


def _when(moment: datetime) -> str:
    return tr("{day} at {time} UTC", day=calendar.day_words(moment.date()), time=f"{moment:%H:%M}")
