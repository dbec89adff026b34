"""What people write, as a panel: their words as they are, their names only when somebody asks for them.

This module owns the key `comment_names`.
"""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.question import Where
from services import comments
from services.comments import CommentView
from ui import format, load, panels
from ui.load import Workspace

_MOST = 12
_LONGEST, _LONGEST_POST = 240, 48
_NAMES = "comment_names"


def panel(workspace: Workspace, where: Where, now: datetime) -> None:
    """The newest comments, replies and mentions; a line where there is none."""
    with st.container(border=True, gap="small", key="panel-comments"):
        panels.head("What people write", key="comments", note="comments, replies and mentions, newest first")
        named = st.toggle("Show names", key=_NAMES, help="Who wrote it, where the platform says so")
        found = comments.newest(workspace.viewer, where, limit=_MOST, with_authors=named)
        if not found:
            st.caption(
                "Nothing was written yet, or no connection reads it. What is read stands on the Connections page."
            )
        for one in found:
            _item(one, now)


def _item(one: CommentView, now: datetime) -> None:
    with st.container(gap=None, key=f"comment-{one.id}"):
        st.text(_cut(one.text, _LONGEST) or "(no text)")
        link = f" · [open]({one.permalink})" if one.permalink.startswith("https://") else ""
        st.caption(f"{format.plain(' · '.join(_about(one, now)))}{link}")


def _about(one: CommentView, now: datetime) -> list[str]:
    """Who, where, what, when."""
    title = load.platform_titles().get(one.platform, one.platform)
    what = f"{one.kind} on “{_cut(one.post, _LONGEST_POST)}”" if one.post else one.kind
    likes = [] if one.likes is None else [f"{one.likes:,} {'like' if one.likes == 1 else 'likes'}"]
    return [*filter(None, [one.author]), title, what, format.age(one.written_at, now), *likes]


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest].rstrip()}…"
