"""X (API v2): profile, own posts and their lifetime counters; mentions, where a person wants them.

X gives no daily numbers of an account: they are made as differences of readings (`daily_from_readings`). Every post
read costs money, once a day (UTC): so posts are asked for from the last reading on, only those up to 30 days old are
read again, media and authors are not read at all, and the past is read bit by bit, as far back as a person chose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors import paging
from connectors.base import ApiVersion, Category, Connector, Limit, OAuth2, Scope, Source, Stream, Window
from connectors.x_answers import QUARTER_HOUR_S, classify, comment, items, limits_from, post, values
from connectors.x_costs import DETAILS_EVERY, TARIFF
from core.errors import NotOffered, SchemaDrift
from core.ports import KnownPost
from core.records import Account, Coverage, Fact, Reading, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

VERSION = "2"
BASE_URL = "https://api.x.com/2"
YOUNG, OLDER_EVERY = timedelta(days=2), timedelta(hours=6)
PRIVATE_FOR = timedelta(days=30)
"""How long X tells the author's own counters (link and profile clicks) of a post."""
OVERLAP = timedelta(minutes=10)
"""X may show a post a little later than it came out; reading it twice on one day costs nothing."""
MENTIONS_AT_FIRST = timedelta(days=7)
PER_PAGE, FEWEST, IDS_PER_READ = 100, 5, 100

PROFILE = {
    "followers": ("followers_count",),
    "following": ("following_count",),
    "posts_total": ("tweet_count", "post_count"),
    "listed": ("listed_count",),
}
PUBLIC = {
    "impressions": ("impression_count",),
    "views": ("impression_count",),
    "likes": ("like_count",),
    "reposts": ("retweet_count", "repost_count"),
    "replies": ("reply_count",),
    "quotes": ("quote_count",),
    "bookmarks": ("bookmark_count",),
}
PRIVATE = {
    "link_clicks": ("url_link_clicks",),
    "profile_clicks": ("user_profile_clicks",),
    "interactions": ("engagements",),
}
DETAILS = {"follows": ("follows",), "media_views": ("media_views",), "detail_expands": ("detail_expands",)}
"""Our metric -> its names at X, current and announced ones; whichever an answer holds counts."""

POST_FIELDS = "tweet.fields"
"""X announced `post.fields` with specification 2.167; live answers still go by this name."""
ABOUT_POSTS = ("created_at", "public_metrics", "entities", "attachments", "lang", "referenced_tweets")
ABOUT_MENTIONS = ("created_at", "public_metrics", "lang", "referenced_tweets", "in_reply_to_user_id", "conversation_id")
COUNTERS = ("public_metrics", "non_public_metrics")

SCOPES = (
    Scope("tweet.read", "Read your posts and their counters, and mentions of you if you want them."),
    Scope("users.read", "Read your profile and its followers."),
    Scope("offline.access", "Keep reading when you are not here."),
)
SETUP_STEPS = (
    "Create a project and an app in the X developer portal.",
    "Under 'User authentication settings' choose 'Web App' with read permission.",
    "Enter the redirect address below as callback URI, and copy client id and client secret.",
)


def read_accounts(client: Client) -> Iterator[Account]:
    """The one account behind the consent."""
    yield _account(_me(client, "username,name,profile_image_url"))


def read_profile(source: Source, window: Window) -> Iterator[Record]:
    """Followers and the other stocks of the profile, as of today."""
    user = _me(source.client, "username,name,profile_image_url,public_metrics")
    if not isinstance(user.get("public_metrics"), dict):
        raise SchemaDrift("X answered without the counters of the profile.")
    yield _account(user)
    for metric, value in values(user["public_metrics"], PROFILE):
        yield Fact(metric, window.last, value)


def read_posts(source: Source, window: Window) -> Iterator[Record]:
    """Posts published since the last reading, at first those of the last 30 days, with their public counters."""
    earliest = window.now - PRIVATE_FOR
    begin = max(source.since - OVERLAP, earliest) if source.since else earliest
    yield from _published(source, start_time=_stamp(begin))


def read_past(source: Source, window: Window) -> Iterator[Record]:
    """The same of the days of a window: how history is read, and what was missed meanwhile."""
    begin = datetime.combine(window.first, time(), UTC)
    end = datetime.combine(window.last, time(), UTC) + timedelta(days=1)
    if begin < window.now:
        until = {"end_time": _stamp(end)} if end < window.now else {}
        yield from _published(source, start_time=_stamp(begin), **until)


