"""The parts of the Top posts page: what to look for, what it adds up to, and the posts.

This module owns the keys that begin with `posts_`; all but the page stand in the link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from charts import numbers, post_mark
from core import language
from core.language import figure, mark, tr, trn
from core.metric import Unit
from services.content import post_list
from services.content.post_list import PostList, Total, Wanted
from services.words import calendar, wording
from ui import downloads, filters, format, links, load, panels, states, tables
from ui.load import Workspace
from ui.page import style
from ui.states import boundary

_BY, _BASIS, _ORDER, _WORDS, _KINDS, _TAGS, _COLUMNS, _ROWS, _PAGE = (
    "posts_by", "posts_basis", "posts_order", "posts_q", "posts_kind", "posts_tag", "posts_cols", "posts_rows",
    "posts_page",
)  # fmt: skip
_FACTS = {
    "platform": mark("Platform"), "account": mark("Account"), "kind": mark("Kind"), "tags": mark("Tags"),
    "published": mark("Published"), "denominator": mark("Counted as"), "link": mark("Link"),
}  # fmt: skip
_SHORT = _FACTS | {"engagement_rate": mark("Rate")}
_USUAL = (
    "platform", "account", "kind", "published", "exposure", "denominator", "engagement", "engagement_rate", "score",
    "link",
)  # fmt: skip
_SIZES = (25, 50, 100)
_HELP = {
    "exposure": mark("Views; where a platform gives none, impressions or reach. “Counted as” says which."),
    "engagement_rate": mark("Engagement over the exposure of the same post; “Counted as” says what that is"),
    "score": mark("Among the account's posts of the same kind and age; 50 is ordinary"),
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
    every = load.screen(workspace, post_list.read, asked.period, asked.where, metric, basis, asked.posts)
    if every.frame.empty:
        states.no_such_posts() if asked.posts else _none(every)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="posts-second"):
        found = post_list.chosen(every, _wanted(every, order))
        columns = _columns(every)
        _download(found)
    with st.container(border=True, gap="xsmall", key="panel-toplist"), boundary():
        _head(every, found, columns)
        if found.frame.empty:
            st.caption(tr("No post is like that. Look for less, or for another kind or tag."))
            st.button(tr("Show all posts"), key="posts-clear", on_click=_clear, icon=":material/restart_alt:")
            return
        _posts(found, columns)


# What to look for


def _asked(workspace: Workspace) -> tuple[str, str, str]:
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


def _wanted(every: PostList, order: str) -> Wanted:
    """The words, kinds and tags that are looked for."""
    words = st.text_input(
        tr("Search the text"), key=_WORDS, bind="query-params", placeholder=tr("Search text and tags"), type="search",
        label_visibility="collapsed", width=230, max_chars=100,
    )  # fmt: skip
    kinds = _several(tr("Kinds"), post_list.kinds(every), _KINDS, tr("All kinds"))
    tags = _several(tr("Tags"), post_list.tags(every), _TAGS, tr("All tags"))
    return Wanted(words or "", kinds, tags, order)


def _several(label: str, options: tuple[str, ...], key: str, none: str) -> tuple[str, ...]:
    kept = st.session_state.get(key) or []
    if any(one not in options for one in kept):
        st.session_state[key] = [one for one in kept if one in options]
    shown = _tag if key == _TAGS else _kind
    links.understand(key, options, shown)
    found = st.multiselect(
        label, list(options), key=key, bind="query-params", placeholder=none, label_visibility="collapsed", width=170,
        format_func=shown,
    )  # fmt: skip
    return tuple(found)


def _tag(one: str) -> str:
    return f"#{one}"


def _kind(one: str) -> str:
    return wording.kind(one).capitalize()


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
    links.understand(_COLUMNS, options, _column_title)
    with st.popover(tr("Columns"), icon=":material/view_column:", key="posts-columns"):
        found = st.multiselect(
            tr("Columns"), options, [one for one in _USUAL if one in options], key=_COLUMNS, bind="query-params",
            format_func=_column_title, width=420,
        )  # fmt: skip
    wanted = {*found, every.metric}
    facts = [one for one in ("platform", "account", "kind", "tags", "published") if one in wanted]
    shown = [one for one in ("exposure", "denominator", "engagement", "engagement_rate") if one in wanted]
    further = [one for one in numbers_there if one in wanted and one not in (*shown, "score")]
    return (*facts, *shown, *further, *(one for one in ("score", "link") if one in wanted))


def _column_title(name: str) -> str:
    return tr(_SHORT[name]) if name in _SHORT else post_list.title(name)


def _download(found: PostList) -> None:
    """All posts of the list, not only this page."""
    n = len(found.frame)
    opened = st.popover(
        trn("Download {n} row", "Download {n} rows", n), icon=":material/download:", key="posts-download",
        on_change="rerun", disabled=n == 0,
    )  # fmt: skip
    if opened.open:
        with opened:
            downloads.files(post_list.export(found, load.platform_titles()), "posts", title=tr("Posts"))


# What is shown


def _none(every: PostList) -> None:
    days = calendar.words(every.period, year=True)
    if every.basis == "lifetime":
        why = tr("No posts were published {days}.", days=days)
    else:
        why = tr("What posts gathered {days} is not known: it takes readings at both of its ends.", days=days)
    more = tr("Choose a longer period, or another platform.")
    states.empty(f"{why} {more}", icon=":material/event_busy:", key="noposts")


def _head(every: PostList, found: PostList, columns: tuple[str, ...]) -> None:
    """By what, on which basis; how many, and what they add up to."""
    days, metric = calendar.words(found.period, year=True), format.plain(language.inside(post_list.title(found.metric)))
    if found.basis == "lifetime":
        title = tr("Posts by {metric}, lifetime, until now", metric=metric)
        note = tr("published {days} on the clock of their account, each with what it gathered until now", days=days)
    else:
        title = tr("Posts by {metric}, gathered in the period", metric=metric)
        note = tr(
            "what posts gathered {days}, whenever they were published; a post first read later is left out", days=days
        )
    panels.head(title, key="toplist", note=note)
    with st.container(key="posts-total", gap=None):
        n = len(found.frame)
        names = [one for one in columns if one not in _FACTS]
        totals = post_list.totals(found, [found.metric, *(one for one in names if one != found.metric)])
        parts = [f"**{_counted(n, every.every)}**", *(_sum(one, n) for one in totals if one.value is not None)]
        st.markdown(" · ".join(parts))
        for words in (_middle(totals, n), _unsummed(totals)):
            if words:
                st.caption(format.plain(words))


def _counted(n: int, every: int) -> str:
    if n == every:
        return tr("{n} posts", n=figure(f"{n:,}"))
    return tr("{n} of {all} posts", n=figure(f"{n:,}"), all=figure(f"{every:,}"))


def _sum(one: Total, posts: int) -> str:
    """ "918K views (114 posts have them)"."""
    value = format.plain(numbers.short(one.value, one.unit))
    of = f" :gray[({tr('{n} posts', n=figure(f'{one.posts:,}'))})]" if one.posts != posts else ""
    return f"{value} {format.plain(language.inside(one.title))}{of}"


def _middle(totals: tuple[Total, ...], posts: int) -> str:
    """What is usual by the number of choice."""
    first = totals[0] if totals else None
    if first is None or first.median is None:
        return ""
    low, middle, high = (numbers.short(value, first.unit) for value in (first.low, first.median, first.high))
    said = mark("Median {metric}: {middle}; half of them lie between {low} and {high}.")
    if first.posts != posts:
        said = mark(
            "Median {metric} of the {posts} posts that have it: {middle}; half of them lie between {low} and {high}."
        )
    return tr(
        said,
        metric=language.inside(first.title),
        posts=figure(f"{first.posts:,}"),
        middle=middle,
        low=low,
        high=high,
    )


def _unsummed(totals: tuple[Total, ...]) -> str:
    """What has no total, and why."""
    by_reason: dict[str, list[str]] = {}
    for one in totals:
        if one.value is None and one.posts:
            by_reason.setdefault(one.why, []).append(language.inside(one.title))
    named = "; ".join(f"{', '.join(names)} ({why})" for why, names in by_reason.items())
    return tr("No total: {metrics_with_why}.", metrics_with_why=named) if by_reason else ""


def _posts(found: PostList, columns: tuple[str, ...]) -> None:
    size = st.session_state.get(_ROWS) or _SIZES[0]
    pages = -(-len(found.frame) // size)
    page = min(int(st.session_state.get(_PAGE) or 1), pages)
    rows = found.frame.iloc[(page - 1) * size : page * size]
    table, ids = _table(rows, columns), rows["id"].tolist()
    with st.container(key="wide-posts"):
        tables.opening(
            table,
            ids,
            key="posts",
            column_config=_config(found, columns),
            alt=tr("{n} posts; a click opens one", n=len(table)),
        )
    with st.container(key="narrow-posts", gap="small"):
        for row in rows.to_dict("records"):
            tables.item(int(row["id"]), _text(row), _line(row, found.metric), "list")
    _pager(len(found.frame), page, pages, size)


def _pager(n: int, page: int, pages: int, size: int) -> None:
    """Which part of the list this is."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="posts-pager"):
        st.caption(
            tr(
                "{first}–{last} of {all}",
                first=figure(f"{(page - 1) * size + 1:,}"),
                last=figure(f"{min(page * size, n):,}"),
                all=figure(f"{n:,}"),
            ),
            width="stretch",
        )
        if pages > 1:
            if st.session_state.get(_PAGE, 1) > pages:
                st.session_state[_PAGE] = pages
            st.pagination(pages, key=_PAGE, max_visible_pages=5, persist_state="session")
        if n > _SIZES[0]:
            links.understand(_ROWS, _SIZES, _a_page)
            st.selectbox(
                tr("Rows"), _SIZES, key=_ROWS, bind="query-params", format_func=_a_page,
                label_visibility="collapsed", width=124,
            )  # fmt: skip


