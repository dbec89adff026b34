"""In which state things are: a grid of metrics and accounts, a strip of days for each metric, and one for each
connection. What is well is pale, so that what is not stands out; every state has its own word on hover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import altair as alt
import pandas as pd

from charts import days as on
from charts import theme
from charts.marks import Told, on_axis
from core.language import mark, tr

PICK = "account"
"""The name of the selection that a click on the grid makes; it picks `id`."""
WORDS = {
    "measured": mark("measured"),
    "estimated": mark("estimated"),
    "not_yet": mark("not yet"),
    "not_offered": mark("not offered"),
    "missing": mark("missing"),
    "failed": mark("failed"),
    "not_permitted": mark("not permitted"),
}
"""State of a day -> its word, in the order of the legend."""
OUTCOMES = {
    "ok": mark("all good"),
    "partial": mark("in part"),
    "failed": mark("failed"),
    "resting": mark("rested"),
    "interrupted": mark("cut off"),
}
"""How the reads of a day went, best first -> its word."""
_COLOURS = {
    "measured": "rgba(76, 106, 240, 0.34)",
    "estimated": "rgba(76, 106, 240, 0.80)",
    "not_yet": "rgba(138, 147, 163, 0.42)",
    "not_offered": "rgba(138, 147, 163, 0.12)",
    "missing": "#717A8A",
    "failed": theme.ANOMALY,
    "not_permitted": theme.BELOW,
}
_RUN_COLOURS = {
    "ok": "rgba(76, 106, 240, 0.34)",
    "partial": theme.BELOW,
    "failed": theme.ANOMALY,
    "resting": "rgba(138, 147, 163, 0.42)",
    "interrupted": "#717A8A",
}
_ROW, _HEAD, _FOOT = 22, 84, 84
_NARROW = "width < 520"
_SIDE = 130


def _scale(colours: Mapping[str, str], words: Mapping[str, str], present: set[str]) -> alt.Color:
    shown = [state for state in words if state in present]
    return alt.Color(
        "state_words:N",
        scale=alt.Scale(domain=[tr(words[one]) for one in shown], range=[colours[one] for one in shown]),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            direction="horizontal",
            columns=alt.ExprRef(f"{_NARROW} ? 2 : 7"),
            symbolType="square",
            symbolSize=110,
            symbolStrokeWidth=0,
            offset=10,
        ),
    )


def _rows(names: list[str]) -> alt.Y:
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=_SIDE, labelOverlap=False)
    return alt.Y("title:N", sort=names, axis=axis, scale=alt.Scale(paddingInner=0.12, paddingOuter=0.05))


def grid(cells: pd.DataFrame) -> theme.Drawn:
    """Metrics down, accounts across; a click on a cell picks its account.

    `cells`: id (text), head (platform and account, parted by "|"), title, state, label, known, why.
    """
    if cells.empty:
        return theme.empty(tr("Nothing was read yet"), 120)
    rows = cells.assign(state_words=[tr(WORDS[one]) for one in cells["state"]])
    heads, titles = list(dict.fromkeys(rows["head"])), list(dict.fromkeys(rows["title"]))
    axis = alt.Axis(
        title=None, orient="top", ticks=False, domain=False, labelOverlap=False,
        labelPadding=alt.ExprRef(f"{_NARROW} ? 8 : 22"),
        labelExpr="split(datum.label, '|')", labelLineHeight=14,
        labelAngle=alt.ExprRef(f"{_NARROW} ? -90 : 0"), labelAlign=alt.ExprRef(f"{_NARROW} ? 'left' : 'center'"),
        labelBaseline=alt.ExprRef(f"{_NARROW} ? 'middle' : 'bottom'"),
        labelLimit=alt.ExprRef(f"{_NARROW} ? 110 : max(width / {len(heads)} - 6, 40)"),
    )  # fmt: skip
    x = alt.X("head:N", sort=heads, axis=axis, scale=alt.Scale(paddingInner=0.05, paddingOuter=0.02))
    words = [
        alt.Tooltip("title:N", title=tr("Metric")),
        alt.Tooltip("account:N", title=tr("Account")),
        alt.Tooltip("state_words:N", title=tr("State")),
        alt.Tooltip("known:N", title=tr("Days")),
        alt.Tooltip("why:N", title=tr("Why")),
    ]
    base = alt.Chart(rows)
    pick = alt.selection_point(name=PICK, fields=["id"], on="click", empty=True)
    box = base.mark_rect(cornerRadius=3, cursor="pointer").encode(
        x, _rows(titles), _scale(_COLOURS, WORDS, set(rows["state"])), tooltip=words
    )
    text = alt.Chart(rows[rows["label"] != ""]).mark_text(
        fontSize=alt.ExprRef(f"{_NARROW} ? 9 : 11"), fontWeight=600, tooltip=None
    )
    ink = alt.Color("ink:N", scale=None, legend=None)
    named = text.encode(x, _rows(titles), ink, text="label:N", tooltip=words)
    layered: alt.LayerChart = alt.layer(box.add_params(pick), named).resolve_scale(color="independent")
    return layered.properties(height=_ROW * len(titles) + _HEAD)


def ink(state: str) -> str:
    """The colour that reads on a state's own."""
    return theme.PAPER if state in {"failed", "not_permitted", "missing", "estimated"} else theme.TEXT


