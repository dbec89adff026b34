"""How new is a number that a screen shows?"""

from __future__ import annotations

from datetime import datetime, timedelta

from core.question import Explanation

STALE_AFTER = timedelta(hours=26)
"""A number read longer ago than this is called old: the slowest cadence is a day, and a sync takes its time."""


def last_read(explanation: Explanation) -> datetime | None:
    """When the oldest ingredient that some account gave was last read; None when nothing was."""
    moments = [one.last_observed for one in explanation.inputs if one.last_observed and one.accounts]
    return min(moments, default=None)


def is_old(moment: datetime, now: datetime) -> bool:
    """Whether a number read at `moment` should be called old.

    >>> from datetime import UTC
    >>> is_old(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
    True
    """
    return now - moment > STALE_AFTER
