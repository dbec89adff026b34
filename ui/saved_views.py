"""Saved views from the filter bar: show one, keep the present one, remove one, open the site with one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.language import mark, tr
from core.viewer import Right, Viewer
from services.team import views
from services.team.views import LONGEST_NAME, State, View
from ui import format, states
from ui.load import Workspace

_NAME, _FOR, _START = "view_name", "view_for", "view_start"
_LISTS = {False: mark("Only for me"), True: mark("For everyone in this workspace")}


def button(workspace: Workspace, present: Callable[[], State], show: Callable[[State], None]) -> None:
    """The button of the bar. `present` is what the bar shows; `show` makes it show a view, before it is drawn."""
    opened = st.popover(tr("Saved views"), icon=":material/bookmark:", type="tertiary", key="views", on_change="rerun")
    if not opened.open:
        return
    viewer = workspace.viewer
    with opened, states.boundary():
        found = views.read(viewer)
        for at, view in enumerate(found):
            if at == 0 or view.shared != found[at - 1].shared:
                st.caption(tr(_LISTS[view.shared]))
            _row(viewer, view, at, show)
        if found:
            _start(viewer, found)
        else:
            st.caption(tr("No view is saved yet. Choose period, platforms and accounts, and give it a name."))
        _form(viewer, present)


def _row(viewer: Viewer, view: View, at: int, show: Callable[[State], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
        label, icon = format.plain(view.name), ":material/home:" if view.start else None
        st.button(label, key=f"view-{at}", type="tertiary", width="stretch", on_click=show, args=(view.state,),
                  icon=icon)  # fmt: skip
        if view.shared and Right.MANAGE not in viewer.rights:
            return
        if st.button(tr("Remove"), key=f"view-remove-{at}", icon=":material/delete:", type="tertiary"):
            views.remove(viewer, view.name, shared=view.shared)
            st.rerun()


def _start(viewer: Viewer, found: tuple[View, ...]) -> None:
    """Which view the site opens with, and the way back to none."""
    titles = {one.key: f"{one.name} ({tr(_LISTS[one.shared])})" for one in found}
    st.session_state[_START] = next((one.key for one in found if one.start), "")
    st.selectbox(
        tr("Open the site with"), ["", *titles], key=_START, format_func=lambda key: titles.get(key) or tr("No view"),
        on_change=lambda: views.start_with(viewer, st.session_state[_START]),
        help=tr("For you alone. A link that names a period, platforms or accounts is shown as it is."),
    )  # fmt: skip


def _form(viewer: Viewer, present: Callable[[], State]) -> None:
    with st.form("view_form", border=False, clear_on_submit=True):
        name = st.text_input(
            tr("Save what is shown as"), key=_NAME, max_chars=LONGEST_NAME, placeholder=tr("Video weekly")
        )
        shared = Right.MANAGE in viewer.rights and bool(
            st.radio(tr("For whom"), list(_LISTS), key=_FOR, format_func=lambda one: tr(_LISTS[one]),
                     label_visibility="collapsed")
        )  # fmt: skip
        if st.form_submit_button(tr("Save"), type="primary"):
            views.save(viewer, name, present(), shared=shared)
            st.rerun()
