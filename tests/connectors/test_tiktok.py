"""TikTok through real HTTP: its own tokens, errors inside HTTP 200, days that come late, videos, what it withholds."""

import json
from collections import Counter
from datetime import date, timedelta
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

from connectors import oauth, tiktok, tiktok_api
from connectors.tiktok import CONNECTOR, DAILY, NUMBERS, REACTIONS, STREAMS
from connectors.tiktok_api import classify
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
from core.ports import AppKeys
from core.records import Account, Coverage, Fact, Reading, State
from sandbox.tiktok import NORTHWIND
from tests.connectors.stage import KEYS, REDIRECT, VERIFIER, Reader, gaps, posts, readings
from tests.fixtures_sandbox import NOW

DAY = timedelta(days=1)
NEWEST = NOW.date() - 2 * DAY
"""The newest day that TikTok shows at NOW: 24 hours after its end."""
BY_NAME = {stream.name: stream for stream in STREAMS}
HOST = "business-api.tiktok.com"


@pytest.fixture
def reader(sandbox) -> Reader:
    return Reader(sandbox, CONNECTOR)


def world(reader):
    return reader.running.world.account(NORTHWIND)


def requested(reader, path="/business/") -> int:
    return len([seen for seen in reader.running.app.seen if path in seen.path])


def facts(records, metric, grain="day") -> dict[date, float]:
    found = [r for r in records if isinstance(r, Fact) and r.metric == metric and r.grain == grain]
    return {fact.day: fact.value for fact in found}


# -- connecting


def test_it_asks_for_consent_by_client_key_and_with_commas():
    url = oauth.consent_url(CONNECTOR, KEYS, REDIRECT, "state-1", VERIFIER)
    query = parse_qs(urlsplit(url).query)
    assert url.startswith("https://www.tiktok.com/v2/auth/authorize/?")
    assert query["client_key"] == [KEYS.client_id]
    assert "client_id" not in query
    assert query["scope"] == [",".join(scope.name for scope in CONNECTOR.auth.scopes)]


def test_it_reads_the_token_out_of_the_envelope(reader):
    token = reader.tokens.token
    assert token.expires_at == NOW + DAY
    assert token.extra["open_id"] == NORTHWIND.external_id
    assert token.extra["refresh_token_expires_in"] == 365 * 86400
    assert set(token.scopes) == {scope.name for scope in CONNECTOR.auth.scopes}


def test_it_knows_the_account_by_who_consented(reader):
    (account,) = reader.accounts
    assert (account.external_id, account.handle) == (NORTHWIND.external_id, "northwindcoffee")
    assert account.url == "https://www.tiktok.com/@northwindcoffee"
    assert account.time_zone == "UTC"


def test_it_does_not_guess_whose_token_it_is(reader):
    reader.tokens.save(type(reader.tokens.token)("act.x", extra={}))
    with pytest.raises(SchemaDrift, match="whose"):
        list(CONNECTOR.accounts(reader.client()))


def test_it_keeps_the_rotated_refresh_token(reader):
    first = reader.tokens.token
    second = oauth.refresh(CONNECTOR, KEYS, first, reader.running.url, now=NOW)
    assert second.refresh_token not in {"", first.refresh_token}
    assert second.extra["open_id"] == NORTHWIND.external_id
    with pytest.raises(AuthorisationExpired):
        oauth.refresh(CONNECTOR, KEYS, first, reader.running.url, now=NOW)


def test_it_asks_for_a_new_consent_when_the_refresh_token_is_a_year_old(reader):
    with pytest.raises(AuthorisationExpired) as caught:
        reader.running.world.travel(NOW + timedelta(days=366))
        oauth.refresh(CONNECTOR, KEYS, reader.tokens.token, reader.running.url, now=NOW + timedelta(days=366))
    assert caught.value.context["code"] == 40103


def test_it_says_that_a_code_came_twice(reader):
    code = reader.code()
    reader.token(code)
    with pytest.raises(AuthorisationExpired, match="too late or twice"):
        reader.token(code)


def test_it_says_that_the_secret_is_wrong(reader):
    wrong = AppKeys(KEYS.client_id, "another-secret")
    with pytest.raises(BadSetting, match="does not know this app"):
        oauth.fetch_token(CONNECTOR, wrong, REDIRECT, reader.code(), VERIFIER, reader.running.url, now=NOW)


