"""Figures in tables, in the reader's form: numbers stay numbers, so they are sorted as such; what is shown is written
here, for the browser would write them in a form of its own.

A bar cannot be given its words: it keeps the form of the browser.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core import language, numbers
from core.language import ENGLISH, figure
from core.metric import Unit

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

_MOST = 10_000
"""Cells of a table beyond which writing each takes longer than a person waits; it is left to the browser."""


def are_the_browsers() -> bool:
    """Whether the browser writes figures as this reader does: 1.2K, where even British ones say 1.2k."""
    return language.reader().forms is ENGLISH and (st.context.locale or "en-US") in ("en", "en-US")


def written(table: pd.DataFrame, config: dict[str, Any]) -> tuple[Styler | pd.DataFrame, dict[str, Any]]:
    """A table with what its cells show, and the settings of its columns without what would write them otherwise."""
    if table.size > _MOST or not table.columns.is_unique or not table.index.is_unique:
        return table, config
    shown, settings, write = table.copy(), dict(config), dict[Any, Any]()
    for name in table.columns[[pd.api.types.is_numeric_dtype(one) for one in table.dtypes]]:
        column: dict[str, Any] = config.get(name) or {}
        kind = column.get("type_config") or {"type": "number"}
        pattern = kind.get("format")
        if kind["type"] == "number" and (pattern or pd.api.types.is_float_dtype(table[name])):
            write[name] = _way(pattern)
            if pattern:
                settings[name] = {**column, "type_config": {**kind, "format": None}}
        elif kind["type"] == "progress" and str(pattern).endswith("%%"):
            shown[name] = table[name] / 100
            ends = {end: kind[end] / 100 for end in ("min_value", "max_value")}
            settings[name] = {**column, "type_config": {**kind, **ends, "format": "percent", "step": 0.001}}
    return shown.style.format(write, na_rep=""), settings


def _way(pattern: str | None) -> Callable[[Any], str]:
    """How numbers of a column are written, which says so in Streamlit's words.

    >>> with language.using("de"):
    ...     [_way("%+.1f%%")(5.64), _way("compact")(1_250_000), _way("localized")(12345.5), _way(None)(0.5)]
    ['+5,6\u202f%', '1,2 Mio.', '12.345,5', '0,5']
    """
    if pattern == "compact":
        return lambda value: numbers.short(float(value), Unit.COUNT)
    if pattern == "localized":
        return lambda value: _signed(_short_of_zeros(f"{value:,.3f}"))
    if pattern is None:
        return lambda value: _signed(_short_of_zeros(f"{value:.4f}"))
    made = pattern.replace(" %%", "%%").replace("%%", f"{numbers.THIN}%%")
    return lambda value: _signed(made % value)


def _short_of_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".")


def _signed(text: str) -> str:
    return figure(text).replace("-", "−")
