"""Saved views from the filter bar: show one, keep the present one, remove one."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.language import tr
from services import views
from services.views import LONGEST_NAME, State
from ui import format, page
from ui.load import Workspace

_NAME = "view_name"


def button(workspace: Workspace, present: Callable[[], State], show: Callable[[State], None]) -> None:
    """The button of the bar. `present` is what the bar shows; `show` makes it show a view, before it is drawn."""
    opened = st.popover(tr("Views"), icon=":material/bookmark:", type="tertiary", key="views", on_change="rerun")
    if not opened.open:
        return
    with opened, page.boundary():
        found = views.read(workspace.viewer)
        for at, (name, state) in enumerate(found.items()):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", wrap=False):
                label = format.plain(name)
                st.button(label, key=f"view-{at}", type="tertiary", width="stretch", on_click=show, args=(state,))
                if st.button(tr("Remove"), key=f"view-remove-{at}", icon=":material/delete:", type="tertiary"):
                    views.remove(workspace.viewer, name)
                    st.rerun()
        if not found:
            st.caption(tr("No view is saved yet. Choose period, platforms and accounts, and give it a name."))
        with st.form("view_form", border=False, clear_on_submit=True):
            name = st.text_input(
                tr("Save what is shown as"), key=_NAME, max_chars=LONGEST_NAME, placeholder=tr("Video weekly")
            )
            if st.form_submit_button(tr("Save"), type="primary"):
                views.save(workspace.viewer, name, present())
                st.rerun()
