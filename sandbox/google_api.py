"""What all of Google's stand-ins share: consent at accounts.google.com, tokens, and the error envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.consent import Dialect, Issued, TokenRoute
from sandbox.server import Call
from sandbox.wire import Failure, Refused, Reply

NOT_A_PLUGIN = True

ACCOUNTS, TOKENS = "accounts.google.com", "oauth2.googleapis.com"
LONG_S = 3600
STATUS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 500: "INTERNAL"}
STATUS |= {429: "RESOURCE_EXHAUSTED", 503: "UNAVAILABLE"}


def problem(
    code: int,
    message: str,
    reason: str,
    *,
    domain: str = "global",
    place: Mapping[str, str] | None = None,
    status: str | None = None,
    details: list[dict[str, Any]] | None = None,
) -> Reply:
    """An error in Google's envelope; `place` is location and locationType; an empty `status` is left out."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "errors": [{"message": message, "domain": domain, "reason": reason, **(place or {})}],
    }
    named = STATUS.get(code, "") if status is None else status
    return Reply(
        {"error": error | ({"status": named} if named else {}) | ({"details": details} if details else {})}, code
    )


def refused(code: int, message: str, reason: str, **more: Any) -> Refused:
    """The same, to be raised."""
    return Refused(problem(code, message, reason, **more))


def envelope(call: Call, failure: Failure) -> Reply:
    """A failure in Google's words. Google tells no limits in headers, and not how long to wait."""
    kind, facts = failure.kind, failure.facts
    if kind in {"no_token", "bad_token", "expired", "revoked", "spent"}:
        return _unauthenticated(kind)
    if kind == "missing_scope":
        return _too_few_scopes(call)
    if kind == "rate_limited":
        return _too_fast(spent=bool(facts.get("cap")) or float(facts.get("retry_after_s", 0)) > LONG_S)
    if kind == "server_error":
        status = int(facts.get("status", 500))
        said = "The service is currently unavailable." if status == 503 else "Internal error encountered."
        return problem(status, said, "backendError")
    if kind == "bad_method":
        return problem(405, "Method Not Allowed", "httpMethodNotAllowed", status="")
    if kind == "not_found":
        return problem(404, "Requested entity was not found.", "notFound")
    parameter = str(facts.get("parameter", ""))
    return problem(
        400,
        f"Invalid value at '{parameter}' ({failure.detail})" if parameter else failure.detail,
        "invalid",
        place={"location": parameter, "locationType": "parameter"} if parameter else None,
    )


def _unauthenticated(kind: str) -> Reply:
    wanted = "Expected OAuth 2 access token, login cookie or other valid authentication credential."
    see = "See https://developers.google.com/identity/sign-in/web/devconsole-project."
    place = {"location": "Authorization", "locationType": "header"}
    if kind == "no_token":
        said = f"Request is missing required authentication credential. {wanted} {see}"
        reply = problem(401, said, "required", place=place)
        reply.body["error"]["errors"][0]["message"] = "Login Required."
        return reply
    reply = problem(401, f"Request had invalid authentication credentials. {wanted} {see}", "authError", place=place)
    reply.body["error"]["errors"][0]["message"] = "Invalid Credentials"
    return reply


def _too_few_scopes(call: Call) -> Reply:
    why = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "domain": "googleapis.com",
        "metadata": {"service": call.host, "method": call.path},
    }
    said = "Request had insufficient authentication scopes."
    reply = problem(403, said, "insufficientPermissions", details=[why])
    reply.body["error"]["errors"][0]["message"] = "Insufficient Permission"
    return reply


def _too_fast(*, spent: bool) -> Reply:
    if spent:
        quota = '<a href="/youtube/v3/getting-started#quota">quota</a>'
        said = f"The request cannot be completed because you have exceeded your {quota}."
        return problem(403, said, "quotaExceeded", domain="youtube.quota", status="")
    return problem(403, "Rate Limit Exceeded", "rateLimitExceeded", domain="usageLimits", status="")


def _token_reply(issued: Issued) -> dict[str, Any]:
    body = {
        "access_token": issued.access_token,
        "expires_in": issued.expires_in - 1,
        "scope": " ".join(issued.scopes),
        "token_type": "Bearer",
    }
    return body | ({"refresh_token": issued.refresh_token} if issued.refresh_token else {})


def _oauth_error(error: str, description: str) -> Reply:
    """Google is short about tokens: it does not say whether one was expired, revoked or never existed."""
    if error == "invalid_client":
        return Reply({"error": "invalid_client", "error_description": "Unauthorized"}, 401)
    if error == "invalid_grant" and "refresh token" in description:
        return Reply({"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, 400)
    if error == "invalid_grant":
        return Reply({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
    return Reply({"error": error, "error_description": description}, 400)


def dialect(scopes: Mapping[str, str]) -> Dialect:
    """How Google speaks OAuth 2.0; a refresh token comes only with offline access and a consent that is asked for."""
    return Dialect(
        authorize=((ACCOUNTS, "/o/oauth2/v2/auth"), (ACCOUNTS, "/o/oauth2/auth")),
        token=(TokenRoute(TOKENS, "/token", {"authorization_code": "code", "refresh_token": "refresh"}),),
        revoke=((TOKENS, "/revoke"),),
        scopes=scopes,
        refresh="stable",
        offline=lambda asked, _scopes: asked.get("access_type") == "offline" and "consent" in asked.get("prompt", ""),
        reply=_token_reply,
        error=_oauth_error,
        access_prefix="ya29.",
        refresh_prefix="1//0",
        token_parameters=("access_token",),
    )
