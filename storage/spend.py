"""What metered reads cost, by connection and calendar month (UTC), and the stop at a month's budget.

The most that a request may cost is set aside before it is made, and replaced by what came. So several processes never
spend more than the budget together; what a killed process had set aside counts as spent.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, select

from core.clock import epoch_day, epoch_ms, from_epoch_ms
from core.errors import BudgetReached, CapReached
from core.kept import kept
from core.ports import Purchase, Receipt, Things
from storage import connections, sql
from storage.database import Database
from storage.tables import Spend, SpendToday

_NO_BUDGET = kept("{title} is not read: its reads cost money, and their monthly budget is $0.")
_USED_UP = kept("The monthly budget of {amount} for {title} is used up.")
_RESUMES = kept("Reading resumes on {day}, or raise the budget.")
BUDGET = "monthly_budget"
"""The option of a connection that holds the budget a person set."""

CAPPED = "capped"
"""The option of a connection that holds what the platform's own limit stopped: kind of thing -> [until when it is not
asked for (ms), why, what to do]."""

_TINY = 1e-9
_CHUNK = 500
_spend, _today = sql.table(Spend), sql.table(SpendToday)
Where = tuple[int, int]
"""Workspace and connection."""

_KEY = ("workspace_id", "connection_id", "month", "kind")


@dataclass(frozen=True, slots=True)
class Spent:
    """What things of a kind cost in a month: how many, and how much; `set_aside` is for requests under way."""

    month: int
    kind: str
    things: int
    cost: float
    set_aside: float


@dataclass(frozen=True, slots=True)
class Terms:
    """By what a meter counts: prices by kind, the budget where a person set none, and who is paid. One that does not
    `stop` only counts."""

    title: str
    prices: Mapping[str, float]
    budget: float
    stops: bool = True


class SqlMeter:
    """The meter of one connection. The budget is read at every request, so that a change of it works at once."""

    def __init__(self, database: Database, workspace_id: int, connection_id: int, terms: Terms) -> None:
        self._database, self._terms = database, terms
        self._where = (workspace_id, connection_id)

    def reserve(self, purchase: Purchase, now: datetime) -> Receipt:
        """Set aside the most a request may cost. Raises BudgetReached when the month's budget does not hold it, and
        CapReached while the platform's own limit stops it."""
        with self._database.write() as connection:
            sql.lock_name(connection, f"spend/{self._where[1]}")
            self._heed_cap(connection, purchase, now)
            _forget_past_days(connection, self._where, _day(now))
            wanted = Counter(purchase.unknown)
            for kind, ids in purchase.known.items():
                wanted[kind] += len(_new(connection, self._where, _day(now), kind, ids))
            costs = {kind: count * self._terms.prices[kind] for kind, count in wanted.items()}
            if self._terms.stops and math.fsum(costs.values()) > _TINY + self._left(connection, now):
                raise self._reached(connection, now)
            for kind, cost in costs.items():
                _add(connection, self._where, month_of(now), kind, set_aside=cost)
        return Receipt(now, costs)

    def settle(self, receipt: Receipt, given: Things) -> None:
        """Count what an answer held instead of what was set aside for it; a thing of which the day knows is free."""
        day, month = _day(receipt.at), month_of(receipt.at)
        with self._database.write() as connection:
            sql.lock_name(connection, f"spend/{self._where[1]}")
            for kind in {*receipt.set_aside, *given}:
                fresh = _new(connection, self._where, day, kind, given.get(kind, ()))
                _note(connection, self._where, day, kind, fresh)
                cost, back = len(fresh) * self._terms.prices[kind], -receipt.set_aside.get(kind, 0.0)
                _add(connection, self._where, month, kind, things=len(fresh), cost=cost, set_aside=back)

    def room(self, kind: str, now: datetime) -> int:
        """How many things of a kind the month's budget still holds."""
        if not self._terms.stops or not self._terms.prices.get(kind):
            return sys.maxsize
        with self._database.read() as connection:
            left = self._left(connection, now)
        return max(0, math.floor(left / self._terms.prices[kind] + _TINY))

    def _heed_cap(self, connection: Connection, purchase: Purchase, now: datetime) -> None:
        held = connections.get(connection, *self._where).options.get(CAPPED) or {}
        for kind in {*purchase.known, *purchase.unknown}.intersection(held) if self._terms.stops else ():
            until, said, hint = held[kind]
            if epoch_ms(now) < until:
                raise CapReached(said, kind=kind, until=from_epoch_ms(until), hint=hint)

    def _left(self, connection: Connection, now: datetime) -> float:
        used = month_total(of_month(connection, *self._where, month_of(now)))
        return self._budget(connection) - used

    def _budget(self, connection: Connection) -> float:
        row = connections.get(connection, *self._where)
        return float(row.options.get(BUDGET, self._terms.budget))

    def _reached(self, connection: Connection, now: datetime) -> BudgetReached:
        budget, until = self._budget(connection), month_end(now)
        if budget <= 0:
            said = _NO_BUDGET.format(title=self._terms.title)
            return BudgetReached(said, until=until, hint="Set a budget to read it.")
        said = _USED_UP.format(amount=dollars(budget), title=self._terms.title)
        return BudgetReached(said, until=until, hint=_RESUMES.format(day=f"{until.day} {until:%B}"))


