"""What a database error means to the rest of the program. No text made here holds an address' password."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import psycopg
from sqlalchemy import exc

from core.errors import AppError, BadSetting, StoreBroken, StoreBusy
from core.language import mark

_BUSY = ("locked", "busy")
_CORRUPT = ("not a database", "malformed")
_ENVIRONMENT = ("unable to open", "readonly", "read-only", "disk i/o", "is full", "permission")
_RETRY_STATES = ("08", "40", "53", "55P03", "57P", "57014", "25P")
_SETTING_STATES = ("28", "3D", "42501", "3F")

RESTORE = mark(
    "Nothing was changed in it. Stop the program, put back the newest file from the folder 'backups' beside it, "
    "or set DATABASE_URL to another database."
)


@contextlib.contextmanager
def translated(*, reading: bool = False) -> Iterator[None]:
    """Turn the driver's errors inside the block into ours; errors that mean a mistake of ours pass as they are, as
    does the attempt to write while `reading`."""
    try:
        yield
    except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error, psycopg.Error) as error:
        known = meaning(error)
        if known is None or (reading and "readonly" in str(error)):
            raise
        raise known from error


def meaning(error: BaseException) -> AppError | None:
    """The error to raise instead of a driver's, or None when it is a bug of ours."""
    if isinstance(error, exc.TimeoutError):
        return StoreBusy("All database connections are in use.", hint="Try again in a moment.")
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(cause, psycopg.Error):
        return _postgres(cause)
    return _sqlite(str(cause).lower()) if isinstance(cause, sqlite3.Error) else None


def _sqlite(text: str) -> AppError | None:
    if any(word in text for word in _CORRUPT):
        return StoreBroken("The database file is damaged or is not a database.", hint=RESTORE)
    if any(word in text for word in _BUSY):
        return StoreBusy("The database is busy.", hint="Try again in a moment.")
    if any(word in text for word in _ENVIRONMENT):
        return StoreBusy(
            "The database file cannot be read or written.",
            hint="Check the rights on the data folder and the free space of its disk.",
            context={"sqlite": text},
        )
    return None


def _postgres(error: psycopg.Error) -> AppError | None:
    state = error.sqlstate or ""
    if state.startswith(_SETTING_STATES):
        return BadSetting("The database server refuses us.", hint="Check the rights of the user in DATABASE_URL.")
    if state.startswith(_RETRY_STATES) or (not state and isinstance(error, psycopg.OperationalError)):
        return StoreBusy(
            "The database is busy or out of reach.", hint="Try again in a moment.", context={"sqlstate": state}
        )
    return None
