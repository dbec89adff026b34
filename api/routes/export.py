"""The raw numbers as a file, however many rows they are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from typing import Annotated, BinaryIO, cast

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from api import files, viewing
from core import clock
from core.errors import BadQuestion
from core.question import By, Question, Where
from services import exports, overview

ROUTER = APIRouter(prefix="/api/v1/analytics", tags=["analytics"])
_IN_MEMORY, _PIECE = 8 * 2**20, 2**18


@ROUTER.get("/export", response_class=StreamingResponse)
def export(
    business_id: Annotated[int | None, Query(description="Workspace id; may be left out when there is one.")] = None,
    format: Annotated[str, Query(description="csv, xlsx or json.", max_length=20)] = "csv",
    metrics: Annotated[str, Query(description="Names of metrics, separated by commas.", max_length=2000)] = "",
    from_date: Annotated[
        date | None, Query(description="First day; with to_date. Default: the last 30 full days.")
    ] = None,
    to_date: Annotated[date | None, Query(description="Last day, included.")] = None,
    by: Annotated[str, Query(description="day, week, month, or empty for totals.", max_length=20)] = "day",
    split: Annotated[str, Query(description="platform, account or a dimension.", max_length=60)] = "account",
    platforms: Annotated[
        str, Query(description="Platforms, separated by commas; empty means all.", max_length=400)
    ] = "",
) -> Response:
    """One row for each day (or week, month) and account, platform or member, one column for each metric. All rows or
    none: 413 says what to do where a format cannot hold them. The header X-Row-Count says how many there are."""
    viewer = viewing.viewer(business_id)
    if by and by not in set(By):
        raise BadQuestion(f"'{by}' is no way to divide a period.", hint="Use day, week or month, or leave it empty.")
    question = Question(
        tuple(_names(metrics)) or overview.METRICS,
        viewing.period(viewer, from_date, to_date),
        By(by) if by else None,
        split or None,
        Where(tuple(_names(platforms))),
    )
    out = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    try:
        rows = exports.write(viewer, question, format, cast(BinaryIO, out), now=clock.utc_now())
    except BaseException:
        out.close()
        raise
    kind = exports.formats()[format]
    ending, media = ("csv", "text/csv") if format == "csv" else (kind.ending, kind.media_type)
    name = f"plumbline_{question.period.first}_{question.period.last}_{rows}-rows.{ending}"
    size = str(out.tell())
    out.seek(0)
    headers = {"Content-Disposition": files.disposition(name), "X-Row-Count": str(rows), "Content-Length": size}
    return StreamingResponse(_read(cast(BinaryIO, out)), media_type=media, headers=headers)


def _names(text: str) -> Iterator[str]:
    return (name.strip() for name in text.split(",") if name.strip())


def _read(out: BinaryIO) -> Iterator[bytes]:
    with out:
        while piece := out.read(_PIECE):
            yield piece
