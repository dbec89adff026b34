"""How many there are of each: bars from zero with the number at the end."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import theme
from core.language import tr

_ROW = 26
_ROOM = 1.25


def bars(shown: pd.DataFrame, *, labels: int = 200) -> theme.Drawn:
    """One bar for each row, in the order given: `name`, `value`, `words` (at the end of the bar) and `hover`."""
    if shown.empty:
        return theme.empty(tr("Nothing to count yet"), 120)
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=labels, labelOverlap=False)
    y = alt.Y("name:N", sort=list(shown["name"]), axis=axis)
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, float(shown["value"].max()) * _ROOM or 1.0]))
    words = [alt.Tooltip("name:N", title=tr("Which")), alt.Tooltip("hover:N", title=tr("How often"))]
    bar = alt.Chart(shown).mark_bar(color=theme.ACCENT, height=alt.RelativeBandSize(0.5), cornerRadiusEnd=3)
    text = alt.Chart(shown).mark_text(align="left", dx=6, fontSize=12, fontWeight=600, color=theme.TEXT)
    layers = [bar.encode(x, y, tooltip=words), text.encode(x, y, text="words:N", tooltip=words)]
    return alt.layer(*layers).properties(height=_ROW * len(shown) + 12)
