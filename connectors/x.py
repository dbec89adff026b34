"""X (API v2): profile, own posts and their lifetime counters.

X gives no daily numbers of an account: they are made as differences of readings (`daily_from_readings`). Reads are
metered, so new posts are asked for by `since_id`, and only posts up to 30 days old are read again: those of the last
two days on every sync, older ones every six hours, and what analytics alone knows once a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors import paging
from connectors.base import Category, Connector, Limit, OAuth2, Scope, Source, Stream, Window
from connectors.x_answers import QUARTER_HOUR_S, classify, limits_from
from core.errors import NotOffered, SchemaDrift
from core.ports import KnownPost
from core.records import Account, Coverage, Fact, Post, Reading, Record, State

if TYPE_CHECKING:
    from connectors.http import Client

VERSION = "2"
BASE_URL = "https://api.x.com/2"
YOUNG, OLDER_EVERY = timedelta(days=2), timedelta(hours=6)
PRIVATE_FOR = timedelta(days=30)
"""How long X tells the author's own counters (link and profile clicks) of a post."""
BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
IDS_PER_READ = 100

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
REFERENCES = ("referenced_tweets", "referenced_posts")
KINDS = {"photo": "image", "animated_gif": "image", "video": "video"}
ABOUT_POSTS = ("created_at", "public_metrics", "entities", "attachments", "lang", "referenced_tweets")
COUNTERS = ("public_metrics", "non_public_metrics")

SCOPES = (
    Scope("tweet.read", "to read your posts and their counters"),
    Scope("users.read", "to read your profile and its followers"),
    Scope("offline.access", "to keep reading when you are not here"),
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
    for metric, value in _values(user["public_metrics"], PROFILE):
        yield Fact(metric, window.last, value)


def read_posts(source: Source, window: Window) -> Iterator[Record]:
    """Posts published since the newest we know (at first the newest 3,200), with their public counters."""
    params = {
        "max_results": 100,
        POST_FIELDS: ",".join(ABOUT_POSTS),
        "expansions": "attachments.media_keys",
        "media.fields": "type",
        "exclude": "retweets",
        **_since(source, window),
    }
    path = f"/users/{source.account.external_id}/tweets"
    for page in paging.by_token(
        source.client, path, params, next_at="meta.next_token", next_param="pagination_token", limit="posts"
    ):
        media = {item["media_key"]: str(item["type"]) for item in paging.inside(page, "includes.media") or ()}
        for tweet in _items(page):
            yield _post(tweet, source.account.handle, media)
            yield from _readings(tweet)


def _since(source: Source, window: Window) -> dict[str, str]:
    """From where on to read. A post that is no post of X, or of the future, would hide all others for ever."""
    for post in source.posts.published_since(BEGINNING):
        if post.external_id.isdigit() and post.published_at <= window.now:
            return {"since_id": post.external_id}
    return {}


def read_young(source: Source, window: Window) -> Iterator[Record]:
    """Counters of the posts of the last two days, the author's own ones included."""
    yield from _counters(source, source.posts.published_since(window.now - YOUNG), window)


def read_older(source: Source, window: Window) -> Iterator[Record]:
    """The same of posts two to 30 days old, which change slowly."""
    known = source.posts.published_since(window.now - PRIVATE_FOR)
    yield from _counters(source, (post for post in known if post.published_at < window.now - YOUNG), window)


def _counters(source: Source, posts: Iterable[KnownPost], window: Window) -> Iterator[Record]:
    ask = _Asking(source.client, "/tweets", POST_FIELDS, COUNTERS, "lookup")
    for batch in _batches(posts):
        for tweet in _items(ask.about(batch)):
            yield from _readings(tweet)
    if refusal := ask.refused.get("non_public_metrics"):
        yield from _not_offered(PRIVATE, window, refusal)


def read_details(source: Source, window: Window) -> Iterator[Record]:
    """What only analytics knows of posts: their totals from publication until now."""
    fields = tuple(name for names in DETAILS.values() for name in names)
    ask = _Asking(source.client, "/tweets/analytics", "analytics.fields", ("id", *fields), "analytics")
    for batch in _batches(source.posts.published_since(window.now - PRIVATE_FOR)):
        span = {
            "start_time": f"{min(post.published_at for post in batch):%Y-%m-%dT%H:%M:%SZ}",
            "end_time": f"{window.now:%Y-%m-%dT%H:%M:%SZ}",
            "granularity": "total",
        }
        for item in _items(ask.about(batch, **span)):
            yield from _details(item)
    for metric, names in DETAILS.items():
        if refusal := ask.refused.get(names[0]):
            yield from _not_offered((metric,), window, refusal)


def _details(item: Mapping[str, Any]) -> Iterator[Reading]:
    buckets = [bucket.get("metrics") or {} for bucket in item.get("timestamped_metrics") or [{"metrics": item}]]
    for metric in DETAILS:
        if found := [value for bucket in buckets for name, value in _values(bucket, DETAILS) if name == metric]:
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


def _post(tweet: Mapping[str, Any], handle: str, media: Mapping[str, str]) -> Post:
    tags = paging.inside(tweet, "entities.hashtags") or ()
    return Post(
        external_id=str(tweet["id"]),
        kind=_kind(tweet, media),
        published_at=_moment(tweet.get("created_at")),
        text=str(tweet.get("text") or ""),
        permalink=f"https://x.com/{handle}/status/{tweet['id']}",
        tags=tuple(dict.fromkeys(str(tag["tag"]).lower() for tag in tags)),
        language=str(tweet.get("lang") or ""),
    )


def _kind(tweet: Mapping[str, Any], media: Mapping[str, str]) -> str:
    """Reply, image, video, or else tweet; a kind of media nobody has seen keeps its name."""
    references = next((tweet[name] for name in REFERENCES if name in tweet), ())
    if any(reference.get("type") == "replied_to" for reference in references):
        return "reply"
    keys = paging.inside(tweet, "attachments.media_keys") or ()
    kind = next((media[key] for key in keys if key in media), "")
    return KINDS.get(kind, kind.lower()) or "tweet"


def _readings(tweet: Mapping[str, Any]) -> Iterator[Reading]:
    for metric, value in _values(tweet.get("public_metrics"), PUBLIC):
        yield Reading(str(tweet["id"]), metric, value)
    for metric, value in _values(tweet.get("non_public_metrics"), PRIVATE):
        yield Reading(str(tweet["id"]), metric, value)


def _values(counters: Mapping[str, Any] | None, names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float]]:
    """What the answer holds; a counter that is not there is missing, not 0."""
    for metric, fields in names.items():
        found = next((counters[field] for field in fields if field in counters), None) if counters else None
        if isinstance(found, int | float):
            yield metric, float(found)