def days(spans: pd.DataFrame, first: date, last: date, marks: Told = ()) -> theme.Drawn:
    """One strip for each metric of an account: stretches of days in one state. `spans`: title, first, last, state,
    when, why. `marks` are what happened on a day."""
    if spans.empty:
        return theme.empty(tr("Nothing was read of this account in this period"), 120)
    rows = spans.assign(
        state_words=[tr(WORDS[one]) for one in spans["state"]],
        begin=[theme.utc_ms(day) for day in spans["first"]],
        end=[theme.utc_ms(day + timedelta(days=1)) for day in spans["last"]],
    )
    titles = list(dict.fromkeys(rows["title"]))
    x = theme.x_days("begin", first=first, last=last + timedelta(days=1), labels=4)
    words = [
        alt.Tooltip("title:N", title=tr("Metric")),
        alt.Tooltip("when:N", title=tr("Days")),
        alt.Tooltip("state_words:N", title=tr("State")),
        alt.Tooltip("why:N", title=tr("Why")),
    ]
    drawn: alt.Chart = (
        alt.Chart(rows)
        .mark_rect(cornerRadius=2)
        .encode(x, alt.X2("end:T"), _rows(titles), _scale(_COLOURS, WORDS, set(rows["state"])), tooltip=words)
    )
    layers = [drawn, *on_axis(marks, first, last, x)]
    return alt.layer(*layers).properties(height=_ROW * len(titles) + _FOOT)


def runs(cells: pd.DataFrame, first: date, last: date, marks: Told = ()) -> theme.Drawn:
    """One strip for each connection: a cell for each day, coloured by its worst read. `cells`: title, day, state,
    counts (in words). `marks` are what happened on a day."""
    if cells.empty:
        return theme.empty(tr("Nothing was read in these days"), 120)
    rows = cells.assign(
        state_words=[tr(OUTCOMES[one]) for one in cells["state"]],
        begin=[theme.utc_ms(day) for day in cells["day"]],
        end=[theme.utc_ms(day + timedelta(days=1)) for day in cells["day"]],
        when=[on.when(day, year=False) for day in cells["day"]],
    )
    titles = list(dict.fromkeys(rows["title"]))
    x = theme.x_days("begin", first=first, last=last + timedelta(days=1), labels=4)
    words = [
        alt.Tooltip("title:N", title=tr("Connection")),
        alt.Tooltip("when:N", title=tr("Day")),
        alt.Tooltip("counts:N", title=tr("Reads")),
    ]
    drawn: alt.Chart = (
        alt.Chart(rows)
        .mark_rect(cornerRadius=2, xOffset=1, x2Offset=-1)
        .encode(x, alt.X2("end:T"), _rows(titles), _scale(_RUN_COLOURS, OUTCOMES, set(rows["state"])), tooltip=words)
    )
    layers = [drawn, *on_axis(marks, first, last, x)]
    return alt.layer(*layers).properties(height=_ROW * len(titles) + _FOOT)
