"""Is it alive (/healthz: process, database, scheduler heartbeat), and may traffic come (/readyz)?"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from services.installation import health

ROUTER = APIRouter(tags=["health"])


@ROUTER.get("/healthz")
def healthz() -> JSONResponse:
    """Process, database and scheduler heartbeat; 503 when one of them is not well."""
    report = health.report()
    return JSONResponse(report, status_code=200 if report["status"] == "ok" else 503)


@ROUTER.get("/readyz")
def readyz() -> JSONResponse:
    """200 once the database is open and its migrations have run."""
    ready = health.ready()
    return JSONResponse({"ready": ready}, status_code=200 if ready else 503)
