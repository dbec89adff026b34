"""What people say on LinkedIn: comments under a page's posts, mentions by others, forms sent to it.

Names of members may not be kept by LinkedIn's rules, so the author of a comment is the member's number, which means
something to our app alone. Of forms only the moment is read, never what somebody wrote in one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from connectors import linkedin_api
from connectors.base import Source, Window
from connectors.linkedin_api import (
    PAGE_SIZE,
    Row,
    encoded,
    moment,
    number,
    page_urn,
    pages,
    plain,
    posts_of,
    until_today,
)
from connectors.paging import inside
from core.errors import NotOffered, SchemaDrift
from core.records import Comment, Fact, Record

NOT_A_PLUGIN = True
RECENT = timedelta(days=30)
LEAD_TYPES = ("COMPANY", "EVENT", "ORGANIZATION_PRODUCT")


def read_comments(source: Source, window: Window) -> Iterator[Record]:
    """Comments and replies under the posts of the last month."""
    for row in posts_of(source, window, RECENT):
        post = str(row["id"])
        with suppress(NotOffered):  # comments are switched off, or the post has just been deleted
            for comment in pages(source.client, f"/socialActions/{encoded(post)}/comments", PAGE_SIZE):
                yield (found := _comment(source, comment, post))
                if number(inside(comment, "commentsSummary.totalFirstLevelComments")):
                    yield from _replies(source, found)


def _replies(source: Source, comment: Comment) -> Iterator[Comment]:
    for reply in pages(source.client, f"/socialActions/{encoded(comment.external_id)}/comments", PAGE_SIZE):
        found = _comment(source, reply, comment.post)
        yield replace(found, kind="reply", parent=found.parent or comment.external_id)


def _comment(source: Source, row: Row, post: str) -> Comment:
    urn = str(row.get("commentUrn") or row.get("$URN") or "")
    if not urn:
        raise SchemaDrift("LinkedIn sent a comment without its id.")
    likes = number(inside(row, "likesSummary.totalLikes"))
    return Comment(
        external_id=urn,
        text=str(inside(row, "message.text") or ""),
        written_at=moment(inside(row, "created.time")),
        post=post,
        parent=str(row.get("parentComment") or ""),
        author=_author(source, str(row.get("actor") or "")),
        permalink=f"https://www.linkedin.com/feed/update/{post}/?commentUrn={encoded(urn)}",
        likes=None if likes is None else int(likes),
    )


def _author(source: Source, actor: str) -> str:
    own = f"urn:li:organization:{source.account.external_id}"
    return source.account.name if actor == own else actor


def read_mentions(source: Source, window: Window) -> Iterator[Record]:
    """Posts of others that name the page; LinkedIn keeps the news of them for 60 days."""
    asked = until_today(window)
    if asked is None:
        return
    which = f"actions=List(SHARE_MENTION)&timeRange={linkedin_api.span(asked.first, asked.last)}"
    path = f"/organizationalEntityNotifications?q=criteria&organizationalEntity={page_urn(source)}&{which}"
    seen = set[str]()
    for row in pages(source.client, path, PAGE_SIZE):
        activity = str(row.get("generatedActivity") or row.get("sourcePost") or "")
        said = inside(row, "decoratedGeneratedActivity.share") or row.get("decoratedSourcePost") or {}
        if activity and activity not in seen:
            seen.add(activity)
            yield Comment(
                external_id=activity,
                text=plain(str(said.get("text") or "")),
                written_at=moment(row.get("lastModifiedAt")),
                kind="mention",
                author=_author(source, str(said.get("owner") or "")),
                permalink=f"https://www.linkedin.com/feed/update/{activity}/",
            )


def read_leads(source: Source, window: Window) -> Iterator[Record]:
    """How many people sent a form of the page, its events or its products, by day; never what they wrote in it."""
    asked = until_today(window)
    if asked is None:
        return
    counted = defaultdict[date, int](int)
    about = f"owner=(organization:{page_urn(source)})&limitedToTestLeads=false&fields=id,submittedAt,testLead"
    for kind in LEAD_TYPES:
        when = f"leadType=(leadType:{kind})&submittedAtTimeRange={linkedin_api.span(asked.first, asked.last)}"
        for row in pages(source.client, f"/leadFormResponses?q=owner&{about}&{when}", PAGE_SIZE):
            if not row.get("testLead"):
                counted[moment(row.get("submittedAt")).date()] += 1
    for offset in range((asked.last - asked.first).days + 1):
        day = asked.first + timedelta(days=offset)
        yield Fact("leads", day, counted[day])  # the list is complete, so a day without any is 0
