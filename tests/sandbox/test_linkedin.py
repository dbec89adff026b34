"""LinkedIn's stand-in: versions, Rest.li, pages, UTC days, its errors and tokens, checked against what is published."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, urlencode

import jsonschema
import pytest

from sandbox.linkedin import COUNTERS, FACETS, NORTHWIND, PARTNER
from sandbox.linkedin_api import OAUTH
from tests.fixtures_sandbox import NOW, REDIRECT

AUTHORIZE, TOKEN = "www.linkedin.com/oauth/v2/authorization", "www.linkedin.com/oauth/v2/accessToken"
INTROSPECT = "www.linkedin.com/oauth/v2/introspectToken"
SCOPE = " ".join(OAUTH.scopes)
HEADERS = {"LinkedIn-Version": "202607", "X-Restli-Protocol-Version": "2.0.0"}
URN = f"urn:li:organization:{NORTHWIND.external_id}"
GAINS = "organizationalEntityFollowerStatistics"
SHARES = "organizationalEntityShareStatistics"
VISITS = "organizationPageStatistics"
ENTITY = {"q": "organizationalEntity", "organizationalEntity": URN}
AUTHOR = {"q": "author", "author": URN, "sortBy": "CREATED"}
DAY = timedelta(days=1)
NEWEST = NOW.date() - 2 * DAY


def app(person, **more):
    return {"client_id": person.client_id, "client_secret": person.secret, **more}


def connect(person, scope=SCOPE, **more):
    code = person.authorize(AUTHORIZE, scope, **more)["code"]
    form = app(person, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    return person.post(TOKEN, form).json()


def ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def interval(first: date, last: date) -> str:
    return f"(timeRange:(start:{ms(first)},end:{ms(last + DAY)}),timeGranularityType:DAY)"


@pytest.fixture
def ask(person, sandbox):
    """Asks with a token that lives, whatever time it is, and expects the status."""
    tokens = {}

    def asked(resource, *, status=200, headers=HEADERS, login="northwind", token=None, **query):
        key = (sandbox.world.now(), login)
        if token is None:
            token = tokens[key] = tokens.get(key) or connect(person, login=login)["access_token"]
        address = f"{person.url}/api.linkedin.com/rest/{resource}?{urlencode(query, safe='(),')}"
        given = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
        reply = person.http.get(address, headers=given)
        assert reply.status_code == status, reply.text
        return reply.json()

    return asked


def month(ask, resource, **query):
    """Day -> row of the last thirty days."""
    rows = ask(resource, timeIntervals=interval(NOW.date() - 30 * DAY, NOW.date()), **query)["elements"]
    return {datetime.fromtimestamp(row["timeRange"]["start"] / 1000, UTC).date(): row for row in rows}


def all_posts(ask, count=100):
    found, start, pages = [], 0, 0
    while True:
        body = ask("posts", count=count, start=start, **AUTHOR)
        found += body["elements"]
        pages += 1
        if not body["paging"]["links"]:
            return found, pages
        start += count


# -- versions and protocol


@pytest.mark.parametrize(
    ("version", "status"),
    [("202607", 200), ("202511", 426), ("202512", 200), ("202701", 426), ("2026", 426), ("202613", 426), ("", 400)],
)
def test_it_answers_to_versions_of_the_last_year(ask, version, status):
    headers = {**HEADERS, "LinkedIn-Version": version} if version else {"X-Restli-Protocol-Version": "2.0.0"}
    body = ask(f"organizations/{NORTHWIND.external_id}", status=status, headers=headers)
    if status == 426:
        assert body == {
            "status": 426,
            "message": f"Requested version {version} is not active",
            "code": "NONEXISTENT_VERSION",
            "serviceErrorCode": 0,
        }


def test_it_speaks_only_the_second_protocol(ask):
    ask("seniorities", status=400, headers={"LinkedIn-Version": "202607"})


def test_it_never_says_how_long_to_wait(ask, person, sandbox):
    token = connect(person)["access_token"]
    sandbox.faults.set("linkedin", "rate_limited", retry_after_s=30)
    reply = person.http.get(
        f"{person.url}/api.linkedin.com/rest/seniorities", headers={"Authorization": f"Bearer {token}"}
    )
    assert reply.status_code == 429
    assert "throttle limit" in reply.json()["message"]
    assert not [name for name in reply.headers if "retry" in name or "ratelimit" in name or "rate-limit" in name]


# -- pages


def test_it_lists_the_roles_of_the_person(ask):
    rows = ask("organizationAcls", q="roleAssignee", role="ADMINISTRATOR", state="APPROVED", login="agency")["elements"]
    assert [row["organization"].rsplit(":", 1)[-1] for row in rows] == [NORTHWIND.external_id, PARTNER.external_id]
    assert {row["state"] for row in rows} == {"APPROVED"}


def test_it_refuses_one_page_of_a_batch(ask):
    both = f"List({NORTHWIND.external_id},{PARTNER.external_id})"
    body = ask("organizations", ids=both, login="agency")
    assert body["statuses"] == {NORTHWIND.external_id: 200, PARTNER.external_id: 403}
    assert body["results"].keys() == {NORTHWIND.external_id}
    assert body["errors"][PARTNER.external_id]["status"] == 403


@pytest.mark.parametrize("resource", [GAINS, SHARES])
@pytest.mark.parametrize("number", [PARTNER.external_id, "1"])
def test_it_refuses_numbers_of_pages_that_are_not_the_persons(ask, resource, number):
    query = {**ENTITY, "organizationalEntity": f"urn:li:organization:{number}"}
    body = ask(resource, status=403, login="agency", **query)
    assert (body["code"], body["serviceErrorCode"]) == ("ACCESS_DENIED", 100)


def test_it_counts_followers(ask, sandbox):
    body = ask(f"networkSizes/{quote(URN, safe='')}", edgeType="COMPANY_FOLLOWED_BY_MEMBER")
    assert body == {"firstDegreeSize": sandbox.world.account(NORTHWIND).followers(NOW)}
    ask(f"networkSizes/{quote(URN, safe='')}", edgeType="CompanyFollowedByMember", status=400)


@pytest.mark.specs
@pytest.mark.parametrize(
    ("file", "schema", "resource", "query"),
    [
        (
            "linkedin-organizations.openapi.yml",
            "OrganizationResponse",
            f"organizations/{NORTHWIND.external_id}",
            {},
        ),
        (
            "linkedin-organizations.openapi.yml",
            "BatchOrganizationResponse",
            "organizations",
            {"ids": f"List({NORTHWIND.external_id},1)"},
        ),
        (
            "linkedin-marketing-community.yml",
            "RetrieveOrganizationFollowerCountResponse200",
            f"networkSizes/{quote(URN, safe='')}",
            {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"},
        ),
    ],
)
def test_it_answers_as_the_published_schema_says(ask, specs, file, schema, resource, query):
    _validate(specs, file, schema, ask(resource, **query))


def _validate(specs, file, schema, body):
    yaml = pytest.importorskip("yaml")
    document = yaml.safe_load((specs / "linkedin" / file).read_text())
    jsonschema.Draft202012Validator(
        {"components": document["components"], "$ref": f"#/components/schemas/{schema}"}
    ).validate(body)


@pytest.mark.specs
@pytest.mark.parametrize(
    ("resource", "query", "status"),
    [
        ("organizations/1", {}, 403),
        ("posts", {"q": "owner"}, 400),
        (SHARES, {**ENTITY, "timeIntervals": "(start:9,end:1)"}, 400),
    ],
)
def test_it_refuses_as_the_published_schema_says(ask, specs, resource, query, status):
    body = ask(resource, status=status, **query)
    assert body["status"] == status
    _validate(specs, "linkedin-organizations.openapi.yml", "ErrorResponse", body)


@pytest.mark.specs
def test_it_pages_as_the_published_example_does(ask, specs):
    """The example of a finder: start, count, links and total beside the elements."""
    yaml = pytest.importorskip("yaml")
    file = specs / "linkedin" / "linkedin-marketing-community.yml"
    examples = yaml.safe_load(file.read_text())["components"]["examples"]
    example = examples["FindAdministeredOrganizationBrandsResponse200Example"]["value"]
    body = ask("posts", **AUTHOR)
    assert body.keys() == example.keys()
    assert body["paging"].keys() == example["paging"].keys()


# -- days


@pytest.mark.parametrize(("resource", "query"), [(GAINS, ENTITY), (SHARES, ENTITY), (VISITS, None)])
def test_it_shows_a_day_a_day_after_its_end(ask, resource, query):
    rows = month(ask, resource, **(query or {"q": "organization", "organization": URN}))
    assert max(rows) == NEWEST
    assert len(rows) > 25
    assert all(row["timeRange"]["end"] - row["timeRange"]["start"] == 86_400_000 for row in rows.values())


def test_it_counts_impressions_by_day_but_never_people(ask):
    rows = month(ask, SHARES, **ENTITY)
    for row in rows.values():
        statistics = row["totalShareStatistics"]
        assert "uniqueImpressionsCount" not in statistics
        acts = sum(statistics[name] for name in ("clickCount", "likeCount", "commentCount", "shareCount"))
        assert statistics["engagement"] == pytest.approx(acts / statistics["impressionCount"])


def test_it_tells_paid_followers_from_others(ask, sandbox):
    rows = month(ask, GAINS, **ENTITY)
    day = NEWEST - 4 * DAY
    gained = rows[day]["followerGains"]
    whole = sandbox.world.account(NORTHWIND).daily("followers_gained", [day])[0]
    assert gained["organicFollowerGain"] + gained["paidFollowerGain"] == whole
    assert gained["paidFollowerGain"] < gained["organicFollowerGain"]


def test_it_adds_visits_up(ask):
    """All is desktop and mobile; all is overview, careers and the other sections; careers is jobs and life."""
    for row in month(ask, VISITS, q="organization", organization=URN).values():
        views = {name: each["pageViews"] for name, each in row["totalPageStatistics"]["views"].items()}
        assert views["allPageViews"] == views["allDesktopPageViews"] + views["allMobilePageViews"]
        assert views["careersPageViews"] == views["jobsPageViews"] + views["lifeAtPageViews"]
        sections = ("overview", "careers", "about", "people", "products", "insights")
        assert views["allPageViews"] == sum(views[f"{name}PageViews"] for name in sections)
        assert views["jobsPageViews"] == views["desktopJobsPageViews"] + views["mobileJobsPageViews"]


def test_it_keeps_days_for_a_year(ask):
    long_ago = NOW.date() - 400 * DAY
    assert ask(SHARES, timeIntervals=interval(long_ago, long_ago + 10 * DAY), **ENTITY)["elements"] == []


def test_it_tells_who_follows_by_urns(ask, sandbox):
    (row,) = ask(GAINS, **ENTITY)["elements"]
    followers = sandbox.world.account(NORTHWIND).followers(NOW)
    for facet, (field, prefix, _shares) in FACETS.items():
        counts = [member["followerCounts"] for member in row[facet]]
        whole = sum(each["organicFollowerCount"] + each["paidFollowerCount"] for each in counts)
        assert 0.6 * followers < whole <= followers
        assert all(str(member[field]).startswith(prefix) for member in row[facet])


def test_it_names_places_one_by_one(ask):
    body = ask("geo", ids="List(101282230,103350119)")
    assert body["results"]["101282230"]["defaultLocalizedName"]["value"] == "Germany"
    assert body["statuses"] == {"101282230": 200, "103350119": 404}


# -- posts


def test_it_pages_through_all_posts_newest_first(ask, sandbox):
    posts, pages = all_posts(ask)
    own = sandbox.world.account(NORTHWIND).posts(NOW)
    assert [post["id"].rsplit(":", 1)[-1] for post in posts] == [post.id for post in own[::-1]]
    assert pages == -(-len(own) // 100)
    assert {next(iter(post.get("content", {"none": 0}))) for post in posts} == {
        "none",
        "media",
        "multiImage",
        "article",
        "poll",
    }


def test_it_gives_ten_when_nobody_says_how_many(ask):
    body = ask("posts", **AUTHOR)
    assert len(body["elements"]) == body["paging"]["count"] == 10
    (link,) = body["paging"]["links"]
    assert link["rel"] == "next"
    assert "start=10&count=10" in link["href"]


def test_it_escapes_its_own_signs_in_text(ask, sandbox):
    posts, _ = all_posts(ask)
    hostile = next(post["commentary"] for post in posts if "script" in post["commentary"])
    assert r"\<script\>alert\('espresso'\)\</script\>" in hostile
    assert r"{hashtag|\#|" in hostile


def test_it_gives_counters_of_posts_by_their_kind(ask, sandbox):
    posts, _ = all_posts(ask)
    for kind, parameter in (("share", "shares"), ("ugcPost", "ugcPosts")):
        urns = [post["id"] for post in posts if f":{kind}:" in post["id"]][:4]
        rows = ask(SHARES, **ENTITY, **{parameter: f"List({','.join(urns)})"})["elements"]
        assert [row[kind] for row in rows] == urns
        world = sandbox.world.account(NORTHWIND)
        for row in rows:
            post, statistics = world.by_id[row[kind].rsplit(":", 1)[-1]], row["totalShareStatistics"]
            for field, name in COUNTERS.items():
                assert statistics[field] == world.counters(name, NOW)[post.index]
            assert statistics["uniqueImpressionsCount"] <= statistics["impressionCount"]


def test_it_does_not_know_a_post_by_the_wrong_kind(ask):
    posts, _ = all_posts(ask)
    share = next(post["id"] for post in posts if ":share:" in post["id"])
    assert ask(SHARES, **ENTITY, ugcPosts=f"List({share.replace('share', 'ugcPost')})")["elements"] == []
    ask(SHARES, status=400, **ENTITY, ugcPosts=f"List({share})")


def test_it_gives_numbers_of_videos_for_half_a_year(ask):
    videos = [p for p in all_posts(ask)[0] if "urn:li:video" in str(p.get("content"))]
    query = {"q": "entity", "aggregation": "ALL"}
    new, old = videos[0]["id"], videos[-1]["id"]
    (row,) = ask("videoAnalytics", entity=new, type="VIDEO_VIEW", **query)["elements"]
    assert (row["entity"], row["statisticsType"]) == (new, "VIDEO_VIEW")
    assert row["value"] > 0
    assert ask("videoAnalytics", entity=old, type="VIDEO_VIEW", **query)["elements"] == []
    assert ask("videoAnalytics", entity=old, type="TIME_WATCHED", **query)["elements"][0]["value"] > 0
    ask("videoAnalytics", status=400, entity=new, type="VIDEO_SMELL", **query)


# -- what people say


def test_it_lists_comments_and_replies_apart(ask, sandbox):
    post = all_posts(ask)[0][8]["id"]
    under = f"socialActions/{quote(post, safe='')}/comments"
    comments = ask(under, count=100)["elements"]
    assert comments
    assert not [row for row in comments if "parentComment" in row]
    answered = next(row for row in comments if row["commentsSummary"]["totalFirstLevelComments"])
    replies = ask(f"socialActions/{quote(answered['commentUrn'], safe='')}/comments")["elements"]
    assert [row["parentComment"] for row in replies] == [answered["commentUrn"]]
    assert replies[0]["actor"] == URN
    assert all(row["created"]["time"] <= NOW.timestamp() * 1000 for row in [*comments, *replies])


def test_it_names_no_member(ask):
    post = all_posts(ask)[0][8]["id"]
    rows = ask(f"socialActions/{quote(post, safe='')}/comments")["elements"]
    assert all(row["actor"].startswith("urn:li:person:") for row in rows)
    assert not [row for row in rows if "name" in str(row).lower()]


def test_it_keeps_news_for_60_days(ask):
    query = {"q": "criteria", "organizationalEntity": URN, "actions": "List(SHARE_MENTION)", "count": 200}
    rows = ask("organizationalEntityNotifications", timeRange=f"(start:0,end:{ms(NOW.date() + DAY)})", **query)[
        "elements"
    ]
    oldest = min(row["lastModifiedAt"] for row in rows)
    assert NOW - 60 * DAY <= datetime.fromtimestamp(oldest / 1000, UTC) < NOW - 58 * DAY
    assert len({row["notificationId"] for row in rows}) == len(rows) > 60
    ask(
        "organizationalEntityNotifications",
        status=400,
        timeRange="(start:0,end:1)",
        **{**query, "actions": "List(WAVE)"},
    )


def test_it_gives_only_the_fields_of_forms_that_are_asked_for(ask, sandbox):
    span = f"(start:{ms(NOW.date() - 20 * DAY)},end:{ms(NOW.date())})"
    query = {"q": "owner", "owner": f"(organization:{URN})", "submittedAtTimeRange": span, "count": 500}
    rows = []
    for kind in ("COMPANY", "EVENT", "ORGANIZATION_PRODUCT", "SPONSORED"):
        rows += ask("leadFormResponses", leadType=f"(leadType:{kind})", fields="id,submittedAt", **query)["elements"]
    days = [NOW.date() - n * DAY for n in range(20, 0, -1)]
    assert len(rows) == sandbox.world.account(NORTHWIND).daily("leads", days).sum() > 0
    assert {field for row in rows for field in row} == {"id", "submittedAt"}


# -- tokens


def test_it_gives_tokens_as_linkedin_does(person):
    token = connect(person)
    assert token["expires_in"] == 5_184_000
    assert token["refresh_token_expires_in"] == 31_536_000
    assert set(token["scope"].split(",")) == set(OAUTH.scopes)


def test_it_gives_the_same_refresh_token_with_less_time(person, sandbox):
    first = connect(person)
    sandbox.world.travel(NOW + 10 * DAY)
    form = app(person, grant_type="refresh_token", refresh_token=first["refresh_token"])
    second = person.post(TOKEN, form).json()
    assert second["refresh_token"] == first["refresh_token"]
    assert second["refresh_token_expires_in"] == 355 * 86400
    assert second["access_token"] != first["access_token"]
    assert person.post(TOKEN, form).status_code == 200, "it may be used again"


def test_it_gives_no_refresh_token_to_an_app_that_may_not_renew(person):
    person.client_id = "unapproved-1"
    assert "refresh_token" not in connect(person)


def test_it_says_what_a_token_is_good_for(person, sandbox):
    token = connect(person)["access_token"]
    body = person.post(INTROSPECT, app(person, token=token)).json()
    assert (body["active"], body["status"], body["auth_type"]) == (True, "active", "3L")
    assert body["expires_at"] == int((NOW + 60 * DAY).timestamp())
    sandbox.world.travel(NOW + 61 * DAY)
    assert person.post(INTROSPECT, app(person, token=token)).json()["status"] == "expired"
    assert person.post(INTROSPECT, app(person, token="nonsense")).json() == {"active": False}


@pytest.mark.parametrize(
    ("fault", "code", "name"),
    [("expired_token", 65602, "EXPIRED_ACCESS_TOKEN"), ("revoked_token", 65601, "REVOKED_ACCESS_TOKEN")],
)
def test_it_says_why_a_token_is_refused(ask, person, sandbox, fault, code, name):
    token = connect(person)["access_token"]
    sandbox.faults.set("linkedin", fault)
    body = ask("posts", status=401, token=token, **AUTHOR)
    assert (body["serviceErrorCode"], body["code"], body["status"]) == (code, name, 401)


def test_it_says_which_resource_a_scope_is_missing_for(ask, person):
    token = connect(person, scope="r_organization_social")["access_token"]
    body = ask(SHARES, status=403, token=token, **ENTITY)
    assert body["message"] == f"Not enough permissions to access: {SHARES}.FINDER-organizationalEntity.202607"
    ask("posts", token=token, **AUTHOR)


def test_it_says_when_the_calls_of_the_day_are_used_up(ask, person, sandbox):
    """The day ends at midnight UTC, whenever it was begun."""
    token = connect(person)["access_token"]
    family = sandbox.app.grants.read(token, "access", OAUTH.access_prefix).family
    sandbox.app._counted["linkedin", "day", family] = (int(NOW.timestamp()) // 86400, 20_000)
    body = ask("seniorities", status=429, token=token)
    assert "APPLICATION_AND_MEMBER DAY limit" in body["message"]
    sandbox.world.travel(NOW.replace(hour=0, minute=1) + DAY)
    ask("seniorities", token=token)


def test_it_has_a_page_without_anything(ask):
    query = {"q": "author", "author": "urn:li:organization:90511872"}
    assert ask("posts", login="lab", **query)["elements"] == []
    body = ask("networkSizes/urn:li:organization:90511872", login="lab", edgeType="COMPANY_FOLLOWED_BY_MEMBER")
    assert body == {"firstDegreeSize": 0}
