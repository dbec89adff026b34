"""Speed against the usual at the same age, viral marks, growth by hour, and today beside the usual day."""

import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import pulse

HOUR = 3_600_000
COUNTS = st.lists(st.integers(0, 100_000), min_size=pulse.FEWEST, max_size=40)


def around(before_h=np.nan, before=np.nan, after_h=np.nan, after=np.nan, seen_h=1000.0):
    columns = {"before_h": before_h, "before": before, "after_h": after_h, "after": after, "seen_h": seen_h}
    return pd.DataFrame({name: np.atleast_1d(np.asarray(value, float)) for name, value in columns.items()})


def at_age(age_h, **row):
    return float(pulse.at_age(around(**row), age_h)[0])


@pytest.mark.parametrize("age_h", [2.0, 3.0, 4.5, 6.0])
def test_it_agrees_with_a_straight_line_drawn_by_numpy(age_h):
    found = at_age(age_h, before_h=2, before=10, after_h=6, after=90)
    assert found == pytest.approx(np.interp(age_h, [2, 6], [10, 90]))


@pytest.mark.parametrize(
    ("age_h", "row"),
    [
        (3.0, {"after_h": 5, "after": 80}),
        (3.0, {}),
        (9.0, {"before_h": 2, "before": 10, "seen_h": 8}),
        (3.0, {"before_h": 1, "before": 10, "after_h": 9, "after": 90}),
        (3.0, {"before_h": 1, "before": 10, "after_h": 9, "after": 90, "seen_h": 30}),
    ],
    ids=["first read later", "never read", "no longer read", "readings far apart", "far apart, still read"],
)
def test_it_does_not_know_where_a_counter_stood(age_h, row):
    assert np.isnan(at_age(age_h, **row))


def test_it_lets_a_counter_stand_that_is_still_read():
    assert at_age(9.0, before_h=2, before=10, seen_h=12) == 10
    assert at_age(2.0, before_h=2, before=10, after_h=900, after=99, seen_h=900) == 10, "exactly then"


def test_it_allows_readings_of_old_posts_to_lie_farther_apart():
    row = {"before_h": 40, "before": 100, "after_h": 64, "after": 124}
    assert at_age(48.0, **row) == 108
    assert np.isnan(at_age(20.0, before_h=10, before=100, after_h=34, after=200))


@pytest.mark.parametrize(
    ("before", "after", "known"), [(100, 120, True), (100, 126, False), (0, 2, True), (0, 3, False)]
)
def test_it_knows_a_counter_that_hardly_grew_however_far_apart(before, after, known):
    """Readings are kept when they change: a post that stands still must not fall out of what is usual."""
    found = at_age(5.0, before_h=4, before=before, after_h=44, after=after)
    assert (not np.isnan(found)) == known


@given(st.floats(0, 50), st.floats(0.01, 6), st.integers(0, 1000), st.integers(0, 1000), st.floats(0, 1))
def test_it_stays_between_the_two_readings(begin, width, before, gain, share):
    age = begin + share * width
    found = at_age(age, before_h=begin, before=before, after_h=begin + width, after=before + gain)
    assert before - 1e-6 <= found <= before + gain + 1e-6


def test_it_calls_the_median_usual():
    values = np.array([5.0, 1, 900, 3, 4, np.nan, 2, 6, 7])
    base = pulse.usual(values)
    assert base.posts == 8
    assert base.median == statistics.median([5, 1, 900, 3, 4, 2, 6, 7])
    low, _, high = statistics.quantiles([5, 1, 900, 3, 4, 2, 6, 7], n=4, method="inclusive")
    assert (base.low, base.high) == (low, high)


def test_it_measures_the_spread_by_hand():
    """All but the middle are ten times off, so the middle distance of logarithms is ln 10, times 1.4826."""
    base = pulse.usual(np.array([9.0] * 4 + [99.0] + [999.0] * 4))
    assert base.median == 99
    assert base.spread == pytest.approx(1.482602 * np.log(10))


