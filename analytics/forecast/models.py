"""The parts that are pooled: every model's forecast from every origin, each from nothing but what was known there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.forecast import levels
from analytics.forecast.calendar import Step
from analytics.forecast.season import calendar_of, effect
from core.language import mark

Floats = NDArray[np.float64]
Origins = NDArray[np.int64]

NAIVE = mark("seasonal naive")
LAST_YEAR = mark("last year")
NAMES = (
    NAIVE, LAST_YEAR, mark("damped trend"), mark("yearly damped trend"), mark("theta"), mark("yearly theta"),
    mark("recent median"), mark("yearly recent median"), mark("autoregressive changes"),
    mark("yearly autoregressive changes"), mark("autoregressive years"), mark("yearly autoregressive years"),
    mark("autoregressive levels"), mark("yearly autoregressive levels"), mark("weekdays of 4 weeks"),
    mark("weekdays of 8 weeks"),
)  # fmt: skip
"""What the models are called."""
ROOM = 0.5
"""A model may leave the range seen so far by this share of it; what goes farther has gone astray."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known: `values` on the first of `dates`, which reach over the horizon, as do the holiday columns."""

    values: Floats
    dates: pd.DatetimeIndex
    holidays: Floats
    step: Step


def forecasts(past: Past, origins: Origins, horizon: int) -> dict[str, Floats]:
    """Forecasts by the model's name, (origins, horizon); an origin counts the values known there, newest first.

    A model that has nothing to say at some origin has NaN in that row.
    """
    step = past.step
    window = min(step.window, int(origins[0]))
    plain, holidays = _calendar_parts(past, origins, window + horizon, horizon, yearly=False)
    parts = [plain]
    if step.waves and origins[0] >= step.year_from:
        yearly, _ = _calendar_parts(past, origins, window + horizon, horizon, yearly=True)
        parts.append(np.where(origins[:, None] >= step.year_from, yearly, plain))
    raw = aligned([past.values[:o] for o in origins], window)
    levels_found = _levels(np.vstack([raw - part[:, :window] for part in parts]), step, horizon)
    ahead = np.vstack([part[:, window:] for part in parts])
    found: dict[str, Floats] = {}
    for name, level in levels_found.items():
        for label, piece in zip(("", "yearly "), np.split(level + ahead, len(parts)), strict=False):
            found[label + name] = piece
    repeats = _repeats(raw - holidays[:, :window], step, horizon) | _last_year(past, origins, horizon)
    found |= {name: piece + holidays[:, window:] for name, piece in repeats.items()}
    low, high = _range(past.values, origins)
    return {name: np.clip(piece, low, high) for name, piece in found.items()}


def aligned(pasts: list[Floats], window: int) -> Floats:
    """Pasts of different lengths as rows that end together, NaN before they begin."""
    rows = np.full((len(pasts), window), np.nan)
    for row, past in zip(rows, pasts, strict=True):
        last = past[-window:]
        row[window - len(last) :] = last
    return rows


def _calendar_parts(
    past: Past, origins: Origins, width: int, horizon: int, *, yearly: bool
) -> tuple[Floats, Floats]:  # fmt: skip
    """The calendar's effect, and that of its holidays, as rows that end a horizon after their origins."""
    calendar = calendar_of(past.dates, past.step, yearly=yearly, holidays=past.holidays)
    whole = np.zeros((len(origins), width))
    holidays = np.zeros((len(origins), width if calendar.holidays else 0))
    for k, o in enumerate(origins):
        both = effect(past.values[:o], calendar, past.step)
        for rows, part in zip((whole, holidays), both, strict=True):
            last = part[max(0, o + horizon - width) : o + horizon]
            if rows.shape[1]:
                rows[k, width - len(last) :] = last
    return whole, holidays if calendar.holidays else np.broadcast_to(0.0, whole.shape)


def _range(values: Floats, origins: Origins) -> tuple[Floats, Floats]:
    """The range of what was known at each origin, with room, as columns."""
    low = np.array([np.nanmin(values[:o]) for o in origins])[:, None]
    high = np.array([np.nanmax(values[:o]) for o in origins])[:, None]
    room = ROOM * (high - low)
    return low - room, high + room


def _levels(rows: Floats, step: Step, horizon: int) -> dict[str, Floats]:
    calm = levels.despiked(rows)
    flat, damped = levels.smoothed(calm, horizon, max(1, min(horizon, step.ahead)))
    found = {
        "damped trend": damped,
        "theta": flat + 0.5 * levels.slope(calm)[:, None] * np.arange(1, horizon + 1),
        "recent median": np.repeat(_medians(calm[:, -step.recent :])[:, None], horizon, axis=1),
        "autoregressive changes": levels.autoregressed_changes(calm, horizon, step.lags),
    }
    if step.name == "monthly":
        found["autoregressive years"] = levels.autoregressed_years(calm, horizon, step.lags, step.season)
    else:
        found["autoregressive levels"] = levels.autoregressed_levels(calm, horizon, step.lags)
    return found


def _medians(rows: Floats) -> Floats:
    """The median of each row's known values; of none, NaN."""
    return np.array([np.median(row[np.isfinite(row)]) if np.isfinite(row).any() else np.nan for row in rows])


def _repeats(rows: Floats, step: Step, horizon: int) -> dict[str, Floats]:
    """The last season again, and for days the median of the same weekday in four and in eight weeks."""
    length = rows.shape[1]
    season = step.season if length >= step.season else 1
    again = np.arange(horizon) % season
    found = {NAIVE: levels.filled(rows)[:, length - season + again]}
    for weeks in (4, 8) if season == 7 else ():
        days = [_medians(rows[:, length - 7 + day :: -7][:, :weeks]) for day in range(7)]
        found[f"weekdays of {weeks} weeks"] = np.array(days).T[:, again]
    return found


def _last_year(past: Past, origins: Origins, horizon: int) -> dict[str, Floats]:
    """A year ago, moved by how far the last weeks lie from the same weeks of then."""
    values, step = past.values, past.step
    need = step.year + step.recent
    if step.name == "monthly" or horizon > step.year or origins[0] < need:
        return {}
    found = np.full((len(origins), horizon), np.nan)
    for row, o in zip(found, origins, strict=True):
        then = o - step.year
        if o < need:
            continue
        moved = _medians(np.array([values[o - step.recent : o], values[then - step.recent : then]]))
        row[:] = levels.filled(values[None, : then + horizon])[0, then:] + moved[0] - moved[1]
    return {LAST_YEAR: found}
