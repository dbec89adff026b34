"""A history read with suspicion, on the scale the models work on, and what keeps its forecasts within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.forecast.calendar import Step, coming, step_of
from analytics.normal import MAD_TO_SD

Floats = NDArray[np.float64]
Holidays = Mapping[date, str] | Iterable[date]

ZEROS = 0.3
"""With a larger share of zeros logarithms are not taken."""
OFFSET = 0.05
"""Added before logarithms, as a share of the median, where some values are smaller than that."""
_STEEPEST = 60.0


@dataclass(frozen=True, slots=True)
class Scale:
    """z = (g(y) - centre) / spread with g the logarithm of y + offset, or y itself where `offset` is None."""

    offset: float | None
    centre: float
    spread: float

    def into(self, values: Floats) -> Floats:
        """From what was counted to what the models see."""
        bent = values if self.offset is None else np.log(values + self.offset)
        return np.asarray((bent - self.centre) / self.spread)

    def back(self, values: Floats) -> Floats:
        """From what the models see to what is counted."""
        bent = values * self.spread + self.centre
        return bent if self.offset is None else np.asarray(np.exp(np.minimum(bent, _STEEPEST)) - self.offset)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What forecasts keep to because the whole history did: a floor, a ceiling, and whether it never fell."""

    low: float
    high: float
    rising: bool

    def keep(self, values: Floats) -> Floats:
        """The values, moved to the nearest ones that keep to the bounds."""
        kept = np.clip(values, self.low, self.high)
        return np.asarray(np.maximum.accumulate(kept)) if self.rising else kept


@dataclass(frozen=True, slots=True)
class History:
    """The known stretch of a history and the dates that come: `skipped` of them lie in its unknown end."""

    values: Floats
    dates: pd.DatetimeIndex
    future: pd.DatetimeIndex
    step: Step
    skipped: int
    holidays: Floats
    bounds: Bounds


def read(history: pd.Series, horizon: int, kind: str, holidays: Holidays | None) -> History:
    """A history cut to what is known of it, with its future dates. Raises ValueError for what cannot be used."""
    if not isinstance(history, pd.Series):
        raise ValueError("The history needs to be a pandas Series on a DatetimeIndex.")
    if kind not in ("flow", "stock"):
        raise ValueError(f"kind is 'flow' or 'stock', not {kind!r}.")
    if horizon < 1:
        raise ValueError("The horizon needs to be 1 or more.")
    values = _numbers(history)
    index = pd.DatetimeIndex(history.index) if len(history) else pd.DatetimeIndex([])
    step, name = step_of(history.index if len(history) else index)
    future = coming(index, name, horizon)
    known = np.flatnonzero(np.isfinite(values))
    first, last = (int(known[0]), int(known[-1]) + 1) if len(known) else (0, 0)
    first = max(first, last - step.keep)
    dates = pd.DatetimeIndex(index[first:].append(future))
    columns = _holiday_columns(dates, holidays, last - first, step)
    return History(values[first:last], dates, future, step, len(index) - last, columns, _bounds(values[known], kind))


def _numbers(history: pd.Series) -> Floats:
    try:
        values = history.to_numpy(dtype=float, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise ValueError("The history needs numbers, with NaN where a value is not known.") from error
    if np.isinf(values).any():
        raise ValueError("The history has infinite values. Put NaN where a value is not known.")
    return np.asarray(values)


def _bounds(known: Floats, kind: str) -> Bounds:
    if not len(known):
        return Bounds(-np.inf, np.inf, rising=False)
    low = 0.0 if known.min() >= 0 else -np.inf
    top = known.max()
    full = top in (1.0, 100.0) and low == 0 and (known == top).sum() >= 2 and (known % 1 > 0).any()
    rising = kind == "stock" and len(known) > 1 and bool((np.diff(known) >= 0).all())
    high = float(top) if full else 0.0 if top <= 0 and known.min() < 0 else np.inf
    return Bounds(float(known[-1]) if rising else low, high, rising)


def scale_of(values: Floats, kind: str) -> Scale:
    """Logarithms for what was never below zero and seldom zero; for changes of a stock their own size, around zero."""
    known = values[np.isfinite(values)]
    positive = known[known > 0]
    offset: float | None = None
    if kind == "flow" and known.min() >= 0 and (known == 0).mean() < ZEROS and len(positive):
        usual = OFFSET * float(np.median(positive))
        offset = usual if known.min() < usual else 0.0
    bent = known if offset is None else np.log(known + offset)
    centre = float(np.median(bent)) if kind == "flow" else 0.0
    spread = float(MAD_TO_SD * np.median(np.abs(bent - centre))) or float(bent.std()) or 1.0
    return Scale(offset, centre, spread)


def _holiday_columns(dates: pd.DatetimeIndex, holidays: Holidays | None, known: int, step: Step) -> Floats:
    """How many holidays lie in each step: a column for all, and one for each name that was seen twice."""
    if holidays is None:
        return np.zeros((len(dates), 0))
    named = dict(holidays) if isinstance(holidays, Mapping) else dict.fromkeys(holidays, "holiday")
    days = pd.DatetimeIndex(list(named)).tz_localize(None).normalize()
    starts = dates.normalize() if step.name != "monthly" else dates.to_period("M").to_timestamp()
    place = starts.searchsorted(days, side="right") - 1
    ends = starts[-1] + pd.Timedelta(days={"daily": 1, "weekly": 7, "monthly": 31}[step.name])
    inside = (place >= 0) & (days < ends)
    names = sorted(set(named.values()))
    columns = np.zeros((len(dates), len(names)))
    for row, name in zip(place[inside], np.array(list(named.values()), dtype=object)[inside], strict=True):
        columns[row, names.index(name)] += 1
    everything = columns.sum(axis=1, keepdims=True)
    own = columns[:, (columns[:known] > 0).sum(axis=0) >= 2] if len(names) > 1 else columns[:, :0]
    return np.hstack([everything, own]) if (everything[:known] > 0).sum() >= 2 else np.zeros((len(dates), 0))
