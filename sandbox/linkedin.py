"""LinkedIn's versioned API for company pages as it answers: finders with start and count, UTC days, and URNs.

A day appears 24 hours after its end. By day LinkedIn counts impressions, but never people. Counters of posts are of
posts of the last year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from sandbox import linkedin_api as api
from sandbox import linkedin_feed as feed
from sandbox.linkedin_api import (
    HOST,
    KEPT,
    LOGIN_HOST,
    OAUTH,
    REFUSED,
    bad,
    batch,
    days_asked,
    finder,
    listed,
    number_of,
    page_in,
    page_of,
    paged,
    share_id,
    urn_of,
    versioned,
)
from sandbox.server import Call, Login, Platform, Quota, Route
from sandbox.view import View
from sandbox.wire import Reply
from sandbox.world import AccountSpec, Kind

LAG = timedelta(hours=24)


_STILL = {"video_views": 0.0, "viewers": 0.0, "watched_ms": 0.0}
NORTHWIND = AccountSpec(
    platform="linkedin",
    key="northwind",
    external_id="2414183",
    title="Northwind Coffee",
    handle="northwind-coffee",
    shows="a company page with posts of every kind, followers by work and place, comments, mentions and leads",
    followers=6200,
    gained_per_day=9.0,
    lost_per_day=2.0,
    posts_per_week=4,
    views_per_post=2100,
    growth_per_year=0.35,
    kinds={
        "text": Kind(0.14, 0.7, half_life_h=26, tail=0.2, rates=_STILL),
        "image": Kind(0.3, 1.0, half_life_h=26, tail=0.2, rates=_STILL),
        "multiImage": Kind(0.12, 1.2, half_life_h=28, tail=0.2, rates=_STILL),
        "video": Kind(0.16, 1.1, half_life_h=30, tail=0.25, seconds=(15, 160)),
        "document": Kind(0.12, 1.5, half_life_h=34, tail=0.25, rates={**_STILL, "clicks": 4.0}),
        "article": Kind(0.1, 0.6, half_life_h=24, tail=0.2, rates={**_STILL, "clicks": 1.4}),
        "poll": Kind(0.06, 1.6, half_life_h=36, tail=0.1, rates=_STILL),
    },
    rates={
        "likes": 0.021,
        "comments": 0.0015,
        "shares": 0.0018,
        "clicks": 0.034,
        "unique": 0.62,
        "video_views": 0.36,
        "viewers": 0.27,
        "watched_ms": 2900.0,
    },
    daily_rates={
        "page_views": 0.07,
        "page_visitors": 0.045,
        "button_clicks": 0.006,
        "share_mentions": 0.0011,
        "comment_mentions": 0.0007,
        "leads": 0.0012,
    },
    post_id=share_id,
)
PARTNER = AccountSpec(
    platform="linkedin",
    key="partner",
    external_id="87654321",
    title="Kaffeekontor Nord",
    handle="kaffeekontor-nord",
    shows="a page that the person has a role in, and that LinkedIn refuses all the same",
    opened=date(2026, 1, 5),
)
LAB = AccountSpec(
    platform="linkedin",
    key="lab",
    external_id="90511872",
    title="Northwind Lab",
    handle="northwind-lab",
    shows="a page that has never posted and has no followers",
    opened=date(2026, 1, 5),
)

COUNTERS = {
    "impressionCount": "views",
    "clickCount": "clicks",
    "likeCount": "likes",
    "commentCount": "comments",
    "shareCount": "shares",
}
MENTIONS = {"shareMentionsCount": "share_mentions", "commentMentionsCount": "comment_mentions"}
SECTIONS = {"about": 8, "people": 7, "jobs": 12, "lifeAt": 6, "products": 3, "insights": 2, "overview": 62}
FACETS: Mapping[str, tuple[str, str, Mapping[str, float]]] = {
    "followerCountsBySeniority": ("seniority", "urn:li:seniority:", {"3": 34, "4": 31, "5": 16, "6": 9, "10": 10}),
    "followerCountsByFunction": (
        "function",
        "urn:li:function:",
        {"4": 17, "10": 9, "12": 6, "15": 19, "18": 24, "22": 5, "25": 20},
    ),
    "followerCountsByIndustry": (
        "industry",
        "urn:li:industry:",
        {"32": 25, "34": 28, "27": 14, "23": 9, "96": 8, "80": 7, "31": 9},
    ),
    "followerCountsByStaffCountRange": (
        "staffCountRange",
        "",
        {"SIZE_1": 6, "SIZE_2_TO_10": 24, "SIZE_11_TO_50": 27, "SIZE_51_TO_200": 18, "SIZE_1001_TO_5000": 25},
    ),
    "followerCountsByGeoCountry": (
        "geo",
        "urn:li:geo:",
        {
            "101282230": 46,
            "103883259": 11,
            "106693272": 9,
            "101165590": 8,
            "103644278": 8,
            "102890719": 5,
            "105015875": 4,
            "103350119": 3,
        },
    ),
    "followerCountsByGeo": (
        "geo",
        "urn:li:geo:",
        {"90009712": 34, "90009714": 14, "90009735": 12, "90009508": 10},
    ),
}

# The page


def roles(call: Call) -> Reply:
    """GET /organizationAcls?q=roleAssignee: the pages in which the person has a role."""
    finder(call, "roleAssignee")
    rows = [
        {
            "organization": f"urn:li:organization:{spec.external_id}",
            "roleAssignee": f"urn:li:person:{call.login.key}",
            "role": role,
            "state": "APPROVED",
        }
        for spec in call.accounts
        for role in ("ADMINISTRATOR", "CONTENT_ADMINISTRATOR")
    ]
    wanted = call.arg("role")
    return paged(call, [row for row in rows if wanted in {"", row["role"]}])


def organizations(call: Call) -> Reply:
    """GET /organizations?ids=List(...): each page, or why it is not shown."""
    asked = listed(call.arg("ids"))
    known = {spec.external_id: spec for spec in call.accounts if spec.external_id not in REFUSED}
    text = "Viewer doesn't have permission to the ADMIN_ONLY VisibilityReduction for urn:li:organization:{}"
    refused = {key: api.problem(403, text.format(key)) for key in asked if key not in known}
    return batch({key: _organization(known[key]) for key in asked if key in known}, refused)


def organization(call: Call) -> Reply:
    """GET /organizations/{id}."""
    return Reply(_organization(page_of(call, call.params["id"]).spec))


def _organization(spec: AccountSpec) -> dict[str, Any]:
    return {
        "id": int(spec.external_id),
        "name": api.localized(spec.title),
        "localizedName": spec.title,
        "vanityName": spec.handle,
        "primaryOrganizationType": "NONE",
        "organizationType": "PRIVATELY_HELD",
        "staffCountRange": "SIZE_11_TO_50",
        "locations": [],
        "localizedWebsite": "https://northwind.example",
    }


def network_size(call: Call) -> Reply:
    """GET /networkSizes/{urn}: how many follow the page."""
    if call.arg("edgeType") != "COMPANY_FOLLOWED_BY_MEMBER":
        raise bad("Invalid query parameters: edgeType has an unknown value")
    size = page_of(call, number_of(call.params["urn"], "organization")).followers
    return Reply(_kept(call, {"firstDegreeSize": size}))


# Numbers by day


def _kept(call: Call, body: Any) -> Any:
    """Without a field that has been retired: LinkedIn leaves it out of its answers."""
    fault = call.fault("retired_metric")
    gone = str(fault.options.get("metric", "shareCount")) if fault else ""

    def without(node: Any) -> Any:
        if isinstance(node, dict):
            kept = {name: without(value) for name, value in node.items() if name != gone}
            first, _, rest = gone.partition(".")
            if rest and isinstance(kept.get(first), dict):
                kept[first] = {name: value for name, value in kept[first].items() if name != rest}
            return kept
        return [without(item) for item in node] if isinstance(node, list) else node

    return without(body) if gone else body


def _shown(view: View, metric: str, span: tuple[date, date]) -> dict[date, int]:
    first = max(span[0], (view.now - KEPT).date())
    return view.daily(metric, first, span[1], LAG)


def _by_day(call: Call, view: View, span: tuple[date, date], metrics: Sequence[str], row: _Row) -> Reply:
    series = {metric: _shown(view, metric, span) for metric in metrics}
    days = sorted(series[metrics[0]])
    rows = [
        {**row({metric: values[day] for metric, values in series.items()}), "timeRange": api.day_range(day)}
        for day in days
    ]
    return paged(call, _kept(call, rows), default=1000)


_Row = Callable[[Mapping[str, int]], dict[str, Any]]


def follower_statistics(call: Call) -> Reply:
    """GET /organizationalEntityFollowerStatistics: gains by day, or who follows at all."""
    finder(call, "organizationalEntity")
    view, span, urn = page_in(call, "organizationalEntity"), days_asked(call), call.arg("organizationalEntity")
    if span is None:
        return paged(call, [_facets(view) | {"organizationalEntity": urn}])

    def gains(day: Mapping[str, int]) -> dict[str, Any]:
        paid = int(day["followers_gained"] * 0.12)
        parts = {"organicFollowerGain": day["followers_gained"] - paid, "paidFollowerGain": paid}
        return {"organizationalEntity": urn, "followerGains": parts}

    return _by_day(call, view, span, ["followers_gained"], gains)


def _facets(view: View) -> dict[str, Any]:
    found: dict[str, Any] = {"followerCountsByAssociationType": []}
    for facet, (field, prefix, shares) in FACETS.items():
        whole = sum(shares.values()) * (1.12 if field == "geo" else 1.0)
        rows = []
        for member, share in shares.items() if view.followers else ():
            count = int(view.followers * share / whole)
            paid = int(count * 0.08)
            counts = {"organicFollowerCount": count - paid, "paidFollowerCount": paid}
            rows.append({"followerCounts": counts, field: f"{prefix}{member}"})
        found[facet] = rows
    return found


def share_statistics(call: Call) -> Reply:
    """GET /organizationalEntityShareStatistics: by day, of some posts, or of the last year in all."""
    finder(call, "organizationalEntity")
    view, span, urn = page_in(call, "organizationalEntity"), days_asked(call), call.arg("organizationalEntity")
    chosen = [(kind, f"{kind}s") for kind in ("share", "ugcPost") if call.arg(f"{kind}s")]
    if chosen and span:
        raise bad("Invalid query parameters: timeIntervals cannot be combined with shares or ugcPosts")
    if chosen:
        return _of_posts(call, view, *chosen[0])

    def statistics(day: Mapping[str, int]) -> dict[str, Any]:
        counts = {field: day[metric] for field, metric in {**COUNTERS, **MENTIONS}.items()}
        return {"organizationalEntity": urn, "totalShareStatistics": counts | {"engagement": _engagement(counts)}}

    year = ((view.now - KEPT).date(), view.today)
    metrics = [*COUNTERS.values(), *MENTIONS.values()]
    if span:
        return _by_day(call, view, span, metrics, statistics)
    return paged(call, [_kept(call, statistics({m: sum(_shown(view, m, year).values()) for m in metrics}))])


def _of_posts(call: Call, view: View, kind: str, parameter: str) -> Reply:
    posts = [
        post
        for text in listed(call.arg(parameter))
        if (post := view.post(number_of(text, kind))) and urn_of(post) == text and view.now - post.published_at < KEPT
    ]
    index = np.array([post.index for post in posts], dtype=np.int64)
    fields = {**COUNTERS, "uniqueImpressionsCount": "unique"}
    values = {field: view.counters_at(metric, index, [view.now])[:, 0] for field, metric in fields.items()}
    rows = []
    for place, post in enumerate(posts):
        counts = {field: int(found[place]) for field, found in values.items()}
        statistics = counts | {"engagement": _engagement(counts)}
        rows.append(
            {
                kind: urn_of(post),
                "organizationalEntity": f"urn:li:organization:{view.spec.external_id}",
                "totalShareStatistics": statistics,
            }
        )
    return paged(call, _kept(call, rows))


def _engagement(counts: Mapping[str, int]) -> float:
    acts = sum(counts[name] for name in ("clickCount", "likeCount", "commentCount", "shareCount"))
    return acts / counts["impressionCount"] if counts["impressionCount"] else 0.0


def page_statistics(call: Call) -> Reply:
    """GET /organizationPageStatistics: views of the page, by day or since it began, by section and device."""
    finder(call, "organization")
    view, span, urn = page_in(call, "organization"), days_asked(call), call.arg("organization")

    def visits(day: Mapping[str, int]) -> dict[str, Any]:
        statistics = {"views": _views(day["page_views"], day["page_visitors"]), "clicks": _clicks(day["button_clicks"])}
        return {"organization": urn, "totalPageStatistics": statistics}

    metrics = ["page_views", "page_visitors", "button_clicks"]
    if span:
        return _by_day(call, view, span, metrics, visits)
    year = ((view.now - KEPT).date(), view.today)
    return paged(call, [_kept(call, visits({m: sum(_shown(view, m, year).values()) for m in metrics}))])


def _views(views: int, visitors: int) -> dict[str, Any]:
    """All of the page, each device, each section, and each section on each device. Careers is jobs and life."""
    parts = {name: (views * share // 100, visitors * share // 100) for name, share in SECTIONS.items()}
    sums = [sum(part[place] for part in parts.values()) for place in (0, 1)]
    seen, people = parts["overview"]
    parts["overview"] = (seen + views - sums[0], people + visitors - sums[1])
    parts["careers"] = (parts["jobs"][0] + parts["lifeAt"][0], parts["jobs"][1] + parts["lifeAt"][1])
    found = {f"{name}PageViews": _viewed(*part) for name, part in {"all": (views, visitors), **parts}.items()}
    for name, (seen, people) in {"all": (views, visitors), **parts}.items():
        desktop = (seen * 58 // 100, people * 58 // 100)
        for side, part in (("desktop", desktop), ("mobile", (seen - desktop[0], people - desktop[1]))):
            key = f"all{side.title()}" if name == "all" else f"{side}{name[0].upper()}{name[1:]}"
            found[f"{key}PageViews"] = _viewed(*part)
    return found


def _viewed(views: int, visitors: int) -> dict[str, int]:
    return {"pageViews": views, "uniquePageViews": visitors}


def _clicks(clicks: int) -> dict[str, Any]:
    desktop = clicks * 6 // 10
    return {
        f"{side}CustomButtonClickCounts": [{"customButtonType": "VISIT_WEBSITE", "clicks": n}] if n else []
        for side, n in (("desktop", desktop), ("mobile", clicks - desktop))
    }


# The platform

_ADMIN, _SOCIAL, _FEED = ("rw_organization_admin",), ("r_organization_social",), ("r_organization_social_feed",)
_LEADS = ("r_marketing_leadgen_automation",)
_DAY = Quota("day", 20_000, 86400)
_RESOURCES: tuple[tuple[str, Callable[[Call], Reply], tuple[str, ...]], ...] = (
    ("organizationAcls", roles, _ADMIN),
    ("organizations", organizations, _ADMIN),
    ("organizations/{id}", organization, _ADMIN),
    ("networkSizes/{urn}", network_size, _ADMIN),
    ("organizationalEntityFollowerStatistics", follower_statistics, _ADMIN),
    ("organizationalEntityShareStatistics", share_statistics, _ADMIN),
    ("organizationPageStatistics", page_statistics, _ADMIN),
    ("organizationalEntityNotifications", feed.notifications, _ADMIN),
    ("posts", feed.posts, _SOCIAL),
    ("videoAnalytics", feed.video_statistics, _SOCIAL),
    ("socialActions/{urn}/comments", feed.comments, _FEED),
    ("leadFormResponses", feed.leads, _LEADS),
    ("seniorities", api.seniorities, ()),
    ("functions", api.functions, ()),
    ("industries", api.industries, ()),
    ("geo", api.places, ()),
)
PLATFORM = Platform(
    name="linkedin",
    title="LinkedIn",
    logins=(
        Login("northwind", "Northwind Coffee", (NORTHWIND,)),
        Login("agency", "An agency with a role at Northwind Coffee and at a page that refuses", (NORTHWIND, PARTNER)),
        Login("lab", "Northwind Lab, nothing posted yet", (LAB,)),
    ),
    routes=(
        Route("POST", LOGIN_HOST, api.TOKEN_PATH, api.token, auth=False, is_oauth=True),
        Route("POST", LOGIN_HOST, "/oauth/v2/introspectToken", api.introspect, auth=False, is_oauth=True),
        *(
            Route("GET", HOST, f"/rest/{path}", versioned(handler), scopes, _DAY)
            for path, handler, scopes in _RESOURCES
        ),
    ),
    envelope=api.envelope,
    headers=api.headers,
    oauth=OAUTH,
)
