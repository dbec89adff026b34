"""Notices that platforms sent by themselves: which were taken, when a connection had its last one, and subscriptions.

Nothing of what a notice says is kept, only a fingerprint, for a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, exists, select

from core.clock import epoch_ms, from_epoch_ms
from storage import runs, sql
from storage.tables import Connection as ConnectionTable
from storage.tables import SyncRun, WebhookDelivery, WebhookNotice, WebhookSubscription

KEPT = timedelta(days=1)
"""How long a notice is known again."""

_delivery, _notice = sql.table(WebhookDelivery), sql.table(WebhookNotice)
_subscription, _connection = sql.table(WebhookSubscription), sql.table(ConnectionTable)
_run = sql.table(SyncRun)
_MEET = (runs.NOTICE, "request")
"""Runs that read what a notice is about, however recently that was read; one on schedule may not."""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription as stored. Moments are ms since 1970 UTC; `until` is None while it is not confirmed."""

    workspace_id: int
    connection_id: int
    account: str
    asked_at: int
    until: int | None
    problem: str


def take(connection: Connection, workspace_id: int, fingerprint: str, now: datetime) -> bool:
    """Take a notice; False when it was taken before. One process alone is told True."""
    row = {"workspace_id": workspace_id, "fingerprint": fingerprint, "received_at": epoch_ms(now)}
    return sql.upsert(connection, _delivery, [row], ("workspace_id", "fingerprint"), ()) == 1


def received(connection: Connection, workspace_id: int, connection_id: int, now: datetime) -> None:
    """Note that a connection had a notice."""
    row = {"workspace_id": workspace_id, "connection_id": connection_id, "received_at": epoch_ms(now), "asked_at": 0}
    sql.upsert(connection, _notice, [row], ("workspace_id", "connection_id"), ("received_at",))


def wish(connection: Connection, workspace_id: int, connection_id: int, now: datetime) -> bool:
    """Ask for a read because of a notice; False when one is asked for already, which will see this news, too."""
    here = _of(_notice, workspace_id, connection_id)
    change = _notice.update().where(here, ~_is_open(now)).values(asked_at=epoch_ms(now))
    return connection.execute(change).rowcount == 1


def waiting(connection: Connection, now: datetime, pause: timedelta) -> list[tuple[int, int]]:
    """Workspace and id of the connections to read because of a notice that came `pause` ago; longest waiting first."""
    ripe = _is_open(now) & (_notice.c.asked_at <= epoch_ms(now - pause))
    query = select(_notice.c.workspace_id, _notice.c.connection_id).where(ripe).order_by(_notice.c.asked_at)
    return [(int(row[0]), int(row[1])) for row in connection.execute(query)]


def _is_open(now: datetime) -> ColumnElement[bool]:
    """Asked for, and nothing was read for it since. A wish that nobody met in a day is forgotten."""
    same = (_run.c.workspace_id == _notice.c.workspace_id) & (_run.c.connection_id == _notice.c.connection_id)
    met = same & (_run.c.started_at >= _notice.c.asked_at) & _run.c.trigger.in_(_MEET)
    done = exists().where(met, _run.c.outcome != "interrupted")
    return (_notice.c.asked_at > epoch_ms(now - KEPT)) & ~done


def last_notice(connection: Connection, workspace_id: int, connection_id: int) -> datetime | None:
    """When a connection had its last notice, None when it never had one."""
    query = select(_notice.c.received_at).where(_of(_notice, workspace_id, connection_id))
    moment = connection.execute(query).scalar()
    return None if moment is None else from_epoch_ms(moment)


def subscriptions(connection: Connection, workspace_id: int, connection_id: int) -> list[SubscriptionRow]:
    """The subscriptions of a connection, by account."""
    query = select(_subscription).where(_of(_subscription, workspace_id, connection_id))
    rows = connection.execute(query.order_by(_subscription.c.account))
    return [sql.values(row, SubscriptionRow) for row in rows]


def asked(
    connection: Connection, workspace_id: int, connection_id: int, account: str, now: datetime, problem: str = ""
) -> None:
    """Note that the platform was asked to send notices of an account, and why it cannot; what it confirmed stays."""
    key = {"workspace_id": workspace_id, "connection_id": connection_id, "account": account}
    row = {**key, "asked_at": epoch_ms(now), "until": None, "problem": problem}
    sql.upsert(connection, _subscription, [row], tuple(key), ("asked_at", "problem"))


def confirmed(connection: Connection, workspace_id: int, account: str, until: datetime) -> int:
    """Note until when the platform sends notices of an account; returns how many connections had asked for them."""
    here = (_subscription.c.workspace_id == workspace_id) & (_subscription.c.account == account)
    change = _subscription.update().where(here).values(until=epoch_ms(until), problem="")
    return connection.execute(change).rowcount


def forget(connection: Connection, now: datetime) -> int:
    """Forget notices older than a day, and what belongs to connections that are gone; returns how many notices."""
    for table in (_notice, _subscription):
        same = (_connection.c.workspace_id == table.c.workspace_id) & (_connection.c.id == table.c.connection_id)
        connection.execute(table.delete().where(~exists().where(same)))
    old = _delivery.c.received_at < epoch_ms(now - KEPT)
    return connection.execute(_delivery.delete().where(old)).rowcount


def _of(table: Table, workspace_id: int, connection_id: int) -> ColumnElement[bool]:
    return (table.c.workspace_id == workspace_id) & (table.c.connection_id == connection_id)
