"""Content type and tag in the filter bar: which posts are meant, where something is made of posts.

This module owns the keys `kind` and `tag`.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.language import tr
from core.question import Posts
from services.words import wording
from ui import links, load, widths
from ui.load import Workspace

KEYS = ("kind", "tag")


def draw(workspace: Workspace, *, hidden: bool) -> Posts:
    """Draw the two choices, and answer what was chosen; `hidden`: they are kept, and out of sight."""
    known = load.posts_used(workspace)
    for name, options in zip(KEYS, (known.kinds, known.tags), strict=True):
        if any(one not in options for one in st.session_state.get(name) or []):
            st.session_state[name] = [one for one in st.session_state[name] if one in options]
    key = "no-posts" if hidden else "of-posts"
    with st.container(horizontal=True, width="content", gap="xsmall", key=key):
        kinds = _several(tr("Content type"), known.kinds, "kind", tr("All types"), kind)
        return Posts(kinds, _several(tr("Tag"), known.tags, "tag", tr("All tags"), tag))


def words(only: Posts) -> list[str]:
    """Content types and tags as a person reads them."""
    return [*map(kind, only.kinds), *map(tag, only.tags)]


def kind(one: str) -> str:
    """A content type as a person reads it."""
    return wording.kind(one).capitalize()


def tag(one: str) -> str:
    """A tag as a person reads it."""
    return f"#{one}"


SHOWN = {"kind": kind, "tag": tag}


def _several(label: str, options: tuple[str, ...], key: str, none: str, shown: Callable[[str], str]) -> tuple[str, ...]:
    links.understand(key, options, shown)
    found = st.multiselect(
        label, options, key=key, bind="query-params", format_func=shown, placeholder=none,
        label_visibility="collapsed", width=widths.room(136, links.said(key, shown)),
    )  # fmt: skip
    return tuple(found)
