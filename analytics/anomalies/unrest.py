"""How unusual were the last hours or days, all together? A running mean of surprises, which an incident keeps high."""

from __future__ import annotations

import math

import numpy as np

from analytics.anomalies.rhythm import DAY_S, Floats, Ints, Rhythm

MOST = 50.0
"""A surprise counts as no more than so many deviations, so that even the largest is forgotten within a day or two."""
_CUT = 3.0
_TO_SD = 1.3
"""The mean distance of a normal value, cut, times this is its standard deviation."""
_DAYS = 28
_FEWEST = 1.0


def unrest(values: Floats, z: Floats, unit: float, of: Rhythm) -> Floats:
    """The recent surprise at each row, about 0.8 where nothing happens; a row not measured leaves it as it was.

    The geometric mean of two running means that halve in an eighth of a day (one row of days and weeks): of the
    residuals `z` of forecasters that adapt within hours or days, and of the distances from what is usual at that hour
    or weekday over a month and longer, which no incident moves far. Apart, the first forgets a lasting incident, and
    the second takes every new level or trend for one. `unit`: the smallest distance that counts.
    """
    return np.sqrt(_recent(np.abs(z), of) * _recent(np.where(np.isnan(z), np.nan, _far(values, unit, of)), of))


def _recent(surprise: Floats, of: Rhythm) -> Floats:
    """Mean of the surprises so far, their weights halving; 0 before the first."""
    fade = 1 - 0.5 ** (1 / max(_FEWEST, of.quiet / 2))
    kept = np.zeros(len(surprise))
    mean, weight = 0.0, 0.0
    for row, value in enumerate(surprise.tolist()):
        if not math.isnan(value):
            weight = (1 - fade) * weight + fade
            mean += fade / weight * (min(value, MOST) - mean)
        kept[row] = mean
    return kept


def _far(values: Floats, unit: float, of: Rhythm) -> Floats:
    """Distance from what is usual at the hour, or at that hour of the week if nearer; of days, at the weekday."""
    if of.step_s >= DAY_S:
        return _distances(values, of.short, unit, of)
    return np.fmin(_distances(values, of.hour, unit, of), _distances(values, of.long, unit, of))


def _distances(values: Floats, slots: Ints, unit: float, of: Rhythm) -> Floats:
    """Distance of each row from the slow mean of its slot, in slow standard deviations; both learn from cut ones.

    Rows that stay beyond the cut on one side for longer than an incident lasts are a new level, of all slots.
    """
    usual: dict[int, float] = {}
    rows_of: dict[int, int] = {}
    slowest, sd, rows, level, run, total = 1 / (_DAYS * of.per_hour), 0.0, 0, 0.0, 0, 0.0
    off = np.full(len(values), np.nan)
    for row, (value, slot) in enumerate(zip(values.tolist(), slots.tolist(), strict=True)):
        if math.isnan(value):
            continue
        gap = value - level - usual.setdefault(slot, value - level)
        rows_of[slot] = rows_of.get(slot, 0) + 1
        if rows_of[slot] == 1:
            continue
        rows += 1
        sd = sd if rows > 1 else abs(gap)
        reach = max(sd, unit)
        off[row] = abs(gap) / reach
        cut = min(max(gap, -_CUT * reach), _CUT * reach)
        usual[slot] += max(1 / rows_of[slot], slowest) * cut
        sd += max(1 / (rows + 1), 1 / of.memory) * (_TO_SD * abs(cut) - sd)
        run, total = (run + 1, total + gap) if cut != gap and total * gap >= 0 else (0, 0.0)
        if run > of.longest:
            level, run, total = level + total / run, 0, 0.0
    return off
