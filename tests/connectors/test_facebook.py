"""Facebook Pages through real HTTP: the page's own token, exact days, honest gaps, posts of every kind, what people say."""

import json
import logging
import traceback
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from connectors import facebook, facebook_posts, meta_graph, meta_login, oauth
from connectors.base import Source, Window
from connectors.facebook import CONNECTOR, STREAMS
from connectors.http import Client
from core.clock import local_day
from core.errors import (
    AuthorisationExpired,
    BadSetting,
    NotOffered,
    PermissionMissing,
    RefusedRequest,
    SourceUnavailable,
)
from core.ports import AppKeys, Token
from core.records import Comment, Coverage, Fact, Reading, State
from sandbox import facebook_insights, facebook_talk
from sandbox.facebook import MAIN, PORTFOLIO, SMALL, video_id
from sandbox.server import Running
from sandbox.view import View
from tests.connectors import stage
from tests.connectors.desk import NoLimits, Tokens
from tests.connectors.stage import KEYS, Player, Shelf, Told, facts, posts, readings
from tests.fixtures_sandbox import NOW

ZONE = "America/Los_Angeles"
TODAY = date(2026, 11, 21)
PROVEN = AppKeys("proven-app", "canary-client-secret")
"""The sandbox refuses what this app asks without a proof of its secret."""
BY_NAME = {stream.name: stream for stream in STREAMS}


@pytest.fixture
def player(sandbox: Running) -> Player:
    return Player(sandbox, CONNECTOR).connect()


def read(player: Player, name: str, first: date = TODAY, last: date = TODAY, now: datetime = NOW) -> list:
    told = player.read(BY_NAME[name], Shelf(), Window(first, last, now))
    if told.error:
        raise told.error
    return told.records


def told(player: Player, name: str, first: date = TODAY, last: date = TODAY) -> Told:
    return player.read(BY_NAME[name], Shelf(), Window(first, last, NOW))


def said_of(records: list, state: State = State.NOT_OFFERED) -> dict[str, str]:
    return {one.metric: one.reason for one in records if isinstance(one, Coverage) and one.state is state}


def published(sandbox: Running, first: date, last: date, *, story: bool = False) -> list:
    found = [post for post in sandbox.world.account(MAIN).posts(NOW) if (post.kind == "story") is story]
    return [post for post in found if first <= local_day(post.published_at, ZONE) <= last]


# -- accounts and the page's token


def test_it_finds_the_pages_whose_insights_the_person_may_see(player):
    assert [(account.name, account.kind) for account in player.accounts] == [
        ("Northwind Coffee", "page"),
        ("Northwind Roastery School", "page"),
    ]
    assert player.accounts[0].external_id == MAIN.external_id
    assert player.accounts[0].time_zone == ZONE
    assert player.accounts[0].picture_url.startswith("https://")


def test_it_finds_nothing_for_a_person_without_pages(sandbox):
    assert Player(sandbox, CONNECTOR).connect("nobody").accounts == []


@pytest.mark.parametrize("stream", [stream for stream in STREAMS if stream.name != "profile"], ids=lambda one: one.name)
def test_it_reads_as_the_page_and_tells_nobody_its_token(player, caplog, stream):
    """The page's token is another one than the person's; it is nowhere in the log, in addresses or in the vault."""
    caplog.set_level(logging.DEBUG)
    player.running.app.seen.clear()
    read(player, stream.name, TODAY - timedelta(days=3))
    token = player.client().get(f"/{MAIN.external_id}", {"fields": "access_token"})["access_token"]
    assert token != player.tokens.token.access_token
    assert token not in caplog.text
    assert player.tokens.log == ["saved"]
    assert not [seen for seen in player.running.app.seen if "access_token" in seen.parameters]


def test_it_masks_the_pages_token_in_errors(sandbox, player):
    client = player.client()
    reader = meta_graph.page_reader(client, MAIN.external_id)
    sandbox.faults.set("facebook", "revoked_token")
    with pytest.raises(AuthorisationExpired) as caught:
        reader.get(f"/{MAIN.external_id}/published_posts")
    assert reader.token not in f"{caught.value!r}{caught.value.context!r}{reader!r}"
    assert reader.token in client._secrets