def _a_page(rows: int) -> str:
    return tr("{rows} a page", rows=rows)


def _text(row: dict[Any, Any]) -> str:
    return " ".join(str(row["text"]).split()) or wording.without_text(str(row["kind"]))


def _line(row: dict[Any, Any], metric: str) -> str:
    """A post in a line below its text, on a phone."""
    when = row["published_local"]
    rate = numbers.short(row["engagement_rate"], Unit.RATIO)
    shown = dict.fromkeys([metric, "engagement"])
    parts = [f"{numbers.short(row[name], post_list.unit(name))} {language.inside(post_list.title(name))}"
             for name in shown if name != "engagement_rate"]  # fmt: skip
    over = row["denominator"]
    parts.append(tr("{rate} of {metric}", rate=rate, metric=wording.metric(over)) if over else rate)
    platform = load.platform_titles().get(row["platform"], row["platform"])
    said = [platform, wording.kind(str(row["kind"])), calendar.day_words(when.date())]
    return f":material/{post_mark.icon(row['kind'])}: {format.plain(' · '.join([*said, *parts]))}"


def _table(rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The page of the list, as it is shown: rates in per cent."""
    titles = load.platform_titles()
    facts: dict[str, list[Any]] = {
        "platform": [titles.get(one, one) for one in rows["platform"]],
        "kind": [wording.kind(str(one)) for one in rows["kind"]],
        "denominator": [wording.metric(one) for one in rows["denominator"]],
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
        shown[_heading(name)] = [one * 100 for one in values] if ratio else values
    return pd.DataFrame(shown)


def _heading(name: str) -> str:
    """The column of the table that holds it: facts in English, which is an identifier; numbers as they are called."""
    return _FACTS[name] if name in _FACTS else _column_title(name)


def _config(found: PostList, columns: tuple[str, ...]) -> dict[str, Any]:
    fixed = {
        "": st.column_config.ImageColumn("", width=44, help=tr("Platform and kind")),
        "Post": st.column_config.TextColumn(width=232),
        "Platform": st.column_config.TextColumn(width=82),
        "Account": st.column_config.TextColumn(width=118),
        "Kind": st.column_config.TextColumn(width=72),
        "Tags": st.column_config.ListColumn(width=150),
        "Published": st.column_config.DatetimeColumn(
            format=format.day_pattern(time=True), width=100, help=tr("On the clock of the account")
        ),
        "Counted as": st.column_config.TextColumn(width=86, help=tr("What the exposure and the rate are counted in")),
        tables.LINK: st.column_config.LinkColumn(
            "", display_text=":material/open_in_new:", width=36, help=tr("On the platform")
        ),
    }
    return fixed | {_heading(name): _number(found, name) for name in columns if name not in _FACTS}


def _number(found: PostList, name: str) -> Any:
    basis = tr("Until now") if found.basis == "lifetime" else tr("In the period")
    unit, words = post_list.unit(name), tr(_HELP[name]) if name in _HELP else basis
    if unit is Unit.RATIO:
        return st.column_config.NumberColumn(format="%.1f%%", width=62, help=words)
    if unit is Unit.SCORE:
        return st.column_config.NumberColumn(format="%.0f", width=54, help=words)
    most = float(found.frame[name].max()) if found.frame[name].notna().any() else 0.0
    if name == found.metric and most > 0:
        return st.column_config.ProgressColumn(format="compact", min_value=0, max_value=most, width=112, help=words)
    title = tr("{metric}, s", metric=_column_title(name)) if unit is Unit.SECONDS else None
    return st.column_config.NumberColumn(title, format="compact", width=82, help=words)
