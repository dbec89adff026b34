"""Pages for people without an account: plain HTML that runs nothing, is in no search engine, and tells nobody."""

from __future__ import annotations

import html

from fastapi.responses import HTMLResponse, Response

from core import language
from core.errors import AppError

HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_CSP = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def page(title: str, body: str, status: int = 200) -> Response:
    """A page in the reader's language; `body` is HTML in which everything is escaped that needs to be."""
    code = language.reader().words.code
    text = _PAGE.format(language=code, title=html.escape(title), body=body)
    return HTMLResponse(text, status, headers=HEADERS | {"Content-Security-Policy": _CSP})


def problem(error: AppError) -> str:
    """What went wrong, as a part of a page."""
    return f"<p class=banner role=alert>{html.escape(error.message)} {html.escape(error.hint)}</p>"


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
.second {{ padding: .55rem 1rem; border: 1px solid light-dark(#8b93a1, #6b7482); border-radius: .5rem; font: inherit;
  color: inherit; background: transparent; cursor: pointer; }}
.banner {{ padding: .7rem 1rem; border-radius: .5rem; background: light-dark(#fff4e0, #3a2c10); }}
form {{ display: grid; gap: 1rem; justify-items: start; }} label {{ display: grid; gap: .35rem; width: 100%; }}
input {{ font: inherit; padding: .55rem .7rem; border: 1px solid light-dark(#8b93a1, #6b7482); border-radius: .5rem;
  background: transparent; color: inherit; }}
</style><main>{body}</main></html>"""
