"""Links to a made report: a new one, shown once, and those there are."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import streamlit as st

from core import clock
from core.errors import AppError
from core.kept import retold
from core.language import mark, tr, trn
from services.installation import site
from services.reports import links
from services.reports.archive import Made
from services.reports.links import Link
from ui import format, load
from ui.load import Workspace

_NEW, _WRONG, _TURN = "share-new", "share-wrong", "share-turn"
_ENDS = {"7": mark("In 7 days"), "30": mark("In 30 days"), "90": mark("In 90 days"), "day": mark("On a day"),
         "": mark("Never")}  # fmt: skip
_LONGEST_LABEL, _LONGEST_PASSWORD = 80, 200
_VISITS = 10


def draw(workspace: Workspace, found: Made) -> None:
    """The form, the new link, and the list."""
    with st.container(border=True, gap="small", key="panel-share"):
        st.markdown(f"**{tr('Share a link')}**")
        st.caption(tr("Whoever has the link can read this report, and nothing else."))
        _new(found)
        _form(workspace, found)
        for one in links.all_of(workspace.viewer, found.id, now=clock.utc_now()):
            _row(workspace, one)


def _new(found: Made) -> None:
    """The address of the link that was just made. It is not kept, so it is not shown again."""
    made = st.session_state.pop(_NEW, None)
    if made and made[0] == found.id:
        st.success(tr("Copy the link now: it is shown only once."), icon=":material/link:")
        st.code(made[1], None, wrap_lines=True)


def _form(workspace: Workspace, found: Made) -> None:
    """In a form what is typed is sent with the button, also where a person never left the field for the page."""
    turn = st.session_state.get(_TURN, 0)
    label, ends, day, password = (f"share-{name}-{found.id}-{turn}" for name in ("label", "ends", "day", "password"))
    chosen = st.selectbox(tr("It ends"), list(_ENDS), 1, lambda one: tr(_ENDS[one]), key=ends)
    if chosen == "day":
        today = load.today(workspace)
        st.date_input(
            tr("Last day"), today + timedelta(days=14), min_value=today, key=day, format=format.picker_pattern()
        )

    def make() -> None:
        state = st.session_state
        try:
            token = links.share(
                workspace.viewer, found.id, now=clock.utc_now(), password=state[password], label=state[label].strip(),
                expires_at=_end(workspace, state[ends], state.get(day)),
            )  # fmt: skip
        except AppError as error:
            state[_WRONG] = f"{retold(error.message)} {retold(error.hint)}".strip()
            return
        state[_NEW] = (found.id, f"{site.address()}/r/{token}")
        state[_TURN] = turn + 1

    wrong = st.session_state.pop(_WRONG, "")
    if wrong:
        st.error(format.plain(wrong), icon=":material/error:")
    with st.form(f"share-form-{found.id}-{turn}", border=False):
        st.text_input(tr("For whom"), key=label, max_chars=_LONGEST_LABEL, placeholder=tr("Board, agency"),
                      help=tr("Only you see this, in the list below."))  # fmt: skip
        st.text_input(
            tr("Password, if you like"), key=password, type="password", max_chars=_LONGEST_PASSWORD,
            autocomplete="new-password", help=tr("At least {n} characters.", n=links.SHORTEST_PASSWORD),
        )  # fmt: skip
        st.form_submit_button(tr("Make a link"), icon=":material/add_link:", key=f"share-make-{found.id}",
                              on_click=make)  # fmt: skip


def _end(workspace: Workspace, chosen: str, day: object) -> datetime | None:
    """When a link ends: after so many days, or with a day of the workspace."""
    if not chosen:
        return None
    if chosen != "day":
        return clock.utc_now() + timedelta(days=int(chosen))
    last = day if day is not None else load.today(workspace)
    return datetime.combine(last, time.max, clock.zone(workspace.time_zone))  # type: ignore[arg-type]


def _row(workspace: Workspace, link: Link) -> None:
    """One link: for whom, until when, how often it was used, and its end."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"share-row-{link.id}"):
        with st.container(gap=None):
            st.markdown(f"**{format.plain(link.label or tr('Link without a name'))}**")
            st.caption(format.plain(" · ".join(_said(workspace, link))))
        if link.visits:
            _visits(workspace, link)
        if not link.ended:
            st.button(
                tr("Revoke"), icon=":material/link_off:", key=f"share-revoke-{link.id}", type="tertiary",
                on_click=lambda: links.revoke(workspace.viewer, link.id, now=clock.utc_now()),
            )  # fmt: skip


def _said(workspace: Workspace, link: Link) -> list[str]:
    now = clock.utc_now()
    state = {"revoked": tr("revoked"), "expired": tr("has ended")}.get(link.ended, "")
    if not state:
        state = (
            tr("until {moment}", moment=format.moment(link.expires_at, workspace.time_zone, now))
            if link.expires_at
            else tr("without an end")
        )
    made = tr("made {moment}", moment=format.moment(link.made_at, workspace.time_zone, now))
    return [made, state, tr("with password") if link.has_password else tr("without password")]


def _visits(workspace: Workspace, link: Link) -> None:
    words = trn("{n} visit", "{n} visits", len(link.visits))
    with st.popover(words, type="tertiary", key=f"share-visits-{link.id}"):
        titles = {links.SEEN: tr("opened"), links.REFUSED: tr("wrong password")}
        for at, what in link.visits[:_VISITS]:
            said = titles.get(what) or tr("taken as {format}", format=what.upper())
            st.text(f"{format.moment(at, workspace.time_zone, clock.utc_now())}: {said}")
        if len(link.visits) > _VISITS:
            st.caption(tr("The newest {n} of {all}", n=_VISITS, all=len(link.visits)))
