"""What a site needs to run: workspaces, connections, secrets, leases, limits, notices."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Column, Double, Integer, LargeBinary, SmallInteger, Text
from sqlmodel import Field, SQLModel

from storage.tables import columns


class Workspace(SQLModel, table=True):
    """One business whose numbers belong together. `kind` is 'real' or 'demo'; the two are never mixed."""

    id: int = columns.key()
    name: str = columns.text()
    kind: str = columns.text("real")
    time_zone: str = columns.text("UTC")
    currency: str = columns.text("USD")
    week_start: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False))
    created_at: int = columns.big()


class Setting(SQLModel, table=True):
    """A named choice of a workspace (workspace_id 0: of the installation)."""

    workspace_id: int = columns.key()
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: Any = Field(default=None, sa_column=Column(JSON, nullable=False))


class Connection(SQLModel, table=True):
    """One authorised link of a workspace to a platform. `state`: new, active, attention, paused, disconnected."""

    workspace_id: int = columns.key()
    id: int = columns.key()
    platform: str = columns.text()
    name: str = columns.text()
    state: str = columns.text("new")
    gateway: str = columns.text()
    reason: str = columns.text()
    hint: str = columns.text()
    token_expires_at: int | None = columns.big_or_none()
    sync_requested_at: int | None = columns.big_or_none()
    last_success_at: int | None = columns.big_or_none()
    next_run_at: int | None = columns.big_or_none()
    options: dict[str, Any] = columns.json()
    created_at: int = columns.big()


class Secret(SQLModel, table=True):
    """Ciphertext of a secret (AES-256-GCM). `name`: token or app_keys; associated data is the row's key."""

    workspace_id: int = columns.key()
    owner_id: int = columns.key()
    name: str = Field(sa_column=Column(Text, primary_key=True))
    key_id: str = columns.text()
    ciphertext: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    updated_at: int = columns.big()


class OAuthState(SQLModel, table=True):
    """A consent under way: single use, ten minutes. Only the hash of the state is kept; the verifier is ciphertext."""

    __tablename__ = "oauth_state"

    state_hash: str = Field(sa_column=Column(Text, primary_key=True))
    workspace_id: int = columns.big()
    connection_id: int = columns.big()
    browser_hash: str = columns.text()
    redirect_uri: str = columns.text()
    key_id: str = columns.text()
    verifier: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires_at: int = columns.big()


class RateUse(SQLModel, table=True):
    """Units taken from a rate limit, counted in slices of its window; shared by all processes."""

    __tablename__ = "rate_use"

    key: str = Field(sa_column=Column(Text, primary_key=True))
    slice_at: int = columns.key()
    units: float = Field(sa_column=Column(Double, nullable=False))


class RateBlock(SQLModel, table=True):
    """A rate limit that refuses everything until a moment."""

    __tablename__ = "rate_block"

    key: str = Field(sa_column=Column(Text, primary_key=True))
    until: int = columns.big()


class Spend(SQLModel, table=True):
    """What the metered reads of a connection cost in a calendar month (UTC), by kind of thing read. `month` is 202611
    for November 2026; `set_aside` is for requests under way."""

    workspace_id: int = columns.key()
    connection_id: int = columns.key()
    month: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    things: int = columns.big()
    cost: float = Field(sa_column=Column(Double, nullable=False))
    set_aside: float = Field(sa_column=Column(Double, nullable=False))


class SpendToday(SQLModel, table=True):
    """What a connection has paid for on a day (UTC): the same thing costs once a day. Only the newest day is kept."""

    __tablename__ = "spend_today"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = columns.key()
    connection_id: int = columns.key()
    day: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    kind: str = Field(sa_column=Column(Text, primary_key=True))
    thing: str = Field(sa_column=Column(Text, primary_key=True))


class WebhookDelivery(SQLModel, table=True):
    """A notice that was taken in the last day, by its fingerprint: the same one is not taken twice."""

    __tablename__ = "webhook_delivery"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: int = columns.key()
    fingerprint: str = Field(sa_column=Column(Text, primary_key=True))
    received_at: int = columns.big()


class WebhookNotice(SQLModel, table=True):
    """When a connection last had a notice of its platform, and when one last led to a read."""

    __tablename__ = "webhook_notice"

    workspace_id: int = columns.key()
    connection_id: int = columns.key()
    received_at: int = columns.big()
    asked_at: int = columns.big()


class WebhookSubscription(SQLModel, table=True):
    """Notices that a platform was asked to send of an account (by its external id): when it was asked, until when it
    sends, None while it has not confirmed, and why it did not."""

    __tablename__ = "webhook_subscription"

    workspace_id: int = columns.key()
    connection_id: int = columns.key()
    account: str = Field(sa_column=Column(Text, primary_key=True))
    asked_at: int = columns.big()
    until: int | None = columns.big_or_none()
    problem: str = columns.text()


class Lease(SQLModel, table=True):
    """Something only one process may do at a time: lead the scheduler, sync a connection, refresh a token."""

    name: str = Field(sa_column=Column(Text, primary_key=True))
    holder: str = columns.text()
    expires_at: int = columns.big()
    beat_at: int = columns.big()


class StoreVersion(SQLModel, table=True):
    """A counter per workspace that goes up with every change, so that caches know when to ask again."""

    __tablename__ = "store_version"

    workspace_id: int = columns.key()
    version: int = columns.big()
