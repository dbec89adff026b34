"""X's stand-in: the shapes of the official specifications, and its habits."""

import json
import time
from datetime import datetime, timedelta

import jsonschema
import pytest

from sandbox.x import NORTHWIND
from tests.fixtures_sandbox import NOW
from tests.sandbox.test_consent import connect

ME = "api.x.com/2/users/me"
TWEETS = f"api.x.com/2/users/{NORTHWIND.external_id}/tweets"
MENTIONS = f"api.x.com/2/users/{NORTHWIND.external_id}/mentions"
LOOKUP = "api.x.com/2/tweets"
ANALYTICS = "api.x.com/2/tweets/analytics"
PUBLIC = "created_at,public_metrics,attachments,lang,entities,author_id,referenced_tweets,in_reply_to_user_id"
RANGE = {"start_time": "2026-11-01T00:00:00Z", "end_time": "2026-11-21T00:00:00Z"}
EVERYTHING = {
    "me": (ME, {"user.fields": "created_at,description,public_metrics,profile_image_url,username,verified,location"}),
    "timeline": (TWEETS, {"tweet.fields": PUBLIC, "max_results": "100"}),
    "private": (TWEETS, {"tweet.fields": "created_at,non_public_metrics,organic_metrics", "max_results": "100"}),
    "empty": (TWEETS, {"since_id": "9" * 18 + "9"}),
    "mentions": (MENTIONS, {"tweet.fields": f"{PUBLIC},conversation_id", "max_results": "100"}),
    "media": (TWEETS, {"tweet.fields": "attachments", "expansions": "attachments.media_keys", "media.fields": "type"}),
}


@pytest.fixture
def ask(person):
    token = connect(person)["access_token"]

    def get(address, **query):
        return person.get(address, token, **query)

    return get


def all_posts(ask, **query):
    found, pages, token = [], 0, {}
    while True:
        body = ask(TWEETS, **query, **token).json()
        found += body.get("data", [])
        pages += 1
        if "next_token" not in body["meta"]:
            return found, pages
        token = {"pagination_token": body["meta"]["next_token"]}


def _resolved(spec, node):
    """OpenAPI 3.0's nullable as JSON Schema; references stay."""
    if isinstance(node, dict):
        node = {
            name: _resolved(spec, value) for name, value in node.items() if name not in {"discriminator", "example"}
        }
        if node.pop("nullable", False) and "type" in node:
            node["type"] = [node["type"], "null"]
        return node
    return [_resolved(spec, item) for item in node] if isinstance(node, list) else node


def validate(specs, file, path, status, body):
    spec = json.loads((specs / "x" / file).read_text())
    answers = spec["paths"][path]["get"]["responses"]
    answer = answers["200"] if status == 200 else answers["default"]
    kind = "application/json" if status == 200 else "application/problem+json"
    schema = {"components": _resolved(spec, spec["components"]), **answer["content"][kind]["schema"]}
    jsonschema.Draft7Validator(schema).validate(body)


PATHS = {
    ME: "/2/users/me",
    TWEETS: "/2/users/{id}/tweets",
    MENTIONS: "/2/users/{id}/mentions",
    LOOKUP: "/2/tweets",
    ANALYTICS: "/2/tweets/analytics",
}


@pytest.mark.specs
@pytest.mark.parametrize("case", EVERYTHING)
def test_it_answers_as_the_specification_with_tweet_names_says(ask, specs, case):
    address, query = EVERYTHING[case]
    answer = ask(address, **query)
    assert answer.status_code == 200
    validate(specs, "openapi-2.16x-tweet-names.json", PATHS[address], 200, answer.json())


@pytest.mark.specs
@pytest.mark.parametrize("case", ["timeline", "empty", "lookup", "me", "mentions"])
def test_it_answers_as_the_newest_specification_says_to_new_names(ask, specs, case):
    address, query = {
        **EVERYTHING,
        "timeline": (TWEETS, {"post.fields": "created_at,public_metrics,referenced_posts", "max_results": "50"}),
        "lookup": (LOOKUP, {"post.fields": "public_metrics", "ids": "1,2"}),
        "mentions": (MENTIONS, {"post.fields": "public_metrics,referenced_posts", "max_results": "50"}),
        "me": (ME, {"post.fields": "id", "user.fields": "public_metrics"}),
    }[case]
    answer = ask(address, **query)
    validate(specs, "openapi.json", PATHS[address], 200, answer.json())


@pytest.mark.specs
@pytest.mark.parametrize("file", ["openapi.json", "openapi-2.16x-tweet-names.json"])
@pytest.mark.parametrize("granularity", ["daily", "hourly", "weekly", "total"])
def test_it_gives_analytics_as_the_specifications_say(ask, specs, file, granularity):
    ids = ",".join(post["id"] for post in ask(TWEETS, max_results="5").json()["data"])
    body = ask(ANALYTICS, ids=ids + ",12", granularity=granularity, **RANGE).json()
    assert len(body["data"]) == 5
    validate(specs, file, "/2/tweets/analytics", 200, body)


