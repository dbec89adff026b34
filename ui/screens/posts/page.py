"""The page below its title: what to look for, what it adds up to, and the posts."""

from __future__ import annotations

import streamlit as st

from core import language, numbers
from core.language import figure, mark, tr, trn
from services.content import post_list
from services.content.post_list import PostList, Total
from services.words import calendar
from ui import downloads, filters, format, fresh, load, panels, states
from ui.load import Workspace
from ui.page import style
from ui.screens.posts import asking, rows
from ui.states import boundary


def draw(workspace: Workspace) -> None:
    """The whole page below its title."""
    style("posts")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    choices = st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="posts-asked")
    with choices:
        metric, basis, order = asking.numbers(workspace)
    every = load.screen(workspace, post_list.read, asked.period, asked.where, metric, basis, asked.posts)
    if every.frame.empty:
        states.no_such_posts() if asked.posts else _none(every)
        return
    with choices:
        found = post_list.chosen(every, asking.words(), order)
        columns = asking.columns(every)
        _download(found)
    with st.container(border=True, gap="xsmall", key="panel-toplist"), boundary():
        _head(every, found, columns)
        if found.frame.empty:
            st.caption(tr("No post says that. Look for fewer words."))
            st.button(
                tr("Show all posts"), key="posts-clear", on_click=asking.forget_words, icon=":material/restart_alt:"
            )
            return
        rows.draw(found, columns)


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
    panels.head(title, key="toplist", note=note, fresh=fresh.of_view())
    with st.container(key="posts-total", gap=None):
        n = len(found.frame)
        names = [one for one in columns if one not in asking.FACTS]
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
