"""Which accounts a question about the quality of numbers is about, and what they are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from analytics.metrics import registry
from connectors.base import Stream
from core import clock
from core.metric import Metric
from core.question import Period, Where
from services.ask.notes import account_title
from services.connecting import platforms
from services.sync import planning
from storage import entities, workspaces
from storage.database import Connection
from storage.entities import AccountRow

STORED: tuple[Metric, ...] = tuple(metric for metric in registry.METRICS.values() if not metric.derived)
"""Every metric that is kept."""
STORED_IDS: tuple[int, ...] = tuple(metric.id for metric in STORED)
_SETTLES = timedelta(days=1)


def accounts(connection: Connection, workspace_id: int, where: Where) -> tuple[AccountRow, ...]:
    """The accounts that are read, inside the filters, by platform and name."""
    found = entities.accounts(connection, workspace_id, where.platforms or None, selected=True)
    return tuple(one for one in found if not where.accounts or one.id in where.accounts)


def titles(every: Sequence[AccountRow]) -> dict[int, str]:
    """Account -> a name with its platform."""
    return {one.id: f"{platforms.title(one.platform)} · {account_title(one)}" for one in every}


def past(connection: Connection, workspace_id: int, period: Period, now: datetime) -> Period:
    """The period without days that have not begun where the workspace is."""
    today = clock.local_day(now, workspaces.get(connection, workspace_id).time_zone)
    return Period(min(period.first, today), min(period.last, today))


def day_zone(account: AccountRow) -> str:
    """The time zone of the account's days."""
    declared = platforms.connectors().get(account.platform)
    return platforms.day_zone(declared, account.time_zone) if declared else account.time_zone or "UTC"


def settled(account: AccountRow, metric: str, now: datetime) -> date:
    """The newest day of a metric that the platform has had time to show: of the slowest stream that gives it."""
    zone = day_zone(account)
    days = [planning.settled_day(stream, zone, now) for stream in _streams(account, metric)]
    if days:
        return clock.from_epoch_day(min(days))
    return clock.local_day(now - _SETTLES, zone) - timedelta(days=1)


def _streams(account: AccountRow, metric: str) -> list[Stream]:
    declared = platforms.connectors().get(account.platform)
    return [one for one in declared.streams if metric in one.metrics and one.windowed] if declared else []
