"""Every table. `workspace_id` leads every key and index, so the same schema shards by workspace.

Ids are made by `core.ids`. Instants are milliseconds since 1970 UTC, so that both databases keep them exactly; a day
is days since 1970-01-01 in the account's time zone. Secrets are ciphertext only (`storage.vault`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlmodel import Field, SQLModel


def _id(**options: Any) -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False, **options))


def _big(**options: Any) -> Any:
    return Field(sa_column=Column(BigInteger, nullable=False, **options))


def _big_or_none() -> Any:
    return Field(default=None, sa_column=Column(BigInteger, nullable=True))


def _text(default: str = "") -> Any:
    return Field(default=default, sa_column=Column(Text, nullable=False))


def _json() -> Any:
    return Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Workspace(SQLModel, table=True):
    """One business whose numbers belong together. `kind` is 'real' or 'demo'; the two are never mixed."""

    id: int = _id()
    name: str = _text()
    kind: str = _text("real")
    time_zone: str = _text("UTC")
    currency: str = _text("USD")
    week_start: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    created_at: int = _big()


class Setting(SQLModel, table=True):
    """A named choice of a workspace (workspace_id 0: of the installation)."""

    workspace_id: int = _id()
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: Any = Field(default=None, sa_column=Column(JSON, nullable=False))


class Connection(SQLModel, table=True):
    """One authorised link of a workspace to a platform. `state`: new, active, attention, paused, disconnected."""

    workspace_id: int = _id()
    id: int = _id()
    platform: str = _text()
    name: str = _text()
    state: str = _text("new")
    gateway: str = _text()
    reason: str = _text()
    hint: str = _text()
    token_expires_at: int | None = _big_or_none()
    sync_requested_at: int | None = _big_or_none()
    last_success_at: int | None = _big_or_none()
    next_run_at: int | None = _big_or_none()
    options: dict[str, Any] = _json()
    created_at: int = _big()


class Secret(SQLModel, table=True):
    """Ciphertext of a secret (AES-256-GCM). `name`: token or app_keys; associated data is the row's key."""

    workspace_id: int = _id()
    owner_id: int = _id()
    name: str = Field(sa_column=Column(Text, primary_key=True))
    key_id: str = _text()
    ciphertext: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    updated_at: int = _big()


class OAuthState(SQLModel, table=True):
    """A consent under way: single use, ten minutes. Only the hash of the state is kept; the verifier is ciphertext."""

    __tablename__ = "oauth_state"

    state_hash: str = Field(sa_column=Column(Text, primary_key=True))
    workspace_id: int = _big()
    connection_id: int = _big()
    browser_hash: str = _text()
    redirect_uri: str = _text()
    key_id: str = _text()
    verifier: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires_at: int = _big()


class Account(SQLModel, table=True):
    """A thing on the platform that has numbers. The same platform and external id is the same account for ever."""

    __table_args__ = (Index("account_external", "workspace_id", "platform", "external_id", unique=True),)

    workspace_id: int = _id()
    id: int = _id()
    platform: str = _text()
    external_id: str = _text()
    connection_id: int | None = _big_or_none()
    name: str = _text()
    handle: str = _text()
    url: str = _text()
    picture_url: str = _text()
    kind: str = _text("profile")
    time_zone: str = _text("UTC")
    currency: str = _text()
    selected: bool = True
    created_at: int = _big()


class Post(SQLModel, table=True):
    """One published piece of content of an account."""

    __table_args__ = (
        Index("post_external", "workspace_id", "account_id", "external_id", unique=True),
        Index("post_published", "workspace_id", "account_id", "published_at"),
    )

    workspace_id: int = _id()
    id: int = _id()
    account_id: int = _big()
    external_id: str = _text()
    kind: str = _text("post")
    published_at: int = _big()
    text: str = _text()
    permalink: str = _text()
    thumbnail_url: str = _text()
    duration_s: float | None = Field(default=None, sa_column=Column(Double, nullable=True))
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    language: str = _text()


class Comment(SQLModel, table=True):
    """What somebody wrote under a post of an account, or elsewhere about it. `post_id` is empty for the latter."""

    __table_args__ = (
        Index("comment_external", "workspace_id", "account_id", "external_id", unique=True),
        Index("comment_written", "workspace_id", "account_id", "written_at"),
    )

    workspace_id: int = _id()
    id: int = _id()
    account_id: int = _big()
    external_id: str = _text()
    kind: str = _text("comment")
    post_id: int | None = _big_or_none()
    parent: str = _text()
    written_at: int = _big()
    text: str = _text()
    author: str = _text()
    permalink: str = _text()
    likes: int | None = _big_or_none()
    language: str = _text()
    seen_at: int = _big()


