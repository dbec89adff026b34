"""Schedules: when a report makes itself, to whom it goes, and what happens when its data is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core import clock, language
from core.errors import BadSetting, NotFound
from core.kept import retold
from core.language import mark, tr
from core.viewer import Right, Viewer
from services.reports import archive, layouts, rhythm, slots, targets
from services.reports.rhythm import Rhythm
from services.reports.targets import Target
from services.sending import channels
from storage import database, deliveries, schedules
from storage.schedules import ScheduleRow

WHEN_LATE = {
    "banner": mark("Send it with a banner that says so"),
    "send": mark("Send it as it is"),
    "skip": mark("Do not send it this time"),
}
"""What happens when data is late, in the order of a picker."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule as people see it. `to` are its targets in words, `problem` is what went wrong with its newest run."""

    id: int
    report_id: int
    title: str
    rhythm: Rhythm
    formats: tuple[str, ...]
    targets: tuple[Target, ...]
    to: tuple[str, ...]
    when_late: str
    active: bool
    person: str
    next_at: datetime | None
    last_at: datetime | None
    problem: str

    @property
    def words(self) -> str:
        """When it comes, in a sentence: the rhythm, and the next moment."""
        said = self.rhythm.words()
        if self.next_at is None:
            return tr("{rhythm}, paused", rhythm=said)
        return tr("{rhythm}, next: {moment}", rhythm=said, moment=moment(self.next_at, self.rhythm.zone))


def moment(at: datetime, zone: str) -> str:
    """A moment of a schedule, as the clocks in its zone show it.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "Europe/Berlin")
    'Mon 23 Nov 08:00'
    """
    local = at.astimezone(clock.zone(zone))
    return f"{language.day_words(local.date(), weekday=True)} {local:%H:%M}"


def upcoming(of: Rhythm, *, now: datetime, count: int = 5) -> list[str]:
    """The next moments of a rhythm in words: what a person sees before they save it."""
    found, at = [], now
    for _ in range(count):
        at = of.next_after(at)
        found.append(moment(at, of.zone))
    return found


def create(
    viewer: Viewer, report_id: int, of: Rhythm, to: Sequence[Target], *, formats: Sequence[str] = ("pdf",),
    when_late: str = "banner", now: datetime,
) -> int:  # fmt: skip
    """Let a report make itself; returns the schedule's id. Raises NotFound for a report there is none of, and
    BadSetting for what cannot be."""
    viewer.require(Right.MANAGE)
    layouts.find(viewer, report_id)
    _check(viewer, to, formats, when_late)
    with database.current().write() as connection:
        return schedules.keep(
            connection, viewer.workspace_id, report_id, rhythm=rhythm.to_plain(of), formats=list(formats),
            channels=targets.to_plain(to), when_late=when_late, person=viewer.person, now=now,
            next_at=of.next_after(now),
        )  # fmt: skip


