"""How the audience grows: cards, followers by day, gains and losses, pace in words, and growth side by side."""

from __future__ import annotations

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.question import By
from services import calendar
from services.audience.hints import GainDay, Hints, PostBefore
from ui import annotating, cards, filters, format, load, panels, tables
from ui.filters import Filters
from ui.load import Workspace
from ui.page import boundary
from ui.screens.audience import beside, reading
from ui.screens.audience.reading import SCALES, GrowthScreen, SidesScreen

_SPLITS = {"platform": "Platforms", "account": "Accounts"}
_BUCKETS = {By.DAY: "day", By.WEEK: "week", By.MONTH: "month"}
_INDEXED = "each line in per cent of its first day, which is 100"
_UNITS = {"same": "followers at the end of each day", "index": _INDEXED, "net": "net new followers of each day"}


def draw(workspace: Workspace, asked: Filters, screen: GrowthScreen) -> DeltaGenerator:
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
    said = f"Followers, {calendar.words(answer.period)}: {format.value_exact(number)}"
    panels.chart(
        "Followers by day",
        screen.followers.spec,
        screen.followers.table,
        key="followers",
        alt_text=said,
        note="followers at the end of each day" + ("; dashed: the compared period" if answer.compared else ""),
        explanation=answer.explain("followers"),
        number=number,
        time_zone=workspace.time_zone,
        beside=lambda: annotating.button(workspace, answer.period),
    )


def pace(workspace: Workspace, asked: Filters, screen: GrowthScreen) -> None:
    """Speed and weekdays in plain words."""
    with st.container(border=True, height="stretch", key="panel-pace", gap="small"), boundary():
        st.markdown("**How fast does it grow?**")
        found = load.learnt(workspace, reading.read_pace, asked.where, screen.answer.by_day.period)
        for sentence in (found.speed, found.growth, found.weekdays):
            if sentence:
                st.text(sentence, width="stretch")
        for caution in found.cautions:
            st.caption(format.plain(caution))


def _movement(workspace: Workspace, screen: GrowthScreen) -> None:
    answer, moved = screen.answer.by_day, screen.answer.movement
    bucket = _BUCKETS[moved.by]
    panels.chart(
        f"Gains and losses by {bucket}",
        screen.movement.spec,
        screen.movement.table,
        key="movement",
        alt_text=screen.movement.words,
        note=f"followers of each {bucket}; line: net; paler: not all told yet. {moved.words}".strip(),
        explanation=answer.explain("followers_net"),
        number=answer.totals["followers_net"],
        time_zone=workspace.time_zone,
    )


def _hints(workspace: Workspace, asked: Filters) -> None:
    """Days of unusual gains with the posts before them."""
    with st.container(border=True, height="stretch", key="panel-gains", gap="small"), boundary():
        found = load.screen(workspace, reading.read_hints, asked)
        st.markdown("**Days of unusual gains**")
        if found.days:
            st.caption("The posts came before the gain. That is a coincidence in time, not a cause.")
        for sentence in _outcome(found):
            st.caption(format.plain(sentence))
        for at, day in enumerate(found.days):
            _gain(day, at)
        for sentence in found.waiting:
            st.caption(format.plain(sentence))
        if found.whole_platforms and found.looked:
            st.caption("From all accounts on these platforms.")


def _outcome(found: Hints) -> list[str]:
    """What was found where that is not plain from the days."""
    if any(day.inside for day in found.days) or not found.looked:
        return []
    none = "No day of this period was above its usual range."
    return [f"{none} The last one before it:" if found.days else none]


def _gain(day: GainDay, at: int) -> None:
    with st.container(gap="xxsmall"):
        when = f"{day.day:%a} {calendar.day_words(day.day, year=not day.inside)}"
        st.text(f"{when}, {day.title}: {day.value:+,.0f} (usually up to {day.upper:,.0f})")
        for post in day.posts:
            tables.item(post.id, _text(post), _line(post), f"gain-{at}")
        if not day.posts_total:
            st.caption("No post of the three days up to it is known.")
        elif day.posts_total > len(day.posts):
            st.caption(f"{len(day.posts)} of {day.posts_total} posts of the three days up to it")


def _text(post: PostBefore) -> str:
    return " ".join(post.text.split()) or "A post without text"


def _line(post: PostBefore) -> str:
    when = {0: "the same day", 1: "the day before"}.get(post.days_before, f"{post.days_before} days before")
    size = "" if post.engagement is None else f" · {post.engagement:,.0f} engagements until now"
    return format.plain(f"{post.account} · {when}{size}")


def _sides(workspace: Workspace, asked: Filters) -> None:
    """Growth per platform or account."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="growth-choices"):
        split = _choice("Growth of", _SPLITS, "audience_by")
        scale = _choice("Show", SCALES, "audience_scale")
    screen = load.screen(workspace, reading.read_sides, asked, split, scale)
    _courses(workspace, screen, scale, split)
    if not screen.beside.empty:
        named = {str(option.id): option.title for option in load.accounts(workspace)}
        beside.draw(screen.beside, workspace.time_zone, partial(_pick, named, split))


def _pick(named: dict[str, str], split: str, key: str) -> None:
    """Narrow the page to what was clicked."""
    if split == "platform":
        filters.pick_platform(key)
    elif key in named:
        filters.pick_account(named[key])


def _courses(workspace: Workspace, screen: SidesScreen, scale: str, split: str) -> None:
    answer = screen.trends
    panels.chart(
        f"{answer.title} by {'platform' if split == 'platform' else 'account'}",
        screen.lines.spec,
        screen.lines.table,
        key="growth",
        alt_text=screen.lines.words,
        note=" ".join([_UNITS[scale], *answer.notes]),
        explanation=answer.explanation,
        number=answer.number,
        time_zone=workspace.time_zone,
    )


def _choice(label: str, options: dict[str, str], key: str) -> str:
    found = st.segmented_control(
        label, list(options), default=next(iter(options)), required=True, key=key, bind="query-params",
        format_func=options.__getitem__, label_visibility="collapsed",
    )  # fmt: skip
    return str(found or next(iter(options)))
