"""TikTok's stand-in: its envelope, its tokens, its fields and scopes, its late days, its cursor of moments."""

import json
from datetime import datetime, timedelta

import pytest

from sandbox.tiktok import ACCOUNT_FIELDS, NORTHWIND, OAUTH, VIDEO_FIELDS
from tests.fixtures_sandbox import NOW, REDIRECT

HOST = "business-api.tiktok.com/open_api/v1.3"
AUTHORIZE, TOKEN = "www.tiktok.com/v2/auth/authorize/", f"{HOST}/tt_user/oauth2/token/"
REFRESH, REVOKE = f"{HOST}/tt_user/oauth2/refresh_token/", f"{HOST}/tt_user/oauth2/revoke/"
INFO, ACCOUNT, VIDEOS = f"{HOST}/tt_user/token_info/get/", f"{HOST}/business/get/", f"{HOST}/business/video/list/"
SCOPE = ",".join(OAUTH.scopes)
APP = {"client_id": "app-1", "client_secret": "secret-1"}
NEWEST = (NOW - timedelta(days=2)).date().isoformat()


def send(person, address, **body):
    answer = person.http.post(f"{person.url}/{address}", json=body)
    assert answer.status_code == 200
    return answer.json()


def code_of(person, scope=SCOPE, **more):
    return person.authorize(AUTHORIZE, scope, client_key="app-1", **more)["code"]


def redeem(person, code, **changes):
    asked = {**APP, "grant_type": "authorization_code", "auth_code": code, "redirect_uri": REDIRECT}
    return send(person, TOKEN, **(asked | changes))


def connect(person, **more):
    return redeem(person, code_of(person, **more))["data"]


def refresh(person, token, **changes):
    return send(person, REFRESH, **({**APP, "grant_type": "refresh_token", "refresh_token": token} | changes))


def get(person, address, token, **query):
    text = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
    answer = person.http.get(f"{person.url}/{address}", params=text, headers={"Access-Token": token} if token else {})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def ask(person, sandbox):
    """Asks with a token that lives, whatever time it is."""
    tokens = {}

    def asked(address, **query):
        now = sandbox.world.now()
        token = tokens[now] = tokens.get(now) or connect(person)
        return get(person, address, token["access_token"], **{"business_id": token["open_id"], **query})

    return asked


def all_videos(ask, **query):
    found, pages, cursor = [], 0, {}
    while True:
        data = ask(VIDEOS, max_count=20, **query, **cursor)["data"]
        found, pages = found + data["videos"], pages + 1
        if not data["has_more"]:
            return found, pages
        cursor = {"cursor": data["cursor"]}


# -- consent and tokens


def test_it_needs_the_client_key(person):
    query = {"redirect_uri": REDIRECT, "response_type": "code", "scope": SCOPE, "client_id": "app-1"}
    assert person.http.get(f"{person.url}/{AUTHORIZE}", params=query).status_code == 400
    assert person.http.get(f"{person.url}/{AUTHORIZE}", params=query | {"client_key": "app-1"}).status_code == 200


def test_it_puts_the_token_into_the_envelope(person):
    body = redeem(person, code_of(person))
    assert body.keys() == {"code", "message", "request_id", "data"}
    assert (body["code"], body["message"]) == (0, "OK")
    data = body["data"]
    assert data["token_type"] == "Bearer"
    assert (data["expires_in"], data["refresh_token_expires_in"]) == (86400, 31536000)
    assert data["open_id"] == NORTHWIND.external_id
    assert data["access_token"].startswith("act.") and data["refresh_token"].startswith("rft.")
    assert data["scope"] == SCOPE


def test_it_takes_a_code_only_once(person):
    code = code_of(person)
    assert redeem(person, code)["code"] == 0
    assert redeem(person, code)["code"] == 40110


def test_it_refuses_the_wrong_secret_and_the_wrong_grant(person):
    connect(person)
    assert redeem(person, code_of(person), client_secret="other")["code"] == 40101
    assert redeem(person, code_of(person), grant_type="password")["code"] == 40108
    assert redeem(person, code_of(person), grant_type="refresh_token")["code"] == 40108, "that has its own address"


def test_it_rotates_refresh_tokens_and_takes_none_twice(person):
    first = connect(person)
    second = refresh(person, first["refresh_token"])
    assert second["code"] == 0
    assert second["data"]["refresh_token"] != first["refresh_token"]
    assert second["data"]["open_id"] == first["open_id"]
    assert refresh(person, first["refresh_token"])["code"] == 40107
    assert get(person, ACCOUNT, second["data"]["access_token"], business_id=first["open_id"])["code"] == 40105


def test_it_lets_access_end_after_a_day_and_refresh_after_a_year(person, sandbox):
    token = connect(person)
    sandbox.world.travel(NOW + timedelta(hours=25))
    assert get(person, ACCOUNT, token["access_token"], business_id=token["open_id"])["code"] == 40102
    sandbox.world.travel(NOW + timedelta(days=366))
    assert refresh(person, token["refresh_token"])["code"] == 40103


