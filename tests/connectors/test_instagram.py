"""Instagram through real HTTP: exact days, honest gaps, one bad metric, hidden likes, short-lived stories, tokens."""

import json
import logging
import sys
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from analytics.metrics.registry import DIMENSIONS, METRICS
from connectors import instagram, meta_graph, meta_login, oauth
from connectors.base import Source, Window
from connectors.http import Client
from connectors.instagram import CONNECTOR, STREAMS
from core.clock import day_end
from core.errors import (
    AuthorisationExpired,
    BadSetting,
    NotOffered,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.ports import AppKeys, Token
from core.records import Coverage, Fact, Post, State
from sandbox.instagram import BUSINESS_SINCE, MAIN, PORTFOLIO, SMALL, hides_likes
from sandbox.server import Running
from tests.connectors.desk import NoLimits, Tokens
from tests.connectors.stage import facts, readings

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
ZONE = "America/Los_Angeles"
TODAY = date(2026, 11, 18)
KEYS = AppKeys("1234567890", "an-app-secret")
REDIRECT = "http://localhost:8501/oauth/callback"
BY_NAME = {stream.name: stream for stream in STREAMS}


@pytest.fixture
def gateway(sandbox: Running) -> Running:
    sandbox.world.travel(NOW)
    return sandbox


def bare(gateway: Running, tokens: Tokens | None = None) -> Client:
    now = gateway.world.now
    return Client(CONNECTOR, tokens, KEYS, NoLimits(), gateway=gateway.url, now=now, sleep=lambda _seconds: None)


def consent(gateway: Running, login: str = "northwind", without: str = "") -> str:
    address = oauth.consent_url(CONNECTOR, KEYS, REDIRECT, "s", "", gateway.url, streams=BY_NAME)
    form = {"decision": "allow", "login": login, "without": without}
    reply = requests.post(address, data=form, allow_redirects=False, timeout=10)
    return parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]


def short_token(gateway: Running, login: str = "northwind", without: str = "") -> Token:
    code = consent(gateway, login, without)
    return oauth.fetch_token(CONNECTOR, KEYS, REDIRECT, code, "", gateway.url, now=gateway.world.now())


def connect(gateway: Running, login: str = "northwind", handle: str = "", without: str = "") -> Source:
    """A source as the sync makes it, with a long-lived token."""
    token = meta_login.exchange(bare(gateway), KEYS, short_token(gateway, login, without))
    client = bare(gateway, Tokens(token))
    accounts = list(CONNECTOR.accounts(client))
    account = next(a for a in accounts if not handle or a.handle == handle)
    return Source(client, account, posts=())  # type: ignore[arg-type]


def read(source: Source, name: str, first: date = TODAY, last: date = TODAY, now: datetime = NOW) -> list:
    return list(BY_NAME[name].read(source, Window(first, last, now)))


def refused(records: list) -> dict[str, str]:
    return {r.metric: r.reason for r in records if isinstance(r, Coverage) and r.state is State.NOT_OFFERED}


# -- what it reads ----------------------------------------------------------------------------------------------------


def test_it_finds_the_professional_accounts(gateway):
    source = connect(gateway)
    found = list(CONNECTOR.accounts(source.client))
    assert [account.handle for account in found] == ["northwind.coffee", "northwind.school"]
    assert found[0].external_id == MAIN.external_id
    assert found[0].time_zone == ZONE
    assert list(CONNECTOR.accounts(connect_nobody(gateway))) == []


def connect_nobody(gateway: Running) -> Client:
    return bare(gateway, Tokens(short_token(gateway, "nobody")))


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_it_yields_what_each_stream_declares(gateway, stream):
    records = read(connect(gateway), stream.name, TODAY - timedelta(days=4), TODAY)
    assert records
    metrics = {record.metric for record in records if hasattr(record, "metric")}
    assert metrics <= set(stream.metrics)
    assert all("instagram" in METRICS[name].platforms for name in stream.metrics)
    assert {r.member.dimension for r in records if isinstance(r, Fact) and r.member} <= set(DIMENSIONS)


