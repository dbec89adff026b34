"""One metric side by side: a bar per platform, longest first, with the value written at its end."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import theme
from core.metric import Unit
from core.question import Answer

SELECTION = "chosen"


def bars_data(answer: Answer, metric: str) -> pd.DataFrame:
    """One row per platform that has a value: platform, title, value."""
    found = [
        (name, answer.split_titles.get(name, name), number.value)
        for (name, asked), number in answer.by_split.items()
        if asked == metric and number.value is not None
    ]
    return pd.DataFrame(found, columns=["platform", "title", "value"]).sort_values("value", ascending=False)


def bars(answer: Answer, metric: str, title: str, unit: Unit) -> alt.LayerChart | alt.FacetChart:
    """The chart; a click on a bar selects its platform under the name `chosen`."""
    drawn = bars_data(answer, metric)
    order = list(drawn["title"])
    base = alt.Chart(drawn).encode(
        x=alt.X("value:Q", axis=None, scale=alt.Scale(zero=True, padding=36)),
        y=alt.Y("title:N", sort=order, axis=alt.Axis(title=None, domain=False, ticks=False, labelPadding=8)),
        tooltip=[
            alt.Tooltip("title:N", title="Platform"),
            alt.Tooltip("value:Q", title=title, format=theme.number_format(unit)),
        ],
    )
    chosen = alt.selection_point(fields=["platform"], name=SELECTION)
    marks = base.mark_bar(cornerRadiusEnd=3, size=18).encode(
        color=alt.Color("title:N", scale=theme.colours(list(drawn["platform"]), order), legend=None),
        opacity=alt.condition(chosen, alt.value(1), alt.value(0.45)),
    )
    shown = ".1%" if unit is Unit.RATIO else ".3~s"
    labels = base.mark_text(align="left", dx=6, color=theme.PAST).encode(text=alt.Text("value:Q", format=shown))
    height = max(theme.HEIGHT // 2, 44 * len(drawn))
    return alt.layer(marks.add_params(chosen), labels).properties(height=height)