def test_it_sends_the_token_in_tiktoks_own_header():
    headers = CONNECTOR.auth.headers(type("T", (), {"access_token": "act.1"})())
    assert headers == {"Access-Token": "act.1"}


# -- profile and days


def test_it_reads_the_profile_as_stocks_of_today(reader):
    account, *found = reader.bring("profile")
    assert isinstance(account, Account)
    assert {fact.day for fact in found} == {NOW.date()}
    stocks = {fact.metric: fact.value for fact in found}
    assert stocks.keys() == {"followers", "following", "posts_total", "lifetime_likes"}
    assert stocks["followers"] == world(reader).followers(NOW)
    assert stocks["posts_total"] == len(world(reader).posts(NOW))


def test_it_reads_the_days_that_tiktok_shows_by_now(reader):
    records = reader.bring("days", reader.last_days(31))
    views = facts(records, "views")
    assert max(views) == NEWEST
    settled = [day for day in views if day < NEWEST - 2 * DAY]
    shown = {plant.day for plant in world(reader).planted if plant.what == "silent"}
    truth = {day: world(reader).daily("views", [day])[0] for day in settled}
    assert {day: views[day] for day in settled} == truth
    assert not shown & views.keys()
    assert {r.metric for r in records if isinstance(r, Fact)} == {*DAILY, "followers_active"}


def test_it_reads_followers_as_they_were_at_the_end_of_each_day(reader):
    found = facts(reader.bring("days", reader.last_days(31)), "followers")
    assert len(found) > 20
    assert found == {day: world(reader).followers_on([day])[0] for day in found}


def test_it_adds_up_the_clicks_on_every_button_of_the_profile(reader):
    days = facts(reader.bring("days"), "profile_link_taps")
    fields = DAILY["profile_link_taps"]
    row = {field: place for place, field in enumerate(fields, 1)}
    assert dict(tiktok.values(row, DAILY)) == {"profile_link_taps": 10}
    assert dict(tiktok.values({**row, fields[0]: None}, DAILY)) == {}, "a part that is missing is not 0"
    assert days


def test_it_reads_the_hours_in_which_followers_are_there(reader):
    hours = [r for r in reader.bring("days") if isinstance(r, Fact) and r.metric == "followers_active"]
    assert {fact.grain for fact in hours} == {"hour"}
    per_day = Counter(fact.day for fact in hours)
    assert set(per_day.values()) == {24}
    assert {fact.hour for fact in hours} == set(range(24))
    assert max(fact.value for fact in hours) < world(reader).followers(NOW)


def test_it_never_asks_for_days_that_tiktok_no_longer_keeps(reader):
    window = reader.last_days(31)
    old = type(window)(NOW.date() - 90 * DAY, NOW.date() - 61 * DAY, NOW)
    before = requested(reader)
    assert reader.bring("days", old) == []
    assert requested(reader) == before
    edge = type(window)(NOW.date() - 70 * DAY, NOW.date() - 50 * DAY, NOW)
    assert min(facts(reader.bring("days", edge), "views")) == NOW.date() - 59 * DAY


def test_it_says_why_a_personal_account_has_no_business_numbers(sandbox):
    records = Reader(sandbox, CONNECTOR, "barista").bring("days")
    found = gaps(records)
    assert found.keys() == {"profile_visits", "website_clicks", "profile_link_taps", "leads", "followers_active"}
    assert "registered" in found["leads"]
    assert "100 followers" in found["followers_active"]
    assert facts(records, "views")
    assert not [r for r in records if isinstance(r, Fact) and r.metric in found]


def test_it_says_nothing_of_an_account_without_any_days(sandbox):
    assert Reader(sandbox, CONNECTOR, "lab").bring("days") == []


# -- audience


def test_it_reads_the_share_of_each_part_of_the_followers(reader):
    found = [r for r in reader.bring("audience") if isinstance(r, Fact)]
    parts = {name: {} for name in ("country", "city", "age", "gender")}
    for fact in found:
        parts[fact.member.dimension][fact.member.key] = fact.value
    assert parts["gender"].keys() == {"F", "M", "U"}
    assert parts["age"].keys() == {"18-24", "25-34", "35-44", "45-54", "55+"}
    assert {"DE", "GB", "ZZ"} <= parts["country"].keys(), "UK is GB, and Others are elsewhere"
    assert "Berlin" in parts["city"]
    for shares in parts.values():
        assert sum(shares.values()) == pytest.approx(1, abs=1e-4)
    assert {fact.day for fact in found} == {NOW.date()}


