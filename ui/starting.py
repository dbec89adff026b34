"""The first screen of a fresh installation: explore a demo, connect a platform, or bring a file."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core import clock
from core.errors import StoreBusy
from core.language import mark, tr
from services.installation import demo
from services.team import workspaces
from ui import format, menu, switcher
from ui.load import Workspace
from ui.states import boundary

_DEMO_WAITS, _WAIT_S = 100, 0.1
_FILLING = "_demo_filling"


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to begin. `to` is the address of the page that goes on."""

    key: str
    icon: str
    title: str
    text: str
    label: str
    to: str


_CHOICES = (
    Choice(
        "demo",
        "science",
        mark("Explore with demo data"),
        mark("Two years of an invented company, read through the real connectors. Removed in one click."),
        mark("Explore the demo"),
        "",
    ),
    Choice(
        "connect",
        "cable",
        mark("Connect a platform"),
        mark("Read your own accounts. Plumbline only ever asks for the right to read."),
        mark("Connect"),
        "connections",
    ),
    Choice(
        "import",
        "upload_file",
        mark("Import a file"),
        mark("A CSV or Excel export of posts or daily numbers. You see everything before it is stored."),
        mark("Import"),
        "import",
    ),
)


def draw() -> None:
    """Three choices; each makes the workspace it needs."""
    with st.container(key="starting", gap="small"):
        st.space("medium")
        st.title(tr("Where should the numbers come from?"), anchor=False)
        st.text(tr("Plumbline brings your channels together and shows where each number comes from."))
        st.space("small")
        with boundary():
            grid = st.grid(len(_CHOICES), min_column_width=240, gap="small")
            for choice in _CHOICES:
                with grid.cell():
                    _draw(choice)


def _draw(choice: Choice) -> None:
    with st.container(border=True, height="stretch", key=f"choice-{choice.key}"):
        st.markdown(f":primary[:material/{choice.icon}:] **{tr(choice.title)}**")
        st.caption(tr(choice.text))
        st.space("stretch")
        kind = "secondary" if choice.to else "primary"
        pressed = st.button(tr(choice.label), key=f"start-{choice.key}", type=kind, width="stretch")  # type: ignore[arg-type]
    if pressed:
        _begin(choice)


def _begin(choice: Choice) -> None:
    if not choice.to:
        start_demo()
    made = workspaces.create(tr("My workspace"))
    switcher.choose_later(made.workspace_id)
    menu.go(choice.to)
    st.rerun()


@dataclass(slots=True)
class _Filling:
    """What the thread that fills the demo last told; read by the screen, never written there."""

    share: float = 0.0
    text: str = mark("Starting")

    def tell(self, share: float, text: str) -> None:
        """Progress of the demo: `share` from 0 to 1."""
        self.share, self.text = share, text


def start_demo() -> None:
    """Start filling the demo beside the page, and show it as soon as its workspace is there. Does not return."""
    filling = _Filling()
    demo.start_in_background(filling.tell)
    for _ in range(_DEMO_WAITS):
        viewer = demo.existing()
        if viewer is not None:
            st.session_state[_FILLING] = filling
            switcher.choose_later(viewer.workspace_id)
            st.rerun()
        clock.sleep(_WAIT_S)
    raise StoreBusy(tr("The demo did not start."), hint=tr("Try again; the log says why."))


def is_filling(workspace: Workspace) -> bool:
    """Whether the demo on the screen is being filled: half of its numbers would tell a wrong story."""
    return workspace.is_demo and demo.is_filling()


def progress() -> None:
    """How far the demo is, until it is full; then the page it stands for."""
    st.title(tr("Filling the demo"), anchor=False)
    _watch()


@st.fragment(run_every=1.0)
def _watch() -> None:
    if not demo.is_filling():
        st.rerun()
    found = st.session_state.get(_FILLING)
    told = found if isinstance(found, _Filling) else _Filling(0.0, mark("Reading two years of numbers"))
    st.progress(min(told.share, 1.0), f":small[{format.plain(tr(told.text))}]")
    st.caption(tr("The real connectors read an invented company through its own copy of each platform."))
    grid = st.grid(6, min_column_width=150, gap="xsmall")
    with grid:
        for _ in range(6):
            st.skeleton(height=160)
    st.skeleton(height=280)
