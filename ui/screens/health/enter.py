"""What is held against ours: a number that a person types, or an export of the platform."""

from __future__ import annotations

from datetime import date

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from analytics.metrics import registry
from core import clock
from core.language import mark, tr
from core.metric import Metric, Unit
from core.question import Period
from services import catalogue
from services.ask import notes
from services.connecting.platforms import title as platform_title
from services.imports.table import MAX_MB
from services.reconciliation import kept
from services.words import periods
from storage.entities import AccountRow
from ui import format, load
from ui.load import Workspace

CHOSEN = "rec_chosen"
"""Where it is kept which of the list is shown in full."""
_WAY, _ROUND, _DONE = "rec_way", "rec_round", "_rec_done"
_ACCOUNT, _METRIC, _DAYS, _NUMBER, _NOTE = "rec_account", "rec_metric", "rec_days", "rec_number", "rec_note"
_PARTS = "rec_numerator", "rec_denominator"
_NUMBER_WAY, _FILE_WAY = mark("A number"), mark("An export")
_TYPES = ["csv", "tsv", "txt", "xlsx", "xls", "zip"]
_LEADS = {
    _NUMBER_WAY: mark(
        "Enter a number as the platform's own site or app shows it. It is held against ours each time you look, and "
        "where they differ you see where the difference arises."
    ),
    _FILE_WAY: mark(
        "Bring a file that the platform's own site exports, as on Import. Its totals and days are held against ours; "
        "none of its rows is stored."
    ),
}


def draw(workspace: Workspace) -> UploadedFile | None:
    """The form; answers the file, where one was brought."""
    if st.session_state.pop(_DONE, False):
        for name in (_NUMBER, *_PARTS):
            st.session_state[name] = None
        st.session_state[_NOTE] = ""
    st.markdown(f"**{tr('What the platform says')}**")
    way = st.segmented_control(tr("What to compare"), list(_LEADS), default=_NUMBER_WAY, key=_WAY, required=True,
                               format_func=tr, label_visibility="collapsed")  # fmt: skip
    st.caption(tr(_LEADS[way or _NUMBER_WAY]))
    if way == _FILE_WAY:
        return st.file_uploader(
            tr("The platform's export"), type=_TYPES, max_upload_size=MAX_MB,
            key=f"rec-file-{workspace.id}-{st.session_state.get(_ROUND, 0)}",
        )  # fmt: skip
    _form(workspace)
    return None


def next_file() -> None:
    """Take the file off the screen."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def account_title(account: AccountRow) -> str:
    """An account to choose."""
    return f"{notes.account_title(account)} ({platform_title(account.platform)})"


def _form(workspace: Workspace) -> None:
    accounts = {account_title(one): one for one in catalogue.accounts(workspace.viewer) if one.selected}
    account = accounts[str(st.selectbox(tr("Account"), list(accounts), key=_ACCOUNT))]
    metric, period = _metric(account), _period(workspace)
    currency = account.currency or workspace.currency
    number = _number(metric, currency, tr("Rate there") if metric.numerator else tr("Number there"), _NUMBER)
    found = {metric.name: number} | (_rate_parts(metric, currency) if metric.numerator else {})
    note = st.text_input(tr("Note (optional)"), key=_NOTE, max_chars=kept.LONGEST_NOTE,
                         placeholder=tr("Where you read it, for example Studio, Overview"))  # fmt: skip
    if st.button(tr("Compare"), type="primary", key="rec_save", disabled=number is None or period is None):
        _save(workspace, account, period, found, note)


def _metric(account: AccountRow) -> Metric:
    offered = {one.title: one for one in kept.metrics(account)}
    if st.session_state.get(_METRIC) not in offered:
        st.session_state[_METRIC] = "Views" if "Views" in offered else next(iter(offered))
    return offered[str(st.selectbox(tr("Metric"), list(offered), key=_METRIC, format_func=tr))]


def _period(workspace: Workspace) -> Period | None:
    """The days the number is of; None while only one end is chosen."""
    today = load.today(workspace)
    month = periods.resolve("last_month", today)
    found = st.date_input(tr("Days, both included"), (month.first, month.last), date(2005, 1, 1), today, key=_DAYS,
                          format=format.picker_pattern())  # fmt: skip
    if isinstance(found, tuple) and len(found) == 2:
        return Period(found[0], found[1])
    return None


def _number(metric: Metric, currency: str, label: str, key: str, hint: str = "") -> float | None:
    """A number as it is typed, in the metric's unit."""
    unit = kept.unit_words(metric, currency)
    whole = metric.unit is Unit.COUNT and not metric.numerator
    found = st.number_input(f"{label}{f', {unit}' if unit else ''}", value=None, key=key, step=1.0 if whole else 0.01,
                            format="%.0f" if whole else "%.2f", placeholder=hint or tr("All its digits"))  # fmt: skip
    return None if found is None else kept.typed(metric, float(found))


def _rate_parts(metric: Metric, currency: str) -> dict[str, float | None]:
    """What the platform shows of the two parts of a rate, as far as a person has looked."""
    found: dict[str, float | None] = {}
    columns = st.columns(2, gap="small")
    for column, name, key in zip(columns, (metric.numerator, metric.denominator), _PARTS, strict=True):
        with column:
            one = registry.metric(name)
            found[name] = _number(one, currency, tr("{metric} there", metric=tr(one.title)), key, tr("If shown"))
    st.caption(tr("With one of the two, it can be told which part of the rate differs."))
    return found


def _save(
    workspace: Workspace, account: AccountRow, period: Period | None, found: dict[str, float | None], note: str
) -> None:
    """Keep the number, and the parts of a rate before it, so that the rate stands first."""
    if period is None:
        return
    for name, number in reversed(found.items()):
        if number is not None:
            made = kept.add(workspace.viewer, account.id, name, period, number, note, now=clock.utc_now())
            st.session_state[CHOSEN] = made
    st.session_state[_DONE] = True
    st.rerun()
