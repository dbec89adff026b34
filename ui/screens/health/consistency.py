"""Do the numbers hang together? Every check with what was compared, the difference, and the verdict."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core.language import mark, tr, trn
from core.metric import Unit
from services.quality.check import AGREES, DIFFERS, UNCHECKED, Check
from services.quality.checks import MOVING_DAYS, Checked
from services.words import calendar
from ui import format, panels, tables
from ui.states import boundary

_SIGNS = {AGREES: "✓", DIFFERS: "✕", UNCHECKED: "–"}
_ROW_PX, _MOST_ROWS, _ON_PHONE = 34, 18, 12


def draw(found: Checked) -> None:
    """Those that differ in words, then all in a table."""
    if found.period is None:
        st.caption(
            tr("Nothing to check: the newest {n} days are left out, for platforms still count them.", n=MOVING_DAYS)
        )
        return
    for at, one in enumerate(check for check in found.checks if check.verdict == DIFFERS):
        _differing(one, at)
    with st.container(border=True, key="panel-checks"), boundary():
        note = tr(
            "{period}; the newest {n} days are left out, platforms still count them",
            period=calendar.words(found.period),
            n=MOVING_DAYS,
        )
        panels.head(_title(found), key="checks", note=note, table=found.table)
        if not found.checks:
            st.caption(tr("No two numbers that can be held against each other were read in this period."))
            return
        with st.container(key="wide-checks"):
            _table(found)
        with st.container(key="narrow-checks", gap="small"):
            _list(found)


def _title(found: Checked) -> str:
    agree, differ, unchecked = (found.count(one) for one in (AGREES, DIFFERS, UNCHECKED))
    parts = [
        trn("{n} agree", "{n} agree", agree) if agree else "",
        trn("{n} differ", "{n} differ", differ) if differ else "",
        trn("{n} cannot be checked", "{n} cannot be checked", unchecked) if unchecked else "",
    ]
    said = ", ".join(filter(None, parts))
    return tr("Checks: {counts}", counts=said) if said else tr("Checks")


def _differing(one: Check, at: int) -> None:
    with st.container(border=True, key=f"panel-differs-{at}", gap="xxsmall"):
        st.markdown(f":orange[:material/error:] **{format.plain(one.title)}** · {format.plain(one.account)}")
        _told(one)


def _told(one: Check) -> None:
    """What should hold, what was compared, and what stands out."""
    st.text(one.rule)
    allowed = mark("Allowed beyond that: {tolerance}.") if one.one_way else mark("Allowed: {tolerance}.")
    parts = [f"{_numbers(one)}.", tr(allowed, tolerance=one.tolerance), _days(one), one.why]
    st.caption(format.plain(" ".join(filter(None, parts))))


def _numbers(one: Check) -> str:
    left, right = (format.exact(number, Unit.COUNT) for number in (one.left, one.right))
    other = (
        tr("at most {name}: {number}", name=one.right_name, number=right)
        if one.one_way
        else f"{one.right_name}: {right}"
    )
    said = f"{_upper(one.left_name)}: {left}, {other}"
    if one.one_way and one.verdict == AGREES:
        return said
    return f"{said}; {tr('difference {number}', number=format.exact(one.difference, Unit.COUNT))}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _days(one: Check) -> str:
    if one.off_days is None or not one.days:
        return ""
    return trn("Beyond that on {off} of {n} day.", "Beyond that on {off} of {n} days.", one.days, off=one.off_days)


def _table(found: Checked) -> None:
    """All checks; a click on one says what should hold."""
    rows = pd.DataFrame(
        {
            "Verdict": [f"{_SIGNS[one.verdict]} {tr(one.verdict)}" for one in found.checks],
            "Check": [one.title for one in found.checks],
            "Account": [one.account for one in found.checks],
            "Number": [one.left for one in found.checks],
            "Sign": [one.sign for one in found.checks],
            "Its number": [one.right for one in found.checks],
            "Difference": [None if one.one_way else one.difference for one in found.checks],
            "Days beyond": [_beyond(one) for one in found.checks],
        }
    )
    tall = len(rows) > _MOST_ROWS
    shown, config = tables.told(rows, _config())
    event = st.dataframe(
        shown,
        key="checks-rows",
        hide_index=True,
        row_height=_ROW_PX,
        height=_ROW_PX * (_MOST_ROWS + 1) if tall else "content",
        column_config=config,
        placeholder="",
        on_select="rerun",
        selection_mode="single-row",
        alt=trn("{n} check", "{n} checks, those that differ first", len(rows)),
    )
    picked = event.selection.rows
    if picked and int(picked[0]) < len(found.checks):
        _told(found.checks[int(picked[0])])


def _beyond(one: Check) -> str:
    return "" if one.off_days is None else tr("{n} of {all}", n=one.off_days, all=one.days)


def _config() -> dict[str, Any]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    return {
        "Verdict": text(width=104),
        "Check": text(width=246),
        "Account": text(width=262),
        "Number": number(tr("Compared"), format="localized", width=96, help=tr("What it is: choose the row")),
        "Sign": text(tr("Should be"), width=76, help=tr("= the same, ≤ at most")),
        "Its number": number(tr("With"), format="localized", width=96),
        "Difference": number(format="localized", width=84, help=tr("Only where both should be the same")),
        "Days beyond": text(width=92, help=tr("Days beyond what is allowed, where it is looked at day by day")),
    }


def _list(found: Checked) -> None:
    for one in found.checks[:_ON_PHONE]:
        with st.container(gap=None):
            st.markdown(f"**{format.plain(one.title)}** · {_SIGNS[one.verdict]} {tr(one.verdict)}")
            st.caption(format.plain(f"{one.account}. {_numbers(one)}."))
    if len(found.checks) > _ON_PHONE:
        counts = {"shown": _ON_PHONE, "all": len(found.checks)}
        st.caption(tr("{shown} of {all} checks; download the list to see all.", **counts))
