"""The one way to a platform: an authorised, limited, retrying client that sees errors in bodies and tells no secret."""

from __future__ import annotations

import contextlib
import logging
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from connectors import oauth, sayings
from connectors.gateway import through
from connectors.headers import retry_after_s
from connectors.masking import without_secrets
from core import clock
from core.errors import (
    AppError,
    AuthorisationExpired,
    PermissionMissing,
    RateLimited,
    Recovery,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.ports import AppKeys, LimitStore, Meter, Token, TokenStore

if TYPE_CHECKING:
    from connectors.base import Connector, Limit

NOT_A_PLUGIN = True

CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 10.0, 60.0
LONGEST_WAIT_S = 65.0  # a limit of so many a minute needs up to a minute and its last slice
ATTEMPTS = 4
FIRST_BACKOFF_S = 0.5
MAX_BODY_BYTES = 64 * 1024 * 1024
FULL_AT = 0.95
"""Above this share of a limit, as the platform itself reports it, we stop and wait for its reset."""
RENEWAL_PAUSE = timedelta(minutes=1)
"""How long a token that still lives is used on after it could not be renewed, or did not live longer by it."""
_CHUNK = 64 * 1024
_log = logging.getLogger(__name__)


class Client:
    """Reads from one platform for one connection. `get` and `post` are authorised; `call` is not.

    All three return the decoded JSON object, or raise an AppError whose recovery says what to do next. A wait of up to
    a minute is waited out; a longer one is raised as RateLimited. `requests_made` counts what went over the wire.
    """

    def __init__(
        self,
        connector: Connector,
        tokens: TokenStore | None,
        app_keys: AppKeys,
        limits: LimitStore,
        *,
        gateway: str = "",
        connection_key: str = "",
        now: Callable[[], datetime] = clock.utc_now,
        sleep: Callable[[float], None] = clock.sleep,
        seed: int | None = None,
        meter: Meter | None = None,
    ) -> None:
        self.connector = connector
        self.requests_made = 0
        self.now = now
        self._tokens = tokens
        self._keys = app_keys
        self._limits = limits
        self._meter = meter
        self.gateway = gateway
        self._key = connection_key or connector.platform
        self._sleep = sleep
        self._random = random.Random(seed)
        self._session = requests.Session()
        self._session.trust_env = not gateway
        self._session.auth = as_it_is
        self._platform_speaks: set[str] = set()
        self._renewal_tried: datetime | None = None
        self._secrets: set[str] = {app_keys.client_secret}

    def __repr__(self) -> str:
        return f"Client({self.connector.platform})"

    @property
    def granted(self) -> Mapping[str, Any]:
        """What came with the token besides it, such as the id of who consented."""
        return self._store().load().extra or {}

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        limit: str | None = None,
        cost: float = 1,
        bearer: str = "",
    ) -> dict[str, Any]:
        """GET a path of the platform's API (or a whole URL).

        `bearer` takes the place of our token where the platform gave another one for a part of it; it is not kept.
        """
        return self._authorised("GET", path, limit, cost, bearer, params=params)

    def post(
        self,
        path: str,
        json: Any = None,
        *,
        data: Mapping[str, Any] | None = None,
        limit: str | None = None,
        cost: float = 1,
    ) -> dict[str, Any]:
        """POST JSON or a form to a path of the platform's API (or a whole URL)."""
        return self._authorised("POST", path, limit, cost, json=json, data=data)

    def room(self, kind: str) -> int:
        """How many things of a kind the month's budget still holds; more than anybody reads where there is none."""
        return self._meter.room(kind, self.now()) if self._meter else sys.maxsize

    def address(self, path: str) -> str:
        """The whole address of a path of the platform's API; of a whole address, itself."""
        return path if path.startswith(("https://", "http://")) else self.connector.base_url + path

    def call(self, method: str, url: str, **options: Any) -> dict[str, Any]:
        """A request without our token: `params`, `data`, `json`, `headers` as `requests` takes them."""
        return self._with_retries(lambda: self._send(method, url, None, 0.0, **options))

    def _authorised(
        self,
        method: str,
        path: str,
        limit: str | None,
        cost: float,
        bearer: str = "",
        params: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        url = self.address(path)
        self._secrets |= {bearer} - {""}

        def attempt() -> dict[str, Any]:
            token = self._token() if not bearer else Token(bearer)
            try:
                return self._send(method, url, limit, cost, **self._signed(token, params), **options)
            except AuthorisationExpired:
                if not token.refresh_token:
                    raise
                fresh = self._renewed(token, refused=True)
                return self._send(method, url, limit, cost, **self._signed(fresh, params), **options)

        return self._with_retries(attempt)

    def _signed(self, token: Token, params: Mapping[str, Any] | None) -> dict[str, Any]:
        """The headers and parameters of a request that the token authorises."""
        more = self.connector.auth.params(token, self._keys)
        self._secrets |= set(more.values())
        return {"headers": self.connector.auth.headers(token), "params": {**(params or {}), **more} or None}

    # -- tokens

    def _token(self) -> Token:
        token, now = self._store().load(), self.now()
        self._secrets |= {token.access_token, token.refresh_token}
        if not oauth.wants_renewal(self.connector, token, now):
            return token
        tried = self._renewal_tried is not None and now - self._renewal_tried < RENEWAL_PAUSE
        return token if tried and _lives(token, now) else self._renewed(token)

    def _store(self) -> TokenStore:
        if self._tokens is None:
            raise AuthorisationExpired("There is no consent to read with.", hint="Connect the account.")
        return self._tokens

    def _renewed(self, stale: Token, *, refused: bool = False) -> Token:
        """Refresh under the lock. The new token is saved before its first use; nobody uses a refresh token twice.

        A living token is used on when the refresh fails for now, unless the platform has just `refused` it.
        """
        tokens, self._renewal_tried = self._store(), self.now()
        with tokens.exclusive():
            current = tokens.load()
            if current.access_token != stale.access_token:
                return current
            try:
                fresh = oauth.renew(self, self._keys, current)
            except AppError as error:
                if not refused and _lives(current, self.now()) and error.recovery is Recovery.RETRY:
                    _log.info("%s: the token could not be renewed yet: %s", self._key, error.message)
                    return current
                raise
            tokens.save(fresh)
            self._secrets |= {fresh.access_token, fresh.refresh_token}
            return fresh

    # -- one request

    def _send(self, method: str, url: str, limit: str | None, cost: float, **options: Any) -> dict[str, Any]:
        declared = self._limit(limit)
        if declared and cost:
            self._wait_for(declared, cost)
        with self._metered(url, options.get("params") or {}) as count:
            response = self._over_the_wire(method, url, options)
            if declared:
                self._heed_headers(response)
            if error := self._error(response):
                self._heed(error, declared)
                raise error
            body = self._body(response)
            count(body)
        return body

    @contextlib.contextmanager
    def _metered(self, url: str, params: Mapping[str, Any]) -> Iterator[Callable[[Mapping[str, Any]], None]]:
        """Set aside what a request may cost, and settle it by the body that is counted; by nothing when none is."""
        tariff, path = self.connector.tariff, url.removeprefix(self.connector.base_url)
        purchase = tariff.asked(path, params) if tariff and self._meter else None
        if tariff is None or self._meter is None or purchase is None or not (purchase.known or purchase.unknown):
            yield lambda _body: None
            return
        receipt, given = self._meter.reserve(purchase, self.now()), dict[str, Sequence[str]]()
        try:
            yield lambda body: given.update(tariff.given(path, body))
        finally:
            self._meter.settle(receipt, given)

    def _over_the_wire(self, method: str, url: str, options: Mapping[str, Any]) -> requests.Response:
        self.requests_made += 1
        try:
            response = self._session.request(
                method,
                through(self.gateway, url),
                timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S),
                allow_redirects=False,
                stream=True,
                **{name: value for name, value in options.items() if value is not None},
            )
            response._content = self._bounded(response)
        except requests.RequestException as error:
            # the exception's own text may hold the address with its secrets
            raise SourceUnavailable(
                sayings.NO_ANSWER.format(title=self.connector.title),
                hint="It is tried again by itself.",
                context={"why": type(error).__name__, "path": urlsplit(url).path},
            ) from None
        return response

    def _bounded(self, response: requests.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                response.close()
                raise SchemaDrift(sayings.TOO_MUCH.format(title=self.connector.title))
        return bytes(body)

    def _error(self, response: requests.Response) -> AppError | None:
        """What the platform's own table says; otherwise what the status says."""
        found = self.connector.classify(response)
        if found is None and not response.ok:
            found = by_status(self.connector.title, response)
        if found is None and response.is_redirect:
            found = RefusedRequest(sayings.ELSEWHERE.format(title=self.connector.title))
        if isinstance(found, SourceUnavailable) and found.retry_after_s is None:
            found.retry_after_s = retry_after_s(response)
        return found and without_secrets(found, self._secrets)

    def _body(self, response: requests.Response) -> dict[str, Any]:
        if response.status_code in {204, 205}:
            return {}
        try:
            body = response.json()
        except ValueError:
            raise SourceUnavailable(
                sayings.BROKEN_OFF.format(title=self.connector.title),
                hint="It is tried again by itself.",
                context={"path": urlsplit(response.url).path, "bytes": len(response.content)},
            ) from None
        if not isinstance(body, dict):
            raise SchemaDrift(sayings.STRANGE.format(title=self.connector.title))
        return body

    # -- limits and retries

    def _limit(self, name: str | None) -> Limit | None:
        """The limit of this name, or the first one; a name that is not declared would mean no limit at all."""
        limits = self.connector.limits
        if name is None:
            return limits[0] if limits else None
        return {limit.name: limit for limit in limits}[name]

    def _limit_key(self, name: str) -> str:
        return f"{self._key}/{name}"

    def _wait_for(self, limit: Limit, cost: float) -> None:
        """Take room in a limit, waiting up to a minute. What the platform's headers say outranks what is declared."""
        if limit.name in self._platform_speaks:
            cost, allowed = 0.0, float("inf")  # not counted: else the next client would hold them against the declared
        else:
            allowed = limit.calls
        while wait := self._limits.take(self._limit_key(limit.name), cost, allowed, limit.per_s, self.now()):
            if wait > LONGEST_WAIT_S:
                raise RateLimited(
                    f"The rate limit of {self.connector.title} is used up for now.",
                    hint="Reading goes on by itself when it is free again.",
                    retry_after_s=wait,
                    context={"limit": limit.name},
                )
            self._sleep(wait)

    def _heed_headers(self, response: requests.Response) -> None:
        for name, (used, until) in self.connector.limits_from(response).items():
            self._platform_speaks.add(name)
            if used >= FULL_AT:
                per_s = next((limit.per_s for limit in self.connector.limits if limit.name == name), LONGEST_WAIT_S)
                self._limits.block(self._limit_key(name), until or self.now() + timedelta(seconds=per_s / 12))

    def _heed(self, error: AppError, limit: Limit | None) -> None:
        if isinstance(error, RateLimited) and limit and error.retry_after_s > 0:
            self._limits.block(self._limit_key(limit.name), self.now() + timedelta(seconds=error.retry_after_s))

    def _with_retries(self, attempt: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        for tried in range(ATTEMPTS):
            try:
                return attempt()
            except AppError as error:
                if error.recovery is not Recovery.RETRY or tried == ATTEMPTS - 1:
                    raise
                wait = wait_s(error, tried, self._random)
                if wait > LONGEST_WAIT_S:
                    raise
                self._sleep(wait)
        raise AssertionError("unreachable")


def wait_s(error: AppError, tried: int, chance: random.Random) -> float:
    """How long to wait after a failed attempt: what the error says, else by chance, up to 4 times more each time."""
    told: float | None = getattr(error, "retry_after_s", None)
    return told if told is not None else chance.uniform(0, FIRST_BACKOFF_S * 4**tried)


def as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Without an auth of the session's own, an entry in ~/.netrc would take the place of the token or key."""
    return request


def _lives(token: Token, now: datetime) -> bool:
    return token.expires_at is not None and token.expires_at > now


def by_status(title: str, response: requests.Response) -> AppError:
    """What a status means where a platform's own table is silent."""
    status = response.status_code
    context = {"status": status, "path": urlsplit(response.url).path}
    if status == 429:
        return RateLimited(
            sayings.SLOW_DOWN.format(title=title), retry_after_s=retry_after_s(response) or 30.0, context=context
        )
    if status >= 500 or status == 408:
        return SourceUnavailable(sayings.COULD_NOT.format(title=title), context=context)
    if status == 401:
        return AuthorisationExpired(sayings.NO_LOGIN.format(title=title), hint="Connect again.", context=context)
    if status == 403:
        return PermissionMissing(sayings.NOT_LET.format(title=title), hint="Grant every permission.", context=context)
    return RefusedRequest(sayings.REFUSED.format(title=title, status=status), context=context)
