"""Bringing the tables up to date at start: one starter at a time, backup first, all or nothing, safe to repeat."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from core import clock
from core.errors import StoreBroken
from storage import failures
from storage.database import Database

FOLDER = Path(__file__).parent / "migrations"
KEPT_BACKUPS = 5
_LOCK = 7_583_201_944
_log = logging.getLogger(__name__)


def bring_up_to_date(database: Database) -> bool:
    """Run the migrations that are missing; True when there were any.

    Raises StoreBroken when the database was written by a newer program or belongs to another one.
    """
    if not _missing(database):
        return False
    with database.write() as connection:
        _alone(connection)
        found = _revision(connection)
        if found == head():  # another starter was faster
            return False
        if found is not None:
            _back_up(database, found)
        _upgrade(connection)
    _log.info("The database was brought from %s to %s.", found or "empty", head())
    return True


def head() -> str:
    """The revision of this program."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings, without a file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _missing(database: Database) -> bool:
    with database.read() as connection:
        found = _revision(connection)
        if found is None:
            _refuse_foreign(connection)
            return True
    if found == head():
        return False
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if found not in known:
        raise StoreBroken(
            f"The database was written by a newer version of Plumbline (its tables are at {found}).",
            hint="Start that version, or put back the backup made before the upgrade. Nothing was changed.",
        )
    return True


def _refuse_foreign(connection: Connection) -> None:
    tables = inspect(connection).get_table_names()
    if "workspace" in tables or (connection.dialect.name == "sqlite" and tables):
        raise StoreBroken(
            "The database holds tables that are not Plumbline's.", hint="Set DATABASE_URL to an empty database."
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _alone(connection: Connection) -> None:
    """SQLite's write lock is held already; PostgreSQL needs one of its own, until the end of the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '300s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _upgrade(connection: Connection) -> None:
    command.upgrade(config(connection), "head")


def _back_up(database: Database, revision: str) -> None:
    if database.dialect != "sqlite":
        _log.warning("The database is about to be migrated from %s. Its backup is its administrator's.", revision)
        return
    folder = database.data_dir / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{clock.utc_now():%Y%m%dT%H%M%S%f}-{revision}.db"
    with failures.translated(), contextlib.closing(sqlite3.connect(str(database.engine.url.database))) as source:
        source.execute("VACUUM INTO ?", (str(target),))
    target.chmod(0o600)
    _log.info("Backed up to %s.", target.name)
    for old in sorted(folder.glob("*.db"))[:-KEPT_BACKUPS]:
        old.unlink()
