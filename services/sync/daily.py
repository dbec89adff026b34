"""Daily numbers that no platform gives: differences of posts' lifetime counters, and posts counted by day.

A day's value is what the counters grew by between its two midnights, each taken from the last reading before it. A
counter that falls is a correction and brings nothing; growth counts once, above the highest value seen.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics.metrics.registry import METRICS
from connectors.base import Connector
from core import clock
from core.kept import kept
from core.language import mark
from core.metric import TOTAL
from core.records import GRAINS, State
from storage import coverage, entities, facts, readings, runs
from storage.coverage import Mark
from storage.database import Connection
from storage.entities import AccountRow
from storage.facts import Row

CLOSE = timedelta(hours=3)
"""A reading this near to midnight stands for it; the platforms' usual rhythm is two to four hours."""

FAR = timedelta(hours=24)
"""Readings farther apart than this do not tell on which day the growth fell."""

STREAM = "daily_from_readings"
"""The name under which the moments of capture are kept."""

_KEPT_MOMENTS = 400
_OLDER = kept("The reading before midnight is {hours} hours older; what came after counts as the next day.")
_LIFETIME_ONLY = kept("{title} only gives lifetime counters; daily numbers begin with our first reading on {day}.")
_PAST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Bracket:
    """The captures around a day (ms): the last before it begins, the last before it ends; `known` are the same of the
    complete captures, those that read older posts too."""

    day: int
    starts: int
    ends: int
    before: int | None
    within: int | None
    known: tuple[int, int] = (0, 0)

    @property
    def gap(self) -> str:
        """Why the day has no value; empty when it has one."""
        if self.within is None:
            return mark("No reading was taken on this day, so its growth cannot be told from its neighbours'.")
        if self.before is None:
            return mark("Readings began on this day; what grew before the first one is unknown.")
        if self.starts - self.before > _ms(FAR):
            return mark("The reading before this day is more than a day older, so its growth cannot be told apart.")
        return ""

    @property
    def loose(self) -> str:
        """Why the value is an estimate; empty when both midnights have a reading close by."""
        far = max(self.starts - self.known[0], self.ends - self.known[1])
        if far <= _ms(CLOSE):
            return ""
        if far > _ms(FAR):
            return mark(
                "Older posts were read at other times; some of their growth may belong to a day next to this one."
            )
        return _OLDER.format(hours=f"{far / 3_600_000:.0f}")


def bracket(day: int, zone: str, captures: Sequence[int], complete: Sequence[int] | None = None) -> Bracket:
    """The captures that bracket a day of a time zone; all in ms, rising. `complete` None: all are."""
    date = clock.from_epoch_day(day)
    starts, ends = clock.epoch_ms(clock.day_start(date, zone)), clock.epoch_ms(clock.day_end(date, zone))
    before = [moment for moment in captures if moment < starts]
    within = [moment for moment in captures if starts <= moment < ends]
    whole = captures if complete is None else complete
    known = (_last_before(whole, starts), _last_before(whole, ends))
    return Bracket(day, starts, ends, before[-1] if before else None, within[-1] if within else None, known)


def _last_before(captures: Sequence[int], moment: int) -> int:
    place = bisect.bisect_left(captures, moment)
    return captures[place - 1] if place else 0


def growth(
    history: pd.DataFrame, published: Mapping[int, int], captures: Sequence[int], span: Bracket
) -> dict[int, float]:
    """How much each counter of all posts together grew on a bracketed day.

    Parameters
    ----------
    history : DataFrame
        All readings of the posts up to the day: post_id, metric_id, captured_at (ms), value; any order.
    published : mapping of int to int
        post id -> moment of publishing, ms.
    captures : sequence of int
        Every moment at which the account's posts were read, ms, rising.
    span : Bracket
        A day without a gap.

    Returns
    -------
    dict of int to float
        metric id -> growth, at least 0; a counter without a reading is not in it. A post that was published since the
        capture before its first reading grew from 0; one that is seen late brings only what it gains after that.
    """
    known = history[history["captured_at"] < span.ends].sort_values(["metric_id", "post_id", "captured_at"])
    key = ["metric_id", "post_id"]
    peaks = known.assign(value=known.groupby(key)["value"].cummax())
    first, top = peaks.drop_duplicates(key), peaks.drop_duplicates(key, keep="last").set_index(key)["value"]
    earlier = peaks[peaks["captured_at"] < span.starts].drop_duplicates(key, keep="last").set_index(key)["value"]
    watched = [
        _was_watched(published[post], moment, captures, span)
        for post, moment in zip(first["post_id"].tolist(), first["captured_at"].tolist(), strict=True)
    ]
    seen_late = first.set_index(key)["value"].where(~np.array(watched, bool), 0.0)
    base = earlier.reindex(top.index).fillna(seen_late)
    total = (top - base).groupby("metric_id").sum()
    return {int(metric): float(value) for metric, value in zip(total.index.tolist(), total.tolist(), strict=True)}


def _was_watched(published: int, first_read: int, captures: Sequence[int], span: Bracket) -> bool:
    """Whether the post came out while we were reading the account, so that all its growth is new."""
    if published >= span.starts:
        return True
    place = bisect.bisect_left(captures, first_read)
    return place > 0 and published >= captures[place - 1]