@pytest.mark.parametrize("stream", STREAMS, ids=lambda stream: stream.name)
def test_it_reads_the_same_twice(gateway, stream):
    source = connect(gateway)
    once, again = (read(source, stream.name, TODAY - timedelta(days=4), TODAY) for _ in range(2))
    assert once == again


def test_it_reads_the_profile_as_stocks_of_today(gateway):
    records = read(connect(gateway), "profile")
    view = gateway.world.account(MAIN)
    assert facts(records, "followers") == {TODAY: view.followers(NOW)}
    assert set(facts(records, "following").values()) == {312}
    assert facts(records, "posts_total")[TODAY] == len([p for p in view.posts(NOW) if p.kind != "story"])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 7, 1), date(2026, 7, 5)),
        (date(2026, 1, 29), date(2026, 2, 2)),
        (date(2026, 3, 7), date(2026, 3, 9)),
        (date(2025, 11, 1), date(2025, 11, 3)),
        (date(2025, 12, 30), date(2026, 1, 2)),
    ],
    ids=["summer", "end of month", "clocks forward", "clocks back", "new year"],
)
def test_it_puts_values_on_the_pacific_day(gateway, first, last):
    source = connect(gateway)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    world = gateway.world.account(MAIN)
    series, totals = read(source, "series", first, last), read(source, "totals", first, last)
    assert facts(series, "reach") == dict(zip(days, world.daily("reach", days), strict=True))
    assert facts(totals, "views") == dict(zip(days, world.daily("views", days), strict=True))
    assert facts(totals, "followers_lost") == dict(zip(days, world.daily("followers_lost", days), strict=True))


@pytest.mark.parametrize("end_time", ["2024-01-15T07:00:00+0000", "2024-01-15T08:00:00+0000"])
def test_it_reads_end_times_that_are_an_hour_off(end_time):
    assert meta_graph.day_until(end_time) == date(2024, 1, 14)


def test_it_reads_a_full_window_over_the_night_the_clocks_go_back(gateway):
    """Thirty days of which one has 25 hours are more than Instagram's 30 days; it refuses them."""
    source, days = connect(gateway), BY_NAME["series"].window_days
    first = date(2026, 10, 14)
    assert len(facts(read(source, "series", first, first + timedelta(days=days - 1)), "reach")) == days
    with pytest.raises(RefusedRequest, match="30 days"):
        read(source, "series", first, first + timedelta(days=29))


def test_it_counts_new_followers_once_from_two_sources(gateway):
    source, world = connect(gateway), gateway.world.account(MAIN)
    first, last = TODAY - timedelta(days=36), TODAY - timedelta(days=20)
    counted = facts(read(source, "series", first, last), "followers_gained")
    split = facts(read(source, "totals", first, last), "followers_gained")
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert not set(counted) & set(split)
    assert counted | split == dict(zip(days, world.daily("followers_gained", days), strict=True))


def test_it_leaves_out_the_running_day_and_days_not_shown_yet(gateway):
    source = connect(gateway)
    for name in ("series", "totals", "kinds"):
        days = {
            record.day for record in read(source, name, TODAY - timedelta(days=3), TODAY) if isinstance(record, Fact)
        }
        assert max(days) == TODAY - timedelta(days=2), "no 0 stands for a day that is not known"
    assert facts(read(source, "totals", TODAY - timedelta(days=3), TODAY), "followers_lost").keys() == {
        TODAY - timedelta(days=3)
    }
    assert read(source, "series", TODAY, TODAY) == []


def test_it_keeps_reach_of_28_days_apart_from_reach_of_a_day(gateway):
    records = read(connect(gateway), "series", TODAY - timedelta(days=5), TODAY)
    day, days_28 = facts(records, "reach"), facts(records, "reach", grain="days_28")
    assert day.keys() == days_28.keys()
    assert all(days_28[key] > day[key] for key in day)


