"""Facebook Pages, read by the Graph API after a login with Facebook.

Days are Pacific days and are shown once they are over. One metric that Facebook refuses makes it refuse the whole
request, without saying which one it was: the rest is asked again. A page is read with its own token, which every stream
asks for at its start and forgets at its end.

Not offered any more: age and gender of followers (since March 2024), impressions and likes of the page as a daily
series (since November 2025). Comments and shares have no daily numbers: those are differences of readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors import commenting, meta_graph, meta_login, sayings, webhooks
from connectors.base import Category, Connector, Limit, Scope, Source, Stream, Window
from connectors.facebook_posts import (
    POST_METRICS,
    STORY_METRICS,
    last_value,
    read_posts,
    read_stories,
    read_young,
    summed,
)
from connectors.meta_graph import KEPT, ZONE, Insights, Row, bounds, day_until, finished, moment, number, pages
from connectors.paging import inside
from core.clock import day_end, day_start, local_day
from core.errors import NotOffered
from core.language import mark
from core.records import Account, Comment, Coverage, Fact, Member, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

LATE = timedelta(hours=24)
LOOKBACK = 30
YOUNG, WEEK = timedelta(days=2), timedelta(days=7)
DAYS_AT_ONCE = 89
"""Facebook answers for at most 90 days; 90 with the night on which the clocks go back are an hour too many."""

PROFILE = {"followers_count": "followers", "fan_count": "page_likes"}
DAILY = {
    "page_media_view": "views",
    "page_total_media_view_unique": "reach",
    "page_post_engagements": "interactions",
    "page_total_actions": "profile_link_taps",
    "page_views_total": "profile_visits",
    "page_follows": "followers",
    "page_daily_follows_unique": "followers_gained",
    "page_daily_unfollows_unique": "followers_lost",
    "page_video_views": "video_views",
    "page_video_view_time": "video_watch_time",
    "page_actions_post_reactions_total": "likes",
}
FLOWS = tuple(metric for metric in DAILY.values() if metric != "followers")  # those are known from the profile
SMALL = mark("Facebook gave no insights at all: it has them only of pages with at least 100 followers.")
MILLISECONDS = frozenset({"page_video_view_time"})
OF_28_DAYS = {"page_total_media_view_unique": "reach"}
AUDIENCE = {"page_follows_country": "country", "page_follows_city": "city"}
RETIRED = {
    "impressions": (date(2025, 11, 15), "page_impressions", sayings.VIEWS_INSTEAD),
    "engaged_users": (date(2024, 3, 14), "page_engaged_users", sayings.NOTHING_INSTEAD),
}
"""Metric -> when Facebook retired it, its name there, and what to say."""

COMMENT_FIELDS = "id,message,created_time,from{id,name},like_count,permalink_url,parent{id}"
MENTION_FIELDS = "id,message,created_time,from,permalink_url"


def read_accounts(client: Client) -> Iterator[Account]:
    """The pages of the person whose insights they may see."""
    fields = "id,name,username,link,picture{url},tasks"
    for page in pages(client, "/me/accounts", {"fields": fields}):
        if "ANALYZE" in page.get("tasks", ("ANALYZE",)):
            handle = str(page.get("username") or "")
            yield Account(
                external_id=str(page["id"]),
                name=str(page.get("name") or handle or page["id"]),
                handle=handle,
                url=str(page.get("link") or f"https://www.facebook.com/{page['id']}"),
                picture_url=str(inside(page, "picture.data.url") or ""),
                kind="page",
                time_zone=ZONE,
            )


def read_profile(source: Source, window: Window) -> Iterator[Record]:
    """Followers of the page, and those who like it, as they are now."""
    profile = meta_graph.node(source.client, source.account.external_id, PROFILE)
    today = local_day(window.now, ZONE)
    for field, metric in PROFILE.items():
        if (value := number(profile.get(field))) is not None:
            yield Fact(metric, today, value)


def read_daily(source: Source, window: Window) -> Iterator[Record]:
    """The page's insights by day, reach by 28 days too; pages with fewer than 100 followers have none."""
    window, page = finished(window), source.account.external_id
    if window.first > window.last:
        return
    insights, silent = Insights(meta_graph.page_reader(source.client, page)), True
    for names, period in ((DAILY, "day"), (OF_28_DAYS, "days_28")):
        for name, row in insights.rows(page, names, period=period, **bounds(window.first, window.last)):
            silent = False
            yield from _points(names[name], name, row, period, window)
    yield from insights.refusals(DAILY, window.first, window.last)
    if silent and not insights.refused and window.last - window.first >= WEEK:
        yield from (Coverage(metric, window.first, window.last, State.NOT_OFFERED, SMALL) for metric in FLOWS)
    for metric, (when, name, saying) in RETIRED.items():
        reason = saying.format(title="Facebook", metric=name, day=when)
        yield Coverage(metric, window.first, window.last, State.NOT_OFFERED, reason)


