"""What comes, with its chart and what is told of how it was made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from charts import forecast, theme
from charts.marks import Told
from core import language, verdict
from core.language import figure, mark, tr
from core.metric import Adds
from core.question import Explanation, Period, Where
from core.viewer import Viewer
from services import ahead, daily
from services.ahead import Outlook, words
from ui import drawings
from ui.drawings import Drawing

_HEIGHT = 340
_DEFINITION = mark(
    "The middle of what is expected for each coming day, and the band in which 95 of 100 days should lie. It is pooled "
    "from simple models, each weighted by how it did on the past. It knows nothing of what was never seen before, such "
    "as a launch or a ban."
)
_OF = {
    Adds.FLOW: mark("Each day is counted anew; days are added up for the sum."),
    Adds.STOCK: mark(
        "A level stands at the end of each day, so days are not added up. Its changes are forecast and added to where "
        "it stands."
    ),
    Adds.UNIQUE: mark("People are counted anew each day; the days are not added, for the same person comes again."),
}
_RATE = mark("A rate: each day's rate is forecast as it stands; rates are neither added nor averaged over days.")


@dataclass(frozen=True, slots=True, eq=False)
class ForecastScreen:
    """The answer with its chart, and the annotations of the days shown."""

    outlook: Outlook
    drawing: Drawing | None
    marks: Told


def choices(viewer: Viewer, where: Where, *, now: datetime) -> dict[str, str]:
    """The metrics to choose from, by name."""
    return daily.metrics(viewer, where)


def read(viewer: Viewer, where: Where, metric: str, horizon: int, annotated: bool, *, now: datetime) -> ForecastScreen:
    """The answer with its chart; with the marks of what happened if `annotated`."""
    found = ahead.outlook(viewer, metric, where, horizon, now=now)
    if found.daily is None:
        return ForecastScreen(found, None, ())
    span = Period(found.daily.last - timedelta(days=ahead.PAST * horizon - 1), found.daily.last)
    marks = drawings.happened(viewer, span, annotated)
    return ForecastScreen(found, drawing(found, marks, None), marks)


def drawing(found: Outlook, marks: Told, target: tuple[date, float] | None) -> Drawing | None:
    of = found.daily
    if of is None:
        return None
    values = of.values.tail(ahead.PAST * found.horizon)
    past = pd.DataFrame({"day": [stamp.date() for stamp in values.index], "value": values.to_numpy()})
    coming = found.ahead.assign(day=[stamp.date() for stamp in found.ahead["day"]])
    title = tr(of.metric.title)
    shown = forecast.Shown(past, coming, title, of.metric.unit, of.currency)
    drawn = forecast.chart(shown, zero=not found.stands, height=_HEIGHT, marks=marks,
                           target=target)  # fmt: skip
    table = pd.concat([past, coming], ignore_index=True)
    named = {"day": mark("Day"), "value": title, "mean": mark("Forecast"), "lower": mark("Band from"),
             "upper": mark("Band to")}  # fmt: skip
    table = drawings.annotated(table.rename(columns=named), list(table["day"]), marks)
    return Drawing(theme.spec(drawn), table, words.finding(found))


def span(found: Outlook) -> Period:
    """The days that are known."""
    of = found.daily
    if of is None:
        raise ValueError("there is no history")
    return Period(of.first, of.last)


def how_it_adds(found: Outlook) -> str:
    """Why days of it are added up, or are not."""
    of = found.daily
    return "" if of is None else tr(_OF.get(of.metric.adds, _RATE))


def made(found: Outlook) -> Explanation | None:
    """How the forecast is made."""
    of = found.daily
    if of is None:
        return None
    method = verdict.method(found.report.method) if found.report is not None else tr("none yet")
    known = tr("{n} of {days} days known", n=figure(f"{of.known:,}"), days=figure(f"{len(of.values):,}"))
    return Explanation(
        metric=of.metric.name,
        title=tr("the forecast of {metric}", metric=language.inside(tr(of.metric.title))),
        definition=f"{tr(_DEFINITION)} {how_it_adds(found)}",
        formula=method,
        inputs=of.explanation.inputs,
        coverage=f"{known}; {of.explanation.coverage}",
        notes=of.explanation.notes,
        period=span(found),
        compared_with=None,
        definition_version=of.explanation.definition_version,
        computed_at=found.computed_at,
    )
