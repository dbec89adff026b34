"""What a forecast says, and how it did on the past."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the same forecast did on the history itself, from `folds` earlier origins.

    `mase` and `mase_naive`: mean absolute error of the forecast and of the seasonal naive one, as a ratio to the mean
    absolute change from season to season known at the origin (7 days; 52 weeks; 12 months; 1 step where less than two
    seasons are known). `coverage`: the share of what came that lay in the band, each fold's band made from the other
    folds. NaN without a fold.
    """

    mase: float
    mase_naive: float
    coverage: float
    folds: int


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """`frame` (one row per future date: `mean`, `lower`, `upper`), how it was made, how it did, and if to trust it.

    `trusted`: in at least four folds it was nearer than the seasonal naive forecast.
    """

    frame: pd.DataFrame
    method: str
    backtest: Backtest
    trusted: bool
