"""A bank of small robust forecasters; each row is expected by the one that has forecast best up to then."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.anomalies.rhythm import Floats, Ints, Rhythm

RAW, ROOT, LOG = 0, 1, 2
SPEEDS = (0.03, 0.15, 0.6)
CUT = 2.5
"""A residual beyond so many standard deviations moves a forecaster no further than one of that size."""
_SHORT_SPEED, _LONG_SPEED, _DRIFT_SPEED, _DRIFT_KEPT = 0.15, 0.2, 0.02, 0.98
_BEND = 0.2
"""Below this part of the typical value the logarithmic scale is nearly straight, so that it takes zeros."""
_FINEST = 0.002
"""A part of the typical value too small to be an anomaly of a series that is not of whole numbers."""
_FIRST = 5
"""Rows of which the first level is the median, and their weight in the first dispersion."""
_CUT_BACK, _MEAN_SIZE = 1.06, 0.78
"""What cutting at 2.5 takes off a normal variance; the mean size of a standard normal residual, cut."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """One-step forecasts of the chosen forecaster, one entry a row: `centre`, `sd` and `z` in its `scale`, from row
    `start` on, NaN before; `z` NaN where nothing was measured. `size`: what the series was divided by."""

    start: int
    centre: Floats
    sd: Floats
    z: Floats
    scale: Ints
    size: float
    unit: float

    def back(self, values: Floats) -> Floats:
        """Values in each row's scale, in the unit of the series."""
        whole = np.abs(values)
        bent = np.where(self.scale == ROOT, np.minimum(whole, 1e150) ** 2, _BEND * np.expm1(np.minimum(whole, 600.0)))
        most = 1e308 / max(self.size, 1.0)
        back = np.where(self.scale == RAW, values, np.sign(values) * bent)
        return np.clip(back, -most, most) * self.size


