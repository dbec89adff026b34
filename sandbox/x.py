"""X API v2 as it answers: problem objects, partial errors in HTTP 200, rotating refresh tokens, counters and no days.

Names follow live answers (`tweet.fields`, `retweet_count`); a request with `post.fields` is answered in the names of
specification 2.167 (`repost_count`, `post_count`, `edit_history_post_ids`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np

from sandbox import x_mentions
from sandbox.consent import Dialect, Issued, TokenRoute, standard_token
from sandbox.server import Call, Login, Platform, Quota, Route
from sandbox.view import View
from sandbox.wire import Failed, Failure, Refused, Reply
from sandbox.world import AccountSpec, Kind, Post, snowflake
from sandbox.x_mentions import Said

P = TypeVar("P", Post, Said)
HOST = "api.x.com"
PROBLEMS = f"https://{HOST}/2/problems"
PRIVATE_FOR = timedelta(days=30)
NEWEST = 3200
SCOPES = ("tweet.read", "users.read")

NORTHWIND = AccountSpec(
    platform="x",
    key="northwind",
    external_id="1488834974657000961",
    title="Northwind Coffee",
    handle="northwindcoffee",
    shows="a busy account: daily posts, viral ones, replies and reposts of others",
    followers=8200,
    gained_per_day=9.0,
    lost_per_day=4.5,
    posts_per_week=8,
    views_per_post=1500,
    kinds={
        "text": Kind(0.38, 0.8, half_life_h=7, tail=0.06, rates={"media_views": 0, "link_clicks": 0.1}),
        "photo": Kind(0.28, 1.2, half_life_h=9, tail=0.08),
        "video": Kind(0.10, 1.5, half_life_h=12, tail=0.1, rates={"media_views": 1.6}, seconds=(12, 90)),
        "link": Kind(0.10, 0.7, half_life_h=7, tail=0.08, rates={"media_views": 0, "link_clicks": 4}),
        "reply": Kind(0.10, 0.06, half_life_h=5, tail=0.02, rates={"media_views": 0}),
        "retweet": Kind(0.04, 0.0),
    },
    rates={
        "likes": 0.021,
        "replies": 0.0028,
        "reposts": 0.0042,
        "quotes": 0.0007,
        "bookmarks": 0.0024,
        "shares": 0.0015,
        "link_clicks": 0.006,
        "profile_clicks": 0.005,
        "permalink_clicks": 0.001,
        "detail_expands": 0.017,
        "media_views": 0.3,
        "follows": 0.0005,
        "hashtag_clicks": 0.0004,
    },
    post_id=snowflake,
)
LAB = AccountSpec(
    platform="x",
    key="lab",
    external_id="1788834974657000123",
    title="Northwind Lab",
    handle="northwindlab",
    shows="an account that has never posted and has no followers",
    opened=date(2026, 1, 5),
)
FOLLOWING = {NORTHWIND.key: 312}

ANALYTICS: Mapping[str, tuple[str, ...]] = {
    "impressions": ("views",),
    "engagements": (
        "likes",
        "replies",
        "reposts",
        "quotes",
        "bookmarks",
        "shares",
        "link_clicks",
        "profile_clicks",
        "detail_expands",
    ),
    "likes": ("likes",),
    "replies": ("replies",),
    "retweets": ("reposts",),
    "quote_tweets": ("quotes",),
    "bookmarks": ("bookmarks",),
    "shares": ("shares",),
    "follows": ("follows",),
    "url_clicks": ("link_clicks",),
    "user_profile_clicks": ("profile_clicks",),
    "permalink_clicks": ("permalink_clicks",),
    "detail_expands": ("detail_expands",),
    "media_views": ("media_views",),
    "hashtag_clicks": ("hashtag_clicks",),
}
NO_EVENTS = ("app_install_attempts", "app_opens", "email_tweet", "unfollows", "unlikes")
POST_FIELDS = {
    *("article", "attachments", "author_id", "card_uri", "community_id", "context_annotations", "conversation_id"),
    *("created_at", "display_text_range", "edit_controls", "edit_history_tweet_ids", "edit_history_post_ids"),
    *("entities", "geo", "id", "in_reply_to_user_id", "lang", "media_metadata", "non_public_metrics", "note_tweet"),
    *("organic_metrics", "possibly_sensitive", "promoted_metrics", "public_metrics", "referenced_tweets"),
    *("referenced_posts", "reply_settings", "scopes", "source", "text", "withheld"),
}
USER_FIELDS = {
    *("affiliation", "connection_status", "created_at", "description", "entities", "id", "is_identity_verified"),
    *("location", "most_recent_tweet_id", "most_recent_post_id", "name", "parody", "pinned_tweet_id", "protected"),
    *("profile_banner_url", "profile_image_url", "public_metrics", "receives_your_dm", "subscription_type", "url"),
    *("username", "verified", "verified_followers_count", "verified_type", "withheld"),
}
PRIVATE = ("non_public_metrics", "organic_metrics")


# Errors


def _problem(status: int, title: str, detail: str = "", kind: str = "about:blank", **more: Any) -> Reply:
    body = {"title": title, "detail": detail or title, "type": kind, "status": status, **more}
    return Reply(body, status, {"Content-Type": "application/problem+json"})


def envelope(call: Call, failure: Failure) -> Reply:
    """A failure as a problem object (RFC 7807), in X's words."""
    kind = failure.kind
    if kind in {"no_token", "bad_token", "expired", "revoked", "spent"}:
        return _problem(401, "Unauthorized")
    if kind == "missing_scope":
        return _problem(403, "Forbidden")
    if kind == "rate_limited" and failure.facts.get("cap"):
        capped = {"period": "Monthly", "scope": "Product", "account_id": int(NORTHWIND.external_id)}
        return _problem(
            429, "UsageCapExceeded", "Usage cap exceeded: Monthly product cap", f"{PROBLEMS}/usage-capped", **capped
        )
    if kind == "rate_limited":
        return _problem(429, "Too Many Requests")
    if kind == "server_error":
        status = int(failure.facts.get("status", 500))
        return _problem(status, {503: "Service Unavailable"}.get(status, "Internal Server Error"))
    if kind == "gone":
        return _suspended(call, str(failure.facts.get("id", "")))
    if kind == "bad_method":
        return _problem(405, "Method Not Allowed")
    return _invalid(str(failure.facts.get("parameter", "")), "", failure.detail)