class Campaign(SQLModel, table=True):
    """A paid or e-mail campaign or a level below it."""

    __table_args__ = (Index("campaign_external", "workspace_id", "account_id", "level", "external_id", unique=True),)

    workspace_id: int = _id()
    id: int = _id()
    account_id: int = _big()
    external_id: str = _text()
    level: str = _text("campaign")
    parent_id: int | None = _big_or_none()
    name: str = _text()
    status: str = _text()
    starts_on: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    ends_on: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))


class MetricRow(SQLModel, table=True):
    """The metric registry, written at start so that plain SQL can join it. Never read by the program."""

    __tablename__ = "metric"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str = _text()
    title: str = _text()
    unit: str = _text()
    adds: str = _text()


class DimensionRow(SQLModel, table=True):
    """The dimensions, written at start so that plain SQL can join them."""

    __tablename__ = "dimension"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    name: str = _text()
    title: str = _text()


class Member(SQLModel, table=True):
    """One value of a dimension. `member_id` is small and counted per workspace and dimension; 0 is the total."""

    __table_args__ = (Index("member_key", "workspace_id", "dimension_id", "key", unique=True),)

    workspace_id: int = _id()
    dimension_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    key: str = _text()
    title: str = _text()


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


class Reading(SQLModel, table=True):
    """One observation of a post's lifetime counter; written when the value changed."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = _id()
    post_id: int = _id()
    metric_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    captured_at: int = _id()
    value: float = Field(sa_column=Column(Double, nullable=False))


class PostTotal(SQLModel, table=True):
    """The newest reading of each post's counter: what a post stands at now."""

    __tablename__ = "post_total"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = _id()
    metric_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    post_id: int = _id()
    value: float = Field(sa_column=Column(Double, nullable=False))
    captured_at: int = _big()


class Coverage(SQLModel, table=True):
    """What is known of a metric of an account over a range of days, and why. Ranges of one metric never overlap."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = _id()
    account_id: int = _id()
    metric_id: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    from_day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    to_day: int = Field(sa_column=Column(Integer, nullable=False))
    state: str = _text()
    reason: str = _text()
    observed_at: int = _big()


class StreamCursor(SQLModel, table=True):
    """How far a stream of an account has been read: `forward_to` to the newest day, `back_to` to the oldest."""

    __tablename__ = "stream_cursor"

    workspace_id: int = _id()
    account_id: int = _id()
    stream: str = Field(sa_column=Column(Text, primary_key=True))
    forward_to: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    back_to: int | None = Field(default=None, sa_column=Column(Integer, nullable=True))
    state: dict[str, Any] = _json()
    ran_at: int | None = _big_or_none()


class SyncRun(SQLModel, table=True):
    """One sync of a connection, with an entry per stream. `outcome`: running, ok, partial, failed, interrupted."""

    __tablename__ = "sync_run"
    __table_args__ = (Index("sync_run_connection", "workspace_id", "connection_id", "started_at"),)

    workspace_id: int = _id()
    id: int = _id()
    connection_id: int = _big()
    trigger: str = _text("schedule")
    started_at: int = _big()
    finished_at: int | None = _big_or_none()
    outcome: str = _text("running")
    reason: str = _text()
    hint: str = _text()
    facts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    posts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    readings: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    comments: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    requests: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    progress: float = Field(default=0.0, sa_column=Column(Double, nullable=False))
    streams: dict[str, Any] = _json()


class ImportBatch(SQLModel, table=True):
    """One committed file import, with what is needed to undo it."""

    __tablename__ = "import_batch"

    workspace_id: int = _id()
    id: int = _id()
    file_name: str = _text()
    platform: str = _text()
    account_id: int = _big()
    imported_at: int = _big()
    undone_at: int | None = _big_or_none()
    rows: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    undo: dict[str, Any] = _json()


class Annotation(SQLModel, table=True):
    """What happened on a day, in a person's words; `day` counts from 1970-01-01."""

    workspace_id: int = _id()
    id: int = _id()
    day: int = Field(sa_column=Column(Integer, nullable=False))
    text: str = _text()
    created_at: int = _big()


class RateUse(SQLModel, table=True):
    """Units taken from a rate limit, counted in slices of its window; shared by all processes."""

    __tablename__ = "rate_use"

    key: str = Field(sa_column=Column(Text, primary_key=True))
    slice_at: int = _id()
    units: float = Field(sa_column=Column(Double, nullable=False))


class RateBlock(SQLModel, table=True):
    """A rate limit that refuses everything until a moment."""

    __tablename__ = "rate_block"

    key: str = Field(sa_column=Column(Text, primary_key=True))
    until: int = _big()


