"""What a sync reads, and in which order: recent days of everything first, then the past. Pure.

How far a stream has been read is its cursor. Days that are still to be read are kept in it as ranges, so that a sync
that was killed goes on with exactly what is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from connectors.base import Connector, Stream, Window
from core import clock
from core.kept import kept
from services.connecting import platforms
from storage.entities import AccountRow
from storage.runs import CursorRow

RECENT_DAYS = 60
"""Read before any older day of any stream, so that screens fill quickly: a month and the month before it."""

_SLACK = timedelta(minutes=5)
_PAST = 2
_SET_BACK = kept("The note of how far this was read lay in the future ({day}). It was set back to today.")
Range = tuple[int, int]
"""First and last day, both included, as days since 1970-01-01."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a stream of an account has been read. `pending`: days still to be read; `daily`: metrics it gave as
    daily totals before; `ran_at` in ms."""

    forward_to: int | None = None
    back_to: int | None = None
    pending: tuple[Range, ...] = ()
    daily: frozenset[str] = frozenset()
    ran_at: int | None = None

    @property
    def state(self) -> dict[str, Any]:
        """What of it is kept as JSON."""
        return {"pending": [list(one) for one in self.pending], "daily": sorted(self.daily)}


@dataclass(frozen=True, slots=True)
class Job:
    """A stream of an account, with what is known of it when the sync begins."""

    account: AccountRow
    stream: Stream
    zone: str
    today: int
    cursor: Cursor
    notes: tuple[str, ...] = ()
    due: bool = True

    @property
    def key(self) -> str:
        """Names the stream on the run's row."""
        return f"{self.account.id}/{self.stream.name}"


@dataclass(frozen=True, slots=True)
class Task:
    """One window of a stream: what is read in one go and stored in one transaction."""

    job: Job
    window: Window


def cursor_of(row: CursorRow | None) -> Cursor:
    """The stored cursor as a value; an empty one for a stream that never ran."""
    if row is None:
        return Cursor()
    kept: Mapping[str, Any] = row.state
    pending = tuple((int(first), int(last)) for first, last in kept.get("pending", ()))
    return Cursor(row.forward_to, row.back_to, pending, frozenset(kept.get("daily", ())), row.ran_at)


def prepare(
    connector: Connector,
    account: AccountRow,
    stream: Stream,
    row: CursorRow | None,
    now: datetime,
    *,
    asked: Range | None = None,
    forced: bool = False,
    cadence: timedelta | None = None,
) -> Job:
    """What is to be read of a stream: what was left, what is new, what platforms restate, and days asked for."""
    zone = platforms.day_zone(connector, account.time_zone)
    today = clock.epoch_day(clock.local_day(now, zone))
    cursor, notes = _without_future(cursor_of(row), today, now)
    due = forced or _is_due(stream, cursor, now, cadence or connector.every)
    if not stream.windowed:
        return Job(account, stream, zone, today, replace(cursor, pending=()), notes, due)
    oldest = today - stream.history_days + 1
    pending = removed(cursor.pending, (0, oldest - 1))
    if cursor.forward_to is None:
        pending = added(pending, (oldest, today))
    elif due:
        pending = added(pending, (_again_from(stream, cursor.forward_to, today), today))
    if asked and asked[0] <= today and asked[1] >= oldest:
        pending = added(pending, (max(asked[0], oldest), min(asked[1], today)))
    return Job(account, stream, zone, today, replace(cursor, pending=pending), notes, due)


def _without_future(cursor: Cursor, today: int, now: datetime) -> tuple[Cursor, tuple[str, ...]]:
    """A cursor that lies in the future would skip days for ever: it is set back, and that is said."""
    ran_at = None if cursor.ran_at is None or cursor.ran_at > clock.epoch_ms(now) else cursor.ran_at
    inside = [(first, min(last, today)) for first, last in cursor.pending if first <= today]
    cursor = replace(cursor, ran_at=ran_at, pending=tuple(inside))
    if cursor.forward_to is None or cursor.forward_to <= today:
        return cursor, ()
    wrong = clock.from_epoch_day(cursor.forward_to)
    note = _SET_BACK.format(day=wrong)
    return replace(cursor, forward_to=today, back_to=min(cursor.back_to or today, today)), (note,)


