"""The Import page: drop a file, see how it is understood and what it would change, store it, take it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from core.errors import BadFile
from core.kept import retold
from core.language import figure, mark, tr
from services.imports import commit
from services.imports.commit import Preview
from services.imports.mapping import Plan
from services.imports.table import MAX_MB, MAX_ROWS, Table
from services.team import workspaces
from services.words import periods
from ui import filters, format, load, menu, switcher
from ui.load import Workspace
from ui.screens.importing import history, kept, preview, reading, storing, welcome
from ui.states import boundary

LEAD = mark(
    "Posts or daily numbers from a CSV, XLSX, XLS or ZIP file, as platforms export them. Nothing is stored before you "
    "have seen it, and every import can be taken back."
)
_OVERVIEW = "overview"
_ROUND, _DONE = "import-round", "import-done"
_TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "zip"]


def draw(workspace: Workspace) -> None:
    """The whole page below its title."""
    if workspace.is_demo:
        _demo(workspace)
        return
    above = st.container()
    uploaded = st.file_uploader(
        tr("Your file"),
        type=_TYPES,
        max_upload_size=MAX_MB,
        key=f"import-file-{workspace.id}-{st.session_state.get(_ROUND, 0)}",
        help=tr(
            "CSV, TSV, XLSX or XLS with one heading row, or a ZIP of CSV files, up to {mb} MB and {rows} rows.",
            mb=MAX_MB,
            rows=figure(f"{MAX_ROWS:,}"),
        ),
    )
    if uploaded is None:
        with above:
            _done(workspace)
        welcome.draw()
    else:
        st.session_state.pop(_DONE, None)
        with boundary():
            _wizard(workspace, uploaded)
    if history.draw(workspace):
        st.session_state.pop(_DONE, None)
        st.rerun()


def _wizard(workspace: Workspace, uploaded: UploadedFile) -> None:
    """Everything between dropping a file and storing it."""
    try:
        with st.spinner(tr("Reading the file")):
            read = table(uploaded)
        plan = reading.draw(workspace, read, uploaded.name, uploaded.file_id)
        repeats = bool(st.session_state.get(preview.repeats_key(read.digest)))
        with st.spinner(tr("Reading the rows")):
            shown = read_rows(workspace, uploaded, read, replace(plan, take_repeats=repeats))
        preview.draw(shown)
        stored = storing.draw(workspace, shown, uploaded.file_id)
    except BadFile as error:
        st.error(format.plain(f"{retold(error.message)} {retold(error.hint)}"), icon=":material/error:")
        return
    if stored is not None:
        st.session_state[_DONE] = stored
        kept.forget()
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        st.rerun()


def table(uploaded: UploadedFile) -> Table:
    """The table of the file, with the sheet and the encoding that a person may choose."""
    encoding = st.session_state.get(reading.encoding_key(uploaded.file_id))
    sheet = st.session_state.get(reading.sheet_key(uploaded.file_id))
    name, content = uploaded.name, uploaded.getvalue
    return kept.latest(
        uploaded.file_id,
        "table",
        (sheet, encoding),
        lambda: commit.read_table(name, content(), sheet=sheet, encoding=encoding),
    )


def read_rows(workspace: Workspace, uploaded: UploadedFile, read: Table, plan: Plan) -> Preview:
    """What the table holds under a plan, read once as long as nothing of it changes."""
    key = (read.sheet, read.encoding, plan, load.today(workspace))
    return kept.latest(uploaded.file_id, "preview", key, lambda: commit.preview(uploaded.name, read, plan))


def _demo(workspace: Workspace) -> None:
    """No file goes into the demo; the way to a workspace where it can."""
    others = [one for one in load.every_workspace() if not one.is_demo]
    with st.container(border=True, horizontal_alignment="center", key="empty-import-demo"):
        st.space("small")
        st.markdown(":gray[:material/science:]", width="content")
        st.markdown(
            tr(
                "The demo holds invented numbers only, and they are never mixed with real ones. Import your file into "
                "a workspace of your own."
            ),
            text_alignment="center",
        )
        label = tr("Go to {workspace}", workspace=others[0].name) if others else tr("Make a workspace")
        if st.button(format.plain(label), type="primary", key="import-leave-demo"):
            own = others[0].id if others else workspaces.create(tr("My workspace")).workspace_id
            switcher.choose_later(own)
            st.rerun()
        st.space("small")


def _done(workspace: Workspace) -> None:
    """What the last import brought, and the way to see it."""
    stored = st.session_state.get(_DONE)
    if not isinstance(stored, storing.Stored) or stored.workspace_id != workspace.id:
        return
    with st.container(border=True, gap="xxsmall", key="import-done"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            said = f"**{format.plain(stored.what)}** {format.plain(stored.where)}"
            st.markdown(f":green[:material/check_circle:] {said}", width="content")
            _overview_link(stored.first, stored.last)
        if stored.note:
            st.caption(stored.note)


def _overview_link(first: date, last: date) -> None:
    """The Overview over the days of the file."""
    if not menu.exists(_OVERVIEW):
        return
    days = {"period": periods.CUSTOM, "from": first.isoformat(), "to": last.isoformat()}
    if st.button(
        tr("See these days on Overview"),
        key="import-overview",
        icon=":material/arrow_forward:",
        type="tertiary",
        on_click=filters.show,
        args=(days,),
    ):
        menu.go(_OVERVIEW)
