"""LinkedIn company pages: followers, page views, posts with their counters, videos, comments, mentions, leads.

Days are UTC days; LinkedIn keeps a year of them and shows each up to two days late. Organic numbers only. It tells who
followers are, but not by day; people reached only over the life of a post; never who left, nor what came of
newsletters and messages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connectors import linkedin_api, sayings, webhooks
from connectors.base import ApiVersion, Category, Connector, Limit, Scope, Source, Stream, Window
from connectors.linkedin_api import (
    KEPT,
    PAGE_SIZE,
    Names,
    Row,
    day_of,
    elements,
    finished,
    listed,
    number,
    page_urn,
    pages,
    values,
)
from connectors.linkedin_posts import OF_POSTS, REACTIONS, VIDEO, read_posts, read_videos
from connectors.linkedin_said import read_comments, read_leads, read_mentions
from connectors.paging import inside
from core.errors import NotOffered, SchemaDrift
from core.language import mark
from core.records import Account, Coverage, Fact, Member, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

ZONE = "UTC"
LATE = timedelta(hours=48)
LOOKBACK = 5
CALLS_PER_DAY = 5000
"""LinkedIn shows an app its limits of a day only in the developer portal; here we stop by ourselves."""
YOUNG = timedelta(days=7)
PROFILE = {"followers": ("firstDegreeSize",)}
GAINS = {"followers_gained": ("followerGains.organicFollowerGain", "followerGains.paidFollowerGain")}
ORIGINS = {"organic": "followerGains.organicFollowerGain", "paid": "followerGains.paidFollowerGain"}
ACTIVITY = {**REACTIONS, "mentions": ("shareMentionsCount", "commentMentionsCount")}
VISITS = {
    "profile_visits": ("views.allPageViews.pageViews",),
    "profile_visitors": ("views.allPageViews.uniquePageViews",),
}
BUTTONS = ("desktopCustomButtonClickCounts", "mobileCustomButtonClickCounts")
PAGE = (*VISITS, "profile_link_taps")
DEVICES = {"desktop": "allDesktop", "mobile": "allMobile"}
SECTIONS = {
    **{name: name for name in ("overview", "about", "people", "jobs", "products", "insights")},
    "life": "lifeAt",
}
"""Our member -> the section at LinkedIn. Careers is left out: it is jobs and life together."""
AUDIENCE = {
    "followerCountsBySeniority": ("seniority", "seniority", "seniority"),
    "followerCountsByFunction": ("job_function", "function", "function"),
    "followerCountsByIndustry": ("industry", "industry", "industry"),
    "followerCountsByGeoCountry": ("country", "geo", "geo"),
    "followerCountsByGeo": ("city", "geo", "geo"),
    "followerCountsByStaffCountRange": ("company_size", "staffCountRange", ""),
}
"""Facet -> our dimension, the member's field there, and the kind of its names. Earlier versions called the two of
places followerCountsByCountry and followerCountsByRegion."""
NOWHERE = "ZZ"
READERS = {"ADMINISTRATOR", "CONTENT_ADMINISTRATOR", "CONTENT_ADMIN", "ANALYST"}
_REACH = mark("LinkedIn counts people only over the whole life of a post, never by day.")
_Facts = Callable[[Row, date], Iterator[Fact]]


def read_accounts(client: Client) -> Iterator[Account]:
    """Every page whose analytics the person may see. One that LinkedIn refuses is left out, and only that one."""
    rows = pages(client, "/organizationAcls?q=roleAssignee&state=APPROVED", PAGE_SIZE)
    allowed = [str(row.get("organization")) for row in rows if row.get("role") in READERS]
    numbers = [urn.rsplit(":", 1)[-1] for urn in dict.fromkeys(allowed)]
    for batch in linkedin_api.batches(numbers):
        found = client.get(f"/organizations?ids={listed(batch)}").get("results")
        if not isinstance(found, Mapping):
            raise SchemaDrift("LinkedIn answered without the pages.")
        yield from (_account(key, found[key]) for key in batch if key in found)


def _account(page: str, row: Row) -> Account:
    handle = str(row.get("vanityName") or "")
    return Account(
        external_id=page,
        name=str(row.get("localizedName") or handle or page),
        handle=handle,
        url=f"https://www.linkedin.com/company/{handle or page}/",
        kind="page",
        time_zone=ZONE,
    )


def read_profile(source: Source, window: Window) -> Iterator[Record]:
    """Name of the page, and its followers as they are now."""
    page = source.account.external_id
    yield _account(page, source.client.get(f"/organizations/{page}"))
    row = source.client.get(f"/networkSizes/{page_urn(source)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER")
    facts = [Fact(metric, window.last, value) for metric, value in values(row, PROFILE)]
    yield from facts
    yield from _no_longer(PROFILE, {fact.metric for fact in facts}, window)


def read_followers(source: Source, window: Window) -> Iterator[Record]:
    """New followers of each day, organic and paid."""
    path = "/organizationalEntityFollowerStatistics?q=organizationalEntity&organizationalEntity="
    yield from _series(source, window, path, GAINS, _gains)


def _gains(row: Row, day: date) -> Iterator[Fact]:
    yield from (Fact(metric, day, value) for metric, value in values(row, GAINS))
    for origin, field in ORIGINS.items():
        if (value := number(inside(row, field))) is not None:
            yield Fact("followers_gained", day, value, Member("origin", origin))


def read_activity(source: Source, window: Window) -> Iterator[Record]:
    """What the posts of the page got on each day."""
    path = "/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity="
    yield from _series(source, window, path, ACTIVITY, _activity)
    if asked := finished(window):
        yield Coverage("reach", asked.first, asked.last, State.NOT_OFFERED, _REACH)


def _activity(row: Row, day: date) -> Iterator[Fact]:
    yield from (Fact(metric, day, value) for metric, value in values(row.get("totalShareStatistics"), ACTIVITY))


def read_page(source: Source, window: Window) -> Iterator[Record]:
    """Views of the page, people who came, and clicks on its buttons, of each day; by device and section."""
    yield from _series(source, window, "/organizationPageStatistics?q=organization&organization=", PAGE, _visits)


def _visits(row: Row, day: date) -> Iterator[Fact]:
    total = row.get("totalPageStatistics")
    yield from (Fact(metric, day, value) for metric, value in values(total, VISITS))
    for dimension, members in (("device", DEVICES), ("page_section", SECTIONS)):
        for member, name in members.items():
            fields = {metric: (f"views.{name}PageViews.{place[0].split('.')[-1]}",) for metric, place in VISITS.items()}
            for metric, value in values(total, fields):
                yield Fact(metric, day, value, Member(dimension, member))
    lists = [inside(total, f"clicks.{name}") for name in BUTTONS] if isinstance(total, Mapping) else [None]
    if None not in lists:
        clicks = [number(button.get("clicks")) or 0 for found in lists for button in found or ()]
        yield Fact("profile_link_taps", day, sum(clicks))


def _series(source: Source, window: Window, path: str, names: Iterable[str], facts: _Facts) -> Iterator[Record]:
    """A finder's days, and which of its metrics LinkedIn has stopped to give."""
    asked = finished(window)
    if asked is None:
        return
    interval = f"(timeRange:{linkedin_api.span(asked.first, asked.last)},timeGranularityType:DAY)"
    found, days = set[str](), 0
    for row in pages(source.client, f"{path}{page_urn(source)}&timeIntervals={interval}", PAGE_SIZE):
        if asked.first <= (day := day_of(row)) <= asked.last:
            days += 1
            for fact in facts(row, day):
                found |= {fact.metric} if fact.member is None else set()
                yield fact
    if days:
        yield from _no_longer(names, found, asked)


