"""When a connection is read next: the platform's rhythm, faster while posts are young, slower while it fails. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Connector

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(days=7)
FIRST_BACK_OFF = timedelta(minutes=5)
HISTORY_PAUSE = timedelta(minutes=5)


def cadence(connector: Connector, options: Mapping[str, Any]) -> timedelta:
    """How often a connection is read: as a person chose in `options["every_hours"]`, or as the platform declares."""
    chosen = options.get("every_hours")
    if isinstance(chosen, int | float) and chosen > 0:
        return min(max(timedelta(hours=float(chosen)), SHORTEST), LONGEST)
    return connector.every


def after_success(
    connector: Connector, options: Mapping[str, Any], now: datetime, newest_post: datetime | None
) -> datetime:
    """The next run after a good one. A step of the ladder counts while the newest post is younger than its age."""
    every = cadence(connector, options)
    if newest_post is not None:
        steps = [step for age, step in connector.young_posts if now - newest_post < age]
        every = min([every, *steps])
    return now + max(every, SHORTEST)


def after_failure(
    connector: Connector, options: Mapping[str, Any], now: datetime, failures: int, wait_s: float | None
) -> datetime:
    """The next run after one that may be retried: when the platform says, or later each time, up to its rhythm."""
    if wait_s is not None:
        return now + timedelta(seconds=max(wait_s, 1.0))
    doubled = FIRST_BACK_OFF * int(2 ** min(max(failures, 1) - 1, 10))
    return now + min(doubled, max(cadence(connector, options), FIRST_BACK_OFF))
