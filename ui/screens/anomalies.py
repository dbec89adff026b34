"""The parts of the Unusual days page: the list, and the chosen metric against what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from charts import anomalies, theme
from core.language import figure, mark, tr
from core.metric import Adds, Metric
from core.question import Explanation, Period, Where
from core.viewer import Viewer
from services import daily, unusual_days
from services.unusual_days import Course, UnusualDays, words
from services.words import calendar
from ui import annotating, drawings, filters, format, fresh, load, panels, states
from ui.drawings import Drawing
from ui.load import Workspace
from ui.page import style
from ui.screens import unusual_list, unusual_why
from ui.screens.unusual_list import DAY, METRIC, PLACE

_NOTE = mark("pale: the expected range; dashed: its middle; points: unusual days, click one to see why")
_NOTE_CUT = mark(
    "pale: the expected range; dashed: its middle; points: unusual days, click one to see why; the range goes on where "
    "the chart ends"
)
_DEFINITION = mark(
    "Each day is held against what its own past lets expect: the level, the weekday and how much days usually differ. "
    "It is named when it lies so far off that, if nothing had happened, about one such day a quarter would be named. "
    "An incident is named once, on the day it begins; a new level becomes the usual one after about a week."
)


@dataclass(frozen=True, slots=True, eq=False)
class CourseScreen:
    """A metric at a place, with its chart; `days` are its unusual days, newest first."""

    course: Course
    metric: Metric
    drawing: Drawing | None
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """What is looked at: a metric at a place."""

    metric: str
    place: str


def choices(viewer: Viewer, where: Where, *, now: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """The metrics and the places to choose from, by name."""
    return daily.metrics(viewer, where), unusual_days.places(viewer, where)


def read(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> UnusualDays:
    """The unusual days of the period."""
    return unusual_days.unusual_days(viewer, period, where, now=now)


def read_course(
    viewer: Viewer, series: Series, where: Where, period: Period, chosen: date | None, annotated: bool, *, now: datetime
) -> CourseScreen:
    """A metric at a place with its chart; the `chosen` day has a ring."""
    of = daily.metric(viewer, series.metric)
    found = unusual_days.course(viewer, series.metric, where, series.place, period, now=now)
    frame = found.frame
    if frame.empty:
        return CourseScreen(found, of, None, ())
    marks = drawings.happened(viewer, Period(frame["day"].iloc[0], frame["day"].iloc[-1]), annotated)
    title = tr(of.title)
    drawn = anomalies.course(
        frame, title=title, unit=of.unit, zero=of.adds is not Adds.STOCK, chosen=chosen, marks=marks,
    )  # fmt: skip
    names = {"day": mark("Day"), "value": title, "expected": mark("Expected"), "lower": mark("From"),
             "upper": mark("To"), "is_anomaly": mark("Unusual")}  # fmt: skip
    table = drawings.annotated(frame[list(names)].rename(columns=names), list(frame["day"]), marks)
    days = tuple(sorted(frame.loc[frame["is_anomaly"], "day"], reverse=True))
    said = ", ".join(calendar.day_words(day, year=True) for day in days)
    alt = tr("{metric} by day against what was expected.", metric=title)
    alt += " " + (tr("Unusual: {days}", days=said) if said else tr("Unusual: no day"))
    return CourseScreen(found, of, Drawing(theme.spec(drawn), table, alt), days)


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    style("anomalies")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    titles, places = load.screen(workspace, choices, asked.where)
    if not titles:
        states.empty(tr("The chosen platforms give no numbers by day."), icon=":material/event_busy:")
        return
    with st.skeleton(height=420):
        answer = load.learnt(workspace, read, asked.period, asked.where)
    given = unusual_days.marks(workspace.viewer)
    _head(answer)
    series = _series(answer, titles, places)
    left, right = st.columns([4, 3], gap="xsmall")
    with left:
        unusual_list.draw(answer, given, asked.where)
        screen, day = _course(workspace, series, titles, places, _wanted(answer, series))
    with right:
        if day is not None:
            found = unusual_why.Found(series.metric, series.place, places[series.place], day, _row(screen, day),
                                      _doubt(answer, series, day))  # fmt: skip
            unusual_why.draw(workspace, found)
        else:
            _nothing()


def _head(answer: UnusualDays) -> None:
    """What was looked at, what stood out, and how many false alarms to expect."""
    said = [calendar.words(answer.period, year=True), tr("{n} series watched", n=answer.watched)]
    if answer.computed_at is not None:
        said.append(tr("computed {age}", age=format.age(answer.computed_at, load.now())))
    if answer.waiting:
        said.append(tr("{n} being computed, usually within a few minutes", n=answer.waiting))
    if answer.lacking:
        said.append(tr("{n} with too little history", n=answer.lacking))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        st.caption(format.plain(" · ".join(said)), width="stretch")
    with st.container(key="headline"):
        st.text(words.headline(answer))
    st.caption(tr(words.BUDGET))
    for one in answer.failed:
        st.caption(f":orange[:material/warning:] {format.plain(one)}")


def _series(answer: UnusualDays, titles: Mapping[str, str], places: Mapping[str, str]) -> Series:
    """What is looked at: as chosen, else the most striking day's."""
    first = answer.found[0] if answer.found else None
    metric = _one(METRIC, titles, first.metric if first else "views")
    place = _one(PLACE, places, first.place if first else "")
    return Series(metric, place)


