"""OAuth 2.0 as the platforms do it: consent screens, codes, tokens. A platform's file declares only its `Dialect`.

Codes and tokens are signed texts, so that they survive a restart of the sandbox; what was used, rotated or revoked
lives in memory. Any client id works; its secret is fixed by the first one that is shown for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode, urlsplit

from sandbox.faults import Faults
from sandbox.wire import Reply

if TYPE_CHECKING:
    from sandbox.server import Call, Platform

NOT_A_PLUGIN = True

_KEY = b"the sandbox guards nothing: this key only keeps its tokens valid across restarts"
REFUSED_SECRET = "wrong-secret"  # noqa: S105 - a secret that is refused even when it is the first one shown
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token stands for. `kind` is code, access or refresh; `subject` is what it speaks for ("" the person)."""

    kind: str
    platform: str
    client_id: str
    login: str
    scopes: tuple[str, ...]
    expires: float
    family: str
    id: str
    subject: str = ""
    long_lived: bool = False
    redirect_uri: str = ""
    challenge: str = ""
    offline: bool = False
    secret: str = ""
    issued: float = 0.0


@dataclass(frozen=True, slots=True)
class Issued:
    """What a token endpoint gives. `refresh_token` is empty when there is none; `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    scopes: tuple[str, ...]
    refresh_token: str
    grant: Grant


@dataclass(frozen=True, slots=True)
class Exchange:
    """A grant that turns an access token into a longer-lived one (Meta): the parameter that carries the token."""

    parameter: str
    access_s: int
    needs_long_lived: bool = False
    needs_secret: bool = True


@dataclass(frozen=True, slots=True)
class TokenRoute:
    """A token endpoint. `grants` maps its `grant_type` ("" when absent) to "code", "refresh", "app" or an `Exchange`.

    "app" (client_credentials) gives a token for the app alone: its `subject` is "app", and it has no scopes.
    """

    host: str
    path: str
    grants: Mapping[str, str | Exchange]
    methods: tuple[str, ...] = ("POST",)


def standard_token(issued: Issued, separator: str = " ") -> dict[str, Any]:
    """The token answer of RFC 6749."""
    body: dict[str, Any] = {
        "token_type": "bearer",
        "expires_in": issued.expires_in,
        "access_token": issued.access_token,
        "scope": separator.join(issued.scopes),
    }
    return body | ({"refresh_token": issued.refresh_token} if issued.refresh_token else {})


def standard_error(error: str, description: str) -> Reply:
    """The error answer of RFC 6749."""
    return Reply({"error": error, "error_description": description}, 401 if error == "invalid_client" else 400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a platform speaks OAuth 2.0.

    `authorize` lists (host, path) of consent screens; `pkce` is required, optional or none; `client_auth` basic, post
    or either. `refresh` is rotating, stable or none; `offline` says from the consent request's parameters and granted
    scopes whether a refresh token is given. `error` words (error, description), both of RFC 6749; `reply` the good
    answer. `scopes` are those the platform knows, in words for the screen. `token_parameters` may carry the token
    in the query.
    """

    authorize: tuple[tuple[str, str], ...]
    token: tuple[TokenRoute, ...]
    scopes: Mapping[str, str]
    revoke: tuple[tuple[str, str], ...] = ()
    separator: str = " "
    pkce: str = "optional"
    client_auth: str = "either"
    code_s: int = 600
    access_s: int = 3600
    refresh_s: int = 180 * 86400
    refresh: str = "stable"
    offline: Callable[[Mapping[str, str], tuple[str, ...]], bool] = lambda _parameters, _scopes: True
    reply: Callable[[Issued], Mapping[str, Any]] = standard_token
    error: Callable[[str, str], Reply] = standard_error
    access_prefix: str = ""
    refresh_prefix: str = ""
    token_parameters: tuple[str, ...] = ()
    extra_redirect: Callable[[tuple[str, ...]], Mapping[str, str]] = lambda _scopes: {}


