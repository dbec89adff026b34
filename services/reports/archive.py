"""Reports that were made: each kept as its document, from which every file is written again, the same to the byte."""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from charts import picture
from core import clock, language
from core.errors import AppError, NotFound, TookTooLong
from core.language import tr
from core.question import Period
from core.registry import discover
from core.report import Document, Format, Layout
from core.viewer import Right, Viewer
from reports import brief, plain
from services.reports import build
from storage import database, reports, settings, share_links, workspaces
from storage.reports import RunRow

log = logging.getLogger(__name__)
KEPT_DAYS = 400
"""How long a made report is kept, unless the workspace chose otherwise."""
LONGEST_S = 30
"""A report that is not made within so many seconds is given up."""
SETTING = "reports_kept_days"
CHART_WIDTH = 720
"""How wide a chart is that is looked at alone."""


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made, or is being made: `state` is 'making', 'ready' or 'failed', and `problem` says why."""

    id: int
    title: str
    period: Period
    made_at: datetime
    state: str
    done: float
    problem: str
    hash: str
    program: str
    data_until: datetime | None
    trigger: str
    person: str
    report_id: int | None
    schedule_id: int | None
    expires_at: datetime | None


def formats() -> dict[str, Format]:
    """Name -> a kind of file a report can be had as."""
    return discover("reports.formats", "FORMAT", Format)


def make(
    viewer: Viewer, layout: Layout, *, now: datetime, report_id: int | None = None, schedule_id: int | None = None,
    trigger: str = "person", banner: str = "",
) -> int:  # fmt: skip
    """Make a report and keep it; returns its id. What fails is kept as a failed run, and raised."""
    run_id = begin(viewer, layout, now=now, report_id=report_id, schedule_id=schedule_id, trigger=trigger)
    fill(viewer, run_id, layout, now=now, banner=banner)
    return run_id


def begin(
    viewer: Viewer, layout: Layout, *, now: datetime, report_id: int | None = None, schedule_id: int | None = None,
    trigger: str = "person",
) -> int:  # fmt: skip
    """Note that a report is being made; returns its id. Raises BadQuestion for a period that is none."""
    viewer.require(Right.READ)
    with database.current().write() as connection:
        of = workspaces.get(connection, viewer.workspace_id)
        period = build.asked_of(layout, clock.local_day(now, of.time_zone), of.week_start).period
        keep = int(settings.get(connection, viewer.workspace_id, SETTING, KEPT_DAYS))
        return reports.begin(
            connection, viewer.workspace_id, (clock.epoch_day(period.first), clock.epoch_day(period.last)),
            title=layout.title, person=viewer.person, program=build.program(), trigger=trigger, now=now,
            report_id=report_id, schedule_id=schedule_id, expires_at=clock.epoch_ms(now + timedelta(days=keep)),
        )  # fmt: skip


def fill(viewer: Viewer, run_id: int, layout: Layout, *, now: datetime, banner: str = "") -> Document:
    """Make the document of a run that was begun, and keep it. What fails is noted with the run, and raised."""

    deadline = clock.monotonic() + LONGEST_S

    def told(done: float) -> None:
        if clock.monotonic() > deadline:
            raise TookTooLong(
                tr("The report took longer than {n} seconds and was given up.", n=LONGEST_S),
                hint=tr("Choose a shorter period, or fewer blocks."),
            )
        with database.current().write() as connection:
            reports.tell(connection, viewer.workspace_id, run_id, done)

    try:
        made = build.build(viewer, layout, now=now, banner=banner, told=told)
    except Exception as error:
        why = error.message if isinstance(error, AppError) else tr("It could not be made; the log says why.")
        with database.current().write() as connection:
            reports.fail(connection, viewer.workspace_id, run_id, why)
        raise
    written = _written(made)
    digest = hashlib.sha256(written).hexdigest()
    with database.current().write() as connection:
        until = made.data_until
        reports.finish(connection, viewer.workspace_id, run_id, zlib.compress(written, 9), digest, until)
    return made


def document(viewer: Viewer, run_id: int) -> Document:
    """The document of a made report. Raises NotFound."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        packed = reports.manifest(connection, viewer.workspace_id, run_id)
    if not packed:
        raise NotFound(tr("There is no such report, or it is not ready."), hint=tr("Look for it in the archive."))
    return plain.from_plain(json.loads(zlib.decompress(packed)))


