"""The line below a page's title: period and comparison in words, the zone, and how new the numbers are."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.language import tr
from core.question import Answer
from ui import format
from ui.load import Workspace


def draw(workspace: Workspace, answer: Answer) -> None:
    """The line, and what a reader must know of the whole answer."""
    line(workspace, answer)
    notes(answer)


def line(workspace: Workspace, answer: Answer) -> None:
    """The line alone."""
    parts = [format.periods(answer.period, answer.compared), workspace.time_zone]
    if answer.data_until is not None:
        parts.append(tr("data to {end}", end=format.until(answer.data_until, workspace.time_zone, clock.utc_now())))
    st.caption(format.plain(" · ".join(parts)), width="stretch")


def notes(answer: Answer) -> None:
    """What a reader must know of the whole answer."""
    for note in answer.notes:
        if not note.metric:
            st.caption(f":material/info: {format.plain(note.text)}")
