"""YouTube's stand-in: the shapes of the Discovery documents, Google's words, and the habits of the two APIs."""

import json
import time
from datetime import date, datetime, timedelta

import jsonschema
import pytest

from core.clock import day_end
from sandbox.youtube import EMPTY, MAIN, MONEY, READ, REPORT, SCHOOL, ZONE, closes_comments, hides_likes, is_private
from tests.fixtures_sandbox import NOW, REDIRECT, VERIFIER, challenge

AUTHORIZE, TOKEN, REVOKE = (
    "accounts.google.com/o/oauth2/v2/auth",
    "oauth2.googleapis.com/token",
    "oauth2.googleapis.com",
)
DATA = "youtube.googleapis.com/youtube/v3"
CHANNELS, ITEMS, VIDEOS = f"{DATA}/channels", f"{DATA}/playlistItems", f"{DATA}/videos"
REPORTS = "youtubeanalytics.googleapis.com/v2/reports"
SCOPE = f"{READ} {REPORT} {MONEY}"
OFFLINE = {"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"}
PKCE = {"code_challenge": challenge(), "code_challenge_method": "S256"}
CHANNEL_PARTS = "id,snippet,statistics,contentDetails,status"
VIDEO_PARTS = "snippet,statistics,contentDetails,status"
UPLOADS = f"UU{MAIN.external_id[2:]}"
SPAN = {"ids": "channel==MINE", "startDate": "2026-10-01", "endDate": "2026-10-31"}
EVERY_DAY = "views,estimatedMinutesWatched,averageViewDuration,averageViewPercentage,likes,dislikes,comments,shares"
EVERY_DAY += ",subscribersGained,subscribersLost"
TABLES = {
    "total": {"metrics": "views,likes"},
    "days": {"metrics": EVERY_DAY, "dimensions": "day", "sort": "day"},
    "countries": {"metrics": "views,subscribersGained", "dimensions": "country", "sort": "-views"},
    "devices": {"metrics": "views,estimatedMinutesWatched", "dimensions": "day,deviceType", "sort": "day"},
    "traffic": {"metrics": "views", "dimensions": "insightTrafficSourceType"},
    "content": {"metrics": "views,averageViewPercentage", "dimensions": "day,creatorContentType"},
    "viewers": {"metrics": "viewerPercentage", "dimensions": "ageGroup,gender"},
    "videos": {"metrics": "views,shares", "dimensions": "video", "sort": "-views", "maxResults": "200"},
    "money": {"metrics": "estimatedRevenue", "dimensions": "day", "currency": "EUR"},
    "months": {"metrics": "views", "dimensions": "month", "startDate": "2026-08-01", "endDate": "2026-10-01"},
}


def redeem(person, code, **changes):
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    keys = {"client_id": person.client_id, "client_secret": person.secret}
    return person.post(TOKEN, form | keys | changes)


def connect(person, scope=SCOPE, login="northwind", **more):
    asked = OFFLINE | PKCE | more
    return redeem(person, person.authorize(AUTHORIZE, scope, login=login, **asked)["code"]).json()


@pytest.fixture
def ask(person):
    token = connect(person)["access_token"]

    def get(address, **query):
        return person.get(address, token, **query)

    return get


