"""How LinkedIn's API speaks: Rest.li addresses, versions by month, its errors and tokens, the names of its URNs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from sandbox.consent import Dialect, Issued, TokenRoute, standard_token, token_endpoint
from sandbox.server import Call
from sandbox.view import View
from sandbox.wire import Failed, Failure, Refused, Reply
from sandbox.world import Post

NOT_A_PLUGIN = True

HOST, LOGIN_HOST = "api.linkedin.com", "www.linkedin.com"
TOKEN_PATH = "/oauth/v2/accessToken"  # noqa: S105 - a path, no secret
REFRESH_S = 365 * 86400
UNAPPROVED = "unapproved"
"""Client ids that begin so belong to apps that LinkedIn has not allowed to renew tokens."""
KEPT = timedelta(days=365)
REFUSED = {"87654321"}
"""Pages that refuse whoever asks."""
LONG = {"video", "multiImage", "document", "poll"}
"""Kinds of posts that LinkedIn calls ugcPost; the others are shares."""
TOKEN_TROUBLE = {
    "no_token": (65604, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token"),
    "bad_token": (65600, "INVALID_ACCESS_TOKEN", "Invalid access token"),
    "revoked": (65601, "REVOKED_ACCESS_TOKEN", "The token used in the request has been revoked by the user"),
    "expired": (65602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"),
}


# Errors


def problem(status: int, message: str, code: str = "", service_code: int | None = None) -> Reply:
    """LinkedIn's error body. Neither it nor its headers ever say how long to wait."""
    body: dict[str, Any] = {"status": status, "message": message}
    if code:
        body["code"] = code
    if service_code is not None:
        body["serviceErrorCode"] = service_code
    return Reply(body, status)


def envelope(call: Call, failure: Failure) -> Reply:
    """A failure in LinkedIn's words."""
    kind, resource = failure.kind, call.path.removeprefix("/rest/").split("/")[0]
    if kind in TOKEN_TROUBLE:
        service_code, code, message = TOKEN_TROUBLE[kind]
        return problem(401, message, code, service_code)
    if kind in {"missing_scope", "gone"}:
        finder = f".FINDER-{call.arg('q')}" if call.arg("q") else ".GET"
        if kind == "gone" and resource == "organizations":
            return problem(404, f"Could not find entity {failure.facts.get('id', '')}", "NOT_FOUND", 0)
        text = f"Not enough permissions to access: {resource}{finder}.{call.headers.get('linkedin-version', '')}"
        return problem(403, text, "ACCESS_DENIED", 100)
    if kind == "rate_limited":
        which = "throttle APPLICATION_AND_MEMBER DAY limit" if _of_the_day(call) else "throttle limit"
        return problem(429, f"Resource level {which} for calls to this resource is reached.", "TOO_MANY_REQUESTS", 101)
    if kind == "server_error":
        return problem(int(failure.facts.get("status", 500)), "Internal Server Error")
    if kind == "not_found":
        return problem(404, "No virtual resource found", "RESOURCE_NOT_FOUND", 0)
    if kind == "bad_method":
        return problem(405, f"Method {call.method} is not supported for this resource", "METHOD_NOT_ALLOWED", 0)
    return problem(400, failure.detail, "ILLEGAL_ARGUMENT", 0)


def _of_the_day(call: Call) -> bool:
    return call.quota is not None and call.quota.reset % 86400 == 0


def bad(message: str) -> Failed:
    """The request itself is wrong."""
    return Failed(Failure("bad_request", message))


def headers(call: Call) -> Mapping[str, str]:
    """What stands on every answer, good or bad: nothing about limits."""
    trace = f"{crc32(f'{call.now:%Y%m%d%H%M%S}{call.path}'.encode()):08X}"
    return {"x-li-uuid": f"AAX{trace}==", "x-restli-protocol-version": "2.0.0", "x-li-proto": "http/1.1"}


# Versions


def versioned(handler: Callable[[Call], Reply]) -> Callable[[Call], Reply]:
    """A handler that answers only to a version of the last twelve months, asked for in Rest.li 2.0."""

    def guarded(call: Call) -> Reply:
        version = call.headers.get("linkedin-version", "")
        if not version:
            text = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            raise Refused(problem(400, text, "VERSION_MISSING", 0))
        if not _lives(version, call.now.date()):
            raise Refused(problem(426, f"Requested version {version} is not active", "NONEXISTENT_VERSION", 0))
        if call.headers.get("x-restli-protocol-version") != "2.0.0":
            raise bad("Syntax exception in path: this resource is served in Rest.li protocol 2.0.0 only")
        return handler(call)

    return guarded


def _lives(version: str, today: date) -> bool:
    """A version lives until the 15th of its month a year on."""
    if not re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", version):
        return False
    year, month = int(version[:4]), int(version[4:])
    return date(year, month, 1) <= today <= date(year + 1, month, 15)


# Rest.li


