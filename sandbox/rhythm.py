"""How people post and watch: hours, weekdays, seasons, and how a post ages. Pure functions of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from core import clock

NOT_A_PLUGIN = True

Floats = NDArray[np.float64]

POSTING_WEEKDAY = np.array([1.1, 1.2, 1.2, 1.25, 1.1, 0.65, 0.5])
WATCHING_WEEKDAY = np.array([0.97, 0.98, 1.0, 1.02, 1.06, 1.05, 0.92])
POSTING_HOUR = np.array([0, 0, 0, 0, 0, 1, 3, 8, 12, 8, 5, 5, 9, 8, 4, 4, 5, 8, 11, 9, 5, 2, 1, 0], dtype=float)
HOUR_LIFT = np.array(
    [0.7] * 6 + [0.9, 1.05, 1.15, 1.05, 1, 1, 1.1, 1.05, 0.95, 0.95, 1, 1.15, 1.3, 1.3, 1.2, 1.05, 0.9, 0.8]
)
HOLIDAY_GAP = (date(2000, 8, 9), date(2000, 8, 20))


def moments(days: Sequence[date], per_week: float, zone_name: str, rng: np.random.Generator) -> list[datetime]:
    """When posts are published on some days, in UTC and in order: by weekday and hour, none in the summer break.

    They keep a plan, a little early or late: people who post for a living do not leave it to chance.
    """
    planned = np.cumsum(per_week / 7 * POSTING_WEEKDAY[[day.weekday() for day in days]])
    kept = np.maximum.accumulate(np.floor(planned + rng.uniform(0, 0.9, len(days)))).astype(int)
    counts = np.diff(kept, prepend=0)
    hours = rng.choice(24, size=int(counts.sum()), p=POSTING_HOUR / POSTING_HOUR.sum())
    minutes = rng.integers(0, 60, len(hours))
    seconds = rng.integers(0, 60, len(hours))
    zone = clock.zone(zone_name)
    published_on = [day for day, count in zip(days, counts.tolist(), strict=True) for _ in range(count)]
    published = {
        datetime(day.year, day.month, day.day, int(h), int(m), int(s), tzinfo=zone).astimezone(UTC)
        for day, h, m, s in zip(published_on, hours, minutes, seconds, strict=True)
        if not HOLIDAY_GAP[0] <= day.replace(year=2000) <= HOLIDAY_GAP[1]
    }
    return sorted(published)


def season(day: date) -> float:
    """Quiet in high summer, busy before Christmas, dead between the years."""
    turn = 2 * np.pi * day.timetuple().tm_yday / 365.25
    level = 1 + 0.12 * np.cos(turn) + 0.04 * np.sin(2 * turn)
    if (day.month, day.day) == (10, 1):
        level *= 1.5  # International Coffee Day
    if day.month == 12:
        level *= 1.12 if day.day < 23 else 0.75
    return float(level)


def saturation(age_h: Floats, half_life_h: Floats, tail: Floats, lives_h: Floats) -> Floats:
    """The share of a post's yearly total that has come at an age in hours; rises fast, then slowly, never falls."""
    age = np.clip(age_h, 0, np.where(lives_h > 0, lives_h, np.inf))
    fast = 1 - np.exp2(-age / half_life_h)
    slow = np.log1p(age / 24) / np.log1p(365)
    reached: Floats = (1 - tail) * fast + tail * slow
    return reached


def midnight(day: date, zone: str) -> float:
    """When a day begins in a zone, in epoch seconds."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone(zone)).timestamp()
