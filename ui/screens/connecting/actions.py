"""What a person can do with a connection: read now or past days, change the rhythm, pause, choose accounts, end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from core.language import mark, tr
from services.connecting import choices, connections, setup
from services.connecting.choices import StepView
from services.connecting.connections import ConnectionView
from ui import format, load
from ui.load import Workspace
from ui.screens.connecting import steps, words
from ui.states import boundary

_HOURS: dict[str, float | None] = {
    mark("As the platform suggests"): None,
    mark("Every 15 minutes"): 0.25,
    mark("Every hour"): 1.0,
    mark("Every 2 hours"): 2.0,
    mark("Every 4 hours"): 4.0,
    mark("Every 12 hours"): 12.0,
    mark("Every day"): 24.0,
}
_STEPS = tuple(timedelta(hours=hours) for hours in (0.25, 1, 2, 4, 6, 12, 24, 48, 72, 168))
_KEEP, _DELETE = mark("Keep its numbers"), mark("Delete its numbers")


def bar(workspace: Workspace, view: ConnectionView) -> None:
    """The row of buttons below the facts."""
    with st.container(horizontal=True, gap="small", key="connection-actions"):
        _sync_now(workspace, view)
        _past_days(workspace, view)
        _rhythm(workspace, view)
        _pause(workspace, view)


def _sync_now(workspace: Workspace, view: ConnectionView) -> None:
    why_not = (
        tr("It is being read already.")
        if words.busy(view)
        else ""
        if view.state == "active"
        else tr("It is not active.")
    )
    if st.button(
        tr("Read now"), icon=":material/sync:", disabled=bool(why_not), help=why_not or None, key=f"sync-{view.id}"
    ):
        connections.sync_now(workspace.viewer, view.id)
        st.rerun()


def _past_days(workspace: Workspace, view: ConnectionView) -> None:
    today = load.today(workspace)
    with st.popover(tr("Read past days"), icon=":material/history:", disabled=view.state != "active"), boundary():
        st.caption(tr("These days are read again; what has changed since is corrected, and nothing is doubled."))
        chosen = st.date_input(
            tr("Days"), (today - timedelta(days=30), today), max_value=today, key=f"days-{view.id}",
            format=format.picker_pattern(),
        )  # fmt: skip
        first, last = _both(chosen)
        if st.button(tr("Read these days"), type="primary", disabled=last is None, key=f"backfill-{view.id}"):
            connections.backfill(workspace.viewer, view.id, first or today, last or today)
            st.toast(tr("These days are read as soon as the scheduler looks."), icon=":material/history:")
            st.rerun()


def _both(chosen: object) -> tuple[date | None, date | None]:
    """First and last day of a range; None while the person has chosen only one."""
    if isinstance(chosen, tuple) and len(chosen) == 2:
        return chosen[0], chosen[1]
    return None, None


def _rhythm(workspace: Workspace, view: ConnectionView) -> None:
    label = words.every(view.every)
    with st.popover(label[:1].upper() + label[1:], icon=":material/schedule:"), boundary():
        names = list(_HOURS)
        now = next((name for name in names if _HOURS[name] == view.chosen_hours), names[0])
        chosen = st.selectbox(tr("How often"), names, index=names.index(now), format_func=tr, key=f"rhythm-{view.id}")
        steps_chosen = {step.age: _step(view, step) for step in view.ladder}
        st.caption(tr("A platform that asks to wait is read less often than this."))
        same = chosen == now and all(steps_chosen[step.age] == step.every for step in view.ladder)
        if st.button(tr("Save"), disabled=same, key=f"rhythm-save-{view.id}"):
            connections.set_cadence(workspace.viewer, view.id, _HOURS[chosen])
            choices.set_ladder(workspace.viewer, view.id, steps_chosen)
            st.rerun()


def _step(view: ConnectionView, step: StepView) -> timedelta:
    """How often posts of an age are read, as a choice."""
    options = sorted({*_STEPS, step.every, step.declared})
    return st.selectbox(
        tr("Posts younger than {age}", age=words.older_than(step.age)),
        options,
        index=options.index(step.every),
        format_func=lambda one: _step_words(one, step),
        key=f"ladder-{step.age // timedelta(hours=1)}-{view.id}",
    )


def _step_words(every: timedelta, step: StepView) -> str:
    said = words.every(every)
    said = said[:1].upper() + said[1:]
    return tr("{rhythm} (suggested)", rhythm=said) if every == step.declared else said


def _pause(workspace: Workspace, view: ConnectionView) -> None:
    if view.state == "paused":
        if st.button(tr("Go on"), icon=":material/play_arrow:", type="primary", key=f"resume-{view.id}"):
            connections.resume(workspace.viewer, view.id)
            st.rerun()
    elif view.state == "active" and st.button(tr("Pause"), icon=":material/pause:", key=f"pause-{view.id}"):
        connections.pause(workspace.viewer, view.id)
        st.rerun()


def accounts(workspace: Workspace, view: ConnectionView) -> None:
    """Which accounts are read, what the login may do, and whose keys it uses: folded away, because rarely needed."""
    count = sum(one.selected for one in view.accounts)
    with st.expander(tr("Accounts: {read} of {all} read", read=count, all=len(view.accounts))), boundary():
        steps.accounts_form(workspace, view)
    platform = steps.platform_view(workspace, view.platform)
    with st.expander(tr("Permissions and keys")), boundary():
        steps.permissions(view)
        steps.redirect()
        kept = setup.keys(workspace.viewer, view.platform)
        steps.keys_form(workspace, platform, kept)
        steps.consent_link(workspace, view, tr("Ask for consent again"))


def ending(workspace: Workspace, view: ConnectionView, close: Callable[[], None]) -> None:
    """Disconnect: with its numbers kept, or deleted."""
    with st.popover(tr("Disconnect"), icon=":material/link_off:", type="tertiary"), boundary():
        st.markdown(
            tr("**Disconnect {title}?** The login is forgotten, and nothing is read any more.", title=view.title)
        )
        chosen = st.radio(
            tr("And its numbers?"),
            (_KEEP, _DELETE),
            format_func=tr,
            captions=(
                tr("They stay on every page. Connecting the same account again goes on with this history."),
                tr("Posts, numbers and history of its accounts are gone for good."),
            ),
            key=f"keep-{view.id}",
        )
        sure = chosen == _KEEP or st.checkbox(tr("I want to delete these numbers for good"), key=f"sure-{view.id}")
        if st.button(tr("Disconnect"), type="primary", disabled=not sure, key=f"disconnect-{view.id}"):
            connections.disconnect(workspace.viewer, view.id, delete_data=chosen == _DELETE)
            close()
            st.toast(tr("{title} is disconnected.", title=view.title), icon=":material/link_off:")
            st.rerun()
