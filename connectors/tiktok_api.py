"""What TikTok's Accounts API means: its consent and tokens, errors inside HTTP 200, fields it refuses, pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from connectors import sayings, webhooks
from connectors.base import OAuth2, Webhook
from connectors.headers import answered_at
from connectors.paging import MAX_PAGES
from connectors.webhooks import Notice, WebhookKeys
from core.errors import (
    AppError,
    AuthorisationExpired,
    BadSetting,
    NotOffered,
    PermissionMissing,
    RateLimited,
    RefusedRequest,
    SchemaDrift,
    SourceUnavailable,
)
from core.language import mark
from core.ports import AppKeys, Token
from core.records import Coverage, State

if TYPE_CHECKING:
    from requests import Response

    from connectors.http import Client

NOT_A_PLUGIN = True
Row = Mapping[str, Any]

VERSION = "v1.3"
BASE_URL = f"https://business-api.tiktok.com/open_api/{VERSION}"
AUTHORIZE_URL = "https://www.tiktok.com/v2/auth/authorize/"
CODE_URL = f"{BASE_URL}/tt_user/oauth2/token/"
REFRESH_URL = f"{BASE_URL}/tt_user/oauth2/refresh_token/"
ACCOUNT_PATH, VIDEOS_PATH = "/business/get/", "/business/video/list/"
PAGE = 20

GOOD = frozenset({0, 20001})  # 20001: a part is missing, and what is missing is simply not in the answer
TOO_FAST = frozenset({40016, 40100, 40133})
LOGIN_GONE = {
    40102: mark("The login with TikTok has run out."),
    40103: mark("The consent for TikTok has run out."),
    40104: mark("TikTok missed our login."),
    40105: mark("TikTok no longer accepts our login; it may have been revoked."),
    40107: mark("TikTok no longer accepts our login; it may have been revoked."),
    40110: mark("The consent came back too late or twice."),
    40115: mark("The consent came back too late or twice."),
}
BAD_APP = frozenset({40101, 40113, 40124})
NOT_GRANTED = frozenset({40001, 40106, 40118, 40119, 40125})
PASSING = frozenset({40200, 40201, 40202, 40700, *range(50000, 70000)})
BAD_PARAMETER = frozenset({40000, 40002, 41002})
MINUTE_S, PUNISHED_S = 60.0, 300.0


class AccountsLogin(OAuth2):
    """The consent of TikTok itself, and tokens of the Accounts API: JSON in, an envelope out, one address for each.

    `token_url` is where a token is renewed; a code goes to `CODE_URL`.
    """

    __slots__ = ()
    client_param: ClassVar[str] = "client_key"

    def token_request(self, keys: AppKeys, grant: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """Where a code or a refresh token goes, and in which words."""
        app = {"client_id": keys.client_id, "client_secret": keys.client_secret}
        if "refresh_token" in grant:
            return self.token_url, {
                **app,
                "grant_type": "refresh_token",
                "refresh_token": grant["refresh_token"],
            }
        code = {"auth_code": grant["code"], "redirect_uri": grant["redirect_uri"]}
        return CODE_URL, {**app, "grant_type": "authorization_code", **code}

    def token_in(self, answer: Mapping[str, Any]) -> Any:
        """TikTok puts everything it answers into an envelope."""
        return answer.get("data")

    def headers(self, token: Token) -> Mapping[str, str]:
        """TikTok's own header; it does not know Bearer here."""
        return {"Access-Token": token.access_token}


def classify(response: Response) -> AppError | None:
    """The error that an envelope means: TikTok answers nearly everything with status 200 and a code of its own."""
    body = _envelope(response)
    if body is None or body["code"] in GOOD:
        return None
    code, said = int(body["code"]), str(body.get("message") or "no reason given")
    context = {"code": code, "request_id": str(body.get("request_id") or ""), "path": urlsplit(response.url or "").path}
    if code in LOGIN_GONE:
        return AuthorisationExpired(LOGIN_GONE[code], hint="Connect again.", context=context)
    if code in TOO_FAST:
        wait = _wait_s(response, said)
        return RateLimited("TikTok asks us to slow down.", retry_after_s=wait, context=context)
    if code in PASSING:
        return SourceUnavailable("TikTok could not answer just now.", context=context)
    return _lasting(response, code, f"TikTok answered: {said}", context)


def _lasting(response: Response, code: int, text: str, context: Mapping[str, Any]) -> AppError:
    if code in BAD_APP:
        hint = mark("Check the app id and secret, and that TikTok has approved the app.")
        return BadSetting("TikTok does not know this app.", hint=hint, context=context)
    if code in NOT_GRANTED:
        return PermissionMissing(text, hint="Connect again and grant every permission.", context=context)
    if code in BAD_PARAMETER and (fields := _refused_fields(response, text)):
        return NotOffered(text, metrics=fields, context=context)
    return RefusedRequest(text, context=context)


def _envelope(response: Response) -> dict[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) and isinstance(body.get("code"), int) else None


