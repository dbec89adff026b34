"""What X's answers mean: problem objects, partial answers, rate-limit headers, posts and mentions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connectors import paging
from connectors.headers import answered_at, retry_after_s, within_reason
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    BudgetSpent,
    CapReached,
    NotOffered,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.language import mark
from core.records import Comment, Post

if TYPE_CHECKING:
    from requests import Response

NOT_A_PLUGIN = True
QUARTER_HOUR_S = 900
CAPPED = mark(
    "Reading goes on by itself once X counts anew; it is tried once a day. You can raise the limit in X's developer "
    "portal. Nothing that was read is lost."
)
CHARGED = {"analytics": "analytics", "profile": "user"}
"""A rate limit -> the kind of thing that X counts there; else posts."""


def classify(response: Response) -> AppError | None:
    """The error an answer means. A 200 with `errors` only says that some posts or fields are out of reach."""
    problem = _problem(response)
    if problem is None:
        return None
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    context = {"status": response.status_code, "type": kind}
    said = f"X answered: {problem.get('detail') or problem.get('title') or 'no reason given'}"
    if response.status_code == 402:
        hint = mark("Add credits in X's developer portal, then choose 'Try again'.")
        return BudgetSpent("What was paid for at X is used up.", hint=hint, context=context)
    if kind == "usage-capped":
        what = CHARGED.get(_limit_of(response), "post")
        return CapReached("X's own monthly limit of posts read is used up.", kind=what, hint=CAPPED, context=context)
    if response.status_code == 429:
        return RateLimited("X asks us to slow down.", retry_after_s=_until_reset_s(response), context=context)
    if response.status_code == 401:
        return AuthorisationExpired("X no longer accepts our login.", hint="Connect again.", context=context)
    if kind in {"client-not-enrolled", "unsupported-authentication", "client-forbidden"}:
        return BadSetting(said, hint="Check your app's project and access level at X.", context=context)
    if response.status_code == 403 or response.ok:
        return PermissionMissing(said, hint="Connect again and grant every permission.", context=context)
    if response.status_code >= 500:
        return SourceUnavailable("X could not answer just now.", context=context)
    if fields := _refused_fields(problem):
        return NotOffered(f"X answered: {_said_of(problem)}", metrics=fields, context=context)
    return RefusedRequest(said, context=context)


def _problem(response: Response) -> Mapping[str, Any] | None:
    """The problem object of a refusal; of a 200, what it says of the account itself when nothing else is in it."""
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, dict) or (response.ok and "data" in body):
        return None
    if not response.ok:
        return body
    errors = body.get("errors") or ()
    return next((error for error in errors if error.get("resource_type") == "user"), None)


def _refused_fields(problem: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields we asked for that X does not know."""
    named = [error.get("parameters") or {} for error in problem.get("errors") or ()]
    return tuple(
        value
        for parameters in named
        for name, values in parameters.items()
        if name.endswith(".fields")
        for value in values
    )


def _said_of(problem: Mapping[str, Any]) -> str:
    """X's words about the first field that it does not know."""
    errors = problem.get("errors") or ()
    return str(next((error["message"] for error in errors if error.get("message")), problem.get("detail")))


def _until_reset_s(response: Response) -> float:
    try:
        reset = float(response.headers["x-rate-limit-reset"])
    except (KeyError, ValueError):
        return retry_after_s(response) or QUARTER_HOUR_S
    return max(1.0, within_reason(reset - answered_at(response).timestamp()))


def limits_from(response: Response) -> dict[str, tuple[float, datetime | None]]:
    """The share used of the limit this answer belongs to, by its x-rate-limit headers; its reset is an epoch second."""
    try:
        limit = float(response.headers["x-rate-limit-limit"])
        remaining = float(response.headers["x-rate-limit-remaining"])
        reset = datetime.fromtimestamp(int(response.headers["x-rate-limit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return {}
    return {_limit_of(response): (1 - remaining / limit if limit else 1.0, reset)}


def _limit_of(response: Response) -> str:
    path = response.url.split("?")[0]
    if path.endswith("/analytics"):
        return "analytics"
    if path.endswith("/users/me"):
        return "profile"
    if path.endswith("/mentions"):
        return "mentions"
    return "posts" if "/users/" in path else "lookup"


REFERENCES = ("referenced_tweets", "referenced_posts")
"""What a post refers to, by its name at X and the announced one."""
KINDS = {"3": "image", "16": "image", "7": "video", "13": "video"}
"""A media key begins with a number for its kind: photo, animated GIF, video. So media need not be read, and paid."""


def post(tweet: Mapping[str, Any], handle: str) -> Post:
    """A post of the account."""
    tags = paging.inside(tweet, "entities.hashtags") or ()
    return Post(
        external_id=str(tweet["id"]),
        kind=_kind(tweet),
        published_at=moment(tweet.get("created_at")),
        text=str(tweet.get("text") or ""),
        permalink=f"https://x.com/{handle}/status/{tweet['id']}",
        tags=tuple(dict.fromkeys(str(tag["tag"]).lower() for tag in tags)),
        language=str(tweet.get("lang") or ""),
    )


def _kind(tweet: Mapping[str, Any]) -> str:
    """Reply, image, video, or else tweet."""
    if _replied_to(tweet):
        return "reply"
    keys = paging.inside(tweet, "attachments.media_keys") or ()
    return next((KINDS[number] for key in keys if (number := str(key).partition("_")[0]) in KINDS), "tweet")


def _replied_to(tweet: Mapping[str, Any]) -> str:
    """The id of the post that this one answers, or nothing."""
    references = next((tweet[name] for name in REFERENCES if name in tweet), ())
    return next((str(one.get("id")) for one in references if one.get("type") == "replied_to"), "")


def comment(tweet: Mapping[str, Any], account_id: str) -> Comment:
    """What somebody else wrote to the account (reply) or about it (mention). Its author is an id only: names cost."""
    parent, thread = _replied_to(tweet), str(tweet.get("conversation_id") or "")
    likes = dict(values(tweet.get("public_metrics"), {"likes": ("like_count",)})).get("likes")
    return Comment(
        external_id=str(tweet["id"]),
        text=str(tweet.get("text") or ""),
        written_at=moment(tweet.get("created_at")),
        kind="reply" if str(tweet.get("in_reply_to_user_id")) == account_id else "mention",
        post=thread if parent else "",
        parent=parent if parent != thread else "",
        permalink=f"https://x.com/i/status/{tweet['id']}",
        likes=None if likes is None else int(likes),
        language=str(tweet.get("lang") or ""),
    )


def items(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The posts of an answer. X leaves `data` out when there are none, and then says how many or why."""
    data = answer.get("data", [] if {"meta", "errors"} & answer.keys() else None)
    if not isinstance(data, list) or not all(isinstance(item, dict) and "id" in item for item in data):
        raise SchemaDrift("X answered without a list of posts.")
    return data


def values(counters: Mapping[str, Any] | None, names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float]]:
    """What the answer holds; a counter that is not there is missing, not 0."""
    for metric, fields in names.items():
        found = next((counters[field] for field in fields if field in counters), None) if counters else None
        if isinstance(found, int | float):
            yield metric, float(found)


def moment(text: object) -> datetime:
    """A moment as X writes it. Raises SchemaDrift."""
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        raise SchemaDrift("X sent a moment in a form we do not know.") from None
