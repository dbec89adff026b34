"""Trend, growth, velocity and seasonality: planted ones are found, and noise is left alone."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal, stats

from analytics.trend import growth, seasonality, velocity
from analytics.trend.kendall import slope

VALUES = st.lists(st.integers(-1000, 1000), min_size=8, max_size=30)


def daily(values, first="2026-01-05"):
    return pd.Series(np.asarray(values, float), pd.date_range(first, periods=len(values)))


def noise(rng, n, phi):
    return signal.lfilter([1], [1, -phi], rng.normal(size=n + 100))[100:]


def test_it_agrees_with_scipys_median_slope():
    values = np.random.default_rng(0).normal(size=40) + 0.3 * np.arange(40)
    found, theirs = velocity(daily(values)), stats.theilslopes(values)
    assert found.per_day == pytest.approx(theirs.slope)
    assert found.method == "median slope"
    assert found.lower <= theirs.low_slope <= theirs.high_slope <= found.upper, "no surer than for independent values"


def test_it_agrees_with_kendalls_test_where_days_are_independent():
    """Alternating residuals leave the variance at that of independent values; only t is wider than the normal."""
    values = np.array([0.0, 1.0] * 20) + 0.05 * np.arange(40)
    s = np.sign(np.subtract.outer(values, values))[np.tril_indices(40, -1)].sum()
    z = (s - 1) / np.sqrt(40 * 39 * 85 / 18)
    assert slope(np.arange(40.0), values, 0.95).p == pytest.approx(2 * stats.t.sf(z, 40), rel=1e-6)


@given(VALUES, st.integers(-50, 50), st.sampled_from([0.01, 3.0, 1e6]))
@settings(max_examples=40, deadline=None)
def test_it_follows_scale_and_shift_and_turns_with_time(values, shift, factor):
    plain = velocity(daily(values))
    moved = velocity(daily(values) * factor + shift * factor)
    back = velocity(daily(values[::-1]))
    assert moved.verdict == plain.verdict
    if plain.verdict != "not enough data":
        assert moved.per_day == pytest.approx(plain.per_day * factor, abs=1e-6 * factor)
        assert back.per_day == pytest.approx(-plain.per_day, abs=1e-9)
        assert plain.lower <= plain.per_day <= plain.upper


def test_it_takes_the_same_way_in_every_unit():
    """Rounding of the arithmetic made ranks of equal values, and with them the method, differ."""
    values = [0, 0, 467, 439, 410, 381, 229, 0, 0, 143, 0, 0, 181, 0, 0]
    plain, cents, back = (velocity(daily(one)) for one in (values, np.array(values) * 0.01 + 0.07, values[::-1]))
    assert (cents.method, back.method) == (plain.method, plain.method)
    assert cents.per_day == pytest.approx(plain.per_day * 0.01)
    assert back.per_day == pytest.approx(-plain.per_day)


def test_it_finds_planted_trends_of_series_and_of_walks():
    rng = np.random.default_rng(1)
    lines = [velocity(daily(100 + 0.1 * np.arange(60) + noise(rng, 60, 0.4))) for _ in range(40)]
    walks = [velocity(daily(np.cumsum(rng.normal(-1, 1, 60)))) for _ in range(40)]
    assert sum(one.verdict == "rising" for one in lines) >= 36
    assert sum(one.lower <= 0.1 <= one.upper for one in lines) >= 36
    assert sum(one.verdict == "falling" for one in walks) >= 38
    assert sum(one.method == "drift" for one in walks) >= 36
    assert sum(one.lower <= -1 <= one.upper for one in walks) >= 35


@pytest.mark.parametrize(("phi", "most"), [(0.0, 0.05), (0.6, 0.08), (0.9, 0.08), (1.0, 0.11)])
def test_it_claims_few_trends_in_waves(phi, most):
    rng = np.random.default_rng(2)
    worlds = [noise(rng, 60, phi) for _ in range(150)]
    claims = [velocity(daily(world)).verdict != "no reliable trend" for world in worlds]
    assert np.mean(claims) <= most
    if phi >= 0.6:
        assert np.mean([stats.kendalltau(np.arange(60), world).pvalue < 0.05 for world in worlds]) > 3 * most


def test_it_goes_by_the_dates_and_leaves_gaps_out():
    full = daily(2.0 * np.arange(30) + np.tile([0.0, 1.0, -1.0], 10))
    holes = full.copy()
    holes.iloc[[3, 4, 5, 17]] = np.nan
    assert velocity(holes).per_day == velocity(holes.dropna()).per_day == pytest.approx(2, abs=0.1)
    assert velocity(holes).values == 26
    hourly = pd.Series(full.to_numpy(), pd.date_range("2026-01-05", periods=30, freq="h"))
    assert velocity(hourly).per_day == pytest.approx(24 * velocity(full).per_day)
    spring = full.tz_localize("Europe/Berlin")
    assert velocity(spring).per_day == pytest.approx(velocity(full).per_day, rel=0.01)


def test_it_says_what_a_trend_lacks():
    assert velocity(daily([1.0] * 7)).reason == "there are 7 of at least 8 values."
    assert velocity(daily([1.0] * 20)).reason == "the value never changes."
    assert velocity(daily([np.nan] * 20)).verdict == "not enough data"
    assert velocity(daily([])).verdict == "not enough data"
    assert velocity(daily([1.0])).words().startswith("Not enough data for a trend: there are 1")
    line = velocity(daily(np.arange(10.0)))
    assert (line.per_day, line.verdict) == (1.0, "rising"), "a straight line"
    assert line.words("Reach").startswith("Reach is rising by 1 a day")


@pytest.mark.parametrize(
    "bad",
    [pd.Series([1.0, 2.0]), daily([1.0, 2.0])[::-1], daily([1.0, np.inf]), daily(range(3001)),
     pd.concat([daily([1.0]), daily([2.0])])],
    ids=["no dates", "backwards", "infinite", "too long", "twice a date"],
)  # fmt: skip
def test_it_refuses_what_is_no_history(bad):
    for method in (velocity, growth, seasonality):
        with pytest.raises(ValueError, match=r"\.$"):
            method(bad)


def test_it_computes_growth_by_hand():
    found = growth(daily([100, 110, 121, 133.1, 146.41, 161.051, 177.1561, 194.87171]))
    assert found.rate == pytest.approx(0.1)
    assert found.compound == pytest.approx(0.1)
    assert found.verdict == "not enough data", "one step on each side"
    week = growth(daily([10, 12, 11, 13, 9, 10, 12, 20, 22, 21, 23, 19, 20, 22]), period=7)
    assert week.rate == pytest.approx(147 / 77 - 1)
    assert week.verdict == "rising"
    assert week.lower < week.rate < week.upper


def test_it_knows_no_growth_from_nothing():
    none = growth(daily([0] * 7 + [5] * 7), period=7)
    assert np.isnan([none.rate, none.lower, none.compound]).all()
    assert none.reason == "there was nothing in the period before, so that there is no rate."
    assert growth(daily([5.0, np.nan])).reason == "the two periods are not fully known."
    assert np.isnan(growth(daily([3.0])).rate)
    with pytest.raises(ValueError, match="one step"):
        growth(daily([1.0, 2]), period=0)


def test_it_covers_the_growth_of_noisy_weeks_and_claims_none_of_equals():
    rng = np.random.default_rng(3)
    hit = claims = 0
    for _ in range(150):
        values = np.exp(rng.normal(0, 0.5, 28)) * np.r_[np.ones(14), np.full(14, 1.5)]
        found = growth(daily(values), period=14)
        hit += found.lower <= 0.5 <= found.upper
        claims += growth(daily(values[:14]), period=7).verdict in ("rising", "falling")
    assert hit >= 0.93 * 150
    assert claims <= 0.05 * 150


def test_it_agrees_with_scipys_friedman_test():
    """Iman and Davenport's F made from scipy's chi-square of the same cycles."""
    values = np.random.default_rng(4).normal(size=(9, 7)) + 0.6 * np.arange(7)
    chi = stats.friedmanchisquare(*values.T).statistic
    f = 8 * chi / (9 * 6 - chi)
    assert seasonality(daily(values.ravel())).p == pytest.approx(stats.f.sf(f, 6, 48))


def test_it_finds_a_planted_week_on_a_trend_and_measures_it():
    rng = np.random.default_rng(5)
    week = np.array([0.0, 0, 0, 0, 0, 6, 6])
    found = seasonality(daily(np.tile(week, 12) + 0.5 * np.arange(84) + rng.normal(size=84)))
    assert (found.verdict, found.period) == ("reliable pattern", 7)
    assert found.strength > 0.8
    assert found.trend_strength > 0.95
    assert np.argsort(found.profile)[-2:].tolist() in ([5, 6], [6, 5])
    bare = seasonality(daily(rng.normal(size=84)))
    assert bare.strength < found.strength / 1.5


@pytest.mark.parametrize("phi", [0.0, 0.6])
def test_it_finds_no_pattern_in_noise(phi):
    rng = np.random.default_rng(6)
    worlds = [seasonality(daily(noise(rng, 84, phi))).verdict for _ in range(60)]
    assert worlds.count("reliable pattern") <= 6


def test_it_leaves_cycles_with_gaps_out_of_the_test():
    rng = np.random.default_rng(7)
    full = daily(np.tile([0.0, 0, 0, 0, 0, 5, 5], 10) + rng.normal(size=70))
    holes = full.copy()
    holes.iloc[[8, 30]] = np.nan
    assert seasonality(holes).verdict == "reliable pattern"
    assert seasonality(holes).p > seasonality(full).p
    holes.iloc[::7] = np.nan
    assert seasonality(holes).reason == "there are 0 of at least 4 cycles without gaps."
    assert seasonality(full * 0 + 3).reason == "the value never changes."
    assert seasonality(full * 1e6 - 5).p == pytest.approx(seasonality(full).p), "scale and shift"


@pytest.mark.parametrize(("step", "period"), [("h", 24), ("D", 7), ("W", 52), ("MS", 12), ("QS", 4)])
def test_it_knows_the_usual_cycle(step, period):
    values = pd.Series(range(30), pd.date_range("2024-01-01", periods=30, freq=step), dtype=float)
    assert seasonality(values).period == period


def test_it_asks_for_a_cycle_it_cannot_guess():
    odd = pd.Series(range(30), pd.date_range("2024-01-01", periods=30, freq="5h"), dtype=float)
    with pytest.raises(ValueError, match="Give a period"):
        seasonality(odd)
    with pytest.raises(ValueError, match="two steps"):
        seasonality(odd, period=1)
