"""Forecasts: known answers, planted and null worlds, bounds, honesty about doubt, and hostile histories."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

from analytics.forecast import forecast, intervals, levels, models, pool
from analytics.forecast.calendar import DAILY, MONTHLY
from analytics.forecast.history import scale_of
from analytics.forecast.run import NOT_ENOUGH, origins_of

WEEK = np.array([10.0, 12, 11, 13, 15, 5, 4])


def days(values, start="2024-01-01"):
    return pd.Series(np.asarray(values, float), index=pd.date_range(start, periods=len(values)))


def noisy_weeks(n=280, seed=0, noise=0.05):
    rng = np.random.default_rng(seed)
    return days(100 * np.resize(WEEK, n) * np.exp(rng.normal(0, noise, n)))


def made(history, horizon=14, **more):
    found = forecast(history, horizon, **more)
    frame = found.frame
    assert (frame["lower"] <= frame["mean"] + 1e-9).all()
    assert (frame["mean"] <= frame["upper"] + 1e-9).all()
    return found


# --- known answers


def test_it_repeats_a_week_that_always_repeats():
    found = made(days(np.resize(WEEK, 140)))
    assert found.frame["mean"].to_numpy() == pytest.approx(np.resize(WEEK, 14), rel=0.02)
    assert found.trusted is False, "the seasonal naive forecast is perfect there too"


def test_it_goes_on_with_a_straight_line_of_followers():
    found = made(days(5000 + 20 * np.arange(200)), kind="stock")
    assert found.frame["mean"].to_numpy() == pytest.approx(9000 + 20 * np.arange(14), rel=1e-6)
    assert found.trusted


def test_it_smooths_as_statsmodels_does():
    values = np.random.default_rng(3).normal(50, 5, 60).cumsum()
    for alpha, damping, share in ((0.35, 0.0, 0.0), (0.35, 0.97, 0.05), (0.9, 1.0, 0.02)):
        level, slope, _ = levels._filter(
            values[None], np.array([alpha]), np.array([damping]), np.array([share]), np.ones(1), 7
        )
        begin = float(np.median(values[:10]))
        if damping:
            other = Holt(
                values, damped_trend=True, initialization_method="known", initial_level=begin, initial_trend=0.0
            )
            fit = other.fit(smoothing_level=alpha, smoothing_trend=share, damping_trend=damping, optimized=False)
            expected = float(fit.forecast(1)[0])
        else:
            other = SimpleExpSmoothing(values, initialization_method="known", initial_level=begin)
            expected = float(other.fit(smoothing_level=alpha, optimized=False).forecast(1)[0])
        assert float(level[0, 0] + damping * slope[0, 0]) == pytest.approx(expected, rel=1e-9)


def test_it_draws_the_line_of_least_squares_through_gaps():
    row = 3 + 0.25 * np.arange(40.0)
    row[[3, 17, 18]] = np.nan
    assert levels.slope(np.vstack([row, row[::-1]])) == pytest.approx([0.25, -0.25])
    assert levels.slope(np.array([[np.nan, np.nan, 1.0, 2.0, 3.0]]))[0] == 0, "three points are no line"


def test_it_pools_by_trimmed_weights():
    values = np.array([[0.0], [10.0], [20.0], [1000.0]])
    assert pool.trimmed_mean(values, np.full(4, 0.25))[0] == 15
    assert pool.trimmed_mean(values, np.array([0.5, 0.5, 0, 0]))[0] == 5


def test_it_weighs_models_that_were_nearer_in_the_past_more():
    errors = np.array([[1.0, 1, 1, 1], [2.0, 2, 2, 2], [1.0, 1, 1, 1]])
    weight = pool._weights(errors, pool.POWER)
    assert weight[0] == weight[2] > 5 * weight[1]
    assert pool._weights(errors[:, :0], pool.POWER) == pytest.approx(np.full(3, 1 / 3)), "nothing seen"


def test_it_judges_itself_by_a_hand_worked_ratio():
    """Of 10, 11, 10, 11 the value a week ago is always off by 1; what comes in the second week repeats with 14 days."""
    found = made(days(np.resize([10.0, 11.0], 150)))
    assert found.backtest.mase_naive == pytest.approx(0.5)
    assert found.backtest.folds > 8


# --- planted worlds


def test_it_finds_weekdays_and_says_so_by_beating_the_naive_forecast():
    found = made(noisy_weeks(), 28)
    assert found.frame["mean"].to_numpy() == pytest.approx(100 * np.resize(WEEK, 28), rel=0.08)
    assert found.trusted
    assert found.backtest.mase < 0.85 * found.backtest.mase_naive


def test_it_follows_a_shift_of_level():
    history = noisy_weeks(240)
    history.iloc[180:] *= 3
    found = made(history, 14)
    assert found.frame["mean"].sum() == pytest.approx(300 * np.resize(WEEK, 14).sum(), rel=0.1)


def test_it_is_not_led_astray_by_lone_spikes():
    history = noisy_weeks(240)
    plain = made(history).frame["mean"]
    history.iloc[[50, 120, 200, 236]] *= 30
    assert made(history).frame["mean"].to_numpy() == pytest.approx(plain.to_numpy(), rel=0.15)


def test_it_knows_the_time_of_year():
    n = 900
    rng = np.random.default_rng(1)
    index = pd.date_range("2022-01-01", periods=n + 60)
    wave = 1000 * np.exp(0.8 * np.sin(2 * np.pi * index.day_of_year / 365.25) + rng.normal(0, 0.05, n + 60))
    truth = pd.Series(wave, index=index)
    found = made(truth[:n], 60).frame["mean"]
    flat = truth.iloc[n - 28 : n].median()
    assert (found - truth[n:]).abs().mean() < 0.4 * (flat - truth[n:]).abs().mean()


def test_it_learns_what_a_holiday_does():
    history = noisy_weeks(300, noise=0.03)
    feasts = [history.index[k].date() for k in (20, 75, 130, 190, 250)] + [pd.Timestamp("2024-11-02").date()]
    for day in feasts[:-1]:
        history[pd.Timestamp(day)] *= 0.3
    plain = made(history, 14).frame["mean"]
    told = made(history, 14, holidays=feasts).frame["mean"]
    day = pd.Timestamp(feasts[-1])
    assert told[day] < 0.6 * plain[day]
    others = told.index != day
    assert told[others].to_numpy() == pytest.approx(plain[others].to_numpy(), rel=0.15)
    named = made(history, 14, holidays=dict.fromkeys(feasts, "feast")).frame["mean"]
    assert named[day] == pytest.approx(told[day])


def test_it_takes_a_year_of_months_into_account():
    months = np.array([1, 1, 1.2, 1.3, 1.5, 2, 2.4, 2.3, 1.6, 1.2, 1, 1.8])
    rng = np.random.default_rng(0)
    history = pd.Series(
        500 * np.resize(months, 84) * np.exp(rng.normal(0, 0.04, 84)),
        index=pd.date_range("2018-01-31", periods=84, freq="ME"),
    )
    found = made(history, 12)
    assert found.frame["mean"].to_numpy() == pytest.approx(500 * months, rel=0.1)
    assert found.frame.index[0] == pd.Timestamp("2025-01-31")


def test_it_moves_last_year_to_the_level_of_today():
    values = np.tile(np.arange(364.0), 2)
    values[364:] += 50
    past = models.Past(values, pd.date_range("2023-01-02", periods=735), np.zeros((735, 0)), DAILY)
    found = models._last_year(past, np.array([728, 200]), 7)["last year"]
    assert found[0] == pytest.approx(values[364:371] + 50)
    assert np.isnan(found[1]).all(), "nothing is known of a year ago"


def test_it_carries_a_time_of_year_that_grows_into_the_next_year():
    months = np.array([1, 1, 1.2, 1.3, 1.5, 2, 2.4, 2.3, 1.6, 1.2, 1, 1.8])
    year = np.arange(60) // 12
    row = np.resize(months, 60) + year
    gone = levels.autoregressed_years(np.vstack([row, row[::-1]]), 18, 13, 12)
    assert gone[0] == pytest.approx(np.resize(months, 18) + 5 + np.arange(18) // 12)
    assert gone[1, :12] == pytest.approx(months[::-1] - 1)
    rng = np.random.default_rng(0)
    changes = np.zeros(120)
    for t in range(1, 120):
        changes[t] = 0.9 * changes[t - 1] + rng.normal(0, 0.1)
    changes[-1] = 3.0
    values = np.resize(np.zeros(12), 120) + changes
    ahead = levels.autoregressed_years(values[None], 3, 13, 12)[0] - values[108:111]
    assert 1.5 < ahead[0] < 3.5, "what moved this month away from a year ago does so in the next one too"


def test_it_has_nothing_to_say_about_years_before_three_are_known():
    row = np.arange(40.0)
    row[:5] = np.nan
    found = levels.autoregressed_years(np.vstack([row, np.arange(40.0)]), 6, 13, 12)
    assert np.isnan(found[0]).all()
    assert found[1] == pytest.approx(np.arange(40.0, 46.0))


def test_it_forecasts_months_from_year_to_year_and_days_from_their_level():
    for step, freq, size in ((DAILY, "D", 120), (MONTHLY, "MS", 60)):
        values = np.random.default_rng(0).normal(size=size)
        dates = pd.date_range("2020-01-01", periods=size + 6, freq=freq)
        found = models.forecasts(models.Past(values, dates, np.zeros((size + 6, 0)), step), np.array([size]), 6)
        assert ("autoregressive years" in found) == (step is MONTHLY)
        assert ("autoregressive levels" in found) == (step is DAILY)


def test_it_does_not_take_last_years_growth_for_this_years(monkeypatch):
    real, taken = pool.pooled, []

    def watched(found, *rest, **more):
        taken.append(set(found))
        return real(found, *rest, **more)

    monkeypatch.setattr(pool, "pooled", watched)
    changes = np.random.default_rng(1).normal(10, 1, 800)
    changes[436:450] += 500
    spurted = made(days(changes.cumsum()), kind="stock").frame["mean"]
    assert spurted.iloc[-1] - changes.sum() == pytest.approx(140, rel=0.25)
    made(days(np.abs(changes)))
    assert [models.LAST_YEAR in names for names in taken] == [False, True]


# --- null worlds: bands hold what they say


def test_it_covers_what_it_says_where_there_is_nothing_to_find():
    rng = np.random.default_rng(11)
    inside = []
    for _ in range(20):
        values = 200 + rng.normal(0, 20, 200)
        frame = made(days(values[:186])).frame
        inside.append((frame["lower"] <= values[186:]) & (values[186:] <= frame["upper"]))
    assert 0.9 <= np.mean(inside) <= 0.99


def test_it_widens_the_band_with_the_distance_of_a_random_walk():
    values = np.random.default_rng(5).normal(0, 1, 400).cumsum()
    frame = made(days(values), 28).frame
    width = frame["upper"] - frame["lower"]
    assert width.iloc[-1] > 1.5 * width.iloc[0]


def test_it_forecasts_noise_by_its_middle():
    values = np.random.default_rng(2).normal(200, 20, 300)
    assert np.abs(made(days(values)).frame["mean"] - 200).max() < 15


# --- bounds


def test_it_never_goes_below_zero_where_the_history_never_did():
    rng = np.random.default_rng(4)
    history = days(np.maximum(rng.poisson(20, 200) - np.arange(200) / 8, 0))
    frame = made(history, 28).frame
    assert (frame >= 0).all(axis=None)
    assert (made(history - 30, 28).frame["lower"] < 0).all(), "a history below zero has no floor"


def test_it_lets_a_stock_that_never_fell_not_fall():
    rng = np.random.default_rng(6)
    history = days(1000 + rng.poisson(3, 150).cumsum())
    frame = made(history, 14, kind="stock").frame
    assert (frame["lower"] >= history.iloc[-1]).all()
    assert (frame.diff().iloc[1:] >= 0).all(axis=None)


def test_it_lets_a_stock_that_has_fallen_fall():
    history = days(10_000 - 15 * np.arange(150) + np.random.default_rng(0).normal(0, 4, 150))
    assert made(history, 14, kind="stock").frame["mean"].iloc[-1] < history.iloc[-1] - 100


def test_it_keeps_a_rate_that_reached_the_top_below_it():
    rng = np.random.default_rng(8)
    frame = made(days(np.minimum(rng.normal(0.97, 0.03, 200), 1.0))).frame
    assert frame["upper"].max() == 1.0


def test_it_forecasts_seldom_sales_without_going_astray():
    rng = np.random.default_rng(9)
    history = days(np.where(rng.random(300) < 0.2, rng.integers(1, 5, 300), 0))
    frame = made(history).frame
    assert (frame["mean"] < 3).all()
    assert (frame["upper"] < 20).all()


# --- invariants


def test_it_is_the_same_each_time_and_does_not_change_the_history():
    history = noisy_weeks(120)
    kept = history.copy()
    first, again = forecast(history, 7, seed=1), forecast(history, 7, seed=2)
    pd.testing.assert_frame_equal(first.frame, again.frame)
    assert first.backtest == again.backtest
    pd.testing.assert_series_equal(history, kept)


@settings(max_examples=8, deadline=None)
@given(st.sampled_from([0.001, 0.5, 100.0, 1e6]), st.integers(0, 50), st.sampled_from(["flow", "stock"]))
def test_it_scales_with_the_history(factor, seed, kind):
    history = noisy_weeks(90, seed)
    one, many = made(history, 7, kind=kind), made(history * factor, 7, kind=kind)
    np.testing.assert_allclose(many.frame, one.frame * factor, rtol=1e-6)
    assert many.backtest.mase == pytest.approx(one.backtest.mase, rel=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 50), st.floats(0.5, 0.9))
def test_it_nests_bands_by_their_level(seed, level):
    history = noisy_weeks(120, seed, noise=0.3)
    narrow, wide = made(history, 7, level=level).frame, made(history, 7, level=0.95).frame
    assert (wide["lower"] <= narrow["lower"] + 1e-9).all()
    assert (wide["upper"] >= narrow["upper"] - 1e-9).all()
    assert (wide["mean"] == narrow["mean"]).all()


def test_it_forecasts_from_an_origin_without_a_look_at_what_came():
    values = scale_of(noisy_weeks(200).to_numpy(), "flow").into(noisy_weeks(200).to_numpy())
    dates = pd.date_range("2024-01-01", periods=214)
    nothing = np.zeros((214, 0))
    origins = origins_of(200, DAILY, 14)
    changed = values.copy()
    changed[origins[2] :] = 99.0
    one, two = (models.forecasts(models.Past(part, dates, nothing, DAILY), origins, 14) for part in (values, changed))
    for name, found in one.items():
        np.testing.assert_allclose(found[2:], two[name][2:], atol=1e-12, err_msg=name)
    assert not np.allclose(one["theta"][0], two["theta"][0])


def test_it_takes_weights_from_folds_that_were_over():
    rng = np.random.default_rng(0)
    origins = np.array([100, 95, 90, 85, 80])
    found = {name: rng.normal(size=(5, 10)) for name in ("a", "b", "c")}
    actual = rng.normal(size=(5, 10))
    changed = actual.copy()
    changed[3] = found["a"][3]
    one, _ = pool.pooled(found, actual, origins)
    two, _ = pool.pooled(found, changed, origins)
    np.testing.assert_array_equal(one[2:], two[2:], err_msg="at 90 nobody knows all that came after 85")
    assert not np.allclose(one[1], two[1]), "at 95 everybody does"


def test_it_cuts_lone_spikes_and_leaves_shifts():
    row = np.random.default_rng(0).normal(0, 1, 80)
    row[40:] += 30
    spiked = row.copy()
    spiked[[20, 60]] = [100.0, -100.0]
    calm = levels.despiked(np.vstack([row, spiked]))
    assert np.abs(calm[0] - row).max() < 3
    assert np.abs(calm[1] - row).max() < 8


def test_it_takes_holidays_out_of_every_model_and_puts_them_back():
    values = np.random.default_rng(0).normal(0, 0.1, 200)
    columns = np.zeros((214, 1))
    columns[[30, 60, 90, 120, 150, 195, 203]] = 1
    values[columns[:200, 0] > 0] -= 10
    dates = pd.date_range("2024-01-01", periods=214)
    found = models.forecasts(models.Past(values, dates, columns, DAILY), np.array([200]), 14)
    for name, made_by in found.items():
        assert made_by[0, 3] < -7, name
        assert np.abs(np.delete(made_by[0], 3)).max() < 2.5, name


def test_it_spreads_errors_as_they_grew():
    steps = np.sqrt(np.arange(1, 13))
    errors = np.random.default_rng(1).normal(size=(200, 12)) * steps
    below, above = intervals.reach(errors, 24, 0.95)
    expected = 1.96 * np.sqrt(np.arange(1, 25))
    assert below == pytest.approx(expected, rel=0.1)
    assert above == pytest.approx(expected, rel=0.1)


# --- gaps, short and hostile histories


def test_it_bears_gaps_and_forecasts_over_an_unknown_end():
    history = noisy_weeks(200)
    whole = made(history, 7).frame["mean"]
    history.iloc[[5, 40, 41, 42, 120]] = np.nan
    holed = made(history, 7).frame["mean"]
    assert holed.to_numpy() == pytest.approx(whole.to_numpy(), rel=0.05)
    history.iloc[-3:] = np.nan
    late = made(history, 7).frame
    assert late.index[0] == pd.Timestamp("2024-07-19"), "the day after the last row"
    assert late["mean"].to_numpy() == pytest.approx(whole.to_numpy(), rel=0.1)


@pytest.mark.parametrize("kind", ["flow", "stock"])
@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 7, [np.nan] * 50, [np.nan] * 20 + [1.0, 2, 3]])
def test_it_says_that_there_is_not_enough_data(values, kind):
    found = forecast(days(values), 14, kind=kind)
    assert found.method == NOT_ENOUGH
    assert list(found.frame.columns) == ["mean", "lower", "upper"]
    assert found.frame.empty
    assert found.trusted is False
    assert found.backtest.folds == 0
    assert np.isnan(found.backtest.mase)


@pytest.mark.parametrize("kind", ["flow", "stock"])
@pytest.mark.parametrize("n", [8, 9, 10, 12, 16, 24, 36])
@pytest.mark.parametrize("freq", ["D", "W-MON", "W-SUN", "MS", "ME"])
def test_it_is_careful_with_short_histories(n, kind, freq):
    rng = np.random.default_rng(n)
    history = pd.Series(rng.normal(100, 10, n), index=pd.date_range("2024-01-01", periods=n, freq=freq))
    found = made(history, 14, kind=kind)
    assert np.isfinite(found.frame.to_numpy()).all()
    assert found.frame.index.equals(pd.date_range(history.index[-1], periods=15, freq=freq)[1:])
    if found.backtest.folds < 4:
        assert found.trusted is False
        assert (found.frame["upper"] - found.frame["lower"]).min() > history.std()


@pytest.mark.parametrize("value", [0.0, 7.0, -3.0])
@pytest.mark.parametrize("kind", ["flow", "stock"])
def test_it_goes_on_with_what_never_changed(value, kind):
    found = made(days(np.full(100, value)), kind=kind)
    assert found.frame["mean"].to_numpy() == pytest.approx(np.full(14, value), abs=1e-6)
    assert found.trusted is False


@pytest.mark.parametrize("factor", [1e12, 1e-9, -1e9])
def test_it_bears_huge_tiny_and_negative_numbers(factor):
    found = made(noisy_weeks(120) * factor)
    assert found.frame["mean"].to_numpy() == pytest.approx(100 * factor * np.resize(np.roll(WEEK, -1), 14), rel=0.15)


def shuffled(history):
    return history.sample(frac=1, random_state=1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda h: h.tz_localize("Europe/Berlin"), "time zone"),
        (shuffled, "sort_index"),
        (lambda h: pd.concat([h, h.tail(1)]).sort_index(), "twice"),
        (lambda h: h.drop(h.index[5]), "asfreq"),
        (lambda h: h.set_axis(pd.date_range("2024-01-01", periods=len(h), freq="h")), "regular"),
        (lambda h: h.set_axis(pd.date_range("2024-01-15", periods=len(h), freq="QS")), "regular"),
        (lambda h: h.reset_index(drop=True), "DatetimeIndex"),
        (lambda h: h.replace(h.iloc[3], np.inf), "infinite"),
        (lambda h: h.astype(str) + "x", "numbers"),
        (lambda h: h.set_axis([pd.NaT, *h.index[1:]]), "missing dates"),
        (lambda h: h.to_frame(), "Series"),
    ],
    ids=["zone", "order", "twice", "hole", "hours", "quarters", "no dates", "infinite", "text", "no date", "frame"],
)
def test_it_says_what_is_wrong_with_a_history(change, says):
    with pytest.raises(ValueError, match=says):
        forecast(change(noisy_weeks(60)), 7)


@pytest.mark.parametrize("wrong", [{"horizon": 0}, {"level": 1.0}, {"level": 0.0}, {"kind": "both"}])
def test_it_says_what_is_wrong_with_a_wish(wrong):
    with pytest.raises(ValueError):
        forecast(noisy_weeks(60), **({"horizon": 7} | wrong))


def test_it_reads_integers_and_unknown_values_of_pandas():
    whole = pd.Series([1, 2, None, 4] * 20, index=pd.date_range("2024-01-01", periods=80), dtype="Int64")
    assert np.isfinite(made(whole).frame.to_numpy()).all()
