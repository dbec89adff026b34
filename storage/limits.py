"""The use of rate limits, shared by all processes: at most so many units in any window of so many seconds."""

from __future__ import annotations

import math
from datetime import datetime

from sqlalchemy import Connection, func, select

from core.clock import epoch_ms
from storage import sql
from storage.database import Database
from storage.tables import RateBlock, RateUse

SLICES = 100
_use = sql.table(RateUse)
_block = sql.table(RateBlock)


class SqlLimitStore:
    """Counts units in slices of a hundredth of the window.

    A slice leaves the window only when all of it has, so a limit is never exceeded in any window, at the price of
    waiting up to one slice longer than needed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, key: str, cost: float, allowed: float, per_s: float, now: datetime) -> float:
        """Record `cost` units if they fit into what is `allowed` per `per_s` seconds; otherwise the seconds to wait.

        A cost above what is allowed never fits; a key always comes with the same `per_s`.
        """
        moment, window = epoch_ms(now), math.ceil(per_s * 1000)
        length = max(1, math.ceil(window / SLICES))
        with self._database.write() as connection:
            sql.lock_name(connection, key)
            blocked = _blocked_ms(connection, key, moment)
            _drop_past(connection, key, moment - window - length)
            wait = max(blocked, _wait_ms(connection, key, cost, allowed, window + length, moment))
            if not wait:
                _record(connection, key, moment - moment % length, cost)
        return wait / 1000

    def block(self, key: str, until: datetime) -> None:
        """Refuse everything on `key` until a moment; a later moment that is known already stays."""
        moment = epoch_ms(until)
        with self._database.write() as connection:
            sql.lock_name(connection, key)
            if _blocked_ms(connection, key, 0) < moment:
                sql.upsert(connection, _block, [{"key": key, "until": moment}], ("key",), ("until",))

    def used(self, key: str, per_s: float, now: datetime) -> float:
        """Units taken in the last `per_s` seconds, rounded up to whole slices."""
        window = math.ceil(per_s * 1000)
        since = epoch_ms(now) - window - max(1, math.ceil(window / SLICES))
        here = (_use.c.key == key) & (_use.c.slice_at > since)
        with self._database.read() as connection:
            return float(
                connection.execute(select(func.coalesce(func.sum(_use.c.units), 0.0)).where(here)).scalar_one()
            )


def _blocked_ms(connection: Connection, key: str, moment: int) -> int:
    until = connection.execute(select(_block.c.until).where(_block.c.key == key)).scalar()
    return max(0, int(until or 0) - moment)


def _drop_past(connection: Connection, key: str, until: int) -> None:
    connection.execute(_use.delete().where(_use.c.key == key, _use.c.slice_at <= until))


def _wait_ms(connection: Connection, key: str, cost: float, allowed: float, kept: int, moment: int) -> int:
    """Until enough slices have left the window, in ms; `kept` is how long a slice counts after its beginning."""
    slices = connection.execute(
        select(_use.c.slice_at, _use.c.units).where(_use.c.key == key).order_by(_use.c.slice_at)
    ).all()
    used = math.fsum(row.units for row in slices)
    if used + cost <= allowed:
        return 0
    for row in slices:
        used -= row.units
        if used + cost <= allowed:
            return max(1, int(row.slice_at) + kept - moment)
    return kept


def _record(connection: Connection, key: str, slice_at: int, cost: float) -> None:
    made = {"key": key, "slice_at": slice_at, "units": 0.0}
    sql.upsert(connection, _use, [made], ("key", "slice_at"), ())
    here = (_use.c.key == key) & (_use.c.slice_at == slice_at)
    connection.execute(_use.update().where(here).values(units=_use.c.units + cost))
