"""The few statements that the two databases spell differently, and values written straight into SQL.

Only whole numbers are written into a statement, never text: `numbers` is the gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from sqlalchemy import JSON, Column, Connection, Executable, Table, Text, cast, or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from core.clock import epoch_day

T = TypeVar("T")
_VALUES = frozenset({"value", "was", "now"})


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as the inside of an IN list; an empty list matches nothing.

    >>> numbers([3, 1])
    '3,1'
    >>> numbers([])
    'NULL'
    """
    return ",".join([str(int(value)) for value in values]) or "NULL"


def day_number(day: int | date) -> int:
    """A day as days since 1970-01-01, whichever way it is given.

    >>> day_number(date(1970, 1, 3))
    2
    """
    return epoch_day(day) if isinstance(day, date) else int(day)


def frame(connection: Connection, query: str, columns: Sequence[str]) -> pd.DataFrame:
    """The rows of a query without parameters as a frame, straight from the driver: ids, days and moments as int64,
    values as float64 (NULL becomes NaN)."""
    raw: Any = connection.connection.driver_connection
    found = raw.execute(query).fetchall()
    kinds = np.dtype([(name, _kind(name)) for name in columns])
    try:
        table = np.fromiter(found, kinds, len(found))
    except TypeError:  # a NULL among the values
        table = np.array([tuple(np.nan if one is None else one for one in row) for row in found], kinds)
    return pd.DataFrame({name: np.ascontiguousarray(table[name]) for name in columns}, copy=False)


def _kind(column: str) -> str:
    return "float64" if column in _VALUES else "int64"


def lock_workspace(connection: Connection, workspace_id: int) -> None:
    """Let one transaction at a time change the data of a workspace, as SQLite does for the whole file."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": int(workspace_id)})


def lock_name(connection: Connection, name: str) -> None:
    """Let one transaction at a time work on what `name` stands for."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 2))"), {"name": name})


def upsert(
    connection: Connection, target: Table, rows: Sequence[dict[str, Any]], key: Sequence[str], change: Sequence[str]
) -> int:
    """Insert rows, or where `key` exists already set the columns `change`; rows that say the same are not touched.

    Returns how many rows were inserted or changed. A key may appear once only.
    """
    if not rows:
        return 0
    statement = postgresql.insert(target) if connection.dialect.name == "postgresql" else sqlite.insert(target)
    fresh = statement.excluded
    if not change:
        return _touched(connection, statement.on_conflict_do_nothing(index_elements=list(key)), rows)
    on_conflict = statement.on_conflict_do_update(
        index_elements=list(key),
        set_={name: fresh[name] for name in change},
        where=or_(*(_differs(target.c[name], fresh[name]) for name in change)),
    )
    return _touched(connection, on_conflict, rows)


def _touched(connection: Connection, statement: Executable, rows: Sequence[dict[str, Any]]) -> int:
    done = connection.execute(statement, list(rows), execution_options={"preserve_rowcount": True})
    return int(done.rowcount)


def _differs(old: Column[Any], new: Any) -> Any:
    """JSON has no equality on PostgreSQL; its text has."""
    if isinstance(old.type, JSON):
        return cast(old, Text).is_distinct_from(cast(new, Text))
    return old.is_distinct_from(new)


def table(model: type[SQLModel]) -> Table:
    """The table behind a model."""
    found: Table = model.__table__  # type: ignore[attr-defined]
    return found


def values(row: Any, kind: type[T]) -> T:
    """A row as the frozen value `kind`, by column name."""
    return kind(**row._mapping)