def _wait_s(response: Response, said: str) -> float:
    """TikTok never says how long: a second, five minutes or until midnight UTC, by which limit was reached."""
    if re.search(r"QPD|\bday|daily", said):
        now = answered_at(response).astimezone(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return max(1.0, (midnight - now).total_seconds())
    if re.search(r"QPM|minute", said):
        return PUNISHED_S
    return 1.0 if re.search(r"QPS|second", said) else MINUTE_S


def _refused_fields(response: Response, said: str) -> tuple[str, ...]:
    """Which of the fields asked for a refusal names. One that lists the known fields after it names those too."""
    try:
        asked = json.loads(parse_qs(urlsplit(response.url or "").query).get("fields", ["[]"])[-1])
    except ValueError:
        return ()
    for part in (re.split(r"one of|allowed|supported", said)[0], said):
        named = tuple(str(field) for field in asked if re.search(rf"\b{re.escape(str(field))}\b", part))
        if named and len(named) < len(asked):
            return named
    return tuple(map(str, asked)) if len(asked) == 1 else ()


class Asking:
    """Asks about one account. A field that TikTok refuses is left out from then on, and remembered."""

    def __init__(self, client: Client, path: str, business_id: str, fields: Sequence[str]) -> None:
        self.refused: dict[str, str] = {}
        self._client, self._path, self._about = client, path, {"business_id": business_id}
        self._needs = ("item_id", "create_time") if path == VIDEOS_PATH else ()
        self._fields = tuple(dict.fromkeys((*self._needs, *fields)))

    def data(self, **params: str) -> Row:
        """The data of an answer, less the fields that were refused. Raises NotOffered when nothing is left to ask."""
        fields = [field for field in self._fields if field not in self.refused]
        if set(fields).issubset(self._needs):
            raise NotOffered(next(iter(self.refused.values()), mark("There is nothing to ask for.")))
        asked = {**self._about, "fields": json.dumps(fields, separators=(",", ":")), **params}
        try:
            answer = self._client.get(self._path, asked)
        except NotOffered as refusal:
            if not refusal.metrics or set(self._needs).intersection(refusal.metrics):
                raise
            self.refused |= dict.fromkeys(refusal.metrics, refusal.message)
            return self.data(**params)
        if not isinstance(answer.get("data"), dict):
            raise SchemaDrift("TikTok answered without data.", context={"path": self._path})
        data: Row = answer["data"]
        return data

    def refusals(self, names: Mapping[str, Sequence[str]], first: date, last: date) -> Iterator[Coverage]:
        """What was refused, by our names, for the days that were asked for."""
        for metric, fields in names.items():
            if reason := next((self.refused[field] for field in fields if field in self.refused), ""):
                yield Coverage(metric, first, last, State.NOT_OFFERED, reason)


def videos(asking: Asking, since: datetime) -> Iterator[Row]:
    """The videos published since a moment, newest first. A page may be short, or empty, and not be the last."""
    cursor, seen = "", set[str]()
    for _ in range(MAX_PAGES):
        page = asking.data(max_count=str(PAGE), **({"cursor": cursor} if cursor else {}))
        for video in rows(page, "videos"):
            if not video.get("item_id"):
                raise SchemaDrift("TikTok sent a video without its id.")
            if moment(video.get("create_time")) < since:
                return
            yield video
        if not page.get("has_more"):
            return
        cursor = str(page.get("cursor") or "")
        if not cursor or cursor in seen:
            raise SchemaDrift("TikTok gave the same page twice.")
        seen.add(cursor)
    raise SchemaDrift("TikTok does not stop giving pages.")


def fields_of(names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All fields that some metrics are made of."""
    return tuple(field for fields in names.values() for field in fields)


def rows(data: Row, name: str) -> Sequence[Row]:
    """A list inside data; none where TikTok leaves it out. Raises SchemaDrift for anything else."""
    found = data.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SchemaDrift(f"TikTok sent {name} in a shape we do not know.")
    return found


def values(row: Row, names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float]]:
    """Our metrics of a row, each the sum of its fields there; one that is not whole is missing, not 0."""
    for metric, fields in names.items():
        found = [number(row.get(field)) for field in fields]
        known = [value for value in found if value is not None]
        if len(known) == len(fields):
            yield metric, sum(known)


def number(value: object) -> float | None:
    """A count as TikTok sends it, at times as text; None stays None. Raises SchemaDrift for anything else.

    >>> number(603), number("587.024"), number(None)
    (603.0, 587.024, None)
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", str(value)):
        raise SchemaDrift(sayings.NO_NUMBER.format(title="TikTok", kind=type(value).__name__))
    return float(str(value))


def calendar_day(text: object) -> date:
    """A calendar day. Raises SchemaDrift for anything that is none."""
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise SchemaDrift("TikTok sent a day in a form we do not know.") from None


def moment(value: object) -> datetime:
    """An instant in epoch seconds. Raises SchemaDrift for anything that is none."""
    try:
        return datetime.fromtimestamp(int(str(value)), UTC)
    except (ValueError, OverflowError, OSError):
        raise SchemaDrift("TikTok sent a moment in a form we do not know.") from None


def _stamp(notice: Notice) -> tuple[str, str]:
    """When TikTok signed a notice, in epoch seconds as text, and its signature: "t=...,s=..."."""
    parts = dict(part.strip().partition("=")[::2] for part in notice.headers.get("tiktok-signature", "").split(","))
    return parts.get("t", ""), parts.get("s", "")


def _is_signed(notice: Notice, keys: WebhookKeys) -> bool:
    at, given = _stamp(notice)
    return bool(at) and webhooks.is_signed(given, keys.app.client_secret, f"{at}.".encode() + notice.body)


WEBHOOK = Webhook(
    header="tiktok-signature",
    genuine=_is_signed,
    concerns=lambda notice: frozenset({str(notice.json().get("user_openid") or "")} - {""}),
    sent_at=lambda notice: webhooks.moment(_stamp(notice)[0]),
    steps=(
        "Open your app in the portal of TikTok API for Business. It needs the permission for comments.",
        "Have TikTok send comments here: POST /business/webhook/update/ with your app_id and secret, the event_type "
        "COMMENT and the address below as callback_url. Do the same with VIDEO if you publish by an app.",
    ),
    wakes=("young_videos", "young_numbers", "comments"),
)
