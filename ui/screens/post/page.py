"""The page of one post, top to bottom. It reads `post` from the address; nothing is computed here."""

from __future__ import annotations

import streamlit as st

from charts import post_mark
from core import clock, language
from core.language import figure, tr
from services import post_detail
from services.post_detail import Detail, Neighbour
from services.words import calendar, wording
from ui import commenting, filters, format, load, menu, states
from ui.load import Workspace
from ui.page import style
from ui.screens.post import curve, related, standing
from ui.states import boundary

_SHORT, _LONG = 44, 700


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or that there is no such post."""
    style("posts")
    post_id = post_detail.parse(st.query_params.get("post", ""))
    detail = None if post_id is None else load.screen(workspace, post_detail.find, post_id)
    _crumbs(workspace, detail)
    if detail is None:
        states.empty(
            tr("There is no such post here. It may belong to another workspace, or its account was removed."),
            icon=":material/search_off:", to="posts", label=tr("See all posts"), key="nopost",
        )  # fmt: skip
        return
    _what(detail)
    standing.cards(workspace, detail)
    left, right = st.columns([3, 2], gap="xsmall")
    with left:
        with boundary():
            curve.panel(workspace, detail)
        standing.panel(workspace, detail)
    with right, boundary():
        commenting.sounds(workspace, detail.post.id, detail.post.account_id)
    related.panel(detail)


def short(text: str, kind: str, longest: int = _SHORT) -> str:
    """The beginning of a post, on one line."""
    return format.cut(" ".join(text.split()) or wording.without_text(kind), longest)


def _crumbs(workspace: Workspace, detail: Detail | None) -> None:
    """The way back: all posts as they were left, those of its platform, those of its account."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="crumbs"):
        if st.button(tr("Top posts"), key="crumb-posts", type="tertiary", icon=":material/arrow_back:"):
            menu.go("posts")
        if detail is None:
            return
        post = detail.post
        account = next((one.title for one in load.accounts(workspace) if one.id == post.account_id), "")
        _step(load.platform_titles().get(post.platform, post.platform), "crumb-platform", post.platform, "")
        _step(post.account, "crumb-account", post.platform, account)
        st.markdown(":gray[/]", width="content")
        st.markdown(f"**{format.plain(short(post.text, post.kind))}**", width="content")


def _step(words: str, key: str, platform: str, account: str) -> None:
    """One step back: the posts of a platform, or of an account."""
    st.markdown(":gray[/]", width="content")
    if st.button(format.plain(words), key=key, type="tertiary", on_click=_narrow, args=(platform, account)):
        menu.go("posts")


def _narrow(platform: str, account: str) -> None:
    """Narrow all pages to a platform, and to an account of it where one is given. For callbacks."""
    filters.widen("all")
    filters.pick_platform(platform)
    if account:
        filters.pick_account(account)


def _what(detail: Detail) -> None:
    """The post itself: when, where, its words, and the way to the ones before and after."""
    post = detail.post
    with st.container(border=True, gap="xsmall", key="panel-what"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="what-head"):
            facts = format.plain(" · ".join(_facts(detail)))
            st.caption(f":material/{post_mark.icon(post.kind)}: {facts}", width="stretch")
            _turn(detail.previous, "earlier", tr("Earlier"), ":material/chevron_left:")
            _turn(detail.next, "later", tr("Later"), ":material/chevron_right:")
            if post.permalink.startswith("https://"):
                where = load.platform_titles().get(post.platform, post.platform)
                st.link_button(
                    tr("Open on {platform}", platform=where),
                    post.permalink,
                    type="tertiary",
                    icon=":material/open_in_new:",
                )
        text = post.text.strip()
        st.text(format.cut(text, _LONG) or wording.without_text(post.kind))
        if len(text) > _LONG:
            with st.expander(tr("The whole text")):
                st.text(text)
        further = [f"#{tag}" for tag in post.tags if f"#{tag}".casefold() not in text.casefold()]
        if further:
            st.caption(format.plain(" ".join(further)))


def _facts(detail: Detail) -> list[str]:
    """Platform, account, kind, when on the clock of the account, and how old."""
    post, at = detail.post, detail.post.published_local
    title = load.platform_titles().get(post.platform, post.platform)
    length = [] if post.duration_s is None else [tr("{n} s long", n=figure(f"{post.duration_s:,.0f}"))]
    day = f"{language.weekday(at.weekday(), short=True)} {calendar.day_words(at.date(), year=True)}"
    when = f"{day}, {at:%H:%M} {post.time_zone}"
    return [title, post.account, wording.kind(post.kind), *length, when, format.age(post.published_at, clock.utc_now())]


def _turn(to: Neighbour | None, key: str, words: str, icon: str) -> None:
    """A step to the account's post before or after."""
    about = f"{calendar.day_words(to.published_local.date(), year=True)}: {short(to.text, to.kind)}" if to else ""
    if st.button(
        words, key=f"turn-{key}", type="tertiary", icon=icon, disabled=to is None,
        help=format.plain(about) or tr("There is none in this account"),
    ) and to:  # fmt: skip
        menu.go("post", post=str(to.id))
