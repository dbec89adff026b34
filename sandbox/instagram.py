"""Instagram, as the Graph API v26 answers after a login with Facebook; checked against Meta's field and metric lists.

Days are Pacific. A day is shown 18 hours after it ends (those who came and left after 48), moves for two days, and
planted days keep moving for 28; a total over one day is what the app shows for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from core.clock import day_end, day_start, local_day
from sandbox import instagram_comments, meta_graph
from sandbox.meta_graph import edge, error, fields, invalid, missing, moment, one_of, stamp
from sandbox.server import Call, Login, Platform, Quota
from sandbox.view import View
from sandbox.wire import Refused, Reply
from sandbox.world import AccountSpec, Kind, Post, days_of, digits

ZONE = "America/Los_Angeles"
LAG, FOLLOW_LAG = timedelta(hours=18), timedelta(hours=48)
SETTLES, RESTATED_UNTIL = timedelta(hours=48), timedelta(days=27)
BUSINESS_SINCE = datetime(2024, 2, 12, tzinfo=UTC)
MIN_FOLLOWERS, MIN_VIEWERS, TOP = 100, 5, 45
KNOWN_SHARE = 0.93

PROFILE_FIELDS = (
    "biography",
    "followers_count",
    "follows_count",
    "has_profile_pic",
    "id",
    "ig_id",
    "is_published",
    "media_count",
    "name",
    "profile_picture_url",
    "username",
    "website",
)
PAGE_FIELDS = ("id", "name", "access_token", "tasks", "instagram_business_account", "category")
MEDIA_FIELDS = (
    "caption",
    "comments_count",
    "id",
    "ig_id",
    "is_comment_enabled",
    "is_shared_to_feed",
    "like_count",
    "media_product_type",
    "media_type",
    "media_url",
    "owner",
    "permalink",
    "shortcode",
    "thumbnail_url",
    "timestamp",
    "username",
)
USER_METRICS = (
    "accounts_engaged",
    "comments",
    "content_views",
    "engaged_audience_demographics",
    "follower_count",
    "follower_demographics",
    "follows_and_unfollows",
    "likes",
    "online_followers",
    "profile_links_taps",
    "profile_views",
    "quotes",
    "reach",
    "reached_audience_demographics",
    "replies",
    "reposts",
    "saves",
    "shares",
    "total_interactions",
    "views",
    "website_clicks",
)
USER_BREAKDOWNS = ("age", "city", "contact_button_type", "country", "follow_type", "gender", "media_product_type")
PERIODS = ("day", "days_28", "lifetime", "month", "total_over_range", "week")
METRIC_TYPES = ("default", "time_series", "total_value")
TIMEFRAMES = ("last_14_days", "last_30_days", "last_90_days", "prev_month", "this_month", "this_week")
SERIES = {"reach": ("day", "week", "days_28"), "follower_count": ("day",), "online_followers": ("lifetime",)}
TOTAL = frozenset(USER_METRICS) - {"follower_count", "online_followers"}
DEMOGRAPHICS = frozenset({"follower_demographics", "engaged_audience_demographics", "reached_audience_demographics"})
BREAKS = {
    "follow_type": frozenset({"reach", "views", "follows_and_unfollows"}),
    "media_product_type": frozenset(
        {"reach", "views", "total_interactions", "likes", "comments", "saves", "shares", "reposts"}
    ),
    "contact_button_type": frozenset({"profile_links_taps"}),
    **dict.fromkeys(("age", "city", "country", "gender"), DEMOGRAPHICS),
}
PARTS = ("likes", "comments", "saves", "shares", "reposts", "replies")
SPAN_SHRINKS = {"reach": 0.55, "accounts_engaged": 0.7}

MEDIA_METRICS = (
    "comments",
    "crossposted_views",
    "facebook_views",
    "follows",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "impressions",
    "likes",
    "link_clicks",
    "navigation",
    "profile_activity",
    "profile_visits",
    "reach",
    "reels_skip_rate",
    "replies",
    "reposts",
    "saved",
    "shares",
    "total_comments",
    "total_interactions",
    "total_likes",
    "total_views",
    "views",
)
_ANY = {"comments", "likes", "reach", "reposts", "saved", "shares", "total_interactions", "views"}
OFFERED = {
    "FEED": frozenset(_ANY | {"follows", "profile_visits", "profile_activity"}),
    "REELS": frozenset(_ANY | {"ig_reels_avg_watch_time", "ig_reels_video_view_total_time", "reels_skip_rate"}),
    "STORY": frozenset(
        {"follows", "link_clicks", "navigation", "profile_activity", "profile_visits", "reach", "replies", "reposts"}
        | {"shares", "total_interactions", "views"}
    ),
}
IN_WORLD = {
    "reach": "post_reach",
    "saved": "saves",
    "follows": "post_follows",
    "profile_visits": "post_visits",
    "profile_activity": "post_visits",
    "ig_reels_video_view_total_time": "watch_ms",
    "total_likes": "likes",
    "total_comments": "comments",
    "total_views": "views",
}
MEDIA_TYPE = {"image": "IMAGE", "carousel": "CAROUSEL_ALBUM", "reel": "VIDEO", "story": "IMAGE"}
PRODUCT = {"image": "FEED", "carousel": "FEED", "reel": "REELS", "story": "STORY"}
BREAKDOWN_PRODUCT = {"image": "POST", "carousel": "CAROUSEL_CONTAINER", "reel": "REEL", "story": "STORY"}

_NOT_FEED = {"navigation": 0.0, "replies": 0.0, "watch_ms": 0.0}
_STORY = {"likes": 0.15, "comments": 0.0, "saves": 0.0, "shares": 0.4, "reposts": 0.0, "watch_ms": 0.0}
KINDS = {
    "image": Kind(0.27, 0.9, rates=_NOT_FEED),
    "carousel": Kind(0.22, 1.15, rates=_NOT_FEED | {"saves": 1.9}),
    "reel": Kind(0.19, 2.1, 22.0, 0.2, rates={"navigation": 0.0, "replies": 0.0, "shares": 1.8}, seconds=(8, 75)),
    "story": Kind(0.32, 0.3, 5.0, 0.0, 24.0, rates=_STORY),
}
MAIN = AccountSpec(
    platform="instagram",
    key="main",
    external_id="17841400000000101",
    title="Northwind Coffee",
    handle="northwind.coffee",
    shows="a busy account: hidden likes, stories, posts from before it was a business",
    day_zone=ZONE,
    followers=18_400,
    gained_per_day=27,
    lost_per_day=12,
    posts_per_week=7,
    views_per_post=5200,
    kinds=KINDS,
    rates={
        "likes": 0.041,
        "comments": 0.0021,
        "saves": 0.0048,
        "shares": 0.0036,
        "reposts": 0.0008,
        "replies": 0.006,
        "navigation": 0.92,
        "post_reach": 0.81,
        "post_follows": 0.0011,
        "post_visits": 0.009,
        "watch_ms": 7400.0,
    },
    daily_rates={
        "reach": 0.63,
        "accounts_engaged": 0.034,
        "profile_views": 0.021,
        "website_clicks": 0.0031,
        "profile_links_taps": 0.0042,
    },
    shares={
        "age": {"13-17": 2, "18-24": 19, "25-34": 38, "35-44": 23, "45-54": 11, "55-64": 5, "65+": 2},
        "city": {
            "Berlin, Berlin": 34,
            "Hamburg, Hamburg": 14,
            "Munich, Bavaria": 12,
            "Vienna, Vienna": 10,
            "London, England": 6,
        },
        "follow_type": {"FOLLOWER": 58, "NON_FOLLOWER": 41, "UNKNOWN": 1},
    },
    post_id=digits,
)  # fmt: skip
SMALL = replace(
    MAIN,
    key="small",
    external_id="17841400000000102",
    title="Northwind Roastery School",
    handle="northwind.school",
    shows="fewer than 100 followers: no audience, no new followers; stories too small for numbers",
    followers=38,
    gained_per_day=0.03,
    lost_per_day=0.015,
    posts_per_week=1.5,
    views_per_post=38,
)
EMPTY = replace(
    MAIN,
    key="new",
    external_id="17841400000000103",
    title="Northwind Labs",
    handle="northwind.labs",
    shows="a new account: nobody follows, nothing posted",
    followers=0,
    gained_per_day=0.0,
    lost_per_day=0.0,
    posts_per_week=0.0,
)
PORTFOLIO = replace(
    SMALL,
    key="portfolio",
    external_id="17841400000000104",
    title="Northwind Training",
    handle="northwind.training",
    shows="an account on a page of a business portfolio: found only with a permission of its own",
)


# -- nodes ------------------------------------------------------------------------------------------------------------


def my_accounts(call: Call) -> Reply:
    """The person's pages; not each has an Instagram account."""
    asked = fields(call, ("name", "access_token"), PAGE_FIELDS)
    rows = [{"id": "104000000000001", "name": "Northwind Coffee Berlin (page without Instagram)", "tasks": ["ANALYZE"]}]
    for spec in meta_graph.listed(call):
        account = {"id": spec.external_id, "username": spec.handle, "name": spec.title}
        page_id = f"1040{spec.external_id[-11:]}"
        rows.append({"id": page_id, "name": spec.title, "tasks": ["ANALYZE"], "instagram_business_account": account})  # type: ignore[dict-item]
    for row in rows:
        row |= {"access_token": meta_graph.page_token(call, str(row["id"])), "category": "Coffee shop"}
    return edge(call, [{name: row[name] for name in asked if name in row} for row in rows])


