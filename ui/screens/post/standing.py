"""Every number of the post: how much, how it stands among its peers, when it was read and what it is called there."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import clock, language, numbers
from core.language import tr, trn
from core.metric import Direction
from core.question import Explanation, Number
from services.overview import Card
from services.post_detail import Detail, Standing
from ui import cards as kpi
from ui import format, panels, tables
from ui.load import Workspace


def cards(workspace: Workspace, detail: Detail) -> None:
    """How often it was seen, engagement, their rate and the score, two by two."""
    names = dict.fromkeys([detail.over, "engagement", "engagement_rate", "score"])
    found = [(detail.number(name), detail.explanations.get(name)) for name in names]
    shown = [(one, made) for one, made in found if one is not None and made is not None]
    if not shown:
        with st.container(border=True, key="panel-unread"):
            st.caption(tr("Neither how often this post was seen nor its engagement was read yet."))
        return
    with st.grid(len(shown), min_column_width=150, gap="xsmall", key="cards"):
        for one, made in shown:
            _card(workspace, one, made)


def _card(workspace: Workspace, one: Standing, made: Explanation) -> None:
    card = Card(one.title, _number(one), (), (), made)
    with kpi.framed(card, workspace.time_zone, f"post-{one.metric}"):
        kpi.value(card)
        st.space("stretch")
        st.caption(f":small[{format.plain(_stands(one))}]")


def _number(one: Standing) -> Number:
    return Number(one.metric, one.value, one.unit, Direction.UP)


def _stands(one: Standing) -> str:
    """ "3rd of 12 · usual 1.2K"; or why there is no rank."""
    if one.why:
        return one.why
    usual = tr("usual {value}", value=numbers.short(one.median, one.unit)) if one.median is not None else ""
    return " · ".join(part for part in (_rank(one), usual) if part)


def _rank(one: Standing) -> str:
    return tr("{rank} of {posts}", rank=ordinal(one.rank), posts=one.peers) if one.rank is not None else ""


def ordinal(n: int) -> str:
    """A place in figures, as people say it.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21, 112)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st', '112th']
    """
    if not language.reader().words.is_english:
        return tr("{n}th", n=n)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{'th' if n % 100 in (11, 12, 13) else ending}"


def panel(workspace: Workspace, detail: Detail) -> None:
    """All of them as a table, and as a list on a phone."""
    with st.container(border=True, height="stretch", key="panel-standing"):
        table = _table(workspace, detail)
        note = (
            tr("lifetime, until now; ranks and usual (the median) are among {posts}", posts=detail.among)
            if detail.among
            else ""
        )
        panels.head(tr("Every number, and where it comes from"), key="standing", note=note, table=table)
        if table.empty:
            st.caption(tr("No numbers of this post were read yet."))
            return
        with st.container(key="wide-standing"):
            shown, config = tables.told(table, _config())
            st.dataframe(
                shown, hide_index=True, height="content", placeholder="", column_config=config,
                alt=trn("{n} number of this post", "{n} numbers of this post", len(table)),
            )  # fmt: skip
        with st.container(key="narrow-standing", gap="xsmall"):
            for one in detail.numbers:
                with st.container(gap=None):
                    st.markdown(f"{format.plain(one.title)} **{format.plain(numbers.short(one.value, one.unit))}**")
                    said = one.field if one.why else f"{_stands(one)} · {one.field}"
                    st.caption(f":small[{format.plain(said)}]")


def _config() -> dict[str, Any]:
    return {
        "Number": st.column_config.TextColumn(width=126),
        "Value": st.column_config.TextColumn(alignment="right", width=80),
        "Rank": st.column_config.TextColumn(width=86, help=tr("1st is the highest; n/a with fewer than five")),
        "Usual": st.column_config.TextColumn(alignment="right", width=74),
        "Field there": st.column_config.TextColumn(width=152, help=tr("What the platform calls it")),
        "Last new value": st.column_config.TextColumn(
            width=104, help=tr("A reading is kept when a counter changes; it may have been read since")
        ),
    }


def _table(workspace: Workspace, detail: Detail) -> pd.DataFrame:
    now, zone = clock.utc_now(), workspace.time_zone
    return pd.DataFrame(
        {
            "Number": [one.title for one in detail.numbers],
            "Value": [numbers.exact(one.value, one.unit) for one in detail.numbers],
            "Rank": [_rank(one) or (tr("n/a") if one.why else "") for one in detail.numbers],
            "Usual": [numbers.short(one.median, one.unit) for one in detail.numbers],
            "Field there": [one.field for one in detail.numbers],
            "Last new value": [format.moment(one.read_at, zone, now) if one.read_at else "" for one in detail.numbers],
        }
    )
