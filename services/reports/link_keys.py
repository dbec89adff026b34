"""Secrets of links that are written again and again, in every mail: derived, so that only their digest is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from services.connecting import credentials
from storage import database, sql

_NAME = "links"


def derived(workspace_id: int, what: str) -> str:
    """A secret of 192 bits for `what`: the same every time, and not to be guessed from any other."""
    made = hmac.new(_key(workspace_id), what.encode(), hashlib.sha256).digest()[:24]
    return urlsafe_b64encode(made).decode()


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token(workspace_id: int, secret: str) -> str:
    """What stands in an address: the workspace, and the secret."""
    return f"{workspace_id:x}.{secret}"


def read(text: str) -> tuple[int, str] | None:
    """Workspace and secret of what stood in an address; None where it is none.

    >>> read("1f.abc"), read("x.abc"), read("1f.")
    ((31, 'abc'), None, None)
    """
    place, _, secret = text.partition(".")
    if not secret or not 0 < len(place) <= 15 or not all(sign in "0123456789abcdef" for sign in place):
        return None
    return int(place, 16), secret


def _key(workspace_id: int) -> bytes:
    safe = credentials.open_vault(database.current())
    with database.current().read() as connection:
        if safe.has(connection, workspace_id, 0, _NAME):
            return bytes.fromhex(safe.get(connection, workspace_id, 0, _NAME)["key"])
    with database.current().write() as connection:
        sql.lock_workspace(connection, workspace_id)
        if not safe.has(connection, workspace_id, 0, _NAME):
            safe.put(connection, workspace_id, 0, _NAME, {"key": secrets.token_hex(32)})
        return bytes.fromhex(safe.get(connection, workspace_id, 0, _NAME)["key"])
