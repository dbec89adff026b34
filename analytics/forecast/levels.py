"""Where a series without its calendar part goes: smoothing, autoregression, medians and straight lines.

Every function takes rows of the same length that end at their origins, (rows, time), NaN missing, and gives forecasts
(rows, horizon). All rows are worked through at once.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.forecast.robust import TINY, huber, spread

Floats = NDArray[np.float64]

ALPHAS = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9])
DAMPINGS = ((0.0, 0.0), (0.9, 0.1), (0.97, 0.05), (1.0, 0.02))
"""Damping of the trend and its smoothing, as pairs; the first has no trend."""
SHARPNESS = 20.0
SPIKE = 4.0


def filled(rows: Floats) -> Floats:
    """Gaps closed by the last known value before them, or by the first known one."""
    known = np.isfinite(rows)
    place = np.where(known, np.arange(rows.shape[1]), -1)
    np.maximum.accumulate(place, axis=1, out=place)
    place = np.where(place < 0, known.argmax(axis=1)[:, None], place)
    return np.nan_to_num(np.take_along_axis(rows, place, axis=1))


def despiked(rows: Floats, width: int = 7) -> Floats:
    """Lone spikes cut back to four robust standard deviations from the running median; shifts of level stay."""
    if rows.shape[1] < width:
        return rows
    cut = rows.copy()
    for row in cut:
        known = np.isfinite(row)
        values = row[known]
        if len(values) < width:
            continue
        padded = np.pad(values, width // 2, mode="edge")
        middle = np.sort(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1)[:, width // 2]
        off = values - middle
        most = SPIKE * spread(np.abs(off))
        row[known] = middle + np.clip(off, -most, most)
    return cut


def smoothed(rows: Floats, horizon: int, ahead: int) -> tuple[Floats, Floats]:
    """Exponential smoothing without and with damped trend, averaged over a grid by how well each foresaw.

    Each setting is judged by its absolute error for the mean of the next `ahead` values, older errors fading.
    """
    alpha = np.repeat(ALPHAS, len(DAMPINGS))
    damping, share = (np.tile(part, len(ALPHAS)) for part in np.array(DAMPINGS).T)
    reach = np.cumsum(damping[:, None] ** np.arange(1, horizon + 1), axis=1)
    level, slope, loss = _filter(rows, alpha, damping, share, reach[:, :ahead].mean(axis=1), ahead)
    found = []
    for chosen in (damping == 0, damping > 0):
        some = loss[:, chosen]
        weight = (some.min(axis=1, keepdims=True) / some) ** SHARPNESS
        weight /= weight.sum(axis=1, keepdims=True)
        found.append((weight * level[:, chosen]).sum(axis=1)[:, None] + (weight * slope[:, chosen]) @ reach[chosen])
    return found[0], found[1]


def _filter(
    rows: Floats, alpha: Floats, damping: Floats, share: Floats, reach: Floats, ahead: int
) -> tuple[Floats, Floats, Floats]:
    """Level, slope and mean loss of every setting at the end of every row."""
    known = np.isfinite(rows)
    values = np.where(known, rows, 0.0)
    length = rows.shape[1]
    coming, count = _coming(values, known, min(ahead, length))
    level = np.repeat(_start(rows)[:, None], len(alpha), axis=1)
    slope, loss = np.zeros_like(level), np.zeros_like(level)
    weight, beta = np.zeros((len(rows), 1)), alpha * share
    fade = 0.5 ** (1 / max(length / 2, 20))
    for t in range(length):
        slope *= damping
        level += slope
        gap = (values[:, t : t + 1] - level) * known[:, t : t + 1]
        level += alpha * gap
        slope += beta * gap
        if min(10, length // 4) <= t < length - ahead:
            seen = count[:, t + 1 : t + 2] > 0
            loss = fade * loss + np.abs(coming[:, t + 1 : t + 2] - level - reach * slope) * seen
            weight = fade * weight + seen
    return level, slope, (loss + TINY) / np.maximum(weight, 1)


def _coming(values: Floats, known: NDArray[np.bool_], ahead: int) -> tuple[Floats, NDArray[np.int16]]:
    """The mean of the known ones of `ahead` values from each place on, and how many they are."""
    count = np.zeros((len(values), values.shape[1] - ahead + 1), dtype=np.int16)
    total = np.zeros(count.shape)
    for k in range(ahead):
        part = slice(k, values.shape[1] - ahead + 1 + k)
        count += known[:, part]
        total += values[:, part]
    total /= np.maximum(count, 1)
    return total, count


def _start(rows: Floats) -> Floats:
    """The median of the first ten known values of each row."""
    early = np.isfinite(rows) & (np.isfinite(rows).cumsum(axis=1) <= 10)
    return np.array([np.median(row[some]) if some.any() else 0.0 for row, some in zip(rows, early, strict=True)])


def autoregressed_changes(rows: Floats, horizon: int, lags: int) -> Floats:
    """Ridge autoregression of the changes from step to step."""
    whole = filled(rows)
    changes = _iterated(np.diff(whole, axis=1), _first(rows), horizon, lags)
    return np.asarray(whole[:, -1:] + changes.cumsum(axis=1))


def autoregressed_levels(rows: Floats, horizon: int, lags: int) -> Floats:
    """Ridge autoregression of the distance from the recent median."""
    whole = filled(rows)
    middle = np.median(whole[:, -max(4 * lags, 30) :], axis=1, keepdims=True)
    return np.asarray(_iterated(whole - middle, _first(rows), horizon, lags) + middle)


def autoregressed_years(rows: Floats, horizon: int, lags: int, year: int) -> Floats:
    """Ridge autoregression of the changes from year to year, around their median; NaN with under three years.

    The time of year is in the value of a year before, so that it may change from year to year.
    """
    found = np.full((len(rows), horizon), np.nan)
    for row, start, out in zip(filled(rows), _first(rows), found, strict=True):
        past = row[start:]
        if len(past) < 3 * year:
            continue
        changes = past[year:] - past[:-year]
        middle = float(np.median(changes))
        coming = _iterated((changes - middle)[None], np.zeros(1, dtype=np.intp), horizon, lags)[0] + middle
        line = np.concatenate([past[-year:], coming])
        for h in range(horizon):
            line[year + h] += line[h]
        out[:] = line[year:]
    return found


def _first(rows: Floats) -> NDArray[np.intp]:
    """The place of the first known value of each row."""
    return np.asarray(np.isfinite(rows).argmax(axis=1))


def _iterated(rows: Floats, starts: NDArray[np.intp], horizon: int, lags: int) -> Floats:
    found = np.zeros((len(rows), horizon))
    for row, start, out in zip(rows, starts, found, strict=True):
        past = row[start:]
        p = min(lags, len(past) // 6)
        if p < 1:
            continue
        out[:] = _continued(past, horizon, p)
    return found


def _continued(past: Floats, horizon: int, lags: int) -> Floats:
    windows = np.lib.stride_tricks.sliding_window_view(past, lags + 1)
    before, after = windows[:, :-1], windows[:, -1]
    usual = spread(np.abs(after))
    weight = huber(np.abs(after), 3 * usual)
    weight *= 0.5 ** (np.arange(len(after) - 1, -1, -1) / max(len(after), 30))
    square = (before * weight[:, None]).T @ before
    square[np.diag_indices_from(square)] += 5 * np.trace(square) / lags / len(after) + TINY
    found = np.linalg.solve(square, before.T @ (weight * after))
    most = 8 * usual + float(np.abs(past).max())
    line = np.concatenate([past[-lags:], np.zeros(horizon)])
    for h in range(horizon):
        line[lags + h] = min(max(float(found @ line[h : h + lags]), -most), most)
    return line[lags:]


def slope(rows: Floats) -> Floats:
    """Least-squares slope of each row per step, 0 for fewer than four values."""
    known = np.isfinite(rows)
    n = known.sum(axis=1, keepdims=True)
    time = np.broadcast_to(np.arange(rows.shape[1], dtype=float), rows.shape)
    centred = np.where(known, time - (time * known).sum(axis=1, keepdims=True) / np.maximum(n, 1), 0.0)
    top = (centred * np.where(known, rows, 0.0)).sum(axis=1)
    return np.where(n[:, 0] >= 4, top / np.maximum((centred**2).sum(axis=1), TINY), 0.0)
