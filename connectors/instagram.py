"""Instagram professional accounts, read by the Instagram Graph API after a login with Facebook.

Days are Pacific days. Instagram shows a day up to 48 hours late and corrects it later; an answer without data means
"not known", never 0. One metric that it refuses makes it refuse the whole request: we leave that one out and say why.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connectors import instagram_comments, meta_graph, meta_login, sayings, webhooks
from connectors.base import Category, Connector, Limit, Scope, Source, Stream, Window
from connectors.meta_graph import KEPT, ZONE, Insights, Row, bounds, day_until, finished, moment, number, pages, parts
from core.clock import day_end, day_start, local_day
from core.errors import NotOffered
from core.records import Account, Coverage, Fact, Member, Post, Reading, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

LATE = timedelta(hours=48)
LOOKBACK = 30
"""Days and posts are corrected for 28 days after; two more make sure that the last correction is seen."""

PROFILE = {"followers_count": "followers", "follows_count": "following", "media_count": "posts_total"}
SERIES = {"reach": "reach"}
NEW_FOLLOWERS = {"follower_count": "followers_gained"}
NEW_FOLLOWERS_DAYS = 29
"""How far back follower_count is answered; before that the FOLLOWER part of follows_and_unfollows says the same."""
TOTALS = {
    **{name: name for name in ("accounts_engaged", "comments", "likes", "saves", "shares", "reposts", "replies")},
    **{name: name for name in ("views", "website_clicks")},
    "total_interactions": "interactions",
    "profile_links_taps": "profile_link_taps",
    "profile_views": "profile_visits",
}
BY_FOLLOW_TYPE = {"follows_and_unfollows": "followers_lost", "reach": "reach", "views": "views"}
BY_KIND = {"views": "views", "reach": "reach", "total_interactions": "interactions"}
KINDS = {"FEED": "post", "REELS": "reel", "REEL": "reel"} | dict.fromkeys(
    ("CAROUSEL_CONTAINER", "CAROUSEL_ALBUM"), "carousel"
)

_EVERY_POST = ("reach", "likes", "comments", "saved", "shares", "total_interactions", "views")
OF_MEDIA = {
    "FEED": (*_EVERY_POST, "follows", "profile_visits"),
    "REELS": (*_EVERY_POST, "ig_reels_video_view_total_time"),
    "STORY": ("reach", "replies", "shares", "follows", "profile_visits", "total_interactions", "views", "navigation"),
}
"""What may be asked together, by media_product_type."""
MEDIA_NAMES = {
    "saved": "saves",
    "total_interactions": "interactions",
    "navigation": "story_navigation",
    "ig_reels_video_view_total_time": "reels_watch_time",
}
MEDIA_UNITS = {"ig_reels_video_view_total_time": 0.001}
MEDIA_METRICS = tuple(dict.fromkeys(MEDIA_NAMES.get(name, name) for names in OF_MEDIA.values() for name in names))
MEDIA_FIELDS = (
    "id,caption,media_type,media_product_type,permalink,timestamp,like_count,comments_count,thumbnail_url,media_url"
)

AUDIENCES: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("follower_demographics", "followers", "day", {}),
    ("engaged_audience_demographics", "accounts_engaged", "month", {"timeframe": "this_month"}),
)
BREAKDOWNS = {"age,gender": "age_gender", "city": "city", "country": "country"}


RETIRED = dict.fromkeys(
    ("impressions", "video_views", "plays", "clips_replays_count", "ig_reels_aggregated_all_plays_count"),
    date(2025, 4, 21),
)
"""Metric -> when Instagram retired it; `views` took the place of them all."""


def read_accounts(client: Client) -> Iterator[Account]:
    """Every professional account that hangs on a page the person may see."""
    fields = "id,name,instagram_business_account{id,username,name,profile_picture_url}"
    for page in pages(client, "/me/accounts", {"fields": fields}):
        if found := page.get("instagram_business_account"):
            handle = str(found.get("username") or "")
            yield Account(
                external_id=str(found["id"]),
                name=str(found.get("name") or handle or page.get("name") or found["id"]),
                handle=handle,
                url=f"https://www.instagram.com/{handle}/" if handle else "",
                picture_url=str(found.get("profile_picture_url") or ""),
                time_zone=ZONE,
            )


def read_profile(source: Source, window: Window) -> Iterator[Record]:
    """Followers, following and number of posts, as they are now."""
    profile = meta_graph.node(source.client, source.account.external_id, PROFILE)
    for field, metric in PROFILE.items():
        if (value := number(profile.get(field))) is not None:
            yield Fact(metric, local_day(window.now, ZONE), value)


def read_series(source: Source, window: Window) -> Iterator[Record]:
    """Reach by day and by 28 days, and new followers: series over at most 29 days; 30 may have an hour too many."""
    window = finished(window)
    recent = replace(window, first=max(window.first, _first_counted(window)))
    for span, names, grain in ((window, SERIES, "day"), (window, SERIES, "days_28"), (recent, NEW_FOLLOWERS, "day")):
        if span.first > span.last:
            continue
        insights = Insights(source.client)
        asked = {"period": grain, **bounds(span.first, span.last)}
        for name, row in insights.rows(source.account.external_id, names, **asked):
            for point in row.get("values") or ():
                day, value = day_until(point["end_time"]), number(point.get("value"))
                if value is not None and span.first <= day <= span.last:
                    yield Fact(names[name], day, value, grain=grain)
        yield from insights.refusals(names, span.first, span.last)


def read_totals(source: Source, window: Window) -> Iterator[Record]:
    """What Instagram only gives as a total over the days asked for: one day at a time, so that days are exact."""
    window = finished(window)
    plain, split, node = Insights(source.client), Insights(source.client), source.account.external_id
    for day in _days(window):
        asked = {"period": "day", "metric_type": "total_value", **bounds(day, day)}
        for name, row in plain.rows(node, TOTALS, **asked):
            if (value := number((row.get("total_value") or {}).get("value"))) is not None:
                yield Fact(TOTALS[name], day, value)
        for name, row in split.rows(node, BY_FOLLOW_TYPE, breakdown="follow_type", **asked):
            yield from _by_follow_type(name, row, day, counted=day >= _first_counted(window))
    yield from plain.refusals(TOTALS, window.first, window.last)
    yield from split.refusals({"follows_and_unfollows": "followers_lost"}, window.first, window.last)
    yield from _retired(window)


def _by_follow_type(name: str, row: Row, day: date, *, counted: bool) -> Iterator[Fact]:
    """Of follows_and_unfollows, FOLLOWER came and NON_FOLLOWER left; of the others, the two say who looked."""
    for (who,), value in parts(row):
        if name != "follows_and_unfollows":
            yield Fact(BY_FOLLOW_TYPE[name], day, value, Member("follow_type", who.lower()))
        elif who == "NON_FOLLOWER":
            yield Fact("followers_lost", day, value)
        elif who == "FOLLOWER" and not counted:
            yield Fact("followers_gained", day, value)


def read_kinds(source: Source, window: Window) -> Iterator[Record]:
    """Views, reach and interactions of each day by kind of content."""
    insights = Insights(source.client)
    for day in _days(finished(window)):
        asked = {"period": "day", "metric_type": "total_value", "breakdown": "media_product_type", **bounds(day, day)}
        for name, row in insights.rows(source.account.external_id, BY_KIND, **asked):
            for (kind,), value in parts(row):
                yield Fact(BY_KIND[name], day, value, Member("content_kind", KINDS.get(kind, kind.lower())))


def read_media(source: Source, window: Window) -> Iterator[Record]:
    """The posts published in the window, with their lifetime counters as they are now."""
    start, end = day_start(window.first, ZONE), day_end(window.last, ZONE)
    insights = defaultdict[str, Insights](lambda: Insights(source.client))
    params = {"fields": MEDIA_FIELDS, **bounds(window.first, window.last)}
    for item in pages(source.client, f"/{source.account.external_id}/media", params):
        if start <= moment(item["timestamp"]) < end:
            yield from _medium(item, insights)


def read_young_media(source: Source, window: Window) -> Iterator[Record]:
    """The posts of the last days: their counters still move fast."""
    today = local_day(window.now, ZONE)
    yield from read_media(source, Window(today - timedelta(days=2), today, window.now))


def read_stories(source: Source, window: Window) -> Iterator[Record]:
    """The stories that are live now; after 24 hours they are gone, and so are their numbers."""
    insights = defaultdict[str, Insights](lambda: Insights(source.client))
    for item in pages(source.client, f"/{source.account.external_id}/stories", {"fields": MEDIA_FIELDS}):
        yield from _medium({**item, "media_product_type": "STORY"}, insights)


def _medium(item: Row, insights: Mapping[str, Insights]) -> Iterator[Record]:
    post, product = _post(item), str(item.get("media_product_type"))
    counters = {"likes": number(item.get("like_count")), "comments": number(item.get("comments_count"))}
    with suppress(NotOffered):  # too few viewers, or older than the business account: only public counters exist
        for name, row in insights[product].rows(post.external_id, OF_MEDIA.get(product, OF_MEDIA["FEED"])):
            for point in row.get("values") or ():
                if (value := number(point.get("value"))) is not None:
                    counters[MEDIA_NAMES.get(name, name)] = value * MEDIA_UNITS.get(name, 1)
    yield post
    yield from (Reading(post.external_id, metric, value) for metric, value in counters.items() if value is not None)


def _post(item: Row) -> Post:
    product, kind = str(item.get("media_product_type") or ""), str(item.get("media_type") or "post")
    text = str(item.get("caption") or "")
    return Post(
        external_id=str(item["id"]),
        kind=KINDS.get(product if product == "REELS" else kind, "story" if product == "STORY" else kind.lower()),
        published_at=moment(item["timestamp"]),
        text=text,
        permalink=str(item.get("permalink") or ""),
        thumbnail_url=str(item.get("thumbnail_url") or item.get("media_url") or ""),
        tags=tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", text))),
    )


def read_audience(source: Source, window: Window) -> Iterator[Record]:
    """Followers, and those who reacted this month, by age and gender, city and country: the 45 largest of each."""
    today, found = local_day(window.now, ZONE), False
    for field, metric, grain, more in AUDIENCES:
        day = today.replace(day=1) if grain == "month" else today
        for breakdown, dimension in BREAKDOWNS.items():
            asked = {"period": "lifetime", "metric_type": "total_value", "breakdown": breakdown, **more}
            for _, row in Insights(source.client).rows(source.account.external_id, (field,), **asked):
                for members, value in parts(row):
                    found = True
                    yield Fact(metric, day, value, Member(dimension, " ".join(members)), grain)
    if not found:
        raise NotOffered("Instagram describes the audience only of accounts with at least 100 followers.")


def _retired(window: Window) -> Iterator[Coverage]:
    for metric in ("impressions", "video_views") if window.first <= window.last else ():
        reason = sayings.VIEWS_INSTEAD.format(title="Instagram", metric=metric, day=RETIRED[metric])
        yield Coverage(metric, window.first, window.last, State.NOT_OFFERED, reason)


def _first_counted(window: Window) -> date:
    return local_day(window.now, ZONE) - timedelta(days=NEW_FOLLOWERS_DAYS)


def _days(window: Window) -> Iterator[date]:
    return (window.first + timedelta(days=number) for number in range((window.last - window.first).days + 1))


AUTH = meta_login.FacebookLogin(
    authorize_url=meta_login.AUTHORIZE_URL,
    token_url=meta_login.TOKEN_URL,
    scopes=(
        Scope("instagram_basic", "See the account, its posts and its follower count."),
        Scope("instagram_manage_insights", "Read the numbers of the account, its posts and its audience."),
        Scope("pages_show_list", "Find the Facebook page that the Instagram account hangs on."),
        Scope("pages_read_engagement", "Read through that page."),
        instagram_comments.SCOPE,
        meta_login.PORTFOLIO,
    ),
    scope_separator=",",
    setup_url="https://developers.facebook.com/apps/",
    setup_steps=(
        "Create an app of type Business at Meta for Developers and add Facebook Login and the Instagram API.",
        "Under Facebook Login, Settings, add the redirect address shown here.",
        "Copy the App ID and App Secret from Settings, Basic.",
        "The Instagram account must be professional and linked to a Facebook page that you manage.",
    ),
)
_BASIC, _NUMBERS = ("instagram_basic",), ("instagram_basic", "instagram_manage_insights")
_SHIFTING = partial(Stream, lookback_days=LOOKBACK, settles_after=LATE, scopes=_NUMBERS)
_NOW = partial(Stream, windowed=False, scopes=_NUMBERS)
_DAILY = (*TOTALS.values(), "followers_lost", "followers_gained", "reach", "impressions", "video_views")
_HALF_DAY, _DAY = timedelta(hours=12), timedelta(hours=24)

STREAMS = (
    Stream(
        "profile", "Followers and posts in all", read_profile, tuple(PROFILE.values()), windowed=False, scopes=_BASIC
    ),
    _SHIFTING(
        "series",
        "Reach and new followers by day",
        read_series,
        ("reach", "followers_gained"),
        window_days=29,
        history_days=KEPT,
    ),
    _SHIFTING("totals", "Activity by day", read_totals, _DAILY, window_days=10, history_days=180, every=_HALF_DAY),
    _SHIFTING(
        "kinds",
        "Activity by kind of content",
        read_kinds,
        tuple(BY_KIND.values()),
        window_days=15,
        history_days=90,
        every=_DAY,
    ),
    _SHIFTING(
        "media",
        "Posts and reels",
        read_media,
        MEDIA_METRICS,
        window_days=90,
        history_days=KEPT,
        every=_DAY,
        lifetime=True,
    ),
    _NOW("young_media", "Posts of the last days", read_young_media, MEDIA_METRICS),
    _NOW("stories", "Live stories", read_stories, MEDIA_METRICS, every=timedelta(hours=4)),
    _NOW("audience", "Audience", read_audience, ("followers", "accounts_engaged"), every=_DAY),
    *instagram_comments.STREAMS,
    meta_login.portfolio(read_accounts),
)
CONNECTOR = Connector(
    platform="instagram",
    title="Instagram",
    category=Category.SOCIAL,
    brings="Views, reach, followers, interactions, posts, stories, comments and audience of professional accounts.",
    auth=AUTH,
    api_version=meta_graph.API_VERSION,
    base_url=meta_graph.BASE_URL,
    limits=(Limit("calls", 200, 3600),),
    streams=STREAMS,
    accounts=read_accounts,
    classify=meta_graph.classify,
    limits_from=meta_graph.limits_from,
    day_zone=ZONE,
    young_posts=((timedelta(days=2), timedelta(hours=2)),),
    exchange=meta_login.exchange,
    renew=meta_login.exchange,
    webhook=webhooks.meta(
        "instagram",
        "Instagram",
        "comments, mentions and story_insights",
        wakes=("young_media", "stories", "comments", "mentions"),
    ),
)
