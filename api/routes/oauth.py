"""The browser's way to a platform's consent screen and back."""

from __future__ import annotations

import html
import secrets
from typing import Annotated
from urllib.parse import quote, unquote, urlencode

from fastapi import APIRouter, Cookie, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from core.errors import AppError
from core.viewer import owner
from services.connecting import consent
from services.installation import site

ROUTER = APIRouter(prefix="/oauth", tags=["oauth"], include_in_schema=False)
_COOKIE, _BACK = "plumbline_consent", "plumbline_back"
_TEN_MINUTES = 600


@ROUTER.get("/start")
def start(
    request: Request,
    workspace: Annotated[int, Query()],
    connection: Annotated[int, Query()],
    w: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """Send the browser to the platform's consent screen, bound to this browser by a cookie.

    `w` is how the site's own links name the workspace; it is handed back with the browser.
    """
    nonce = secrets.token_urlsafe(32)
    try:
        url = consent.begin(owner(workspace), connection, redirect_uri=_redirect_uri(request), browser_nonce=nonce)
    except AppError as error:
        return _problem(error, _page(w, connection))
    response = RedirectResponse(url, status_code=303)
    for name, value in ((_COOKIE, nonce), (_BACK, quote(w))):
        response.set_cookie(
            name, value, max_age=_TEN_MINUTES, path="/oauth", httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
    return response


@ROUTER.get("/callback")
def callback(
    state: Annotated[str, Query()] = "",
    code: Annotated[str, Query()] = "",
    error: Annotated[str, Query()] = "",
    plumbline_consent: Annotated[str, Cookie()] = "",
    plumbline_back: Annotated[str, Cookie()] = "",
) -> Response:
    """Take the platform's answer: a code becomes a token, a refusal becomes a reason; then back to Connections."""
    workspace = unquote(plumbline_back)
    try:
        done = consent.finish(state=state, code=code, error=error, browser_nonce=plumbline_consent, hold=True)
    except AppError as problem:
        return _problem(problem, _page(workspace))
    response = RedirectResponse(_page(workspace, done.connection_id), status_code=303)
    for name in (_COOKIE, _BACK):
        response.delete_cookie(name, path="/oauth")
    return response


def _page(workspace: str, connection: int = 0) -> str:
    """The address of the Connections page, as its own links would write it."""
    query = {"w": workspace, "connection": connection}
    return f"{site.address()}/connections?{urlencode({name: value for name, value in query.items() if value})}"


def _redirect_uri(request: Request) -> str:
    base = site.address() or str(request.base_url).rstrip("/")
    return f"{base}/oauth/callback"


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer"><title>Plumbline</title>
<style>:root{{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}}main{{max-width:34rem;margin:18vh auto;
padding:0 1.5rem}}h1{{font-size:1.25rem}}</style><main><h1>{message}</h1><p>{hint}</p>
<p><a href="{back}">Back to Connections</a></p></main></html>"""


def _problem(error: AppError, back: str) -> HTMLResponse:
    page = _PAGE.format(message=html.escape(error.message), hint=html.escape(error.hint), back=html.escape(back))
    return HTMLResponse(page, status_code=400)
