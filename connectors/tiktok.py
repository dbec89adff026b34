"""TikTok accounts, read by the Accounts API of TikTok API for Business: profile, days, followers, videos.

Days are UTC days; TikTok keeps 60 of them, shows each one to two days late, and says nothing of what it does not know.
Views, watch time and reach of videos are lifetime counters as old as the days; what no day has (watch time, saves ...)
becomes daily numbers as differences of readings. The share of each source in a video's impressions is not read: it is
a percentage over the video's whole life, from which no day can be told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connectors import tiktok_api, tiktok_comments
from connectors.base import ApiVersion, Category, Connector, Limit, Scope, Source, Stream, Window
from connectors.tiktok_api import VIDEOS_PATH, Asking, Row, classify, fields_of, moment, number, rows, values, videos
from core.errors import NotOffered, SchemaDrift
from core.language import mark
from core.records import Account, Coverage, Fact, Member, Post, Reading, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

ZONE = "UTC"
LATE = timedelta(hours=48)
KEPT = 59
"""Days that TikTok keeps: 60, less one so as not to ask for the day that is just being dropped."""
AUDIENCE_DAYS = 7
CALLS_PER_MINUTE = 100
"""TikTok allows an app 10 calls a second, 600 a minute and 864,000 a day; all connections of an app share them."""
BEGIN, YOUNG = datetime(2016, 1, 1, tzinfo=UTC), timedelta(days=7)

WHO = ("username", "display_name", "profile_image")
PROFILE = {
    "followers": ("followers_count",),
    "following": ("following_count",),
    "posts_total": ("videos_count",),
    "lifetime_likes": ("total_likes",),
}
DAILY = {
    "views": ("video_views",),
    "likes": ("likes",),
    "comments": ("comments",),
    "shares": ("shares",),
    "reach": ("unique_video_views",),
    "accounts_engaged": ("engaged_audience",),
    "followers": ("followers_count",),
    "followers_gained": ("daily_new_followers",),
    "followers_lost": ("daily_lost_followers",),
    "profile_visits": ("profile_views",),
    "website_clicks": ("bio_link_clicks",),
    "profile_link_taps": ("phone_number_clicks", "email_clicks", "address_clicks", "app_download_clicks"),
    "leads": ("lead_submissions",),
}
DAYS = {**DAILY, "followers_active": ("audience_activity",)}
_REGISTERED = mark("TikTok gives this only to business accounts that are registered as a business.")
_HUNDRED = mark("TikTok tells this only of accounts with at least 100 followers.")
WITHHELD = {
    **dict.fromkeys(("profile_visits", "website_clicks", "profile_link_taps", "leads"), _REGISTERED),
    "followers_active": _HUNDRED,
}
"""Why a metric may be missing from every day of an account."""

AUDIENCE = {
    "audience_countries": ("country", ("country",)),
    "audience_cities": ("city", ("city_name", "city")),
    "audience_ages": ("age", ("age",)),
    "audience_genders": ("gender", ("gender",)),
}
"""Field -> our dimension, and what its members are called by there."""
GENDERS, NOWHERE = {"female": "F", "male": "M"}, "ZZ"
COUNTRIES = {"UK": "GB"}

ABOUT = ("caption", "share_url", "thumbnail_url", "video_duration", "media_type")
REACTIONS = {"likes": ("likes",), "comments": ("comments",), "shares": ("shares",)}
NUMBERS = {
    "views": ("video_views",),
    "reach": ("reach",),
    "saves": ("favorites",),
    "watch_time": ("total_time_watched",),
    "follows": ("new_followers",),
    "profile_visits": ("profile_views",),
}
PARTS = {
    "completed_views": ("full_video_watched_rate",),
    "retention_sum": ("total_time_watched", "video_duration"),
}
"""Our metric -> the fields it is made of at TikTok. A share of the plays counts times the plays; seconds watched over
the length of the video are the share watched, summed."""
KINDS = {"photo": "carousel"}


def read_accounts(client: Client) -> Iterator[Account]:
    """The one account behind the consent."""
    business_id = str(client.granted.get("open_id") or "")
    if not business_id:
        raise SchemaDrift("TikTok gave a token without saying whose it is.")
    yield _account(business_id, Asking(client, tiktok_api.ACCOUNT_PATH, business_id, WHO).data())


def read_profile(source: Source, window: Window) -> Iterator[Record]:
    """Name and picture; followers, videos and likes in all, as they are now."""
    asking = _asking(source, (*WHO, *fields_of(PROFILE)))
    data = asking.data()
    yield _account(source.account.external_id, data)
    yield from (Fact(metric, window.last, value) for metric, value in values(data, PROFILE))
    yield from asking.refusals(PROFILE, window.last, window.last)


def read_days(source: Source, window: Window) -> Iterator[Record]:
    """What the account got on each day, and in which hours its followers were on TikTok."""
    today = window.now.astimezone(UTC).date()
    first, last = max(window.first, today - timedelta(days=KEPT)), min(window.last, today - timedelta(days=1))
    if first > last:
        return
    asking = _asking(source, fields_of(DAYS))
    days, found = rows(asking.data(start_date=f"{first}", end_date=f"{last}"), "metrics"), set[str]()
    for row in days:
        if first <= (day := tiktok_api.calendar_day(row.get("date"))) <= last:
            for fact in _facts(row, day):
                found.add(fact.metric)
                yield fact
    yield from asking.refusals(DAYS, first, last)
    refused = {metric for metric, fields in DAYS.items() if asking.refused.keys() & set(fields)}
    for metric, reason in WITHHELD.items() if days else ():
        if metric not in found | refused:
            yield Coverage(metric, first, last, State.NOT_OFFERED, reason)


def _facts(row: Row, day: date) -> Iterator[Fact]:
    yield from (Fact(metric, day, value) for metric, value in values(row, DAILY))
    for hour in rows(row, "audience_activity"):
        at, value = number(hour.get("hour")), number(hour.get("count"))
        if at is not None and value is not None:
            yield Fact("followers_active", day, value, grain="hour", hour=int(at))


def read_audience(source: Source, window: Window) -> Iterator[Record]:
    """The share of countries, cities, ages and genders in the followers; TikTok never gives how many they are."""
    yesterday = window.now.astimezone(UTC).date() - timedelta(days=1)
    asking, found = _asking(source, AUDIENCE), False
    data = asking.data(start_date=f"{yesterday - timedelta(days=AUDIENCE_DAYS - 1)}", end_date=f"{yesterday}")
    for field, (dimension, called) in AUDIENCE.items():
        shares = defaultdict[str, float](float)
        for row in rows(data, field):
            name = next((str(row[key]) for key in called if row.get(key)), "")
            if (share := number(row.get("percentage"))) is not None:
                shares[_member(dimension, name)] += share
        for key, share in shares.items():
            found = True
            title = "Elsewhere" if key == NOWHERE else ""
            yield Fact("follower_share", window.last, round(min(share, 1), 6), Member(dimension, key, title))
    if not found:
        raise NotOffered(_HUNDRED)


def _member(dimension: str, name: str) -> str:
    """Our key for a member; a country that is none, such as "Others", is elsewhere."""
    if dimension == "gender":
        return GENDERS.get(name.lower(), "U")
    if dimension == "country":
        code = COUNTRIES.get(name.upper(), name.upper())
        return code if re.fullmatch("[A-Z]{2}", code) else NOWHERE
    return name or "Unknown"


def read_videos(source: Source, window: Window, younger: timedelta | None = None) -> Iterator[Record]:
    """Videos with the reactions to them; all, or only the `younger` ones."""
    asking = _asking(source, (*ABOUT, *fields_of(REACTIONS)), VIDEOS_PATH)
    for video in videos(asking, window.now - younger if younger else BEGIN):
        post = _post(video, source.account.handle)
        yield post
        yield from (Reading(post.external_id, metric, value) for metric, value in values(video, REACTIONS))
    yield from asking.refusals(REACTIONS, window.first, window.last)


def read_numbers(source: Source, window: Window, younger: timedelta | None = None) -> Iterator[Record]:
    """Views, reach, watch time and what else came of the videos we know, over their whole life."""
    since = window.now - younger if younger else BEGIN
    known = {post.external_id for post in source.posts.published_since(since)}
    asking = _asking(source, dict.fromkeys(fields_of({**NUMBERS, **PARTS})), VIDEOS_PATH)
    for video in videos(asking, since):
        if (post := str(video["item_id"])) in known:
            yield from (Reading(post, metric, value) for metric, value in _numbers(video))
    yield from asking.refusals({**NUMBERS, **PARTS}, window.first, window.last)


def _numbers(video: Row) -> Iterator[tuple[str, float]]:
    yield from values(video, NUMBERS)
    to_the_end, watched, length = (number(video.get(field)) for field in fields_of(PARTS))
    plays = number(video.get("video_views"))
    if to_the_end is not None and plays is not None:
        yield "completed_views", to_the_end * plays
    if watched is not None and length:
        yield "retention_sum", watched / length


def _asking(source: Source, fields: Iterable[str], path: str = tiktok_api.ACCOUNT_PATH) -> Asking:
    return Asking(source.client, path, source.account.external_id, tuple(fields))


def _account(business_id: str, data: Row) -> Account:
    handle = str(data.get("username") or "")
    return Account(
        external_id=business_id,
        name=str(data.get("display_name") or handle or business_id),
        handle=handle,
        url=f"https://www.tiktok.com/@{handle}" if handle else "",
        picture_url=str(data.get("profile_image") or ""),
        kind="profile",
        time_zone=ZONE,
    )


def _post(video: Row, handle: str) -> Post:
    post, text = str(video["item_id"]), str(video.get("caption") or "")
    kind = re.sub(r"[^a-z]+", "_", str(video.get("media_type") or "video").lower()).strip("_")
    link = str(video.get("share_url") or "").split("?")[0]
    return Post(
        external_id=post,
        kind=KINDS.get(kind, kind) or "video",
        published_at=moment(video["create_time"]),
        text=text,
        permalink=link or f"https://www.tiktok.com/@{handle}/video/{post}",
        thumbnail_url=str(video.get("thumbnail_url") or ""),
        duration_s=number(video.get("video_duration")) or None,
        tags=tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", text))),
    )


AUTH = tiktok_api.AccountsLogin(
    authorize_url=tiktok_api.AUTHORIZE_URL,
    token_url=tiktok_api.REFRESH_URL,
    scopes=(
        Scope("user.info.basic", "See the name and picture of the account."),
        Scope("user.info.username", "See its handle."),
        Scope("user.info.stats", "Read followers, likes and videos in all."),
        Scope("user.insights", "Read the numbers of each day and who the followers are."),
        Scope("video.list", "See the videos and the reactions to them."),
        Scope("video.insights", "Read views, reach and watch time of the videos."),
        tiktok_comments.SCOPE,
    ),
    scope_separator=",",
    setup_url="https://business-api.tiktok.com/portal/apps",
    setup_steps=(
        "Become a developer at TikTok API for Business and create an app with the permissions of 'TikTok Accounts'.",
        "Enter the redirect address below as 'TikTok account holder redirect URL', exactly as it stands here.",
        "Once TikTok has approved the app, copy its App ID and Secret from 'My Apps'.",
        "Profile views, clicks and leads come only from business accounts that are registered as a business.",
    ),
)
DAY = timedelta(days=1)
_now = partial(Stream, windowed=False)
_young_videos, _young_numbers = partial(read_videos, younger=YOUNG), partial(read_numbers, younger=YOUNG)
_WHO, _LISTED = ("user.info.basic", "user.info.username", "user.info.stats"), ("video.list",)
_INSIGHTS, _REACTED, _NUMBERED = (*_LISTED, "video.insights"), tuple(REACTIONS), (*NUMBERS, *PARTS)
STREAMS = (
    _now("profile", "Followers and totals", read_profile, tuple(PROFILE), scopes=_WHO),
    Stream(
        "days",
        "Activity by day",
        read_days,
        tuple(DAYS),
        window_days=30,
        history_days=KEPT,
        lookback_days=5,
        settles_after=LATE,
        scopes=("user.info.stats", "user.insights"),
    ),
    _now(
        "audience",
        "Followers by country, city, age and gender",
        read_audience,
        ("follower_share",),
        every=DAY,
        scopes=("user.insights",),
    ),
    _now("videos", "Videos", read_videos, _REACTED, every=DAY, scopes=_LISTED),
    _now("young_videos", "Videos of the last days", _young_videos, _REACTED, scopes=_LISTED),
    _now("numbers", "Views and watch time of videos", read_numbers, _NUMBERED, every=DAY, scopes=_INSIGHTS),
    _now("young_numbers", "Views of the last days' videos", _young_numbers, _NUMBERED, scopes=_INSIGHTS),
    tiktok_comments.STREAM,
)
CONNECTOR = Connector(
    platform="tiktok",
    title="TikTok",
    category=Category.SOCIAL,
    brings="Views, reach, followers, profile visits, videos with watch time, comments, and who the followers are.",
    auth=AUTH,
    api_version=ApiVersion(tiktok_api.VERSION),
    base_url=tiktok_api.BASE_URL,
    limits=(Limit("calls", CALLS_PER_MINUTE, 60),),
    streams=STREAMS,
    accounts=read_accounts,
    classify=classify,
    day_zone=ZONE,
    every=timedelta(hours=6),
    young_posts=((YOUNG, timedelta(hours=6)),),
    daily_from_readings={metric: metric for metric in ("watch_time", *PARTS, "saves", "follows")},
    webhook=tiktok_api.WEBHOOK,
)
