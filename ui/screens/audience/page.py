"""The Audience page, top to bottom. Every number comes from `services`; nothing is computed here."""

from __future__ import annotations

import streamlit as st

from core.question import Asked
from ui import annotating, filters, lead, load, states
from ui.load import Workspace
from ui.screens.audience import growing, reading, who
from ui.states import boundary


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    screen = load.screen(workspace, reading.read_growth, asked, annotating.shown())
    lead.draw(workspace, screen.answer.by_day)
    if screen.answer.empty:
        states.no_data(screen.answer.cards[0].number.why_none)
        _who(workspace, asked)
        return
    if screen.answer.headline:
        with st.container(key="headline"):
            st.text(screen.answer.headline)
    kept = growing.draw(workspace, asked, screen)
    _who(workspace, asked)
    with kept:
        growing.pace(workspace, asked, screen)


def _who(workspace: Workspace, asked: Asked) -> None:
    with boundary():
        who.draw(workspace, asked)
    with boundary():
        who.online(workspace, asked)
