"""A metric day by day, one line for each platform or account."""

from __future__ import annotations

from dataclasses import replace

from charts import courses, theme
from charts.courses import Course
from core.errors import NotEnoughData
from core.language import mark, tr
from core.report import Block, Column, Holds, Plot, Section, Shape
from services import comparison
from services.comparison import Trends
from services.reports import beside
from services.reports.making import Making, column, table
from services.reports.part import Option, Part
from services.team import annotation

_SCALES = {"same": mark("One axis"), "index": mark("Indexed")}


def make(making: Making, block: Block) -> Section:
    """The lines of the page that compares: the largest six and the others together."""
    chosen = making.settings
    found = _trends(making, chosen["metric"], chosen["split"], indexed=chosen["scale"] == "index")
    if not found.lines:
        raise NotEnoughData(tr("There are no numbers in this period."), hint=found.number.why_none)
    marks = [(one.day, one.text) for one in annotation.between(making.viewer, making.asked.period)]
    shown = tuple(Course(line.title, line.platform, line.values, line.unfinished) for line in found.lines)
    drawn = courses.lines(
        shown, found.days, title=found.title, unit=found.unit, currency=found.currency, indexed=found.indexed,
        zero=comparison.begins_at_zero(found.metric), marks=tuple(marks),
    )  # fmt: skip
    one = column("", found.number)
    holds = [Column(line.title, Holds.SCORE) if found.indexed else replace(one, title=line.title) for line in shown]
    return Section(
        block.id,
        Shape.CHART,
        tr("{metric} by day", metric=found.title),
        tr("each line in per cent of its first day, which is 100") if found.indexed else "",
        chart=theme.spec(drawn),
        words=tr("{metric} by day: {names}", metric=found.title, names=", ".join(line.title for line in shown)),
        table=table((Column(tr("Day"), Holds.DAY), *holds), found.days, *(line.values for line in shown)),
        plot=Plot("line", 0, tuple(range(1, len(shown) + 1))),
        notes=found.notes,
    )


def _trends(making: Making, metric: str, split: str, *, indexed: bool) -> Trends:
    asked = making.asked
    found = making.once(
        ("courses", asked.period, asked.where, split, metric, indexed),
        lambda: comparison.trends(making.viewer, asked, metric, split=split, indexed=indexed, now=making.now),
    )
    making.known.explanations.setdefault(metric, found.explanation)
    return found


PART = Part(
    mark("Over time, side by side"),
    mark("A metric day by day, one line for each platform or account."),
    ":material/stacked_line_chart:",
    Shape.CHART,
    make,
    (
        Option("metric", mark("Metric"), "metric", "engagement"),
        beside.SPLIT,
        Option("scale", mark("Scale"), "choice", "same", _SCALES),
    ),
)
