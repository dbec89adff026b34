"""How a file is read: what a row is, how dates and numbers are written, what each column means. All can be changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import streamlit as st

from core import clock, language
from core.language import mark, tr, trn
from services.imports import commit, headings, mapping
from services.imports.mapping import Column, DateOrder, Kind, Plan
from services.imports.table import ENCODINGS, Table
from services.team import workspaces
from ui import format
from ui.load import Workspace
from ui.screens import settings_choices
from ui.screens.importing import kept

_ROWS = {Kind.POSTS: mark("a post"), Kind.DAILY: mark("a day of the account")}
_ORDERS = {
    DateOrder.DAY_FIRST: mark("day first (31/12/2026)"),
    DateOrder.MONTH_FIRST: mark("month first (12/31/2026)"),
}
_SIGNS = {False: mark("1,234.5 (decimal point)"), True: mark("1.234,5 (decimal comma)")}
_FIRST_YEAR = 2004
_EXAMPLE_CHARACTERS = 40
T = TypeVar("T")

_Meaning = tuple[str, float]
_NOT_TAKEN: _Meaning = ("", 1.0)


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of one reading of a file; `key` tells them from those of another."""

    workspace: Workspace
    table: Table
    file_id: str
    key: str
    grid: Any


def encoding_key(file_id: str) -> str:
    """Where the chosen encoding of a file is kept."""
    return f"import-encoding-{file_id}"


def sheet_key(file_id: str) -> str:
    """Where the chosen sheet of a file is kept."""
    return f"import-sheet-{file_id}"


def draw(workspace: Workspace, table: Table, file_name: str, file_id: str) -> Plan:
    """The fields; answers the plan under all of them. Raises BadFile when two columns are given one meaning."""
    st.subheader(tr("How it is read"), anchor=False)
    rows = trn("{n} row", "{n} rows", len(table.rows))
    shape = tr("{rows}, {columns} columns · {how}", rows=rows, columns=len(table.headings), how=table.how)
    st.markdown(f"**{format.plain(file_name)}** · {format.plain(shape)}")
    said = st.container(gap="xxsmall")
    grid = st.grid(3, min_column_width=220, gap="small")
    columns = st.container(gap="xsmall")
    _sheet(grid, table, file_id)
    _encoding(grid, table, file_id)
    kind = _kind(grid, workspace, table, file_id)
    fields = _Fields(workspace, table, file_id, f"{file_id}-{table.sheet}-{kind}", grid)
    proposed = _proposed(workspace, table, file_id, kind)
    with said:
        _recognised(proposed, table)
    with columns:
        plan = _columns(fields, proposed)
    plan = _latest(table, file_id, "detected", plan, lambda: commit.detect(plan, table))
    plan = replace(plan, time_zone=workspace.time_zone)
    return _years(fields, _times(fields, _account(fields, _numbers(fields, _dates(fields, plan)))))


def _recognised(plan: Plan, table: Table) -> None:
    """Which export of a platform this is, what one should know of it, and what else the file holds."""
    if plan.found is None:
        return
    st.success(tr("This looks like {export}.", export=format.plain(plan.found.words)), icon=":material/verified:")
    if plan.found.export.note:
        st.caption(tr(plan.found.export.note))
    others = [one for one in table.sheets if one != table.sheet]
    if others:
        st.caption(
            format.plain(
                tr(
                    "The file also holds {names}. Each is imported by itself: choose it below.",
                    names=", ".join(others),
                )
            )
        )


def _latest(table: Table, file_id: str, name: str, key: Hashable, make: Callable[[], T]) -> T:
    return kept.latest(file_id, name, (table.sheet, table.encoding, key), make)


def _proposed(workspace: Workspace, table: Table, file_id: str, kind: Kind | None = None) -> Plan:
    """The plan that fits; `kind` is what a person says a row is."""
    name = f"proposed {kind}"
    return _latest(table, file_id, name, workspace.time_zone, lambda: commit.propose(workspace.viewer, table, kind))


