"""What metered reads cost: an estimate before the first reading, then spending, budget and forecast of the month."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core import clock, language
from core.language import figure, tr, trn
from services.connecting import budget
from services.connecting.budget import Estimate, Line, SpendView, dollars
from services.connecting.connections import ConnectionView
from ui import format
from ui.load import Workspace
from ui.screens.connecting import words
from ui.states import boundary

_STEP = 5.0


def before(workspace: Workspace, view: ConnectionView) -> None:
    """What the first reading will cost, and the choices that decide it."""
    with st.spinner(tr("Looking how many posts {title} has", title=format.plain(view.title))):
        found = budget.estimate(workspace.viewer, view.id)
    if found is None:
        return
    if view.is_demo:
        st.caption(tr("In the demo nothing is billed; this is what it would cost."))
    has = trn(
        "This account has **{n} post** since {month}.",
        "This account has **{n} posts** since {month}.",
        found.posts,
        month=language.day(found.opened, "yMMMM"),
    )
    st.markdown(f"{has} {tr('Each post read costs {price}.', price=_money(found.price))}")
    _depth(workspace, view, found.days, found)
    line = found.choices[found.days]
    st.markdown(
        tr(
            "{cost}, if they are spread evenly over the years; {at_most} at most.",
            cost=_said(line),
            at_most=_money(found.at_most),
        )
    )
    total = _total(found.month)
    _list(tr("Then every 30 days about {amount}:", amount=total), found.month)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _amount(workspace, view, found.budget)
    if line.cost > found.budget:
        said = tr(
            "That is more than the budget of {budget}. The newest posts are read first; the rest follows in the next "
            "months, or when you raise the budget.",
            budget=_money(found.budget),
        )
        st.caption(f":orange[:material/info:] {said}")


def panel(workspace: Workspace, view: ConnectionView) -> None:
    """The spending of this month, of its budget, with the forecast; and what a person can change about it."""
    found = budget.view(workspace.viewer, view.id)
    if found is None:
        return
    st.markdown(tr("**What it costs**"))
    said = tr(
        "{spent} of {budget} in {month}; it begins anew on {day}",
        spent=_money(found.spent),
        budget=_money(found.budget),
        month=_month_name(found.month),
        day=language.day(found.renews, "MMMMd"),
    )
    st.progress(found.share, f":small[{said}]")
    _forecast(found)
    with st.container(horizontal=True, gap="small", key="connection-costs"):
        _budget(workspace, view, found)
        _history(workspace, view, found)
        _ask(workspace, view, found)
    with st.expander(tr("How this is reckoned")):
        _reckoned(view, found)


def _forecast(found: SpendView) -> None:
    by_then, next_30 = _money(round(found.month_end, 2)), _money(round(found.next_30_days, 2))
    text = tr(
        "At this rhythm {month} comes to about {by_then}, and the next 30 days to about {next_30}.",
        month=_month_name(found.month),
        by_then=by_then,
        next_30=next_30,
    )
    if found.is_demo:
        st.caption(f"{text} {tr('In the demo nothing is billed, and reading does not stop at the budget.')}")
    elif found.month_end > found.budget:
        rests = tr("That is more than the budget: reading rests when it is used up.")
        st.caption(f":orange[:material/info:] {text} {rests}")
    else:
        st.caption(text)


def _budget(workspace: Workspace, view: ConnectionView, found: SpendView) -> None:
    with st.popover(tr("Budget"), icon=":material/savings:"), boundary():
        st.caption(tr("When it is used up, nothing that costs is read until the next month. Nothing is lost by it."))
        _amount(workspace, view, found.budget)


def _amount(workspace: Workspace, view: ConnectionView, now: float) -> None:
    amount = st.number_input(
        tr("Monthly budget in US dollars"), min_value=0.0, value=now, step=_STEP, format="%.2f", key=f"budget-{view.id}"
    )
    if st.button(tr("Save the budget"), disabled=amount == now, key=f"budget-save-{view.id}"):
        budget.set_budget(workspace.viewer, view.id, amount)
        st.toast(tr("The monthly budget is {amount}.", amount=dollars(amount)), icon=":material/savings:")
        st.rerun()


def _history(workspace: Workspace, view: ConnectionView, found: SpendView) -> None:
    with st.popover(tr("History"), icon=":material/history:"), boundary():
        st.caption(tr("How far back posts are read. What was read before is not paid for again."))
        _depth(workspace, view, found.days, None)


def _depth(workspace: Workspace, view: ConnectionView, days: int, found: Estimate | None) -> None:
    options = sorted({*budget.DEPTHS, days})
    chosen = st.selectbox(
        tr("Read posts back to"),
        options,
        index=options.index(days),
        format_func=lambda back: _depth_words(back, found),
        key=f"depth-{view.id}",
    )
    if chosen != days:
        budget.set_depth(workspace.viewer, view.id, chosen)
        st.rerun()


def _depth_words(days: int, found: Estimate | None) -> str:
    name = tr("Everything the platform gives") if days == budget.DEPTHS[-1] else words.history(days)
    if not found:
        return name
    return tr("{how_far}: about {amount}", how_far=name, amount=dollars(round(found.choices[days].cost, 2)))


def _ask(workspace: Workspace, view: ConnectionView, found: SpendView) -> None:
    if found.offers_usage and st.button(
        tr("Ask {title} for its own count", title=view.title),
        type="tertiary",
        icon=":material/fact_check:",
        key=f"usage-{view.id}",
    ):
        with boundary():
            budget.ask_platform(workspace.viewer, view.id)
            st.rerun()


def _reckoned(view: ConnectionView, found: SpendView) -> None:
    if found.usage:
        st.markdown(format.plain(_counted(view.title, found)))
    if found.lines:
        st.markdown(tr("Spent in {month}:", month=_month_name(found.month)))
        st.markdown("\n".join(f"- {format.plain(line.spent)}" for line in found.lines))
    total = _total(found.forecast)
    _list(tr("Every 30 days, at this rhythm about {amount}:", amount=total), found.forecast)
    once = tr("The same post costs once a day, however often it is read.")
    st.caption(f"{once} {format.plain(tr(found.note))}")


def _counted(title: str, found: SpendView) -> str:
    """What the platform has counted itself."""
    values = {
        "title": title,
        "posts": figure(f"{found.usage['read']:,}"),
        "when": format.age(clock.from_epoch_ms(int(found.usage["at"])), clock.utc_now()),
    }
    if "cap" not in found.usage:
        return tr("{title} itself counts {posts} posts read in its month, by all programs ({when}).", **values)
    return tr(
        "{title} itself counts {posts} of {cap} posts read in its month, by all programs ({when}).",
        cap=figure(f"{found.usage['cap']:,}"),
        **values,
    )


def _list(label: str, lines: tuple[Line, ...]) -> None:
    st.markdown(f"{label}\n" + "\n".join(f"- {_said(line)}" for line in lines))


def _total(lines: tuple[Line, ...]) -> str:
    return _money(round(sum(line.cost for line in lines), 2))


def _month_name(month: date) -> str:
    return language.month(month.month)


def _said(line: Line) -> str:
    return format.plain(line.formula)


def _money(amount: float) -> str:
    return format.plain(dollars(amount))
