"""The first screen of a fresh installation: explore a demo, connect a platform, or bring a file."""

from __future__ import annotations

import streamlit as st

from services import demo, workspaces
from ui import menu, switcher
from ui.page import boundary


def draw() -> None:
    """Three choices; each makes the workspace it needs."""
    with st.container(key="starting", gap="medium"):
        st.space("medium")
        st.title("Every number hangs straight", anchor=False)
        st.text("Bring your channels together in one place, and see where each number comes from.")
        with boundary():
            _choices()


def _choices() -> None:
    grid = st.grid(3, min_column_width=240, gap="small")
    with grid.cell():
        _choice(
            "science", "Explore with demo data",
            "Two years of an invented company, read through the real connectors. Removed in one click.",
            "Explore the demo", "demo", primary=True,
        )  # fmt: skip
    with grid.cell():
        _choice(
            "cable", "Connect a platform",
            "Read your own accounts. Plumbline only ever asks for the right to read.",
            "Connect", "connect",
        )  # fmt: skip
    with grid.cell():
        _choice(
            "upload_file", "Import a file",
            "A CSV or XLSX export of posts or daily numbers. You see everything before it is stored.",
            "Import", "import",
        )  # fmt: skip


def _choice(icon: str, title: str, text: str, label: str, key: str, *, primary: bool = False) -> None:
    with st.container(border=True, height="stretch", key=f"choice-{key}"):
        st.markdown(f":primary[:material/{icon}:] **{title}**")
        st.caption(text)
        st.space("stretch")
        pressed = st.button(label, key=f"start-{key}", type="primary" if primary else "secondary", width="stretch")
    if not pressed:
        return
    if key == "demo":
        _demo()
    else:
        made = workspaces.create("My workspace")
        switcher.choose(made.workspace_id)
        menu.go("connections" if key == "connect" else "import")
        st.rerun()
