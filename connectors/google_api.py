"""What Google's APIs mean, for all of its platforms: errors, quotas that end at midnight Pacific, consent addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors import sayings
from connectors.headers import answered_at, retry_after_s
from core.clock import day_end, local_day
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.language import mark

if TYPE_CHECKING:
    from requests import Response

NOT_A_PLUGIN = True
_LENGTH = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")

AUTHORIZE_URL = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105
OFFLINE = {"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"}
"""Google gives a refresh token only on the first consent, unless it is asked to ask again."""

QUOTA_ZONE = "America/Los_Angeles"
SLOW_DOWN = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED"})
SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
NOT_ENABLED = frozenset({"accessNotConfigured", "SERVICE_DISABLED"})
NOT_GRANTED = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
PASSING = frozenset({"backendError", "internalError"})
SLOW_DOWN_S = 10.0
"""Google says that we are too fast, but not for how long."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as Google words it: every reason it names, and what it says to a person."""

    status: int
    reasons: frozenset[str]
    said: str
    context: dict[str, Any]


def problem_of(response: Response) -> Problem | None:
    """The error in an answer, or None when there is none in Google's envelope."""
    try:
        body = response.json()
    except ValueError:
        return None
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return None
    parts = [part for name in ("errors", "details") for part in error.get(name) or () if isinstance(part, dict)]
    reasons = frozenset(str(part["reason"]) for part in parts if part.get("reason")) | {str(error.get("status") or "")}
    said = str(error.get("message") or "no reason given")
    context = {
        "status": response.status_code,
        "reasons": sorted(reasons - {""}),
        "path": urlsplit(response.url or "").path,
    }
    return Problem(response.status_code, reasons, said, context)


def classify(response: Response, title: str, api: str) -> AppError | None:
    """The error an answer means, or None. `title` names the platform, `api` what to enable in Google Cloud."""
    problem = problem_of(response)
    if problem is None:
        return None
    text, context, reasons = f"{title} answered: {problem.said}", problem.context, problem.reasons
    if reasons & SPENT or (reasons & SLOW_DOWN and "per day" in problem.said):
        hint = mark("Reading goes on by itself after midnight in California.")
        wait = until_midnight_s(response)
        return RateLimited(sayings.QUOTA_USED.format(title=title), retry_after_s=wait, hint=hint, context=context)
    if reasons & SLOW_DOWN or problem.status == 429:
        wait = retry_after_s(response) or SLOW_DOWN_S
        return RateLimited(sayings.SLOW_DOWN.format(title=title), retry_after_s=wait, context=context)
    if reasons & PASSING or problem.status >= 500:
        error = SourceUnavailable(sayings.COULD_NOT.format(title=title), context=context)
        error.retry_after_s = retry_after_s(response)
        return error
    return _lasting(problem, title, api, text)


def _lasting(problem: Problem, title: str, api: str, text: str) -> AppError:
    context = problem.context
    if problem.reasons & NOT_ENABLED:
        hint = sayings.ENABLE.format(api=api)
        return BadSetting(sayings.NOT_ENABLED.format(api=api), hint=hint, context=context)
    if problem.reasons & NOT_GRANTED:
        return PermissionMissing(text, hint="Connect again and grant every permission.", context=context)
    if problem.status == 401:
        return AuthorisationExpired(sayings.NO_LOGIN.format(title=title), hint="Connect again.", context=context)
    if problem.status == 403:
        hint = mark("Connect with a login that may see it.")
        return PermissionMissing(text, hint=hint, context=context)
    return RefusedRequest(text, context=context)


def until_midnight_s(response: Response) -> float:
    """Seconds until daily quotas start anew: the next midnight in California."""
    now = answered_at(response)
    wait: timedelta = day_end(local_day(now, QUOTA_ZONE), QUOTA_ZONE) - now
    return max(1.0, wait.total_seconds())


def number(value: object) -> float | None:
    """A count as Google sends it, 64-bit ones as text; None stays None. Raises SchemaDrift for anything else.

    >>> number("1700000000"), number(3), number(None)
    (1700000000.0, 3.0, None)
    """
    if value is None:
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite():
        raise SchemaDrift(sayings.NO_NUMBER.format(title="Google", kind=type(value).__name__))
    return float(found)


def moment(text: object) -> datetime:
    """An instant as Google writes it: 2026-05-19T10:27:28Z. Raises SchemaDrift for any other form."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise SchemaDrift("Google sent a moment in a form we do not know.")
    return found.astimezone(UTC)


def calendar_day(text: str) -> date:
    """A calendar day as Google writes it: 2026-05-19. Raises SchemaDrift for any other form."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SchemaDrift("Google sent a day in a form we do not know.") from None


def days_of(first: date, last: date) -> Iterator[date]:
    """All days from `first` to `last`, both included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def seconds(text: object) -> float | None:
    """A length such as PT1H2M3S in seconds; None stays None. Raises SchemaDrift for any other form.

    >>> seconds("P1DT1H2M3S"), seconds("P0D")
    (90123.0, 0.0)
    """
    if text is None:
        return None
    if (found := _LENGTH.fullmatch(str(text))) is None:
        raise SchemaDrift("Google sent a length of time in a form we do not know.")
    weeks, days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=rest).total_seconds()