@pytest.fixture
def report(ask):
    def get(**query):
        answer = ask(REPORTS, **SPAN | query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return get


def refusal(answer, status):
    """Google's envelope, whatever the error is."""
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == status
    assert error["message"]
    assert {"message", "domain", "reason"} <= error["errors"][0].keys()
    return error


def all_items(ask, **query):
    found, pages, token = [], 0, {}
    while True:
        body = ask(ITEMS, part="contentDetails", playlistId=UPLOADS, **query, **token).json()
        found += body["items"]
        pages += 1
        if "nextPageToken" not in body:
            return found, pages
        token = {"pageToken": body["nextPageToken"]}


def first_videos(ask, many=50, parts=VIDEO_PARTS):
    items = all_items(ask, maxResults="50")[0]
    ids = ",".join(item["contentDetails"]["videoId"] for item in items[:many])
    return ask(VIDEOS, part=parts, id=ids).json()["items"]


def as_json_schema(node):
    """A Discovery schema as JSON Schema; what it does not name is not allowed."""
    if isinstance(node, list):
        return [as_json_schema(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {name: as_json_schema(part) for name, part in node.items() if name not in {"id", "format", "$ref", "enum"}}
    if "$ref" in node:
        kept["$ref"] = f"#/schemas/{node['$ref']}"
    if isinstance(node.get("enum"), list):
        kept["enum"] = node["enum"]
    if node.get("type") == "any":
        del kept["type"]
    if node.get("type") == "object" and isinstance(node.get("properties"), dict):
        kept["properties"] = {name: as_json_schema(part) for name, part in node["properties"].items()}
        kept.setdefault("additionalProperties", False)
    return kept


def validate(specs, file, name, body):
    schemas = json.loads((specs / "youtube" / file).read_text())["schemas"]
    schema = {"$ref": f"#/schemas/{name}", "schemas": {key: as_json_schema(one) for key, one in schemas.items()}}
    jsonschema.Draft7Validator(schema).validate(body)


# -- the shapes of the Discovery documents ----------------------------------------------------------------------------


@pytest.mark.specs
@pytest.mark.parametrize("login", ["northwind", "school", "new", "nobody"])
def test_it_answers_channels_as_the_document_says(person, specs, login):
    token = connect(person, login=login)["access_token"]
    body = person.get(CHANNELS, token, part=CHANNEL_PARTS, mine="true").json()
    validate(specs, "youtube.v3.json", "ChannelListResponse", body)


@pytest.mark.specs
def test_it_answers_uploads_and_videos_as_the_document_says(ask, specs):
    items = ask(ITEMS, part="id,snippet,contentDetails,status", playlistId=UPLOADS, maxResults="50").json()
    validate(specs, "youtube.v3.json", "PlaylistItemListResponse", items)
    ids = ",".join(item["contentDetails"]["videoId"] for item in items["items"])
    videos = ask(VIDEOS, part=VIDEO_PARTS, id=ids).json()
    assert len(videos["items"]) == 50
    validate(specs, "youtube.v3.json", "VideoListResponse", videos)


@pytest.mark.specs
@pytest.mark.parametrize("case", TABLES)
def test_it_answers_reports_as_the_document_says(report, specs, case):
    body = report(**TABLES[case])
    validate(specs, "youtubeAnalytics.v2.json", "QueryResponse", body)
    asked = [*TABLES[case].get("dimensions", "").split(","), *TABLES[case]["metrics"].split(",")]
    assert [column["name"] for column in body["columnHeaders"]] == [name for name in asked if name]
    assert body["rows"]
    kinds = {"STRING": str, "INTEGER": int, "FLOAT": int | float}
    for row in body["rows"]:
        for header, cell in zip(body["columnHeaders"], row, strict=True):
            assert isinstance(cell, kinds[header["dataType"]])


@pytest.mark.specs
def test_it_takes_only_parameters_that_the_documents_know(specs):
    analytics = json.loads((specs / "youtube/youtubeAnalytics.v2.json").read_text())
    known = analytics["resources"]["reports"]["methods"]["query"]["parameters"]
    assert {name for case in TABLES.values() for name in case} | set(SPAN) <= set(known)
    data = json.loads((specs / "youtube/youtube.v3.json").read_text())
    for name, asked in {"channels": "mine", "playlistItems": "playlistId", "videos": "id"}.items():
        method = data["resources"][name]["methods"]["list"]
        assert method["path"] == f"youtube/v3/{name}"
        assert {asked, "part", "maxResults", "pageToken"} <= set(method["parameters"])


# -- the Data API -----------------------------------------------------------------------------------------------------


def test_it_writes_counters_as_text_and_rounds_subscribers(ask, sandbox):
    channel = ask(CHANNELS, part="statistics", mine="true").json()["items"][0]
    told = channel["statistics"]
    assert set(channel) == {"kind", "etag", "id", "statistics"}
    assert all(isinstance(told[name], str) for name in ("viewCount", "subscriberCount", "videoCount"))
    true = sandbox.world.account(MAIN).followers(NOW)
    assert told["subscriberCount"] == str(true)[:3] + "0" * (len(str(true)) - 3)
    assert int(told["subscriberCount"]) != true


def test_it_leaves_out_what_a_channel_hides(person):
    token = connect(person, login="school")["access_token"]
    told = person.get(CHANNELS, token, part="statistics", mine="true").json()["items"][0]["statistics"]
    assert told["hiddenSubscriberCount"] is True
    assert "subscriberCount" not in told


def test_it_leaves_out_what_a_video_hides(ask, sandbox):
    account = sandbox.world.account(MAIN)
    ids = [post.id for post in account.posts(NOW) if hides_likes(post) or closes_comments(post)][:50]
    for video in ask(VIDEOS, part="statistics", id=",".join(ids)).json()["items"]:
        post = account.by_id[video["id"]]
        assert ("likeCount" in video["statistics"]) is not hides_likes(post)
        assert ("commentCount" in video["statistics"]) is not closes_comments(post)


def test_it_pages_through_all_uploads_newest_first(ask, sandbox):
    items, pages = all_items(ask, maxResults="50")
    posts = sandbox.world.account(MAIN).posts(NOW)
    assert [item["contentDetails"]["videoId"] for item in items] == [post.id for post in posts[::-1]]
    assert pages == -(-len(posts) // 50)
    private = [post.id for post in posts if is_private(post)]
    assert private
    for item in items:
        content = item["contentDetails"]
        assert ("videoPublishedAt" in content) is (content["videoId"] not in private)


def test_it_has_no_uploads_playlist_before_the_first_upload(person):
    token = connect(person, login="new")["access_token"]
    answer = person.get(ITEMS, token, part="contentDetails", playlistId=f"UU{EMPTY.external_id[2:]}")
    error = refusal(answer, 404)
    assert error["errors"][0]["reason"] == "playlistNotFound"


def test_it_answers_a_login_without_a_channel_without_items(person):
    token = connect(person, login="nobody")["access_token"]
    body = person.get(CHANNELS, token, part="snippet", mine="true").json()
    assert "items" not in body
    assert body["pageInfo"]["totalResults"] == 0


def test_it_leaves_out_unknown_videos(ask):
    body = ask(VIDEOS, part="snippet", id="aaaaaaaaaaa").json()
    assert body["items"] == []


def test_it_answers_at_its_older_address_too(ask):
    asked = {"part": "id,statistics", "mine": "true"}
    assert ask("www.googleapis.com/youtube/v3/channels", **asked).json() == ask(CHANNELS, **asked).json()


@pytest.mark.parametrize(
    ("address", "query", "reason"),
    [
        (CHANNELS, {"mine": "true"}, "missingRequiredParameter"),
        (CHANNELS, {"part": "soul", "mine": "true"}, "unknownPart"),
        (CHANNELS, {"part": "snippet"}, "missingRequiredParameter"),
        (ITEMS, {"part": "snippet", "playlistId": UPLOADS, "maxResults": "51"}, "invalidParameter"),
        (ITEMS, {"part": "snippet", "playlistId": UPLOADS, "pageToken": "nonsense"}, "invalidPageToken"),
        (VIDEOS, {"part": "snippet"}, "missingRequiredParameter"),
        (VIDEOS, {"part": "snippet", "id": ",".join(["a" * 11] * 51)}, "invalidFilters"),
    ],
)
def test_it_refuses_what_youtube_refuses(ask, address, query, reason):
    assert refusal(ask(address, **query), 400)["errors"][0]["reason"] == reason


def test_it_writes_lengths_as_periods(ask, sandbox):
    account = sandbox.world.account(MAIN)
    for video in first_videos(ask, parts="contentDetails"):
        length = video["contentDetails"]["duration"]
        assert length.startswith("PT") and length != "PT"
        assert (account.by_id[video["id"]].duration_s < 60) is (set(length) & set("HM") == set())


def test_it_never_lets_a_counter_fall(ask, sandbox):
    before = {video["id"]: video["statistics"] for video in first_videos(ask, parts="statistics")}
    sandbox.world.travel(NOW + timedelta(minutes=50))
    answer = ask(VIDEOS, part="statistics", id=",".join(before))
    for video in answer.json()["items"]:
        assert all(int(video["statistics"][name]) >= int(value) for name, value in before[video["id"]].items())


# -- the Analytics API ------------------------------------------------------------------------------------------------


def days_told(report, **query):
    body = report(metrics="views", dimensions="day", sort="day", **query)
    return {date.fromisoformat(day): views for day, views in body.get("rows", [])}


def test_it_counts_days_in_pacific_time(report, sandbox):
    told = days_told(report)
    days = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]
    true = dict(zip(days, sandbox.world.account(MAIN).daily("views", days).tolist(), strict=True))
    assert told and told.items() <= true.items()


def test_it_shows_a_day_two_to_three_days_after_its_end(ask, sandbox):
    def newest(now):
        sandbox.world.travel(now)
        query = {**SPAN, "metrics": "views", "dimensions": "day", "sort": "day", "endDate": "2026-11-30"}
        return date.fromisoformat(ask(REPORTS, **query).json()["rows"][-1][0])

    for hour in range(0, 48, 12):
        now = NOW - timedelta(days=10) + timedelta(minutes=hour)
        age = now - day_end(newest(now), ZONE)
        assert timedelta(hours=48) <= age <= timedelta(hours=96)
        assert now - day_end(newest(now) + timedelta(days=1), ZONE) < timedelta(hours=72)


def test_it_corrects_a_day_after_it_first_showed_it(person, sandbox):
    day = date(2026, 11, 3)
    asked = {"ids": "channel==MINE", "startDate": f"{day}", "endDate": f"{day}", "metrics": "views"}
    seen = []
    for age in (timedelta(hours=72), timedelta(days=7)):
        sandbox.world.travel(day_end(day, ZONE) + age)
        token = connect(person)["access_token"]
        seen.append(person.get(REPORTS, token, **asked).json()["rows"][0][0])
    assert seen[0] != seen[1] == sandbox.world.account(MAIN).daily("views", [day])[0]


def test_it_leaves_rows_out_when_there_are_none(report, person):
    body = report(metrics="views", dimensions="day", startDate="2026-11-20", endDate="2026-11-21")
    assert set(body) == {"kind", "columnHeaders"}
    token = connect(person, login="new")["access_token"]
    body = person.get(REPORTS, token, **SPAN, metrics="views", dimensions="day").json()
    assert "rows" not in body


@pytest.mark.parametrize("split", ["deviceType", "insightTrafficSourceType", "creatorContentType"])
def test_it_adds_the_parts_of_a_day_up_to_the_day(report, split):
    whole, parts = days_told(report), {}
    for day, _, views in report(metrics="views", dimensions=f"day,{split}")["rows"]:
        parts[date.fromisoformat(day)] = parts.get(date.fromisoformat(day), 0) + views
    for day, views in whole.items():
        assert views - 12 <= parts[day] <= views


def test_it_divides_viewers_to_a_hundred(report):
    rows = report(metrics="viewerPercentage", dimensions="ageGroup,gender")["rows"]
    assert sum(row[2] for row in rows) == pytest.approx(100, abs=1.5)
    assert {"age18-24", "age65-"} <= {row[0] for row in rows}
    assert {row[1] for row in rows} == {"female", "male", "genderUserSpecified"}


def test_it_adds_the_days_of_a_video_up_to_its_counter(report, ask):
    """What analytics tells of a settled video is what its public counter says, but for rounding and silent days."""
    video = [item["contentDetails"]["videoId"] for item in all_items(ask, maxResults="50")[0]][120]
    whole = {"startDate": "2024-01-01", "endDate": "2026-11-21", "filters": f"video=={video}"}
    [[_, views]] = report(metrics="views", dimensions="video", sort="-views", maxResults="10", **whole)["rows"]
    public = int(ask(VIDEOS, part="statistics", id=video).json()["items"][0]["statistics"]["viewCount"])
    assert 0.9 * public < views <= public


def test_it_sorts_and_pages_by_start_index(report):
    asked = {"metrics": "views", "dimensions": "video", "sort": "-views"}
    top = report(**asked, maxResults="10")["rows"]
    assert [row[1] for row in top] == sorted((row[1] for row in top), reverse=True)
    assert report(**asked, maxResults="5", startIndex="6")["rows"] == top[5:]


def test_it_gives_money_in_the_currency_asked_for(report):
    [[dollars]] = report(metrics="estimatedRevenue")["rows"]
    [[yen]] = report(metrics="estimatedRevenue", currency="JPY")["rows"]
    assert yen > 100 * dollars > 0


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"metrics": "souls"}, "Unknown identifier (souls) given in field parameters.metrics."),
        ({"metrics": "views", "dimensions": "mood"}, "Unknown identifier (mood) given in field parameters.dimensions."),
        ({"metrics": "views", "startDate": "yesterday"}, "Invalid value (yesterday) given in field parameters.start"),
        ({"metrics": "views", "dimensions": "day,country"}, "The query is not supported."),
        ({"metrics": "likes", "dimensions": "deviceType"}, "The query is not supported."),
        ({"metrics": "views", "dimensions": "ageGroup,gender"}, "The query is not supported."),
        ({"metrics": "views", "dimensions": "video"}, "The query is not supported."),
        (
            {"metrics": "views", "dimensions": "video", "sort": "-views", "maxResults": "201"},
            "The query is not supported.",
        ),
        ({"metrics": "views", "dimensions": "month"}, "does not align to chosen dimension"),
        ({"metrics": "views", "endDate": "2026-09-01"}, "is after the end date"),
        ({}, "Required"),
    ],
)
def test_it_refuses_reports_that_do_not_exist(ask, query, said):
    assert said in refusal(ask(REPORTS, **SPAN | query), 400)["message"]


