"""Numbers read in a platform's own interface against ours: enter one, see the list, and where a difference arises."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core import clock
from core.metric import Metric, Unit
from core.question import Period
from services import calendar, catalogue
from services.platforms import title as platform_title
from services.quality import scope
from services.reconciliation import compare, kept
from services.reconciliation.compare import AGREES, DIFFERS, LAYERS, NONE, Compared, ComparedList
from services.reconciliation.reasons import COULD, EXPLAINS, NOT, UNKNOWN
from storage.entities import AccountRow
from ui import format, load, panels
from ui.load import Workspace
from ui.page import boundary

_ACCOUNT, _METRIC, _DAYS, _NUMBER, _NOTE = "rec_account", "rec_metric", "rec_days", "rec_number", "rec_note"
_CHOSEN, _DONE = "rec_chosen", "_rec_done"
_SIGNS = {AGREES: "✓", DIFFERS: "✕", NONE: "–"}
_FITS = {
    EXPLAINS: ":green[:material/check_circle:]",
    COULD: ":orange[:material/help:]",
    UNKNOWN: ":gray[:material/info:]",
    NOT: ":gray[:material/cancel:]",
}
_ROW_PX = 34
_LEAD = (
    "Enter a number as the platform's own site or app shows it. It is held against ours each time you look, and where "
    "they differ you see where the difference arises."
)


def draw(workspace: Workspace) -> None:
    """The form, the list, and one of them in full."""
    if st.session_state.pop(_DONE, False):
        st.session_state[_NUMBER], st.session_state[_NOTE] = None, ""
    left, right = st.columns([2, 3], gap="xsmall")
    with left:
        _form(workspace)
    found = load.screen(workspace, compare.newest)
    with right:
        chosen = _list(workspace, found)
    if chosen is not None:
        _detail(workspace, chosen)


# Entering a number


def _form(workspace: Workspace) -> None:
    accounts = {f"{scope.name(one)} ({platform_title(one.platform)})": one
                for one in catalogue.accounts(workspace.viewer) if one.selected}  # fmt: skip
    with st.container(border=True, height="stretch", key="panel-enter", gap="small"), boundary():
        st.markdown("**A number you read on the platform**")
        st.caption(_LEAD)
        account = accounts[str(st.selectbox("Account", list(accounts), key=_ACCOUNT))]
        metric = _metric(account)
        period = _period(workspace)
        number = _number(metric, account.currency or workspace.currency)
        note = st.text_input("Note (optional)", key=_NOTE, max_chars=kept.LONGEST_NOTE,
                             placeholder="Where you read it, for example Studio, Overview")  # fmt: skip
        if st.button("Compare", type="primary", key="rec_save", disabled=number is None or period is None):
            _save(workspace, account, metric, period, number, note)


def _metric(account: AccountRow) -> Metric:
    offered = {one.title: one for one in kept.metrics(account)}
    if st.session_state.get(_METRIC) not in offered:
        st.session_state[_METRIC] = "Views" if "Views" in offered else next(iter(offered))
    return offered[str(st.selectbox("Metric", list(offered), key=_METRIC))]


def _period(workspace: Workspace) -> Period | None:
    """The days the number is of; None while only one end is chosen."""
    today = load.today(workspace)
    month = kept.last_full_month(today)
    found = st.date_input("Days, both included", (month.first, month.last), date(2005, 1, 1), today, key=_DAYS,
                          format="YYYY-MM-DD")  # fmt: skip
    if isinstance(found, tuple) and len(found) == 2:
        return Period(found[0], found[1])
    return None


def _number(metric: Metric, currency: str) -> float | None:
    unit = kept.unit_words(metric, currency)
    whole = metric.unit is Unit.COUNT
    found = st.number_input(f"Number there{f', {unit}' if unit else ''}", value=None, key=_NUMBER,
                            step=1.0 if whole else 0.01, format="%.0f" if whole else "%.2f",
                            placeholder="All its digits")  # fmt: skip
    return None if found is None else float(found)


def _save(
    workspace: Workspace, account: AccountRow, metric: Metric, period: Period | None, number: float | None, note: str
) -> None:
    if period is None or number is None:
        return
    made = kept.add(workspace.viewer, account.id, metric.name, period, number, note, now=clock.utc_now())
    st.session_state[_CHOSEN], st.session_state[_DONE] = made, True
    st.rerun()


# The list


def _list(workspace: Workspace, found: ComparedList) -> Compared | None:
    """The newest numbers; answers the one to show in full."""
    table = pd.DataFrame([_row(one, workspace) for one in found.found])
    with st.container(border=True, height="stretch", key="panel-kept"), boundary():
        n = len(found.found)
        count = f"{n} of {found.total}, the newest" if found.total > n else f"{found.total}, newest first"
        panels.head("Compared so far", key="kept", note=f"{count}; worked out anew each time" if n else "",
                    table=table if n else None)  # fmt: skip
        if not n:
            st.caption("None yet. One number of last month is a good start.")
            return None
        ids = [one.stated.id for one in found.found]
        at = ids.index(st.session_state[_CHOSEN]) if st.session_state.get(_CHOSEN) in ids else 0
        with st.container(key="wide-kept"):
            _wide(table, ids)
        with st.container(key="narrow-kept", gap="small"):
            for one in found.found:
                _item(one)
    return found.found[at]


def _row(one: Compared, workspace: Workspace) -> dict[str, object]:
    stated = one.stated
    return {
        "Verdict": f"{_SIGNS[one.verdict]} {one.verdict}",
        "Metric": stated.title,
        "Account": f"{stated.account} ({platform_title(stated.platform)})",
        "Theirs": stated.stated,
        "Ours": one.ours,
        "%": None if one.share is None else one.share * 100,
        "Difference": one.difference,
        "Days": calendar.words(stated.period, year=True),
        "Arises": LAYERS[one.layer],
        "By": stated.person,
        "Noted": format.moment(stated.made_at, workspace.time_zone, load.now()),
        "Note": stated.note,
    }


def _wide(table: pd.DataFrame, ids: list[int]) -> None:
    number = st.column_config.NumberColumn(format="localized", width=84)
    config = {"Theirs": number, "Ours": number, "Difference": number,
              "%": st.column_config.NumberColumn(format="%+.1f%%", width=62),
              "Verdict": st.column_config.TextColumn(width=92),
              "Metric": st.column_config.TextColumn(width=96),
              "Account": st.column_config.TextColumn(width=184)}  # fmt: skip
    st.dataframe(
        table,
        key="rec_rows",
        hide_index=True,
        height="content",
        row_height=_ROW_PX,
        placeholder="n/a",
        column_config=config,
        on_select=lambda: _pick(ids),
        selection_mode="single-row",
        alt=f"{len(table)} numbers against ours",
    )


def _pick(ids: list[int]) -> None:
    rows = st.session_state["rec_rows"].selection.rows
    if rows:
        st.session_state[_CHOSEN] = ids[int(rows[0])]


def _item(one: Compared) -> None:
    stated = one.stated
    with st.container(gap=None):
        st.button(format.plain(f"{stated.title}, {stated.account}"), key=f"open-rec-{stated.id}", type="tertiary",
                  on_click=_choose, args=(stated.id,))  # fmt: skip
        st.caption(format.plain(f"{_SIGNS[one.verdict]} {one.verdict} · {_sides(one)}"))


def _choose(chosen: int) -> None:
    st.session_state[_CHOSEN] = chosen


def _sides(one: Compared) -> str:
    theirs, ours = (format.exact(number, one.unit, one.currency) for number in (one.stated.stated, one.ours))
    return f"theirs {theirs}, ours {ours}"


# One of them


def _detail(workspace: Workspace, one: Compared) -> None:
    stated = one.stated
    with st.container(border=True, key="panel-detail", gap="small"), boundary():
        account = f"{stated.account} ({platform_title(stated.platform)})"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            title = f"{stated.title}, {account}, {calendar.words(stated.period, year=True)}"
            st.markdown(f"**{format.plain(title)}**", width="stretch")
            if st.button("Remove", key="rec_remove", type="tertiary", icon=":material/delete:"):
                kept.remove(workspace.viewer, stated.id)
                st.rerun()
        st.text(_verdict(one))
        noted = format.moment(stated.made_at, workspace.time_zone, load.now())
        st.caption(format.plain(f"Noted {noted} by {stated.person}{f': {stated.note}' if stated.note else ''}"))
        _layers(one)
        if one.reasons:
            st.markdown("**Known reasons that apply**")
            for reason in one.reasons:
                with st.container(horizontal=True, gap="xsmall", wrap=False):
                    st.markdown(_FITS[reason.fits], width="content")
                    with st.container(gap=None):
                        st.text(reason.text)
                        st.caption(f"{LAYERS[reason.layer]} · {reason.fits}")


def _verdict(one: Compared) -> str:
    if one.difference is None:
        return one.said
    apart = format.exact(one.difference, one.unit, one.currency)
    share = f", {format.percent(one.share)}" if one.share is not None else ""
    sides = f"{_sides(one)[:1].upper()}{_sides(one)[1:]}; difference {apart}{share}."
    maybe = any(reason.fits == COULD and reason.text == one.said for reason in one.reasons)
    verb = "may arise" if maybe else "arises"
    where = f" It {verb} {LAYERS[one.layer][:1].lower()}{LAYERS[one.layer][1:]}." if one.layer else ""
    return f"{sides}{where} {one.said}"


def _layers(one: Compared) -> None:
    grid = st.grid(min_column_width=210, gap="small", key="rec-layers")
    for layer in one.layers:
        with grid.cell(), st.container(gap=None):
            st.caption(layer.name)
            st.markdown(f"**{format.plain(format.exact(layer.number, one.unit, one.currency))}**")
            st.caption(f":small[{format.plain(layer.text)}]")
