"""Mailing lists: who gets reports by e-mail. Nobody needs an account, and everyone can leave by a link in the mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.errors import BadSetting, NotFound
from core.ids import new_id
from core.language import tr, trn
from core.viewer import Right, Viewer
from services.reports import link_keys
from services.sending import channels
from storage import database, mailing, schedules
from storage.database import Connection
from storage.mailing import RecipientRow

LONGEST_NAME, MOST_PEOPLE = 80, 2000
_BETWEEN = re.compile(r"[,;\r\n]+")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


@dataclass(frozen=True, slots=True)
class MailingList:
    """A list: how many get its mails, how many left it, and in how many schedules it is used."""

    id: int
    name: str
    people: int
    unsubscribed: int
    used: int


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on a list."""

    id: int
    email: str
    name: str
    added_at: datetime
    unsubscribed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of pasted addresses: put on the list, there already, unsubscribed before (they stay so), and not
    understood, each with why."""

    added: tuple[str, ...]
    already: tuple[str, ...]
    unsubscribed: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]

    def words(self) -> str:
        """What became of them, in a sentence or two."""
        parts = [trn("{n} address added.", "{n} addresses added.", len(self.added))]
        if self.already:
            parts.append(trn("{n} was there already.", "{n} were there already.", len(self.already)))
        if self.unsubscribed:
            parts.append(
                trn(
                    "{n} had unsubscribed and stays so: only they can change that.",
                    "{n} had unsubscribed and stay so: only they can change that.",
                    len(self.unsubscribed),
                )
            )
        if self.refused:
            parts.append(trn("{n} is no address.", "{n} are no addresses.", len(self.refused)))
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Membership:
    """What a link to unsubscribe is about: which address on which list, and whether it left."""

    workspace_id: int
    recipient_id: int
    email: str
    list_name: str
    unsubscribed: bool


def all_of(viewer: Viewer) -> list[MailingList]:
    """The lists of the workspace, oldest first."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        counted = mailing.counts(connection, viewer.workspace_id)
        used = _used(connection, viewer.workspace_id)
        return [
            MailingList(one.id, one.name, *counted.get(one.id, (0, 0)), used=used.count(one.id))
            for one in mailing.all_of(connection, viewer.workspace_id)
        ]


def add(viewer: Viewer, name: str, *, now: datetime) -> int:
    """Make a list; returns its id. Raises BadSetting for a name that is empty, too long or taken."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        return mailing.keep(connection, viewer.workspace_id, _name(connection, viewer, name), now)


def rename(viewer: Viewer, list_id: int, name: str) -> None:
    """Call a list something else. Raises NotFound, and BadSetting as `add` does."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        if not mailing.rename(connection, viewer.workspace_id, list_id, _name(connection, viewer, name, list_id)):
            raise _no_list()


def remove(viewer: Viewer, list_id: int) -> None:
    """Remove a list and everyone on it. Raises BadSetting while a schedule sends to it."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        if list_id in _used(connection, viewer.workspace_id):
            raise BadSetting(
                tr("A schedule sends to this list."), hint=tr("Take the list out of the schedule first, or remove it.")
            )
        mailing.forget(connection, viewer.workspace_id, list_id)


def people(viewer: Viewer, list_id: int) -> list[Person]:
    """Everyone on a list, in the order they were added, and those who left it. Raises NotFound."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        if mailing.find(connection, viewer.workspace_id, list_id) is None:
            raise _no_list()
        return [_person(row) for row in mailing.of_lists(connection, viewer.workspace_id, [list_id])]


def add_people(viewer: Viewer, list_id: int, pasted: str, *, now: datetime) -> Added:
    """Put pasted addresses on a list, such as "ann@example.com, Bob <bob@example.com>", one or many, divided by commas,
    semicolons or lines. What is no address is told with why, and the others are added. Raises NotFound, and BadSetting
    where the list would grow too long."""
    viewer.require(Right.MANAGE)
    found, refused = _parted(pasted)
    keyed = [(id_ := new_id(), link_keys.digest(_secret(viewer.workspace_id, id_)), *one) for one in found]
    added: list[str] = []
    already: list[str] = []
    left: list[str] = []
    with database.current().write() as connection:
        if mailing.find(connection, viewer.workspace_id, list_id) is None:
            raise _no_list()
        here = {one.email: one for one in mailing.of_lists(connection, viewer.workspace_id, [list_id])}
        if len(here) + len([one for one in keyed if one[2] not in here]) > MOST_PEOPLE:
            raise BadSetting(
                tr("A list has at most {n} addresses.", n=MOST_PEOPLE), hint=tr("Make a second list of some of them.")
            )
        for id_, key, email, name in keyed:
            if email not in here:
                mailing.add(connection, viewer.workspace_id, list_id, id_, email, name=name, key=key, now=now)
                added.append(email)
            else:
                (left if here[email].unsubscribed_at else already).append(email)
    return Added(tuple(added), tuple(already), tuple(left), tuple(refused))


