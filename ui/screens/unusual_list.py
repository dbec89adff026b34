"""The list of unusual days, the most striking first; a click on one looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.language import tr, trn
from core.question import Where
from services import unusual_days
from services.unusual_days import Mark, Unusual, UnusualDays, words
from ui import format, fresh, panels, tables
from ui.states import boundary

METRIC, PLACE, DAY = "unusual_metric", "unusual_on", "unusual_day"
"""The keys that say which day of which metric where is looked at; they stand in the link."""
_HIDE = "unusual_hide"
_TALL, _ROWS = 330, 8


def look_at(metric: str, place: str, day: date) -> None:
    """Look at a day. For callbacks: runs before the page is drawn."""
    st.session_state[METRIC], st.session_state[PLACE], st.session_state[DAY] = metric, place, day.isoformat()


def draw(answer: UnusualDays, given: Mapping[unusual_days.Key, Mark], where: Where) -> None:
    """The unusual days of the period, the most striking first; those that are missing numbers apart."""
    real = [one for one in answer.found if not one.doubtful]
    dull = [one for one in real if (mark := given.get(_key(one, where))) is not None and not mark.useful]
    shown = [one for one in real if one not in dull] if st.session_state.get(_HIDE) else real
    table = _table(shown, given, where)
    with st.container(border=True, key="panel-unusual", gap="small"), boundary():
        note = tr("{n} of {all} in this period, the most striking first", n=len(shown), all=len(real))
        panels.head(tr("Unusual days"), key="unusual", note=note, table=table,
                    fresh=fresh.computed(answer.computed_at))  # fmt: skip
        if dull or st.session_state.get(_HIDE):
            st.toggle(tr("Hide {n} marked not useful", n=len(dull)), key=_HIDE, bind="query-params")
        if not shown:
            st.caption(tr("No day of this period stands out. Choose a longer period to look further back."))
        else:
            _rows(table, shown)
        _doubtful([one for one in answer.found if one.doubtful])


def _key(one: Unusual, where: Where) -> unusual_days.Key:
    return one.metric, unusual_days.mark_place(where, one.place), one.day


def _table(shown: list[Unusual], given: Mapping[unusual_days.Key, Mark], where: Where) -> pd.DataFrame:
    marks = [given.get(_key(one, where)) for one in shown]
    return pd.DataFrame(
        {
            "Day": [one.day for one in shown],
            "Metric": [one.title for one in shown],
            "Where": [one.place_title if one.place else tr("All") for one in shown],
            "Value": [words.write(one.value, one.unit, one.currency) for one in shown],
            "Expected": [words.write(one.expected, one.unit, one.currency) for one in shown],
            "Difference": [words.against(one) for one in shown],
            "Marked": ["" if one is None else tr("useful") if one.useful else tr("not useful") for one in marks],
        }
    )


def _rows(table: pd.DataFrame, shown: list[Unusual]) -> None:
    marked = table if table["Marked"].any() else table.drop(columns="Marked")
    told, config = tables.told(marked, _columns())
    with st.container(key="wide-unusual"):
        st.dataframe(
            told,
            key="rows-unusual",
            on_select=lambda: _pick_row(shown),
            selection_mode="single-cell",
            hide_index=True,
            height=_TALL if len(table) > _ROWS else "content",
            row_height=36,
            alt=trn("{n} unusual day", "{n} unusual days, the most striking first", len(table)),
            column_config=config,
        )
    with st.container(key="narrow-unusual", gap="small"):
        for one in shown[:_ROWS]:
            _line(one, words.against(one), "narrow")
        if len(shown) > _ROWS:
            st.caption(tr("{shown} of {all}; all of them in the download.", shown=_ROWS, all=len(shown)))


def _columns() -> dict[str, Any]:
    return {
        "Day": st.column_config.DateColumn(format=format.day_pattern(year=True), width=92),
        "Metric": st.column_config.TextColumn(width=120),
        "Where": st.column_config.TextColumn(width=74),
        "Value": st.column_config.TextColumn(alignment="right", width=76),
        "Expected": st.column_config.TextColumn(alignment="right", width=76),
        "Difference": st.column_config.TextColumn(alignment="right", width=78),
        "Marked": st.column_config.TextColumn(width=74),
    }


def _pick_row(shown: list[Unusual]) -> None:
    cells = st.session_state["rows-unusual"].selection.cells
    if cells and int(cells[0][0]) < len(shown):
        one = shown[int(cells[0][0])]
        look_at(one.metric, one.place, one.day)


def _line(one: Unusual, caption: str, of: str) -> None:
    said = words.sentence(one)
    with st.container(gap=None):
        st.button(f"{said[:1].upper()}{said[1:]}", key=f"open-{of}-{one.metric}-{one.place}-{one.day}", type="tertiary",
                  on_click=look_at, args=(one.metric, one.place, one.day), help=tr("Why?"))  # fmt: skip
        st.caption(format.plain(caption))


def _doubtful(found: list[Unusual]) -> None:
    if not found:
        return
    with st.expander(
        trn(
            "{n} more day is probably a matter of what was counted, not of what happened",
            "{n} more days are probably a matter of what was counted, not of what happened",
            len(found),
        ),
        key="unusual-doubtful",
    ):
        for one in found:
            _line(one, words.doubt(one), "doubtful")