def _no_longer(names: Iterable[str], found: set[str], window: Window) -> Iterator[Coverage]:
    """A field that LinkedIn retires is missing from its answers with the next version; it is not refused."""
    for metric in names:
        if metric not in found:
            reason = sayings.NOT_IN_VERSION.format(version=linkedin_api.VERSION, title="LinkedIn")
            yield Coverage(metric, window.first, window.last, State.NOT_OFFERED, reason)


def read_audience(source: Source, window: Window) -> Iterator[Record]:
    """Followers by seniority, function, industry, country, region and size of their company."""
    path = f"/organizationalEntityFollowerStatistics?q=organizationalEntity&organizationalEntity={page_urn(source)}"
    names, found = Names(source.client), False
    for row in elements(source.client.get(path)):
        for facet, (dimension, field, kind) in AUDIENCE.items():
            for member, value in _members(row.get(facet) or (), dimension, field, kind, names).items():
                found = True
                yield Fact("followers", window.last, value, member)
    if not found:
        raise NotOffered("LinkedIn does not tell yet who follows this page.")


def _members(rows: Sequence[Row], dimension: str, field: str, kind: str, names: Names) -> Mapping[Member, float]:
    counted = {str(row.get(field)).rsplit(":", 1)[-1]: _count(row) for row in rows}
    called = names.of(kind, list(counted)) if kind and counted else linkedin_api.SIZES
    members = defaultdict[Member, float](float)
    for key, value in counted.items():
        if value is not None:
            members[_member(dimension, key, called.get(key, ""))] += value
    return members