@pytest.mark.parametrize("login", ["barista", "lab"])
def test_it_says_that_few_followers_are_not_described(sandbox, login):
    with pytest.raises(NotOffered, match="100 followers"):
        Reader(sandbox, CONNECTOR, login).bring("audience")


@pytest.mark.parametrize(("name", "key"), [("UK", "GB"), ("us", "US"), ("Others", "ZZ"), ("", "ZZ"), ("Germany", "ZZ")])
def test_it_knows_a_country_by_its_code(name, key):
    assert tiktok._member("country", name) == key


# -- videos


def test_it_reads_every_video_with_what_tiktok_says_of_it(reader):
    found = posts(reader.bring("videos"))
    own = {post.id: post for post in world(reader).posts(NOW)}
    assert found.keys() == own.keys()
    for post_id, post in found.items():
        assert post.kind == {"video": "video", "photo": "carousel"}[own[post_id].kind]
        assert post.published_at == own[post_id].published_at
        assert post.permalink == f"https://www.tiktok.com/@northwindcoffee/{own[post_id].kind}/{post_id}"
        assert set(post.tags) <= {tag[1:].lower() for tag in own[post_id].text.hashtags}
        assert (post.duration_s is None) is (own[post_id].kind == "photo")
        assert post.thumbnail_url.startswith("https://")


def test_it_reads_the_counters_of_videos_as_old_as_the_days(reader):
    records = [*reader.bring("videos"), *reader.bring("numbers")]
    settled = NOW.replace(hour=0, minute=0) - DAY
    counters = {
        "views": "views",
        "likes": "likes",
        "shares": "shares",
        "saves": "favorites",
        "follows": "new_followers",
    }
    for metric, name in counters.items():
        values = world(reader).counters(name, settled)
        truth = {post.id: values[post.index] for post in world(reader).posts(settled)}
        assert readings(records, metric) == truth, metric
    assert {r.metric for r in records if isinstance(r, Reading)} == {
        *REACTIONS,
        *NUMBERS,
        "completed_views",
        "retention_sum",
    }


def test_it_leaves_out_numbers_that_are_not_there_yet(reader):
    reader.bring("videos")
    newest = [post.id for post in world(reader).posts(NOW) if post.published_at > NOW - DAY]
    young = [post.id for post in world(reader).posts(NOW) if post.published_at > NOW - timedelta(days=2)]
    assert newest or young
    assert not set(newest) & {r.post for r in reader.bring("numbers") if isinstance(r, Reading)}


def test_it_weighs_completion_by_views(reader):
    """The share of plays to the end becomes their number, so that it adds up over videos."""
    assert dict(tiktok._numbers({"full_video_watched_rate": 0.25, "video_views": 400})) == {
        "views": 400,
        "completed_views": 100,
    }
    assert dict(tiktok._numbers({"full_video_watched_rate": 0.25})) == {}
    reader.bring("videos")
    records = reader.bring("numbers")
    views, ended = readings(records, "views"), readings(records, "completed_views")
    assert ended.keys() == views.keys()
    assert all(ended[post] <= views[post] for post in views)
    assert 0.1 < sum(ended.values()) / sum(views.values()) < 0.3


def test_it_weighs_the_share_watched_by_views(reader):
    """Seconds watched over the video's length: the average share times the views. A photo has no length."""
    assert dict(tiktok._numbers({"total_time_watched": 600, "video_duration": 20}))["retention_sum"] == 30
    assert "retention_sum" not in dict(tiktok._numbers({"total_time_watched": 600, "video_duration": 0}))
    lengths = {key: post.duration_s for key, post in posts(reader.bring("videos")).items()}
    records = reader.bring("numbers")
    watched, shares = readings(records, "watch_time"), readings(records, "retention_sum")
    assert shares.keys() == {post for post in watched if lengths[post]}
    assert all(shares[post] == pytest.approx(watched[post] / lengths[post]) for post in shares)