def dollars(amount: float) -> str:
    """US dollars; whole ones without cents, less than a cent with what there is.

    >>> dollars(10), dollars(3.456), dollars(0.005)
    ('$10', '$3.46', '$0.005')
    """
    if amount == round(amount):
        return f"${amount:,.0f}"
    return f"${amount:,.2f}" if amount >= 0.01 else f"${amount:.3f}"


def of_month(connection: Connection, workspace_id: int, connection_id: int, month: int) -> list[Spent]:
    """What a connection spent in a month (202611), by kind of thing."""
    query = select(_spend.c.month, _spend.c.kind, _spend.c.things, _spend.c.cost, _spend.c.set_aside)
    here = _of((workspace_id, connection_id)) & (_spend.c.month == month)
    return [sql.values(row, Spent) for row in connection.execute(query.where(here).order_by(_spend.c.kind))]


def month_total(found: Iterable[Spent]) -> float:
    """Money spent or set aside."""
    return math.fsum(one.cost + max(one.set_aside, 0.0) for one in found)


def forget(connection: Connection, workspace_id: int, connection_id: int) -> None:
    """Delete what is known of a connection's spending."""
    connection.execute(_spend.delete().where(_of((workspace_id, connection_id))))
    own = (_today.c.workspace_id == workspace_id) & (_today.c.connection_id == connection_id)
    connection.execute(_today.delete().where(own))


def month_of(moment: datetime) -> int:
    """The calendar month (UTC) as a number.

    >>> month_of(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    202611
    """
    there = moment.astimezone(UTC)
    return there.year * 100 + there.month


def month_end(moment: datetime) -> datetime:
    """When the next calendar month (UTC) begins.

    >>> month_end(datetime(2026, 12, 3, tzinfo=UTC)).isoformat()
    '2027-01-01T00:00:00+00:00'
    """
    there = moment.astimezone(UTC)
    return datetime(there.year + there.month // 12, there.month % 12 + 1, 1, tzinfo=UTC)


def _day(moment: datetime) -> int:
    return epoch_day(moment.astimezone(UTC).date())


def _of(where: Where) -> ColumnElement[bool]:
    return (_spend.c.workspace_id == where[0]) & (_spend.c.connection_id == where[1])


def _new(connection: Connection, where: Where, day: int, kind: str, ids: Sequence[str]) -> list[str]:
    """Those that were not paid for on the day yet, each once."""
    wanted, known = list(dict.fromkeys(ids)), set[str]()
    own = (_today.c.workspace_id == where[0]) & (_today.c.connection_id == where[1])
    here = own & (_today.c.day == day) & (_today.c.kind == kind)
    for start in range(0, len(wanted), _CHUNK):
        chunk = _today.c.thing.in_(wanted[start : start + _CHUNK])
        known.update(connection.execute(select(_today.c.thing).where(here & chunk)).scalars())
    return [one for one in wanted if one not in known]


def _note(connection: Connection, where: Where, day: int, kind: str, things: Sequence[str]) -> None:
    key = {"workspace_id": where[0], "connection_id": where[1], "day": day, "kind": kind}
    rows = [{**key, "thing": thing} for thing in things]
    sql.upsert(connection, _today, rows, (*key, "thing"), ())


def _forget_past_days(connection: Connection, where: Where, day: int) -> None:
    own = (_today.c.workspace_id == where[0]) & (_today.c.connection_id == where[1])
    connection.execute(_today.delete().where(own & (_today.c.day < day)))


def _add(
    connection: Connection,
    where: Where,
    month: int,
    kind: str,
    *,
    things: int = 0,
    cost: float = 0.0,
    set_aside: float = 0.0,
) -> None:
    key = {"workspace_id": where[0], "connection_id": where[1], "month": month, "kind": kind}
    sql.upsert(connection, _spend, [{**key, "things": 0, "cost": 0.0, "set_aside": 0.0}], _KEY, ())
    here = _of(where) & (_spend.c.month == month) & (_spend.c.kind == kind)
    more = {"things": _spend.c.things + things, "cost": _spend.c.cost + cost}
    connection.execute(_spend.update().where(here).values(**more, set_aside=_spend.c.set_aside + set_aside))