def _invalid(parameter: str, value: str, message: str) -> Reply:
    errors = [{"parameters": {parameter: [value]}, "message": message}]
    detail = "One or more parameters to your request was invalid."
    return _problem(400, "Invalid Request", detail, f"{PROBLEMS}/invalid-request", errors=errors)


def _not_found(resource: str, parameter: str, value: str) -> dict[str, Any]:
    return {
        "value": value,
        "detail": f"Could not find {resource} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": value,
        "type": f"{PROBLEMS}/resource-not-found",
    }


def _suspended(call: Call, user_id: str) -> Reply:
    """Asked by id, a suspended user is an error in HTTP 200; speaking for itself, it is forbidden."""
    if call.path == "/2/users/me":
        return _problem(403, "Forbidden", "Your account is suspended and is not permitted to access this feature.")
    told = {"title": "Forbidden", "detail": f"User has been suspended: [{user_id}]."}
    return Reply({"errors": [_not_found("user", "id", user_id) | told]})


def _not_yours(parameter: str, post: Post, field: str) -> dict[str, Any]:
    return {
        "resource_id": post.id,
        "resource_type": "tweet",
        "parameter": parameter,
        "value": post.id,
        "field": field,
        "section": "data",
        "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet with {parameter} : [{post.id}].",
        "type": f"{PROBLEMS}/not-authorized-for-field",
    }