def number_of(text: str, kind: str) -> str:
    """The number in `urn:li:<kind>:<number>`."""
    found = re.fullmatch(rf"urn:li:{kind}:(\d+)", text)
    if found is None:
        raise bad(f"Invalid param. URN of type {kind} expected, got {text[:80]}")
    return found[1]


def listed(text: str) -> list[str]:
    """The members of `List(a,b)`."""
    found = re.fullmatch(r"List\((.*)\)", text)
    if found is None:
        raise bad(f"Invalid query parameters: {text[:80]} is not a list")
    return [part for part in found[1].split(",") if part]


def time_range(text: str) -> tuple[datetime, datetime]:
    """The two ends of `(start:1,end:2)`, in milliseconds; the end is excluded."""
    found = re.search(r"\(start:(\d+),end:(\d+)\)", text)
    if found is None or int(found[1]) >= int(found[2]):
        raise bad(f"Invalid query parameters: {text[:80]} is not a time range")
    start, end = (datetime.fromtimestamp(int(ms) / 1000, UTC) for ms in found.groups())
    return start, end


def days_asked(call: Call) -> tuple[date, date] | None:
    """First and last day of `timeIntervals`, both included; None when it is not asked by day."""
    text = call.arg("timeIntervals")
    if not text:
        return None
    if "timeGranularityType:DAY" not in text:
        raise bad("timeGranularityType has an unknown value")
    start, end = time_range(text)
    return start.date(), (end - timedelta(milliseconds=1)).date()


def paged(call: Call, items: Sequence[Any], default: int = 10) -> Reply:
    """A page from `start` on, of `count` items, with the link to the next one."""
    start, size = call.number("start", 0), call.number("count", default)
    if start < 0 or not 0 < size <= 1000:
        raise bad("Invalid query parameters: start or count is out of range")
    page, following = call.page(items, size, start)
    kept = "&".join(f"{name}={values[-1]}" for name, values in call.query.items() if name not in {"start", "count"})
    address = f"{call.path}?{kept}&" if kept else f"{call.path}?"
    link = {"type": "application/json", "rel": "next", "href": f"{address}start={following}&count={len(page)}"}
    paging = {"start": start, "count": size, "links": [link] if following else [], "total": len(items)}
    return Reply({"paging": paging, "elements": list(page)})


def batch(found: Mapping[str, Any], errors: Mapping[str, Reply]) -> Reply:
    """A batch: what was found, and for every other key its own error; the answer as a whole is 200."""
    statuses = {**dict.fromkeys(found, 200), **{key: reply.status for key, reply in errors.items()}}
    return Reply({"results": dict(found), "statuses": statuses, "errors": {k: r.body for k, r in errors.items()}})


def localized(text: str) -> dict[str, Any]:
    """A text in its languages."""
    return {"localized": {"en_US": text}, "preferredLocale": {"country": "US", "language": "en"}}


def ms(moment: datetime) -> int:
    """An instant in epoch milliseconds."""
    return int(moment.timestamp() * 1000)


