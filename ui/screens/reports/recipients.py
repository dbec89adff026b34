"""Who gets reports: mailing lists with their people, and chat channels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core import clock
from core.errors import AppError
from core.kept import retold
from core.language import tr, trn
from services.reports import archive, lists, targets
from services.reports.lists import MailingList, Person
from services.reports.targets import Target
from services.sending import channels
from ui import format, states
from ui.load import Workspace

_WRONG, _SAID, _TURN = "recipients-wrong", "recipients-said", "recipients-turn"


def targets_of(workspace: Workspace) -> dict[Target, str]:
    """Everything a report can be sent to, with its words."""
    every = [Target(targets.MAIL, one.id) for one in lists.all_of(workspace.viewer)]
    every += [Target(one.way, one.id) for one in channels.all_of(workspace.viewer)]
    return dict(zip(every, targets.words(workspace.viewer, every), strict=True))


def usual_formats() -> list[str]:
    """What a report is sent as unless another is chosen."""
    known = archive.formats()
    return ["pdf"] if "pdf" in known else ["html"]


def draw(workspace: Workspace) -> None:
    """Lists and channels."""
    said, wrong = st.session_state.pop(_SAID, ""), st.session_state.pop(_WRONG, "")
    if wrong:
        st.error(format.plain(wrong), icon=":material/error:")
    if said:
        st.success(format.plain(said), icon=":material/check:")
    left, right = st.columns(2, gap="medium")
    with left, states.boundary():
        st.subheader(tr("Mailing lists"), anchor=False)
        st.caption(tr("Nobody needs an account to get a report, and everyone can leave by a link in the mail."))
        if not channels.mail_is_set_up():
            st.info(
                tr("There is no mail server yet. Whoever runs this installation sets PLUMBLINE_SMTP_HOST and "
                   "PLUMBLINE_SMTP_FROM."), icon=":material/mail:",
            )  # fmt: skip
        for one in lists.all_of(workspace.viewer):
            _list(workspace, one)
        _new_list(workspace)
    with right, states.boundary():
        st.subheader(tr("Chat channels"), anchor=False)
        st.caption(tr("They get a summary with a link. Make an incoming webhook there, and paste its address."))
        _channels(workspace)


def _try(do: Callable[[], str | None]) -> None:
    """Do something in a callback, and say what came of it."""
    try:
        st.session_state[_SAID] = do() or ""
        st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    except AppError as error:
        st.session_state[_WRONG] = f"{retold(error.message)} {retold(error.hint)}".strip()


def _new_list(workspace: Workspace) -> None:
    key = f"list-name-{st.session_state.get(_TURN, 0)}"

    def make() -> None:
        lists.add(workspace.viewer, st.session_state[key], now=clock.utc_now())

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="list-new"):
        st.text_input(tr("A new list"), key=key, max_chars=lists.LONGEST_NAME, placeholder=tr("Management"))
        st.button(tr("Make the list"), icon=":material/add:", key="list-make", on_click=_try, args=(make,))


def _list(workspace: Workspace, one: MailingList) -> None:
    with st.expander(
        f"{format.plain(one.name)} · {trn('{n} address', '{n} addresses', one.people)}", key=f"list-{one.id}",
        on_change="rerun",
    ) as opened:  # fmt: skip
        if not opened.open:
            return
        for person in lists.people(workspace.viewer, one.id):
            _person(workspace, person)
        key = f"list-paste-{one.id}-{st.session_state.get(_TURN, 0)}"
        st.text_area(
            tr("Add addresses"), key=key, height=96, placeholder="ann@example.com, Bob <bob@example.com>",
            help=tr("Divided by commas, semicolons or lines."),
        )  # fmt: skip
        with st.container(horizontal=True, gap="small"):
            st.button(tr("Add"), icon=":material/person_add:", key=f"list-add-{one.id}", on_click=_try,
                      args=(lambda: _add(workspace, one.id, st.session_state[key]),))  # fmt: skip
            st.button(
                tr("Remove the list"), icon=":material/delete:", key=f"list-remove-{one.id}", type="tertiary",
                on_click=_try, args=(lambda: lists.remove(workspace.viewer, one.id),),
            )  # fmt: skip


def _add(workspace: Workspace, list_id: int, pasted: str) -> str:
    found = lists.add_people(workspace.viewer, list_id, pasted, now=clock.utc_now())
    refused = " ".join(f"{text}: {why}" for text, why in found.refused)
    return f"{found.words()} {refused}".strip()


def _person(workspace: Workspace, person: Person) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"person-{person.id}"):
        st.text(f"{person.name} <{person.email}>" if person.name else person.email, width="stretch")
        if person.unsubscribed_at:
            st.badge(tr("left the list"), color="gray")
        else:
            st.button(
                tr("Remove"), icon=":material/close:", key=f"person-remove-{person.id}", type="tertiary",
                on_click=lambda: lists.remove_person(workspace.viewer, person.id),
            )  # fmt: skip


def _channels(workspace: Workspace) -> None:
    ways = {name: tr(one.title) for name, one in channels.ways().items() if one.is_secret}
    for one in channels.all_of(workspace.viewer):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"channel-{one.id}"):
            st.text(f"{one.name} ({ways.get(one.way, one.way)})", width="stretch")
            st.button(tr("Test"), icon=":material/send:", key=f"channel-test-{one.id}", type="tertiary",
                      on_click=_try, args=(partial(_test, workspace, one.way, str(one.id)),))  # fmt: skip
            st.button(
                tr("Remove"), icon=":material/delete:", key=f"channel-remove-{one.id}", type="tertiary",
                on_click=_try, args=(partial(channels.remove, workspace.viewer, one.id),),
            )  # fmt: skip
    turn = st.session_state.get(_TURN, 0)
    way, name, address = (f"channel-{part}-{turn}" for part in ("way", "name", "address"))
    if not ways:
        return

    def add() -> None:
        state = st.session_state
        channels.add(workspace.viewer, state[way], state[name], state[address].strip())

    with st.form(f"channel-form-{turn}", border=False):
        st.segmented_control(tr("Kind"), list(ways), default=next(iter(ways)), required=True, key=way,
                             format_func=ways.__getitem__)  # fmt: skip
        st.text_input(tr("Name of the channel"), key=name, placeholder="#marketing")
        st.text_input(tr("Address of its webhook"), key=address, type="password", autocomplete="off",
                      help=tr("Kept encrypted, and never shown again."))  # fmt: skip
        st.form_submit_button(tr("Keep the channel"), icon=":material/add:", key="channel-add", on_click=_try,
                              args=(add,))  # fmt: skip


def _test(workspace: Workspace, way: str, to: str) -> str:
    well, said = channels.test(workspace.viewer, way, to, now=clock.utc_now())
    return tr("The test was taken.") if well else tr("The test was refused: {why}", why=said)
