"""What people write under a post, and how it sounds. Names only for who asks for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from analytics import sentiment
from core.question import Where
from core.viewer import Viewer
from services.content import comments
from services.content.comments import CommentView
from services.post_detail.shapes import Said
from storage import database, entities
from storage.entities import AccountRow

EXAMPLES = 3


def said(viewer: Viewer, post_id: int, account_id: int, named: bool = False, *, now: datetime) -> Said:
    """How everything under a post sounds, with the newest examples of each sound; `named` with who wrote it."""
    where = Where(accounts=(account_id,))
    found = comments.newest(viewer, where, post=post_id, limit=None, with_authors=True)
    with database.current().read() as connection:
        account = entities.account(connection, viewer.workspace_id, account_id)
    theirs = [one for one in found if one.written_at <= now and not _own(one, account)]
    labels = sentiment.label([one.text for one in theirs]).tolist()
    examples = {
        label: tuple(
            one if named else replace(one, author="") for one, said in zip(theirs, labels, strict=True) if said == label
        )[:EXAMPLES]
        for label in (*reversed(sentiment.LABELS), sentiment.UNKNOWN)
    }
    return Said(sentiment.mood(labels), len(found) - len(theirs), examples)


def _own(one: CommentView, account: AccountRow) -> bool:
    """Whether the account itself wrote it: its answers are not how people feel."""
    author = one.author.lstrip("@").casefold()
    return bool(author) and author in {account.name.casefold(), account.handle.lstrip("@").casefold()}
