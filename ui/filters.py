"""The filter bar: period, comparison, platforms, accounts, posts. Drawn once above every page; each view is a link.

This module owns the keys `period`, `from`, `to`, `cmp`, `cmp_from`, `cmp_to`, `p` and `a`; `ui/of_posts.py` owns
the rest. Pages read `current()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

import streamlit as st

from core.errors import AppError
from core.language import mark, tr
from core.question import Asked, Compare, Period, Posts, Where
from services.team import views
from services.words import calendar, periods
from ui import format, links, load, of_posts, saved_views, widths
from ui.load import AccountOption, Workspace

_PERIODS = {**periods.TITLES, periods.CUSTOM: mark("Custom dates")}
_COMPARE = {
    "previous": mark("Previous period"),
    "previous_weekdays": mark("Previous, same weekdays"),
    "year": mark("A year earlier"),
    "year_weekdays": mark("A year earlier, same weekdays"),
    "custom": mark("Custom comparison"),
    "none": mark("No comparison"),
}
_EARLIEST, _LATEST = date(2005, 1, 1), date(2099, 12, 31)
_DATES = ("from", "to", "cmp_from", "cmp_to")
_LISTS = ("p", "a", *of_posts.KEYS)
_KEYS = ("period", "cmp", *_LISTS, *_DATES)
_NOW, _KEPT, _UNFOLDED, _OPENED = "_filters", "_last_valid_period", "_unfolded", "_opened"


def current() -> Asked:
    """The filters as last drawn. Always valid: the period has begun, and does not end before it begins or after
    today."""
    found = st.session_state.get(_NOW)
    if not isinstance(found, Asked):
        raise AppError("The filter bar was not drawn for this page.")
    return found


def settle(workspace: Workspace) -> None:
    """Note the defaults, for a page without a filter bar."""
    st.session_state[_NOW] = Asked(periods.resolve(periods.DEFAULT, load.today(workspace)))


def draw(workspace: Workspace, *, dated: bool = True, posts: Literal["all", "some", "none"] = "none") -> None:
    """Draw the bar and note what was chosen. Where the page is not `dated`, its own style hides the period. `posts`:
    how much of the page is made of posts; where nothing is, content type and tag are kept, and hidden."""
    _open(workspace)
    _dates_in_link()
    options = load.accounts(workspace)
    _keep_known(options)
    with st.container(key="bar", gap="xsmall"):
        fold = st.container(key="fold")
        with st.container(key="filters-open" if st.session_state.get(_UNFOLDED) else "filters-folded", gap="xxsmall"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="filters"):
                period, said = _period(workspace)
                compare, match_weekday, also = _compare(period)
                where = _where(options)
                only = of_posts.draw(workspace, hidden=posts == "none")
                saved_views.button(workspace, present, show)
                if _changed():
                    _reset_button()
            for text in (*said, *also):
                st.markdown(f":small[{text}]")
        with fold:
            _fold_button(dated, only if posts != "none" else Posts())
        if only and posts == "some":
            words = tr("Content type and tag narrow posts; numbers of whole accounts count everything.")
            st.markdown(f":small[:gray[:material/info: {words}]]")
    only = Posts() if posts == "none" else only
    st.session_state[_NOW] = Asked(period, compare, match_weekday, where, only)


def reset() -> None:
    """Back to the defaults, all at once."""
    for key in _DATES:
        st.session_state.pop(key, None)
    st.session_state["period"], st.session_state["cmp"] = periods.DEFAULT, "previous"
    for name in _LISTS:
        st.session_state[name] = []


def present() -> dict[str, Any]:
    """What the bar shows, as values that can be kept. Accounts by their names, as the link has them."""
    state = st.session_state
    kept = {name: state.get(name) for name in ("period", "cmp", *_LISTS)}
    return kept | {name: state[name].isoformat() for name in _DATES if isinstance(state.get(name), date)}


def show(view: Mapping[str, Any]) -> None:
    """Show a view that was kept; what no longer exists is left out. For callbacks: runs before the bar is drawn."""
    reset()
    known = {"period": _PERIODS, "cmp": _COMPARE}
    for name, options in known.items():
        if view.get(name) in options:
            st.session_state[name] = view[name]
    for name in _LISTS:
        st.session_state[name] = list(view.get(name) or [])
    for name in _DATES:
        if view.get(name):
            st.session_state[name] = date.fromisoformat(view[name])


def pick_period(period: str) -> None:
    """Show a named period. For callbacks: runs before the bar is drawn."""
    st.session_state["period"] = period


def flip_compare() -> None:
    """Compare with the period before, or no longer. For callbacks: runs before the bar is drawn."""
    st.session_state["cmp"] = "previous" if st.session_state.get("cmp") == "none" else "none"


def pick_platform(platform: str) -> None:
    """Narrow the page to one platform. For callbacks: runs before the bar is drawn."""
    st.session_state["p"] = [platform]


def pick_account(title: str) -> None:
    """Narrow the page to one account, by its title. For callbacks: runs before the bar is drawn."""
    st.session_state["a"] = [title]


def widen(to: Literal["all", "platform", "posts"]) -> None:
    """Forget the content types and tags that the page is narrowed to; for "platform" the accounts too, and for "all"
    the platforms as well. For callbacks: runs before the bar is drawn."""
    places = {"all": ("p", "a"), "platform": ("a",), "posts": ()}[to]
    for name in (*places, *(of_posts.KEYS if current().posts else ())):
        st.session_state[name] = []


def _open(workspace: Workspace) -> None:
    """When the site is opened without filters in its address, it shows what the person chose to start with."""
    if st.session_state.get(_OPENED):
        return
    st.session_state[_OPENED] = True
    if not any(key in st.query_params or key in st.session_state for key in _KEYS):
        found = views.start(workspace.viewer)
        if found is not None:
            for name, words in _link(found).items():
                st.query_params[name] = words
            st.rerun()


def _link(view: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """A view that was kept as a link has it, in the words of the reader; its widgets leave out what is unknown."""
    titles = load.platform_titles()
    said = {"period": _PERIODS, "cmp": _COMPARE}
    one = {name: tr(options[view[name]]) for name, options in said.items() if view.get(name) in options}
    dates = {name: view[name] for name in _DATES if view.get(name)}
    shown: dict[str, Callable[[str], str]] = {"p": lambda key: titles.get(key, key), "a": str, **of_posts.SHOWN}
    lists = {name: [shown[name](each) for each in view.get(name) or []] for name in _LISTS}
    return {**one, **dates, **{name: words for name, words in lists.items() if words}}


def _dates_in_link() -> None:
    """A link that only gives dates means custom dates."""
    given = st.query_params
    if "period" not in st.session_state and "from" in given and "to" in given and "period" not in given:
        st.session_state["period"] = periods.CUSTOM


def _keep_known(options: tuple[AccountOption, ...]) -> None:
    """Forget chosen accounts and platforms that another workspace has, and accounts outside the chosen platforms."""
    known = {option.platform for option in options}
    if any(one not in known for one in st.session_state.get("p") or []):
        st.session_state["p"] = [one for one in st.session_state["p"] if one in known]
    chosen = st.session_state.get("p")
    titles = {option.title for option in options if not chosen or option.platform in chosen}
    if any(one not in titles for one in st.session_state.get("a") or []):
        st.session_state["a"] = [one for one in st.session_state["a"] if one in titles]


def _fold_button(dated: bool, only: Posts) -> None:
    """On a phone the bar is this one button; `frame.css` hides it elsewhere."""
    chosen = st.session_state.get("period") or periods.DEFAULT
    platforms = [load.platform_titles().get(one, one) for one in st.session_state.get("p") or []]
    period = [tr(_PERIODS.get(chosen, _PERIODS[periods.DEFAULT]))] if dated else []
    label = ", ".join([*period, *platforms, *of_posts.words(only)]) or tr("All platforms")
    icon = ":material/expand_less:" if st.session_state.get(_UNFOLDED) else ":material/tune:"
    st.button(label, key="fold_button", icon=icon, on_click=_toggle_fold, width="stretch")


def _toggle_fold() -> None:
    st.session_state[_UNFOLDED] = not st.session_state.get(_UNFOLDED, False)


def _reset_button() -> None:
    words = tr("Back to all platforms and the last 30 days")
    st.button(tr("Reset"), key="reset", on_click=reset, type="tertiary", icon=":material/restart_alt:", help=words,
              wrap=False)  # fmt: skip


def _changed() -> bool:
    state = st.session_state
    moved = state.get("period", periods.DEFAULT) != periods.DEFAULT or state.get("cmp", "previous") != "previous"
    return moved or any(state.get(name) for name in _LISTS)


def _period(workspace: Workspace) -> tuple[Period, list[str]]:
    """The period, and what must be said about it."""
    today = load.today(workspace)
    chosen = _choice(tr("Period"), _PERIODS, "period", 152)
    if chosen != periods.CUSTOM:
        _forget_dates("from", "to")
        period = periods.resolve(chosen, today, workspace.week_start)
        st.session_state[_KEPT] = period
        return period, []
    found = st.session_state.get(_KEPT)
    kept = found if isinstance(found, Period) else periods.resolve(periods.DEFAULT, today)
    first, last = _day(tr("From"), "from", kept.first), _day(tr("To"), "to", kept.last)
    return _checked(first, last, today, kept)


def _checked(first: date, last: date, today: date, kept: Period) -> tuple[Period, list[str]]:
    if last < first or first > today:
        begin, end = calendar.day_words(first, year=True), calendar.day_words(last, year=True)
        shown = calendar.words(kept, year=True)
        if last < first:
            why = tr("The period {begin} to {end} ends before it begins. Still showing {shown}.",
                     begin=begin, end=end, shown=shown)  # fmt: skip
        else:
            why = tr("The period {begin} to {end} lies in the future. Still showing {shown}.",
                     begin=begin, end=end, shown=shown)  # fmt: skip
        return kept, [f":red[:material/error: {why}]"]
    period = Period(first, min(last, today))
    st.session_state[_KEPT] = period
    if last > today:
        words = tr("The end lies in the future: shown up to today, {day}.", day=calendar.day_words(today))
        return period, [f":gray[:material/info:] {words}"]
    return period, []


def _compare(period: Period) -> tuple[Compare | Period | None, bool, list[str]]:
    """What is compared with, whether by weekday, and what must be said about it."""
    chosen = _choice(tr("Compare with"), _COMPARE, "cmp", 186)
    if chosen != "custom":
        _forget_dates("cmp_from", "cmp_to")
    if chosen == "none":
        return None, False, []
    if chosen == "custom":
        before = period.previous()
        first, last = _day(tr("Compare from"), "cmp_from", before.first), _day(tr("Compare to"), "cmp_to", before.last)
        if last < first:
            said = tr("The comparison ends before it begins. Comparing with the period before.")
            return Compare.PREVIOUS, False, [f":red[:material/error: {said}]"]
        return Period(first, last), False, []
    kind = Compare.PREVIOUS if chosen.startswith("previous") else Compare.LAST_YEAR
    return kind, chosen.endswith("weekdays"), []


def _where(options: tuple[AccountOption, ...]) -> Where:
    titles = load.platform_titles()
    platforms = list(dict.fromkeys(option.platform for option in options))
    chosen = st.multiselect(
        tr("Platforms"),
        platforms,
        key="p",
        bind="query-params",
        format_func=lambda one: titles.get(one, one),
        placeholder=tr("All platforms"),
        label_visibility="collapsed",
        width=widths.room(164),
    )
    by_title = {option.title: option for option in options if not chosen or option.platform in chosen}
    accounts = st.multiselect(
        tr("Accounts"),
        list(by_title),
        key="a",
        bind="query-params",
        placeholder=tr("All accounts"),
        label_visibility="collapsed",
        width=widths.room(164, links.said("a")),
    )
    return Where(tuple(chosen), tuple(by_title[title].id for title in accounts))


def _choice(label: str, options: dict[str, str], key: str, width: int) -> str:
    links.understand(key, list(options), lambda one: tr(options[one]))
    found = st.selectbox(
        label,
        list(options),
        key=key,
        bind="query-params",
        format_func=lambda one: tr(options[one]),
        label_visibility="collapsed",
        width=widths.room(width),
    )
    return str(found)


def _day(label: str, key: str, default: date) -> date:
    """A date that stands in the link as soon as it is shown; a bound widget would only be there once it is changed."""
    if key not in st.session_state:
        st.session_state[key] = _date_in_link(key) or default
    found = st.date_input(
        label,
        None,
        _EARLIEST,
        _LATEST,
        key=key,
        persist_state="session",
        format=format.picker_pattern(),
        label_visibility="collapsed",
        width=146,
    )
    day = found if isinstance(found, date) else default
    if st.query_params.get(key) != day.isoformat():
        st.query_params[key] = day.isoformat()
    return day


def _date_in_link(key: str) -> date | None:
    try:
        found = date.fromisoformat(st.query_params.get(key, ""))
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None


def _forget_dates(*keys: str) -> None:
    """Dates that are not asked for do not stand in the link."""
    for key in keys:
        st.query_params.pop(key, None)