def test_it_says_when_a_page_gives_no_token():
    class Closed:
        """Stands for a client whose person has no task on the page."""

        def get(self, _path: str, _params: dict) -> dict:
            return {"id": "1"}

    with pytest.raises(PermissionMissing, match="no access to the page"):
        meta_graph.page_reader(Closed(), "1")


# -- the proof of the app's secret


def test_it_makes_the_proof_as_meta_says():
    """HMAC-SHA256 of the token under the app's secret, in hexadecimal; checked against a published test vector."""
    token = "The quick brown fox jumps over the lazy dog"
    assert meta_login.proof(AppKeys("1", "key"), token) == {
        "appsecret_proof": "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    }
    assert meta_login.proof(AppKeys("1"), token) == {}, "without a secret there is nothing to prove"


def test_it_reads_everything_for_an_app_that_requires_its_secret(sandbox, monkeypatch):
    """The page's token needs a proof of its own: with the person's, every call as the page would be refused."""
    monkeypatch.setattr(stage, "KEYS", PROVEN)
    player = Player(sandbox, CONNECTOR).connect()
    assert len(player.accounts) == 2
    assert {name: one.error for name, one in player.read_all().items() if one.error} == {}
    asked = [seen for seen in sandbox.app.seen if seen.host == "graph.facebook.com" and "/oauth/" not in seen.path]
    assert len(asked) > 10 and all("appsecret_proof" in seen.parameters for seen in asked)


@pytest.mark.parametrize("secret", ["", "another-secret"], ids=["no secret", "a wrong secret"])
def test_it_says_when_the_app_secret_does_not_fit(sandbox, monkeypatch, secret):
    monkeypatch.setattr(stage, "KEYS", PROVEN)
    player = Player(sandbox, CONNECTOR).connect()
    keys = AppKeys(PROVEN.client_id, secret)
    client = Client(CONNECTOR, player.tokens, keys, NoLimits(), gateway=sandbox.url, now=player.clock.now)
    with pytest.raises(BadSetting, match="App Secret does not fit") as caught:
        client.get("/me/accounts")
    assert "App Secret" in caught.value.hint and caught.value.context["code"] == 100
    assert client.requests_made == 1, "asking again does not help"


def test_it_shows_the_proof_in_no_log_and_no_error(sandbox, player, logged):
    """Addresses are logged by the HTTP library below us, at a level that we mute; even there the proof is masked."""
    logging.getLogger("urllib3").setLevel(logging.DEBUG)
    client = player.client()
    reader = meta_graph.page_reader(client, MAIN.external_id)
    sandbox.faults.set("facebook", "server_error", only="/published_posts")
    with pytest.raises(SourceUnavailable) as caught:
        reader.get(f"/{MAIN.external_id}/published_posts")
    shown = logged.getvalue() + f"{caught.value!r}{caught.value.hint}{caught.value.context!r}{client!r}"
    shown += "".join(traceback.format_exception(caught.value))
    assert "appsecret_proof=..." in shown
    for token in (player.tokens.token.access_token, reader.token):
        made = meta_login.proof(stage.KEYS, token)["appsecret_proof"]
        assert made not in shown and made in client._secrets


# -- pages of a business portfolio


def test_it_finds_pages_of_a_portfolio_only_with_its_permission(sandbox):
    every = Player(sandbox, CONNECTOR).connect("portfolio")
    own = Player(sandbox, CONNECTOR).connect("portfolio", without="business_management")
    assert [one.external_id for one in every.accounts] == [SMALL.external_id, PORTFOLIO.external_id]
    assert [one.external_id for one in own.accounts] == [SMALL.external_id]


def test_it_reads_as_before_where_the_portfolio_was_not_granted(sandbox):
    before = Player(sandbox, CONNECTOR).connect().read_all()
    after = Player(sandbox, CONNECTOR).connect(without="business_management").read_all()
    refused = after.pop("portfolio")
    assert isinstance(refused.error, PermissionMissing) and not refused.records
    assert [one.external_id for one in before.pop("portfolio").records] == [MAIN.external_id]
    assert {name: one.records for name, one in after.items()} == {name: one.records for name, one in before.items()}
    assert not any(one.error for one in after.values())


# -- the page by day


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 7, 1), date(2026, 7, 5)),
        (date(2026, 1, 29), date(2026, 2, 2)),
        (date(2026, 3, 7), date(2026, 3, 9)),
        (date(2025, 10, 31), date(2025, 11, 3)),
        (date(2025, 12, 30), date(2026, 1, 2)),
    ],
    ids=["summer", "end of month", "clocks forward", "clocks back", "new year"],
)
def test_it_puts_values_on_the_pacific_day(player, sandbox, first, last):
    records, world = read(player, "daily", first, last), sandbox.world.account(MAIN)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for metric, name in (
        ("views", "views"),
        ("likes", "likes"),
        ("followers_gained", "followers_gained"),
        ("followers_lost", "followers_lost"),
        ("profile_visits", "visits"),
    ):
        assert facts(records, metric) == dict(zip(days, world.daily(name, days).tolist(), strict=True)), metric
    assert facts(records, "followers") == dict(zip(days, world.followers_on(days).tolist(), strict=True))