class OAuthRefused(Exception):
    """A token request is refused: `error` and `description` of RFC 6749."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _sign(payload: bytes) -> str:
    return _text(hmac.new(_KEY, payload, hashlib.sha256).digest()[:18])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Grants:
    """All tokens: makes them, checks them, remembers which are used or revoked."""

    faults: Faults
    _issued: dict[str, int] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)
    _revoked: set[str] = field(default_factory=set)
    _secrets: dict[tuple[str, str], str] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def reset(self) -> None:
        """Forget what was used and revoked, and all client secrets (between tests)."""
        with self._lock:
            for memory in (self._issued, self._spent, self._revoked, self._secrets, self._shown):
                memory.clear()

    def write(self, grant: Grant, prefix: str = "") -> str:
        """The text of a token."""
        values = {name: getattr(grant, name) for name in Grant.__slots__}
        payload = json.dumps({name: value for name, value in values.items() if value}, separators=(",", ":")).encode()
        with self._lock:
            self._issued[grant.id] = self.faults.next_serial()
        return f"{prefix}{_text(payload)}.{_sign(payload)}"

    def read(self, text: str, kind: str, prefix: str = "") -> Grant | None:
        """The grant behind a text, if we signed it and it is of this kind; it may be expired or revoked."""
        body, _, signature = text.removeprefix(prefix).rpartition(".")
        try:
            payload = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        except ValueError:
            return None
        if not hmac.compare_digest(_sign(payload).encode(), signature.encode()):
            return None
        values = json.loads(payload)
        values["scopes"] = tuple(values.get("scopes", ()))
        grant = Grant(**{"login": "", "client_id": "", "expires": 0.0, **values})
        return grant if grant.kind == kind else None

    def state(self, grant: Grant, now: datetime) -> str:
        """good, expired, revoked or spent."""
        serial = self._issued.get(grant.id, 0)
        revoked = self.faults.on(grant.platform, "revoked_token")
        expired = self.faults.on(grant.platform, "expired_token") if grant.kind == "access" else None
        with self._lock:
            if grant.family in self._revoked or grant.id in self._revoked or (revoked and serial < revoked.serial):
                return "revoked"
            if grant.id in self._spent:
                return "spent"
        if now.timestamp() >= grant.expires or (expired and serial < expired.serial):
            return "expired"
        return "good"

    def spend(self, grant: Grant) -> bool:
        """Use a code or a rotating token. False when it was used before."""
        with self._lock:
            fresh = grant.id not in self._spent
            self._spent.add(grant.id)
            return fresh

    def revoke(self, family: str) -> None:
        """Make all tokens of one consent worthless."""
        with self._lock:
            self._revoked.add(family)

    def knows_secret(self, platform: str, client_id: str, secret: str) -> bool:
        """Whether this is the client's secret. The first one shown is."""
        with self._lock:
            return self._secrets.setdefault((platform, client_id), _digest(secret)) == _digest(secret)

    def show_secret(self, family: str, secret: str) -> None:
        """Remember the secret that was shown for a consent, against which proofs of it are checked."""
        with self._lock:
            self._shown[family] = secret

    def secret_of(self, family: str) -> str:
        """The secret last shown for a consent; empty when none was since the sandbox began."""
        with self._lock:
            return self._shown.get(family, "")

    def has_secret(self, platform: str, client_id: str) -> bool:
        """Whether this client has shown a secret before."""
        with self._lock:
            return (platform, client_id) in self._secrets

    def remember_secret(self, grant: Grant) -> None:
        """After a restart the refresh token still knows which secret it was given for."""
        if grant.secret:
            with self._lock:
                self._secrets.setdefault((grant.platform, grant.client_id), grant.secret)


# The consent screen


def consent_screen(call: Call) -> Reply:
    """GET shows what is asked; POST `decision=allow|deny&login=<key>` to the same address sends the person back."""
    dialect = _dialect(call.platform)
    asked = {name: values[-1] for name, values in call.query.items()}
    if problem := _unusable(call, asked):
        return _page(call.platform, "This request cannot be used", f"<p>{escape(problem)}</p>", 400)
    redirect_uri, state = asked["redirect_uri"], asked.get("state", "")
    scopes = tuple(asked.get("scope", "").replace(",", " ").split())
    if error := _refusal(dialect, asked, scopes):
        return _back(redirect_uri, {"error": error[0], "error_description": error[1], "state": state})
    if call.method == "GET":
        return _ask(call, asked, scopes)
    if call.form.get("decision") != "allow":
        denied = {"error": "access_denied", "error_description": "The person did not consent.", "state": state}
        return _back(redirect_uri, denied)
    code = call.grants.write(_code(call, dialect, asked, scopes))
    return _back(redirect_uri, {"state": state, "code": code, **dialect.extra_redirect(scopes)})


