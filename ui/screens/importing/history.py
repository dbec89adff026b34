"""The imports so far, newest first, each with the way back."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.language import tr, trn
from services import catalogue
from services.imports import commit
from services.imports.commit import Batch
from ui import format
from ui.load import Workspace
from ui.states import boundary

_SHOWN = 8


def draw(workspace: Workspace) -> bool:
    """The list, or nothing when there is none. Answers whether an import was just taken back."""
    batches = commit.batches(workspace.viewer)
    if not batches:
        return False
    st.subheader(tr("Imports so far"), anchor=False)
    with st.container(border=True, gap="xsmall", key="panel-imports"):
        undone = [_one(workspace, batch) for batch in batches[:_SHOWN]]
        if len(batches) > _SHOWN:
            with st.expander(trn("{n} older", "{n} older", len(batches) - _SHOWN)):
                undone += [_one(workspace, batch) for batch in batches[_SHOWN:]]
    return any(undone)


def _one(workspace: Workspace, batch: Batch) -> bool:
    platform = catalogue.platform_titles().get(batch.platform, batch.platform)
    now = clock.utc_now()
    when = format.moment(batch.imported_at, workspace.time_zone, now)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"import-batch-{batch.id}"):
        with st.container(gap=None):
            st.markdown(f"**{format.plain(batch.file_name)}**")
            where = batch.account or tr("an account that was removed")
            st.caption(
                format.plain(
                    trn(
                        "{account} ({platform}) · {n} rows · {when}",
                        "{account} ({platform}) · {n} rows · {when}",
                        batch.rows,
                        account=where,
                        platform=platform,
                        when=when,
                    )
                )
            )
        if batch.undone_at:
            st.caption(
                tr("taken back {when}", when=format.moment(batch.undone_at, workspace.time_zone, now)),
                width="content",
            )
            return False
        return _undo(workspace, batch)


def _undo(workspace: Workspace, batch: Batch) -> bool:
    with st.popover(tr("Take back"), icon=":material/undo:", type="tertiary", key=f"undo-{batch.id}"), boundary():
        st.markdown(
            tr(
                "Everything this import brought goes, and what it replaced comes back. What a "
                "connection has replaced since stays; what others have only repeated goes too."
            )
        )
        label = trn("Take back {n} rows", "Take back {n} rows", batch.rows)
        if st.button(label, type="primary", key=f"undo-now-{batch.id}"):
            commit.undo(workspace.viewer, batch.id)
            st.toast(tr("The import was taken back."), icon=":material/undo:")
            return True
    return False
