"""Which days are known: the grid of metrics and accounts, completeness by account, and one account day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from charts import states as drawn
from charts import theme
from charts.marks import Told
from core.language import mark, tr, trn
from core.question import Period, Where
from core.viewer import Viewer
from services.connecting.platforms import title as platform_title
from services.quality import standing_words
from services.quality.covered import Covered, covered
from services.words import calendar
from ui import annotating, drawings, filters, links, load, panels, tables
from ui.drawings import Drawing
from ui.load import Workspace
from ui.states import boundary

_ACCOUNT, _SHOWN = "covered", "covered_shown"
_ALL, _GAPS = mark("Every metric"), mark("With gaps")
_DAYS = {
    "measured": mark("Days measured"),
    "estimated": mark("Days estimated"),
    "not_yet": mark("Days not yet"),
    "not_offered": mark("Days not offered"),
    "missing": mark("Days missing"),
    "failed": mark("Days failed"),
    "not_permitted": mark("Days not permitted"),
}
"""State of a day -> the column of how many days are in it."""
_WELL = {"measured", "not_yet", "not_offered"}


@dataclass(frozen=True, slots=True, eq=False)
class CoverageScreen:
    """Coverage with its charts: `gaps` is the grid of metrics that lack days; `days` one strip chart for each account
    by its title."""

    answer: Covered
    every: Drawing
    gaps: Drawing
    days: dict[str, Drawing]


def read(viewer: Viewer, period: Period, where: Where, annotated: bool, *, now: datetime) -> CoverageScreen:
    """Coverage of a period with its charts; with the marks of what happened if `annotated`."""
    answer = covered(viewer, period, where, now=now)
    cells = answer.cells
    lacking = cells[cells["metric"].isin(cells.loc[cells["should"] > cells["known"], "metric"])]
    titles, marks = _titles(answer), drawings.happened(viewer, answer.period, annotated)
    return CoverageScreen(
        answer=answer,
        every=_grid(cells, titles),
        gaps=_grid(lacking, titles),
        days={title: _days(answer, account, marks) for account, title in titles.items()},
    )


def _titles(answer: Covered) -> dict[int, str]:
    rows = answer.by_account
    names = [f"{name} ({platform_title(one)})" for name, one in zip(rows["account"], rows["platform"], strict=True)]
    return dict(zip(rows["account_id"].tolist(), names, strict=True))


def _grid(cells: pd.DataFrame, titles: dict[int, str]) -> Drawing:
    shares = ["" if pd.isna(one) else standing_words.percent(float(one)) for one in cells["share"]]
    rows = pd.DataFrame(
        {
            "id": [titles[one] for one in cells["account_id"]],
            "head": [f"{platform_title(one)}|{name}"
                     for one, name in zip(cells["platform"], cells["account"], strict=True)],
            "account": [titles[one] for one in cells["account_id"]],
            "title": cells["title"].tolist(),
            "state": cells["state"].tolist(),
            "label": ["" if state in _WELL or share == "100 %" else share.replace(" %", "")
                      for state, share in zip(cells["state"], shares, strict=True)],
            "known": [_known(row) for row in cells.to_dict("records")],
            "why": cells["reason"].tolist(),
        }
    )  # fmt: skip
    table = cells.rename(
        columns={"account": "Account", "title": "Metric", "reason": "Why", "share": mark("Share known")}
    )
    table = table.assign(Platform=[platform_title(one) for one in cells["platform"]],
                         State=[tr(drawn.WORDS[one]) for one in cells["state"]])  # fmt: skip
    table = table.rename(columns=_DAYS)
    lacking = int((cells["should"] > cells["known"]).sum())
    words = tr("{n} metrics of accounts, {lacking} lack days", n=len(cells), lacking=lacking)
    rows["ink"] = [drawn.ink(one) for one in rows["state"]]
    ordered = table[["Platform", "Account", "Metric", "State", "Share known", *_DAYS.values(), "Why"]]
    return Drawing(theme.spec(drawn.grid(rows)), ordered, words)


def _known(row: Mapping[Any, Any]) -> str:
    """The days of a cell in words: those known of those that should be, and the rest by state."""
    parts = [tr("{n} of {all} known", n=row["known"], all=row["should"])] if row["should"] else []
    parts += [f"{row[one]} {tr(words)}" for one, words in drawn.WORDS.items() if one != "measured" and row[one]]
    return ", ".join(parts)


def _days(answer: Covered, account: int, marks: Told) -> Drawing:
    spans = answer.spans[answer.spans["account_id"] == account]
    rows = spans.assign(
        when=[_when(first, last) for first, last in zip(spans["first"], spans["last"], strict=True)],
        why=spans["reason"],
    )
    chart = drawn.days(
        rows[["title", "first", "last", "state", "when", "why"]], answer.period.first, answer.period.last, marks
    )
    states = [tr(drawn.WORDS[one]) for one in spans["state"]]
    table = pd.DataFrame({"Metric": spans["title"], "From": spans["first"], "To": spans["last"], "State": states,
                          "Why": spans["reason"]})  # fmt: skip
    lacks = sorted(set(spans.loc[~spans["state"].isin(_WELL), "title"]))
    words = tr("days lacking in {metrics}", metrics=", ".join(lacks)) if lacks else tr("no day is lacking")
    return Drawing(theme.spec(chart), table, words)


def _when(first: date, last: date) -> str:
    return calendar.words(Period(first, last))


def draw(workspace: Workspace) -> None:
    """The grid, completeness, and one account."""
    asked = filters.current()
    screen = load.screen(workspace, read, asked.period, asked.where, annotating.shown())
    if screen.answer.cells.empty:
        st.caption(tr("Nothing was read in this period."))
        return
    left, right = st.columns([2, 3], gap="xsmall")
    with left:
        _completeness(screen)
    with right:
        _one(screen)
    _whole(screen)


def _whole(screen: CoverageScreen) -> None:
    gaps = links.chosen(_SHOWN, [_ALL, _GAPS], tr) == _GAPS
    drawing = screen.gaps if gaps else screen.every
    panels.chart(
        tr("Which metrics are known?"),
        drawing.spec,
        drawing.table,
        key="coverage",
        alt_text=drawing.words,
        note=tr("the most pressing state, and per cent of days known where some are not; a click shows the account"),
        on_pick=lambda: _pick("pick-coverage"),
        pick_key="pick-coverage",
        beside=_choice,
    )


def _choice() -> None:
    st.segmented_control(tr("Shown"), [_ALL, _GAPS], default=_ALL, required=True, key=_SHOWN, bind="query-params",
                         format_func=tr, label_visibility="collapsed")  # fmt: skip


def _pick(key: str) -> None:
    points = st.session_state[key].selection.get(drawn.PICK) or []
    if points:
        st.session_state[_ACCOUNT] = str(points[0]["id"])


def _completeness(screen: CoverageScreen) -> None:
    """How complete each account is."""
    rows, answer = screen.answer.by_account, screen.answer
    table = pd.DataFrame(
        {
            "Account": list(_titles(answer).values()),
            "Complete": [float(one) * 100 for one in rows["share"]],
            "Days known": rows["known"].tolist(),
            "Of": rows["should"].tolist(),
            "Metrics with gaps": rows["gaps"].tolist(),
        }
    )
    with st.container(border=True, height="stretch", key="panel-complete"), boundary():
        whole = tr("n/a") if answer.share is None else standing_words.percent(answer.share)
        panels.head(tr("How complete? {share}", share=whole), key="complete", table=table,
                    note=tr("days known among those offered and over"))  # fmt: skip
        config = {
            "Account": st.column_config.TextColumn(width=216),
            "Complete": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f%%", width=112),
            "Metrics with gaps": st.column_config.NumberColumn(
                tr("Gaps"), width=52, help=tr("Metrics that lack a day")
            ),
        }
        order = tables.headed(table[list(config)])
        shown, config = tables.told(table, config)
        st.dataframe(
            shown,
            hide_index=True,
            height="content",
            row_height=36,
            placeholder=tr("n/a"),
            column_order=[str(one) for one in order.columns],
            column_config=config,
            alt=trn("How complete {n} account is", "How complete {n} accounts are", len(table)),
        )


def _one(screen: CoverageScreen) -> None:
    """One account, day by day."""
    titles, rows = list(screen.days), screen.answer.by_account
    worst = titles[int(rows["share"].fillna(2.0).to_numpy().argmin())]
    st.session_state[_ACCOUNT] = chosen = links.chosen(_ACCOUNT, titles, str) or worst
    drawing = screen.days[chosen]
    panels.chart(
        tr("Day by day"),
        drawing.spec,
        drawing.table,
        key="days",
        alt_text=tr("{account}, day by day: {words}", account=chosen, words=drawing.words),
        beside=lambda: _account(titles),
    )


def _account(titles: list[str]) -> None:
    st.selectbox(tr("Account"), titles, key=_ACCOUNT, bind="query-params", label_visibility="collapsed", width=264)
