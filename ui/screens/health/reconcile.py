"""Numbers read on a platform against ours: bring one or its export, see the list, and where a difference arises."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.language import tr, trn
from services.reconciliation import compare
from services.reconciliation.compared import LAYERS, Compared, ComparedList
from services.words import calendar
from ui import format, load, panels, tables
from ui.load import Workspace
from ui.screens.health import detail, enter, file
from ui.states import boundary

_ROW_PX = 34


def draw(workspace: Workspace) -> None:
    """What to compare, the list, and one of them in full; a file takes the whole width."""
    left, right = st.columns([2, 3], gap="xsmall")
    with left, st.container(border=True, height="stretch", key="panel-enter", gap="small"), boundary():
        uploaded = enter.draw(workspace)
    found = load.screen(workspace, compare.newest)
    with right:
        chosen = _list(workspace, found)
    if uploaded is not None:
        file.draw(workspace, uploaded)
    elif chosen is not None:
        detail.draw(workspace, chosen)


# The list


def _list(workspace: Workspace, found: ComparedList) -> Compared | None:
    """The newest numbers; answers the one to show in full."""
    table = pd.DataFrame([_row(one, workspace) for one in found.found])
    with st.container(border=True, height="stretch", key="panel-kept"), boundary():
        n = len(found.found)
        note = tr("{n}, newest first; worked out anew each time", n=found.total)
        if found.total > n:
            note = tr("{n} of {all}, the newest; worked out anew each time", n=n, all=found.total)
        panels.head(tr("Compared so far"), key="kept", note=note if n else "", table=table if n else None)
        if not n:
            st.caption(tr("None yet. One number of last month is a good start."))
            return None
        ids = [one.stated.id for one in found.found]
        at = ids.index(st.session_state[enter.CHOSEN]) if st.session_state.get(enter.CHOSEN) in ids else 0
        with st.container(key="wide-kept"):
            _wide(table, ids)
        with st.container(key="narrow-kept", gap="small"):
            for one in found.found:
                _item(one)
    return found.found[at]


def _row(one: Compared, workspace: Workspace) -> dict[str, object]:
    stated = one.stated
    return {
        "Verdict": detail.signed(one.verdict),
        "Metric": stated.title,
        "Account": stated.whose,
        "Theirs": format.exact(stated.stated, one.unit, one.currency),
        "Ours": format.exact(one.ours, one.unit, one.currency),
        "%": None if one.share is None else one.share * 100,
        "Difference": detail.apart(one),
        "Days": calendar.words(stated.period, year=True),
        "Arises": tr(LAYERS[one.layer]),
        "Noted by": stated.person,
        "Noted": format.moment(stated.made_at, workspace.time_zone, load.now()),
        "Note": stated.note,
    }


def _wide(table: pd.DataFrame, ids: list[int]) -> None:
    number = st.column_config.TextColumn(width=98, alignment="right")
    config = {"Theirs": number, "Ours": number, "Difference": number,
              "%": st.column_config.NumberColumn(format="%+.1f%%", width=62),
              "Verdict": st.column_config.TextColumn(width=92),
              "Metric": st.column_config.TextColumn(width=132),
              "Account": st.column_config.TextColumn(width=178)}  # fmt: skip
    shown, config = tables.told(table, config)
    st.dataframe(
        shown,
        key="rec_rows",
        hide_index=True,
        height="content",
        row_height=_ROW_PX,
        placeholder=tr("n/a"),
        column_config=config,
        on_select=lambda: _pick(ids),
        selection_mode="single-row",
        alt=trn("{n} number against ours", "{n} numbers against ours", len(table)),
    )


def _pick(ids: list[int]) -> None:
    rows = st.session_state["rec_rows"].selection.rows
    if rows:
        st.session_state[enter.CHOSEN] = ids[int(rows[0])]


def _item(one: Compared) -> None:
    stated = one.stated
    with st.container(gap=None):
        st.button(format.plain(f"{stated.title}, {stated.account}"), key=f"open-rec-{stated.id}", type="tertiary",
                  on_click=_choose, args=(stated.id,))  # fmt: skip
        st.caption(format.plain(f"{detail.signed(one.verdict)} · {detail.sides(one)}"))


def _choose(chosen: int) -> None:
    st.session_state[enter.CHOSEN] = chosen
