"""All platforms as cards: connected, needing attention, to be had, planned."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core import clock
from core.kept import retold
from core.language import figure, tr, trn
from services.connecting import connections, setup
from services.connecting.budget import dollars
from services.connecting.connections import ConnectionView, PlatformView
from ui import format, load, marks, menu
from ui.load import Workspace
from ui.screens.connecting import words
from ui.states import boundary

_NARROWEST = 300
_ORDER = {"attention": 0, "connected": 1, "available": 2}
Open = Callable[[int], None]


def draw(workspace: Workspace, every: list[ConnectionView], open_one: Open) -> None:
    """The cards, what needs a person first."""
    _summary(every)
    found = sorted(connections.available(workspace.viewer), key=lambda one: (_ORDER[one.state], one.title))
    grid = st.grid(3, min_column_width=_NARROWEST, gap="small", key="platforms")
    for one in found:
        with grid.cell():
            _card(workspace, one, [view for view in every if view.platform == one.platform], open_one)
    there = {one.platform for one in found}
    for platform, title in load.platform_titles().items():
        if platform not in there:
            with grid.cell():
                _planned(platform, title)


def _summary(every: list[ConnectionView]) -> None:
    """One line: how many are read, and how many wait for a person."""
    read = [view for view in every if view.state != "new"]
    troubled = sum(view.state == "attention" or bool(view.login_warning) for view in read)
    if not read:
        st.markdown(tr("Nothing is connected yet. Choose a platform: its steps are shown one by one."))
    elif troubled:
        said = trn("{n} connection needs attention.", "{n} connections need attention.", troubled)
        st.markdown(f":orange[:material/error:] **{said}**")
    elif resting := sum(bool(view.resting) for view in read):
        said = trn(
            "{n} connection, {resting} with its limit for the month used up.",
            "{n} connections, {resting} with its limit for the month used up.",
            len(read),
            resting=resting,
        )
        st.markdown(f":orange[:material/savings:] {said}")
    elif ageing := sum(bool(view.version_warning) for view in read):
        said = trn(
            "{n} connection. Update Plumbline to keep {ageing} of them reading.",
            "{n} connections. Update Plumbline to keep {ageing} of them reading.",
            len(read),
            ageing=ageing,
        )
        st.markdown(f":orange[:material/update:] {said}")
    else:
        well = trn("{n} connection, all well.", "{n} connections, all well.", len(read))
        st.markdown(f":green[:material/check_circle:] {well}")


def _card(workspace: Workspace, one: PlatformView, own: list[ConnectionView], open_one: Open) -> None:
    with st.container(border=True, height="stretch", gap="xsmall", key=f"platform-{one.platform}"):
        _head(one.platform, one.title, _said(one, own))
        st.caption(format.plain(tr(one.brings)))
        rhythm = tr("Read {rhythm}", rhythm=words.every(one.every))
        _facts(f":material/schedule: {rhythm}", f":material/history: {_back(one.history_days)}")
        st.space("stretch")
        with boundary():
            for view in own:
                _line(view, open_one)
            if not own:
                _connect(workspace, one, open_one)


def _said(one: PlatformView, own: list[ConnectionView]) -> words.Said:
    if not own:
        return words.AVAILABLE
    return words.ATTENTION if one.state == "attention" else words.state(own[0])


def _head(platform: str, title: str, said: words.Said, *, muted: bool = False) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        marks.draw(platform, title, muted=muted)
        st.markdown(f"**{format.plain(title)}**", width="stretch")
        st.badge(said.word, icon=said.icon, color=said.colour)


def _facts(*facts: str) -> None:
    st.markdown(f":small[:gray[{'  ·  '.join(facts)}]]")


def _back(days: int) -> str:
    text = words.history(days)
    return text[:1].upper() + text[1:]


def _line(view: ConnectionView, open_one: Open) -> None:
    """One connection of the platform: its name, how it does, and the way in."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, key=f"line-{view.id}"):
        with st.container(gap=None, width="stretch"):
            st.markdown(format.plain(view.name or view.title))
            st.caption(f":small[{_condition(view)}]")
        if view.state == "new":
            label, kind = tr("Go on"), "primary"
        elif view.state == "attention" or view.login_warning:
            label, kind = tr("Fix"), "primary"
        else:
            label, kind = tr("Open"), "secondary"
        st.button(label, key=f"open-{view.id}", type=kind, on_click=open_one, args=(view.id,))  # type: ignore[arg-type]


def _condition(view: ConnectionView) -> str:
    if view.state == "attention":
        return format.plain(retold(view.reason))
    if view.state == "new":
        return tr("Accounts are to be chosen") if view.accounts else tr("Consent is to be given")
    if view.login_warning:
        return format.plain(view.login_warning)
    if view.running:
        return tr("Reading: {share}", share=figure(f"{view.progress:.0%}"))
    if view.resting:
        return format.plain(view.resting)
    if (last := words.stumbled(view)) and last.outcome == "failed":
        return format.plain(retold(last.reason))
    if view.last_success is None:
        return tr("Not read yet")
    cost = (
        []
        if view.spent is None
        else [tr("{spent} of {budget} this month", spent=dollars(view.spent), budget=dollars(view.budget))]
    )
    read = tr("Read {when}", when=format.age(view.last_success, clock.utc_now()))
    return " · ".join([read, *map(format.plain, cost)])


def _connect(workspace: Workspace, one: PlatformView, open_one: Open) -> None:
    key, label = f"connect-{one.platform}", tr("Connect {title}", title=one.title)
    if st.button(label, key=key, icon=":material/add:", width="stretch"):
        open_one(setup.begin(workspace.viewer, one.platform))
        st.rerun()


def _planned(platform: str, title: str) -> None:
    with st.container(border=True, height="stretch", gap="xsmall", key=f"platform-{platform}"):
        _head(platform, title, words.PLANNED, muted=True)
        st.caption(tr("There is no connector for it yet. Its own exports can be brought in by file already."))
        st.space("stretch")
        menu.link("import", tr("Import a file"), icon=":material/upload_file:")