def _published(source: Source, **span: str) -> Iterator[Record]:
    path = f"/users/{source.account.external_id}/tweets"
    for tweet in _paged(source, path, "posts", {POST_FIELDS: ",".join(ABOUT_POSTS), "exclude": "retweets", **span}):
        yield post(tweet, source.account.handle)
        yield from _readings(tweet)


def read_mentions(source: Source, window: Window) -> Iterator[Record]:
    """What others wrote to or about the account since the last reading, at first in the last week."""
    begin = source.since - OVERLAP if source.since else window.now - MENTIONS_AT_FIRST
    account_id = source.account.external_id
    params = {POST_FIELDS: ",".join(ABOUT_MENTIONS), "start_time": _stamp(begin)}
    for tweet in _paged(source, f"/users/{account_id}/mentions", "mentions", params):
        yield comment(tweet, account_id)


def _paged(source: Source, path: str, limit: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """The posts of all pages. A page is no bigger than the budget holds, so that its last part can be used, too."""
    size = min(PER_PAGE, max(FEWEST, source.client.room("post")))
    full, token = {"max_results": size, **params}, "pagination_token"
    for page in paging.by_token(source.client, path, full, next_at="meta.next_token", next_param=token, limit=limit):
        yield from items(page)


def _stamp(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"


def read_young(source: Source, window: Window) -> Iterator[Record]:
    """Counters of the posts of the last two days, the author's own ones included."""
    yield from _counters(source, source.posts.published_since(window.now - YOUNG), window)


def read_older(source: Source, window: Window) -> Iterator[Record]:
    """The same of posts two to 30 days old, which change slowly."""
    known = source.posts.published_since(window.now - PRIVATE_FOR)
    yield from _counters(source, (one for one in known if one.published_at < window.now - YOUNG), window)


def _counters(source: Source, posts: Iterable[KnownPost], window: Window) -> Iterator[Record]:
    ask = _Asking(source.client, "/tweets", POST_FIELDS, COUNTERS, "lookup")
    for batch in _batches(posts):
        for tweet in items(ask.about(batch)):
            yield from _readings(tweet)
    if refusal := ask.refused.get("non_public_metrics"):
        yield from _not_offered(PRIVATE, window, refusal)


def read_details(source: Source, window: Window) -> Iterator[Record]:
    """What only analytics knows of posts: their totals from publication until now."""
    fields = tuple(name for names in DETAILS.values() for name in names)
    ask = _Asking(source.client, "/tweets/analytics", "analytics.fields", ("id", *fields), "analytics")
    for batch in _batches(source.posts.published_since(window.now - PRIVATE_FOR)):
        span = {
            "start_time": _stamp(min(known.published_at for known in batch)),
            "end_time": _stamp(window.now),
            "granularity": "total",
        }
        for item in items(ask.about(batch, **span)):
            yield from _details(item)
    for metric, names in DETAILS.items():
        if refusal := ask.refused.get(names[0]):
            yield from _not_offered((metric,), window, refusal)


def _details(item: Mapping[str, Any]) -> Iterator[Reading]:
    buckets = [bucket.get("metrics") or {} for bucket in item.get("timestamped_metrics") or [{"metrics": item}]]
    for metric in DETAILS:
        if found := [value for bucket in buckets for name, value in values(bucket, DETAILS) if name == metric]:
            yield Reading(str(item["id"]), metric, sum(found))


class _Asking:
    """Asks about up to 100 posts at a time. A field that X refuses is left out from then on, and remembered."""

    def __init__(self, client: Client, path: str, parameter: str, fields: Sequence[str], limit: str) -> None:
        self.refused: dict[str, str] = {}
        self._get = partial(client.get, path, limit=limit)
        self._parameter, self._fields = parameter, fields

    def about(self, posts: Sequence[KnownPost], **params: str) -> dict[str, Any]:
        fields = [field for field in self._fields if field not in self.refused]
        ids = ",".join(post.external_id for post in posts)
        try:
            return self._get({"ids": ids, self._parameter: ",".join(fields), **params})
        except NotOffered as refusal:
            bad = set(refusal.metrics).intersection(fields)
            if not bad or bad.issuperset(fields):
                raise
            self.refused |= dict.fromkeys(bad, refusal.message)
        return self.about(posts, **params)


def _not_offered(metrics: Iterable[str], window: Window, reason: str) -> Iterator[Coverage]:
    for metric in metrics:
        yield Coverage(metric, window.first, window.last, State.NOT_OFFERED, reason)


def _me(client: Client, fields: str) -> Mapping[str, Any]:
    user = client.get("/users/me", {"user.fields": fields}, limit="profile").get("data")
    if not isinstance(user, dict) or not {"id", "username"} <= user.keys():
        raise SchemaDrift("X answered without the account.")
    return user


def _account(user: Mapping[str, Any]) -> Account:
    handle = str(user["username"])
    return Account(
        external_id=str(user["id"]),
        name=str(user.get("name") or handle),
        handle=handle,
        url=f"https://x.com/{handle}",
        picture_url=str(user.get("profile_image_url") or ""),
        kind="profile",
        time_zone="UTC",
    )


def _readings(tweet: Mapping[str, Any]) -> Iterator[Reading]:
    for metric, value in values(tweet.get("public_metrics"), PUBLIC):
        yield Reading(str(tweet["id"]), metric, value)
    for metric, value in values(tweet.get("non_public_metrics"), PRIVATE):
        yield Reading(str(tweet["id"]), metric, value)


def _batches(posts: Iterable[KnownPost]) -> Iterator[list[KnownPost]]:
    """Posts that X can know, a hundred at a time."""
    known = [one for one in posts if one.external_id.isdigit()]
    return (known[start : start + IDS_PER_READ] for start in range(0, len(known), IDS_PER_READ))


_READ_SCOPES = ("tweet.read", "users.read")
_NOW = partial(Stream, windowed=False, scopes=_READ_SCOPES)
STREAMS = (
    _NOW("profile", "Profile and followers", read_profile, tuple(PROFILE)),
    _NOW("posts", "New posts", read_posts, tuple(PUBLIC)),
    _NOW("counters", "Counters of new posts", read_young, (*PUBLIC, *PRIVATE), posts_until=YOUNG),
    _NOW("older_counters", "Counters of older posts", read_older, (*PUBLIC, *PRIVATE), posts_until=PRIVATE_FOR),
    _NOW("details", "Details of recent posts", read_details, tuple(DETAILS), every=DETAILS_EVERY),
    Stream(
        "past_posts",
        "Posts of the past",
        read_past,
        tuple(PUBLIC),
        window_days=30,
        history_days=3650,
        lookback_days=2,
        settles_after=timedelta(0),
        every=timedelta(days=1),
        scopes=_READ_SCOPES,
        lifetime=True,
    ),
    _NOW(
        "mentions",
        "Mentions and replies",
        read_mentions,
        every=timedelta(hours=6),
        optional="What others write to you and about you.",
    ),
)

CONNECTOR = Connector(
    platform="x",
    title="X",
    category=Category.SOCIAL,
    brings="Followers, posts and their counters; daily numbers from the first day of the connection on.",
    auth=OAuth2(
        authorize_url="https://x.com/i/oauth2/authorize",
        token_url=f"{BASE_URL}/oauth2/token",
        scopes=SCOPES,
        pkce=True,
        client_auth="client_secret_basic",
        setup_url="https://developer.x.com/en/portal/dashboard",
        setup_steps=SETUP_STEPS,
    ),
    api_version=ApiVersion(VERSION),
    base_url=BASE_URL,
    limits=(
        Limit("profile", 75, QUARTER_HOUR_S),
        Limit("posts", 900, QUARTER_HOUR_S),
        Limit("lookup", 900, QUARTER_HOUR_S),
        Limit("mentions", 300, QUARTER_HOUR_S),
        Limit("analytics", 300, QUARTER_HOUR_S),
    ),
    streams=STREAMS,
    accounts=read_accounts,
    classify=classify,
    limits_from=limits_from,
    day_zone="UTC",
    every=timedelta(hours=2),
    young_posts=((YOUNG, timedelta(hours=2)), (PRIVATE_FOR, OLDER_EVERY)),
    daily_from_readings={metric: metric for metric in (*PUBLIC, *PRIVATE)},
    tariff=TARIFF,
)
