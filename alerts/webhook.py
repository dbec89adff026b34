"""Posting to a chat's incoming webhook: only to the hosts of that chat, encrypted, never into a private network.

The address is a secret. It is in no error and no log.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from core.config import Config
from core.errors import AppError, BadSetting, MayHaveArrived, RateLimited, RefusedRequest, SourceUnavailable
from core.kept import kept
from core.language import tr
from core.message import HandingOver

TIMEOUT_S = (10.0, 30.0)
NO_ANSWER = kept("{title} did not answer.")
SILENT = kept("{title} was given the message and did not answer: it may have arrived.")
REFUSED = kept("{title} refused the message: “{answer}”")
SLOW_DOWN = kept("{title} asks to wait.")
PRIVATE = kept("The address of {title} leads into a private network, so nothing was sent.")
_LONGEST_ANSWER, _LONGEST_ADDRESS, _WAIT_S = 300, 2000, 60.0
_NEVER_CONNECTED = (NewConnectionError, NameResolutionError)


def checked(address: str, title: str, hosts: re.Pattern[str]) -> str:
    """The address of a webhook. Raises BadSetting, which does not repeat it, for one of another host."""
    text = address.strip()
    hint = tr("Copy the address that {title} shows for an incoming webhook.", title=title)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise BadSetting(tr("This is no address of a webhook."), hint=hint) from None
    if parts.scheme != "https" or len(text) > _LONGEST_ADDRESS or not text.isascii() or not text.isprintable():
        raise BadSetting(tr("The address of a webhook begins with https://."), hint=hint)
    if " " in text or "\\" in text or "@" in parts.netloc or port not in {None, 443}:
        raise BadSetting(tr("This is no address of a webhook."), hint=hint)
    if not hosts.fullmatch((parts.hostname or "").lower()):
        raise BadSetting(tr("This is no address of {title}.", title=title), hint=hint)
    return text


def post(
    address: str, body: Mapping[str, Any], settings: Config, handing_over: HandingOver, title: str,
    is_taken: Callable[[str], bool],
) -> str:  # fmt: skip
    """Post a message as JSON; answers what the chat said, which `is_taken` reads."""
    if settings.gateway:
        parts = urlsplit(address)
        target = f"{settings.gateway}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    else:
        target = address
        _refuse_private(address, title)
    content = json.dumps(body, ensure_ascii=False).encode()
    handing_over()
    try:
        with requests.Session() as session:
            session.auth = lambda request: request  # no names and passwords from files of this machine
            answer = session.post(
                target, data=content, headers={"Content-Type": "application/json; charset=utf-8"}, timeout=TIMEOUT_S,
                allow_redirects=False, stream=True,
            )  # fmt: skip
            said = answer.raw.read(4096, decode_content=True).decode("utf-8", "replace")
    except (requests.RequestException, HTTPError, OSError) as error:
        raise _silent(error, title) from None
    return _read(answer, " ".join(said.split())[:_LONGEST_ANSWER], title, is_taken)


def _read(answer: requests.Response, said: str, title: str, is_taken: Callable[[str], bool]) -> str:
    told = f"{answer.status_code} {said}".strip()
    if answer.status_code == 429:
        wait = answer.headers.get("Retry-After", "")
        raise RateLimited(SLOW_DOWN.format(title=title), retry_after_s=float(wait) if wait.isdigit() else _WAIT_S)
    if answer.status_code >= 500:
        raise SourceUnavailable(REFUSED.format(title=title, answer=told))
    if answer.status_code not in {200, 202} or not is_taken(said):
        raise RefusedRequest(REFUSED.format(title=title, answer=told))
    return told


def _silent(error: Exception, title: str) -> AppError:
    """Where no connection came about, nothing arrived; else it may have."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    before = isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError)
    if before or isinstance(reason, _NEVER_CONNECTED):
        return SourceUnavailable(NO_ANSWER.format(title=title))
    return MayHaveArrived(SILENT.format(title=title))


def _refuse_private(address: str, title: str) -> None:
    """Raise RefusedRequest where the name of a host stands for a machine that is not in the open net. A proxy looks
    names up itself."""
    if get_environ_proxies(address):
        return
    host = urlsplit(address).hostname or ""
    try:
        found = socket.getaddrinfo(host, 443, proto=socket.IPPROTO_TCP)
    except OSError:
        raise SourceUnavailable(NO_ANSWER.format(title=title)) from None
    if not all(is_open(str(one[4][0])) for one in found):
        raise RefusedRequest(PRIVATE.format(title=title))


def is_open(number: str) -> bool:
    """Whether an IP address is one of the open net.

    >>> is_open("52.1.2.3"), is_open("10.0.0.1"), is_open("169.254.169.254"), is_open("::ffff:127.0.0.1")
    (True, False, False, False)
    """
    found = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_global) and not (mapped or found).is_multicast
