"""The sandbox as a gateway: what is meant for `https://host/path` is served at `/host/path`.

A platform is one file, `sandbox/<platform>.py`, that declares `PLATFORM = Platform(...)` and is found by itself:

    SPEC = AccountSpec(platform="acme", key="main", external_id="42", title="Northwind Coffee", handle="northwind",
                       shows="a busy account", followers=9000, gained_per_day=12, lost_per_day=5, posts_per_week=5,
                       views_per_post=800, rates={"likes": 0.04}, daily_rates={"reach": 0.7}, day_zone="UTC")

    def posts(call: Call) -> Reply:                     # handlers are plain functions, run on a thread
        view = call.view(SPEC)                          # the account, with faults applied (see sandbox/view.py)
        page, next_offset = call.page(view.posts(), call.number("limit", 25), call.number("after", 0))
        return Reply({"data": [...]})                   # or raise Failed(Failure("bad_request", "..."))

    PLATFORM = Platform(
        name="acme", title="Acme", logins=(Login("northwind", "Northwind Coffee", (SPEC,)),),
        routes=(Route("GET", "api.acme.com", "/{version}/posts", posts,
                      scopes=("read|admin",), quota=Quota("posts", 900, 900)),),
        envelope=envelope,    # (call, Failure) -> Reply: the platform's error body, status and headers
        headers=headers,      # (call) -> headers on every answer, good or bad; call.quota: limit, remaining, reset
        oauth=Dialect(...),   # sandbox/consent.py; consent screens, tokens, refresh, revoke are then served
    )

`{name}` in a path matches one segment and is in `call.params`. `call.query` maps names to lists; `call.arg(name)` is
the last value, `call.number(name, default)` a whole number, `call.names(name)` its parts between commas; `call.form`
and `call.json` are the body. `call.grant` is what the token stands for, `call.login` who consented, `call.accounts`
what this login may see, `call.now` the moment. `scopes` must all be granted ("a|b": one of them).
`auth=False` leaves the token to the handler (`call.token_text`). Where platforms serve the same address, `owns` says of
a call whether it is meant for the platform; the first that says so answers.

Served for every platform by itself: server_error, rate_limited, time_out, truncated_json, expired_token, revoked_token,
missing_scope (in the platform's envelope). Served by `call.view` / `call.page`: empty_account, one_page, many_pages,
restated, account_gone (Failure "gone"). Left to the platform's file, by `call.fault(name)`: retired_metric, new_enum.
Faults touch OAuth token endpoints only when their `only` is given. See sandbox/faults.py for their options.

A person (or a program) consents by `POST <consent address with its query>`, form `decision=allow`, optionally
`login=<key>` and `without=<scopes not granted>`; the answer is the 302 to `redirect_uri` with `code` and `state`.
`/_at/<moment>/host/path`, with a moment like 20261101T235000Z, answers as the platform would have then.
On a port of its own it also serves `GET/POST/DELETE /_control/faults` and `GET /_control/seen`, and its `Date` is the
world's.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from core import clock
from core.registry import discover
from sandbox.consent import Dialect, Grant, Grants, consent_screen, revoke_endpoint, token_endpoint
from sandbox.faults import Fault, Faults
from sandbox.view import View
from sandbox.wire import Failed, Failure, Refused, Reply
from sandbox.world import AccountSpec, World

NOT_A_PLUGIN = True

T = TypeVar("T")
Handler = Callable[["Call"], Reply]


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `calls` in each window of `per_s` seconds, per consent. Routes with the same name share it."""

    name: str
    calls: int
    per_s: int


@dataclass(frozen=True, slots=True)
class QuotaState:
    """Where a quota stands after this call. `reset` is in epoch seconds; `used` from 0 to 1."""

    limit: int
    remaining: int
    reset: int

    @property
    def used(self) -> float:
        """The share that is used up."""
        return 1 - max(self.remaining, 0) / self.limit


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: method, real host, path with `{name}` segments, and the function that answers."""

    method: str
    host: str
    path: str
    handler: Handler
    scopes: tuple[str, ...] = ()
    quota: Quota | None = None
    auth: bool = True
    is_oauth: bool = False


@dataclass(frozen=True, slots=True)
class Login:
    """A person who can consent, and the accounts they bring."""

    key: str
    title: str
    accounts: tuple[AccountSpec, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform, declared: see the top of this file."""

    name: str
    title: str
    logins: tuple[Login, ...]
    routes: tuple[Route, ...]
    envelope: Callable[[Call, Failure], Reply]
    headers: Callable[[Call], Mapping[str, str]] = lambda _call: {}
    oauth: Dialect | None = None
    owns: Callable[[Call], bool] = lambda _call: True

    def all_routes(self) -> tuple[Route, ...]:
        """Its own routes and those of its OAuth dialect."""
        return self.routes if self.oauth is None else (*_oauth_routes(self.oauth), *self.routes)


