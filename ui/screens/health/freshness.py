"""How new everything is: connections, and every stream of every account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from core import clock
from core.language import mark, tr, trn
from services.quality.fresh import ATTENTION, LATE, NEVER, ON_TIME, PAUSED, RESTING, RETRYING, ConnectionAge, Freshness
from services.words import calendar
from ui import format, links, panels, tables
from ui.load import Workspace
from ui.screens.connecting import words
from ui.states import boundary

_SIGNS = {ON_TIME: "✓", LATE: "!", RETRYING: "!", ATTENTION: "✕", RESTING: "–", NEVER: "–", PAUSED: "–"}
_BADGES = {ON_TIME: "green", LATE: "orange", RETRYING: "orange", ATTENTION: "red", RESTING: "gray", NEVER: "gray",
           PAUSED: "gray"}  # fmt: skip
_ALL, _BAD = mark("Everything"), mark("Not on time")
_ROW_PX, _MOST_ROWS = 34, 16


def draw(workspace: Workspace, found: Freshness) -> None:
    """The connections, then what each of them reads."""
    with st.container(border=True, key="panel-connections"), boundary():
        table = connections_table(found, workspace.time_zone)
        note = tr("the newest day each brought, and when it is read")
        panels.head(tr("Connections"), key="connections", note=note, table=table)
        if table.empty:
            st.caption(tr("Nothing is connected: what there is was imported."))
        else:
            _connections(workspace, found, table)
        if found.imported:
            names = format.plain(", ".join(found.imported))
            st.caption(tr("Not read by any connection, only imported or kept: {accounts}.", accounts=names))
    _streams(workspace, found)


def connections_table(found: Freshness, zone: str) -> pd.DataFrame:
    """One row per connection; moments on the clock of the workspace."""
    return pd.DataFrame(
        {
            "Platform": [one.title for one in found.connections],
            "Connection": [one.name for one in found.connections],
            "State": [_state(one.state) for one in found.connections],
            "Newest day": [one.newest for one in found.connections],
            "Last read": [_local(one.last_read, zone) for one in found.connections],
            "Next read": [_local(one.next_read, zone) for one in found.connections],
            "Why": [one.why for one in found.connections],
        }
    )


def streams_table(found: Freshness, zone: str) -> pd.DataFrame:
    """One row per stream of an account; moments on the clock of the workspace."""
    table = found.table
    for name in ("Last read", "Next read"):
        table[name] = [_local(None if pd.isna(one) else one, zone) for one in table[name]]
    table["State"] = [_state(one) for one in table["State"]]
    return table


def _state(state: str) -> str:
    return f"{_SIGNS[state]} {tr(state)}"


def _local(moment: datetime | None, zone: str) -> datetime | None:
    return None if moment is None else moment.astimezone(clock.zone(zone)).replace(tzinfo=None)


def _config() -> dict[str, Any]:
    return {
        "Newest day": st.column_config.DateColumn(format="D MMM", width=92),
        "Last read": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width=108),
        "Next read": st.column_config.DatetimeColumn(format="D MMM, HH:mm", width=108),
        "State": st.column_config.TextColumn(width=112),
        "Platform": st.column_config.TextColumn(width=92),
        "Why": st.column_config.TextColumn(width=420),
    }


def _connections(workspace: Workspace, found: Freshness, table: pd.DataFrame) -> None:
    with st.container(key="wide-connections"):
        shown, config = tables.told(table.drop(columns="Why"), _config())
        alt = trn(
            "{n} connection and how new its numbers are", "{n} connections and how new their numbers are", len(table)
        )
        st.dataframe(shown, hide_index=True, height="content", row_height=_ROW_PX, column_config=config,
                     placeholder="–", alt=alt)  # fmt: skip
        for one in found.connections:
            if one.why:
                st.markdown(f"**{format.plain(one.title)}** {tr(one.state)}: {format.plain(one.why)}")
    with st.container(key="narrow-connections", gap="small"):
        for one in found.connections:
            _item(workspace, one)


def _item(workspace: Workspace, one: ConnectionAge) -> None:
    now = clock.utc_now()
    with st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**{format.plain(one.title)}**", width="content")
            st.badge(tr(one.state), color=_BADGES[one.state])  # type: ignore[arg-type]
        newest = tr("newest day {day}", day=calendar.day_words(one.newest)) if one.newest else ""
        read = tr("read {when}", when=format.age(one.last_read, now)) if one.last_read else tr("not read yet")
        due = tr("next {when}", when=words.ahead(one.next_read, now)) if one.next_read else ""
        st.caption(format.plain(" · ".join(filter(None, (newest, read, due)))))
        if one.why:
            st.caption(format.plain(one.why))


def _streams(workspace: Workspace, found: Freshness) -> None:
    table = streams_table(found, workspace.time_zone)
    if table.empty:
        return
    bad = table[table["State"] != _state(ON_TIME)]
    shown = bad if links.chosen("streams_shown", [_ALL, _BAD], tr) == _BAD else table
    with st.container(border=True, key="panel-streams"), boundary():
        note = tr("{n} of {all} on time", n=len(table) - len(bad), all=len(table))
        panels.head(tr("Everything that is read"), key="streams", note=note, table=table, beside=_choice)
        if shown.empty:
            st.caption(tr("Everything is on time."))
            return
        empty = [name for name in ("Why", "Newest day") if shown[name].isna().all() or shown[name].eq("").all()]
        tall = len(shown) > _MOST_ROWS
        with st.container(key="wide-streams"):
            listed, config = tables.told(shown.drop(columns=empty), _config())
            st.dataframe(listed, hide_index=True, row_height=_ROW_PX, placeholder="–",
                         height=_ROW_PX * (_MOST_ROWS + 1) if tall else "content", column_config=config,
                         alt=tr("{n} things that are read", n=len(shown)))  # fmt: skip
        with st.container(key="narrow-streams", gap="small"):
            if bad.empty:
                st.caption(tr("Everything is on time; download the list to see each."))
            for row in bad.to_dict("records"):
                with st.container(gap=None):
                    st.markdown(f"**{format.plain(row['What is read'])}**")
                    st.caption(format.plain(f"{row['Platform']}, {row['Account']} · {row['State']}. {row['Why']}"))


def _choice() -> None:
    st.segmented_control(tr("Shown"), [_ALL, _BAD], default=_ALL, required=True, key="streams_shown",
                         bind="query-params", format_func=tr, label_visibility="collapsed")  # fmt: skip
