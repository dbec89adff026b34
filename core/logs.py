"""Logging to standard output, with secrets masked before anything is written."""

from __future__ import annotations

import logging
import re
import sys

_SECRET = re.compile(
    r"""(?ix)
    (?P<name> access_token | refresh_token | client_secret | fb_exchange_token | input_token | code_verifier | code
      | appsecret_proof | password | secret )
    (?P<between> ["']? \s* [=:] \s* ["']? )
    (?P<value> [^\s"'&,;}]+ )
    | (?P<scheme> \b (?:bearer|basic) \s+ ) (?P<credential> [a-z0-9._~+/=-]{8,} )
    | (?P<before> :// [^\s:/@]+ : ) (?P<userpass> [^\s@/]+ ) (?=@)
    """
)


def redact(text: str) -> str:
    """The text with every token, secret, code and password replaced by three dots.

    >>> redact("GET /me?access_token=EAAB123&limit=5")
    'GET /me?access_token=...&limit=5'
    >>> redact("Authorization: Bearer abcdef123456")
    'Authorization: Bearer ...'
    >>> redact("postgresql://me:hunter2@host/db")
    'postgresql://me:...@host/db'
    """
    return _SECRET.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    kept = (match["name"] or "") + (match["between"] or "") + (match["scheme"] or "") + (match["before"] or "")
    return kept + "..."


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record)).replace("\n", "\n    ")


def configure(level: str) -> None:
    """Send every record of `level` and above to standard output, one per line, secrets masked."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)-7s %(name)s  %(message)s", "%Y-%m-%dT%H:%M:%S"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("urllib3", "apscheduler", "watchdog", "alembic", "httpx", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
