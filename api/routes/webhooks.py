"""Where platforms say that there is something new. No session and no cookie: a notice proves itself, or is refused."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.connecting import webhooks

ROUTER = APIRouter(prefix=webhooks.PATH, tags=["webhooks"], include_in_schema=False)
LARGEST = 64 * 1024
SLOWEST_S = 10.0
Workspace = Annotated[int | None, Query(ge=0, lt=2**63)]


@ROUTER.get("/{platform}")
def greet(request: Request, platform: str, workspace: Workspace = None) -> Response:
    """Answer a platform that asks whether this address is ours."""
    answer = webhooks.greet(platform, dict(request.query_params), workspace_id=workspace)
    safe = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
    return Response(answer.text, media_type=answer.media_type, headers=safe)


@ROUTER.post("/{platform}")
async def receive(request: Request, platform: str, workspace: Workspace = None) -> JSONResponse:
    """Take a notice of at most 64 KB. It is answered at once; the read it leads to is the scheduler's."""
    body, headers = await _body(request), dict(request.headers)
    await run_in_threadpool(webhooks.receive, platform, headers, body, workspace_id=workspace)
    return JSONResponse({"received": True})


async def _body(request: Request) -> bytes:
    """The raw body. Raises HTTPException: 413 too large, 408 too slow, 400 broken off."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > LARGEST:
        raise HTTPException(413)
    try:
        return await asyncio.wait_for(_read(request), SLOWEST_S)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise HTTPException(413)
    return bytes(body)