def node(call: Call) -> Reply:
    """GET /{id}: an account or a medium."""
    spec = _account(call)
    if spec is None:
        view, post = _medium(call)
        return Reply(_shape(call, view, post, fields(call, (), MEDIA_FIELDS)))
    view = call.view(spec)
    values = {
        "id": spec.external_id,
        "ig_id": int(spec.external_id[-9:]),
        "username": spec.handle,
        "name": spec.title,
        "biography": "Coffee, roasted in Berlin.",
        "website": "https://northwind.example/",
        "has_profile_pic": True,
        "is_published": True,
        "profile_picture_url": f"https://scontent.cdninstagram.com/v/{spec.key}.jpg",
        "followers_count": view.followers,
        "follows_count": 0 if view.spec.is_empty else 312,
        "media_count": len([post for post in view.posts() if post.kind != "story"]),
    }
    return Reply({name: values[name] for name in fields(call, (), PROFILE_FIELDS)})


def media(call: Call) -> Reply:
    """GET /{account}/media: newest first, without stories."""
    view = _view(call)
    since, until = moment(call, "since"), moment(call, "until")
    asked = fields(call, (), MEDIA_FIELDS)
    posts = [post for post in view.posts() if post.kind != "story"]
    posts = [p for p in posts if (not since or p.published_at >= since) and (not until or p.published_at <= until)]
    return _shaped_page(call, view, posts, asked)


