"""Facebook's stand-in speaks the Graph API: pages with tokens of their own, Meta's names, shapes and refusals."""

import hashlib
import hmac
import json
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from core.clock import day_end, day_start
from sandbox import facebook, facebook_insights, facebook_talk
from sandbox.facebook import EMPTY, MAIN, PORTFOLIO, SMALL
from sandbox.server import Running
from sandbox.view import View
from tests.fixtures_sandbox import NOW, REDIRECT

ZONE = "America/Los_Angeles"
APP = {"client_id": "1234567890", "client_secret": "an-app-secret"}
SCOPES = ("pages_show_list", "pages_read_engagement", "read_insights", "pages_read_user_content")
NOT_FIELDS = {"attachments", "comments", "likes", "reactions"}
"""Edges that are asked for like fields."""


class Graph:
    """A plain HTTP client of the stand-in: with the person's token, or with that of a page."""

    def __init__(self, url: str, login: str = "northwind", without: str = "", scopes: tuple[str, ...] = SCOPES) -> None:
        self.url, self.login, self.without, self.scopes = f"{url}/graph.facebook.com/v26.0", login, without, scopes
        self.dialog = f"{url}/www.facebook.com/v26.0/dialog/oauth"
        self.token = ""

    def log_in(self) -> str:
        query = {"client_id": APP["client_id"], "redirect_uri": REDIRECT, "state": "s", "scope": ",".join(self.scopes)}
        form = {"decision": "allow", "login": self.login, "without": self.without}
        reply = requests.post(self.dialog, params=query, data=form, allow_redirects=False, timeout=10)
        code = parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]
        asked = APP | {"code": code, "redirect_uri": REDIRECT}
        return requests.get(f"{self.url}/oauth/access_token", params=asked, timeout=10).json()["access_token"]

    def ask(self, path: str, token: str = "", **params) -> requests.Response:
        self.token = self.token or self.log_in()
        headers = {"Authorization": f"Bearer {token or self.token}"}
        return requests.get(f"{self.url}{path}", params=params, headers=headers, timeout=30)

    def as_page(self, path: str, spec=MAIN, **params) -> requests.Response:
        token = self.ask(f"/{spec.external_id}", fields="access_token").json()["access_token"]
        return self.ask(path.format(page=spec.external_id), token, **params)

    def rows(self, path: str, spec=MAIN, **params) -> list[dict]:
        reply = self.as_page(path, spec, **params)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]

    def error(self, path: str, **params) -> dict:
        reply = self.as_page(path, **params)
        assert reply.status_code >= 400, reply.text
        return reply.json()["error"]


@pytest.fixture
def graph(sandbox: Running) -> Graph:
    return Graph(sandbox.url)


def on(day: date, last: date | None = None) -> dict:
    start, end = day_start(day, ZONE), day_end(last or day, ZONE)
    return {"since": int(start.timestamp()), "until": int(end.timestamp())}


def post_of(sandbox: Running, kind: str, older_than: timedelta = timedelta(days=3)):
    found = [post for post in sandbox.world.account(MAIN).posts(NOW - older_than) if post.kind == kind]
    return found[-1]


# -- one host for two platforms


def test_it_shares_the_host_with_instagram(graph, sandbox):
    """Each consent sees its own accounts and nothing of the other's, whatever the order of the files."""
    other = Graph(sandbox.url, scopes=("instagram_basic", "instagram_manage_insights", "pages_show_list"))
    pages = {row["id"] for row in graph.ask("/me/accounts", fields="id").json()["data"]}
    assert MAIN.external_id in pages
    assert MAIN.external_id not in {row["id"] for row in other.ask("/me/accounts", fields="id").json()["data"]}
    assert other.ask(f"/{MAIN.external_id}").json()["error"]["error_subcode"] == 33
    held = {row["permission"] for row in graph.ask("/me/permissions").json()["data"] if row["status"] == "granted"}
    assert held == set(SCOPES)
    assert sandbox.app.unexpected == []


def test_it_keeps_faults_of_instagram_to_instagram(graph, sandbox):
    graph.ask("/me")
    sandbox.faults.set("instagram", "server_error")
    assert graph.ask("/me").ok
    sandbox.faults.set("facebook", "server_error")
    assert graph.ask("/me").status_code == 500