def store(
    connection: Connection,
    connector: Connector,
    account: AccountRow,
    zone: str,
    now: datetime,
    *,
    complete: bool = True,
) -> int:
    """Note that the account's posts were read now (`complete`: older ones, too), and store the days since the capture
    before. Returns how many facts are new or changed."""
    moment = clock.epoch_ms(now)
    captures, whole = _captures(connection, account)
    since = captures[-1] if captures and captures[-1] < moment else moment
    captures = sorted({*captures, moment})[-_KEPT_MOMENTS:]
    whole = sorted({*whole, *((moment,) if complete else ())})[-_KEPT_MOMENTS:]
    _keep(connection, account, {"captures": captures, "complete": whole}, moment)
    first = _local(since, zone)
    today = _local(moment, zone)
    spans = [bracket(day, zone, captures, whole) for day in range(first, today + 1)]
    rows, marks = [], _before_the_first(connector, captures, zone)
    history, published, known = _changed(connection, connector, account, spans)
    for span in spans:
        grown = {} if span.gap else growth(history, published, captures, span)
        for counter, metric in connector.daily_from_readings.items():
            if METRICS[counter].id in known:
                marks.append(_mark(metric, span, today))
                if not span.gap:
                    rows.append(_row(metric, span.day, account.id, grown.get(METRICS[counter].id, 0.0)))
    coverage.mark(connection, account.workspace_id, account.id, marks, moment)
    written = facts.write(connection, account.workspace_id, rows, moment)
    return written.new + written.changed


def _row(metric: str, day: int, account_id: int, value: float) -> Row:
    return (METRICS[metric].id, GRAINS["day"], TOTAL.id, day, account_id, 0, value)


def _mark(metric: str, span: Bracket, today: int) -> Mark:
    if span.gap:
        state, reason = (State.NOT_OFFERED if span.before is None else State.FAILED), span.gap
    elif span.day >= today:
        state, reason = State.NOT_YET, mark("The day is still running.")
    else:
        state, reason = (State.ESTIMATED if span.loose else State.MEASURED), span.loose
    return (METRICS[metric].id, span.day, span.day, state, reason)


def _before_the_first(connector: Connector, captures: Sequence[int], zone: str) -> list[Mark]:
    """Said once, with the first capture: the past cannot be known."""
    if len(captures) != 1:
        return []
    day = _local(captures[0], zone)
    reason = _LIFETIME_ONLY.format(title=connector.title, day=clock.from_epoch_day(day))
    return [
        (METRICS[metric].id, day - _PAST_DAYS, day, State.NOT_OFFERED, reason)
        for metric in connector.daily_from_readings.values()
    ]


def _captures(connection: Connection, account: AccountRow) -> tuple[list[int], list[int]]:
    row = runs.cursor(connection, account.workspace_id, account.id, STREAM)
    kept = row.state if row else {}
    return sorted(map(int, kept.get("captures", ()))), sorted(map(int, kept.get("complete", ())))


def _keep(connection: Connection, account: AccountRow, state: Mapping[str, list[int]], moment: int) -> None:
    runs.save_cursor(
        connection,
        account.workspace_id,
        account.id,
        STREAM,
        forward_to=None,
        back_to=None,
        state=state,
        ran_at=moment,
    )


def _changed(
    connection: Connection, connector: Connector, account: AccountRow, spans: Sequence[Bracket]
) -> tuple[pd.DataFrame, dict[int, int], set[int]]:
    """All readings of posts whose counters moved lately; when posts came out; the counters that were ever read."""
    published = {post: at for post, _, _, at in entities.post_moments(connection, account.workspace_id, [account.id])}
    counters = [METRICS[counter].id for counter in connector.daily_from_readings]
    since = min((span.before or span.starts for span in spans), default=0)
    latest = readings.latest(connection, account.workspace_id, post_ids=list(published), metric_ids=counters)
    moved = latest[latest["captured_at"] >= since]["post_id"].unique().tolist()
    history = readings.history(connection, account.workspace_id, moved, counters)
    return history, published, {int(metric) for metric in latest["metric_id"].unique()}


def count_posts(
    connection: Connection, connector: Connector, account: AccountRow, zone: str, days: Iterable[int], now: datetime
) -> int:
    """Store how many known posts came out on each of these days, 0 included. Returns new or changed facts."""
    wanted = sorted(set(days))
    if not wanted or connector.platform not in METRICS["posts_published"].platforms:
        return 0
    starts = clock.epoch_ms(clock.day_start(clock.from_epoch_day(wanted[0]), zone))
    ends = clock.epoch_ms(clock.day_end(clock.from_epoch_day(wanted[-1]), zone))
    posts = entities.post_moments(connection, account.workspace_id, [account.id], from_ms=starts, to_ms=ends - 1)
    counted = dict.fromkeys(wanted, 0)
    for _, _, _, published_at in posts:
        day = _local(published_at, zone)
        if day in counted:
            counted[day] += 1
    moment = clock.epoch_ms(now)
    rows = [_row("posts_published", day, account.id, float(number)) for day, number in counted.items()]
    written = facts.write(connection, account.workspace_id, rows, moment)
    metric = METRICS["posts_published"].id
    coverage.mark(
        connection,
        account.workspace_id,
        account.id,
        [(metric, wanted[0], wanted[-1], State.MEASURED, "")] if _unbroken(wanted) else [],
        moment,
    )
    return written.new + written.changed


def _unbroken(days: Sequence[int]) -> bool:
    return days[-1] - days[0] + 1 == len(days)


def _local(moment_ms: int, zone: str) -> int:
    return clock.epoch_day(clock.local_day(clock.from_epoch_ms(moment_ms), zone))


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)
