"""How a connection does: what it needs from a person, how far it is, what each stream brought, the last runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Literal

import pandas as pd
import streamlit as st

from core import clock
from core.kept import retold
from core.language import figure, tr, trn
from services.connecting import connections
from services.connecting.connections import ConnectionView, StreamView
from services.installation import health
from services.words import calendar
from storage.runs import RunRow
from ui import format, marks, tables
from ui.load import Workspace
from ui.screens.connecting import actions, costs, notices, steps, words
from ui.states import boundary

_WATCHED_EVERY_S = 2.0
_MOST_ROWS, _ROW_PX = 24, 34


def draw(workspace: Workspace, view: ConnectionView, close: Callable[[], None]) -> None:
    """The page of one connection."""
    _head(view)
    with boundary():
        _needs(workspace, view)
    if view.version_warning:
        st.info(format.plain(view.version_warning), icon=":material/update:")
    if words.busy(view):
        _watch(workspace, view.id, view.running)
    _facts(workspace, view)
    with boundary():
        actions.bar(workspace, view)
    with boundary():
        costs.panel(workspace, view)
    _streams(workspace, view)
    with boundary():
        steps.extras(workspace, view)
    with boundary():
        actions.accounts(workspace, view)
        notices.draw(workspace, view)
    _runs(workspace, view)
    with boundary():
        actions.ending(workspace, view, close)


def _head(view: ConnectionView) -> None:
    said = words.state(view)
    name, title = format.plain(view.name or view.title), format.plain(view.title)
    row = partial(st.container, horizontal=True, vertical_alignment="center", gap="small")
    with row():
        with row(wrap=False, width="content"):
            marks.draw(view.platform, view.title)
            st.subheader(name if title in name else f"{title} · {name}", anchor=False, width="content")
        st.badge(said.word, icon=said.icon, color=said.colour)


def _needs(workspace: Workspace, view: ConnectionView) -> None:
    """What a person has to do, and the button that does it."""
    if view.state == "attention":
        st.warning(
            f"{format.plain(retold(view.reason))} {format.plain(retold(view.hint))}".strip(), icon=":material/error:"
        )
        again = True
    else:
        again = bool(view.login_warning)
        if again:
            st.warning(format.plain(view.login_warning), icon=":material/key:")
    if again:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            steps.consent_link(workspace, view, tr("Connect again"))
            if view.state == "attention" and st.button(
                tr("Try again"), icon=":material/refresh:", key=f"retry-{view.id}"
            ):
                connections.sync_now(workspace.viewer, view.id)
                st.rerun()
    elif view.resting and not words.busy(view):
        st.warning(format.plain(view.resting), icon=":material/savings:")
    elif (last := words.stumbled(view)) and not words.busy(view) and view.state == "active":
        how = tr("The last read failed.") if last.outcome == "failed" else tr("The last read brought only a part.")
        due = words.ahead(view.next_run, clock.utc_now())
        next_try = tr("Next try {when}. Nothing that was read is lost.", when=due)
        said = [how, format.plain(retold(last.reason)), format.plain(retold(last.hint)), next_try]
        st.info(" ".join(filter(None, said)), icon=":material/warning:")
    elif words.busy(view) and health.report()["scheduler"]["status"] == "down":
        st.warning(
            tr(
                "Nothing is read at the moment: the scheduler is not running. Start the site with it, "
                "or run `python -m scheduler` beside it."
            ),
            icon=":material/timer_off:",
        )


@st.fragment(run_every=_WATCHED_EVERY_S)
def _watch(workspace: Workspace, connection_id: int, was_running: bool) -> None:
    """How far the sync is; when it begins and when it is over, the whole page again."""
    with boundary():
        view = connections.get(workspace.viewer, connection_id, n_runs=1)
        if view.running != was_running or not words.busy(view):
            st.rerun()
        latest = view.runs[0] if view.runs else None
        if latest is None or not view.running:
            st.progress(0.0, f":small[{tr('Waiting to begin. The scheduler looks every few seconds.')}]")
            return
        rows = _rows(latest)
        text = tr(
            "Reading: {share}, {rows} and {requests} so far",
            share=figure(f"{latest.progress:.0%}"),
            rows=trn("{n} row", "{n} rows", rows),
            requests=trn("{n} request", "{n} requests", latest.requests),
        )
        st.progress(min(latest.progress, 1.0), f":small[{text}]")


def _facts(workspace: Workspace, view: ConnectionView) -> None:
    """Last success, next run, rhythm, login, limits: a small label over a value each."""
    now, zone = clock.utc_now(), workspace.time_zone
    last = format.age(view.last_success, now) if view.last_success else tr("not yet")
    due = words.ahead(view.next_run, now)
    due = {"paused": tr("paused"), "attention": tr("when it is mended")}.get(view.state, due)
    pairs = [
        (tr("Last read"), last, format.moment(view.last_success, zone, now) if view.last_success else ""),
        (tr("Next read"), due, tr("{every}, sooner for young posts", every=words.every(view.every))),
        (tr("History"), *_history(view)),
        (tr("Login"), *_login(view, now)),
        *((tr("Limit"), *words.limit(found)) for found in view.limits if found.used),
    ]  # fmt: skip
    grid = st.grid(min_column_width=170, gap="small", key="connection-facts")
    for label, value, note in pairs:
        with grid.cell(), st.container(gap=None):
            st.caption(label)
            st.markdown(f"**{format.plain(value[:1].upper() + value[1:])}**")
            st.caption(f":small[{format.plain(note)}]" if note else "")


def _history(view: ConnectionView) -> tuple[str, str]:
    if view.last_success is None:
        return tr("to be read"), tr("the newest days first")
    if view.left_days:
        return trn("{n} day to go", "{n} days to go", view.left_days), tr("read bit by bit")
    return tr("complete"), tr("as far as the platform goes back") if view.spent is None else tr(
        "as far back as you chose"
    )


def _login(view: ConnectionView, now: datetime) -> tuple[str, str]:
    if view.login_ends is None:
        return tr("renews itself"), tr("until you withdraw it")
    if view.login_ends <= now:
        return tr("has run out"), tr("connect again")
    day = calendar.day_words(view.login_ends.date(), year=True)
    return tr("until {day}", day=day), tr("renewed before, where allowed")


def _streams(workspace: Workspace, view: ConnectionView) -> None:
    """Each thing that is read, per account, as it went last."""
    found = view.streams
    if not found:
        return
    bad = sum(one.state not in ("ok", "skipped") for one in found)
    troubled = f" :orange[· {tr('{n} with a problem', n=bad)}]" if bad else ""
    st.markdown(f"**{tr('What is read')}**{troubled}")
    table = pd.DataFrame([_stream_row(one, workspace) for one in found])
    _table(table, tr("What is read, and how it went"), sparse=("Account", "Left", "Remarks"))


def _stream_row(one: StreamView, workspace: Workspace) -> dict[str, object]:
    said = words.stream(one.state)
    return {
        "What": tr(one.title),
        "Account": one.account,
        "State": f"{_sign(said)} {said.word}",
        "Rows": one.rows,
        "Read": format.moment(one.at, workspace.time_zone, clock.utc_now()),
        "Left": trn("{n} day", "{n} days", one.left_days) if one.left_days else "",
        "Remarks": f"{retold(one.reason)} {retold(one.hint)}".strip(),
    }


def _table(table: pd.DataFrame, alt: str, *, sparse: tuple[str, ...]) -> None:
    """A table without those `sparse` columns that say the same everywhere."""
    shown = table.drop(columns=[name for name in sparse if len(table) > 1 and table[name].nunique() == 1])
    shown = shown.drop(columns=[name for name in sparse if name in shown and shown[name].eq("").all()])
    config = {
        "Rows": st.column_config.NumberColumn(help=tr("New or changed"), format="localized", width=80),
        "Requests": st.column_config.NumberColumn(format="localized", width=90),
        "State": st.column_config.TextColumn(width=120),
        "Remarks": st.column_config.TextColumn(width=620),
    }
    height: Literal["content"] | int = "content" if len(shown) <= _MOST_ROWS else _ROW_PX * (_MOST_ROWS + 1)
    shown, config = tables.told(shown, config)
    st.dataframe(
        shown, hide_index=True, height=height, row_height=_ROW_PX, column_config=config, placeholder="", alt=alt
    )


def _sign(said: words.Said) -> str:
    """A sign that a table cell can show; the word stands beside it."""
    return {"green": "✓", "red": "✕", "orange": "!"}.get(said.colour, "–")


def _runs(workspace: Workspace, view: ConnectionView) -> None:
    """The last runs; rehearsals of the demo are told in a line."""
    shown = [run for run in view.runs if run.trigger != "rehearsal"]
    rehearsed = len(view.runs) - len(shown)
    st.markdown(f"**{tr('Last runs')}**")
    if shown:
        table = pd.DataFrame([_run_row(run, workspace) for run in shown])
        _table(table, trn("The last run", "The last {n} runs", len(shown)), sparse=("Remarks",))
    else:
        st.caption(tr("None yet."))
    if rehearsed:
        st.caption(tr("Before these, the evenings of the last weeks were rehearsed for the demo."))


def _run_row(run: RunRow, workspace: Workspace) -> dict[str, object]:
    began, said = clock.from_epoch_ms(run.started_at), words.outcome(run.outcome)
    took = words.lasted(clock.from_epoch_ms(run.finished_at) - began) if run.finished_at else ""
    return {
        "Began": format.moment(began, workspace.time_zone, clock.utc_now()),
        "Why": words.trigger(run.trigger),
        "Outcome": f"{_sign(said)} {said.word}",
        "Took": took,
        "Rows": _rows(run) if run.finished_at else None,
        "Requests": run.requests if run.finished_at else None,
        "Remarks": f"{retold(run.reason)} {retold(run.hint)}".strip(),
    }


def _rows(run: RunRow) -> int:
    return run.facts + run.posts + run.readings + run.comments
