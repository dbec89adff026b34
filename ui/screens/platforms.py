"""The parts of the platform comparison, top to bottom. Every number comes from `services`; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st

from charts import comparison as bars
from charts import courses, shares, theme
from charts.courses import Course
from core.metric import Adds, Unit
from core.viewer import Viewer
from services import calendar, comparison, reactions
from services.comparison import Comparison, Trends
from services.reactions import Reactions
from ui import filters, format, lead, load, menu, panels, states
from ui.drawings import Drawing
from ui.filters import Filters
from ui.load import Workspace
from ui.page import boundary
from ui.screens import real, sides

_SPLITS = {"platform": "Platforms", "account": "Accounts"}
_SCALES = {"same": "One axis", "index": "Indexed"}
_WINDOWS = {"year": "Posts of the last 12 months", "period": "Posts of the period"}
_METRIC, _DEFAULT = "compare_metric", "views"
_GO = "_go_platform"
_MOST_BARS = 8
_PARTS = (
    "share of all reactions a platform counts, part of engagement or not; replies are comments, reposts shares, "
    "bookmarks saves"
)
_INDEXED = "each line in per cent of its first day, which is 100"


@dataclass(frozen=True, slots=True, eq=False)
class MetricScreen:
    """One metric side by side, and its courses, with their charts."""

    beside: Comparison
    bars: Drawing
    trends: Trends
    lines: Drawing


@dataclass(frozen=True, slots=True, eq=False)
class ReactionScreen:
    """What engagement is made of, with its chart."""

    answer: Reactions
    parts: Drawing


def read_sides(viewer: Viewer, asked: Filters, split: str, *, now: datetime) -> Comparison:
    """The key numbers side by side."""
    return comparison.compare(
        viewer, asked.period, asked.where, asked.compare, asked.match_weekday, split=split, now=now
    )


def read_offered(viewer: Viewer, asked: Filters, *, now: datetime) -> tuple[str, ...]:
    """The metrics that can be picked."""
    return comparison.offered(viewer, asked.period, asked.where, now=now)


def read_metric(viewer: Viewer, asked: Filters, split: str, metric: str, scale: str, *, now: datetime) -> MetricScreen:
    """One metric side by side and over time."""
    beside = comparison.compare(
        viewer, asked.period, asked.where, asked.compare, asked.match_weekday, split=split, metrics=(metric,), now=now
    )
    trends = comparison.trends(
        viewer, metric, asked.period, asked.where, split=split, indexed=scale == "index", now=now
    )
    return MetricScreen(beside, _bars(beside, metric), trends, _lines(trends))


def read_reactions(viewer: Viewer, asked: Filters, *, now: datetime) -> ReactionScreen:
    """What engagement is made of."""
    answer = reactions.split(viewer, asked.period, asked.where, now=now)
    drawn = shares.bars(answer.frame, list(reactions.KINDS), "Reaction")
    named = {"title": "Platform", "kind": "Reaction", "value": "Number", "share": "Share"}
    table = answer.frame.rename(columns=named)[list(named.values())]
    words = ", ".join(f"{row.title} {row.kind} {row.share:.0%}" for row in answer.frame.itertuples())
    return ReactionScreen(answer, Drawing(theme.spec(drawn), table, f"What engagement is made of: {words}"))


def _lines(answer: Trends) -> Drawing:
    shown = tuple(Course(line.title, line.platform, line.values, line.unfinished) for line in answer.lines)
    zero = comparison.begins_at_zero(answer.metric)
    drawn = courses.lines(shown, answer.days, title=answer.title, unit=answer.unit, currency=answer.currency,
                          indexed=answer.indexed, zero=zero, height=theme.HEIGHT + 40)  # fmt: skip
    table = pd.DataFrame({"Day": answer.days, **{line.title: line.values for line in answer.lines}})
    return Drawing(theme.spec(drawn), table, f"{answer.title} by day: {', '.join(line.title for line in answer.lines)}")


def _bars(beside: Comparison, metric: str) -> Drawing:
    rows, title = bars.rows(beside.answer, metric), beside.answer.explain(metric).title
    known = {side.key: side for side in beside.sides}
    rows["of"] = [known[key].platform for key in rows["platform"]]
    rows["title"] = [known[key].title for key in rows["platform"]]
    rows["share"] = [known[key].shares.get(metric, float("nan")) for key in rows["platform"]]
    written = zip(rows["short"], rows["share"], strict=True)
    rows["short"] = [
        text if share != share else f"{text} · {format.short(share, Unit.RATIO)}" for text, share in written
    ]
    columns = {"title": "Name", "value": title, "previous": "Before", "change": "Change", "share": "Share of total"}
    labels, room = (90, 0.55) if beside.split == "platform" else (150, 0.95)
    room = room if rows["share"].notna().any() else 0.3
    drawn = bars.bars(rows.head(_MOST_BARS), title, room=room, labels=labels)
    words = ", ".join(f"{name} {short}" for name, short in zip(rows["title"], rows["short"], strict=True))
    return Drawing(
        theme.spec(drawn), rows.rename(columns=columns)[list(columns.values())], f"{title}: {words or 'none'}"
    )


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    if st.session_state.pop(_GO, False):
        menu.go("platform")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    split = _choice("Compare", _SPLITS, "compare_by")
    answer = load.screen(workspace, read_sides, asked, split)
    lead.draw(workspace, answer.answer)
    if answer.empty:
        states.no_data(answer.why_none)
        return
    pick = partial(_pick, {option.id: option.title for option in load.accounts(workspace)}, split)
    with boundary():
        sides.draw(answer, workspace.time_zone, pick)
    with boundary():
        _metric(workspace, asked, split, pick)
    with boundary():
        _reactions(workspace, asked)
    with boundary():
        window = _choice("Posts", _WINDOWS, "compare_posts")
        real.draw(load.learnt(workspace, real.read, asked, split, window), split)


def _choice(label: str, options: dict[str, str], key: str) -> str:
    found = st.segmented_control(
        label, list(options), default=next(iter(options)), required=True, key=key, bind="query-params",
        format_func=options.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    return str(found or next(iter(options)))


def _pick(accounts: dict[int, str], split: str, key: str) -> None:
    """Narrow to what was clicked, and go to its page. A callback: the page is left when the script runs."""
    if split == "platform":
        filters.pick_platform(key)
    elif int(key) in accounts:
        filters.pick_account(accounts[int(key)])
    st.session_state[_GO] = True


def _metric(workspace: Workspace, asked: Filters, split: str, pick: partial[None]) -> None:
    """The metric that is looked at, side by side and over time."""
    names = load.screen(workspace, read_offered, asked)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        metric = _picker(names)
        scale = _choice("Scale", _SCALES, "compare_scale")
    if metric is None:
        return
    screen = load.screen(workspace, read_metric, asked, split, metric, scale)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        _courses(screen, workspace.time_zone)
    with right:
        _side_bars(screen, split, workspace.time_zone, pick)


def _picker(names: tuple[str, ...]) -> str | None:
    titles = {name: found.title for name in names if (found := load.metric(name)) is not None}
    if not titles:
        return None
    if st.session_state.get(_METRIC) not in titles:
        st.session_state.pop(_METRIC, None)
    chosen = st.selectbox(
        "Metric",
        list(titles),
        index=list(titles).index(_DEFAULT) if _DEFAULT in titles else 0,
        key=_METRIC,
        bind="query-params",
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        width=260,
    )
    return str(chosen)


def _courses(screen: MetricScreen, time_zone: str) -> None:
    answer = screen.trends
    panels.chart(
        f"{answer.title} by day",
        screen.lines.spec,
        screen.lines.table,
        key="courses",
        alt_text=screen.lines.words,
        note=" ".join([_INDEXED if answer.indexed else _unit(answer), *answer.notes]),
        explanation=answer.explanation,
        number=answer.number,
        time_zone=time_zone,
    )


def _unit(answer: Trends) -> str:
    found = load.metric(answer.metric)
    if found is not None and found.adds is Adds.STOCK:
        return "at the end of each day"
    return {
        Unit.RATIO: "share, each day",
        Unit.MONEY: f"{answer.currency}, each day",
        Unit.SECONDS: "time, each day",
    }.get(answer.unit, "number, each day")


def _side_bars(screen: MetricScreen, split: str, time_zone: str, pick: partial[None]) -> None:
    answer = screen.beside
    if answer.empty:
        return
    metric = answer.metrics[0]
    shown = len([side for side in answer.sides if side.numbers[metric].value is not None])
    note = "with the share of the total" if any(metric in side.shares for side in answer.sides) else "side by side"
    more = f"; the {_MOST_BARS} largest of {shown}" if shown > _MOST_BARS else ""
    line = "; line: the period before" if answer.answer.compared else ""
    key = f"pick-bars-{split}-{metric}"
    panels.chart(
        f"{answer.answer.explain(metric).title}, {calendar.words(answer.answer.period)}",
        screen.bars.spec,
        screen.bars.table,
        key="sidebars",
        alt_text=screen.bars.words,
        note=f"{note}{more}{line}",
        explanation=answer.answer.explain(metric),
        number=answer.total[metric],
        time_zone=time_zone,
        on_pick=lambda: _bar(key, pick),
        pick_key=key,
    )


def _bar(key: str, pick: partial[None]) -> None:
    points = st.session_state[key].selection.get(bars.PICK) or []
    if points:
        pick(str(points[0]["platform"]))


def _reactions(workspace: Workspace, asked: Filters) -> None:
    screen = load.screen(workspace, read_reactions, asked)
    answer = screen.answer
    if answer.frame.empty:
        return
    notes = " ".join([_PARTS, *answer.notes])
    panels.chart(
        "What is engagement made of?",
        screen.parts.spec,
        screen.parts.table,
        key="reactions",
        alt_text=screen.parts.words,
        note=notes,
        explanation=answer.explanation,
        time_zone=workspace.time_zone,
    )
