"""The frame of one page: `with page(PAGE):` gives it a title and an error boundary; `workspace()` is what it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from core import warm
from core.errors import NotFound
from core.language import tr
from core.viewer import Viewer
from ui import crumbs, states
from ui.load import Workspace

_KEY, _DRAWN = "_workspace", "_drawn_page"
_PLACE = 520
_STATIC = Path(__file__).resolve().parent / "static"


def style(name: str) -> None:
    """The style that only one page needs: `static/<name>.css`."""
    st.html(_STATIC / f"{name}.css")


def set_workspace(chosen: Workspace | None) -> None:
    """Note which workspace this run shows. Called once, by the frame."""
    st.session_state[_KEY] = chosen


def shown() -> Workspace | None:
    """The workspace on the screen; None on a page that runs without one."""
    found = st.session_state.get(_KEY)
    return found if isinstance(found, Workspace) else None


def workspace() -> Workspace:
    """The workspace on the screen. Raises NotFound on a page that runs without one."""
    found = shown()
    if found is None:
        raise NotFound(tr("There is no workspace yet."), hint=tr("Open the start page to make one."))
    return found


def viewer() -> Viewer:
    """Who looks at it."""
    return workspace().viewer


@contextmanager
def page(spec: Mapping[str, Any], *, title: str = "", lead: str = "") -> Iterator[None]:
    """Draw the title (by default the menu's) and one line below it, then the body inside an error boundary."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pagehead"):
        st.title(tr(title or str(spec["title"])), anchor=False, width="content")
        current = shown()
        if current is not None and current.is_demo:
            st.badge(
                tr("Demo data"),
                icon=":material/science:",
                color="orange",
                help=tr("Invented, from the built-in sandbox"),
            )
    if lead:
        st.caption(tr(lead))
    if spec.get("filters", True) and current is not None:
        crumbs.draw(current)
    with states.boundary(), _waiting(str(spec["url_path"])):
        yield


@contextmanager
def _waiting(url_path: str) -> Iterator[None]:
    """A grey place while a page is read for the first time; later what stood there stays until the new is there."""
    if st.session_state.get(_DRAWN) == url_path:
        yield
        return
    with st.skeleton(height=_PLACE):
        warm.wait()
        yield
    st.session_state[_DRAWN] = url_path