@pytest.mark.parametrize("values", [[], [1.0] * (pulse.FEWEST - 1), [np.nan] * 20], ids=["none", "seven", "unknown"])
def test_it_calls_nothing_usual_with_too_few_posts(values):
    base = pulse.usual(np.array(values, float))
    assert base is None
    assert np.isnan(pulse.speed(10.0, base))
    assert not pulse.is_viral(1e9, base)


@given(COUNTS, st.integers(2, 9), st.randoms())
def test_it_keeps_its_order_and_follows_the_scale(values, factor, random):
    base = pulse.usual(np.array(values, float))
    assert base.low <= base.median <= base.high
    shuffled = values.copy()
    random.shuffle(shuffled)
    assert pulse.usual(np.array(shuffled, float)) == base
    assert pulse.usual(np.array(values, float) * factor).median == pytest.approx(base.median * factor)


def test_it_says_how_many_times_the_usual_a_post_is():
    base = pulse.usual(np.full(9, 200.0))
    assert pulse.speed(640.0, base) == 3.2
    assert pulse.speed(base.median, base) == 1
    for nothing in (0.0, 0.9):
        base = pulse.usual(np.full(9, nothing))
        assert np.isnan(pulse.speed(1000.0, base)), "nothing is usual yet"
        assert not pulse.is_viral(1000.0, base)


def log_normal(sigma, n=41):
    """Counts whose logarithms have a standard deviation of sigma around 1,000, evenly laid out."""
    quantiles = [statistics.NormalDist(np.log(1000), sigma).inv_cdf((place + 0.5) / n) for place in range(n)]
    return np.exp(np.array(quantiles))


def test_it_marks_what_lies_above_the_quantile_of_the_accounts_own_posts():
    base = pulse.usual(log_normal(0.8))
    limit = 1001 * np.exp(1.959964 * base.spread) - 1
    assert base.spread == pytest.approx(0.8, rel=0.06)
    assert pulse.is_viral(limit * 1.001, base)
    assert not pulse.is_viral(limit * 0.999, base)


def test_it_marks_nothing_below_three_times_the_usual():
    base = pulse.usual(log_normal(0.05))
    assert not pulse.is_viral(2900.0, base)
    assert pulse.is_viral(3100.0, base)


def test_it_marks_no_small_numbers():
    base = pulse.usual(np.full(20, 5.0))
    assert not pulse.is_viral(99.0, base)
    assert pulse.is_viral(100.0, base)


def test_it_is_hardly_moved_by_posts_that_went_round_the_world():
    calm = log_normal(0.5)
    wild = np.r_[calm, [5e6, 8e6]]
    assert pulse.is_viral(4000.0, pulse.usual(calm))
    assert pulse.is_viral(4000.0, pulse.usual(wild))
    assert np.quantile(wild, 0.975) > 4000, "the quantile itself would have been moved out of reach"


def readings(*rows):
    return pd.DataFrame(rows, columns=["post_id", "metric_id", "captured_at", "value"]).astype({"value": float})