def headers(call: Call) -> dict[str, str]:
    """The headers of every answer."""
    found = {"api-version": "2.163", "x-access-level": "read"}
    if call.quota:
        found["x-rate-limit-limit"] = str(call.quota.limit)
        found["x-rate-limit-remaining"] = str(call.quota.remaining)
        found["x-rate-limit-reset"] = str(call.quota.reset)
    return found


# Users and posts


def _spec(call: Call) -> AccountSpec:
    return call.accounts[0]


def _persons_only(call: Call) -> None:
    if call.grant and call.grant.subject == "app":
        detail = (
            "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.  "
            "Supported authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
        )
        kind = f"{PROBLEMS}/unsupported-authentication"
        raise Refused(_problem(403, "Unsupported Authentication", detail, kind))


def _fields(call: Call, parameter: str, known: set[str]) -> set[str]:
    asked = call.names(parameter)
    if fault := call.fault("retired_metric"):
        known = known - {str(fault.options.get("metric", "detail_expands"))}
    for value in asked:
        if value not in known:
            listed = ",".join(sorted(known))
            message = f"The `{parameter}` query parameter value [{value}] is not one of [{listed}]"
            raise Refused(_invalid(parameter, value, message))
    return set(asked)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def me(call: Call) -> Reply:
    """GET /2/users/me."""
    _persons_only(call)
    fields = _fields(call, "user.fields", USER_FIELDS)
    view = call.view(_spec(call))
    spec = view.spec
    user: dict[str, Any] = {"id": spec.external_id, "name": spec.title, "username": spec.handle}
    posts = view.posts()
    more = {
        "created_at": _stamp(datetime(spec.opened.year, spec.opened.month, spec.opened.day, tzinfo=UTC)),
        "description": "Small roastery, big opinions. Berlin · Hamburg · Leipzig",
        "location": "Berlin",
        "protected": False,
        "verified": False,
        "url": "https://t.co/northwind",
        "profile_image_url": "https://pbs.twimg.com/profile_images/1488834974657000961/northwind_normal.jpg",
        "public_metrics": {
            "followers_count": view.followers,
            "following_count": FOLLOWING.get(spec.key, 0),
            "post_count" if "post.fields" in call.query else "tweet_count": len(posts),
            "listed_count": view.followers // 160,
            "like_count": 14 * len(posts) // 10,
            "media_count": sum(post.kind in {"photo", "video"} for post in posts),
        },
        **({"most_recent_tweet_id": posts[0].id} if posts else {}),
    }
    return Reply({"data": user | {name: value for name, value in more.items() if name in fields}})


def timeline(call: Call) -> Reply:
    """GET /2/users/{id}/tweets: newest first, at most the 3200 newest, paged by an opaque token."""
    view = _view_of(call, call.params["id"])
    fields = _post_fields(call)
    size = _page_size(call)
    found = _selected(call, view.posts()[:NEWEST])
    offset = _after(call, found)
    page, following = call.page(found, size, offset)
    data, errors = _written(call, view, page, fields, "id")
    meta: dict[str, Any] = {"result_count": len(data)}
    if page and data:
        meta |= {"newest_id": data[0]["id"], "oldest_id": data[-1]["id"]}
    if following is not None:
        meta["next_token"] = _token(page[-1])
    if offset:
        meta["previous_token"] = f"77qp{_base36(int(page[0].id) if page else 0)}"
    return Reply(_answer(data, errors, _includes(call, page)) | {"meta": meta})


def mentions(call: Call) -> Reply:
    """GET /2/users/{id}/mentions: what others write to the account and about it, newest first, at most 800."""
    view = _view_of(call, call.params["id"])
    fields = _post_fields(call)
    size = _page_size(call)
    found = _selected(call, x_mentions.mentions(view))
    page, following = call.page(found, size, _after(call, found))
    always = {"id", "text", "edit_history_tweet_ids", "edit_history_post_ids"}
    written = [x_mentions.written(view, said, new_names="post.fields" in call.query) for said in page]
    data = [{name: value for name, value in item.items() if name in fields | always} for item in written]
    meta: dict[str, Any] = {"result_count": len(data)}
    if data:
        meta |= {"newest_id": data[0]["id"], "oldest_id": data[-1]["id"]}
    if following is not None:
        meta["next_token"] = _token(page[-1])
    return Reply(_answer(data, [], {}) | {"meta": meta})


