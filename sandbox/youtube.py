"""YouTube as it answers: the Data API's resources with counters as text, the Analytics API's tables, Google's OAuth."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np

from sandbox import google_api, webhooks, youtube_comments, youtube_reports
from sandbox.google_api import refused
from sandbox.server import Call, Login, Platform, Quota, Route
from sandbox.view import View
from sandbox.wire import Failure, Reply
from sandbox.world import AccountSpec, Kind, Post, base64_id
from sandbox.youtube_data import (
    closes_comments,
    hides_likes,
    is_private,
    listed,
    offset_of,
    parts_of,
    resource,
    size_of,
    stamp,
)

DATA, ANALYTICS = "youtube.googleapis.com", "youtubeanalytics.googleapis.com"
DATA_HOSTS = (DATA, "www.googleapis.com")
ZONE = "America/Los_Angeles"
_AT = "https://www.googleapis.com/auth/"
READ, REPORT, MONEY = f"{_AT}youtube.readonly", f"{_AT}yt-analytics.readonly", f"{_AT}yt-analytics-monetary.readonly"
COMMENTS = f"{_AT}youtube.force-ssl"
SCOPES = {
    READ: "View your YouTube account",
    REPORT: "View YouTube Analytics reports for your YouTube content",
    MONEY: "View monetary and non-monetary YouTube Analytics reports for your YouTube content",
    f"{_AT}youtube": "Manage your YouTube account",
    COMMENTS: "See, edit, and permanently delete your YouTube videos, ratings, comments and captions",
}

_SHARES: Mapping[str, Mapping[str, float]] = {
    "country": {"DE": 44, "AT": 10, "CH": 9, "US": 9, "GB": 8, "NL": 5, "FR": 4, "PL": 3, "DK": 3, "IT": 3, "ZZ": 2},
    "deviceType": {"MOBILE": 58, "DESKTOP": 17, "TV": 16, "TABLET": 6, "GAME_CONSOLE": 2, "UNKNOWN_PLATFORM": 1},
    "insightTrafficSourceType": {
        "SHORTS": 30,
        "YT_SEARCH": 19,
        "RELATED_VIDEO": 17,
        "SUBSCRIBER": 14,
        "EXT_URL": 7,
        "YT_CHANNEL": 5,
        "NO_LINK_OTHER": 4,
        "PLAYLIST": 2,
        "NOTIFICATION": 1,
        "END_SCREEN": 1,
    },
}
_RATES = {
    "watch_seconds": 58.0,
    "likes": 0.041,
    "dislikes": 0.0011,
    "comments": 0.0036,
    "shares": 0.0058,
    "subscribers": 0.0021,
}
MAIN = AccountSpec(
    platform="youtube",
    key="northwind",
    external_id="UCN0rthW1ndC0ffeeBerl1nA",
    title="Northwind Coffee",
    handle="northwindcoffee",
    shows="a busy channel with videos, Shorts and live streams, hidden counters, and revenue",
    day_zone=ZONE,
    followers=11_800,
    gained_per_day=21.0,
    lost_per_day=6.5,
    posts_per_week=3.4,
    views_per_post=2600,
    kinds={
        "video": Kind(0.44, half_life_h=70, tail=0.45, rates={"watch_seconds": 3.1}, seconds=(300, 840)),
        "short": Kind(
            0.50, 1.9, half_life_h=30, tail=0.2, rates={"watch_seconds": 0.45, "shares": 0.6}, seconds=(18, 58)
        ),
        "live": Kind(0.06, 0.6, half_life_h=20, tail=0.25, rates={"watch_seconds": 7.0}, seconds=(1900, 4200)),
    },
    rates=_RATES,
    shares=_SHARES,
    post_id=base64_id,
)
SCHOOL = AccountSpec(
    platform="youtube",
    key="school",
    external_id="UCN0rthW1ndSch00lBar1stA",
    title="Northwind Barista School",
    handle="northwindschool",
    shows="a small channel that hides its subscribers and earns nothing",
    day_zone=ZONE,
    followers=430,
    gained_per_day=1.1,
    lost_per_day=0.4,
    posts_per_week=0.6,
    views_per_post=240,
    kinds={"video": Kind(1.0, half_life_h=90, tail=0.5, rates={"watch_seconds": 2.6}, seconds=(240, 700))},
    rates=_RATES,
    shares=_SHARES,
    post_id=base64_id,
)
EMPTY = AccountSpec(
    platform="youtube",
    key="new",
    external_id="UCN0rthW1ndLabNewThisYrA",
    title="Northwind Lab",
    handle="northwindlab",
    shows="a channel without a video, a view or a subscriber",
    day_zone=ZONE,
)
HIDES_SUBSCRIBERS = {SCHOOL.key}
EARNS = {MAIN.key}
SIZES = {"default": (120, 90), "medium": (320, 180), "high": (480, 360), "standard": (640, 480), "maxres": (1280, 720)}


def envelope(call: Call, failure: Failure) -> Reply:
    """Google's errors; a closed channel in YouTube's own words."""
    if failure.kind == "gone":
        return google_api.problem(403, "The account is closed.", "accountClosed", domain="youtube.common", status="")
    return google_api.envelope(call, failure)


# The Data API


def channels(call: Call) -> Reply:
    """GET /youtube/v3/channels, by mine or id. A login without a channel gets an answer without items."""
    parts = parts_of(call, "channels")
    if call.arg("mine") == "true":
        specs = list(call.accounts)
    elif call.arg("id"):
        known = {spec.external_id: spec for login in call.platform.logins for spec in login.accounts}
        specs = [known[channel] for channel in call.names("id") if channel in known]
    else:
        said = "No filter selected. Expected one of: forHandle, forUsername, id, managedByMe, mine"
        raise refused(400, said, "missingRequiredParameter", place={"location": "parameters.", "locationType": "other"})
    items = [_channel(call.view(spec), parts) for spec in specs]
    return listed(call, "channelListResponse", items, size_of(call), len(items), None)


def _channel(view: View, parts: set[str]) -> dict[str, Any]:
    spec = view.spec
    image = f"https://yt3.ggpht.com/ytc/{spec.key.partition('/')[0]}"
    statistics: dict[str, Any] = {
        "viewCount": str(int(view.counters("views").sum())),
        "subscriberCount": str(_rounded(view.followers)),
        "hiddenSubscriberCount": spec.key in HIDES_SUBSCRIBERS,
        "videoCount": str(sum(not is_private(post) for post in view.posts())),
    }
    if statistics["hiddenSubscriberCount"]:
        del statistics["subscriberCount"]
    opened = datetime(spec.opened.year, spec.opened.month, spec.opened.day, 9, tzinfo=UTC)
    every = {
        "snippet": {
            "title": spec.title,
            "description": "Coffee from farm to cup. New videos every week.",
            "customUrl": f"@{spec.handle}",
            "publishedAt": stamp(opened),
            "thumbnails": {
                name: {"url": f"{image}=s{size}", "width": size, "height": size}
                for name, size in (("default", 88), ("medium", 240), ("high", 800))
            },
            "localized": {"title": spec.title, "description": "Coffee from farm to cup. New videos every week."},
            "country": "DE",
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": _uploads(spec)}},
        "statistics": statistics,
        "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "allowed", "madeForKids": False},
    }
    return resource("channel", spec.external_id, every, parts)


def _rounded(count: int) -> int:
    """Three digits are shown, rounded down.

    >>> _rounded(12_987), _rounded(431)
    (12900, 431)
    """
    step: int = 10 ** max(len(str(count)) - 3, 0)
    return count // step * step


def _uploads(spec: AccountSpec) -> str:
    return f"UU{spec.external_id[2:]}"


def playlist_items(call: Call) -> Reply:
    """GET /youtube/v3/playlistItems: uploads, newest first. A channel without uploads has no such playlist."""
    parts = parts_of(call, "playlistItems")
    playlist = call.arg("playlistId")
    spec = next((spec for spec in call.accounts if _uploads(spec) == playlist), None)
    posts = call.view(spec).posts() if spec else []
    if spec is None or not posts:
        said = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found."
        place = {"location": "playlistId", "locationType": "parameter"}
        raise refused(404, said, "playlistNotFound", domain="youtube.playlistItem", place=place, status="")
    size, offset = size_of(call), offset_of(call)
    page, following = call.page(posts, size, offset)
    items = [_playlist_item(spec, post, offset + place, parts) for place, post in enumerate(page)]
    return listed(call, "playlistItemListResponse", items, size, len(posts), following)


def _playlist_item(spec: AccountSpec, post: Post, position: int, parts: set[str]) -> dict[str, Any]:
    private = is_private(post)
    content = {"videoId": post.id} | ({} if private else {"videoPublishedAt": stamp(post.published_at)})
    every = {
        "snippet": {
            "publishedAt": stamp(post.published_at),
            "channelId": spec.external_id,
            "title": post.text.title,
            "description": _description(post),
            "thumbnails": _thumbnails(post),
            "channelTitle": spec.title,
            "playlistId": _uploads(spec),
            "position": position,
            "resourceId": {"kind": "youtube#video", "videoId": post.id},
        },
        "contentDetails": content,
        "status": {"privacyStatus": "private" if private else "public"},
    }
    item_id = base64.b64encode(f"{_uploads(spec)}.{post.id}".encode()).decode()
    return resource("playlistItem", item_id, every, parts)


def videos(call: Call) -> Reply:
    """GET /youtube/v3/videos?id=: up to 50; unknown ids are left out without a word."""
    parts, ids = parts_of(call, "videos"), call.names("id")
    place = {"location": "parameters.", "locationType": "other"}
    if not ids:
        said = "No filter selected. Expected one of: chart, id, myRating"
        raise refused(400, said, "missingRequiredParameter", domain="youtube.parameter", place=place)
    if len(ids) > 50:
        said = "The request specifies an invalid filter parameter."
        raise refused(400, said, "invalidFilters", domain="youtube.parameter", place=place)
    novelty, items = call.fault("new_enum"), []
    for view in [call.view(spec) for spec in call.accounts]:
        posts = [post for video in ids if (post := view.post(video))]
        rows = np.array([post.index for post in posts], dtype=np.int64)
        counts = {name: view.counters_at(name, rows, [view.now])[:, 0] for name in ("views", "likes", "comments")}
        items += [
            _video(view, post, {n: int(c[at]) for n, c in counts.items()}, parts) for at, post in enumerate(posts)
        ]
    if novelty and items and "snippet" in parts:
        items[0]["snippet"]["liveBroadcastContent"] = str(novelty.options.get("value", "HOLOGRAM"))
    return listed(call, "videoListResponse", items, len(items), len(items), None)


def _video(view: View, post: Post, counts: Mapping[str, int], parts: set[str]) -> dict[str, Any]:
    statistics = {"viewCount": str(counts["views"]), "favoriteCount": "0"}
    if not hides_likes(post):
        statistics["likeCount"] = str(counts["likes"])
    if not closes_comments(post):
        statistics["commentCount"] = str(counts["comments"])
    every = {
        "snippet": {
            "publishedAt": stamp(post.published_at),
            "channelId": view.spec.external_id,
            "title": post.text.title,
            "description": _description(post),
            "thumbnails": _thumbnails(post),
            "channelTitle": view.spec.title,
            **({"tags": [tag.removeprefix("#") for tag in post.text.hashtags]} if post.text.hashtags else {}),
            "categoryId": "26",
            "liveBroadcastContent": "none",
            "defaultLanguage": post.text.language,
            "localized": {"title": post.text.title, "description": _description(post)},
            "defaultAudioLanguage": {"de": "de", "en": "en-GB"}.get(post.text.language, post.text.language),
        },
        "contentDetails": {
            "duration": _duration(post.duration_s),
            "dimension": "2d",
            "definition": "hd",
            "caption": "false",
            "licensedContent": view.spec.key in EARNS,
            "contentRating": {},
            "projection": "rectangular",
        },
        "status": {
            "uploadStatus": "processed",
            "privacyStatus": "private" if is_private(post) else "public",
            "license": "youtube",
            "embeddable": True,
            "publicStatsViewable": not hides_likes(post),
            "madeForKids": False,
        },
        "statistics": statistics,
    }
    return resource("video", post.id, every, parts)


def _description(post: Post) -> str:
    return f"{post.text.body}\n\n{' '.join(post.text.hashtags)}".strip()


def _thumbnails(post: Post) -> dict[str, Any]:
    files = {"default": "default", "medium": "mqdefault", "high": "hqdefault", "standard": "sddefault"}
    return {
        name: {
            "url": f"https://i.ytimg.com/vi/{post.id}/{files.get(name, 'maxresdefault')}.jpg",
            "width": width,
            "height": height,
        }
        for name, (width, height) in SIZES.items()
    }


def _duration(seconds: int) -> str:
    """ISO 8601, without what is zero.

    >>> _duration(3723), _duration(60)
    ('PT1H2M3S', 'PT1M')
    """
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return "PT" + "".join(f"{value}{unit}" for value, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if value)


# The Analytics API


def reports(call: Call) -> Reply:
    """GET /v2/reports of one's own channel."""
    kind, _, channel = call.arg("ids").partition("==")
    if not channel:
        raise refused(400, "Required", "required", place={"location": "ids", "locationType": "parameter"})
    own = next((spec for spec in call.accounts if channel in {"MINE", spec.external_id}), None)
    if kind != "channel" or own is None:
        raise refused(403, "Forbidden", "forbidden")
    if set(call.names("metrics")) & set(youtube_reports.MONEY):
        _check_revenue(call, own)
    return youtube_reports.answer(call, call.view(own))


