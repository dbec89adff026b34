"""What people write under posts and about accounts: comments, replies and mentions, newest first.

Names of authors are kept with what they wrote, and given only to who asks for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.question import Where
from core.viewer import Right, Viewer
from services.ask.notes import account_title
from storage import comments, database, entities


@dataclass(frozen=True, slots=True)
class CommentView:
    """One of them. `kind`: comment, reply, mention. `post` is the text of the post it stands under, empty when it
    stands under none of ours. `author` is empty unless it was asked for, or where the platform names nobody. `likes` is
    None where the platform does not count them."""

    id: int
    platform: str
    account: str
    kind: str
    text: str
    post: str
    written_at: datetime
    permalink: str
    likes: int | None
    author: str


def newest(
    viewer: Viewer,
    where: Where | None = None,
    *,
    post: int | None = None,
    limit: int | None = 10,
    with_authors: bool = False,
) -> tuple[CommentView, ...]:
    """The newest ones of the accounts that are asked for; with `post`, those under it."""
    viewer.require(Right.READ)
    chosen = where or Where()
    with database.current().read() as connection:
        known = entities.accounts(connection, viewer.workspace_id, list(chosen.platforms) or None)
        accounts = {one.id: one for one in known if (one.id in chosen.accounts if chosen.accounts else one.selected)}
        rows = comments.newest(connection, viewer.workspace_id, accounts.keys(), post_id=post, limit=limit)
        under = [row.post_id for row in rows if row.post_id is not None]
        posts = entities.posts(connection, viewer.workspace_id, post_ids=under) if under else None
    texts = {} if posts is None else dict(zip(posts["id"].tolist(), posts["text"].tolist(), strict=True))
    return tuple(
        CommentView(
            row.id,
            accounts[row.account_id].platform,
            account_title(accounts[row.account_id]),
            row.kind,
            row.text,
            texts.get(row.post_id, ""),
            clock.from_epoch_ms(row.written_at),
            row.permalink,
            row.likes,
            row.author if with_authors else "",
        )
        for row in rows
    )
