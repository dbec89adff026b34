"""Which rows of a series are not what its past lets expect? One flag per incident, within a budget of false alarms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.anomalies.bank import Forecasts, forecasts
from analytics.anomalies.rhythm import Floats, Rhythm, rhythm
from analytics.anomalies.tails import Tail
from analytics.anomalies.unrest import unrest

_SAFETY = 0.4
"""In simulated worlds without anomalies some had up to twice the alarms of the bare threshold; see the benchmark."""
_LIKELIEST = 0.01
_SMOOTH, _SMOOTH_CUT = 0.3, 4.0
_SMOOTH_SD = math.sqrt(_SMOOTH / (2 - _SMOOTH))
"""Small shifts add up in a weighted mean of the residuals, each cut; this is its standard deviation, theirs being 1."""
_CALM, _EVEN, _OWN_MOST = 0.3, 4.5, 1.5
"""The score is 0.5 where the surprise of a row and of those before it make 4.5; a row's own counts up to 1.5 alarms."""
_HELD = 0.6
"""An incident lasts while its rows are at least so near to the alarm."""


def score(history: pd.Series, *, seed: int = 0, budget: float = 1.0) -> pd.DataFrame:
    """Which rows are not what the rows before them let expect: one flag per incident, within a budget of false alarms.

    Each row is expected by the best so far of a bank of robust Holt-Winters forecasters (raw, square-root and
    logarithmic scale; without season, with one or two; slow, middle and fast level). It alarms where near >= 1, near =
    log P / log P*, P the chance of a residual, or of a smoothed run of residuals, at least as large, by a generalised
    Pareto tail over the residuals before it, and P* the chance at which false alarms keep to the budget. score =
    q / (1 + q), q = (r + 0.3) exp(min(near, 1.5)) / 4.5 and at least 1 at an alarm; r is a running mean of the
    surprises of the last hours or days, so that a lasting incident, flagged once, is high to its end.
    Commonly got wrong: a threshold of three standard deviations, which at 288 rows a day and with heavy tails means an
    alarm a day; limits learnt from the very rows they judge; an alarm for each point of one and the same incident; a
    score that knows only the row, and falls back within an hour though what began then goes on.

    Parameters
    ----------
    history : Series of float (n,)
        Any unit, increasing DatetimeIndex with one step between a minute and a week; local times keep their hours and
        weekdays. NaN, or a row left out: not measured.
    seed : int
        Without effect, for nothing here is random; all methods of this package take one.
    budget : float, above 0
        False alarms tolerated per quarter of a year; a smaller one makes it less sensitive.

    Returns
    -------
    DataFrame on the same index
        `expected`, `lower`, `upper` (unit of the history): the forecast of the row, and the limits at which it alarms
        by itself; `score`: 0 to 1, for ranking, no chance: 0.5 or more at every alarm, and where the last rows were as
        unusual together; `is_anomaly` (bool): the row an incident begins at. NaN while there is not enough data: until
        21 days, 12 weeks, or two days (at least 24 rows) of a shorter step were measured; the score also where nothing
        was measured.

    Raises
    ------
    TypeError
        When the index holds no times.
    ValueError
        When times do not increase or repeat, a value is infinite, the step is out of range or the budget not positive.

    Notes
    -----
    Causal: a row depends on the rows up to it, so that a longer history never changes what was said. After a shift of
    the level it flags once and adapts, in about a week of daily data. Whole numbers are taken as counts: a change by
    one of them is never an anomaly by itself. Slow decline over months, and yearly seasons of daily data, are followed,
    not flagged. The budget was measured on simulated days, hours and weeks; at steps of minutes, where the threshold is
    far beyond what was seen, it holds only roughly. Where a series is often zero only its largest values are flagged,
    while the score is 0.5 or more at most that are not zero.
    Invariants: a doubled series that is not of whole numbers has doubled limits and the same flags; the limits contain
    the expected value.

    References
    ----------
    S. Gelper, R. Fried, C. Croux, Robust forecasting with exponential and Holt-Winters smoothing, Journal of
    Forecasting 29 (2010), doi:10.1002/for.1125. A. Siffer et al., Anomaly detection in streams with extreme value
    theory, KDD 2017, doi:10.1145/3097983.3098144. J. R. M. Hosking, J. R. Wallis, Parameter and quantile estimation for
    the generalized Pareto distribution, Technometrics 29 (1987). The bank, the incidents and the budget are ours.

    Examples
    --------
    >>> days = pd.date_range("2026-01-01", periods=90)
    >>> visits = pd.Series(100.0 + 5 * np.sin(np.arange(90) * 2.4), days)
    >>> visits.iloc[70] = 300.0
    >>> score(visits).query("is_anomaly").index.strftime("%d %B").tolist()
    ['12 March']
    >>> bool(score(visits.head(20))["score"].isna().all())
    True
    """
    if not budget > 0:
        raise ValueError("the budget of false alarms must be above 0")
    index = _checked(history)
    values = history.to_numpy(dtype=float, na_value=np.nan)
    judged = _nothing(index)
    if len(index) < 2:
        return judged
    of = rhythm(index)
    known = np.flatnonzero(~np.isnan(values))
    if len(known) <= of.learn:
        return judged
    seen = forecasts(values, of, int(known[of.learn - 1]) + 1)
    found = _watch(seen, of, budget)
    least = np.concatenate([[np.inf], np.fmin.accumulate(values)[:-1]])
    for name, at in (("expected", seen.centre), ("lower", found.lower), ("upper", found.upper)):
        back = seen.back(at)
        judged[name] = np.where((least >= 0) & (back < 0), 0.0, back)
    judged["score"] = _ranked(found.near, unrest(values / seen.size, seen.z, seen.unit, of))
    judged["is_anomaly"] = found.flags
    return judged


