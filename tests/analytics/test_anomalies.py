"""Anomalies: causal, one flag per incident, few false alarms; and the parts that carry a change."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analytics.anomalies import explain, score
from analytics.anomalies.rhythm import rhythm
from analytics.anomalies.tails import Tail
from analytics.anomalies.unrest import unrest

WEEK = np.array([0.0, 0.1, 0.15, 0.1, 0.05, -0.2, -0.3])


def series(values, step="D", start="2025-01-06", tz=None):
    return pd.Series(np.asarray(values, float), pd.date_range(start, periods=len(values), freq=step, tz=tz))


def rng(seed=0):
    return np.random.default_rng(seed)


def weekly(rows=200, seed=0, noise=6.0):
    return 200 * (1 + WEEK[np.arange(rows) % 7]) + noise * rng(seed).standard_normal(rows)


def hourly(days=28, seed=0):
    at = np.arange(days * 24)
    return 300 + 120 * np.sin(at / 24 * 2 * np.pi) - 60 * (at // 24 % 7 >= 5) + 12 * rng(seed).standard_normal(len(at))


def flags(history, **how):
    return np.flatnonzero(score(history, **how)["is_anomaly"]).tolist()


SERIES = {
    "daily with a spike": series(np.where(np.arange(120) == 80, 900, weekly(120))),
    "daily with gaps": series(weekly(120)).where(rng(3).random(120) > 0.2),
    "five minutes": series(np.round(np.abs(rng(1).standard_t(3, 900)) * 20), "5min"),
    "hourly, two seasons": series(hourly(14), "h"),
    "weekly": series(100 + 9 * rng(2).standard_normal(150), "W"),
    "counts": series(rng(4).poisson(2, 150)),
    "local time over a clock change": series(hourly(14), "h", "2025-03-20", "Europe/Berlin"),
}


@pytest.mark.parametrize("name", SERIES)
def test_it_never_looks_ahead(name):
    """What is said of a day is the same, to the last bit, when the days after it are known."""
    history = SERIES[name]
    whole = score(history)
    cuts = {1, 5, len(history) // 10, len(history) // 3, len(history) // 2, len(history) - 1}
    for rows in sorted(cuts):
        assert_frame_equal(score(history.iloc[:rows]), whole.iloc[:rows], check_exact=True, check_freq=False)


@pytest.mark.parametrize("name", SERIES)
def test_it_keeps_its_promises_on_any_series(name):
    history = SERIES[name]
    judged = score(history)
    assert judged.index.equals(history.index)
    assert judged.columns.tolist() == ["expected", "lower", "upper", "score", "is_anomaly"]
    assert judged["is_anomaly"].dtype == bool
    said = judged.dropna(subset=["expected"])
    assert (said["lower"] <= said["expected"]).all() and (said["expected"] <= said["upper"]).all()
    assert judged["score"].dropna().between(0, 1).all()
    assert judged["score"].notna().equals(judged["expected"].notna() & history.notna())
    assert (judged.loc[judged["is_anomaly"], "score"] >= 0.5).all()
    assert_frame_equal(score(history, seed=9), judged)


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("spike", lambda y: y + np.where(np.arange(len(y)) == 150, 90, 0)),
        ("drop", lambda y: y - np.where(np.arange(len(y)) == 150, 90, 0)),
        ("three days", lambda y: y + np.where((np.arange(len(y)) >= 150) & (np.arange(len(y)) < 153), 90, 0)),
        ("new level", lambda y: y + np.where(np.arange(len(y)) >= 150, 90, 0)),
        ("tenfold", lambda y: y * np.where(np.arange(len(y)) >= 150, 10, 1)),
        ("nothing more comes in", lambda y: y * (np.arange(len(y)) < 150)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("seed", range(3))
def test_it_flags_a_planted_incident_once_on_its_first_day(what, change, seed):
    found = flags(series(change(weekly(240, seed))))
    assert [row for row in found if 150 <= row < 165] == [150]
    assert len(found) <= 2, "one more in a half-year is within the budget"


def test_it_adapts_to_a_new_level():
    judged = score(series(weekly(240) + np.where(np.arange(240) >= 150, 500, 0)))
    after = judged.iloc[165:]
    assert np.abs(after["expected"] - (series(weekly(240, noise=0)) + 500).iloc[165:]).max() < 60
    assert (after["score"] < 0.5).mean() > 0.97
    assert (judged["score"].iloc[150:155] > 0.9).all(), "high while it is new, though flagged once"
    assert after["is_anomaly"].sum() <= 1


def test_it_knows_the_weekday():
    """200 on a Sunday, when 140 is usual, is an anomaly; on a Monday it is what is expected."""
    plain = weekly(210, 1, noise=3)
    sunday = 181
    assert sunday % 7 == 6
    found = flags(series(np.where(np.arange(210) == sunday, 200, plain)))
    assert sunday in found
    monday = sunday + 1
    assert flags(series(np.where(np.arange(210) == monday, 200, plain))) == [row for row in found if row != sunday]


def test_it_knows_the_hour_and_the_day_together():
    plain = hourly(42)
    night = 35 * 24 + 18
    assert plain[night] < 220
    found = flags(series(np.where(np.arange(len(plain)) == night, 330, plain), "h"))
    assert night in found
    assert len(found) <= 2


def test_it_sees_small_shifts_add_up():
    """Three standard deviations seldom alarm on a single day; five days of them do."""
    hits = 0
    for seed in range(8):
        noise = rng(seed).standard_normal(200)
        noise[150:155] = 3.0
        judged = score(series(1000.123 + 10 * noise))
        hits += bool(judged["is_anomaly"].iloc[151:156].any())
    assert hits >= 5


def test_it_ranks_the_whole_of_a_lasting_incident_high():
    """Two days of another level and three times the noise: flagged once, and the score stays up to their end."""
    for seed in range(3):
        values, hours = 300 + 120 * np.sin(np.arange(28 * 24) / 24 * 2 * np.pi), slice(20 * 24, 22 * 24)
        values += 12 * rng(seed).standard_normal(len(values))
        values[hours] += 60 + 24 * rng(seed + 50).standard_normal(48)
        judged = score(series(values, "h"))
        before, during = judged["score"].iloc[48 : 20 * 24], judged["score"].iloc[hours]
        assert judged["is_anomaly"].iloc[hours].sum() == 1
        assert (during.iloc[1:] > before.quantile(0.9)).mean() > 0.9
        assert judged["score"].iloc[-48:].median() < before.quantile(0.9)


def test_it_scores_every_alarm_at_half_or_more():
    values = series(np.where(np.arange(240) == 150, 300, weekly(240)) + np.where(np.arange(240) >= 200, 45, 0))
    judged = score(values)
    outside = (values > judged["upper"]) | (values < judged["lower"])
    assert outside.sum() >= 2
    assert (judged.loc[outside, "score"] >= 0.5).all()
    assert judged["score"].idxmax() in judged.index[150:153]


def test_it_remembers_surprise_as_a_weighted_mean():
    """By pandas: weights that halve with each day, of both parts, which of a constant are as far as its one outlier."""
    of = rhythm(pd.date_range("2025-01-06", periods=60))
    z = 3 * rng(1).standard_normal(60)
    z[30] = np.nan
    values = np.where(np.arange(60) == 40, 25.0, 5.0)
    told = unrest(values, z, 1.0, of)
    own = pd.Series(np.abs(z)).ewm(halflife=1, ignore_na=True).mean()
    assert told[:40] == pytest.approx(0)
    far = pd.Series(np.where(np.arange(60) == 40, 20.0, 0.0)).ewm(halflife=1).mean()
    np.testing.assert_allclose(told[40:47], np.sqrt(own * far).iloc[40:47], rtol=1e-3)
    assert unrest(values * 1e9, z, 1.0, of)[40] == pytest.approx(math.sqrt(own[40] * 25.0), rel=1e-3)


def test_it_judges_a_weekday_not_measured_before():
    history = series(weekly(120)).where(np.arange(120) % 7 != 3)
    history.iloc[[94, 108]] = 200.0
    judged = score(history)
    assert judged["score"].iloc[[94, 108]].notna().all()


NULLS = {
    "stationary": lambda r, n: 100 + 10 * r.standard_normal(n),
    "weekly": lambda r, n: 200 * (1 + WEEK[np.arange(n) % 7]) + 12 * r.standard_normal(n),
    "trend": lambda r, n: 100 + 0.4 * np.arange(n) + 8 * r.standard_normal(n),
    "log-normal": lambda r, n: np.exp(5 + WEEK[np.arange(n) % 7] + 0.4 * r.standard_normal(n)),
    "few a day": lambda r, n: r.poisson(2.0, n),
    "one in two days": lambda r, n: r.poisson(0.5, n),
    "autocorrelated": lambda r, n: 50 + 5 * _ar1(r, n),
    "heavy tails": lambda r, n: 100 + 5 * r.standard_t(3, n),
    "followers": lambda r, n: 10_000 + np.cumsum(r.poisson(8, n)),
}


def _ar1(r, n):
    values = np.zeros(n)
    for at in range(1, n):
        values[at] = 0.8 * values[at - 1] + r.standard_normal()
    return values


@pytest.mark.parametrize("world", NULLS)
def test_it_keeps_to_its_budget_where_nothing_happened(world):
    """At most one false alarm per series and quarter: six series of a year each."""
    alarms, rows, unquiet = 0, 0, 0
    for seed in range(6):
        judged = score(series(NULLS[world](rng(seed), 365)))
        alarms += judged["is_anomaly"].sum()
        rows += judged["score"].notna().sum()
        unquiet += (judged["score"] >= 0.5).sum()
    assert alarms / (rows / 91) <= 1.0
    assert unquiet / rows <= 0.04


def test_it_is_more_sensitive_with_a_larger_budget():
    noisy = series(100 + 5 * rng(7).standard_t(3, 700))
    small, usual, large = (len(flags(noisy, budget=budget)) for budget in (0.05, 1.0, 5.0))
    assert small <= usual < large


def test_it_says_nothing_until_enough_is_known():
    judged = score(series(weekly(60)))
    assert judged["expected"].iloc[:21].isna().all()
    assert judged["score"].iloc[:21].isna().all()
    assert judged.iloc[21:].notna().all().all()
    assert score(series(weekly(21))).drop(columns="is_anomaly").isna().all().all()
    with_gaps = series(weekly(60)).where(np.arange(60) % 2 == 0)
    assert score(with_gaps)["expected"].first_valid_index() == with_gaps.index[41]


def test_it_expects_a_missing_day_but_does_not_judge_it():
    history = series(weekly(120))
    history.iloc[90:95] = np.nan
    judged = score(history)
    assert judged["expected"].iloc[90:95].notna().all()
    assert judged["score"].iloc[90:95].isna().all()
    assert not judged["is_anomaly"].iloc[90:95].any()
    assert flags(history) == []
    assert (judged["upper"] - judged["lower"]).iloc[94] > (judged["upper"] - judged["lower"]).iloc[89]


def test_it_treats_a_row_left_out_as_one_not_measured():
    """The step is known from the rows there are; a row that is left out is missing, not the next in line."""
    history = series(weekly(120))
    history.iloc[90:94] = np.nan
    full, short = score(history), score(history.dropna())
    np.testing.assert_allclose(short["expected"].iloc[-20:], full["expected"].iloc[-20:], rtol=0.02)


@pytest.mark.parametrize("value", [0.0, 7.0, -3.0, 1e-9, 1e12, 0.1], ids=str)
def test_it_is_calm_on_a_constant_and_flags_its_end(value):
    values = np.full(80, value)
    judged = score(series(values))
    assert not judged["is_anomaly"].any()
    np.testing.assert_allclose(judged["expected"].dropna(), value, rtol=1e-6, atol=1e-12)
    values[60:] = value + max(50.0, abs(value))
    assert flags(series(values)) == [60]


def test_it_does_not_flag_one_of_a_count():
    values = np.full(100, 3.0)
    values[[50, 70, 71]] = 4.0
    assert flags(series(values)) == []


def test_it_never_expects_less_than_nothing_of_a_count():
    judged = score(series(rng(1).poisson(1.0, 200))).dropna()
    assert (judged["lower"] >= 0).all()
    below = score(series(rng(1).standard_normal(200))).dropna()
    assert (below["lower"] < 0).all()


@pytest.mark.parametrize(
    "values",
    [[], [1.0], [np.nan] * 50, [np.nan] * 30 + [2.0] * 40, [1e300] * 30 + [-1e300] * 30, [0.0] * 40 + [1e200] + [0.0] * 9,
     [1e-300] * 30 + [1.0], [-5.0, 5.0] * 40],
    ids=["empty", "one row", "nothing measured", "begins late", "huge", "one huge", "tiny", "alternating"],
)  # fmt: skip
def test_it_survives_hostile_values(values):
    with np.errstate(all="raise", under="ignore"):
        judged = score(series(values))
    assert len(judged) == len(values)
    assert not np.isinf(judged.drop(columns="is_anomaly").to_numpy()).any()


def test_it_refuses_what_is_no_history():
    plain = series(weekly(40))
    with pytest.raises(TypeError):
        score(plain.reset_index(drop=True))
    for wrong in (plain.iloc[::-1], pd.concat([plain, plain.tail(1)]), plain.replace(plain.iloc[3], np.inf)):
        with pytest.raises(ValueError):
            score(wrong)
    with pytest.raises(ValueError):
        score(plain, budget=0)
    with pytest.raises(ValueError):
        score(series(weekly(40), "30D"))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.integers(-6, 12))
def test_it_is_unmoved_by_the_unit(seed, power):
    """Powers of two change no digit, so the flags are the same and the limits as many times as large."""
    values = 40.3 + 5 * rng(seed).standard_t(3, 90)
    plain, scaled = score(series(values)), score(series(values * 2.0**power))
    assert plain["is_anomaly"].equals(scaled["is_anomaly"])
    np.testing.assert_allclose(scaled["upper"], plain["upper"] * 2.0**power, rtol=1e-6)
    np.testing.assert_allclose(scaled["score"], plain["score"], rtol=1e-6)


def test_it_takes_hours_from_the_local_clock():
    """Nine in the morning stays nine in the morning when the clocks change; the UTC hour does not."""
    index = pd.date_range("2025-03-17", "2025-04-13 23:00", freq="h", tz="Europe/Berlin")
    values = np.where((index.hour >= 9) & (index.hour < 18), 500.0, 40.0) + 8 * rng(5).standard_normal(len(index))
    found = score(pd.Series(values, index))["is_anomaly"]
    assert not found["2025-03-30":].any()
    in_utc = score(pd.Series(values, index.tz_convert("UTC")))["is_anomaly"]
    assert in_utc["2025-03-30":].any()
    assert rhythm(index).hour[-1] == 23


@pytest.mark.parametrize(
    ("step", "learn"), [("5min", 576), ("30min", 96), ("h", 48), ("6h", 24), ("D", 21), ("7D", 12)]
)
def test_it_knows_the_step(step, learn):
    assert rhythm(pd.date_range("2025-01-01", periods=30, freq=step)).learn == learn


def test_it_measures_rarity_as_the_distribution_does():
    """The limit once in ten thousand, learnt from twenty thousand exponential values, is near -ln(1/10,000) = 9.2."""
    tail = Tail(math.log(10_000))
    for value in rng(0).exponential(1.0, 20_000):
        tail.learn(value)
    assert abs(tail.limit - 9.21) < 1.5
    assert abs(tail.rare(3.0) - 3.0) < 0.15
    assert abs(tail.rare(tail.limit) - math.log(10_000)) < 1e-6
    fresh = Tail(math.log(100))
    assert abs(fresh.rare(1.5) + math.log(0.050596)) < 0.3, "t with 4 degrees beyond 1.5 deviations, by scipy"
    assert [tail.rare(value) for value in (0.0, 0.5, 2.0, 5.0)] == sorted(tail.rare(v) for v in (0.0, 0.5, 2.0, 5.0))


PARTS = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(0, 1e6), min_size=1)
RATIOS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 1000), st.integers(1, 10_000)), min_size=1
)


def ratio(parts):
    return pd.DataFrame.from_dict(parts, orient="index", columns=["numerator", "denominator"], dtype=float)


@settings(max_examples=20, deadline=None)
@given(PARTS, PARTS)
def test_its_shares_of_a_sum_add_up(before, after):
    told = explain(pd.Series(before), pd.Series(after))
    assert told.change == pytest.approx(sum(after.values()) - sum(before.values()))
    assert told.parts["contribution"].sum() == pytest.approx(told.change, abs=1e-6)
    if abs(told.change) > 1e-3:
        assert told.parts["share"].sum() == pytest.approx(1, abs=1e-6)
    assert set(told.parts.index[told.parts["state"] == "new"]) == set(after) - set(before)
    assert set(told.parts.index[told.parts["state"] == "gone"]) == set(before) - set(after)


@settings(max_examples=20, deadline=None)
@given(RATIOS, RATIOS, st.randoms())
def test_its_shares_of_a_ratio_add_up(before, after, random):
    old, new = ratio(before), ratio(after)
    told = explain(old, new)
    assert told.before == pytest.approx(old["numerator"].sum() / old["denominator"].sum())
    assert told.change == pytest.approx(told.after - told.before)
    parts = told.parts
    assert parts["contribution"].sum() == pytest.approx(told.change, abs=1e-9)
    np.testing.assert_allclose(parts["rate_effect"] + parts["mix_effect"], parts["contribution"], atol=1e-9)
    assert (parts.loc[parts["state"] != "kept", "rate_effect"].abs() < 1e-12).all()
    names = list(new.index)
    random.shuffle(names)
    assert_frame_equal(explain(old, new.loc[names]).parts, parts)
    back = explain(new, old)
    np.testing.assert_allclose(back.parts["rate_effect"].reindex(parts.index), -parts["rate_effect"], atol=1e-9)


def test_it_splits_a_ratio_by_hand():
    """Rates stay, the weight of the better part falls from 1/2 to 1/4: all of -0.1 is mix.

    w: 1/2 -> 1/4 and 1/2 -> 3/4; r: 0.6 and 0.2; R: 0.4 -> 0.3, mean 0.35. Mix of a: (0.6 - 0.35) x -1/4 = -0.0625, of
    b: (0.2 - 0.35) x 1/4 = -0.0375.
    """
    told = explain(ratio({"a": (60, 100), "b": (20, 100)}), ratio({"a": (60, 100), "b": (60, 300)}))
    assert told.change == pytest.approx(-0.1)
    assert told.parts["mix_effect"].to_dict() == pytest.approx({"a": -0.0625, "b": -0.0375})
    assert told.parts["rate_effect"].to_dict() == pytest.approx({"a": 0, "b": 0})
    assert told.parts["share"].to_dict() == pytest.approx({"a": 0.625, "b": 0.375})


def test_it_sees_through_simpson():
    """Both rates rise and the whole falls: the rates' effects are up, the mix outweighs them."""
    told = explain(ratio({"a": (80, 100), "b": (10, 100)}), ratio({"a": (9, 10), "b": (30, 200)}))
    assert told.change < 0
    assert (told.parts["rate_effect"] > 0).all()
    assert told.parts["mix_effect"].sum() < 0