def file(viewer: Viewer, run_id: int, kind: str) -> bytes:
    """A made report as a file: the same bytes every time. Raises NotFound, for a format that there is none of too."""
    return written(document(viewer, run_id), kind)


def as_kept(of: Document) -> Document:
    """A document that was just made, as it reads once it was kept: files are written from that alone."""
    return plain.from_plain(json.loads(_written(of)))


def written(of: Document, kind: str) -> bytes:
    """A document of the archive, or one `as_kept`, as a file. Raises NotFound for a format that there is none of."""
    known = formats()
    if kind not in known:
        raise NotFound(tr("There is no format called '{name}'.", name=kind), hint=", ".join(known))
    out = BytesIO()
    with language.using(of.language, of.forms):
        known[kind].write(of, picture.draw, out)
    return out.getvalue()


def chart(viewer: Viewer, run_id: int, number: int) -> bytes:
    """A chart of a made report as a picture (PNG); the first is 1. Raises NotFound."""
    charts = brief.charts(document(viewer, run_id))
    if not 0 < number <= len(charts):
        raise NotFound(tr("There is no such chart in the report."))
    return picture.draw(plain.plain(charts[number - 1].chart), "png", width=CHART_WIDTH)


def file_name(of: Made, kind: str) -> str:
    """What a file is called where it is saved: the title in plain letters, its last day, and the format's ending.

    >>> from datetime import date
    >>> made = Made(1, "Größe: Q3/Q4", Period(date(2026, 1, 1), date(2026, 1, 31)), datetime(2026, 2, 1), "ready", 1.0,
    ...             "", "", "", None, "person", "owner", None, None, None)
    >>> file_name(made, "pdf")
    'Größe-Q3-Q4_2026-01-31.pdf'
    """
    kept = "".join(sign if sign.isalnum() else " " for sign in of.title)[:80]
    ending = formats()[kind].ending
    return f"{'-'.join(kept.split()) or 'report'}_{of.period.last.isoformat()}.{ending}"


def all_made(
    viewer: Viewer, *, search: str = "", report_id: int | None = None, limit: int = 50, skip: int = 0
) -> tuple[list[Made], int]:
    """Made reports, newest first, of which the title has `search` in it; and how many there are in all."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        rows, count = reports.runs(
            connection, viewer.workspace_id, search=search, report_id=report_id, limit=limit, skip=skip
        )
    return [_made(row) for row in rows], count


def find(viewer: Viewer, run_id: int) -> Made:
    """A made report. Raises NotFound."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        row = reports.run(connection, viewer.workspace_id, run_id)
    if row is None:
        raise NotFound(tr("There is no such report."), hint=tr("Look for it in the archive."))
    return _made(row)


def remove(viewer: Viewer, run_id: int) -> None:
    """Forget a made report, and with it every file of it. Nothing happens when there is none."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        share_links.forget_run(connection, viewer.workspace_id, run_id)
        reports.forget(connection, viewer.workspace_id, run_id)


def kept_days(viewer: Viewer) -> int:
    """How many days a made report is kept."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return int(settings.get(connection, viewer.workspace_id, SETTING, KEPT_DAYS))


def keep_days(viewer: Viewer, days: int) -> None:
    """Choose how many days a report is kept that is made from now on."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        settings.put(connection, viewer.workspace_id, SETTING, max(1, days))


def tidy(now: datetime) -> int:
    """Remove what has been kept long enough, in every workspace, and the links to it; answers how many."""
    with database.current().write() as connection:
        every = [one.id for one in workspaces.list_all(connection)]
        count = sum(reports.expire(connection, one, now) for one in every)
        for one in every if count else ():
            share_links.forget_gone(connection, one)
        return count


def _written(of: Document) -> bytes:
    return json.dumps(plain.to_plain(of), ensure_ascii=False, separators=(",", ":")).encode()


def _made(row: RunRow) -> Made:
    return Made(
        row.id, row.title, Period(clock.from_epoch_day(row.first_day), clock.from_epoch_day(row.last_day)),
        clock.from_epoch_ms(row.made_at), row.state, row.done, row.problem, row.hash, row.program,
        clock.from_epoch_ms(row.data_until) if row.data_until else None, row.trigger, row.person, row.report_id,
        row.schedule_id, clock.from_epoch_ms(row.expires_at) if row.expires_at else None,
    )  # fmt: skip
