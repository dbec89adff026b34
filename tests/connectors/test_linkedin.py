"""LinkedIn through real HTTP: Rest.li addresses, days that come late, posts of every kind, names, comments, refusals."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connectors import linkedin, linkedin_api, linkedin_posts, oauth
from connectors.linkedin import ACTIVITY, CONNECTOR, OF_POSTS, STREAMS
from connectors.linkedin_api import classify, country_code, pages, plain
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
from core.records import Account, Comment, Coverage, Fact, Reading, State
from sandbox.linkedin import NORTHWIND, PARTNER
from tests.connectors.stage import KEYS, REDIRECT, VERIFIER, Player, Reader, gaps, posts, readings
from tests.fixtures_sandbox import NOW

DAY = timedelta(days=1)
NEWEST = NOW.date() - 2 * DAY
"""The newest day that LinkedIn shows at NOW: 24 hours after its end."""
BY_NAME = {stream.name: stream for stream in STREAMS}
POST = "urn:li:share:7001"


@pytest.fixture
def reader(sandbox) -> Reader:
    return Reader(sandbox, CONNECTOR)


@pytest.fixture
def addresses(reader, monkeypatch) -> list[str]:
    """Every address that is asked, as it goes over the wire."""
    kept, send = [], requests.Session.send

    def noted(self, request, **options):
        kept.append(request.url)
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", noted)
    return kept


def answer(body, status=200, url="https://api.linkedin.com/rest/posts", **headers) -> requests.Response:
    made = requests.Response()
    made.status_code, made.url = status, url
    made._content = body if isinstance(body, bytes) else json.dumps(body).encode()
    made.headers.update(headers)
    return made


def refusal(status, message="said", code=0, **more) -> requests.Response:
    return answer({"status": status, "message": message, "serviceErrorCode": code}, status, **more)


def world(reader):
    return reader.running.world.account(NORTHWIND)


def facts(records, metric, dimension=None) -> dict[date, float]:
    found = [r for r in records if isinstance(r, Fact) and r.metric == metric]
    return {r.day: r.value for r in found if (r.member.dimension if r.member else None) == dimension}


def split(records, metric, dimension) -> dict[str, float]:
    """Member -> value, of the newest day."""
    found = [r for r in records if isinstance(r, Fact) and r.metric == metric and r.member]
    mine = [r for r in found if r.member.dimension == dimension]
    last = max(r.day for r in mine)
    return {r.member.key: r.value for r in mine if r.day == last}


# -- connecting


def test_it_asks_for_consent_where_linkedin_asks():
    url = oauth.consent_url(CONNECTOR, KEYS, REDIRECT, "state-1", VERIFIER)
    query = parse_qs(urlsplit(url).query)
    assert url.startswith("https://www.linkedin.com/oauth/v2/authorization?")
    leads = "r_marketing_leadgen_automation"
    assert query["scope"] == [" ".join(scope.name for scope in CONNECTOR.auth.scopes if scope.name != leads)]
    chosen = oauth.consent_url(CONNECTOR, KEYS, REDIRECT, "state-1", VERIFIER, streams=["leads"])
    assert leads in parse_qs(urlsplit(chosen).query)["scope"][0].split(), "LinkedIn refuses what an app does not have"
    assert not [name for name in query["scope"][0].split() if name.startswith("w_")]


def test_it_gets_a_login_of_60_days_and_a_renewal_of_a_year(reader):
    token = reader.tokens.token
    assert token.expires_at == NOW + 60 * DAY
    assert token.extra["refresh_token_expires_in"] == 365 * 86400
    assert set(token.scopes) == {scope.name for scope in CONNECTOR.auth.scopes}


def test_it_knows_how_long_the_renewal_still_lasts(reader):
    """The year is counted from the consent; renewing does not begin it anew."""
    first, later = reader.tokens.token, NOW + 50 * DAY
    reader.running.world.travel(later)
    second = oauth.refresh(CONNECTOR, KEYS, first, reader.running.url, now=later)
    assert second.refresh_token == first.refresh_token
    assert second.expires_at == later + 60 * DAY
    assert second.extra["refresh_token_expires_in"] == 315 * 86400
    reader.running.world.travel(NOW + 366 * DAY)
    with pytest.raises(AuthorisationExpired):
        oauth.refresh(CONNECTOR, KEYS, second, reader.running.url, now=NOW + 366 * DAY)


def test_it_gets_no_renewal_for_an_app_that_may_not_renew(sandbox):
    """Such a token is kept with its end, of which the person is then warned."""
    keys, player = AppKeys("unapproved-app", KEYS.client_secret), Player(sandbox, CONNECTOR)
    address = oauth.consent_url(CONNECTOR, keys, REDIRECT, "state-1", VERIFIER, sandbox.url)
    reply = requests.post(address, data={"decision": "allow"}, allow_redirects=False, timeout=10)
    code = parse_qs(urlsplit(reply.headers["Location"]).query)["code"][0]
    token = oauth.fetch_token(CONNECTOR, keys, REDIRECT, code, VERIFIER, sandbox.url, now=player.clock.now())
    assert token.refresh_token == ""
    assert token.expires_at == NOW + 60 * DAY


def test_it_says_that_the_secret_is_wrong(reader):
    wrong = AppKeys(KEYS.client_id, "another-secret")
    with pytest.raises(BadSetting, match="does not know this app"):
        oauth.fetch_token(CONNECTOR, wrong, REDIRECT, reader.code(), VERIFIER, reader.running.url, now=NOW)


def test_it_finds_the_page_behind_the_consent(reader):
    (account,) = reader.accounts
    assert account == Account(
        NORTHWIND.external_id,
        "Northwind Coffee",
        "northwind-coffee",
        "https://www.linkedin.com/company/northwind-coffee/",
        kind="page",
    )


def test_it_leaves_out_only_the_page_that_linkedin_refuses(sandbox):
    """The agency has a role at two pages; one of them answers 403 inside the batch."""
    assert [account.external_id for account in Reader(sandbox, CONNECTOR, "agency").accounts] == [NORTHWIND.external_id]


def test_it_says_that_a_page_refuses(sandbox):
    reader = Reader(sandbox, CONNECTOR, "agency")
    reader.accounts = [Account(PARTNER.external_id, PARTNER.title)]
    with pytest.raises(PermissionMissing, match="Not enough permissions"):
        reader.bring("activity")


def test_it_says_that_the_page_is_gone(reader):
    reader.running.faults.set("linkedin", "account_gone")
    with pytest.raises(PermissionMissing, match="gone from LinkedIn"):
        reader.bring("profile")


# -- addresses


def test_it_writes_addresses_as_rest_li_wants_them(reader, addresses):
    """URNs are encoded, the brackets and commas around them are not; else LinkedIn takes a list for a text."""
    reader.bring("activity")
    reader.bring("young_posts")
    (days,) = [url for url in addresses if "timeIntervals" in url]
    midnight = int(datetime(2026, 11, 17, tzinfo=UTC).timestamp() * 1000)
    assert (
        f"timeIntervals=(timeRange:(start:{midnight},end:{midnight + 4 * 86_400_000}),timeGranularityType:DAY)" in days
    )
    assert "organizationalEntity=urn%3Ali%3Aorganization%3A2414183&" in days
    lists = [url for url in addresses if "List(" in url]
    assert lists
    assert all("s=List(urn%3Ali%3A" in url for url in lists)
    assert not [url for url in addresses if "%28" in url or "%2C" in url]


def test_it_names_the_version_and_the_protocol():
    headers = CONNECTOR.auth.headers(type("T", (), {"access_token": "AQ.1"})())
    assert headers == {
        "Authorization": "Bearer AQ.1",
        "LinkedIn-Version": linkedin_api.VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }
    assert CONNECTOR.api_version.name == linkedin_api.VERSION
    assert linkedin_api.VERSIONS_END.get(linkedin_api.VERSION, NOW.date() + DAY) > NOW.date()


def test_it_says_when_its_version_is_too_old(reader):
    reader.running.world.travel(datetime(2027, 7, 20, tzinfo=UTC))
    reader.clock.moment = datetime(2027, 7, 20, tzinfo=UTC)
    with pytest.raises(BadSetting, match=f"retired version {linkedin_api.VERSION}") as caught:
        reader.bring("profile")
    assert "newer release" in caught.value.hint


# -- followers, activity, page


def test_it_reads_followers_as_they_are_now(reader):
    account, followers = reader.bring("profile")
    assert isinstance(account, Account)
    assert followers == Fact("followers", NOW.date(), world(reader).followers(NOW))


def test_it_reads_new_followers_with_their_origin(reader):
    records = reader.bring("followers", reader.last_days(31))
    total = facts(records, "followers_gained")
    assert max(total) == NEWEST
    truth = {day: world(reader).daily("followers_gained", [day])[0] for day in total if day < NEWEST - 2 * DAY}
    assert {day: total[day] for day in truth} == truth
    parts = split(records, "followers_gained", "origin")
    assert parts.keys() == {"organic", "paid"}
    assert sum(parts.values()) == total[NEWEST]


def test_it_reads_the_days_that_linkedin_shows_by_now(reader):
    records = reader.bring("activity", reader.last_days(31))
    counters = {"impressions": "views", "likes": "likes", "comments": "comments", "shares": "shares"}
    for metric, name in {**counters, "post_clicks": "clicks", "link_clicks": "clicks"}.items():
        found = facts(records, metric)
        truth = {day: world(reader).daily(name, [day])[0] for day in found if day < NEWEST - 2 * DAY}
        assert len(truth) > 20
        assert {day: found[day] for day in truth} == truth, metric
    assert {r.metric for r in records if isinstance(r, Fact)} == set(ACTIVITY)


def test_it_says_that_people_are_not_counted_by_day(reader):
    records = reader.bring("activity")
    assert {(r.metric, r.state) for r in records if isinstance(r, Coverage)} == {("reach", State.NOT_OFFERED)}
    assert "whole life" in gaps(records)["reach"]
    assert not facts(records, "reach")


def test_it_adds_up_both_ways_to_be_mentioned():
    row = {"shareMentionsCount": 3, "commentMentionsCount": 2}
    assert dict(linkedin_api.values(row, ACTIVITY)) == {"mentions": 5}
    assert dict(linkedin_api.values({"shareMentionsCount": 3}, ACTIVITY)) == {}, "a part that is missing is not 0"


def test_it_keeps_a_day_on_which_likes_were_taken_back():
    row = {"timeRange": {"start": 0}, "totalShareStatistics": {"likeCount": -2}}
    assert [fact.value for fact in linkedin._activity(row, NOW.date())] == [-2]


def test_it_reads_visits_of_the_page_by_device_and_section(reader):
    records = reader.bring("page", reader.last_days(31))
    for metric in ("profile_visits", "profile_visitors"):
        total = facts(records, metric)[NEWEST]
        assert sum(split(records, metric, "device").values()) == total
        sections = split(records, metric, "page_section")
        assert sections.keys() == {"overview", "about", "people", "jobs", "life", "products", "insights"}
        assert sum(sections.values()) == total, "careers would count jobs and life twice"
    assert facts(records, "profile_visitors")[NEWEST] < facts(records, "profile_visits")[NEWEST]
    settled = [day for day in facts(records, "profile_link_taps") if day < NEWEST - 2 * DAY]
    truth = {day: world(reader).daily("button_clicks", [day])[0] for day in settled}
    assert {day: facts(records, "profile_link_taps")[day] for day in settled} == truth


def test_it_takes_no_button_for_no_clicks():
    """An empty list is a page whose buttons nobody clicked; without the list, nothing is known."""
    day, views = NOW.date(), {"allPageViews": {"pageViews": 4}}
    none = {"views": views, "clicks": {name: [] for name in linkedin.BUTTONS}}
    assert Fact("profile_link_taps", day, 0) in linkedin._visits({"totalPageStatistics": none}, day)
    found = list(linkedin._visits({"totalPageStatistics": {"views": views, "clicks": {}}}, day))
    assert found == [Fact("profile_visits", day, 4)]


def test_it_never_asks_for_days_that_linkedin_no_longer_keeps(reader, addresses):
    window = type(reader.last_days(31))
    assert reader.bring("activity", window(NOW.date() - 400 * DAY, NOW.date() - 370 * DAY, NOW)) == []
    assert addresses == []
    found = facts(reader.bring("activity", window(NOW.date() - 380 * DAY, NOW.date() - 350 * DAY, NOW)), "likes")
    assert min(found) >= NOW.date() - 364 * DAY


@pytest.mark.parametrize(
    ("stream", "field", "lost"),
    [
        ("activity", "shareCount", {"shares"}),
        ("activity", "clickCount", {"post_clicks", "link_clicks"}),
        ("followers", "followerGains", {"followers_gained"}),
        ("page", "allPageViews", {"profile_visits", "profile_visitors"}),
        ("profile", "firstDegreeSize", {"followers"}),
    ],
)
def test_it_says_what_a_version_no_longer_gives(reader, stream, field, lost):
    """LinkedIn refuses no field: one that was retired is simply missing, which must not pass for a gap."""
    reader.running.faults.set("linkedin", "retired_metric", metric=field)
    records = reader.bring(stream)
    said = {metric: reason for metric, reason in gaps(records).items() if metric != "reach"}
    assert said.keys() == lost
    assert all(linkedin_api.VERSION in reason for reason in said.values())
    assert not {r.metric for r in records if isinstance(r, Fact) and r.member is None} & lost


def test_it_says_nothing_of_a_page_without_any_days(sandbox):
    records = Reader(sandbox, CONNECTOR, "lab").bring("page")
    assert records == []


# -- audience


def test_it_reads_who_follows_by_their_names(reader):
    found = [r for r in reader.bring("audience") if isinstance(r, Fact)]
    parts = {}
    for fact in found:
        parts.setdefault(fact.member.dimension, {})[fact.member.key] = fact.member.title
    assert parts["seniority"]["4"] == "Senior"
    assert parts["job_function"]["25"] == "Sales"
    assert parts["industry"]["32"] == "Restaurants"
    assert parts["company_size"]["SIZE_2_TO_10"] == "2 to 10"
    assert {"DE", "GB", "US", "ZZ"} <= parts["country"].keys(), "a place without a name is elsewhere"
    assert parts["country"]["ZZ"] == "Elsewhere"
    assert "Berlin Metropolitan Area" in parts["city"]
    assert {fact.day for fact in found} == {NOW.date()}
    whole = world(reader).followers(NOW)
    for dimension in parts:
        assert 0.6 * whole < sum(f.value for f in found if f.member.dimension == dimension) <= whole


def test_it_asks_for_each_taxonomy_once(reader, addresses):
    reader.bring("audience")
    asked = Counter(urlsplit(url).path.rsplit("/", 1)[-1] for url in addresses)
    assert asked == {
        "organizationalEntityFollowerStatistics": 1,
        "seniorities": 1,
        "functions": 1,
        "industries": 1,
        "geo": 2,
    }


def test_it_says_that_nobody_follows_yet(sandbox):
    with pytest.raises(NotOffered, match="who follows"):
        Reader(sandbox, CONNECTOR, "lab").bring("audience")


@pytest.mark.parametrize(
    ("name", "code"),
    [("Germany", "DE"), ("United Kingdom", "GB"), ("Czechia", "CZ"), ("South Korea", "KR"), ("Atlantis", "")],
)
def test_it_knows_a_country_by_its_name(name, code):
    assert country_code(name) == code


# -- posts and videos


def test_it_reads_every_post_with_what_it_is(reader):
    found, own = posts(reader.bring("posts")), {post.id: post for post in world(reader).posts(NOW)}
    assert {urn.rsplit(":", 1)[-1] for urn in found} == own.keys()
    kinds = {"text": "post", "multiImage": "carousel"}
    for urn, post in found.items():
        truth = own[urn.rsplit(":", 1)[-1]]
        assert post.kind == kinds.get(truth.kind, truth.kind)
        assert post.published_at == truth.published_at
        assert post.text.startswith(f"{truth.text.body} {' '.join(truth.text.hashtags)}"), (
            "no sign of its format is left"
        )
        assert post.permalink == f"https://www.linkedin.com/feed/update/{urn}/"
        assert set(post.tags) >= {tag[1:].lower() for tag in truth.text.hashtags}
        assert ("https://northwind.example/journal/" in post.text) is (truth.kind == "article")
    assert {post.kind for post in found.values()} == {
        "post",
        "image",
        "carousel",
        "video",
        "document",
        "article",
        "poll",
    }


def test_it_reads_the_counters_of_the_last_years_posts(reader):
    records = reader.bring("posts")
    young = [post for post in world(reader).posts(NOW) if post.published_at > NOW - 364 * DAY]
    for metric, name in {"impressions": "views", "likes": "likes", "reach": "unique", "post_clicks": "clicks"}.items():
        values = world(reader).counters(name, NOW)
        truth = {post.id: values[post.index] for post in young}
        assert {urn.rsplit(":", 1)[-1]: value for urn, value in readings(records, metric).items()} == truth, metric
    assert {r.metric for r in records if isinstance(r, Reading)} == set(OF_POSTS)


def test_it_reads_young_posts_without_turning_every_page(reader, addresses):
    found = posts(reader.bring("young_posts"))
    assert found
    assert min(post.published_at for post in found.values()) >= NOW - 7 * DAY
    assert len([url for url in addresses if "/posts?" in url]) == 1


def test_it_takes_a_post_once_that_comes_on_two_pages(reader, monkeypatch):
    """Somebody publishes while we turn pages: what stood last on one page stands first on the next."""
    rows = [{"id": f"urn:li:share:{n}", "publishedAt": 1763700000000} for n in range(3)]
    link = [{"rel": "next", "href": "/rest/posts?q=author&start=2&count=2"}]
    bodies = iter([{"elements": rows[:2], "paging": {"links": link}}, {"elements": rows[1:], "paging": {"links": []}}])
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer(next(bodies)))
    source = linkedin.Source(reader.one_client, reader.accounts[0], reader.shelf)
    found = linkedin_api.posts_of(source, reader.last_days(31))
    assert [row["id"] for row in found] == ["urn:li:share:0", "urn:li:share:1", "urn:li:share:2"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (None, "post"),
        ({"media": {"id": "urn:li:document:D4"}}, "document"),
        ({"multiImage": {"images": []}}, "carousel"),
        ({"celebration": {}}, "celebration"),
        ({"newThing2": {}}, "new_thing"),
    ],
)
def test_it_knows_the_kind_of_a_post(content, kind):
    assert linkedin_posts._kind({"content": content}) == kind


def test_it_knows_a_repost():
    assert linkedin_posts._kind({"reshareContext": {"parent": POST}}) == "repost"


@pytest.mark.parametrize(
    ("little", "shown"),
    [
        (r"a \(b\) \#c \_d\_ \\ \| \{e\}", r"a (b) #c _d_ \ | {e}"),
        (r"{hashtag|\#|coffee} {hashtag|#|tea}", "#coffee #tea"),
        (r"@[Bean \& Gone](urn:li:organization:5) said", r"Bean \& Gone said"),
        ("<script> \\<b\\>", "<script> <b>"),
        ("{hashtag|", "{hashtag|"),
    ],
)
def test_it_reads_little_text_as_people_do(little, shown):
    assert plain(little) == shown


def test_it_reads_videos_in_seconds(reader):
    reader.bring("posts")
    records = reader.bring("videos")
    own = [p for p in world(reader).posts(NOW) if p.kind == "video" and p.published_at >= NOW - 180 * DAY]
    watched = world(reader).counters("watched_ms", NOW)
    truth = {f"urn:li:ugcPost:{post.id}": watched[post.index] / 1000 for post in own}
    assert readings(records, "watch_time") == pytest.approx(truth)
    views, viewers = readings(records, "video_views"), readings(records, "video_viewers")
    assert views.keys() == viewers.keys() == truth.keys()
    assert all(viewers[post] <= views[post] for post in views)


def test_it_loses_only_the_number_of_videos_that_is_no_more(reader):
    reader.running.faults.set("linkedin", "retired_metric", metric="VIEWER")
    records = reader.bring("videos")
    assert gaps(records).keys() == {"video_viewers"}
    assert {r.metric for r in records if isinstance(r, Reading)} == {"video_views", "watch_time"}


# -- what people say


def test_it_reads_comments_and_what_was_answered(reader):
    found = [r for r in reader.bring("comments") if isinstance(r, Comment)]
    assert {comment.kind for comment in found} == {"comment", "reply"}
    by_id = {comment.external_id: comment for comment in found}
    assert len(by_id) == len(found)
    own = {post.id: post for post in world(reader).posts(NOW)}
    for comment in found:
        post = own[comment.post.rsplit(":", 1)[-1]]
        assert post.published_at - timedelta(hours=1) <= comment.written_at <= NOW
        assert post.published_at >= NOW - 30 * DAY
        assert comment.text
        assert comment.likes is not None
        if comment.kind == "reply":
            assert by_id[comment.parent].written_at < comment.written_at
            assert comment.author == "Northwind Coffee"
        else:
            assert comment.parent == ""
            assert comment.author.startswith("urn:li:person:"), "names of members may not be kept"


def test_it_reads_the_same_comments_a_day_later(reader):
    """A comment keeps its id, its text and its moment."""
    before = {comment.external_id: comment for comment in reader.bring("comments")}
    reader.running.world.travel(NOW + 5 * timedelta(hours=1))
    after = {comment.external_id: comment for comment in reader.bring("comments")}
    assert {key: after[key] for key in before} == before


def test_it_reads_on_past_a_post_whose_comments_are_gone(reader, monkeypatch):
    rows = [{"id": f"urn:li:share:{n}", "publishedAt": NOW.timestamp() * 1000 - 60_000} for n in (1, 2)]
    said = {"commentUrn": "urn:li:comment:(urn:li:share:2,5)", "created": {"time": 1763700000000}}
    bodies = iter([answer({"elements": rows}), refusal(404, "Could not find"), answer({"elements": [said]})])
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: next(bodies))
    assert [comment.post for comment in reader.bring("comments")] == ["urn:li:share:2"]


def test_it_reads_mentions_by_others(reader):
    found = reader.bring("mentions", reader.last_days(31))
    assert len(found) > 30
    assert {comment.kind for comment in found} == {"mention"}
    assert {comment.post for comment in found} == {""}
    assert all("Northwind Coffee" in comment.text and "urn:li" not in comment.text for comment in found)
    assert all(NOW - 31 * DAY < comment.written_at <= NOW for comment in found)


def test_it_counts_forms_without_reading_them(reader, addresses):
    records = reader.bring("leads", reader.last_days(31))
    days = facts(records, "leads")
    assert sorted(days) == [NOW.date() - n * DAY for n in range(30, -1, -1)], "a day without any is 0"
    truth = {day: world(reader).daily("leads", [day])[0] for day in days if day < NOW.date()}
    assert {day: days[day] for day in truth} == truth
    assert sum(truth.values()) > 0
    assert all("fields=id,submittedAt,testLead&" in url for url in addresses)


def test_it_does_not_count_a_form_that_was_sent_to_try_it(reader, monkeypatch):
    row = {"id": "1", "submittedAt": NOW.timestamp() * 1000, "testLead": True}
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer({"elements": [row]}))
    assert set(facts(reader.bring("leads"), "leads").values()) == {0}


# -- errors and limits


@pytest.mark.parametrize(
    ("response", "kind", "words"),
    [
        (refusal(401, "expired", 65602), AuthorisationExpired, "run out"),
        (refusal(401, "revoked", 65601), AuthorisationExpired, "taken back"),
        (refusal(401, "?", 1), AuthorisationExpired, "no longer accepts"),
        (refusal(403, "Not enough permissions to access: x", 100), PermissionMissing, "Not enough permissions"),
        (refusal(404, "no", url=f"{linkedin_api.BASE_URL}/organizations/5"), PermissionMissing, "page is gone"),
        (refusal(404, "no"), NotOffered, "no"),
        (refusal(400, "wrong"), RefusedRequest, "wrong"),
        (refusal(426, "not active"), BadSetting, "retired version"),
        (refusal(500, "Internal Server Error"), SourceUnavailable, "just now"),
        (refusal(504, "Gateway"), SourceUnavailable, "just now"),
        (refusal(429, "Resource level throttle limit"), RateLimited, "slow down"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_it_knows_what_a_refusal_means(response, kind, words):
    error = classify(response)
    assert type(error) is kind
    assert words in error.message


def test_it_takes_no_good_answer_for_a_refusal():
    assert classify(answer({"status": 200, "elements": []})) is None
    assert classify(answer(b"<html>", 502)) is None, "then the status decides"


def test_it_waits_until_midnight_when_the_day_is_used_up():
    said = "Resource level throttle APPLICATION_AND_MEMBER DAY limit for calls to this resource is reached."
    error = classify(refusal(429, said, 101, Date="Sat, 21 Nov 2026 09:30:00 GMT"))
    assert error.retry_after_s == 14.5 * 3600
    plainly = classify(refusal(429, "Resource level throttle limit for calls to this resource is reached.", 101))
    assert plainly.retry_after_s == 60


def test_it_does_not_wait_for_a_limit_of_the_day(reader):
    """The sandbox counts 20,000 calls a day; the wall is not waited for, the run ends and goes on by itself."""
    route = next(route for route in reader.running.app.platforms["linkedin"].routes if route.path == "/rest/posts")
    family = reader.running.app.grants.read(reader.tokens.token.access_token, "access", "AQ").family
    window = int(NOW.timestamp()) // route.quota.per_s
    reader.running.app._counted["linkedin", route.quota.name, family] = (window, route.quota.calls)
    with pytest.raises(RateLimited) as caught:
        reader.bring("profile")
    assert caught.value.retry_after_s == 14.5 * 3600
    assert reader.clock.slept == []


# -- answers that are not what they seem


@pytest.mark.parametrize(
    "body",
    [{}, {"elements": {}}, {"elements": ["x"]}, {"elements": [{"timeRange": {"start": "soon"}}]}, {"elements": [{}]}],
    ids=["nothing", "no list", "no rows", "no day", "no range"],
)
def test_it_takes_no_strange_shape_for_nothing(reader, monkeypatch, body):
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer(body))
    with pytest.raises(SchemaDrift):
        reader.bring("activity")


@pytest.mark.parametrize("row", [{"publishedAt": 1}, {"id": POST}, {"id": POST, "publishedAt": "soon"}])
def test_it_refuses_a_post_without_id_or_moment(reader, monkeypatch, row):
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer({"elements": [row]}))
    with pytest.raises(SchemaDrift):
        reader.bring("posts")


def test_it_notices_pages_that_go_in_circles(reader, monkeypatch):
    link = [{"rel": "next", "href": "/rest/posts?start=0&count=10"}]
    body = {"elements": [], "paging": {"links": link}}
    monkeypatch.setattr(reader.one_client, "_over_the_wire", lambda *_: answer(body))
    with pytest.raises(SchemaDrift, match="twice"):
        list(pages(reader.one_client, "/posts?q=author", 10))


@pytest.mark.parametrize("value", [True, "many", [], {}])
def test_it_takes_nothing_for_a_number_that_is_none(value):
    with pytest.raises(SchemaDrift):
        linkedin_api.number(value)


# -- the specifications


def _operations(specs) -> dict[str, set[str]]:
    """Path -> the parameters it takes in the query, of both published collections."""
    yaml = pytest.importorskip("yaml")
    found = {}
    for name in ("linkedin-marketing-community.yml", "linkedin-marketing-campaigns.yml"):
        for path, methods in yaml.safe_load((specs / "linkedin" / name).read_text())["paths"].items():
            given = methods.get("get", {}).get("parameters", ())
            names = {p["name"].split(".")[0] for p in given if p["in"] == "query"}
            head = path.strip("/").split("/")[0]
            found[head] = found.get(head, set()) | names
    return found


@pytest.mark.specs
def test_it_asks_only_with_parameters_of_the_specification(reader, addresses, specs):
    """Where the collections know the resource. They are of an older protocol, which wrote ranges with dots."""
    for stream in ("profile", "followers", "activity", "page", "audience"):
        reader.bring(stream)
    list(CONNECTOR.accounts(reader.one_client))
    known, checked = _operations(specs), set()
    for url in addresses:
        parts = urlsplit(url)
        resource = parts.path.split("/rest/")[-1].split("/")[0]
        asked = set(parse_qs(parts.query)) - {"start", "count"}
        if resource in known and resource != "organizations":
            checked.add(resource)
            assert asked <= known[resource] | {"role", "state", "timeIntervals"}, resource
    assert checked >= {
        "organizationAcls",
        "networkSizes",
        "organizationalEntityFollowerStatistics",
        "organizationalEntityShareStatistics",
        "organizationPageStatistics",
    }


@pytest.mark.specs
def test_it_has_a_meaning_for_every_status_of_the_official_table(specs):
    yaml = pytest.importorskip("yaml")
    table = yaml.safe_load((specs / "linkedin" / "linkedin-ads-error-codes.yml").read_text())["http_status_semantics"]
    expected = {401: AuthorisationExpired, 403: PermissionMissing, 404: NotOffered, 426: BadSetting, 429: RateLimited}
    for row in table:
        status = int(row["status"])
        kind = SourceUnavailable if status >= 500 else expected.get(status, RefusedRequest)
        assert type(classify(refusal(status))) is kind, row


@pytest.mark.specs
def test_it_knows_every_size_of_a_company(specs):
    yaml = pytest.importorskip("yaml")
    file = specs / "linkedin" / "linkedin-organizations.openapi.yml"
    schema = yaml.safe_load(file.read_text())["components"]["schemas"]["OrganizationResponse"]
    assert list(linkedin_api.SIZES) == schema["properties"]["staffCountRange"]["enum"]
