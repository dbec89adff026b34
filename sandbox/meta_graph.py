"""What all platforms of Meta's Graph API share on the wire: errors, usage headers, login, paging by cursors."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zlib import crc32

from sandbox.consent import Dialect, Exchange, Issued, TokenRoute
from sandbox.server import Call, Handler, Quota, Route
from sandbox.wire import Failed, Failure, Refused, Reply

if TYPE_CHECKING:
    from sandbox.world import AccountSpec

NOT_A_PLUGIN = True

HOST = "graph.facebook.com"
SHORT_S, LONG_S = 5400, 5183944
ACCESS_PREFIX = "EAA"
BATCH = 100
PORTFOLIO = "business_management"
NEEDS_PROOF = "proven"
"""Apps whose id begins so have "Require app secret" switched on: they refuse calls without `appsecret_proof`."""


def error(
    message: str, code: int, status: int = 400, *, subcode: int = 0, kind: str = "OAuthException", **more: Any
) -> Reply:
    """Meta's error envelope."""
    body: dict[str, Any] = {"message": message, "type": kind, "code": code}
    body |= ({"error_subcode": subcode} if subcode else {}) | more
    trace = base64.urlsafe_b64encode(f"{crc32(message.encode()):08x}".encode()).decode().rstrip("=")
    return Reply({"error": {**body, "fbtrace_id": f"A{trace}"}}, status)


def invalid(message: str) -> Refused:
    """A request with a bad parameter: code 100."""
    return Refused(error(f"(#100) {message}", 100))


def missing(node: str) -> Refused:
    """A node that is not there, or not for us: code 100, subcode 33."""
    text = (
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation."
    )
    return Refused(error(text, 100, subcode=33, kind="GraphMethodException"))


def envelope(call: Call, failure: Failure) -> Reply:
    """A failure of the gateway in Meta's words."""
    if failure.kind == "gone":
        return missing(str(failure.facts.get("id", ""))).reply
    if failure.kind == "server_error":
        text = "An unexpected error has occurred. Please retry your request later."
        return error(text, 2, int(failure.facts.get("status", 500)), is_transient=True)
    if failure.kind == "rate_limited":
        minutes = max(math.ceil(float(failure.facts.get("retry_after_s", 60)) / 60), 1)
        reply = error("(#4) Application request limit reached", 4, 403, is_transient=True)
        return Reply(reply.body, reply.status, usage_headers(call, minutes))
    return {
        "no_token": error("An access token is required to request this resource.", 104),
        "bad_token": error("Invalid OAuth access token - Cannot parse access token", 190, 401),
        "expired": error("Error validating access token: Session has expired.", 190, 401, subcode=463),
        "revoked": error(
            "Error validating access token: The user has not authorized application.", 190, 401, subcode=458
        ),
        "missing_scope": error("(#10) Application does not have permission for this action", 10, 403),
        "bad_method": error("Unsupported post request.", 100, kind="GraphMethodException"),
    }.get(failure.kind, error(f"(#100) {failure.detail or 'Invalid parameter'}", 100))


