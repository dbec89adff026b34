"""The audience over time: a line per platform. The axis need not start at zero, because a stock moves little."""

from __future__ import annotations

import altair as alt
import pandas as pd

from charts import theme
from core.metric import Unit
from core.question import Answer

MOST_SERIES = 7


def lines_data(answer: Answer, metric: str) -> pd.DataFrame:
    """One row per day and platform with a value: day, platform, title, value; at most seven platforms, the largest."""
    rows = answer.frame[(answer.frame["metric"] == metric) & answer.frame["value"].notna()]
    largest = rows.groupby("split")["value"].max().nlargest(MOST_SERIES).index
    rows = rows[rows["split"].isin(largest)]
    return pd.DataFrame(
        {
            "day": pd.to_datetime(rows["bucket"]),
            "platform": rows["split"],
            "title": rows["split"].map(lambda name: answer.split_titles.get(name, name)),
            "value": rows["value"],
        }
    )


def lines(answer: Answer, metric: str, title: str) -> alt.LayerChart | alt.FacetChart:
    """The chart."""
    drawn = lines_data(answer, metric)
    names = drawn.drop_duplicates("platform")
    scale = theme.colours(list(names["platform"]), list(names["title"]))
    base = alt.Chart(drawn).encode(
        x=alt.X("day:T", axis=theme.day_axis()),
        y=alt.Y("value:Q", axis=theme.value_axis(Unit.COUNT, title), scale=alt.Scale(zero=False, nice=True)),
        color=alt.Color("title:N", scale=scale, legend=alt.Legend(title=None, orient="top")),
        tooltip=[
            alt.Tooltip("day:T", title="Day", format="%A, %-d %b %Y"),
            alt.Tooltip("title:N", title="Platform"),
            alt.Tooltip("value:Q", title=title, format=",.0f"),
        ],
    )
    line = base.mark_line(strokeWidth=2)
    hit = base.mark_circle(size=90, opacity=0)
    return alt.layer(line, hit).properties(height=theme.HEIGHT)