def test_it_exchanges_a_token_for_a_long_one_of_the_same_platform(graph):
    short = graph.log_in()
    asked = APP | {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
    long = requests.post(f"{graph.url}/oauth/access_token", data=asked, timeout=10).json()
    assert long["expires_in"] == 5183944
    assert graph.ask(f"/{MAIN.external_id}", long["access_token"]).json()["name"] == "Northwind Coffee"


# -- the proof of the app's secret


def proof(token: str, secret: str = APP["client_secret"]) -> str:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def test_it_checks_a_proof_where_one_is_given(graph):
    token = graph.log_in()
    assert graph.ask("/me/accounts", token).ok
    assert graph.ask("/me/accounts", token, appsecret_proof=proof(token)).ok
    page = graph.ask(f"/{MAIN.external_id}", token, fields="access_token").json()["access_token"]
    assert graph.ask(f"/{MAIN.external_id}/posts", page, appsecret_proof=proof(page)).ok
    for path, used, given in (
        ("/me/accounts", token, proof(token, "another-secret")),
        ("/me/accounts", token, "nonsense"),
        (f"/{MAIN.external_id}/posts", page, proof(token)),
    ):
        reply = graph.ask(path, used, appsecret_proof=given)
        said = reply.json()["error"]
        assert (reply.status_code, said["code"], said["type"]) == (400, 100, "GraphMethodException")
        assert said["message"] == "Invalid appsecret_proof provided in the API argument"


def test_it_requires_a_proof_of_an_app_that_asked_for_it(graph, monkeypatch):
    monkeypatch.setitem(APP, "client_id", "proven-1")
    token = graph.log_in()
    said = graph.ask("/me/accounts", token).json()["error"]
    assert (said["code"], said["message"]) == (100, "API calls from the server require an appsecret_proof argument")
    assert graph.ask("/me/accounts", token, appsecret_proof=proof(token)).ok


# -- pages and their tokens


def test_it_lists_a_page_of_a_portfolio_only_with_the_permission_for_it(sandbox):
    def ids(*more: str) -> set[str]:
        found = Graph(sandbox.url, "portfolio", scopes=(*SCOPES, *more)).ask("/me/accounts", fields="id").json()["data"]
        return {row["id"] for row in found}

    assert ids("business_management") - ids() == {PORTFOLIO.external_id}


def test_it_lists_pages_with_what_the_person_may_do(graph):
    rows = graph.ask("/me/accounts", fields="id,name,tasks,access_token").json()["data"]
    assert [row["id"] for row in rows] == [MAIN.external_id, SMALL.external_id, facebook.HELPED_OUT["id"]]
    assert [("ANALYZE" in row["tasks"]) for row in rows] == [True, True, False]
    assert len({row["access_token"] for row in rows[:2]} | {graph.token}) == 3


def test_it_gives_a_page_the_same_token_each_time(graph):
    tokens = {graph.ask(f"/{MAIN.external_id}", fields="access_token").json()["access_token"] for _ in range(2)}
    assert len(tokens) == 1
    debug = {"input_token": tokens.pop(), "access_token": "1|2"}
    data = requests.get(f"{graph.url}/debug_token", params=debug, timeout=10).json()["data"]
    assert data["is_valid"] and data["expires_at"] > (NOW + timedelta(days=3000)).timestamp()


@pytest.mark.parametrize(
    ("path", "code"),
    [("insights?metric=page_follows", 190), ("published_posts", 210), ("stories", 210), ("tagged", 210)],
)
def test_it_wants_the_token_of_the_page(graph, path, code):
    assert graph.ask(f"/{MAIN.external_id}/{path}").json()["error"]["code"] == code
    wrong = graph.ask(f"/{SMALL.external_id}", fields="access_token").json()["access_token"]
    assert graph.ask(f"/{MAIN.external_id}/{path}", wrong).json()["error"]["code"] == code


def test_it_takes_back_page_tokens_with_the_consent(graph, sandbox):
    token = graph.ask(f"/{MAIN.external_id}", fields="access_token").json()["access_token"]
    sandbox.faults.set("facebook", "revoked_token")
    assert graph.ask(f"/{MAIN.external_id}/published_posts", token).json()["error"]["error_subcode"] == 458


def test_it_tells_its_use_of_the_limit_for_pages(graph):
    headers = graph.ask("/me").headers
    assert json.loads(headers["X-Business-Use-Case-Usage"])["178414"][0]["type"] == "pages"
    assert set(json.loads(headers["X-App-Usage"])) == {"call_count", "total_cputime", "total_time"}


# -- insights


def test_it_ends_a_day_at_pacific_midnight(graph):
    (row,) = graph.rows("/{page}/insights", metric="page_media_view", period="day", **on(date(2026, 7, 1)))
    assert [point["end_time"] for point in row["values"]] == ["2026-07-02T07:00:00+0000"]
    assert row["id"] == f"{MAIN.external_id}/insights/page_media_view/day"


def test_it_shows_a_day_eighteen_hours_after_its_end(graph, sandbox):
    asked = {"metric": "page_media_view", "period": "day", **on(date(2026, 11, 19), date(2026, 11, 20))}
    assert len(graph.rows("/{page}/insights", **asked)[0]["values"]) == 1
    sandbox.world.travel(datetime(2026, 11, 22, 2, 30, tzinfo=UTC))
    graph.token = ""
    assert len(graph.rows("/{page}/insights", **asked)[0]["values"]) == 2


def test_it_sums_reactions_by_kind_to_the_likes_of_the_day(graph, sandbox):
    day = date(2026, 6, 10)
    (row,) = graph.rows("/{page}/insights", metric="page_actions_post_reactions_total", period="day", **on(day))
    value = row["values"][0]["value"]
    assert set(value) <= {"like", "love", "wow", "haha", "sorry", "anger"}
    assert sum(value.values()) == int(sandbox.world.account(MAIN).daily("likes", [day])[0])


@pytest.mark.parametrize("name", facebook_insights.RETIRED)
def test_it_refuses_retired_metrics_without_saying_which(graph, name):
    error = graph.error("/{page}/insights", metric=f"page_media_view,{name}", period="day", **on(date(2026, 7, 1)))
    assert (error["code"], error["message"]) == (100, "(#100) The value must be a valid insights metric")


def test_it_words_a_request_without_a_metric(graph):
    error = graph.error("/{page}/insights", period="day")
    assert (error["code"], error["error_subcode"]) == (3001, 1504028)


def test_it_answers_for_ninety_days_at_most(graph):
    first = date(2026, 6, 1)
    asked = {"metric": "page_follows", "period": "day"}
    rows = graph.rows("/{page}/insights", **asked, **on(first, first + timedelta(days=89)))
    assert len(rows[0]["values"]) == 90
    assert "90 days" in graph.error("/{page}/insights", **asked, **on(first, first + timedelta(days=90)))["message"]


def test_it_has_no_insights_of_small_pages(graph):
    asked = {"metric": "page_media_view,page_follows_country", "period": "day", **on(date(2026, 10, 1))}
    assert graph.rows("/{page}/insights", SMALL, **asked) == []
    assert graph.rows("/{page}/insights", **asked)


def test_it_does_not_know_views_of_a_story_on_its_first_day(graph, sandbox):
    story = post_of(sandbox, "story")
    path, asked = f"/{story.id}/insights", {"metric": "story_media_view,story_interaction"}
    sandbox.world.travel(story.published_at + timedelta(hours=5))
    graph.token = ""
    young = {row["name"]: row["values"] for row in graph.rows(path, **asked)}
    assert young["story_media_view"] == [{"value": 0, "end_time": "1970-01-02T00:00:00+0000"}]
    assert "end_time" not in young["story_interaction"][0]
    sandbox.world.travel(story.published_at + timedelta(hours=25))
    graph.token = ""
    assert graph.rows(path, **asked)[0]["values"][0]["value"] > 0


def test_it_gives_reels_and_videos_different_names(graph, sandbox):
    reel, video = post_of(sandbox, "reel"), post_of(sandbox, "video")
    names = [
        {row["name"] for row in graph.rows(f"/{facebook.video_id(post)}/video_insights")} for post in (reel, video)
    ]
    assert names == [set(facebook_insights.REEL), set(facebook_insights.VIDEO)]


# -- posts and people


def test_it_leaves_shares_out_where_nobody_shared(graph):
    rows = graph.rows("/{page}/published_posts", SMALL, fields="id,shares", limit=100)
    assert any("shares" not in row for row in rows)
    assert all(row["shares"]["count"] > 0 for row in rows if "shares" in row)


def test_it_shows_public_counters_only_with_the_permission(sandbox):
    asked = {"fields": "id,reactions.summary(true).limit(0)", "limit": 3}
    blind = Graph(sandbox.url, without="pages_read_user_content")
    assert blind.error("/{page}/published_posts", **asked)["code"] == 10
    assert blind.rows("/{page}/published_posts", fields="id")
    assert Graph(sandbox.url).rows("/{page}/published_posts", **asked)[0]["reactions"]["summary"]["total_count"] > 0


def test_it_keeps_stories_apart_from_posts_and_in_the_archive(graph, sandbox):
    stories = graph.rows("/{page}/stories", fields="post_id,status,creation_time", limit=100)
    posts = {row["id"].partition("_")[2] for row in graph.rows("/{page}/published_posts", fields="id", limit=100)}
    assert not posts & {story["post_id"] for story in stories}
    assert all(story["creation_time"].isdigit() for story in stories)
    live = [story for story in stories if story["status"] == "PUBLISHED"]
    assert all(NOW.timestamp() - int(story["creation_time"]) < 86400 for story in live)
    assert len(live) < len(stories)


def test_it_lists_answers_only_in_the_stream(graph, sandbox):
    post = next(
        post
        for post in reversed(sandbox.world.account(MAIN).posts(NOW - timedelta(days=5)))
        if any(said.parent for said in facebook_talk.comments(_view(sandbox), post))
    )
    asked = {"fields": "id,message,created_time,parent,comment_count", "limit": 100}
    top = graph.rows(f"/{post.id}/comments", **asked)
    every = graph.rows(f"/{post.id}/comments", filter="stream", **asked)
    assert not [row for row in top if "parent" in row]
    assert len(every) == len(top) + sum(row["comment_count"] for row in top)
    assert {row["parent"]["id"] for row in every if "parent" in row} <= {row["id"] for row in top}
    assert [row["created_time"] for row in every] == sorted(row["created_time"] for row in every)


def _view(sandbox: Running):
    return View.of(sandbox.world, MAIN, NOW, {})


def test_it_knows_nothing_of_an_empty_page(sandbox):
    graph = Graph(sandbox.url, "new")
    for edge in ("published_posts", "videos", "video_reels", "stories", "tagged"):
        assert graph.rows(f"/{{page}}/{edge}", EMPTY) == []
    assert graph.rows("/{page}/insights", EMPTY, metric="page_follows", period="day") == []


def test_it_refuses_fields_it_does_not_know(graph):
    assert "nonexisting field (fans)" in graph.error("/{page}", fields="id,fans")["message"]


# -- official field lists


@pytest.mark.specs
def test_it_serves_only_fields_that_meta_lists(specs):
    def listed(name: str) -> set[str]:
        found = json.loads((specs / "facebook_pages" / f"{name}.json").read_text())
        return {field["name"] for field in found["fields"]}

    assert set(facebook.PAGE_FIELDS) <= listed("Page") | {"id", "name"}
    assert set(facebook.POST_FIELDS) - NOT_FIELDS <= listed("PagePost")
    assert set(facebook.VIDEO_FIELDS) <= listed("AdVideo")


@pytest.mark.specs
def test_it_serves_only_edges_that_meta_lists(specs):
    def edges(name: str) -> set[str]:
        found = json.loads((specs / "facebook_pages" / f"{name}.json").read_text())
        return {api["endpoint"].lstrip("/") for api in found["apis"] if api["method"] == "GET" and "endpoint" in api}

    page = {"published_posts", "posts", "feed", "videos", "video_reels", "stories", "tagged", "insights"}
    assert page <= edges("Page")
    assert {"comments", "insights"} <= edges("PagePost")
    assert "video_insights" in edges("AdVideo")


@pytest.mark.specs
def test_it_shapes_insights_as_meta_lists_them(specs, graph):
    known = {
        field["name"] for field in json.loads((specs / "facebook_pages/InsightsResult.json").read_text())["fields"]
    }
    rows = graph.rows("/{page}/insights", metric="page_media_view,page_follows", period="day", **on(date(2026, 7, 1)))
    assert len(rows) == 2
    assert {name for row in rows for name in row} <= known
    enums = json.loads((specs / "meta_ads/enum_types.json").read_text())
    periods = next(one["values"] for one in enums if one["name"] == "pageinsights_period_enum_param")
    assert set(facebook_insights.PERIODS) == set(periods)
