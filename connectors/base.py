"""What a connector declares, and what it is given to read with. Nothing platform-specific lives here.

To add a platform, write `connectors/<platform>.py` with a `CONNECTOR` at its end; nothing else needs to know of it:

    def read_daily(source: Source, window: Window) -> Iterator[Record]:
        answer = source.client.get("/insights", {"since": window.first, "until": window.last}, limit="calls")
        for row in answer["days"]:
            yield Fact("views", date.fromisoformat(row["day"]), float(row["views"]))

    CONNECTOR = Connector(platform="acme", title="Acme", ..., streams=(Stream("daily", "Daily numbers", read_daily,
                          ("views",), window_days=30, history_days=365, lookback_days=3),), classify=classify)

- A stream yields records (`core/records.py`) and computes nothing. What the platform does not say is left out: never 0.
  Without a reason it is a gap, so yield `Coverage` with one where the platform gives it.
- `source.client` is authorised, limited and retrying (`http.Client`). Every `get` names the `Limit` it draws on. Pages
  come from `paging.by_token`, `by_offset` or `by_next_url`.
- `classify` is the platform's table of errors: `RateLimited` and `SourceUnavailable` are tried again, `NotOffered`
  leaves out metrics, `AuthorisationExpired`, `PermissionMissing` and `BadSetting` ask a person. Return None where the
  platform says nothing of its own; then the status decides.
- A token without a refresh token lives longer by `exchange` (once, after the consent) and `renew` (from 30 days before
  its end on). Both are a `Renewal`: (client, keys, token) -> token, by the client's unauthenticated `call`.
- Shared parts of a family of platforms go into a module of their own that says `NOT_A_PLUGIN = True`.

`tests/connectors/test_conformance.py` plays every fault to it by itself, against `sandbox/<platform>.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from core.errors import AppError
from core.ports import AppKeys, PostIndex, Purchase, Things, Token
from core.records import Account, Record

if TYPE_CHECKING:
    from requests import Response

    from connectors.http import Client
    from connectors.webhooks import Greeting, Notice, WebhookKeys

NOT_A_PLUGIN = True


class Category(StrEnum):
    """Where a platform stands in menus."""

    SOCIAL = "social"
    ADS = "ads"
    WEB = "web"
    SEARCH = "search"
    EMAIL = "email"
    CRM = "crm"


@dataclass(frozen=True, slots=True)
class ApiVersion:
    """The version of a platform's interface that a connector speaks, by the platform's own name for it.

    `ends` is the day on which the platform switches it off, None where it has not said. From
    `services.connecting.connections.VERSION_DAYS` before that day on, a person is asked to update.
    """

    name: str
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A permission we ask for, and why, in words for the person who grants it."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class OAuth2:
    """OAuth 2.0 authorisation code flow, and where platforms differ. `setup_steps` tell a person how to get keys.

    Most platforms differ only in these values. One that differs in form has a subclass, which says otherwise here:
    `client_param` is what the consent address calls the app's id.
    """

    authorize_url: str
    token_url: str
    scopes: tuple[Scope, ...]
    pkce: bool = False
    scope_separator: str = " "
    client_auth: str = "client_secret_post"
    extra_params: Mapping[str, str] = field(default_factory=dict)
    setup_steps: tuple[str, ...] = ()
    setup_url: str = ""
    client_param: ClassVar[str] = "client_id"

    def token_request(self, keys: AppKeys, grant: Mapping[str, str]) -> tuple[str, Mapping[str, str]] | None:
        """Address and JSON that ask for a token, where it is not asked for by the form of RFC 6749; None: it is."""
        return None

    def token_in(self, answer: Mapping[str, Any]) -> Any:
        """The token in an answer to `token_request`."""
        return answer

    def headers(self, token: Token) -> Mapping[str, str]:
        """The headers that authorise a request."""
        return {"Authorization": f"Bearer {token.access_token}"}

    def params(self, token: Token, keys: AppKeys) -> Mapping[str, str]:
        """What an authorised request carries in its address besides: never the token or the app's secret."""
        return {}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `calls` units in any `per_s` seconds, until the platform's own headers say otherwise."""

    name: str
    calls: float
    per_s: float


@dataclass(frozen=True, slots=True)
class Depth:
    """What a first reading of an account would find: `posts` in all, since `opened`."""

    posts: int
    opened: date


@dataclass(frozen=True, slots=True)
class Tariff:
    """What a platform charges for reads. One thing is charged once a day (UTC), however often it is read.

    `prices`: kind of thing -> price of one, in `currency`. `asked` says what a request (path, parameters) will bring at
    most, `given` what an answer (path, body) holds: both name the kinds of `prices`, and leave out what is free.
    `monthly_budget` and `back_days` are where a person begins: money a month, and days of history. `depth` looks how
    much history there is, of which the platform gives at most `newest` posts. For forecasts: `post` is the kind that a
    post is, `per_post` what else is read of young posts and how often, `per_day` what is read every day. `usage` asks
    the platform for its own count of posts read. `note` tells a person how the bill may differ.
    """

    prices: Mapping[str, float]
    asked: Callable[[str, Mapping[str, Any]], Purchase]
    given: Callable[[str, Mapping[str, Any]], Things]
    monthly_budget: float
    back_days: int
    newest: int
    depth: Callable[[Client], Depth]
    usage: Callable[[Client, AppKeys], Mapping[str, int]] | None = None
    post: str = "post"
    per_post: Mapping[str, timedelta] = field(default_factory=dict)
    per_day: tuple[str, ...] = ()
    note: str = ""
    currency: str = "USD"


