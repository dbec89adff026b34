"""What changed since a moment: numbers that platforms gave anew, what that did to the period, and their habits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import ages, theme
from core import clock
from core.language import figure, mark, tr, trn
from core.metric import Unit
from core.question import Period, Where
from core.viewer import Viewer
from services.connecting.platforms import title as platform_title
from services.quality import restated, visits
from services.quality.restated import Habit, Restated
from services.words import calendar
from ui import filters, format, load, panels, tables
from ui.drawings import Drawing
from ui.load import Workspace
from ui.states import boundary

_SINCE, _VISIT = "since", "_health_visit"
_LAST = mark("Your last visit")
_SPANS = {
    mark("Yesterday"): timedelta(days=1),
    mark("A week ago"): timedelta(days=7),
    mark("30 days ago"): timedelta(days=30),
}
_PERIOD_HELP = {
    "Then": mark("As it was known at that moment"),
    "Now": mark("As it is known now"),
    "Restated": mark("Changes of days that were known"),
    "New days": mark("Days that came to be known since"),
}
_LISTED, _TALL, _ON_PHONE, _ROW_PX = 500, 12, 8, 34


@dataclass(frozen=True, slots=True, eq=False)
class HabitScreen:
    """How long platforms change their numbers, with its chart; None where none was seen changing."""

    habits: tuple[Habit, ...]
    drawing: Drawing | None


def read_habits(viewer: Viewer, where: Where, *, now: datetime) -> HabitScreen:
    """How long platforms change their numbers."""
    found = restated.habits(viewer, where, now=now)
    rows = pd.DataFrame(
        [
            (one.platform, one.title, age, share)
            for one in found
            if one.settles is not None and one.changed
            for age, share in enumerate(one.shares, 1)
        ],
        columns=["platform", "title", "age", "share"],
    )
    if not rows["share"].notna().any():
        return HabitScreen(found, None)
    table = rows.rename(
        columns={"title": "Platform", "age": mark("Days after its day"), "share": mark("Share changed")}
    )
    words = "; ".join(restated.settles_words(one) for one in found)
    return HabitScreen(found, Drawing(theme.spec(ages.lines(rows)), table.drop(columns="platform"), words))


def draw(workspace: Workspace) -> None:
    """The moment to choose, then everything that changed since."""
    since = _since(workspace)
    if since is None:
        st.caption(tr("This is your first visit, so nothing changed since the last one. Choose another moment."))
    else:
        asked = filters.current()
        found = load.screen(workspace, restated.restated, since, asked.period, asked.where)
        _head(workspace, found)
        if len(found.changes):
            left, right = st.columns([1, 1], gap="xsmall")
            with left:
                _by_metric(found)
            with right:
                _periods(workspace, found)
            _changes(workspace, found)
    _habits(load.screen(workspace, read_habits, filters.current().where))


def _since(workspace: Workspace) -> datetime | None:
    """The moment that was chosen; steps of five minutes, so that an answer can be kept."""
    if _VISIT not in st.session_state or st.session_state[_VISIT][0] != workspace.id:
        st.session_state[_VISIT] = (workspace.id, visits.last(workspace.viewer, now=clock.utc_now()))
    last = st.session_state[_VISIT][1]
    options = [_LAST, *_SPANS]
    chosen = st.selectbox(tr("Changed since"), options, key=_SINCE, bind="query-params", width=190, format_func=tr,
                          index=0 if last else options.index("A week ago"))  # fmt: skip
    return load.now() - _SPANS[chosen] if chosen in _SPANS else last


def _head(workspace: Workspace, found: Restated) -> None:
    when = restated.day_words(found.since, workspace.time_zone)
    n = len(found.changes)
    if not n:
        st.text(tr("No number was changed since {when}.", when=when))
        return
    days = found.changes["day"]
    span = calendar.words(Period(days.min(), days.max()), year=True)
    metrics, platforms = found.changes["metric"].nunique(), found.changes["platform"].nunique()
    st.text(
        trn(
            "{n} number says something else than on {when}: {metrics} on {platforms}, days {days}.",
            "{n} numbers say something else than on {when}: {metrics} on {platforms}, days {days}.",
            n,
            when=when,
            metrics=trn("{n} metric", "{n} metrics", metrics),
            platforms=trn("{n} platform", "{n} platforms", platforms),
            days=span,
        )
    )


def _by_metric(found: Restated) -> None:
    table = pd.DataFrame(
        {
            "Platform": [platform_title(one) for one in found.by_metric["platform"]],
            "Metric": found.by_metric["title"],
            "Changed": found.by_metric["changes"],
            "In all": found.by_metric["difference"],
            "First day": found.by_metric["first"],
            "Last day": found.by_metric["last"],
        }
    )
    with st.container(border=True, height="stretch", key="panel-changedmetrics"), boundary():
        note = tr("daily totals that changed, and what they add up to where days add up")
        panels.head(tr("By metric"), key="changedmetrics", table=table, note=note)
        if table.empty:
            st.caption(tr("Only parts of splits changed, no daily total."))
            return
        day = st.column_config.DateColumn(format="D MMM", width=72)
        config = {"First day": day, "Last day": day, "Platform": st.column_config.TextColumn(width=84),
                  "In all": st.column_config.NumberColumn(format="localized", width=76),
                  "Changed": st.column_config.NumberColumn(format="localized", width=72)}  # fmt: skip
        with st.container(key="wide-changedmetrics"):
            shown, config = tables.told(table, config)
            st.dataframe(shown, hide_index=True, height="content", row_height=_ROW_PX, column_config=config,
                         placeholder=tr("n/a"), alt=tr("Changed numbers by metric"))  # fmt: skip
        with st.container(key="narrow-changedmetrics", gap="small"):
            for row in table.to_dict("records"):
                _two(f"{row['Metric']}, {row['Platform']}", _changed(row["Changed"], row["In all"]))


def _periods(workspace: Workspace, found: Restated) -> None:
    """The period as it was known then."""
    rows = found.periods
    table = pd.DataFrame({"Metric": rows["title"], "Then": rows["then"], "Now": rows["now"],
                          "Restated": rows["restated"], "New days": rows["arrived"]})  # fmt: skip
    with st.container(border=True, height="stretch", key="panel-asknown"), boundary():
        note = tr("{period}, as known then and now", period=calendar.words(found.period, year=True))
        panels.head(tr("What that did to the period"), key="asknown", note=note, table=table)
        if table.empty:
            st.caption(found.why_none)
            return
        number = st.column_config.NumberColumn
        config = {name: number(format="localized", width=88, help=tr(words)) for name, words in _PERIOD_HELP.items()}
        with st.container(key="wide-asknown"):
            shown, config = tables.told(table, config)
            st.dataframe(shown, hide_index=True, height="content", row_height=_ROW_PX, column_config=config,
                         placeholder=tr("n/a"), alt=tr("The period as known then and now"))  # fmt: skip
        with st.container(key="narrow-asknown", gap="small"):
            for row in table.to_dict("records"):
                _two(row["Metric"], tr("then {then}, now {now}", then=_count(row["Then"]), now=_count(row["Now"])))
        if len(rows) and np.isnan(rows["restated"].to_numpy(float)).any():
            st.caption(tr("Levels and people do not add up over days, so their change is not split."))


def _two(first: str, second: str) -> None:
    """An item of a list: a line and a smaller one."""
    with st.container(gap=None):
        st.markdown(format.plain(first))
        st.caption(format.plain(second))


def _count(number: float) -> str:
    return format.exact(number, Unit.COUNT)


def _changed(n: int, difference: float) -> str:
    """How many numbers changed, and what that comes to where it adds up."""
    if np.isnan(difference):
        return trn("{n} changed", "{n} changed", n)
    return trn("{n} changed, {sum} in all", "{n} changed, {sum} in all", n, sum=_count(difference))


def _table(workspace: Workspace, changes: pd.DataFrame) -> pd.DataFrame:
    zone = clock.zone(workspace.time_zone)
    return pd.DataFrame(
        {
            "Day": changes["day"],
            "Platform": [platform_title(one) for one in changes["platform"]],
            "Account": changes["account"],
            "Metric": changes["title"],
            "Part": changes["part"],
            "Before": changes["before"],
            "After": changes["after"],
            "Difference": changes["difference"],
            "Seen": [one.astimezone(zone).replace(tzinfo=None) for one in changes["seen"]],
            "Grain": changes["grain"],
        }
    )


def _changes(workspace: Workspace, found: Restated) -> None:
    table = _table(workspace, found.changes)
    with st.container(border=True, key="panel-changes"), boundary():
        n = len(table)
        many = tr("{n}, newest first", n=figure(f"{n:,}"))
        if n > _LISTED:
            shares = {"shown": _LISTED, "all": figure(f"{n:,}")}
            many = tr("{shown} of {all}, newest first; all in the download", **shares)
        panels.head(tr("Numbers that changed"), key="changes", note=many, table=table)
        with st.container(key="wide-changes"):
            listed = table.head(_LISTED)
            empty = [name for name in ("Part",) if listed[name].eq("").all()]
            empty += [name for name in ("Grain",) if listed[name].eq("day").all()]
            tall = n > _TALL
            shown, config = tables.told(listed.drop(columns=empty), _config())
            alt = trn("{n} number that changed", "{n} numbers that changed", n)
            st.dataframe(shown, hide_index=True, row_height=_ROW_PX, placeholder=tr("gone"), column_config=config,
                         height=_ROW_PX * (_TALL + 1) if tall else "content", alt=alt)  # fmt: skip
        with st.container(key="narrow-changes", gap="small"):
            for row in found.changes.head(_ON_PHONE).to_dict("records"):
                _item(row)
            if n > _ON_PHONE:
                st.caption(tr("{shown} of {all}; download the list to see all.", shown=_ON_PHONE, all=figure(f"{n:,}")))


def _config() -> dict[str, Any]:
    number = st.column_config.NumberColumn(format="localized", width=92)
    return {
        "Day": st.column_config.DateColumn(format="D MMM YYYY", width=104),
        "Before": number,
        "After": number,
        "Difference": number,
        "Seen": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width=110),
    }


def _item(row: Mapping[Any, Any]) -> None:
    day = calendar.day_words(row["day"], year=True)
    _two(
        tr("{metric} of {day}", metric=row["title"], day=day) + f": {_count(row['before'])} → {_count(row['after'])}",
        f"{platform_title(row['platform'])}, {row['account']} {row['part']}".strip(),
    )


def _habits(screen: HabitScreen) -> None:
    """How long each platform usually goes on changing its numbers."""
    title = tr("How long do numbers usually change?")
    note = tr("daily totals of the last months that we watched from the first")
    if screen.drawing is not None:
        panels.chart(title, screen.drawing.spec, screen.drawing.table, key="habits", alt_text=screen.drawing.words,
                     note=note, stretch=False)  # fmt: skip
    with st.container(border=True, key="panel-habitwords", gap="xxsmall"):
        if screen.drawing is None:
            st.markdown(f"**{title}**")
            st.caption(note)
        for one in screen.habits:
            st.text(restated.settles_words(one))
