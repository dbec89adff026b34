"""Where the link in a mail leads to get no more of them: a page with a button, and one click of a mail program.

Opening the page changes nothing: mail servers open every link to see where it leads.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Header, Path
from fastapi.responses import Response

from api import frame
from core import clock, language
from core.errors import NotFound
from core.language import tr
from services.reports import lists
from services.reports.lists import Membership

ROUTER = APIRouter(prefix="/u", tags=["unsubscribing"], include_in_schema=False)
Token = Annotated[str, Path(max_length=100)]
Asked = Annotated[str, Header(alias="accept-language")]


@ROUTER.get("/{token}")
def page(token: Token, accept_language: Asked = "") -> Response:
    """What the link is about, and the button."""
    return _answer(token, accept_language, lambda: lists.come(token))


@ROUTER.post("/{token}")
def unsubscribe(token: Token, accept_language: Asked = "") -> Response:
    """The button, or a mail program's one click (RFC 8058), whose body says nothing that the address does not."""
    return _answer(token, accept_language, lambda: lists.unsubscribe(token, now=clock.utc_now()))


@ROUTER.post("/{token}/again")
def subscribe(token: Token, accept_language: Asked = "") -> Response:
    """It was not meant so."""
    return _answer(token, accept_language, lambda: lists.subscribe(token))


def _answer(token: str, asked: str, act: Callable[[], Membership]) -> Response:
    with language.using(language.nearest(asked.split(",")[0]).code):
        try:
            return frame.page(tr("Unsubscribe"), _body(token, act()))
        except NotFound as error:
            return frame.page(tr("Unsubscribe"), frame.problem(error), 404)


def _body(token: str, of: Membership) -> str:
    """The address is a whole path, because the page stands at two of them."""
    path = f"/u/{html.escape(token, quote=True)}"
    if of.unsubscribed:
        title = tr("You get no more of these mails")
        said = tr("{email} has left the list “{name}”.", email=of.email, name=of.list_name)
        button, action, kind = tr("Subscribe again"), f"{path}/again", "second"
    else:
        title = tr("No more of these mails?")
        said = tr("{email} is on the list “{name}”.", email=of.email, name=of.list_name)
        button, action, kind = tr("Unsubscribe"), path, "main"
    return (
        f"<h1>{html.escape(title)}</h1><p>{html.escape(said)}</p>"
        f'<form method=post action="{action}"><button class={kind}>{html.escape(button)}</button></form>'
    )
