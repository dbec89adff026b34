"""The numbers, what they were before, and what is known of how they were read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Double, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table, Text
from sqlmodel import Field, SQLModel

from storage.tables import columns

FACT_KEY = ("workspace_id", "metric_id", "grain", "dimension_id", "day", "account_id", "member_id")
"""The fact's primary key, in the order screens read it."""


def _fact_columns() -> list[Column[Any]]:
    types = {"workspace_id": BigInteger, "account_id": BigInteger, "member_id": Integer, "day": Integer}
    return [Column(name, types.get(name, SmallInteger), primary_key=True, autoincrement=False) for name in FACT_KEY]


fact = Table(
    "fact",
    SQLModel.metadata,
    *_fact_columns(),
    Column("value", Double, nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint(*FACT_KEY, name="fact_pkey", postgresql_include=["value", "observed_at"]),
    sqlite_with_rowid=False,
)
"""The current value of every metric x day x account x member. On PostgreSQL the key's index also holds the value and
its moment, so that questions are answered from the index alone."""


fact_revision = Table(
    "fact_revision",
    SQLModel.metadata,
    *_fact_columns(),
    Column("observed_from", BigInteger, primary_key=True, autoincrement=False),
    Column("value", Double, nullable=False),
    Column("observed_to", BigInteger, nullable=False),
    Index("fact_revision_ended", "workspace_id", "observed_to"),
    sqlite_with_rowid=False,
)
"""What facts were before: `value` was the current one from `observed_from` until `observed_to`."""


class Coverage(SQLModel, table=True):
    """What is known of a metric of an account over a range of days, and why. Ranges of one metric never overlap."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = columns.key()
    account_id: int = columns.key()
    metric_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    from_day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    to_day: int = Field(sa_column=Column(Integer, nullable=False))
    state: str = columns.text()
    reason: str = columns.text()
    observed_at: int = columns.big()


class StreamCursor(SQLModel, table=True):
    """How far a stream of an account has been read: `forward_to` to the newest day, `back_to` to the oldest."""

    __tablename__ = "stream_cursor"

    workspace_id: int = columns.key()
    account_id: int = columns.key()
    stream: str = Field(sa_column=Column(Text, primary_key=True))
    forward_to: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    back_to: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    state: dict[str, Any] = columns.json()
    ran_at: int | None = columns.big_or_none()


class SyncRun(SQLModel, table=True):
    """One sync of a connection, with an entry per stream. `outcome`: running, ok, partial, failed, interrupted."""

    __tablename__ = "sync_run"
    __table_args__ = (Index("sync_run_connection", "workspace_id", "connection_id", "started_at"),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    connection_id: int = columns.big()
    trigger: str = columns.text("schedule")
    started_at: int = columns.big()
    finished_at: int | None = columns.big_or_none()
    outcome: str = columns.text("running")
    reason: str = columns.text()
    hint: str = columns.text()
    facts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    posts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    readings: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    comments: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    requests: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    progress: float = Field(default=0.0, sa_column=Column(Double, nullable=False))
    streams: dict[str, Any] = columns.json()


class ImportBatch(SQLModel, table=True):
    """One committed file import, with what is needed to undo it."""

    __tablename__ = "import_batch"

    workspace_id: int = columns.key()
    id: int = columns.key()
    file_name: str = columns.text()
    platform: str = columns.text()
    account_id: int = columns.big()
    imported_at: int = columns.big()
    undone_at: int | None = columns.big_or_none()
    rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    undo: dict[str, Any] = columns.json()