def remove_person(viewer: Viewer, recipient_id: int) -> None:
    """Take someone off a list. Who unsubscribed stays on it as such: adding them again must not undo that."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        mailing.drop(connection, viewer.workspace_id, recipient_id)


def token(workspace_id: int, recipient_id: int) -> str:
    """What stands in a recipient's address to unsubscribe, after /u/."""
    return link_keys.token(workspace_id, _secret(workspace_id, recipient_id))


def come(given: str) -> Membership:
    """Someone came with a link to unsubscribe. Raises NotFound for one that is none."""
    read = link_keys.read(given)
    with database.current().read() as connection:
        row = mailing.by_key(connection, read[0], link_keys.digest(read[1])) if read else None
        of = mailing.find(connection, row.workspace_id, row.list_id) if row else None
    if row is None or of is None:
        raise NotFound(
            tr("This link does not work, or no longer."), hint=tr("You are not on the list it was made for.")
        )
    return Membership(row.workspace_id, row.id, row.email, of.name, row.unsubscribed_at is not None)


def unsubscribe(given: str, *, now: datetime) -> Membership:
    """Who came with the link gets nothing more of this list. Raises NotFound for a link that is none."""
    return _changed(given, now)


def subscribe(given: str) -> Membership:
    """Who came with the link wants the mails again. Raises NotFound for a link that is none."""
    return _changed(given, None)


def _changed(given: str, moment: datetime | None) -> Membership:
    found = come(given)
    with database.current().write() as connection:
        mailing.unsubscribe(connection, found.workspace_id, found.recipient_id, moment)
    return come(given)


def _secret(workspace_id: int, recipient_id: int) -> str:
    return link_keys.derived(workspace_id, f"unsubscribe/{recipient_id}")


def _parted(pasted: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(address, name) of what was understood, each address once; (text, why) of the rest."""
    found: dict[str, str] = {}
    refused = []
    for text in _pieces(pasted):
        named = _NAMED.fullmatch(text)
        try:
            address = channels.checked("mail", named["address"].strip() if named else text)
        except BadSetting as error:
            refused.append((text, error.message))
            continue
        found.setdefault(address, named["name"].strip().strip('"').strip()[:LONGEST_NAME] if named else "")
    return list(found.items()), refused


def _pieces(pasted: str) -> Iterator[str]:
    """The texts between commas, semicolons and lines. A name such as "Doe, Ann" in quotes is one text."""
    quoted = re.sub(r'"[^"\r\n]*"', lambda name: name[0].replace(",", " ").replace(";", " "), pasted)
    yield from filter(None, (one.strip() for one in _BETWEEN.split(quoted)))


def _name(connection: Connection, viewer: Viewer, name: str, own_id: int = 0) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise BadSetting(tr("A list has a name of 1 to {n} characters.", n=LONGEST_NAME))
    others = (one for one in mailing.all_of(connection, viewer.workspace_id) if one.id != own_id)
    if any(one.name.casefold() == tidy.casefold() for one in others):
        raise BadSetting(tr("There is a list called '{name}' already.", name=tidy), hint=tr("Choose another name."))
    return tidy


def _used(connection: Connection, workspace_id: int) -> list[int]:
    """The lists that schedules send to, each as often as they do."""
    rows: Iterable[list[dict[str, object]]] = (one.channels for one in schedules.all_of(connection, workspace_id))
    return [int(str(to["id"])) for channels_of in rows for to in channels_of if to["way"] == "mail"]


def _person(row: RecipientRow) -> Person:
    left = clock.from_epoch_ms(row.unsubscribed_at) if row.unsubscribed_at else None
    return Person(row.id, row.email, row.name, clock.from_epoch_ms(row.added_at), left)


def _no_list() -> NotFound:
    return NotFound(tr("There is no such list."), hint=tr("Someone may have removed it."))