def _is_due(stream: Stream, cursor: Cursor, now: datetime, cadence: timedelta) -> bool:
    """A windowed stream runs with the platform's cadence, a snapshot on every sync, unless it declares its own."""
    every = stream.every or (cadence if stream.windowed else timedelta(0))
    return cursor.ran_at is None or clock.from_epoch_ms(cursor.ran_at) + every - _SLACK <= now


def _again_from(stream: Stream, forward_to: int, today: int) -> int:
    return min(forward_to + 1, today - stream.lookback_days + 1, today)


def tasks(jobs: Iterable[Job], now: datetime) -> list[Task]:
    """Every window to read: snapshots, then recent days of all streams, then the past, newest first."""
    every = [Task(job, window) for job in jobs for window in _windows(job, now)]
    return sorted(every, key=_order)


def is_recent(task: Task) -> bool:
    """Whether the window belongs to what screens show first."""
    return _order(task)[0] < _PAST


def span(window: Window) -> Range:
    """The days of a window as numbers."""
    return clock.epoch_day(window.first), clock.epoch_day(window.last)


def _order(task: Task) -> tuple[int, int]:
    if not task.job.stream.windowed:
        return (0, 0)
    last = clock.epoch_day(task.window.last)
    return (1 if last > task.job.today - RECENT_DAYS else _PAST, -last)


def _windows(job: Job, now: datetime) -> Iterator[Window]:
    today = clock.from_epoch_day(job.today)
    if not job.stream.windowed:
        if job.due:
            yield Window(today, today, now)
        return
    for first, last in sliced(job.cursor.pending, job.stream.window_days):
        yield Window(clock.from_epoch_day(first), clock.from_epoch_day(last), now)


def after(job: Job, cursor: Cursor, window: Window, daily: Iterable[str], now: datetime) -> Cursor:
    """The cursor once a window has been read. It goes forward only over days that the platform shows for good."""
    first, last = clock.epoch_day(window.first), clock.epoch_day(window.last)
    settled = min(last, settled_day(job.stream, job.zone, now))
    return Cursor(
        forward_to=settled if cursor.forward_to is None else max(cursor.forward_to, settled),
        back_to=first if cursor.back_to is None else min(cursor.back_to, first),
        pending=removed(cursor.pending, (first, last)),
        daily=cursor.daily | set(daily),
        ran_at=clock.epoch_ms(now),
    )


def settled_day(stream: Stream, zone: str, now: datetime) -> int:
    """The newest day that the platform has had time to show, as days since 1970-01-01."""
    day: date = clock.local_day(now - stream.settles_after, zone)
    return clock.epoch_day(day) - 1


def added(ranges: Iterable[Range], new: Range) -> tuple[Range, ...]:
    """The ranges with another one, neighbours joined.

    >>> added([(1, 3)], (4, 6))
    ((1, 6),)
    """
    merged: list[Range] = []
    for first, last in sorted([*ranges, new]):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def removed(ranges: Iterable[Range], gone: Range) -> tuple[Range, ...]:
    """The ranges without the days of another.

    >>> removed([(1, 9)], (4, 5))
    ((1, 3), (6, 9))
    """
    left = []
    for first, last in ranges:
        if first < gone[0]:
            left.append((first, min(last, gone[0] - 1)))
        if last > gone[1]:
            left.append((max(first, gone[1] + 1), last))
    return tuple(one for one in left if one[0] <= one[1])


def sliced(ranges: Iterable[Range], days: int) -> Iterator[Range]:
    """Slices of at most `days` days, newest first.

    >>> list(sliced([(1, 5)], 2))
    [(4, 5), (2, 3), (1, 1)]
    """
    for first, last in sorted(ranges, reverse=True):
        end = last
        while end >= first:
            start = max(first, end - max(1, days) + 1)
            yield (start, end)
            end = start - 1


def with_cursor(job: Job, cursor: Cursor) -> Job:
    """The stream as it stands after some of its windows."""
    return replace(job, cursor=cursor)
