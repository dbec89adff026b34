"""TikTok's Accounts API as it answers: HTTP 200 with a code of its own, JSON tokens that rotate, fields with scopes.

Days are UTC days and appear 24 hours after their end; a video's numbers are as old as the last such day, and missing
before. Wordings of refusals are TikTok's where they were seen; where not, they follow its table of return codes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

import numpy as np

from sandbox import rhythm, tiktok_comments
from sandbox.consent import Dialect, Issued, TokenRoute, consent_screen, revoke_endpoint, token_endpoint
from sandbox.server import Call, Login, Platform, Quota, Route
from sandbox.view import View
from sandbox.wire import Failed, Failure, Reply
from sandbox.world import AccountSpec, Kind, Post, days_of

HOST, CONSENT_HOST, ROOT = "business-api.tiktok.com", "www.tiktok.com", "/open_api/v1.3"
TOKEN_PATH, REFRESH_PATH = f"{ROOT}/tt_user/oauth2/token/", f"{ROOT}/tt_user/oauth2/refresh_token/"
LAG = timedelta(hours=24)
KEPT_DAYS = 60
REFRESH_S = 365 * 86400
FEWEST_FOLLOWERS = 100


def item_id(number: int, published_at: datetime) -> str:
    """An id in TikTok's style: 19 digits that begin with the moment."""
    return str((int(published_at.timestamp()) << 32) | (number * 2_654_435_761) % 2**32)


NORTHWIND = AccountSpec(
    platform="tiktok",
    key="northwind",
    external_id="-000nW8cRoastErYq2bZl5tPx7",
    title="Northwind Coffee",
    handle="northwindcoffee",
    shows="a registered business account: videos and photo posts, viral ones, a busy profile",
    followers=15400,
    gained_per_day=34.0,
    lost_per_day=11.0,
    posts_per_week=4,
    views_per_post=5200,
    growth_per_year=0.5,
    kinds={
        "video": Kind(0.86, 1.0, half_life_h=30, tail=0.16, seconds=(9, 74)),
        "photo": Kind(0.14, 0.5, half_life_h=20, tail=0.1, rates={"watched_s": 0.5, "completed": 0}),
    },
    rates={
        "likes": 0.061,
        "comments": 0.0024,
        "shares": 0.0038,
        "favorites": 0.0072,
        "new_followers": 0.0021,
        "profile_views": 0.011,
        "website_clicks": 0.0008,
        "completed": 0.19,
        "watched_s": 9.4,
        "reached": 0.83,
    },
    daily_rates={
        "unique_video_views": 0.71,
        "profile_views_day": 0.019,
        "engaged_audience": 0.052,
        "bio_link_clicks": 0.0019,
        "phone_number_clicks": 0.0002,
        "email_clicks": 0.0003,
        "address_clicks": 0.0004,
        "app_download_clicks": 0.0001,
        "lead_submissions": 0.0003,
    },
    shares={"age": {"18-24": 34, "25-34": 37, "35-44": 17, "45-54": 8, "55+": 4}},
    post_id=item_id,
)
BARISTA = AccountSpec(
    platform="tiktok",
    key="barista",
    external_id="-000bArIsTa4mN9sQk1vTy6hJ",
    title="Ines pours",
    handle="ines.pours",
    shows="a personal account with fewer than 100 followers: no business numbers, no audience",
    opened=date(2026, 6, 1),
    followers=8,
    gained_per_day=0.2,
    lost_per_day=0.02,
    posts_per_week=1,
    views_per_post=180,
    growth_per_year=0.0,
    kinds=NORTHWIND.kinds,
    rates=NORTHWIND.rates,
    daily_rates=NORTHWIND.daily_rates,
    post_id=item_id,
)
LAB = AccountSpec(
    platform="tiktok",
    key="lab",
    external_id="-000LaB0nothingHereYet3xWz",
    title="Northwind Lab",
    handle="northwindlab",
    shows="an account that has never posted and has no followers",
    opened=date(2026, 1, 5),
)
FOLLOWING = {"northwind": 96, "barista": 210}
BUSINESSES = {"northwind", "lab"}

