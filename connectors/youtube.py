"""YouTube channels: profile, videos and counters by the Data API, days and splits by the Analytics API.

Days are Pacific days; YouTube shows one two to three days late and corrects it for some days more. The Analytics API
refuses a whole report for one metric it does not know: we leave that one out and say why. It gives countries only for
a whole span, so each day is asked for by itself. What a channel hides is missing from an answer; that is not 0.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from connectors import google_api, webhooks, youtube_api, youtube_comments
from connectors.base import ApiVersion, Category, Connector, Limit, OAuth2, Scope, Source, Stream, Window
from connectors.google_api import calendar_day, days_of, moment, number, seconds
from connectors.paging import inside
from connectors.youtube_api import PAGE, Cells, Reports, Row, channels, classify, find_channel, picture, plain, uploads
from core.clock import day_end, local_day
from core.errors import PermissionMissing
from core.language import mark
from core.records import Account, Coverage, Fact, Member, Post, Reading, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

VERSION = "Data API v3, Analytics API v2"
ZONE, CURRENCY = "America/Los_Angeles", "USD"
LATE, CORRECTED_DAYS = timedelta(hours=72), 7
BEGIN, YOUNG = datetime(2005, 2, 14, tzinfo=UTC), timedelta(days=28)
VIDEOS_PER_REPORT = 200

PROFILE = {"subscriberCount": "followers", "videoCount": "posts_total", "viewCount": "lifetime_views"}
"""YouTube rounds subscriberCount down to three digits."""
COUNTERS = {"viewCount": "views", "likeCount": "likes", "commentCount": "comments"}
SHORT_UNTIL_S = ((datetime(2024, 10, 15, tzinfo=UTC), 180), (datetime(2021, 7, 13, tzinfo=UTC), 60))
"""Since when videos of up to how many seconds are Shorts. No field says which ones are."""

RETENTION = "averageViewPercentage"
UNITS = {
    "views": ("views", 1),
    "estimatedMinutesWatched": ("watch_time", 60),
    "likes": ("likes", 1),
    "dislikes": ("dislikes", 1),
    "comments": ("comments", 1),
    "shares": ("shares", 1),
    "subscribersGained": ("followers_gained", 1),
    "subscribersLost": ("followers_lost", 1),
    "estimatedRevenue": ("revenue", 1),
}
"""Field of a report -> our metric, and how many of our units one of theirs is."""
SEEN = ("views", "estimatedMinutesWatched")
DAILY = (*SEEN, RETENTION, "likes", "dislikes", "comments", "shares", "subscribersGained", "subscribersLost")
OF_COUNTRIES = (*SEEN, "subscribersGained", "subscribersLost")
OF_CONTENT = (*SEEN, RETENTION, "likes", "comments", "shares")
VIEWERS = ("viewerPercentage",)
OF_VIDEOS = (*SEEN, RETENTION, "shares", "dislikes")

DEVICES = {"mobile": "mobile", "desktop": "desktop", "tablet": "tablet", "tv": "tv"}
CONTENT_KINDS = {"videoondemand": "video", "shorts": "short", "livestream": "live", "story": "story"}
GENDERS, NOWHERE = {"female": "F", "male": "M"}, "ZZ"


@dataclass(frozen=True, slots=True)
class Split:
    """A way YouTube divides a day: its dimension, ours, what it gives, and how its names become our keys."""

    field: str
    dimension: str
    fields: tuple[str, ...]
    key: Callable[[str], str]


DEVICE = Split("deviceType", "device", SEEN, lambda name: DEVICES.get(plain(name), "other"))
TRAFFIC = Split("insightTrafficSourceType", "traffic_source", SEEN, str.lower)
CONTENT = Split("creatorContentType", "content_kind", OF_CONTENT, lambda name: CONTENT_KINDS.get(plain(name), "other"))
COUNTRY = Split("country", "country", OF_COUNTRIES, lambda name: name if re.fullmatch("[A-Z]{2}", name) else NOWHERE)


def read_accounts(client: Client) -> Iterator[Account]:
    """The channels of the login; a Google login without a channel has none."""
    return (_account(channel) for channel in channels(client, "snippet"))


def read_channel(source: Source, window: Window) -> Iterator[Record]:
    """Name and picture, and how many subscribers, videos and views there are now."""
    channel = find_channel(source, "snippet,statistics")
    yield _account(channel)
    statistics = dict(channel.get("statistics") or {})
    if statistics.get("hiddenSubscriberCount"):
        statistics["subscriberCount"] = None
        reason = mark("The channel hides how many subscribers it has.")
        yield Coverage("followers", window.first, window.last, State.NOT_OFFERED, reason)
    for field, metric in PROFILE.items():
        if (value := number(statistics.get(field))) is not None:
            yield Fact(metric, window.last, value)


def read_videos(source: Source, window: Window, younger: timedelta | None = None) -> Iterator[Record]:
    """Published videos with their lifetime counters as they are now; all, or only the `younger` ones."""
    ids = uploads(source, window.now - younger if younger else BEGIN)
    while batch := ",".join(islice(ids, PAGE)):
        asked = {"part": "snippet,statistics,contentDetails,status", "id": batch}
        for video in source.client.get("/videos", asked).get("items") or ():
            if _is_published(video):
                yield from _video(video)


def read_activity(source: Source, window: Window) -> Iterator[Record]:
    """What the channel got on each day."""
    reports = Reports(source)
    for (day,), cells in reports.ask(DAILY, "day", window.first, window.last).items():
        yield from (Fact(metric, calendar_day(day), value) for metric, value in _metrics(cells))
    for field, reason in reports.refused.items():
        for metric in (*_named((field,)), *(("retention_sum",) if field in {RETENTION, "views"} else ())):
            yield Coverage(metric, window.first, window.last, State.NOT_OFFERED, reason)


def read_split(source: Source, window: Window, split: Split) -> Iterator[Record]:
    """What the channel got on each day, divided."""
    reports = Reports(source)
    table = reports.ask(split.fields, f"day,{split.field}", window.first, window.last)
    reports.raise_if_all_refused(split.fields)
    yield from _divided(((calendar_day(day), name, cells) for (day, name), cells in table.items()), split)


def read_countries(source: Source, window: Window) -> Iterator[Record]:
    """What the channel got in each country, one day at a time."""
    reports, yesterday = Reports(source), local_day(window.now, ZONE) - timedelta(days=1)
    for day in days_of(window.first, min(window.last, yesterday)):
        table = reports.ask(COUNTRY.fields, COUNTRY.field, day, day)
        reports.raise_if_all_refused(COUNTRY.fields)
        yield from _divided(((day, name, cells) for (name,), cells in table.items()), COUNTRY)


def _divided(rows: Iterable[tuple[date, str, Cells]], split: Split) -> Iterator[Fact]:
    """Rows as facts of members. Several names of YouTube's that are one to us are added up."""
    summed = defaultdict[tuple[date, str, str], float](float)
    for day, name, cells in rows:
        for metric, value in _metrics(cells):
            summed[day, split.key(name), metric] += value
    for (day, key, metric), value in summed.items():
        yield Fact(metric, day, value, Member(split.dimension, key, "Unknown" if key == NOWHERE else ""))


