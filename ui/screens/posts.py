"""The parts of the Top posts page: what to look for, what it adds up to, and the posts.

This module owns the keys that begin with `posts_`; all but the page stand in the link.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from charts import numbers, post_mark
from core.metric import Unit
from services import calendar, post_list
from services.post_list import PostList, Total, Wanted
from ui import downloads, filters, format, load, panels, states, tables
from ui.load import Workspace
from ui.page import boundary, style

_BY, _BASIS, _ORDER, _WORDS, _KINDS, _TAGS, _COLUMNS, _ROWS, _PAGE = (
    "posts_by", "posts_basis", "posts_order", "posts_q", "posts_kind", "posts_tag", "posts_cols", "posts_rows",
    "posts_page",
)  # fmt: skip
_FACTS = {
    "platform": "Platform", "account": "Account", "kind": "Kind", "tags": "Tags", "published": "Published",
    "denominator": "Counted as", "link": "Link",
}  # fmt: skip
_SHORT = _FACTS | {"engagement_rate": "Rate"}
_USUAL = (
    "platform", "account", "kind", "published", "exposure", "denominator", "engagement", "engagement_rate", "score",
    "link",
)  # fmt: skip
_SIZES = (25, 50, 100)
_HELP = {
    "exposure": "Views; where a platform gives none, impressions or reach. “Counted as” says which.",
    "engagement_rate": "Engagement over the exposure of the same post; “Counted as” says what that is",
    "score": "Among the account's posts of the same kind and age; 50 is ordinary",
}


def draw(workspace: Workspace) -> None:
    """The whole page below its title."""
    style("posts")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="posts-first"):
        metric, basis, order = _asked(workspace)
    every = load.screen(workspace, post_list.read, asked.period, asked.where, metric, basis)
    if every.frame.empty:
        _none(every)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="posts-second"):
        found = post_list.chosen(every, _wanted(every, order))
        columns = _columns(every)
        _download(found)
    with st.container(border=True, gap="xsmall", key="panel-toplist"), boundary():
        _head(every, found, columns)
        if found.frame.empty:
            st.caption("No post is like that. Look for less, or for another kind or tag.")
            st.button("Show all posts", key="posts-clear", on_click=_clear, icon=":material/restart_alt:")
            return
        _posts(found, columns)


# What to look for


def _asked(workspace: Workspace) -> tuple[str, str, str]:
    """The basis, the number the posts are ordered by, and the order."""
    basis = st.segmented_control(
        "Numbers",
        list(post_list.BASES),
        default="lifetime",
        required=True,
        key=_BASIS,
        bind="query-params",
        format_func=post_list.BASES.__getitem__,
        label_visibility="collapsed",
    )
    options = post_list.metrics(workspace.viewer, filters.current().where)
    metric = _choice("Order by", {name: post_list.title(name) for name in options}, _BY, 178)
    order = _choice("Order", post_list.ORDERS, _ORDER, 142)
    return metric, str(basis or "lifetime"), order


def _choice(label: str, options: dict[str, str], key: str, width: int) -> str:
    if st.session_state.get(key) not in {None, *options}:
        st.session_state[key] = next(iter(options))
    found = st.selectbox(
        label, list(options), key=key, bind="query-params", format_func=lambda one: options.get(one, str(one)),
        label_visibility="collapsed", width=width,
    )  # fmt: skip
    return str(found)


def _wanted(every: PostList, order: str) -> Wanted:
    """The words, kinds and tags that are looked for."""
    words = st.text_input(
        "Search the text", key=_WORDS, bind="query-params", placeholder="Search text and tags", type="search",
        label_visibility="collapsed", width=230, max_chars=100,
    )  # fmt: skip
    kinds = _several("Kinds", post_list.kinds(every), _KINDS, "All kinds")
    tags = _several("Tags", post_list.tags(every), _TAGS, "All tags")
    return Wanted(words or "", kinds, tags, order)


def _several(label: str, options: tuple[str, ...], key: str, none: str) -> tuple[str, ...]:
    kept = st.session_state.get(key) or []
    if any(one not in options for one in kept):
        st.session_state[key] = [one for one in kept if one in options]
    found = st.multiselect(
        label, list(options), key=key, bind="query-params", placeholder=none, label_visibility="collapsed", width=170,
        format_func=lambda one: _shown_option(one, key),
    )  # fmt: skip
    return tuple(found)


def _shown_option(one: str, key: str) -> str:
    return f"#{one}" if key == _TAGS else one.capitalize()


def _clear() -> None:
    """Look for everything again. For callbacks."""
    st.session_state[_WORDS], st.session_state[_KINDS], st.session_state[_TAGS] = "", [], []


def _columns(every: PostList) -> tuple[str, ...]:
    """Which columns are shown, in the order of the table; the number the posts are ordered by always is."""
    numbers_there = dict.fromkeys(["exposure", *every.metrics, "engagement", "engagement_rate", "score"])
    options = ["platform", "account", "kind", "tags", "published", *numbers_there, "denominator", "link"]
    kept = st.session_state.get(_COLUMNS)
    if kept and any(one not in options for one in kept):
        st.session_state[_COLUMNS] = [one for one in kept if one in options]
    with st.popover("Columns", icon=":material/view_column:", key="posts-columns"):
        found = st.multiselect(
            "Columns", options, [one for one in _USUAL if one in options], key=_COLUMNS, bind="query-params",
            format_func=_column_title, width=420,
        )  # fmt: skip
    wanted = {*found, every.metric}
    facts = [one for one in ("platform", "account", "kind", "tags", "published") if one in wanted]
    shown = [one for one in ("exposure", "denominator", "engagement", "engagement_rate") if one in wanted]
    further = [one for one in numbers_there if one in wanted and one not in (*shown, "score")]
    return (*facts, *shown, *further, *(one for one in ("score", "link") if one in wanted))


def _column_title(name: str) -> str:
    return _SHORT.get(name) or post_list.title(name)


def _download(found: PostList) -> None:
    """All posts of the list, not only this page."""
    n = len(found.frame)
    opened = st.popover(
        f"Download {n:,} {'row' if n == 1 else 'rows'}", icon=":material/download:", key="posts-download",
        on_change="rerun", disabled=n == 0,
    )  # fmt: skip
    if opened.open:
        with opened:
            downloads.files(post_list.export(found, load.platform_titles()), "posts", title="Posts")


# What is shown


def _none(every: PostList) -> None:
    days = calendar.words(every.period, year=True)
    if every.basis == "lifetime":
        why = f"No posts were published {days}."
    else:
        why = f"What posts gathered {days} is not known: it takes readings at both of its ends."
    states.empty(f"{why} Choose a longer period, or another platform.", icon=":material/event_busy:", key="noposts")


def _head(every: PostList, found: PostList, columns: tuple[str, ...]) -> None:
    """By what, on which basis; how many, and what they add up to."""
    basis = "lifetime, until now" if found.basis == "lifetime" else "gathered in the period"
    days = calendar.words(found.period, year=True)
    if found.basis == "lifetime":
        note = f"published {days} on the clock of their account, each with what it gathered until now"
    else:
        note = f"what posts gathered {days}, whenever they were published; a post first read later is left out"
    title = format.plain(post_list.title(found.metric).lower())
    panels.head(f"Posts by {title}, {basis}", key="toplist", note=note)
    with st.container(key="posts-total", gap=None):
        n, of = len(found.frame), f" of {every.every:,}" if len(found.frame) != every.every else ""
        names = [one for one in columns if one not in _FACTS]
        totals = post_list.totals(found, [found.metric, *(one for one in names if one != found.metric)])
        parts = [f"**{n:,}{of} posts**", *(_sum(one, n) for one in totals if one.value is not None)]
        st.markdown(" · ".join(parts))
        for words in (_middle(totals, n), _unsummed(totals)):
            if words:
                st.caption(format.plain(words))


def _sum(one: Total, posts: int) -> str:
    """ "918K views (114 posts have them)"."""
    value = format.plain(numbers.short(one.value, one.unit))
    of = f" :gray[({one.posts:,} posts)]" if one.posts != posts else ""
    return f"{value} {format.plain(one.title.lower())}{of}"


def _middle(totals: tuple[Total, ...], posts: int) -> str:
    """What is usual by the number of choice."""
    first = totals[0] if totals else None
    if first is None or first.median is None:
        return ""
    low, middle, high = (numbers.short(value, first.unit) for value in (first.low, first.median, first.high))
    known = f" of the {first.posts:,} posts that have it" if first.posts != posts else ""
    return f"Median {first.title.lower()}{known}: {middle}; half of them lie between {low} and {high}."


def _unsummed(totals: tuple[Total, ...]) -> str:
    """What has no total, and why."""
    by_reason: dict[str, list[str]] = {}
    for one in totals:
        if one.value is None and one.posts:
            by_reason.setdefault(one.why, []).append(one.title.lower())
    return "No total: " + "; ".join(f"{', '.join(names)} ({why})" for why, names in by_reason.items()) + "." \
        if by_reason else ""  # fmt: skip


def _posts(found: PostList, columns: tuple[str, ...]) -> None:
    size = st.session_state.get(_ROWS) or _SIZES[0]
    pages = -(-len(found.frame) // size)
    page = min(int(st.session_state.get(_PAGE) or 1), pages)
    rows = found.frame.iloc[(page - 1) * size : page * size]
    table, ids = _table(rows, columns), rows["id"].tolist()
    with st.container(key="wide-posts"):
        tables.opening(
            table, ids, key="posts", column_config=_config(found, columns), alt=f"{len(table)} posts; a click opens one"
        )
    with st.container(key="narrow-posts", gap="small"):
        for row in rows.to_dict("records"):
            tables.item(int(row["id"]), _text(row), _line(row, found.metric), "list")
    _pager(len(found.frame), page, pages, size)


def _pager(n: int, page: int, pages: int, size: int) -> None:
    """Which part of the list this is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="posts-pager"):
        st.caption(f"{(page - 1) * size + 1:,}–{min(page * size, n):,} of {n:,}", width="stretch")
        if pages > 1:
            if st.session_state.get(_PAGE, 1) > pages:
                st.session_state[_PAGE] = pages
            st.pagination(pages, key=_PAGE, max_visible_pages=5, persist_state="session")
        if n > _SIZES[0]:
            st.selectbox(
                "Rows", _SIZES, key=_ROWS, bind="query-params", format_func=lambda one: f"{one} a page",
                label_visibility="collapsed", width=124,
            )  # fmt: skip


