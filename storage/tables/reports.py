"""Reports: laid out, made, scheduled, delivered, shared."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, Column, Double, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from storage.tables import columns


class Report(SQLModel, table=True):
    """A report as a person laid it out (`core.report.Layout` as JSON), or a template they saved: `kind` is 'report' or
    'template', `template` the name it was begun from."""

    workspace_id: int = columns.key()
    id: int = columns.key()
    kind: str = columns.text("report")
    title: str = columns.text()
    template: str = columns.text()
    layout: dict[str, Any] = columns.json()
    person: str = columns.text()
    made_at: int = columns.big()
    changed_at: int = columns.big()


class ReportRun(SQLModel, table=True):
    """A report that was made: `manifest` is its document, compressed, from which every file is written again; `hash` is
    that of its JSON. `state` is 'waiting', 'making', 'ready', 'failed' or 'skipped', `done` says how far it is, 0 to 1,
    `problem` why it failed. `days` are counted from 1970-01-01; `trigger` is 'person', 'schedule', 'test' or 'api'."""

    __tablename__ = "report_run"
    __table_args__ = (Index("ix_report_run_made", "workspace_id", "made_at"),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    report_id: int | None = columns.big_or_none()
    schedule_id: int | None = columns.big_or_none()
    trigger: str = columns.text("person")
    title: str = columns.text()
    person: str = columns.text()
    made_at: int = columns.big()
    first_day: int = Field(sa_column=Column(Integer, nullable=False))
    last_day: int = Field(sa_column=Column(Integer, nullable=False))
    data_until: int | None = columns.big_or_none()
    program: str = columns.text()
    state: str = columns.text("waiting")
    done: float = Field(default=0.0, sa_column=Column(Double, nullable=False))
    problem: str = columns.text()
    hash: str = columns.text()
    manifest: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    expires_at: int | None = columns.big_or_none()


class ReportSchedule(SQLModel, table=True):
    """When a report makes itself, and to whom it goes. `rhythm` is `services.reports.rhythm.Rhythm` as JSON, `channels`
    what it goes to; `when_late` is 'send', 'banner' or 'skip'. `slot` is the moment of the newest run that was begun:
    a run of a schedule is made once for each slot."""

    __tablename__ = "report_schedule"

    workspace_id: int = columns.key()
    id: int = columns.key()
    report_id: int = columns.big()
    rhythm: dict[str, Any] = columns.json()
    formats: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    channels: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    when_late: str = columns.text("banner")
    active: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))
    person: str = columns.text()
    made_at: int = columns.big()
    next_at: int | None = columns.big_or_none()
    slot: int | None = columns.big_or_none()
    problem: str = columns.text()


class MailingList(SQLModel, table=True):
    """Who gets a report by e-mail, under a name."""

    __tablename__ = "mailing_list"

    workspace_id: int = columns.key()
    id: int = columns.key()
    name: str = columns.text()
    made_at: int = columns.big()


class Recipient(SQLModel, table=True):
    """An address of a mailing list; nobody needs an account. `key` is what their link to unsubscribe is checked by (a
    SHA-256 of it); once `unsubscribed_at` is set they get nothing more."""

    __table_args__ = (Index("ix_recipient_list", "workspace_id", "list_id"),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    list_id: int = columns.big()
    email: str = columns.text()
    name: str = columns.text()
    key: str = columns.text()
    added_at: int = columns.big()
    unsubscribed_at: int | None = columns.big_or_none()


class Delivery(SQLModel, table=True):
    """A made report on its way to one recipient or channel. `way` is 'mail', 'slack' or 'teams', `to_whom` an address
    or the id of a channel. `state` is 'waiting', 'sending', 'handing', 'sent', 'failed', 'stopped' or 'doubt' (see
    `storage.deliveries`); one of a run, way and address exists once."""

    __table_args__ = (
        Index("ix_delivery_run", "workspace_id", "run_id", "way", "to_whom", unique=True),
        Index("ix_delivery_due", "workspace_id", "state", "try_at"),
    )

    workspace_id: int = columns.key()
    id: int = columns.key()
    run_id: int = columns.big()
    schedule_id: int | None = columns.big_or_none()
    recipient_id: int | None = columns.big_or_none()
    way: str = columns.text()
    to_whom: str = columns.text()
    formats: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: str = columns.text("waiting")
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    try_at: int = columns.big()
    begun_at: int | None = columns.big_or_none()
    sent_at: int | None = columns.big_or_none()
    problem: str = columns.text()


class ShareLink(SQLModel, table=True):
    """A link under which a made report can be seen without an account. `key` is the SHA-256 of what stands in the link,
    `password` a salted hash or empty."""

    __tablename__ = "share_link"
    __table_args__ = (Index("ix_share_link_key", "workspace_id", "key", unique=True),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    run_id: int = columns.big()
    key: str = columns.text()
    label: str = columns.text()
    password: str = columns.text()
    person: str = columns.text()
    made_at: int = columns.big()
    expires_at: int | None = columns.big_or_none()
    revoked_at: int | None = columns.big_or_none()


class ShareVisit(SQLModel, table=True):
    """What happened at a share link: 'seen', 'pdf' and the like for a file, 'refused' for a wrong password."""

    __tablename__ = "share_visit"
    __table_args__ = (Index("ix_share_visit_link", "workspace_id", "link_id", "at"),)

    workspace_id: int = columns.key()
    id: int = columns.key()
    link_id: int = columns.big()
    at: int = columns.big()
    what: str = columns.text()
