"""What leaves a panel: its numbers as CSV or XLSX, its chart as PNG or SVG. Each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pandas as pd
import streamlit as st

from charts import picture
from core.language import tr, trn
from ui import tables

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDEST = 60


def button(table: pd.DataFrame, key: str, *, spec: dict[str, Any] | None = None, title: str = "") -> None:
    """The small button of a panel. Without a chart there are only tables."""
    opened = st.popover(tr("Download"), icon=":material/download:", type="tertiary", key=f"download-{key}",
                        on_change="rerun", help=tr("Download as a file"))  # fmt: skip
    if opened.open:
        with opened:
            files(table, key, spec=spec, title=title)


def files(table: pd.DataFrame, key: str, *, spec: dict[str, Any] | None = None, title: str = "") -> None:
    """One button for each kind of file."""
    shown, _ = tables.told(table)
    csv = trn("{n} row as CSV", "{n} rows as CSV", len(table))
    workbook = trn("{n} row as Excel", "{n} rows as Excel", len(table))
    _file(csv, lambda: to_csv(shown), f"{key}.csv", "text/csv")
    _file(workbook, lambda: to_xlsx(shown, title or key), f"{key}.xlsx", _XLSX)
    if spec is not None:
        _file(tr("Chart as PNG"), lambda: picture.draw(spec, "png", title=title), f"{key}.png", "image/png")
        _file(tr("Chart as SVG"), lambda: picture.draw(spec, "svg", title=title), f"{key}.svg", "image/svg+xml")


def _file(words: str, made: Callable[[], bytes], name: str, mime: str) -> None:
    st.download_button(words, made, name, mime, key=f"file-{name}", on_click="ignore", type="tertiary", width="stretch")


def to_csv(table: pd.DataFrame) -> bytes:
    """CSV in UTF-8 with a mark for spreadsheets; text that would run as a formula there begins with an apostrophe."""
    safe = table.copy()
    for name in safe.columns:
        if safe[name].dtype == object or isinstance(safe[name].dtype, pd.StringDtype):
            safe[name] = safe[name].map(_harmless)
    return safe.to_csv(index=False).encode("utf-8-sig")


def _harmless(cell: object) -> object:
    """A text cell that no spreadsheet takes for a formula.

    >>> _harmless("=HYPERLINK(1)"), _harmless("fine"), _harmless("-5")
    ("'=HYPERLINK(1)", 'fine', "'-5")
    """
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip()[:1] in {"=", "+", "-", "@"} else cell


def to_xlsx(table: pd.DataFrame, title: str) -> bytes:
    """A workbook of one sheet: numbers as numbers, days as days, text as text whatever it begins with, head frozen."""
    import xlsxwriter  # here: only who downloads a workbook waits for it

    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False,
               "remove_timezone": True, "default_date_format": "yyyy-mm-dd hh:mm"}  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, name in enumerate(table.columns):
            values = table[name].tolist()
            sheet.write_string(0, column, str(name), head)
            for row, value in enumerate(values, 1):
                if value is not None and not pd.isna(value):
                    is_day = type(value).__name__ == "date"
                    sheet.write(row, column, value, day if is_day else None)
            widest = max([len(str(name)), *(len(str(value)) for value in values[:200])])
            sheet.set_column(column, column, min(widest + 2, _WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(table), 1), max(len(table.columns) - 1, 0))
    return file.getvalue()


def _sheet_name(title: str) -> str:
    """A name that a workbook takes: at most 31 signs, none of []:*?/\\.

    >>> _sheet_name("Views / day: a [test] of a very long name indeed")
    'Views day a test of a very long'
    """
    kept = " ".join("".join(" " if sign in "[]:*?/\\'" else sign for sign in title).split())
    return kept[:31].strip() or tr("Data")