def _oauth_routes(dialect: Dialect) -> list[Route]:
    found = [
        Route(method, host, path, consent_screen, auth=False, is_oauth=True)
        for host, path in dialect.authorize
        for method in ("GET", "POST")
    ]
    for token in dialect.token:
        handler = _answering(token_endpoint, token)
        found += [Route(method, token.host, token.path, handler, auth=False, is_oauth=True) for method in token.methods]
    found += [Route("POST", host, path, revoke_endpoint, auth=False, is_oauth=True) for host, path in dialect.revoke]
    return found


def _answering(endpoint: Callable[[Call, T], Reply], value: T) -> Handler:
    return lambda call: endpoint(call, value)


@dataclass(slots=True, kw_only=True)
class Call:
    """One request, as a handler sees it."""

    platform: Platform
    route: Route
    world: World
    faults: Faults
    grants: Grants
    now: datetime
    method: str
    host: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    own_host: str = ""
    grant: Grant | None = None
    quota: QuotaState | None = None

    def arg(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def number(self, name: str, default: int) -> int:
        """A whole number from the query; fails as bad_request when it is none."""
        try:
            return int(self.arg(name) or default)
        except ValueError as error:
            raise Failed(Failure("bad_request", f"{name} is not a number", {"parameter": name})) from error

    def names(self, name: str) -> list[str]:
        """The parts of a query parameter separated by commas."""
        return [part for part in self.arg(name).split(",") if part]

    def fault(self, name: str) -> Fault | None:
        """A fault that is on for this platform and path; uses one of its `times`."""
        return self.faults.take(self.platform.name, name, self.path)

    @property
    def token_text(self) -> str:
        """The token that came with the call, from the header or from the query where the platform allows that."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            return token.strip()
        names = self.platform.oauth.token_parameters if self.platform.oauth else ()
        return next((self.arg(name) for name in names if self.arg(name)), "")

    @property
    def login(self) -> Login:
        """Who consented."""
        key = self.grant.login if self.grant else ""
        return next((login for login in self.platform.logins if login.key == key), self.platform.logins[0])

    @property
    def accounts(self) -> tuple[AccountSpec, ...]:
        """The accounts of this login."""
        return self.login.accounts

    def view(self, spec: AccountSpec) -> View:
        """The account at this moment, with the faults that are on. Fails as `gone` when the account is."""
        if self.fault("account_gone"):
            raise Failed(Failure("gone", "The account no longer exists.", {"id": spec.external_id}))
        faults = {name: self.fault(name) for name in ("empty_account", "one_page", "restated")}
        return View.of(self.world, spec, self.now, {name: fault for name, fault in faults.items() if fault})

    def page(self, items: Sequence[T], size: int, offset: int = 0) -> tuple[Sequence[T], int | None]:
        """A page of items from an offset, and the next offset (None at the end). Smaller under many_pages."""
        if fault := self.fault("many_pages"):
            size = min(size, int(fault.options.get("size", 5)))
        end = offset + size
        return items[offset:end], end if end < len(items) else None


@dataclass(frozen=True, slots=True)
class Seen:
    """A request that was answered. Query values are left out: they may hold secrets."""

    method: str
    host: str
    path: str
    parameters: tuple[str, ...]
    status: int
    expected: bool = True


class Sandbox:
    """The ASGI application. `seen` lists the last requests; `unexpected` those nobody serves."""

    def __init__(self, world: World, faults: Faults, platforms: Mapping[str, Platform], own_port: bool) -> None:
        self.world = world
        self.faults = faults
        self.platforms = platforms
        self.grants = Grants(faults)
        self.seen: deque[Seen] = deque(maxlen=5000)
        self._own_port = own_port
        self._counted: dict[tuple[str, str, str], tuple[int, int]] = {}
        self._routes: dict[str, list[tuple[re.Pattern[str], Platform, Route]]] = {}
        for platform in platforms.values():
            for route in platform.all_routes():
                self._routes.setdefault(route.host, []).append((_pattern(route.path), platform, route))

    @property
    def unexpected(self) -> list[Seen]:
        """Requests for hosts or paths that no platform's file serves."""
        return [seen for seen in self.seen if not seen.expected]

    def reset(self) -> None:
        """As freshly started: no faults, nothing seen, nothing counted, revoked or used."""
        self.faults.clear()
        self.grants.reset()
        self.seen.clear()
        self._counted.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if self._own_port and path.startswith("/_control/"):
            response = await self._answer_control(request, path.removeprefix("/_control/"))
        else:
            response = await self._answer(request, path)
        if self._own_port:  # clients reckon waits from the server's clock, which here is the world's
            response.headers["date"] = format_datetime(self.world.now(), usegmt=True)
        await response(scope, receive, send)

    async def _answer(self, request: Request, path: str) -> Response:
        moment, path = _earlier(path)
        host, _, rest = path.removeprefix("/").partition("/")
        call = await self._call(request, host.lower(), f"/{rest}")
        if call is None:
            self._note(request, host, f"/{rest}", 404, expected=False)
            problem = f"The sandbox does not serve {request.method} https://{host}/{rest}"
            return _response(Reply({"sandbox": problem}, 404))
        if moment is not None and moment < call.now:
            call.now = moment
        reply = await self._fault_before(request, call)
        if reply is None:
            reply = await run_in_threadpool(self._reply, call)
        extra = {} if call.route.is_oauth else dict(call.platform.headers(call))
        response = _response(replace(reply, headers=extra | dict(reply.headers)))
        if self._spoils(call, "truncated_json"):
            response = _cut(response)
        self._note(request, host, call.path, response.status_code)
        return response

    def _note(self, request: Request, host: str, path: str, status: int, expected: bool = True) -> None:
        self.seen.append(Seen(request.method, host, path, tuple(request.query_params.keys()), status, expected))

    async def _call(self, request: Request, host: str, path: str) -> Call | None:
        found = [
            (match, platform, route)
            for pattern, platform, route in self._routes.get(host, ())
            if (match := pattern.fullmatch(path))
        ]
        if not found:
            return None
        found = [item for item in found if item[2].method == request.method] or found
        form, body = await _body(request)
        query: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            query.setdefault(name, []).append(value)
        match, platform, route = found[0]
        call = Call(
            platform=platform,
            route=route,
            world=self.world,
            faults=self.faults,
            grants=self.grants,
            now=self.world.now(),
            method=request.method,
            host=host,
            path=path,
            params=match.groupdict(),
            query=query,
            headers={name.lower(): value for name, value in request.headers.items()},
            form=form,
            json=body,
            own_host=request.url.hostname or "",
        )
        calls = (replace(call, platform=p, route=r, params=m.groupdict()) for m, p, r in found)
        return next((one for one in calls if one.platform.owns(one)), call)

    def _spoils(self, call: Call, name: str) -> Fault | None:
        fault = self.faults.on(call.platform.name, name, call.path)
        if fault is None or (call.route.is_oauth and (not fault.only or call.route.handler is consent_screen)):
            return None
        return self.faults.take(call.platform.name, name, call.path)

    async def _fault_before(self, request: Request, call: Call) -> Reply | None:
        """The faults that strike before anything is looked at."""
        if fault := self._spoils(call, "time_out"):
            await self._hold_back(request, fault)
        if fault := self._spoils(call, "server_error"):
            return call.platform.envelope(
                call, Failure("server_error", "", {"status": fault.options.get("status", 500)})
            )
        if fault := self._spoils(call, "rate_limited"):
            wait_s = float(fault.options.get("retry_after_s", 2))
            reset = int((call.now + timedelta(seconds=wait_s)).timestamp())
            facts = {**fault.options, "retry_after_s": wait_s, "reset": reset}
            call.quota = QuotaState(call.route.quota.calls if call.route.quota else 100, 0, reset)
            return call.platform.envelope(call, Failure("rate_limited", "", facts))
        return None

    async def _hold_back(self, request: Request, fault: Fault) -> None:
        until = clock.monotonic() + float(fault.options.get("seconds", 60))
        while clock.monotonic() < until and not await request.is_disconnected():
            if self.faults.on(fault.platform, fault.name) is None and fault.left is None:
                return
            await asyncio.sleep(0.02)

    def _reply(self, call: Call) -> Reply:
        try:
            if call.method != call.route.method:
                raise Failed(Failure("bad_method", f"{call.method} is not allowed here"))
            if call.route.auth:
                self._authorise(call)
            self._count(call)
            return call.route.handler(call)
        except Refused as refused:
            return refused.reply
        except Failed as failed:
            return call.platform.envelope(call, failed.failure)

    def _authorise(self, call: Call) -> None:
        text, dialect = call.token_text, call.platform.oauth
        if not text:
            raise Failed(Failure("no_token", "No access token was given."))
        grant = self.grants.read(text, "access", dialect.access_prefix if dialect else "")
        if grant is None or grant.platform != call.platform.name:
            raise Failed(Failure("bad_token", "The access token cannot be read."))
        if (state := self.grants.state(grant, call.now)) != "good":
            raise Failed(Failure(state, f"The access token is {state}.", {"expires": grant.expires}))
        call.grant = grant
        self._check_scopes(call, grant)

    def _check_scopes(self, call: Call, grant: Grant) -> None:
        if not call.route.scopes or grant.subject == "app":
            return  # an app without a person has no scopes; handlers judge it
        held = set(grant.scopes)
        if fault := self.faults.take(call.platform.name, "missing_scope", call.path):
            held -= set(str(fault.options.get("scope", call.route.scopes[-1])).split("|"))
        for needed in call.route.scopes:
            if held.isdisjoint(needed.split("|")):
                raise Failed(Failure("missing_scope", f"The scope {needed} is missing.", {"scope": needed}))

    def _count(self, call: Call) -> None:
        quota = call.route.quota
        if quota is None:
            return
        key = (call.platform.name, quota.name, call.grant.family if call.grant else "")
        window = int(call.now.timestamp()) // quota.per_s
        counted_in, used = self._counted.get(key, (window, 0))
        used = used + 1 if counted_in == window else 1
        self._counted[key] = (window, used)
        reset = (window + 1) * quota.per_s
        call.quota = QuotaState(quota.calls, max(quota.calls - used, 0), reset)
        if used > quota.calls:
            wait_s = reset - call.now.timestamp()
            raise Failed(Failure("rate_limited", "", {"retry_after_s": wait_s, "reset": reset}))

    async def _answer_control(self, request: Request, what: str) -> Response:
        if what == "faults" and request.method == "POST":
            asked = dict(await request.json())
            try:
                self.faults.set(asked.pop("platform"), asked.pop("name"), **asked.pop("options", {}), **asked)
            except (KeyError, ValueError, TypeError) as error:
                return _response(Reply({"problem": str(error)}, 422))
        elif what == "faults" and request.method == "DELETE":
            self.faults.clear(request.query_params.get("platform"), request.query_params.get("name"))
        elif what == "seen":
            return _response(Reply([f"{seen.status} {seen.method} {seen.host}{seen.path}" for seen in self.seen]))
        return _response(Reply(self.faults.listed()))


def _earlier(path: str) -> tuple[datetime | None, str]:
    """`/_at/20261101T235000Z/host/path` asks what the platform would have answered then; never about the future."""
    if not path.startswith("/_at/"):
        return None, path
    text, _, rest = path.removeprefix("/_at/").partition("/")
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC), f"/{rest}"
    except ValueError:
        return None, path


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile("".join(f"(?P<{part}>[^/]+)" if odd % 2 else re.escape(part) for odd, part in enumerate(parts)))


