"""What may come: a likely range with its middle for each, from zero."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import locale, theme
from core.language import tr

_ROW = 54
_ROOM = 1.12


def drawn(shown: pd.DataFrame, unit: str) -> theme.Drawn:
    """One row for each: `name`, `lower`, `median`, `upper`, `usual` (NaN: none), and in words `middle`, `range`,
    `before`. A short line marks what is usual."""
    known = shown[shown["median"].notna()]
    if known.empty:
        return theme.empty(tr("Nothing can be said yet"), 120)
    axis = alt.Axis(title=None, ticks=False, domain=False, tickCount=4, labelPadding=6, labelExpr=locale.values())
    most = float(known[["upper", "usual"]].max().max()) * _ROOM or 1.0
    scale = alt.Scale(domain=[0, most], nice=False)
    names = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=130)
    y = alt.Y("name:N", sort=list(shown["name"]), axis=names)
    words = [alt.Tooltip("name:N", title=tr("Draft")), alt.Tooltip("middle:N", title=tr("Expected {unit}", unit=unit)),
             alt.Tooltip("range:N", title=tr("Likely")),
             alt.Tooltip("before:N", title=tr("Usual of the account"))]  # fmt: skip
    base = alt.Chart(known)
    line = base.mark_rule(color=theme.ACCENT, strokeWidth=8, opacity=0.28, strokeCap="round")
    dot = base.mark_point(color=theme.ACCENT, filled=True, size=90, opacity=1)
    text = base.mark_text(color=theme.TEXT, dy=-15, fontSize=12, fontWeight=600)
    middle = alt.X("median:Q", axis=axis, scale=scale)
    layers = [
        line.encode(alt.X("lower:Q", axis=axis, scale=scale), alt.X2("upper:Q"), y, tooltip=words),
        dot.encode(middle, y, tooltip=words),
        text.encode(middle, y, text="middle:N"),
    ]
    usual = known[known["usual"].notna()]
    if len(usual):
        tick = alt.Chart(usual).mark_tick(color=theme.PREVIOUS, thickness=2, height=26)
        layers.insert(1, tick.encode(alt.X("usual:Q", axis=axis, scale=scale), y, tooltip=words))
    return alt.layer(*layers).properties(height=_ROW * len(shown) + 30)
