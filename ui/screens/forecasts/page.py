"""The page below its title: what comes with its band, how far to trust it, the sum, and what a target takes.

This module owns the keys `ahead_metric` and `ahead_days`, which stand in the link.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.language import figure, mark, tr
from core.metric import Unit
from core.question import Where
from services import ahead
from services.ahead import Outlook, words
from services.words import calendar
from ui import annotating, filters, format, links, load, panels, states
from ui.load import Workspace
from ui.page import style
from ui.screens.forecasts import reading, target
from ui.screens.forecasts.reading import ForecastScreen
from ui.states import boundary

_METRIC, _HORIZON, _ANYWAY = "ahead_metric", "ahead_days", "_ahead_anyway"
_DAYS = 28
_HORIZONS = [str(days) for days in ahead.HORIZONS]


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("ahead")
    if not load.accounts(workspace):
        states.not_connected()
        return
    where = filters.current().where
    titles = load.screen(workspace, reading.choices, where)
    if not titles:
        states.empty(tr("The chosen platforms give no numbers by day."), icon=":material/event_busy:")
        return
    metric, horizon = _picked(titles), _horizon()
    with st.skeleton(height=420):
        screen = load.screen(workspace, reading.read, where, metric, horizon, annotating.shown())
    _head(screen.outlook, titles, metric)
    if screen.drawing is None:
        states.empty(screen.outlook.why_none, icon=":material/event_busy:", to="connections",
                     label=tr("Check the connections"), key="days")  # fmt: skip
        return
    _body(workspace, screen, metric, _is_shown(screen.outlook, where, metric))


def _picked(titles: dict[str, str]) -> str:
    """The metric: the chosen one, if the platforms in view give it; the link has it by its title."""
    return links.chosen(_METRIC, list(titles), lambda name: _title(name, titles)) or next(iter(titles))


def _title(name: str, titles: dict[str, str]) -> str:
    """What a metric is called in the language of the moment."""
    metric = load.metric(name)
    return titles.get(name, name) if metric is None else tr(metric.title)


def _horizon() -> int:
    return int(links.chosen(_HORIZON, _HORIZONS, _days) or _DAYS)


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
        known, days = figure(f"{found.daily.known:,}"), calendar.words(reading.span(found), year=True)
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
        goal = target.panel(workspace, found, metric)
    with left:
        _chart(workspace, screen, goal)
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


def _chart(workspace: Workspace, screen: ForecastScreen, goal: tuple[date, float] | None) -> None:
    found, of = screen.outlook, screen.outlook.daily
    drawing = screen.drawing if goal is None else reading.drawing(found, screen.marks, goal)
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
        explanation=reading.made(found),
        time_zone=workspace.time_zone,
        beside=lambda: annotating.button(workspace, reading.span(found)),
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
            st.text(reading.how_it_adds(found))
