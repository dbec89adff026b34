"""The parts of the Overview page, top to bottom. Every number comes from one answer; nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from core.language import tr, trn
from core.metric import Unit
from core.question import Asked, Explanation
from core.viewer import Viewer
from services.insights import Category, Finding
from services.overview import OverviewAnswer, overview
from services.team import targets
from ui import annotating, cards, drawings, filters, format, lead, load, panels, states, tables
from ui.drawings import Drawing
from ui.load import Workspace
from ui.states import boundary

_ICONS = {
    Category.PERFORMANCE: ":material/insights:",
    Category.GROWTH: ":material/group:",
    Category.TREND: ":material/trending_up:",
    Category.ANOMALY: ":material/notification_important:",
    Category.BUDGET: ":material/payments:",
    Category.DATA: ":material/warning:",
}
_MOST = 3
_TARGETS = ("views", "engagement", "engagement_rate", "followers", "follower_growth_rate")


@dataclass(frozen=True, slots=True, eq=False)
class OverviewScreen:
    """The answer of the first screen with its charts."""

    answer: OverviewAnswer
    engagement: Drawing
    audience: Drawing
    platforms: Drawing


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What the page draws: the answer with its charts, where it belongs, and what the team wants to reach."""

    workspace: Workspace
    screen: OverviewScreen
    goals: dict[str, float]

    @property
    def answer(self) -> OverviewAnswer:
        """The numbers."""
        return self.screen.answer


def shown(workspace: Workspace) -> Shown:
    """The answer to what the filter bar asks. Raises as `services.overview` does."""
    screen = load.screen(workspace, read, filters.current(), annotating.shown())
    return Shown(workspace, screen, load.targets_of(workspace))


def read(viewer: Viewer, asked: Asked, annotated: bool, *, now: datetime) -> OverviewScreen:
    """The answer with its charts; with the marks of what happened if `annotated`."""
    answer = overview(viewer, asked, now=now)
    goals = targets.of(viewer, asked)
    marks = drawings.happened(viewer, answer.period, annotated)
    return OverviewScreen(
        answer=answer,
        engagement=drawings.by_day(answer.by_day, "engagement", marks, goals=goals),
        audience=drawings.by_day(answer.by_day, "followers", marks, goals=goals, zero=False, height=drawings.SMALL),
        platforms=drawings.by_platform(answer.by_platform, "engagement"),
    )


def draw(one: Shown) -> None:
    """The whole page below its title, or why there is nothing."""
    head(one)
    if not load.accounts(one.workspace):
        states.not_connected()
        return
    if one.answer.empty:
        states.no_data(one.answer.cards[0].number.why_none)
        return
    cards.row(one.answer.cards, one.goals, one.workspace.time_zone)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        engagement(one)
    with right:
        platforms(one)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        posts(one)
    with right:
        audience(one)
        insights(one)


def head(one: Shown) -> None:
    """Period and comparison in words, how new the data is, what changed most, and what a reader must know."""
    answer = one.answer
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="lead"):
        lead.line(one.workspace, answer.by_day)
        _targets(one)
    if answer.headline:
        with st.container(key="headline"):
            st.text(answer.headline)
    lead.notes(answer.by_day)


def _targets(one: Shown) -> None:
    opened = st.popover(tr("Targets"), icon=":material/flag:", type="tertiary", key="targets", on_change="rerun")
    if not opened.open:
        return
    with opened, st.form("targets_form", border=False), boundary():
        st.caption(
            tr("What you want to reach: per {days} days where a number adds up, else the level.", days=targets.DAYS)
        )
        wanted = {card.number.metric: _target(one, card) for card in one.answer.cards if card.number.metric in _TARGETS}
        if st.form_submit_button(tr("Save"), type="primary"):
            targets.put(one.workspace.viewer, wanted)
            st.rerun()


def _target(one: Shown, card: object) -> float | None:
    number = card.number  # type: ignore[attr-defined]
    title = card.title  # type: ignore[attr-defined]
    ratio = number.unit is Unit.RATIO
    kept = one.goals.get(number.metric)
    label = f"{title}, %" if ratio else title
    found = st.number_input(label, min_value=0.0, value=_shown_target(kept, ratio), step=None, format="%g")
    if not found:
        return None
    return found / 100 if ratio else found


