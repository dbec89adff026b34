"""Whose numbers they are: accounts, posts, comments, metrics, dimensions, and the counters of posts."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Double, Index, Integer, SmallInteger
from sqlmodel import Field, SQLModel

from storage.tables import columns


class Account(SQLModel, table=True):
    """A thing on the platform that has numbers. The same platform and external id is the same account for ever."""

    __table_args__ = (Index("account_external", "workspace_id", "platform", "external_id", unique=True),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    platform: str = columns.text()
    external_id: str = columns.text()
    connection_id: int | None = columns.big_or_none()
    name: str = columns.text()
    handle: str = columns.text()
    url: str = columns.text()
    picture_url: str = columns.text()
    kind: str = columns.text("profile")
    time_zone: str = columns.text("UTC")
    currency: str = columns.text()
    selected: bool = True
    created_at: int = columns.big()


class Post(SQLModel, table=True):
    """One published piece of content of an account."""

    __table_args__ = (
        Index("post_external", "workspace_id", "account_id", "external_id", unique=True),
        Index("post_published", "workspace_id", "account_id", "published_at"),
    )

    workspace_id: int = columns.key()
    id: int = columns.key()
    account_id: int = columns.big()
    external_id: str = columns.text()
    kind: str = columns.text("post")
    published_at: int = columns.big()
    text: str = columns.text()
    permalink: str = columns.text()
    thumbnail_url: str = columns.text()
    duration_s: float | None = Field(default=None, sa_column=Column(Double, nullable=True))
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    language: str = columns.text()


class Comment(SQLModel, table=True):
    """What somebody wrote under a post of an account, or elsewhere about it. `post_id` is empty for the latter."""

    __table_args__ = (
        Index("comment_external", "workspace_id", "account_id", "external_id", unique=True),
        Index("comment_written", "workspace_id", "account_id", "written_at"),
    )

    workspace_id: int = columns.key()
    id: int = columns.key()
    account_id: int = columns.big()
    external_id: str = columns.text()
    kind: str = columns.text("comment")
    post_id: int | None = columns.big_or_none()
    parent: str = columns.text()
    written_at: int = columns.big()
    text: str = columns.text()
    author: str = columns.text()
    permalink: str = columns.text()
    likes: int | None = columns.big_or_none()
    language: str = columns.text()
    seen_at: int = columns.big()


class Campaign(SQLModel, table=True):
    """A paid or e-mail campaign or a level below it."""

    __table_args__ = (Index("campaign_external", "workspace_id", "account_id", "level", "external_id", unique=True),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    account_id: int = columns.big()
    external_id: str = columns.text()
    level: str = columns.text("campaign")
    parent_id: int | None = columns.big_or_none()
    name: str = columns.text()
    status: str = columns.text()
    starts_on: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    ends_on: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))


class MetricRow(SQLModel, table=True):
    """The metric registry, written at start so that plain SQL can join it. Never read by the program."""

    __tablename__ = "metric"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str = columns.text()
    title: str = columns.text()
    unit: str = columns.text()
    adds: str = columns.text()


class DimensionRow(SQLModel, table=True):
    """The dimensions, written at start so that plain SQL can join them."""

    __tablename__ = "dimension"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str = columns.text()
    title: str = columns.text()


class Member(SQLModel, table=True):
    """One value of a dimension. `member_id` is small and counted per workspace and dimension; 0 is the total."""

    __table_args__ = (Index("member_key", "workspace_id", "dimension_id", "key", unique=True),)

    workspace_id: int = columns.key()
    dimension_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    key: str = columns.text()
    title: str = columns.text()


"""The fact's primary key, in the order screens read it."""


class Reading(SQLModel, table=True):
    """One observation of a post's lifetime counter; written when the value changed."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = columns.key()
    post_id: int = columns.key()
    metric_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    captured_at: int = columns.key()
    value: float = Field(sa_column=Column(Double, nullable=False))


class PostTotal(SQLModel, table=True):
    """The newest reading of each post's counter: what a post stands at now."""

    __tablename__ = "post_total"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = columns.key()
    metric_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    post_id: int = columns.key()
    value: float = Field(sa_column=Column(Double, nullable=False))
    captured_at: int = columns.big()
