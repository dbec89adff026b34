"""A target and a day, and what they take.

This module owns the keys `ahead_until` and `ahead_goal`, which stand in the link.
"""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import streamlit as st

from core.language import tr
from core.metric import Unit
from services import ahead
from services.ahead import Goal, Outlook, words
from services.words import calendar
from ui import format
from ui.load import Workspace
from ui.states import boundary

_UNTIL, _GOAL, _ASKED = "ahead_until", "ahead_goal", "_ahead_goal_asked"
_COLOURS = {"likely": "green", "open": "gray", "unlikely": "red"}


def panel(workspace: Workspace, found: Outlook, metric: str) -> tuple[date, float] | None:
    """A target and a day, and what they take; answers the target as it can be drawn on the chart."""
    of = found.daily
    if of is None:
        return None
    days = [stamp.date() for stamp in found.ahead["day"]]
    with st.container(border=True, height="stretch", key="panel-goal", gap="small"), boundary():
        st.markdown(f"**{tr('Will a target be reached?')}**")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            until = _until(days)
            target = _target(workspace, found, metric, (until - days[0]).days + 1)
        _link(_UNTIL, until.isoformat() if until != days[-1] or _GOAL in st.query_params else "")
        st.session_state[_ASKED] = True
        if target is None:
            st.caption(tr("Type what you want to reach. Targets set on the overview are filled in by themselves."))
            return None
        made = ahead.goal(found, target, until)
        _answer(found, made)
    return None if found.adds or not _is_near(found, target) else (until, target)


def _is_near(found: Outlook, target: float) -> bool:
    """Whether a target can be drawn without flattening everything else."""
    if found.daily is None:
        return False
    known = pd.concat([found.daily.values.tail(ahead.PAST * found.horizon), found.ahead["lower"], found.ahead["upper"]])
    span = float(known.max() - known.min())
    return bool(known.min() - span <= target <= known.max() + span)


def _until(days: list[date]) -> date:
    """The day to reach it by: the last one, unless another of these is chosen."""
    key = f"{_UNTIL}-{len(days)}"
    linked = next((day for day in days if day.isoformat() == _linked(_UNTIL)), None)
    if linked is not None or st.session_state.get(key) not in days:
        st.session_state[key] = linked or days[-1]
    found = st.date_input(tr("Reached by"), None, days[0], days[-1], key=key, persist_state="session",
                          format=format.picker_pattern(), width=150)  # fmt: skip
    return found if found in days else days[-1]


def _target(workspace: Workspace, found: Outlook, metric: str, days: int) -> float | None:
    of = found.daily
    if of is None:
        return None
    ratio = of.metric.unit is Unit.RATIO
    kept = ahead.kept_target(workspace.viewer, found, days)
    key = f"goal-{metric}-{days if found.adds else 0}"
    shown = None if kept is None else round(kept * (100 if ratio else 1), 4 if ratio else 2)
    label = f"{tr(of.metric.title)}{', %' if ratio else f', {of.currency}' if of.currency else ''}"
    if found.adds:
        label = tr(
            "{metric} in all, from {day}", metric=label, day=calendar.day_words(found.ahead["day"].iloc[0].date())
        )
    typed = _typed(label, key, shown)
    if typed is None:
        return None
    return typed / 100 if ratio else float(typed)


def _typed(label: str, key: str, usual: float | None) -> float | None:
    """What is wanted; it stands in the link once it is not the usual."""
    linked = _number(_linked(_GOAL))
    if linked is not None or key not in st.session_state:
        st.session_state[key] = usual if linked is None else linked
    typed = st.number_input(label, value=None, step=None, format="%g", key=key, persist_state="session", width=280)
    _link(_GOAL, "" if typed is None or typed == usual else f"{typed:.12g}")
    return typed


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _linked(name: str) -> str:
    """What the link says, which is for what is looked at first: another metric has another target."""
    return "" if st.session_state.get(_ASKED) else st.query_params.get(name, "")


def _link(name: str, words: str) -> None:
    """Have it in the link, or nothing of it."""
    if not words:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != words:
        st.query_params[name] = words


def _answer(found: Outlook, made: Goal) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        colour = _COLOURS[made.chance]
        st.badge(
            tr(words.CHANCES[made.chance]), color="green" if colour == "green" else "red" if colour == "red" else "gray"
        )
        st.text(words.verdict(found, made), width="stretch")
    st.text(words.pace(found, made))
    st.caption(tr("Likely: the whole band reaches it. Unlikely: none of it does. Open: the target lies inside."))