def _check_revenue(call: Call, own: AccountSpec) -> None:
    """Google answers 401 where the scope is missing, and 403 where the channel earns nothing."""
    said = "Insufficient permission to access this report."
    fault = call.faults.on(call.platform.name, "missing_scope", call.path)
    taken = fault is not None and fault.options.get("scope") == MONEY
    if taken or call.grant is None or MONEY not in call.grant.scopes:
        raise refused(401, said, "unauthorized", status="")
    if own.key not in EARNS:
        raise refused(403, said, "forbidden", status="")


_UNITS = Quota("units", 10_000, 86_400)
_LOOKING, _REPORTING = f"{READ}|{_AT}youtube|{COMMENTS}", f"{REPORT}|{MONEY}"
PLATFORM = Platform(
    name="youtube",
    title="YouTube",
    logins=(
        Login("northwind", "Northwind Coffee (@northwindcoffee)", (MAIN,)),
        Login("school", "Northwind Barista School (@northwindschool), small", (SCHOOL,)),
        Login("new", "Northwind Lab (@northwindlab), no video yet", (EMPTY,)),
        Login("nobody", "A Google login without a channel", ()),
    ),
    routes=(
        *(
            Route("GET", host, f"/youtube/v3/{name}", handler, (_LOOKING,), _UNITS)
            for host in DATA_HOSTS
            for name, handler in (("channels", channels), ("playlistItems", playlist_items), ("videos", videos))
        ),
        *(
            Route("GET", host, f"/youtube/v3/{name}", handler, (COMMENTS,), _UNITS)
            for host in DATA_HOSTS
            for name, handler in (
                ("commentThreads", youtube_comments.threads),
                ("comments", youtube_comments.comments),
            )
        ),
        Route("GET", ANALYTICS, "/v2/reports", reports, (_LOOKING, _REPORTING), Quota("reports", 720, 60)),
        Route("POST", webhooks.HUB_HOST, webhooks.HUB_PATH, webhooks.subscribe, auth=False),
    ),
    envelope=envelope,
    oauth=google_api.dialect(SCOPES),
)
