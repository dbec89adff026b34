"""Why a number is there, or is not: what a window leaves behind for each metric and day.

What is measured is never covered by a gap: another stream may know more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from analytics.metrics.registry import METRICS
from connectors.base import Stream
from core import clock
from core.kept import kept
from core.records import Coverage, State
from services.sync import refusals
from services.sync.planning import Job, Range, Task, added, removed, settled_day
from storage import coverage
from storage.coverage import Mark
from storage.database import Connection

_OPEN = (State.FAILED, State.NOT_PERMITTED, State.NOT_YET)
KEEPS = frozenset({State.MEASURED, State.ESTIMATED})
_LATE = kept("{title} is still counting: the day is not complete yet.")
_READ_AGAIN = kept("{title} has been read again since; the day is not over yet.")
_GAVE_NONE = kept("{title} gave no number for these days.")
_SHOWN_LATER = kept("{title} shows a day later; it is not there yet.")


def after_window(
    connection: Connection, task: Task, title: str, days: Mapping[str, Collection[int]], said: Iterable[Coverage]
) -> list[Mark]:
    """The marks of a window that was read: measured where a daily total came; not yet while the day may still change;
    not offered where a metric that this stream gives did not come; and what the connector says itself."""
    job = task.job
    first, last = clock.epoch_day(task.window.first), clock.epoch_day(task.window.last)
    settled = settled_day(job.stream, job.zone, task.window.now) if job.stream.windowed else last
    marks: list[Mark] = []
    for metric, known in days.items():
        late = _LATE.format(title=title)
        marks += _marked(metric, [day for day in known if day <= settled], State.MEASURED, "")
        marks += _marked(metric, [day for day in known if day > settled], State.NOT_YET, late)
    if job.stream.windowed and not job.stream.lifetime:
        marks += _gaps(connection, job, title, days, (first, last), settled)
    if not job.stream.windowed:
        reason = _READ_AGAIN.format(title=title)
        mended = _noted(connection, job, (first, last), (State.FAILED, State.NOT_PERMITTED)) - days.keys()
        marks += [(METRICS[metric].id, first, last, State.NOT_YET, reason) for metric in sorted(mended)]
    for one in said:
        reason = refusals.of_metric(title, one.metric, one.reason)
        marks.append((METRICS[one.metric].id, one.first, one.last, one.state, reason))
    return marks


def _gaps(
    connection: Connection,
    job: Job,
    title: str,
    days: Mapping[str, Collection[int]],
    window: Range,
    settled: int,
) -> Iterator[Mark]:
    """Days without a number: of metrics this stream gave before, and of those for which a failure was noted."""
    free = _free(connection, job, window)
    noted = _noted(connection, job, window)
    for metric in dict.fromkeys(job.stream.metrics):
        if metric not in job.cursor.daily and metric not in days and metric not in noted:
            continue
        left = free[metric]
        for day in days.get(metric, ()):
            left = removed(left, (day, day))
        for first, last in left:
            if first <= min(last, settled):
                reason = _GAVE_NONE.format(title=title)
                yield METRICS[metric].id, first, min(last, settled), State.NOT_OFFERED, reason
            if last > settled:
                reason = _SHOWN_LATER.format(title=title)
                yield METRICS[metric].id, max(first, settled + 1), last, State.NOT_YET, reason


def failed(connection: Connection, job: Job, window: Range, state: State, reason: str) -> list[Mark]:
    """The marks of days that could not be read, for every metric of the stream; measured days stay as they are."""
    if job.stream.lifetime:
        return []
    return [
        (METRICS[metric].id, first, last, state, reason)
        for metric, ranges in _free(connection, job, window).items()
        for first, last in ranges
    ]


def _free(connection: Connection, job: Job, window: Range) -> dict[str, tuple[Range, ...]]:
    """For each metric of the stream, the days of the window on which nothing is measured."""
    free: dict[str, tuple[Range, ...]] = dict.fromkeys(job.stream.metrics, (window,))
    names = {METRICS[metric].id: metric for metric in free}
    known = coverage.read(connection, job.account.workspace_id, [job.account.id], list(names), *window)
    for row in known[known["state"].isin([str(state) for state in KEEPS])].itertuples():
        name = names[int(str(row.metric_id))]
        free[name] = removed(free[name], (int(str(row.from_day)), int(str(row.to_day))))
    return free


def _noted(connection: Connection, job: Job, window: Range, states: Collection[State] = _OPEN) -> set[str]:
    """Metrics of the stream that a failure or a wait is noted for inside the window."""
    names = {METRICS[metric].id: metric for metric in job.stream.metrics}
    account = job.account
    found = coverage.metrics_in(connection, account.workspace_id, account.id, names.keys(), *window, states)
    return {names[metric] for metric in found}


def _marked(metric: str, days: Iterable[int], state: State, reason: str) -> list[Mark]:
    ranges: tuple[Range, ...] = ()
    for day in sorted(days):
        ranges = added(ranges, (day, day))
    return [(METRICS[metric].id, first, last, state, reason) for first, last in ranges]


def without_scopes(stream: Stream, granted: Collection[str]) -> tuple[str, ...]:
    """The permissions a stream needs and the consent lacks; "a|b" is satisfied by one of them.

    An empty `granted` says nothing: some platforms do not tell what was granted.
    """
    if not granted:
        return ()
    return tuple(scope for scope in stream.scopes if not set(scope.split("|")) & set(granted))
