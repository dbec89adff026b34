"""OAuth 2.0 by Authlib: the consent address, a code for a token, a refresh for a token; PKCE where it is offered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from connectors import sayings
from connectors.gateway import through
from connectors.headers import retry_after_s
from connectors.masking import without_secrets
from core.errors import AppError, AuthorisationExpired, BadSetting, SchemaDrift, SourceUnavailable
from core.ports import AppKeys, Token

if TYPE_CHECKING:
    from connectors.base import Connector
    from connectors.http import Client

NOT_A_PLUGIN = True

RENEW_LONG_LIVED_BEFORE = timedelta(days=30)
REFRESH_BEFORE = timedelta(minutes=5)
_TIMEOUT_S = (10.0, 30.0)


def consent_url(
    connector: Connector,
    keys: AppKeys,
    redirect_uri: str,
    state: str,
    verifier: str,
    gateway: str = "",
    *,
    streams: Collection[str] = (),
) -> str:
    """The address of the platform's consent screen for this app and this state.

    It asks for every permission but those that only optional streams need, unless they are among `streams`, which a
    person switched on.
    """
    session = _session(connector, keys, redirect_uri)
    session.scope = connector.auth.scope_separator.join(asked_scopes(connector, streams))
    pkce = {"code_verifier": verifier} if connector.auth.pkce else {}
    url, _ = session.create_authorization_url(
        connector.auth.authorize_url, state=state, **pkce, **connector.auth.extra_params
    )
    return through(gateway, str(url).replace("client_id=", f"{connector.auth.client_param}=", 1))


def asked_scopes(connector: Connector, streams: Collection[str] = ()) -> list[str]:
    """The permissions a consent asks for when these optional streams are switched on. Of "a|b" the first is needed; the
    others only can take its place."""
    needed: dict[bool, set[str]] = {True: set(), False: set()}
    for stream in connector.streams:
        first = {scope.partition("|")[0] for scope in stream.scopes}
        needed[not stream.optional or stream.name in streams] |= first
    left_out = needed[False] - needed[True]
    return [scope.name for scope in connector.auth.scopes if scope.name not in left_out]


def fetch_token(
    connector: Connector,
    keys: AppKeys,
    redirect_uri: str,
    code: str,
    verifier: str,
    gateway: str = "",
    *,
    now: datetime,
) -> Token:
    """The token for a code that came back from the consent screen. Raises AppError; none of them holds the code."""
    pkce = {"code_verifier": verifier} if connector.auth.pkce else {}
    return _asked(connector, keys, gateway, now, redirect_uri=redirect_uri, code=code, **pkce)


def refresh(connector: Connector, keys: AppKeys, token: Token, gateway: str = "", *, now: datetime) -> Token:
    """A new token for a refresh token; keeps the old refresh token when the platform sends none."""
    fresh = _asked(connector, keys, gateway, now, refresh_token=token.refresh_token)
    return Token(
        access_token=fresh.access_token,
        refresh_token=fresh.refresh_token or token.refresh_token,
        expires_at=fresh.expires_at,
        scopes=fresh.scopes or token.scopes,
        extra=fresh.extra or token.extra,
    )


def wants_renewal(connector: Connector, token: Token, now: datetime) -> bool:
    """Whether to renew before use: minutes before a short-lived token ends, weeks before a long-lived one does."""
    if token.expires_at is None:
        return False
    if token.refresh_token:
        return token.expires_at - now < REFRESH_BEFORE
    return connector.renew is not None and now < token.expires_at < now + RENEW_LONG_LIVED_BEFORE


def renew(client: Client, keys: AppKeys, token: Token) -> Token:
    """A fresh token by whatever way the platform has. Raises AuthorisationExpired when it has none."""
    connector = client.connector
    if token.refresh_token:
        return refresh(connector, keys, token, client.gateway, now=client.now())
    if connector.renew is not None:
        return connector.renew(client, keys, token)
    raise AuthorisationExpired(sayings.RUN_OUT.format(title=connector.title), hint="Connect again.")


def _session(connector: Connector, keys: AppKeys, redirect_uri: str = "") -> OAuth2Session:
    auth = connector.auth
    public = auth.pkce and not keys.client_secret
    return OAuth2Session(
        client_id=keys.client_id,
        client_secret=keys.client_secret or None,
        token_endpoint_auth_method="none" if public else auth.client_auth,
        scope=auth.scope_separator.join(scope.name for scope in auth.scopes),
        redirect_uri=redirect_uri or None,
        code_challenge_method="S256" if auth.pkce else None,
    )


def _asked(
    connector: Connector, keys: AppKeys, gateway: str, now: datetime, *, redirect_uri: str = "", **grant: str
) -> Token:
    """One request to the token endpoint. The platform's refusal becomes an error by its OAuth code."""
    secrets = (keys.client_secret, *grant.values())
    if (own := connector.auth.token_request(keys, {"redirect_uri": redirect_uri, **grant})) is not None:
        return _token(connector, _posted(connector, *own, gateway, secrets), now)
    session = _session(connector, keys, redirect_uri)
    session.trust_env = not gateway
    hook = "refresh_token_response" if "refresh_token" in grant else "access_token_response"
    session.register_compliance_hook(hook, lambda response: _checked(connector, response, secrets))
    url = through(gateway, connector.auth.token_url)
    options = {"timeout": _TIMEOUT_S, "allow_redirects": False}
    try:
        if "refresh_token" in grant:
            session.scope = None  # a refresh may not ask for more than the person granted
            answer = session.refresh_token(url, **options, **grant)
        else:
            answer = session.fetch_token(url, grant_type="authorization_code", **options, **grant)
    except OAuthError as error:
        raise _refusal(connector, str(error.error)) from None
    except requests.RequestException as error:
        raise _silent(connector, error) from None
    except ValueError:
        raise SchemaDrift(sayings.STRANGE_TOKEN.format(title=connector.title)) from None
    return _token(connector, answer, now)


