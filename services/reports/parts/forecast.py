"""Where a metric is heading, with its band and how far to trust it."""

from __future__ import annotations

import pandas as pd

from analytics.metrics.registry import METRICS
from charts import forecast, theme
from core.errors import NotEnoughData
from core.language import mark, tr
from core.question import Period
from core.report import Block, Column, Holds, Plot, Section, Shape
from services import ahead
from services.ahead import Outlook, words
from services.daily import Daily
from services.reports.making import Making, table
from services.reports.part import Option, Part
from services.studies.forecasts import HORIZON, WATCHED
from services.team import annotation

FURTHEST = max(ahead.HORIZONS)


def make(making: Making, block: Block) -> Section:
    """The chart of the forecasts' page; nothing but why where the forecast has not proved itself."""
    found = _found(making)
    of = found.daily
    if of is None or found.ahead.empty or found.report is None:
        raise NotEnoughData(found.why_none)
    making.known.explanations.setdefault(of.metric.name, of.explanation)
    if not found.report.trusted:
        raise NotEnoughData(words.why_hidden(found.report, stands=found.stands))
    past, coming = _past(of, found.horizon), found.ahead.assign(day=[stamp.date() for stamp in found.ahead["day"]])
    title = tr(of.metric.title)
    span = Period(past["day"].iloc[0], past["day"].iloc[-1])
    marks = tuple((one.day, one.text) for one in annotation.between(making.viewer, span))
    shown = forecast.Shown(past, coming, title, of.metric.unit, of.currency)
    holds = Holds.of(of.metric.unit)
    columns = (
        Column(tr("Day"), Holds.DAY), Column(title, holds, of.currency, of.metric.name),
        *(Column(tr(name), holds, of.currency) for name in (mark("Forecast"), mark("Band from"), mark("Band to"))),
    )  # fmt: skip
    rows = pd.concat([past, coming], ignore_index=True)
    return Section(
        block.id,
        Shape.CHART,
        tr("{metric}: the next {n} days", metric=title, n=found.horizon),
        words.finding(found),
        chart=theme.spec(forecast.chart(shown, zero=not found.stands, marks=marks)),
        words=words.finding(found),
        table=table(columns, *(rows[name] for name in ("day", "value", "mean", "lower", "upper"))),
        plot=Plot("line", 0, (1, 2, 3, 4)),
        notes=tuple(_notes(found)),
    )


def _found(making: Making) -> Outlook:
    """The forecast of the kept study where that reaches far enough, else one made now."""
    metric, days, where = making.settings["metric"], making.settings["days"], making.asked.where
    horizon = HORIZON if days <= HORIZON else days
    found = making.once(
        ("outlook", metric, where, horizon),
        lambda: ahead.outlook(making.viewer, metric, where, horizon, now=making.now),
    )
    return ahead.first(found, days)


def _past(of: Daily, days: int) -> pd.DataFrame:
    values = of.values.tail(max(ahead.PAST * days, HORIZON))
    return pd.DataFrame({"day": [stamp.date() for stamp in values.index], "value": values.to_numpy()})


def _notes(found: Outlook) -> list[str]:
    """The report card, the sum of the days, and what a reader must know."""
    report = words.card(found.report, stands=found.stands) if found.report else ()
    in_all = words.in_all(found, found.in_all) if found.in_all else ()
    return [*(f"{what}: {said}" for what, said in (*in_all, *report)), *found.cautions]


PART = Part(
    mark("Forecast"),
    mark("Where a metric is heading, with its band; hidden, with the reason, where it is not to be trusted."),
    ":material/online_prediction:",
    Shape.CHART,
    make,
    (
        Option("metric", mark("Metric"), "metric", "views", of=tuple(name for name in WATCHED if name in METRICS)),
        Option("days", mark("Days ahead"), "number", HORIZON, least=7, most=FURTHEST),
    ),
)
