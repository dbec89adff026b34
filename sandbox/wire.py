"""What goes over the wire, without a word of HTTP machinery: a reply, and the ways a call can fail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NOT_A_PLUGIN = True


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `body` is JSON (anything but bytes), ready bytes, or None for no body at all."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a call fails, before the platform's `envelope` puts it into its own words.

    `kind`: no_token, bad_token, expired, revoked, missing_scope, rate_limited, server_error, not_found (no such route),
    bad_method, gone (the account), bad_request. `detail` is for people; `facts` holds scope, retry_after_s, status ...
    """

    kind: str
    detail: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """Raised by a handler to answer with a reply at once."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.status))
        self.reply = reply


class Failed(Exception):
    """Raised by a handler to fail in the platform's envelope."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure
