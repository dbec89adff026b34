"""Leases: something only one process may do at a time, for as long as it keeps saying so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text

from core.clock import epoch_ms
from storage import sql
from storage.tables import Lease

_table = sql.table(Lease)


@dataclass(frozen=True, slots=True)
class Held:
    """Who holds a lease, until when, and when it last said so (ms since 1970 UTC)."""

    name: str
    holder: str
    expires_at: int
    beat_at: int


def acquire(connection: Connection, name: str, holder: str, ttl_s: float, now: datetime) -> bool:
    """Take the lease unless another holder's is still running; the holder itself may take it again."""
    moment = epoch_ms(now)
    done = connection.execute(
        text(
            "INSERT INTO lease (name, holder, expires_at, beat_at) VALUES (:name, :holder, :until, :now) "
            "ON CONFLICT (name) DO UPDATE "
            "SET holder = excluded.holder, expires_at = excluded.expires_at, beat_at = excluded.beat_at "
            "WHERE lease.holder = excluded.holder OR lease.expires_at <= :now"
        ),
        {"name": name, "holder": holder, "until": moment + round(ttl_s * 1000), "now": moment},
    )
    return done.rowcount == 1


def renew(connection: Connection, name: str, holder: str, ttl_s: float, now: datetime) -> bool:
    """Keep the lease for another `ttl_s` seconds; False when it is someone else's by now: stop then."""
    moment = epoch_ms(now)
    own = (_table.c.name == name) & (_table.c.holder == holder)
    done = connection.execute(
        _table.update().where(own).values(expires_at=moment + round(ttl_s * 1000), beat_at=moment)
    )
    return done.rowcount == 1


def release(connection: Connection, name: str, holder: str) -> None:
    """Give the lease back, if it is still the holder's."""
    connection.execute(_table.delete().where((_table.c.name == name) & (_table.c.holder == holder)))


def held(connection: Connection, name: str, now: datetime) -> Held | None:
    """Who holds the lease now, or None."""
    row = connection.execute(select(_table).where(_table.c.name == name, _table.c.expires_at > epoch_ms(now))).first()
    return None if row is None else sql.values(row, Held)


def last(connection: Connection, name: str) -> Held | None:
    """Who held the lease last, whether or not it has run out."""
    row = connection.execute(select(_table).where(_table.c.name == name)).first()
    return None if row is None else sql.values(row, Held)
