"""Instagram's stand-in speaks the Graph API: Meta's own names, shapes, refusals and login."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from core.clock import day_end, day_start
from sandbox import instagram
from sandbox.instagram import EMPTY, MAIN, SMALL
from sandbox.server import Running

NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
ZONE = "America/Los_Angeles"
APP = {"client_id": "1234567890", "client_secret": "an-app-secret"}
REDIRECT = "http://localhost:8501/oauth/callback"


@pytest.fixture
def gateway(sandbox: Running) -> Running:
    sandbox.world.travel(NOW)
    return sandbox


@pytest.fixture
def graph(gateway: Running):
    return Graph(gateway.url)


class Graph:
    """A plain HTTP client of the stand-in."""

    def __init__(self, url: str, login: str = "northwind", without: str = "") -> None:
        self.url, self.login, self.without = f"{url}/graph.facebook.com/v26.0", login, without
        self.dialog = f"{url}/www.facebook.com/v26.0/dialog/oauth"
        self.token = ""

    def consent(self) -> str:
        query = {"client_id": APP["client_id"], "redirect_uri": REDIRECT, "state": "s", "scope": ",".join(SCOPES)}
        form = {"decision": "allow", "login": self.login, "without": self.without}
        reply = requests.post(self.dialog, params=query, data=form, allow_redirects=False, timeout=10)
        return parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]

    def short_token(self) -> dict:
        asked = APP | {"code": self.consent(), "redirect_uri": REDIRECT}
        return requests.get(f"{self.url}/oauth/access_token", params=asked, timeout=10).json()

    def ask(self, path: str, **params) -> requests.Response:
        if not self.token:
            self.token = self.short_token()["access_token"]
        headers = {"Authorization": f"Bearer {self.token}"}
        return requests.get(f"{self.url}{path}", params=params, headers=headers, timeout=30)

    def error(self, path: str, **params) -> dict:
        reply = self.ask(path, **params)
        assert reply.status_code >= 400, reply.text
        return reply.json()["error"]

    def insights(self, metric: str, spec=MAIN, **params) -> list[dict]:
        reply = self.ask(f"/{spec.external_id}/insights", metric=metric, **params)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]

    def first_medium(self, product: str) -> dict:
        asked = {"fields": "id,media_product_type", "limit": 100}
        items = self.ask(f"/{MAIN.external_id}/media", **asked).json()["data"]
        return next(item for item in items if item["media_product_type"] == product)


SCOPES = ("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement")
TOTAL = {"period": "day", "metric_type": "total_value"}


def on(day: date, last: date | None = None) -> dict:
    start, end = day_start(day, ZONE), day_end(last or day, ZONE)
    return {"since": int(start.timestamp()), "until": int(end.timestamp())}


def loaded(folder: Path, name: str):
    return json.loads((folder / name).read_text())


def test_it_logs_in_and_exchanges_short_tokens_for_long_ones(graph):
    short = graph.short_token()
    assert short["token_type"] == "bearer"
    assert short["expires_in"] < 7200
    asked = APP | {"grant_type": "fb_exchange_token", "fb_exchange_token": short["access_token"]}
    long = requests.post(f"{graph.url}/oauth/access_token", data=asked, timeout=10).json()
    assert long["expires_in"] == 5183944
    assert long["access_token"] != short["access_token"]
    debug = requests.get(
        f"{graph.url}/debug_token", params={"input_token": long["access_token"], "access_token": "1|2"}, timeout=10
    ).json()
    assert debug["data"]["is_valid"]
    assert set(debug["data"]["scopes"]) == set(SCOPES)


def test_it_never_exchanges_an_expired_token(graph, gateway):
    short = graph.short_token()["access_token"]
    gateway.world.travel(NOW + timedelta(hours=3))
    asked = APP | {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
    reply = requests.get(f"{graph.url}/oauth/access_token", params=asked, timeout=10)
    assert reply.status_code == 400
    assert (reply.json()["error"]["code"], reply.json()["error"]["error_subcode"]) == (190, 463)


def test_it_words_a_wrong_secret_and_a_used_code_as_meta_does(graph):
    code = graph.consent()
    asked = APP | {"code": code, "redirect_uri": REDIRECT}
    url = f"{graph.url}/oauth/access_token"
    wrong = requests.get(url, params=asked | {"client_secret": "wrong-secret"}, timeout=10).json()["error"]
    assert wrong["message"] == "Error validating client secret."
    assert requests.get(url, params=asked, timeout=10).ok
    assert requests.get(url, params=asked, timeout=10).json()["error"]["error_subcode"] == 36009


def test_it_finds_accounts_on_pages_and_pages_without_one(graph):
    body = graph.ask("/me/accounts", fields="id,name,instagram_business_account{id,username}").json()
    found = [page.get("instagram_business_account", {}).get("id") for page in body["data"]]
    assert found == [None, MAIN.external_id, SMALL.external_id]


def test_it_gives_the_last_page_cursors_but_no_next(graph):
    body = graph.ask(f"/{MAIN.external_id}/media", fields="id", limit=100).json()
    assert graph.token in body["paging"]["next"]
    seen, pages = [], 0
    while True:
        seen += [item["id"] for item in body["data"]]
        pages += 1
        if "next" not in body["paging"]:
            break
        after = body["paging"]["cursors"]["after"]
        body = graph.ask(f"/{MAIN.external_id}/media", fields="id", limit=100, after=after).json()
    assert pages > 1
    assert len(seen) == len(set(seen))
    assert body["paging"]["cursors"]["after"]
    assert graph.ask(
        f"/{MAIN.external_id}/media", fields="id", limit=100, after=body["paging"]["cursors"]["after"]
    ).json() == {"data": []}


def test_it_leaves_out_hidden_likes(graph):
    body = graph.ask(f"/{MAIN.external_id}/media", fields="id,like_count,comments_count", limit=100).json()
    hidden = [item for item in body["data"] if "like_count" not in item]
    assert 0 < len(hidden) < 30
    assert all("comments_count" in item for item in body["data"])


def test_it_drops_stories_after_a_day(graph, gateway):
    ids = []
    for hours in range(0, 24 * 8, 12):
        gateway.world.travel(NOW - timedelta(hours=hours))
        ids = [item["id"] for item in graph.ask(f"/{MAIN.external_id}/stories", fields="id").json()["data"]]
        if ids:
            break
        graph.token = ""
    assert ids
    assert graph.ask(f"/{ids[0]}/insights", metric="views,navigation,replies").ok
    gateway.world.travel(gateway.world.now() + timedelta(hours=25))
    graph.token = ""
    left = [item["id"] for item in graph.ask(f"/{MAIN.external_id}/stories", fields="id").json()["data"]]
    assert not set(ids) & set(left)
    assert graph.error(f"/{ids[0]}/insights", metric="views")["error_subcode"] == 33


def test_it_ends_days_at_pacific_midnight(graph):
    summer = graph.insights("reach", period="day", **on(date(2026, 7, 10), date(2026, 7, 11)))
    assert [value["end_time"] for value in summer[0]["values"]] == [
        "2026-07-11T07:00:00+0000",
        "2026-07-12T07:00:00+0000",
    ]
    winter = graph.insights("reach", period="day", **on(date(2026, 1, 10)))
    assert [value["end_time"] for value in winter[0]["values"]] == ["2026-01-11T08:00:00+0000"]


def test_it_answers_nothing_where_it_knows_nothing_yet(graph):
    yesterday = date(2026, 11, 17)
    assert graph.insights("reach", period="day", **on(yesterday)) == []
    assert graph.insights("views,likes", **TOTAL, **on(yesterday)) == []
    shell = graph.insights("follows_and_unfollows", breakdown="follow_type", **TOTAL, **on(yesterday))
    assert shell[0]["total_value"]["breakdowns"] == [{"dimension_keys": ["follow_type"]}]


def test_it_splits_those_who_came_from_those_who_left(graph):
    day = date(2026, 11, 10)
    row = graph.insights("follows_and_unfollows", breakdown="follow_type", **TOTAL, **on(day))[0]
    parts = {part["dimension_values"][0]: part["value"] for part in row["total_value"]["breakdowns"][0]["results"]}
    assert set(parts) == {"FOLLOWER", "NON_FOLLOWER"}
    counted = graph.insights("follower_count", period="day", **on(day))[0]["values"][0]["value"]
    assert parts["FOLLOWER"] == counted


def test_it_adds_kinds_of_content_up_to_the_total(graph):
    day = date(2026, 10, 10)
    row = graph.insights("views", breakdown="media_product_type", **TOTAL, **on(day))[0]["total_value"]
    assert sum(part["value"] for part in row["breakdowns"][0]["results"]) == row["value"]
    assert graph.insights("views", **TOTAL, **on(day))[0]["total_value"] == {"value": row["value"]}


def test_it_moves_a_planted_day_for_four_weeks(graph, gateway):
    planted = [plant.day for plant in gateway.world.account(MAIN).planted if plant.what == "restated"]
    day = next(day for day in planted if day.year == 2026 and day.month == 6)
    seen = []
    for age in (4, 20, 29):
        gateway.world.travel(day_end(day, ZONE) + timedelta(days=age))
        graph.token = ""
        seen.append(graph.insights("views", **TOTAL, **on(day))[0]["total_value"]["value"])
    assert seen[0] == seen[1] > seen[2]


def test_it_describes_only_audiences_of_a_hundred(graph):
    asked = {"period": "lifetime", "metric_type": "total_value", "breakdown": "age,gender"}
    row = graph.insights("follower_demographics", **asked)[0]["total_value"]["breakdowns"][0]
    assert row["dimension_keys"] == ["age", "gender"]
    assert ["25-34", "F"] in [part["dimension_values"] for part in row["results"]]
    assert len(row["results"]) <= 45
    assert graph.insights("follower_demographics", spec=SMALL, **asked) == []
    assert graph.insights("follower_count", spec=SMALL, period="day", **on(date(2026, 11, 10))) == []


def test_it_knows_nothing_of_an_empty_account(gateway):
    graph = Graph(gateway.url, login="new")
    profile = graph.ask(f"/{EMPTY.external_id}", fields="followers_count,follows_count,media_count").json()
    assert profile == {"id": EMPTY.external_id, "followers_count": 0, "follows_count": 0, "media_count": 0}
    assert graph.ask(f"/{EMPTY.external_id}/media").json() == {"data": []}
    assert graph.insights("reach", spec=EMPTY, period="day", **on(date(2026, 10, 1))) == []


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"metric": "reach,nonsense", "period": "day"}, "metric[1] must be one of the following values"),
        (
            {"metric": "reach,views", "period": "day"},
            "(views) should be specified with parameter metric_type=total_value",
        ),
        ({"metric": "follower_count", **TOTAL}, "Incompatible metrics (follower_count) with metric type (total_value)"),
        ({"metric": "views", "period": "days_28", "metric_type": "total_value"}, "Incompatible metrics (views)"),
        ({"metric": "likes", "breakdown": "follow_type", **TOTAL}, "Incompatible metrics (likes) with breakdown"),
        (
            {"metric": "reach", "period": "day", **on(date(2026, 9, 1), date(2026, 10, 3))},
            "There cannot be more than 30 days (2592000 s) between since and until",
        ),
        (
            {"metric": "follower_count", "period": "day", **on(date(2026, 10, 1))},
            "(follower_count) metric only supports querying data for the last 30 days excluding the current day",
        ),
        ({"metric": "impressions", "period": "day"}, "metric[0] must be one of"),
        ({"metric": "reach"}, "period is required"),
        ({"period": "day"}, "metric is required"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_refuses_a_whole_request_for_one_mistake(graph, params, said):
    error = graph.error(f"/{MAIN.external_id}/insights", **params)
    assert error["code"] == 100
    assert error["type"] == "OAuthException"
    assert said in error["message"]
    assert error["fbtrace_id"]


def test_it_refuses_media_metrics_by_product_and_by_age(graph, gateway):
    reel, feed = graph.first_medium("REELS"), graph.first_medium("FEED")
    error = graph.error(f"/{reel['id']}/insights", metric="reach,profile_visits,follows")
    assert error["type"] == "IGApiException"
    assert "does not support the profile_visits, follows metric for this media product type" in error["message"]
    assert "no longer supported" in graph.error(f"/{feed['id']}/insights", metric="impressions")["message"]
    old = next(post for post in gateway.world.account(MAIN).posts(NOW) if post.kind != "story")
    assert old.published_at < instagram.BUSINESS_SINCE
    assert graph.error(f"/{old.id}/insights", metric="reach")["error_subcode"] == 2108006


def test_it_says_how_much_of_the_limits_is_used(graph):
    reply = graph.ask("/me")
    assert set(json.loads(reply.headers["X-App-Usage"])) == {"call_count", "total_cputime", "total_time"}
    (usage,) = next(iter(json.loads(reply.headers["X-Business-Use-Case-Usage"]).values()))
    assert usage["type"] == "instagram"
    assert usage["estimated_time_to_regain_access"] == 0
    assert "Retry-After" not in reply.headers


def test_it_tells_minutes_when_the_limit_is_reached(graph, gateway):
    graph.ask("/me")
    gateway.faults.set("instagram", "rate_limited", retry_after_s=90, times=1)
    reply = graph.ask("/me")
    assert reply.json()["error"]["code"] == 4
    (usage,) = next(iter(json.loads(reply.headers["X-Business-Use-Case-Usage"]).values()))
    assert usage["estimated_time_to_regain_access"] == 2


def test_it_says_which_login_is_gone(graph, gateway):
    graph.ask("/me")
    gateway.faults.set("instagram", "expired_token")
    assert graph.error("/me")["error_subcode"] == 463
    gateway.faults.clear()
    gateway.faults.set("instagram", "revoked_token")
    assert graph.error("/me")["error_subcode"] == 458
    gateway.faults.clear()
    assert (
        Graph(gateway.url, without="instagram_manage_insights").error(
            f"/{MAIN.external_id}/insights", metric="reach", period="day"
        )["code"]
        == 10
    )


def test_it_refuses_unknown_fields_and_nodes(graph):
    assert "nonexisting field (impressions)" in graph.error(f"/{MAIN.external_id}", fields="id,impressions")["message"]
    assert graph.error("/17841400000000999")["error_subcode"] == 33


@pytest.mark.specs
def test_it_uses_only_fields_that_meta_lists(specs):
    users, media = loaded(specs, "instagram/IGUser.json"), loaded(specs, "instagram/IGMedia.json")
    v26 = loaded(specs, "meta_ads/meta-sdk-v26-fields.json")["objects"]
    assert {field["name"] for field in users["fields"]} | set(v26["iguser"]["Field"]) >= set(instagram.PROFILE_FIELDS)
    assert {field["name"] for field in media["fields"]} | set(v26["igmedia"]["Field"]) >= set(instagram.MEDIA_FIELDS)


@pytest.mark.specs
def test_it_knows_the_metrics_that_meta_lists(specs):
    v26 = loaded(specs, "meta_ads/meta-sdk-v26-fields.json")["objects"]["instagraminsightsresult"]
    assert set(instagram.MEDIA_METRICS) == set(v26["Metric"])
    assert set(instagram.PERIODS) == set(v26["Period"])
    assert set(instagram.METRIC_TYPES) == set(v26["MetricType"])
    assert set(instagram.TIMEFRAMES) == set(v26["Timeframe"])
    lists = {item["name"]: set(item["values"]) for item in loaded(specs, "meta_ads/enum_types.json")}
    of_users = {name for name in lists["shadowiguserinsights_metric_enum_param"] if not name.startswith("threads_")}
    assert set(instagram.USER_METRICS) == of_users
    assert set(instagram.USER_BREAKDOWNS) == lists["shadowiguserinsights_breakdown_enum_param"]
    for product in instagram.OFFERED.values():
        assert product <= set(v26["Metric"])


@pytest.mark.specs
def test_it_shapes_rows_as_meta_does(graph, specs):
    known = {field["name"] for field in loaded(specs, "instagram/InstagramInsightsResult.json")["fields"]}
    day = on(date(2026, 10, 10))
    rows = graph.insights("reach", period="day", **day) + graph.insights("views,likes", **TOTAL, **day)
    rows += graph.ask(f"/{graph.first_medium('REELS')['id']}/insights", metric="reach,ig_reels_avg_watch_time").json()[
        "data"
    ]
    assert len(rows) == 5
    assert all(set(row) <= known for row in rows)
    assert rows[0]["id"] == f"{MAIN.external_id}/insights/reach/day"
