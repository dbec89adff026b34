"""The Content lab, top to bottom: drafts with what they may bring, beside each other, and better times for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from core import language
from core.language import mark, tr, trn
from core.question import Asked, Explanation
from core.viewer import Viewer
from services.connecting import platforms
from services.content import lab, timing, year
from services.content.lab import Author, Better
from ui import filters, format, links, load, panels, states
from ui.load import Workspace
from ui.page import style
from ui.screens.lab import drafts
from ui.screens.lab.reading import TITLES, Judged, LabScreen, Moves, likely, moves, read, said, short, title
from ui.states import boundary

_TARGET = "lab_target"
_DEFINITION = mark(
    "The middle of what posts such as the draft brought, and the range that holds 95 of 100 of them, learnt from the "
    "posts of the last year on the same platform. It is not a promise: a range says how much posts differ."
)
_FORMULA = mark(
    "middle = exp(level of the account + what kind, time and text add where that helped on later posts) - 1"
)
_VIEWS = mark("Views; where a platform gives none, impressions or people reached.")
_LEARNING = 90


def authors(viewer: Viewer, asked: Asked, *, now: datetime) -> tuple[Author, ...]:
    """The accounts a draft can be for."""
    return lab.authors(viewer, asked.where, asked.posts, now=now)


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("timing")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    found = load.screen(workspace, authors, asked)
    if not any(one.posts for one in found):
        if asked.posts:
            states.no_such_posts()
            return
        said = tr("There are no posts of the last year to learn from here. Choose other platforms or accounts.")
        states.empty(said, icon=":material/edit_off:", to="connections", label=tr("Check the connections"), key="posts")
        return
    target = _head()
    here = drafts.shown()
    alone = len(here) == 1
    columns = st.columns([2, 3] if alone else len(here), gap="xsmall")
    below, typed = [], []
    for place, number in enumerate(here):
        name = tr("The draft") if alone else tr(drafts.NAMES[place])
        with columns[place]:
            draft, platform, result = _draft(workspace, found, name, number, alone=alone)
        typed.append((name, platform, draft))
        below.append(result)
    with below[0], st.skeleton(height=_LEARNING):
        screen = load.screen(workspace, read, workspace, tuple(typed), target, asked.posts)
    for one, result in zip(screen.judged, below, strict=True):
        with result:
            _result(one, target)
    with columns[1] if alone else st.container():
        _expected(screen, target)
        _times(screen)
        for platform in dict.fromkeys(platform for _, platform, _ in typed):
            _moves(load.screen(workspace, moves, workspace, platform, target, asked.posts), platform, target)


def _head() -> str:
    """What to foretell, one more draft, and where drafts stay."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(tr("A draft stays here until you close the browser tab. Nothing is sent anywhere."), width="stretch")
        links.understand(_TARGET, list(TITLES), title)
        target = st.segmented_control(tr("Foretell"), list(TITLES), default="engagement", key=_TARGET, required=True,
                                      format_func=title, label_visibility="collapsed",
                                      bind="query-params")  # fmt: skip
        st.button(tr("Compare another draft"), key="lab_add", icon=":material/add:", on_click=drafts.add,
                  disabled=len(drafts.shown()) >= drafts.MOST)  # fmt: skip
    return str(target or "engagement")


def _draft(
    workspace: Workspace, found: tuple[Author, ...], name: str, number: int, *, alone: bool
) -> tuple[lab.Draft, str, Any]:
    """The fields of a draft: the draft, its platform, and the place below for what may come of it."""
    with st.container(border=True, height="stretch", key=f"panel-draft-{number}", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center",
                          key=f"panelhead-draft-{number}"):  # fmt: skip
            st.markdown(f"**{name if not alone else tr('Draft')}**", width="content")
            if not alone:
                st.button(tr("Remove"), key=f"lab_remove_{number}", type="tertiary", icon=":material/close:",
                          on_click=drafts.remove, args=(number,))  # fmt: skip
        draft = drafts.form(number, found, workspace)
        platform = next(one.platform for one in found if one.id == draft.account)
        return draft, platform, st.container(gap="xxsmall", key=f"lab_result_{number}")