def test_it_names_the_smallest_set_that_carries_most():
    before = pd.Series({"Instagram": 500.0, "TikTok": 300.0, "X": 200.0, "LinkedIn": 100.0})
    told = explain(before, before - pd.Series({"Instagram": 250, "TikTok": 30, "X": 10, "LinkedIn": 0}), name="Reach")
    assert told.carried_by == ("Instagram",)
    assert told.sentence == "Reach fell by 290 (-26 %), from 1,100 to 810. Instagram carries 86 % of it."
    two = explain(before, before + pd.Series({"Instagram": 100, "TikTok": 90, "X": 10, "LinkedIn": -5}))
    assert two.carried_by == ("Instagram", "TikTok")
    assert "Instagram and TikTok carry 97 % of it." in two.sentence


def test_it_says_when_a_change_is_broad_or_cancels_out():
    even = pd.Series(100.0, index=list("abcdef"))
    assert explain(even, even * 1.2).carried_by == ()
    assert "broad" in explain(even, even * 1.2).sentence
    swapped = explain(pd.Series({"a": 5.0, "b": 7.0}), pd.Series({"a": 7.0, "b": 5.0}))
    assert swapped.parts["share"].isna().all()
    assert swapped.carried_by == ()
    assert swapped.sentence == "The total did not change: what its parts did cancels out."