def _kind(grid: Any, workspace: Workspace, table: Table, file_id: str) -> Kind:
    found = _proposed(workspace, table, file_id).kind
    with grid.cell():
        chosen = st.selectbox(
            tr("A row is"),
            list(_ROWS),
            index=list(_ROWS).index(found),
            format_func=lambda one: tr(_ROWS[one]),
            key=f"import-kind-{file_id}-{table.sheet}",
        )
    return chosen or found


def _sheet(grid: Any, table: Table, file_id: str) -> None:
    """The page reads this choice before the table is read, by its key."""
    if len(table.sheets) > 1:
        with grid.cell():
            label = tr("File in the ZIP") if table.encoding else tr("Sheet")
            st.selectbox(label, table.sheets, table.sheets.index(table.sheet), key=sheet_key(file_id))


def _encoding(grid: Any, table: Table, file_id: str) -> None:
    if not table.encoding_is_sure:
        known = list(ENCODINGS)
        with grid.cell():
            st.selectbox(
                tr("Letters are written in"),
                known,
                known.index(table.encoding),
                lambda one: tr(ENCODINGS[one]),
                key=encoding_key(file_id),
                help=tr("The file does not tell. If letters look wrong below, choose another."),
            )


def _dates(fields: _Fields, plan: Plan) -> Plan:
    if plan.date_order is DateOrder.YEAR_FIRST:
        return plan
    known = list(_ORDERS)
    with fields.grid.cell():
        order = st.selectbox(
            tr("Dates are written"),
            known,
            known.index(plan.date_order) if plan.date_order else None,
            lambda one: tr(_ORDERS[one]),
            key=f"import-order-{fields.key}-{plan.date_order}",
            placeholder=tr("Choose: they fit both orders"),
        )
    return replace(plan, date_order=order)


def _numbers(fields: _Fields, plan: Plan) -> Plan:
    if plan.decimal_comma is False:
        return plan
    known = list(_SIGNS)
    with fields.grid.cell():
        comma = st.selectbox(
            tr("Numbers are written"),
            known,
            None if plan.decimal_comma is None else known.index(plan.decimal_comma),
            lambda one: tr(_SIGNS[one]),
            key=f"import-sign-{fields.key}-{plan.decimal_comma}",
            placeholder=tr("Choose: they fit both ways"),
        )
    return replace(plan, decimal_comma=comma)


def _times(fields: _Fields, plan: Plan) -> Plan:
    """The zone of published times. A day is the account's own, whatever the zone."""
    if plan.kind is Kind.DAILY:
        return plan
    known = workspaces.time_zones()
    options = known if plan.time_zone in known else (plan.time_zone, *known)
    moment = clock.utc_now()
    with fields.grid.cell():
        zone = st.selectbox(
            tr("Times are in"),
            options,
            options.index(plan.time_zone),
            lambda name: settings_choices.zone_words(name, moment),
            key=f"import-zone-{fields.key}",
            help=tr("Where the file names no time zone. Some platforms export times of their own zone, not of yours."),
        )
    return replace(plan, time_zone=zone or plan.time_zone)


def _account(fields: _Fields, plan: Plan) -> Plan:
    """Which account the rows are of, where the file names several."""
    names = mapping.accounts_in(plan, fields.table)
    if len(names) > 1:
        with fields.grid.cell():
            account = st.selectbox(
                tr("Take the rows of (1 of {n} accounts)", n=len(names)),
                names,
                None,
                key=f"import-account-{fields.key}",
                placeholder=tr("Choose an account"),
            )
        plan = replace(plan, account=account or "")
    return plan


