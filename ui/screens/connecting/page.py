"""The Connections page: all platforms as cards, the steps of a new connection, or how an old one does.

This module owns the `connection` of the address: without it the cards are shown.
"""

from __future__ import annotations

import streamlit as st

from core.language import mark, tr
from services.connecting import connections
from services.connecting.connections import ConnectionView
from ui.load import Workspace
from ui.page import style
from ui.screens.connecting import cards, health, steps

LEAD = mark("Plumbline only ever asks for the right to read. Tokens and keys are kept encrypted on this machine.")
_KEY = "connection"


def draw(workspace: Workspace) -> None:
    """The page."""
    style("connecting")
    every = connections.list_all(workspace.viewer, n_runs=1)
    wanted = st.query_params.get(_KEY)
    chosen = next((view for view in every if str(view.id) == wanted), None)
    if chosen is not None:
        _one(workspace, chosen)
        return
    if wanted is not None:
        close()
        st.info(tr("That connection does not exist in this workspace. These do."), icon=":material/info:")
    cards.draw(workspace, every, open_connection)


def _one(workspace: Workspace, view: ConnectionView) -> None:
    st.button(
        tr("All connections"), icon=":material/arrow_back:", type="tertiary", on_click=close, key="all-connections"
    )
    if view.state == "new":
        steps.draw(workspace, view, close)
    else:
        health.draw(workspace, connections.get(workspace.viewer, view.id), close)


def open_connection(connection_id: int) -> None:
    """Show one connection from the next run on. For callbacks."""
    st.query_params[_KEY] = str(connection_id)


def close() -> None:
    """Show all platforms from the next run on. For callbacks."""
    st.query_params.pop(_KEY, None)