class Bank:
    """Holt-Winters in error-correction form, cut by Huber, for each scale, set of seasons and speed of the level."""

    def __init__(self, values: Floats, size: float, rhythm: Rhythm, start: int) -> None:
        self.rhythm, self.size, self.per_hour = rhythm, size, rhythm.per_hour
        kinds = [(scale, *seasons, speed) for scale in range(3) for seasons in rhythm.seasons for speed in SPEEDS]
        self.scale = np.array([kind[0] for kind in kinds])
        uses_short, uses_long, self.speed = (np.array([float(kind[at]) for kind in kinds]) for at in (1, 2, 3))
        self.short_speed, self.long_speed = uses_short * (1 - self.speed), uses_long * (1 - self.speed)
        self.drift_speed = _DRIFT_SPEED * self.speed
        self._scales(values, start)
        self._begin(values[:start], uses_short)

    def _scales(self, values: Floats, start: int) -> None:
        known = values[:start][~np.isnan(values[:start])]
        counts = bool(np.all(known * self.size == np.round(known * self.size)))
        self.unit = unit = max(0.5 / self.size, 1e-9) if counts else _FINEST
        middle = float(np.median(np.abs(known)))
        floors = (unit, unit / (2 * math.sqrt(middle + unit)), unit / (_BEND + middle))
        self.floor = np.array(floors)[self.scale] ** 2
        whole = np.abs(values)
        side = np.sign(values)
        seen = (values, side * np.sqrt(whole), side * np.log1p(whole / _BEND))
        slope = (0 * whole, -np.log(2 * np.sqrt(whole + _BEND / 4)), -np.log(_BEND + whole))
        self.seen = np.ascontiguousarray(np.stack(seen, axis=1)[:, self.scale])
        self.slope = np.ascontiguousarray(np.stack(slope, axis=1)[:, self.scale])

    def _begin(self, values: Floats, uses_short: Floats) -> None:
        start, count = len(values), len(self.scale)
        seen, slot = self.seen[:start], self.rhythm.short[:start]
        middle = np.nanmedian(seen, axis=0)
        self.short = np.zeros((int(self.rhythm.short.max()) + 1, count))
        known = ~np.isnan(values)
        for at in np.unique(slot[known]):
            self.short[at] = 0.8 * uses_short * (np.median(seen[known & (slot == at)], axis=0) - middle)
        off = (seen - middle - self.short[slot])[known]
        sd = np.maximum(1.4826 * np.median(np.abs(off), axis=0), 1e-9 * np.sqrt(self.floor))
        wide = np.sqrt(np.mean(np.minimum(np.abs(off), 6 * sd) ** 2, axis=0))
        self.variance = np.maximum(np.maximum(sd, wide / 2) ** 2, self.floor)
        self.long = np.zeros((int(self.rhythm.long.max()) + 1, count))
        self.spread = np.ones((int(self.rhythm.hour.max()) + 1, count))
        self.short_seen = 2.0 * np.ones(len(self.short))
        self.long_seen = np.zeros(len(self.long))
        self.drift, self.run, self.record = np.zeros(count), np.zeros(count), np.zeros(count)
        self.rows = self.gap = 0
        self.never_below = bool(np.all(values[known] >= 0))
        first = np.flatnonzero(known)[:_FIRST]
        self.level = np.median(seen[first] - self.short[slot[first]], axis=0)
        for row in range(int(first[0]), start):
            if known[row]:
                self.update(row, *self.expect(row))
            else:
                self.miss()

    def expect(self, row: int) -> tuple[Floats, Floats]:
        """Centre and standard deviation of a row, by every forecaster."""
        of = self.rhythm
        self.gap += int(of.skipped[row])
        centre = self.level + self.drift + self.short[of.short[row]] + self.long[of.long[row]]
        if self.never_below:
            centre = np.maximum(centre, 0.0)
        sd = np.sqrt(np.maximum(self.variance, self.floor)) * self.spread[of.hour[row]]
        if self.gap:
            sd = sd * np.sqrt(1 + self.speed**2 * self.gap)
        return centre, sd

    def miss(self) -> None:
        """A row that was not measured: the level drifts on, and is known a little less."""
        self.level = self.level + self.drift
        self.gap += 1

    def update(self, row: int, centre: Floats, sd: Floats) -> Floats:
        """Let every forecaster learn from a row; returns its residuals in standard deviations."""
        of, memory = self.rhythm, self.rhythm.memory
        off = self.seen[row] - centre
        self.never_below = self.never_below and bool(self.seen[row, 0] >= 0)
        z: Floats = off / sd
        self.record *= 1 - 1 / memory
        self.record += self.slope[row] - np.log(sd) - 2.5 * np.log1p(np.minimum(np.abs(z), 1e6) ** 2 / 4)
        cut = np.minimum(np.maximum(z, -CUT), CUT)
        move = cut * sd
        self._learn_level(off, z, cut, move)
        short, long = of.short[row], of.long[row]
        self.short_seen[short] += 1
        self.long_seen[long] += 1
        self.short[short] += self.short_speed * (max(_SHORT_SPEED, 1 / (self.short_seen[short] + 1)) * move)
        slow = max(_LONG_SPEED / self.per_hour, 1 / (self.long_seen[long] + 2))
        self.long[long] += self.long_speed * (slow * move)
        spread = self.spread[of.hour[row]]
        self.variance += max(of.follow, 1 / (self.rows + _FIRST)) * (_CUT_BACK * (move / spread) ** 2 - self.variance)
        if len(self.spread) > 1:
            spread *= 1 + 0.4 / self.per_hour * (np.abs(cut) / _MEAN_SIZE - 1)
        self.gap = 0
        return z

    def _learn_level(self, off: Floats, z: Floats, cut: Floats, move: Floats) -> None:
        self.rows += 1
        speed = np.maximum(self.speed, 1 / self.rows) if self.rows * SPEEDS[0] < 1 else self.speed
        self.level += self.drift
        self.drift *= _DRIFT_KEPT
        far = cut != z
        if not far.any():
            self.run[:] = 0
            self.level += speed * move
            self.drift += self.drift_speed * move
            return
        side = np.sign(z)
        self.run = np.where(far, np.where(side == np.sign(self.run), self.run + side, side), 0)
        settled = np.abs(self.run) >= self.rhythm.settled
        self.level += np.where(settled, off, speed * move)
        self.drift += np.where(settled, 0, self.drift_speed * move)


def forecasts(values: Floats, rhythm: Rhythm, start: int) -> Forecasts:
    """Forecast each row from `start` on out of the rows before it, by the forecaster with the best record."""
    rows, size = len(values), _size(values[:start])
    bank = Bank(values / size, size, rhythm, start)
    centre, sd, z = (np.full(rows, np.nan) for _ in range(3))
    scale = np.zeros(rows, dtype=int)
    known: NDArray[np.bool_] = ~np.isnan(values)
    for row in range(start, rows):
        centres, sds = bank.expect(row)
        best = int(bank.record.argmax())
        centre[row], sd[row], scale[row] = centres[best], sds[best], bank.scale[best]
        if known[row]:
            z[row] = bank.update(row, centres, sds)[best]
        else:
            bank.miss()
    return Forecasts(start, centre, sd, z, scale, size, bank.unit)


def _size(values: Floats) -> float:
    """The power of two next to the typical value: dividing by it loses no digit and keeps squares finite."""
    whole = np.abs(values[np.abs(values) > 0])
    return 2.0 ** float(np.round(np.log2(np.median(whole)))) if len(whole) else 1.0
