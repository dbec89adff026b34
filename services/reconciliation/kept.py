"""The list of numbers that people read in a platform's own interface."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from analytics.metrics import registry
from core import clock
from core.errors import BadQuestion, BadSetting
from core.language import inside, tr
from core.metric import Metric, Unit
from core.question import Period
from core.viewer import Right, Viewer
from services.ask.notes import account_title
from services.connecting import platforms
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

    @property
    def whose(self) -> str:
        """The account and its platform."""
        return f"{self.account} ({platforms.title(self.platform)})"


def metrics(account: AccountRow) -> tuple[Metric, ...]:
    """What can be compared for an account: everything its platform gives by day, what is summed from it, and the rates
    of the two that a platform may show."""
    found = {one.name for one in scope.STORED if registry.offered(one.name, account.platform) and one.grain == "day"}
    found |= {name for name in _DERIVED if account.platform in registry.platforms(name)}
    rates = {one.name for one in registry.METRICS.values() if one.pairs == "day" and not one.opening
             and {one.numerator, one.denominator} <= found}  # fmt: skip
    return tuple(one for one in registry.METRICS.values() if one.name in found | rates)


def add(
    viewer: Viewer, account_id: int, metric: str, period: Period, stated: float, note: str = "", *, now: datetime
) -> int:
    """Keep a number; returns its id. Raises BadSetting or BadQuestion for one that cannot be compared, NotFound."""
    viewer.require(Right.MANAGE)
    if not math.isfinite(stated):
        raise BadSetting(
            tr("That is not a number."), hint=tr("Enter it with all its digits, as the platform shows it.")
        )
    said = " ".join(note.split())
    if len(said) > LONGEST_NOTE:
        raise BadSetting(tr("A note has at most {n} characters.", n=LONGEST_NOTE))
    known = registry.metric(metric)
    with database.current().write() as connection:
        account = entities.account(connection, viewer.workspace_id, account_id)
        if known not in metrics(account):
            named = {"platform": platforms.title(account.platform), "metric": inside(tr(known.title))}
            raise BadQuestion(tr("{platform} does not give {metric} by day.", **named))
        if period.first > clock.local_day(now, scope.day_zone(account)):
            raise BadQuestion(tr("This period has not begun."), hint=tr("Choose days of the past."))
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


def of_same_days(viewer: Viewer, stated: Stated) -> dict[str, Stated]:
    """Metric -> the newest number that was noted of the same account and days."""
    viewer.require(Right.READ)
    days = clock.epoch_day(stated.period.first), clock.epoch_day(stated.period.last)
    with database.current().read() as connection:
        rows = reconciliation.newest(connection, viewer.workspace_id)
        account = entities.account(connection, viewer.workspace_id, stated.account_id)
    same = [row for row in rows if (row.account_id, row.first_day, row.last_day) == (stated.account_id, *days)]
    return {row.metric: _named(row, account) for row in reversed(same)}


def remove(viewer: Viewer, reconciliation_id: int) -> None:
    """Take a number off the list; nothing happens when it is gone already."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        reconciliation.delete(connection, viewer.workspace_id, reconciliation_id)


def _named(row: ReconciliationRow, account: AccountRow) -> Stated:
    return Stated(
        id=row.id,
        account_id=row.account_id,
        account=account_title(account),
        platform=account.platform,
        metric=row.metric,
        title=tr(registry.metric(row.metric).title),
        period=Period(clock.from_epoch_day(row.first_day), clock.from_epoch_day(row.last_day)),
        stated=row.stated,
        note=row.note,
        person=row.person,
        made_at=clock.from_epoch_ms(row.made_at),
    )


def unit_words(metric: Metric, currency: str) -> str:
    """The unit to type a number in.

    >>> unit_words(registry.METRICS["watch_time"], "USD"), unit_words(registry.METRICS["engagement_rate"], "USD")
    ('seconds', '%')
    """
    return {Unit.MONEY: currency, Unit.SECONDS: tr("seconds"), Unit.RATIO: "%"}.get(metric.unit, "")


def typed(metric: Metric, number: float) -> float:
    """A typed number in the metric's unit: rates are typed in percent.

    >>> typed(registry.METRICS["engagement_rate"], 4.5), typed(registry.METRICS["views"], 4.5)
    (0.045, 4.5)
    """
    return number / 100 if metric.unit is Unit.RATIO else number