def test_it_splits_by_kind_and_by_who_follows(gateway):
    source, day = connect(gateway), date(2026, 10, 10)
    total = facts(read(source, "totals", day, day), "views")[day]
    kinds = facts(read(source, "kinds", day, day), "views", "content_kind")
    assert {key for _, key in kinds} <= {"post", "carousel", "reel", "story"}
    assert sum(kinds.values()) == total
    follow = facts(read(source, "totals", day, day), "views", "follow_type")
    assert {key for _, key in follow} == {"follower", "non_follower", "unknown"}
    assert sum(follow.values()) == total


def test_it_takes_two_requests_a_day(gateway):
    source = connect(gateway)
    before = source.client.requests_made
    read(source, "totals", date(2026, 10, 1), date(2026, 10, 5))
    assert source.client.requests_made - before == 10


# -- posts and stories ------------------------------------------------------------------------------------------------


def test_it_reads_posts_with_kind_tags_and_counters(gateway):
    records = read(connect(gateway), "media", date(2026, 8, 1), date(2026, 10, 31))
    posts = {record.external_id: record for record in records if isinstance(record, Post)}
    world = gateway.world.account(MAIN)
    expected = [
        p for p in world.posts(NOW) if p.kind != "story" and date(2026, 8, 1) <= pacific(p) <= date(2026, 10, 31)
    ]
    assert set(posts) == {post.id for post in expected}
    assert {posts[post.id].kind for post in expected} == {"image", "carousel", "reel"}
    sample = expected[-1]
    assert posts[sample.id].published_at == sample.published_at
    assert set(posts[sample.id].tags) == {tag[1:].lower() for tag in sample.text.hashtags}
    saves = world.counters("saves", NOW)
    assert readings(records, "saves") == {post.id: saves[post.index] for post in expected}


def pacific(post) -> date:
    return (post.published_at - timedelta(hours=7)).date()


def test_it_reads_watch_time_of_reels_in_seconds(gateway):
    records = read(connect(gateway), "media", date(2026, 9, 1), date(2026, 9, 30))
    world = gateway.world.account(MAIN)
    milliseconds = world.counters("watch_ms", NOW)
    found = readings(records, "reels_watch_time")
    assert found
    assert found == {i: pytest.approx(milliseconds[world.by_id[i].index] / 1000) for i in found}
    assert {world.by_id[i].kind for i in found} == {"reel"}


def test_it_has_likes_of_posts_that_hide_them_only_where_insights_tell(gateway):
    source, world = connect(gateway), gateway.world.account(MAIN)
    records = read(source, "media", date(2026, 6, 1), date(2026, 8, 31))
    hidden = {p.id for p in world.posts(NOW) if hides_likes(p)}
    posts = {record.external_id for record in records if isinstance(record, Post)}
    assert posts & hidden
    assert posts & hidden <= set(readings(records, "likes"))
    old = read(source, "media", date(2024, 12, 1), date(2024, 12, 31))
    assert readings(old, "views")


def test_it_keeps_public_counters_of_posts_from_before_the_business(gateway):
    gateway.world.travel(datetime(2025, 11, 1, tzinfo=UTC))
    source, world = connect(gateway), gateway.world.account(MAIN)
    records = read(source, "media", date(2024, 1, 2), date(2024, 3, 10), now=gateway.world.now())
    before = {p.id: p for p in world.posts(NOW) if p.published_at < BUSINESS_SINCE and p.kind != "story"}
    hidden = {i for i, post in before.items() if hides_likes(post)}
    assert set(readings(records, "comments")) >= set(before)
    assert not set(readings(records, "views")) & set(before)
    assert hidden
    assert not set(readings(records, "likes")) & hidden, "hidden likes are missing, not 0"
    assert set(readings(records, "views")), "the others go on"


