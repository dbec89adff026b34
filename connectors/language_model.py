"""One question to an OpenAI-compatible endpoint: no tools, no redirects, bounded in time and size, tells no secret."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from connectors import sayings
from connectors.headers import retry_after_s
from connectors.http import as_it_is, by_status, wait_s
from core import clock
from core.config import LOOPBACK
from core.errors import AppError, Recovery, SchemaDrift, SourceUnavailable
from core.language import mark

NOT_A_PLUGIN = True

TITLE = mark("The language model")
CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 5.0, 60.0
LONGEST_S = 120.0
"""All attempts together take no longer, however slowly an answer drips."""
ATTEMPTS = 3
LONGEST_WAIT_S = 20.0
MAX_BODY_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, repr=False)
class Endpoint:
    """Where the model is asked, and as whom. Its repr shows no key."""

    url: str
    model: str
    key: str = ""

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r}, {self.model!r})"

    @property
    def address(self) -> str:
        """The whole address that questions are sent to."""
        url = self.url.rstrip("/")
        return url if url.endswith("/chat/completions") else f"{url}/chat/completions"


def ask(
    endpoint: Endpoint,
    body: bytes,
    *,
    sleep: Callable[[float], None] = clock.sleep,
    passed: Callable[[], float] = clock.monotonic,
    seed: int | None = None,
) -> str:
    """What the model answers to a request body, as text.

    Raises an AppError when it cannot be reached, refuses, breaks off, answers too much, or wants to use a tool.
    """
    chance, until = random.Random(seed), passed() + LONGEST_S
    for tried in range(ATTEMPTS):
        try:
            return _said(_once(endpoint, body, until, passed))
        except AppError as error:
            wait = wait_s(error, tried, chance)
            late = wait > LONGEST_WAIT_S or passed() + wait >= until
            if error.recovery is not Recovery.RETRY or tried == ATTEMPTS - 1 or late:
                raise
        sleep(wait)
    raise AssertionError("unreachable")


def _once(endpoint: Endpoint, body: bytes, until: float, passed: Callable[[], float]) -> Any:
    """One request and its decoded answer."""
    with requests.Session() as session:
        session.auth = as_it_is
        session.trust_env = urlsplit(endpoint.url).hostname not in LOOPBACK
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if endpoint.key:
            headers["Authorization"] = f"Bearer {endpoint.key}"
        try:
            response = session.post(
                endpoint.address,
                data=body,
                headers=headers,
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
            )
            content = _bounded(response, until, passed)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise SourceUnavailable(
                sayings.NO_ANSWER.format(title=TITLE), context={"why": type(error).__name__}
            ) from None
    if not response.ok or response.is_redirect:
        failure = by_status(TITLE, response)
        if isinstance(failure, SourceUnavailable):
            failure.retry_after_s = retry_after_s(response)
        raise failure
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise SourceUnavailable(sayings.BROKEN_OFF.format(title=TITLE)) from None


def _bounded(response: requests.Response, until: float, passed: Callable[[], float]) -> bytes:
    """The body, as it comes, until it is too much or takes too long."""
    body = bytearray()
    while piece := response.raw.read1(decode_content=True):
        body += piece
        if len(body) > MAX_BODY_BYTES:
            response.close()
            raise SchemaDrift(sayings.TOO_MUCH.format(title=TITLE))
        if passed() > until:
            response.close()
            raise SourceUnavailable(sayings.TOO_LONG.format(title=TITLE))
    return bytes(body)


def _said(answer: Any) -> str:
    """The text of the first choice of an answer."""
    try:
        choice = answer["choices"][0]
        message = choice["message"]
        text, tools = message["content"], message.get("tool_calls") or message.get("function_call")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise SchemaDrift(sayings.STRANGE.format(title=TITLE)) from None
    if tools:
        raise SchemaDrift(sayings.TOOLS.format(title=TITLE))
    if choice.get("finish_reason") == "length" or not isinstance(text, str):
        raise SchemaDrift(sayings.NOT_WHOLE.format(title=TITLE))
    return text
