"""X (API v2): profile, own posts and their lifetime counters.

X gives no daily numbers of an account: they are made as differences of readings (`daily_from_readings`). Reads are
metered, so only posts up to 30 days old are read again, young ones more often, and new ones by `since_id`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from connectors import paging
from connectors.base import Category, Connector, Limit, OAuth2, Scope, Source, Stream, Window
from connectors.headers import answered_at
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    BudgetSpent,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.records import Account, Fact, Post, Reading, Record

if TYPE_CHECKING:
    from requests import Response

    from connectors.http import Client

VERSION = "2"
BASE_URL = "https://api.x.com/2"
QUARTER_HOUR_S = 900
PRIVATE_FOR = timedelta(days=30)
"""How long X tells the author's own counters (link and profile clicks) of a post."""

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
"""Our metric -> its names at X, current and announced ones; whichever an answer holds counts."""

FIELDS = "created_at,public_metrics,entities,attachments,lang,text"
OWN_FIELDS = FIELDS + ",non_public_metrics"
IDS_PER_READ = 100

SCOPES = (
    Scope("tweet.read", "to read your posts and their counters"),
    Scope("users.read", "to read your profile and its followers"),
    Scope("offline.access", "to keep reading when you are not here"),
)


def read_accounts(client: Client) -> Iterator[Account]:
    """The one account behind the consent."""
    user = _data(client.get("/users/me", {"user.fields": "username,name,profile_image_url"}, limit="profile"))
    yield _account(user)


def read_profile(source: Source, window: Window) -> Iterator[Record]:
    """Followers and the other stocks of the profile, as of today."""
    fields = {"user.fields": "username,name,profile_image_url,public_metrics"}
    user = _data(source.client.get("/users/me", fields, limit="profile"))
    yield _account(user)
    for metric, value in _values(user.get("public_metrics"), PROFILE):
        yield Fact(metric, window.last, value)


def read_posts(source: Source, _window: Window) -> Iterator[Record]:
    """Posts published since the newest we know (at first the newest 3,200), with their public counters."""
    newest = source.posts.newest()
    params = {"max_results": 100, "tweet.fields": FIELDS, "exclude": "retweets"}
    since = {"since_id": newest.external_id} if newest else {}
    path = f"/users/{source.account.external_id}/tweets"
    pages = paging.by_token(
        source.client, path, params | since, next_at="meta.next_token", next_param="pagination_token", limit="posts"
    )
    for page in pages:
        for tweet in _items(page):
            yield _post(tweet, source.account.handle)
            yield from _readings(tweet)


def read_counters(source: Source, window: Window) -> Iterator[Record]:
    """Counters of the posts of the last 30 days, the author's own ones included."""
    young = source.posts.published_since(window.now - PRIVATE_FOR)
    for ids in _batches([post.external_id for post in young], IDS_PER_READ):
        answer = source.client.get("/tweets", {"ids": ",".join(ids), "tweet.fields": OWN_FIELDS}, limit="lookup")
        for tweet in _items(answer):
            yield from _readings(tweet)


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


def _post(tweet: Mapping[str, Any], handle: str) -> Post:
    tags = (tweet.get("entities") or {}).get("hashtags") or ()
    return Post(
        external_id=str(tweet["id"]),
        kind="tweet",
        published_at=_moment(tweet["created_at"]),
        text=str(tweet.get("text") or ""),
        permalink=f"https://x.com/{handle}/status/{tweet['id']}",
        tags=tuple(dict.fromkeys(str(tag["tag"]).lower() for tag in tags)),
        language=str(tweet.get("lang") or ""),
    )


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


