"""What X's answers mean: problem objects, partial answers, rate-limit headers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from connectors.headers import answered_at, retry_after_s, within_reason
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    BudgetSpent,
    NotOffered,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SourceUnavailable,
)

if TYPE_CHECKING:
    from requests import Response

NOT_A_PLUGIN = True
QUARTER_HOUR_S = 900


def classify(response: Response) -> AppError | None:
    """The error an answer means. A 200 with `errors` only says that some posts or fields are out of reach."""
    problem = _problem(response)
    if problem is None:
        return None
    kind = str(problem.get("type", "")).rsplit("/", 1)[-1]
    context = {"status": response.status_code, "type": kind}
    said = f"X answered: {problem.get('detail') or problem.get('title') or 'no reason given'}"
    if kind == "usage-capped" or response.status_code == 402:
        hint = "Raise the cap or add credits at X, or wait for the next month."
        return BudgetSpent(
            "The monthly cap of reads at X, or what was paid for, is used up.", hint=hint, context=context
        )
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
        return NotOffered(f"X no longer knows {', '.join(fields)}.", metrics=fields, context=context)
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
    return "posts" if "/users/" in path else "lookup"
