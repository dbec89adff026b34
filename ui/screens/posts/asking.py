"""What to look for: which numbers, in which order, with which words, in which columns.

This module owns the keys `posts_by`, `posts_basis`, `posts_order`, `posts_q` and `posts_cols`, which stand in the link.
Content type and tag are the filter bar's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from core.language import mark, tr
from services.content import post_list
from services.content.post_list import PostList
from ui import filters, links
from ui.load import Workspace

_BY, _BASIS, _ORDER, _WORDS, _COLUMNS = "posts_by", "posts_basis", "posts_order", "posts_q", "posts_cols"
FACTS = {
    "platform": mark("Platform"), "account": mark("Account"), "kind": mark("Kind"), "tags": mark("Tags"),
    "published": mark("Published"), "denominator": mark("Counted as"), "link": mark("Link"),
}  # fmt: skip
"""What is told of a post beside its numbers."""
_SHORT = FACTS | {"engagement_rate": mark("Rate")}
_USUAL = (
    "platform", "account", "kind", "published", "exposure", "denominator", "engagement", "engagement_rate", "score",
    "link",
)  # fmt: skip


def numbers(workspace: Workspace) -> tuple[str, str, str]:
    """The basis, the number the posts are ordered by, and the order."""
    links.understand(_BASIS, list(post_list.BASES), _basis)
    basis = st.segmented_control(
        tr("Numbers"),
        list(post_list.BASES),
        default="lifetime",
        required=True,
        key=_BASIS,
        bind="query-params",
        format_func=_basis,
        label_visibility="collapsed",
    )
    options = post_list.metrics(workspace.viewer, filters.current().where)
    metric = _choice(tr("Order by"), options, post_list.title, _BY, 178)
    order = _choice(tr("Order"), list(post_list.ORDERS), _order, _ORDER, 142)
    return metric, str(basis or "lifetime"), order


def _basis(one: str) -> str:
    return tr(post_list.BASES[one])


def _order(one: str) -> str:
    return tr(post_list.ORDERS[one])


def _choice(label: str, options: Sequence[str], shown: Callable[[str], str], key: str, width: int) -> str:
    if st.session_state.get(key) not in {None, *options}:
        st.session_state[key] = options[0]
    links.understand(key, options, shown)
    found = st.selectbox(
        label, options, key=key, bind="query-params", label_visibility="collapsed", width=width,
        format_func=lambda one: shown(one) if one in options else str(one),
    )  # fmt: skip
    return str(found)


def words() -> str:
    """The words that are looked for."""
    found = st.text_input(
        tr("Search the text"), key=_WORDS, bind="query-params", placeholder=tr("Search text and tags"), type="search",
        label_visibility="collapsed", width=230, max_chars=100,
    )  # fmt: skip
    return found or ""


def forget_words() -> None:
    """Look for everything again. For callbacks."""
    st.session_state[_WORDS] = ""


def columns(every: PostList) -> tuple[str, ...]:
    """Which columns are shown, in the order of the table; the number the posts are ordered by always is."""
    numbers_there = dict.fromkeys(["exposure", *every.metrics, "engagement", "engagement_rate", "score"])
    options = ["platform", "account", "kind", "tags", "published", *numbers_there, "denominator", "link"]
    kept = st.session_state.get(_COLUMNS)
    if kept and any(one not in options for one in kept):
        st.session_state[_COLUMNS] = [one for one in kept if one in options]
    links.understand(_COLUMNS, options, column_title)
    with st.popover(tr("Columns"), icon=":material/view_column:", key="posts-columns"):
        found = st.multiselect(
            tr("Columns"), options, [one for one in _USUAL if one in options], key=_COLUMNS, bind="query-params",
            format_func=column_title, width=420,
        )  # fmt: skip
    wanted = {*found, every.metric}
    facts = [one for one in ("platform", "account", "kind", "tags", "published") if one in wanted]
    shown = [one for one in ("exposure", "denominator", "engagement", "engagement_rate") if one in wanted]
    further = [one for one in numbers_there if one in wanted and one not in (*shown, "score")]
    return (*facts, *shown, *further, *(one for one in ("score", "link") if one in wanted))


def column_title(name: str) -> str:
    """What the column of a fact or a number is called."""
    return tr(_SHORT[name]) if name in _SHORT else post_list.title(name)
