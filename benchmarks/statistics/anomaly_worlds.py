"""Made-up series for the benchmark of anomalies: a year of days in which nothing happened, and planted incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

WEEK = np.array([0.0, 0.1, 0.15, 0.1, 0.05, -0.2, -0.3])
World = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def _ar1(random: np.random.Generator, rows: int, kept: float = 0.8) -> np.ndarray:
    values = np.zeros(rows)
    for at in range(1, rows):
        values[at] = kept * values[at - 1] + random.standard_normal()
    return values


NULLS: Mapping[str, World] = {
    "stationary": lambda r, t: 100 + 10 * r.standard_normal(len(t)),
    "weekly season": lambda r, t: 200 * (1 + WEEK[t % 7]) + 12 * r.standard_normal(len(t)),
    "trend": lambda r, t: 100 + 0.4 * t + 8 * r.standard_normal(len(t)),
    "growth": lambda r, t: np.exp(4 + 0.004 * t + WEEK[t % 7] + 0.15 * r.standard_normal(len(t))),
    "log-normal": lambda r, t: np.exp(5 + WEEK[t % 7] + 0.4 * r.standard_normal(len(t))),
    "Poisson, mean 2": lambda r, t: r.poisson(2.0, len(t)).astype(float),
    "Poisson, mean 0.5": lambda r, t: r.poisson(0.5, len(t)).astype(float),
    "negative binomial": lambda r, t: r.negative_binomial(3, 3 / (3 + 30 * (1 + WEEK[t % 7]))).astype(float),
    "AR(1), 0.8": lambda r, t: 50 + 5 * _ar1(r, len(t)),
    "Student's t, 3": lambda r, t: 100 + 5 * r.standard_t(3, len(t)),
    "followers": lambda r, t: 10_000.0 + np.cumsum(r.poisson(8, len(t))),
    "mostly zero": lambda r, t: np.where(
        r.random(len(t)) < 0.15, np.round(np.exp(3 + 0.8 * r.standard_normal(len(t)))), 0.0
    ),
}
"""A year of days in which nothing happened, by name."""


def _of_hours(t: np.ndarray) -> np.ndarray:
    return np.asarray(300 + 120 * np.sin(t / 24 * 2 * np.pi) + 60 * WEEK[t // 24 % 7])


HOURS: Mapping[str, World] = {
    "normal": lambda r, t: _of_hours(t) + 10 * r.standard_normal(len(t)),
    "log-normal": lambda r, t: np.exp(5 + 0.8 * np.sin(t / 24 * 2 * np.pi) + 0.25 * r.standard_normal(len(t))),
    "Student's t, 3": lambda r, t: _of_hours(t) + 8 * r.standard_t(3, len(t)),
    "AR(1), 0.7": lambda r, t: _of_hours(t) + 8 * _ar1(r, len(t), 0.7),
    "Poisson": lambda r, t: r.poisson(_of_hours(t) / 20).astype(float),
}
DAYS = {name: NULLS[name] for name in ("weekly season", "log-normal", "negative binomial", "trend", "AR(1), 0.8")}
"""What incidents are planted into: nine weeks of hours, two years of days."""


def planted(step: str, seed: int) -> list[tuple[str, pd.Series, list[tuple[pd.Timestamp, pd.Timestamp]]]]:
    """Series of hours ("h") or days ("D") with eight or five incidents of one to four rows, and where they are.

    An incident is 2.5 to 6 times the typical change from row to row, up or down.
    """
    worlds, rows, count = (HOURS, 1500, 8) if step == "h" else (DAYS, 700, 5)
    index, made = pd.date_range("2024-01-01", periods=rows, freq=step), []
    for number, (name, world) in enumerate(worlds.items()):
        random = np.random.default_rng([number, seed])
        values = world(random, np.arange(rows))
        change = float(np.median(np.abs(np.diff(values)))) / 0.95
        least = 0.0 if values.min() >= 0 else -np.inf
        spans = []
        for begin in np.sort(random.choice(np.arange(rows // 5, rows - 40, 12), count, replace=False)):
            end = begin + int(random.choice([0, 0, 0, 1, 3]))
            off = random.uniform(2.5, 6) * random.choice([-1, 1]) * change
            values[begin : end + 1] = np.maximum(values[begin : end + 1] + off, least)
            spans.append((index[begin], index[end]))
        made.append((f"{name}, {step}", pd.Series(values, index), spans))
    return made
