"""A table of the page: every row is in it; a browser that runs scripts sorts it, finds in it and folds it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from core.language import tr, trn
from core.report import Cell, Column, Holds, Table
from reports import words
from reports.page.markup import Html, joined, link, tag

FOLD, FIND = 25, 12
"""Rows that stay in sight where there are more; from how many rows on there is a box to find in."""
_MANY = 4
"""So many columns are a list on a phone."""


def drawn(table: Table, named: str) -> Html:
    """The table with how complete it is. `named` is its name for who does not see it."""
    rows = len(table.rows)
    return tag(
        "div",
        _find(rows) if rows > FIND else None,
        tag("div", _table(table, named), class_="scroll", role="region", tabindex="0", aria_label=named),
        tag("div", _foot(table), class_="foot"),
        class_="table",
        data_fold=str(FOLD) if rows > FOLD + FIND else "0",
    )


def _table(table: Table, named: str) -> Html:
    heads = (tag("th", _head(one), scope="col", class_=_kind(one)) for one in table.columns)
    rows = (
        tag("tr", *(_cell(value, column) for value, column in zip(row, table.columns, strict=True)))
        for row in table.rows
    )
    return tag(
        "table",
        tag("caption", named, class_="unseen"),
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="list" if len(table.columns) >= _MANY else None,
    )


def _head(column: Column) -> str:
    return (
        f"{column.title} ({column.currency})"
        if column.currency and column.currency not in column.title
        else column.title
    )


def _cell(value: Cell, column: Column) -> Html:
    said: str = words.cell(value, column)
    if isinstance(value, str):
        said = link(value, value) if column.holds is Holds.LINK else said
    return tag("td", said, class_=_kind(column), data_v=_order(value), data_none=value is None)


def _kind(column: Column) -> str | None:
    if column.holds is Holds.LINK:
        return "address"
    if column.holds in {Holds.DAY, Holds.MOMENT}:
        return "day"
    return "figure" if column.holds.is_number else "text"


def _order(value: Cell) -> str | None:
    """What it is sorted by, where that is a number."""
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, datetime):
        return str((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
    if isinstance(value, date):
        return str(value.toordinal())
    return str(float(value) if isinstance(value, bool) else value)


def _find(rows: int) -> Html:
    said = trn("{here} of {n} row found", "{here} of {n} rows found", rows, here="{here}")
    return tag(
        "label", tag("span", tr("Find in this table")), tag("input", type="search", autocomplete="off"),
        tag("output", data_said=said), class_="find", hidden=True,
    )  # fmt: skip


def _foot(table: Table) -> Html:
    rows = len(table.rows)
    more = trn("Show {n} row", "Show all {n} rows", rows)
    folded = rows > FOLD + FIND
    return joined(
        tag("button", more, type="button", class_="all", hidden=True) if folded else None,
        tag("span", words.complete(table)),
    )