def _items(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The posts of an answer. X leaves `data` out when there are none, and then says how many or why."""
    data = answer.get("data", [] if {"meta", "errors"} & answer.keys() else None)
    if not isinstance(data, list) or not all(isinstance(item, dict) and "id" in item for item in data):
        raise SchemaDrift("X answered without a list of posts.")
    return data


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise SchemaDrift("X sent a moment in a form we do not know.") from None


def _batches(posts: Iterable[KnownPost]) -> Iterator[list[KnownPost]]:
    """Posts that X can know, a hundred at a time."""
    known = [post for post in posts if post.external_id.isdigit()]
    return (known[start : start + IDS_PER_READ] for start in range(0, len(known), IDS_PER_READ))


_NOW = partial(Stream, windowed=False, scopes=("tweet.read", "users.read"))
STREAMS = (
    _NOW("profile", "Profile and followers", read_profile, tuple(PROFILE)),
    _NOW("posts", "Posts", read_posts, tuple(PUBLIC)),
    _NOW("counters", "Counters of new posts", read_young, (*PUBLIC, *PRIVATE)),
    _NOW("older_counters", "Counters of older posts", read_older, (*PUBLIC, *PRIVATE), every=OLDER_EVERY),
    _NOW("details", "Details of recent posts", read_details, tuple(DETAILS), every=timedelta(days=1)),
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
    api_version=VERSION,
    base_url=BASE_URL,
    limits=(
        Limit("profile", 75, QUARTER_HOUR_S),
        Limit("posts", 900, QUARTER_HOUR_S),
        Limit("lookup", 900, QUARTER_HOUR_S),
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
    cost_per_read=0.005,
)
