"""The steps between choosing a platform and its first sync.

Nothing here remembers where a person is: each step follows from what is stored, so a half-made connection can be left
and gone on with later. It stays "new", and is not read, until `start`.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from core import clock, config
from core.errors import NotConnected
from core.language import tr
from core.viewer import Right, Viewer
from services import sync
from services.connecting import connections as connecting
from services.connecting import credentials, platforms
from services.installation import site
from storage import connections, database, entities, spend, workspaces

CALLBACK = "/oauth/callback"


class Keys(StrEnum):
    """Whose app keys a platform is asked with."""

    OWN = "own"
    SHARED = "shared"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Redirect:
    """The exact redirect address to enter at a platform; `problem` says why platforms may refuse it, and what helps."""

    address: str
    problem: str = ""


def redirect() -> Redirect:
    """Where platforms send the browser back to, and whether they will."""
    address = f"{site.address()}{CALLBACK}"
    parts = urlsplit(address)
    if not parts.hostname:
        return Redirect(address, tr("This process does not know its own address. Set PLUMBLINE_BASE_URL."))
    if parts.hostname in config.LOOPBACK:
        return Redirect(
            address, tr("It works in a browser on this machine only. Some platforms want https even for that.")
        )
    if parts.scheme != "https":
        return Redirect(address, tr("Platforms accept only https here. Set PLUMBLINE_BASE_URL to an https address."))
    return Redirect(address)


def keys(viewer: Viewer, platform: str) -> Keys:
    """Whose keys would be used: the workspace's own come first."""
    viewer.require(Right.READ)
    platforms.connector(platform)
    if credentials.has_own_app_keys(database.current(), viewer.workspace_id, platform):
        return Keys.OWN
    return Keys.SHARED if platform in config.load().app_keys else Keys.MISSING


def begin(viewer: Viewer, platform: str, *, now: datetime | None = None) -> int:
    """A connection that waits for consent, of one begun earlier the same. Returns its id.

    In the demo workspace it leads to the sandbox, with invented keys: real data never gets in there. Raises NotFound.
    """
    viewer.require(Right.MANAGE)
    with database.current().read() as connection:
        is_demo = workspaces.get(connection, viewer.workspace_id).kind == "demo"
    if is_demo and not site.sandbox_gateway():
        raise NotConnected(
            tr("The sandbox is not served here."), hint=tr("Make a workspace of your own on the Settings page.")
        )
    if is_demo and keys(viewer, platform) is not Keys.OWN:
        connecting.save_app_keys(viewer, platform, f"plumbline-demo-{platform}", secrets.token_urlsafe(24))
    return connecting.add(viewer, platform, gateway=site.sandbox_gateway() if is_demo else "", now=now)


def start(viewer: Viewer, connection_id: int, *, now: datetime | None = None) -> None:
    """Begin to read the chosen accounts. Raises NotConnected when there is none."""
    viewer.require(Right.MANAGE)
    moment = clock.epoch_ms(now or clock.utc_now())
    with database.current().write() as connection:
        if not entities.accounts(connection, viewer.workspace_id, connection_id=connection_id, selected=True):
            raise NotConnected(tr("No account is chosen."), hint=tr("Choose at least one account of this connection."))
        connections.update(connection, viewer.workspace_id, connection_id, state="active", next_run_at=moment)


def discard(viewer: Viewer, connection_id: int) -> None:
    """Forget a connection that was never read, its login and the accounts it brought. Accounts known before stay."""
    viewer.require(Right.MANAGE)
    with sync.locked(connection_id), database.current().write() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        for account in entities.accounts(connection, viewer.workspace_id, connection_id=connection_id):
            if row.state == "new" and account.created_at >= row.created_at:
                entities.forget_account(connection, viewer.workspace_id, account.id)
        spend.forget(connection, viewer.workspace_id, connection_id)
        entities.detach_accounts(connection, viewer.workspace_id, connection_id)
        connections.delete(connection, viewer.workspace_id, connection_id)
