"""Metrics of a team's own: a list with their values, and a formula editor that shows what comes out meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core import language
from core.errors import AppError
from core.kept import retold
from core.language import mark, tr
from core.metric import Direction, Unit
from core.question import Answer, Asked, By
from core.viewer import Viewer
from services import ask, catalogue
from services.team import custom_metrics, targets
from services.team.custom_metrics import LONGEST_TITLE, LONGEST_WORDS, PREFIX, UNITS, CustomMetric
from ui import annotating, drawings, filters, format, load, page, panels, states
from ui.drawings import Drawing
from ui.load import Workspace
from ui.states import boundary

LEAD = mark(
    "A formula is worked out from the sums of its ingredients at every level: day, platform, total. Never averaged."
)
_DIRECTIONS = {
    Direction.UP: mark("More is better"),
    Direction.DOWN: mark("Less is better"),
    Direction.NEITHER: mark("Neither"),
}
_FIELDS = {"title": "own_title", "text": "own_text", "unit": "own_unit", "direction": "own_direction",
           "description": "own_words"}  # fmt: skip
_NEW = mark("New metric")
_EDITED, _INSERT, _TARGET, _DONE = "own_edited", "own_insert", "own_target", "_own_done"


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What a metric comes to in the period, with its chart."""

    answer: Answer
    drawing: Drawing


def read(
    viewer: Viewer, asked: Asked, one: CustomMetric, annotated: bool, goal: float | None = None, *, now: datetime
) -> Tried:
    """Work one metric out by day, with the marks of what happened if `annotated`; `goal` is wanted of each day. Raises
    as `ask` does."""
    found = ask.try_out(viewer, one, asked.question((one.name,), By.DAY), now=now)
    marks = drawings.happened(viewer, found.period, annotated)
    goals = {one.name: goal} if goal and targets.of_all(asked) else {}
    return Tried(found, drawings.by_day(found, one.name, marks, goals=goals, zero=False, height=drawings.SMALL))


def draw(workspace: Workspace) -> None:
    """The editor, and below it every metric there is."""
    if not load.accounts(workspace):
        states.not_connected()
        return
    if st.session_state.pop(_DONE, False):
        _clear()
    known = custom_metrics.read(workspace.viewer)
    edited = known.get(st.session_state.get(_EDITED, ""))
    left, right = st.columns([1, 1], gap="xsmall")
    with left:
        _editor(workspace, edited)
    with right:
        _preview(workspace, edited)
    if not known:
        st.caption(tr("There are none yet. Begin with one such as: save rate = saves / views."))
    for one in known.values():
        _row(workspace, one)


def _editor(workspace: Workspace, edited: CustomMetric | None) -> None:
    state = st.session_state
    with st.container(border=True, height="stretch", key="panel-editor", gap="small"):
        title = tr("Change {metric}", metric=format.plain(edited.title)) if edited else tr(_NEW)
        st.markdown(f"**{title}**")
        st.text_input(tr("Name"), key=_FIELDS["title"], max_chars=LONGEST_TITLE, placeholder=tr("Save rate"))
        st.text_input(tr("Formula"), key=_FIELDS["text"], placeholder="(saves + shares) / views")
        titles = {one.name: tr(one.title) for one in catalogue.metrics()}
        st.selectbox(
            tr("Insert a metric"),
            list(titles),
            index=None,
            key=_INSERT,
            format_func=lambda name: f"{titles[name]}: {name}",
            placeholder=tr("Insert a metric"),
            label_visibility="collapsed",
            on_change=_insert,
        )
        with st.container(horizontal=True, gap="xsmall"):
            st.selectbox(tr("Written as"), list(UNITS), key=_FIELDS["unit"],
                         format_func=lambda one: tr(UNITS[one]), width=150)  # fmt: skip
            st.selectbox(tr("Direction"), list(_DIRECTIONS), key=_FIELDS["direction"],
                         format_func=lambda one: tr(_DIRECTIONS[one]), width=170)  # fmt: skip
            part = " (%)" if state.get(_FIELDS["unit"]) is Unit.RATIO else ""
            st.number_input(f"{tr('Target of a day')}{part}", min_value=0.0, value=None, step=None, format="%g",
                            key=_TARGET, placeholder=tr("none"), width=150)  # fmt: skip
        st.text_input(tr("What it tells (optional)"), key=_FIELDS["description"], max_chars=LONGEST_WORDS)
        with st.container(horizontal=True, gap="xsmall"), boundary():
            if st.button(tr("Save"), type="primary", key="own_save", disabled=not state.get(_FIELDS["text"])):
                _save(workspace, edited)
            if edited or state.get(_FIELDS["text"]):
                st.button(tr("Cancel"), key="own_cancel", type="tertiary", on_click=_clear)