def _page_size(call: Call) -> int:
    size = call.number("max_results", 10)
    if not 5 <= size <= 100:
        message = f"The `max_results` query parameter value [{size}] is not between 5 and 100"
        raise Refused(_invalid("max_results", str(size), message))
    return size


def _view_of(call: Call, user_id: str) -> View:
    spec = _spec(call)
    if call.grant and call.grant.subject == "app":
        spec = next((s for login in call.platform.logins for s in login.accounts if s.external_id == user_id), spec)
    if user_id != spec.external_id:
        raise Refused(Reply({"errors": [_not_found("user", "id", user_id)]}))
    return call.view(spec)


def _post_fields(call: Call) -> set[str]:
    name = "post.fields" if "post.fields" in call.query else "tweet.fields"
    fields = _fields(call, name, POST_FIELDS)
    if fields.intersection(PRIVATE):
        _persons_only(call)
    return fields


def _selected(call: Call, posts: Sequence[P]) -> list[P]:
    left_out = {{"replies": "reply", "retweets": "retweet"}.get(name) for name in call.names("exclude")}
    since, until = call.number("since_id", 0), call.number("until_id", 2**63)
    start, end = _moment(call, "start_time"), _moment(call, "end_time")
    if start and end and start >= end:
        raise Refused(_invalid("start_time", call.arg("start_time"), "'start_time' must be before 'end_time'"))
    return [
        post
        for post in posts
        if post.kind not in left_out
        and since < int(post.id) < until
        and (since or start is None or post.published_at >= start)
        and (end is None or post.published_at < end)
    ]


def _moment(call: Call, parameter: str) -> datetime | None:
    text = call.arg(parameter)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        message = f"The `{parameter}` query parameter value [{text}] is not a valid ISO 8601 / RFC 3339 date-time"
        raise Refused(_invalid(parameter, text, message))
    return moment