class Spend(SQLModel, table=True):
    """What the metered reads of a connection cost in a calendar month (UTC), by kind of thing read. `month` is 202611
    for November 2026; `set_aside` is for requests under way."""

    workspace_id: int = _id()
    connection_id: int = _id()
    month: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    things: int = _big()
    cost: float = Field(sa_column=Column(Double, nullable=False))
    set_aside: float = Field(sa_column=Column(Double, nullable=False))


class SpendToday(SQLModel, table=True):
    """What a connection has paid for on a day (UTC): the same thing costs once a day. Only the newest day is kept."""

    __tablename__ = "spend_today"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = _id()
    connection_id: int = _id()
    day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    thing: str = Field(sa_column=Column(Text, primary_key=True))


class WebhookDelivery(SQLModel, table=True):
    """A notice that was taken in the last day, by its fingerprint: the same one is not taken twice."""

    __tablename__ = "webhook_delivery"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = _id()
    fingerprint: str = Field(sa_column=Column(Text, primary_key=True))
    received_at: int = _big()


class WebhookNotice(SQLModel, table=True):
    """When a connection last had a notice of its platform, and when one last led to a read."""

    __tablename__ = "webhook_notice"

    workspace_id: int = _id()
    connection_id: int = _id()
    received_at: int = _big()
    asked_at: int = _big()


class WebhookSubscription(SQLModel, table=True):
    """Notices that a platform was asked to send of an account (by its external id): when it was asked, until when it
    sends, None while it has not confirmed, and why it did not."""

    __tablename__ = "webhook_subscription"

    workspace_id: int = _id()
    connection_id: int = _id()
    account: str = Field(sa_column=Column(Text, primary_key=True))
    asked_at: int = _big()
    until: int | None = _big_or_none()
    problem: str = _text()


class Study(SQLModel, table=True):
    """What a statistical method found, kept so that a page need not wait for it. `seen` is the version of the store
    that it was made from, `state` is 'ok', 'not_enough' or 'failed', `method` the number of the method's version."""

    workspace_id: int = _id()
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    subject: str = Field(sa_column=Column(Text, primary_key=True))
    computed_at: int = _big()
    day: int = _big()
    seen: int = _big()
    method: int = Field(sa_column=Column(Integer, nullable=False))
    took_ms: int = _big()
    state: str = _text()
    reason: str = _text()
    found: dict[str, Any] = _json()


class AnomalyMark(SQLModel, table=True):
    """What a person said of an unusual day: useful or not, and a word. `place` is a platform, empty for all together,
    or the accounts it is about; `day` counts from 1970-01-01."""

    __tablename__ = "anomaly_mark"

    workspace_id: int = _id()
    metric: str = Field(sa_column=Column(Text, primary_key=True))
    place: str = Field(sa_column=Column(Text, primary_key=True))
    day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    person: str = Field(sa_column=Column(Text, primary_key=True))
    useful: bool = Field(sa_column=Column(Boolean, nullable=False))
    word: str = _text()
    marked_at: int = _big()


class Reconciliation(SQLModel, table=True):
    """A number that a person read in a platform's own interface, to be held against ours: `stated` is of a metric of an
    account from `first_day` to `last_day`, which count from 1970-01-01."""

    workspace_id: int = _id()
    id: int = _id()
    account_id: int = _big()
    metric: str = _text()
    first_day: int = Field(sa_column=Column(Integer, nullable=False))
    last_day: int = Field(sa_column=Column(Integer, nullable=False))
    stated: float = Field(sa_column=Column(Double, nullable=False))
    note: str = _text()
    person: str = _text()
    made_at: int = _big()


class Report(SQLModel, table=True):
    """A report as a person laid it out (`core.report.Layout` as JSON), or a template they saved: `kind` is 'report' or
    'template', `template` the name it was begun from."""

    workspace_id: int = _id()
    id: int = _id()
    kind: str = _text("report")
    title: str = _text()
    template: str = _text()
    layout: dict[str, Any] = _json()
    person: str = _text()
    made_at: int = _big()
    changed_at: int = _big()


