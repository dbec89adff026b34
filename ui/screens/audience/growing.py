"""How the audience grows: cards, followers by day, gains and losses, pace in words, and growth side by side."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import language
from core.language import figure, mark, tr, trn
from core.question import Asked, By
from services.audience.hints import GainDay, Hints, PostBefore
from services.words import calendar
from ui import annotating, cards, choosing, drawings, format, load, panels, picking, tables
from ui.load import Workspace
from ui.screens import courses
from ui.screens.audience import beside, reading
from ui.screens.audience.reading import SCALES, GrowthScreen
from ui.states import boundary

_SPLITS = {"platform": mark("Platforms"), "account": mark("Accounts")}
_BUCKETS = {
    By.DAY: (
        mark("Gains and losses by day"),
        mark("followers of each day; line: net; paler: not all told yet."),
    ),
    By.WEEK: (
        mark("Gains and losses by week"),
        mark("followers of each week; line: net; paler: not all told yet."),
    ),
    By.MONTH: (
        mark("Gains and losses by month"),
        mark("followers of each month; line: net; paler: not all told yet."),
    ),
}
_UNITS = {"same": mark("followers at the end of each day"), "net": mark("net new followers of each day")}


def draw(workspace: Workspace, asked: Asked, screen: GrowthScreen) -> DeltaGenerator:
    """All of it, top to bottom, but for the pace: what learns for seconds holds nothing else up. Answers the place that
    is kept for it."""
    cards.row(screen.answer.cards, load.targets_of(workspace), workspace.time_zone)
    left, kept = st.columns([2, 1], gap="xsmall")
    with left:
        _followers(workspace, screen)
    left, right = st.columns([2, 1], gap="xsmall")
    with left:
        _movement(workspace, screen)
    with right:
        _hints(workspace, asked)
    with boundary():
        _sides(workspace, asked)
    return kept


def _followers(workspace: Workspace, screen: GrowthScreen) -> None:
    answer = screen.answer.by_day
    number = answer.totals["followers"]
    notes = [tr("followers at the end of each day"), *([tr("dashed: the compared period")] if answer.compared else [])]
    panels.chart(
        tr("Followers by day"),
        screen.followers.spec,
        screen.followers.table,
        key="followers",
        alt_text=drawings.said(tr("Followers"), answer, "followers"),
        note="; ".join(notes),
        explanation=answer.explain("followers"),
        number=number,
        time_zone=workspace.time_zone,
        beside=lambda: annotating.button(workspace, answer.period),
    )


def pace(workspace: Workspace, asked: Asked, screen: GrowthScreen) -> None:
    """Speed and weekdays in plain words."""
    with st.container(border=True, height="stretch", key="panel-pace", gap="small"), boundary():
        st.markdown(f"**{tr('How fast does it grow?')}**")
        found = load.learnt(workspace, reading.read_pace, asked.where, screen.answer.by_day.period)
        for sentence in (found.speed, found.growth, found.weekdays):
            if sentence:
                st.text(sentence, width="stretch")
        for caution in found.cautions:
            st.caption(format.plain(caution))


def _movement(workspace: Workspace, screen: GrowthScreen) -> None:
    answer, moved = screen.answer.by_day, screen.answer.movement
    title, note = _BUCKETS[moved.by]
    panels.chart(
        tr(title),
        screen.movement.spec,
        screen.movement.table,
        key="movement",
        alt_text=screen.movement.words,
        note=f"{tr(note)} {moved.words}".strip(),
        explanation=answer.explain("followers_net"),
        number=answer.totals["followers_net"],
        time_zone=workspace.time_zone,
    )


def _hints(workspace: Workspace, asked: Asked) -> None:
    """Days of unusual gains with the posts before them."""
    with st.container(border=True, height="stretch", key="panel-gains", gap="small"), boundary():
        found = load.screen(workspace, reading.read_hints, asked)
        st.markdown(f"**{tr('Days of unusual gains')}**")
        if found.days:
            st.caption(tr("The posts came before the gain. That is a coincidence in time, not a cause."))
        for sentence in _outcome(found):
            st.caption(format.plain(sentence))
        for at, day in enumerate(found.days):
            _gain(day, at)
        for sentence in found.waiting:
            st.caption(format.plain(sentence))
        if found.whole_platforms and found.looked:
            st.caption(tr("From all accounts on these platforms."))


def _outcome(found: Hints) -> list[str]:
    """What was found where that is not plain from the days."""
    if any(day.inside for day in found.days) or not found.looked:
        return []
    none = tr("No day of this period was above its usual range.")
    return [f"{none} {tr('The last one before it:')}" if found.days else none]


def _gain(day: GainDay, at: int) -> None:
    with st.container(gap="xxsmall"):
        when = f"{language.weekday(day.day.weekday(), short=True)} {calendar.day_words(day.day, year=not day.inside)}"
        st.text(
            tr(
                "{day}, {platform}: {value} (usually up to {upper})",
                day=when,
                platform=day.title,
                value=figure(f"{day.value:+,.0f}"),
                upper=figure(f"{day.upper:,.0f}"),
            )
        )
        for post in day.posts:
            tables.item(post.id, _text(post), _line(post), f"gain-{at}")
        if not day.posts_total:
            st.caption(tr("No post of the three days up to it is known."))
        elif day.posts_total > len(day.posts):
            st.caption(tr("{n} of {total} posts of the three days up to it", n=len(day.posts), total=day.posts_total))


def _text(post: PostBefore) -> str:
    return " ".join(post.text.split()) or tr("A post without text")


def _line(post: PostBefore) -> str:
    when = {0: tr("the same day"), 1: tr("the day before")}.get(post.days_before)
    parts = [post.account, when or trn("{n} day before", "{n} days before", post.days_before)]
    if post.engagement is not None:
        parts.append(trn("{n} engagement until now", "{n} engagements until now", round(post.engagement)))
    return format.plain(" · ".join(parts))


def _sides(workspace: Workspace, asked: Asked) -> None:
    """Growth per platform or account."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="growth-choices"):
        split = choosing.one_of(tr("Growth of"), _SPLITS, "audience_by")
        scale = choosing.one_of(tr("Show"), SCALES, "audience_scale")
    screen = load.screen(workspace, reading.read_sides, asked, split, scale, annotating.shown())
    metric = screen.trends.title
    title = (
        tr("{metric} by platform", metric=metric) if split == "platform" else tr("{metric} by account", metric=metric)
    )
    pick = partial(picking.narrow, picking.accounts(workspace), split)
    courses.panel(title, screen.trends, screen.lines, tr(_UNITS.get(scale, "")), key="growth",
                  time_zone=workspace.time_zone, pick=pick)  # fmt: skip
    if not screen.beside.empty:
        beside.draw(screen.beside, workspace.time_zone, pick)
