"""One window of a stream, read and checked: nothing of it is stored unless all of it makes sense."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from analytics.metrics.registry import DIMENSIONS, METRICS
from connectors.base import Connector
from core import clock
from core.errors import SchemaDrift
from core.records import GRAINS, Account, Campaign, Comment, Coverage, Fact, Post, Reading, Record
from services.sync.planning import Task

_LONGEST_LOOK_AHEAD = timedelta(days=1)
_LONGEST_SNAPSHOT_DAYS = 400


@dataclass(slots=True)
class Batch:
    """The records of a window, by kind."""

    facts: list[Fact] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


def collect(connector: Connector, task: Task, records: Iterable[Record]) -> Batch:
    """Read a window to its end, checking every record. Raises SchemaDrift for one that cannot be."""
    batch = Batch()
    for record in records:
        if isinstance(record, Fact):
            _check_fact(connector, task, record)
            batch.facts.append(record)
        elif isinstance(record, Reading):
            _check_reading(connector, task, record)
            batch.readings.append(record)
        elif isinstance(record, Post):
            _check_post(task, record)
            batch.posts.append(record)
        elif isinstance(record, Coverage):
            _known(connector, record.metric)
            batch.coverage.append(record)
        elif isinstance(record, Account):
            batch.accounts.append(record)
        elif isinstance(record, Comment):
            _check_comment(task, record)
            batch.comments.append(record)
        else:
            batch.campaigns.append(record)
    return batch


def _known(connector: Connector, metric: str) -> None:
    found = METRICS.get(metric)
    if found is None or found.derived or connector.platform not in found.platforms:
        raise SchemaDrift(
            f"{connector.title} brought a number that is not registered for it.", context={"metric": metric}
        )


def _finite(connector: Connector, metric: str, value: float) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise SchemaDrift(
            f"{connector.title} brought something that is not a number.",
            context={"metric": metric, "value": repr(value)},
        )


def _check_fact(connector: Connector, task: Task, fact: Fact) -> None:
    _known(connector, fact.metric)
    _finite(connector, fact.metric, fact.value)
    if fact.grain not in GRAINS or not 0 <= fact.hour < 24:
        raise SchemaDrift(f"{connector.title} brought an unknown span of time.", context={"grain": fact.grain})
    first, last = _allowed_days(task, fact.grain)
    if not first <= fact.day <= last:
        raise SchemaDrift(
            f"{connector.title} brought a day that was not asked for.",
            context={"metric": fact.metric, "day": str(fact.day), "first": str(first), "last": str(last)},
        )
    if fact.member and (fact.member.dimension not in DIMENSIONS or not fact.member.key.strip()):
        raise SchemaDrift(
            f"{connector.title} brought a split that is not registered.",
            context={"dimension": fact.member.dimension, "member": fact.member.key},
        )


def _allowed_days(task: Task, grain: str) -> tuple[date, date]:
    """The days of the window; a week or month may begin before it; a snapshot may say when it was true."""
    first, last = task.window.first, task.window.last
    if not task.job.stream.windowed:
        return last - timedelta(days=_LONGEST_SNAPSHOT_DAYS), last
    if grain == "week":
        return first - timedelta(days=6), last
    if grain == "month":
        return first.replace(day=1), last
    return first, last


def _check_reading(connector: Connector, task: Task, reading: Reading) -> None:
    _known(connector, reading.metric)
    _finite(connector, reading.metric, reading.value)
    if reading.captured_at and reading.captured_at > task.window.now + _LONGEST_LOOK_AHEAD:
        raise SchemaDrift(f"{connector.title} brought a reading from the future.", context={"post": reading.post})


def _check_post(task: Task, post: Post) -> None:
    if not post.external_id:
        raise SchemaDrift("A post came without its id.")
    if post.published_at.tzinfo is None:
        raise SchemaDrift("A post came without the zone of its time.", context={"post": post.external_id})
    if post.published_at > task.window.now + _LONGEST_LOOK_AHEAD:
        raise SchemaDrift("A post is said to come from the future.", context={"post": post.external_id})


def _check_comment(task: Task, comment: Comment) -> None:
    if not comment.external_id:
        raise SchemaDrift("A comment came without its id.")
    if comment.written_at.tzinfo is None:
        raise SchemaDrift("A comment came without the zone of its time.", context={"comment": comment.external_id})
    if comment.written_at > task.window.now + _LONGEST_LOOK_AHEAD:
        raise SchemaDrift("A comment is said to come from the future.", context={"comment": comment.external_id})


def daily_days(batch: Batch) -> dict[str, set[int]]:
    """Metric -> the days for which its daily total came."""
    found: dict[str, set[int]] = {}
    for fact in batch.facts:
        if fact.grain == "day" and fact.member is None:
            found.setdefault(fact.metric, set()).add(clock.epoch_day(fact.day))
    return found
