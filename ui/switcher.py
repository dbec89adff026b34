"""Which workspace the screen shows. Owns the key `w`, which every link carries."""

from __future__ import annotations

import streamlit as st

from core.language import tr
from ui import load
from ui.load import Workspace

_KEY, _WANTED = "w", "_workspace_wanted"


def draw() -> Workspace | None:
    """The switcher on top of the menu; answers the chosen workspace, None when there is none yet."""
    found = _distinct(load.every_workspace())
    if not found:
        return None
    _take_wanted(found)
    with st.container(key="switcher"):
        chosen = st.selectbox(tr("Workspace"), list(found), key=_KEY, bind="query-params", label_visibility="collapsed")
    return found[chosen]


def choose_later(workspace_id: int) -> None:
    """Show another workspace from the next run on."""
    st.session_state[_WANTED] = workspace_id


def _take_wanted(titles: dict[str, Workspace]) -> None:
    wanted = st.session_state.pop(_WANTED, None)
    for title, one in titles.items():
        if one.id == wanted:
            st.session_state[_KEY] = title


def _title(one: Workspace) -> str:
    return tr("{name} (demo)", name=one.name) if one.is_demo and "demo" not in one.name.lower() else one.name


def _distinct(every: list[Workspace]) -> dict[str, Workspace]:
    """Title -> workspace; a name that comes twice gets its number."""
    found: dict[str, Workspace] = {}
    for one in every:
        title = _title(one)
        found[title if title not in found else f"{title} {one.id}"] = one
    return found
