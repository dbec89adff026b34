"""What an import would change: per metric, what the file holds beside what is stored, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from analytics.metrics import registry
from core import clock
from core.metric import TOTAL, Adds, Metric
from core.records import GRAINS, Fact, Post
from core.viewer import Right, Viewer
from services.imports.rows import Parsed
from storage import database, facts, imports, readings, same_post

if TYPE_CHECKING:
    from storage.database import Connection

Key = tuple[str, date | str]
"""(metric name, day or the file's id of a post)."""


@dataclass(frozen=True, slots=True)
class MetricChange:
    """One metric of a file. `new`, `changed`, `same` and `kept` count values; kept ones stay as they are stored.

    `file`, `before` and `after` are totals over the days or posts of the file: what it says, what is stored, what will
    be. A level (`last_day`) is that of the file's last day instead; a number that must not be summed has None. `lower`
    counts the counters of posts that would fall.
    """

    metric: Metric
    new: int
    changed: int
    same: int
    kept: int
    file: float | None
    before: float | None
    after: float | None
    last_day: date | None = None
    lower: int = 0

    @property
    def values(self) -> int:
        """How many values the file holds."""
        return self.new + self.changed + self.same + self.kept


@dataclass(frozen=True, slots=True)
class Change:
    """All metrics of a file, and how many of its posts the account has not yet."""

    metrics: tuple[MetricChange, ...]
    new_posts: int = 0

    @property
    def differing(self) -> int:
        """How many values are stored otherwise than the file says."""
        return sum(one.changed + one.kept for one in self.metrics)

    @property
    def lower(self) -> int:
        """How many counters of posts would fall: the file may hold a period only, and not all they have gathered."""
        return sum(one.lower for one in self.metrics)

    @property
    def is_nothing(self) -> bool:
        """Whether everything is stored already."""
        return not self.new_posts and not any(one.new or one.changed for one in self.metrics)


def of(
    viewer: Viewer,
    parsed: Parsed,
    account_id: int | None,
    *,
    keep_stored: bool = False,
    read_at: datetime | None = None,
) -> Change:
    """What storing the file into an account would change; None is an account that is not there yet.

    `keep_stored`: days that are stored stay as they are. `read_at`: when the counters of posts stood as the file says;
    what was read later stays.
    """
    viewer.require(Right.READ)
    file = _values(parsed)
    with database.current().read() as connection:
        if account_id is None:
            stored, known = {}, {}
        else:
            known = known_posts(connection, viewer.workspace_id, account_id, parsed.posts)
            stored = stored_facts(connection, viewer.workspace_id, account_id, parsed.facts)
            stored |= _stored_counters(connection, viewer.workspace_id, known)
    limit = clock.epoch_ms(read_at) if read_at else None
    stays = {
        key for key, (_, at) in stored.items() if (keep_stored if parsed.facts else limit is not None and at > limit)
    }
    before = {key: value for key, (value, _) in stored.items()}
    names = dict.fromkeys(metric for metric, _ in file)
    return Change(tuple(_change(name, file, before, stays) for name in names), len(parsed.posts) - len(known))


def _values(parsed: Parsed) -> dict[Key, float]:
    days: dict[Key, float] = {(fact.metric, fact.day): fact.value for fact in parsed.facts}
    return days | {(reading.metric, reading.post): reading.value for reading in parsed.readings}


def _change(name: str, file: Mapping[Key, float], stored: Mapping[Key, float], stays: set[Key]) -> MetricChange:
    metric = registry.metric(name)
    mine = {key: value for key, value in file.items() if key[0] == name}
    before = {key: stored[key] for key in mine if key in stored}
    kept = {key for key in mine if key in stays and mine[key] != before[key]}
    after = mine | {key: before[key] for key in kept}
    days = [key[1] for key in mine if isinstance(key[1], date)]
    last = max(days) if days and metric.adds is Adds.STOCK else None
    return MetricChange(
        metric,
        new=len(mine) - len(before),
        changed=sum(mine[key] != before[key] for key in before) - len(kept),
        same=sum(mine[key] == before[key] for key in before),
        kept=len(kept),
        file=_total(metric, mine, last),
        before=_total(metric, before, last),
        after=_total(metric, after, last),
        last_day=last,
        lower=sum(mine[key] < before[key] for key in before.keys() - kept if isinstance(key[1], str)),
    )


def _total(metric: Metric, values: Mapping[Key, float], last: date | None) -> float | None:
    """The sum of what adds up, the level of the last day, else None; None when there is no value."""
    if metric.adds is Adds.FLOW:
        return sum(values.values()) if values else None
    return values.get((metric.name, last)) if last else None


def stored_facts(
    connection: Connection, workspace_id: int, account_id: int, wanted: Sequence[Fact]
) -> dict[Key, tuple[float, int]]:
    """(metric, day) -> value and when it was observed (ms), of the facts the account has on days of the file."""
    if not wanted:
        return {}
    asked = {(fact.metric, fact.day) for fact in wanted}
    names = {registry.metric(metric).id: metric for metric, _ in asked}
    found = facts.read(
        connection,
        workspace_id,
        metric_ids=list(names),
        grain=GRAINS["day"],
        dimension_id=TOTAL.id,
        first_day=min(fact.day for fact in wanted),
        last_day=max(fact.day for fact in wanted),
        account_ids=[account_id],
    )
    columns = (found["metric_id"], found["day"], found["value"], found["observed_at"])
    every = {
        (names[int(metric)], clock.from_epoch_day(int(day))): (float(value), int(at))
        for metric, day, value, at in zip(*columns, strict=True)
    }
    return {key: value for key, value in every.items() if key in asked}


def known_posts(connection: Connection, workspace_id: int, account_id: int, posts: Sequence[Post]) -> dict[str, int]:
    """The file's id of a post -> id, of the posts the account has, under whatever id or address it knows them."""
    found = imports.existing_posts(connection, workspace_id, account_id, [post.external_id for post in posts])
    others = [same_post.sketch(post) for post in posts if post.external_id not in found]
    if not others:
        return found
    taken = set(found.values())
    stored = same_post.of_account(connection, workspace_id, account_id)
    return found | same_post.find(others, {at: one for at, one in stored.items() if at not in taken})


def counters(viewer: Viewer, account_id: int, posts: Sequence[Post]) -> dict[Key, float]:
    """(metric, the file's id of a post) -> the counter as it was read last, of the posts the account has."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        known = known_posts(connection, viewer.workspace_id, account_id, posts)
        return {key: value for key, (value, _) in _stored_counters(connection, viewer.workspace_id, known).items()}


def _stored_counters(
    connection: Connection, workspace_id: int, known: Mapping[str, int]
) -> dict[Key, tuple[float, int]]:
    if not known:
        return {}
    names = {post_id: name for name, post_id in known.items()}
    metrics = {metric.id: metric.name for metric in registry.METRICS.values()}
    found = readings.latest(connection, workspace_id, post_ids=list(names))
    columns = (found["metric_id"], found["post_id"], found["value"], found["captured_at"])
    return {
        (metrics[int(metric)], names[int(post)]): (float(value), int(at))
        for metric, post, value, at in zip(*columns, strict=True)
        if int(metric) in metrics
    }


def reading_moment(as_of: date | None, time_zone: str, now: datetime) -> datetime:
    """When counters stood as a file of this day says: now for today's, else the last moment of the day."""
    if as_of is None or as_of >= clock.local_day(now, time_zone):
        return now
    return clock.day_end(as_of, time_zone) - timedelta(milliseconds=1)