def test_it_reads_watch_time_in_seconds(player, sandbox):
    day = date(2026, 9, 9)
    whole = int(sandbox.world.account(MAIN).daily("watch_ms", [day])[0])
    assert facts(read(player, "daily", day, day), "video_watch_time") == {day: whole / 1000}


def test_it_reads_a_full_window_over_the_night_the_clocks_go_back(player):
    first = date(2025, 10, 13)
    days = BY_NAME["daily"].window_days
    known = facts(read(player, "daily", first, first + timedelta(days=days - 1)), "views")
    assert len(known) == days
    with pytest.raises(RefusedRequest, match="90 days"):
        read(player, "daily", first, first + timedelta(days=89))


def test_it_keeps_reach_of_28_days_apart_from_reach_of_a_day(player):
    records = read(player, "daily", date(2026, 10, 1), date(2026, 10, 3))
    day, long = facts(records, "reach"), facts(records, "reach", grain="days_28")
    assert day.keys() == long.keys() and len(day) == 3
    assert all(long[one] > day[one] for one in day)


def test_it_leaves_out_the_running_day_and_days_not_shown_yet(player):
    known = facts(read(player, "daily", date(2026, 11, 17), TODAY), "views")
    assert max(known) == date(2026, 11, 19)
    assert 0.0 not in known.values()


def test_it_reads_a_quarter_in_three_requests(player):
    client = player.client()
    window = Window(date(2026, 8, 1), date(2026, 8, 1) + timedelta(days=88), NOW)
    player.read(BY_NAME["daily"], Shelf(), window, client)
    assert client.requests_made == 3


def test_it_loses_one_refused_metric_and_asks_for_it_only_once(player, sandbox):
    first, last = date(2026, 10, 1), date(2026, 10, 5)
    plain = read(player, "daily", first, last)
    sandbox.faults.set("facebook", "retired_metric", metric="page_total_media_view_unique")
    records = read(player, "daily", first, last)
    assert facts(records, "reach") == {}
    assert "valid insights metric" in said_of(records)["reach"]
    assert sum(isinstance(one, Coverage) and one.metric == "reach" for one in records) == 1
    assert [one for one in records if isinstance(one, Fact)] == [
        one for one in plain if isinstance(one, Fact) and one.metric != "reach"
    ]


def test_it_says_which_metrics_facebook_retired(player):
    reasons = said_of(read(player, "daily", date(2026, 10, 1), date(2026, 10, 2)))
    assert reasons["impressions"] == "Facebook retired page_impressions on 2025-11-15; views took its place."
    assert "2024-03-14" in reasons["engaged_users"]
    asked = {*facebook.DAILY, *facebook.AUDIENCE, *facebook.OF_28_DAYS}
    assert not asked & set(facebook_insights.RETIRED)


def test_it_has_no_days_of_a_small_page(sandbox):
    player = Player(sandbox, CONNECTOR).connect()
    player.accounts = player.accounts[1:]
    assert player.accounts[0].external_id == SMALL.external_id
    records = read(player, "daily", date(2026, 10, 1), date(2026, 10, 31))
    assert not [one for one in records if isinstance(one, Fact)]
    assert "100 followers" in said_of(records)["views"]
    assert "followers" not in said_of(records), "the profile gives them"
    with pytest.raises(NotOffered, match="100 followers"):
        read(player, "audience")
    assert posts(read(player, "posts", date(2026, 9, 1), date(2026, 9, 30)))


