"""The filter bar: one row on every page that shows numbers. Each choice stands in the address, so a view is a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import streamlit as st

from core import clock
from core.question import Compare, Period, Where
from core.viewer import Viewer
from services import catalogue
from ui import format as fmt

_PERIOD, _RANGE, _COMPARE, _AGAINST, _WEEKDAY = "period", "dates", "cmp", "against", "weekday"
_PLATFORMS, _ACCOUNTS = "p", "accounts"
_KEYS = (_PERIOD, _RANGE, _COMPARE, _AGAINST, _WEEKDAY, _PLATFORMS, _ACCOUNTS)
_EARLIEST = date(2004, 1, 1)


class Preset(StrEnum):
    """The periods one click away."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_7 = "7d"
    LAST_30 = "30d"
    LAST_90 = "90d"
    THIS_MONTH = "month"
    LAST_MONTH = "last-month"
    LAST_QUARTER = "quarter"
    LAST_YEAR = "year"
    CUSTOM = "custom"


_TITLES = {
    Preset.TODAY: "Today",
    Preset.YESTERDAY: "Yesterday",
    Preset.LAST_7: "Last 7 days",
    Preset.LAST_30: "Last 30 days",
    Preset.LAST_90: "Last 90 days",
    Preset.THIS_MONTH: "This month",
    Preset.LAST_MONTH: "Last month",
    Preset.LAST_QUARTER: "Last quarter",
    Preset.LAST_YEAR: "Last year",
    Preset.CUSTOM: "Custom dates",
}
_COMPARISONS = {
    "previous": "Previous period",
    "last_year": "Same days last year",
    "custom": "Custom dates",
    "none": "No comparison",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the page is asked for."""

    period: Period
    compare: Compare | Period | None
    match_weekday: bool
    where: Where


def preset_period(preset: Preset, today: date) -> Period:
    """The days of a preset, seen from today; full days except for "today" and "this month".

    >>> preset_period(Preset.LAST_QUARTER, date(2026, 2, 3))
    Period(first=datetime.date(2025, 10, 1), last=datetime.date(2025, 12, 31))
    """
    yesterday, month = today - timedelta(days=1), today.replace(day=1)
    before_month = month - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    before_quarter = quarter - timedelta(days=1)
    match preset:
        case Preset.TODAY:
            return Period(today, today)
        case Preset.YESTERDAY:
            return Period(yesterday, yesterday)
        case Preset.LAST_7 | Preset.LAST_30 | Preset.LAST_90:
            return Period(today - timedelta(days=int(preset.removesuffix("d"))), yesterday)
        case Preset.THIS_MONTH:
            return Period(month, today)
        case Preset.LAST_MONTH:
            return Period(before_month.replace(day=1), before_month)
        case Preset.LAST_QUARTER:
            return Period(before_quarter.replace(month=before_quarter.month - 2, day=1), before_quarter)
        case Preset.LAST_YEAR:
            return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))
        case _:
            return Period(today - timedelta(days=30), yesterday)


def bar(viewer: Viewer, today: date) -> None:
    """Draw the bar: period and comparison in the row, the rest folded away until wanted."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="filterbar"):
        st.selectbox(
            "Period", list(Preset), index=3, format_func=_TITLES.__getitem__, key=_PERIOD, bind="query-params",
            label_visibility="collapsed", width=170,
        )  # fmt: skip
        if st.session_state[_PERIOD] == Preset.CUSTOM:
            _dates(_RANGE, preset_period(Preset.LAST_30, today), today)
        st.selectbox(
            "Compare with", list(_COMPARISONS), format_func=_COMPARISONS.__getitem__, key=_COMPARE, bind="query-params",
            label_visibility="collapsed", width=200,
        )  # fmt: skip
        if st.session_state[_COMPARE] == "custom":
            _dates(_AGAINST, period(today).previous(), today)
        with st.popover("Filter", icon=":material/filter_list:"):
            _more(viewer)
        _chips(viewer)


def _dates(key: str, default: Period, today: date) -> None:
    st.date_input(
        "Dates", (default.first, default.last), min_value=_EARLIEST, max_value=today, key=key, bind="query-params",
        label_visibility="collapsed", width=230, format="DD/MM/YYYY",
    )  # fmt: skip


def _more(viewer: Viewer) -> None:
    titles = catalogue.platform_titles()
    accounts = catalogue.accounts(viewer)
    present = sorted({account.platform for account in accounts})
    st.multiselect("Platforms", present, format_func=titles.__getitem__, key=_PLATFORMS, bind="query-params",
                   placeholder="All platforms")  # fmt: skip
    names = {str(account.id): f"{account.name} · {titles[account.platform]}" for account in accounts}
    st.multiselect("Accounts", list(names), format_func=lambda key: names.get(key, key), key=_ACCOUNTS,
                   bind="query-params", placeholder="All accounts")  # fmt: skip
    st.toggle("Compare the same weekdays", key=_WEEKDAY, bind="query-params")


def _chips(viewer: Viewer) -> None:
    """Active filters, each removed by a click, and one reset for all."""
    titles = catalogue.platform_titles()
    names = {str(account.id): account.name for account in catalogue.accounts(viewer)}
    for key, words in ((_PLATFORMS, titles), (_ACCOUNTS, names)):
        for value in st.session_state.get(key, ()):
            st.button(
                words.get(value, value), icon=":material/close:", icon_position="right", key=f"chip-{key}-{value}",
                type="tertiary", on_click=_without, args=(key, value),
            )  # fmt: skip
    if any(st.session_state.get(key) for key in (_PLATFORMS, _ACCOUNTS, _WEEKDAY)) or not _is_default():
        st.button("Reset", icon=":material/restart_alt:", type="tertiary", on_click=reset, key="reset-filters")


def _is_default() -> bool:
    return st.session_state.get(_PERIOD) == Preset.LAST_30 and st.session_state.get(_COMPARE) == "previous"


def _without(key: str, value: str) -> None:
    st.session_state[key] = [kept for kept in st.session_state[key] if kept != value]


def only_platform(platform: str) -> None:
    """Narrow the whole site to one platform; the same again widens it."""
    st.session_state[_PLATFORMS] = [] if st.session_state.get(_PLATFORMS) == [platform] else [platform]


def reset() -> None:
    """Back to the last 30 full days, compared with the 30 before, everything included."""
    for key in _KEYS:
        if key in st.session_state:
            del st.session_state[key]


def period(today: date) -> Period:
    """The chosen period; while a range is half picked, the last whole one."""
    preset = Preset(st.session_state.get(_PERIOD, Preset.LAST_30))
    if preset is not Preset.CUSTOM:
        return preset_period(preset, today)
    return _picked(_RANGE) or preset_period(Preset.LAST_30, today)


def _picked(key: str) -> Period | None:
    chosen = st.session_state.get(key)
    if isinstance(chosen, tuple) and len(chosen) == 2:
        st.session_state[f"_whole_{key}"] = Period(*chosen)
    whole = st.session_state.get(f"_whole_{key}")
    return whole if isinstance(whole, Period) else None


def current(today: date) -> Filters:
    """Always valid."""
    chosen = st.session_state.get(_COMPARE, "previous")
    compare: Compare | Period | None = None
    if chosen == "custom":
        compare = _picked(_AGAINST) or Compare.PREVIOUS
    elif chosen != "none":
        compare = Compare(chosen)
    where = Where(
        platforms=tuple(st.session_state.get(_PLATFORMS, ())),
        accounts=tuple(int(key) for key in st.session_state.get(_ACCOUNTS, ())),
    )
    return Filters(period(today), compare, bool(st.session_state.get(_WEEKDAY, False)), where)


def today_of(zone_name: str) -> date:
    """The workspace's today."""
    return clock.local_day(clock.utc_now(), zone_name)


def in_words(filters: Filters, compared: Period | None, zone_name: str) -> str:
    """Period, comparison and time zone in words."""
    against = f" against {fmt.days(compared)}" if compared else ""
    return f"{fmt.days(filters.period)}{against} · {zone_name}"
