"""Insights of Facebook pages, posts, stories and videos as the Graph API v26 gives them; retired names are refused.

A name that is not alive refuses the whole request, and the message does not say which one it was. A story's views are
0 with an `end_time` of 1970 for its first day: that is how the platform says that it does not know them yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from core.clock import day_end, local_day
from sandbox import meta_graph
from sandbox.meta_graph import error, invalid, moment, one_of, stamp
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Refused, Reply
from sandbox.world import Post, days_of

NOT_A_PLUGIN = True

ZONE = "America/Los_Angeles"
LAG, SETTLES = timedelta(hours=18), timedelta(hours=48)
STORY_LAG = timedelta(hours=24)
MIN_FOLLOWERS = 100
KNOWN_SHARE = 0.96
DAYS, KEPT = 90, 731
PERIODS = ("day", "days_28", "lifetime", "month", "total_over_range", "week")
WIDTHS = {"day": 1, "week": 7, "days_28": 28}

COUNTED = {
    "page_media_view": "views",
    "page_total_media_view_unique": "reach",
    "page_total_actions": "actions",
    "page_views_total": "visits",
    "page_daily_follows": "followers_gained",
    "page_daily_follows_unique": "followers_gained",
    "page_daily_unfollows_unique": "followers_lost",
    "page_video_views": "video_plays",
    "page_video_view_time": "watch_ms",
}
AUDIENCE = {"page_follows_country": "country", "page_follows_city": "city"}
PAGE = (*COUNTED, *AUDIENCE, "page_follows", "page_post_engagements", "page_actions_post_reactions_total")
POST = (
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_clicks_by_type",
    "post_reactions_by_type_total",
    "post_reactions_like_total",
    "post_video_views",
)
STORY = (
    "pages_fb_story_replies",
    "pages_fb_story_shares",
    "pages_fb_story_sticker_interactions",
    "pages_fb_story_thread_lightweight_reactions",
    "story_interaction",
    "story_media_view",
    "story_total_media_view_unique",
)
LATE_OF_STORY = frozenset({"story_media_view", "story_total_media_view_unique"})
VIDEO = (
    "total_video_avg_time_watched",
    "total_video_retention_graph",
    "total_video_view_total_time",
    "total_video_views",
)
REEL = (
    "blue_reels_play_count",
    "fb_reels_total_plays",
    "post_video_avg_time_watched",
    "post_video_retention_graph",
    "post_video_view_time",
)
RETIRED = ("page_engaged_users", "page_fans", "page_fans_gender_age", "page_impressions", "page_impressions_unique")
"""Some of the names that are gone; they are refused like any other text."""

REACTIONS = {"love": 0.17, "wow": 0.03, "haha": 0.04, "sorry": 0.01, "anger": 0.01}
ENGAGING = ("likes", "comments", "shares", "clicks")
INTERVALS = 40


def of_page(call: Call, view: View) -> Reply:
    """GET /{page}/insights."""
    names = _names(call, PAGE)
    period = one_of(call, "period", PERIODS, "day")
    first, last = _span(call, view)
    body: dict[str, Any] = {"data": [row for name in names if (row := _page_row(view, name, period, first, last))]}
    if body["data"]:
        token = f"access_token={call.token_text}"
        base = f"https://{call.host}{call.path}?{token}&metric={','.join(names)}&period={period}"
        body["paging"] = {"previous": f"{base}&until={call.arg('since')}", "next": f"{base}&since={call.arg('until')}"}
    return Reply(body)


def of_post(call: Call, view: View, post: Post) -> Reply:
    """GET /{post}/insights, of a post or a story: since it came out."""
    names = _names(call, STORY if post.kind == "story" else POST)
    if call.arg("period", "lifetime") != "lifetime":
        return Reply({"data": []})
    return _lifetime(post.id, "insights", {name: _of_post(view, post, name) for name in names})


def of_video(call: Call, view: View, post: Post, video: str) -> Reply:
    """GET /{video}/video_insights: reels and other videos have different names for the same."""
    names = _names(call, VIDEO + REEL) if call.arg("metric") else VIDEO + REEL
    known = REEL if post.kind == "reel" else VIDEO
    values = {name: [{"value": _of_video(view, post, name)}] for name in names if name in known}
    return _lifetime(video, "video_insights", values)


def _names(call: Call, known: Sequence[str]) -> tuple[str, ...]:
    if not call.names("metric"):
        text = "No metric was specified to be fetched. Please specify one or more metrics to be fetched and try again."
        raise Refused(error(f"(#3001) {text}", 3001, subcode=1504028))
    return meta_graph.metrics(call, known, lambda _at, _alive: invalid("The value must be a valid insights metric"))


def _span(call: Call, view: View) -> tuple[date, date]:
    until = moment(call, "until") or view.now
    since = moment(call, "since") or until - timedelta(days=2)
    if since > until:
        raise invalid("Param since must be before until")
    if until - since > timedelta(days=DAYS):
        raise invalid(f"There cannot be more than {DAYS} days ({DAYS * 86400} s) between since and until")
    if since < view.now - timedelta(days=KEPT):
        raise invalid("Since param is not valid. Metrics data is available for the last 2 years")
    return local_day(since, ZONE), local_day(until, ZONE) - timedelta(days=1)


# -- of a page --------------------------------------------------------------------------------------------------------


def _page_row(view: View, name: str, period: str, first: date, last: date) -> dict[str, Any] | None:
    if first > last or view.followers < MIN_FOLLOWERS or period not in WIDTHS:
        return None
    width = WIDTHS[period]
    if width > 1 and name not in {"page_media_view", "page_total_media_view_unique", "page_post_engagements"}:
        return None
    known = _by_day(view, name, first - timedelta(days=width - 1), last)
    values = [
        {"value": _over(name, known, day, width), "end_time": stamp(day_end(day, ZONE))}
        for day in days_of(first, last)
        if day in known
    ]
    return _row(view.spec.external_id, "insights", name, period, values) if values else None


def _by_day(view: View, name: str, first: date, last: date) -> dict[date, Any]:
    if name in COUNTED:
        return dict(view.daily(COUNTED[name], first, last, LAG, SETTLES))
    if name == "page_post_engagements":
        parts = [view.daily(part, first, last, LAG, SETTLES) for part in ENGAGING]
        return {day: sum(part[day] for part in parts) for day in parts[0]}
    if name == "page_actions_post_reactions_total":
        return {day: reactions(count) for day, count in view.daily("likes", first, last, LAG, SETTLES).items()}
    shown = view.daily("followers_gained", first, last, LAG, SETTLES)
    days = sorted(shown)
    stocks = {day: int(view.account.followers_on([day])[0]) for day in days}
    if name == "page_follows":
        return stocks
    shares = view.account.shares(AUDIENCE[name])
    return {day: _placed(people, shares) for day, people in stocks.items()}


def _placed(people: int, shares: Mapping[str, float]) -> dict[str, int]:
    return {member: count for member, share in shares.items() if (count := int(people * KNOWN_SHARE * share))}


def _over(name: str, known: Mapping[date, Any], day: date, width: int) -> Any:
    if width == 1:
        return known[day]
    window = [known[one] for one in days_of(day - timedelta(days=width - 1), day) if one in known]
    unique = name == "page_total_media_view_unique"
    return max(int(sum(window) * 0.31), max(window)) if unique else sum(window)


def reactions(count: int) -> dict[str, int]:
    """Reactions by kind; a kind that nobody chose is left out."""
    found = {kind: int(count * share) for kind, share in REACTIONS.items()}
    found["like"] = count - sum(found.values())
    return {kind: number for kind, number in found.items() if number}


# -- of a post --------------------------------------------------------------------------------------------------------


def _count(view: View, post: Post, name: str) -> int:
    return int(view.counters(name)[post.index])


def _of_post(view: View, post: Post, name: str) -> list[dict[str, Any]]:
    if name in LATE_OF_STORY and view.now - post.published_at < STORY_LAG:
        return [{"value": 0, "end_time": "1970-01-02T00:00:00+0000"}]
    counted = {
        "post_media_view": "views",
        "post_total_media_view_unique": "reach_of_post",
        "post_clicks": "clicks",
        "post_video_views": "video_plays",
        "pages_fb_story_replies": "replies",
        "pages_fb_story_shares": "shares",
        "pages_fb_story_thread_lightweight_reactions": "likes",
        "story_media_view": "views",
        "story_total_media_view_unique": "reach_of_post",
    }
    computed: dict[str, Callable[[], Any]] = {
        "post_clicks_by_type": lambda: clicks(view, post),
        "post_reactions_by_type_total": lambda: reactions(_count(view, post, "likes")),
        "post_reactions_like_total": lambda: reactions(_count(view, post, "likes")).get("like", 0),
        "pages_fb_story_sticker_interactions": lambda: 0,
        "story_interaction": lambda: sum(_count(view, post, part) for part in ("likes", "replies", "shares")),
    }
    return [{"value": computed[name]() if name in computed else _count(view, post, counted[name])}]


def clicks(view: View, post: Post) -> dict[str, int]:
    """Clicks on a post by what was clicked; what was not is left out."""
    whole, links = _count(view, post, "clicks"), _count(view, post, "link_clicks")
    rest = max(whole - links, 0)
    opened = {"photo": "photo view", "album": "photo view", "video": "video play", "reel": "video play"}.get(post.kind)
    parts = {"link clicks": links, **({opened: rest * 2 // 3} if opened else {})}
    parts["other clicks"] = max(whole - sum(parts.values()), 0)
    return {name: number for name, number in parts.items() if number}


def _of_video(view: View, post: Post, name: str) -> Any:
    plays, watched = _count(view, post, "video_plays"), _count(view, post, "watch_ms")
    if name.endswith("retention_graph"):
        return {str(at): round(_left(post, at), 4) for at in range(INTERVALS)} if plays else {}
    if name.endswith("avg_time_watched"):
        return watched // max(plays, 1)
    return watched if name.endswith(("view_total_time", "view_time")) else plays


def _left(post: Post, at: int) -> float:
    return math.exp(-at / INTERVALS * (1.2 + post.number % 7 / 5))


def _lifetime(node: str, edge: str, values: Mapping[str, list[dict[str, Any]]]) -> Reply:
    return Reply({"data": [_row(node, edge, name, "lifetime", found) for name, found in values.items()]})


def _row(node: str, edge: str, name: str, period: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    words = {"title": title, "description": f"{title}."}
    return {"name": name, "period": period, "values": values, **words, "id": f"{node}/{edge}/{name}/{period}"}


def since_until(call: Call) -> tuple[float, float]:
    """The span of moments asked for, in epoch seconds."""
    since, until = moment(call, "since"), moment(call, "until")
    return (since.timestamp() if since else -math.inf, until.timestamp() if until else math.inf)