def test_it_reads_followers_and_page_likes_as_they_are_now(player, sandbox):
    records = read(player, "profile")
    assert facts(records, "followers") == {TODAY: sandbox.world.account(MAIN).followers(NOW)}
    assert 0 < facts(records, "page_likes")[TODAY] < facts(records, "followers")[TODAY]


# -- posts


def test_it_reads_posts_of_every_kind(player, sandbox):
    first, last = date(2026, 8, 1), date(2026, 10, 31)
    found, expected = posts(read(player, "posts", first, last)), published(sandbox, first, last)
    assert found.keys() == {post.id for post in expected}
    kinds = {"status": "post", "photo": "image", "album": "carousel"}
    assert {one.kind for one in found.values()} == {"post", "image", "carousel", "link", "video", "reel"}
    for post in expected:
        one = found[post.id]
        assert (one.kind, one.published_at) == (kinds.get(post.kind, post.kind), post.published_at)
        assert one.text.startswith(post.text.body)
        assert one.tags == tuple(dict.fromkeys(tag[1:].lower() for tag in post.text.hashtags))
        assert bool(one.thumbnail_url) == (post.kind != "status")
        assert one.duration_s == (pytest.approx(post.duration_s + 0.237) if post.kind in {"video", "reel"} else None)
        assert one.permalink.startswith("https://www.facebook.com/")


def test_it_reads_the_counters_of_posts(player, sandbox):
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    records, world = read(player, "posts", first, last), sandbox.world.account(MAIN)
    counted = {
        "views": "views",
        "reach": "reach_of_post",
        "likes": "likes",
        "comments": "comments",
        "shares": "shares",
        "post_clicks": "clicks",
        "link_clicks": "link_clicks",
    }
    for metric, name in counted.items():
        values = world.counters(name, NOW)
        expected = {post.id: values[post.index] for post in published(sandbox, first, last)}
        assert readings(records, metric) == expected, metric


def test_it_reads_watch_time_and_retention_of_videos(player, sandbox):
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    records, world = read(player, "posts", first, last), sandbox.world.account(MAIN)
    watched, plays = world.counters("watch_ms", NOW), world.counters("video_plays", NOW)
    videos = {post.id: post.index for post in published(sandbox, first, last) if post.kind in {"video", "reel"}}
    assert readings(records, "video_views") == {name: plays[at] for name, at in videos.items()}
    assert readings(records, "video_watch_time") == {name: watched[at] / 1000 for name, at in videos.items()}
    views, shares = readings(records, "views"), readings(records, "retention_sum")
    assert shares.keys() == videos.keys()
    assert all(0.2 < shares[name] / views[name] < 0.9 for name in videos)


def test_it_lists_videos_once_for_their_lengths_and_only_where_there_are_any(player, sandbox):
    sandbox.app.seen.clear()
    read(player, "posts", date(2026, 9, 1), date(2026, 9, 30))
    asked = Counter(seen.path.rpartition("/")[2] for seen in sandbox.app.seen)
    assert (asked["videos"], asked["video_reels"]) == (1, 1)
    still = next(
        day
        for day in (date(2026, 9, 1) + timedelta(days=n) for n in range(60))
        if (found := published(sandbox, day, day)) and not {post.kind for post in found} & {"video", "reel"}
    )
    sandbox.app.seen.clear()
    read(player, "posts", still, still)
    assert not [seen for seen in sandbox.app.seen if seen.path.endswith(("/videos", "/video_reels"))]


def test_it_reads_a_kind_of_post_nobody_has_seen(player, sandbox):
    sandbox.faults.set("facebook", "new_enum", value="HOLOGRAM")
    records = read(player, "posts", date(2026, 11, 10))
    strange = [one for one in posts(records).values() if one.kind == "hologram"]
    assert len(strange) == 1
    assert readings(records, "views")[strange[0].external_id] > 0