def test_it_reads_many_pages_by_cursor(gateway):
    source = connect(gateway)
    whole = read(source, "media", date(2026, 5, 1), date(2026, 7, 31))
    gateway.faults.set("instagram", "many_pages", size=7)
    assert read(source, "media", date(2026, 5, 1), date(2026, 7, 31)) == whole


def test_it_reads_a_kind_of_post_nobody_has_seen(gateway):
    source, world = connect(gateway), gateway.world.account(MAIN)
    reel = [post for post in world.posts(NOW) if post.kind == "reel"][-3]
    first, last = pacific(reel) - timedelta(days=30), pacific(reel)
    whole = read(source, "media", first, last)
    gateway.faults.set("instagram", "new_enum", value="HOLOGRAM")
    records = read(source, "media", first, last)
    kinds = {record.external_id: record.kind for record in records if isinstance(record, Post)}
    strange = next(post for post, kind in kinds.items() if kind == "hologram")
    assert readings(records, "likes")[strange] > 0
    visits = readings(whole, "profile_visits")
    visits.pop(strange, None)
    assert {i: v for i, v in readings(records, "profile_visits").items() if i != strange} == visits


def test_it_reads_young_posts_apart(gateway):
    records = read(connect(gateway), "young_media")
    young = [record for record in records if isinstance(record, Post)]
    assert young
    assert all(record.published_at > NOW - timedelta(days=4) for record in young)


def live_stories(gateway: Running) -> datetime:
    posts = [post for post in gateway.world.account(MAIN).posts(NOW) if post.kind == "story"]
    return posts[-3].published_at + timedelta(hours=6)


def test_it_catches_stories_while_they_live(gateway):
    gateway.world.travel(live_stories(gateway))
    source = connect(gateway)
    records = read(source, "stories", now=gateway.world.now())
    stories = [record for record in records if isinstance(record, Post)]
    assert {story.kind for story in stories} == {"story"}
    assert readings(records, "story_navigation").keys() == {story.external_id for story in stories}
    assert readings(records, "replies")
    gateway.world.travel(gateway.world.now() + timedelta(hours=25))
    later = [record.external_id for record in read(source, "stories") if isinstance(record, Post)]
    assert not {story.external_id for story in stories} & set(later)


def test_it_keeps_a_story_that_too_few_have_seen(gateway):
    posts = [post for post in gateway.world.account(MAIN).posts(NOW) if post.kind == "story"]
    gateway.world.travel(posts[-1].published_at + timedelta(seconds=5))
    records = read(connect(gateway), "stories", now=gateway.world.now())
    assert posts[-1].id in {record.external_id for record in records if isinstance(record, Post)}
    assert posts[-1].id not in readings(records, "views")


# -- audience ---------------------------------------------------------------------------------------------------------


def test_it_describes_the_audience(gateway):
    records = read(connect(gateway), "audience")
    people = facts(records, "followers", "age_gender")
    assert (TODAY, "25-34 F") in people
    assert sum(people.values()) < gateway.world.account(MAIN).followers(NOW), "those it cannot place are left out"
    assert (TODAY, "DE") in facts(records, "followers", "country")
    assert (TODAY, "Berlin, Berlin") in facts(records, "followers", "city")
    assert (date(2026, 11, 1), "DE") in facts(records, "accounts_engaged", "country", grain="month")


def test_it_says_why_a_small_account_has_no_audience(gateway):
    source = connect(gateway, handle="northwind.school")
    with pytest.raises(NotOffered, match="100 followers"):
        read(source, "audience")
    assert not facts(read(source, "series", TODAY - timedelta(days=9), TODAY), "followers_gained")


def test_it_stores_nothing_for_an_empty_account(gateway):
    source = connect(gateway, login="new")
    for stream in STREAMS:
        if stream.name != "audience":
            records = read(source, stream.name, TODAY - timedelta(days=9), TODAY)
            assert [r for r in records if isinstance(r, Fact) and r.metric not in instagram.PROFILE.values()] == []