def _checked(history: pd.Series) -> pd.DatetimeIndex:
    index = history.index
    if not isinstance(index, pd.DatetimeIndex):
        raise TypeError("a history needs a DatetimeIndex")
    if index.hasnans or not (index.is_monotonic_increasing and index.is_unique):
        raise ValueError("the times of a history must increase, each given once")
    if np.isinf(history.to_numpy(dtype=float, na_value=np.nan)).any():
        raise ValueError("a history has no infinite values; a missing one is NaN")
    return index


def _nothing(index: pd.DatetimeIndex) -> pd.DataFrame:
    judged = pd.DataFrame(np.nan, index=index, columns=["expected", "lower", "upper", "score"])
    judged["is_anomaly"] = False
    return judged


@dataclass(frozen=True, slots=True)
class _Found:
    near: Floats
    lower: Floats
    upper: Floats
    flags: NDArray[np.bool_]


def _watch(seen: Forecasts, of: Rhythm, budget: float) -> _Found:
    """Walk over the rows once: how rare each is, and where incidents begin."""
    rows = len(seen.z)
    rarity = -math.log(min(budget * _SAFETY / of.per_quarter, _LIKELIEST) / 4)
    over, under, risen, sunk = (Tail(rarity) for _ in range(4))
    near, above, below = (np.full(rows, np.nan) for _ in range(3))
    flags = np.zeros(rows, dtype=bool)
    incident, mean = _Incident(of.quiet, of.longest), 0.0
    for row, z in zip(range(seen.start, rows), seen.z[seen.start :].tolist(), strict=True):
        above[row], below[row] = over.limit, under.limit
        if math.isnan(z):
            continue
        mean += _SMOOTH * (min(max(z, -_SMOOTH_CUT), _SMOOTH_CUT) - mean)
        run = mean / _SMOOTH_SD
        near[row] = max(_rare(z, over, under), _rare(run, risen, sunk)) / rarity
        lasted = incident.lasts
        flags[row] = incident.begins(near[row])
        if flags[row] or not incident.lasts:
            for value, up, down in ((z, over, under), (run, risen, sunk)):
                up.learn(value)
                down.learn(-value)
        if lasted and not incident.lasts:
            mean = 0.0
    return _Found(near, seen.centre - seen.sd * below, seen.centre + seen.sd * above, flags)


def _ranked(near: Floats, recent: Floats) -> Floats:
    """A score by what the row and the last hours or days say together; 0.5 or more at an alarm."""
    odds = (recent + _CALM) * np.exp(np.minimum(near, _OWN_MOST)) / _EVEN
    odds = np.where(near >= 1, np.maximum(odds, 1.0), odds)
    return odds / (1 + odds)


def _rare(value: float, up: Tail, down: Tail) -> float:
    return up.rare(value) if value > 0 else down.rare(-value)


class _Incident:
    """Whether an incident is under way: it begins at the alarm and is over after enough quiet rows, or at its longest
    (the unusual is then the usual)."""

    __slots__ = ("_calm", "_length", "_longest", "_quiet", "lasts")

    def __init__(self, quiet: int, longest: int) -> None:
        self._quiet, self._longest = quiet, longest
        self._calm = self._length = 0
        self.lasts = False

    def begins(self, near: float) -> bool:
        """Take the next row; True when it begins an incident."""
        if self.lasts:
            self._length += 1
            self._calm = 0 if near >= _HELD else self._calm + 1
            self.lasts = self._calm < self._quiet and self._length < self._longest
            return False
        self.lasts = near >= 1
        self._calm = self._length = 0
        return self.lasts
