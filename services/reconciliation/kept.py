"""The list of numbers that people read in a platform's own interface."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime

from analytics.metrics import registry
from core import clock
from core.errors import BadQuestion, BadSetting
from core.metric import Metric, Unit
from core.question import Period
from core.viewer import Right, Viewer
from services import platforms
from services.quality import scope
from storage import database, entities, reconciliation
from storage.entities import AccountRow
from storage.reconciliation import ReconciliationRow

LONGEST_NOTE = 200
_DERIVED = ("engagement", "followers_net")


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that somebody read: of a metric of an account over a period, in the metric's unit."""

    id: int
    account_id: int
    account: str
    platform: str
    metric: str
    title: str
    period: Period
    stated: float
    note: str
    person: str
    made_at: datetime


def metrics(account: AccountRow) -> tuple[Metric, ...]:
    """What can be compared for an account: everything its platform gives by day, and what is summed from it."""
    found = [one for one in scope.STORED if registry.offered(one.name, account.platform) and one.grain == "day"]
    derived = [registry.METRICS[name] for name in _DERIVED if account.platform in registry.platforms(name)]
    order = list(registry.METRICS)
    return tuple(sorted([*derived, *found], key=lambda one: order.index(one.name)))


def add(
    viewer: Viewer, account_id: int, metric: str, period: Period, stated: float, note: str = "", *, now: datetime
) -> int:
    """Keep a number; returns its id. Raises BadSetting or BadQuestion for one that cannot be compared, NotFound."""
    viewer.require(Right.MANAGE)
    if not math.isfinite(stated):
        raise BadSetting("That is not a number.", hint="Enter it with all its digits, as the platform shows it.")
    said = " ".join(note.split())
    if len(said) > LONGEST_NOTE:
        raise BadSetting(f"A note has at most {LONGEST_NOTE} characters.")
    known = registry.metric(metric)
    with database.current().write() as connection:
        account = entities.account(connection, viewer.workspace_id, account_id)
        if known not in metrics(account):
            raise BadQuestion(f"{platforms.title(account.platform)} does not give {known.title.lower()} by day.")
        if period.first > clock.local_day(now, scope.day_zone(account)):
            raise BadQuestion("This period has not begun.", hint="Choose days of the past.")
        days = clock.epoch_day(period.first), clock.epoch_day(period.last)
        return reconciliation.add(
            connection, viewer.workspace_id, account_id, metric, days, stated, note=said, person=viewer.person, now=now
        )


def newest(viewer: Viewer, limit: int) -> tuple[tuple[Stated, ...], int]:
    """The newest of them, and how many there are."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        rows = reconciliation.newest(connection, viewer.workspace_id, limit)
        accounts = {one.id: one for one in entities.accounts(connection, viewer.workspace_id)}
        total = reconciliation.count(connection, viewer.workspace_id)
    return tuple(_named(row, accounts[row.account_id]) for row in rows if row.account_id in accounts), total


def remove(viewer: Viewer, reconciliation_id: int) -> None:
    """Take a number off the list; nothing happens when it is gone already."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        reconciliation.delete(connection, viewer.workspace_id, reconciliation_id)


def _named(row: ReconciliationRow, account: AccountRow) -> Stated:
    return Stated(
        id=row.id,
        account_id=row.account_id,
        account=scope.name(account),
        platform=account.platform,
        metric=row.metric,
        title=registry.metric(row.metric).title,
        period=Period(clock.from_epoch_day(row.first_day), clock.from_epoch_day(row.last_day)),
        stated=row.stated,
        note=row.note,
        person=row.person,
        made_at=clock.from_epoch_ms(row.made_at),
    )


def unit_words(metric: Metric, currency: str) -> str:
    """The unit to type a number in.

    >>> unit_words(registry.METRICS["watch_time"], "USD")
    'seconds'
    """
    if metric.unit is Unit.MONEY:
        return currency
    return "seconds" if metric.unit is Unit.SECONDS else ""


def last_full_month(today: date) -> Period:
    """The last calendar month that is over.

    >>> last_full_month(date(2026, 3, 5)).first, last_full_month(date(2026, 3, 5)).last
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    last = clock.from_epoch_day(clock.epoch_day(today.replace(day=1)) - 1)
    return Period(last.replace(day=1), last)