@pytest.mark.specs
def test_it_gives_usage_as_the_specification_says(person, specs):
    token = person.post("api.x.com/oauth2/token", {"grant_type": "client_credentials"}, basic=True).json()[
        "access_token"
    ]
    body = person.get("api.x.com/2/usage/tweets", token, **{"usage.fields": "daily_project_usage", "days": "3"}).json()
    validate(specs, "openapi-2.16x-tweet-names.json", "/2/usage/tweets", 200, body)


@pytest.mark.specs
@pytest.mark.parametrize(
    ("query", "status"),
    [({"max_results": "500"}, 400), ({"start_time": "yesterday"}, 400), ({"tweet.fields": "soul"}, 400)],
)
def test_it_refuses_as_the_specification_says(ask, specs, query, status):
    answer = ask(TWEETS, **query)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    validate(specs, "openapi-2.16x-tweet-names.json", "/2/users/{id}/tweets", status, answer.json())


def test_it_tells_the_limit_on_every_answer(ask):
    first, second = ask(ME), ask(ME)
    assert first.headers["x-rate-limit-limit"] == "75"
    assert int(second.headers["x-rate-limit-remaining"]) == int(first.headers["x-rate-limit-remaining"]) - 1
    assert 0 < int(first.headers["x-rate-limit-reset"]) - NOW.timestamp() <= 900