DAILY = ("video_views", "unique_video_views", "likes", "comments", "shares", "engaged_audience")
FOLLOWER_DAYS = ("followers_count", "daily_total_followers", "daily_new_followers", "daily_lost_followers")
OF_BUSINESSES = (
    *("profile_views", "phone_number_clicks", "lead_submissions", "app_download_clicks"),
    *("bio_link_clicks", "email_clicks", "address_clicks"),
)
AUDIENCE = {
    "audience_ages": ("age", "age"),
    "audience_genders": ("gender", "gender"),
    "audience_countries": ("country", "country"),
    "audience_cities": ("city", "city_name"),
}
GENDERS = {"F": "Female", "M": "Male", "U": "Other"}
COUNTRIES = {"GB": "UK", "IT": "Others"}
ACCOUNT_FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("display_name", "profile_image"), "user.info.basic"),
    "username": "user.info.username",
    **dict.fromkeys(("profile_deep_link", "bio_description", "is_verified"), "user.info.profile"),
    **dict.fromkeys(("followers_count", "following_count", "total_likes", "videos_count"), "user.info.stats"),
    "is_business_account": "user.account.type",
    **dict.fromkeys((*DAILY, *FOLLOWER_DAYS[1:], *OF_BUSINESSES, *AUDIENCE, "audience_activity"), "user.insights"),
}
"""Field of /business/get/ -> the scope it needs."""
COUNTERS = {
    "video_views": "views",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "favorites": "favorites",
    "reach": "reached",
    "new_followers": "new_followers",
    "profile_views": "profile_views",
    "website_clicks": "website_clicks",
}
"""Field of a video -> counter of the world."""
VIDEO_FIELDS: Mapping[str, str] = {
    **dict.fromkeys(("item_id", "create_time", "caption", "thumbnail_url", "share_url", "embed_url"), "video.list"),
    **dict.fromkeys(("video_duration", "media_type", "likes", "comments", "shares"), "video.list"),
    **dict.fromkeys(("video_views", "reach", "favorites", "new_followers"), "video.insights"),
    **dict.fromkeys(("profile_views", "website_clicks", "impression_sources", "audience_countries"), "video.insights"),
    **dict.fromkeys(("total_time_watched", "average_time_watched", "full_video_watched_rate"), "video.insights"),
}
"""Field of /business/video/list/ -> the scope it needs."""


# The envelope


def answer(call: Call, data: Any, code: int = 0, message: str = "OK") -> Reply:
    """TikTok's envelope. Errors wear it too, and come with status 200."""
    request_id = f"{call.now:%Y%m%d%H%M%S}{crc32(f'{call.path} {message}'.encode()):018X}"
    return Reply({"code": code, "message": message, "request_id": request_id, "data": data})


def envelope(call: Call, failure: Failure) -> Reply:
    """A failure in TikTok's words."""
    kind, detail = failure.kind, failure.detail
    if kind in {"not_found", "bad_method"}:
        return Reply(b"404 page not found" if kind == "not_found" else b"405 method not allowed", 404)
    code, message = {
        "no_token": (40104, "Access token is null, you should set it in http header with key Access-Token."),
        "bad_token": (40105, "Access token is incorrect or has been revoked."),
        "revoked": (40105, "Access token is incorrect or has been revoked."),
        "expired": (40102, "Access token is expired."),
        "missing_scope": (40001, f"No permission to perform the operation: {failure.facts.get('scope', '')}."),
        "rate_limited": (40100, f"Requests made too frequently.{' ' + detail if detail else ''}"),
        "server_error": (50000, "System error"),
        "gone": (40001, "You don't have permission to operate this TikTok account."),
    }.get(kind, (40002, detail))
    return answer(call, {}, code, message)


def _bad(message: str) -> Failed:
    return Failed(Failure("bad_request", message))


# Who asks, and for which fields