def test_it_tells_whose_token_it_is_until_it_is_revoked(person):
    token = connect(person)
    asked = {"app_id": "app-1", "access_token": token["access_token"]}
    assert send(person, INFO, **asked)["data"]["creator_id"] == token["open_id"]
    assert send(person, REVOKE, **APP, access_token=token["access_token"])["code"] == 0
    assert send(person, INFO, **asked)["code"] == 40105


# -- errors in HTTP 200


def test_it_knows_only_its_own_header(person):
    token = connect(person)
    bearer = person.get(ACCOUNT, token["access_token"], business_id=token["open_id"])
    assert bearer.status_code == 200
    assert bearer.json()["code"] == 40104
    assert "Access-Token" in bearer.json()["message"]
    assert get(person, ACCOUNT, "act.nonsense", business_id=token["open_id"])["code"] == 40105


def test_it_needs_the_slash_at_the_end(person):
    assert person.http.get(f"{person.url}/{ACCOUNT.rstrip('/')}").status_code == 404


@pytest.mark.parametrize(
    ("address", "query"),
    [
        (ACCOUNT, {"fields": ["soul"]}),
        (ACCOUNT, {"fields": "username"}),
        (ACCOUNT, {"start_date": "2026-13-01"}),
        (ACCOUNT, {"start_date": "2026-11-10", "end_date": "2026-11-01"}),
        (ACCOUNT, {"start_date": "2026-09-01"}),
        (ACCOUNT, {"business_id": ""}),
        (VIDEOS, {"max_count": 21}),
        (VIDEOS, {"cursor": "first"}),
    ],
)
def test_it_refuses_parameters_in_http_200(ask, address, query):
    assert ask(address, **query)["code"] == 40002


def test_it_shows_nobody_elses_account(ask):
    assert ask(ACCOUNT, business_id="-000somebodyElse")["code"] == 40001


@pytest.mark.parametrize(
    ("address", "fields"), [(ACCOUNT, ACCOUNT_FIELDS), (VIDEOS, VIDEO_FIELDS)], ids=["account", "videos"]
)
def test_it_gives_each_field_only_with_its_scope(person, address, fields):
    for scope in set(fields.values()):
        token = connect(person, without=scope)
        for field in [name for name, needed in fields.items() if needed == scope][:1]:
            body = get(person, address, token["access_token"], business_id=token["open_id"], fields=[field])
            assert (body["code"], scope in body["message"]) == (40001, True)
        others = [name for name, needed in fields.items() if needed != scope]
        assert get(person, address, token["access_token"], business_id=token["open_id"], fields=others)["code"] == 0


def test_it_slows_down_whoever_asks_more_than_600_times_a_minute(ask, sandbox):
    codes = [ask(ACCOUNT)["code"] for _ in range(601)]
    assert codes[-2:] == [0, 40100]
    sandbox.world.travel(NOW + timedelta(minutes=1))
    assert ask(ACCOUNT)["code"] == 0


# -- the account


def test_it_gives_name_and_picture_when_nothing_is_asked(ask):
    assert ask(ACCOUNT)["data"].keys() == {"display_name", "profile_image"}


def test_it_shows_a_day_24_hours_after_its_end(ask, sandbox):
    rows = ask(ACCOUNT, fields=["video_views"], end_date="2026-11-21")["data"]["metrics"]
    assert rows[-1]["date"] == NEWEST
    assert rows[-1].keys() == {"date", "video_views"}
    sandbox.world.travel(NOW + timedelta(hours=15))
    assert ask(ACCOUNT, fields=["video_views"])["data"]["metrics"][-1]["date"] == "2026-11-20"


def test_it_says_followers_as_a_total_and_by_day(ask, sandbox):
    data = ask(ACCOUNT, fields=["followers_count", "daily_new_followers", "daily_lost_followers"])["data"]
    assert data["followers_count"] == sandbox.world.account(NORTHWIND).followers(NOW)
    first, second = data["metrics"][:2]
    grown = second["daily_new_followers"] - second["daily_lost_followers"]
    assert second["followers_count"] - first["followers_count"] == grown


def test_it_adds_days_up_to_what_videos_got(ask, sandbox):
    account = sandbox.world.account(NORTHWIND)
    rows = ask(ACCOUNT, fields=["video_views", "likes"], start_date="2026-10-20", end_date="2026-11-10")["data"][
        "metrics"
    ]
    for row in rows:
        day = datetime.fromisoformat(row["date"]).date()
        assert (row["video_views"], row["likes"]) == (
            account.daily("views", [day])[0],
            account.daily("likes", [day])[0],
        )


def test_it_keeps_business_numbers_and_audience_from_a_small_personal_account(person):
    token = connect(person, login="barista")
    asked = ["video_views", "profile_views", "lead_submissions", "audience_activity", "audience_genders"]
    data = get(person, ACCOUNT, token["access_token"], business_id=token["open_id"], fields=asked)["data"]
    assert "audience_genders" not in data
    assert all(row.keys() == {"date", "video_views"} for row in data["metrics"])


