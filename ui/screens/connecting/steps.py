"""The steps of a new connection: keys, consent, accounts, a test read. Which is open follows from what is stored."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from core.errors import NotFound
from core.kept import retold
from core.language import mark, tr, trn
from services.connecting import choices, connections, setup, trial
from services.connecting.budget import dollars
from services.connecting.connections import ConnectionView, PlatformView
from services.connecting.setup import Keys
from ui import format, load, marks, tables
from ui.load import Workspace
from ui.screens.connecting import costs, words
from ui.states import boundary

_WIDTH = 820
_TESTED, _SAVED = "_connection_tested", "_connection_keys_saved"
_KEYS = {
    Keys.OWN: mark("The keys of this workspace are kept, encrypted."),
    Keys.SHARED: mark("The keys that this installation shares are used."),
    Keys.MISSING: "",
}


def draw(workspace: Workspace, view: ConnectionView, close: Callable[[], None]) -> None:
    """All steps: those done in a line, the one that is next with what it takes, the later ones by name."""
    platform = platform_view(workspace, view.platform)
    with st.container(width=_WIDTH, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            marks.draw(view.platform, view.title)
            st.subheader(tr("Connect {title}", title=format.plain(view.title)), anchor=False, width="stretch")
        rhythm, back = words.every(platform.every), words.history(platform.history_days)
        read = tr("Read {rhythm}; {how_far}.", rhythm=rhythm, how_far=back)
        st.caption(f"{format.plain(tr(platform.brings))} {read}")
        kept = setup.keys(workspace.viewer, view.platform)
        now = 1 if kept is Keys.MISSING else 2 if not view.accounts else 3
        _step(1, tr("Keys of an app"), now, lambda: _keys(workspace, platform, kept), tr(_KEYS[kept]))
        _step(2, tr("Consent"), now, lambda: _consent(workspace, view, platform), tr("Given."))
        _step(3, tr("Accounts"), now, lambda: accounts_form(workspace, view))
        last = 4
        if view.spent is not None:
            _step(4, tr("What it costs"), now, lambda: costs.before(workspace, view), opens_at=3)
            last = 5
        _step(last, tr("Test and begin"), now, lambda: _begin(workspace, view), opens_at=3)
        _discard(workspace, view, close)


def platform_view(workspace: Workspace, platform: str) -> PlatformView:
    """The platform as declared. Raises NotFound where its connector is gone."""
    for one in connections.available(workspace.viewer):
        if one.platform == platform:
            return one
    raise NotFound(
        tr("This version of Plumbline has no connector for {platform}.", platform=platform),
        hint=tr("Remove the connection."),
    )


def _step(
    number: int, title: str, now: int, body: Callable[[], None], done: str = "", *, opens_at: int | None = None
) -> None:
    if now > number and done:
        with (
            st.expander(f":green[:material/check_circle:] **{title}** :gray[{done}]", key=f"step-{number}"),
            boundary(),
        ):
            body()
        return
    opened = now >= (opens_at or number)
    with st.container(border=True, gap="small", key=f"step-{number}"):
        st.markdown(f":primary-badge[{number}] **{title}**" if opened else f":gray-badge[{number}] :gray[{title}]")
        if opened:
            with boundary():
                body()


def _keys(workspace: Workspace, platform: PlatformView, kept: Keys) -> None:
    """What to do at the platform, the redirect address to copy, and where its keys go."""
    for number, line in enumerate(platform.setup_steps, 1):
        st.markdown(f"{number}. {format.plain(tr(line))}")
    if platform.setup_url:
        st.link_button(
            tr("Open the console of {title}", title=platform.title), platform.setup_url, icon=":material/open_in_new:"
        )
    redirect()
    keys_form(workspace, platform, kept)


def redirect() -> None:
    """The exact redirect address, to copy; and why a platform might refuse it."""
    found = setup.redirect()
    st.markdown(tr("**Redirect address**, to be entered at the platform exactly so:"))
    st.code(found.address, language=None)
    if found.problem:
        st.caption(f":orange[:material/info:] {format.plain(found.problem)}")


def keys_form(workspace: Workspace, platform: PlatformView, kept: Keys) -> None:
    """Two fields and a button. What is kept is never shown again."""
    label = tr("Replace the keys") if kept is Keys.OWN else tr("Save the keys")
    name, times = platform.platform, int(st.session_state.get(_SAVED, 0))  # a new form each time forgets what was typed
    with st.form(f"keys-{name}-{times}", border=False, enter_to_submit=True):
        left, right = st.columns(2)
        identity = left.text_input(tr("Client id (app id)"), key=f"client-id-{name}-{times}", autocomplete="off")
        secret = right.text_input(
            tr("Client secret (app secret)"),
            type="password",
            key=f"client-secret-{name}-{times}",
            autocomplete="new-password",
        )
        saved = st.form_submit_button(label, type="primary" if kept is Keys.MISSING else "secondary")
    if saved:
        connections.save_app_keys(workspace.viewer, name, identity, secret)
        st.session_state[_SAVED] = times + 1
        st.toast(tr("The keys are kept, encrypted."), icon=":material/lock:")
        st.rerun()


def _consent(workspace: Workspace, view: ConnectionView, platform: PlatformView) -> None:
    permissions(view)
    extras(workspace, view)
    st.caption(tr("{title} now asks you. You come back here by yourself.", title=format.plain(platform.title)))
    consent_link(workspace, view, tr("Continue to {title}", title=platform.title))


def permissions(view: ConnectionView) -> None:
    """What is asked for and why, with its name at the platform."""
    for one in view.permissions:
        name = one.name.removeprefix("https://www.").replace("`", "")
        st.markdown(f"- {format.plain(tr(one.why))} :small[`{name}`]")


def extras(workspace: Workspace, view: ConnectionView) -> None:
    """What is read only if a person wants it, each with a switch."""
    for one in view.optional:
        price = tr("Each costs {price}.", price=dollars(one.price)) if one.price else ""
        label = tr("Also read: {stream}", stream=format.plain(tr(one.title)))
        wanted = st.toggle(label, one.on, key=f"{one.name}-{view.id}")
        st.caption(f":small[{format.plain(f'{tr(one.brings)} {price}'.strip())}]")
        if wanted != one.on:
            choices.switch(workspace.viewer, view.id, one.name, on=wanted)
            if wanted and view.state == "active":
                connections.sync_now(workspace.viewer, view.id)
            st.rerun()


def consent_link(workspace: Workspace, view: ConnectionView, label: str) -> None:
    """A link that leaves this page, in this tab, for the consent screen of the platform."""
    query = {"workspace": workspace.id, "connection": view.id, "w": st.session_state.get("w", "")}
    address = f"/oauth/start?{urlencode(query)}"
    st.html(f'<a class="consent-link" href="{escape(address)}">{escape(label)}</a>')


def accounts_form(workspace: Workspace, view: ConnectionView) -> None:
    """Which accounts of the login are read, one by one."""
    chosen = []
    for account in view.accounts:
        title = account.name or account.handle or account.external_id
        handle = f" :gray[{format.plain(account.handle)}]" if account.handle and account.handle != title else ""
        if st.checkbox(f"{format.plain(title)}{handle}", value=account.selected, key=f"account-{account.id}"):
            chosen.append(account.id)
    selected = [account.id for account in view.accounts if account.selected]
    with st.container(horizontal=True, gap="small"):
        if st.button(tr("Save the choice"), disabled=chosen == selected, key=f"accounts-{view.id}"):
            connections.select_accounts(workspace.viewer, view.id, chosen)
            said = trn("{n} account will be read.", "{n} accounts will be read.", len(chosen))
            st.toast(said, icon=":material/check:")
            st.rerun()
        if st.button(tr("Look for more accounts"), type="tertiary", icon=":material/refresh:", key=f"look-{view.id}"):
            found = connections.refresh_accounts(workspace.viewer, view.id)
            said = trn("The login covers {n} account.", "The login covers {n} accounts.", found)
            st.toast(said, icon=":material/check:")
            st.rerun()


def _begin(workspace: Workspace, view: ConnectionView) -> None:
    said = tr("The test asks for the newest days and keeps nothing. It is not needed to begin.")
    if view.spent is not None:
        said += " " + tr("What it reads costs, too; today's first reading then gets it for free.")
    st.caption(said)
    with st.container(horizontal=True, gap="small"):
        begun = st.button(tr("Begin to read"), type="primary", icon=":material/play_arrow:", key=f"begin-{view.id}")
        tested = st.button(tr("Test first"), icon=":material/labs:", key=f"test-{view.id}")
    if begun:
        setup.start(workspace.viewer, view.id)
        st.session_state.pop(_TESTED, None)
        st.rerun()
    if tested:
        with st.spinner(tr("Asking {title}", title=format.plain(view.title))):
            st.session_state[_TESTED] = view.id, trial.read(workspace.viewer, view.id)
    known, results = st.session_state.get(_TESTED, (None, []))
    if known == view.id:
        tested_metrics(results)


def tested_metrics(results: list[trial.Tried]) -> None:
    """Metric by metric: how many values came, or why none."""
    good = sum(one.values > 0 for one in results)
    st.markdown(
        trn(
            "**{good} of {n} metric answered** with values for the newest days.",
            "**{good} of {n} metrics answered** with values for the newest days.",
            len(results),
            good=good,
        )
    )
    table = pd.DataFrame(
        [
            {
                "Metric": _metric_title(one.metric),
                "Read as": tr(one.stream),
                "Values": one.values,
                "If none, why": "" if one.values else f"{retold(one.reason)} {retold(one.hint)}".strip(),
            }
            for one in sorted(results, key=lambda one: one.values > 0)
        ]
    )
    table, _ = tables.told(table, {})
    alt = trn("{n} metric and what came of it", "{n} metrics and what came of each", len(results))
    st.dataframe(table, hide_index=True, height="content", alt=alt)


def _metric_title(name: str) -> str:
    found = load.metric(name)
    return tr(found.title) if found else name


def _discard(workspace: Workspace, view: ConnectionView, close: Callable[[], None]) -> None:
    with boundary():
        if st.button(
            tr("Discard this connection"), type="tertiary", icon=":material/delete:", key=f"discard-{view.id}"
        ):
            setup.discard(workspace.viewer, view.id)
            close()
            st.rerun()
