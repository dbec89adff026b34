"""The simulated world: the same past for ever, counters that never fall, totals that add up."""

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sandbox.view import emptied
from sandbox.world import AccountSpec, Kind, World, base64_id, days_of, digits, snowflake

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=150)
SPEC = AccountSpec(
    platform="test",
    key="main",
    external_id="1",
    title="Northwind Coffee",
    handle="northwind",
    shows="a busy account",
    day_zone="America/Los_Angeles",
    followers=5000,
    gained_per_day=9,
    lost_per_day=4,
    posts_per_week=6,
    views_per_post=900,
    kinds={"post": Kind(0.8), "story": Kind(0.2, 0.3, half_life_h=4, tail=0, lives_h=24)},
    rates={"likes": 0.04, "comments": 0.003},
    daily_rates={"reach": 0.7},
    post_id=digits,
)
MONTH = days_of(date(2026, 10, 1), date(2026, 10, 31))


@pytest.fixture(scope="module")
def account():
    return World(NOW).account(SPEC)


def test_it_draws_the_same_world_again(account):
    again = World(NOW).account(SPEC)
    assert again.posts(NOW) == account.posts(NOW)
    assert (again.counters("likes", NOW) == account.counters("likes", NOW)).all()


def test_it_draws_another_world_from_another_seed(account):
    other = World(NOW, seed=1).account(SPEC)
    assert other.daily("views", MONTH).tolist() != account.daily("views", MONTH).tolist()


def test_it_keeps_the_past_when_seen_from_later(account):
    """A later `now` crosses into another year, which only adds to the world."""
    later = World(LATER).account(SPEC)
    assert later.last_year > account.last_year
    assert later.posts(NOW) == account.posts(NOW)
    for metric in ("views", "likes", "reach", "followers_gained", "followers_lost"):
        assert later.daily(metric, MONTH).tolist() == account.daily(metric, MONTH).tolist()
    assert (later.counters("comments", NOW) == account.counters("comments", NOW)).all()
    assert later.followers(NOW) == account.followers(NOW)


def test_it_moves_time_without_a_new_world():
    world = World(NOW)
    before = len(world.account(SPEC).posts(world.now()))
    world.travel(LATER)
    assert len(world.account(SPEC).posts(world.now())) > before
    assert len(world.account(SPEC).posts(NOW)) == before


def test_it_spans_more_than_two_years_and_ends_now(account):
    posts = account.posts(NOW)
    assert NOW - posts[0].published_at > timedelta(days=800)
    assert timedelta(0) < NOW - posts[-1].published_at < timedelta(days=5)


def test_it_never_lets_a_counter_fall(account):
    moments = [NOW - timedelta(hours=7 * step) for step in range(120, -1, -1)]
    rows = np.arange(len(account.posts(NOW)))
    for metric in ("views", "likes", "comments"):
        assert (np.diff(account.counters_at(metric, rows, moments), axis=1) >= 0).all()


def test_it_counts_nothing_before_publication(account):
    newest = account.posts(NOW)[-1]
    before = newest.published_at - timedelta(minutes=1)
    assert account.counters_at("views", np.array([newest.index]), [before]).tolist() == [[0]]


def test_it_lets_posts_earn_fast_at_first(account):
    posts = [
        post for post in account.posts(NOW) if post.kind == "post" and NOW - post.published_at > timedelta(days=60)
    ]
    rows = np.array([post.index for post in posts[-80:]])
    day = [
        [int(account.counters_at("views", np.array([i]), [account._posts[i].published_at + age])[0, 0]) for i in rows]
        for age in (timedelta(days=1), timedelta(days=60))
    ]
    assert 0.35 < sum(day[0]) / sum(day[1]) < 0.9


def test_it_ends_stories_after_a_day(account):
    story = next(post for post in account.posts(NOW) if post.kind == "story")
    after = [story.published_at + timedelta(days=days) for days in (3, 300)]
    ended, later = account.counters_at("views", np.array([story.index]), after)[0].tolist()
    assert ended == later > 0


