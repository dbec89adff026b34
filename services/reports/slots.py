"""From a schedule's moment to a made report: each slot is taken once, and what was cut off is made again."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from core import clock, language
from core.errors import AppError, NotFound, Recovery
from core.language import mark
from core.question import Period, Where
from core.report import Layout
from core.viewer import Viewer, owner
from services.installation.leasing import Lease
from services.reports import archive, build, lateness, layouts, rhythm, targets
from storage import database, deliveries, reports, schedules, settings, workspaces
from storage.database import Connection, Database
from storage.reports import RunRow
from storage.schedules import ScheduleRow

log = logging.getLogger(__name__)
LEASE_S = 30.0
TRIED_FOR, GIVEN_UP_AFTER = timedelta(minutes=15), timedelta(days=1)
"""How long a report is tried again whose making was disturbed, and when one is given up that was cut off each time."""
_SKIPPED = mark("Not sent, because data was late.")
_CUT_OFF = mark("Making it was cut off again and again.")
_REMOVED = mark("The report of this schedule was removed.")
_FAILED = mark("The report could not be made.")


def take_due(store: Database, *, now: datetime) -> int:
    """Take the slot of every schedule whose moment has come; answers how many runs there are to make of it.

    One transaction takes the slot, notes the run and puts its deliveries in the queue: all of it happens, or nothing,
    and once. Where moments were missed, the newest alone is taken.
    """
    with store.read() as connection:
        due = schedules.due(connection, now)
    return sum(_take(store, row, now) for row in due)


def _take(store: Database, row: ScheduleRow, now: datetime) -> bool:
    viewer, of = owner(row.workspace_id), rhythm.from_plain(row.rhythm)
    slot = of.newest(clock.from_epoch_ms(row.next_at or 0) - timedelta(milliseconds=1), now)
    try:
        asked = period_of(viewer, row.report_id, slot or now)
    except AppError as error:
        gone = isinstance(error, NotFound)
        problem = _REMOVED if gone else f"{_FAILED} {error.message}"
        later = None if gone else clock.epoch_ms(of.next_after(now))
        with store.write() as connection:
            schedules.change(
                connection, row.workspace_id, row.id, active=not gone, next_at=later, problem=problem
            )  # fmt: skip
        return False
    with store.write() as connection:
        next_at = of.next_after(now)
        if slot is None or not schedules.take(connection, row.workspace_id, row.id, slot, next_at):
            return False
        run_id = begin(connection, viewer, row, asked, trigger="schedule", now=now)
        targets.queue(
            connection, row.workspace_id, run_id, targets.from_plain(row.channels), row.formats, schedule_id=row.id,
            now=now,
        )  # fmt: skip
    return True


def period_of(viewer: Viewer, report_id: int, moment: datetime) -> tuple[Layout, Period]:
    """A report as it is laid out, and the days it is about at a moment. Raises NotFound and BadQuestion."""
    layout = layouts.find(viewer, report_id).layout
    with database.current().read() as connection:
        of = workspaces.get(connection, viewer.workspace_id)
    return layout, build.asked_of(layout, clock.local_day(moment, of.time_zone), of.week_start).period


def begin(
    connection: Connection, viewer: Viewer, row: ScheduleRow, asked: tuple[Layout, Period], *, trigger: str,
    now: datetime,
) -> int:  # fmt: skip
    """Note a run of a schedule that waits to be made; returns its id."""
    layout, period = asked
    keep = int(settings.get(connection, viewer.workspace_id, archive.SETTING, archive.KEPT_DAYS))
    return reports.begin(
        connection, viewer.workspace_id, (clock.epoch_day(period.first), clock.epoch_day(period.last)),
        title=layout.title, person=row.person, program=build.program(), trigger=trigger, now=now,
        report_id=row.report_id, schedule_id=row.id, state="waiting",
        expires_at=clock.epoch_ms(now + timedelta(days=keep)),
    )  # fmt: skip


def waiting(store: Database) -> list[RunRow]:
    """The runs of schedules that are to be made, or were cut off while they were."""
    with store.read() as connection:
        return [run for one in workspaces.list_all(connection) for run in reports.to_make(connection, one.id)]


def make(store: Database, run: RunRow) -> None:
    """Make a run, unless another process does, and say with its schedule how that went."""
    lease = Lease(store, f"report/{run.id}", LEASE_S)
    if not lease.take():
        return
    lease.keep()
    try:
        with store.read() as connection:
            current = reports.run(connection, run.workspace_id, run.id)
        if current is not None and current.state in {"waiting", "making"}:
            _make(store, current, clock.utc_now())
    finally:
        lease.release()


def _make(store: Database, run: RunRow, now: datetime) -> None:
    begun = clock.from_epoch_ms(run.made_at)
    if run.state == "making" and now - begun > GIVEN_UP_AFTER:
        _end(store, run, "failed", _CUT_OFF)
        return
    with store.write() as connection:
        reports.put(connection, run.workspace_id, run.id, "making")
    try:
        _fill(store, run, now)
    except AppError as error:
        log.warning("A scheduled report could not be made: %s %s", error, error.context)
        again = error.recovery is Recovery.RETRY and now - begun < TRIED_FOR
        _end(store, run, "waiting" if again else "failed", error.message)
    except Exception:
        log.exception("A scheduled report could not be made")
        _end(store, run, "failed", mark("It could not be made; the log says why."))


def _fill(store: Database, run: RunRow, now: datetime) -> None:
    viewer = owner(run.workspace_id)
    period = Period(clock.from_epoch_day(run.first_day), clock.from_epoch_day(run.last_day))
    layout = replace(layouts.find(viewer, run.report_id or 0).layout, title=run.title, period=period)
    with store.read() as connection:
        row = schedules.find(connection, run.workspace_id, run.schedule_id or 0)
    when_late = row.when_late if row else "banner"
    if when_late == "skip" and run.trigger == "schedule" and (why := _late(viewer, layout, period, now, "en")):
        _end(store, run, "skipped", f"{_SKIPPED} {why}")
        return
    banner = "" if when_late == "send" else _late(viewer, layout, period, now, layout.language)
    archive.fill(viewer, run.id, layout, now=now, banner=banner)


def _late(viewer: Viewer, layout: Layout, period: Period, now: datetime, code: str) -> str:
    with language.using(code, layout.forms if code == layout.language else ""):
        return lateness.late(viewer, Where(layout.platforms, layout.accounts), period.last, now=now)


def _end(store: Database, run: RunRow, state: str, problem: str) -> None:
    """A run that is not ready: it waits again, or nothing is sent of it, and its schedule says why."""
    with store.write() as connection:
        reports.put(connection, run.workspace_id, run.id, state, problem)
        if state == "waiting":
            return
        deliveries.stop(connection, run.workspace_id, run.id, problem)
        told = problem if state == "skipped" else f"{_FAILED} {problem}"
        schedules.change(connection, run.workspace_id, run.schedule_id or 0, problem=told)
