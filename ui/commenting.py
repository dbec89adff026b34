"""What people write, as a panel: their words as they are, their names only when somebody asks for them.

This module owns the key `comment_names`.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from analytics.sentiment import Share
from core import clock, numbers
from core.language import mark, tr, trn
from core.metric import Unit
from core.question import Where
from services import post_detail
from services.content import comments
from services.content.comments import CommentView
from services.words import wording
from ui import format, load, panels
from ui.load import Workspace

_MOST = 12
_LONGEST, _LONGEST_POST = 240, 48
_NAMES = "comment_names"
_EXAMPLES = 3
_DOUBT = mark("Single readings are often wrong, about one in three; shares over many comments are what they are for.")
_MOODS = {"positive": mark("Positive"), "neutral": mark("Neutral"), "negative": mark("Negative")}


def panel(workspace: Workspace, where: Where, now: datetime) -> None:
    """The newest comments, replies and mentions; a line where there is none."""
    with st.container(border=True, gap="small", key="panel-comments"):
        panels.head(tr("What people write"), key="comments", note=tr("comments, replies and mentions, newest first"))
        named = st.toggle(tr("Show names"), key=_NAMES, help=tr("Who wrote it, where the platform says so"))
        found = comments.newest(workspace.viewer, where, limit=_MOST, with_authors=named)
        if not found:
            st.caption(
                tr("Nothing was written yet, or no connection reads it. What is read stands on the Connections page.")
            )
        for one in found:
            _item(one, now)


def sounds(workspace: Workspace, post_id: int, account_id: int) -> None:
    """How what is written under a post sounds, with examples."""
    with st.container(border=True, height="stretch", gap="small", key="panel-sounds"):
        panels.head(
            tr("How do the comments sound?"), key="sounds", note=tr("comments and replies of others, read by words")
        )
        named = st.toggle(tr("Show names"), key=_NAMES, help=tr("Who wrote it, where the platform says so"))
        if named:  # names are read when they are shown, and not kept
            said = post_detail.said(workspace.viewer, post_id, account_id, True, now=load.now())
        else:
            said = load.screen(workspace, post_detail.said, post_id, account_id)
        if not said.mood.n:
            st.caption(tr("Nobody wrote anything under it yet, or no connection reads it."))
            return
        shares = {"positive": said.mood.positive, "neutral": said.mood.neutral, "negative": said.mood.negative}
        for name, share in shares.items():
            st.progress(0.0 if said.mood.understood == 0 else share.share, _share(name, share))
            for one in said.examples.get(name, ())[:_EXAMPLES]:
                _item(one, clock.utc_now(), under=True)
        own = [tr("{own} answers of the account are not counted.", own=said.own)] if said.own else []
        st.caption(format.plain(" ".join([*filter(None, [said.mood.note]), *own, tr(_DOUBT)])))


def _share(name: str, share: Share) -> str:
    """ "Positive 32 % · 31 comments, likely 24 to 42 %"."""
    mood = tr(_MOODS[name])
    if not share.count:
        return tr("{mood}: none", mood=mood)
    low, high = (numbers.short(value, Unit.RATIO) for value in (share.lower, share.upper))
    shown = f"**{mood} {format.plain(numbers.short(share.share, Unit.RATIO))}**"
    likely = trn("{n} comment, likely {low} to {high}", "{n} comments, likely {low} to {high}", share.count,
                 low=low, high=high)  # fmt: skip
    return f"{shown} :gray[· {format.plain(likely)}]"


def _item(one: CommentView, now: datetime, *, under: bool = False) -> None:
    with st.container(gap=None, key=f"comment-{one.id}"):
        st.text(_cut(one.text, _LONGEST) or tr("(no text)"))
        link = f" · [{tr('open')}]({one.permalink})" if one.permalink.startswith("https://") else ""
        st.caption(f"{format.plain(' · '.join(_about(one, now, under)))}{link}")


def _about(one: CommentView, now: datetime, under: bool) -> list[str]:
    """Who, where, what, when; `under` its post nobody need be told where."""
    title = load.platform_titles().get(one.platform, one.platform)
    kind = wording.kind(one.kind)
    what = tr("{kind} on “{post}”", kind=kind, post=_cut(one.post, _LONGEST_POST)) if one.post else kind
    likes = [] if one.likes is None else [trn("{n} like", "{n} likes", one.likes)]
    where = [kind] if under else [title, what]
    return [*filter(None, [one.author]), *where, format.age(one.written_at, now), *likes]


def _cut(text: str, longest: int) -> str:
    return format.cut(" ".join(text.split()), longest)
