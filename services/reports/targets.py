"""Where a report goes: mailing lists and chat channels, as a schedule keeps them, and who that is at the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import BadSetting
from core.language import tr, trn
from core.viewer import Viewer
from services.sending import channels
from storage import database, deliveries, mailing
from storage.database import Connection

MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Target:
    """A mailing list (`way` is 'mail'), or a chat channel ('slack', 'teams'), by its id."""

    way: str
    id: int


def to_plain(targets: Iterable[Target]) -> list[dict[str, str]]:
    """Targets as JSON has them."""
    return [{"way": one.way, "id": str(one.id)} for one in targets]


def from_plain(found: Iterable[Mapping[str, Any]]) -> tuple[Target, ...]:
    """The targets that `to_plain` wrote."""
    return tuple(Target(one["way"], int(one["id"])) for one in found)


def words(viewer: Viewer, targets: Iterable[Target]) -> tuple[str, ...]:
    """Targets by their names; what was removed says so."""
    with database.current().read() as connection:
        return tuple(_words(connection, viewer.workspace_id, one) for one in targets)


def check(viewer: Viewer, targets: Iterable[Target]) -> None:
    """Raise BadSetting where there is none of a target."""
    with database.current().read() as connection:
        for one in targets:
            if not _name(connection, viewer.workspace_id, one):
                raise BadSetting(tr("One of the places it goes to no longer exists."), hint=tr("Choose again."))


def queue(
    connection: Connection, workspace_id: int, run_id: int, targets: Iterable[Target], formats: Iterable[str], *,
    schedule_id: int | None, now: datetime,
) -> int:  # fmt: skip
    """Put a delivery in the queue for everyone a report goes to, each address once; answers how many.

    Who left one of the lists gets it through none of them.
    """
    targets = tuple(targets)
    lists = [one.id for one in targets if one.way == MAIL]
    people = mailing.of_lists(connection, workspace_id, lists)
    left = {one.email for one in people if one.unsubscribed_at is not None}
    to: list[tuple[str, str, int | None]] = [(MAIL, one.email, one.id) for one in people if one.email not in left]
    to += [(one.way, str(one.id), None) for one in targets if one.way != MAIL]
    return sum(
        deliveries.queue(
            connection, workspace_id, run_id, way=way, to_whom=whom, formats=list(formats), now=now,
            schedule_id=schedule_id, recipient_id=recipient,
        )
        for way, whom, recipient in to
    )  # fmt: skip


def _words(connection: Connection, workspace_id: int, of: Target) -> str:
    name = _name(connection, workspace_id, of)
    if not name:
        return tr("a removed list") if of.way == MAIL else tr("a removed channel")
    if of.way != MAIL:
        return f"{name} ({tr(channels.ways()[of.way].title)})"
    people, _ = mailing.counts(connection, workspace_id).get(of.id, (0, 0))
    return f"{name} ({trn('{n} address', '{n} addresses', people)})"


def _name(connection: Connection, workspace_id: int, of: Target) -> str:
    if of.way == MAIL:
        row = mailing.find(connection, workspace_id, of.id)
        return row.name if row else ""
    found = channels.find(connection, workspace_id, of.id)
    return found.name if found and found.way == of.way else ""
