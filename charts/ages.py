"""How old numbers are when platforms change them: the share that changes at each age, a line for each platform."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import theme
from core.language import tr


def lines(shown: pd.DataFrame, *, height: int = 190) -> theme.Drawn:
    """The chart, of rows platform, title, age (days) and share; a share that is not known is a gap."""
    known = shown[shown["share"].notna()]
    if known.empty:
        return theme.empty(tr("Not enough numbers were watched yet"), height)
    titles = known.drop_duplicates("title")
    colour = alt.Color(
        "title:N",
        scale=alt.Scale(
            domain=titles["title"].tolist(), range=[theme.platform_colour(one) for one in titles["platform"]]
        ),
        legend=alt.Legend(title=None, orient="top", symbolType="stroke", columns=alt.ExprRef("width < 520 ? 3 : 7")),
    )
    axis = alt.Axis(title=tr("days after its day"), grid=False, ticks=False, domain=False, labelPadding=6, tickCount=8,
                    titleFontWeight="normal")  # fmt: skip
    x = alt.X("age:Q", axis=axis, scale=alt.Scale(domain=[1, int(known["age"].max())], nice=False))
    words = [
        alt.Tooltip("title:N", title=tr("Platform")),
        alt.Tooltip("age:Q", title=tr("Days after its day")),
        alt.Tooltip("share:Q", title=tr("Changed"), format=".1%"),
    ]
    base = alt.Chart(known).encode(x, theme.y_values("share", tr("changed"), ratio=True), colour, tooltip=words)
    return alt.layer(base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=28)).properties(height=height)