# -- refusals ---------------------------------------------------------------------------------------------------------


def test_it_drops_one_bad_metric_and_keeps_the_rest(gateway):
    source = connect(gateway)
    whole = read(source, "totals", date(2026, 10, 1), date(2026, 10, 5))
    gateway.faults.set("instagram", "retired_metric", metric="website_clicks")
    before = source.client.requests_made
    records = read(source, "totals", date(2026, 10, 1), date(2026, 10, 5))
    kept = [record for record in whole if getattr(record, "metric", "") != "website_clicks"]
    assert [record for record in records if getattr(record, "metric", "") != "website_clicks"] == kept
    assert "must be one of the following values" in refused(records)["website_clicks"]
    assert not facts(records, "website_clicks")
    assert source.client.requests_made - before == 11, "it is refused only once"


class RefusingSplit:
    """Stands for a client whose platform gives views, but no longer by who follows."""

    def get(self, _path: str, params: dict) -> dict:
        asked = params["metric"].split(",")
        if "breakdown" in params and "views" in asked:
            raise NotOffered("Incompatible metrics (views) with breakdown (follow_type)", metrics=("views",))
        return {"data": [{"name": name, "total_value": {"value": 7}} for name in asked]}


def test_it_keeps_a_total_whose_split_is_refused(gateway):
    source = Source(RefusingSplit(), connect(gateway).account, posts=())
    records = read(source, "totals", date(2026, 10, 1), date(2026, 10, 2))
    assert facts(records, "views") == {date(2026, 10, 1): 7, date(2026, 10, 2): 7}
    assert "views" not in refused(records)


def test_it_says_which_metrics_are_retired_and_what_took_their_place(gateway):
    reasons = refused(read(connect(gateway), "totals", date(2026, 10, 1), date(2026, 10, 2)))
    assert reasons["impressions"] == "Instagram retired impressions on 2025-04-21; views took its place."
    assert "video_views" in reasons
    asked = {*instagram.TOTALS, *instagram.SERIES, *(name for names in instagram.OF_MEDIA.values() for name in names)}
    assert not set(instagram.RETIRED) & asked


class Refusing:
    """Stands for a client whose platform refuses one metric, and says so without naming it."""

    def __init__(self, bad: str) -> None:
        self.bad, self.calls = bad, 0

    def get(self, _path: str, params: dict) -> dict:
        self.calls += 1
        asked = tuple(params["metric"].split(","))
        if self.bad in asked:
            raise NotOffered("The value must be a valid insights metric", metrics=asked)
        return {"data": [{"name": name} for name in asked]}


def test_it_halves_until_it_knows_the_metric_that_nobody_names():
    insights = meta_graph.Insights(Refusing("e"))
    assert sorted(name for name, _ in insights.rows("1", "abcdefgh")) == list("abcdfgh")
    assert set(insights.refused) == {"e"}
    insights.client.calls = 0
    assert len(list(insights.rows("1", "abcdefgh"))) == 7
    assert insights.client.calls == 1


class TooMuch:
    """Stands for a client whose platform finds pages of more than ten items too big."""

    def __init__(self) -> None:
        self.limits: list[int] = []

    def get(self, _path: str, params: dict) -> dict:
        self.limits.append(int(params["limit"]))
        if self.limits[-1] > 10:
            raise SourceUnavailable("Meta could not answer just now.", context={"reduce": True})
        return {"data": [{"id": "1"}]}


def test_it_asks_for_less_when_a_page_is_too_big():
    client = TooMuch()
    assert list(meta_graph.pages(client, "/1/media", {})) == [{"id": "1"}]
    assert client.limits == [100, 50, 25, 12, 6]


