"""The Streamlit script: menu, workspace, filter bar, then the chosen page. Runs from the top on every interaction."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.language import tr
from ui import filters, load, menu, page, reading, shortcuts, starting, states, switcher

HERE = Path(__file__).resolve().parent


def main() -> None:
    """One run of the frame."""
    reading.settle()
    entries = menu.entries()
    chosen = st.navigation([entry.page for entry in entries], position="hidden")
    st.set_page_config(
        page_title=f"{tr(chosen.title)} · Plumbline", page_icon=HERE / "static" / "mark.svg", layout="wide"
    )
    st.html(HERE / "static" / "frame.css")
    st.logo(HERE / "static" / "mark.svg", size="medium")
    spec = next(entry.spec for entry in entries if entry.page.url_path == chosen.url_path)
    menu.arrive(spec.url_path)
    with st.sidebar:
        workspace = switcher.draw()
    page.set_workspace(workspace)
    with states.boundary():
        if workspace is not None:
            _above(workspace, spec)
        with st.sidebar:
            menu.draw(entries)
            if workspace is not None and spec.filters:
                shortcuts.button()
        if workspace is None and spec.needs_workspace:
            starting.draw()
        elif workspace is not None and spec.filters and starting.is_filling(workspace):
            starting.progress()
        else:
            chosen.run()


def _above(workspace: load.Workspace, spec: menu.PageSpec) -> None:
    """What stands above every page: the filter bar, or its defaults."""
    if spec.filters:
        filters.draw(workspace, dated=spec.dated, posts=spec.posts)
        shortcuts.draw(dated=spec.dated)
    else:
        filters.settle(workspace)


if __name__ == "__main__":  # not where a process that fills the demo looks at what started it
    main()
