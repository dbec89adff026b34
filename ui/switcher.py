"""Which workspace the screen shows. Owns the key `w`, which every link carries."""

from __future__ import annotations

import streamlit as st

from ui import load
from ui.load import Workspace

_KEY = "w"


def draw() -> Workspace | None:
    """The switcher on top of the menu; answers the chosen workspace, None when there is none yet."""
    found = {_title(one): one for one in reversed(load.every_workspace())}
    titles = list(reversed(found))
    if not titles:
        return None
    with st.container(key="switcher"):
        chosen = st.selectbox(
            "Workspace", titles, key=_KEY, bind="query-params", label_visibility="collapsed", disabled=len(titles) == 1
        )
    return found[chosen]


def choose(workspace_id: int) -> None:
    """Show another workspace from the next run on. For callbacks."""
    for one in load.every_workspace():
        if one.id == workspace_id:
            st.session_state[_KEY] = _title(one)


def _title(one: Workspace) -> str:
    return f"{one.name} (demo)" if one.is_demo and "demo" not in one.name.lower() else one.name
