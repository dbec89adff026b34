"""The charts of a page as plain values: drawn once per answer, kept with it, sent again as they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from charts import comparison, theme, trend
from charts import pulse as pulse_chart
from charts.marks import Told
from core.language import figure, mark, tr
from core.question import Answer, Period
from core.viewer import Viewer
from services.connecting.platforms import title as platform_title
from services.pulse import Pulse
from services.team import annotation, targets
from services.words import calendar
from ui import format

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


def pulse(answer: Pulse, marks: Told = ()) -> PulseScreen:
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
    drawn = pulse_chart.bars(rows, tr("Engagement"), marks=marks)
    total = tr("Engagement by hour over the last 24 hours, {total} in all", total=figure(f"{rows['value'].sum():,.0f}"))
    return PulseScreen(answer, Drawing(theme.spec(drawn), table, total))


def by_day(
    answer: Answer,
    metric: str,
    marks: Told = (),
    *,
    goals: Mapping[str, float] | None = None,
    zero: bool = True,
    height: int = theme.HEIGHT,
) -> Drawing:
    """A metric over time, with what happened, and what its target asks of each day."""
    goal = targets.by_day(goals or {}, metric)
    series = trend.series(answer, metric, title=answer.explain(metric).title)
    columns = {
        "Day": answer.frame.loc[answer.frame["metric"] == metric, "bucket"].to_numpy(),
        series.title: series.days["value"],
    }
    if series.past_label:
        columns[tr("In {period}", period=series.past_label)] = series.days["previous"]
    table = pd.DataFrame({**columns, "Complete": ~series.days["unfinished"]})
    if goal is not None:
        table[mark("Target")] = goal
    if series.breaks:
        table["New definition"] = table["Day"].map(dict(series.breaks)).fillna("")
    drawn = trend.trend(series, zero=zero, height=height, marks=marks, goal=goal)
    return Drawing(theme.spec(drawn), annotated(table, list(table["Day"]), marks))


def happened(viewer: Viewer, period: Period, annotated: bool) -> Told:
    """What happened in a period, for every chart over time; nothing unless charts are to carry their marks."""
    return tuple((one.day, one.text) for one in annotation.between(viewer, period)) if annotated else ()


def annotated(table: pd.DataFrame, begins: Sequence[date], marks: Told) -> pd.DataFrame:
    """A table over time with what happened, beside the row of its time. `begins`: the first day of each row, rising."""
    if not marks:
        return table
    said: dict[int, list[str]] = {}
    for day, text in marks:
        said.setdefault(bisect_right(begins, day) - 1, []).append(text)
    return table.assign(Annotation=["; ".join(said.get(row, ())) for row in range(len(table))])


def said(title: str, answer: Answer, metric: str) -> str:
    """What a chart of a metric over time shows, for who cannot see it: when, its number and its change."""
    number = answer.totals[metric]
    words = f"{title}, {calendar.words(answer.period)}: {format.value_exact(number)}"
    change = format.change(number)
    return tr("{said}, {change} against the compared period", said=words, change=change) if change else words


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