def test_it_refuses_other_peoples_channels(ask):
    error = refusal(ask(REPORTS, **SPAN | {"ids": f"channel=={SCHOOL.external_id}", "metrics": "views"}), 403)
    assert error["errors"][0]["reason"] == "forbidden"


def test_it_forgets_a_metric_when_told_to(ask, sandbox):
    sandbox.faults.set("youtube", "retired_metric", metric="dislikes")
    error = refusal(ask(REPORTS, **SPAN, metrics="views,dislikes"), 400)
    assert error["message"] == "Unknown identifier (dislikes) given in field parameters.metrics."
    assert ask(REPORTS, **SPAN, metrics="views").status_code == 200


# -- permissions ------------------------------------------------------------------------------------------------------


def test_it_gives_revenue_only_with_the_scope_and_to_who_earns(person):
    money = {**SPAN, "metrics": "estimatedRevenue"}
    blind = connect(person, f"{READ} {REPORT}")["access_token"]
    assert refusal(person.get(REPORTS, blind, **money), 401)["message"].startswith("Insufficient permission")
    assert person.get(REPORTS, blind, **SPAN, metrics="views").status_code == 200
    school = connect(person, login="school")["access_token"]
    assert refusal(person.get(REPORTS, school, **money), 403)["message"].startswith("Insufficient permission")