def read_viewers(source: Source, window: Window) -> Iterator[Record]:
    """The share of each age and gender in a month's signed-in viewers; shares of days cannot be added up."""
    reports, today = Reports(source), local_day(window.now, ZONE)
    for month in sorted({day.replace(day=1) for day in days_of(window.first, min(window.last, today))}):
        last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), today)
        shares = defaultdict[str, float](float)
        for (age, gender), cells in reports.ask(VIEWERS, "ageGroup,gender", month, last).items():
            years = re.fullmatch(r"age(\d+)-(\d*)", age)
            band = "" if years is None else f"{years[1]}-{years[2]} " if years[2] else f"{years[1]}+ "
            shares[band + GENDERS.get(gender.lower(), "U")] += sum(cells.values()) / 100
        reports.raise_if_all_refused(VIEWERS)
        for key, share in shares.items():
            yield Fact("viewer_share", month, round(min(share, 1), 6), Member("age_gender", key), "month")


def read_revenue(source: Source, window: Window) -> Iterator[Record]:
    """Estimated revenue of each day. A channel that earns nothing is refused, which must not stop other streams."""
    reports = Reports(source)
    try:
        table = reports.ask(("estimatedRevenue",), "day", window.first, window.last, currency=CURRENCY)
    except PermissionMissing as refusal:
        yield Coverage("revenue", window.first, window.last, State.NOT_PERMITTED, str(refusal))
        return
    reports.raise_if_all_refused(("estimatedRevenue",))
    for (day,), cells in table.items():
        yield from (Fact(metric, calendar_day(day), value) for metric, value in _metrics(cells))


