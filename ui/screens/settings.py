"""The Settings page: how the workspace counts, what it is, and the workspaces themselves.

This module owns the keys that begin with `settings`. What was done is said on the next run, when all shows it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from core import clock, language
from core.errors import AppError, Recovery
from core.kept import retold
from core.language import mark, tr
from core.viewer import Viewer
from services.installation import demo, health, site
from services.team import engagement, workspaces
from ui import format, menu, starting, states, switcher
from ui.load import Workspace
from ui.screens import settings_choices, settings_you
from ui.screens.settings_choices import Choices

LEAD = mark("What is changed of a workspace holds for everyone who opens it, on every page, at once.")
_SAID = "settings-said"
_WIDTH = 980
_STYLE = """<style>
.st-key-settings h3 { padding: 0.125rem 0 0; }
.st-key-settings hr { margin: 0.75rem 0 0.875rem; }
.st-key-settings [data-testid="stText"] { font-size: 0.9375rem; }
@media (max-width: 640px) { .st-key-settings [data-testid="stHorizontalBlock"] { row-gap: 0.75rem; } }
</style>"""
_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
_DATABASES = {"sqlite": mark("SQLite, one file in the data folder"), "postgresql": "PostgreSQL"}
_OVERVIEW = "overview"


def draw(workspace: Workspace) -> None:
    """The page."""
    _arrive()
    st.html(_STYLE)
    with st.container(width=_WIDTH, key="settings"):
        with _section(
            tr("You"), tr("The language you read, and how figures and dates look. Only for you, in every workspace.")
        ):
            settings_you.draw()
        with _section(
            tr("Workspace"), tr("How this business is called, and how its days, money and weeks are counted.")
        ):
            _workspace(workspace)
        with _section(tr("Engagement"), tr("What is summed where engagement is shown, and in every rate made of it.")):
            _engagement(workspace)
        with _section(tr("About this workspace"), tr("What it is, and where programs find its numbers.")):
            _about(workspace)
        with _section(tr("Demo"), tr("An invented company, to look around. Never mixed with your own numbers.")):
            _demo(workspace)
        with _section(tr("More workspaces"), tr("One workspace for each business whose numbers belong together.")):
            _create(workspace)
        with _section(tr("Delete this workspace"), tr("Nothing of a deleted workspace can be brought back.")):
            _delete(workspace)
        with _section(tr("Program"), tr("What runs here.")):
            _listed(_program())


@contextmanager
def _section(title: str, text: str) -> Iterator[None]:
    """A heading with a sentence beside what belongs to it; one part that fails leaves the others."""
    st.divider()
    head, body = st.columns([2, 5], gap="large")
    with head:
        st.subheader(title, anchor=False)
        st.caption(text)
    with body, states.boundary():
        yield


def _arrive() -> None:
    """Say what the last run did."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.toast(format.plain(said), icon=":material/check:")


def _say(text: str) -> None:
    st.session_state[_SAID] = text


def _refused(error: AppError) -> None:
    """What cannot be used, beside the form it was typed into."""
    waiting = error.recovery is Recovery.RETRY
    show, icon = (st.info, ":material/hourglass_top:") if waiting else (st.error, ":material/error:")
    show(format.plain(f"{retold(error.message)} {retold(error.hint)}".strip()), icon=icon)


def _workspace(workspace: Workspace) -> None:
    now = Choices(workspace.name, workspace.time_zone, workspace.currency, workspace.week_start)
    with st.form(f"settings-form-{workspace.id}", border=False):
        asked = settings_choices.fields(now, f"settings-{workspace.id}", explained=True)
        pressed = st.form_submit_button(tr("Save"), type="primary", icon=":material/save:", key="settings-save")
    if not pressed:
        return
    try:
        workspaces.change(
            workspace.viewer,
            name=asked.name,
            time_zone=asked.time_zone,
            currency=asked.currency,
            week_start=asked.week_start,
        )
    except AppError as error:
        _refused(error)
        return
    _say(tr("Saved. Every page follows."))
    switcher.choose_later(workspace.id)
    st.rerun()


def _engagement(workspace: Workspace) -> None:
    known = {one.version: one for one in engagement.options(workspace.viewer)}
    current = engagement.current(workspace.viewer)
    chosen = st.radio(
        tr("What counts as engagement"),
        list(known),
        list(known).index(current),
        lambda version: known[version].title,
        captions=[_definition(one) for one in known.values()],
        key=f"settings-engagement-{workspace.id}",
        label_visibility="collapsed",
    )
    st.caption(
        tr("A change holds for the past too: it is summed anew from the counters that are stored, and none is lost.")
    )
    changed = chosen is not None and chosen != current
    words = tr("Count this way")
    if st.button(words, disabled=not changed, icon=":material/functions:", key="settings-count") and chosen:
        engagement.choose(workspace.viewer, chosen)
        _say(tr("Engagement now counts {reactions}.", reactions=language.inside(known[chosen].title)))
        st.rerun()


def _definition(one: engagement.Definition) -> str:
    """What a definition sums, a line per way of counting."""
    only = len(one.formulas) == 1
    sums = [words if only else f"{', '.join(where)}: {words}" for words, where in one.formulas]
    return "  \n".join([format.plain(one.meaning), *map(format.plain, sums)])


