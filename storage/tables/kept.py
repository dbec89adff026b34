"""What people said, and what statistics found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Double, Integer, Text
from sqlmodel import Field, SQLModel

from storage.tables import columns


class Annotation(SQLModel, table=True):
    """What happened on a day, in a person's words; `day` counts from 1970-01-01."""

    workspace_id: int = columns.key()
    id: int = columns.key()
    day: int = Field(sa_column=Column(Integer, nullable=False))
    text: str = columns.text()
    created_at: int = columns.big()


class Study(SQLModel, table=True):
    """What a statistical method found, kept so that a page need not wait for it. `seen` is the version of the store
    that it was made from, `state` is 'ok', 'not_enough' or 'failed', `method` the number of the method's version."""

    workspace_id: int = columns.key()
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    subject: str = Field(sa_column=Column(Text, primary_key=True))
    computed_at: int = columns.big()
    day: int = columns.big()
    seen: int = columns.big()
    method: int = Field(sa_column=Column(Integer, nullable=False))
    took_ms: int = columns.big()
    state: str = columns.text()
    reason: str = columns.text()
    found: dict[str, Any] = columns.json()


class AnomalyMark(SQLModel, table=True):
    """What a person said of an unusual day: useful or not, and a word. `place` is a platform, empty for all together,
    or the accounts it is about; `day` counts from 1970-01-01."""

    __tablename__ = "anomaly_mark"

    workspace_id: int = columns.key()
    metric: str = Field(sa_column=Column(Text, primary_key=True))
    place: str = Field(sa_column=Column(Text, primary_key=True))
    day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    person: str = Field(sa_column=Column(Text, primary_key=True))
    useful: bool = Field(sa_column=Column(Boolean, nullable=False))
    word: str = columns.text()
    marked_at: int = columns.big()


class Reconciliation(SQLModel, table=True):
    """A number that a person read in a platform's own interface, to be held against ours: `stated` is of a metric of an
    account from `first_day` to `last_day`, which count from 1970-01-01."""

    workspace_id: int = columns.key()
    id: int = columns.key()
    account_id: int = columns.big()
    metric: str = columns.text()
    first_day: int = Field(sa_column=Column(Integer, nullable=False))
    last_day: int = Field(sa_column=Column(Integer, nullable=False))
    stated: float = Field(sa_column=Column(Double, nullable=False))
    note: str = columns.text()
    person: str = columns.text()
    made_at: int = columns.big()
