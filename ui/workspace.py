"""Which workspace is looked at, and by whom. Owns the session's choice and the address's `w`."""

from __future__ import annotations

import streamlit as st

from core import viewer as viewers
from core.viewer import Viewer
from services import workspaces
from storage.workspaces import WorkspaceRow

_KEY = "w"


def switcher(found: list[WorkspaceRow]) -> None:
    """The choice of workspace on top of the menu; a link may carry it as `w`."""
    names = {str(row.id): row.name for row in found}
    newest = str(found[-1].id)
    wanted = st.session_state.get(_KEY)
    if wanted not in names and wanted is not None:
        del st.session_state[_KEY]
    st.selectbox(
        "Workspace",
        list(names),
        index=list(names).index(newest),
        format_func=names.__getitem__,
        key=_KEY,
        bind="query-params",
        label_visibility="collapsed",
    )


def choose(workspace_id: int) -> None:
    """Look at another workspace from the next run on."""
    st.session_state[_KEY] = str(workspace_id)


def current() -> WorkspaceRow:
    """The workspace looked at."""
    return workspaces.get(int(st.session_state[_KEY]))


def viewer() -> Viewer:
    """Who asks, in the workspace looked at."""
    return viewers.owner(int(st.session_state[_KEY]))
