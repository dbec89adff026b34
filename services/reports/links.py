"""A made report under a link: for who has it, until a day, behind a password if there is one, and every visit noted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.errors import BadSetting, NotAllowed, NotFound
from core.language import tr
from core.viewer import Right, Viewer, owner
from services.reports import archive, link_keys
from services.reports.archive import Made
from storage import database, share_links
from storage.share_links import LinkRow

SEEN, REFUSED = "seen", "refused"
MOST_TRIES, TRIES_WITHIN = 10, timedelta(hours=1)
SHORTEST_PASSWORD = 8
_SECRET_BYTES = 24
_SCRYPT = {"n": 2**14, "r": 8, "p": 1, "maxmem": 64 * 2**20}


@dataclass(frozen=True, slots=True)
class Link:
    """A link as people see it; its secret is shown once, when it is made. `ended` is why it no longer works: "",
    "revoked" or "expired"."""

    id: int
    label: str
    made_at: datetime
    expires_at: datetime | None
    has_password: bool
    ended: str
    visits: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that someone came with. `locked`: its password is still to be given. `pass_key` opens it without asking
    again, in the browser that gave the password."""

    viewer: Viewer
    link_id: int
    made: Made
    locked: bool
    pass_key: str
    expires_at: datetime | None


def share(
    viewer: Viewer, run_id: int, *, now: datetime, expires_at: datetime | None, password: str = "", label: str = ""
) -> str:
    """Make a link to a made report; returns what stands in its address after /r/. Raises NotFound, and BadSetting for a
    password too short to be one or an end that has passed."""
    viewer.require(Right.MANAGE)
    if password and len(password) < SHORTEST_PASSWORD:
        raise BadSetting(tr("A password has at least {n} characters.", n=SHORTEST_PASSWORD))
    if expires_at is not None and expires_at <= now:
        raise BadSetting(tr("The link would end before it begins."), hint=tr("Choose a day to come."))
    archive.find(viewer, run_id)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with database.current().write() as connection:
        share_links.add(
            connection, viewer.workspace_id, run_id, link_keys.digest(secret), label=label, person=viewer.person,
            now=now, password=_hashed(password) if password else "", expires_at=expires_at,
        )  # fmt: skip
    return link_keys.token(viewer.workspace_id, secret)


def sent_along(viewer: Viewer, run_id: int, *, now: datetime, expires_at: datetime) -> str:
    """The link that goes out with a made report: the same however often it is asked for; empty once it has ended."""
    viewer.require(Right.MANAGE)
    secret = link_keys.derived(viewer.workspace_id, f"report/{run_id}")
    key = link_keys.digest(secret)
    with database.current().write() as connection:
        row = share_links.by_key(connection, viewer.workspace_id, key)
        if row is not None and _ended(row, now):
            return ""
        if row is None:
            share_links.add(
                connection, viewer.workspace_id, run_id, key, label=tr("Sent with the report"), password="",
                person=viewer.person, now=now, expires_at=expires_at,
            )  # fmt: skip
    return link_keys.token(viewer.workspace_id, secret)


def all_of(viewer: Viewer, run_id: int, *, now: datetime) -> list[Link]:
    """The links to a made report, newest first, with what happened at them."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return [
            Link(
                row.id, row.label, clock.from_epoch_ms(row.made_at), _moment(row.expires_at), bool(row.password),
                _ended(row, now),
                tuple(
                    (clock.from_epoch_ms(one.at), one.what)
                    for one in share_links.visits(connection, viewer.workspace_id, row.id)
                ),
            )
            for row in share_links.of_run(connection, viewer.workspace_id, run_id)
        ]  # fmt: skip


def revoke(viewer: Viewer, link_id: int, *, now: datetime) -> None:
    """End a link now. Nothing happens when it has ended, or there is none."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        share_links.revoke(connection, viewer.workspace_id, link_id, now)


def come(token: str, *, now: datetime, pass_key: str = "") -> Opened:
    """Someone came with a link. Raises NotFound for one that is none or has ended; which of these is not told."""
    workspace_id, row = _known(token, now)
    viewer = owner(workspace_id)
    key = _pass_key(row)
    locked = bool(row.password) and not hmac.compare_digest(pass_key.encode(), key.encode())
    return Opened(viewer, row.id, archive.find(viewer, row.run_id), locked, key, _moment(row.expires_at))


def unlock(token: str, password: str, *, now: datetime) -> Opened:
    """The same with a password. Raises NotFound as `come` does, and NotAllowed for a wrong one or after too many."""
    workspace_id, row = _known(token, now)
    with database.current().read() as connection:
        tries = share_links.refused_since(connection, workspace_id, row.id, now - TRIES_WITHIN)
    if tries >= MOST_TRIES:
        raise NotAllowed(tr("Too many wrong passwords."), hint=tr("Try again in an hour."))
    if row.password and not _fits(password, row.password):
        note(owner(workspace_id), row.id, REFUSED, now=now)
        raise NotAllowed(tr("This is not the password."), hint=tr("Ask whoever sent you the link."))
    return come(token, now=now, pass_key=_pass_key(row))


def note(viewer: Viewer, link_id: int, what: str, *, now: datetime) -> None:
    """Note what happened at a link: `SEEN`, or the name of a format that was taken."""
    with database.current().write() as connection:
        share_links.visit(connection, viewer.workspace_id, link_id, what, now)


def _known(token: str, now: datetime) -> tuple[int, LinkRow]:
    read, row = link_keys.read(token), None
    if read is not None:
        with database.current().read() as connection:
            row = share_links.by_key(connection, read[0], link_keys.digest(read[1]))
    if read is None or row is None or _ended(row, now):
        raise NotFound(tr("This link does not work, or no longer."), hint=tr("Ask whoever sent it for a new one."))
    return read[0], row


def _ended(row: LinkRow, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= clock.epoch_ms(now) else ""


def _pass_key(row: LinkRow) -> str:
    """What a browser keeps that gave the password: worth nothing for another link, or after a new password."""
    return hashlib.sha256(f"{row.id}:{row.key}:{row.password}".encode()).hexdigest()


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    made = hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
    return f"{b64encode(salt).decode()}${b64encode(made).decode()}"


def _fits(password: str, kept: str) -> bool:
    salt, _, made = kept.partition("$")
    found = hashlib.scrypt(password.encode(), salt=b64decode(salt), **_SCRYPT)
    return hmac.compare_digest(found, b64decode(made))


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else clock.from_epoch_ms(ms)
