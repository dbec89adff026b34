"""Parts of a whole, side by side: one bar from 0 to 100 % per platform, the same order and colours in each."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import theme
from core import numbers
from core.language import figure, tr
from core.metric import Unit

_ROW = 38
_ROOM = 30
_NAMED = 0.07
"""The share from which a part has room for its figure."""
_DARK = {theme.SERIES[0], theme.SERIES[2], theme.SERIES[3]}
"""Those on which white reads better."""


def bars(shown: pd.DataFrame, kinds: list[str], of: str) -> theme.Drawn:
    """The chart, of rows `title`, `kind`, `value` and `share`; `kinds` in the order drawn, `of` names a part. A click
    picks the platform, where rows have one."""
    if shown.empty:
        return theme.empty(tr("No data in this period"))
    present = [kind for kind in kinds if kind in set(shown["kind"])]
    rows = _placed(shown, kinds)
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=120)
    y = alt.Y("title:N", sort=list(dict.fromkeys(rows["title"])), axis=axis)
    x = alt.X("begin:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=present, range=[theme.SERIES[kinds.index(kind)] for kind in present]),
        legend=alt.Legend(
            orient="top",
            title=None,
            symbolType="square",
            symbolSize=90,
            columnPadding=10,
            columns=alt.ExprRef("width < 400 ? 2 : 5"),
        ),
    )
    words = [
        alt.Tooltip("title:N", title=tr("Platform")),
        alt.Tooltip("kind:N", title=of),
        alt.Tooltip("part:N", title=tr("Share")),
        alt.Tooltip("count:N", title=tr("Number")),
    ]
    shape = alt.Chart(rows).mark_bar(height=alt.RelativeBandSize(0.6))
    bar = shape.encode(x, alt.X2("end:Q"), y, colour, tooltip=words)
    if theme.PICK in rows:
        bar = bar.add_params(theme.picking())
    wide = rows[rows["share"] >= _NAMED]
    middle = x.copy()
    middle.shorthand = "middle:Q"
    ink = alt.Color("ink:N", scale=None, legend=None)
    text = alt.Chart(wide).mark_text(fontSize=11, fontWeight=600).encode(middle, y, ink, text="short:N")
    height = _ROW * rows["title"].nunique() + _ROOM
    drawn: alt.LayerChart = alt.layer(bar, text).resolve_scale(color="independent").properties(height=height)
    return drawn


def _placed(shown: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    """Where each part begins and ends, and the words for it."""
    order = {kind: at for at, kind in enumerate(kinds)}
    at = shown["title"].map({title: at for at, title in enumerate(dict.fromkeys(shown["title"]))})
    rows = shown.assign(row=at, place=shown["kind"].map(order)).sort_values(["row", "place"], ignore_index=True)
    end = rows.groupby("row")["share"].cumsum()
    return rows.assign(
        begin=end - rows["share"],
        end=end,
        middle=end - rows["share"] / 2,
        part=[numbers.short(one, Unit.RATIO) for one in rows["share"]],
        short=[figure(f"{one * 100:.0f}") + " %" for one in rows["share"]],
        ink=[theme.PAPER if theme.SERIES[order[kind]] in _DARK else theme.INK for kind in rows["kind"]],
        count=[numbers.exact(one, Unit.COUNT) for one in rows["value"]],
    )
