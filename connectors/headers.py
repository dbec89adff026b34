"""What the common response headers say."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from core import clock

if TYPE_CHECKING:
    from requests import Response

NOT_A_PLUGIN = True


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
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - answered_at(response)).total_seconds())
    except (TypeError, ValueError):
        return None