def _points(metric: str, name: str, row: Row, grain: str, window: Window) -> Iterator[Fact]:
    for point in row.get("values") or ():
        day, value = day_until(point["end_time"]), _number(point.get("value"))
        if value is not None and window.first <= day <= window.last:
            yield Fact(metric, day, value / 1000 if name in MILLISECONDS else value, grain=grain)


def _number(value: Any) -> float | None:
    """A number; of reactions by kind, their sum."""
    return summed(value) if isinstance(value, Mapping) else number(value)


def read_audience(source: Source, window: Window) -> Iterator[Record]:
    """Followers by country and by city: the newest day that there is."""
    page, found = source.account.external_id, False
    insights, today = Insights(meta_graph.page_reader(source.client, page)), local_day(window.now, ZONE)
    asked = {"period": "day", **bounds(today - timedelta(days=5), today - timedelta(days=1))}
    for name, row in insights.rows(page, AUDIENCE, **asked):
        members = last_value(row)
        for key, value in members.items() if isinstance(members, Mapping) else ():
            if (people := number(value)) is not None:
                found = True
                yield Fact("followers", day_until(row["values"][-1]["end_time"]), people, Member(AUDIENCE[name], key))
    if not found:
        raise NotOffered("Facebook describes the audience only of pages with at least 100 followers.")


def read_comments(source: Source, window: Window) -> Iterator[Record]:
    """Comments and the answers to them: of the last 30 days once a day, else new ones under the posts of a week."""
    page, span = source.account.external_id, commenting.span(source, window, WEEK)
    reader = meta_graph.page_reader(source.client, page)
    params = {"fields": "id,comments.summary(true).limit(0)", "since": _seconds(span.posts)}
    asked = {"fields": COMMENT_FIELDS, "filter": "stream", "order": "chronological"}
    asked |= {"since": _seconds(span.written)} if span.written > span.posts else {}
    for post in pages(reader, f"/{page}/published_posts", params):
        if inside(post, "comments.summary.total_count") != 0:
            for item in pages(reader, f"/{post['id']}/comments", asked):
                parent = str(inside(item, "parent.id") or "")
                yield _said(item, "reply" if parent else "comment", str(post["id"]), parent)


def _seconds(at: datetime) -> str:
    return f"{at.timestamp():.0f}"


def read_mentions(source: Source, window: Window) -> Iterator[Record]:
    """Posts of others that name the page, from the days of the window."""
    page = source.account.external_id
    start, end = day_start(window.first, ZONE), day_end(window.last, ZONE)
    reader = meta_graph.page_reader(source.client, page)
    for item in pages(reader, f"/{page}/tagged", {"fields": MENTION_FIELDS, **bounds(window.first, window.last)}):
        if start <= moment(item["created_time"]) < end:
            yield _said(item, "mention")


