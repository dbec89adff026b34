"""Annotations from a chart: add what happened on a day, see and remove those of the period, show them or not."""

from __future__ import annotations

import streamlit as st

from core.language import tr
from core.question import Period
from services.team import annotation
from services.team.annotation import LONGEST, Annotation
from services.words import calendar
from ui import format
from ui.load import Workspace
from ui.states import boundary

_SHOWN = "annotations_shown"


def shown() -> bool:
    """Whether charts carry their marks."""
    return bool(st.session_state.get(_SHOWN, True))


def button(workspace: Workspace, period: Period) -> None:
    """The small button of a chart, with everything about annotations behind it."""
    opened = st.popover(tr("Annotate"), icon=":material/edit_note:", type="tertiary", key="annotate", on_change="rerun",
                        help=tr("Say what happened on a day"))  # fmt: skip
    if not opened.open:
        return
    with opened, boundary():
        _form(workspace, period)
        found = annotation.between(workspace.viewer, period)
        for one in found:
            _line(workspace, one)
        if found:
            st.toggle(tr("Show on the charts"), value=True, key=_SHOWN, persist_state="session")


def _form(workspace: Workspace, period: Period) -> None:
    with st.form("annotate_form", border=False, clear_on_submit=True):
        day = st.date_input(
            tr("Day"), period.last, period.first, period.last, key="annotate_day", format=format.picker_pattern()
        )
        text = st.text_input(
            tr("What happened?"), key="annotate_text", max_chars=LONGEST, placeholder=tr("Spring sale began")
        )
        if st.form_submit_button(tr("Add"), type="primary"):
            annotation.add(workspace.viewer, day, text)
            st.rerun()


def _line(workspace: Workspace, one: Annotation) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        with st.container(gap=None, width="stretch"):
            st.caption(format.line(calendar.day_words(one.day, year=True)))
            st.markdown(format.plain(one.text))
        if st.button(tr("Remove"), key=f"annotation-{one.id}", icon=":material/delete:", type="tertiary"):
            annotation.remove(workspace.viewer, one.id)
            st.rerun()