def test_it_reads_watch_time_in_seconds(reader):
    reader.bring("videos")
    records = reader.bring("numbers")
    views, watched = readings(records, "views"), readings(records, "watch_time")
    assert 5 < sum(watched.values()) / sum(views.values()) < 15


def test_it_reads_young_videos_without_turning_every_page(reader):
    before = requested(reader, "/video/list/")
    young = posts(reader.bring("young_videos"))
    assert requested(reader, "/video/list/") == before + 1
    own = {post.id for post in world(reader).posts(NOW) if post.published_at >= NOW - tiktok.YOUNG}
    assert young.keys() == own


def test_it_reads_numbers_only_of_videos_it_knows(reader):
    assert reader.bring("numbers") == []
    reader.bring("young_videos")
    known = {post.external_id for post in reader.shelf.published_since(NOW - timedelta(days=3650))}
    assert {r.post for r in reader.bring("numbers")} <= known


# -- fields that TikTok refuses


def test_it_loses_only_the_field_that_was_refused(reader):
    whole = reader.bring("days")
    reader.running.faults.set("tiktok", "retired_metric", metric="unique_video_views")
    before = requested(reader)
    records = reader.bring("days")
    assert requested(reader) == before + 2, "it is refused once, then left out"
    assert gaps(records).keys() == {"reach"}
    assert "unique_video_views" in gaps(records)["reach"]
    assert {r.state for r in records if isinstance(r, Coverage)} == {State.NOT_OFFERED}
    assert [r for r in records if isinstance(r, Fact)] == [r for r in whole if r.metric != "reach"]


def test_it_asks_for_a_refused_field_of_videos_only_once(reader):
    reader.bring("videos")
    reader.running.faults.set("tiktok", "retired_metric", metric="favorites")
    before, pages = requested(reader), -(-len(world(reader).posts(NOW)) // tiktok_api.PAGE)
    records = reader.bring("numbers")
    assert requested(reader) == before + pages + 1
    assert gaps(records).keys() == {"saves"}
    assert not readings(records, "saves")
    assert readings(records, "views")


def test_it_cannot_read_videos_without_their_id(reader):
    reader.running.faults.set("tiktok", "retired_metric", metric="item_id")
    with pytest.raises(NotOffered):
        reader.bring("videos")


def refusal(said: str, *fields: str, code: int = 40002):
    query = f"?fields={quote(json.dumps(fields))}&business_id=1"
    return classify(answer({"code": code, "message": said, "data": {}}, query))


def answer(body, query="", status=200) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url = status, f"https://{HOST}/open_api/v1.3/business/get/{query}"
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers["Date"] = "Sat, 21 Nov 2026 09:30:00 GMT"
    return response


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("fields: Invalid value: likes. It should be one of [shares, total_likes].", ("likes",)),
        ("fields.0: 'likes' is not valid", ("likes",)),
        ("One of the fields is wrong: likes", ("likes",)),
        ("'total_likes' and 'likes' are not supported", ("likes", "total_likes")),
    ],
)
def test_it_finds_the_refused_field_in_what_tiktok_says(said, refused):
    error = refusal(said, "likes", "shares", "total_likes")
    assert isinstance(error, NotOffered)
    assert error.metrics == refused


def test_it_does_not_blame_a_field_that_is_not_named():
    assert type(refusal("start_date cannot be later than end_date.", "likes", "shares")) is RefusedRequest


# -- errors inside HTTP 200


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, type(None)),
        (20001, type(None)),
        (40001, PermissionMissing),
        (40002, RefusedRequest),
        (40016, RateLimited),
        (40100, RateLimited),
        (40133, RateLimited),
        (40101, BadSetting),
        (40102, AuthorisationExpired),
        (40103, AuthorisationExpired),
        (40104, AuthorisationExpired),
        (40105, AuthorisationExpired),
        (40107, AuthorisationExpired),
        (40110, AuthorisationExpired),
        (40113, BadSetting),
        (40125, PermissionMissing),
        (41001, RefusedRequest),
        (40700, SourceUnavailable),
        (50000, SourceUnavailable),
        (51305, SourceUnavailable),
        (60001, SourceUnavailable),
        (12345, RefusedRequest),
    ],
)
def test_it_knows_what_a_code_means(code, expected):
    error = classify(answer({"code": code, "message": "said", "request_id": "r1", "data": {}}))
    assert type(error) is expected
    if error is not None:
        assert (error.context["code"], error.context["request_id"]) == (code, "r1")


