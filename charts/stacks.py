"""How many there were of each, week by week: columns of parts, one colour for each platform."""

from __future__ import annotations

from datetime import date, timedelta

import altair as alt
import pandas as pd

from charts import days as on
from charts import theme
from core import numbers
from core.language import tr
from core.metric import Unit

_GAP = 0.12
"""The part of a week that stays empty beside its column."""


def weeks(shown: pd.DataFrame, title: str, *, last: date, height: int = theme.HEIGHT) -> theme.Drawn:
    """The chart, of rows `begin` (the first day of a week, or of the part of it that is meant), `platform`, `title` and
    `value` (NaN is not known); `last` is the last day of all."""
    if shown.empty or not shown["value"].notna().any():
        return theme.empty(tr("No data in this period"), height)
    known = shown[shown["value"].notna()].sort_values(["begin", "title"])
    begins = sorted(set(shown["begin"]))
    after = dict(zip(begins, [*begins[1:], last + timedelta(days=1)], strict=True))
    ends = [(theme.utc_ms(day), theme.utc_ms(after[day])) for day in known["begin"]]
    top = known.groupby("begin")["value"].cumsum()
    rows = known.drop(columns="begin").assign(
        start=[first + (end - first) * _GAP for first, end in ends],
        stop=[end - (end - first) * _GAP for first, end in ends],
        top=top,
        base=top - known["value"],
        when=[on.span(day, after[day] - timedelta(days=1)) for day in known["begin"]],
        exact=[numbers.exact(value, Unit.COUNT) for value in known["value"]],
    )
    ordered = rows.sort_values("title")
    platforms, named = (list(dict.fromkeys(ordered[name])) for name in ("platform", "title"))
    colour = alt.Color(
        "title:N",
        scale=alt.Scale(domain=named, range=[theme.platform_colour(one) for one in platforms]),
        legend=alt.Legend(orient="top", title=None, symbolType="square", symbolSize=90, columns=6, columnPadding=14),
    )
    words = [
        alt.Tooltip("when:N", title=tr("When")), alt.Tooltip("title:N", title=tr("Platform")),
        alt.Tooltip("exact:N", title=title),
    ]  # fmt: skip
    x = theme.x_days("start", first=begins[0], last=last + timedelta(days=1), labels=4)
    bar = alt.Chart(rows).mark_bar(cornerRadius=1)
    drawn: alt.Chart = bar.encode(
        x, alt.X2("stop:T"), theme.y_values("top", title), alt.Y2("base:Q"), colour, tooltip=words
    ).properties(height=height)
    return drawn