def _unusable(call: Call, asked: Mapping[str, str]) -> str:
    target = urlsplit(asked.get("redirect_uri", ""))
    if not asked.get("client_id"):
        return "The parameter client_id is missing."
    if target.scheme not in {"http", "https"} or not target.hostname or target.fragment:
        return "The parameter redirect_uri is missing or is not an address."
    if target.hostname not in _LOOPBACK and target.hostname != call.own_host:
        return "The sandbox sends people back only to this machine."
    return ""


def _refusal(dialect: Dialect, asked: Mapping[str, str], scopes: tuple[str, ...]) -> tuple[str, str] | None:
    if asked.get("response_type", "code") != "code":
        return "unsupported_response_type", "Only response_type=code is supported."
    if unknown := [scope for scope in scopes if scope not in dialect.scopes]:
        return "invalid_scope", f"Unknown scope: {', '.join(unknown)}"
    if not scopes:
        return "invalid_scope", "At least one scope is needed."
    challenge, method = asked.get("code_challenge", ""), asked.get("code_challenge_method", "plain")
    if dialect.pkce == "required" and not challenge:
        return "invalid_request", "The parameter code_challenge is missing."
    if challenge and method != "S256":
        return "invalid_request", "Only code_challenge_method=S256 is supported."
    return None


def _code(call: Call, dialect: Dialect, asked: Mapping[str, str], scopes: tuple[str, ...]) -> Grant:
    logins = {login.key for login in call.platform.logins}
    chosen = call.form.get("login", "")
    return Grant(
        kind="code",
        platform=call.platform.name,
        client_id=asked["client_id"],
        login=chosen if chosen in logins else call.platform.logins[0].key,
        scopes=tuple(scope for scope in scopes if scope not in call.form.get("without", "").split()),
        expires=(call.now + timedelta(seconds=dialect.code_s)).timestamp(),
        family=secrets.token_hex(8),
        id=secrets.token_hex(8),
        redirect_uri=asked["redirect_uri"],
        challenge=asked.get("code_challenge", ""),
        offline=dialect.offline(asked, scopes),
    )


def _back(redirect_uri: str, values: Mapping[str, str]) -> Reply:
    query = urlencode({name: value for name, value in values.items() if value})
    return Reply(None, 302, {"Location": redirect_uri + ("&" if "?" in redirect_uri else "?") + query})


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;color:#1d2430;display:grid;place-items:center;"
    "min-height:100vh;margin:0}main{background:#fff;border:1px solid #dfe3e8;border-radius:12px;padding:2rem;"
    "width:min(26rem,92vw);box-sizing:border-box}h1{font-size:1.25rem;margin:.5rem 0 1rem}small{color:#5b6573}"
    "li{margin:.35rem 0}code{font-size:.8rem;color:#5b6573;overflow-wrap:anywhere}select{width:100%;padding:.5rem;"
    "margin:.25rem 0 1.25rem;font:inherit}button{font:inherit;padding:.6rem 1.4rem;border-radius:8px;"
    "border:1px solid #b9c1cc;background:#fff;cursor:pointer;margin-right:.5rem}.go{background:#1f5eff;color:#fff;"
    "border-color:#1f5eff}@media(prefers-color-scheme:dark){body{background:#14171c;color:#e8ebef}main{background:"
    "#1d2127;border-color:#343a43}button,select{background:#262b33;color:inherit;border-color:#4a525e}}"
)


def _page(platform: Platform, title: str, body: str, status: int = 200) -> Reply:
    html = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><main>"
        f"<small>{escape(platform.title)} · sandbox, no real account</small><h1>{escape(title)}</h1>{body}"
        "</main></html>"
    )
    security = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Referrer-Policy": "no-referrer",
    }
    return Reply(html.encode(), status, {"Content-Type": "text/html; charset=utf-8", **security})


