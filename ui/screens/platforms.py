"""The parts of the platform comparison, top to bottom. Every number comes from `services`; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from charts import comparison as bars
from charts import shares, theme
from core.language import figure, mark, tr
from core.metric import Adds, Unit
from core.question import Asked
from core.viewer import Viewer
from services import comparison
from services.comparison import Comparison, Trends
from services.content import reactions
from services.content.reactions import Reactions
from services.team import targets
from services.words import calendar
from ui import annotating, cards, choosing, drawings, filters, format, lead, load, menu, panels, picking, states
from ui.drawings import Drawing
from ui.load import Workspace
from ui.screens import courses, real, sides
from ui.states import boundary

_SPLITS = {"platform": mark("Platforms"), "account": mark("Accounts")}
_SCALES = {"same": mark("One axis"), "index": mark("Indexed")}
_WINDOWS = {"year": mark("Posts of the last 12 months"), "period": mark("Posts of the period")}
_METRIC, _DEFAULT = "compare_metric", "views"
_GO = "_go_platform"
_MOST_BARS = 8
_PARTS = mark(
    "share of all reactions a platform counts, part of engagement or not; replies are comments, reposts shares, "
    "bookmarks saves"
)


@dataclass(frozen=True, slots=True, eq=False)
class MetricScreen:
    """One metric side by side, and its courses, with their charts, and the targets that hold."""

    beside: Comparison
    bars: Drawing
    trends: Trends
    lines: Drawing
    goals: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class ReactionScreen:
    """What engagement is made of, with its chart."""

    answer: Reactions
    parts: Drawing


def read_sides(viewer: Viewer, asked: Asked, split: str, *, now: datetime) -> Comparison:
    """The key numbers side by side."""
    return comparison.compare(viewer, asked, split=split, now=now)


def read_offered(viewer: Viewer, asked: Asked, *, now: datetime) -> tuple[str, ...]:
    """The metrics that can be picked."""
    return comparison.offered(viewer, asked, now=now)


def read_metric(
    viewer: Viewer, asked: Asked, split: str, metric: str, scale: str, annotated: bool, *, now: datetime
) -> MetricScreen:
    """One metric side by side and over time; with the marks of what happened if `annotated`."""
    beside = comparison.compare(viewer, asked, split=split, metrics=(metric,), now=now)
    trends = comparison.trends(viewer, asked, metric, split=split, indexed=scale == "index", now=now)
    marks = drawings.happened(viewer, asked.period, annotated)
    goals = targets.of(viewer, asked)
    return MetricScreen(beside, _bars(beside, metric), trends,
                        courses.drawn(trends, marks, theme.HEIGHT + 40, goals), goals)  # fmt: skip


def read_reactions(viewer: Viewer, asked: Asked, *, now: datetime) -> ReactionScreen:
    """What engagement is made of."""
    answer = reactions.split(viewer, asked.period, asked.where, now=now)
    shown = answer.frame.assign(kind=[tr(kind) for kind in answer.frame["kind"]])
    drawn = shares.bars(shown, [tr(kind) for kind in reactions.KINDS], tr("Reaction"))
    named = {"title": mark("Platform"), "kind": mark("Reaction"), "value": mark("Number"), "share": mark("Share")}
    table = shown.rename(columns=named)[list(named.values())]
    parts = ", ".join(f"{row.title} {row.kind} {figure(f'{row.share:.0%}')}" for row in shown.itertuples())
    words = tr("What engagement is made of: {parts}", parts=parts)
    return ReactionScreen(answer, Drawing(theme.spec(drawn), table, words))


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
    columns = {
        "title": mark("Name"), "value": title, "previous": mark("Before"), "change": mark("Change"),
        "share": mark("Share of total"),
    }  # fmt: skip
    drawn = bars.bars(rows.head(_MOST_BARS), title, labels=90 if beside.split == "platform" else 150)
    words = ", ".join(f"{name} {short}" for name, short in zip(rows["title"], rows["short"], strict=True))
    table = rows.rename(columns=columns)[list(columns.values())]
    return Drawing(theme.spec(drawn), table, f"{title}: {words or tr('none')}")


def draw(workspace: Workspace) -> None:
    """The whole page below its title, or why there is nothing."""
    if st.session_state.pop(_GO, False):
        menu.go("platform")
    if not load.accounts(workspace):
        states.not_connected()
        return
    asked = filters.current()
    split = choosing.one_of(tr("Compare"), _SPLITS, "compare_by")
    answer = load.screen(workspace, read_sides, asked, split)
    lead.draw(workspace, answer.answer)
    if answer.empty:
        states.no_data(answer.why_none)
        return
    pick = partial(_pick, picking.accounts(workspace), split)
    with boundary():
        sides.draw(answer, workspace.time_zone, pick)
    with boundary():
        _metric(workspace, asked, split, pick)
    with boundary():
        _reactions(workspace, asked, partial(_pick, {}, "platform"))
    with boundary():
        window = choosing.one_of(tr("Posts"), _WINDOWS, "compare_posts")
        real.draw(load.learnt(workspace, real.read, asked, split, window), split)


def _pick(accounts: dict[str, str], split: str, key: str) -> None:
    """Narrow to what was clicked, and go to its page. A callback: the page is left when the script runs."""
    picking.narrow(accounts, split, key)
    st.session_state[_GO] = key != comparison.OTHERS


def _metric(workspace: Workspace, asked: Asked, split: str, pick: partial[None]) -> None:
    """The metric that is looked at, side by side and over time."""
    names = load.screen(workspace, read_offered, asked)
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        metric = choosing.metric(names, _METRIC, _DEFAULT)
        scale = choosing.one_of(tr("Scale"), _SCALES, "compare_scale")
    screen = load.screen(workspace, read_metric, asked, split, metric, scale, annotating.shown())
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        trends = screen.trends
        courses.panel(tr("{metric} by day", metric=trends.title), trends, screen.lines, _unit(trends),
                      key="courses", time_zone=workspace.time_zone, pick=pick,
                      beside=lambda: annotating.button(workspace, asked.period))  # fmt: skip
    with right:
        _side_bars(screen, workspace.time_zone, pick)


def _unit(answer: Trends) -> str:
    found = load.metric(answer.metric)
    if found is not None and found.adds is Adds.STOCK:
        return tr("at the end of each day")
    return {
        Unit.RATIO: tr("share, each day"),
        Unit.MONEY: tr("{currency}, each day", currency=answer.currency),
        Unit.SECONDS: tr("time, each day"),
    }.get(answer.unit, tr("number, each day"))


def _side_bars(screen: MetricScreen, time_zone: str, pick: partial[None]) -> None:
    answer = screen.beside
    if answer.empty:
        return
    metric = answer.metrics[0]
    shown = len([side for side in answer.sides if side.numbers[metric].value is not None])
    shared = any(metric in side.shares for side in answer.sides)
    notes = [tr("with the share of the total") if shared else tr("side by side")]
    if shown > _MOST_BARS:
        notes.append(tr("the {most} largest of {n}", most=_MOST_BARS, n=shown))
    if answer.answer.compared:
        notes.append(tr("line: the compared period"))
    if metric not in answer.blanks:
        notes += cards.reached(screen.goals, answer.total[metric], answer.answer.period)
    panels.chart(
        f"{answer.answer.explain(metric).title}, {calendar.words(answer.answer.period)}",
        screen.bars.spec,
        screen.bars.table,
        key="sidebars",
        alt_text=screen.bars.words,
        note="; ".join(notes),
        explanation=answer.answer.explain(metric),
        number=answer.total[metric],
        time_zone=time_zone,
        pick=pick,
    )


def _reactions(workspace: Workspace, asked: Asked, pick: partial[None]) -> None:
    screen = load.screen(workspace, read_reactions, asked)
    answer = screen.answer
    if answer.frame.empty:
        return
    notes = " ".join([tr(_PARTS), *answer.notes])
    panels.chart(
        tr("What is engagement made of?"),
        screen.parts.spec,
        screen.parts.table,
        key="reactions",
        alt_text=screen.parts.words,
        note=notes,
        explanation=answer.explanation,
        time_zone=workspace.time_zone,
        pick=pick,
    )