def answer(body: object, status: int = 400, url: str = "https://graph.facebook.com/v26.0/1", **headers: str):
    response = requests.Response()
    response.status_code, response.url = status, url
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def problem(code: int, message: str = "no", **more) -> dict:
    return {"error": {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1", **more}}


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (problem(1), 500, SourceUnavailable),
        (problem(2), 400, SourceUnavailable),
        (problem(99, is_transient=True), 400, SourceUnavailable),
        *[(problem(code), 400, RateLimited) for code in (4, 17, 32, 341, 368, 613, 80000, 80002, 80006, 80008, 80014)],
        (problem(190, error_subcode=463), 401, AuthorisationExpired),
        (problem(190, error_subcode=460), 400, AuthorisationExpired),
        (problem(102), 400, AuthorisationExpired),
        (problem(104), 400, AuthorisationExpired),
        (problem(3), 400, PermissionMissing),
        (problem(10, "(#10) Application does not have permission for this action"), 403, PermissionMissing),
        (problem(200), 403, PermissionMissing),
        (problem(299), 403, PermissionMissing),
        (problem(10, "(#10) Not enough viewers for the media to show insights"), 400, NotOffered),
        (problem(100, error_subcode=33), 400, NotOffered),
        (problem(100, error_subcode=2108006), 400, NotOffered),
        (problem(4, error_subcode=2108006), 400, RateLimited),
        (problem(100, "(#100) There cannot be more than 30 days"), 400, RefusedRequest),
        (problem(2500), 400, RefusedRequest),
        (problem(1, "Error validating client secret."), 400, BadSetting),
        (problem(101), 400, BadSetting),
        (problem(190), 200, AuthorisationExpired),
        (b"<html>", 502, type(None)),
        ({"data": []}, 200, type(None)),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, dict) else None,
)
def test_it_knows_what_an_error_means(body, status, expected):
    assert type(meta_graph.classify(answer(body, status))) is expected


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("(#100) metric[1] must be one of the following values: reach, likes", ("views",)),
        (
            "(#100) The following metrics (views,likes) should be specified with parameter metric_type",
            ("views", "likes"),
        ),
        ("The Media Insights API does not support the likes metric for this media product type.", ("likes",)),
        ("(#100) The value must be a valid insights metric", ("reach", "views", "likes")),
    ],
    ids=["by position", "two", "by name", "not at all"],
)
def test_it_reads_from_an_error_which_metrics_are_meant(message, named):
    url = "https://graph.facebook.com/v26.0/1/insights?metric=reach%2Cviews%2Clikes&period=day"
    error = meta_graph.classify(answer(problem(100, message), url=url))
    assert isinstance(error, NotOffered)
    assert error.metrics == named
    assert message in error.message


def test_it_waits_as_many_minutes_as_meta_says():
    usage = json.dumps({"1": [{"type": "instagram", "call_count": 100, "estimated_time_to_regain_access": 19}]})
    error = meta_graph.classify(answer(problem(80002), X_Business_Use_Case_Usage=usage))
    assert error.retry_after_s == 19 * 60


def test_it_takes_the_fullest_of_the_limits():
    app = json.dumps({"call_count": 28, "total_time": 25, "total_cputime": 25})
    business = json.dumps({"1": [{"type": "instagram", "call_count": 10, "total_time": 61}]})
    headers = {"X_App_Usage": app, "X_Business_Use_Case_Usage": business}
    assert meta_graph.limits_from(answer({}, 200, **headers)) == {"calls": (0.61, None)}
    assert meta_graph.limits_from(answer({}, 200)) == {}
    assert meta_graph.limits_from(answer({}, 200, X_App_Usage="not json")) == {}
    full = json.dumps({"1": [{"call_count": 100, "estimated_time_to_regain_access": 3}]})
    found = meta_graph.limits_from(
        answer({}, 200, X_Business_Use_Case_Usage=full, Date="Wed, 18 Nov 2026 15:00:00 GMT")
    )
    assert found == {"calls": (1.0, NOW + timedelta(minutes=3))}