def day_range(day: date) -> dict[str, int]:
    """A UTC day as a range."""
    start = ms(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return {"start": start, "end": start + 86_400_000}


def little(text: str, hashtags: Sequence[str]) -> str:
    r"""Text in LinkedIn's "little" format: its own signs escaped, hashtags as templates."""
    escaped = re.sub(r"([\\|{}@\[\]()<>#*_~])", r"\\\1", text)
    return " ".join([escaped, *(rf"{{hashtag|\#|{tag.removeprefix('#')}}}" for tag in hashtags)])


# Pages


def page_of(call: Call, number: str) -> View:
    """The page of a number, if this person may see its numbers."""
    spec = next((spec for spec in call.accounts if spec.external_id == number), None)
    if spec is None or number in REFUSED:
        raise Failed(Failure("missing_scope", facts={"id": number}))
    return call.view(spec)


def page_in(call: Call, parameter: str) -> View:
    """The page whose URN stands in a parameter."""
    return page_of(call, number_of(call.arg(parameter), "organization"))


def finder(call: Call, *names: str) -> None:
    """Fail unless the call asks for one of these finders."""
    if call.arg("q") not in names:
        raise bad(f"Invalid query parameters passed to request: q is not one of {', '.join(names)}")


def urn_of(post: Post) -> str:
    """What LinkedIn calls a post."""
    return f"urn:li:{'ugcPost' if post.kind in LONG else 'share'}:{post.id}"


def share_id(number: int, published_at: datetime) -> str:
    """An id in LinkedIn's style: the moment in milliseconds, then a sequence."""
    return str(int(published_at.timestamp() * 1000) << 22 | (number * 7919) % 2**22)


# Names

SENIORITIES = ("Unpaid", "Training", "Entry", "Senior", "Manager", "Director", "VP", "CXO", "Partner", "Owner")
FUNCTIONS = {
    "4": "Business Development",
    "10": "Entrepreneurship",
    "12": "Human Resources",
    "15": "Marketing",
    "18": "Operations",
    "22": "Quality Assurance",
    "25": "Sales",
}
INDUSTRIES = {
    "32": "Restaurants",
    "34": "Food and Beverage Services",
    "27": "Retail",
    "23": "Food Production",
    "96": "IT Services and IT Consulting",
    "80": "Advertising Services",
    "31": "Hospitality",
}
PLACES = {
    "101282230": "Germany",
    "103883259": "Austria",
    "106693272": "Switzerland",
    "101165590": "United Kingdom",
    "103644278": "United States",
    "102890719": "Netherlands",
    "105015875": "France",
    "90009712": "Berlin Metropolitan Area",
    "90009714": "Hamburg Area",
    "90009735": "Greater Munich Metropolitan Area",
    "90009508": "Greater Vienna Metropolitan Area",
}


def seniorities(call: Call) -> Reply:
    """GET /seniorities."""
    rows = [_named("seniority", str(n), name) for n, name in enumerate(SENIORITIES, 1)]
    return paged(call, rows)


def functions(call: Call) -> Reply:
    """GET /functions."""
    return paged(call, [_named("function", key, name) for key, name in FUNCTIONS.items()])


def industries(call: Call) -> Reply:
    """GET /industries."""
    return paged(call, [_named("industry", key, name) for key, name in INDUSTRIES.items()])


def _named(kind: str, key: str, name: str) -> dict[str, Any]:
    return {"$URN": f"urn:li:{kind}:{key}", "id": int(key), "name": localized(name)}


def places(call: Call) -> Reply:
    """GET /geo?ids=List(...): those that are known; each of the others fails by itself."""
    asked = listed(call.arg("ids"))
    locale = {"country": "US", "language": "en"}
    known = {
        key: {"id": int(key), "defaultLocalizedName": {"locale": locale, "value": PLACES[key]}}
        for key in asked
        if key in PLACES
    }
    return batch(known, {key: problem(404, "Not found") for key in asked if key not in PLACES})


# OAuth


def token(call: Call) -> Reply:
    """POST /oauth/v2/accessToken. A refresh gives the same refresh token, whose year is not begun anew."""
    grants = {"authorization_code": "code", "refresh_token": "refresh"}
    reply = token_endpoint(call, TokenRoute(LOGIN_HOST, TOKEN_PATH, grants))
    if reply.status != 200 or call.form.get("grant_type") != "refresh_token":
        return reply
    text = call.form.get("refresh_token", "")
    grant = call.grants.read(text, "refresh", OAUTH.refresh_prefix)
    left = int(grant.expires - call.now.timestamp()) if grant else 0
    return Reply({**reply.body, "refresh_token": text, "refresh_token_expires_in": left}, headers=reply.headers)


def introspect(call: Call) -> Reply:
    """POST /oauth/v2/introspectToken: what a token is good for, and until when."""
    grant = call.grants.read(call.form.get("token", ""), "access", OAUTH.access_prefix)
    if grant is None or grant.client_id != call.form.get("client_id"):
        return Reply({"active": False})
    state = call.grants.state(grant, call.now)
    return Reply(
        {
            "active": state == "good",
            "status": {"good": "active"}.get(state, state),
            "client_id": grant.client_id,
            "scope": ",".join(grant.scopes),
            "auth_type": "3L",
            "created_at": int(grant.issued),
            "authorized_at": int(grant.issued),
            "expires_at": int(grant.expires),
        }
    )


def _token_reply(issued: Issued) -> dict[str, Any]:
    body = standard_token(issued, separator=",")
    return body | ({"refresh_token_expires_in": REFRESH_S} if issued.refresh_token else {})


def _token_error(error: str, description: str) -> Reply:
    if error == "invalid_client":
        return Reply({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
    if error == "invalid_grant" and "refresh token" not in description:
        text = "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code."
        return Reply({"error": "invalid_request", "error_description": text}, 400)
    if error == "invalid_grant":
        text = "The provided authorization grant or refresh token is invalid, expired or revoked"
        return Reply({"error": "invalid_grant", "error_description": text}, 400)
    return Reply({"error": error, "error_description": description}, 400)


OAUTH = Dialect(
    authorize=((LOGIN_HOST, "/oauth/v2/authorization"),),
    token=(),
    scopes={
        "rw_organization_admin": "Manage your organizations' pages and retrieve reporting data",
        "r_organization_social": "Retrieve your organizations' posts, comments, reactions, and other engagement data",
        "r_organization_social_feed": "Retrieve comments, reactions, and other engagement data on your posts",
        "r_marketing_leadgen_automation": "Access your lead generation forms and retrieve leads",
        "r_basicprofile": "Use your basic profile including your name, photo, headline, and public profile URL",
    },
    pkce="none",
    client_auth="post",
    code_s=1800,
    access_s=60 * 86400,
    refresh_s=REFRESH_S,
    refresh="stable",
    offline=lambda asked, _scopes: not asked.get("client_id", "").startswith(UNAPPROVED),
    reply=_token_reply,
    error=_token_error,
    access_prefix="AQ",
    refresh_prefix="AQW",
)