def read_video_reports(source: Source, window: Window) -> Iterator[Record]:
    """Watch time, retention, shares and dislikes over a video's life, as they were when the last sure day ended."""
    last = local_day(window.now - LATE, ZONE) - timedelta(days=1)
    reports, captured_at = Reports(source), day_end(last, ZONE)
    known = (post for post in source.posts.published_since(BEGIN) if post.published_at < captured_at)
    ids = (post.external_id for post in known if re.fullmatch(r"[\w-]{1,24}", post.external_id))
    while batch := list(islice(ids, VIDEOS_PER_REPORT)):
        more = {"filters": f"video=={','.join(batch)}", "maxResults": str(VIDEOS_PER_REPORT)}
        for (video,), cells in reports.ask(OF_VIDEOS, "video", BEGIN.date(), last, **more).items():
            for metric, value in _metrics(cells):
                if metric != "views" and video in batch:
                    yield Reading(video, metric, value, captured_at)


def _account(channel: Row) -> Account:
    snippet, channel_id = channel.get("snippet") or {}, str(channel["id"])
    handle = str(snippet.get("customUrl") or "")
    return Account(
        external_id=channel_id,
        name=str(snippet.get("title") or channel_id),
        handle=handle.removeprefix("@"),
        url=f"https://www.youtube.com/{handle or f'channel/{channel_id}'}",
        picture_url=picture(snippet),
        kind="channel",
        time_zone=ZONE,
        currency=CURRENCY,
    )


def _is_published(video: Row) -> bool:
    upcoming = inside(video, "snippet.liveBroadcastContent") == "upcoming"
    return not upcoming and inside(video, "status.privacyStatus") != "private"


def _video(video: Row) -> Iterator[Record]:
    snippet, video_id = video.get("snippet") or {}, str(video["id"])
    published_at, length_s = moment(snippet.get("publishedAt")), seconds(inside(video, "contentDetails.duration"))
    text = "\n".join(str(snippet.get(name) or "") for name in ("title", "description")).strip()
    tags = [*(snippet.get("tags") or ()), *re.findall(r"#(\w+)", text)]
    longest_short = next((length for since, length in SHORT_UNTIL_S if published_at >= since), 0)
    yield Post(
        external_id=video_id,
        kind="short" if length_s and length_s <= longest_short else "video",
        published_at=published_at,
        text=text,
        permalink=f"https://www.youtube.com/watch?v={video_id}",
        thumbnail_url=picture(snippet),
        duration_s=length_s,
        tags=tuple(dict.fromkeys(str(tag).lower().lstrip("#") for tag in tags)),
        language=str(snippet.get("defaultAudioLanguage") or snippet.get("defaultLanguage") or "").split("-")[0],
    )
    for field, metric in COUNTERS.items():
        if (value := number(inside(video, f"statistics.{field}"))) is not None:
            yield Reading(video_id, metric, value)


def _metrics(cells: Cells) -> Iterator[tuple[str, float]]:
    """A row of a report in our metrics and units."""
    yield from ((UNITS[field][0], value * UNITS[field][1]) for field, value in cells.items() if field in UNITS)
    if RETENTION in cells and "views" in cells:
        yield "retention_sum", cells[RETENTION] / 100 * cells["views"]