class ReportRun(SQLModel, table=True):
    """A report that was made: `manifest` is its document, compressed, from which every file is written again; `hash` is
    that of its JSON. `state` is 'waiting', 'making', 'ready' or 'failed', `done` says how far it is, 0 to 1, `problem`
    why it failed. `days` are counted from 1970-01-01; `trigger` is 'person', 'schedule', 'test' or 'api'."""

    __tablename__ = "report_run"
    __table_args__ = (Index("ix_report_run_made", "workspace_id", "made_at"),)

    workspace_id: int = _id()
    id: int = _id()
    report_id: int | None = _big_or_none()
    schedule_id: int | None = _big_or_none()
    trigger: str = _text("person")
    title: str = _text()
    person: str = _text()
    made_at: int = _big()
    first_day: int = Field(sa_column=Column(Integer, nullable=False))
    last_day: int = Field(sa_column=Column(Integer, nullable=False))
    data_until: int | None = _big_or_none()
    program: str = _text()
    state: str = _text("waiting")
    done: float = Field(default=0.0, sa_column=Column(Double, nullable=False))
    problem: str = _text()
    hash: str = _text()
    manifest: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    expires_at: int | None = _big_or_none()


class ReportSchedule(SQLModel, table=True):
    """When a report makes itself, and to whom it goes. `rhythm` is `services.reports.rhythm.Rhythm` as JSON, `channels`
    what it goes to; `when_late` is 'send', 'banner' or 'skip'. `slot` is the moment of the newest run that was begun:
    a run of a schedule is made once for each slot."""

    __tablename__ = "report_schedule"

    workspace_id: int = _id()
    id: int = _id()
    report_id: int = _big()
    rhythm: dict[str, Any] = _json()
    formats: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    channels: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    when_late: str = _text("banner")
    active: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))
    person: str = _text()
    made_at: int = _big()
    next_at: int | None = _big_or_none()
    slot: int | None = _big_or_none()
    problem: str = _text()


class MailingList(SQLModel, table=True):
    """Who gets a report by e-mail, under a name."""

    __tablename__ = "mailing_list"

    workspace_id: int = _id()
    id: int = _id()
    name: str = _text()
    made_at: int = _big()


class Recipient(SQLModel, table=True):
    """An address of a mailing list; nobody needs an account. `key` is what their link to unsubscribe is checked by (a
    SHA-256 of it); once `unsubscribed_at` is set they get nothing more."""

    __table_args__ = (Index("ix_recipient_list", "workspace_id", "list_id"),)

    workspace_id: int = _id()
    id: int = _id()
    list_id: int = _big()
    email: str = _text()
    name: str = _text()
    key: str = _text()
    added_at: int = _big()
    unsubscribed_at: int | None = _big_or_none()


class Delivery(SQLModel, table=True):
    """A made report on its way to one recipient or channel. `way` is 'mail', 'slack' or 'teams', `to_whom` an address
    or the name of a channel. `state` is 'waiting', 'sending', 'sent', 'failed' or 'stopped'; one of a run, way and
    address exists once."""

    __table_args__ = (
        Index("ix_delivery_run", "workspace_id", "run_id", "way", "to_whom", unique=True),
        Index("ix_delivery_due", "workspace_id", "state", "try_at"),
    )

    workspace_id: int = _id()
    id: int = _id()
    run_id: int = _big()
    schedule_id: int | None = _big_or_none()
    recipient_id: int | None = _big_or_none()
    way: str = _text()
    to_whom: str = _text()
    formats: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    state: str = _text("waiting")
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    try_at: int = _big()
    begun_at: int | None = _big_or_none()
    sent_at: int | None = _big_or_none()
    problem: str = _text()


class ShareLink(SQLModel, table=True):
    """A link under which a made report can be seen without an account. `key` is the SHA-256 of what stands in the link,
    `password` a salted hash or empty."""

    __tablename__ = "share_link"
    __table_args__ = (Index("ix_share_link_key", "workspace_id", "key", unique=True),)

    workspace_id: int = _id()
    id: int = _id()
    run_id: int = _big()
    key: str = _text()
    label: str = _text()
    password: str = _text()
    person: str = _text()
    made_at: int = _big()
    expires_at: int | None = _big_or_none()
    revoked_at: int | None = _big_or_none()


class ShareVisit(SQLModel, table=True):
    """What happened at a share link: 'seen', 'pdf' and the like for a file, 'refused' for a wrong password."""

    __tablename__ = "share_visit"
    __table_args__ = (Index("ix_share_visit_link", "workspace_id", "link_id", "at"),)

    workspace_id: int = _id()
    id: int = _id()
    link_id: int = _big()
    at: int = _big()
    what: str = _text()


class Lease(SQLModel, table=True):
    """Something only one process may do at a time: lead the scheduler, sync a connection, refresh a token."""

    name: str = Field(sa_column=Column(Text, primary_key=True))
    holder: str = _text()
    expires_at: int = _big()
    beat_at: int = _big()


class StoreVersion(SQLModel, table=True):
    """A counter per workspace that goes up with every change, so that caches know when to ask again."""

    __tablename__ = "store_version"

    workspace_id: int = _id()
    version: int = _big()
