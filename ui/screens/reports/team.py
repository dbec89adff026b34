"""The page of all reports: those of the team, what to start from, and what was made."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.errors import AppError
from core.language import mark, tr, trn
from core.question import Period
from core.report import Layout
from services.reports import background, layouts
from services.reports.layouts import Kept
from services.words import calendar
from ui import choosing, format, load, menu, page, states
from ui.load import Workspace
from ui.screens.reports import archived, choices, recipients

_VIEWS = {"reports": mark("Reports"), "archive": mark("Archive"), "recipients": mark("Recipients")}


def draw(workspace: Workspace) -> None:
    """The whole page below its title."""
    page.style("reports")
    view = choosing.one_of(tr("What is shown"), _VIEWS, "reports")
    if view == "archive":
        with states.boundary():
            archived.draw(workspace)
        return
    if view == "recipients":
        recipients.draw(workspace)
        return
    with states.boundary():
        _reports(workspace)
    with states.boundary():
        _start(workspace)


def _reports(workspace: Workspace) -> None:
    found = layouts.all_of(workspace.viewer)
    if not load.accounts(workspace):
        states.empty(
            tr("No account is read yet, so a report would hold no numbers. Connect a platform or import a file first."),
            icon=":material/cable:", to="connections", label=tr("Connect a platform"), key="reports-connect",
        )  # fmt: skip
    if not found:
        st.caption(tr("There is no report yet. Start from a template below, or from a blank page."))
        return
    st.subheader(trn("{n} report of your team", "{n} reports of your team", len(found)), anchor=False)
    with st.container(border=True, gap="xsmall", key="panel-reports"):
        for at, one in enumerate(found):
            if at:
                st.divider()
            _row(workspace, one)


def _row(workspace: Workspace, one: Kept) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"report-row-{one.id}"):
        with st.container(gap=None, key=f"open-report-{one.id}"):
            if st.button(format.plain(one.layout.title), key=f"reports-open-{one.id}", type="tertiary",
                         help=tr("Open it in the builder")):  # fmt: skip
                menu.go("report", report=str(one.id))
            st.caption(format.plain(" · ".join(_about(workspace, one))))
        if st.button(tr("Make"), icon=":material/play_arrow:", key=f"reports-make-{one.id}", type="tertiary",
                     disabled=not one.layout.blocks, help=tr("Make this report now")):  # fmt: skip
            _make(workspace, one)


def _make(workspace: Workspace, one: Kept) -> None:
    try:
        run_id = background.start(workspace.viewer, one.layout, report_id=one.id)
    except AppError as error:
        states.failed(error)
        return
    menu.go("made", made=str(run_id))


def _about(workspace: Workspace, one: Kept) -> list[str]:
    changed = format.moment(one.changed_at, workspace.time_zone, clock.utc_now())
    blocks = trn("{n} block", "{n} blocks", len(one.layout.blocks))
    return [_period(one.layout), blocks, tr("changed {moment}", moment=changed)]


def _period(of: Layout) -> str:
    if isinstance(of.period, Period):
        return calendar.words(of.period, year=True)
    return tr(choices.PERIODS.get(of.period, of.period))


def _start(workspace: Workspace) -> None:
    """Templates of the program and of the team, and the blank page: each begins a report."""
    st.subheader(tr("Start a report"), anchor=False)
    with st.grid("auto", min_column_width=250, gap="small", key="report-templates"):
        for name, template in layouts.templates().items():
            with st.container(border=True, gap="xxsmall", key=f"card-template-{name}"):
                st.button(
                    tr(template.title), icon=template.icon, key=f"reports-start-{name}", type="tertiary",
                    on_click=_note, args=("start", name),
                )  # fmt: skip
                st.caption(tr(template.about))
    own = layouts.own_templates(workspace.viewer)
    if own:
        _own(workspace, own)
    _begin(workspace)


def _own(workspace: Workspace, own: list[Kept]) -> None:
    st.subheader(tr("Templates of your team"), anchor=False)
    with st.grid("auto", min_column_width=250, gap="small", key="report-own-templates"):
        for one in own:
            with st.container(border=True, gap="xxsmall", key=f"card-own-{one.id}"):
                st.button(
                    format.plain(one.layout.title), icon=":material/bookmark:", key=f"reports-own-{one.id}",
                    type="tertiary", on_click=_note, args=("copy", one.id),
                )  # fmt: skip
                with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                    st.caption(format.plain(" · ".join(_about(workspace, one))), width="stretch")
                    _remove(workspace, one)


def _remove(workspace: Workspace, one: Kept) -> None:
    with st.popover(tr("Remove"), icon=":material/delete:", type="tertiary", key=f"reports-remove-{one.id}"):
        st.text(tr("Reports that were started from this template stay."))
        if st.button(f":red[{tr('Remove the template')}]", key=f"reports-remove-it-{one.id}"):
            layouts.remove(workspace.viewer, one.id)
            st.rerun()


_WANTED = "reports-wanted"


def _note(how: str, what: str | int) -> None:
    st.session_state[_WANTED] = (how, what)


def _begin(workspace: Workspace) -> None:
    """Begin what was clicked, and open it."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted is None:
        return
    how, what = wanted
    made = layouts.start(workspace.viewer, what) if how == "start" else layouts.copy(workspace.viewer, what)
    menu.go("report", report=str(made))
