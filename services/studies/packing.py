"""Frames and values as JSON, and back. JSON knows no NaN: what is missing is null."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def pack(frame: pd.DataFrame) -> dict[str, Any]:
    """A frame as columns of plain values. Moments become ISO text without a zone; the index is kept if it has a name
    or is made of moments.

    >>> pack(pd.DataFrame({"a": [1.0, float("nan")], "b": ["x", "y"]}))
    {'columns': {'a': [1.0, None], 'b': ['x', 'y']}, 'dates': []}
    """
    named = frame.reset_index(names=frame.index.name or "at") if _tells(frame.index) else frame
    dates = [str(name) for name in named if pd.api.types.is_datetime64_any_dtype(named[name])]
    return {"columns": {str(name): _plain(named[name]) for name in named}, "dates": dates}


def unpack(packed: Mapping[str, Any]) -> pd.DataFrame:
    """The frame again, with its former index as a column.

    >>> unpack(pack(pd.DataFrame({"a": [1.0, float("nan")]})))["a"].tolist()
    [1.0, nan]
    """
    frame = pd.DataFrame(packed["columns"])
    for name in packed["dates"]:
        frame[name] = pd.to_datetime(frame[name])
    for name in frame:
        if (
            frame[name].dtype.kind == "O"
            and frame[name].map(lambda value: value is None or isinstance(value, int | float)).all()
        ):
            frame[name] = frame[name].astype(float)
    return frame


def _tells(index: pd.Index[Any]) -> bool:
    return index.name is not None or isinstance(index, pd.DatetimeIndex)


def _plain(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        return [None if pd.isna(one) else one.isoformat() for one in column]
    return [plain(one) for one in column.tolist()]


def plain(value: Any) -> Any:
    """A value as JSON knows it.

    >>> plain(np.float64("inf")), plain(np.int64(3)), plain(("a", 1.5))
    (None, 3, ['a', 1.5])
    """
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
