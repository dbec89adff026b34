"""The registry: every metric is whole, can be traced to a platform, and is found by its name."""

import pytest

from analytics.metrics import definitions, registry
from analytics.metrics.registry import BY_ID, DIMENSIONS, METRICS
from core.errors import BadQuestion
from core.metric import Adds, Direction, Unit

ASKED_FOR = {
    "linkedin": ("impressions", "post_clicks", "likes", "comments", "shares"),
    "x": ("impressions", "reposts", "likes", "replies", "quotes", "bookmarks", "link_clicks", "views", "followers"),
    "facebook": ("reach", "impressions", "engaged_users", "post_clicks", "likes", "comments", "shares"),
    "instagram": ("reach", "impressions", "likes", "comments", "saves", "shares", "views", "profile_visits",
                  "story_navigation", "followers_gained"),
    "youtube": ("views", "likes", "dislikes", "comments", "watch_time", "retention_sum", "followers_gained", "revenue"),
    "tiktok": ("views", "likes", "shares", "comments", "profile_visits", "followers", "retention_sum"),
}  # fmt: skip
"""The platform metrics of the request (S1-m, S2-yt, S2-tt, S2-ig, S2-x)."""


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_it_declares_every_metric_whole(metric):
    assert 1 <= metric.id <= 199
    assert metric.definition.endswith(".")
    assert metric.title
    assert metric.derived != bool(metric.sources), "a metric is either stored and has sources, or derived"
    for name in (*metric.terms, *metric.minus, *filter(None, (metric.numerator, metric.denominator, metric.change_of))):
        assert name in METRICS


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_it_never_stores_a_ratio(metric):
    if metric.adds in (Adds.RATIO, Adds.WEIGHTED):
        assert metric.derived
        assert metric.numerator
        assert metric.denominator


@pytest.mark.parametrize(("platform", "names"), ASKED_FOR.items(), ids=ASKED_FOR.keys())
def test_it_has_every_metric_that_was_asked_for(platform, names):
    for name in names:
        assert platform in METRICS[name].platforms, f"{platform} {name}"


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS.keys())
def test_it_knows_what_replaced_a_retired_source(metric):
    for source in metric.sources:
        if source.replaced_by:
            assert source.valid_to
            assert source.replaced_by in METRICS
        if source.valid_from and source.valid_to:
            assert source.valid_from <= source.valid_to


def test_it_numbers_metrics_and_dimensions_once():
    assert len(BY_ID) == len(METRICS)
    assert [dimension.id for dimension in DIMENSIONS.values()] == list(range(len(DIMENSIONS)))


def test_it_knows_which_way_is_good():
    assert METRICS["views"].direction is Direction.UP
    assert METRICS["followers_lost"].direction is Direction.DOWN
    assert METRICS["dislikes"].direction is Direction.DOWN
    assert METRICS["following"].direction is Direction.NEITHER
    assert METRICS["revenue"].unit is Unit.MONEY


def test_it_marks_the_end_of_instagram_impressions():
    source = next(source for source in METRICS["impressions"].sources if source.platform == "instagram")
    assert source.valid_to is not None
    assert source.valid_to.isoformat() == "2025-04-21"
    assert source.replaced_by == "views"
    assert "2 July 2024" in source.note


def test_it_names_near_matches_for_an_unknown_metric():
    with pytest.raises(BadQuestion, match="engagement_rate"):
        registry.metric("engagment_rate")
    with pytest.raises(BadQuestion, match="reference page"):
        registry.metric("zzzz")
    with pytest.raises(BadQuestion, match="country"):
        registry.dimension("contry")


def test_it_expands_a_derived_metric_to_what_is_stored():
    assert registry.expand("views") == ("views",)
    assert registry.expand("follower_growth_rate") == ("followers_gained", "followers_lost", "followers")
    assert all(not METRICS[name].derived for metric in METRICS for name in registry.expand(metric))


def test_it_counts_replies_as_comments_and_reposts_as_shares_on_x():
    assert definitions.terms("seed", "x") == ("likes", "replies", "reposts")
    assert definitions.terms("full", "x") == ("likes", "replies", "reposts", "quotes", "bookmarks")
    assert "saves" in definitions.terms("full", "instagram")
    with pytest.raises(BadQuestion, match="seed, full"):
        definitions.terms("other", "x")


@pytest.mark.parametrize("version", definitions.ENGAGEMENT)
def test_it_counts_only_what_engagement_may_consist_of(version):
    for names in definitions.ENGAGEMENT[version].values():
        assert set(names) <= set(METRICS["engagement"].terms)
