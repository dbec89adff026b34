"""What leaves a panel: its numbers as CSV or XLSX, its chart as PNG or SVG. Each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from charts import picture
from core.language import tr, trn
from core.report import Cell, Column, Holds, Row
from reports.sheets import delimited, streamed
from ui import tables

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def button(table: pd.DataFrame, key: str, *, spec: dict[str, Any] | None = None, title: str = "") -> None:
    """The small button of a panel. Without a chart there are only tables."""
    opened = st.popover(tr("Download"), icon=":material/download:", type="tertiary", key=f"download-{key}",
                        on_change="rerun", help=tr("Download as a file"))  # fmt: skip
    if opened.open:
        with opened:
            files(table, key, spec=spec, title=title)


def files(table: pd.DataFrame, key: str, *, spec: dict[str, Any] | None = None, title: str = "") -> None:
    """One button for each kind of file."""
    shown = tables.headed(table)
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
    file = BytesIO()
    delimited.write(*_typed(table), file)
    return file.getvalue()


def to_xlsx(table: pd.DataFrame, title: str) -> bytes:
    """A workbook of one sheet: numbers as numbers, days as days, text as text whatever it begins with, head frozen."""
    file = BytesIO()
    streamed.write(*_typed(table), file, title=title)
    return file.getvalue()


def _typed(table: pd.DataFrame) -> tuple[list[Column], Iterable[Row]]:
    """A table as reports have it."""
    series = [table.iloc[:, at] for at in range(table.shape[1])]
    columns = [Column(str(name), _holds(one, str(name))) for name, one in zip(table.columns, series, strict=True)]
    return columns, zip(*(map(_cell, one.astype(object).tolist()) for one in series), strict=True)


def _holds(values: pd.Series, title: str) -> Holds:
    if title == tr(tables.LINK):
        return Holds.LINK
    if pd.api.types.is_datetime64_any_dtype(values):
        return Holds.MOMENT
    return Holds.COUNT if pd.api.types.is_numeric_dtype(values) and values.dtype != bool else Holds.TEXT


def _cell(value: Any) -> Cell:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str | list | tuple | dict | set):
        return str(value)
    if pd.isna(value):
        return None
    return value if isinstance(value, int | float | date) else str(value)