def _count(row: Row) -> float | None:
    counts = [number(inside(row, f"followerCounts.{name}FollowerCount")) for name in ("organic", "paid")]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _member(dimension: str, key: str, name: str) -> Member:
    """Countries by their code and places by their name, as on other platforms; the rest by LinkedIn's number."""
    if dimension == "country":
        code = linkedin_api.country_code(name)
        return Member(dimension, code or NOWHERE, "" if code else "Elsewhere")
    return Member(dimension, name or key) if dimension == "city" else Member(dimension, key, name)


# -- the connector

_ADMIN, _POSTS, _FEED = ("rw_organization_admin",), ("r_organization_social",), ("r_organization_social_feed",)
AUTH = linkedin_api.LinkedInLogin(
    authorize_url=linkedin_api.AUTHORIZE_URL,
    token_url=linkedin_api.TOKEN_URL,
    scopes=(
        Scope(
            "rw_organization_admin",
            "Find your pages and read their numbers. LinkedIn has no narrower one here; we change nothing.",
        ),
        Scope("r_organization_social", "See the posts of your pages and how their videos did."),
        Scope("r_organization_social_feed", "Read the comments under them."),
        Scope("r_marketing_leadgen_automation", "Count the forms that people sent to your pages."),
    ),
    setup_url="https://www.linkedin.com/developers/apps",
    setup_steps=(
        "Create an app in the LinkedIn developer portal, and have an administrator of your page verify it.",
        "Under 'Products', ask for 'Community Management API', and for 'Lead Sync API' if forms are to be counted.",
        "Under 'Auth', enter the redirect address below, exactly as it stands here.",
        "Copy client id and client secret from there.",
        "LinkedIn ends a login after 60 days, unless it has allowed your app to renew it: then after a year.",
    ),
)
DAY, SIX_HOURS = timedelta(days=1), timedelta(hours=6)
_days = partial(Stream, window_days=90, history_days=KEPT, lookback_days=LOOKBACK, settles_after=LATE, scopes=_ADMIN)
_now = partial(Stream, windowed=False)
_BOTH, _young = (*_POSTS, *_ADMIN), partial(read_posts, younger=YOUNG)
STREAMS = (
    _now("profile", "Followers", read_profile, tuple(PROFILE), scopes=_ADMIN),
    _days("followers", "New followers by day", read_followers, tuple(GAINS)),
    _days("activity", "Activity by day", read_activity, (*ACTIVITY, "reach")),
    _days("page", "Visits of the page by day", read_page, PAGE),
    _now("audience", "Followers by work and place", read_audience, ("followers",), every=DAY, scopes=_ADMIN),
    _now("posts", "Posts", read_posts, tuple(OF_POSTS), every=DAY, scopes=_BOTH),
    _now("young_posts", "Posts of the last days", _young, tuple(OF_POSTS), scopes=_BOTH, posts_until=YOUNG),
    _now("videos", "Views and watch time of videos", read_videos, tuple(VIDEO), every=DAY, scopes=_POSTS),
    _now("comments", "Comments", read_comments, every=SIX_HOURS, scopes=(*_POSTS, *_FEED)),
    Stream(
        "mentions",
        "Mentions by others",
        read_mentions,
        window_days=30,
        history_days=59,
        every=SIX_HOURS,
        scopes=_ADMIN,
    ),
    Stream(
        "leads",
        "Forms sent to the page",
        read_leads,
        ("leads",),
        history_days=KEPT,
        every=SIX_HOURS,
        scopes=("r_marketing_leadgen_automation",),
        optional="How many forms people sent. LinkedIn asks for its product 'Lead Sync API' on your app.",
    ),
)
CONNECTOR = Connector(
    platform="linkedin",
    title="LinkedIn",
    category=Category.SOCIAL,
    brings="Followers and who they are, page visits, posts with their numbers, videos, comments, mentions and leads.",
    auth=AUTH,
    api_version=ApiVersion(linkedin_api.VERSION, linkedin_api.VERSIONS_END.get(linkedin_api.VERSION)),
    base_url=linkedin_api.BASE_URL,
    limits=(Limit("calls", CALLS_PER_DAY, 86400),),
    streams=STREAMS,
    accounts=read_accounts,
    classify=linkedin_api.classify,
    day_zone=ZONE,
    every=SIX_HOURS,
    young_posts=((YOUNG, SIX_HOURS),),
    daily_from_readings={"video_views": "video_views", "watch_time": "watch_time"},
    webhook=webhooks.linkedin(wakes=("young_posts", "comments", "mentions")),
)
