"""Notices: whether the platform tells of news by itself, and what a person has to enter there for it."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.kept import retold
from core.language import tr
from services.connecting import webhooks
from services.connecting.connections import ConnectionView
from services.connecting.webhooks import NoticesView
from services.words import calendar
from ui import format
from ui.load import Workspace


def draw(workspace: Workspace, view: ConnectionView) -> None:
    """Folded away, because it is set up once. Nothing where the platform sends none."""
    found = webhooks.notices(workspace.viewer, view.id)
    if found is None:
        return
    values = {"title": format.plain(found.title)}
    label = tr("Notices from {title}: none yet", **values)
    if found.last:
        label = tr("Notices from {title}: last one {when}", when=format.age(found.last, clock.utc_now()), **values)
    with st.expander(label, key=f"notices-{view.id}"):
        st.caption(
            tr(
                "{title} can tell of news by itself; what may have changed is then read after a "
                "minute. All of it is read by its rhythm in any case.",
                **values,
            )
        )
        if found.problem:
            st.caption(f":orange[:material/info:] {format.plain(retold(found.problem))}")
        if found.by_itself:
            _by_itself(found)
        else:
            _to_enter(found)


def _by_itself(found: NoticesView) -> None:
    """Nothing is to be done; how it stands."""
    if found.until:
        day = calendar.day_words(found.until.date(), year=True)
        said = tr("They come until {day}, and are asked for again before that.", day=day)
        st.markdown(f":green[:material/check_circle:] {said}")
    elif not found.problem:
        said = tr("Asked for every hour until {title} confirms.", title=format.plain(found.title))
        st.markdown(f":material/schedule: {said}")


def _to_enter(found: NoticesView) -> None:
    """The steps at the platform, and what is to be copied."""
    st.markdown("\n".join(f"{number}. {format.plain(tr(line))}" for number, line in enumerate(found.steps, 1)))
    st.markdown(tr("**Address for notices** (callback URL):"))
    st.code(found.address, language=None, wrap_lines=True)
    if found.token:
        st.markdown(tr("**Verify token**:"))
        st.code(found.token, language=None, wrap_lines=True)
