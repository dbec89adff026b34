"""A/B tests: was the traffic split as planned, how many are needed, and may one look every day?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, inf, log, sqrt
from typing import Any

from analytics.compare.arms import Arm, quantile
from analytics.compare.pair import Side, blank, compared, read, short_of
from analytics.compare.result import Difference, Kind
from core.language import figure, tr

MISMATCH = 0.001
"""Splits are checked often and a false alarm stops a test, so that it takes less than this chance."""
WARM_UP = 25
"""Before so many people a side - and of a rate five events and five without - variance is hardly known."""
EVENTS = 5


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """Whether the sides of a test have the sizes they should: `share` of a found, chance `p`, `ok`, and in `words`."""

    share: float
    p: float
    ok: bool
    words: str


def sample_ratio(a: int, b: int, *, planned: float = 0.5) -> SampleRatio:
    """Whether the people of an A/B test were split as planned (sample ratio mismatch).

    p = two-sided exact binomial probability of a among a + b at the planned share. Commonly got wrong: a split of 50.5
    to 49.5 looks harmless, but among 100,000 people chance makes it once in 600 tests, and then what lost people on one
    side has mostly bent the result as well.

    Parameters
    ----------
    a, b : int, count of people, 0 or more
    planned : float
        The share of a that was planned, above 0 and below 1.

    Returns
    -------
    SampleRatio
        `ok` is False below a chance of 0.001: do not read the result of the test. NaN and `ok` True with nobody in it.

    Raises
    ------
    ValueError
        Negative counts, or a planned share outside (0, 1).

    Notes
    -----
    Count people, not their visits. Invariants: swapping the sides with `1 - planned` changes nothing but `share`.

    References
    ----------
    A. Fabijan et al., Diagnosing sample ratio mismatch in online controlled experiments, KDD 2019,
    https://doi.org/10.1145/3292500.3330722.

    Examples
    --------
    >>> sample_ratio(821_588, 815_482).ok
    False
    >>> sample_ratio(0, 0).p
    nan
    """
    if min(a, b) < 0 or not 0 < planned < 1:
        raise ValueError("A split needs counts of 0 or more and a planned share between 0 and 1.")
    total = a + b
    if not total:
        return SampleRatio(float("nan"), float("nan"), True, tr("Nobody has taken part yet."))
    from scipy import stats

    p = float(stats.binomtest(int(a), int(total), planned).pvalue)
    told = tr(
        "{share} % of {people} people are on the first side, {planned} % were planned.",
        share=figure(f"{100 * a / total:.2f}"),
        people=figure(f"{total:,}"),
        planned=figure(f"{100 * planned:g}"),
    )
    if p < MISMATCH:
        lost = tr("Do not trust this test: {why} Find what loses people first.", why=told)
        return SampleRatio(a / total, p, False, lost)
    return SampleRatio(a / total, p, True, tr("The split is as planned: {why}", why=told))


def sample_size_rate(
    rate: float, smallest: float, *, level: float = 0.95, power: float = 0.8, spread: float = 1.0
) -> int:
    """How many people (trials) each side of an A/B test on a rate needs.

    n = spread x (z_level sqrt(2 p (1 - p)) + z_power sqrt(r (1 - r) + s (1 - s)))^2 / (s - r)^2, s = rate + smallest, p
    their mean. Commonly got wrong: the smallest difference is in points of the rate, not a share of it: from 4 % to 5 %
    is 0.01.

    Parameters
    ----------
    rate : float
        What the rate is now, as a fraction, above 0 and below 1.
    smallest : float
        The smallest change worth knowing, as a fraction, up or down, not 0.
    level, power : float
        1 less the false claims allowed where nothing differs; the chance to find the difference. Both in (0, 1).
    spread : float
        Overdispersion, 1 or more: 1 for people, more for impressions of posts that differ.

    Returns
    -------
    int, count per side

    Raises
    ------
    ValueError
        When a rate, the level or the power lies outside (0, 1), no change is asked for, or the spread is below 1.

    Notes
    -----
    Holds when one looks once, at the end; `always_valid` needs more, often half as many again. Twice the
    difference needs a quarter.

    References
    ----------
    J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, 3rd ed. 2003, formula 4.14.

    Examples
    --------
    >>> sample_size_rate(0.05, 0.01)
    8158
    >>> sample_size_rate(0.05, 0.0)
    Traceback (most recent call last):
    ...
    ValueError: A sample size needs a change other than 0, and rates, level and power between 0 and 1.
    """
    other = rate + smallest
    if smallest == 0 or spread < 1 or not all(0 < one < 1 for one in (rate, other, level, power)):
        raise ValueError("A sample size needs a change other than 0, and rates, level and power between 0 and 1.")
    middle = (rate + other) / 2
    sure, found = quantile(1 - level, inf), _one_sided(power)
    root = sure * sqrt(2 * middle * (1 - middle)) + found * sqrt(rate * (1 - rate) + other * (1 - other))
    return ceil(spread * (root / smallest) ** 2)


def sample_size_mean(deviation: float, smallest: float, *, level: float = 0.95, power: float = 0.8) -> int:
    """How many posts (people) each side needs to tell a difference of means.

    n = 2 ((z_level + z_power) deviation / smallest)^2 + z_level^2 / 4. Commonly got wrong: the deviation of single
    posts is meant, not of their mean; of engagement it is often larger than the mean itself.

    Parameters
    ----------
    deviation : float
        The standard deviation of single values, above 0, in the unit of the mean.
    smallest : float
        The smallest difference worth knowing, not 0, the same unit.
    level, power : float
        As in `sample_size_rate`.

    Returns
    -------
    int, count per side, at least 5

    Raises
    ------
    ValueError
        No deviation, no difference, or a level or power outside (0, 1).

    Notes
    -----
    The last term makes up for t in place of the normal quantile. Skewed values (deviation as large as the mean) need
    half as many again. Invariant: both in another unit changes nothing.

    References
    ----------
    W. C. Guenther, Sample size formulas for normal theory t tests, The American Statistician 35 (1981).

    Examples
    --------
    >>> sample_size_mean(1.0, 0.5)
    64
    >>> sample_size_mean(1.0, 0.0)
    Traceback (most recent call last):
    ...
    ValueError: A sample size needs a deviation above 0, a difference, and level and power between 0 and 1.
    """
    if deviation <= 0 or smallest == 0 or not (0 < level < 1 and 0 < power < 1):
        raise ValueError("A sample size needs a deviation above 0, a difference, and level and power between 0 and 1.")
    sure = quantile(1 - level, inf)
    return max(5, ceil(2 * ((sure + _one_sided(power)) * deviation / smallest) ** 2 + sure**2 / 4))


def _one_sided(power: float) -> float:
    return quantile(2 * (1 - power), inf) if power > 0.5 else -quantile(2 * power, inf)


def always_valid(a: Any, b: Any, kind: str = "rate", *, level: float = 0.95, planned: int = 10_000) -> Difference:
    """The difference of an A/B test that may be looked at every day, and stopped whenever it is reliable.

    estimate +- sqrt(V) sqrt(2 (t r + 1) / (t r) ln(sqrt(t r + 1) / alpha)), V the estimate's variance, t people on both
    sides, r set so that it is narrowest at `planned` people. Commonly got wrong: looking at a 95 % interval every day
    and stopping when it leaves out 0 claims a difference in one of three tests of nothing.

    Parameters
    ----------
    a, b : the two sides, people so far
        "rate": (successes, trials), two counts of people. "mean": one value per person, (n,), NaN is left out.
    kind : "rate" or "mean"
    level : float
        Over the whole test, above 0 and below 1.
    planned : int
        People on both sides at which the test is likely to be read, 1 or more. Set it before the test.

    Returns
    -------
    Difference
        "not enough data" before 25 people a side and, of a rate, five events and five without on each. `relative` has
        no interval.

    Raises
    ------
    ValueError
        Another kind, as `difference`, or fewer than one person planned.

    Notes
    -----
    Asymptotic: with means of very skewed values wait for some hundred people. The level holds over all looks together.
    People are taken for independent. Invariant: swapping a and b turns the sign; wider than `difference` at every look.

    References
    ----------
    I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, Time-uniform central limit theory and asymptotic
    confidence sequences, Ann. Stat. 52 (2024), https://doi.org/10.1214/24-AOS2408, theorem 2.2.

    Examples
    --------
    >>> always_valid((520, 5000), (400, 5000)).verdict
    'higher'
    >>> always_valid((5, 20), (4, 20)).verdict
    'not enough data'
    """
    if planned < 1 or not 0 < level < 1:
        raise ValueError("A test needs at least one person planned, and a level between 0 and 1.")
    name, sides, notes = read(a, b, kind)
    if name == "count":
        raise ValueError("A test compares rates (successes, people) or means of one value per person.")
    lacking = short_of(name, *sides) or _too_early(name, sides)
    if lacking:
        return blank(name, sides, level, lacking, notes)
    t = sum(_people(one) for one in sides)
    width = _width(t, planned, 1 - level)
    two = tuple(_steady(name, one, width) for one in sides)
    found = compared(name, (two[0], two[1]), sides, 1 - level, (tr("It may be looked at as often as you like."),))
    nothing = float("nan")
    return replace(found, relative_lower=nothing, relative_upper=nothing)


def _people(one: Side) -> float:
    return float(one.under.sum())


def _too_early(kind: Kind, sides: tuple[Side, Side]) -> str:
    if min(_people(one) for one in sides) < WARM_UP:
        return tr("at least {people} people are needed on each side.", people=WARM_UP)
    yes = [float(one.top.sum()) for one in sides]
    if kind == "rate" and min(*yes, *(_people(one) - at for one, at in zip(sides, yes, strict=True))) < EVENTS:
        return tr("at least {people} people with and {people} without success are needed on each side.", people=EVENTS)
    return ""


def _width(t: float, planned: int, alpha: float) -> Callable[[float], float]:
    """How many standard errors the sequence is wide at t people, for any share of misses; tuned for `alpha`."""
    peak = -2 * log(alpha)
    scale = t * (peak + log(peak) + 1) / planned if peak > 1 else t / planned
    return lambda at: sqrt(max(0.0, 2 * (scale + 1) / scale * (log(scale + 1) / 2 - log(at))))


def _steady(kind: Kind, one: Side, width: Callable[[float], float]) -> Arm:
    people = _people(one)
    mean = float(one.top.sum()) / people
    variance = mean * (1 - mean) if kind == "rate" else float(one.top.var(ddof=1))
    error = sqrt(variance / people)
    return Arm(mean, len(one.top), people, 1.0, lambda at: (mean - width(at) * error, mean + width(at) * error))
