"""Platforms quote in their errors what they were sent: their words pass on without tokens, codes and secrets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from core.errors import AppError
from core.logs import redact

NOT_A_PLUGIN = True

Error = TypeVar("Error", bound=AppError)
_SHORTEST = 6


def without_secrets(error: Error, secrets: Iterable[str]) -> Error:
    """The error with each of these secrets, and whatever looks like one, replaced by three dots."""
    known = [secret for secret in secrets if len(secret) >= _SHORTEST]
    error.message, error.hint = masked(error.message, known), masked(error.hint, known)
    error.context = {
        name: masked(value, known) if isinstance(value, str) else value for name, value in error.context.items()
    }
    error.args = (error.message,)
    return error


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text without these secrets, and without whatever looks like one.

    >>> masked("Malformed access token EAAB123", ["EAAB123"])
    'Malformed access token ...'
    """
    for secret in secrets:
        text = text.replace(secret, "...")
    return redact(text)