def authorised(handler: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """A handler behind TikTok's own header, `Access-Token`."""

    def guarded(call: Call) -> Reply:
        text = call.headers.get("access-token", "")
        if not text:
            raise Failed(Failure("no_token"))
        grant = call.grants.read(text, "access", OAUTH.access_prefix)
        if grant is None or grant.platform != call.platform.name:
            raise Failed(Failure("bad_token"))
        if (state := call.grants.state(grant, call.now)) != "good":
            raise Failed(Failure(state))
        call.grant = grant
        return handler(call)

    return guarded


def _scopes(call: Call) -> set[str]:
    held = set(call.grant.scopes if call.grant else ())
    if fault := call.fault("missing_scope"):
        held -= set(str(fault.options.get("scope", "user.insights")).split("|"))
    return held


def _fields(call: Call, known: Mapping[str, str], default: tuple[str, ...]) -> list[str]:
    """The fields asked for, each with the scope it needs granted."""
    asked = _json(call, "fields", list(default))
    if not isinstance(asked, list) or not all(isinstance(field, str) for field in asked):
        raise _bad("fields: Value should be a list of strings.")
    retired = call.fault("retired_metric")
    gone = {str(retired.options.get("metric", "engaged_audience"))} if retired else set()
    for field in asked:
        if field not in known or field in gone:
            listed = ", ".join(sorted(known.keys() - gone))
            raise _bad(f"fields: Invalid value: {field}. It should be one of [{listed}].")
    for field in asked:
        _need(call, known[field])
    return asked


def _need(call: Call, scope: str) -> None:
    if scope not in _scopes(call):
        raise Failed(Failure("missing_scope", facts={"scope": scope}))


def _json(call: Call, name: str, default: Any) -> Any:
    text = call.arg(name)
    try:
        return json.loads(text) if text else default
    except ValueError as error:
        raise _bad(f"{name}: Not a valid JSON.") from error


def _view(call: Call) -> View:
    business_id = call.arg("business_id")
    if not business_id:
        raise _bad("Missing required field(s): business_id.")
    if business_id != call.accounts[0].external_id:
        raise Failed(Failure("gone"))
    return call.view(call.accounts[0])


# The account


def account(call: Call) -> Reply:
    """GET /business/get/: the profile as it is, its days, and who its followers are."""
    view, fields = _view(call), _fields(call, ACCOUNT_FIELDS, ("display_name", "profile_image"))
    first, last = _span(call)
    profile, audience = _profile(view), _audience(view) if view.followers >= FEWEST_FOLLOWERS else {}
    data = {name: found[name] for found in (profile, audience) for name in fields if name in found}
    daily = [name for name in fields if name in {*DAILY, *FOLLOWER_DAYS, *OF_BUSINESSES, "audience_activity"}]
    return answer(call, data | ({"metrics": _days(view, first, last, daily)} if daily else {}))


def _span(call: Call) -> tuple[date, date]:
    today = call.now.astimezone(UTC).date()
    first = _date(call, "start_date", today - timedelta(days=7))
    last = _date(call, "end_date", today - timedelta(days=1))
    if first > last:
        raise _bad("start_date cannot be later than end_date.")
    if first < today - timedelta(days=KEPT_DAYS):
        raise _bad(f"start_date cannot be earlier than {KEPT_DAYS} days ago.")
    return first, last


def _date(call: Call, name: str, default: date) -> date:
    try:
        return date.fromisoformat(call.arg(name) or default.isoformat())
    except ValueError as error:
        raise _bad(f"{name}: Time format should be %Y-%m-%d. Please try again.") from error


def _profile(view: View) -> dict[str, Any]:
    spec, posts = view.spec, view.posts()
    return {
        "is_business_account": spec.key.split("/")[0] in BUSINESSES,
        "profile_image": f"https://p16-sign-va.tiktokcdn.com/northwind/{spec.handle}~c5_168x168.jpeg?x-expires=1",
        "username": spec.handle,
        "profile_deep_link": f"https://vm.tiktok.com/{spec.handle}/",
        "display_name": spec.title,
        "bio_description": "Small roastery, big opinions.",
        "is_verified": False,
        "following_count": FOLLOWING.get(spec.key, 0),
        "followers_count": view.followers,
        "total_likes": int(view.counters("likes").sum()) if posts else 0,
        "videos_count": len(posts),
    }


def _days(view: View, first: date, last: date, fields: list[str]) -> list[dict[str, Any]]:
    """The days that TikTok shows by now. A personal account has no business numbers: they are missing, not 0."""
    is_business = view.spec.key.split("/")[0] in BUSINESSES
    series = {
        name: view.daily(_of_world(name), first, last, LAG)
        for name in {*fields, "video_views"} - {"followers_count", "daily_total_followers", "audience_activity"}
        if is_business or name not in OF_BUSINESSES
    }
    shown = sorted(series["video_views"])
    stock = dict(zip(shown, _stock(view, shown), strict=True))
    for day in shown:
        series.setdefault("followers_count", {})[day] = stock[day]
        series.setdefault("daily_total_followers", {})[day] = stock[day]
    rows = []
    for day in shown:
        row: dict[str, Any] = {name: series[name][day] for name in fields if name in series}
        if "audience_activity" in fields and stock[day] >= FEWEST_FOLLOWERS:
            row["audience_activity"] = _activity(stock[day])
        rows.append({"date": day.isoformat(), **row})
    return rows


def _of_world(field: str) -> str:
    return {
        "video_views": "views",
        "profile_views": "profile_views_day",
        "daily_new_followers": "followers_gained",
        "daily_lost_followers": "followers_lost",
    }.get(field, field)


def _stock(view: View, days: list[date]) -> list[int]:
    if not days:
        return []
    span = days_of(days[0], days[-1])
    stock = dict(zip(span, view.account.followers_on(span).tolist(), strict=True))
    return [stock[day] for day in days]


def _activity(followers: int) -> list[dict[str, Any]]:
    weight = rhythm.HOUR_LIFT / rhythm.HOUR_LIFT.max()
    return [{"hour": str(hour), "count": int(0.31 * followers * weight[hour])} for hour in range(24)]


def _audience(view: View) -> dict[str, list[dict[str, Any]]]:
    names = {**GENDERS, **COUNTRIES}
    return {
        field: [
            {called: names.get(member, member), "percentage": round(share, 6)}
            for member, share in view.account.shares(dimension).items()
        ]
        for field, (dimension, called) in AUDIENCE.items()
    }


# Videos


def videos(call: Call) -> Reply:
    """GET /business/video/list/: newest first; the cursor is a moment, and pages hold what is older."""
    view, fields = _view(call), _fields(call, VIDEO_FIELDS, ("item_id",))
    size = call.number("max_count", 10)
    if not 1 <= size <= 20:
        raise _bad("max_count: Value should be between 1 and 20.")
    chosen = (_json(call, "filters", {}) or {}).get("video_ids")
    if chosen is not None:
        posts = [post for post in map(view.post, chosen) if post]
        return answer(call, {"videos": _written(call, view, posts, fields), "has_more": False, "cursor": 0})
    before = call.number("cursor", int(call.now.timestamp() * 1000) + 1000)
    older = [post for post in view.posts() if post.published_at.timestamp() * 1000 < before]
    page, following = call.page(older, size)
    cursor = int(page[-1].published_at.timestamp() * 1000) if page else 0
    data = {"videos": _written(call, view, list(page), fields), "has_more": following is not None, "cursor": cursor}
    return answer(call, data)


def _written(call: Call, view: View, posts: list[Post], fields: list[str]) -> list[dict[str, Any]]:
    settled = view.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - LAG
    index = np.array([post.index for post in posts], dtype=np.int64)
    counted = {name: view.counters_at(name, index, [settled])[:, 0] for name in ("views", *view.spec.rates)}
    novelty = call.fault("new_enum")
    found = []
    for place, post in enumerate(posts):
        video = _about(view, post)
        if post.published_at < settled:
            video |= _numbers({name: int(values[place]) for name, values in counted.items()}, view)
        if novelty and place == 0:
            video["media_type"] = str(novelty.options.get("value", "HOLOGRAM"))
        found.append({name: video[name] for name in fields if name in video})
    return found


def _about(view: View, post: Post) -> dict[str, Any]:
    where = f"https://www.tiktok.com/@{view.spec.handle}/{post.kind}/{post.id}"
    picture = f"https://p16-sign-va.tiktokcdn.com/tos-maliva/{post.id}~c5_300x300.jpeg"
    return {
        "item_id": post.id,
        "create_time": str(int(post.published_at.timestamp())),
        "caption": f"{post.text.body} {' '.join(post.text.hashtags)}".strip(),
        "thumbnail_url": f"{picture}?x-expires={int(view.now.timestamp()) + 21600}&x-signature=sandbox",
        "share_url": f"{where}?utm_campaign=tt4d_open_api&utm_source=sandbox",
        "embed_url": f"https://www.tiktok.com/player/v1/{post.id}?utm_campaign=tt4d_open_api",
        "media_type": post.kind.upper(),
        "video_duration": round(post.duration_s + post.number % 1000 / 1000, 3) if post.duration_s else 0,
    }


def _numbers(counted: Mapping[str, int], view: View) -> dict[str, Any]:
    views, watched = counted["views"], float(counted["watched_s"])
    is_business = view.spec.key.split("/")[0] in BUSINESSES
    return {
        **{
            field: counted[name]
            for field, name in COUNTERS.items()
            if is_business or field not in {"profile_views", "website_clicks"}
        },
        "total_time_watched": watched,
        "average_time_watched": round(watched / views, 3) if views else 0,
        "full_video_watched_rate": round(counted["completed"] / views, 4) if views else 0,
        "impression_sources": [
            {"impression_source": "For You", "percentage": 0.7812},
            {"impression_source": "Follow", "percentage": 0.1204},
            {"impression_source": "Personal Profile", "percentage": 0.0631},
            {"impression_source": "Search", "percentage": 0.0353},
        ],
        "audience_countries": [{"country": "DE", "percentage": 0.71}, {"country": "Others", "percentage": 0.29}],
    }


# Comments


def comments(call: Call) -> Reply:
    """GET /business/comment/list/: what people wrote under a video."""
    _need(call, "comment.list")
    return answer(call, tiktok_comments.listed(call, _view(call)))


def replies(call: Call) -> Reply:
    """GET /business/comment/reply/list/: the answers to a comment."""
    _need(call, "comment.list")
    return answer(call, tiktok_comments.answers(call, _view(call)))


# OAuth


def consent(call: Call) -> Reply:
    """TikTok calls the app's id `client_key`."""
    query = {name: values for name, values in call.query.items() if name != "client_id"}
    if "client_key" in query:
        query["client_id"] = query["client_key"]
    call.query = query
    return consent_screen(call)


def token(call: Call) -> Reply:
    """POST /tt_user/oauth2/token/ and /refresh_token/: JSON, each for one grant; the code is called `auth_code`."""
    given = {name: str(value) for name, value in (call.json or {}).items()}
    call.form = {**given, "code": given.get("auth_code", "")}
    grants = {"refresh_token": "refresh"} if call.path == REFRESH_PATH else {"authorization_code": "code"}
    reply = token_endpoint(call, TokenRoute(HOST, call.path, grants))
    code, message, data = reply.body["code"], reply.body["message"], reply.body["data"]
    return answer(call, data, code, message)


def revoke(call: Call) -> Reply:
    """POST /tt_user/oauth2/revoke/."""
    call.form = {"token": str((call.json or {}).get("access_token", ""))}
    revoke_endpoint(call)
    return answer(call, {})


def token_info(call: Call) -> Reply:
    """POST /tt_user/token_info/get/: whose token this is and what was granted."""
    grant = call.grants.read(str((call.json or {}).get("access_token", "")), "access", OAUTH.access_prefix)
    if grant is None or call.grants.state(grant, call.now) != "good":
        raise Failed(Failure("bad_token"))
    creator = _open_id(call.platform, grant.login)
    return answer(call, {"app_id": grant.client_id, "creator_id": creator, "scope": ",".join(grant.scopes)})


def _open_id(platform: Platform, key: str) -> str:
    return next(login.accounts[0].external_id for login in platform.logins if login.key == key)


def _token_reply(issued: Issued) -> dict[str, Any]:
    data = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "scope": ",".join(issued.scopes),
        "expires_in": issued.expires_in,
        "refresh_token": issued.refresh_token,
        "refresh_token_expires_in": REFRESH_S,
        "open_id": _open_id(PLATFORM, issued.grant.login),
    }
    return {"code": 0, "message": "OK", "data": data}


