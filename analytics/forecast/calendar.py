"""Which step a history has - a day, a week or a month - and which dates come next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Step:
    """How a step is treated: lengths are in steps."""

    name: str
    season: int
    """Steps after which the naive forecast repeats itself."""
    keep: int
    """Older rows are not used."""
    window: int
    """Levels are learnt from so many of the last rows."""
    recent: int
    lags: int
    ahead: int
    """Smoothing is judged by the mean of so many steps."""
    bend_every: float
    half_life: float
    waves: int
    wave_penalty: float
    year: int
    """Steps in a year that keep the weekday."""
    year_from: int
    """Fewer rows than this say nothing about the time of year."""
    fewest: int
    """The first origin of the backtest."""
    stride: int
    """Steps between two origins of the backtest."""


DAILY = Step("daily", 7, 1096, 400, 28, 14, 7, 45, 240, 4, 20, 364, 400, 35, 9)
WEEKLY = Step("weekly", 52, 313, 156, 6, 6, 4, 13, 156, 6, 4, 52, 80, 16, 4)
MONTHLY = Step("monthly", 12, 180, 120, 5, 13, 3, 9, 60, 0, 1, 12, 0, 24, 2)


def step_of(index: pd.Index) -> tuple[Step, str]:
    """The step of an index and the name by which pandas continues it.

    Raises ValueError, in words that say what to do, for an index that is no regular daily, weekly or monthly one.
    """
    if not isinstance(index, pd.DatetimeIndex):
        raise ValueError("The history needs a DatetimeIndex: convert its index with pandas.to_datetime.")
    if index.tz is not None:
        raise ValueError("The index has a time zone. A day is a day of one place: use tz_localize(None) first.")
    if index.hasnans:
        raise ValueError("The index has missing dates. Drop those rows first.")
    if index.has_duplicates:
        raise ValueError("The index names a date twice. Add up or drop the second row first.")
    if not index.is_monotonic_increasing:
        raise ValueError("The index is not in order of time. Use sort_index() first.")
    if len(index) < 2:
        return _declared(index)
    days = np.diff(index.to_numpy()) / np.timedelta64(1, "D")
    if (days == 1).all():
        return DAILY, "D"
    if (days == 7).all():
        return WEEKLY, f"W-{index[0].strftime('%a').upper()}"
    months = np.diff(index.year.to_numpy() * 12 + index.month.to_numpy())
    if (months == 1).all() and index.is_month_start.all():
        return MONTHLY, "MS"
    if (months == 1).all() and index.is_month_end.all():
        return MONTHLY, "ME"
    raise ValueError(
        "The dates are not a regular daily, weekly or monthly row (months by their first or last day). "
        "Put every date in, with NaN where the value is not known: history.asfreq('D')."
    )


def _declared(index: pd.DatetimeIndex) -> tuple[Step, str]:
    """With fewer than two dates only a declared frequency tells the step; without one a step of a day is taken."""
    name = index.freqstr or "D"
    if name.startswith("W"):
        return WEEKLY, name
    if name in ("MS", "ME"):
        return MONTHLY, name
    return DAILY, "D"


def coming(index: pd.DatetimeIndex, name: str, horizon: int) -> pd.DatetimeIndex:
    """The next dates; none after an empty index, which has no last date."""
    if not len(index):
        return index[:0]
    return pd.date_range(index[-1], periods=horizon + 1, freq=name)[1:]
