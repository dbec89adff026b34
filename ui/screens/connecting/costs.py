"""What metered reads cost: an estimate before the first reading, then spending, budget and forecast of the month."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from core import clock
from services import budget
from services.budget import Estimate, Line, SpendView, dollars
from services.connections import ConnectionView
from ui import format
from ui.load import Workspace
from ui.page import boundary
from ui.screens.connecting import words

_STEP = 5.0


def before(workspace: Workspace, view: ConnectionView) -> None:
    """What the first reading will cost, and the choices that decide it."""
    with st.spinner(f"Looking how many posts {format.plain(view.title)} has"):
        found = budget.estimate(workspace.viewer, view.id)
    if found is None:
        return
    if view.is_demo:
        st.caption("In the demo nothing is billed; this is what it would cost.")
    since = f"{found.opened:%B %Y}"
    has = f"This account has **{words.count(found.posts, 'post')}** since {since}."
    st.markdown(f"{has} Each post read costs {_money(found.price)}.")
    _depth(workspace, view, found.days, found)
    line = found.choices[found.days]
    st.markdown(f"{_said(line)}, if they are spread evenly over the years; {_money(found.at_most)} at most.")
    _month("Then every 30 days", found.month)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _amount(workspace, view, found.budget)
    if line.cost > found.budget:
        st.caption(
            f":orange[:material/info:] That is more than the budget of {_money(found.budget)}. The newest posts are "
            "read first; the rest follows in the next months, or when you raise the budget."
        )


def panel(workspace: Workspace, view: ConnectionView) -> None:
    """The spending of this month, of its budget, with the forecast; and what a person can change about it."""
    found = budget.view(workspace.viewer, view.id)
    if found is None:
        return
    st.markdown("**What it costs**")
    spent = f"{_money(found.spent)} of {_money(found.budget)} in {found.month:%B}"
    st.progress(found.share, f":small[{spent}; it begins anew on {found.renews.day} {found.renews:%B}]")
    _forecast(found)
    with st.container(horizontal=True, gap="small", key="connection-costs"):
        _budget(workspace, view, found)
        _history(workspace, view, found)
        _ask(workspace, view, found)
    with st.expander("How this is reckoned"):
        _reckoned(view, found)


def _forecast(found: SpendView) -> None:
    by_then, next_30 = _money(round(found.month_end, 2)), _money(round(found.next_30_days, 2))
    text = f"At this rhythm {found.month:%B} comes to about {by_then}, and the next 30 days to about {next_30}."
    if found.is_demo:
        st.caption(f"{text} In the demo nothing is billed, and reading does not stop at the budget.")
    elif found.month_end > found.budget:
        st.caption(f":orange[:material/info:] {text} That is more than the budget: reading rests when it is used up.")
    else:
        st.caption(text)


def _budget(workspace: Workspace, view: ConnectionView, found: SpendView) -> None:
    with st.popover("Budget", icon=":material/savings:"), boundary():
        st.caption("When it is used up, nothing that costs is read until the next month. Nothing is lost by it.")
        _amount(workspace, view, found.budget)


def _amount(workspace: Workspace, view: ConnectionView, now: float) -> None:
    amount = st.number_input(
        "Monthly budget in US dollars", min_value=0.0, value=now, step=_STEP, format="%.2f", key=f"budget-{view.id}"
    )
    if st.button("Save the budget", disabled=amount == now, key=f"budget-save-{view.id}"):
        budget.set_budget(workspace.viewer, view.id, amount)
        st.toast(f"The monthly budget is {dollars(amount)}.", icon=":material/savings:")
        st.rerun()


def _history(workspace: Workspace, view: ConnectionView, found: SpendView) -> None:
    with st.popover("History", icon=":material/history:"), boundary():
        st.caption("How far back posts are read. What was read before is not paid for again.")
        _depth(workspace, view, found.days, None)


def _depth(workspace: Workspace, view: ConnectionView, days: int, found: Estimate | None) -> None:
    options = sorted({*budget.DEPTHS, days})
    chosen = st.selectbox(
        "Read posts back to",
        options,
        index=options.index(days),
        format_func=lambda back: _depth_words(back, found),
        key=f"depth-{view.id}",
    )
    if chosen != days:
        budget.set_depth(workspace.viewer, view.id, chosen)
        st.rerun()


def _depth_words(days: int, found: Estimate | None) -> str:
    name = "Everything the platform gives" if days == budget.DEPTHS[-1] else words.history(days)
    cost = f": about {dollars(round(found.choices[days].cost, 2))}" if found else ""
    return f"{name}{cost}"


def _ask(workspace: Workspace, view: ConnectionView, found: SpendView) -> None:
    if found.offers_usage and st.button(
        f"Ask {view.title} for its own count", type="tertiary", icon=":material/fact_check:", key=f"usage-{view.id}"
    ):
        with boundary():
            budget.ask_platform(workspace.viewer, view.id)
            st.rerun()


def _reckoned(view: ConnectionView, found: SpendView) -> None:
    if found.usage:
        cap = f" of {found.usage['cap']:,}" if "cap" in found.usage else ""
        at = format.age(clock.from_epoch_ms(int(found.usage["at"])), clock.utc_now())
        told = f"{view.title} itself counts {found.usage['read']:,}{cap} posts read in its month, by all programs"
        st.markdown(f"{format.plain(told)} ({format.plain(at)}).")
    if found.lines:
        st.markdown(f"Spent in {found.month:%B}:")
        st.markdown("\n".join(f"- {_said(line)}".replace("about ", "") for line in found.lines))
    _month("Every 30 days, at this rhythm", found.forecast)
    st.caption(f"The same post costs once a day, however often it is read. {format.plain(found.note)}")


def _month(label: str, lines: tuple[Line, ...]) -> None:
    total = _money(round(sum(line.cost for line in lines), 2))
    st.markdown(f"{label} about {total}:\n" + "\n".join(f"- {_said(line)}" for line in lines))


def _said(line: Line) -> str:
    return format.plain(line.formula)


def _money(amount: float) -> str:
    return format.plain(dollars(amount))


def older_than(age: timedelta) -> str:
    """An age in words.

    >>> older_than(timedelta(days=2)), older_than(timedelta(days=1)), older_than(timedelta(hours=6))
    ('2 days', 'a day', '6 hours')
    """
    said = words.every(age).removeprefix("every ")
    return f"a {said}" if said in {"day", "week"} else "an hour" if said == "hour" else said
