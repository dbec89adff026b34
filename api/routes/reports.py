"""Reports: made, listed, had as a file, removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from api import files, viewing
from core import clock, language
from core.errors import BadQuestion, NotFound
from core.question import Period
from services.reports import archive, layouts
from services.reports.archive import Made

ROUTER = APIRouter(prefix="/api/v1/analytics/reports", tags=["reports"])
BusinessId = Annotated[int | None, Query(description="Workspace id; may be left out when there is one.")]


class FiltersIn(BaseModel):
    """What a report is narrowed to; empty means all."""

    accounts: list[int] = []
    kinds: list[str] = []
    tags: list[str] = []


class ReportIn(BaseModel):
    """A report to make. `report_type` is a template's name; `report_id` instead makes one that a person laid out."""

    report_name: str = Field("", max_length=layouts.LONGEST_TITLE)
    report_type: str = "performance"
    report_id: int | None = None
    date_range_start: date | None = None
    date_range_end: date | None = None
    platforms: list[str] = []
    filters: FiltersIn = FiltersIn()
    language: str = "en"


class ReportOut(BaseModel):
    """A report that was made. `hash` is that of its stored document, `formats` what it can be had as."""

    id: str
    report_name: str
    date_range_start: date
    date_range_end: date
    generated_at: datetime
    expires_at: datetime | None
    data_until: datetime | None
    state: str
    problem: str
    hash: str
    program: str
    formats: list[str]


class ReportsOut(BaseModel):
    """Made reports, newest first, and how many there are in all."""

    reports: list[ReportOut]
    total: int


@ROUTER.post("", status_code=201)
def make(wanted: ReportIn, business_id: BusinessId = None) -> ReportOut:
    """Make a report and keep it. 408 when it takes longer than 30 seconds."""
    viewer = viewing.viewer(business_id)
    if wanted.language not in language.spoken():
        raise BadQuestion(f"There is no language '{wanted.language}'.", hint=", ".join(language.spoken()))
    with language.using(wanted.language):
        if wanted.report_id is not None:
            layout = layouts.find(viewer, wanted.report_id).layout
        elif wanted.report_type in (known := layouts.templates()):
            layout = layouts.from_template(known[wanted.report_type])
        else:
            raise NotFound(f"There is no report type '{wanted.report_type}'.", hint=", ".join(known))
    period = layout.period
    if wanted.date_range_start or wanted.date_range_end:
        period = viewing.period(viewer, wanted.date_range_start, wanted.date_range_end)
    layout = replace(
        layout,
        title=wanted.report_name or layout.title,
        period=period,
        platforms=tuple(wanted.platforms) or layout.platforms,
        accounts=tuple(wanted.filters.accounts) or layout.accounts,
        kinds=tuple(wanted.filters.kinds) or layout.kinds,
        tags=tuple(wanted.filters.tags) or layout.tags,
    )
    made = archive.make(viewer, layout, now=clock.utc_now(), report_id=wanted.report_id, trigger="api")
    return _told(archive.find(viewer, made))


@ROUTER.get("")
def listed(
    business_id: BusinessId = None,
    search: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    skip: Annotated[int, Query(ge=0)] = 0,
) -> ReportsOut:
    """The reports that were made, newest first."""
    found, total = archive.all_made(viewing.viewer(business_id), search=search, limit=limit, skip=skip)
    return ReportsOut(reports=[_told(one) for one in found], total=total)


@ROUTER.get("/{report_id}")
def download(
    report_id: int, business_id: BusinessId = None, format: Annotated[str, Query(max_length=20)] = "json"
) -> Response:
    """A made report as a file: the same bytes every time."""
    viewer = viewing.viewer(business_id)
    made = archive.find(viewer, report_id)
    content = archive.file(viewer, report_id, format)
    headers = {
        "Content-Disposition": files.disposition(archive.file_name(made, format)),
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=archive.formats()[format].media_type, headers=headers)


@ROUTER.delete("/{report_id}", status_code=204)
def remove(report_id: int, business_id: BusinessId = None) -> None:
    """Forget a made report, its files and its links."""
    viewer = viewing.viewer(business_id)
    archive.find(viewer, report_id)
    archive.remove(viewer, report_id)


def _told(made: Made) -> ReportOut:
    period: Period = made.period
    return ReportOut(
        id=str(made.id),
        report_name=made.title,
        date_range_start=period.first,
        date_range_end=period.last,
        generated_at=made.made_at,
        expires_at=made.expires_at,
        data_until=made.data_until,
        state=made.state,
        problem=made.problem,
        hash=made.hash,
        program=made.program,
        formats=list(archive.formats()) if made.state == "ready" else [],
    )