def test_it_leaves_out_what_was_not_measured_and_says_so():
    told = explain(pd.Series({"a": 5.0, "b": np.nan}), pd.Series({"a": 9.0, "b": 100.0}))
    assert (told.before, told.after) == (5.0, 9.0)
    assert told.unmeasured == ("b",)
    assert told.sentence.endswith("Left out, because a value is missing: b.")


def test_it_accepts_nothing_and_refuses_nonsense():
    empty = pd.Series(dtype=float)
    assert explain(empty, empty).sentence == "The total: there is nothing to compare."
    none = explain(ratio({"a": (0, 0)}), ratio({"a": (3, 9)}))
    assert np.isnan(none.change)
    assert none.parts["share"].isna().all()
    assert "nothing to divide by" in none.sentence
    one = pd.Series({"a": 1.0})
    with pytest.raises(TypeError):
        explain(one, ratio({"a": (1, 2)}))
    with pytest.raises(ValueError):
        explain(pd.concat([one, one]), one)
    with pytest.raises(ValueError):
        explain(one, one * np.inf)
    with pytest.raises(ValueError):
        explain(ratio({"a": (1, -2)}), ratio({"a": (1, 2)}))
    with pytest.raises(KeyError):
        explain(ratio({"a": (1, 2)})[["numerator"]], ratio({"a": (1, 2)}))
