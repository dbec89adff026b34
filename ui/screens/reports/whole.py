"""What the blocks of a report share: title, period, comparison, what it is narrowed to, and its language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import streamlit as st

from core.errors import AppError
from core.language import tr
from core.question import Period
from services.reports import build, layouts
from services.words import calendar
from ui import format, load
from ui.load import Workspace
from ui.screens.reports import choices
from ui.screens.reports.changes import Draft

_EARLIEST, _LATEST = date(2005, 1, 1), date(2099, 12, 31)


def draw(workspace: Workspace, draft: Draft) -> None:
    """Every setting of the report as a whole."""
    with st.container(gap="small", key="report-whole"):
        key = draft.held("title", draft.layout.title)
        st.text_input(
            tr("Title"), key=key, max_chars=layouts.LONGEST_TITLE,
            on_change=lambda: draft.set(title=st.session_state[key].strip()),
        )  # fmt: skip
        _period(workspace, draft)
        _compare(workspace, draft)
        _said(workspace, draft)
        _narrowed(workspace, draft)
        _language(draft)


def _resolved(workspace: Workspace, draft: Draft) -> Period:
    return build.asked_of(draft.layout, load.today(workspace), workspace.week_start).period


def _period(workspace: Workspace, draft: Draft) -> None:
    given = draft.layout.period
    key = draft.held("period", choices.CUSTOM if isinstance(given, Period) else given)

    def keep() -> None:
        chosen = st.session_state[key]
        draft.set(period=_resolved(workspace, draft) if chosen == choices.CUSTOM else chosen)

    st.selectbox(
        tr("Period"), list(choices.PERIODS), key=key, format_func=lambda one: tr(choices.PERIODS[one]), on_change=keep,
        help=tr("A named period is counted anew each time the report is made; dates stay as they are."),
    )  # fmt: skip
    if isinstance(given, Period):
        _dates(draft, "period", given, (tr("From"), tr("To")))


def _dates(draft: Draft, name: str, given: Period, labels: tuple[str, str]) -> None:
    """The two days of a period; one that would end before it begins is refused, and said."""

    def keep() -> None:
        first, last = draft.given(f"{name}-first"), draft.given(f"{name}-last")
        if first is None or last is None:
            return
        try:
            draft.set(**{name: Period(first, last)})
        except AppError as error:
            draft.refuse(error)

    columns = st.columns(2, gap="small")
    for column, label, part, day in zip(columns, labels, ("first", "last"), (given.first, given.last), strict=True):
        with column:
            st.date_input(
                label, None, _EARLIEST, _LATEST, key=draft.held(f"{name}-{part}", day), on_change=keep,
                format=format.picker_pattern(),
            )  # fmt: skip


def _compare(workspace: Workspace, draft: Draft) -> None:
    given = draft.layout.compare
    key = draft.held("compare", choices.compare_of(draft.layout))

    def keep() -> None:
        chosen = st.session_state[key]
        if chosen == choices.CUSTOM:
            draft.set(compare=_resolved(workspace, draft).previous(), match_weekday=False)
        else:
            compare, match_weekday = choices.compared(chosen)
            draft.set(compare=compare, match_weekday=match_weekday)

    st.selectbox(
        tr("Compare with"), list(choices.COMPARE), key=key, format_func=lambda one: tr(choices.COMPARE[one]),
        on_change=keep,
    )  # fmt: skip
    if isinstance(given, Period):
        _dates(draft, "compare", given, (tr("Compare from"), tr("Compare to")))


def _said(workspace: Workspace, draft: Draft) -> None:
    """What the period means if the report is made today."""
    try:
        asked = build.asked_of(draft.layout, load.today(workspace), workspace.week_start)
    except AppError as error:
        st.warning(format.plain(f"{error.message} {error.hint}".strip()), icon=":material/error:")
        return
    past = calendar.past_of(asked.period, asked.compare, match_weekday=asked.match_weekday)
    st.caption(tr("Made today: {periods}", periods=format.plain(format.periods(asked.period, past))))
    if asked.period.last - load.today(workspace) > timedelta(0):
        st.caption(tr("It ends in the future; what has not happened yet is left out."))


def _narrowed(workspace: Workspace, draft: Draft) -> None:
    layout, titles = draft.layout, load.platform_titles()
    platforms = {one: titles.get(one, one) for one in choices.platforms(workspace, layout.platforms)}
    _several(draft, tr("Platforms"), "platforms", platforms, tr("All platforms"))
    _several(draft, tr("Accounts"), "accounts", choices.accounts(workspace, layout.accounts), tr("All accounts"))
    _several(draft, tr("Content type"), "kinds", choices.kinds(workspace, layout.kinds), tr("All types"))
    _several(draft, tr("Tag"), "tags", choices.tags(workspace, layout.tags), tr("All tags"))
    if layout.kinds or layout.tags:
        st.caption(tr("Content type and tag narrow posts; numbers of whole accounts count everything."))


def _several(draft: Draft, label: str, name: str, options: dict[Any, str], none: str) -> None:
    key = draft.held(name, list(getattr(draft.layout, name)))
    st.multiselect(
        label, list(options), key=key, format_func=options.__getitem__, placeholder=none,
        on_change=lambda: draft.set(**{name: tuple(st.session_state[key])}),
    )  # fmt: skip


def _language(draft: Draft) -> None:
    known = choices.languages()
    words, forms = st.columns(2, gap="small")
    with words:
        key = draft.held("language", draft.layout.language)
        st.selectbox(
            tr("Language of the report"), list(known), key=key, format_func=known.__getitem__,
            on_change=lambda: draft.set(language=st.session_state[key]),
        )  # fmt: skip
    with forms:
        own = draft.held("forms", draft.layout.forms or draft.layout.language)
        st.selectbox(
            tr("Figures and dates as in"), list(known), key=own, format_func=known.__getitem__,
            on_change=lambda: draft.set(forms=st.session_state[own]),
        )  # fmt: skip