def test_it_never_takes_a_strange_shape_for_nothing():
    with pytest.raises(SchemaDrift):
        meta_graph.items({"rows": []})
    with pytest.raises(SchemaDrift):
        meta_graph.number("12")
    with pytest.raises(SchemaDrift):
        meta_graph.moment("yesterday")


# -- restatement ------------------------------------------------------------------------------------------------------


def test_it_reads_a_restated_day_again(gateway):
    planted = [plant.day for plant in gateway.world.account(MAIN).planted if plant.what == "restated"]
    day = next(day for day in planted if (day.year, day.month) == (2026, 6))
    seen = []
    for age in (4, 29):
        now = day_end(day, ZONE) + timedelta(days=age)
        gateway.world.travel(now)
        today = day + timedelta(days=age)
        stream = BY_NAME["totals"]
        assert today - timedelta(days=stream.lookback_days) <= day, "the look-back still reaches it"
        seen.append(facts(read(connect(gateway), "totals", day, day, now), "views")[day])
    assert seen[0] > seen[1] == gateway.world.account(MAIN).daily("views", [day])[0]


# -- login ------------------------------------------------------------------------------------------------------------


def test_it_exchanges_and_renews_tokens_while_they_live(gateway):
    short = short_token(gateway)
    long = CONNECTOR.exchange(bare(gateway), KEYS, short)
    assert long.access_token != short.access_token
    assert timedelta(days=59) < long.expires_at - NOW < timedelta(days=61)
    gateway.world.travel(NOW + timedelta(days=50))
    renewed = CONNECTOR.renew(bare(gateway), KEYS, long)
    assert renewed.expires_at > long.expires_at + timedelta(days=49)
    gateway.world.travel(NOW + timedelta(days=200))
    with pytest.raises(AuthorisationExpired, match="Connect again"):
        CONNECTOR.renew(bare(gateway), KEYS, renewed)


def test_it_renews_a_token_by_itself_weeks_before_it_ends(gateway):
    source = connect(gateway)
    tokens = source.client._tokens
    first = tokens.load()
    gateway.world.travel(NOW + timedelta(days=20))
    read(source, "profile", now=gateway.world.now())
    assert tokens.load() == first
    gateway.world.travel(NOW + timedelta(days=40))
    read(source, "profile", now=gateway.world.now())
    assert tokens.load().expires_at > first.expires_at
    gateway.world.travel(NOW + timedelta(days=400))
    with pytest.raises(AuthorisationExpired):
        read(source, "profile", now=gateway.world.now())


def test_it_says_when_the_app_is_not_known(gateway):
    wrong = AppKeys(KEYS.client_id, "wrong-secret")
    with pytest.raises(BadSetting, match="App Secret"):
        oauth.fetch_token(CONNECTOR, wrong, REDIRECT, consent(gateway), "", gateway.url, now=NOW)
    used = consent(gateway)
    oauth.fetch_token(CONNECTOR, KEYS, REDIRECT, used, "", gateway.url, now=NOW)
    with pytest.raises(AuthorisationExpired, match="Connect again"):
        oauth.fetch_token(CONNECTOR, KEYS, REDIRECT, used, "", gateway.url, now=NOW)


def test_it_says_what_is_wrong_with_the_login(gateway):
    source = connect(gateway)
    gateway.faults.set("instagram", "revoked_token")
    with pytest.raises(AuthorisationExpired, match="removed"):
        read(source, "profile")
    gateway.faults.clear()
    blind = connect(gateway, without="instagram_manage_insights")
    assert set(blind.client._tokens.load().scopes) == {s.name for s in CONNECTOR.auth.scopes} - {
        "instagram_manage_insights"
    }
    with pytest.raises(PermissionMissing, match="grant every permission"):
        read(blind, "totals", date(2026, 10, 1), date(2026, 10, 2))
    gateway.faults.set("instagram", "account_gone")
    with pytest.raises(PermissionMissing, match="gone"):
        read(source, "profile")