def _base36(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + text
    return text or "0"


def _token(last: Post | Said) -> str:
    return f"7140dib{_base36(int(last.id))}"


def _after(call: Call, posts: Sequence[Post | Said]) -> int:
    token = call.arg("pagination_token")
    if not token:
        return 0
    try:
        last = int(token.removeprefix("7140dib"), 36) if token.startswith("7140dib") else -1
    except ValueError:
        last = -1
    if last < 0:
        message = f"The `pagination_token` query parameter value [{token}] is not valid"
        raise Refused(_invalid("pagination_token", token, message))
    return sum(int(post.id) >= last for post in posts)


def lookup(call: Call) -> Reply:
    """GET /2/tweets?ids=: up to 100 posts; unknown ids and fields that are not ours come as errors in HTTP 200."""
    ids, fields = _ids(call), _post_fields(call)
    view = call.view(_spec(call))
    posts = [post for post_id in ids if (post := view.post(post_id))]
    data, errors = _written(call, view, posts, fields, "ids")
    known = {post.id for post in posts}
    errors += [_not_found("tweet", "ids", post_id) for post_id in ids if post_id not in known]
    return Reply(_answer(data, errors, _includes(call, posts)))


def _ids(call: Call) -> list[str]:
    ids = call.names("ids")
    if not 1 <= len(ids) <= 100:
        message = f"The number of values in the `ids` query parameter list [{len(ids)}] is not between 1 and 100"
        raise Refused(_invalid("ids", call.arg("ids"), message))
    for post_id in ids:
        if not post_id.isdigit() or len(post_id) > 19:
            message = f"The `ids` query parameter value [{post_id}] is not valid"
            raise Refused(_invalid("ids", post_id, message))
    return ids


def _answer(data: list[dict[str, Any]], errors: list[dict[str, Any]], includes: dict[str, Any]) -> dict[str, Any]:
    """What is empty is left out altogether."""
    return {name: value for name, value in (("data", data), ("includes", includes), ("errors", errors)) if value}


def _written(
    call: Call, view: View, posts: Sequence[Post], fields: set[str], parameter: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Posts in wire form. Asked for private fields, X leaves older posts out and says why under `errors`."""
    private = sorted(fields.intersection(PRIVATE))
    counts = _counts(view, posts)
    new_names = "post.fields" in call.query
    novelty = call.fault("new_enum")
    data, errors = [], []
    for position, post in enumerate(posts):
        if private and call.now - post.published_at > PRIVATE_FOR:
            errors += [_not_yours(parameter, post, f"{name}.impression_count") for name in private]
            continue
        item = _post(view, post, {name: int(values[position]) for name, values in counts.items()}, new_names)
        if novelty and position == 0:
            item["referenced_tweets"] = [{"type": novelty.options.get("value", "HOLOGRAM"), "id": post.id}]
            fields = fields | {"referenced_tweets"}
        always = {"id", "text", "edit_history_post_ids" if new_names else "edit_history_tweet_ids"}
        data.append({name: value for name, value in item.items() if name in fields | always})
    return data, errors


def _counts(view: View, posts: Sequence[Post]) -> dict[str, Any]:
    rows = np.array([post.index for post in posts], dtype=np.int64)
    metrics = ["views", *view.spec.rates]
    return {metric: view.counters_at(metric, rows, [view.now])[:, 0] for metric in metrics}


def _post(view: View, post: Post, counts: Mapping[str, int], new_names: bool) -> dict[str, Any]:
    noun, reposted = ("post", "repost_count") if new_names else ("tweet", "retweet_count")
    public = {
        reposted: counts["reposts"],
        "reply_count": counts["replies"],
        "like_count": counts["likes"],
        "quote_count": counts["quotes"],
        "bookmark_count": counts["bookmarks"],
        "impression_count": counts["views"],
    }
    clicks = {"url_link_clicks": counts["link_clicks"], "user_profile_clicks": counts["profile_clicks"]}
    engagements = sum(counts[name] for name in ANALYTICS["engagements"])
    shared = {name: public[name] for name in ("impression_count", reposted, "reply_count", "like_count")}
    return {
        "id": post.id,
        "text": _text(post),
        f"edit_history_{noun}_ids": [post.id],
        "author_id": view.spec.external_id,
        "conversation_id": post.id,
        "created_at": _stamp(post.published_at),
        "lang": post.text.language,
        "possibly_sensitive": False,
        "reply_settings": "everyone",
        "entities": _entities(post),
        "public_metrics": public,
        "non_public_metrics": {"impression_count": counts["views"], **clicks, "engagements": engagements},
        "organic_metrics": {**shared, **clicks},
        **({"attachments": {"media_keys": [_media_key(post)]}} if post.kind in {"photo", "video"} else {}),
        **_reference(post, noun),
    }


def _reference(post: Post, noun: str) -> dict[str, Any]:
    kind = {"reply": "replied_to", "retweet": "retweeted"}.get(post.kind)
    if kind is None:
        return {}
    other = str(int(post.id) - 4096 * 977)
    found: dict[str, Any] = {f"referenced_{noun}s": [{"type": kind, "id": other}]}
    return found | ({"in_reply_to_user_id": "2244994945", "conversation_id": other} if post.kind == "reply" else {})


def _text(post: Post) -> str:
    words = f"{post.text.body} {' '.join(post.text.hashtags)}".strip()
    if post.kind == "retweet":
        return f"RT @beanandgone: {words}"[:280]
    if post.kind == "reply":
        return f"@beanandgone {words}"[:280]
    return f"{words} https://t.co/nw{post.number % 10**8:08d}" if post.kind != "text" else words


def _entities(post: Post) -> dict[str, Any]:
    text, tags = _text(post), []
    for tag in post.text.hashtags:
        start = text.find(tag)
        if start >= 0:
            tags.append({"start": start, "end": start + len(tag), "tag": tag[1:]})
    return {"hashtags": tags} if tags else {}


def _media_key(post: Post) -> str:
    return f"{7 if post.kind == 'video' else 3}_{post.id}"


def _includes(call: Call, posts: Sequence[Post]) -> dict[str, Any]:
    if "attachments.media_keys" not in call.names("expansions"):
        return {}
    media = [{"media_key": _media_key(post), "type": post.kind} for post in posts if post.kind in {"photo", "video"}]
    return {"media": media} if media else {}


# Analytics and usage


def analytics(call: Call) -> Reply:
    """GET /2/tweets/analytics: what own posts got in each bucket of a time range."""
    _persons_only(call)
    ids = _ids(call)
    known = {*ANALYTICS, *NO_EVENTS, "id", "timestamp", "timestamped_metrics"}
    fields = _fields(call, "analytics.fields", known) or set(ANALYTICS)
    edges = _edges(call)
    view = call.view(_spec(call))
    posts = [post for post_id in ids if (post := view.post(post_id))]
    values = _buckets(view, posts, fields, edges)
    data = [{"id": post.id, "timestamped_metrics": _series(values, row, edges)} for row, post in enumerate(posts)]
    found = {post.id for post in posts}
    errors = [_not_found("tweet", "ids", post_id) for post_id in ids if post_id not in found]
    return Reply(_answer(data, errors, {}))


def _edges(call: Call) -> list[datetime]:
    for parameter in ("start_time", "end_time", "granularity"):
        if not call.arg(parameter):
            raise Refused(_invalid(parameter, "", f"The `{parameter}` query parameter can not be empty"))
    start, end = _moment(call, "start_time"), _moment(call, "end_time")
    if start is None or end is None or start >= end:
        raise Refused(_invalid("start_time", call.arg("start_time"), "'start_time' must be before 'end_time'"))
    steps = {
        "hourly": timedelta(hours=1),
        "daily": timedelta(days=1),
        "weekly": timedelta(days=7),
        "total": end - start,
    }
    step = steps.get(call.arg("granularity"))
    if step is None or (end - start) / step > 2000:
        listed = ",".join(steps)
        message = f"The `granularity` query parameter value [{call.arg('granularity')}] is not one of [{listed}]"
        raise Refused(_invalid("granularity", call.arg("granularity"), message))
    if step == timedelta(days=1):
        start = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    edges = [start]
    while edges[-1] < end:
        edges.append(min(edges[-1] + step, end))
    return edges


def _buckets(view: View, posts: Sequence[Post], fields: set[str], edges: Sequence[datetime]) -> dict[str, Any]:
    rows = np.array([post.index for post in posts], dtype=np.int64)
    until_now = [min(edge, view.now) for edge in edges]
    found: dict[str, Any] = {}
    for name in [name for name in ANALYTICS if name in fields]:
        counted = sum(view.counters_at(metric, rows, until_now) for metric in ANALYTICS[name])
        found[name] = np.diff(counted, axis=1) if len(rows) else []
    return found | {name: np.zeros((len(rows), len(edges) - 1), dtype=int) for name in NO_EVENTS if name in fields}


def _series(values: Mapping[str, Any], row: int, edges: Sequence[datetime]) -> list[dict[str, Any]]:
    return [
        {"timestamp": _stamp(start), "metrics": {name: int(counts[row][place]) for name, counts in values.items()}}
        for place, start in enumerate(edges[:-1])
    ]


def usage(call: Call) -> Reply:
    """GET /2/usage/tweets: the app's own consumption; for the app alone, not for a person. Numbers are made up."""
    if call.grant and call.grant.subject != "app":
        detail = (
            "Authenticating with OAuth 2.0 User Context is forbidden for this endpoint.  "
            "Supported authentication types are [OAuth 2.0 Application-Only]."
        )
        raise Refused(_problem(403, "Unsupported Authentication", detail, f"{PROBLEMS}/unsupported-authentication"))
    days = call.number("days", 7)
    if not 1 <= days <= 90:
        raise Failed(Failure("bad_request", "days is not between 1 and 90", {"parameter": "days"}))
    today = call.now.date()
    daily = [
        {"date": f"{today - timedelta(days=ago)}T00:00:00.000Z", "usage": 400 + (today.toordinal() - ago) * 37 % 90}
        for ago in range(days)
    ]
    fields = call.names("usage.fields")
    data = {
        "project_id": "1488834974657",
        "project_cap": 3_000_000,
        "project_usage": 445 * today.day,
        "cap_reset_day": 31 - min(today.day, 30),
        **(
            {"daily_project_usage": {"project_id": 1488834974657 % 2**31, "usage": daily}}
            if "daily_project_usage" in fields
            else {}
        ),
    }
    return Reply({"data": data})


# OAuth


def oauth_error(error: str, description: str) -> Reply:
    """X calls a bad code or token `invalid_request`, and a missing or wrong secret `unauthorized_client`."""
    if error == "invalid_client":
        return Reply({"error": "unauthorized_client", "error_description": "Missing valid authorization header"}, 401)
    if error == "invalid_grant":
        what = "authorization code" if "code" in description and "token" not in description else "token"
        return Reply(
            {"error": "invalid_request", "error_description": f"Value passed for the {what} was invalid."}, 400
        )
    return Reply({"error": error, "error_description": description}, 400)


def _token_reply(issued: Issued) -> dict[str, Any]:
    if issued.grant.subject == "app":
        return {"token_type": "bearer", "access_token": issued.access_token}
    return standard_token(issued)


OAUTH = Dialect(
    authorize=(("x.com", "/i/oauth2/authorize"), ("twitter.com", "/i/oauth2/authorize"), (HOST, "/2/oauth2/authorize")),
    token=(
        TokenRoute(HOST, "/2/oauth2/token", {"authorization_code": "code", "refresh_token": "refresh"}),
        TokenRoute(HOST, "/oauth2/token", {"client_credentials": "app"}),
    ),
    revoke=((HOST, "/2/oauth2/revoke"),),
    scopes={
        "tweet.read": "See all posts you can see, and their numbers",
        "users.read": "See your profile and those you can see",
        "offline.access": "Stay connected until you revoke access",
        "like.read": "See posts you liked",
        "follows.read": "See who you follow and who follows you",
    },
    pkce="required",
    client_auth="basic",
    code_s=30,
    access_s=7200,
    refresh="rotating",
    offline=lambda _parameters, scopes: "offline.access" in scopes,
    reply=_token_reply,
    error=oauth_error,
)

_QUARTER_HOUR = 900
PLATFORM = Platform(
    name="x",
    title="X",
    logins=(
        Login("northwind", "Northwind Coffee (@northwindcoffee)", (NORTHWIND,)),
        Login("lab", "Northwind Lab (@northwindlab), nothing posted yet", (LAB,)),
    ),
    routes=(
        Route("GET", HOST, "/2/users/me", me, SCOPES, Quota("users/me", 75, _QUARTER_HOUR)),
        Route("GET", HOST, "/2/users/{id}/tweets", timeline, SCOPES, Quota("users/:id/tweets", 900, _QUARTER_HOUR)),
        Route("GET", HOST, "/2/users/{id}/mentions", mentions, SCOPES, Quota("users/:id/mentions", 300, _QUARTER_HOUR)),
        Route("GET", HOST, "/2/tweets/analytics", analytics, SCOPES, Quota("tweets/analytics", 300, _QUARTER_HOUR)),
        Route("GET", HOST, "/2/tweets", lookup, SCOPES, Quota("tweets", 900, _QUARTER_HOUR)),
        Route("GET", HOST, "/2/usage/tweets", usage, (), Quota("usage/tweets", 50, _QUARTER_HOUR)),
    ),
    envelope=envelope,
    headers=headers,
    oauth=OAUTH,
)