def _ask(call: Call, asked: Mapping[str, str], scopes: tuple[str, ...]) -> Reply:
    words = _dialect(call.platform).scopes
    listed = "".join(f"<li>{escape(words[scope])}<br><code>{escape(scope)}</code></li>" for scope in scopes)
    options = "".join(
        f'<option value="{escape(login.key)}">{escape(login.title)}</option>' for login in call.platform.logins
    )
    body = (
        f"<p>The app <b>{escape(asked['client_id'])}</b> asks to:</p><ul>{listed}</ul>"
        f'<form method="post"><label>Account<select name="login">{options}</select></label>'
        '<button class="go" name="decision" value="allow">Allow</button>'
        '<button name="decision" value="deny">Deny</button></form>'
    )
    return _page(call.platform, f"Connect to {call.platform.title}", body)


# The token endpoint


def token_endpoint(call: Call, route: TokenRoute) -> Reply:
    """Codes, refresh tokens and exchanges into access tokens, in the platform's words for good and bad."""
    dialect = _dialect(call.platform)
    given = {name: values[-1] for name, values in call.query.items()} | dict(call.form)
    try:
        issued = _answer(call, dialect, route, given)
    except OAuthRefused as refused:
        return dialect.error(refused.error, refused.description)
    return Reply(dict(dialect.reply(issued)), 200, {"Cache-Control": "no-store"})


def _answer(call: Call, dialect: Dialect, route: TokenRoute, given: Mapping[str, str]) -> Issued:
    grant = route.grants.get(given.get("grant_type", ""))
    if grant is None:
        raise OAuthRefused("unsupported_grant_type", f"Unsupported grant_type: {given.get('grant_type', '')}")
    if isinstance(grant, Exchange):
        return _exchange(call, dialect, grant, given)
    client_id, secret = _client(call, dialect, given)
    if grant == "app":
        return _app_alone(call, dialect, client_id, secret)
    if grant == "code":
        return _from_code(call, dialect, given, client_id, secret)
    return _from_refresh(call, dialect, given, client_id, secret)


def _client(call: Call, dialect: Dialect, given: Mapping[str, str]) -> tuple[str, str]:
    header = call.headers.get("authorization", "")
    if header.lower().startswith("basic ") and dialect.client_auth in {"basic", "either"}:
        try:
            raw = base64.b64decode(header[6:], validate=True).decode()
        except ValueError as error:
            raise OAuthRefused("invalid_client", "The Authorization header cannot be read.") from error
        client_id, _, secret = (unquote(part) for part in raw.partition(":"))
    elif dialect.client_auth == "basic" and given.get("client_secret"):
        raise OAuthRefused("invalid_client", "Missing valid authorization header")
    else:
        client_id, secret = given.get("client_id", ""), given.get("client_secret", "")
    if not client_id:
        raise OAuthRefused("invalid_client", "The client_id is missing.")
    return client_id, secret


def _check_secret(call: Call, dialect: Dialect, grant: Grant, secret: str) -> None:
    """A public client (no secret) may use PKCE instead; a client that has shown a secret keeps showing it."""
    call.grants.remember_secret(grant)
    if not secret and not (dialect.pkce == "required" and not call.grants.has_secret(grant.platform, grant.client_id)):
        raise OAuthRefused("invalid_client", "The client secret is missing.")
    if secret == REFUSED_SECRET or (secret and not call.grants.knows_secret(grant.platform, grant.client_id, secret)):
        raise OAuthRefused("invalid_client", "The client secret is wrong.")
    call.grants.show_secret(grant.family, secret)


