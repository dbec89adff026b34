"""Tests of two versions, sample sizes, growth and seasons in worlds of known truth, beside scipy and statsmodels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import proportion_effectsize, proportions_ztest
from statsmodels.tsa.seasonal import STL

from analytics.compare import always_valid, sample_ratio, sample_size_mean, sample_size_rate
from analytics.trend import growth, seasonality


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: ours, and that of a named other way."""

    what: str
    ours: str
    other: str
    way: str


def rows(worlds: int) -> Iterator[Row]:
    """All of them, one after the other."""
    yield from _looks(worlds)
    yield _splits()
    yield _people(worlds)
    yield _posts(worlds)
    yield from _growth(worlds)
    yield from _seasons(worlds)


def share(count: float, of: float) -> str:
    """A share in per cent.

    >>> share(1, 8)
    '12.5 %'
    """
    return f"{100 * count / max(of, 1):.1f} %"


def _z(a: tuple[int, int], b: tuple[int, int]) -> float:
    """p of the z test of two rates."""
    return float(proportions_ztest([a[0], b[0]], [a[1], b[1]])[1])


def _looks(worlds: int) -> Iterator[Row]:
    """A test of 20 days with 500 people a side and day, stopped at the first difference."""
    for rate, what in ((0.05, "nothing differs: claims a difference"), (0.06, "5 % against 6 %: finds it")):
        ours = other = 0
        for seed in range(worlds):
            random = np.random.default_rng(seed)
            a = np.cumsum(random.binomial(500, rate, 20))
            b = np.cumsum(random.binomial(500, 0.05, 20))
            looks = [((int(a[day]), 500 * (day + 1)), (int(b[day]), 500 * (day + 1))) for day in range(20)]
            ours += any(always_valid(one, two).reliable for one, two in looks)
            other += any(_z(one, two) < 0.05 for one, two in looks)
        named = f"daily looks at an A/B test, {what}"
        yield Row(named, share(ours, worlds), share(other, worlds), "statsmodels, z test at each look")


def _splits() -> Row:
    """The exact chance that a fair split is called unfair, over all that can happen to 40 people."""
    chances = stats.binom.pmf(np.arange(41), 40, 0.5)
    ours = sum(chance for a, chance in enumerate(chances) if not sample_ratio(a, 40 - a).ok)
    other = sum(chance for a, chance in enumerate(chances) if stats.chisquare([a, 40 - a]).pvalue < 0.001)
    what = "fair splits of 40 people called unfair (asked for: at most 0.1 %)"
    return Row(what, f"{100 * ours:.3f} %", f"{100 * other:.3f} %", "scipy, chi-square")


def _people(worlds: int) -> Row:
    """The power that the planned number of people really gives a z test; 80 % was asked for."""
    told = []
    arcsine = NormalIndPower().solve_power(proportion_effectsize(0.07, 0.05), power=0.8, alpha=0.05)
    for n in (sample_size_rate(0.05, 0.02), int(np.ceil(arcsine))):
        random = np.random.default_rng(0)
        pairs = zip(random.binomial(n, 0.07, 20 * worlds), random.binomial(n, 0.05, 20 * worlds), strict=True)
        found = sum(_z((int(a), n), (int(b), n)) < 0.05 for a, b in pairs)
        told.append(f"{n:,} a side, {share(found, 20 * worlds)}")
    ours, other = told
    what = "people for a rate, 5 % to 7 %: planned, power they give (80 % asked)"
    return Row(what, ours, other, "statsmodels, arcsine")


def _posts(worlds: int) -> Row:
    told = []
    peer = TTestIndPower().solve_power(0.5, power=0.8, alpha=0.05)
    for n in (sample_size_mean(1.0, 0.5), int(np.ceil(peer))):
        random = np.random.default_rng(0)
        a, b = random.normal(0.5, 1, (10 * worlds, n)), random.normal(0, 1, (10 * worlds, n))
        found = (stats.ttest_ind(a, b, axis=1).pvalue < 0.05).sum()
        told.append(f"{n} a side, {share(found, 10 * worlds)}")
    ours, other = told
    return Row(
        "posts for a mean, half a deviation: planned, power they give (80 % asked)", ours, other, "statsmodels, t"
    )


def _dated(values: np.ndarray) -> pd.Series:
    return pd.Series(values, pd.date_range("2026-01-05", periods=len(values)))


def _growth(worlds: int) -> Iterator[Row]:
    """Four weeks over the four before; and daily growth of 1 % with one day in ten that went wild."""
    for rate, what in ((0.0, "none: claimed"), (0.2, "20 % in four weeks: found")):
        ours = other = covered = 0
        for seed in range(worlds):
            random = np.random.default_rng(seed)
            level = np.repeat([100.0, 100.0 * (1 + rate)], 28)
            values = level * np.exp(random.normal(-0.045, 0.3, 56))
            told = growth(_dated(values), period=28)
            ours += told.verdict in ("rising", "falling")
            covered += told.lower <= rate <= told.upper
            other += abs(values[28:].sum() / values[:28].sum() - 1) > 0.05
        held = f"{share(ours, worlds)}; 95 % interval holds {share(covered, worlds)}"
        yield Row(f"growth, {what}", held, share(other, worlds), "sums that differ by more than 5 %")
    ours_off, other_off = [], []
    for seed in range(worlds // 2):
        random = np.random.default_rng(seed)
        wild = np.where(random.random(60) < 0.1, random.normal(0, 3, 60), 0)
        values = 100 * np.exp(0.01 * np.arange(60) + random.normal(0, 0.1, 60) + wild)
        ours_off.append(abs(growth(_dated(values)).compound - 0.01))
        other_off.append(abs(np.expm1(stats.linregress(np.arange(60), np.log(values)).slope) - 0.01))
    mine, line = (f"{100 * float(np.mean(off)):.3f} points" for off in (ours_off, other_off))
    yield Row("growth of 1 % a day, one day in ten wild: mean error", mine, line, "scipy, line through logarithms")


def _seasons(worlds: int) -> Iterator[Row]:
    """Twelve weeks of days: noise, noise that hangs together, and a week that differs by half a deviation."""
    for what, hangs, size in (("none: claimed", 0.0, 0.0), ("none, neighbours correlate by 0.6: claimed", 0.6, 0.0),
                              ("weekly, planted: found", 0.0, 0.7)):  # fmt: skip
        ours = other = 0
        for seed in range(worlds // 2):
            random = np.random.default_rng(seed)
            noise = random.normal(size=184)
            for at in range(1, 184):
                noise[at] += hangs * noise[at - 1]
            values = _dated(noise[100:] + size * np.sin(np.arange(84) * 2 * np.pi / 7) * np.sqrt(2))
            ours += seasonality(values).verdict == "reliable pattern"
            fit = STL(values, period=7).fit()
            other += 1 - fit.resid.var() / (fit.resid + fit.seasonal).var() > 0.3
        yield Row(f"season, {what}", share(ours, worlds // 2), share(other, worlds // 2), "strength of STL above 0.3")
