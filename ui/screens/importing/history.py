"""The imports so far, newest first, each with the way back."""

from __future__ import annotations

import streamlit as st

from core import clock
from services import catalogue
from services.imports import commit
from services.imports.commit import Batch
from ui import format
from ui.load import Workspace
from ui.page import boundary

_SHOWN = 8


def draw(workspace: Workspace) -> bool:
    """The list, or nothing when there is none. Answers whether an import was just taken back."""
    batches = commit.batches(workspace.viewer)
    if not batches:
        return False
    st.subheader("Imports so far", anchor=False)
    with st.container(border=True, gap="xsmall", key="panel-imports"):
        undone = [_one(workspace, batch) for batch in batches[:_SHOWN]]
        if len(batches) > _SHOWN:
            with st.expander(f"{len(batches) - _SHOWN:,} older"):
                undone += [_one(workspace, batch) for batch in batches[_SHOWN:]]
    return any(undone)


def _one(workspace: Workspace, batch: Batch) -> bool:
    platform = catalogue.platform_titles().get(batch.platform, batch.platform)
    now = clock.utc_now()
    when = format.moment(batch.imported_at, workspace.time_zone, now)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"import-batch-{batch.id}"):
        with st.container(gap=None):
            st.markdown(f"**{format.plain(batch.file_name)}**")
            where = batch.account or "an account that was removed"
            st.caption(format.plain(f"{where} ({platform}) · {batch.rows:,} rows · {when}"))
        if batch.undone_at:
            st.caption(f"taken back {format.moment(batch.undone_at, workspace.time_zone, now)}", width="content")
            return False
        return _undo(workspace, batch)


def _undo(workspace: Workspace, batch: Batch) -> bool:
    with st.popover("Take back", icon=":material/undo:", type="tertiary", key=f"undo-{batch.id}"), boundary():
        st.markdown(
            "Everything this import brought goes, and what it replaced comes back. What a connection has replaced "
            "since stays; what others have only repeated goes too."
        )
        if st.button(f"Take back {batch.rows:,} rows", type="primary", key=f"undo-now-{batch.id}"):
            commit.undo(workspace.viewer, batch.id)
            st.toast("The import was taken back.", icon=":material/undo:")
            return True
    return False