def test_it_refuses_the_76th_question_and_forgives_after_the_window(ask, sandbox):
    answers = [ask(ME) for _ in range(76)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert answers[-1].headers["x-rate-limit-remaining"] == "0"
    assert answers[-1].json()["title"] == "Too Many Requests"
    sandbox.world.travel(NOW + timedelta(minutes=16))
    assert ask(ME).status_code == 200


def test_it_pages_through_all_posts_newest_first(ask):
    posts, pages = all_posts(ask, max_results="100", **{"tweet.fields": "created_at"})
    ids = [int(post["id"]) for post in posts]
    assert ids == sorted(set(ids), reverse=True)
    assert pages == -(-len(posts) // 100)
    assert ask(ME, **{"user.fields": "public_metrics"}).json()["data"]["public_metrics"]["tweet_count"] == len(posts)


def test_it_pages_on_steadily_while_new_posts_appear(ask, sandbox):
    """A post published between two pages shifts nothing: the token remembers a post, not a place."""
    newest = sandbox.world.account(NORTHWIND).posts(NOW)[-1]
    sandbox.world.travel(newest.published_at - timedelta(minutes=1))
    first = ask(TWEETS, max_results="5").json()
    expected = ask(TWEETS, max_results="10").json()["data"][5]["id"]
    sandbox.world.travel(newest.published_at + timedelta(minutes=1))
    second = ask(TWEETS, max_results="5", pagination_token=first["meta"]["next_token"]).json()
    assert second["data"][0]["id"] == expected


def test_it_leaves_data_out_when_there_is_none(ask):
    body = ask(TWEETS, since_id="9223372036854775000").json()
    assert body == {"meta": {"result_count": 0}}


def test_it_leaves_replies_and_reposts_out_when_asked(ask):
    posts, _ = all_posts(ask, max_results="100", exclude="retweets,replies", **{"tweet.fields": "referenced_tweets"})
    assert posts and not [post for post in posts if "referenced_tweets" in post]


def test_it_gives_only_posts_since_an_id_or_a_time(ask):
    newest = ask(TWEETS, max_results="10").json()["data"]
    since = all_posts(ask, since_id=newest[4]["id"])[0]
    assert [post["id"] for post in since] == [post["id"] for post in newest[:4]]
    recent, _ = all_posts(
        ask, start_time="2026-11-10T00:00:00Z", end_time="2026-11-15T00:00:00Z", **{"tweet.fields": "created_at"}
    )
    assert recent
    assert all("2026-11-10" <= post["created_at"] < "2026-11-15" for post in recent)


def test_it_answers_private_numbers_for_young_posts_and_errors_for_old_ones(ask):
    posts, _ = all_posts(ask, max_results="100", **{"tweet.fields": "created_at"})
    young = [p["id"] for p in posts if datetime.fromisoformat(p["created_at"]) > NOW - timedelta(days=30)][:3]
    old = [p["id"] for p in posts if datetime.fromisoformat(p["created_at"]) < NOW - timedelta(days=30)][:2]
    answer = ask(LOOKUP, ids=",".join(young + old), **{"tweet.fields": "non_public_metrics"})
    assert answer.status_code == 200
    body = answer.json()
    assert {post["id"] for post in body["data"]} == set(young)
    assert all(post["non_public_metrics"]["impression_count"] >= 0 for post in body["data"])
    assert {error["resource_id"] for error in body["errors"]} == set(old)
    assert body["errors"][0]["title"] == "Field Authorization Error"


def test_it_names_unknown_posts_in_errors(ask):
    body = ask(LOOKUP, ids="12345").json()
    assert "data" not in body
    assert body["errors"][0]["title"] == "Not Found Error"


def test_it_never_lets_a_public_counter_fall(ask, sandbox):
    fields = {"tweet.fields": "public_metrics", "max_results": "50"}
    earlier = {post["id"]: post["public_metrics"] for post in ask(TWEETS, **fields).json()["data"]}
    sandbox.world.travel(NOW + timedelta(minutes=90))
    for post_id, before in earlier.items():
        after = ask(LOOKUP, ids=post_id, **{"tweet.fields": "public_metrics"}).json()["data"][0]["public_metrics"]
        assert all(after[name] >= before[name] for name in before)


def test_it_adds_analytics_up_to_the_public_counters(ask):
    """Days of a post since its publication sum to its lifetime counter."""
    post = ask(TWEETS, max_results="10", exclude="replies,retweets", **{"tweet.fields": "public_metrics"}).json()[
        "data"
    ][6]
    query = {"granularity": "daily", "start_time": "2026-10-01T00:00:00Z", "end_time": "2026-11-22T00:00:00Z"}
    series = ask(ANALYTICS, ids=post["id"], **query).json()["data"][0]["timestamped_metrics"]
    public = post["public_metrics"]
    assert sum(bucket["metrics"]["impressions"] for bucket in series) == public["impression_count"] > 0
    assert sum(bucket["metrics"]["likes"] for bucket in series) == public["like_count"]
    assert sum(bucket["metrics"]["retweets"] for bucket in series) == public["retweet_count"]


def test_it_answers_in_new_names_when_asked_in_new_names(ask):
    post = ask(TWEETS, max_results="5", **{"post.fields": "public_metrics"}).json()["data"][0]
    assert "repost_count" in post["public_metrics"]
    assert "edit_history_post_ids" in post


def test_it_keeps_hostile_text_as_it_is(ask):
    posts, _ = all_posts(ask, max_results="100")
    assert any("<script>" in post["text"] for post in posts)


def test_it_pages_through_mentions_of_others_since_a_time(ask):
    since, found, token = "2026-10-01T00:00:00Z", [], {}
    while True:
        fields = {"tweet.fields": "created_at,author_id,conversation_id,referenced_tweets,in_reply_to_user_id"}
        body = ask(MENTIONS, max_results="20", start_time=since, **fields, **token).json()
        found += body["data"]
        if "next_token" not in body["meta"]:
            break
        token = {"pagination_token": body["meta"]["next_token"]}
    ids = [int(post["id"]) for post in found]
    assert len(ids) > 40 and ids == sorted(set(ids), reverse=True)
    assert all("2026-10-01" <= post["created_at"] <= "2026-11-21T09:30" for post in found)
    assert NORTHWIND.external_id not in {post["author_id"] for post in found}
    own = {post["id"] for post in all_posts(ask, max_results="100")[0]}
    replies = [post for post in found if "referenced_tweets" in post]
    assert 0 < len(replies) < len(found)
    assert {post["conversation_id"] for post in replies} <= own
    assert ask(MENTIONS, max_results="4").status_code == 400


def test_it_never_changes_what_was_said(ask, sandbox):
    before = ask(MENTIONS, max_results="100").json()["data"]
    sandbox.world.travel(NOW + timedelta(minutes=100))
    after = ask(MENTIONS, max_results="100", end_time=NOW.strftime("%Y-%m-%dT%H:%M:%SZ")).json()["data"]
    assert after == before


@pytest.mark.parametrize("number", ["1", "lots"])
def test_it_refuses_page_sizes_out_of_range(ask, number):
    assert ask(TWEETS, max_results=number).status_code == 400


def test_it_has_an_account_without_anything(person):
    token = connect(person, login="lab")["access_token"]
    me = person.get(ME, token, **{"user.fields": "public_metrics"}).json()["data"]
    assert me["public_metrics"]["followers_count"] == me["public_metrics"]["tweet_count"] == 0
    body = person.get(f"api.x.com/2/users/{me['id']}/tweets", token).json()
    assert body == {"meta": {"result_count": 0}}


def test_it_serves_in_milliseconds(ask):
    """The demo fills from some 1500 answers; warm, one costs a few milliseconds even with 100 posts."""
    query = {"tweet.fields": PUBLIC, "max_results": "100"}
    ask(TWEETS, **query)
    started = time.perf_counter()
    for _ in range(20):
        ask(TWEETS, **query)
    assert (time.perf_counter() - started) / 20 < 0.1


def test_it_follows_the_followers_of_the_world(ask, sandbox):
    told = ask(ME, **{"user.fields": "public_metrics"}).json()["data"]["public_metrics"]["followers_count"]
    assert told == sandbox.world.account(NORTHWIND).followers(NOW)
    assert told > NORTHWIND.followers
