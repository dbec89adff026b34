"""Every fault, switched on over X's wire; and the gateway itself."""

import asyncio
import threading
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.faults import NAMES, Faults
from sandbox.server import create_app, lazy_app
from sandbox.x import NORTHWIND
from tests.fixtures_sandbox import NOW
from tests.sandbox.test_consent import AUTHORIZE, PKCE, SCOPE, TOKEN, connect, refresh
from tests.sandbox.test_x import ANALYTICS, ME, RANGE, TWEETS, all_posts


@pytest.fixture
def tokens(person):
    return connect(person)


@pytest.fixture
def ask(person, tokens):
    return lambda address, **query: person.get(address, tokens["access_token"], **query)


def test_it_is_rate_limited_as_often_as_told(ask, sandbox):
    sandbox.faults.set("x", "rate_limited", times=2, retry_after_s=3)
    answers = [ask(ME) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["x-rate-limit-remaining"] == "0"
    assert int(answers[0].headers["x-rate-limit-reset"]) == int(NOW.timestamp()) + 3


def test_it_says_when_the_monthly_cap_is_spent(ask, sandbox):
    sandbox.faults.set("x", "rate_limited", cap=True)
    assert ask(TWEETS).json()["type"].endswith("/usage-capped")


@pytest.mark.parametrize("status", [500, 503])
def test_it_breaks_with_a_server_error(ask, sandbox, status):
    sandbox.faults.set("x", "server_error", times=1, status=status)
    assert ask(ME).status_code == status
    assert ask(ME).status_code == 200


def test_it_strikes_only_where_told(ask, sandbox):
    sandbox.faults.set("x", "server_error", only="/analytics")
    assert ask(ME).status_code == 200
    assert ask(ANALYTICS, ids="1", granularity="total", **RANGE).status_code == 500


def test_it_keeps_the_client_waiting(person, tokens, sandbox):
    sandbox.faults.set("x", "time_out", times=1, seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        person.http.get(f"{person.url}/{ME}", headers={"Authorization": tokens["access_token"]}, timeout=0.3)


def test_it_lets_the_client_go_when_the_fault_is_cleared(person, tokens, sandbox):
    sandbox.faults.set("x", "time_out", seconds=30)
    threading.Timer(0.2, sandbox.faults.clear).start()
    started = time.perf_counter()
    assert person.get(ME, tokens["access_token"]).status_code == 200
    assert 0.15 < time.perf_counter() - started < 5


def test_it_stops_half_way_through_the_body(ask, sandbox):
    sandbox.faults.set("x", "truncated_json", times=1)
    with pytest.raises(ValueError):
        ask(TWEETS).json()
    assert ask(TWEETS).json()


def test_it_expires_tokens_until_they_are_refreshed(person, tokens, sandbox):
    sandbox.faults.set("x", "expired_token")
    assert person.get(ME, tokens["access_token"]).status_code == 401
    fresh = refresh(person, tokens["refresh_token"]).json()
    assert person.get(ME, fresh["access_token"]).status_code == 200


def test_it_revokes_everything_until_a_new_consent(person, tokens, sandbox):
    sandbox.faults.set("x", "revoked_token")
    assert person.get(ME, tokens["access_token"]).status_code == 401
    assert refresh(person, tokens["refresh_token"]).status_code == 400
    assert person.get(ME, connect(person)["access_token"]).status_code == 200


def test_it_misses_a_scope(ask, sandbox):
    sandbox.faults.set("x", "missing_scope", scope="tweet.read", only="/tweets")
    assert ask(TWEETS).status_code == 403
    assert ask(ME).status_code == 200


def test_it_empties_the_account(ask, sandbox):
    sandbox.faults.set("x", "empty_account")
    assert ask(TWEETS).json() == {"meta": {"result_count": 0}}
    assert ask(ME, **{"user.fields": "public_metrics"}).json()["data"]["public_metrics"]["followers_count"] == 0


def test_it_fits_one_page(ask, sandbox):
    sandbox.faults.set("x", "one_page")
    posts, pages = all_posts(ask)
    assert (len(posts), pages) == (3, 1)


def test_it_needs_many_pages_for_the_same_posts(ask, sandbox):
    query = {"max_results": "100", "start_time": "2026-09-20T00:00:00Z"}
    whole, few = all_posts(ask, **query)
    sandbox.faults.set("x", "many_pages", size=5)
    parts, many = all_posts(ask, **query)
    assert parts == whole
    assert few == 1 and many > 5


def test_it_forgets_a_metric(ask, sandbox):
    sandbox.faults.set("x", "retired_metric", metric="bookmarks")
    query = {"ids": "1", "granularity": "total", **RANGE}
    refused = ask(ANALYTICS, **query, **{"analytics.fields": "likes,bookmarks"})
    assert refused.status_code == 400
    assert "bookmarks" in refused.json()["errors"][0]["message"]
    assert ask(ANALYTICS, **query, **{"analytics.fields": "likes"}).status_code == 200


def test_it_invents_a_kind(ask, sandbox):
    sandbox.faults.set("x", "new_enum", value="HOLOGRAM")
    first = ask(TWEETS, **{"tweet.fields": "referenced_tweets"}).json()["data"][0]
    assert first["referenced_tweets"][0]["type"] == "HOLOGRAM"


def test_it_restates_the_newest_posts_only(ask, sandbox):
    query = {"max_results": "100", "tweet.fields": "public_metrics,created_at"}
    before = ask(TWEETS, **query).json()["data"]
    sandbox.faults.set("x", "restated", factor=2, days=5)
    after = ask(TWEETS, **query).json()["data"]
    changed = [new["created_at"] for old, new in zip(before, after, strict=True) if old != new]
    assert changed
    assert min(changed) > "2026-11-16"


def test_it_loses_the_account(ask, sandbox):
    sandbox.faults.set("x", "account_gone")
    answer = ask(TWEETS)
    assert answer.status_code == 200
    assert set(answer.json()) == {"errors"}
    assert "suspended" in answer.json()["errors"][0]["detail"]
    assert ask(ME).status_code == 403


def test_it_tells_the_time_of_its_world(ask, sandbox):
    """A client that reckons its wait from `Date` and the moment of reset waits as long as told, whatever our clock says."""
    sandbox.faults.set("x", "rate_limited", retry_after_s=3)
    answer = ask(ME)
    assert answer.headers.get_list("date") == ["Sat, 21 Nov 2026 09:30:00 GMT"]
    assert int(answer.headers["x-rate-limit-reset"]) - NOW.timestamp() == 3


def test_it_spares_token_endpoints_unless_told(person, sandbox):
    sandbox.faults.set("x", "server_error")
    tokens = connect(person)
    sandbox.faults.set("x", "server_error", only="/oauth2/token", times=1)
    assert refresh(person, tokens["refresh_token"]).status_code == 500
    assert refresh(person, tokens["refresh_token"]).status_code == 200


def test_it_leaves_other_platforms_alone(ask, sandbox):
    sandbox.faults.set("youtube", "server_error")
    assert ask(ME).status_code == 200


def test_it_knows_no_other_faults():
    with pytest.raises(ValueError, match="rate_limited"):
        Faults().set("x", "bad_mood")


@pytest.mark.parametrize("name", NAMES)
def test_it_can_switch_every_fault_over_http(person, sandbox, name):
    control = f"{person.url}/_control/faults"
    on = person.http.post(control, json={"platform": "x", "name": name, "times": 3, "options": {}}).json()
    assert [(fault["platform"], fault["name"], fault["left"]) for fault in on] == [("x", name, 3)]
    assert person.http.delete(control).json() == []


def test_it_says_what_is_wrong_with_a_control_request(person):
    answer = person.http.post(f"{person.url}/_control/faults", json={"platform": "x", "name": "bad_mood"})
    assert answer.status_code == 422
    assert "rate_limited" in answer.json()["problem"]


def test_it_names_what_it_does_not_serve(person, sandbox):
    answer = person.get("api.nowhere.example/v1/things", "t")
    assert answer.status_code == 404
    assert "https://api.nowhere.example/v1/things" in answer.json()["sandbox"]
    assert [seen.host for seen in sandbox.app.unexpected] == ["api.nowhere.example"]


def test_it_keeps_no_secret_of_a_request(person, sandbox):
    tokens = connect(person)
    person.get(ME, tokens["access_token"])
    text = repr(list(sandbox.app.seen)) + person.http.get(f"{person.url}/_control/seen").text
    assert tokens["access_token"] not in text
    assert person.secret not in text


def test_it_refuses_another_method_in_the_platforms_words(person, tokens):
    answer = person.http.post(f"{person.url}/{TWEETS}", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert answer.status_code == 405


def test_it_answers_as_of_an_earlier_moment_but_never_a_later_one(ask):
    public = {"tweet.fields": "public_metrics,created_at", "max_results": "100"}
    then = ask(f"_at/20261101T235000Z/{TWEETS}", **public).json()["data"]
    now = {post["id"]: post for post in ask(TWEETS, **public).json()["data"]}
    assert max(post["created_at"] for post in then) < "2026-11-02"
    known = [post for post in then if post["id"] in now]
    assert all(
        post["public_metrics"]["impression_count"] <= now[post["id"]]["public_metrics"]["impression_count"]
        for post in known
    )
    assert known != [now[post["id"]] for post in known]
    assert ask(f"_at/20301101T235000Z/{TWEETS}", **public).json() == ask(TWEETS, **public).json()


def mounted(path, method="GET", **more):
    """One request to the gateway as the site mounts it."""

    async def ask():
        transport = httpx.ASGITransport(Starlette(routes=[Mount("/sandbox", lazy_app())]))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8501") as http:
            return await http.request(method, f"/sandbox{path}", **more)

    return asyncio.run(ask())


def test_it_works_below_a_prefix():
    assert mounted("/api.x.com/2/users/me").status_code == 401
    query = {"client_id": "a", "redirect_uri": "http://127.0.0.1:8501/oauth/callback", "scope": SCOPE, **PKCE}
    assert mounted(f"/{AUTHORIZE}", params=query).status_code == 200
    back = mounted(f"/{AUTHORIZE}", "POST", params=query, data={"decision": "allow"})
    assert back.status_code == 302
    assert mounted(f"/{TOKEN}", "POST", data={"grant_type": "refresh_token"}).status_code == 401


def test_it_hands_no_controls_to_the_site():
    assert mounted("/_control/faults").status_code == 404


def test_it_starts_fast():
    started = time.perf_counter()
    create_app().world.account(NORTHWIND).counters("views", NOW)
    assert time.perf_counter() - started < 1.5
