"""A test read: what each metric of a connection gives for the newest days, with nothing stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.base import Connector, Source, Stream, Window
from connectors.http import Client
from core import clock, records
from core.errors import AppError, NotConnected
from core.language import tr
from core.records import Coverage, Fact, Reading
from core.viewer import Right, Viewer
from services.connecting import credentials, platforms
from services.sync import collecting, marking, planning, refusals, rhythm
from services.sync.known_posts import StoredPosts
from storage import connections, database, entities
from storage.entities import AccountRow

_DAYS = 3
"""Days besides those a platform shows late: enough to see one, few enough to answer while a person waits."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one metric: how many values, or why none (`reason`, and `hint` what to do)."""

    account: str
    stream: str
    metric: str
    values: int
    reason: str = ""
    hint: str = ""


def read(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> list[Tried]:
    """Read the newest days of the first chosen account, stream by stream, and tell each metric's result.

    Raises NotConnected when no account is chosen, NotFound.
    """
    viewer.require(Right.MANAGE)
    store, moment = database.current(), now or clock.utc_now()
    with store.read() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        accounts = entities.accounts(connection, viewer.workspace_id, connection_id=connection_id, selected=True)
    if not accounts:
        raise NotConnected(tr("No account is chosen."), hint=tr("Choose at least one account of this connection."))
    declared = platforms.connector(row.platform)
    granted = credentials.VaultTokens(store, row.workspace_id, row.id).load().scopes
    client = platforms.client(store, row)
    posts = StoredPosts(store, row.workspace_id, accounts[0].id)
    source = _source(client, accounts[0], posts)
    streams = [stream for stream in declared.streams if rhythm.is_on(stream, row.options)]
    return [one for stream in streams for one in _try(declared, accounts[0], stream, source, granted, moment)]


def _source(client: Client, account: AccountRow, posts: StoredPosts) -> Source:
    values = {name: getattr(account, name) for name in records.Account.__slots__}
    return Source(client, records.Account(**values), posts)


def _try(
    declared: Connector, account: AccountRow, stream: Stream, source: Source, granted: tuple[str, ...], now: datetime
) -> list[Tried]:
    if missing := marking.without_scopes(stream, granted):
        reason, hint = (
            tr("The permission {permission} was not granted.", permission=missing[0]),
            tr("Connect {platform} again.", platform=declared.title),
        )
        return [Tried(account.name, stream.title, metric, 0, reason, hint) for metric in stream.metrics]
    job = planning.prepare(declared, account, stream, None, now)
    today = clock.from_epoch_day(job.today)
    first = today - _reach(stream)
    task = planning.Task(job, Window(first, today, now))
    try:
        batch = collecting.collect(declared, task, stream.read(source, task.window))
    except AppError as error:
        return [Tried(account.name, stream.title, metric, 0, error.message, error.hint) for metric in stream.metrics]
    found = _counted([*batch.facts, *batch.readings])
    why = {
        one.metric: refusals.of_metric(declared.title, one.metric, one.reason)
        for one in batch.coverage
        if isinstance(one, Coverage)
    }
    nothing = tr("Nothing in the last days.")
    return [
        Tried(account.name, stream.title, metric, found[metric], "" if found[metric] else why.get(metric, nothing))
        for metric in dict.fromkeys(stream.metrics)
    ]


def _reach(stream: Stream) -> timedelta:
    """How far back to ask: over the days that the platform is known to show late."""
    return timedelta(days=_DAYS - 1) + timedelta(days=stream.settles_after.days) if stream.windowed else timedelta(0)


def _counted(values: list[Fact | Reading]) -> Counter[str]:
    return Counter(one.metric for one in values)