def _named(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(metric for metric, _ in _metrics(dict.fromkeys(fields, 0.0)))


_AT = "https://www.googleapis.com/auth/"
READ, ANALYTICS, MONEY = f"{_AT}youtube.readonly", f"{_AT}yt-analytics.readonly", f"{_AT}yt-analytics-monetary.readonly"
LOOK = f"{READ}|{youtube_comments.SCOPE}"
DATA, REPORT = (LOOK,), (LOOK, f"{ANALYTICS}|{MONEY}")
AUTH = OAuth2(
    authorize_url=google_api.AUTHORIZE_URL,
    token_url=google_api.TOKEN_URL,
    scopes=(
        Scope(READ, "See the channel, its videos and their counters."),
        Scope(ANALYTICS, "Read views, watch time, viewers and traffic sources by day."),
        Scope(MONEY, "Read what the channel earns. Everything else works without it."),
        Scope(youtube_comments.SCOPE, youtube_comments.WHY),
    ),
    pkce=True,
    extra_params=google_api.OFFLINE,
    setup_url="https://console.cloud.google.com/apis/credentials",
    setup_steps=(
        "Create a project in the Google Cloud console; enable YouTube Data API v3 and YouTube Analytics API.",
        "Set up the consent screen and publish it: while it is in testing, every consent ends after 7 days.",
        "Create an OAuth client of type Web application with the redirect address shown here; copy its id and secret.",
    ),
)
DAY, HALF_DAY = timedelta(days=1), timedelta(hours=12)
COUNTED, VIDEO_METRICS = tuple(COUNTERS.values()), tuple(name for name in _named(OF_VIDEOS) if name != "views")
_now = partial(Stream, windowed=False)
_days_of = partial(Stream, lookback_days=CORRECTED_DAYS, settles_after=LATE, scopes=REPORT)
_split = partial(_days_of, window_days=180, every=HALF_DAY)
_months = partial(_days_of, window_days=365, lookback_days=35)
_young = partial(read_videos, younger=YOUNG)
STREAMS = (
    _now("channel", "Subscribers and totals", read_channel, tuple(PROFILE.values()), scopes=DATA),
    _now("videos", "Videos", read_videos, COUNTED, every=DAY, scopes=DATA),
    _now("young_videos", "Videos of the last weeks", _young, COUNTED, scopes=DATA),
    _now("video_reports", "Watch time of videos", read_video_reports, VIDEO_METRICS, every=DAY, scopes=REPORT),
    _days_of("activity", "Activity by day", read_activity, _named(DAILY), window_days=365, history_days=1825),
    _split("devices", "Devices", partial(read_split, split=DEVICE), _named(SEEN)),
    _split("traffic_sources", "Traffic sources", partial(read_split, split=TRAFFIC), _named(SEEN)),
    _split("content_kinds", "Videos, Shorts and live", partial(read_split, split=CONTENT), _named(OF_CONTENT)),
    _split("countries", "Countries", read_countries, _named(OF_COUNTRIES), window_days=30, history_days=90),
    _months("viewers", "Age and gender", read_viewers, ("viewer_share",), every=DAY),
    _months("revenue", "Revenue", read_revenue, ("revenue",), scopes=(LOOK, MONEY)),
    youtube_comments.STREAM,
)
CONNECTOR = Connector(
    platform="youtube",
    title="YouTube",
    category=Category.SOCIAL,
    brings="Views, watch time, retention, subscribers, videos and Shorts, viewers, traffic sources and revenue.",
    auth=AUTH,
    api_version=ApiVersion(VERSION),
    base_url=youtube_api.DATA_URL,
    limits=(Limit(youtube_api.UNITS_LIMIT, 10_000, 86_400), Limit(youtube_api.REPORTS_LIMIT, 600, 60)),
    streams=STREAMS,
    accounts=read_accounts,
    classify=classify,
    day_zone=ZONE,
    young_posts=((timedelta(days=2), timedelta(hours=1)), (YOUNG, DAY)),
    webhook=webhooks.websub(youtube_api.FEED, wakes=("young_videos",)),
)