@pytest.mark.parametrize(("left", "address"), [(REPORT, CHANNELS), (READ, REPORTS)])
def test_it_wants_the_scope_of_each_api(person, left, address):
    token = connect(person, left)["access_token"]
    error = refusal(person.get(address, token, part="snippet", mine="true", **SPAN, metrics="views"), 403)
    assert error["status"] == "PERMISSION_DENIED"
    assert error["errors"][0]["reason"] == "insufficientPermissions"
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


def test_it_tells_no_token_from_a_bad_one(person):
    none, bad = person.get(CHANNELS, part="id", mine="true"), person.get(CHANNELS, "ya29.x", part="id", mine="true")
    assert refusal(none, 401)["errors"][0]["reason"] == "required"
    error = refusal(bad, 401)
    assert (error["status"], error["errors"][0]["reason"]) == ("UNAUTHENTICATED", "authError")


@pytest.mark.parametrize(
    ("options", "reason"), [({}, "rateLimitExceeded"), ({"retry_after_s": 9 * 3600}, "quotaExceeded")]
)
def test_it_says_in_a_403_that_the_quota_is_spent(ask, sandbox, options, reason):
    sandbox.faults.set("youtube", "rate_limited", **options)
    answer = ask(CHANNELS, part="id", mine="true")
    assert refusal(answer, 403)["errors"][0]["reason"] == reason
    assert not {name for name in answer.headers if "rate" in name or "retry" in name}