def stories(call: Call) -> Reply:
    """GET /{account}/stories: those of the last 24 hours."""
    view = _view(call)
    live = [post for post in view.posts() if _is_live(post, view)]
    return _shaped_page(call, view, live, fields(call, (), MEDIA_FIELDS))


def comments(call: Call) -> Reply:
    """GET /{medium}/comments."""
    return instagram_comments.under(call, *_medium(call))


def replies(call: Call) -> Reply:
    """GET /{comment}/replies."""
    return instagram_comments.answers(call, [call.view(spec) for spec in call.accounts])


def tags(call: Call) -> Reply:
    """GET /{account}/tags."""
    return instagram_comments.tags(call, _view(call), MEDIA_FIELDS)


def _shaped_page(call: Call, view: View, posts: list[Post], asked: list[str]) -> Reply:
    reply = edge(call, [{"id": post.id} for post in posts])
    by_id = view.account.by_id
    strange = call.fault("new_enum")
    counted = {name: view.counters(name) for name in ("likes", "comments")} if posts else {}
    rows = [_shape(call, view, by_id[row["id"]], asked, counted) for row in reply.body["data"]]
    if strange and rows:
        rows[0] |= {
            name: strange.options.get("value", "HOLOGRAM")
            for name in ("media_type", "media_product_type")
            if name in rows[0]
        }
    return replace(reply, body=reply.body | {"data": rows})