Renewal = Callable[["Client", AppKeys, Token], Token]
"""Takes the client (for its unauthenticated `call`), the keys of the app, and the token; returns a longer-lived one."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """How a platform says by itself that there is something new. Nothing of a notice is kept: it only leads to a read.

    `header` holds the signature; `genuine` checks it over the raw body, in constant time. `concerns` names the accounts
    (external ids) a notice is about; `sent_at` is when it says it was sent, None where it does not. `greeting` answers
    the platform's question whether the address is ours, None where somebody else asks. `steps` tell a person what to
    do at the platform, with a verify token where `has_token`. Where no person is needed, `subscribe` asks the platform
    to send notices of an account: (gateway, account, our address, keys); they end, and are asked for again. `wakes`
    names the streams that a notice has read: what may have changed just now, and nothing else.
    """

    header: str
    genuine: Callable[[Notice, WebhookKeys], bool]
    concerns: Callable[[Notice], frozenset[str]]
    sent_at: Callable[[Notice], datetime | None] = lambda _notice: None
    greeting: Callable[[Mapping[str, str], WebhookKeys], Greeting | None] | None = None
    steps: tuple[str, ...] = ()
    has_token: bool = False
    subscribe: Callable[[str, str, str, WebhookKeys], None] | None = None
    wakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """The days a stream reads in one go, both included, in the account's calendar; `now` is the moment of the sync."""

    first: date
    last: date
    now: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """What a stream reads with: an authorised client, the account, and the posts already known. `since` is when the
    stream was last read to its end, None when it never was."""

    client: Client
    account: Account
    posts: PostIndex
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """One thing to read from an account.

    `read` yields records for a window. A `windowed` stream is asked for days, in slices of at most `window_days`, from
    `history_days` ago on; the last `lookback_days` are read again on every sync, because platforms restate. A stream
    that is not windowed is a snapshot of now. `metrics` names every metric it may yield, for coverage. `settles_after`
    is how long a day needs until the platform shows it: until then coverage says "not yet". A `lifetime` stream has
    days only to go through its posts by: its numbers are lifetime counters, and coverage says nothing of its days.
    `posts_until` is the age of the posts it reads, as a step of the connector's ladder (`young_posts`), which then says
    how often it runs. An `optional` stream is read only where a person switched it on; the text says what it brings.
    """

    name: str
    title: str
    read: Callable[[Source, Window], Iterator[Record]]
    metrics: tuple[str, ...] = ()
    windowed: bool = True
    window_days: int = 90
    history_days: int = 730
    lookback_days: int = 3
    settles_after: timedelta = timedelta(days=1)
    every: timedelta | None = None
    scopes: tuple[str, ...] = ()
    lifetime: bool = False
    posts_until: timedelta | None = None
    optional: str = ""


@dataclass(frozen=True, slots=True)
class Connector:
    """One platform, declared.

    `accounts` lists what the connection can read. `classify` turns an answer into the error it means, or None when it
    is good; it sees the body, because several platforms report errors with status 200. `limits_from` reads the
    platform's own rate-limit headers: limit name -> (share used 0-1, moment of reset or None). `day_zone` is the time
    zone of the platform's days, empty for the account's own. `daily_from_readings` maps a lifetime counter of posts to
    the daily account metric made from its differences, for platforms that give no daily numbers. `exchange` turns a
    fresh token into a long-lived one; `renew` renews a token that has no refresh token, while it still lives.
    `young_posts` is a ladder: (age, how often posts younger than that are read), youngest first. `tariff` says what
    reads cost, where they do. `webhook` is there where the platform tells of news by itself.
    """

    platform: str
    title: str
    category: Category
    brings: str
    auth: OAuth2
    api_version: ApiVersion
    base_url: str
    limits: tuple[Limit, ...]
    streams: tuple[Stream, ...]
    accounts: Callable[[Client], Iterator[Account]]
    classify: Callable[[Response], AppError | None]
    limits_from: Callable[[Response], Mapping[str, tuple[float, datetime | None]]] = lambda _response: {}
    day_zone: str = ""
    every: timedelta = timedelta(hours=4)
    young_posts: tuple[tuple[timedelta, timedelta], ...] = ()
    daily_from_readings: Mapping[str, str] = field(default_factory=dict)
    tariff: Tariff | None = None
    exchange: Renewal | None = None
    renew: Renewal | None = None
    webhook: Webhook | None = None