def _years(fields: _Fields, plan: Plan) -> Plan:
    """The year of dates that name none."""
    has_parts = plan.index_of(headings.MONTH) is not None and not plan.has_date
    table = fields.table
    lacking = _latest(table, fields.file_id, "year", plan, lambda: mapping.names_no_year(plan, table))
    if not has_parts and not lacking:
        return plan
    with fields.grid.cell():
        year = st.number_input(
            tr("Year of the rows"),
            _FIRST_YEAR,
            clock.utc_now().year,
            value=None,
            step=1,
            key=f"import-year-{fields.key}",
            placeholder=tr("The file names none"),
            help=tr("Of the newest row, where the rows run over New Year."),
        )
    plan = replace(plan, year=int(year) if year else None)
    if not has_parts:
        return plan
    if plan.index_of(headings.WEEKDAY) is not None:
        with fields.grid.cell():
            first = st.selectbox(
                tr("Weekday 1 is"),
                ["Sunday", "Monday"],
                format_func=lambda one: language.weekday(6 if one == "Sunday" else 0),
                key=f"import-weekday-{fields.key}",
            )
        plan = replace(plan, sunday_is_first=first == "Sunday")
    st.warning(
        tr(
            "This file names no dates, only months, weekdays or hours. With the year, each post "
            "is dated to the first such weekday of its month. That is an estimate."
        ),
        icon=":material/event_busy:",
    )
    return plan


def _columns(fields: _Fields, plan: Plan) -> Plan:
    """What each column means; below it, which are not taken and why."""
    titles = {_NOT_TAKEN: tr("Not taken")} | commit.meanings(plan.kind)
    unclear = not plan.metrics or not (plan.has_date or plan.index_of(headings.MONTH) is not None)
    if not plan.metrics:
        st.warning(
            tr("No column was recognised as a number. Choose below what the columns mean."), icon=":material/help:"
        )
    words = tr("What each column means")
    with st.expander(words, icon=":material/view_column:", expanded=unclear, key=f"import-columns-{fields.key}"):
        grid = st.grid(4, min_column_width=190, gap="small")
        chosen: dict[int, _Meaning] = {}
        for column in plan.columns:
            with grid.cell(), st.container(gap="xxsmall"):
                chosen[column.index] = _column(fields, column, titles)
    changed = _changed(plan, chosen)
    _not_taken(changed)
    return changed


def _column(fields: _Fields, column: Column, titles: dict[_Meaning, str]) -> _Meaning:
    """One column: its heading, what it means, and an example."""
    known = list(titles)
    found = st.selectbox(
        format.plain(column.heading),
        known,
        known.index(_meaning(column)),
        titles.__getitem__,
        key=f"import-column-{fields.key}-{column.index}",
    )
    example = next((row[column.index].strip() for row in fields.table.rows if row[column.index].strip()), "")
    shown = example if len(example) <= _EXAMPLE_CHARACTERS else f"{example[:_EXAMPLE_CHARACTERS]}…"
    said = [tr("such as {example}", example=shown) if shown else tr("empty")]
    if column.also and found == _meaning(column):
        said.append(tr("also counts as {metrics}", metrics=_also(column, titles)))
    st.caption(format.plain("; ".join(said)))
    return found


def _also(column: Column, titles: dict[_Meaning, str]) -> str:
    return ", ".join(titles.get((name, 1.0), name) for name in column.also)


def _meaning(column: Column) -> _Meaning:
    return (column.meaning, column.scale) if column.meaning else _NOT_TAKEN


def _changed(plan: Plan, chosen: dict[int, _Meaning]) -> Plan:
    """The plan with the meanings a person chose. What is no longer meant goes first, so that two can change places."""
    differing = {
        column.index: chosen[column.index] for column in plan.columns if chosen[column.index] != _meaning(column)
    }
    for at in differing:
        plan = plan.with_meaning(at, None)
    for at, meaning in differing.items():
        if meaning != _NOT_TAKEN:
            plan = plan.with_meaning(at, *meaning)
    return plan


def _not_taken(plan: Plan) -> None:
    """One line that says how many columns are taken, and names every other, by reason."""
    every, left = len(plan.columns), len(plan.left_out)
    reasons: dict[str, list[str]] = {}
    for column in plan.left_out:
        reasons.setdefault(column.why_not, []).append(column.heading)
    words = "; ".join(f"{', '.join(names)} ({why})" for why, names in reasons.items())
    text = tr("All columns are taken.")
    if left:
        counts = {"taken": every - left, "all": every}
        text = tr("{taken} of {all} columns are taken. Not taken: {columns}.", columns=words, **counts)
    st.caption(format.plain(text))
