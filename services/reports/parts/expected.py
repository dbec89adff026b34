"""A metric day by day, against what was expected."""

from __future__ import annotations

from analytics.metrics.registry import METRICS
from charts import anomalies, theme
from core.errors import NotEnoughData
from core.language import mark, tr
from core.metric import Adds
from core.report import Block, Column, Holds, Plot, Section, Shape
from services import daily, unusual_days
from services.reports.making import Making, table
from services.reports.part import Option, Part
from services.studies.unusual import WATCHED
from services.words import calendar


def make(making: Making, block: Block) -> Section:
    """The band of the page about unusual days."""
    asked, metric = making.asked, making.settings["metric"]
    of, place = daily.metric(making.viewer, metric), asked.where.platforms[0] if len(asked.where.platforms) == 1 else ""
    found = making.once(
        ("expected", metric, asked.where, asked.period),
        lambda: unusual_days.course(making.viewer, metric, asked.where, place, asked.period, now=making.now),
    )
    if found.frame.empty:
        raise NotEnoughData(found.why_none)
    rows, title, holds = found.frame, tr(of.title), Holds.of(of.unit)
    drawn = anomalies.course(rows, title=title, unit=of.unit, zero=of.adds is not Adds.STOCK)
    days = ", ".join(calendar.day_words(day, year=True) for day in rows.loc[rows["is_anomaly"], "day"])
    columns = (
        Column(tr("Day"), Holds.DAY), Column(title, holds, "", metric), Column(tr("Expected"), holds),
        Column(tr("From"), holds), Column(tr("To"), holds), Column(tr("Unusual")),
    )  # fmt: skip
    marked = [tr("yes") if one else "" for one in rows["is_anomaly"]]
    making.ask(metric)
    return Section(
        block.id,
        Shape.CHART,
        tr("{metric} by day against what was expected", metric=title),
        tr("Unusual: {days}", days=days or tr("no day")),
        chart=theme.spec(drawn),
        words=tr("{metric} by day against what was expected", metric=title),
        table=table(columns, *(rows[name] for name in ("day", "value", "expected", "lower", "upper")), marked),
        plot=Plot("line", 0, (1, 2)),
        notes=found.cautions,
    )


PART = Part(
    mark("Against what was expected"),
    mark("A metric day by day with the range that its own past lets expect."),
    ":material/query_stats:",
    Shape.CHART,
    make,
    (Option("metric", mark("Metric"), "metric", "engagement", of=tuple(name for name in WATCHED if name in METRICS)),),
)