async def _body(request: Request) -> tuple[dict[str, str], Any]:
    kind = request.headers.get("content-type", "")
    if "urlencoded" in kind or "multipart" in kind:
        return {name: str(value) for name, value in (await request.form()).items()}, None
    raw = await request.body()
    try:
        return {}, json.loads(raw) if raw else None
    except ValueError:
        return {}, None


def _response(reply: Reply) -> Response:
    if reply.body is None or isinstance(reply.body, bytes):
        return Response(reply.body, reply.status, dict(reply.headers))
    text = json.dumps(reply.body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, reply.status, {"Content-Type": "application/json; charset=utf-8", **reply.headers})


def _cut(response: Response) -> Response:
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    return Response(bytes(response.body)[: max(len(response.body) // 2, 1)], response.status_code, headers)


def create_app(world: World | None = None, *, faults: Faults | None = None, own_port: bool = True) -> Sandbox:
    """The gateway with all platforms.

    With `own_port` it serves `/_control/` and the world's time as `Date`; without, it is a guest in another server.
    """
    return Sandbox(world or World(), faults or Faults(), discover("sandbox", "PLATFORM", Platform), own_port)


def lazy_app() -> ASGIApp:
    """The gateway for a site to mount: built at the first request, so that a site without a demo pays nothing."""
    made: list[Sandbox] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if not made:
            made.append(await run_in_threadpool(create_app, own_port=False))
        await made[0](scope, receive, send)

    return app


def uvicorn_config(app: Sandbox, **more: Any) -> uvicorn.Config:
    """How uvicorn serves the gateway on a port of its own."""
    return uvicorn.Config(app, lifespan="off", log_level="warning", access_log=False, date_header=False, **more)


@dataclass(frozen=True, slots=True)
class Running:
    """A gateway that serves on this machine. `url` is what connectors take as their gateway."""

    url: str
    app: Sandbox
    stop: Callable[[], None]

    @property
    def world(self) -> World:
        """Its world; `world.travel(moment)` makes it another time."""
        return self.app.world

    @property
    def faults(self) -> Faults:
        """Its faults."""
        return self.app.faults


def run_in_thread(now: datetime | Callable[[], datetime] | None = None, *, world: World | None = None) -> Running:
    """Serve on a free loopback port until `stop()`."""
    app = create_app(world or World(now))
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sets it only on sockets that name TCP
    server = uvicorn.Server(uvicorn_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        clock.sleep(0.01)

    def stop() -> None:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listener.close()

    return Running(f"http://127.0.0.1:{listener.getsockname()[1]}", app, stop)