def test_it_has_an_account_without_anything(person):
    token = connect(person, login="lab")
    fields = [*ACCOUNT_FIELDS]
    data = get(person, ACCOUNT, token["access_token"], business_id=token["open_id"], fields=fields)["data"]
    assert data["metrics"] == []
    assert data["followers_count"] == data["videos_count"] == data["total_likes"] == 0
    body = get(person, VIDEOS, token["access_token"], business_id=token["open_id"])
    assert body["data"] == {"videos": [], "has_more": False, "cursor": 0}


# -- videos


def test_it_pages_by_moments_newest_first(ask, sandbox):
    found, pages = all_videos(ask, fields=["item_id", "create_time"])
    moments = [int(video["create_time"]) for video in found]
    assert moments == sorted(moments, reverse=True)
    assert len({video["item_id"] for video in found}) == len(found) == len(sandbox.world.account(NORTHWIND).posts(NOW))
    assert pages == -(-len(found) // 20)


def test_it_gives_videos_before_any_moment(ask):
    before = int(datetime.fromisoformat("2026-06-01T00:00:00+00:00").timestamp() * 1000)
    newest = ask(VIDEOS, fields=["create_time"], cursor=before)["data"]["videos"][0]
    assert int(newest["create_time"]) * 1000 < before


def test_it_gives_the_videos_that_are_asked_for(ask):
    ids = [video["item_id"] for video in ask(VIDEOS)["data"]["videos"][:3]]
    data = ask(VIDEOS, filters={"video_ids": [*ids, "1"]})["data"]
    assert [video["item_id"] for video in data["videos"]] == ids
    assert (data["has_more"], data["cursor"]) == (False, 0)


def test_it_knows_no_numbers_of_a_video_that_is_just_out(ask, sandbox):
    newest = sandbox.world.account(NORTHWIND).posts(NOW)[-1]
    sandbox.world.travel(newest.published_at + timedelta(hours=5))
    video = ask(VIDEOS, fields=[*VIDEO_FIELDS], filters={"video_ids": [newest.id]})["data"]["videos"][0]
    assert video["item_id"] == newest.id
    assert not {"video_views", "likes", "full_video_watched_rate"} & video.keys()
    sandbox.world.travel(newest.published_at + timedelta(hours=49))
    video = ask(VIDEOS, fields=[*VIDEO_FIELDS], filters={"video_ids": [newest.id]})["data"]["videos"][0]
    assert video.keys() == VIDEO_FIELDS.keys()


def test_it_gives_rates_that_fit_their_counters(ask):
    found, _ = all_videos(ask, fields=[*VIDEO_FIELDS])
    counted = [video for video in found if video.get("video_views")]
    assert len(counted) > 100
    for video in counted:
        assert 0 <= video["full_video_watched_rate"] <= 1
        assert video["reach"] <= video["video_views"] * 1.7
        expected = video["total_time_watched"] / video["video_views"]
        assert video["average_time_watched"] == pytest.approx(expected, abs=0.001)
        assert sum(part["percentage"] for part in video["impression_sources"]) == pytest.approx(1)


def test_it_never_lets_a_counter_fall(ask, sandbox):
    fields = ["item_id", "video_views", "likes", "total_time_watched"]
    earlier = {video["item_id"]: video for video in ask(VIDEOS, fields=fields, max_count=20)["data"]["videos"]}
    sandbox.world.travel(NOW + timedelta(days=2))
    later = ask(VIDEOS, fields=fields, filters={"video_ids": [*earlier]})["data"]["videos"]
    for video in later:
        before = earlier[video["item_id"]]
        assert all(video[name] >= before[name] for name in fields[1:] if name in before)


def test_it_keeps_hostile_text_as_it_is(ask):
    found, _ = all_videos(ask, fields=["caption"])
    assert any("<script>" in video["caption"] for video in found)


# -- the official words


@pytest.mark.specs
def test_it_answers_only_with_codes_of_the_official_table(ask, person, specs):
    yaml = pytest.importorskip("yaml")
    table = yaml.safe_load((specs / "tiktok" / "tiktok-ads-error-codes.yml").read_text())
    known = {problem["code"] for problem in table["problems"]} | {0}
    bodies = [
        ask(ACCOUNT),
        ask(ACCOUNT, fields=["soul"]),
        ask(ACCOUNT, business_id="-1"),
        get(person, ACCOUNT, "", business_id="-1"),
        get(person, ACCOUNT, "act.x", business_id="-1"),
        redeem(person, "nonsense"),
        redeem(person, code_of(person), client_secret="other"),
        refresh(person, "rft.nonsense"),
    ]
    assert {body["code"] for body in bodies} <= known
    assert len({body["code"] for body in bodies}) == 8
    assert {frozenset(body) for body in bodies} == {frozenset(table["envelope"]["fields"])}


@pytest.mark.specs
def test_it_misses_the_token_in_the_words_that_were_recorded(person, specs):
    recorded = (specs / "tiktok" / "tiktok-ads-error-codes.yml").read_text()
    assert get(person, ACCOUNT, "")["message"][:28] in " ".join(recorded.split())