def _posted(
    connector: Connector, url: str, body: Mapping[str, str], gateway: str, secrets: Sequence[str]
) -> Mapping[str, Any]:
    """The token that a platform gives for JSON of its own form."""
    with requests.Session() as session:
        session.trust_env = not gateway
        try:
            response = session.post(through(gateway, url), json=body, timeout=_TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as error:
            raise _silent(connector, error) from None
    found = connector.auth.token_in(_checked(connector, response, secrets).json())
    if not isinstance(found, Mapping):
        raise SchemaDrift(sayings.STRANGE_TOKEN.format(title=connector.title))
    return found


def _silent(connector: Connector, error: requests.RequestException) -> SourceUnavailable:
    why = {"why": type(error).__name__}
    return SourceUnavailable(sayings.NO_ANSWER.format(title=connector.title), hint="Try again.", context=why)


def _checked(connector: Connector, response: requests.Response, secrets: Sequence[str]) -> requests.Response:
    """The response if it may be read as a token; the error it means otherwise."""
    if response.status_code == 429 or response.status_code >= 500:
        unable = SourceUnavailable(sayings.COULD_NOT.format(title=connector.title), hint="Try again.")
        unable.retry_after_s = retry_after_s(response)
        raise unable
    try:
        body = response.json()
    except ValueError:
        raise SourceUnavailable(sayings.UNREADABLE_TOKEN.format(title=connector.title), hint="Try again.") from None
    code = body.get("error") if isinstance(body, dict) else None
    if isinstance(code, str):
        raise _refusal(connector, code)
    if (error := connector.classify(response)) is not None:
        raise without_secrets(error, secrets)
    return response


def _refusal(connector: Connector, code: str) -> AppError:
    context = {"oauth_error": code[:60]}
    if code in {"invalid_client", "unauthorized_client"}:
        return BadSetting(
            sayings.UNKNOWN_APP.format(title=connector.title), hint="Check the client id and secret.", context=context
        )
    if code in {"temporarily_unavailable", "server_error", "slow_down"}:
        return SourceUnavailable(sayings.COULD_NOT.format(title=connector.title), hint="Try again.", context=context)
    return AuthorisationExpired(
        sayings.NO_CONSENT.format(title=connector.title), hint="Connect again.", context=context
    )


def _token(connector: Connector, answer: Mapping[str, Any], now: datetime) -> Token:
    access = answer.get("access_token")
    if not isinstance(access, str) or not access:
        raise SchemaDrift(sayings.NO_TOKEN.format(title=connector.title))
    seconds = answer.get("expires_in")
    scope = answer.get("scope") or ()
    known = {"access_token", "refresh_token", "expires_in", "expires_at", "scope", "token_type"}
    return Token(
        access_token=access,
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_at=now.astimezone(UTC) + timedelta(seconds=float(seconds)) if seconds else None,
        scopes=tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else tuple(scope),
        extra={name: value for name, value in answer.items() if name not in known and isinstance(value, str | int)},
    )