def _shape(
    call: Call, view: View, post: Post, asked: list[str], counted: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    counted = counted or {name: view.counters(name) for name in ("likes", "comments")}
    code = f"C{post.number:010d}"
    values = {
        "id": post.id,
        "ig_id": post.id[-12:],
        "caption": f"{post.text.body}\n{' '.join(post.text.hashtags)}",
        "comments_count": int(counted["comments"][post.index]),
        "is_comment_enabled": not instagram_comments.closes_comments(post),
        "is_shared_to_feed": post.kind == "reel",
        "like_count": int(counted["likes"][post.index]),
        "media_product_type": PRODUCT[post.kind],
        "media_type": MEDIA_TYPE[post.kind],
        "media_url": f"https://scontent.cdninstagram.com/v/{code}.{'mp4' if post.kind == 'reel' else 'jpg'}",
        "owner": {"id": view.spec.external_id},
        "permalink": f"https://www.instagram.com/{'reel' if post.kind == 'reel' else 'p'}/{code}/",
        "shortcode": code,
        "thumbnail_url": f"https://scontent.cdninstagram.com/v/{code}_t.jpg",
        "timestamp": stamp(post.published_at),
        "username": view.spec.handle,
    }
    left_out = {"like_count"} if hides_likes(post) else set()
    left_out |= set() if post.kind == "reel" else {"thumbnail_url", "is_shared_to_feed"}
    left_out |= {"caption"} if post.kind == "story" else set()
    return {name: values[name] for name in asked if name not in left_out}


def hides_likes(post: Post) -> bool:
    """Whether the likes of a post are hidden: every ninth."""
    return post.number % 9 == 4


# -- insights of an account -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid request for insights of an account."""

    metrics: tuple[str, ...]
    period: str
    total: bool
    breakdown: tuple[str, ...]
    first: date
    last: date


def insights(call: Call) -> Reply:
    """GET /{id}/insights, of an account or a medium. One bad metric refuses the whole request."""
    if _account(call) is None:
        return _media_insights(call)
    view = _view(call)
    asked = _asked(call, view)
    rows = [_row(call, view, asked, metric) for metric in asked.metrics]
    body: dict[str, Any] = {"data": [row for row in rows if row]}
    if not asked.total and body["data"]:
        token = f"access_token={call.token_text}"
        base = f"https://{call.host}{call.path}?{token}&metric={','.join(asked.metrics)}&period={asked.period}"
        body["paging"] = {"previous": f"{base}&until={call.arg('since')}", "next": f"{base}&since={call.arg('until')}"}
    return Reply(body)


def _metrics(call: Call, known: tuple[str, ...]) -> tuple[str, ...]:
    asked = call.names("metric")
    if not asked:
        raise invalid("The parameter metric is required")
    return meta_graph.metrics(
        call,
        known,
        lambda at, alive: invalid(f"metric[{at}] must be one of the following values: {', '.join(alive)}"),
    )


def _asked(call: Call, view: View) -> Asked:
    metrics = _metrics(call, USER_METRICS)
    if not call.arg("period"):
        raise invalid("The parameter period is required")
    period = one_of(call, "period", PERIODS, "")
    total = one_of(call, "metric_type", METRIC_TYPES, "default") == "total_value"
    breakdown = tuple(call.names("breakdown"))
    _check_kind(metrics, period, total)
    _check_breakdown(metrics, breakdown, total)
    if DEMOGRAPHICS & set(metrics):
        _check_demographics(call, metrics, period)
    first, last = _span(call, view, metrics)
    return Asked(metrics, period, total, breakdown, first, last)


def _check_kind(metrics: tuple[str, ...], period: str, total: bool) -> None:
    if not total and (wrong := [name for name in metrics if name not in SERIES]):
        raise invalid(
            f"The following metrics ({','.join(wrong)}) should be specified with parameter metric_type=total_value"
        )
    if total and (wrong := [name for name in metrics if name not in TOTAL]):
        raise invalid(f"Incompatible metrics ({','.join(wrong)}) with metric type (total_value)")
    fits = {name: (("lifetime",) if name in DEMOGRAPHICS else ("day",)) if total else SERIES[name] for name in metrics}
    if wrong := [name for name in metrics if period not in fits[name]]:
        raise invalid(f"Incompatible metrics ({','.join(wrong)}) with period ({period})")


def _check_breakdown(metrics: tuple[str, ...], breakdown: tuple[str, ...], total: bool) -> None:
    for position, name in enumerate(breakdown):
        if name not in USER_BREAKDOWNS:
            raise invalid(f"breakdown[{position}] must be one of the following values: {', '.join(USER_BREAKDOWNS)}")
        if wrong := [metric for metric in metrics if metric not in BREAKS[name]]:
            raise invalid(f"Incompatible metrics ({','.join(wrong)}) with breakdown ({name})")
    if breakdown and not total:
        raise invalid("breakdown is only supported with metric_type=total_value")


def _check_demographics(call: Call, metrics: tuple[str, ...], period: str) -> None:
    if not call.names("breakdown"):
        raise invalid("The parameter breakdown is required")
    if set(metrics) - {"follower_demographics"}:
        one_of(call, "timeframe", TIMEFRAMES, "")


def _span(call: Call, view: View, metrics: tuple[str, ...]) -> tuple[date, date]:
    until = moment(call, "until") or view.now
    since = moment(call, "since") or until - timedelta(days=2)
    if since > until:
        raise invalid("Param since must be before until")
    if until - since > timedelta(days=30):
        raise invalid("There cannot be more than 30 days (2592000 s) between since and until.")
    if since < view.now - timedelta(days=731):
        raise invalid("Since param is not valid. Metrics data is available for the last 2 years")
    if "follower_count" in metrics and since < day_start(view.today - timedelta(days=30), ZONE):
        raise invalid(
            "(follower_count) metric only supports querying data for the last 30 days excluding the current day"
        )
    # a day counts when it ends in (since, until]
    return local_day(since, ZONE), local_day(until, ZONE) - timedelta(days=1)


def _row(call: Call, view: View, asked: Asked, metric: str) -> dict[str, Any] | None:
    if metric in DEMOGRAPHICS:
        content = _demographics(call, view, metric, asked.breakdown)
    elif asked.total:
        content = _total(view, metric, asked)
    else:
        content = _series(view, metric, asked)
    if content is None:
        return None
    title = metric.replace("_", " ").capitalize()
    words = {"title": title, "description": f"{title}."}
    return {
        "name": metric,
        "period": asked.period,
        **content,
        **words,
        "id": f"{call.params['node']}/insights/{metric}/{asked.period}",
    }


def _daily(view: View, metric: str, first: date, last: date) -> dict[date, int]:
    """A metric of the account by day, as shown now."""
    if metric == "total_interactions":
        parts = [_daily(view, part, first, last) for part in PARTS]
        return {day: sum(part[day] for part in parts) for day in parts[0]}
    if metric in {"follower_count", "follows_and_unfollows"}:
        metric = "followers_gained"
    if view.spec.is_empty:
        return {}
    found = view.daily(metric, first, last, LAG, SETTLES)
    for plant in view.account.planted:
        if plant.what == "restated" and plant.day in found:
            found |= view.daily(metric, plant.day, plant.day, LAG, RESTATED_UNTIL)
    return found


def _series(view: View, metric: str, asked: Asked) -> dict[str, Any] | None:
    if metric == "online_followers" or (metric == "follower_count" and view.followers < MIN_FOLLOWERS):
        return None
    width = {"day": 1, "week": 7, "days_28": 28}[asked.period]
    known = _daily(view, metric, asked.first - timedelta(days=width - 1), asked.last)
    values = []
    for day in days_of(asked.first, asked.last) if asked.first <= asked.last else ():
        if day in known:
            window = [known[d] for d in days_of(day - timedelta(days=width - 1), day) if d in known]
            value = known[day] if width == 1 else max(int(sum(window) * 0.34), max(window))
            values.append({"value": value, "end_time": stamp(day_end(day, ZONE))})
    return {"values": values} if values else None


def _total(view: View, metric: str, asked: Asked) -> dict[str, Any] | None:
    if asked.breakdown:
        return _split(view, metric, asked)
    if metric == "follows_and_unfollows":
        return {"total_value": {}}
    if metric in {"content_views", "quotes"} or asked.first > asked.last:
        return None
    known = _daily(view, metric, asked.first, asked.last)
    return {"total_value": {"value": _over_days(metric, known)}} if known else None


def _over_days(metric: str, known: Mapping[date, int]) -> int:
    return int(sum(known.values()) * (SPAN_SHRINKS.get(metric, 1) if len(known) > 1 else 1))


def _split(view: View, metric: str, asked: Asked) -> dict[str, Any] | None:
    by = {"follow_type": _by_follow_type, "media_product_type": _by_product}.get(asked.breakdown[0])
    found = by(view, metric, asked) if by and asked.first <= asked.last else {}
    results = [{"dimension_values": [member], "value": value} for member, value in found.items() if value]
    breakdown: dict[str, Any] = {"dimension_keys": list(asked.breakdown)}
    value = {} if metric == "follows_and_unfollows" or not results else {"value": sum(found.values())}
    return {"total_value": {**value, "breakdowns": [breakdown | ({"results": results} if results else {})]}}


def _by_follow_type(view: View, metric: str, asked: Asked) -> dict[str, int]:
    if metric != "follows_and_unfollows":
        known = _daily(view, metric, asked.first, asked.last)
        parts = {name: view.account.shares("follow_type")[name] for name in view.account.shares("follow_type")}
        whole = _over_days(metric, known)
        cut = {name: int(whole * share) for name, share in parts.items()}
        return cut | {"FOLLOWER": whole - sum(cut.values()) + cut["FOLLOWER"]}
    if view.followers < MIN_FOLLOWERS:
        return {}
    came = view.daily("followers_gained", asked.first, asked.last, FOLLOW_LAG, timedelta())
    left = view.daily("followers_lost", asked.first, asked.last, FOLLOW_LAG, timedelta())
    return {"FOLLOWER": sum(came.values()), "NON_FOLLOWER": sum(left.values())}


def _by_product(view: View, metric: str, asked: Asked) -> dict[str, int]:
    """By kind of content: in proportion to what posts of each kind got on these days; adds up to the total."""
    known = _daily(view, metric, asked.first, asked.last)
    posts = view.account.posts(view.now)
    if not known or not posts:
        return {}
    got = view.post_daily("views", days_of(asked.first, asked.last)).sum(axis=1)
    weights: dict[str, int] = {}
    for post in posts:
        product = BREAKDOWN_PRODUCT[post.kind]
        weights[product] = weights.get(product, 0) + int(got[post.index])
    whole, seen = _over_days(metric, known), sum(weights.values())
    cut = {product: whole * weight // max(seen, 1) for product, weight in weights.items()}
    largest = max(cut, key=lambda product: cut[product])
    return cut | {largest: whole - sum(cut.values()) + cut[largest]}


def _demographics(call: Call, view: View, metric: str, breakdown: tuple[str, ...]) -> dict[str, Any] | None:
    people = view.followers * KNOWN_SHARE
    if view.followers < MIN_FOLLOWERS:
        return None
    if metric != "follower_demographics":
        known = _daily(view, "accounts_engaged", view.today.replace(day=1), view.today)
        people = _over_days("accounts_engaged", known)
    if not people:
        return None
    shares: dict[tuple[str, ...], float] = {(): 1.0}
    for dimension in breakdown:
        parts = view.account.shares(dimension)
        shares = {(*key, member): share * part for key, share in shares.items() for member, part in parts.items()}
    largest = sorted(shares.items(), key=lambda item: -item[1])[:TOP]
    results = [{"dimension_values": list(key), "value": int(people * share)} for key, share in largest]
    results = [result for result in results if result["value"]]
    return {"total_value": {"breakdowns": [{"dimension_keys": list(breakdown), "results": results}]}}


# -- insights of a medium ---------------------------------------------------------------------------------------------


def _media_insights(call: Call) -> Reply:
    view, post = _medium(call)
    product = PRODUCT[post.kind]
    metrics = _metrics(call, MEDIA_METRICS)
    if "impressions" in metrics:
        gone = "the impressions metric is no longer supported for the queried media."
        raise invalid(f"Starting from version v22.0 and above, {gone}")
    if wrong := [name for name in metrics if name not in OFFERED[product]]:
        names = ", ".join(wrong)
        text = f"The Media Insights API does not support the {names} metric for this media product type."
        raise Refused(error(text, 100, kind="IGApiException"))
    if post.published_at < BUSINESS_SINCE:
        raise Refused(_before_business())
    if post.kind == "story" and int(view.counters("post_reach")[post.index]) < MIN_VIEWERS:
        raise Refused(error("(#10) Not enough viewers for the media to show insights", 10))
    rows = [{"name": name, "period": "lifetime", "values": [{"value": _of_post(view, post, name)}]} for name in metrics]
    return Reply({"data": [row | _words(str(row["name"]), post.id) for row in rows]})


def _words(metric: str, node_id: str) -> dict[str, str]:
    title = metric.replace("_", " ").capitalize()
    return {"title": title, "description": f"{title}.", "id": f"{node_id}/insights/{metric}/lifetime"}


def _before_business() -> Reply:
    text = (
        "The media was posted before the most recent time that the user's account was converted to a business account "
        "from a personal account."
    )
    title = "Media posted before business account conversion"
    return error(
        "Invalid parameter",
        100,
        subcode=2108006,
        error_data={},
        is_transient=False,
        error_user_title=title,
        error_user_msg=text,
    )


def _of_post(view: View, post: Post, metric: str) -> float:
    def count(name: str) -> int:
        return int(view.counters(IN_WORLD.get(name, name))[post.index])

    computed: dict[str, Callable[[], float]] = {
        "total_interactions": lambda: sum(count(part) for part in PARTS),
        "ig_reels_avg_watch_time": lambda: count("watch_ms") // max(count("views"), 1),
        "reels_skip_rate": lambda: 31.4,
        "link_clicks": lambda: count("views") // 90,
        "crossposted_views": lambda: 0,
        "facebook_views": lambda: 0,
    }
    return computed[metric]() if metric in computed else count(metric)


# -- finding ----------------------------------------------------------------------------------------------------------


def _account(call: Call) -> AccountSpec | None:
    return next((spec for spec in call.accounts if spec.external_id == call.params["node"]), None)


def _view(call: Call) -> View:
    spec = _account(call)
    if spec is None:
        raise missing(call.params["node"])
    return call.view(spec)


def _medium(call: Call) -> tuple[View, Post]:
    for spec in call.accounts:
        view = call.view(spec)
        post = view.post(call.params["node"])
        if post and (post.kind != "story" or _is_live(post, view)):
            return view, post
    raise missing(call.params["node"])


def _is_live(post: Post, view: View) -> bool:
    return post.kind == "story" and view.now - post.published_at < timedelta(hours=24)


_QUOTA = Quota("instagram", 200_000, 86400)
_BASIC, _INSIGHTS = ("instagram_basic",), ("instagram_basic", "instagram_manage_insights")
_COMMENTS = ("instagram_basic", "pages_read_engagement", "instagram_manage_comments")
_get = partial(meta_graph.route, _QUOTA)


PLATFORM = Platform(
    name="instagram",
    title="Instagram",
    logins=(
        Login("northwind", "Northwind Coffee", (MAIN, SMALL)),
        Login("new", "Northwind Labs (a new account)", (EMPTY,)),
        Login("nobody", "A person without a professional account", ()),
        Login("portfolio", "Northwind Group (a page of its business portfolio)", (SMALL, PORTFOLIO)),
    ),
    routes=(
        *meta_graph.login_routes(_QUOTA),
        _get("/me/accounts", my_accounts, ("pages_show_list",)),
        _get("/{node}/media", media, _BASIC),
        _get("/{node}/stories", stories, _BASIC),
        _get("/{node}/comments", comments, _COMMENTS),
        _get("/{node}/replies", replies, _COMMENTS),
        _get("/{node}/tags", tags, _COMMENTS),
        _get("/{node}/insights", insights, _INSIGHTS),
        _get("/{node}", node, _BASIC),
    ),
    envelope=meta_graph.envelope,
    headers=meta_graph.headers,
    owns=meta_graph.owns,
    oauth=meta_graph.dialect(
        {
            "instagram_basic": "See the Instagram accounts and their posts",
            "instagram_manage_insights": "Read insights of the Instagram accounts",
            "instagram_manage_comments": "Manage comments of the Instagram accounts",
            "pages_show_list": "See the list of pages",
            "pages_read_engagement": "Read content of the pages",
            "business_management": "See the business portfolio",
            "ads_read": "Read ad numbers",
        }
    ),
)
