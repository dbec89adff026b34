"""KPI cards: name, value, change in both ways, sparkline, target, freshness and how it is made."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import streamlit as st

from core import clock
from core.language import figure, tr
from core.question import Explanation, Number, Period
from services import freshness
from services.overview import Card
from services.pulse import PulseCard
from services.team import targets
from services.team.targets import Progress
from ui import format, fresh, made

_NARROWEST = 150
_LEAST = 0.0005
Colour = Literal["green", "red", "gray"]


def row(cards: Sequence[Card], goals: Mapping[str, float], time_zone: str) -> None:
    """A row of cards of equal height: six beside each other on a wide screen, two on a phone."""
    grid = st.grid(len(cards), min_column_width=_NARROWEST, gap="xsmall", key="cards")
    with grid:
        for one in cards:
            card(one, goals, time_zone)


def card(one: Card, goals: Mapping[str, float], time_zone: str) -> None:
    """One card."""
    with framed(one, time_zone, one.number.metric):
        value(one, height="stretch")
        _foot(one, goals)


@contextlib.contextmanager
def framed(one: Card | PulseCard, time_zone: str, key: str) -> Iterator[None]:
    """The frame of a card, below its head: the name, and the button, known by `key`, that tells how it is made."""
    name = one.number.metric
    with st.container(border=True, gap="xxsmall", height="stretch", key=f"card-{name}"):
        with st.container(
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            gap=None,
            wrap=False,
            key=f"cardhead-{name}",
        ):
            st.markdown(f":small[{one.title}]", width="stretch", wrap=False)
            made.button(one.explanation, one.number, time_zone, key)
        yield


def value(one: Card, height: Literal["stretch", "content"] = "content") -> None:
    """The number, its change in per cent and in its unit, and its series, which stands at the bottom of the height."""
    number = one.number
    st.metric(
        one.title,
        format.value(number),
        delta=_delta(number),
        delta_color=_colour(number),
        delta_arrow=_arrow(number),
        delta_description=_description(number),
        label_visibility="collapsed",
        height=height,
        chart_data=_spark(one.values),
        chart_type="area",
    )


def _delta(number: Number) -> str | None:
    if number.change is not None:
        return format.percent(number.change)
    return tr("n/a") if number.value is not None and number.why_no_change else None


def _description(number: Number) -> str | None:
    if number.value is None:
        return None
    if number.change is None:
        return number.why_no_change or None
    return format.difference(number)


def _colour(number: Number) -> Colour:
    good = number.is_good if _moved(number) else None
    return "gray" if good is None else "green" if good else "red"


def _arrow(number: Number) -> Literal["up", "down", "off"]:
    if not _moved(number):
        return "off"
    return "up" if (number.change or 0) > 0 else "down"


def _moved(number: Number) -> bool:
    """Whether the change shows: what rounds to 0.0 % is neither good nor bad."""
    return number.change is not None and abs(number.change) >= _LEAST


def _spark(values: Sequence[float]) -> list[float] | None:
    known = [value for value in values if not math.isnan(value)]
    return known if len(known) > 1 else None


def _foot(one: Card, goals: Mapping[str, float]) -> None:
    """Why there is no value; else the target, if there is one, and how old the number is."""
    if one.number.value is None:
        st.caption(f":small[{format.plain(one.number.why_none or tr('no data'))}]")
        return
    progress = targets.progress(goals, one.number, one.explanation.period)
    if progress is not None:
        st.progress(min(max(progress.share, 0.0), 1.0), f":small[{_reached(progress, one.number)}]")
    st.caption(_age(one.explanation, clock.utc_now()))


def reached(goals: Mapping[str, float], number: Number, period: Period) -> list[str]:
    """How much of its target a number is, in words; nothing without a target."""
    progress = targets.progress(goals, number, period)
    return [] if progress is None else [_reached(progress, number)]


def _reached(progress: Progress, number: Number) -> str:
    goal = format.short(progress.target, number.unit, number.currency)
    return tr("{share} of target {goal}", share=figure(f"{progress.share:.0%}"), goal=goal)


def _age(explanation: Explanation, now: datetime) -> str:
    read = freshness.last_read(explanation)
    if read is None:
        return f":small[{tr('from posts')}]"
    old, age = freshness.is_old(read, now), format.age(read, now)
    words = tr("old: read {age}", age=age) if old else tr("read {age}", age=age)
    return f":small[:{'orange' if old or fresh.hindered(explanation) else 'green'}[●] {words}]"
