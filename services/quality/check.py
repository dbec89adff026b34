"""One comparison of two numbers that should fit, with what is allowed between them and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.metrics import registry
from core import clock
from core.language import figure, mark, tr
from core.question import Period
from services.words import calendar

AGREES, DIFFERS, UNCHECKED = mark("agrees"), mark("differs"), mark("cannot be checked")

Floats = NDArray[np.float64]
_EMPTY = pd.Series(dtype=float, index=pd.Index([], dtype="int64", name="day"))


@dataclass(frozen=True, slots=True)
class Check:
    """What was compared (`left` with `right`, over `days` days), what is allowed, and the verdict. `off_days` are days
    beyond it; None where it was not looked at day by day. `rule` says the promise in a sentence, `why` what stands out.
    `one_way`: left may be any amount less than right.
    """

    title: str
    account: str
    platform: str
    rule: str
    left_name: str
    left: float
    right_name: str
    right: float
    tolerance: str
    verdict: str
    days: int
    off_days: int | None = None
    why: str = ""
    one_way: bool = False

    @property
    def difference(self) -> float:
        """Left less right."""
        return self.left - self.right

    @property
    def sign(self) -> str:
        """How left should stand to right."""
        return "≤" if self.one_way else "="


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What the checks are made of: daily totals (from 28 days before the period, to any day ahead; `by_metric` the same
    by account and metric), totals of 28 days, sums of splits by day, of posts' lifetime counters, posts by account."""

    period: Period
    now: datetime
    daily: pd.DataFrame
    wide: pd.DataFrame
    split: pd.DataFrame
    lifetime: pd.DataFrame
    by_metric: Mapping[tuple[int, int], pd.Series]
    posts: Mapping[int, int]
    titles: Mapping[int, str]

    def series(self, account_id: int, *metrics: str, lead: bool = False) -> pd.DataFrame:
        """Daily totals: one column per metric, one row per day on which any of them is known."""
        first = 0 if lead else clock.epoch_day(self.period.first)
        last = clock.epoch_day(self.period.last)
        found = {name: self.by_metric.get((account_id, registry.METRICS[name].id), _EMPTY) for name in metrics}
        wide = pd.DataFrame(found, dtype=float)
        return wide[(wide.index >= first) & (wide.index <= last)]


def apart(daily: pd.DataFrame) -> dict[tuple[int, int], pd.Series]:
    """Daily totals as one series by day for each account and metric."""
    rows = daily.sort_values(["account_id", "metric_id", "day"], ignore_index=True)
    account, metric = rows["account_id"].to_numpy(), rows["metric_id"].to_numpy()
    starts = np.flatnonzero(np.r_[True, (account[1:] != account[:-1]) | (metric[1:] != metric[:-1])][: len(rows)])
    ends = np.r_[starts[1:], len(rows)]
    days, values = rows["day"].to_numpy(), rows["value"].to_numpy()
    return {
        (int(account[start]), int(metric[start])): pd.Series(values[start:end], pd.Index(days[start:end], name="day"))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=False)
    }


@dataclass(frozen=True, slots=True)
class Allowance:
    """How far two numbers of a day may lie apart: a share of the larger one, and at least so much."""

    share: float
    least: float

    @property
    def words(self) -> str:
        """As a person reads it."""
        share, least = figure(f"{self.share * 100:g}"), figure(f"{self.least:g}")
        return tr("{share} % a day, at least {least}", share=share, least=least)

    def of(self, left: Floats, right: Floats) -> Floats:
        """What is allowed between each pair."""
        most = np.maximum(np.abs(left), np.abs(right))
        return np.maximum(most * self.share, self.least)


def verdict(differs: bool, *, enough: bool = True) -> str:
    """What came out, given whether it differs, and whether enough is known to say.

    >>> verdict(True), verdict(False), verdict(True, enough=False)
    ('differs', 'agrees', 'cannot be checked')
    """
    if not enough:
        return UNCHECKED
    return DIFFERS if differs else AGREES


def by_day(left: Floats, right: Floats, allowed: Allowance, *, at_most: bool) -> NDArray[np.bool_]:
    """On which days the pair does not fit: `at_most` only where left is more than right.

    >>> by_day(np.array([10.0, 30.0]), np.array([20.0, 20.0]), Allowance(0.02, 2), at_most=True).tolist()
    [False, True]
    """
    over = left - right if at_most else np.abs(left - right)
    off: NDArray[np.bool_] = over > allowed.of(left, right)
    return off


def stands_out(days: Floats, left: Floats, right: Floats, off: NDArray[np.bool_]) -> str:
    """The day on which two numbers lie farthest apart, in words; empty when all fit."""
    if not off.any():
        return ""
    at = int(np.argmax(np.where(off, np.abs(left - right), -1.0)))
    day = calendar.day_words(calendar.from_number(int(days[at])))
    here, there = (figure(f"{one[at]:,.0f}") for one in (left, right))
    return tr("Most on {day}: {number} against {other}.", day=day, number=here, other=there)