# -- consent ----------------------------------------------------------------------------------------------------------


def test_it_speaks_googles_token_dialect(person):
    tokens = connect(person)
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3599
    assert set(tokens["scope"].split()) == set(SCOPE.split())
    assert tokens["access_token"].startswith("ya29.")
    assert tokens["refresh_token"].startswith("1//0")


@pytest.mark.parametrize("changes", [{"access_type": "online"}, {"prompt": "select_account"}])
def test_it_gives_a_refresh_token_only_offline_and_with_a_consent(person, changes):
    assert "refresh_token" not in connect(person, **changes)


def test_it_refreshes_without_a_new_refresh_token(person, sandbox):
    tokens = connect(person)
    keys = {"client_id": person.client_id, "client_secret": person.secret}
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], **keys}
    sandbox.world.travel(NOW + timedelta(hours=2))
    assert refusal(person.get(CHANNELS, tokens["access_token"], part="id", mine="true"), 401)
    fresh = person.post(TOKEN, form).json()
    assert "refresh_token" not in fresh
    assert person.get(CHANNELS, fresh["access_token"], part="id", mine="true").status_code == 200
    assert person.post(f"{REVOKE}/revoke", {"token": tokens["refresh_token"]}).status_code == 200
    again = person.post(TOKEN, form)
    assert again.status_code == 400
    assert again.json() == {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
    assert refusal(person.get(CHANNELS, fresh["access_token"], part="id", mine="true"), 401)


def test_it_words_a_used_code_and_a_wrong_secret_as_google_does(person):
    code = person.authorize(AUTHORIZE, SCOPE, **OFFLINE, **PKCE)["code"]
    wrong = redeem(person, code, client_secret="wrong-secret")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert redeem(person, code).status_code == 200
    again = redeem(person, code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_it_keeps_what_the_person_did_not_grant(person):
    token = connect(person)["scope"]
    back = person.authorize(AUTHORIZE, SCOPE, without=MONEY, **OFFLINE, **PKCE)
    granted = redeem(person, back["code"]).json()["scope"]
    assert set(token.split()) - set(granted.split()) == {MONEY}


# -- speed ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["days", "devices", "content", "countries", "videos"])
def test_it_reports_in_milliseconds(report, case):
    """The demo fills from some 500 reports."""
    asked = TABLES[case]
    report(**asked)
    started = time.perf_counter()
    for _ in range(5):
        report(**asked)
    assert (time.perf_counter() - started) / 5 < 0.25


def test_it_stamps_moments_in_utc(ask, sandbox):
    account = sandbox.world.account(MAIN)
    for video in first_videos(ask, parts="snippet"):
        stamp = video["snippet"]["publishedAt"]
        assert stamp.endswith("Z")
        assert datetime.fromisoformat(stamp) == account.by_id[video["id"]].published_at