def owners(**published):
    ids = [int(name[1:]) for name in published]
    return pd.DataFrame({"account_id": [id // 10 for id in ids], "published_at": list(published.values())}, index=ids)


def hours(found, account, n):
    grown = found[found["account_id"] == account].set_index("hour")["value"]
    return grown.reindex(range(n), fill_value=0.0).tolist()


EDGES = np.arange(0, 5) * float(HOUR)


def test_it_lays_growth_evenly_between_two_readings():
    found = pulse.by_hour(
        readings((10, 1, -HOUR, 5), (10, 1, HOUR, 25), (10, 1, 3 * HOUR, 65)), owners(p10=-9 * HOUR), EDGES
    )
    assert hours(found, 1, 4) == [10, 20, 20, 0]
    assert found["loose"].sum() == 0


def test_it_says_how_much_lies_loosely():
    found = pulse.by_hour(readings((10, 1, 0, 5), (10, 1, 4 * HOUR, 45)), owners(p10=-9 * HOUR), EDGES)
    assert hours(found, 1, 4) == [10, 10, 10, 10]
    assert found["loose"].tolist() == [10, 10, 10, 10]


def test_it_counts_a_new_post_from_0_and_an_old_one_not_at_all():
    posts = owners(p10=HOUR, p20=-30 * 24 * HOUR)
    found = pulse.by_hour(readings((10, 1, 3 * HOUR, 40), (20, 1, 3 * HOUR, 9000)), posts, EDGES)
    assert hours(found, 1, 4) == [0, 20, 20, 0]
    assert hours(found, 2, 4) == [0, 0, 0, 0]


def test_it_counts_no_growth_twice_after_a_correction():
    rows = [(10, 1, at * HOUR, value) for at, value in enumerate([50, 60, 40, 60, 70])]
    assert hours(pulse.by_hour(readings(*rows), owners(p10=-HOUR), EDGES), 1, 4) == [10, 0, 0, 10]


def test_it_adds_posts_counters_and_accounts_by_themselves():
    rows = readings(
        (10, 1, 0, 0), (10, 1, HOUR, 4), (10, 2, 0, 0), (10, 2, HOUR, 1), (11, 1, 0, 5), (11, 1, HOUR, 7),
        (20, 1, 0, 0), (20, 1, HOUR, 100),
    )  # fmt: skip
    found = pulse.by_hour(rows.sample(frac=1, random_state=1), owners(p10=-1, p11=-1, p20=-1), EDGES)
    assert hours(found, 1, 4)[0] == 7
    assert hours(found, 2, 4)[0] == 100


@given(st.lists(st.tuples(st.integers(1, 200), st.integers(0, 50)), min_size=1, max_size=12))
def test_it_conserves_growth(steps):
    moments = np.cumsum([minutes for minutes, _ in steps]) * 60_000
    values = np.cumsum([gain for _, gain in steps])
    rows = readings((10, 1, 0, 0), *[(10, 1, int(at), int(value)) for at, value in zip(moments, values, strict=True)])
    edges = np.arange(0, moments[-1] + 2 * HOUR, HOUR).astype(float)
    found = pulse.by_hour(rows, owners(p10=-1), edges)
    assert found["value"].sum() == pytest.approx(values[-1])


def test_it_accepts_no_readings():
    assert pulse.by_hour(readings(), owners(), EDGES).empty


def days(**columns):
    return pd.DataFrame({int(name[1:]): values for name, values in columns.items()})


def test_it_holds_today_against_the_usual_day():
    found = pulse.so_far(pd.Series({1: 10.0, 2: 5.0}), days(a1=[1, 2, 3, 4, 50.0], a2=[1, 1, 1, 1, 1.0]))
    assert (found.compared, found.usual, found.days, found.accounts) == (15, 4, 5, (1, 2))


def test_it_leaves_out_accounts_that_cannot_be_compared():
    nan = np.nan
    earlier = days(a1=[1, 2, 3, 4.0], a2=[9, nan, nan, nan], a3=[7, 7, 7, 7.0])
    found = pulse.so_far(pd.Series({1: 10.0, 2: 5.0, 3: nan}), earlier)
    assert (found.compared, found.usual, found.accounts) == (10, 2.5, (1,))


def test_it_takes_only_days_on_which_all_were_known():
    nan = np.nan
    earlier = days(a1=[1, 2, 3, 4, 100.0], a2=[1, 1, 1, 1, nan])
    assert pulse.so_far(pd.Series({1: 0.0, 2: 0.0}), earlier).usual == 3.5
    apart = days(a1=[1, 2, 3, 4, nan], a2=[nan, 1, 1, 1, 1.0])
    assert pulse.so_far(pd.Series({1: 0.0, 2: 0.0}), apart) is None
    assert pulse.so_far(pd.Series(dtype=float), pd.DataFrame(index=range(5))) is None
