"""A made report for whoever has its link: a page that says what it is, the report itself, and its files."""

from __future__ import annotations

import html
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Header, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import files
from core import clock, language
from core.errors import AppError, NotFound
from core.language import tr
from reports import words
from services.reports import archive, links
from services.reports.links import Opened

ROUTER = APIRouter(prefix="/r", tags=["shared reports"], include_in_schema=False)
_COOKIE = "plumbline_shared"
_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
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
            return _page(tr("Shared report"), _problem(error), 404)
        return _page(tr("Shared report"), _form(token)) if found.locked else _contents(token, found)


@ROUTER.post("/{token}")
def unlock(
    request: Request, token: Token, password: Annotated[str, Form(max_length=200)], accept_language: Asked = ""
) -> Response:
    """The password was given."""
    with language.using(language.nearest(accept_language.split(",")[0]).code):
        try:
            found = links.unlock(token, password, now=clock.utc_now())
        except NotFound as error:
            return _page(tr("Shared report"), _problem(error), 404)
        except AppError as error:
            return _page(tr("Shared report"), _problem(error) + _form(token), 403)
    answer = RedirectResponse(token, status_code=303, headers=_HEADERS)
    secure = request.url.scheme == "https"
    answer.set_cookie(_COOKIE, found.pass_key, path=request.url.path, httponly=True, samesite="lax", secure=secure)
    return answer


@ROUTER.get("/{token}/{kind}")
def file(
    token: Token, kind: Annotated[str, Path(max_length=20)], plumbline_shared: Annotated[str, Cookie()] = ""
) -> Response:
    """The report as a file; as a page of its own for HTML."""
    try:
        found = links.come(token, now=clock.utc_now(), pass_key=plumbline_shared)
        if found.locked:
            return RedirectResponse(f"../{token}", status_code=303, headers=_HEADERS)
        content = archive.file(found.viewer, found.made.id, kind)
    except NotFound as error:
        return _page(tr("Shared report"), _problem(error), 404)
    links.note(found.viewer, found.link_id, kind, now=clock.utc_now())
    headers = _HEADERS | (
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
    return _page(document.title, body)


def _form(token: str) -> str:
    return (
        f"<h1>{html.escape(tr('This report is behind a password'))}</h1>"
        f'<form method=post action="{html.escape(token, quote=True)}"><label>{html.escape(tr("Password"))}'
        f"<input type=password name=password autocomplete=off required autofocus></label>"
        f"<button class=main>{html.escape(tr('Open'))}</button></form>"
    )


def _problem(error: AppError) -> str:
    return f"<p class=banner role=alert>{html.escape(error.message)} {html.escape(error.hint)}</p>"


def _page(title: str, body: str, status: int = 200) -> Response:
    code = language.reader().words.code
    text = _PAGE.format(language=code, title=html.escape(title), body=body)
    return HTMLResponse(text, status, headers=_HEADERS | {"Content-Security-Policy": _CSP})


_PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark"><title>{title}</title>
<style>
body {{ font: 16px/1.55 Inter, "Liberation Sans", system-ui, sans-serif; max-width: 34rem; margin: 12vh auto 4rem;
  padding: 0 1.25rem; color: light-dark(#1b1f27, #e7e9ee); background: light-dark(#fff, #14171d); }}
h1 {{ font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }} h2 {{ font-size: 1rem; margin-top: 2rem; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 1.5rem 0; }}
dt, .quiet {{ color: light-dark(#5b6472, #9aa3b2); }} dd {{ margin: 0; overflow-wrap: anywhere; }}
a {{ color: light-dark(#2457c5, #8fb4ff); }} ul {{ padding-left: 1.1rem; }}
.main {{ display: inline-block; padding: .6rem 1.1rem; border: 0; border-radius: .5rem; font: inherit;
  color: #fff; background: #2457c5; text-decoration: none; cursor: pointer; }}
.banner {{ padding: .7rem 1rem; border-radius: .5rem; background: light-dark(#fff4e0, #3a2c10); }}
form {{ display: grid; gap: 1rem; justify-items: start; }} label {{ display: grid; gap: .35rem; width: 100%; }}
input {{ font: inherit; padding: .55rem .7rem; border: 1px solid light-dark(#8b93a1, #6b7482); border-radius: .5rem;
  background: transparent; color: inherit; }}
</style><main>{body}</main></html>"""
