"""The forecast itself: read, forecast from every origin, pool, judge, and put a band around."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.forecast import intervals, models, pool
from analytics.forecast.calendar import Step
from analytics.forecast.history import History, Holidays, Scale, read, scale_of
from analytics.forecast.result import Backtest, Forecast
from core import verdict

Floats = NDArray[np.float64]
Origins = NDArray[np.int64]

FEWEST = 8
"""With fewer known values nothing is forecast."""
FEWEST_FOLDS = 4
"""With fewer folds a forecast is not trusted."""
MOST_FOLDS = 16
NOT_ENOUGH = "not enough data"


def forecast(
    history: pd.Series, horizon: int, *, kind: Literal["flow", "stock"] = "flow", level: float = 0.95,
    holidays: Holidays | None = None, seed: int = 0,
) -> Forecast:  # fmt: skip
    """What comes next: the middle forecast and its band, pooled from simple models that had to prove themselves.

    forecast = trimmed weighted mean over models, weight ~ (relative mean absolute error in the backtest)^-8; band =
    forecast + quantiles of the pool's own backtest errors at the same distance. Commonly got wrong: a band that only
    knows the noise around the fitted line and not that the line itself was wrong; it holds far less often than it says.

    Parameters
    ----------
    history : Series of float, (n,), one row per day, week or month
        A count, an amount or a rate on a regular DatetimeIndex without time zone, in order of time; months by their
        first or last day. NaN is an unknown value; a gap in the dates is an error, for its reason is not known.
    horizon : int, 1 or more
        Steps after the last date of the index. Unknown values at the end are forecast too, but not returned.
    kind : "flow" or "stock"
        A flow is counted anew at each step (views, revenue); a stock stands (followers). Of a stock the changes are
        forecast and added up, and gaps are bridged by straight lines.
    level : float, between 0 and 1
        The share of values that are to lie in the band.
    holidays : iterable of dates, or mapping from date to name, optional
        Past and coming ones. Each name that was seen twice gets an effect of its own beside the common one. A week
        begins on its date.
    seed : int
        Nothing is drawn at random; the same history gives the same forecast.

    Returns
    -------
    Forecast
        `frame`: the coming dates with `mean` (the middle forecast: on a logarithmic scale a median rather than a
        mean), `lower` and `upper`, in the unit of the history; `method` in words; `backtest`; `trusted`. With fewer
        than eight known values the frame is empty and the method "not enough data".

    Raises
    ------
    ValueError
        For an index that is no DatetimeIndex, has a time zone, missing dates, a date twice, is not in order or not
        regular; infinite values or text; an unknown kind; a horizon below 1; a level that is not between 0 and 1.

    Notes
    -----
    The models: exponential smoothing with damped trend, averaged over settings; theta; autoregression of changes, and
    of levels or, for months, of changes from year to year; recent medians; weekday medians; for a flow also last year
    moved to today's level - each on what a robust ridge regression of weekday or month, time of year (from 400 days or
    80 weeks on) and holidays leaves. Smoothing without a trend is not among them: days, weeks and months came out
    nearer without it. What was never below zero is forecast on a logarithmic scale, unless three in ten values are
    zero. Lone spikes are cut back, shifts of level are followed. At most 1,096 days, 313 weeks or 180 months are used.

    Bounds: never below zero if the history never was; never above 1 or 100 if it is a rate that reached it twice; a
    stock that never fell does not fall, and its band neither. Uncertainty: up to 16 earlier origins; weights at an
    origin come from older ones. With fewer than four folds the band is a wide guess from how far values lie apart,
    and `trusted` is False. The seasonal naive forecast repeats the last 7 days, 52 weeks or 12 months - the last value
    where not one season is known, and always for a stock. Invariants: a hundredfold history is a hundredfold
    forecast; what is known later does not change an earlier forecast; bands nest by level.

    It does not apply where the future has causes that the past has not (a launch, a ban), nor to less than a day.

    References
    ----------
    R. J. Hyndman, A. B. Koehler, Another look at measures of forecast accuracy, IJF 22 (2006), on MASE,
    https://doi.org/10.1016/j.ijforecast.2006.03.001. V. Assimakopoulos, K. Nikolopoulos, The theta model, IJF 16
    (2000), https://doi.org/10.1016/S0169-2070(00)00066-2. E. S. Gardner, E. McKenzie, Forecasting trends in time
    series, Management Science 31 (1985), on damping. V. R. Jose, R. L. Winkler, Simple robust averages of forecasts,
    IJF 24 (2008), on trimming. J. Lei and others, Distribution-free predictive inference for regression, JASA 113
    (2018), on split conformal bands. The pool and the width added for few folds: ours.

    Examples
    --------
    >>> weeks = pd.Series([5.0, 6, 7, 8, 9, 2, 1] * 12, index=pd.date_range("2026-01-05", periods=84))
    >>> made = forecast(weeks, 7)
    >>> made.frame["mean"].round(1).tolist()
    [5.0, 6.0, 7.0, 8.0, 9.0, 2.0, 1.0]
    >>> forecast(weeks.head(5), 7).method
    'not enough data'
    """
    if not 0 < level < 1:
        raise ValueError("The level is a share between 0 and 1, such as 0.95.")
    past = read(history, horizon, kind, holidays)
    if np.isfinite(past.values).sum() < FEWEST:
        return _nothing()
    trial = _tried(past, kind, horizon + past.skipped)
    errors = (trial.actual - trial.found)[1:]
    below, above = _reach(errors, trial, level)
    known = past.skipped
    frame = pd.DataFrame(
        {
            name: past.bounds.keep(trial.back(trial.found[:1] + off)[0])[known:]
            for name, off in (("mean", 0.0), ("lower", -below), ("upper", above))
        },
        index=past.future,
    )
    backtest = _judged(trial, errors, level)
    trusted = backtest.folds >= FEWEST_FOLDS and backtest.mase < backtest.mase_naive
    return Forecast(frame, trial.method, backtest, trusted)


@dataclass(frozen=True, slots=True)
class _Trial:
    """Forecasts from every origin on the models' scale, what came, and the way back; the first origin is the last."""

    found: Floats
    naive: Floats
    actual: Floats
    origins: Origins
    scale: Scale
    counts: Floats
    stock: bool
    method: str
    step: Step

    def back(self, values: Floats) -> Floats:
        """From the models' scale to what is counted, for rows that belong to the first origins."""
        if not self.stock:
            return self.scale.back(values)
        return np.asarray(self.counts[self.origins[: len(values)]][:, None] + values * self.scale.spread)