def test_it_reads_reactions_from_insights_where_people_are_not_shown(sandbox):
    """Without the permission for other people's doings Facebook refuses the list of posts with public counters."""
    seeing, blind = Player(sandbox, CONNECTOR).connect(), Player(sandbox, CONNECTOR)
    blind.connect(without="pages_read_user_content")
    first, last = date(2026, 9, 1), date(2026, 9, 14)
    whole, records = read(seeing, "posts", first, last), read(blind, "posts", first, last)
    assert posts(records) == posts(whole)
    assert readings(records, "likes") == readings(whole, "likes")
    assert readings(records, "shares") == readings(whole, "shares")
    assert readings(records, "comments") == {}
    assert "permission" in said_of(records, State.NOT_PERMITTED)["comments"]
    with pytest.raises(PermissionMissing):
        read(blind, "comments", first, last)


def test_it_keeps_what_is_left_when_a_metric_of_posts_is_refused(player, sandbox):
    first, last = date(2026, 9, 1), date(2026, 9, 7)
    plain = read(player, "posts", first, last)
    sandbox.faults.set("facebook", "retired_metric", metric="post_clicks_by_type")
    assert read(player, "posts", first, last) == [
        one for one in plain if not (isinstance(one, Reading) and one.metric == "link_clicks")
    ]


def test_it_reads_young_posts_apart(player, sandbox):
    found = posts(read(player, "young_posts"))
    assert found.keys() == {post.id for post in published(sandbox, TODAY - timedelta(days=2), TODAY)}


def test_it_knows_a_video_by_its_own_id(player, sandbox):
    reel = next(post for post in reversed(published(sandbox, date(2026, 9, 1), TODAY)) if post.kind == "reel")
    found = posts(read(player, "posts", local_day(reel.published_at, ZONE), local_day(reel.published_at, ZONE)))
    assert video_id(reel) in found[reel.id].permalink


# -- stories


def test_it_takes_views_of_a_story_only_once_they_are_counted(player, sandbox):
    """Facebook writes 0 with an end in 1970 until it has counted them; that 0 is no number."""
    story = published(sandbox, date(2026, 10, 1), date(2026, 10, 31), story=True)[-1]
    own = story.id.partition("_")[2]
    for hours, known in ((5, False), (30, True)):
        now = story.published_at + timedelta(hours=hours)
        sandbox.world.travel(now)
        player = Player(sandbox, CONNECTOR).connect()
        records = read(player, "stories", now=now)
        assert posts(records)[own].kind == "story"
        assert posts(records)[own].published_at == story.published_at
        assert (own in readings(records, "views")) is known
        assert (own in readings(records, "reach")) is known
        assert own in readings(records, "replies")


def test_it_reads_moments_of_stories_in_both_forms():
    assert facebook_posts._seconds("1777199988") == facebook_posts._seconds(1777199988)
    assert facebook_posts._seconds("2026-04-22T18:15:00+0000").hour == 18


# -- audience


def test_it_describes_followers_by_country_and_city(player, sandbox):
    records = read(player, "audience")
    countries, cities = facts(records, "followers", "country"), facts(records, "followers", "city")
    day = date(2026, 11, 19)
    assert {one for one, _ in countries} == {one for one, _ in cities} == {day}
    assert (day, "DE") in countries and (day, "Berlin, Germany") in cities
    assert sum(countries.values()) <= int(sandbox.world.account(MAIN).followers_on([day])[0])


def test_it_keeps_countries_when_cities_are_refused(player, sandbox):
    plain = read(player, "audience")
    sandbox.faults.set("facebook", "retired_metric", metric="page_follows_city")
    assert read(player, "audience") == [one for one in plain if one.member.dimension == "country"]


# -- what people say


def comments_since(sandbox: Running, age: timedelta) -> dict:
    """Comment id -> (post, what was said), under posts that are not older."""
    view = View.of(sandbox.world, MAIN, NOW, {})
    posts = [post for post in view.posts() if post.kind != "story" and post.published_at >= NOW - age]
    return {said.id: (post.id, said) for post in posts for said in facebook_talk.comments(view, post)}


def test_it_reads_only_new_comments_for_the_rest_of_the_day(player, sandbox):
    since = NOW - timedelta(hours=6)
    source = Source(player.client(), player.accounts[0], Shelf(), since)
    found = list(BY_NAME["comments"].read(source, Window(TODAY, TODAY, NOW)))
    expected = comments_since(sandbox, timedelta(days=7))
    new = {name for name, (_, said) in expected.items() if said.at >= since - timedelta(hours=2)}
    assert {one.external_id for one in found} == new
    assert len(new) < len(expected)


