"""Where a made report went: to whom, how far it is, and what can be done about what did not arrive."""

from __future__ import annotations

import streamlit as st

from core import clock
from core.language import tr
from services.reports import archive, delivery
from services.reports.archive import Made
from services.reports.delivery import Sent
from ui import format
from ui.load import Workspace
from ui.screens.reports import recipients

_AT_ONCE = 25


def draw(workspace: Workspace, found: Made) -> None:
    """The form that sends it, and the log."""
    with st.container(border=True, gap="small", key="panel-deliveries"):
        st.markdown(f"**{tr('Send it')}**")
        _form(workspace, found)
        log = delivery.log_of(workspace.viewer, run_id=found.id)
        for one in log[:_AT_ONCE]:
            _row(workspace, one)
        if len(log) > _AT_ONCE:
            st.caption(tr("The newest {n} of {all}", n=_AT_ONCE, all=len(log)))


def _form(workspace: Workspace, found: Made) -> None:
    known = recipients.targets_of(workspace)
    if not known:
        st.caption(tr("There is no mailing list and no channel yet. Make one on the page of all reports, under "
                      "Recipients."))  # fmt: skip
        return
    to = st.multiselect(tr("To"), list(known), key=f"send-to-{found.id}", format_func=known.__getitem__)
    titles = {name: tr(one.title) for name, one in archive.formats().items()}
    formats = st.multiselect(
        tr("As"), list(titles), recipients.usual_formats(), key=f"send-as-{found.id}", format_func=titles.__getitem__
    )
    if st.button(tr("Send it now"), icon=":material/send:", key=f"send-{found.id}", disabled=not (to and formats)):
        count = delivery.send(workspace.viewer, found.id, list(to), list(formats), now=clock.utc_now())
        st.toast(tr("On its way: {n}", n=count), icon=":material/send:")


def _row(workspace: Workspace, one: Sent) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"sent-row-{one.id}"):
        with st.container(gap=None):
            st.text(one.to)
            said = [tr(delivery.STATES[one.state]), format.moment(one.at, workspace.time_zone, clock.utc_now())]
            st.caption(format.plain(" · ".join([*said, one.problem] if one.problem else said)))
        if one.can_again:
            st.button(
                tr("Send again"), icon=":material/replay:", key=f"sent-again-{one.id}", type="tertiary",
                on_click=_again, args=(workspace, one.id),
            )  # fmt: skip
        elif one.state == "waiting":
            st.button(
                tr("Do not send"), icon=":material/cancel:", key=f"sent-stop-{one.id}", type="tertiary",
                on_click=_stop, args=(workspace, one.id),
            )  # fmt: skip


def _again(workspace: Workspace, delivery_id: int) -> None:
    delivery.again(workspace.viewer, delivery_id, now=clock.utc_now())


def _stop(workspace: Workspace, delivery_id: int) -> None:
    delivery.stop(workspace.viewer, delivery_id)