def _about(workspace: Workspace) -> None:
    about = workspaces.about(workspace.viewer)
    _listed(
        {
            "Workspace id": str(workspace.id),
            "Created": format.moment(about.created_at, workspace.time_zone, clock.utc_now()),
            "Connections": str(about.connections),
            "Accounts": str(about.accounts),
        }
    )
    st.caption(tr("Its numbers for programs, as JSON:"))
    st.code(f"GET {site.address()}/api/v1/analytics/overview?business_id={workspace.id}", None, wrap_lines=True)


def _listed(rows: Mapping[str, str]) -> None:
    """Names and values, one pair a line."""
    with st.container(gap="xsmall"):
        for name, value in rows.items():
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.caption(tr(name), width=120)
                st.text(value, width="stretch")


def _demo(workspace: Workspace) -> None:
    found = demo.existing()
    if found is None:
        st.text(tr("Two years of numbers, read through the real connectors. Filling it takes a minute or two."))
        if st.button(tr("Make the demo"), icon=":material/science:", key="settings-make-demo"):
            starting.start_demo()
        return
    name = workspaces.get(found.workspace_id).name
    if demo.is_filling():
        st.text(tr("The demo is the workspace {name}. It is being filled just now.", name=name))
        if workspace.is_demo:
            menu.link(_OVERVIEW, tr("See how far it is"), ":material/arrow_forward:")
        return
    st.text(tr("The demo is the workspace {name}. Your own workspaces stay as they are when it is removed.", name=name))
    with _asked(_red(tr("Remove the demo")), "delete", f"settings-demo-{found.workspace_id}"):
        st.text(tr("Its connections, posts and numbers are deleted. A new demo can be made at any time."))
        if st.button(_red(tr("Remove it and all that is in it")), key="settings-remove-demo"):
            _forget(workspace, found, name)


def _red(words: str) -> str:
    return f":red[{words}]"


@contextmanager
def _asked(label: str, icon: str, key: str) -> Iterator[None]:
    """What a button asks before it does anything."""
    with st.popover(label, icon=f":material/{icon}:", key=key, width="content"):
        yield


def _create(workspace: Workspace) -> None:
    st.text(tr("A new workspace is empty until a platform is connected to it or a file imported."))
    with (
        _asked(tr("Create a workspace"), "add", f"settings-create-{workspace.id}"),
        st.form("settings-create-form", border=False),
    ):
        now = Choices("", workspace.time_zone, workspace.currency, workspace.week_start)
        asked = settings_choices.fields(now, f"settings-new-{workspace.id}", explained=False)
        if not st.form_submit_button(tr("Create"), type="primary", key="settings-create-it"):
            return
        try:
            made = workspaces.create(
                asked.name, time_zone=asked.time_zone, currency=asked.currency, week_start=asked.week_start
            )
        except AppError as error:
            _refused(error)
            return
    _say(tr("{name} is made, and shown now.", name=asked.name.strip()))
    switcher.choose_later(made.workspace_id)
    st.rerun()


def _delete(workspace: Workspace) -> None:
    st.text(
        tr(
            "Deletes its connections and their keys, its accounts, posts, campaigns, every number with its history, "
            "targets and imports. The platforms keep what they have. Backups that were made earlier still hold it."
        )
    )
    with (
        _asked(_red(tr("Delete this workspace")), "delete_forever", f"settings-delete-{workspace.id}"),
        st.form(f"settings-delete-form-{workspace.id}", border=False),
    ):
        st.text(tr("This cannot be undone."))
        typed = st.text_input(
            tr("Type {name} to confirm", name=format.plain(workspace.name)), key=f"settings-typed-{workspace.id}",
            autocomplete="off",
        )  # fmt: skip
        if st.form_submit_button(_red(tr("Delete for good")), key="settings-delete-it"):
            try:
                workspaces.confirm(workspace.viewer, typed)
            except AppError as error:
                _refused(error)
                return
            _forget(workspace, workspace.viewer, workspace.name)


def _forget(shown: Workspace, viewer: Viewer, name: str) -> None:
    """Delete a workspace, and show another when it was the one on the screen."""
    try:
        with st.spinner(tr("Deleting {name}", name=format.plain(name))):
            workspaces.delete(viewer)
    except AppError as error:
        _refused(error)
        return
    left = [row.id for row in workspaces.list_all()]
    if left:
        _say(tr("{name} is deleted, with everything that was in it.", name=name))
        switcher.choose_later(left[0] if shown.id == viewer.workspace_id else shown.id)
    st.rerun()


def _program() -> dict[str, str]:
    well = health.report()
    beat = well["scheduler"]
    age_s = beat.get("heartbeat_age_s")
    said = tr("has not reported yet") if age_s is None else tr("last reported {n} s ago", n=f"{age_s:.0f}")
    state = {"ok": tr("Running"), "starting": tr("Starting")}.get(beat["status"], tr("Not running"))
    rows = {
        "Version": _version(),
        "Address": site.address(),
        "Data in": tr(_DATABASES.get(str(well["database"].get("kind")), "")),
        "Scheduler": f"{state}, {said}",
    }
    return {name: value for name, value in rows.items() if value}


def _version() -> str:
    if not _PROJECT.exists():
        return ""
    return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