def _insert() -> None:
    """Put the chosen name behind the formula."""
    name = st.session_state.get(_INSERT)
    if name:
        written = str(st.session_state.get(_FIELDS["text"], "")).rstrip()
        st.session_state[_FIELDS["text"]] = f"{written} {name}".strip()
        st.session_state[_INSERT] = None


def _written(edited: CustomMetric | None) -> CustomMetric:
    """What stands in the editor."""
    state = st.session_state
    return CustomMetric(
        edited.name if edited else f"{PREFIX}draft",
        str(state.get(_FIELDS["title"]) or tr(_NEW)),
        str(state.get(_FIELDS["text"]) or ""),
        Unit(state.get(_FIELDS["unit"], Unit.COUNT)),
        Direction(state.get(_FIELDS["direction"], Direction.UP)),
        str(state.get(_FIELDS["description"]) or ""),
    )


def _save(workspace: Workspace, edited: CustomMetric | None) -> None:
    one = _written(edited)
    title = str(st.session_state.get(_FIELDS["title"]) or "")
    kept = custom_metrics.save(workspace.viewer, title, one.text, unit=one.unit, direction=one.direction,
                               description=one.description, name=edited.name if edited else "")  # fmt: skip
    targets.put(workspace.viewer, {kept.name: _target()})
    st.toast(tr("{metric} is saved.", metric=kept.title), icon=":material/check:")
    st.session_state[_DONE] = True
    st.rerun()


def _clear() -> None:
    """An empty editor. Set, not forgotten: what is only forgotten stays on the screen."""
    _edit(CustomMetric("", "", ""))


def _edit(one: CustomMetric) -> None:
    state = st.session_state
    state[_EDITED] = one.name
    for name, key in _FIELDS.items():
        state[key] = getattr(one, name)
    goal = load.targets_of(page.workspace()).get(one.name)
    state[_TARGET] = round(goal * 100, 6) if goal is not None and one.unit is Unit.RATIO else goal


def _target() -> float | None:
    """The target that stands in the editor."""
    written = st.session_state.get(_TARGET) or None
    return written / 100 if written and st.session_state.get(_FIELDS["unit"]) is Unit.RATIO else written


def _preview(workspace: Workspace, edited: CustomMetric | None) -> None:
    """What the written formula comes to, or what is wrong with it."""
    one = _written(edited)
    if not one.text.strip():
        with st.container(border=True, height="stretch", key="panel-nothing"):
            st.markdown(f"**{tr('What comes out')}**")
            st.caption(tr("Write a formula, and its value of the period appears here."))
        return
    try:
        checked = custom_metrics.check(one.text)
    except AppError as error:
        with st.container(border=True, height="stretch", key="panel-wrong"):
            st.markdown(f"**{tr('What comes out')}**")
            st.markdown(f":red[:material/error: {format.plain(f'{retold(error.message)} {retold(error.hint)}')}]")
        return
    with boundary():
        tried = load.screen(workspace, read, filters.current(), one, annotating.shown(), _target())
        number = tried.answer.totals[one.name]
        change = format.change(number)
        against = [tr("{change} against the compared period", change=change)] if change else []
        panels.chart(
            f"{format.value(number)} · {format.plain(one.title)}",
            tried.drawing.spec,
            tried.drawing.table,
            key="own",
            alt_text=drawings.said(one.title, tried.answer, one.name),
            note=" · ".join([checked.words(_titles()), *against]),
            explanation=tried.answer.explain(one.name),
            number=number,
            time_zone=workspace.time_zone,
            beside=lambda: annotating.button(workspace, tried.answer.period),
        )


def _titles() -> dict[str, str]:
    return {one.name: language.inside(tr(one.title)) for one in catalogue.metrics()}


def _row(workspace: Workspace, one: CustomMetric) -> None:
    with st.container(border=True, key=f"ownrow-{one.name}"), boundary():
        number = load.screen(workspace, read, filters.current(), one, annotating.shown()).answer.totals[one.name]
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(gap=None, width="stretch"):
                st.markdown(f"**{format.plain(one.title)}**")
                st.caption(format.plain(one.words))
            with st.container(gap=None, width=150):
                st.markdown(f"**{format.plain(format.value(number))}**")
                st.caption(format.plain(format.change(number) or number.why_none or " "))
            st.button(tr("Change"), key=f"own-edit-{one.name}", type="tertiary", icon=":material/edit:", on_click=_edit,
                      args=(one,))  # fmt: skip
            if st.button(tr("Remove"), key=f"own-remove-{one.name}", type="tertiary", icon=":material/delete:"):
                custom_metrics.remove(workspace.viewer, one.name)
                targets.put(workspace.viewer, {one.name: None})
                st.rerun()