def usage_headers(call: Call, minutes: int = 0) -> dict[str, str]:
    """How much of the limits is used, in percent; the time to wait is in whole minutes."""
    percent = 100 if minutes else math.floor(100 * call.quota.used) if call.quota else 0
    usage = {"call_count": percent, "total_cputime": percent // 3, "total_time": percent // 2}
    use_case = call.route.quota.name if call.route.quota else call.platform.name
    business = {"type": use_case, **usage, "estimated_time_to_regain_access": minutes}
    return {
        "X-App-Usage": json.dumps(usage, separators=(",", ":")),
        "X-Business-Use-Case-Usage": json.dumps({"178414": [business]}, separators=(",", ":")),
        "facebook-api-version": call.params.get("version", "v26.0"),
    }


def headers(call: Call) -> Mapping[str, str]:
    """The headers of every answer."""
    return usage_headers(call)


def _token(issued: Issued) -> Mapping[str, Any]:
    return {"access_token": issued.access_token, "token_type": "bearer", "expires_in": issued.expires_in}


def _login_error(kind: str, description: str) -> Reply:
    if kind == "invalid_client":
        return error("Error validating client secret.", 1)
    if "access token" in description:
        return error("Error validating access token: Session has expired.", 190, subcode=463)
    if "used before" in description:
        return error("This authorization code has been used.", 100, subcode=36009)
    if kind == "invalid_grant":
        return error("Invalid verification code format.", 100, subcode=36007)
    return error("Invalid grant_type", 100)


def dialect(scopes: Mapping[str, str]) -> Dialect:
    """Login with Facebook: short tokens, exchanged for long ones; no refresh tokens; GET and POST both served."""
    grants: dict[str, str | Exchange] = {
        "": "code",
        "authorization_code": "code",
        "fb_exchange_token": Exchange("fb_exchange_token", LONG_S),
    }
    return Dialect(
        authorize=(("www.facebook.com", "/{version}/dialog/oauth"),),
        token=(TokenRoute(HOST, "/{version}/oauth/access_token", grants, ("GET", "POST")),),
        scopes=scopes,
        separator=",",
        pkce="none",
        client_auth="post",
        access_s=SHORT_S,
        refresh="none",
        offline=lambda _asked, _scopes: False,
        reply=_token,
        error=_login_error,
        access_prefix=ACCESS_PREFIX,
        token_parameters=("access_token",),
    )


def owns(call: Call) -> bool:
    """Meta's platforms share their hosts: a token or code says whose the call is, on the consent screen the scopes."""
    given = {name: values[-1] for name, values in call.query.items()} | dict(call.form)
    tokens = (call.token_text, *(given.get(name, "") for name in ("fb_exchange_token", "input_token")))
    found = [call.grants.read(text, "access", ACCESS_PREFIX) for text in tokens if text]
    found.append(call.grants.read(given.get("code", ""), "code"))
    for grant in found:
        if grant:
            return grant.platform == call.platform.name
    known = call.platform.oauth.scopes if call.platform.oauth else {}
    return set(given.get("scope", "").replace(",", " ").split()) <= set(known)


def page_token(call: Call, page: str) -> str:
    """The token of a page for this consent: always the same one, without an end."""
    if call.grant is None:
        raise Failed(Failure("no_token"))
    never = call.grant.issued + 3650 * 86400
    return call.grants.write(
        replace(call.grant, subject=page, expires=never, id=f"{call.grant.id}-{page}"), ACCESS_PREFIX
    )


def route(quota: Quota, path: str, handler: Handler, scopes: tuple[str, ...] = (), *, auth: bool = True) -> Route:
    """One GET of any version of the Graph API, behind the check of `appsecret_proof`."""
    return Route("GET", HOST, f"/{{version}}{path}", _proven(handler), scopes, quota, auth)


def login_routes(quota: Quota) -> tuple[Route, ...]:
    """What every platform answers about a token and the person who gave it."""
    return (
        route(quota, "/debug_token", debug_token, auth=False),
        route(quota, "/me/permissions", permissions),
        route(quota, "/me", me),
    )


def _proven(handler: Handler) -> Handler:
    """A handler behind the check of `appsecret_proof`: where one is given, and where the app wants one."""

    def answer(call: Call) -> Reply:
        _check_proof(call)
        return handler(call)

    return answer


def _check_proof(call: Call) -> None:
    if call.grant is None:
        return
    given = call.arg("appsecret_proof")
    if not given and call.grant.client_id.startswith(NEEDS_PROOF):
        text = "API calls from the server require an appsecret_proof argument"
        raise Refused(error(text, 100, kind="GraphMethodException"))
    secret = call.grants.secret_of(call.grant.family)
    right = hmac.new(secret.encode(), call.token_text.encode(), hashlib.sha256).hexdigest()
    if given and secret and not hmac.compare_digest(given.encode(), right.encode()):
        text = "Invalid appsecret_proof provided in the API argument"
        raise Refused(error(text, 100, kind="GraphMethodException"))


def listed(call: Call) -> list[AccountSpec]:
    """The accounts behind /me/accounts: one that a business portfolio owns only with the permission for it."""
    sees_all = call.grant is not None and PORTFOLIO in call.grant.scopes
    return [spec for spec in call.accounts if sees_all or spec.key != "portfolio"]


def me(call: Call) -> Reply:
    """The person who logged in."""
    return Reply({"id": "10158800000000001", "name": call.login.title})


def debug_token(call: Call) -> Reply:
    """What a token is worth: GET /debug_token?input_token=..."""
    grant = call.grants.read(call.arg("input_token"), "access", ACCESS_PREFIX)
    if grant is None:
        return Reply(
            {"data": {"error": {"code": 190, "message": "Malformed access token"}, "is_valid": False, "scopes": []}}
        )
    return Reply(
        {
            "data": {
                "app_id": grant.client_id,
                "type": "USER",
                "application": "Plumbline",
                "data_access_expires_at": int(grant.issued) + 90 * 86400,
                "expires_at": int(grant.expires),
                "is_valid": call.grants.state(grant, call.now) == "good",
                "issued_at": int(grant.issued),
                "scopes": list(grant.scopes),
                "user_id": "10158800000000001",
            }
        }
    )


def permissions(call: Call) -> Reply:
    """GET /me/permissions: which permissions were granted."""
    held = set(call.grant.scopes if call.grant else ())
    held -= {fault.options.get("scope")} if (fault := call.fault("missing_scope")) else set()
    known = call.platform.oauth.scopes if call.platform.oauth else ()
    return Reply(
        {"data": [{"permission": name, "status": "granted" if name in held else "declined"} for name in known]}
    )


def edge(call: Call, items: Sequence[Mapping[str, Any]], default: int = 25) -> Reply:
    """A page of an edge. The last page still has cursors, but no `next`; a page after the end has no paging at all."""
    size, offset = call.number("limit", default), _offset(call)
    if not 0 < size <= BATCH:
        raise invalid(f"Param limit must be between 1 and {BATCH}")
    page, following = call.page(items, size, offset)
    if not page:
        return Reply({"data": []})
    after = _cursor(offset + len(page))
    paging: dict[str, Any] = {"cursors": {"before": _cursor(offset), "after": after}}
    if following is not None:
        query = {name: values[-1] for name, values in call.query.items()}
        query |= {"access_token": call.token_text, "after": after}
        paging["next"] = f"https://{call.host}{call.path}?{urlencode(query)}"
    if offset:
        paging["previous"] = f"https://{call.host}{call.path}?{urlencode({'before': _cursor(offset)})}"
    return Reply({"data": list(page), "paging": paging})


def metrics(call: Call, known: Sequence[str], refuse: Callable[[int, Sequence[str]], Refused]) -> tuple[str, ...]:
    """The metrics asked for. `refuse` words it, by place and by what is known, when one of them is not alive."""
    fault = call.faults.on(call.platform.name, "retired_metric", call.path)
    gone = fault.options.get("metric") if fault else None
    alive = [name for name in known if name != gone]
    asked = call.names("metric")
    for position, name in enumerate(asked):
        if name not in alive:
            raise refuse(position, alive)
    return tuple(dict.fromkeys(asked))


def one_of(call: Call, name: str, known: Sequence[str], default: str) -> str:
    """A parameter that takes only some values."""
    value = call.arg(name, default)
    if value not in known:
        raise invalid(f"{name} must be one of the following values: {', '.join(known)}")
    return value


def moment(call: Call, name: str) -> datetime | None:
    """A parameter that is a moment, in seconds or as a date."""
    text = call.arg(name)
    if not text:
        return None
    try:
        if text.isdigit():
            return datetime.fromtimestamp(int(text), UTC)
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError as problem:
        raise invalid(f"Param {name} is not a valid date") from problem


def stamp(at: datetime) -> str:
    """A moment as Meta writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(f"QVFIU{offset:08d}".encode()).decode()


def _offset(call: Call) -> int:
    if not (after := call.arg("after")):
        return 0
    try:
        return int(base64.urlsafe_b64decode(after).decode().removeprefix("QVFIU"))
    except ValueError as problem:
        raise Failed(Failure("bad_request", "Invalid parameter: after")) from problem


def fields(call: Call, default: Sequence[str], known: Sequence[str]) -> list[str]:
    """The fields asked for, without their own subfields. Refuses unknown ones as Meta does."""
    asked, depth, name = [], 0, ""
    for letter in f"{call.arg('fields')},":
        if letter == "," and not depth:
            asked += [name.strip()] if name.strip() else []
            name = ""
        depth += {"{": 1, "}": -1, "(": 1, ")": -1}.get(letter, 0)
        name += letter if letter not in ",{}()" and not depth else ""
    asked = [name.split(".")[0] for name in asked]
    for field in asked:
        if field not in known:
            raise Refused(error(f"(#100) Tried accessing nonexisting field ({field})", 100))
    return list(dict.fromkeys(["id", *(asked or default)]))
