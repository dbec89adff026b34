"""A made report for whoever has its link: a page that says what it is, the report itself, and its files."""

from __future__ import annotations

import html
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Header, Path, Request
from fastapi.responses import RedirectResponse, Response

from api import files, frame
from core import clock, language
from core.errors import AppError, NotFound
from core.language import tr
from reports import words
from services.reports import archive, links
from services.reports.links import Opened

ROUTER = APIRouter(prefix="/r", tags=["shared reports"], include_in_schema=False)
_COOKIE = "plumbline_shared"
Token = Annotated[str, Path(max_length=100)]
Kind = Annotated[str, Path(max_length=20)]
Asked = Annotated[str, Header(alias="accept-language")]


@ROUTER.get("/{token}")
def page(token: Token, accept_language: Asked = "", plumbline_shared: Annotated[str, Cookie()] = "") -> Response:
    """What the link leads to, with its files; or the form for its password."""
    with language.using(language.nearest(accept_language.split(",")[0]).code):
        try:
            found = links.come(token, now=clock.utc_now(), pass_key=plumbline_shared)
        except NotFound as error:
            return frame.page(tr("Shared report"), frame.problem(error), 404)
        return frame.page(tr("Shared report"), _form(token)) if found.locked else _contents(token, found)


@ROUTER.post("/{token}")
def unlock(
    request: Request, token: Token, password: Annotated[str, Form(max_length=200)], accept_language: Asked = ""
) -> Response:
    """The password was given."""
    with language.using(language.nearest(accept_language.split(",")[0]).code):
        try:
            found = links.unlock(token, password, now=clock.utc_now())
        except NotFound as error:
            return frame.page(tr("Shared report"), frame.problem(error), 404)
        except AppError as error:
            return frame.page(tr("Shared report"), frame.problem(error) + _form(token), 403)
    answer = RedirectResponse(token, status_code=303, headers=frame.HEADERS)
    secure = request.url.scheme == "https"
    answer.set_cookie(_COOKIE, found.pass_key, path=request.url.path, httponly=True, samesite="lax", secure=secure)
    return answer


@ROUTER.get("/{token}/chart/{number}.png")
def chart(token: Token, number: int, plumbline_shared: Annotated[str, Cookie()] = "") -> Response:
    """A chart of the report as a picture, for chats; the first is 1. Where there is a password, only behind it."""
    try:
        found = links.come(token, now=clock.utc_now(), pass_key=plumbline_shared)
        if found.locked:
            return Response(status_code=403, headers=frame.HEADERS)
        drawn = archive.chart(found.viewer, found.made.id, number)
    except NotFound:
        return Response(status_code=404, headers=frame.HEADERS)
    links.note(found.viewer, found.link_id, "png", now=clock.utc_now())
    return Response(drawn, media_type="image/png", headers=frame.HEADERS)


@ROUTER.get("/{token}/{kind}")
def file(
    token: Token, kind: Annotated[str, Path(max_length=20)], plumbline_shared: Annotated[str, Cookie()] = ""
) -> Response:
    """The report as a file; as a page of its own for HTML."""
    try:
        found = links.come(token, now=clock.utc_now(), pass_key=plumbline_shared)
        if found.locked:
            return RedirectResponse(f"../{token}", status_code=303, headers=frame.HEADERS)
        content = archive.file(found.viewer, found.made.id, kind)
    except NotFound as error:
        return frame.page(tr("Shared report"), frame.problem(error), 404)
    links.note(found.viewer, found.link_id, kind, now=clock.utc_now())
    headers = frame.HEADERS | (
        {} if kind == "html" else {"Content-Disposition": files.disposition(archive.file_name(found.made, kind))}
    )
    return Response(content, media_type=archive.formats()[kind].media_type, headers=headers)


def _contents(token: str, found: Opened) -> Response:
    links.note(found.viewer, found.link_id, links.SEEN, now=clock.utc_now())
    document = archive.document(found.viewer, found.made.id)
    facts = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(said)}</dd>" for name, said in words.facts(document))
    files = "".join(
        f'<li><a href="{token}/{name}">{html.escape(tr(one.title))}</a></li>'
        for name, one in archive.formats().items()
        if name != "html"
    )
    until = words.moment(found.expires_at, document.time_zone) if found.expires_at else ""
    ends = f"<p class=quiet>{html.escape(tr('This link works until {moment}.', moment=until))}</p>" if until else ""
    banner = f"<p class=banner>{html.escape(document.banner)}</p>" if document.banner else ""
    body = (
        f"<h1>{html.escape(document.title)}</h1>{banner}<dl>{facts}</dl>"
        f'<p><a class=main href="{token}/html">{html.escape(tr("Open the report"))}</a></p>'
        f"<h2>{html.escape(tr('As a file'))}</h2><ul>{files}</ul>{ends}"
    )
    return frame.page(document.title, body)


def _form(token: str) -> str:
    return (
        f"<h1>{html.escape(tr('This report is behind a password'))}</h1>"
        f'<form method=post action="{html.escape(token, quote=True)}"><label>{html.escape(tr("Password"))}'
        f"<input type=password name=password autocomplete=off required autofocus></label>"
        f"<button class=main>{html.escape(tr('Open'))}</button></form>"
    )
