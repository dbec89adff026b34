"""Mailing lists, and who is on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from core.clock import epoch_ms
from core.ids import new_id
from storage import sql
from storage.tables import MailingList, Recipient

_list, _recipient = sql.table(MailingList), sql.table(Recipient)


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as stored."""

    workspace_id: int
    id: int
    name: str
    made_at: int


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """An address of a list. `key` is a digest of what stands in the link to unsubscribe; moments are ms since 1970."""

    workspace_id: int
    id: int
    list_id: int
    email: str
    name: str
    key: str
    added_at: int
    unsubscribed_at: int | None


def keep(connection: Connection, workspace_id: int, name: str, now: datetime) -> int:
    """Keep a new list; returns its id."""
    row = MailingList(workspace_id=workspace_id, id=new_id(), name=name, made_at=epoch_ms(now))
    connection.execute(_list.insert().values(row.model_dump()))
    return row.id


def rename(connection: Connection, workspace_id: int, list_id: int, name: str) -> bool:
    """Call a list something else; False when there is none."""
    here = _is(workspace_id, _list.c.id == list_id)
    return connection.execute(_list.update().where(here).values(name=name)).rowcount == 1


def find(connection: Connection, workspace_id: int, list_id: int) -> ListRow | None:
    """A list by its id."""
    row = connection.execute(select(_list).where(_is(workspace_id, _list.c.id == list_id))).first()
    return sql.values(row, ListRow) if row else None


def all_of(connection: Connection, workspace_id: int) -> list[ListRow]:
    """Every list, oldest first."""
    query = select(_list).where(_list.c.workspace_id == workspace_id).order_by(_list.c.id)
    return [sql.values(row, ListRow) for row in connection.execute(query)]


def counts(connection: Connection, workspace_id: int) -> dict[int, tuple[int, int]]:
    """List -> how many get its mails, and how many unsubscribed."""
    gone = func.sum(case((_recipient.c.unsubscribed_at.is_(None), 0), else_=1))
    query = select(_recipient.c.list_id, func.count(), gone).where(_recipient.c.workspace_id == workspace_id)
    rows = connection.execute(query.group_by(_recipient.c.list_id))
    return {one: (int(total) - int(left), int(left)) for one, total, left in rows}


def forget(connection: Connection, workspace_id: int, list_id: int) -> None:
    """Remove a list and everyone on it."""
    connection.execute(_recipient.delete().where(_is(workspace_id, _recipient.c.list_id == list_id, _recipient)))
    connection.execute(_list.delete().where(_is(workspace_id, _list.c.id == list_id)))


def add(
    connection: Connection, workspace_id: int, list_id: int, recipient_id: int, email: str, *, name: str, key: str,
    now: datetime,
) -> None:  # fmt: skip
    """Put an address on a list."""
    row = Recipient(
        workspace_id=workspace_id, id=recipient_id, list_id=list_id, email=email, name=name, key=key,
        added_at=epoch_ms(now),
    )  # fmt: skip
    connection.execute(_recipient.insert().values(row.model_dump()))


def of_lists(connection: Connection, workspace_id: int, list_ids: Iterable[int]) -> list[RecipientRow]:
    """Everyone on some lists, whether or not they unsubscribed, in the order they were added."""
    here = _is(workspace_id, _recipient.c.list_id.in_(list(list_ids)), _recipient)
    rows = connection.execute(select(_recipient).where(here).order_by(_recipient.c.id))
    return [sql.values(row, RecipientRow) for row in rows]


def recipient(connection: Connection, workspace_id: int, recipient_id: int) -> RecipientRow | None:
    """A recipient by their id."""
    here = _is(workspace_id, _recipient.c.id == recipient_id, _recipient)
    row = connection.execute(select(_recipient).where(here)).first()
    return sql.values(row, RecipientRow) if row else None


def by_key(connection: Connection, workspace_id: int, key: str) -> RecipientRow | None:
    """The recipient whose link has this digest."""
    here = _is(workspace_id, _recipient.c.key == key, _recipient)
    row = connection.execute(select(_recipient).where(here)).first()
    return sql.values(row, RecipientRow) if row else None


def drop(connection: Connection, workspace_id: int, recipient_id: int) -> None:
    """Take an address off its list. One that unsubscribed stays, so that this is not forgotten."""
    here = _is(workspace_id, _recipient.c.id == recipient_id, _recipient) & _recipient.c.unsubscribed_at.is_(None)
    connection.execute(_recipient.delete().where(here))


def unsubscribe(connection: Connection, workspace_id: int, recipient_id: int, now: datetime | None) -> None:
    """Note that someone wants no more since a moment; None: that they want it again."""
    here = _is(workspace_id, _recipient.c.id == recipient_id, _recipient)
    if now is not None:
        here &= _recipient.c.unsubscribed_at.is_(None)
    connection.execute(_recipient.update().where(here).values(unsubscribed_at=epoch_ms(now) if now else None))


def _is(workspace_id: int, what: Any, table: Any = _list) -> Any:
    return (table.c.workspace_id == workspace_id) & what