def test_it_adds_days_up_to_the_counters(account):
    """For each post the days up to now sum to its counter, and the posts of a day to the account's day."""
    until_now = days_of(account.days[0], account.today(NOW))
    by_post = account.post_daily("likes", until_now, NOW)
    assert by_post.sum(axis=1)[: len(account.posts(NOW))].tolist() == account.counters("likes", NOW).tolist()
    assert by_post.sum(axis=0).tolist() == account.daily("likes", until_now, NOW).tolist()


def test_it_adds_splits_up_to_the_day(account):
    total = account.daily("views", MONTH)
    for dimension in ("country", "device", "age_gender", "city"):
        parts = account.split("views", dimension, MONTH)
        assert (sum(parts.values()) == total).all()
        assert all((part >= 0).all() for part in parts.values())


def test_it_keeps_followers_and_their_flows_in_step(account):
    first, last = account.followers_on([MONTH[0] - timedelta(days=1)])[0], account.followers_on(MONTH)[-1]
    net = account.daily("followers_gained", MONTH).sum() - account.daily("followers_lost", MONTH).sum()
    assert last - first == net


def test_it_shows_only_the_part_of_today_that_has_passed(account):
    today = account.today(NOW)
    for metric in ("views", "reach", "followers_gained"):
        part, whole = account.daily(metric, [today], NOW)[0], account.daily(metric, [today])[0]
        assert 0 <= part < whole
    assert account.daily("views", [today + timedelta(days=1)], NOW).tolist() == [0]


def test_it_has_weekdays_and_hours(account):
    posts = account.posts(NOW)
    weekend = sum(post.published_at.weekday() >= 5 for post in posts) / len(posts)
    assert weekend < 0.22
    assert sum(post.published_at.hour in range(0, 4) for post in posts) < 0.03 * len(posts)


def test_it_plants_what_it_says(account):
    """Spikes stand out from their neighbours, and each kind of plant is there."""
    kinds = {plant.what.split(" post ")[0] for plant in account.planted}
    assert {"spike", "drop", "restated", "silent", "people leaving", "viral"} <= kinds
    spikes = [plant for plant in account.planted if plant.what == "spike" and date(2025, 1, 1) < plant.day < NOW.date()]
    for plant in spikes:
        around = days_of(plant.day - timedelta(days=3), plant.day + timedelta(days=3))
        views = account.daily("views", around)
        assert views[3] > 1.2 * np.median(np.delete(views, 3)), plant


def test_it_shows_days_late_and_provisional_and_leaves_silent_ones_out(account):
    shown = dict(account.shown(days_of(date(2026, 10, 1), date(2026, 11, 21)), NOW, timedelta(hours=48)))
    assert date(2026, 10, 12) not in shown
    assert max(shown) == date(2026, 11, 18)
    assert shown[date(2026, 11, 18)] == pytest.approx(0.94)
    assert shown[date(2026, 11, 15)] == 1.0


def test_it_restates_a_planted_day(account):
    plant = next(plant for plant in account.planted if plant.what == "restated" and plant.day.year == 2026)
    end = datetime(plant.day.year, plant.day.month, plant.day.day, tzinfo=UTC) + timedelta(days=1, hours=8)
    assert account.shown([plant.day], end + timedelta(hours=2)) == [(plant.day, 1.15)]
    assert account.shown([plant.day], end + timedelta(hours=72)) == [(plant.day, 1.0)]


def test_it_has_an_empty_twin():
    empty = World(NOW).account(emptied(SPEC))
    assert empty.posts(NOW) == []
    assert empty.followers(NOW) == 0
    assert empty.counters("likes", NOW).tolist() == []
    assert empty.daily("views", MONTH).sum() == 0


@pytest.mark.parametrize(("make", "pattern"), [(snowflake, r"\d{19}"), (digits, r"\d{17}"), (base64_id, r"[\w-]{11}")])
def test_it_makes_ids_in_the_platforms_style(make, pattern):
    made = {make(number, NOW + timedelta(minutes=number)) for number in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(pattern, text) for text in made)


def test_it_plants_text_that_must_stay_text(account):
    bodies = "".join(post.text.body for post in account.posts(NOW))
    assert "=HYPERLINK" in bodies
    assert "<script>" in bodies


def test_it_divides_the_audience_into_shares_of_one(account):
    assert sum(account.shares("age_gender").values()) == pytest.approx(1)