def change(
    viewer: Viewer, schedule_id: int, of: Rhythm, to: Sequence[Target], *, formats: Sequence[str], when_late: str,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a schedule in place of what it was. One that is paused stays so. Raises as `create` does."""
    viewer.require(Right.MANAGE)
    _check(viewer, to, formats, when_late)
    active = find(viewer, schedule_id).active
    _change(
        viewer, schedule_id, rhythm=rhythm.to_plain(of), formats=list(formats), channels=targets.to_plain(to),
        when_late=when_late, next_at=clock.epoch_ms(of.next_after(now)) if active else None, problem="",
    )  # fmt: skip


def pause(viewer: Viewer, schedule_id: int) -> None:
    """Make nothing until it is resumed; what is on its way goes on. Raises NotFound."""
    viewer.require(Right.MANAGE)
    _change(viewer, schedule_id, active=False, next_at=None)


def resume(viewer: Viewer, schedule_id: int, *, now: datetime) -> None:
    """Go on with the next moment; what was missed meanwhile is not made up for. Raises NotFound."""
    viewer.require(Right.MANAGE)
    at = find(viewer, schedule_id).rhythm.next_after(now)
    _change(viewer, schedule_id, active=True, next_at=clock.epoch_ms(at), problem="")


def remove(viewer: Viewer, schedule_id: int) -> None:
    """Remove a schedule. What it made stays in the archive. Nothing happens when there is none."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        schedules.forget(connection, viewer.workspace_id, schedule_id)


def all_of(viewer: Viewer, report_id: int | None = None) -> list[Schedule]:
    """The schedules of the workspace, or of one report, oldest first."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        rows = schedules.all_of(connection, viewer.workspace_id, report_id)
    titles = {one.id: one.layout.title for one in layouts.all_of(viewer)} if rows else {}
    return [_told(viewer, row, titles.get(row.report_id, "")) for row in rows]


def find(viewer: Viewer, schedule_id: int) -> Schedule:
    """A schedule by its id. Raises NotFound."""
    found = next((one for one in all_of(viewer) if one.id == schedule_id), None)
    if found is None:
        raise _none()
    return found


def run_now(viewer: Viewer, schedule_id: int, *, now: datetime) -> int:
    """Make the report now and send it to everyone, besides its rhythm; returns the run's id. The scheduler makes it
    within seconds; `archive.find` tells how far it is, `delivery.log` what became of it. Raises NotFound."""
    viewer.require(Right.MANAGE)
    row = _row(viewer, schedule_id)
    period = slots.period_of(viewer, row.report_id, now)
    with database.current().write() as connection:
        run_id = slots.begin(connection, viewer, row, period, trigger="person", now=now)
        to = targets.from_plain(row.channels)
        targets.queue(
            connection, viewer.workspace_id, run_id, to, row.formats, schedule_id=schedule_id, now=now
        )  # fmt: skip
    return run_id


def test(viewer: Viewer, schedule_id: int, to: str, *, now: datetime) -> int:
    """Make the report now and send it to one address only, marked as a test; returns the run's id, as `run_now` does.
    Raises NotFound, and BadSetting for what is no address or where there is no mail server."""
    viewer.require(Right.MANAGE)
    row, address = _row(viewer, schedule_id), channels.checked(targets.MAIL, to)
    if not channels.mail_is_set_up():
        raise BadSetting(
            tr("There is no mail server yet."), hint=tr("Set PLUMBLINE_SMTP_HOST and PLUMBLINE_SMTP_FROM.")
        )
    period = slots.period_of(viewer, row.report_id, now)
    with database.current().write() as connection:
        run_id = slots.begin(connection, viewer, row, period, trigger="test", now=now)
        deliveries.queue(
            connection, viewer.workspace_id, run_id, way=targets.MAIL, to_whom=address, formats=row.formats, now=now,
            schedule_id=schedule_id,
        )  # fmt: skip
    return run_id


def _check(viewer: Viewer, to: Iterable[Target], formats: Sequence[str], when_late: str) -> None:
    if when_late not in WHEN_LATE:
        raise BadSetting(tr("There is no choice called '{name}'.", name=when_late), hint=", ".join(WHEN_LATE))
    if unknown := [one for one in formats if one not in archive.formats()]:
        raise BadSetting(tr("There is no format called '{name}'.", name=unknown[0]), hint=", ".join(archive.formats()))
    targets.check(viewer, to)


def _change(viewer: Viewer, schedule_id: int, **values: Any) -> None:
    with database.current().write() as connection:
        if not schedules.change(connection, viewer.workspace_id, schedule_id, **values):
            raise _none()


def _row(viewer: Viewer, schedule_id: int) -> ScheduleRow:
    with database.current().read() as connection:
        row = schedules.find(connection, viewer.workspace_id, schedule_id)
    if row is None:
        raise _none()
    return row


def _told(viewer: Viewer, row: ScheduleRow, title: str) -> Schedule:
    to = targets.from_plain(row.channels)
    return Schedule(
        row.id, row.report_id, title or tr("a removed report"), rhythm.from_plain(row.rhythm), tuple(row.formats), to,
        targets.words(viewer, to), row.when_late, row.active, row.person, _moment(row.next_at), _moment(row.slot),
        retold(row.problem),
    )  # fmt: skip


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else clock.from_epoch_ms(ms)


def _none() -> NotFound:
    return NotFound(tr("There is no such schedule."), hint=tr("Someone may have removed it."))