def _from_code(call: Call, dialect: Dialect, given: Mapping[str, str], client_id: str, secret: str) -> Issued:
    # A browser's address may end in "#_" (Meta); what follows the code is not part of it.
    code = call.grants.read(given.get("code", "").removesuffix("#_"), "code")
    if code is None or code.platform != call.platform.name or code.client_id != client_id:
        raise OAuthRefused("invalid_grant", "The authorization code is not valid.")
    _check_secret(call, dialect, code, secret)
    if given.get("redirect_uri") != code.redirect_uri:
        raise OAuthRefused("invalid_grant", "The redirect_uri differs from the one of the consent request.")
    proof = _text(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
    if code.challenge and not hmac.compare_digest(proof, code.challenge):
        raise OAuthRefused("invalid_grant", "The code_verifier does not fit the code_challenge.")
    if call.grants.state(code, call.now) not in {"good", "spent"}:
        raise OAuthRefused("invalid_grant", "The authorization code has expired.")
    if not call.grants.spend(code):
        call.grants.revoke(code.family)
        raise OAuthRefused("invalid_grant", "The authorization code was used before.")
    return issue(call, dialect, code, with_refresh=code.offline, secret=secret)


def _from_refresh(call: Call, dialect: Dialect, given: Mapping[str, str], client_id: str, secret: str) -> Issued:
    grant = call.grants.read(given.get("refresh_token", ""), "refresh", dialect.refresh_prefix)
    if grant is None or grant.platform != call.platform.name or grant.client_id != client_id:
        raise OAuthRefused("invalid_grant", "The refresh token is not valid.")
    _check_secret(call, dialect, grant, secret)
    state = call.grants.state(grant, call.now)
    if state == "spent" or (state == "good" and dialect.refresh == "rotating" and not call.grants.spend(grant)):
        call.grants.revoke(grant.family)  # a rotating token came twice: somebody copied it
        raise OAuthRefused("invalid_grant", "The refresh token was used before.")
    if state != "good":
        raise OAuthRefused("invalid_grant", f"The refresh token is {state}.")
    return issue(call, dialect, grant, with_refresh=dialect.refresh == "rotating", secret=secret)


def _app_alone(call: Call, dialect: Dialect, client_id: str, secret: str) -> Issued:
    source = Grant("code", call.platform.name, client_id, "", (), 0.0, secrets.token_hex(8), "", subject="app")
    _check_secret(call, dialect, source, secret or REFUSED_SECRET)
    return issue(call, dialect, source, with_refresh=False, access_s=10 * 365 * 86400)


def _exchange(call: Call, dialect: Dialect, how: Exchange, given: Mapping[str, str]) -> Issued:
    grant = call.grants.read(given.get(how.parameter, ""), "access", dialect.access_prefix)
    if grant is None or grant.platform != call.platform.name or call.grants.state(grant, call.now) != "good":
        raise OAuthRefused("invalid_grant", "The access token is not valid or has expired.")
    if how.needs_secret:
        _check_secret(call, dialect, grant, given.get("client_secret", ""))
    if given.get("client_id", grant.client_id) != grant.client_id:
        raise OAuthRefused("invalid_client", "The token belongs to another app.")
    if how.needs_long_lived and not grant.long_lived:
        raise OAuthRefused("invalid_grant", "Only a long-lived token can be renewed.")
    return issue(call, dialect, grant, with_refresh=False, access_s=how.access_s, long_lived=True)


def issue(
    call: Call,
    dialect: Dialect,
    source: Grant,
    *,
    with_refresh: bool,
    secret: str = "",
    access_s: int | None = None,
    long_lived: bool = False,
) -> Issued:
    """New tokens for what `source` stands for."""
    life = dialect.access_s if access_s is None else access_s
    kept = secret and _digest(secret)

    def token(kind: str, seconds: int) -> Grant:
        return Grant(
            kind=kind,
            platform=source.platform,
            client_id=source.client_id,
            login=source.login,
            scopes=source.scopes,
            expires=(call.now + timedelta(seconds=seconds)).timestamp(),
            family=source.family,
            id=secrets.token_hex(8),
            subject=source.subject,
            long_lived=long_lived,
            secret=kept or source.secret if kind == "refresh" else "",
            issued=call.now.timestamp(),
        )

    access = token("access", life)
    refresh = call.grants.write(token("refresh", dialect.refresh_s), dialect.refresh_prefix) if with_refresh else ""
    return Issued(call.grants.write(access, dialect.access_prefix), life, source.scopes, refresh, access)


def revoke_endpoint(call: Call) -> Reply:
    """RFC 7009: the token and all of its consent are worthless from now on; unknown tokens are no error."""
    dialect = _dialect(call.platform)
    given = {name: values[-1] for name, values in call.query.items()} | dict(call.form)
    text = given.get("token", "")
    grant = call.grants.read(text, "access", dialect.access_prefix) or call.grants.read(
        text, "refresh", dialect.refresh_prefix
    )
    if grant:
        call.grants.revoke(grant.family)
    return Reply({})


def _dialect(platform: Platform) -> Dialect:
    if platform.oauth is None:
        raise LookupError(f"{platform.name} has no OAuth")
    return platform.oauth
