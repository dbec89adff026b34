"""How fast a sync stores what it has read: records checked, facts, coverage and cursor in one transaction per window.

`python -m benchmarks.sync` prints SQLite and PostgreSQL; the time of the network is not in it.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

from benchmarks.facts import fresh
from connectors.base import Stream, Window
from core.records import Account, Fact, Member, Record
from services.connecting import platforms
from services.sync import collecting, planning, storing
from storage import connections, entities, workspaces
from storage.database import Database

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
METRICS = ("views", "watch_time", "likes", "comments", "shares")
COUNTRIES, WINDOW_DAYS, WINDOWS = 60, 30, 12


def facts_per_second(database: Database) -> dict[str, float]:
    """Facts a second for a history that is new, and for the same history once more."""
    connector = platforms.connector("youtube")
    stream = Stream("bench", "Countries", lambda _source, _window: iter(()), METRICS, window_days=WINDOW_DAYS)
    with database.write() as connection:
        workspace = workspaces.create(connection, "Bench", now=NOW)
        linked = connections.add(connection, workspace, "youtube", "Bench", now=NOW)
        entities.upsert_accounts(
            connection, workspace, "youtube", [Account("UC1", "Bench")], now=NOW, connection_id=linked
        )
        (account,) = entities.accounts(connection, workspace)
    found: dict[str, float] = {}
    for name in ("new", "same"):
        cursor, spent, stored = planning.Cursor(), 0.0, 0
        for at in range(WINDOWS):
            last = NOW.date() - timedelta(days=3 + at * WINDOW_DAYS)
            window = Window(last - timedelta(days=WINDOW_DAYS - 1), last, NOW)
            records = _records(window.first)
            job = planning.prepare(connector, account, stream, None, NOW)
            task = planning.Task(job, window)
            began = time.perf_counter()
            batch = collecting.collect(connector, task, records)
            with database.write() as connection:
                cursor = storing.store(connection, connector, task, cursor, batch).cursor
            spent, stored = spent + time.perf_counter() - began, stored + len(records)
        found[name] = stored / spent
    return found


def _records(first: date) -> list[Record]:
    members = [None, *(Member("country", f"{chr(65 + at // 26)}{chr(65 + at % 26)}", "") for at in range(COUNTRIES))]
    return [
        Fact(metric, first + timedelta(days=day), float(day + at), member)
        for metric in METRICS
        for day in range(WINDOW_DAYS)
        for at, member in enumerate(members)
    ]


def main() -> None:
    """Print facts a second through the whole write path on both databases."""
    for kind in ("sqlite", "postgresql"):
        with fresh(kind) as database:
            rates = ", ".join(f"{name} {rate:,.0f}" for name, rate in facts_per_second(database).items())
            print(f"sync, {kind}: facts a second through the whole write path: {rates}", flush=True)


if __name__ == "__main__":
    main()
