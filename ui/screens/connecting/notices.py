"""Notices: whether the platform tells of news by itself, and what a person has to enter there for it."""

from __future__ import annotations

import streamlit as st

from core import clock
from services import calendar, webhooks
from services.connections import ConnectionView
from services.webhooks import NoticesView
from ui import format
from ui.load import Workspace


def draw(workspace: Workspace, view: ConnectionView) -> None:
    """Folded away, because it is set up once. Nothing where the platform sends none."""
    found = webhooks.notices(workspace.viewer, view.id)
    if found is None:
        return
    last = f"last one {format.age(found.last, clock.utc_now())}" if found.last else "none yet"
    with st.expander(f"Notices from {format.plain(found.title)}: {last}", key=f"notices-{view.id}"):
        st.caption(
            f"{format.plain(found.title)} can tell of news by itself; what may have changed is then read after a "
            "minute. All of it is read by its rhythm in any case."
        )
        if found.problem:
            st.caption(f":orange[:material/info:] {format.plain(found.problem)}")
        if found.by_itself:
            _by_itself(found)
        else:
            _to_enter(found)


def _by_itself(found: NoticesView) -> None:
    """Nothing is to be done; how it stands."""
    if found.until:
        day = calendar.day_words(found.until.date(), year=True)
        st.markdown(f":green[:material/check_circle:] They come until {day}, and are asked for again before that.")
    elif not found.problem:
        st.markdown(f":material/schedule: Asked for every hour until {format.plain(found.title)} confirms.")


def _to_enter(found: NoticesView) -> None:
    """The steps at the platform, and what is to be copied."""
    st.markdown("\n".join(f"{number}. {format.plain(line)}" for number, line in enumerate(found.steps, 1)))
    st.markdown("**Address for notices** (callback URL):")
    st.code(found.address, language=None, wrap_lines=True)
    if found.token:
        st.markdown("**Verify token**:")
        st.code(found.token, language=None, wrap_lines=True)
