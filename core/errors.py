"""Every error Plumbline raises on purpose, grouped by what to do next.

Generic code branches on `recovery`, never on the class. `message` and `hint` are for the person who reads the
screen; `context` is for the log. None of the three may ever hold a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar


class Recovery(StrEnum):
    """What may be done about an error."""

    RETRY = "retry"
    FIX_CONFIG = "fix_config"
    GRANT = "grant"
    REST = "rest"
    SKIP = "skip"
    STOP = "stop"


class AppError(Exception):
    """An error with a text for the person, a hint what to do, and a context for the log."""

    recovery: ClassVar[Recovery] = Recovery.STOP
    code: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "", context: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context = dict(context or {})

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SourceUnavailable(AppError):
    """The platform did not answer properly (5xx, time-out, broken body); it may later."""

    recovery = Recovery.RETRY
    code = "source_unavailable"
    retry_after_s: float | None = None
    of_all: bool = False
    """Whether nothing else would get through there either."""


class RateLimited(AppError):
    """The platform asked us to wait; `retry_after_s` says how long, in seconds."""

    recovery = Recovery.RETRY
    code = "rate_limited"

    def __init__(
        self, message: str, *, retry_after_s: float, hint: str = "", context: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, hint=hint, context=context)
        self.retry_after_s = retry_after_s


class StoreBusy(AppError):
    """The database was locked or out of reach for longer than we wait."""

    recovery = Recovery.RETRY
    code = "store_busy"


class NotConnected(AppError):
    """There is nothing connected yet that could answer."""

    recovery = Recovery.FIX_CONFIG
    code = "not_connected"


class AuthorisationExpired(AppError):
    """The platform no longer accepts our token; a person must consent again."""

    recovery = Recovery.FIX_CONFIG
    code = "authorisation_expired"


class PermissionMissing(AppError):
    """A scope or a right on the account is missing; a person must grant it. Everything else goes on."""

    recovery = Recovery.GRANT
    code = "permission_missing"


class BudgetSpent(AppError):
    """What was paid for at the platform is used up; a person must pay for more."""

    recovery = Recovery.FIX_CONFIG
    code = "budget_spent"


class BudgetReached(AppError):
    """Our own monthly budget for metered reads is used up. What costs rests until `until`; the rest goes on."""

    recovery = Recovery.REST
    code = "budget_reached"

    def __init__(
        self, message: str, *, until: datetime, hint: str = "", context: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message, hint=hint, context=context)
        self.until = until


class CapReached(AppError):
    """The platform's own monthly limit of metered reads is used up: those of `kind` rest, and are tried once a day.
    `until` is there once it is known when they are tried next."""

    recovery = Recovery.REST
    code = "cap_reached"

    def __init__(
        self,
        message: str,
        *,
        kind: str,
        until: datetime | None = None,
        hint: str = "",
        context: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, hint=hint, context=context)
        self.kind = kind
        self.until = until


class BadSetting(AppError):
    """A setting, key, file or database address cannot be used as given."""

    recovery = Recovery.FIX_CONFIG
    code = "bad_setting"


class BadQuestion(AppError):
    """The question cannot be asked this way: unknown metric, invalid period, unknown split."""

    recovery = Recovery.FIX_CONFIG
    code = "bad_question"


class BadFile(AppError):
    """A file that a person brought cannot be read as what it should be."""

    recovery = Recovery.FIX_CONFIG
    code = "bad_file"


class TookTooLong(AppError):
    """What was asked took longer than anyone waits for; it was given up."""

    recovery = Recovery.FIX_CONFIG
    code = "took_too_long"


class TooLarge(AppError):
    """More was asked for than can be given whole; nothing is given in part."""

    recovery = Recovery.FIX_CONFIG
    code = "too_large"


class NotAllowed(AppError):
    """The viewer has no right to this."""

    recovery = Recovery.FIX_CONFIG
    code = "not_allowed"


class NotFound(AppError):
    """There is no such thing in this workspace."""

    recovery = Recovery.FIX_CONFIG
    code = "not_found"


class NotOffered(AppError):
    """The platform does not offer this; `metrics` names what to leave out, empty for the whole stream."""

    recovery = Recovery.SKIP
    code = "not_offered"

    def __init__(
        self,
        message: str,
        *,
        metrics: tuple[str, ...] = (),
        hint: str = "",
        context: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message, hint=hint, context=context)
        self.metrics = metrics


class NotEnoughData(AppError):
    """There are too few observations to answer honestly."""

    recovery = Recovery.SKIP
    code = "not_enough_data"


class SchemaDrift(AppError):
    """The platform answered in a shape we do not know; nothing of that answer was stored."""

    recovery = Recovery.STOP
    code = "schema_drift"


class RefusedRequest(AppError):
    """The platform refused the request itself (400, 404): our request is wrong or out of date."""

    recovery = Recovery.STOP
    code = "refused_request"


class StoreBroken(AppError):
    """The database is corrupt, or newer than this program."""

    recovery = Recovery.STOP
    code = "store_broken"


class MayHaveArrived(AppError):
    """A message was handed over, and nobody said whether it was taken: it is not sent again by itself."""

    recovery = Recovery.STOP
    code = "may_have_arrived"


class Superseded(AppError):
    """Another process does this by now; nothing was done here."""

    recovery = Recovery.SKIP
    code = "superseded"


class SecretUnreadable(AppError):
    """A stored secret cannot be decrypted with the keys we have."""

    recovery = Recovery.FIX_CONFIG
    code = "secret_unreadable"
