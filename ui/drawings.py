"""The charts of a page as plain values: drawn once per answer, kept with it, sent again as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from charts import comparison, theme, trend
from charts import pulse as pulse_chart
from core.language import figure, tr
from core.question import Answer
from services.connecting.platforms import title as platform_title
from services.pulse import Pulse
from services.team.annotation import Annotation

SMALL = 150
"""The height of a chart that stands beside others, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """A chart as its Vega-Lite specification, the same numbers as a table, and words for who cannot see it."""

    spec: dict[str, Any]
    table: pd.DataFrame
    words: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PulseScreen:
    """The answer of the Pulse page with its chart."""

    answer: Pulse
    hours: Drawing


def pulse(answer: Pulse) -> PulseScreen:
    """Draw the last 24 hours."""
    names = {one: platform_title(one) for one in dict.fromkeys(answer.hours["platform"])}
    rows = pulse_chart.rows(answer.hours, names)
    table = pd.DataFrame(
        {
            "Hour": [moment.replace(tzinfo=None) for moment in answer.hours["start"]],
            "Platform": rows["title"],
            "Engagement": rows["value"].round(1),
            "How sure": rows["words"],
        }
    )
    drawn = pulse_chart.bars(rows, tr("Engagement"))
    total = tr("Engagement by hour over the last 24 hours, {total} in all", total=figure(f"{rows['value'].sum():,.0f}"))
    return PulseScreen(answer, Drawing(theme.spec(drawn), table, total))


def by_day(
    answer: Answer, metric: str, marks: Sequence[Annotation] = (), *, zero: bool = True, height: int = theme.HEIGHT
) -> Drawing:
    """A metric over time."""
    series = trend.series(answer, metric, title=answer.explain(metric).title)
    columns = {
        "Day": answer.frame.loc[answer.frame["metric"] == metric, "bucket"].to_numpy(),
        series.title: series.days["value"],
    }
    if series.past_label:
        columns[tr("In {period}", period=series.past_label)] = series.days["previous"]
    table = pd.DataFrame({**columns, "Complete": ~series.days["unfinished"]})
    if series.breaks:
        table["New definition"] = table["Day"].map(dict(series.breaks)).fillna("")
    if marks:
        days = answer.frame.loc[answer.frame["metric"] == metric, "bucket"]
        table["Annotation"] = ["; ".join(one.text for one in marks if one.day == day) for day in days]
    drawn = trend.trend(series, zero=zero, height=height, marks=[(one.day, one.text) for one in marks])
    return Drawing(theme.spec(drawn), table)


def by_platform(answer: Answer, metric: str) -> Drawing:
    """A metric platform by platform."""
    rows, title = comparison.rows(answer, metric), answer.explain(metric).title
    named = rows.rename(columns={"title": "Platform", "value": title, "previous": "Before", "change": "Change"})
    words = ", ".join(f"{name} {short}" for name, short in zip(rows["title"], rows["short"], strict=True))
    return Drawing(
        theme.spec(comparison.bars(rows, title)),
        named[["Platform", title, "Before", "Change"]],
        tr("{title} by platform: {values}", title=title, values=words or tr("no data")),
    )