def _one(key: str, options: Mapping[str, str], default: str) -> str:
    kept = st.session_state.get(key)
    if kept in options:
        return str(kept)
    st.session_state.pop(key, None)
    given = st.query_params.get(key)
    return next((one for one in (given, default) if one is not None and one in options), next(iter(options)))


def _doubt(answer: UnusualDays, series: Series, day: date) -> str:
    """Why the day may only be a matter of what was counted."""
    mine = (one for one in answer.found if (one.metric, one.place, one.day) == (series.metric, series.place, day))
    return next((words.doubt(one) for one in mine), "")


def _row(screen: CourseScreen, day: date) -> dict[str, float]:
    """What was on a day, and what was expected."""
    row = screen.course.frame[screen.course.frame["day"] == day].iloc[0]
    return {name: float(row[name]) for name in ("value", "expected", "lower", "upper")}


def _course(
    workspace: Workspace, series: Series, titles: Mapping[str, str], places: Mapping[str, str], wanted: date | None
) -> tuple[CourseScreen, date | None]:
    """The chart of what is looked at, with its choices; answers it with the day that is explained."""
    asked = filters.current()
    screen = load.screen(workspace, read_course, series, asked.where, asked.period, wanted, annotating.shown())
    day = wanted if wanted in screen.days else screen.days[0] if screen.days else None
    if day != wanted:
        screen = load.screen(workspace, read_course, series, asked.where, asked.period, day, annotating.shown())
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="unusual-choices"):
        _select(tr("Metric"), titles, METRIC, series.metric, 200)
        _select(tr("Where"), places, PLACE, series.place, 190)
        _days(screen.days, day)
    if screen.drawing is None:
        states.empty(screen.course.why_none, icon=":material/hourglass_top:", key="course")
        return screen, None
    metric = words.placed(tr(screen.metric.title), places[series.place] if series.place else "")
    panels.chart(
        tr("{metric} against what was expected", metric=metric),
        screen.drawing.spec,
        screen.drawing.table,
        key="unusual-course",
        alt_text=screen.drawing.words,
        note=tr(_NOTE_CUT if anomalies.is_cut(screen.course.frame) else _NOTE),
        explanation=_made(screen, asked.period),
        time_zone=workspace.time_zone,
        fresh=fresh.of_platforms({series.place}) if series.place and not screen.course.computed_at else None,
        on_pick=_pick_point,
        pick_key="pick-unusual",
        stretch=False,
        beside=lambda: annotating.button(workspace, asked.period),
    )
    for caution in screen.course.cautions:
        st.caption(f":material/info: {format.plain(caution)}")
    return screen, day


def _wanted(answer: UnusualDays, series: Series) -> date | None:
    """The day to explain: as chosen, else the most striking one of what is looked at."""
    given = st.session_state.get(DAY) or st.query_params.get(DAY, "")
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        mine = (one.day for one in answer.found if (one.metric, one.place) == (series.metric, series.place))
        return next(mine, None)


def _select(label: str, options: Mapping[str, str], key: str, chosen: str, width: int) -> None:
    """A choice that stands in the link as soon as it is shown, for what is shown first differs from day to day; a bound
    widget would leave out what it began with."""
    st.session_state[key] = chosen
    st.selectbox(label, list(options), key=key, format_func=lambda one: options.get(one, str(one)),
                 persist_state="session", label_visibility="collapsed", width=width)  # fmt: skip
    if st.query_params.get(key) != chosen:
        st.query_params[key] = chosen


def _days(days: tuple[date, ...], chosen: date | None) -> None:
    """The unusual days of what is looked at, as a choice that the keyboard reaches too."""
    if chosen is None:
        st.session_state.pop(DAY, None)
        st.query_params.pop(DAY, None)
        st.caption(tr("No unusual day here."))
        return
    titles = {day.isoformat(): calendar.day_words(day, year=True) for day in days}
    _select(tr("Day"), titles, DAY, chosen.isoformat(), 140)


def _pick_point() -> None:
    points = st.session_state["pick-unusual"].selection.get(anomalies.PICK) or []
    if points:
        st.session_state[DAY] = str(points[0][anomalies.ID])


def _nothing() -> None:
    with st.container(border=True, height="stretch", key="panel-why", gap="small"):
        st.markdown(f"**{tr('Why?')}**")
        st.caption(
            tr("Nothing to explain: no day of this metric stands out. Choose another metric, or a longer period.")
        )


def _made(screen: CourseScreen, period: Period) -> Explanation:
    known, days = int(screen.course.frame["value"].notna().sum()), len(screen.course.frame)
    return Explanation(
        metric=screen.metric.name,
        title=tr("unusual days"),
        definition=tr(_DEFINITION),
        formula=tr("unusual = the chance of so large a surprise is below that of about one false alarm a quarter"),
        inputs=(),
        coverage=tr("{known} of {days} days shown are known", known=figure(f"{known:,}"), days=figure(f"{days:,}")),
        notes=(),
        period=period,
        compared_with=None,
        computed_at=screen.course.computed_at,
    )
