"""Do the numbers hang together? Each check holds two numbers against each other that were read apart, and can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from analytics.metrics import registry
from core import clock
from core.language import mark, tr
from core.question import Period, Where
from core.records import GRAINS
from core.viewer import Right, Viewer
from services.quality import parts, scope, standing
from services.quality.check import AGREES, DIFFERS, UNCHECKED, Check, Material, apart
from storage import database, facts, quality
from storage.database import Connection
from storage.entities import AccountRow

MOVING_DAYS = 3
"""The newest days are left out: platforms are still counting them."""
_ORDER = (DIFFERS, UNCHECKED, AGREES)
_BEFORE_DAYS = 28
_COLUMNS = (
    mark("Verdict"),
    mark("Check"),
    mark("Account"),
    mark("Compared"),
    mark("Number"),
    mark("Should be"),
    mark("With"),
    mark("Its number"),
    mark("Difference"),
    mark("Allowed beyond"),
    mark("Days compared"),
    mark("Days beyond"),
    mark("What should hold"),
    mark("Remarks"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Every check, those that differ first. `period` is what was checked: without the days that still move, None where
    no day is left."""

    checks: tuple[Check, ...]
    period: Period | None

    def count(self, verdict: str) -> int:
        """How many checks came to a verdict."""
        return sum(one.verdict == verdict for one in self.checks)

    @property
    def table(self) -> pd.DataFrame:
        """Every check in a row."""
        rows = [
            (tr(one.verdict), one.title, one.account, one.left_name, one.left, one.sign, one.right_name, one.right,
             one.difference, one.tolerance, one.days, one.off_days, one.rule, one.why)
            for one in self.checks
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(_COLUMNS))


def checked(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> Checked:
    """Every check of the accounts inside the filters, over the finished days of the period."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        accounts = scope.accounts(connection, viewer.workspace_id, where)
        within = scope.past(connection, viewer.workspace_id, period, now)
        last = min(within.last, now.date() - timedelta(days=MOVING_DAYS))
        if last < within.first or not accounts:
            return Checked((), None)
        material = _material(connection, viewer.workspace_id, accounts, Period(within.first, last), now)
    found = [check for account in accounts for check in _of_account(material, account)]
    return Checked(tuple(sorted(found, key=_rank)), material.period)


def _rank(one: Check) -> tuple[int, str, str]:
    return _ORDER.index(one.verdict), one.account, one.title


def _of_account(material: Material, account: AccountRow) -> Iterator[Check]:
    for kind in (parts.splits, parts.interactions, parts.people, parts.long_people, standing.followers,
                 standing.posts, standing.totals, standing.impossible):  # fmt: skip
        yield from kind(material, account)


def _material(
    connection: Connection, workspace_id: int, accounts: tuple[AccountRow, ...], period: Period, now: datetime
) -> Material:
    """Everything that is compared, in a few reads."""
    ids = [one.id for one in accounts]
    first, last = clock.epoch_day(period.first), clock.epoch_day(period.last)
    lead, ahead = first - _BEFORE_DAYS + 1, clock.epoch_day(now.date()) + 400
    daily = facts.read(connection, workspace_id, metric_ids=scope.STORED_IDS, grain=GRAINS["day"], dimension_id=0,
                       first_day=lead, last_day=ahead, account_ids=ids)  # fmt: skip
    wide = facts.read(connection, workspace_id, metric_ids=scope.STORED_IDS, grain=GRAINS["days_28"], dimension_id=0,
                      first_day=first, last_day=last, account_ids=ids)  # fmt: skip
    dimensions = [one.id for one in registry.DIMENSIONS.values() if one.id]
    split = quality.split_sums(connection, workspace_id, scope.STORED_IDS, dimensions, ids, (first, last))
    lifetime = [registry.METRICS[name].id for name in standing.LIFETIME.values()]
    return Material(
        period=period,
        now=now,
        daily=daily,
        wide=wide,
        split=split,
        lifetime=quality.post_sums(connection, workspace_id, lifetime, ids),
        by_metric=apart(daily),
        posts=quality.post_counts(connection, workspace_id, ids),
        titles=scope.titles(accounts),
    )