def _token_error(error: str, description: str) -> Reply:
    code, message = 40002, description
    if error == "invalid_client":
        code, message = 40101, "Secret and app ID do not match."
    elif error == "unsupported_grant_type":
        code, message = 40108, f"Invalid value for grant_type: {description.rpartition(' ')[2]} is not supported."
    elif "refresh token" in description:
        code = 40103 if "expired" in description else 40107
    elif error == "invalid_grant":
        code, message = 40110, "The auth_code is canceled. Please re-authorize and try again with a new auth_code."
    return Reply({"code": code, "message": message, "data": {}})


OAUTH = Dialect(
    authorize=(),
    token=(),
    scopes={
        "user.info.basic": "Read your profile info (avatar, display name)",
        "user.info.username": "Read your handle",
        "user.info.stats": "Read your likes count, follower count, following count and video count",
        "user.info.profile": "Read your profile info (bio, profile link, account verification)",
        "user.account.type": "Read whether this is a business account",
        "user.insights": "Read the insights of your account",
        "video.list": "Read your public videos on TikTok",
        "video.insights": "Read the insights of your videos",
        "comment.list": "Read the comments on your videos",
    },
    separator=",",
    pkce="none",
    client_auth="post",
    code_s=600,
    access_s=86400,
    refresh_s=REFRESH_S,
    refresh="rotating",
    reply=_token_reply,
    error=_token_error,
    access_prefix="act.",
    refresh_prefix="rft.",
    extra_redirect=lambda scopes: {"scopes": ",".join(scopes)},
)
_APP = Quota("app", 600, 60)
PLATFORM = Platform(
    name="tiktok",
    title="TikTok",
    logins=(
        Login("northwind", "Northwind Coffee (@northwindcoffee)", (NORTHWIND,)),
        Login("barista", "Ines pours (@ines.pours), a personal account", (BARISTA,)),
        Login("lab", "Northwind Lab (@northwindlab), nothing posted yet", (LAB,)),
    ),
    routes=(
        *(
            Route(method, CONSENT_HOST, path, consent, auth=False, is_oauth=True)
            for method in ("GET", "POST")
            for path in ("/v2/auth/authorize/", "/v2/auth/authorize")
        ),
        Route("POST", HOST, TOKEN_PATH, token, auth=False, is_oauth=True),
        Route("POST", HOST, REFRESH_PATH, token, auth=False, is_oauth=True),
        Route("POST", HOST, f"{ROOT}/tt_user/oauth2/revoke/", revoke, auth=False, is_oauth=True),
        Route("POST", HOST, f"{ROOT}/tt_user/token_info/get/", token_info, auth=False, is_oauth=True),
        Route("GET", HOST, f"{ROOT}/business/get/", authorised(account), quota=_APP, auth=False),
        Route("GET", HOST, f"{ROOT}/business/video/list/", authorised(videos), quota=_APP, auth=False),
        Route("GET", HOST, f"{ROOT}/business/comment/list/", authorised(comments), quota=_APP, auth=False),
        Route("GET", HOST, f"{ROOT}/business/comment/reply/list/", authorised(replies), quota=_APP, auth=False),
    ),
    envelope=envelope,
    oauth=OAUTH,
)
