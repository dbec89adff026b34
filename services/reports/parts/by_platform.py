"""A metric platform by platform."""

from __future__ import annotations

from charts import comparison, theme
from core.language import mark, tr
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.reports.making import Making, column, table
from services.reports.part import Option, Part


def make(making: Making, block: Block) -> Section:
    """The bars of the overview, biggest first."""
    metric = making.settings["metric"]
    answer = making.ask(metric, split="platform")
    title, rows = answer.explain(metric).title, comparison.rows(answer, metric)
    numbers = [answer.by_split[platform, metric] for platform in rows["platform"]]
    number = answer.totals[metric]
    columns = (
        Column(tr("Platform")),
        column(title, number),
        column(tr("Before"), number),
        Column(tr("Change"), Holds.CHANGE),
    )
    return Section(
        block.id,
        Shape.CHART,
        tr("{title} by platform", title=title),
        chart=theme.spec(comparison.bars(rows, title)),
        words=", ".join(f"{name} {short}" for name, short in zip(rows["title"], rows["short"], strict=True)),
        table=table(columns, rows["title"], rows["value"], rows["previous"], [one.change for one in numbers]),
        plot=Plot("bar", 0, (1,)),
        notes=making.notes(answer),
    )


PART = Part(
    mark("By platform"),
    mark("A metric platform by platform, with its change."),
    ":material/bar_chart:",
    Shape.CHART,
    make,
    (Option("metric", mark("Metric"), "metric", "views"),),
)
