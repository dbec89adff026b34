"""The four wide views say what the rows say: unknown is NULL, rates are sum over sum."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import text

from analytics.score import performance
from core import records
from core.clock import epoch_day, epoch_ms
from core.metric import Adds, Dimension, Direction, Metric, Unit
from storage import catalog, entities, facts, readings, workspaces

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = date(2026, 11, 20)
NAMES = (
    "followers", "views", "likes", "comments", "shares", "replies", "reposts", "impressions", "saves", "link_clicks",
    "reach", "posts_total", "following", "viewer_share",
)  # fmt: skip
SHIFT = 300
"""Ids that are not the registry's: the views may know names only."""
METRIC = {name: SHIFT + number for number, name in enumerate(NAMES)}
DIMENSION = {"total": 0, "country": 41, "age": 42, "age_gender": 43, "gender": 44}


@pytest.fixture
def workspace(database):
    with database.write() as connection:
        metrics = [
            Metric(number, name, name, Unit.COUNT, Direction.UP, Adds.FLOW, "") for name, number in METRIC.items()
        ]
        catalog.write(connection, metrics, [Dimension(number, name, name) for name, number in DIMENSION.items()])
        return workspaces.create(connection, "Shop", now=NOW)


def account(connection, workspace, platform="instagram"):
    return entities.upsert_accounts(connection, workspace, platform, [records.Account("1", "Us")], now=NOW)["1"]


def post(connection, workspace, owner, name, **counters):
    kept = records.Post(name, "reel", NOW, text=name)
    made = entities.upsert_posts(connection, workspace, owner, [kept])[name]
    readings.write(connection, workspace, [(made, METRIC[metric], 5000, value) for metric, value in counters.items()])
    return made


def days(connection, workspace, owner, values, **where):
    dimension = DIMENSION[where.get("dimension", "total")]
    rows = [
        (METRIC[metric], 1, dimension, epoch_day(day), owner, member, value)
        for (metric, day, member), value in values.items()
    ]
    facts.write(connection, workspace, rows, epoch_ms(NOW))


def rows(database, view, order="id"):
    with database.read() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {view} ORDER BY {order}")).mappings()]


def as_date(value):
    return date.fromisoformat(str(value)[:10])


def test_it_shows_posts_with_null_for_what_nobody_knows(database, workspace):
    with database.write() as connection:
        owner = account(connection, workspace)
        full = post(
            connection, workspace, owner, "a", impressions=200.0, likes=6.0, comments=3.0, shares=1.0, link_clicks=4.0
        )
        half = post(connection, workspace, owner, "b", likes=6.0)
        zero = post(connection, workspace, owner, "c", impressions=0.0, likes=1.0)
        bare = post(connection, workspace, owner, "d")
    found = {row["id"]: row for row in rows(database, "post_analytics")}
    assert found[full]["engagement_rate"] == pytest.approx(100 * (6 + 3 + 1) / 200)
    assert (found[full]["clicks"], found[full]["platform"]) == (4, "instagram")
    assert as_date(found[full]["published_at"]) == NOW.date()
    assert as_date(found[full]["synced_at"]) == date(1970, 1, 1)
    assert (found[half]["likes"], found[half]["comments"], found[half]["engagement_rate"]) == (6, None, None)
    assert found[zero]["engagement_rate"] is None
    assert (found[bare]["likes"], found[bare]["synced_at"]) == (None, None)


def test_it_counts_a_reply_and_a_repost_on_x_as_comment_and_share(database, workspace):
    with database.write() as connection:
        owner = account(connection, workspace, "x")
        post(connection, workspace, owner, "a", impressions=100.0, likes=1.0, replies=2.0, reposts=3.0)
    (found,) = rows(database, "post_analytics")
    assert (found["comments"], found["shares"], found["engagement_rate"]) == (2, 3, pytest.approx(6.0))


def test_it_scores_posts_as_the_program_does(database, workspace):
    """The view ranks in SQL what `analytics.score` ranks in pandas; one definition, two ways to compute it."""
    rng = np.random.default_rng(5)
    expected = []
    with database.write() as connection:
        owners = [account(connection, workspace, platform) for platform in ("instagram", "youtube")]
        for number in range(80):
            owner, kind = owners[number % 2], ("reel", "image")[number % 3 == 0]
            age = float(rng.choice([0.5, 2, 5, 20, 200]))
            kept = records.Post(str(number), kind, datetime.now(UTC) - timedelta(days=age))
            made = entities.upsert_posts(connection, workspace, owner, [kept])[kept.external_id]
            likes, views = (float(value) if rng.random() < 0.9 else None for value in rng.integers(0, 6, 2))
            counters = [(METRIC["likes"], likes), (METRIC["views"], views)]
            readings.write(connection, workspace, [(made, metric, 5, v) for metric, v in counters if v is not None])
            expected.append((made, owner, kind, age, likes, views))
    columns = ["id", "account_id", "kind", "age_days", "engagement", "exposure"]
    posts = pd.DataFrame(expected, columns=columns).set_index("id")
    found = pd.DataFrame(rows(database, "content_performance")).set_index("id")["performance_score"].astype(float)
    pd.testing.assert_series_equal(found.sort_index(), performance(posts).sort_index(), check_names=False)
    assert found.notna().sum() > 20 < len(found)