def test_it_reads_comments_with_answers_and_authors(player, sandbox):
    found = [one for one in read(player, "comments") if isinstance(one, Comment)]
    expected = comments_since(sandbox, timedelta(days=30))
    assert {one.external_id for one in found} == expected.keys()
    for one in found:
        post, said = expected[one.external_id]
        assert (one.post, one.text, one.author, one.parent) == (post, said.text, said.author, said.parent)
        assert (one.written_at, one.likes) == (said.at, said.likes)
        assert one.kind == ("reply" if said.parent else "comment")
        assert one.permalink.startswith("https://")
    assert {one.kind for one in found} == {"comment", "reply"}


def test_it_does_not_ask_for_comments_where_there_are_none(sandbox):
    player = Player(sandbox, CONNECTOR).connect()
    player.accounts = player.accounts[1:]
    client, since = player.client(), NOW - timedelta(days=30)
    player.read(BY_NAME["comments"], Shelf(), None, client)
    small = sandbox.world.account(SMALL)
    counts = small.counters("comments", NOW)
    with_comments = [
        post for post in small.posts(NOW) if post.kind != "story" and counts[post.index] and post.published_at >= since
    ]
    assert client.requests_made == 2 + len(with_comments)


def test_it_reads_mentions_of_the_days_asked_for(player, sandbox):
    first, last = date(2026, 10, 1), date(2026, 10, 31)
    found = read(player, "mentions", first, last)
    view = View.of(sandbox.world, MAIN, NOW, {})
    expected = [said for said in facebook_talk.mentions(view) if first <= local_day(said.at, ZONE) <= last]
    assert [one.external_id for one in found] == [said.id for said in expected]
    assert {(one.kind, one.post) for one in found} == {("mention", "")}
    assert all(one.author and one.text for one in found)


# -- declarations


def test_it_asks_for_nothing_that_it_could_write_with():
    """The portfolio's permission could write: it is asked for only where a person switched that on."""
    asked = {"pages_show_list", "pages_read_engagement", "read_insights", "pages_read_user_content"}
    assert set(oauth.asked_scopes(CONNECTOR)) == asked
    assert set(oauth.asked_scopes(CONNECTOR, ("portfolio",))) == asked | {"business_management"}
    assert {scope.name for scope in CONNECTOR.auth.scopes} == asked | {"business_management"}
    assert all(scope.why for scope in CONNECTOR.auth.scopes)


def test_it_names_a_lack_of_insights_rights(sandbox):
    blind = Player(sandbox, CONNECTOR).connect(without="read_insights")
    assert isinstance(told(blind, "daily", TODAY - timedelta(days=5)).error, PermissionMissing)
    assert told(blind, "profile").error is None


def test_it_uses_a_bearer_of_a_part_without_asking_for_ours(sandbox, player):
    """The client takes another token for one request, and neither stores nor renews it."""
    page = player.client().get(f"/{MAIN.external_id}", {"fields": "access_token"})["access_token"]
    tokens = Tokens(Token("EAA-not-a-token"))
    client = Client(CONNECTOR, tokens, KEYS, NoLimits(), gateway=sandbox.url, now=lambda: NOW, sleep=lambda _s: None)
    assert client.get(f"/{MAIN.external_id}/published_posts", {"fields": "id"}, bearer=page)["data"]
    assert tokens.log == []
    with pytest.raises(AuthorisationExpired):
        client.get(f"/{MAIN.external_id}/published_posts", {"fields": "id"})


@pytest.mark.specs
def test_it_asks_only_for_fields_that_meta_lists(specs):
    def listed(name: str) -> set[str]:
        found = json.loads((specs / "facebook_pages" / f"{name}.json").read_text())
        return {field["name"] for field in found["fields"]}

    plain = [name for name in facebook_posts.FIELDS.split("attachments")[0].split(",") if name]
    assert set(plain) <= listed("PagePost")
    assert set(facebook_posts.VIDEO_FIELDS.split(",")) <= listed("AdVideo")
    assert set(facebook.MENTION_FIELDS.split(",")) <= listed("PagePost")
    assert set(facebook.PROFILE) <= listed("Page")