def _text(row: dict[Any, Any]) -> str:
    return " ".join(str(row["text"]).split()) or f"A {row['kind']} without text"


def _line(row: dict[Any, Any], metric: str) -> str:
    """A post in a line below its text, on a phone."""
    when = row["published_local"]
    rate = numbers.short(row["engagement_rate"], Unit.RATIO)
    shown = dict.fromkeys([metric, "engagement"])
    parts = [f"{numbers.short(row[name], post_list.unit(name))} {post_list.title(name).lower()}" for name in shown
             if name != "engagement_rate"]  # fmt: skip
    over = f" of {row['denominator']}" if row["denominator"] else ""
    said = [load.platform_titles().get(row["platform"], row["platform"]), str(row["kind"]), f"{when.day} {when:%b}"]
    return f":material/{post_mark.icon(row['kind'])}: {format.plain(' · '.join([*said, *parts, f'{rate}{over}']))}"


def _table(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The page of the list, as it is shown: rates in per cent."""
    titles = load.platform_titles()
    facts: dict[str, list[Any]] = {
        "platform": [titles.get(one, one) for one in rows["platform"]],
        "tags": [[f"#{tag}" for tag in some] for some in rows["tags"]],
        "published": rows["published_local"].tolist(),
        "link": rows["permalink"].tolist(),
    }
    shown: dict[str, Any] = {
        "": [post_mark.mark(*one) for one in zip(rows["platform"], rows["kind"], strict=True)],
        "Post": [_text(row) for row in rows[["text", "kind"]].to_dict("records")],
    }
    for name in columns:
        values = facts[name] if name in facts else rows[name].tolist()
        ratio = name not in _FACTS and post_list.unit(name) is Unit.RATIO
        shown[_column_title(name)] = [one * 100 for one in values] if ratio else values
    return pd.DataFrame(shown)


def _config(found: PostList, columns: tuple[str, ...]) -> dict[str, Any]:
    fixed = {
        "": st.column_config.ImageColumn("", width=44, help="Platform and kind"),
        "Post": st.column_config.TextColumn(width=232),
        "Platform": st.column_config.TextColumn(width=82),
        "Account": st.column_config.TextColumn(width=118),
        "Kind": st.column_config.TextColumn(width=72),
        "Tags": st.column_config.ListColumn(width=150),
        "Published": st.column_config.DatetimeColumn(
            format="D MMM, HH:mm", width=100, help="On the clock of the account"
        ),
        "Counted as": st.column_config.TextColumn(width=86, help="What the exposure and the rate are counted in"),
        tables.LINK: st.column_config.LinkColumn(
            "", display_text=":material/open_in_new:", width=36, help="On the platform"
        ),
    }
    return fixed | {_column_title(name): _number(found, name) for name in columns if name not in _FACTS}


def _number(found: PostList, name: str) -> Any:
    basis = "Until now" if found.basis == "lifetime" else "In the period"
    unit, words = post_list.unit(name), _HELP.get(name, basis)
    if unit is Unit.RATIO:
        return st.column_config.NumberColumn(format="%.1f%%", width=62, help=words)
    if unit is Unit.SCORE:
        return st.column_config.NumberColumn(format="%.0f", width=54, help=words)
    most = float(found.frame[name].max()) if found.frame[name].notna().any() else 0.0
    if name == found.metric and most > 0:
        return st.column_config.ProgressColumn(format="compact", min_value=0, max_value=most, width=112, help=words)
    title = f"{_column_title(name)}, s" if unit is Unit.SECONDS else None
    return st.column_config.NumberColumn(title, format="compact", width=82, help=words)
