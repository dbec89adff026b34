"""Where messages go: mail, and the chat channels a workspace added, whose addresses are secrets kept in the vault."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import config
from core.errors import AppError, BadSetting, NotFound
from core.ids import new_id
from core.language import tr
from core.message import Channel, Message
from core.registry import discover
from core.viewer import Right, Viewer
from services.connecting import credentials
from storage import database, settings, sql
from storage.database import Connection

LONGEST_NAME = 80
_SETTING, _SECRET = "channels", "address"


@dataclass(frozen=True, slots=True)
class Kept:
    """A chat channel under the name a person gave it. `way` is 'slack' or 'teams'."""

    id: int
    way: str
    name: str


def ways() -> dict[str, Channel]:
    """Name -> a way a message can take."""
    return discover("alerts.channels", "CHANNEL", Channel)


def checked(way: str, address: str) -> str:
    """An address in the form it is kept in. Raises BadSetting for one that is none, and for a way there is none of."""
    known = ways()
    if way not in known:
        raise BadSetting(tr("There is no channel of the kind '{name}'.", name=way), hint=", ".join(known))
    return known[way].check(address)


def mail_is_set_up() -> bool:
    """Whether this installation has a mail server."""
    return bool(config.load().smtp.host)


def all_of(viewer: Viewer) -> list[Kept]:
    """The chat channels of the workspace, oldest first."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return in_store(connection, viewer.workspace_id)


def in_store(connection: Connection, workspace_id: int) -> list[Kept]:
    """The same inside a transaction."""
    found: list[dict[str, Any]] = settings.get(connection, workspace_id, _SETTING, [])
    return [Kept(int(one["id"]), str(one["way"]), str(one["name"])) for one in found]


def find(connection: Connection, workspace_id: int, channel_id: int) -> Kept | None:
    """A chat channel by its id."""
    return next((one for one in in_store(connection, workspace_id) if one.id == channel_id), None)


def add(viewer: Viewer, way: str, name: str, address: str) -> int:
    """Keep a chat channel; returns its id. `address` is the one that the chat made for incoming messages (a webhook).
    Raises BadSetting for a name or an address that cannot be used."""
    viewer.require(Right.MANAGE)
    secret = checked(way, address)
    if not ways()[way].is_secret:
        raise BadSetting(tr("Mail goes to mailing lists."), hint=tr("Make a mailing list."))
    with database.current().write() as connection:
        sql.lock_workspace(connection, viewer.workspace_id)
        here = in_store(connection, viewer.workspace_id)
        made = Kept(new_id(), way, _name(name, here))
        _put(connection, viewer.workspace_id, [*here, made])
        safe = credentials.open_vault(database.current())
        safe.put(connection, viewer.workspace_id, made.id, _SECRET, {"url": secret})
    return made.id


def remove(viewer: Viewer, channel_id: int) -> None:
    """Forget a chat channel and its address. Schedules that send to it say so from then on."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        sql.lock_workspace(connection, viewer.workspace_id)
        others = [one for one in in_store(connection, viewer.workspace_id) if one.id != channel_id]
        _put(connection, viewer.workspace_id, others)
        credentials.open_vault(database.current()).delete(connection, viewer.workspace_id, channel_id, _SECRET)


def address(workspace_id: int, channel_id: int) -> str:
    """The secret address of a chat channel. Raises NotFound and SecretUnreadable."""
    safe = credentials.open_vault(database.current())
    with database.current().read() as connection:
        if not safe.has(connection, workspace_id, channel_id, _SECRET):
            raise NotFound(tr("There is no such channel."), hint=tr("Someone may have removed it."))
        return str(safe.get(connection, workspace_id, channel_id, _SECRET)["url"])


def test(viewer: Viewer, way: str, to: str, *, now: datetime) -> tuple[bool, str]:
    """Send a short message to an address (mail) or the id of a chat channel; whether it was taken, and what the other
    side said."""
    viewer.require(Right.MANAGE)
    text = tr("This is a test from Plumbline. If you read it, reports and alerts can come this way.")
    message = Message(f"test-{new_id():x}", now, tr("A test from Plumbline"), text, lead=text)
    try:
        whither = address(viewer.workspace_id, int(to)) if ways()[way].is_secret else checked(way, to)
        return True, ways()[way].send(message, whither, config.load(), lambda: None)
    except AppError as error:
        return False, f"{error.message} {error.hint}".strip()


def _put(connection: Connection, workspace_id: int, every: list[Kept]) -> None:
    told = [{"id": str(one.id), "way": one.way, "name": one.name} for one in every]
    settings.put(connection, workspace_id, _SETTING, told)


def _name(name: str, here: list[Kept]) -> str:
    tidy = re.sub(r"\s+", " ", name).strip()
    if not tidy or len(tidy) > LONGEST_NAME:
        raise BadSetting(tr("A channel has a name of 1 to {n} characters.", n=LONGEST_NAME))
    if any(one.name.casefold() == tidy.casefold() for one in here):
        raise BadSetting(tr("There is a channel called '{name}' already.", name=tidy), hint=tr("Choose another name."))
    return tidy
