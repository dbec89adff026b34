"""The browser's way to a platform's consent screen and back."""

from __future__ import annotations

import html
import secrets
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from core.errors import AppError
from core.viewer import owner
from services import consent, site

ROUTER = APIRouter(prefix="/oauth", tags=["oauth"], include_in_schema=False)
_COOKIE = "plumbline_consent"
_TEN_MINUTES = 600


@ROUTER.get("/start")
def start(
    request: Request,
    workspace: Annotated[int, Query()],
    connection: Annotated[int, Query()],
) -> Response:
    """Send the browser to the platform's consent screen, bound to this browser by a cookie."""
    nonce = secrets.token_urlsafe(32)
    try:
        url = consent.begin(owner(workspace), connection, redirect_uri=_redirect_uri(request), browser_nonce=nonce)
    except AppError as error:
        return _problem(error)
    response = RedirectResponse(url, status_code=303)
    response.set_cookie(
        _COOKIE, nonce, max_age=_TEN_MINUTES, path="/oauth", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


@ROUTER.get("/callback")
def callback(
    state: Annotated[str, Query()] = "",
    code: Annotated[str, Query()] = "",
    error: Annotated[str, Query()] = "",
    plumbline_consent: Annotated[str, Cookie()] = "",
) -> Response:
    """Take the platform's answer: a code becomes a token, a refusal becomes a reason; then back to Connections."""
    try:
        done = consent.finish(state=state, code=code, error=error, browser_nonce=plumbline_consent)
    except AppError as problem:
        return _problem(problem)
    query = urlencode({"w": done.workspace_id, "connection": done.connection_id})
    response = RedirectResponse(f"{site.address()}/connections?{query}", status_code=303)
    response.delete_cookie(_COOKIE, path="/oauth")
    return response


def _redirect_uri(request: Request) -> str:
    base = site.address() or str(request.base_url).rstrip("/")
    return f"{base}/oauth/callback"


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>Plumbline</title>
<style>:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}main{{max-width:34rem;margin:18vh auto;
padding:0 1.5rem}}h1{{font-size:1.25rem}}</style><main><h1>{message}</h1><p>{hint}</p>
<p><a href="/connections">Back to Connections</a></p></main></html>"""


def _problem(error: AppError) -> HTMLResponse:
    page = _PAGE.format(message=html.escape(error.message), hint=html.escape(error.hint))
    return HTMLResponse(page, status_code=400)