def test_it_shows_no_token_anywhere(gateway, caplog):
    caplog.set_level(logging.DEBUG)
    source = connect(gateway)
    texts = [repr(source), repr(source.client)]
    for stream in STREAMS:
        read(source, stream.name, TODAY - timedelta(days=2), TODAY)
    gateway.faults.set("instagram", "expired_token")
    for attempt in (
        lambda: read(source, "profile"),
        lambda: CONNECTOR.renew(source.client, KEYS, short_token(gateway)),
    ):
        try:
            attempt()
        except AuthorisationExpired as error:
            texts += [str(error), repr(error), repr(error.context), repr(error.__cause__)]
    secrets = {parameter for seen in gateway.app.seen for parameter in seen.parameters}
    assert not secrets & {"access_token", "fb_exchange_token", "client_secret"}
    text = caplog.text + "".join(texts)
    assert "EAA" not in text
    assert KEYS.client_secret not in text


def test_it_never_follows_addresses_that_hold_the_token(gateway):
    source = connect(gateway)
    gateway.app.seen.clear()
    read(source, "media", TODAY - timedelta(days=400), TODAY)
    asked = [seen for seen in gateway.app.seen if seen.path.endswith("/media")]
    assert len(asked) > 1
    assert all("access_token" not in seen.parameters for seen in asked)
    assert gateway.app.unexpected == []


def test_it_proves_the_app_secret_with_every_call(gateway, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "KEYS", AppKeys("proven-app", "an-app-secret"))
    source = connect(gateway)
    for stream in STREAMS:
        assert read(source, stream.name, TODAY - timedelta(days=4), TODAY), stream.name
    unproven = Client(
        CONNECTOR, source.client._tokens, AppKeys("proven-app"), NoLimits(), gateway=gateway.url, now=gateway.world.now
    )
    with pytest.raises(BadSetting, match="App Secret"):
        unproven.get("/me/accounts")


def test_it_finds_accounts_on_pages_of_a_portfolio_only_with_its_permission(gateway):
    every, own = connect(gateway, "portfolio"), connect(gateway, "portfolio", without="business_management")
    found = [account.external_id for account in CONNECTOR.accounts(every.client)]
    assert found == [SMALL.external_id, PORTFOLIO.external_id]
    assert [account.external_id for account in CONNECTOR.accounts(own.client)] == [SMALL.external_id]
    assert read(own, "profile") == read(every, "profile")
    assert [account.external_id for account in read(every, "portfolio")] == [SMALL.external_id]
    with pytest.raises(PermissionMissing, match="portfolio"):
        read(own, "portfolio")
    assert "business_management" not in oauth.asked_scopes(CONNECTOR)


# -- declarations -----------------------------------------------------------------------------------------------------


def test_it_polls_stories_often_enough():
    assert BY_NAME["stories"].every <= timedelta(hours=6)
    assert CONNECTOR.api_version.name == "v26.0"
    assert CONNECTOR.limits[0].calls == 200


@pytest.mark.specs
def test_it_asks_only_for_names_that_meta_lists(specs):
    objects = json.loads((specs / "meta_ads/meta-sdk-v26-fields.json").read_text())["objects"]
    lists = json.loads((specs / "meta_ads/enum_types.json").read_text())
    of_users = next(set(i["values"]) for i in lists if i["name"] == "shadowiguserinsights_metric_enum_param")
    fields = {
        *instagram.TOTALS,
        *instagram.SERIES,
        *instagram.NEW_FOLLOWERS,
        *instagram.BY_FOLLOW_TYPE,
        *instagram.BY_KIND,
    }
    assert fields | {audience[0] for audience in instagram.AUDIENCES} <= of_users
    for names in instagram.OF_MEDIA.values():
        assert set(names) <= set(objects["instagraminsightsresult"]["Metric"])
    assert set(instagram.MEDIA_FIELDS.split(",")) <= set(objects["igmedia"]["Field"])
    assert set(instagram.PROFILE) <= set(objects["iguser"]["Field"])
