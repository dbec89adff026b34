"""X through real HTTP: metered reads, counters young and old, private numbers, partial answers, rotating tokens."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import requests

from connectors import oauth, x, x_answers, x_costs
from connectors.base import Window
from connectors.x import CONNECTOR, PRIVATE, PUBLIC, STREAMS
from core.errors import (
    AuthorisationExpired,
    BadSetting,
    BudgetSpent,
    CapReached,
    NotOffered,
    PermissionMissing,
    RateLimited,
    Recovery,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.ports import AppKeys, KnownPost
from core.records import Account, Coverage, Fact, Reading, Record, State
from sandbox.x import LAB, NORTHWIND
from tests.connectors.stage import KEYS, REDIRECT, VERIFIER, Reader, posts, readings
from tests.fixtures_sandbox import NOW

TODAY = NOW.date()
DAY = timedelta(days=1)


BY_NAME = {stream.name: stream for stream in STREAMS}


class Visitor(Reader):
    """Reads streams of X, and remembers when it read each last."""

    def __init__(self, sandbox, login="northwind") -> None:
        super().__init__(sandbox, CONNECTOR, login)
        self.read_at: dict[str, datetime] = {}

    def bring(self, name: str) -> list[Record]:
        found = super().bring(name, since=self.read_at.get(name))
        self.read_at[name] = self.clock.now()
        return found

    def bring_past(self, days: int) -> list[Record]:
        """Everything published in the last so many days, as `days` are read of history."""
        return super().bring("past_posts", self.last_days(days))

    def travel(self, moment: datetime) -> None:
        self.running.world.travel(moment)
        self.clock.moment = moment

    def known(self, age: timedelta) -> dict[str, KnownPost]:
        return {post.external_id: post for post in self.shelf.published_since(NOW - age)}


@pytest.fixture
def reader(sandbox) -> Visitor:
    return Visitor(sandbox)


def requested(reader) -> int:
    return len([seen for seen in reader.running.app.seen if seen.host == "api.x.com" and "oauth2" not in seen.path])


def truth(reader, metric, moment=NOW) -> dict[str, float]:
    world = reader.running.world.account(NORTHWIND)
    counters = world.counters(metric, moment)
    return {post.id: counters[post.index] for post in world.posts(moment)}


# -- what it reads


def test_it_reads_the_profile_as_stocks_of_today(reader):
    account, *facts = reader.bring("profile")
    world = reader.running.world.account(NORTHWIND)
    assert isinstance(account, Account)
    assert (account.external_id, account.handle) == (NORTHWIND.external_id, "northwindcoffee")
    assert account.url == "https://x.com/northwindcoffee"
    stocks = {fact.metric: fact.value for fact in facts}
    assert {fact.day for fact in facts} == {TODAY}
    assert stocks.keys() == {"followers", "following", "posts_total", "listed"}
    assert stocks["followers"] == world.followers(NOW)
    assert stocks["posts_total"] == len(world.posts(NOW))


def test_it_reads_the_posts_of_30_days_at_first_and_leaves_out_what_others_wrote(reader):
    records = reader.bring("posts")
    world = reader.running.world.account(NORTHWIND).posts(NOW)
    own = {post.id: post for post in world if post.kind != "retweet" and post.published_at >= NOW - 30 * DAY}
    found = posts(records)
    assert 20 < len(found) < len(world)
    assert found.keys() == own.keys()
    assert {post_id: post.published_at.replace(microsecond=0) for post_id, post in found.items()} == {
        post_id: post.published_at.replace(microsecond=0) for post_id, post in own.items()
    }
    newest = max(found, key=int)
    assert found[newest].permalink == f"https://x.com/northwindcoffee/status/{newest}"


def test_it_reads_the_past_by_its_days(reader):
    world = reader.running.world.account(NORTHWIND).posts(NOW)
    own = {post.id: post.published_at.date() for post in world if post.kind != "retweet"}
    window = Window(TODAY - 90 * DAY, TODAY - 61 * DAY, NOW)
    found = reader.read(BY_NAME["past_posts"], reader.shelf, window).records
    assert posts(found).keys() == {i for i, day in own.items() if window.first <= day <= window.last} != set()
    assert readings(found, "likes").keys() == posts(found).keys()
    assert posts(reader.bring_past(3)).keys() == {i for i, day in own.items() if day > TODAY - 3 * DAY} != set()
    before = requested(reader)
    tomorrow = Window(TODAY + DAY, TODAY + 9 * DAY, NOW)
    assert reader.read(BY_NAME["past_posts"], reader.shelf, tomorrow).records == []
    assert requested(reader) == before, "days to come are not asked for"


def test_it_tells_replies_images_and_videos_apart(reader):
    own = {post.id: post.kind for post in reader.running.world.account(NORTHWIND).posts(NOW)}
    called = {"reply": "reply", "photo": "image", "video": "video", "text": "tweet", "link": "tweet"}
    found = posts(reader.bring_past(90))
    assert {post.kind for post in found.values()} == set(called.values())
    assert {post_id: post.kind for post_id, post in found.items()} == {i: called[own[i]] for i in found}


def test_it_reads_tags_without_their_sign_in_small_letters(reader):
    own = {post.id: post for post in reader.running.world.account(NORTHWIND).posts(NOW)}
    found = posts(reader.bring("posts"))
    tagged = [post for post in found.values() if post.tags]
    assert tagged
    for post in tagged:
        assert set(post.tags) <= {tag[1:].lower() for tag in own[post.external_id].text.hashtags}


def test_it_reads_public_counters_of_all_posts(reader):
    records = reader.bring("posts")
    for metric, name in {"views": "views", "impressions": "views", "likes": "likes", "reposts": "reposts"}.items():
        assert readings(records, metric) == {i: v for i, v in truth(reader, name).items() if i in posts(records)}
    assert {record.metric for record in records if isinstance(record, Reading)} == set(PUBLIC)


@pytest.mark.parametrize("ours", [*PUBLIC, *x.PROFILE])
def test_it_reads_counters_by_their_old_and_new_names(ours):
    names = {**PUBLIC, **x.PROFILE}[ours]
    for name in names:
        assert dict(x_answers.values({name: 7}, {ours: names})) == {ours: 7}
    assert dict(x_answers.values({"something_else": 7}, {ours: names})) == {}


def test_it_takes_a_counter_that_is_not_there_for_missing_not_for_none(reader):
    tweet = {"id": "1", "public_metrics": {"like_count": 0, "impression_count": None}}
    assert {reading.metric: reading.value for reading in x._readings(tweet)} == {"likes": 0}


# -- metered reads


def test_it_asks_only_for_posts_since_the_last_reading(reader):
    reader.bring("posts")
    before = requested(reader)
    assert reader.bring("posts") == []
    assert requested(reader) == before + 1
    later = NOW + 3 * DAY
    reader.travel(later)
    new = posts(reader.bring("posts"))
    expected = {
        post.id
        for post in reader.running.world.account(NORTHWIND).posts(later)
        if post.published_at > NOW and post.kind != "retweet"
    }
    assert new.keys() == expected
    assert len(expected) > 1


@pytest.mark.parametrize("external_id", ["9223372036854775000", "imported-row-7"], ids=["future", "imported"])
def test_it_is_not_led_astray_by_a_post_that_cannot_be(reader, external_id):
    """A post known from a file says nothing of how far was read; an id that is none would be refused."""
    reader.shelf.put(KnownPost(external_id, "post", datetime(2031, 1, 1, tzinfo=UTC)))
    reader.shelf.put(KnownPost("imported-row-8", "post", NOW))
    assert len(posts(reader.bring("posts"))) > 20
    assert reader.bring("counters")


def test_it_asks_for_no_more_than_the_budget_holds(reader, monkeypatch):
    seen = []
    ask = reader.one_client.get
    monkeypatch.setattr(
        reader.one_client, "get", lambda path, params, **more: seen.append(params) or ask(path, params, **more)
    )
    for room, size in ((3000, 100), (40, 40), (2, 5)):
        monkeypatch.setattr(reader.one_client, "room", lambda kind, room=room: room)
        reader.read_at.clear()
        reader.bring("posts")
        assert seen[-1]["max_results"] == size


def test_it_reads_young_posts_often_and_old_ones_never_again(reader):
    reader.bring("posts")
    ages, known = {}, reader.known(timedelta(days=30))
    for name in ("counters", "older_counters"):
        found = readings(reader.bring(name), "views")
        ages[name] = [NOW - known[post].published_at for post in found]
    assert max(ages["counters"]) <= timedelta(days=2)
    assert timedelta(days=2) < min(ages["older_counters"])
    assert max(ages["older_counters"]) <= timedelta(days=30)
    assert len(ages["counters"]) + len(ages["older_counters"]) == len(known)
    ladder = dict(CONNECTOR.young_posts)
    assert ladder[BY_NAME["counters"].posts_until] == timedelta(hours=2)
    assert ladder[BY_NAME["older_counters"].posts_until] == timedelta(hours=6)


def test_it_asks_nothing_about_an_account_without_posts(sandbox):
    reader = Visitor(sandbox, "lab")
    assert reader.accounts[0].external_id == LAB.external_id
    before = requested(reader)
    assert reader.bring("posts") == []
    for name in ("counters", "older_counters", "details"):
        assert reader.bring(name) == []
    assert requested(reader) == before + 1
    assert reader.bring("mentions") == []
    assert {fact.value for fact in reader.bring("profile") if isinstance(fact, Fact)} == {0}, "these zeros are measured"


def test_it_asks_about_a_hundred_posts_at_a_time(reader):
    for number in range(250):
        reader.shelf.put(KnownPost(str(10**17 + number), "tweet", NOW - timedelta(hours=number % 40)))
    before = requested(reader)
    assert reader.bring("counters") == [], "posts that were deleted are errors in a good answer"
    assert requested(reader) == before + 3


def test_it_reads_mentions_and_replies_since_the_last_reading(reader):
    reader.bring("posts")
    own, found = {post.external_id for post in reader.shelf.published_since(NOW - 30 * DAY)}, reader.bring("mentions")
    assert {record.kind for record in found} == {"reply", "mention"}
    assert all(NOW - 7 * DAY <= record.written_at <= NOW for record in found)
    replies = [record for record in found if record.post in own and record.kind == "reply"]
    assert replies and all(record.text.startswith("@northwindcoffee") for record in replies)
    assert all(not record.post for record in found if record.kind == "mention" and not record.parent)
    assert {record.author for record in found} == {""}, "names would be paid for"
    assert all(record.likes is not None and record.permalink.endswith(record.external_id) for record in found)
    reader.travel(NOW + 3 * DAY)
    later = reader.bring("mentions")
    assert later and {record.external_id for record in later}.isdisjoint(record.external_id for record in found)


def test_it_tells_a_reply_from_a_reply_to_a_reply():
    tweet = {"id": "9", "created_at": "2026-11-20T10:00:00Z", "conversation_id": "1", "in_reply_to_user_id": "7"}
    direct = x_answers.comment(tweet | {"referenced_tweets": [{"type": "replied_to", "id": "1"}]}, "7")
    deeper = x_answers.comment(tweet | {"referenced_posts": [{"type": "replied_to", "id": "5"}]}, "8")
    assert (direct.kind, direct.post, direct.parent, direct.likes) == ("reply", "1", "", None)
    assert (deeper.kind, deeper.post, deeper.parent) == ("mention", "1", "5")


@pytest.mark.parametrize(
    ("path", "params", "known", "unknown"),
    [
        ("/users/me", {"user.fields": "x"}, {}, {"user": 1}),
        ("/users/14/tweets", {"max_results": 40}, {}, {"post": 40}),
        ("/users/14/mentions", {"max_results": 100}, {}, {"post": 100}),
        ("/tweets", {"ids": "1,2"}, {"post": ["1", "2"]}, {}),
        ("/tweets/analytics", {"ids": "3"}, {"analytics": ["3"]}, {}),
        ("/usage/tweets", {}, {}, {}),
    ],
)
def test_it_knows_the_most_that_a_request_costs(path, params, known, unknown):
    purchase = x_costs.asked(path, params)
    assert (purchase.known, purchase.unknown) == (known, unknown)
    assert {*known, *unknown} <= CONNECTOR.tariff.prices.keys()


def test_it_counts_what_an_answer_holds():
    assert x_costs.given("/users/me", {"data": {"id": "7"}}) == {"user": ["7"]}
    assert x_costs.given("/tweets", {"data": [{"id": "1"}, {"id": "2"}], "errors": [{}]}) == {"post": ["1", "2"]}
    assert x_costs.given("/tweets/analytics", {"data": [{"id": "1"}]}) == {"analytics": ["1"]}
    assert x_costs.given("/users/7/tweets", {"meta": {"result_count": 0}}) == {"post": []}
    assert x_costs.given("/usage/tweets", {"data": {"project_usage": "5"}}) == {}


def test_it_looks_how_much_history_there_is(reader):
    found = x_costs.look_how_deep(reader.one_client)
    assert (found.posts, found.opened) == (len(reader.running.world.account(NORTHWIND).posts(NOW)), NORTHWIND.opened)


def test_it_asks_x_for_its_own_count(reader):
    assert x_costs.read_usage(reader.one_client, KEYS) == {"read": 445 * TODAY.day, "cap": 3_000_000, "days_left": 10}
    assert [seen.path for seen in reader.running.app.seen][-2:] == ["/oauth2/token", "/2/usage/tweets"]


# -- private numbers and analytics


def test_it_reads_the_authors_own_counters_of_recent_posts(reader):
    reader.bring("posts")
    records = [*reader.bring("counters"), *reader.bring("older_counters")]
    for metric, name in {"link_clicks": "link_clicks", "profile_clicks": "profile_clicks"}.items():
        found = readings(records, metric)
        assert found
        assert found == {i: v for i, v in truth(reader, name).items() if i in found}
    assert {record.metric for record in records} == {*PUBLIC, *PRIVATE}


def test_it_reads_what_only_analytics_knows_as_lifetime_totals(reader):
    reader.bring("posts")
    records = reader.bring("details")
    for metric in ("follows", "media_views", "detail_expands"):
        found = readings(records, metric)
        assert found
        assert found == {i: v for i, v in truth(reader, metric).items() if i in found}


def test_it_reads_analytics_in_the_announced_form():
    """Specification 2.167 also gives totals beside `timestamped_metrics`; a null there is missing."""
    item = {"id": "7", "follows": 2, "media_views": None, "timestamped_metrics": None}
    assert list(x._details(item)) == [Reading("7", "follows", 2)]
    buckets = [{"metrics": {"follows": 2}}, {"metrics": {"follows": 3}}]
    assert list(x._details({"id": "7", "timestamped_metrics": buckets})) == [Reading("7", "follows", 5)]


def test_it_loses_only_the_analytics_field_that_was_retired(reader):
    reader.bring("posts")
    whole = reader.bring("details")
    reader.running.faults.set("x", "retired_metric", metric="detail_expands")
    before = requested(reader)
    records = reader.bring("details")
    assert requested(reader) == before + 2, "it is refused once, then left out"
    gaps = [record for record in records if isinstance(record, Coverage)]
    assert [(gap.metric, gap.state) for gap in gaps] == [("detail_expands", State.NOT_OFFERED)]
    assert gaps[0].reason.startswith("X answered: ") and "detail_expands" in gaps[0].reason
    kept = [record for record in whole if record.metric != "detail_expands"]
    assert [record for record in records if isinstance(record, Reading)] == kept


def test_it_loses_only_private_numbers_when_their_field_is_retired(reader):
    reader.bring("posts")
    reader.running.faults.set("x", "retired_metric", metric="non_public_metrics")
    records = reader.bring("counters")
    assert {record.metric for record in records if isinstance(record, Reading)} == set(PUBLIC)
    assert {record.metric for record in records if isinstance(record, Coverage)} == set(PRIVATE)


def test_it_gives_up_when_every_field_is_refused(reader):
    reader.running.faults.set("x", "retired_metric", metric="public_metrics")
    with pytest.raises(NotOffered):
        reader.bring("posts")


# -- answers that are not what they seem


def test_it_takes_a_suspended_account_for_gone_and_not_for_empty(reader):
    """Asked for the posts of a suspended user, X answers 200 with `errors` and without `data`."""
    reader.running.faults.set("x", "account_gone")
    for name in ("profile", "posts"):
        with pytest.raises(PermissionMissing, match="suspended"):
            reader.bring(name)


@pytest.mark.parametrize(
    "answer", [{}, {"posts": []}, {"data": {}}, {"data": [{"text": "no id"}]}, {"data": None}, {"data": ["1"]}]
)
def test_it_takes_no_strange_shape_for_nothing(answer):
    with pytest.raises(SchemaDrift):
        x_answers.items(answer)


@pytest.mark.parametrize("answer", [{"meta": {"result_count": 0}}, {"errors": [{"title": "Not Found Error"}]}])
def test_it_takes_an_empty_answer_for_nothing(answer):
    assert x_answers.items(answer) == []


def test_it_refuses_a_post_without_its_moment():
    with pytest.raises(SchemaDrift):
        x_answers.post({"id": "1"}, "northwind")


def answer(body, status=400, path="/2/tweets", **headers) -> requests.Response:
    response = requests.Response()
    response.status_code, response.url = status, f"https://api.x.com{path}"
    response._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def problem(status: int, kind: str = "about:blank", **more) -> dict:
    return {"title": "Oh", "detail": "no", "type": kind, "status": status, **more}


def invalid(parameter: str, value: str) -> dict:
    errors = [{"parameters": {parameter: [value]}, "message": f"[{value}] is not one of [...]"}]
    return problem(400, "https://api.x.com/2/problems/invalid-request", errors=errors)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (problem(401), 401, AuthorisationExpired),
        (problem(403), 403, PermissionMissing),
        (problem(403, "https://api.twitter.com/2/problems/client-forbidden"), 403, BadSetting),
        (problem(403, "https://api.x.com/2/problems/unsupported-authentication"), 403, BadSetting),
        (problem(429), 429, RateLimited),
        ({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, 429, RateLimited),
        (problem(429, "https://api.x.com/2/problems/usage-capped"), 429, CapReached),
        (problem(402, "https://api.x.com/2/problems/credits"), 402, BudgetSpent),
        (problem(503), 503, SourceUnavailable),
        (invalid("tweet.fields", "soul"), 400, NotOffered),
        (invalid("max_results", "7"), 400, RefusedRequest),
        (problem(404), 404, RefusedRequest),
        (b"<html>", 502, type(None)),
        ({"data": [], "errors": [{"resource_type": "tweet"}]}, 200, type(None)),
        ({"errors": [{"resource_type": "tweet", "title": "Not Found Error"}]}, 200, type(None)),
        ({"errors": [{"resource_type": "user", "detail": "User has been suspended"}]}, 200, PermissionMissing),
        ({"meta": {"result_count": 0}}, 200, type(None)),
    ],
)
def test_it_knows_what_a_problem_means(body, status, expected):
    assert type(x_answers.classify(answer(body, status))) is expected


def test_it_stops_at_once_when_the_monthly_cap_is_reached(reader):
    reader.running.faults.set("x", "rate_limited", cap=True)
    before = requested(reader)
    with pytest.raises(CapReached, match="own monthly limit of posts read") as caught:
        reader.bring("posts")
    assert requested(reader) == before + 1
    assert caught.value.recovery is Recovery.REST and "once a day" in caught.value.hint


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/2/users/me", "user"),
        ("/2/users/7/tweets", "post"),
        ("/2/tweets?ids=1", "post"),
        ("/2/tweets/analytics", "analytics"),
    ],
)
def test_it_says_what_the_cap_is_of(path, kind):
    """What is not capped goes on: the profile of a day cannot be read later."""
    body = problem(429, "https://api.x.com/2/problems/usage-capped")
    assert x_answers.classify(answer(body, 429, path)).kind == kind


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"x_rate_limit_reset": str(int(NOW.timestamp()) + 120)}, 120),
        ({"x_rate_limit_reset": str(int(NOW.timestamp()) - 120)}, 1),
        ({"Retry_After": "33"}, 33),
        ({"x_rate_limit_reset": "soon"}, 900),
        ({}, 900),
    ],
    ids=["reset to come", "reset in the past", "seconds", "no number", "not said"],
)
def test_it_waits_until_the_reset_by_the_clock_of_x(headers, wait_s):
    error = x_answers.classify(answer(problem(429), 429, Date="Sat, 21 Nov 2026 09:30:00 GMT", **headers))
    assert error.retry_after_s == wait_s


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/2/users/me?user.fields=x", "profile"),
        ("/2/users/14/tweets", "posts"),
        ("/2/users/14/mentions", "mentions"),
        ("/2/tweets?ids=1", "lookup"),
        ("/2/tweets/analytics?ids=1", "analytics"),
    ],
)
def test_it_knows_which_limit_an_answer_speaks_of(path, name):
    reset = int(NOW.timestamp()) + 60
    headers = {"x_rate_limit_limit": "900", "x_rate_limit_remaining": "90", "x_rate_limit_reset": str(reset)}
    found = x_answers.limits_from(answer({}, 200, path, **headers))
    assert found == {name: (pytest.approx(0.9), NOW + timedelta(seconds=60))}
    assert name in {limit.name for limit in CONNECTOR.limits}
    assert x_answers.limits_from(answer({}, 200, path)) == {}


# -- consent


def test_it_rotates_refresh_tokens(reader):
    first = reader.tokens.token
    reader.travel(NOW + timedelta(hours=3))
    reader.bring("profile")
    second = reader.tokens.token
    assert second.refresh_token not in {"", first.refresh_token}
    assert second.expires_at > first.expires_at
    with pytest.raises(AuthorisationExpired):
        oauth.refresh(CONNECTOR, KEYS, first, reader.running.url, now=NOW)


def test_it_needs_the_verifier_of_its_own_consent(sandbox):
    reader = Visitor(sandbox)
    code = reader.code("")
    with pytest.raises(AuthorisationExpired):
        oauth.fetch_token(CONNECTOR, KEYS, REDIRECT, code, VERIFIER[::-1], sandbox.url, now=NOW)  # fmt: skip


def test_it_says_so_when_the_apps_secret_is_wrong(sandbox):
    reader = Visitor(sandbox)
    code = reader.code("")
    with pytest.raises(BadSetting, match="client id and secret"):
        oauth.fetch_token(
            CONNECTOR, AppKeys(KEYS.client_id, "another-secret"), REDIRECT, code, VERIFIER, sandbox.url, now=NOW
        )


# -- the official specification


@pytest.mark.specs
def test_it_asks_for_nothing_the_specification_does_not_know(reader, specs):
    spec = json.loads((specs / "x" / "openapi-2.16x-tweet-names.json").read_text())
    known = {name: found["schema"]["items"].get("enum", []) for name, found in spec["components"]["parameters"].items()}
    assert {*x.ABOUT_POSTS, *x.ABOUT_MENTIONS, *x.COUNTERS} <= set(known["TweetFieldsParameter"])
    assert {"id", *(name for names in x.DETAILS.values() for name in names)} <= set(known["AnalyticsFieldsParameter"])
    reader.read_all()
    for seen in reader.running.app.seen:
        path = seen.path.replace(NORTHWIND.external_id, "{id}")
        if operation := spec["paths"].get(path, {}).get("get"):
            allowed = {_name(spec, parameter) for parameter in operation["parameters"]}
            assert set(seen.parameters) <= allowed, path


def _name(spec, parameter) -> str:
    if "$ref" in parameter:
        parameter = spec["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]
    return parameter["name"]