@pytest.mark.parametrize("body", [b"404 page not found", [1], {"data": {}}, {"code": "ok"}, {"code": None}])
def test_it_leaves_what_is_no_envelope_to_the_status(body):
    assert classify(answer(body)) is None


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("Requests made too frequently.", 60),
        ("Your app's QPS (11) reaches QPS limit 10", 1),
        ("QPM limit 600 is reached", 300),
        ("The daily limit is reached", 14.5 * 3600),
    ],
    ids=["not said", "second", "minute", "day"],
)
def test_it_waits_as_long_as_the_limit_that_was_reached(said, wait_s):
    error = classify(answer({"code": 40100, "message": said}))
    assert error.retry_after_s == wait_s


def test_it_stops_for_the_day_when_the_daily_limit_is_reached(reader, monkeypatch):
    body = {"code": 40100, "message": "QPD limit is reached", "request_id": "1", "data": {}}
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer(body))
    with pytest.raises(RateLimited) as caught:
        reader.bring("profile")
    assert caught.value.retry_after_s > 3600
    assert reader.clock.slept == []


# -- answers that are not what they seem


@pytest.mark.parametrize(
    "data",
    [None, [], {"metrics": {}}, {"metrics": ["x"]}, {"metrics": [{"date": "yesterday"}]}],
    ids=["none", "list", "no list", "no rows", "no day"],
)
def test_it_takes_no_strange_shape_for_nothing(reader, monkeypatch, data):
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer({"code": 0, "data": data}))
    with pytest.raises(SchemaDrift):
        reader.bring("days")


@pytest.mark.parametrize("video", [{"create_time": 1}, {"item_id": "1"}, {"item_id": "1", "create_time": "soon"}])
def test_it_refuses_a_video_without_id_or_moment(reader, monkeypatch, video):
    body = {"code": 0, "data": {"videos": [video], "has_more": False}}
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer(body))
    with pytest.raises(SchemaDrift):
        reader.bring("videos")


def test_it_notices_pages_that_go_in_circles(reader, monkeypatch):
    body = {"code": 0, "data": {"videos": [], "has_more": True, "cursor": 7}}
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer(body))
    with pytest.raises(SchemaDrift, match="twice"):
        reader.bring("videos")


def test_it_reads_on_after_a_short_page(reader, monkeypatch):
    """TikTok takes hidden videos out of a page, which then is short or empty and still not the last."""
    page = {"item_id": "7", "create_time": "1763700000"}
    pages = iter([{"videos": [], "has_more": True, "cursor": 9}, {"videos": [page], "has_more": False, "cursor": 9}])
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer({"code": 0, "data": next(pages)}))
    assert posts(reader.bring("videos")).keys() == {"7"}


@pytest.mark.parametrize("value", [True, "many", [], {}, "nan"])
def test_it_takes_nothing_for_a_number_that_is_none(value):
    with pytest.raises(SchemaDrift):
        tiktok_api.number(value)


# -- the official table of codes


@pytest.mark.specs
def test_it_has_a_meaning_for_every_code_of_the_official_table(specs):
    yaml = pytest.importorskip("yaml")
    table = yaml.safe_load((specs / "tiktok" / "tiktok-ads-error-codes.yml").read_text())["problems"]
    expected = {
        "Rate limit or quota related": RateLimited,
        "Maintenance": SourceUnavailable,
        "System related": SourceUnavailable,
    }
    ads_only = {40502, 40132}
    found = {
        problem["code"]: type(classify(answer({"code": problem["code"], "message": "said"})))
        for problem in table
        if problem["category"] in expected and problem["code"] not in ads_only
    }
    assert found == {
        problem["code"]: expected[problem["category"]]
        for problem in table
        if problem["category"] in expected and problem["code"] not in ads_only
    }
    named = {problem["code"] for problem in table}
    assert {*tiktok_api.LOGIN_GONE, *tiktok_api.BAD_APP, *tiktok_api.NOT_GRANTED, *tiktok_api.TOO_FAST} <= named