def _said(item: Row, kind: str, post: str = "", parent: str = "") -> Comment:
    likes = number(item.get("like_count"))
    return Comment(
        external_id=str(item["id"]),
        text=str(item.get("message") or ""),
        written_at=moment(item["created_time"]),
        kind=kind,
        post=post,
        parent=parent,
        author=str(inside(item, "from.name") or ""),
        permalink=str(item.get("permalink_url") or ""),
        likes=None if likes is None else int(likes),
    )


AUTH = meta_login.FacebookLogin(
    authorize_url=meta_login.AUTHORIZE_URL,
    token_url=meta_login.TOKEN_URL,
    scopes=(
        Scope("pages_show_list", "Find the pages you manage."),
        Scope("pages_read_engagement", "See the page, its followers and its posts."),
        Scope("read_insights", "Read the numbers of the page, its posts and its videos."),
        Scope("pages_read_user_content", "Read comments, how many there are, and posts of others that name the page."),
        meta_login.PORTFOLIO,
    ),
    scope_separator=",",
    setup_url="https://developers.facebook.com/apps/",
    setup_steps=(
        "Create an app of type Business at Meta for Developers and add Facebook Login.",
        "Under Facebook Login, Settings, add the redirect address shown here.",
        "Copy the App ID and App Secret from Settings, Basic.",
        "You need access to the page's insights; pages of a business portfolio must be shared with you there.",
    ),
)
_BASIC = ("pages_read_engagement",)
_NUMBERS, _PEOPLE = (*_BASIC, "read_insights"), (*_BASIC, "pages_read_user_content")
_BY_DAY = partial(Stream, lookback_days=LOOKBACK, settles_after=LATE)
_NOW = partial(Stream, windowed=False)
_HALF_DAY, _DAY = timedelta(hours=12), timedelta(days=1)

STREAMS = (
    _NOW("profile", "Followers and page likes", read_profile, tuple(PROFILE.values()), scopes=_BASIC),
    _BY_DAY(
        "daily",
        "The page by day",
        read_daily,
        (*DAILY.values(), *RETIRED),
        window_days=DAYS_AT_ONCE,
        history_days=KEPT,
        scopes=_NUMBERS,
    ),
    _BY_DAY(
        "posts",
        "Posts, videos and reels",
        read_posts,
        POST_METRICS,
        window_days=30,
        history_days=KEPT,
        every=_DAY,
        scopes=_NUMBERS,
        lifetime=True,
    ),
    _NOW("young_posts", "Posts of the last days", read_young, POST_METRICS, scopes=_NUMBERS, posts_until=YOUNG),
    _NOW("stories", "Stories", read_stories, STORY_METRICS, every=timedelta(hours=4), scopes=_NUMBERS),
    _NOW("audience", "Audience", read_audience, ("followers",), every=_DAY, scopes=_NUMBERS),
    _NOW("comments", "Comments of the last 30 days", read_comments, scopes=_PEOPLE),
    _BY_DAY("mentions", "Mentions", read_mentions, window_days=90, history_days=180, every=_HALF_DAY, scopes=_PEOPLE),
    meta_login.portfolio(read_accounts),
)
CONNECTOR = Connector(
    platform="facebook",
    title="Facebook",
    category=Category.SOCIAL,
    brings="Views, reach, followers, reactions, clicks, posts, videos, reels, stories, comments and audience of pages.",
    auth=AUTH,
    api_version=meta_graph.API_VERSION,
    base_url=meta_graph.BASE_URL,
    limits=(Limit("calls", 200, 3600),),
    streams=STREAMS,
    accounts=read_accounts,
    classify=meta_graph.classify,
    limits_from=meta_graph.limits_from,
    day_zone=ZONE,
    young_posts=((YOUNG, timedelta(hours=2)),),
    daily_from_readings={metric: metric for metric in ("comments", "shares", "post_clicks", "link_clicks")},
    exchange=meta_login.exchange,
    renew=meta_login.exchange,
    webhook=webhooks.meta("page", "Page", "feed and mention", wakes=("young_posts", "comments", "mentions")),
)
