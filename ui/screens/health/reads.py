"""How reading goes: success and duration of each connection over thirty days, and the last runs with their log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd
import streamlit as st

from charts import courses, theme
from charts import states as drawn
from charts.courses import Course
from charts.marks import Told
from core import clock
from core.language import mark, tr, trn
from core.metric import Unit
from core.question import Period, Where
from core.viewer import Viewer
from services.quality import pace, standing_words
from services.quality.pace import DAYS, ENDED, Pace, Paces, RunLog
from ui import annotating, drawings, filters, format, load, panels, tables
from ui.drawings import SMALL, Drawing
from ui.load import Workspace
from ui.screens.connecting import words
from ui.states import boundary

_RUN = "_health_run"
_ROW_PX, _MOST_LINES = 34, 7
_COUNTS = {
    "Rows": st.column_config.NumberColumn(format="localized", width=80),
    "Requests": st.column_config.NumberColumn(format="localized", width=90),
}
_WORST = ("failed", "partial", "interrupted", "resting", "ok")


@dataclass(frozen=True, slots=True, eq=False)
class ReadsScreen:
    """How reading goes, with its charts; without `times` where nothing was timed on two days."""

    answer: Paces
    latest: tuple[RunLog, ...]
    outcomes: Drawing
    times: Drawing | None


def read(viewer: Viewer, where: Where, zone: str, annotated: bool, *, now: datetime) -> ReadsScreen:
    """How reading went, and the last runs; with the marks of what happened if `annotated`."""
    answer = pace.paces(viewer, where, now=now)
    first, last = (clock.local_day(one, zone) for one in (answer.since, now))
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    marks = drawings.happened(viewer, Period(first, last), annotated)
    outcomes, times = _outcomes(answer, days, marks), _times(answer, days, marks)
    return ReadsScreen(answer, pace.latest(viewer, where, now=now), outcomes, times)


def _outcomes(answer: Paces, days: list[date], marks: Told) -> Drawing:
    rows = []
    for (title, day), found in answer.days.groupby(["title", "day"], sort=False):
        counts = dict(zip(found["outcome"], found["runs"], strict=True))
        said = ", ".join(f"{counts[one]} {tr(drawn.OUTCOMES[one])}" for one in ENDED if one in counts)
        rows.append((title, day, next(one for one in _WORST if one in counts), said))
    cells = pd.DataFrame(rows, columns=["title", "day", "state", "counts"])
    table = answer.days.assign(Outcome=answer.days["outcome"].map(lambda one: tr(drawn.OUTCOMES[one])))
    table = table.rename(columns={"title": mark("Connection"), "day": mark("Day"), "runs": mark("Reads")})
    rough = int((cells["state"] != "ok").sum())
    chart = drawn.runs(cells, days[0], days[-1], marks)
    said = tr("{n} days of connections, {rough} with a read that was not good", n=len(cells), rough=rough)
    return Drawing(theme.spec(chart), table[["Connection", "Day", "Outcome", "Reads"]], said)


def _times(answer: Paces, days: list[date], marks: Told) -> Drawing | None:
    if answer.times["day"].nunique() < 2:
        return None
    lines = []
    for one in answer.connections[:_MOST_LINES]:
        mine = answer.times[answer.times["id"] == one.id].set_index("day")["seconds"]
        values = tuple(float(mine.get(day, float("nan"))) for day in days)
        title = str(answer.times.loc[answer.times["id"] == one.id, "title"].max()) if len(mine) else one.title
        lines.append(Course(title, one.platform, values, (False,) * len(days)))
    chart = courses.lines(tuple(lines), tuple(days), title=tr("seconds"), unit=Unit.SECONDS, height=SMALL + 40,
                          marks=marks)  # fmt: skip
    table = answer.times.rename(columns={"title": "Connection", "day": "Day", "seconds": mark("Median seconds"),
                                         "runs": mark("Reads timed")})  # fmt: skip
    return Drawing(theme.spec(chart), table.drop(columns="id"), tr("median seconds a read took, by day"))


def draw(workspace: Workspace) -> None:
    """Success and duration, then the last runs."""
    screen = load.screen(workspace, read, filters.current().where, workspace.time_zone, annotating.shown())
    if not any(one.runs for one in screen.answer.connections):
        st.caption(tr("Nothing was read in the last {n} days.", n=DAYS))
        return
    _paces(screen.answer)
    panels.chart(tr("Did reading succeed?"), screen.outcomes.spec, screen.outcomes.table, key="outcomes",
                 alt_text=screen.outcomes.words, stretch=False,
                 note=tr("each day of the last {n} in its worst read; no cell: nothing was read", n=DAYS))  # fmt: skip
    if screen.times is not None:
        note = tr("median seconds of a read by day, our own work included")
        panels.chart(tr("How long did reading take?"), screen.times.spec, screen.times.table, key="times",
                     alt_text=screen.times.words, note=note, stretch=False)  # fmt: skip
    _latest(workspace, screen.latest)


def _paces(answer: Paces) -> None:
    table = pd.DataFrame([_row(one) for one in answer.connections])
    with st.container(border=True, key="panel-paces"), boundary():
        panels.head(tr("Reading in the last 30 days"), key="paces", table=table,
                    note=tr("success: full reads among those that ended full, in part, or failed"))  # fmt: skip
        with st.container(key="wide-paces"):
            number = st.column_config.NumberColumn
            config = {"Success": st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100),
                      "Typical": number(format="%.1f s", width=84, help=tr("Median time of a read")),
                      "Slow": number(format="%.1f s", width=84, help=tr("One read of twenty takes longer")),
                      "A request": number(format="%.2f s", width=84,
                                          help=tr("Median time of a read over its requests, our own work included")),
                      "Requests": number(format="localized", width=84)}  # fmt: skip
            table, config = tables.told(table, config)
            st.dataframe(table, hide_index=True, height="content", row_height=_ROW_PX, column_config=config,
                         placeholder=tr("n/a"), alt=tr("How each connection was read"))  # fmt: skip
        with st.container(key="narrow-paces", gap="small"):
            for one in answer.connections:
                _item(one)
        if answer.rehearsed:
            st.caption(
                trn(
                    "{n} of these reads were rehearsed for the demo: they count, but were not timed.",
                    "{n} of these reads were rehearsed for the demo: they count, but were not timed.",
                    answer.rehearsed,
                )
            )


def _row(one: Pace) -> dict[str, object]:
    counts = dict(zip(ENDED, one.outcomes, strict=True))
    return {
        "Connection": one.title,
        "Success": None if one.success is None else one.success * 100,
        "Reads": one.runs,
        "In part": counts["partial"],
        "Failed": counts["failed"],
        "Rested or cut off": counts["resting"] + counts["interrupted"],
        "Typical": one.typical_s,
        "Slow": one.slow_s,
        "A request": one.per_request_s,
        "Requests": one.requests,
    }


def _item(one: Pace) -> None:
    success = tr("n/a") if one.success is None else standing_words.percent(one.success)
    took = tr("not timed")
    if one.typical_s is not None:
        took = tr("typically {time}", time=words.lasted(timedelta(seconds=one.typical_s)))
    reads, requests = trn("{n} read", "{n} reads", one.runs), trn("{n} request", "{n} requests", one.requests)
    with st.container(gap=None):
        st.markdown(f"**{format.plain(one.title)}** · {success}")
        st.caption(f"{reads}, {took}, {requests}")


def _latest(workspace: Workspace, latest: tuple[RunLog, ...]) -> None:
    """The last runs; a click on one shows how each stream went."""
    now, zone = clock.utc_now(), workspace.time_zone
    table = pd.DataFrame([_run_row(one, zone, now) for one in latest])
    with st.container(border=True, key="panel-latest"), boundary():
        note = tr("the last {n}; choose one to see its log", n=len(latest))
        panels.head(tr("Last reads"), key="latest", note=note, table=table)
        with st.container(key="wide-latest"):
            shown = table if table["Remarks"].ne("").any() else table.drop(columns="Remarks")
            tall = len(shown) > 10
            shown, config = tables.told(shown, _COUNTS)
            event = st.dataframe(shown, key="runs-latest", hide_index=True, row_height=_ROW_PX, placeholder=tr("n/a"),
                                 height=_ROW_PX * 11 if tall else "content", on_select="rerun",
                                 selection_mode="single-row", alt=tr("The last reads"),
                                 column_config=config)  # fmt: skip
        picked = event.selection.rows
        names = {at: f"{one.title}, {format.moment(one.began, zone, now)}" for at, one in enumerate(latest)}
        with st.container(key="narrow-latest"):
            chosen = st.selectbox(tr("Log of"), list(names), format_func=names.__getitem__, index=None, key=_RUN,
                                  placeholder=tr("Choose a read"))  # fmt: skip
        at = int(picked[0]) if picked else chosen
        if at is not None and at < len(latest):
            _log(latest[at], names[at])


def _run_row(one: RunLog, zone: str, now: datetime) -> dict[str, object]:
    said = words.outcome(one.outcome)
    return {
        "Connection": one.title,
        "Began": format.moment(one.began, zone, now),
        "Why": words.trigger(one.trigger),
        "Outcome": said.word,
        "Took": words.lasted(timedelta(seconds=one.took_s)) if one.took_s is not None else None,
        "Rows": one.rows,
        "Requests": one.requests,
        "Remarks": one.said,
    }


def _log(one: RunLog, name: str) -> None:
    rows = pd.DataFrame(one.streams, columns=["Account", "What", "State", "Why", "Rows", mark("Notes")])
    rows["State"] = [words.stream(state).word for state in rows["State"]]
    rows = rows.drop(columns=[column for column in ("Why", "Notes") if rows[column].eq("").all()])
    st.markdown(f"**{format.plain(name)}**")
    if one.said:
        st.text(one.said)
    rows, config = tables.told(rows, {"Rows": _COUNTS["Rows"]})
    st.dataframe(rows, hide_index=True, height="content", row_height=_ROW_PX, alt=tr("Log of {read}", read=name),
                 column_config=config)  # fmt: skip
