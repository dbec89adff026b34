"""The calendar's part of a series: weekday, month, time of year and holidays, by a robust ridge regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.forecast.calendar import Step
from analytics.forecast.robust import TINY, huber, spread

Floats = NDArray[np.float64]

HUBER = 2.5
"""Residuals beyond so many robust standard deviations weigh less."""
PASSES = 3
FEAST_PENALTY = 0.1
"""Holidays are few and their effect is large: they are held back little."""
_YEAR_DAYS = 365.2425


@dataclass(frozen=True, slots=True)
class Calendar:
    """The columns that the calendar gives for each row of the past and the future, and how far each is held back."""

    columns: Floats
    penalty: Floats
    holidays: int
    """So many of the first columns are holidays."""


def calendar_of(index: pd.DatetimeIndex, step: Step, *, yearly: bool, holidays: Floats) -> Calendar:
    """Weekday or month contrasts, waves of the year and holiday columns for the dates of an index."""
    parts, held = [holidays], [np.full(holidays.shape[1], FEAST_PENALTY)]
    if step.name == "daily":
        parts.append(_contrasts(index.day_of_week.to_numpy(), 7))
        held.append(np.full(6, 1.0))
    if step.name == "monthly":
        parts.append(_contrasts(index.month.to_numpy() - 1, 12))
        held.append(np.full(11, 1.0))
    if yearly and step.waves:
        angle = 2 * np.pi * np.outer(index.day_of_year.to_numpy() - 1, np.arange(1, step.waves + 1)) / _YEAR_DAYS
        parts += [np.sin(angle), np.cos(angle)]
        held += [step.wave_penalty * (1 + 0.5 * np.arange(step.waves) ** 2)] * 2
    return Calendar(np.hstack(parts), np.concatenate(held), holidays.shape[1])


def _contrasts(codes: NDArray[np.int64], size: int) -> Floats:
    """Columns that add up to zero over the classes: the last class is the negative of all others."""
    onehot = np.eye(size)[codes]
    return np.asarray(onehot[:, :-1] - onehot[:, -1:])


def effect(values: Floats, calendar: Calendar, step: Step) -> tuple[Floats, Floats]:
    """What the calendar adds on each row, the future included, and what its holidays alone add.

    Learnt from `values`, the first rows. The regression also holds a piecewise straight trend, which is thrown away:
    levels are for other models.
    """
    if calendar.columns.shape[1] == 0:
        return np.zeros(len(calendar.columns)), np.zeros(len(calendar.columns))
    n = len(values)
    age = np.arange(n - 1, -1, -1.0)
    bends = np.arange(1, max(int((n - 1) / step.bend_every), 1))
    own, days = len(bends) + 2, calendar.holidays
    columns = np.ones((n, own + calendar.columns.shape[1]))
    columns[:, 1] = age / step.bend_every
    for column, bend in enumerate(bends, start=2):
        columns[:, column] = np.maximum(columns[:, 1] - bend, 0)
    columns[:, own:] = calendar.columns[:n]
    penalty = np.concatenate([[0.0, 0.1], np.ones(len(bends)), calendar.penalty])
    found = robust_ridge(columns, values, penalty, 0.5 ** (age / step.half_life))[own:]
    return np.asarray(calendar.columns @ found), np.asarray(calendar.columns[:, :days] @ found[:days])


def robust_ridge(columns: Floats, values: Floats, penalty: Floats, base: Floats) -> Floats:
    """Coefficients of a ridge regression whose outlying rows weigh less (Huber), NaN rows nothing."""
    known = np.isfinite(values)
    target, base = np.where(known, values, 0.0), base * known
    weights: Floats = base
    found: Floats = np.zeros(columns.shape[1])
    for _ in range(PASSES):
        square = _gram(columns, weights)
        square[np.diag_indices_from(square)] += penalty + TINY
        found = np.asarray(np.linalg.solve(square, columns.T @ (weights * target)), dtype=np.float64)
        off = np.abs(target - columns @ found)
        weights = base * huber(off, HUBER * spread(off[known]))
    return found


def _gram(columns: Floats, weights: Floats) -> Floats:
    """Weighted products of the columns, piece by piece: a weighted copy of all rows would be the largest thing here."""
    square = np.zeros((columns.shape[1], columns.shape[1]))
    for start in range(0, len(columns), 256):
        some = columns[start : start + 256]
        square += (some * weights[start : start + 256, None]).T @ some
    return square
