"""A made report: how far it is, its files, the links to it, and a look at it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st

from core import clock
from core.errors import AppError, NotFound
from core.language import figure, mark, tr
from core.viewer import Viewer
from services.reports import archive, background, layouts
from services.reports.archive import Made
from services.words import calendar
from ui import format, load, menu, page, states
from ui.load import Workspace
from ui.screens.reports import delivered, looking, sharing

log = logging.getLogger(__name__)
_MADE = "made"
_ICONS = {"pdf": "picture_as_pdf", "html": "web", "xlsx": "table_view", "pptx": "slideshow", "csv": "folder_zip",
          "json": "data_object"}  # fmt: skip
_ABOUT = {
    "pdf": mark("To print and to send"),
    "html": mark("One file that opens offline"),
    "xlsx": mark("Excel, with native charts"),
    "pptx": mark("Slides, with native charts"),
    "csv": mark("Every table, as a zip"),
    "json": mark("For programs, with definitions"),
}
_ORDER = tuple(_ABOUT)


def draw(workspace: Workspace) -> None:
    """The page, or that there is no such report."""
    page.style("reports")
    found = _find(workspace)
    _crumbs(workspace, found)
    if found is None:
        states.empty(
            tr("There is no such report here. It may have been removed, or kept long enough."),
            icon=":material/search_off:", to="reports", label=tr("See all reports"), key="nomade",
        )  # fmt: skip
    elif found.state == "ready":
        _ready(workspace, found)
    elif found.state == "failed" or background.is_left(found, now=clock.utc_now()):
        _failed(found)
    else:
        _progress(workspace, found.id)


def _find(workspace: Workspace) -> Made | None:
    given = st.query_params.get(_MADE, "")
    if not given.isdecimal() or len(given) > 19:
        return None
    try:
        return archive.find(workspace.viewer, int(given))
    except NotFound:
        return None


def _crumbs(workspace: Workspace, found: Made | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key="crumbs"):
        if st.button(tr("All reports"), key="run-crumb", type="tertiary", icon=":material/arrow_back:"):
            menu.go("reports")
        if found is None:
            return
        st.markdown(":gray[/]", width="content")
        if found.report_id is not None and _still_there(workspace, found.report_id):
            words = format.plain(found.title)
            if st.button(words, key="run-crumb-report", type="tertiary", help=tr("Open it in the builder")):
                menu.go("report", report=str(found.report_id))
        else:
            st.markdown(f"**{format.plain(found.title)}**", width="content")


def _still_there(workspace: Workspace, report_id: int) -> bool:
    try:
        layouts.find(workspace.viewer, report_id)
    except NotFound:
        return False
    return True


@st.fragment(run_every=1)
def _progress(workspace: Workspace, run_id: int) -> None:
    """How far it is; the page is drawn anew when it is done."""
    found = archive.find(workspace.viewer, run_id)
    if found.state != "making":
        st.rerun()
    with st.container(border=True, key="panel-making"):
        st.markdown(f"**{format.plain(found.title)}**")
        st.progress(min(found.done, 1.0), tr("Making the report"))
        st.caption(tr("You may leave this page. The report will be in the archive."))


def _failed(found: Made) -> None:
    why = found.problem or tr("It was not finished: the program was stopped while it was being made.")
    st.error(format.plain(tr("This report could not be made. {why}", why=why)), icon=":material/error:")
    if found.report_id is not None and st.button(tr("Open it in the builder"), icon=":material/edit:", key="run-edit"):
        menu.go("report", report=str(found.report_id))


def _ready(workspace: Workspace, found: Made) -> None:
    left, right = st.columns([5, 7], gap="medium")
    with left:
        _facts(workspace, found)
        sizes = _files(workspace, found)
        with states.boundary():
            sharing.draw(workspace, found)
        with states.boundary():
            delivered.draw(workspace, found)
        _remove(workspace, found)
    with right, states.boundary(), st.container(key="report-preview"):
        looking.made(workspace, found.id, found.title)
    sizes()


def _facts(workspace: Workspace, found: Made) -> None:
    now = clock.utc_now()
    rows = {
        tr("Period"): calendar.words(found.period, year=True),
        tr("Made"): format.moment(found.made_at, workspace.time_zone, now),
        tr("Data until"): format.until(found.data_until, workspace.time_zone, now) if found.data_until else tr("n/a"),
        tr("Kept until"): calendar.day_words(found.expires_at.date(), year=True) if found.expires_at else tr("n/a"),
    }
    with st.container(border=True, gap="xsmall", key="panel-made-facts"):
        st.markdown(f"**{format.plain(found.title)}**")
        for name, said in rows.items():
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.caption(name, width=96)
                st.text(said, width="stretch")
        st.caption(tr("Made by version {program}. Fingerprint {hash}.", program=found.program, hash=found.hash[:16]),
                   help=tr("The same report, made again from what is kept, has the same fingerprint."))  # fmt: skip


def _files(workspace: Workspace, found: Made) -> Callable[[], None]:
    """A button for each kind of file; answers what fills in their sizes, once all else is drawn."""
    known = archive.formats()
    places = {}
    with st.container(border=True, gap="xsmall", key="panel-made-files"):
        st.markdown(f"**{tr('Download')}**")
        for kind in sorted(known, key=lambda one: _ORDER.index(one) if one in _ORDER else len(_ORDER)):
            row = st.container(
                horizontal=True, vertical_alignment="center", gap="small", wrap=False, key=f"report-file-{kind}"
            )
            with row:
                st.download_button(
                    tr(known[kind].title), partial(archive.file, workspace.viewer, found.id, kind),
                    archive.file_name(found, kind), known[kind].media_type, key=f"run-file-{kind}",
                    on_click="ignore", icon=f":material/{_ICONS.get(kind, 'download')}:", width=150,
                )  # fmt: skip
                st.caption(tr(_ABOUT.get(kind, "")), width="stretch")
                places[kind] = st.container(width=84)

    def fill() -> None:
        for kind, place in places.items():
            with place:
                st.caption(_size(workspace, found.id, kind), text_alignment="right")

    return fill


def _size(workspace: Workspace, run_id: int, kind: str) -> str:
    try:
        return size_words(load.learnt(workspace, _weighed, run_id, kind))
    except AppError as error:
        return format.plain(error.message)
    except Exception:
        log.exception("A made report could not be written as %s", kind)
        return tr("n/a")


def _weighed(viewer: Viewer, run_id: int, kind: str, *, now: datetime) -> int:
    return len(archive.file(viewer, run_id, kind))


def size_words(size: int) -> str:
    """How large a file is.

    >>> size_words(900), size_words(48_200), size_words(2_340_000)
    ('1 kB', '48 kB', '2.3 MB')
    """
    if size < 1_000_000:
        return f"{figure(str(max(1, round(size / 1000))))} kB"
    return f"{figure(f'{size / 1_000_000:.1f}')} MB"


def _remove(workspace: Workspace, found: Made) -> None:
    with st.popover(tr("Remove from the archive"), icon=":material/delete:", type="tertiary", key="run-remove"):
        st.text(tr("Removes this report, its files, and every link to it."))
        if st.button(f":red[{tr('Remove it')}]", key="run-remove-it"):
            archive.remove(workspace.viewer, found.id)
            menu.go("reports")
