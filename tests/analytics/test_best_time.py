"""Best times: what is planted is found, what is not there is not claimed, whoever posts when."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import best_time
from analytics.best_time import BETTER, FEWEST, FEWEST_ALL, NOTHING, SAME, WORSE, best_times

FEW = "not enough posts yet"


def world(seed, n=400, lift=0.0, hours=range(18, 22), accounts=3, noise=0.6):
    """Accounts of different sizes and growth that post at different hours, kinds that do and are posted differently."""
    random = np.random.default_rng(seed)
    account, kind = random.integers(0, accounts, n), random.integers(0, 3, n)
    usual = random.uniform(9, 20, accounts)[account] + random.normal(0, 2, 3)[kind]
    hour = np.clip(np.round(usual + random.normal(0, 3.5, n)), 0, 23).astype(int)
    day = random.integers(0, 365, n)
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(day * 24 + hour, unit="h")
    level = random.normal(6, 1.5, accounts)[account] + random.normal(0, 0.7, 3)[kind] + 1.5 * day / 365
    viral = np.where(random.random(n) < 0.03, random.exponential(2.5, n), 0)
    young = np.log1p(-np.exp(-(365.3 - day) / 1.5))
    rest = noise * random.normal(size=n) + viral + young + np.log1p(lift) * np.isin(hour, list(hours))
    return pd.DataFrame({
        "account": account, "kind": np.array(["image", "reel", "text"])[kind], "published_local": at,
        "engagement": random.poisson(np.exp(np.minimum(level + rest, 15))).astype(float), "impressions": np.nan,
    })  # fmt: skip


def slots(found, verdict):
    return found.slots[found.slots["verdict"] == verdict]


def test_it_claims_nothing_where_nothing_is():
    """Naive means always name a best slot; of confounded worlds without a pattern nearly none may (1 in 20)."""
    claims = []
    for seed in range(20):
        found = best_times(world(seed, n=300))
        said = (
            found.slots["verdict"].isin([BETTER, WORSE]).any() or found.weekdays["verdict"].isin([BETTER, WORSE]).any()
        )
        assert found.reliable or not said
        assert found.reliable or found.summary == NOTHING
        claims.append(found.reliable)
    assert sum(claims) <= 1


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_planted_evenings(seed):
    found = best_times(world(seed, n=1500, lift=0.6))
    assert found.reliable
    assert found.held_out_lift.lower > 0
    better = slots(found, BETTER)
    assert len(better) >= 4
    assert better["hour"].isin(range(17, 23)).mean() > 0.9
    evening = found.hours[found.hours["hour"].isin(range(18, 22)) & (found.hours["posts"] > 30)]
    assert (evening["lower"] > 0).any()
    assert "Best: " in found.summary


def test_it_finds_planted_days():
    posts = world(5, n=1500, noise=0.5)
    sunday = posts["published_local"].dt.day_of_week == 6
    found = best_times(posts.assign(engagement=posts["engagement"] * np.where(sunday, 2, 1)))
    assert found.reliable
    assert found.weekdays["lift"].idxmax() == 6
    assert found.weekdays["verdict"].iloc[6] == BETTER


def test_it_tells_the_size_of_what_was_planted():
    """Balanced by hand: half of the posts at 9, half at 19, 60 % better at 19: sqrt(1.6) above the mean, and below."""
    n = np.arange(2000)
    at = pd.Timestamp("2025-01-06") + pd.to_timedelta(n // 2 * 24 + np.where(n % 2, 19, 9), unit="h")
    value = np.where(n % 2, 1600.0, 1000.0) * np.exp(np.random.default_rng(1).normal(0, 0.3, len(n)))
    found = best_times(pd.DataFrame({"account": 1, "kind": "x", "published_local": at, "engagement": value}))
    assert found.hours["lift"].iloc[19] == pytest.approx(np.sqrt(1.6) - 1, abs=0.04)
    assert found.hours["lift"].iloc[9] == pytest.approx(1 / np.sqrt(1.6) - 1, abs=0.04)
    assert found.hours["lower"].iloc[19] < np.sqrt(1.6) - 1 < found.hours["upper"].iloc[19]
    assert found.held_out_lift.lower < 0.6 < found.held_out_lift.upper * 1.1


def test_it_is_not_taken_in_by_who_posts_when():
    """The large account posts in the evening: the mean of evenings is twenty times that of mornings."""
    random = np.random.default_rng(3)
    large = np.arange(600) % 2 == 0
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(600) // 2 * 24 + np.where(large, 20, 8), unit="h")
    value = np.where(large, 2000, 100) * np.exp(random.normal(0, 0.5, 600))
    found = best_times(pd.DataFrame({"account": large, "kind": "x", "published_local": at, "engagement": value}))
    assert not found.reliable
    assert found.slots["lift"].abs().max() < 0.2


def test_it_takes_out_the_age_that_is_told():
    """Evening posts are read an hour after publishing, morning ones after a month."""
    random = np.random.default_rng(4)
    n = np.arange(600)
    evening = n % 2 == 0
    age = np.where(evening, 0.04, 30) * random.uniform(0.9, 1.1, 600)
    value = np.where(evening, 20, 1000) * np.exp(random.normal(0, 0.4, 600))
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(n // 2 * 24 + np.where(evening, 20, 8), unit="h")
    posts = pd.DataFrame({"account": 1, "kind": "x", "published_local": at, "engagement": value})
    assert best_times(posts).reliable
    assert not best_times(posts.assign(age_days=age)).reliable


def test_it_judges_no_slot_with_too_few_posts():
    found = best_times(world(0, n=1500, lift=1.0))
    few = found.slots["posts"] < FEWEST
    told = found.slots.loc[few, "posts"].map(lambda n: f"{FEW} ({n} of {FEWEST})")
    assert few.any()
    assert (found.slots.loc[few, "verdict"] == told).all()
    assert found.slots.loc[~few, "verdict"].isin([BETTER, WORSE, SAME]).all()


def test_it_lays_out_the_week():
    found = best_times(world(1))
    assert list(found.slots.columns) == ["weekday", "hour", "posts", "lift", "lower", "upper", "verdict"]
    assert found.slots["posts"].sum() == found.hours["posts"].sum() == found.weekdays["posts"].sum() == 400
    at = world(1)["published_local"]
    mondays_at_ten = ((at.dt.day_of_week == 0) & (at.dt.hour == 10)).sum()
    assert found.slots.loc[10, ["weekday", "hour", "posts"]].tolist() == [0, 10, mondays_at_ten]
    assert (found.slots["lower"] <= found.slots["lift"]).all()
    assert (found.slots["lift"] <= found.slots["upper"]).all()


@pytest.mark.parametrize("n", [0, 1, FEWEST_ALL - 1])
def test_it_waits_for_posts(n):
    found = best_times(world(2).head(n))
    assert not found.reliable
    assert found.slots[["lift", "lower", "upper"]].isna().all(axis=None)
    assert np.isnan(found.held_out_lift.value)
    assert found.summary == f"Not enough posts yet ({n} of {FEWEST_ALL}) to look for best times."
    assert len(found.slots) == 168


@pytest.mark.parametrize(
    "change",
    [
        {"engagement": np.nan},
        {"engagement": -1.0},
        {"engagement": np.inf},
        {"published_local": pd.NaT},
    ],
    ids=["unknown", "negative", "infinite", "no time"],
)
def test_it_leaves_out_what_it_can_not_judge(change):
    posts = world(3)
    more = pd.concat([posts, posts.head(50).assign(**change)], ignore_index=True)
    pd.testing.assert_frame_equal(best_times(more).slots, best_times(posts).slots)


@pytest.mark.parametrize("value", [0.0, 7.0, 1e12])
def test_it_claims_nothing_of_posts_that_are_all_alike(value):
    found = best_times(world(3).assign(engagement=value))
    assert not found.reliable
    assert np.allclose(found.slots["lift"], 0)


def test_it_cares_for_no_labels_of_rows():
    posts = world(8, n=120)
    same = posts.set_axis(np.zeros(len(posts), dtype=int))
    pd.testing.assert_frame_equal(best_times(same).slots, best_times(posts).slots)


def test_it_claims_nothing_of_one_slot():
    found = best_times(world(3).assign(published_local=pd.Timestamp("2026-01-05 09:00")))
    assert not found.reliable
    assert found.slots["posts"].max() == 400


def test_it_keeps_the_clock_of_a_time_zone():
    posts = world(4)
    zoned = posts.assign(published_local=posts["published_local"].dt.tz_localize("UTC"))
    pd.testing.assert_frame_equal(best_times(zoned).slots, best_times(posts).slots)


@settings(max_examples=2, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(-60, 60))
def test_it_is_unmoved_by_order_names_and_whole_weeks(random, weeks):
    posts = world(6, n=200, lift=1.0)
    order = list(range(len(posts)))
    random.shuffle(order)
    other = posts.iloc[order].assign(account=lambda frame: "n" + frame["account"].astype(str))
    other["published_local"] += pd.Timedelta(weeks=weeks)
    plain, turned = best_times(posts), best_times(other, seed=9)
    numbers = ["posts", "lift", "lower", "upper"]
    assert np.allclose(plain.slots[numbers], turned.slots[numbers], atol=1e-6)
    assert plain.reliable == turned.reliable
    assert plain.held_out_lift.value == pytest.approx(turned.held_out_lift.value, abs=1e-6)


def test_it_is_unmoved_by_an_account_growing_a_hundredfold():
    posts = world(7, n=300, lift=1.0)
    first = posts["account"] == 0
    larger = posts.assign(engagement=np.where(first, 100 * posts["engagement"] + 99, posts["engagement"]))
    assert np.allclose(best_times(posts).slots["lift"], best_times(larger).slots["lift"], atol=1e-6)


def test_it_estimates_as_a_textbook_does():
    """With no pairs and no averaging the effects are those of a random-effects regression: (K^-1 + Z'Z)^-1 Z'y."""
    inner, outer = np.diag([50.0, 20.0, 5.0]), np.array([10.0, -4.0, 3.0])
    _, mean, covariance = best_time._given(np.array([0.3, 0.3, 0.3]), inner, outer)
    exact = np.linalg.inv(np.eye(3) / 0.09 + inner)
    assert np.allclose(covariance, exact)
    assert np.allclose(mean, exact @ outer)