def _shown_target(kept: float | None, ratio: bool) -> float | None:
    return round(kept * 100, 6) if kept is not None and ratio else kept


def engagement(one: Shown) -> None:
    """Engagement by day beside the period before."""
    _over_time(one, "engagement", one.screen.engagement, tr("Engagement by day"), tr("interactions a day"),
               beside=lambda: annotating.button(one.workspace, one.answer.period))  # fmt: skip


def audience(one: Shown) -> None:
    """Followers by day."""
    number = one.answer.by_day.totals["followers"]
    title = tr("Audience growth")
    if number.value is not None:
        title = tr("Audience: {value} followers", value=format.short(number.value, number.unit))
    if number.difference is not None:
        title = f"{title}, {format.difference(number)}"
    _over_time(one, "followers", one.screen.audience, title, tr("followers at the end of each day"), stretch=False)


def _over_time(
    one: Shown,
    metric: str,
    drawing: Drawing,
    title: str,
    unit: str,
    *,
    stretch: bool = True,
    beside: Callable[[], None] | None = None,
) -> None:
    answer = one.answer.by_day
    panels.chart(
        title,
        drawing.spec,
        drawing.table,
        key=metric,
        alt_text=drawings.said(title, answer, metric),
        note=unit,
        explanation=answer.explain(metric),
        number=answer.totals[metric],
        time_zone=one.workspace.time_zone,
        stretch=stretch,
        beside=beside,
    )


def platforms(one: Shown) -> None:
    """Engagement platform by platform; a click narrows the page to one."""
    answer, drawing = one.answer.by_platform, one.screen.platforms
    panels.chart(
        tr("Which platform brings it?"),
        drawing.spec,
        drawing.table,
        key="platforms",
        alt_text=drawing.words,
        note=tr("interactions (line: the compared period)") if answer.compared else tr("interactions"),
        explanation=answer.explain("engagement"),
        number=answer.totals["engagement"],
        time_zone=one.workspace.time_zone,
        pick=filters.pick_platform,
    )


def posts(one: Shown) -> None:
    """The best posts of the period."""
    top = one.answer.top_posts
    with st.container(border=True, height="stretch", key="panel-posts"), boundary():
        note = tr(
            "published in the period, with what they gathered until now; {n} of {total} by engagement",
            n=len(top.frame),
            total=top.total,
        )
        table = tables.posts_frame(top)
        panels.head(tr("Top posts"), key="posts", note=note, table=table, explanation=_posts_made(one))
        if table.empty:
            st.caption(tr("No posts were published in this period."))
        else:
            tables.posts(top, "posts")


def _posts_made(one: Shown) -> Explanation:
    top, rate = one.answer.top_posts, one.answer.by_day.explain("engagement_rate")
    made = one.answer.by_day.explain("engagement")
    return Explanation(
        metric="engagement",
        title=tr("Top posts"),
        definition=tr(
            "Each post with its counters as last read, sorted by engagement. Likes of old days "
            "count too: platforms only tell what a post has gathered in all."
        ),
        formula=tr(
            "engagement = {engagement}; rate = {rate} of the post",
            engagement=made.formula,
            rate=rate.formula.split(",")[0],
        ),
        inputs=(),
        coverage=trn("{n} post", "{n} posts", top.total),
        notes=top.notes,
        period=top.period,
        compared_with=None,
        definition_version=made.definition_version,
    )


def insights(one: Shown) -> None:
    """What is worth knowing, each with how sure it is and what to do."""
    with st.container(border=True, height="stretch", key="panel-insights", gap="small"):
        st.markdown(f"**{tr('Worth knowing')}**")
        further = [finding for finding in one.answer.insights if finding.text not in one.answer.headline]
        if not further:
            st.caption(tr("Nothing else stands out in this period."))
        for finding in further[:_MOST]:
            _finding(finding)
        if further[_MOST:]:
            with st.expander(trn("{n} more", "{n} more", len(further) - _MOST), key="more-insights"):
                for finding in further[_MOST:]:
                    _finding(finding)


def _finding(finding: Finding) -> None:
    with st.container(horizontal=True, gap="xsmall", wrap=False):
        st.markdown(f":gray[{_ICONS.get(finding.category, ':material/lightbulb:')}]", width="content")
        with st.container(gap=None):
            st.text(finding.text, width="stretch")
            st.caption(format.plain(f"{finding.certainty} {finding.action}".strip()))
