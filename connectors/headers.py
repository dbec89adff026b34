"""What the common response headers say."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core import clock

if TYPE_CHECKING:
    from requests import Response

NOT_A_PLUGIN = True

LONGEST_S = 31 * 86400.0
"""No platform makes anybody wait longer; a header that says so would take clocks out of their range."""


def answered_at(response: Response) -> datetime:
    """When the platform answered, by its own clock; ours when it does not say."""
    try:
        return parsedate_to_datetime(response.headers["Date"])
    except (KeyError, TypeError, ValueError):
        return clock.utc_now()


def retry_after_s(response: Response) -> float | None:
    """Seconds to wait by the Retry-After header (seconds or a date), or None."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        return within_reason(float(text))
    except ValueError:
        pass
    try:
        return within_reason((parsedate_to_datetime(text) - answered_at(response)).total_seconds())
    except (TypeError, ValueError):
        return None


def within_reason(seconds: float) -> float:
    """A wait that can be: not before now, and no longer than a month.

    >>> within_reason(-3), within_reason(7), within_reason(float("inf")), within_reason(float("nan"))
    (0.0, 7, 2678400.0, 0.0)
    """
    return min(max(0.0, seconds), LONGEST_S)