def test_it_rates_a_post_by_the_exposure_it_has(database, workspace):
    with database.write() as connection:
        owner = account(connection, workspace)
        post(connection, workspace, owner, "views", likes=30.0, views=100.0, impressions=7.0)
        post(connection, workspace, owner, "reach", likes=30.0, reach=300.0)
        post(connection, workspace, owner, "none", likes=30.0)
    found = {row["platform_post_id"]: row for row in rows(database, "content_performance")}
    assert {name: row["engagement_rate"] for name, row in found.items()} == {"views": 30, "reach": 10, "none": None}
    assert (found["views"]["saves"], found["views"]["reach"], found["views"]["performance_score"]) == (None,) * 3
    assert as_date(found["views"]["published_at"]) == NOW.date()


def test_it_shows_days_of_accounts(database, workspace):
    before, gap = date(2026, 11, 19), date(2026, 11, 10)
    with database.write() as connection:
        owner = account(connection, workspace)
        days(connection, workspace, owner, {
            ("followers", gap, 0): 50.0, ("followers", before, 0): 100.0, ("followers", TODAY, 0): 110.0,
            ("views", TODAY, 0): 400.0, ("likes", TODAY, 0): 8.0, ("comments", TODAY, 0): 2.0,
            ("posts_total", TODAY, 0): 12.0,
        })  # fmt: skip
        days(connection, workspace, owner, {("views", TODAY, 1): 9999.0}, dimension="country")
    found = {as_date(row["metric_date"]): row for row in rows(database, "user_metrics")}
    today = found[TODAY]
    assert (today["followers_count"], today["total_views"], today["total_engagement"]) == (110, 400, 10)
    assert (today["engagement_rate"], today["growth_rate"]) == (pytest.approx(2.5), pytest.approx(10.0))
    assert (today["following_count"], today["posts_count"]) == (None, 12)
    assert (found[before]["growth_rate"], found[before]["engagement_rate"], found[before]["total_views"]) == (None,) * 3
    assert len({row["id"] for row in found.values()}) == len(found) == 3


def test_it_gives_the_same_totals_as_the_rows(database, workspace):
    """A month of days of two accounts: what the view adds up to is what Python adds up to."""
    values = {}
    with database.write() as connection:
        for number, platform in enumerate(("instagram", "youtube")):
            owner = account(connection, workspace, platform)
            own = {
                (metric, date(2026, 11, day), 0): float((day * 7 + number * 3) % 11)
                for day in range(1, 21)
                for metric in ("views", "likes", "comments", "shares")
                if (day + number) % 5
            }
            days(connection, workspace, owner, own)
            values[platform] = own
    with database.read() as connection:
        found = connection.execute(
            text("SELECT platform, SUM(total_views), SUM(total_engagement) FROM user_metrics GROUP BY platform")
        ).all()
    for platform, views, engagement in found:
        assert views == sum(value for (metric, _, _), value in values[platform].items() if metric == "views")
        assert engagement == sum(value for (metric, _, _), value in values[platform].items() if metric != "views")
    assert len(found) == 2


def test_it_shows_audiences_by_their_newest_split(database, workspace):
    old = date(2026, 10, 20)
    with database.write() as connection:
        owner = account(connection, workspace)
        bare = account(connection, workspace, "x")
        days(connection, workspace, owner, {("followers", old, 0): 80.0, ("followers", TODAY, 0): 100.0})
        country = entities.member_ids(connection, workspace, DIMENSION["country"], {"DE": "Germany", "FR": "France"})
        days(
            connection, workspace, owner,
            {("followers", old, country["FR"]): 80.0, ("followers", TODAY, country["DE"]): 60.0,
             ("followers", TODAY, country["FR"]): 40.0, ("views", TODAY, country["FR"]): 1.0},
            dimension="country",
        )  # fmt: skip
        both = entities.member_ids(connection, workspace, DIMENSION["age_gender"], {"18-24 F": ""})
        days(connection, workspace, owner, {("viewer_share", TODAY, both["18-24 F"]): 0.5}, dimension="age_gender")
    found = {row["id"]: row for row in rows(database, "audience_insights")}

    def parts(name):
        value = found[owner][name]
        return json.loads(value) if isinstance(value, str) else value

    assert found[owner]["followers_count"] == 100
    assert found[owner]["follower_growth_rate"] == pytest.approx(100 * (100 - 80) / 80)
    assert parts("location_demographics") == {"DE": 60, "FR": 40}
    assert parts("age_demographics") == parts("gender_demographics") == {"18-24 F": 0.5}
    assert [found[bare][name] for name in ("followers_count", "follower_growth_rate", "age_demographics")] == [None] * 3
