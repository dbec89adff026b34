"""The kinds of columns that tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Text
from sqlmodel import Field


def key(**options: Any) -> Any:
    """An id that is part of the primary key."""
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False, **options))


def big(**options: Any) -> Any:
    """A whole number of 64 bits: an id, a moment."""
    return Field(sa_column=Column(BigInteger, nullable=False, **options))


def big_or_none() -> Any:
    """The same where it may be missing."""
    return Field(default=None, sa_column=Column(BigInteger, nullable=True))


def text(default: str = "") -> Any:
    """A text; empty unless given."""
    return Field(default=default, sa_column=Column(Text, nullable=False))


def json() -> Any:
    """Plain values as JSON."""
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
