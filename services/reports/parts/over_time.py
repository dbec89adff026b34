"""A metric day by day, with the period before beside it."""

from __future__ import annotations

from charts import theme, trend
from core.language import mark, tr
from core.question import By
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.reports.making import Making, column, table
from services.reports.part import Option, Part
from services.team import annotation


def make(making: Making, block: Block) -> Section:
    """The very chart the overview shows, and its days."""
    metric = making.settings["metric"]
    answer = making.ask(metric, by=By.DAY)
    title = answer.explain(metric).title
    series = trend.series(answer, metric, title=title)
    rows = answer.frame[answer.frame["metric"] == metric]
    marks = [(one.day, one.text) for one in annotation.between(making.viewer, answer.period)]
    number = answer.totals[metric]
    columns, values = [Column(tr("Day"), Holds.DAY), column(title, number)], [rows["bucket"], rows["value"]]
    if series.past_label:
        columns.append(column(tr("In {period}", period=series.past_label), number))
        values.append(rows["previous"])
    return Section(
        block.id,
        Shape.CHART,
        title,
        chart=theme.spec(trend.trend(series, marks=marks)),
        words=tr("{title} day by day", title=title),
        table=table(tuple(columns), *values),
        plot=Plot("line", 0, tuple(range(1, len(columns)))),
        notes=making.notes(answer),
    )


PART = Part(
    mark("Over time"),
    mark("A metric day by day, beside the period before."),
    ":material/show_chart:",
    Shape.CHART,
    make,
    (Option("metric", mark("Metric"), "metric", "views"),),
)
