"""The one open database: SQLite (WAL) in the data folder, or PostgreSQL by DATABASE_URL.

`read()` gives a connection with one unchanging view of the data that cannot write. `write()` gives one that commits at
the end of the block or leaves nothing behind; keep it short, and never wait for a platform inside it.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Engine, create_engine, event, exc, make_url
from sqlalchemy import Connection as Connection

from core import clock
from core.errors import BadSetting, StoreBroken, StoreBusy
from core.language import mark
from storage import failures

__all__ = ["Connection", "Database", "connect", "current", "open_database", "use"]

BUSY_TIMEOUT_S = 15
_CHECKED_BYTES = 64 * 2**20
_SQLITE_HEADER = b"SQLite format 3\x00"
_ADDRESS_HINT = mark("DATABASE_URL looks like postgresql://user:password@host:5432/name.")


class Database:
    """An open database. `dialect` is 'sqlite' or 'postgresql'; `data_dir` is where backups go."""

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self.engine = engine
        self.data_dir = data_dir
        self.dialect = engine.dialect.name
        options: dict[str, Any] = {"writes": False}
        if self.dialect == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = engine.execution_options(**options)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the data and cannot write. Raises StoreBusy, StoreBroken."""
        with failures.translated(reading=True), self._reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection in one transaction: all of the block or nothing. Raises StoreBusy, StoreBroken."""
        with failures.translated(), self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def __repr__(self) -> str:
        return f"Database({self.dialect})"


_current: Database | None = None


def use(database: Database | None) -> None:
    """Make `database` the one that `current()` answers; None forgets it."""
    global _current
    _current = database


def current() -> Database:
    """The database of this process. Raises StoreBusy before it is open."""
    if _current is None:
        raise StoreBusy("The database is not open yet.", hint="Try again in a moment.")
    return _current


def open_database(url: str, data_dir: Path) -> Database:
    """Open the database at `url` and bring its tables up to date, with a backup first when there is something to do.

    Raises BadSetting for an address that cannot be used, StoreBroken for a damaged database or one written by a newer
    program, StoreBusy when it does not answer in time.
    """
    from storage import migrate

    database = connect(url, data_dir)
    try:
        migrate.bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str, data_dir: Path) -> Database:
    """Open the database without looking at its tables. Raises as `open_database` does."""
    address = _parsed(url)
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = _sqlite_engine(address) if address.get_backend_name() == "sqlite" else _postgres_engine(address)
    return Database(engine, data_dir)


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
        if address.drivername in {"postgres", "postgresql"}:
            address = address.set(drivername="postgresql+psycopg")
    except (exc.ArgumentError, ValueError):
        raise BadSetting("DATABASE_URL cannot be read as an address.", hint=_ADDRESS_HINT) from None
    if address.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise BadSetting("DATABASE_URL names a kind of database we do not speak.", hint=_ADDRESS_HINT)
    return address


def _sqlite_engine(address: URL) -> Engine:
    path = Path(address.database or "")
    if not address.database or address.database == ":memory:":
        raise BadSetting("DATABASE_URL names no database file.", hint="It looks like sqlite:////folder/plumbline.db.")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_file(path)
        _switch_on_wal(path)
    except OSError as error:
        raise BadSetting(f"The database file {path} cannot be used.", hint="Check its path and rights.") from error
    engine = create_engine(
        address, connect_args={"timeout": BUSY_TIMEOUT_S, "isolation_level": None}, pool_size=10, max_overflow=30
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _check_file(path: Path) -> None:
    """Look at an existing file before anything may write to it."""
    if not path.exists() or path.stat().st_size == 0:
        return
    with path.open("rb") as file:
        if file.read(16) != _SQLITE_HEADER:
            raise StoreBroken(f"{path} is not a database, or is damaged.", hint=failures.RESTORE)
    with failures.translated(), contextlib.closing(_read_only(path)) as probe:
        probe.execute("SELECT count(*) FROM sqlite_master").fetchone()
        small = path.stat().st_size <= _CHECKED_BYTES
        if small and probe.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise StoreBroken(f"{path} is damaged.", hint=failures.RESTORE)


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S)


def _switch_on_wal(path: Path) -> None:
    """WAL stays with the file. Switching needs it alone, and SQLite does not wait for that by itself."""
    deadline = clock.monotonic() + BUSY_TIMEOUT_S
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)) as raw:
            while True:
                try:
                    raw.execute("PRAGMA journal_mode=WAL")
                    return
                except sqlite3.OperationalError as error:
                    if "locked" not in str(error) or clock.monotonic() > deadline:
                        raise
                    clock.sleep(0.02)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreBusy("The database is busy.", hint="Another program holds it; try again in a moment.") from error
        raise BadSetting(f"The database file {path} cannot be used.", hint="Check its path and rights.") from error


def _prepare_sqlite(raw: Any, _record: Any) -> None:
    """FULL, not NORMAL: a power cut must not take back a refresh token that the platform has already rotated."""
    for pragma in ("synchronous=FULL", "temp_store=MEMORY", "cache_size=-32000"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the write lock at once: upgrading later cannot wait, it fails."""
    writes = connection.get_execution_options().get("writes", True)
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres_engine(address: URL) -> Engine:
    engine = create_engine(
        address,
        connect_args={"connect_timeout": 10, "application_name": "plumbline", "prepare_threshold": None},
        pool_size=10,
        max_overflow=30,
        pool_pre_ping=True,
    )
    event.listen(engine, "connect", _prepare_postgres)
    try:
        engine.connect().close()
    except (exc.DBAPIError, psycopg.Error) as error:
        engine.dispose()
        raise _refusal(error, address) from None
    return engine


def _prepare_postgres(raw: Any, _record: Any) -> None:
    raw.execute(f"SET TIME ZONE 'UTC'; SET lock_timeout = '{BUSY_TIMEOUT_S}s'; SET client_encoding = 'UTF8'")
    raw.commit()


def _refusal(error: BaseException, address: URL) -> BadSetting | StoreBusy:
    """Why the first connection failed, without the driver's text, which may quote the address."""
    text = str(error)
    where = f"{address.host or 'this machine'}{f':{address.port}' if address.port else ''}"
    if "starting up" in text or "shutting down" in text or "too many" in text:
        return StoreBusy(f"The database server on {where} is not ready.", hint="Try again in a moment.")
    if "password authentication failed" in text or "no password supplied" in text or "role" in text:
        return BadSetting(
            f"The database server on {where} refuses the user or the password.", hint="Check DATABASE_URL."
        )
    if "does not exist" in text:
        return BadSetting(
            f"There is no database '{address.database}' on {where}.", hint="Create it, or correct DATABASE_URL."
        )
    return BadSetting(
        f"The database server on {where} does not answer.", hint=f"Is it running and reachable? {_ADDRESS_HINT}"
    )
