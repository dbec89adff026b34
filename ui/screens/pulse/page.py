"""The parts of the Pulse page. They are drawn again every 30 seconds by themselves; nothing is computed here.

This module owns the keys `pulse_live`, `_pulse_last` and `_pulse_picked`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from core import clock, numbers
from core.errors import AppError, Recovery
from core.kept import retold
from core.language import mark, tr
from services.overview import Card
from services.pulse import Fresh, Pulse, PulseCard
from ui import annotating, cards, commenting, filters, format, load, menu, panels, states
from ui.drawings import PulseScreen
from ui.load import Workspace
from ui.page import style
from ui.screens.pulse import posts
from ui.states import boundary

EVERY_S = 30
_NARROWEST = 168
_LIVE, _LAST, _PICKED = "pulse_live", "_pulse_last", "_pulse_picked"
_STATES = {"new": mark("new"), "paused": mark("paused"), "disconnected": mark("disconnected")}
_DOTS = {"active": "green", "attention": "orange", "imported": "gray"}


def draw(workspace: Workspace) -> None:
    """The page below its title; from then on it renews itself while it is switched on."""
    style("pulse")
    if not load.accounts(workspace):
        states.not_connected()
        return
    live = bool(st.session_state.get(_LIVE, True))
    with st.container(key="pulse"):
        st.fragment(_body, run_every=EVERY_S if live else None)(workspace, live)


def _body(workspace: Workspace, live: bool) -> None:
    if st.session_state.pop(_PICKED, False):
        st.rerun()  # the filter bar stands outside what renews itself
    with boundary():
        screen, failed = _newest(workspace)
        answer = screen.answer
        _head(answer, live, failed)
        _failing(answer)
        _cards(answer)
        posts.viral(answer)
        left, right = st.columns([2, 1], gap="xsmall")
        with left:
            _hours(screen)
        with right:
            _freshness(answer)
        posts.newest(answer)
        commenting.panel(workspace, filters.current().where, answer.now)


def _newest(workspace: Workspace) -> tuple[PulseScreen, AppError | None]:
    """The numbers of now. While they cannot be had for a moment, those of before, and why."""
    where = filters.current().where
    key = (workspace.id, where)
    try:
        screen = load.pulse_screen(workspace, where, annotating.shown())
    except AppError as error:
        kept = st.session_state.get(_LAST)
        if error.recovery is not Recovery.RETRY or kept is None or kept[0] != key:
            raise
        return kept[1], error
    st.session_state[_LAST] = (key, screen)
    return screen, None


def _head(answer: Pulse, live: bool, failed: AppError | None) -> None:
    """Whether it is live, as of when, and the switch."""
    at = f"{answer.now.astimezone(clock.zone(answer.time_zone)):%H:%M:%S}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pulsehead"):
        if failed is not None:
            still = tr("Still showing {time}; it is tried again by itself.", time=at)
            words = f":orange[●] {format.plain(failed.message)} {still}"
        elif live:
            words = f":green[●] {tr('Live · read at {time}', time=at)}"
        else:
            words = f":gray[●] {tr('Paused · read at {time}', time=at)}"
        scope = tr("today and the last 24 hours, {time_zone}", time_zone=answer.time_zone)
        st.caption(f"{words} · {format.plain(scope)}", width="stretch")
        wanted = st.toggle(
            tr("Live"), live, key=_LIVE, help=tr("Renews itself every {seconds} seconds", seconds=EVERY_S)
        )
    if wanted != live:
        st.rerun()


def _failing(answer: Pulse) -> None:
    """Accounts that are not being read: what is below stands still for them."""
    found = {one.platform: one for one in answer.fresh if one.state == "attention"}
    titles = load.platform_titles()
    for platform, one in found.items():
        name = format.plain(titles.get(platform, platform))
        since = format.moment(one.read_at, answer.time_zone, answer.now) if one.read_at else ""
        said = (
            tr("{platform} is not being read since {moment}.", platform=name, moment=since)
            if since
            else tr("{platform} is not being read.", platform=name)
        )
        st.warning(f"{said} {format.plain(retold(one.reason))}", icon=":material/error:")
    if found:
        menu.link("connections", tr("Open the connections"), ":material/cable:")


def _cards(answer: Pulse) -> None:
    with st.grid(len(answer.cards), min_column_width=_NARROWEST, gap="xsmall", key="cards"):
        for one in answer.cards:
            _card(one, answer.time_zone)


def _card(one: PulseCard, time_zone: str) -> None:
    with cards.framed(one, time_zone, f"pulse-{one.number.metric}"):
        cards.value(Card(one.title, one.compared_only, (), one.values, one.explanation))
        st.space("stretch")
        for line in _foot(one):
            st.caption(f":small[{format.plain(line)}]")


def _foot(one: PulseCard) -> list[str]:
    """Why there is no number; else the usual one, and of how many accounts it is."""
    number, lines = one.number, []
    if number.value is None:
        return [tr("No number: {reason}", reason=number.why_none or tr("no data"))]
    if one.beside is not None and one.beside.value is not None:
        lines.append(tr("{n} followers now", n=numbers.exact(one.beside.value, one.beside.unit)))
    if number.previous is not None:
        lines.append(tr("usually {value} by now", value=numbers.short(number.previous, number.unit)))
    elif number.why_no_change:
        lines.append(number.why_no_change)
    lines.append(one.explanation.coverage.split(",")[0])
    return lines


def _hours(screen: PulseScreen) -> None:
    card = screen.answer.cards[0]
    panels.chart(
        tr("Engagement by hour"),
        screen.hours.spec,
        screen.hours.table,
        key="hours",
        alt_text=screen.hours.words,
        note=tr(
            "interactions in each of the last 24 hours; paler where readings lie far apart or the hour is not read to "
            "its end"
        ),
        explanation=card.explanation,
        time_zone=screen.answer.time_zone,
        pick=_pick,
    )


def _pick(platform: str) -> None:
    filters.pick_platform(platform)
    st.session_state[_PICKED] = True


def _freshness(answer: Pulse) -> None:
    """When each account was read, and when it is read next."""
    titles = load.platform_titles()
    with st.container(border=True, height="stretch", gap="xsmall", key="panel-fresh"):
        st.markdown(f"**{tr('How fresh is it?')}**")
        for one in answer.fresh:
            with st.container(gap=None):
                name = f"{titles.get(one.platform, one.platform)} · {one.account}"
                st.markdown(f":small[:{_DOTS.get(one.state, 'gray')}[●] {format.plain(name)}]")
                st.caption(f":small[{format.plain(_reads(one, answer.now))}]")


def _reads(one: Fresh, now: datetime) -> str:
    read = tr("read {age}", age=format.age(one.read_at, now)) if one.read_at else tr("not read yet")
    if one.state == "imported":
        return tr("from imported files")
    if one.state != "active":
        state = tr("needs attention") if one.state == "attention" else tr(_STATES.get(one.state, one.state))
        return f"{read} · {state}"
    return f"{read} · {_next(one.next_at, now)}"


def _next(at: datetime | None, now: datetime) -> str:
    if at is None or at - now < timedelta(minutes=1):
        return tr("next any moment")
    minutes = int((at - now) / timedelta(minutes=1))
    return tr("next in {n} min", n=minutes) if minutes < 120 else tr("next in {n} h", n=minutes // 60)