def _data(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    data = answer.get("data")
    if not isinstance(data, dict) or "id" not in data:
        raise SchemaDrift("X answered without the account.")
    return data


def _items(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The posts of an answer; X leaves `data` out when there are none."""
    data = answer.get("data", [])
    if not isinstance(data, list):
        raise SchemaDrift("X answered without a list of posts.")
    return data


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _batches(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))


def classify(response: Response) -> AppError | None:
    """The error an answer means. A 200 with `errors` only says that some posts or fields are out of reach."""
    try:
        problem = response.json()
    except ValueError:
        return None
    if not isinstance(problem, dict):
        return None
    if response.ok:
        return _account_out_of_reach(response, problem)
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    context = {"status": response.status_code, "type": kind}
    said = f"X answered: {problem.get('detail') or problem.get('title') or 'no reason given'}"
    if kind == "usage-capped":
        hint = "Raise it at X, or wait for the next month."
        return BudgetSpent("The monthly cap of reads at X is used up.", hint=hint, context=context)
    if response.status_code == 429:
        return RateLimited("X asks us to slow down.", retry_after_s=_until_reset_s(response), context=context)
    if response.status_code == 401:
        return AuthorisationExpired("X no longer accepts our login.", hint="Connect again.", context=context)
    if kind in {"client-not-enrolled", "unsupported-authentication", "client-forbidden"}:
        return BadSetting(said, hint="Check your app's project and access level at X.", context=context)
    if response.status_code == 403:
        return PermissionMissing(said, hint="Connect again and grant every permission.", context=context)
    if response.status_code >= 500:
        return SourceUnavailable("X could not answer just now.", context=context)
    return RefusedRequest(said, context=context)


def _account_out_of_reach(response: Response, body: Mapping[str, Any]) -> AppError | None:
    """A timeline with errors and neither data nor meta: the account is gone or protected, not merely silent."""
    if "/users/" not in response.url or not body.get("errors") or "data" in body or "meta" in body:
        return None
    first = body["errors"][0]
    said = str(first.get("detail") or first.get("title") or "no reason given")
    return PermissionMissing(f"X answered: {said}", hint="Check that the account still exists, then connect again.")


def _until_reset_s(response: Response) -> float:
    reset = response.headers.get("x-rate-limit-reset")
    if not reset:
        return float(response.headers.get("Retry-After") or QUARTER_HOUR_S)
    return max(1.0, float(reset) - answered_at(response).timestamp())


def limits_from(response: Response) -> dict[str, tuple[float, datetime | None]]:
    """The share used of the limit this answer belongs to, by its x-rate-limit headers; its reset is an epoch second."""
    try:
        limit = float(response.headers["x-rate-limit-limit"])
        remaining = float(response.headers["x-rate-limit-remaining"])
        reset = datetime.fromtimestamp(int(response.headers["x-rate-limit-reset"]), UTC)
    except (KeyError, ValueError):
        return {}
    return {_limit_of(response): (1 - remaining / limit if limit else 1.0, reset)}


def _limit_of(response: Response) -> str:
    path = response.url.split("?")[0]
    if path.endswith("/users/me"):
        return "profile"
    return "posts" if "/users/" in path else "lookup"


STREAMS = (
    Stream("profile", "Profile and followers", read_profile, tuple(PROFILE), windowed=False),
    Stream("posts", "Posts", read_posts, tuple(PUBLIC), windowed=False),
    Stream("counters", "Counters of recent posts", read_counters, (*PUBLIC, *PRIVATE), windowed=False),
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
        setup_steps=(
            "Create a project and an app in the X developer portal.",
            "Under 'User authentication settings' choose 'Web App' with read permission.",
            "Enter the redirect address below as callback URI, and copy client id and client secret.",
        ),
    ),
    api_version=VERSION,
    base_url=BASE_URL,
    limits=(
        Limit("profile", 75, QUARTER_HOUR_S),
        Limit("posts", 900, QUARTER_HOUR_S),
        Limit("lookup", 900, QUARTER_HOUR_S),
    ),
    streams=STREAMS,
    accounts=read_accounts,
    classify=classify,
    limits_from=limits_from,
    day_zone="UTC",
    every=timedelta(hours=2),
    young_posts=((timedelta(days=2), timedelta(hours=2)), (PRIVATE_FOR, timedelta(hours=12))),
    daily_from_readings={metric: metric for metric in (*PUBLIC, *PRIVATE)},
    cost_per_read=0.005,
)
