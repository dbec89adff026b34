"""The archive: every report that was made, found by its title, and how long it is kept."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.language import mark, tr, trn
from services.reports import archive
from services.reports.archive import Made
from services.words import calendar
from ui import format, menu, states
from ui.load import Workspace

_AT_ONCE, _LONGEST = 25, 3650
_STATES = {"making": mark("being made"), "failed": mark("could not be made")}
_BY = {"person": mark("made by hand"), "schedule": mark("made by itself"), "api": mark("made through the API")}


def draw(workspace: Workspace) -> None:
    """Search, list, pages, and how long all is kept."""
    search = st.text_input(
        tr("Search the archive"), key="archive-search", placeholder=tr("Part of a title"), max_chars=120,
        icon=":material/search:", width=360,
    ).strip()  # fmt: skip
    place = st.session_state.get("archive-page", 1)
    found, count = archive.all_made(
        workspace.viewer, search=search, limit=_AT_ONCE, skip=(min(place, _pages_of(workspace, search)) - 1) * _AT_ONCE
    )
    if not count:
        states.empty(
            tr("No report has this in its title.")
            if search
            else tr("No report was made yet. Those that are made stand here."),
            icon=":material/inventory_2:", key="archive",
        )  # fmt: skip
    else:
        st.caption(trn("{n} made report, newest first", "{n} made reports, newest first", count))
        with st.container(border=True, gap="xsmall", key="panel-archive"):
            for at, one in enumerate(found):
                if at:
                    st.divider()
                _row(workspace, one)
        if count > _AT_ONCE:
            st.pagination(-(-count // _AT_ONCE), key="archive-page")
    _kept(workspace)


def _pages_of(workspace: Workspace, search: str) -> int:
    _, count = archive.all_made(workspace.viewer, search=search, limit=1)
    return max(1, -(-count // _AT_ONCE))


def _row(workspace: Workspace, one: Made) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"archive-row-{one.id}"):
        with st.container(gap=None, key=f"open-made-{one.id}"):
            if st.button(format.plain(one.title), key=f"archive-open-{one.id}", type="tertiary",
                         help=tr("Open the made report")):  # fmt: skip
                menu.go("made", made=str(one.id))
            st.caption(format.plain(" · ".join(_about(workspace, one))))
        if one.state == "failed":
            st.badge(tr("Failed"), icon=":material/error:", color="red")


def _about(workspace: Workspace, one: Made) -> list[str]:
    made = format.moment(one.made_at, workspace.time_zone, clock.utc_now())
    said = [calendar.words(one.period, year=True), made, tr(_BY.get(one.trigger, one.trigger))]
    return [*said, tr(_STATES[one.state])] if one.state in _STATES else said


def _kept(workspace: Workspace) -> None:
    days = archive.kept_days(workspace.viewer)
    key = f"archive-days-{workspace.id}"
    if key not in st.session_state:
        st.session_state[key] = days
    st.number_input(
        tr("Days a made report is kept"), 1, _LONGEST, step=1, key=key, width=240,
        on_change=lambda: archive.keep_days(workspace.viewer, int(st.session_state[key])),
        help=tr("Holds for reports that are made from now on. Older ones keep the day they were given."),
    )  # fmt: skip
