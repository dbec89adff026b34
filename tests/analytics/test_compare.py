"""Differences of rates, counts and means: intervals that keep their word, and few false claims."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from analytics.compare import always_valid, difference, many, sample_ratio, sample_size_mean, sample_size_rate
from analytics.compare import pair as pairs_of
from analytics.compare.arms import clustered, score_count, score_rate
from analytics.compare.several import adjusted

COUNTS = st.lists(st.integers(0, 500), min_size=5, max_size=20)


def limits(a, b, kind):
    found = difference(a, b, kind)
    return found.lower, found.upper


def covers(found, truth):
    return found.lower <= truth <= found.upper


def clustered_posts(rng, posts, rate, spread=0.5, size=1000):
    trials = np.maximum(20, np.round(size * np.exp(rng.normal(-0.32, 0.8, posts))))
    rates = np.clip(rate * np.exp(rng.normal(-spread * spread / 2, spread, posts)), 0, 1)
    return rng.binomial(trials.astype(int), rates).astype(float), trials


def test_it_agrees_with_newcombes_published_interval():
    """R. G. Newcombe 1998, table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    lower, upper = limits((56, 70), (48, 80), "rate")
    assert (round(lower, 4), round(upper, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(("a", "n", "b", "m"), [(9, 10, 3, 10), (5, 56, 0, 29), (120, 4000, 90, 4100)])
def test_it_agrees_with_statsmodels_on_bare_totals(a, n, b, m):
    assert limits((a, n), (b, m), "rate") == pytest.approx(confint_proportions_2indep(a, n, b, m, method="newcomb"))


def test_it_takes_wilsons_and_the_poisson_score_limits_of_one_side():
    assert score_rate(7, 40, 1.0, math.inf)(0.05) == pytest.approx(proportion_confint(7, 40, method="wilson"))
    low, high = score_count(16, 2, 1.0, math.inf)(0.05)
    for end in (low, high):
        assert abs(16 - 2 * end) / math.sqrt(2 * end) == pytest.approx(1.959964, rel=1e-6), "where the score test turns"


def test_it_makes_the_jackknife_by_hand():
    """Equal trials: the variance of a mean, times n / (n - 1) for the posts left out."""
    top, under = np.array([1.0, 3, 2, 6, 8]), np.full(5, 10.0)
    variance, degrees = clustered(top, under)
    assert variance == pytest.approx(np.var(top / 10, ddof=1) / 5 * 5 / 4)
    assert degrees == pytest.approx(4)
    assert clustered(np.array([1.0, 1, 50]), np.array([10.0, 10, 980]))[1] == 1.0, "one post is nearly all"


@given(COUNTS, COUNTS)
@settings(max_examples=40, deadline=None)
def test_it_turns_the_sign_when_sides_are_swapped_and_never_contradicts_itself(a, b):
    one, other = difference(a, b, "count"), difference(b, a, "count")
    if one.verdict == "not enough data":
        assert other.verdict == "not enough data"
        return
    assert one.estimate == -other.estimate
    assert (one.lower, one.upper) == pytest.approx((-other.upper, -other.lower))
    assert one.lower <= one.estimate <= one.upper
    assert one.reliable == (one.p < 0.05) == (one.lower > 0 or one.upper < 0)
    assert one.reliable == (one.relative_lower > 0 or one.relative_upper < 0), "the ratio leaves out 1 as well"


@given(COUNTS, COUNTS, st.sampled_from([0.01, 7.0, 1e6]), st.randoms())
@settings(max_examples=40, deadline=None)
def test_it_follows_the_scale_and_not_the_order_of_a_mean(a, b, factor, random):
    plain = difference(a, b)
    mixed = random.sample(a, len(a))
    scaled = difference([value * factor for value in mixed], [value * factor for value in b])
    assert scaled.verdict == plain.verdict
    if plain.verdict != "not enough data":
        assert scaled.lower == pytest.approx(plain.lower * factor, rel=1e-6, abs=1e-6 * factor)
        assert scaled.p == pytest.approx(plain.p, rel=1e-4)


def test_it_nests_its_intervals():
    rng = np.random.default_rng(1)
    a, b = rng.exponential(5, 20), rng.exponential(3, 20)
    widths = [np.ptp([found.lower, found.upper]) for found in (difference(a, b, level=at) for at in (0.5, 0.9, 0.99))]
    assert widths == sorted(widths)


def test_it_is_never_narrower_than_student_alone():
    rng = np.random.default_rng(2)
    a, b = rng.normal(50, 3, 40), rng.normal(48, 3, 40)
    found, welch = difference(a, b), stats.ttest_ind(a, b, equal_var=False)
    ours, theirs = found.upper - found.lower, np.ptp(welch.confidence_interval())
    assert theirs <= ours <= 1.08 * theirs, "and hardly wider where nothing is skewed"


def test_it_covers_rates_of_posts_that_differ_and_claims_nothing_of_equals():
    """The naive interval over the same impressions is wrong most of the time."""
    rng = np.random.default_rng(3)
    hit = claims = naive = 0
    for _ in range(200):
        a, b = clustered_posts(rng, 12, 0.08), clustered_posts(rng, 12, 0.04)
        hit += covers(difference(a, b, "rate"), 0.04)
        same = clustered_posts(rng, 12, 0.04)
        claims += difference(same, b, "rate").reliable
        naive += difference((same[0].sum(), same[1].sum()), (b[0].sum(), b[1].sum()), "rate").reliable
    assert hit >= 0.93 * 200
    assert claims <= 0.05 * 200
    assert naive > 0.4 * 200


@pytest.mark.parametrize("n", [5, 30])
def test_it_covers_skewed_means_with_many_zeros(n):
    rng = np.random.default_rng(n)
    hit = claims = welch = 0
    for _ in range(200):
        a, b, same = (np.exp(rng.normal(-0.5, 1, n)) * (rng.random(n) < 0.7) for _ in range(3))
        hit += covers(difference(3 * a, b), 1.4)
        claims += difference(same, b).reliable
        interval = stats.ttest_ind(3 * a, b, equal_var=False).confidence_interval()
        welch += interval.low <= 1.4 <= interval.high
    assert hit >= 0.93 * 200
    assert hit > welch
    assert claims <= 0.05 * 200


def test_it_covers_overdispersed_counts_and_finds_a_double():
    rng = np.random.default_rng(5)
    hit = found = claims = 0
    for _ in range(200):
        a, b, same = rng.negative_binomial(4, 1 / 11, 28), rng.negative_binomial(4, 1 / 6, 28), None
        same = rng.negative_binomial(4, 1 / 6, 28)
        one = difference(a, b, "count")
        hit += covers(one, 20)
        found += one.verdict == "higher"
        claims += difference(same, b, "count").reliable
    assert hit >= 0.93 * 200
    assert found >= 0.95 * 200
    assert claims <= 0.06 * 200


@pytest.mark.parametrize("expected", [1, 3, 10])
def test_it_claims_few_differences_of_few_events(expected):
    """All outcomes of two equal Poisson counts, weighed by their probability."""
    chance = stats.poisson.pmf(np.arange(40), expected)
    wrong = sum(
        chance[i] * chance[j]
        for i in range(30)
        for j in range(i)
        if chance[i] * chance[j] > 1e-7 and difference(i, j, "count").reliable
    )
    assert 2 * wrong <= 0.05


def test_it_says_what_is_lacking():
    few = difference([1.0, 2.0, np.nan], [3.0] * 9)
    assert (few.verdict, few.reason) == ("not enough data", "The first side has 2 of at least 5 rows.")
    assert np.isnan(few.p)
    assert few.words("reels", "images") == f"Not enough data to compare reels with images: {few.reason}"
    assert difference([], []).verdict == "not enough data"
    assert difference([np.nan] * 9, [1.0] * 9).verdict == "not enough data"
    assert difference([4.0] * 9, [5.0] * 9).reason.startswith("nothing varies")
    assert difference(([0] * 9, [100] * 9), ([0] * 9, [100] * 9), "rate").reason.startswith("nothing was counted")
    assert difference((3, 4), (3, 4), "rate").verdict == "not enough data"


def test_it_borrows_the_spread_for_a_side_that_does_not_vary():
    varied = [1.0, 5, 9, 2, 7]
    found = difference([4.0] * 5, varied)
    assert found.notes == (pairs_of.BORROWED,)
    assert found.upper - found.lower > np.ptp(stats.ttest_1samp(varied, 0).confidence_interval())
    none = difference(([0] * 6, [1000] * 6), ([5, 90, 2, 40, 8, 60], [1000] * 6), "rate")
    assert none.upper - none.lower > np.ptp(limits((0, 6000), (205, 6000), "rate"))


def test_it_leaves_out_missing_posts_and_posts_without_trials():
    a = ([5, 9, np.nan, 7, 4, 8, 0], [100, 120, 90, 110, 95, 105, 0])
    known = ([5, 9, 7, 4, 8], [100, 120, 110, 95, 105])
    found = difference(a, known, "rate")
    assert found.n_a == 5
    assert found.estimate == 0
    assert "1 rows without numbers are left out." in found.notes


def test_it_takes_more_successes_than_trials_for_events():
    a, b = ([150, 90, 80, 120, 99], [100] * 5), ([20, 30, 25, 22, 28], [100] * 5)
    found = difference(a, b, "rate")
    assert found.kind == "count"
    assert pairs_of.OVER in found.notes
    assert found.verdict == "higher"


def test_it_reads_every_shape_of_a_rate_alike():
    top, under = np.array([5.0, 9, 7, 4, 8]), np.array([100.0, 120, 110, 95, 105])
    frame = pd.DataFrame({"clicks": top, "views": under})
    shapes = [(top, under), [top.tolist(), under.tolist()], frame, np.column_stack([top, under])]
    assert len({difference(shape, (30, 100), "rates").lower for shape in shapes}) == 1
    people = difference([1, 0, 1, 1, 0, 0, 0, 1], (40, 100), "rate")
    assert people.value_a == 0.5
    assert people.lower == difference((4, 8), (40, 100), "rate").lower


@pytest.mark.parametrize(
    ("a", "kind"),
    [((-1, 10), "rate"), ((1, math.inf), "rate"), (7, "rate"), ([3, 9, 4], "rate"), ([1.0] * 6, "median"), (([1, 2], [3]), "rate")],
    ids=["negative", "infinite", "no trials", "not 0 or 1", "unknown kind", "unequal lengths"],
)  # fmt: skip
def test_it_refuses_what_it_cannot_read(a, kind):
    with pytest.raises(ValueError, match=r"\.$"):
        difference(a, (1, 10), kind)
    with pytest.raises(ValueError, match="level"):
        difference((1, 10), (1, 10), "rate", level=95)


def test_it_copes_with_huge_tiny_and_negative_values():
    rng = np.random.default_rng(8)
    a = rng.normal(0, 1, 30)
    for shift, scale in ((0, 1e-100), (0, 1e100), (-1e6, 1.0)):
        found = difference(a * scale + shift, a * scale + shift + 3 * scale)
        assert found.verdict == "lower"
    assert math.isnan(difference(a - 1e6, a - 1e6 + 3).relative_lower), "a ratio of negative means says nothing"


def test_it_tells_the_result_in_words():
    found = difference((12, 1000), (10, 1000), "rate")
    assert found.words("reels", "images").startswith(
        "No reliable difference between reels (1.2 %) and images (1 %): it may"
    )
    assert "percentage points less to" in found.words()
    assert pairs_of.TOTALS in found.notes
    money = difference([1000.0, 1200, 1100, 1150, 1250, 1300], [10.0, 12, 14, 9, 8, 11])
    assert money.words("A", "B").startswith("Higher for A than for B, by 1,156 (95 % interval ")


def test_it_adjusts_p_as_statsmodels_does():
    p = np.random.default_rng(4).random(30) ** 3
    assert adjusted(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])
    assert adjusted(np.array([])).size == 0


def test_it_holds_false_discoveries_down_and_finds_the_planted():
    """In 100 worlds 4 of 16 rates differ: of the claims at most 1 in 20 may be false on average; in a null any is."""
    rng = np.random.default_rng(6)
    shares, found, null_worlds, naive = [], 0, 0, 0
    for _ in range(100):
        truth = np.r_[np.full(4, 0.09), np.full(12, 0.05)]
        pairs = [((rng.binomial(2000, rate), 2000), (rng.binomial(2000, 0.05), 2000)) for rate in truth]
        claims = np.array([one.reliable for one in many(pairs, "rate")])
        shares.append(claims[4:].sum() / max(1, claims.sum()))
        found += claims[:4].sum()
        null = many(pairs[4:], "rate")
        null_worlds += any(one.reliable for one in null)
        naive += any(one.p < 0.05 for one in null)
    assert np.mean(shares) <= 0.05
    assert found >= 0.85 * 400
    assert null_worlds <= 10
    assert naive > 0.3 * 100


def test_it_widens_the_intervals_of_what_was_picked():
    """Benjamini and Yekutieli 2005: R of m selected have the level 1 - R 0.05 / m, and agree with the claims."""
    pairs = {f"tag {k}": ((50 + 12 * k, 1000), (50, 1000)) for k in range(10)}
    found = many(pairs, "rate")
    claimed = [one for one in found.values() if one.reliable]
    assert 0 < len(claimed) < 10
    assert {round(one.level, 6) for one in claimed} == {round(1 - len(claimed) * 0.005, 6)}
    for name, one in found.items():
        assert one.reliable == (one.q <= 0.05) == (one.lower > 0 or one.upper < 0)
        assert one.q >= one.p
        assert not one.reliable or difference(*pairs[name], "rate").reliable
    assert sum(one.reliable for one in many(pairs, "rate", dependent=True).values()) <= len(claimed)


def test_it_is_unmoved_by_pairs_without_data_and_by_their_order():
    rng = np.random.default_rng(7)
    pairs = [(rng.normal(k, 1, 8), rng.normal(0, 1, 8)) for k in range(5)]
    plain = many(pairs)
    assert [one.q for one in many([*pairs, ([1.0], [2.0])])[:5]] == [one.q for one in plain]
    assert [one.q for one in many(pairs[::-1])] == [one.q for one in plain[::-1]]
    assert many({}) == {}


def test_it_finds_a_split_that_is_off():
    """Fabijan et al. 2019, section 1: 821,588 against 815,482 people."""
    off = sample_ratio(821_588, 815_482)
    assert not off.ok
    assert off.p == pytest.approx(stats.chisquare([821_588, 815_482]).pvalue, rel=0.01)
    assert sample_ratio(5100, 4900).ok
    assert sample_ratio(5100, 4900, planned=0.6).p < 1e-6
    with pytest.raises(ValueError, match="counts of 0 or more"):
        sample_ratio(-1, 5)


def test_it_agrees_on_sample_sizes_with_statsmodels():
    assert sample_size_rate(0.05, 0.01) == 8158, "Fleiss without continuity correction, as in Evan Miller's calculator"
    assert sample_size_rate(0.05, 0.01, spread=2) == pytest.approx(2 * 8158, abs=1)
    for size in (0.2, 0.5, 0.8):
        theirs = TTestIndPower().solve_power(size, power=0.9, alpha=0.05)
        assert abs(sample_size_mean(3.0, 3 * size, power=0.9) - theirs) <= 1.01


def test_it_may_be_looked_at_as_often_as_one_likes():
    """150 tests of nothing, looked at ten times each: the 95 % interval claims in many of them."""
    rng = np.random.default_rng(9)
    safe = peeked = found = 0
    for _ in range(150):
        a, b, better = (np.cumsum(rng.binomial(100, rate, 40)) for rate in (0.1, 0.1, 0.14))
        looks = [(int(n), (a[k], n), (b[k], n), (better[k], n)) for k, n in enumerate(100 * np.arange(1, 41))]
        safe += any(always_valid(x, y, planned=4000).reliable for _, x, y, _ in looks[::4])
        peeked += any(difference(x, y, "rate").reliable for _, x, y, _ in looks[::4])
        found += always_valid(looks[-1][3], looks[-1][2], planned=4000).verdict == "higher"
    assert safe <= 0.05 * 150
    assert peeked > 0.12 * 150
    assert found > 0.9 * 150


def test_it_waits_for_enough_people():
    assert always_valid((5, 20), (9, 300)).reason == "at least 25 people are needed on each side."
    assert always_valid((2, 200), (9, 300)).verdict == "not enough data"
    values = np.random.default_rng(1).normal(0, 1, (2, 100))
    found, fixed = always_valid(values[0], values[1], "mean"), difference(values[0], values[1])
    assert found.lower < fixed.lower < fixed.upper < found.upper
    with pytest.raises(ValueError, match="people"):
        always_valid((90, 60), (50, 60))