def _result(one: Judged, target: str) -> None:
    """What may come of a draft, and what that is made from."""
    st.metric(_expected_title(target), short(one.expected.median), help=tr(_DEFINITION))
    if one.expected.known:
        span, usual = likely(one.expected), one.expected.usual
        said = tr("likely {range}", range=span)
        if usual >= 0:
            said = tr("likely {range}; the account's usual post: {usual}", range=span, usual=short(usual))
        st.caption(format.plain(said))
    st.caption(f":material/info: {format.plain(lab.basis(one.expected))}")
    if one.tags:
        st.caption(tr("Hashtags: {effects}", effects=format.plain("; ".join(one.tags))))


def _expected_title(target: str) -> str:
    return tr("Expected {metric}", metric=language.inside(title(target)))


def _expected(screen: LabScreen, target: str) -> None:
    """The drafts beside each other."""
    if screen.compared:
        st.text(screen.compared)
    unit = language.inside(title(target))
    panels.chart(
        tr("What to expect: {metric}", metric=unit),
        screen.ranges.spec,
        screen.ranges.table,
        key="labrange",
        alt_text=screen.ranges.words,
        note=tr("{metric} of a post; pale: likely range, 95 of 100; grey line: the account's usual post", metric=unit),
        explanation=_made(target, ""),
        stretch=False,
    )


def _times(screen: LabScreen) -> None:
    """Better times for each draft, where there clearly are some."""
    with st.container(border=True, key="panel-labtimes", gap="small"), boundary():
        st.markdown(f"**{tr('Better times')}**")
        same, many = len({one.said for one in screen.judged}) == 1, len(screen.judged) > 1
        if same:
            st.caption(format.plain(screen.judged[0].said))
        for one, column in zip(screen.judged, st.columns(len(screen.judged), gap="small"), strict=True):
            with column:
                if many and (one.times or not same):
                    st.caption(one.name if same else f"{one.name}: {format.plain(one.said)}")
                for slot in one.times:
                    _time(slot)


def _time(one: Better) -> None:
    with st.container(gap=None):
        expected = f" · {said(one.expected)}" if one.expected else ""
        st.text(f"{one.slot.name}{expected}")
        effect = timing.shares(one.slot.lift, one.slot.lower, one.slot.upper)
        posts = trn("{n} post", "{n} posts", one.slot.posts)
        st.caption(format.plain(tr("posts at this time: {effect}, {posts}", effect=effect, posts=posts)))


def _moves(found: Moves, platform: str, target: str) -> None:
    """What goes with better results on a platform, and how good the expectations were."""
    key, drawing = f"labmoves-{platform}", found.drawing
    with st.container(border=True, key=f"panel-{key}", gap="xsmall"), boundary():
        asked = tr("What moves it on {platform}?", platform=format.plain(platforms.title(platform)))
        note = tr("against other posts, with the likely range; only what stood out again on later posts")
        explanation = _made(target, f"{trn('{n} post', '{n} posts', found.posts)}; {found.checked}")
        if drawing is None:
            panels.head(asked, key=key, note=note, explanation=explanation)
            st.caption(tr("Nothing stood out in the earlier posts and again in the later ones."))
        else:
            panels.chart(asked, drawing.spec, drawing.table, key=key, alt_text=drawing.words, note=note,
                         explanation=explanation, boxed=False)  # fmt: skip
        st.caption(format.plain(found.checked))


def _made(target: str, coverage: str) -> Explanation:
    return Explanation(
        metric=target,
        title=_expected_title(target),
        definition=tr(_DEFINITION) if target == "engagement" else f"{tr(_DEFINITION)} {tr(_VIEWS)}",
        formula=tr(_FORMULA),
        inputs=(),
        coverage=coverage or tr("the posts of the last year on the platform of each draft"),
        notes=(),
        period=year.period(load.now()),
        compared_with=None,
    )
