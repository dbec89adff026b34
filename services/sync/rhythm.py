"""When a connection is read next: the platform's rhythm, faster while posts are young, slower while it fails. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Connector, Stream

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(days=7)
FIRST_BACK_OFF = timedelta(minutes=5)
HISTORY_PAUSE = timedelta(minutes=5)
LONGEST_REST = timedelta(days=1)
"""A connection whose budget is used up looks once a day whether it may go on: what costs nothing is not forgotten."""


def cadence(connector: Connector, options: Mapping[str, Any]) -> timedelta:
    """How often a connection is read: as a person chose in `options["every_hours"]`, or as the platform declares."""
    chosen = options.get("every_hours")
    if isinstance(chosen, int | float) and chosen > 0:
        return min(max(timedelta(hours=float(chosen)), SHORTEST), LONGEST)
    return connector.every


def ladder(connector: Connector, options: Mapping[str, Any]) -> tuple[tuple[timedelta, timedelta], ...]:
    """(age, how often posts younger than that are read): as declared, with what a person chose in
    `options["young_posts"]`, hours of age -> hours between two readings."""
    chosen: Mapping[str, Any] = options.get("young_posts") or {}
    return tuple(
        (age, _chosen(chosen.get(f"{age / timedelta(hours=1):g}"), step)) for age, step in connector.young_posts
    )


def _chosen(hours: object, declared: timedelta) -> timedelta:
    if isinstance(hours, int | float) and hours > 0:
        return min(max(timedelta(hours=float(hours)), SHORTEST), LONGEST)
    return declared


def as_chosen(connector: Connector, options: Mapping[str, Any], stream: Stream) -> Stream:
    """The stream as a person wants it read: how often, by the ladder, and how far back, where that costs."""
    steps = dict(ladder(connector, options))
    if stream.posts_until in steps:
        stream = replace(stream, every=steps[stream.posts_until])
    if stream.lifetime and connector.tariff:
        stream = replace(stream, history_days=min(stream.history_days, back_days(connector, options)))
    return stream


def back_days(connector: Connector, options: Mapping[str, Any]) -> int:
    """How many days of history are read where reads cost: as chosen in `options["back_days"]`, or as declared."""
    return int(options.get("back_days") or (connector.tariff.back_days if connector.tariff else 0))


def is_on(stream: Stream, options: Mapping[str, Any]) -> bool:
    """Whether a stream is read at all: an optional one only if a person switched it on, in `options["streams"]`."""
    return not stream.optional or stream.name in (options.get("streams") or ())


def after_success(
    connector: Connector, options: Mapping[str, Any], now: datetime, newest_post: datetime | None
) -> datetime:
    """The next run after a good one. A step of the ladder counts while the newest post is younger than its age."""
    every = cadence(connector, options)
    if newest_post is not None:
        steps = [step for age, step in ladder(connector, options) if now - newest_post < age]
        every = min([every, *steps])
    return now + max(every, SHORTEST)


def after_rest(now: datetime, until: datetime) -> datetime:
    """The next run after one in which everything rested."""
    return min(max(until, now + SHORTEST), now + LONGEST_REST)


def after_failure(
    connector: Connector, options: Mapping[str, Any], now: datetime, failures: int, wait_s: float | None
) -> datetime:
    """The next run after one that may be retried: when the platform says, or later each time, up to its rhythm."""
    if wait_s is not None:
        return now + timedelta(seconds=max(wait_s, 1.0))
    doubled = FIRST_BACK_OFF * int(2 ** min(max(failures, 1) - 1, 10))
    return now + min(doubled, max(cadence(connector, options), FIRST_BACK_OFF))
