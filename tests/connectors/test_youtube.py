"""YouTube through real HTTP: Pacific days, tables, splits, hidden counters, what is refused, what is not permitted."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from analytics.metrics.registry import DIMENSIONS, METRICS
from connectors import google_api, oauth, youtube, youtube_api, youtube_comments
from connectors.base import Source, Window
from connectors.http import Client
from connectors.youtube import ANALYTICS, CONNECTOR, MONEY, READ, STREAMS, classify
from connectors.youtube_api import Reports, table
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    NotOffered,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.ports import AppKeys, KnownPost, Token
from core.records import Account, Coverage, Fact, Post, State
from sandbox.server import Running
from sandbox.youtube import MAIN, SCHOOL, closes_comments, hides_likes, is_private
from tests.connectors.desk import Desk, NoLimits, Tokens
from tests.connectors.stage import facts, posts, readings

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 18)
KEYS = AppKeys("app-1", "an-app-secret")
REDIRECT = "http://localhost:8501/oauth/callback"
VERIFIER = "v" * 64
BY_NAME = {stream.name: stream for stream in STREAMS}


class Shelf:
    """The posts that are known."""

    def __init__(self) -> None:
        self.posts: list[KnownPost] = []

    def published_since(self, moment: datetime) -> Iterator[KnownPost]:
        return iter([post for post in self.posts if post.published_at >= moment])

    def newest(self) -> KnownPost | None:
        return self.posts[0] if self.posts else None


@pytest.fixture
def gateway(sandbox: Running) -> Running:
    sandbox.world.travel(NOW)
    return sandbox


def connect(gateway: Running, login: str = "northwind", without: str = "") -> Source:
    """A source as the sync makes it."""
    now = gateway.world.now
    address = oauth.consent_url(CONNECTOR, KEYS, REDIRECT, "s", VERIFIER, gateway.url, streams=BY_NAME)
    form = {"decision": "allow", "login": login, "without": without}
    reply = requests.post(address, data=form, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]
    token = oauth.fetch_token(CONNECTOR, KEYS, REDIRECT, code, VERIFIER, gateway.url, now=now())
    client = Client(
        CONNECTOR, Tokens(token), KEYS, NoLimits(), gateway=gateway.url, now=now, sleep=lambda _seconds: None
    )
    return Source(client, next(CONNECTOR.accounts(client)), Shelf())


@pytest.fixture
def main(gateway: Running) -> Source:
    return connect(gateway)


def read(source: Source, name: str, first: date = TODAY, last: date | None = None, now: datetime = NOW) -> list:
    found = list(BY_NAME[name].read(source, Window(first, last or first, now)))
    source.posts.posts += [KnownPost(r.external_id, r.kind, r.published_at) for r in found if isinstance(r, Post)]
    return found


def coverage(records: list, state: State) -> dict[str, str]:
    return {
        record.metric: record.reason for record in records if isinstance(record, Coverage) and record.state is state
    }


# -- the channel and its videos


def test_it_finds_the_channel_of_a_login(gateway, main):
    account = main.account
    assert (account.external_id, account.name, account.handle) == (MAIN.external_id, MAIN.title, "northwindcoffee")
    assert account.url == "https://www.youtube.com/@northwindcoffee"
    assert (account.time_zone, account.currency, account.kind) == ("America/Los_Angeles", "USD", "channel")
    with pytest.raises(StopIteration):
        connect(gateway, "nobody")


def test_it_reads_what_the_channel_has_now(gateway, main):
    found = read(main, "channel")
    followers = gateway.world.account(MAIN).followers(NOW)
    assert facts(found, "followers") == {TODAY: followers // 100 * 100}
    assert facts(found, "posts_total")[TODAY] > 300
    assert facts(found, "lifetime_views")[TODAY] > 1_000_000
    assert coverage(found, State.NOT_OFFERED) == {}


def test_it_says_when_a_channel_hides_its_subscribers(gateway):
    found = read(connect(gateway, "school"), "channel")
    assert facts(found, "followers") == {}
    assert "hides" in coverage(found, State.NOT_OFFERED)["followers"]
    assert facts(found, "lifetime_views")[TODAY] > 0


def test_it_reads_all_published_videos_over_many_pages(gateway, main):
    found = posts(read(main, "videos"))
    public = {post.id: post for post in gateway.world.account(MAIN).posts(NOW) if not is_private(post)}
    assert found.keys() == public.keys()
    assert len(found) > 300
    for post_id, post in public.items():
        assert found[post_id].published_at == post.published_at
        assert found[post_id].duration_s == post.duration_s
        assert found[post_id].kind == ("short" if post.kind == "short" else "video")
        assert found[post_id].permalink == f"https://www.youtube.com/watch?v={post_id}"
        assert found[post_id].thumbnail_url.startswith("https://i.ytimg.com/")
        assert found[post_id].text.startswith(post.text.title)
        assert set(found[post_id].tags) >= {tag.lower().lstrip("#") for tag in post.text.hashtags}
        assert not any(tag.startswith("#") or tag != tag.lower() for tag in found[post_id].tags)


def test_it_reads_the_same_in_pages_of_any_size(gateway, main):
    whole = read(main, "videos")
    gateway.faults.set("youtube", "many_pages", size=7)
    assert read(main, "videos") == whole


def test_it_leaves_hidden_counters_missing(gateway, main):
    found = read(main, "videos")
    likes, comments, views = (readings(found, metric) for metric in ("likes", "comments", "views"))
    hidden = {post.id for post in gateway.world.account(MAIN).posts(NOW) if hides_likes(post) and not is_private(post)}
    closed = {p.id for p in gateway.world.account(MAIN).posts(NOW) if closes_comments(p) and not is_private(p)}
    assert hidden
    assert closed
    assert views.keys() - likes.keys() == hidden
    assert views.keys() - comments.keys() == closed


def test_it_reads_young_videos_without_the_whole_archive(main):
    every, made = posts(read(main, "videos")), main.client.requests_made
    young = posts(read(main, "young_videos"))
    assert young == {key: post for key, post in every.items() if post.published_at >= NOW - timedelta(days=28)}
    assert main.client.requests_made - made < made / 2


@pytest.mark.parametrize(
    ("published", "length", "kind"),
    [
        ("2024-10-15T00:00:00Z", "PT3M", "short"),
        ("2024-10-15T00:00:00Z", "PT3M1S", "video"),
        ("2024-10-14T23:59:59Z", "PT1M1S", "video"),
        ("2024-10-14T23:59:59Z", "PT1M", "short"),
        ("2020-01-01T00:00:00Z", "PT30S", "video"),
        ("2026-01-01T00:00:00Z", "P0D", "video"),
        ("2026-01-01T00:00:00Z", None, "video"),
    ],
    ids=[
        "three minutes",
        "a second more",
        "the day before",
        "one minute",
        "before Shorts",
        "no length yet",
        "no length",
    ],
)
def test_it_tells_shorts_by_their_length_and_day(published, length, kind):
    details = {"duration": length} if length else {}
    video = {"id": "a", "snippet": {"publishedAt": published, "title": "A"}, "contentDetails": details}
    assert next(youtube._video(video)).kind == kind


def test_it_skips_what_is_not_published_yet():
    assert not youtube._is_published({"status": {"privacyStatus": "private"}})
    assert not youtube._is_published({"snippet": {"liveBroadcastContent": "upcoming"}})
    assert youtube._is_published(
        {"snippet": {"liveBroadcastContent": "HOLOGRAM"}, "status": {"privacyStatus": "unlisted"}}
    )


# -- days


def test_it_reads_days_in_seconds_and_parts_of_ratios(gateway, main):
    first, last = date(2026, 10, 1), date(2026, 10, 11)
    found = read(main, "activity", first, last)
    world = gateway.world.account(MAIN)
    days = [first + timedelta(days=n) for n in range(11)]
    shown = facts(found, "views")
    assert list(shown.values()) == world.daily("views", days, NOW).tolist()
    watched = dict(zip(days, world.daily("watch_seconds", days, NOW).tolist(), strict=True))
    for day, seconds in facts(found, "watch_time").items():
        assert watched[day] - 60 < seconds <= watched[day]
    for day, summed in facts(found, "retention_sum").items():
        assert 0.1 < summed / shown[day] < 1.2
    assert list(facts(found, "followers_lost").values()) == world.daily("followers_lost", days, NOW).tolist()
    assert {record.metric for record in found} == set(BY_NAME["activity"].metrics)


def test_it_leaves_a_day_that_youtube_skipped_missing(gateway, main):
    silent = date(2026, 10, 12)
    assert silent in [plant.day for plant in gateway.world.account(MAIN).planted if plant.what == "silent"]
    found = facts(read(main, "activity", silent - timedelta(days=1), silent + timedelta(days=1)), "views")
    assert set(found) == {silent - timedelta(days=1), silent + timedelta(days=1)}


def test_it_waits_for_days_that_are_not_shown_yet(main):
    shown = facts(read(main, "activity", TODAY - timedelta(days=6), TODAY), "views")
    assert max(shown) == TODAY - timedelta(days=4)


def test_it_reads_corrected_days_again(gateway, main):
    day = TODAY - timedelta(days=4)
    early = facts(read(main, "activity", day), "views")[day]
    gateway.world.travel(NOW + timedelta(days=CONNECTOR.streams[4].lookback_days - 4))
    assert facts(read(connect(gateway), "activity", day), "views")[day] > early


def test_it_counts_pacific_days_on_both_nights_that_change_the_clock(gateway, main):
    world = gateway.world.account(MAIN)
    for day in (date(2026, 3, 8), date(2026, 11, 1)):
        assert facts(read(main, "activity", day), "views") == {day: world.daily("views", [day], NOW)[0]}
    assert CONNECTOR.day_zone == "America/Los_Angeles"


def test_it_loses_only_the_metric_that_is_refused(gateway, main):
    gateway.faults.set("youtube", "retired_metric", metric="dislikes")
    day = date(2026, 10, 10)
    found = read(main, "activity", day)
    assert facts(found, "dislikes") == {}
    assert facts(found, "views")[day] > 0
    assert list(coverage(found, State.NOT_OFFERED)) == ["dislikes"]
    assert "Unknown identifier (dislikes)" in coverage(found, State.NOT_OFFERED)["dislikes"]


@pytest.mark.parametrize("field", ["averageViewPercentage", "views"])
def test_it_gives_no_retention_without_both_of_its_parts(gateway, main, field):
    gateway.faults.set("youtube", "retired_metric", metric=field)
    found = read(main, "activity", date(2026, 10, 10))
    assert facts(found, "retention_sum") == {}
    assert "retention_sum" in coverage(found, State.NOT_OFFERED)
    assert facts(found, "watch_time")


def test_it_finds_out_which_metric_a_report_does_not_support(main):
    """YouTube says only that the query is not supported: halves are asked until it must be one."""
    reports = Reports(main)
    day = date(2026, 10, 10)
    found = reports.ask(("views", "estimatedMinutesWatched", "likes"), "day,deviceType", day, day)
    assert list(reports.refused) == ["likes"]
    assert all(set(cells) == {"views", "estimatedMinutesWatched"} for cells in found.values())
    made = main.client.requests_made
    assert reports.ask(("views", "likes"), "day,deviceType", day, day)
    assert main.client.requests_made == made + 1


def test_it_skips_a_report_of_which_everything_is_refused(gateway, main):
    gateway.faults.set("youtube", "retired_metric", metric="viewerPercentage")
    with pytest.raises(NotOffered, match="viewerPercentage"):
        read(main, "viewers", date(2026, 10, 1), date(2026, 10, 31))


# -- splits


@pytest.mark.parametrize(
    ("stream", "dimension", "some"),
    [
        ("devices", "device", {"mobile", "desktop", "tablet", "tv", "other"}),
        ("traffic_sources", "traffic_source", {"shorts", "yt_search", "subscriber"}),
        ("content_kinds", "content_kind", {"video", "short", "live"}),
        ("countries", "country", {"DE", "US", "ZZ"}),
    ],
)
def test_it_divides_each_day(main, stream, dimension, some):
    first, last = date(2026, 10, 1), date(2026, 10, 5)
    found = read(main, stream, first, last)
    views = facts(found, "views", dimension)
    assert {day for day, _ in views} == {first + timedelta(days=n) for n in range(5)}
    assert {key for _, key in views} >= some
    total = facts(read(main, "activity", first, last), "views")
    assert {day: sum(v for (at, _), v in views.items() if at == day) for day in total} == total
    assert {record.metric for record in found} == set(BY_NAME[stream].metrics)


@pytest.mark.parametrize(
    ("stream", "dimension", "key"),
    [
        ("devices", "device", "other"),
        ("traffic_sources", "traffic_source", "42 things!"),
        ("content_kinds", "content_kind", "other"),
        ("countries", "country", "ZZ"),
    ],
)
def test_it_keeps_numbers_of_kinds_nobody_has_seen(gateway, main, stream, dimension, key):
    gateway.faults.set("youtube", "new_enum", value="42 things!")
    day = date(2026, 10, 1)
    found = read(main, stream, day)
    views = facts(found, "views", dimension)
    assert views[day, key] > 0
    assert len(views) == len({(r.day, r.member) for r in found if r.metric == "views"})
    assert sum(views.values()) == facts(read(main, "activity", day), "views")[day]


def test_it_reads_names_in_either_case():
    assert youtube.CONTENT.key("VIDEO_ON_DEMAND") == youtube.CONTENT.key("videoOnDemand") == "video"
    assert youtube.DEVICE.key("GAME_CONSOLE") == "other"
    assert youtube.DEVICE.key("TV") == "tv"


def test_it_asks_for_countries_one_finished_day_at_a_time(main):
    made = main.client.requests_made
    read(main, "countries", TODAY - timedelta(days=2), TODAY)
    assert main.client.requests_made == made + 2


def test_it_reads_shares_of_viewers_by_month(main):
    found = read(main, "viewers", date(2026, 9, 20), date(2026, 11, 18))
    shares = facts(found, "viewer_share", "age_gender", "month")
    assert {day for day, _ in shares} == {date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)}
    assert {"18-24 F", "65+ M", "25-34 U"} <= {key for _, key in shares}
    october = sum(share for (day, _), share in shares.items() if day == date(2026, 10, 1))
    assert october == pytest.approx(1, abs=0.01)


def test_it_asks_for_no_month_that_has_not_begun(main):
    made = main.client.requests_made
    assert read(main, "viewers", TODAY + timedelta(days=1), TODAY + timedelta(days=40)) == []
    assert main.client.requests_made == made


# -- videos over their life


def test_it_reads_watch_time_of_every_known_video(gateway, main):
    known = posts(read(main, "videos"))
    found = read(main, "video_reports")
    watched = readings(found, "watch_time")
    last = datetime(2026, 11, 15, 8, 0, tzinfo=UTC)
    old = {key for key, post in known.items() if post.published_at < last - timedelta(days=1)}
    assert old <= watched.keys() <= known.keys()
    assert {record.captured_at for record in found} == {last}
    assert {record.metric for record in found} == set(BY_NAME["video_reports"].metrics)
    world = gateway.world.account(MAIN)
    oldest = min(old, key=lambda key: known[key].published_at)
    until = world.counters_at("watch_seconds", [world.by_id[oldest].index], [last])[0, 0]
    assert watched[oldest] == pytest.approx(until, rel=0.01)


def test_it_asks_for_no_reports_of_strange_or_future_videos(main):
    main.posts.posts = [
        KnownPost("imported;country==DE", "video", NOW - timedelta(days=50)),
        KnownPost("aaaaaaaaaaa", "video", NOW + timedelta(days=50)),
    ]
    made = main.client.requests_made
    assert read(main, "video_reports") == []
    assert main.client.requests_made == made


# -- revenue and permissions


def test_it_reads_revenue_in_dollars(main):
    found = facts(read(main, "revenue", date(2026, 10, 1), date(2026, 10, 7)), "revenue")
    assert len(found) == 7
    assert all(0.5 < dollars < 500 for dollars in found.values())


@pytest.mark.parametrize("case", ["no permission", "no partner"])
def test_it_reads_everything_else_when_revenue_is_not_permitted(gateway, case):
    """Without the permission Google answers 401: that says nothing about the token, which must not be refreshed."""
    source = connect(gateway, without=MONEY) if case == "no permission" else connect(gateway, "school")
    token = source.client._tokens.token
    made = source.client.requests_made
    refused = read(source, "revenue", date(2026, 10, 1), date(2026, 10, 7))
    assert source.client.requests_made == made + 1
    assert source.client._tokens.token == token
    assert "Insufficient permission" in coverage(refused, State.NOT_PERMITTED)["revenue"]
    assert len(refused) == 1
    assert facts(read(source, "activity", date(2026, 10, 1)), "views")
    assert BY_NAME["revenue"].scopes[-1] == MONEY


def test_it_says_which_permission_is_missing(gateway):
    source = connect(gateway, without=f"{ANALYTICS} {MONEY}")
    with pytest.raises(PermissionMissing) as told:
        read(source, "activity")
    assert "grant every permission" in told.value.hint
    assert read(source, "channel")


def test_it_reads_reports_with_the_larger_permission_alone(gateway):
    assert facts(read(connect(gateway, without=ANALYTICS), "activity", date(2026, 10, 1)), "views")


# -- empty, gone, expired


def test_it_makes_up_nothing_for_an_empty_channel(gateway):
    source = connect(gateway, "new")
    assert facts(read(source, "channel"), "followers") == {TODAY: 0}
    for name, stream in BY_NAME.items():
        if name not in {"channel", "revenue"}:
            first = TODAY - timedelta(days=stream.window_days - 1) if name == "activity" else TODAY - timedelta(days=9)
            assert read(source, name, first if stream.windowed else TODAY, TODAY) == [], name


def test_it_says_that_the_channel_is_gone(gateway, main):
    gateway.faults.set("youtube", "account_gone")
    with pytest.raises(PermissionMissing, match="closed"):
        read(main, "channel")
    gateway.faults.clear()
    elsewhere = Source(main.client, connect(gateway, "school").account, Shelf())
    with pytest.raises(PermissionMissing, match="gone"):
        read(elsewhere, "channel")
    assert elsewhere.account.external_id == SCHOOL.external_id


def test_it_refreshes_an_expired_token_and_goes_on(gateway, main):
    before = main.client._tokens.token
    gateway.faults.set("youtube", "expired_token")
    assert read(main, "channel")
    after = main.client._tokens.token
    assert after.access_token != before.access_token
    assert after.refresh_token == before.refresh_token
    gateway.faults.set("youtube", "revoked_token")
    with pytest.raises(AuthorisationExpired):
        read(main, "channel")


def test_it_stops_until_midnight_in_california_when_the_quota_is_spent(gateway, main):
    gateway.faults.set("youtube", "rate_limited", cap=True)
    with pytest.raises(RateLimited) as told:
        read(main, "channel")
    assert told.value.retry_after_s == pytest.approx(17 * 3600, abs=60)
    assert main.client._limits.blocked[0][0].endswith("/units")
    with pytest.raises(RateLimited):
        read(main, "activity")
    assert main.client._limits.blocked[-1][0].endswith("/reports")


def test_it_asks_again_when_it_was_only_too_fast(gateway, main):
    gateway.faults.set("youtube", "rate_limited", times=2)
    assert facts(read(main, "channel"), "lifetime_views")


def test_it_shows_no_token_anywhere(gateway, caplog):
    caplog.set_level(logging.DEBUG)
    source = connect(gateway, without=MONEY)
    tokens, told = [source.client._tokens.token], []
    for name in BY_NAME:
        read(source, name, TODAY - timedelta(days=5), TODAY)
    for fault, options in (("expired_token", {}), ("rate_limited", {"cap": True}), ("revoked_token", {})):
        gateway.faults.clear()
        gateway.faults.set("youtube", fault, **options)
        for name in ("channel", "activity", "revenue"):
            try:
                read(source, name)
            except AppError as error:
                told.append(f"{error!r} {error} {error.context!r} {''.join(traceback.format_exception(error))}")
            tokens.append(source.client._tokens.token)
    assert len(told) >= 5
    secrets = {KEYS.client_secret, VERIFIER} | {t.access_token for t in tokens} | {t.refresh_token for t in tokens}
    assert len(secrets) >= 5, "two access tokens, a refresh token, the verifier and the app's secret"
    shown = caplog.text + repr(source) + repr(tokens) + "".join(told)
    assert [secret for secret in secrets if not secret or secret in shown] == []
    assert not {"access_token", "key", "code"} & {name for seen in gateway.app.seen for name in seen.parameters}
    assert gateway.app.unexpected == []


# -- tables as they come


def at_desk(desk: Desk) -> Source:
    """A source whose answers the test lays out, behind the real client."""
    token = Token("ya29.desk", "1//0desk", NOW + timedelta(days=1))
    quiet = {"now": lambda: NOW, "sleep": lambda _seconds: None}
    client = Client(CONNECTOR, Tokens(token), KEYS, NoLimits(), gateway=desk.url, **quiet)
    return Source(client, Account("UC1", "Desk"), Shelf())


def columns(*names: str, rows: list | None = None) -> dict:
    body = {"kind": "youtubeAnalytics#resultTable", "columnHeaders": [{"name": name} for name in names]}
    return body if rows is None else body | {"rows": rows}


def test_it_takes_a_report_without_rows_for_nothing_known(desk):
    desk.lay_out(columns("day", "views"))
    assert read(at_desk(desk), "activity") == []
    assert desk.asked[0].query["ids"] == "channel==UC1"


def test_it_reads_columns_by_name_and_leaves_out_empty_cells(desk):
    desk.lay_out(columns("views", "day", "estimatedMinutesWatched", "likes", rows=[[7, "2026-11-01", "3", None]]))
    day = date(2026, 11, 1)
    assert read(at_desk(desk), "activity") == [Fact("views", day, 7), Fact("watch_time", day, 180)]


@pytest.mark.parametrize(
    "rows",
    [[["1 November", 3]], [["2026-11-01", "many"]], [["2026-11-01", True]], [["2026-11-01", "Infinity"]], [[3]]],
    ids=["strange day", "a word", "a truth", "endless", "short row"],
)
def test_it_never_takes_a_strange_row_for_nothing(desk, rows):
    desk.lay_out(columns("day", "views", rows=rows))
    with pytest.raises(SchemaDrift):
        read(at_desk(desk), "activity")


def test_it_adds_up_devices_that_are_one_to_us(desk):
    rows = [["2026-11-01", "GAME_CONSOLE", 2], ["2026-11-01", "HOLOGRAM", 3], ["2026-11-01", "MOBILE", 5]]
    desk.lay_out(columns("day", "deviceType", "views", rows=rows))
    day = date(2026, 11, 1)
    assert facts(read(at_desk(desk), "devices"), "views", "device") == {(day, "other"): 5, (day, "mobile"): 5}


@pytest.mark.parametrize("spelling", ["VIDEO_ON_DEMAND", "videoOnDemand"])
def test_it_knows_kinds_of_content_in_both_spellings(desk, spelling):
    desk.lay_out(columns("day", "creatorContentType", "views", rows=[["2026-11-01", spelling, 4]]))
    found = facts(read(at_desk(desk), "content_kinds"), "views", "content_kind")
    assert found == {(date(2026, 11, 1), "video"): 4}


@pytest.mark.parametrize(
    ("age", "gender", "key"),
    [
        ("age18-24", "female", "18-24 F"),
        ("age65-", "male", "65+ M"),
        ("age25-34", "user_specified", "25-34 U"),
        ("age99", "ROBOT", "U"),
    ],
)
def test_it_names_ages_and_genders(desk, age, gender, key):
    desk.lay_out(columns("ageGroup", "gender", "viewerPercentage", rows=[[age, gender, 12.5]]))
    shares = facts(read(at_desk(desk), "viewers"), "viewer_share", "age_gender", "month")
    assert shares == {(date(2026, 11, 1), key): 0.125}


# -- answers and errors, one by one


def answer(status: int, body: object, *, host: str = "youtube", date_header: str = "") -> requests.Response:
    response = requests.Response()
    response.status_code, response.url = status, f"http://127.0.0.1/{host}.googleapis.com/youtube/v3/channels"
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    if date_header:
        response.headers["Date"] = date_header
    return response


def problem(code: int, reason: str, message: str = "Something", **more: object) -> requests.Response:
    body = {"error": {"code": code, "message": message, "errors": [{"reason": reason, "message": message}], **more}}
    return answer(code, body)


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (answer(200, {"items": []}), type(None)),
        (answer(502, b"<html>Bad Gateway</html>"), type(None)),
        (answer(400, {"error": "invalid_grant"}), type(None)),
        (problem(403, "rateLimitExceeded"), RateLimited),
        (problem(403, "userRateLimitExceeded"), RateLimited),
        (problem(429, "rateLimitExceeded", status="RESOURCE_EXHAUSTED"), RateLimited),
        (problem(403, "quotaExceeded"), RateLimited),
        (problem(403, "dailyLimitExceeded"), RateLimited),
        (problem(403, "insufficientPermissions"), PermissionMissing),
        (problem(403, "forbidden", details=[{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]), PermissionMissing),
        (problem(403, "forbidden", "Insufficient permission to access this report."), PermissionMissing),
        (problem(401, "unauthorized", "Insufficient permission to access this report."), PermissionMissing),
        (problem(403, "accessNotConfigured"), BadSetting),
        (problem(403, "forbidden", details=[{"reason": "SERVICE_DISABLED"}]), BadSetting),
        (problem(401, "youtubeSignupRequired"), NotOffered),
        (problem(403, "commentsDisabled"), NotOffered),
        (problem(404, "playlistNotFound"), NotOffered),
        (problem(403, "accountSuspended"), PermissionMissing),
        (problem(401, "authError"), AuthorisationExpired),
        (problem(500, "backendError"), SourceUnavailable),
        (problem(503, "backendError", status="UNAVAILABLE"), SourceUnavailable),
        (problem(400, "badRequest", "The query is not supported. Check the documentation"), NotOffered),
        (problem(400, "invalidParameter"), RefusedRequest),
        (problem(404, "notFound"), RefusedRequest),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_it_understands_googles_errors(response, kind):
    found = classify(response)
    assert type(found) is kind
    if found is not None and kind not in {NotOffered, RefusedRequest, SourceUnavailable, RateLimited}:
        assert found.hint


def test_it_names_the_api_that_must_be_enabled():
    body = {"error": {"code": 403, "message": "x", "errors": [{"reason": "accessNotConfigured"}]}}
    assert "YouTube Data API v3" in classify(answer(403, body)).hint
    assert "YouTube Analytics API" in classify(answer(403, body, host="youtubeanalytics")).hint


@pytest.mark.parametrize(
    ("sent", "hours"),
    [
        ("Wed, 18 Nov 2026 15:00:00 GMT", 17),
        ("Sun, 01 Nov 2026 07:30:00 GMT", 24.5),
        ("Sun, 08 Mar 2026 08:00:00 GMT", 23),
    ],
    ids=["an ordinary day", "a night of 25 hours", "a day of 23 hours"],
)
def test_it_knows_when_quotas_begin_anew(sent, hours):
    body = {"error": {"code": 403, "message": "x", "errors": [{"reason": "quotaExceeded"}]}}
    waits = classify(answer(403, body, date_header=sent)).retry_after_s
    assert waits in {hours * 3600, hours * 3600 - 24 * 3600}


def test_it_refuses_tables_it_cannot_read():
    headers = [{"name": "day"}, {"name": "views"}]
    assert table({"columnHeaders": headers}, "day") == {}
    assert table({"columnHeaders": headers, "rows": [["2026-01-01", "7"]]}, "day") == {("2026-01-01",): {"views": 7.0}}
    assert table({"columnHeaders": headers, "rows": [["2026-01-01", None]]}, "day") == {("2026-01-01",): {}}
    for broken in (
        {},
        {"columnHeaders": headers, "rows": [["2026-01-01"]]},
        {"columnHeaders": headers, "rows": [["2026-01-01", "many"]]},
        {"columnHeaders": headers[1:], "rows": [[7]]},
    ):
        with pytest.raises(SchemaDrift):
            table(broken, "day")


@pytest.mark.parametrize("wrong", [True, "", "NaN", [], "1 000"])
def test_it_takes_only_numbers_for_numbers(wrong):
    with pytest.raises(SchemaDrift):
        google_api.number(wrong)


@pytest.mark.parametrize("wrong", ["yesterday", "2026-11-18T15:00:00", None])
def test_it_takes_only_moments_with_a_zone(wrong):
    with pytest.raises(SchemaDrift):
        google_api.moment(wrong)


# -- what it declares


def test_it_declares_registered_metrics_and_splits():
    for stream in STREAMS:
        assert stream.scopes
        assert stream.metrics or stream.name == "comments"
        assert all("youtube" in METRICS[metric].platforms for metric in stream.metrics)
    fields = {source.field for metric in METRICS.values() for source in metric.sources if source.platform == "youtube"}
    assert {*youtube.UNITS, *youtube.PROFILE, youtube.RETENTION} <= fields
    splits = (youtube.DEVICE, youtube.TRAFFIC, youtube.CONTENT, youtube.COUNTRY)
    assert all(split.dimension in DIMENSIONS for split in splits)


def test_it_asks_for_consent_that_lasts(gateway):
    query = parse_qs(urlsplit(oauth.consent_url(CONNECTOR, KEYS, REDIRECT, "s", VERIFIER, gateway.url)).query)
    assert query["access_type"] == ["offline"]
    assert query["prompt"] == ["consent"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["scope"][0].split() == [READ, ANALYTICS, MONEY]


def test_it_asks_for_the_permission_to_change_things_only_where_comments_were_chosen(gateway):
    asked = partial(oauth.consent_url, CONNECTOR, KEYS, REDIRECT, "s", VERIFIER, gateway.url)
    (plain,), (chosen,) = (parse_qs(urlsplit(asked(streams=on)).query)["scope"] for on in ((), ("comments",)))
    assert set(chosen.split()) - set(plain.split()) == {youtube_comments.SCOPE}
    assert BY_NAME["comments"].optional


def test_it_declares_its_quota_first():
    limits = {limit.name: (limit.calls, limit.per_s) for limit in CONNECTOR.limits}
    assert limits["units"] == (10_000, 86_400)
    assert CONNECTOR.limits[0].name == "units", "a request that names no limit costs a unit"
    assert BY_NAME["activity"].lookback_days >= 7
    assert BY_NAME["activity"].settles_after == timedelta(hours=72)


@pytest.mark.specs
def test_it_asks_only_for_what_the_documents_know(specs):
    data = json.loads((specs / "youtube/youtube.v3.json").read_text())
    assert set(youtube.PROFILE) <= set(data["schemas"]["ChannelStatistics"]["properties"])
    assert set(youtube.COUNTERS) <= set(data["schemas"]["VideoStatistics"]["properties"])
    assert f"{data['rootUrl']}youtube/v3" == youtube_api.DATA_URL
    analytics = json.loads((specs / "youtube/youtubeAnalytics.v2.json").read_text())
    query = analytics["resources"]["reports"]["methods"]["query"]
    assert analytics["rootUrl"] + query["path"] == youtube_api.REPORTS_URL
    known = {*data["auth"]["oauth2"]["scopes"], *analytics["auth"]["oauth2"]["scopes"]}
    assert {scope.name for scope in CONNECTOR.auth.scopes} <= known
