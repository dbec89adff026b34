"""A report that makes and sends itself: when, to whom, as what, and what happens when its data is late."""

from __future__ import annotations

from datetime import time

import streamlit as st

from core import clock, language
from core.errors import AppError
from core.kept import retold
from core.language import mark, tr
from services.reports import archive, rhythm, schedules
from services.reports.rhythm import LAST_DAY, Rhythm
from services.reports.schedules import Schedule
from services.reports.targets import Target
from services.sending import channels
from ui import format, menu
from ui.load import Workspace
from ui.screens.reports import recipients
from ui.screens.reports.changes import Draft

_TURN, _WRONG, _TEST = "schedule-turn", "schedule-wrong", "schedule-test"
_NEXT = 3
_LAST = mark("The last day")


def draw(workspace: Workspace, draft: Draft) -> None:
    """The schedules of the report, and a form for one more."""
    found = schedules.all_of(draft.viewer, draft.kept.id)
    if not found:
        st.caption(tr("This report is made by hand only. Choose when it makes and sends itself."))
    for one in found:
        _one(draft, one)
    wrong = st.session_state.pop(_WRONG, "")
    if wrong:
        st.error(format.plain(wrong), icon=":material/error:")
    known = recipients.targets_of(workspace)
    if not known:
        st.info(tr("There is no mailing list and no channel yet. Make one on the page of all reports, under "
                   "Recipients."), icon=":material/group:")  # fmt: skip
        menu.link("reports", tr("All reports"), ":material/arrow_forward:")
        return
    with st.container(border=True, gap="small", key="panel-schedule-new"):
        st.markdown(f"**{tr('Send it by itself')}**")
        _new(workspace, draft, known)


def _one(draft: Draft, one: Schedule) -> None:
    now = clock.utc_now()
    with st.container(border=True, gap="xsmall", key=f"panel-schedule-{one.id}"):
        st.markdown(f"**{format.plain(one.words)}**")
        known = archive.formats()
        files = ", ".join(tr(known[name].title) for name in one.formats if name in known)
        st.caption(format.plain(f"{', '.join(one.to)} · {files} · {tr(schedules.WHEN_LATE[one.when_late])}"))
        if one.problem:
            st.warning(format.plain(one.problem), icon=":material/error:")
        with st.container(horizontal=True, gap="small"):
            if one.active:
                st.button(tr("Pause"), icon=":material/pause:", key=f"schedule-pause-{one.id}", type="tertiary",
                          on_click=schedules.pause, args=(draft.viewer, one.id))  # fmt: skip
            else:
                st.button(tr("Resume"), icon=":material/play_arrow:", key=f"schedule-resume-{one.id}", type="tertiary",
                          on_click=lambda: schedules.resume(draft.viewer, one.id, now=now))  # fmt: skip
            st.button(tr("Remove"), icon=":material/delete:", key=f"schedule-remove-{one.id}", type="tertiary",
                      on_click=schedules.remove, args=(draft.viewer, one.id))  # fmt: skip
        if channels.mail_is_set_up():
            _test(draft, one)


def _test(draft: Draft, one: Schedule) -> None:
    """Send it to one address only."""
    with st.popover(tr("Send a test to me"), icon=":material/outgoing_mail:", type="tertiary",
                    key=f"schedule-test-{one.id}"):  # fmt: skip
        to = st.text_input(tr("Your address"), key=_TEST, placeholder="ann@example.com")
        if st.button(tr("Send the test"), key=f"schedule-test-send-{one.id}"):
            try:
                schedules.test(draft.viewer, one.id, to.strip(), now=clock.utc_now())
            except AppError as error:
                st.error(format.plain(f"{error.message} {error.hint}".strip()))
            else:
                st.success(tr("It is being made, and sent to {to} within a minute.", to=format.plain(to.strip())))


def _new(workspace: Workspace, draft: Draft, known: dict[Target, str]) -> None:
    turn = st.session_state.get(_TURN, 0)

    def key(name: str) -> str:
        return draft.key(f"schedule-{name}-{turn}")

    of, problem = _rhythm(workspace, key("every"), key("days"), key("day"), key("at"))
    if of is None:
        st.caption(format.plain(problem))
    else:
        ahead = schedules.upcoming(of, now=clock.utc_now(), count=_NEXT)
        st.caption(format.plain(tr("{rhythm}, next: {moments}", rhythm=of.words(), moments="; ".join(ahead))))
    to = st.multiselect(tr("To"), list(known), key=key("to"), format_func=known.__getitem__)
    titles = {name: tr(one.title) for name, one in archive.formats().items()}
    formats = st.multiselect(
        tr("As"), list(titles), recipients.usual_formats(), key=key("as"), format_func=titles.__getitem__
    )
    late = st.selectbox(
        tr("When its data is late"), list(schedules.WHEN_LATE), key=key("late"),
        format_func=lambda one: tr(schedules.WHEN_LATE[one]),
    )  # fmt: skip

    def keep() -> None:
        if of is None:
            return
        try:
            schedules.create(draft.viewer, draft.kept.id, of, to, formats=formats, when_late=late, now=clock.utc_now())
            st.session_state[_TURN] = turn + 1
        except AppError as error:
            st.session_state[_WRONG] = f"{retold(error.message)} {retold(error.hint)}".strip()

    st.button(tr("Keep the schedule"), icon=":material/schedule_send:", key=draft.key("schedule-keep"), type="primary",
              on_click=keep, disabled=of is None or not to or not formats)  # fmt: skip


def _rhythm(workspace: Workspace, every: str, days: str, day: str, at: str) -> tuple[Rhythm | None, str]:
    """The rhythm that is chosen, or why it is none."""
    first, second = st.columns([3, 2], gap="small")
    with first:
        how = st.selectbox(tr("How often"), list(rhythm.EVERY), 1, lambda one: tr(rhythm.EVERY[one]), key=every)
    with second:
        moment = st.time_input(tr("At"), time(8, 0), key=at, step=900, help=workspace.time_zone)
    weekdays, on = [0], 1
    if how == "week":
        weekdays = st.pills(tr("Days"), range(7), selection_mode="multi", default=[0], key=days,
                            format_func=lambda one: language.weekday(one, short=True))  # fmt: skip
    elif how in ("month", "quarter"):
        choices = [*range(1, 29), LAST_DAY]
        on = st.selectbox(tr("Day of the month"), choices, key=day,
                          format_func=lambda one: tr(_LAST) if one == LAST_DAY else str(one))  # fmt: skip
    try:
        return Rhythm(how, moment, workspace.time_zone, tuple(weekdays), on), ""
    except AppError as error:
        return None, f"{error.message} {error.hint}".strip()
