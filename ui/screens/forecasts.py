"""The parts of the Forecasts page: what comes with its band, how far to trust it, the sum, and what a target takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from charts import forecast, theme
from core import language, verdict
from core.language import figure, mark, tr
from core.metric import Adds, Unit
from core.question import Explanation, Period, Where
from core.viewer import Viewer
from services import ahead, daily
from services.ahead import Goal, Outlook, words
from services.team import annotation
from services.team.annotation import Annotation
from services.words import calendar
from ui import annotating, filters, format, links, load, panels, states
from ui.drawings import Drawing
from ui.load import Workspace
from ui.page import style
from ui.states import boundary

_METRIC, _HORIZON, _ANYWAY = "ahead_metric", "ahead_days", "_ahead_anyway"
_DAYS = 28
_HORIZONS = [str(days) for days in ahead.HORIZONS]
_HEIGHT = 340
_COLOURS = {"likely": "green", "open": "gray", "unlikely": "red"}
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
    marks: tuple[Annotation, ...]


def choices(viewer: Viewer, where: Where, *, now: datetime) -> dict[str, str]:
    """The metrics to choose from, by name."""
    return daily.metrics(viewer, where)


def read(viewer: Viewer, where: Where, metric: str, horizon: int, annotated: bool, *, now: datetime) -> ForecastScreen:
    """The answer with its chart; with the marks of what happened if `annotated`."""
    found = ahead.outlook(viewer, metric, where, horizon, now=now)
    if found.daily is None:
        return ForecastScreen(found, None, ())
    span = Period(found.daily.last - timedelta(days=ahead.PAST * horizon - 1), found.daily.last)
    marks = tuple(annotation.between(viewer, span)) if annotated else ()
    return ForecastScreen(found, _drawing(found, marks, None), marks)


def _drawing(found: Outlook, marks: Sequence[Annotation], target: tuple[date, float] | None) -> Drawing | None:
    of = found.daily
    if of is None:
        return None
    values = of.values.tail(ahead.PAST * found.horizon)
    past = pd.DataFrame({"day": [stamp.date() for stamp in values.index], "value": values.to_numpy()})
    coming = found.ahead.assign(day=[stamp.date() for stamp in found.ahead["day"]])
    title = tr(of.metric.title)
    shown = forecast.Shown(past, coming, title, of.metric.unit, of.currency)
    drawn = forecast.chart(shown, zero=not found.stands, height=_HEIGHT, marks=[(one.day, one.text) for one in marks],
                           target=target)  # fmt: skip
    table = pd.concat([past, coming], ignore_index=True)
    named = {"day": mark("Day"), "value": title, "mean": mark("Forecast"), "lower": mark("Band from"),
             "upper": mark("Band to")}  # fmt: skip
    return Drawing(theme.spec(drawn), table.rename(columns=named), words.finding(found))


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("ahead")
    if not load.accounts(workspace):
        states.not_connected()
        return
    where = filters.current().where
    titles = load.screen(workspace, choices, where)
    if not titles:
        states.empty(tr("The chosen platforms give no numbers by day."), icon=":material/event_busy:")
        return
    metric, horizon = _picked(titles), _horizon()
    with st.skeleton(height=420):
        screen = load.screen(workspace, read, where, metric, horizon, annotating.shown())
    _head(screen.outlook, titles, metric)
    if screen.drawing is None:
        states.empty(screen.outlook.why_none, icon=":material/event_busy:", to="connections",
                     label=tr("Check the connections"), key="days")  # fmt: skip
        return
    _body(workspace, screen, metric, _is_shown(screen.outlook, where, metric))


def _picked(titles: dict[str, str]) -> str:
    """The metric: the chosen one, if the platforms in view give it; the link has it by its title."""
    links.understand(_METRIC, list(titles), lambda name: _title(name, titles))
    kept = st.session_state.get(_METRIC)
    if kept in titles:
        return str(kept)
    st.session_state.pop(_METRIC, None)
    given = st.query_params.get(_METRIC, "")
    return next((name for name, title in titles.items() if title == given), next(iter(titles)))


def _title(name: str, titles: dict[str, str]) -> str:
    """What a metric is called in the language of the moment."""
    metric = load.metric(name)
    return titles.get(name, name) if metric is None else tr(metric.title)


def _horizon() -> int:
    links.understand(_HORIZON, _HORIZONS, _days)
    given = st.query_params.get(_HORIZON, "")
    linked = next((days for days in _HORIZONS if _days(days) == given), str(_DAYS))
    return int(st.session_state.get(_HORIZON) or linked)


def _days(days: str) -> str:
    return tr("{days} days", days=days)


def _is_shown(found: Outlook, where: Where, metric: str) -> bool:
    """Whether the forecast may be seen: it is trusted, or somebody wants it anyway."""
    anyway = (metric, found.horizon, where)
    return found.report is None or found.report.trusted or st.session_state.get(_ANYWAY) == anyway


def _head(found: Outlook, titles: dict[str, str], metric: str) -> None:
    """What is known, the choices, and what comes in one sentence."""
    said = []
    if found.daily is not None:
        known, days = figure(f"{found.daily.known:,}"), calendar.words(_span(found), year=True)
        said.append(tr("{n} days known, {days}", n=known, days=days))
    if found.report is not None:
        age = format.age(found.computed_at, load.now()) if found.computed_at else tr("just now")
        said.append(tr("computed {age}", age=age))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(format.plain(" · ".join(said)), width="stretch")
        st.session_state[_METRIC] = metric
        st.selectbox(tr("Metric"), list(titles), key=_METRIC, bind="query-params",
                     format_func=lambda name: titles.get(name, name),
                     label_visibility="collapsed", width=220)  # fmt: skip
        st.segmented_control(tr("Days ahead"), _HORIZONS, default=str(_DAYS), required=True, key=_HORIZON,
                             bind="query-params", format_func=_days,
                             label_visibility="collapsed", width="content")  # fmt: skip
    trusted = found.report is None or found.report.trusted
    if found.daily is not None:
        with st.container(key="headline"):
            title = tr(found.daily.metric.title)
            none = tr("{metric}: no forecast that is better than a simple guess.", metric=title)
            st.text(words.finding(found) if trusted else none)


def _span(found: Outlook) -> Period:
    of = found.daily
    if of is None:
        raise ValueError("there is no history")
    return Period(of.first, of.last)


def _body(workspace: Workspace, screen: ForecastScreen, metric: str, shown: bool) -> None:
    """Chart, report card, target and sum; or why there is no forecast; or that it is hidden."""
    found = screen.outlook
    if found.report is None:
        st.info(format.plain(found.why_none), icon=":material/hourglass_top:")
        _chart(workspace, screen, None)
        return
    left, right = st.columns([2, 1], gap="xsmall")
    with right:
        _card(found)
    if not shown:
        with left:
            _hidden(found, metric)
        return
    goals, sums = st.columns([2, 1], gap="xsmall")
    with goals:
        target = _what_if(workspace, found, metric)
    with left:
        _chart(workspace, screen, target)
    with sums:
        _sum(found)


def _hidden(found: Outlook, metric: str) -> None:
    """The notice that stands in place of a forecast that did not prove itself."""
    report = found.report
    if report is None:
        return
    with st.container(border=True, height="stretch", key="panel-hidden", gap="small"), boundary():
        st.markdown(f":orange[:material/visibility_off:] **{tr('This forecast is hidden')}**")
        st.text(words.why_hidden(report, stands=found.stands))
        st.caption(tr("A longer history, or another split by platforms and accounts, may be easier to foretell."))
        where = filters.current().where
        asked = (metric, found.horizon, where)
        st.button(tr("Show it anyway"), key="ahead_anyway", on_click=_show_anyway, args=(asked,))


def _show_anyway(asked: tuple[str, int, Where]) -> None:
    st.session_state[_ANYWAY] = asked


def _chart(workspace: Workspace, screen: ForecastScreen, target: tuple[date, float] | None) -> None:
    found, of = screen.outlook, screen.outlook.daily
    drawing = screen.drawing if target is None else _drawing(found, screen.marks, target)
    if of is None or drawing is None:
        return
    said = mark("{metric}, what was and what comes") if len(found.ahead) else mark("{metric} by day")
    asked = tr(said, metric=tr(of.metric.title))
    panels.chart(
        asked,
        drawing.spec,
        drawing.table,
        key="ahead",
        alt_text=drawing.words,
        note=_note(found),
        explanation=_made(found),
        time_zone=workspace.time_zone,
        beside=lambda: annotating.button(workspace, _span(found)),
    )


def _note(found: Outlook) -> str:
    if found.daily is None:
        return ""
    unit, said = found.daily.metric.unit, tr("a day")
    if found.stands:
        said = tr("at the end of each day")
    elif unit is Unit.MONEY:
        said = tr("{currency} a day", currency=found.daily.currency)
    elif unit is Unit.RATIO:
        said = tr("per cent")
    return f"{said}; {tr('dashed: the middle of the forecast, pale: its 95 % band')}" if len(found.ahead) else said


def _card(found: Outlook) -> None:
    """How the same method did on the past, in plain words, and what to keep in mind."""
    if found.report is None:
        return
    with st.container(border=True, height="stretch", key="panel-card", gap="small"):
        st.markdown(f"**{tr('How far to trust it')}**")
        if not found.report.trusted:
            why = words.why_hidden(found.report, stands=found.stands)
            st.caption(f":orange[:material/warning:] {format.plain(why)}")
        _facts(words.card(found.report, stands=found.stands))
        for caution in found.cautions:
            st.caption(f":material/info: {format.plain(caution)}")


def _facts(rows: Sequence[tuple[str, str]]) -> None:
    for name, value in rows:
        with st.container(gap=None):
            st.caption(name)
            st.text(value)


def _sum(found: Outlook) -> None:
    """The days ahead added up, or why they are not."""
    with st.container(border=True, height="stretch", key="panel-sum", gap="small"):
        if found.in_all is not None:
            st.markdown(f"**{tr('In all over {days} days', days=found.horizon)}**")
            _facts(words.in_all(found, found.in_all))
            st.caption(tr(words.WIDEST))
        elif found.daily is not None:
            st.markdown(f"**{tr('Why there is no sum')}**")
            st.text(tr(_OF.get(found.daily.metric.adds, _RATE)))


def _what_if(workspace: Workspace, found: Outlook, metric: str) -> tuple[date, float] | None:
    """A target and a day, and what they take; answers the target as it can be drawn on the chart."""
    of = found.daily
    if of is None:
        return None
    days = [stamp.date() for stamp in found.ahead["day"]]
    with st.container(border=True, height="stretch", key="panel-goal", gap="small"), boundary():
        st.markdown(f"**{tr('Will a target be reached?')}**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            day = st.date_input(tr("Reached by"), days[-1], days[0], days[-1], key=f"goal_day-{found.horizon}",
                                format="YYYY-MM-DD", persist_state="session", width=150)  # fmt: skip
            until = day if isinstance(day, date) and days[0] <= day <= days[-1] else days[-1]
            target = _target(workspace, found, metric, (until - days[0]).days + 1)
        if target is None:
            st.caption(tr("Type what you want to reach. Targets set on the overview are filled in by themselves."))
            return None
        made = ahead.goal(found, target, until)
        _answer(found, made)
    return None if found.adds or not _is_near(found, target) else (until, target)


def _is_near(found: Outlook, target: float) -> bool:
    """Whether a target can be drawn without flattening everything else."""
    if found.daily is None:
        return False
    known = pd.concat([found.daily.values.tail(ahead.PAST * found.horizon), found.ahead["lower"], found.ahead["upper"]])
    span = float(known.max() - known.min())
    return bool(known.min() - span <= target <= known.max() + span)


def _target(workspace: Workspace, found: Outlook, metric: str, days: int) -> float | None:
    of = found.daily
    if of is None:
        return None
    ratio = of.metric.unit is Unit.RATIO
    kept = ahead.kept_target(workspace.viewer, found, days)
    key = f"goal-{metric}-{days if found.adds else 0}"
    shown = None if kept is None else round(kept * (100 if ratio else 1), 4 if ratio else 2)
    label = f"{tr(of.metric.title)}{', %' if ratio else f', {of.currency}' if of.currency else ''}"
    if found.adds:
        label = tr(
            "{metric} in all, from {day}", metric=label, day=calendar.day_words(found.ahead["day"].iloc[0].date())
        )
    typed = st.number_input(label, value=shown, step=None, format="%g", key=key, persist_state="session", width=280)
    if typed is None:
        return None
    return typed / 100 if ratio else float(typed)


def _answer(found: Outlook, made: Goal) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        colour = _COLOURS[made.chance]
        st.badge(
            tr(words.CHANCES[made.chance]), color="green" if colour == "green" else "red" if colour == "red" else "gray"
        )
        st.text(words.verdict(found, made), width="stretch")
    st.text(words.pace(found, made))
    st.caption(tr("Likely: the whole band reaches it. Unlikely: none of it does. Open: the target lies inside."))


def _made(found: Outlook) -> Explanation | None:
    of = found.daily
    if of is None:
        return None
    method = verdict.method(found.report.method) if found.report is not None else tr("none yet")
    known = tr("{n} of {days} days known", n=figure(f"{of.known:,}"), days=figure(f"{len(of.values):,}"))
    return Explanation(
        metric=of.metric.name,
        title=tr("the forecast of {metric}", metric=language.inside(tr(of.metric.title))),
        definition=f"{tr(_DEFINITION)} {tr(_OF.get(of.metric.adds, _RATE))}",
        formula=method,
        inputs=of.explanation.inputs,
        coverage=f"{known}; {of.explanation.coverage}",
        notes=of.explanation.notes,
        period=_span(found),
        compared_with=None,
        definition_version=of.explanation.definition_version,
    )
