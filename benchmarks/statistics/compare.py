"""Do intervals cover the truth, and how often is nothing called a difference? Ours beside scipy and statsmodels.

All worlds are simulated from a seed, so that no data set is needed: `python -m benchmarks.statistics.compare`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import signal, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from analytics.compare import difference, many
from analytics.trend import velocity

WORLDS = 600
Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One method in one world: how often the interval covers the true difference, and how often a difference is claimed
    where there is none and where there is one (all in per cent); milliseconds for one comparison."""

    world: str
    method: str
    covers: float
    false_claims: float
    finds: float
    milliseconds: float


def rows() -> list[Row]:
    """Rates of posts, skewed means, overdispersed counts, many comparisons, and trends in waves."""
    return [*_rates(), *_means(), *_counts(), *_several(), *_trends()]


def _rates() -> list[Row]:
    def posts(rng: np.random.Generator, n: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
        trials = np.maximum(20, np.round(1000 * np.exp(rng.normal(-0.32, 0.8, n)))).astype(int)
        return rng.binomial(trials, np.clip(rate * np.exp(rng.normal(-0.125, 0.5, n)), 0, 1)), trials

    def pooled(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> Limits:
        return confint_proportions_2indep(a[0].sum(), a[1].sum(), b[0].sum(), b[1].sum(), method="newcomb")

    def welch(a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]) -> Limits:
        return _welch(a[0] / a[1], b[0] / b[1])

    methods = {"Plumbline": _ours("rate"), "statsmodels, pooled (newcomb)": pooled, "scipy, Welch on post rates": welch}
    return [
        row
        for n in (5, 12, 40)
        for row in _measured(
            f"engagement rate, {n} posts a side", lambda rng, x, n=n: posts(rng, n, x), 0.08, 0.04, methods
        )
    ]


def _means() -> list[Row]:
    methods = {"Plumbline": _ours("mean"), "scipy, Welch": _welch, "scipy, bootstrap (BCa)": _bca}
    return [
        row
        for n in (5, 30)
        for zeros in (0.0, 0.3)
        for row in _measured(
            f"log-normal mean, {100 * zeros:.0f} % zeros, {n} posts a side",
            lambda rng, x, n=n, zeros=zeros: (
                x * np.exp(rng.normal(-0.5, 1, n)) * (rng.random(n) >= zeros) / (1 - zeros)
            ),
            3.0,
            1.0,
            methods,
        )
    ]


def _counts() -> list[Row]:
    def poisson(a: np.ndarray, b: np.ndarray) -> Limits:
        middle, half = a.mean() - b.mean(), 1.96 * np.sqrt(a.sum() / len(a) ** 2 + b.sum() / len(b) ** 2)
        return middle - half, middle + half

    methods = {"Plumbline": _ours("count"), "Poisson, Wald": poisson, "scipy, Welch": _welch}
    return _measured(
        "overdispersed daily counts, 28 days", lambda rng, x: rng.negative_binomial(4, 4 / (4 + x), 28), 30, 20, methods
    )


def _measured(
    world: str, draw: Callable, high: float, low: float, methods: dict[str, Callable[..., Limits]]
) -> list[Row]:
    made = []
    for name, method in methods.items():
        rng = np.random.default_rng(0)
        worlds = WORLDS if "BCa" not in name else WORLDS // 6
        covered = claims = found = 0
        took = 0.0
        for _ in range(worlds):
            a, b, same = draw(rng, high), draw(rng, low), draw(rng, low)
            begin = time.process_time()
            lower, upper = method(a, b)
            took += time.process_time() - begin
            covered += lower <= high - low <= upper
            found += lower > 0
            lower, upper = method(same, b)
            claims += lower > 0 or upper < 0
        made.append(Row(world, name, *(100 * one / worlds for one in (covered, claims, found)), 1000 * took / worlds))
    return made


def _ours(kind: str) -> Callable[..., Limits]:
    def limits(a: object, b: object) -> Limits:
        found = difference(a, b, kind)
        return (-np.inf, np.inf) if np.isnan(found.lower) else (found.lower, found.upper)

    return limits


def _welch(a: np.ndarray, b: np.ndarray) -> Limits:
    found = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    return found.low, found.high


def _bca(a: np.ndarray, b: np.ndarray) -> Limits:
    found = stats.bootstrap(
        (a, b), lambda x, y, axis: x.mean(axis) - y.mean(axis), n_resamples=999, rng=np.random.default_rng(0)
    ).confidence_interval
    return found.low, found.high


def _several() -> list[Row]:
    """Twenty comparisons, four of them real: false among the claims, and the planted found."""
    rng = np.random.default_rng(0)
    tally = {name: [0.0, 0.0] for name in ("Plumbline", "statsmodels, fdr_bh on z tests", "no adjustment")}
    took = 0.0
    for _ in range(WORLDS // 6):
        truth = np.r_[np.full(4, 0.08), np.full(16, 0.05)]
        pairs = [((rng.binomial(2000, rate), 2000), (rng.binomial(2000, 0.05), 2000)) for rate in truth]
        begin = time.process_time()
        ours = np.array([one.reliable for one in many(pairs, "rate")])
        took += time.process_time() - begin
        p = np.array([_z_test(*pair) for pair in pairs])
        claimed = (ours, multipletests(p, 0.05, method="fdr_bh")[0], p < 0.05)
        for name, claims in zip(tally, claimed, strict=True):
            tally[name][0] += claims[4:].sum() / max(1, claims.sum())
            tally[name][1] += claims[:4].mean()
    worlds = WORLDS // 6
    times = (1000 * took / worlds / 20, np.nan, np.nan)
    return [
        Row(
            "20 rates at once, 4 real (false among claims)",
            name,
            np.nan,
            100 * false / worlds,
            100 * found / worlds,
            ms,
        )
        for (name, (false, found)), ms in zip(tally.items(), times, strict=True)
    ]


def _z_test(a: tuple[int, int], b: tuple[int, int]) -> float:
    both = (a[0] + b[0]) / (a[1] + b[1])
    z = (a[0] / a[1] - b[0] / b[1]) / np.sqrt(both * (1 - both) * (1 / a[1] + 1 / b[1]))
    return float(2 * stats.norm.sf(abs(z)))


def _trends() -> list[Row]:
    """A line in noise that hangs together, and the same noise without it."""
    made = []
    for phi in (0.0, 0.6, 1.0):
        rng = np.random.default_rng(0)
        tally = np.zeros((2, 2))
        took = 0.0
        for _ in range(WORLDS // 3):
            noise = signal.lfilter([1], [1, -phi], rng.normal(size=160))[100:]
            for row, rise in enumerate((0.0, 0.5)):
                values = pd.Series(noise + rise * np.arange(60), pd.date_range("2026-01-01", periods=60))
                begin = time.process_time()
                tally[0, row] += velocity(values).verdict != "no reliable trend"
                took += time.process_time() - begin
                tally[1, row] += stats.kendalltau(np.arange(60), values).pvalue < 0.05
        share = 300 * tally / WORLDS
        world = f"trend of 0.5 a day in 60 days, neighbours correlate by {phi:g}"
        made.append(Row(world, "Plumbline", np.nan, *share[0], 1500 * took / WORLDS))
        made.append(Row(world, "scipy, Kendall", np.nan, *share[1], np.nan))
    return made


def main() -> None:
    """Print the table."""
    print("| world | method | 95 % interval covers | false claims | finds the difference | ms |")
    print("|---|---|--:|--:|--:|--:|")
    for row in rows():
        figures = (f"{one:.1f} %" if np.isfinite(one) else "" for one in (row.covers, row.false_claims, row.finds))
        pace = f"{row.milliseconds:.2f}" if np.isfinite(row.milliseconds) else ""
        print(f"| {row.world} | {row.method} | {' | '.join(figures)} | {pace} |", flush=True)


if __name__ == "__main__":
    main()
