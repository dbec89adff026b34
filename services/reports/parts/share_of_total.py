"""Which part of a total each platform, or account, brings."""

from __future__ import annotations

import pandas as pd

from analytics.metrics import registry
from charts import comparison, theme
from core import numbers
from core.language import mark, tr
from core.metric import Adds, Unit
from core.report import Block, Column, Holds, Plot, Section, Shape
from services.comparison import Comparison
from services.reports import beside
from services.reports.making import Making, column, table
from services.reports.part import Option, Part

MOST = 8
"""So many are drawn; all stand in the table."""
ADDING = tuple(
    one.name
    for one in registry.METRICS.values()
    if one.adds in {Adds.FLOW, Adds.STOCK} and one.unit is not Unit.RATIO and one.grain == "day"
)
"""The metrics of which parts make a whole."""


def make(making: Making, block: Block) -> Section:
    """The bars of the page that compares, with the share of the total."""
    metric, split = making.settings["metric"], making.settings["split"]
    found = beside.compared(making, split, (metric,))
    title, rows = found.answer.explain(metric).title, _rows(found, metric)
    number = found.total[metric]
    columns = (
        Column(tr(beside.NAMES[split])),
        column(title, number),
        Column(tr("Share of total"), Holds.RATIO),
        column(tr("Before"), number),
        Column(tr("Change"), Holds.CHANGE),
    )
    notes = [tr("The chart shows the {most} largest of {n}.", most=MOST, n=len(rows))] if len(rows) > MOST else []
    drawn = comparison.bars(rows.head(MOST), title, labels=90 if split == "platform" else 150)
    return Section(
        block.id,
        Shape.CHART,
        tr("{metric}: share of the total", metric=title),
        chart=theme.spec(drawn),
        words=", ".join(f"{name} {short}" for name, short in zip(rows["title"], rows["short"], strict=True)),
        table=table(columns, rows["title"], rows["value"], rows["share"], rows["previous"], rows["moved"]),
        plot=Plot("bar", 0, (2,)) if rows["share"].notna().any() else Plot("bar", 0, (1,)),
        notes=(*notes, *making.notes(found.answer)),
    )


def _rows(found: Comparison, metric: str) -> pd.DataFrame:
    """The rows of the chart, with each side's share beside its value."""
    rows, known = comparison.rows(found.answer, metric), {side.key: side for side in found.sides}
    sides = [known[key] for key in rows["platform"]]
    shares = [side.shares.get(metric, float("nan")) for side in sides]
    said = [
        short if share != share else f"{short} · {numbers.short(share, Unit.RATIO)}"
        for short, share in zip(rows["short"], shares, strict=True)
    ]
    moved = [side.numbers[metric].change for side in sides]
    return rows.assign(
        of=[side.platform for side in sides], title=[side.title for side in sides], share=shares, short=said,
        moved=pd.Series(moved, index=rows.index, dtype=object),
    )  # fmt: skip


PART = Part(
    mark("Share of the total"),
    mark("Which part of a metric each platform or account brings."),
    ":material/donut_small:",
    Shape.CHART,
    make,
    (Option("metric", mark("Metric"), "metric", "engagement", of=ADDING), beside.SPLIT),
)