def _tried(past: History, kind: str, horizon: int) -> _Trial:
    stock = kind == "stock"
    counts = _bridged(past.values) if stock else past.values
    values = np.diff(counts) if stock else counts
    scale = scale_of(values, kind)
    skip = 1 if stock else 0
    given = models.Past(scale.into(values), past.dates[skip:], past.holidays[skip:], past.step)
    origins = origins_of(len(values), past.step, horizon)
    found = models.forecasts(given, origins, horizon)
    actual = np.array([np.append(given.values, np.full(horizon, np.nan))[o : o + horizon] for o in origins])
    naive = found[models.NAIVE]
    if stock:
        found = {name: part.cumsum(axis=1) for name, part in found.items() if name != models.LAST_YEAR}
        actual, naive = actual.cumsum(axis=1), np.zeros_like(naive)
    out, weights = pool.pooled(found, actual, origins, power=0.0 if stock else pool.POWER)
    return _Trial(out, naive, actual, origins, scale, counts, stock, _described(weights, stock), past.step)


def origins_of(n: int, step: Step, horizon: int) -> Origins:
    """The origins to forecast from: the end, then as far back as a backtest can go, newest first."""
    ahead = min(horizon, max(1, n // 4))
    first = max(FEWEST, min(step.fewest, n // 2), n // 3)
    stride = min(step.stride, max(1, n // 12))
    older = np.arange(n - ahead, first - 1, -stride)[:MOST_FOLDS]
    return np.append(n, older).astype(np.int64)


def _bridged(values: Floats) -> Floats:
    """A counter goes on between two readings: gaps are straight lines."""
    known = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), known, values[known])


def _described(weights: dict[str, float], stock: bool) -> str:
    best = max(weights, key=lambda name: weights[name])
    led = weights[best] > 1.5 / len(weights)
    values, changes = (
        (verdict.LED_BY_VALUES, verdict.LED_BY_CHANGES) if led else (verdict.POOL_OF_VALUES, verdict.POOL_OF_CHANGES)
    )
    said = changes if stock else values
    return said.format(n=len(weights), best=best)


def _reach(errors: Floats, trial: _Trial, level: float) -> tuple[Floats, Floats]:
    horizon = errors.shape[1]
    if intervals.folds_of(errors) >= FEWEST_FOLDS:
        return intervals.reach(errors, horizon, level)
    return intervals.unjudged(trial.scale.into(_changes_or_values(trial)), horizon, level, summed=trial.stock)


def _changes_or_values(trial: _Trial) -> Floats:
    return np.diff(trial.counts) if trial.stock else trial.counts


def _judged(trial: _Trial, errors: Floats, level: float) -> Backtest:
    """The report card, in what is counted, fold by fold."""
    folds = intervals.folds_of(errors)
    if not folds:
        return Backtest(float("nan"), float("nan"), float("nan"), 0)
    truth = trial.back(trial.actual)[1:]
    size = np.array([_season_change(trial, int(o)) for o in trial.origins[1:]])
    off, naive = (pool.mean_known(np.abs(trial.back(part)[1:] - truth)) for part in (trial.found, trial.naive))
    fair = np.isfinite(off) & (size > 0)
    mase, mase_naive = (
        float(np.mean(part[fair] / size[fair])) if fair.any() else float("nan") for part in (off, naive)
    )
    return Backtest(mase, mase_naive, intervals.coverage(errors, level), folds)


def _season_change(trial: _Trial, origin: int) -> float:
    """The mean absolute change from season to season that was known at an origin."""
    known = trial.counts[: origin + 1] if trial.stock else trial.counts[:origin]
    season = 1 if trial.stock or len(known) < 2 * trial.step.season else trial.step.season
    return float(pool.mean_known(np.abs(known[season:] - known[:-season])))


def _nothing() -> Forecast:
    empty = pd.DataFrame(
        {name: pd.Series(dtype=float) for name in ("mean", "lower", "upper")}, index=pd.DatetimeIndex([])
    )
    nan = float("nan")
    return Forecast(empty, NOT_ENOUGH, Backtest(nan, nan, nan, 0), trusted=False)
