"""What a series' step says: which rows share an hour or a weekday, how long to learn, how fast to follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DAY_S, WEEK_S, QUARTER_DAYS = 86_400, 604_800, 91
_FEWEST_STEP_S = 60
_MEMORY_DAYS = 7.0
_FIRST = 10
"""Rows whose distances tell the step: few, so that a longer history of the same series never changes it."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The seasons and speeds of a step.

    `short` (weekday of daily data, time of day below) and `long` (hour of the week, week of the year) number the slots
    of each row, `hour` the slot of its dispersion; `seasons` are the pairs of (short, long) a forecaster may use. In
    rows: `learn` are known before anything is said; a forecaster's record fades over `memory`; after `settled` of them
    on one side a new level is believed; after `quiet` calm ones, or the `longest`, an incident is over; `skipped` steps
    are missing before each. `follow` is the speed of the dispersion.
    """

    step_s: float
    short: Ints
    long: Ints
    hour: Ints
    skipped: Ints
    seasons: tuple[tuple[int, int], ...]
    learn: int
    memory: float
    follow: float
    settled: int
    quiet: int
    longest: int

    @property
    def per_hour(self) -> float:
        """Rows within an hour, at least one."""
        return max(1.0, 3600 / self.step_s)

    @property
    def per_quarter(self) -> float:
        """Rows within a quarter of a year."""
        return QUARTER_DAYS * DAY_S / self.step_s


def rhythm(index: pd.DatetimeIndex) -> Rhythm:
    """The rhythm of an increasing index, by the local clock where it has one."""
    local = index.tz_localize(None)
    gaps_s = np.diff(index.as_unit("ns").asi8) / 1e9
    step_s = float(np.median(gaps_s[:_FIRST]))
    if not _FEWEST_STEP_S <= step_s <= WEEK_S:
        raise ValueError(f"the step of the series is {step_s:g} seconds; anomalies need one from a minute to a week")
    skipped = np.concatenate([[0], np.maximum(np.rint(gaps_s / step_s).astype(int) - 1, 0)])
    if step_s < DAY_S:
        return _within_days(local, step_s, skipped)
    return _of_days(local, step_s, skipped) if step_s < WEEK_S else _of_weeks(local, step_s, skipped)


def _within_days(local: pd.DatetimeIndex, step_s: float, skipped: Ints) -> Rhythm:
    per_day = round(DAY_S / step_s)
    seconds = (local.hour * 3600 + local.minute * 60 + local.second).to_numpy()
    hour = local.hour.to_numpy()
    return Rhythm(
        step_s, seconds * min(per_day, 288) // DAY_S, local.day_of_week.to_numpy() * 24 + hour, hour, skipped,
        ((0, 0), (1, 0), (1, 1)), learn=max(2 * per_day, 24), memory=_MEMORY_DAYS * per_day, follow=0.01,
        settled=max(5, per_day // 8), quiet=max(2, per_day // 4), longest=max(8, per_day),
    )  # fmt: skip


def _of_days(local: pd.DatetimeIndex, step_s: float, skipped: Ints) -> Rhythm:
    none = np.zeros(len(local), int)
    return Rhythm(
        step_s, local.day_of_week.to_numpy().astype(int), none, none, skipped,
        ((0, 0), (1, 0)), learn=21, memory=60.0, follow=0.03, settled=5, quiet=2, longest=10,
    )  # fmt: skip


def _of_weeks(local: pd.DatetimeIndex, step_s: float, skipped: Ints) -> Rhythm:
    none = np.zeros(len(local), int)
    week = np.minimum((local.day_of_year.to_numpy() - 1) // 7, 51)
    return Rhythm(
        step_s, none, week, none, skipped,
        ((0, 0), (0, 1)), learn=12, memory=26.0, follow=0.06, settled=4, quiet=2, longest=6,
    )  # fmt: skip
