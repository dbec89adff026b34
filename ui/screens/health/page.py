"""The frame of Data health: the line, what needs a person, and the tabs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core import clock
from core.language import mark, tr
from services.quality.summary import Need, Summary, summary
from services.words import calendar
from ui import filters, format, links, load, menu, page, states
from ui.load import Workspace
from ui.screens.health import changes, consistency, coverage, freshness, reads, reconcile
from ui.states import boundary

_PART = "part"
_TABS = {
    "freshness": mark("Freshness"),
    "coverage": mark("Coverage"),
    "consistency": mark("Consistency"),
    "changes": mark("Changes"),
    "reads": mark("Reads"),
    "reconcile": mark("Reconciliation"),
}


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    page.style("health")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    found = load.screen(workspace, summary, asked.period, asked.where)
    _head(workspace, found)
    parts: dict[str, Callable[[], None]] = {
        "freshness": lambda: freshness.draw(workspace, found.freshness),
        "coverage": lambda: coverage.draw(workspace),
        "consistency": lambda: consistency.draw(found.checked),
        "changes": lambda: changes.draw(workspace),
        "reads": lambda: reads.draw(workspace),
        "reconcile": lambda: reconcile.draw(workspace),
    }
    links.understand(_PART, tuple(_TABS.values()), tr)
    for tab, part in zip(
        st.tabs([tr(one) for one in _TABS.values()], key=_PART, bind="query-params"), _TABS, strict=True
    ):
        if tab.open:
            with tab, boundary():
                parts[part]()


def _head(workspace: Workspace, found: Summary) -> None:
    """How well everything is read, and what needs a person."""
    asked, now = filters.current(), clock.utc_now()
    looked = format.moment(load.now(), workspace.time_zone, now)
    said = [calendar.words(asked.period, year=True), workspace.time_zone, tr("looked at {when}", when=looked)]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(format.plain(" · ".join(said)), width="stretch")
    with st.container(key="headline"):
        st.text(found.line if found.needs else f"{found.line} {tr('Nothing needs a person.')}")
    for at, need in enumerate(found.needs):
        _need(need, at)


def _need(need: Need, at: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"need-{at}"):
        st.markdown(f":orange[:material/error:] {format.plain(need.text)}", width="stretch")
        if need.connection_id is not None:
            if st.button(tr("Open the connection"), key=f"need-go-{at}", type="tertiary"):
                menu.go("connections", connection=str(need.connection_id))
        else:
            st.button(tr("Show"), key=f"need-show-{at}", type="tertiary", on_click=_open, args=(need.part,))


def _open(part: str) -> None:
    st.session_state[_PART] = tr(_TABS[part])
