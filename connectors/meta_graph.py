"""What Meta's Graph API means, for all of its platforms: errors, rate-limit headers, pages, insights, versions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, urlsplit

from connectors import sayings
from connectors.base import ApiVersion, Window
from connectors.headers import answered_at
from connectors.paging import MAX_PAGES, inside
from core.clock import day_end, day_start, local_day
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
from core.records import Coverage, State

if TYPE_CHECKING:
    from requests import Response

    from connectors.http import Client

NOT_A_PLUGIN = True
Row = Mapping[str, Any]

VERSION = "v26.0"
VERSIONS_END = {"v22.0": date(2027, 5, 20), "v23.0": date(2027, 10, 8), "v24.0": date(2028, 2, 18)}
"""When versions stop; Meta then answers as the oldest live one, silently. v26.0 has no date yet."""
API_VERSION = ApiVersion(VERSION, VERSIONS_END.get(VERSION))
BASE_URL = f"https://graph.facebook.com/{VERSION}"
ZONE = "America/Los_Angeles"
"""The days of Facebook and Instagram are Pacific days."""
KEPT = 725
"""Days of insights that Meta keeps: two years, less a few so as not to ask for the day that is just being dropped."""

SLOW_DOWN = frozenset({4, 17, 32, 341, 368, 613, *range(80000, 80007), 80008, 80014})
PASSING = frozenset({1, 2})
LOGIN_GONE = {
    458: mark("The app was removed from the Facebook account."),
    459: mark("Facebook wants the person to log in and confirm something first."),
    460: mark("The Facebook password was changed."),
    463: mark("The login with Facebook has run out."),
    464: mark("Facebook wants the person to confirm their account first."),
    467: mark("The login with Facebook is no longer valid."),
    492: mark("The person no longer has a role on the page."),
}
CODE_SPENT = frozenset({36007, 36008, 36009})
BEFORE_BUSINESS = 2108006
RETRY_AFTER_S = 300.0
PAGE_SIZE = 100
_ONE_OF = re.compile(r"metric\[(\d+)\] must be one of", re.IGNORECASE)


def classify(response: Response) -> AppError | None:
    """The error that an envelope means, whatever the status; None where there is no envelope."""
    error = _error_of(response)
    if error is None:
        return None
    code, subcode = int(error.get("code") or 0), int(error.get("error_subcode") or 0)
    said = str(error.get("error_user_msg") or error.get("message") or "no reason given")
    context = {"code": code, "subcode": subcode, "trace": error.get("fbtrace_id", ""), "status": response.status_code}
    if code in {102, 104, 190}:
        # Meta quotes malformed tokens in these messages, so its text is never passed on
        why = LOGIN_GONE.get(subcode, mark("Facebook no longer accepts our login."))
        return AuthorisationExpired(why, hint="Connect again.", context=context)
    if subcode in CODE_SPENT:
        return AuthorisationExpired("The consent came back too late or twice.", hint="Connect again.", context=context)
    if code == 101 or "client secret" in said:
        return BadSetting("Meta does not know this app.", hint="Check the App ID and App Secret.", context=context)
    if "appsecret_proof" in said:
        again = mark("Enter the App Secret of the app that was connected, or connect again.")
        return BadSetting("Meta says that the App Secret does not fit this login.", hint=again, context=context)
    if code in SLOW_DOWN:
        wait = RETRY_AFTER_S if (minutes := _regain_minutes(response)) is None else minutes * 60
        return RateLimited("Meta asks us to slow down.", retry_after_s=wait, context=context)
    if code in PASSING or error.get("is_transient") or response.status_code >= 500:
        reduce = "reduce the amount of data" in said
        return SourceUnavailable("Meta could not answer just now.", context={**context, "reduce": reduce})
    return _lasting(response, code, subcode, said, context)


def _lasting(response: Response, code: int, subcode: int, said: str, context: Mapping[str, Any]) -> AppError:
    text = f"Meta answered: {said}"
    if subcode == BEFORE_BUSINESS or (code, subcode) == (100, 33) or (code == 10 and "viewers" in said):
        return NotOffered(text, context=context)
    if code in {3, 10} or 200 <= code < 300:
        return PermissionMissing(text, hint="Connect again and grant every permission.", context=context)
    if code == 100 and (metrics := _refused_metrics(response, said)):
        return NotOffered(text, metrics=metrics, context=context)
    return RefusedRequest(text, context=context)


def _error_of(response: Response) -> Mapping[str, Any] | None:
    try:
        body = response.json()
    except ValueError:
        return None
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else None


def _refused_metrics(response: Response, said: str) -> tuple[str, ...]:
    """Which of the metrics asked for the message is about; all of them when it names none."""
    query = parse_qs(urlsplit(response.url).query)
    asked = tuple(query["metric"][0].split(",")) if "metric" in query else ()
    if found := _ONE_OF.search(said):
        return asked[int(found[1]) : int(found[1]) + 1] or asked
    named = tuple(name for name in asked if re.search(rf"\b{re.escape(name)}\b", said))
    return named or (asked if "metric" in said else ())


def limits_from(response: Response) -> dict[str, tuple[float, datetime | None]]:
    """The share used of the hourly limit by X-App-Usage and X-Business-Use-Case-Usage, and when it is free again.

    Both headers hold JSON in percent; the time to wait is in minutes. The fullest counter decides.
    """
    used = [_percent(_json_header(response, "X-App-Usage")), *(_percent(usage) for usage in _business_usage(response))]
    if not (known := [share for share in used if share is not None]):
        return {}
    minutes = _regain_minutes(response)
    until = answered_at(response) + timedelta(minutes=minutes) if minutes else None
    return {"calls": (max(known), until)}


def _business_usage(response: Response) -> list[Mapping[str, Any]]:
    return [usage for usages in _json_header(response, "X-Business-Use-Case-Usage").values() for usage in usages]


def _regain_minutes(response: Response) -> float | None:
    minutes = [float(usage.get("estimated_time_to_regain_access") or 0) for usage in _business_usage(response)]
    return max(minutes, default=0.0) or None


def _json_header(response: Response, name: str) -> dict[str, Any]:
    try:
        found = json.loads(response.headers.get(name) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _percent(usage: Mapping[str, Any]) -> float | None:
    parts = [float(usage[key]) for key in ("call_count", "total_time", "total_cputime") if key in usage]
    return max(parts) / 100 if parts else None


class Reader(Protocol):
    """Whatever reads a path of the Graph API: the client, or a page of it."""

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, repr=False)
class PageReader:
    """Reads with a page's own token, which is asked for anew each time and lives only as long as this value."""

    client: Client
    token: str

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """GET a path as the page."""
        return self.client.get(path, params, bearer=self.token)


def page_reader(client: Client, page: str) -> PageReader:
    """A reader with the token of a page. PermissionMissing: the page is gone, or the person has no task on it."""
    token = node(client, page, ("access_token",)).get("access_token")
    if not isinstance(token, str) or not token:
        hint = mark("Ask an administrator of the page for full access, then connect again.")
        raise PermissionMissing("Facebook gives this login no access to the page.", hint=hint)
    return PageReader(client, token)


def node(reader: Reader, external_id: str, fields: Iterable[str]) -> Row:
    """The fields of an account. PermissionMissing: it is gone."""
    try:
        return reader.get(f"/{external_id}", {"fields": ",".join(fields)})
    except NotOffered as unknown:
        raise gone() from unknown


def gone() -> PermissionMissing:
    """What is wrong when an account cannot be found."""
    hint = mark("Connect again with a login that sees it, or disconnect.")
    return PermissionMissing("The account is gone, or closed to this login.", hint=hint)


def pages(client: Reader, path: str, params: Mapping[str, Any]) -> Iterator[Row]:
    """All items of an edge, by `after`: `paging.next` holds the token. A page that is too big is asked smaller."""
    limit, after, seen = PAGE_SIZE, "", set[str]()
    for _ in range(MAX_PAGES):
        try:
            page = client.get(path, {**params, "limit": str(limit), **({"after": after} if after else {})})
        except SourceUnavailable as error:
            if not error.context.get("reduce") or limit == 1:
                raise
            limit //= 2
            continue
        yield from items(page)
        after = str(inside(page, "paging.cursors.after") or "")
        if not inside(page, "paging.next") or not after:  # the last page has cursors too
            return
        if after in seen:
            raise SchemaDrift("Meta gave the same page twice.", context={"path": path})
        seen.add(after)
    raise SchemaDrift("Meta does not stop giving pages.", context={"path": path})


def items(answer: Row) -> list[Row]:
    """The rows of an answer. Raises SchemaDrift when there is no list of them."""
    data = answer.get("data")
    if not isinstance(data, list):
        raise SchemaDrift("Meta answered without a list of data.")
    return data


class Insights:
    """Asks for insights, and remembers which metrics were refused, so that each costs one request only once."""

    def __init__(self, client: Reader, edge: str = "insights") -> None:
        self.client = client
        self.edge = edge
        self.refused: dict[str, str] = {}

    def rows(self, node: str, names: Iterable[str], **params: str) -> Iterator[tuple[str, Row]]:
        """Metric name -> its row of the answer; refused metrics are left out. NotOffered: the node has no insights."""
        wanted = [name for name in names if name not in self.refused]
        if not wanted:
            return
        try:
            answer = self.client.get(f"/{node}/{self.edge}", {"metric": ",".join(wanted), **params})
        except NotOffered as refusal:
            for part in self._without_refused(wanted, refusal):
                yield from self.rows(node, part, **params)
            return
        yield from ((row["name"], row) for row in items(answer) if row.get("name") in wanted)

    def _without_refused(self, wanted: Sequence[str], refusal: NotOffered) -> Sequence[Sequence[str]]:
        bad = [name for name in wanted if name in refusal.metrics]
        if not bad:
            raise refusal
        if len(bad) == len(wanted) > 1:  # the message names none: halve until it must be this one
            return wanted[: len(wanted) // 2], wanted[len(wanted) // 2 :]
        self.refused |= dict.fromkeys(bad, refusal.message)
        return ([name for name in wanted if name not in bad],)

    def refusals(self, names: Mapping[str, str], first: date, last: date) -> Iterator[Coverage]:
        """What was refused, by our names, for the days that were asked for."""
        for field, reason in self.refused.items():
            if field in names:
                yield Coverage(names[field], first, last, State.NOT_OFFERED, reason)


def parts(row: Row) -> Iterator[tuple[tuple[str, ...], float]]:
    """The values of a split: (members, value). A split without results is not known yet; it is not 0."""
    for breakdown in (row.get("total_value") or {}).get("breakdowns") or ():
        for result in breakdown.get("results") or ():
            if (value := number(result.get("value"))) is not None:
                yield tuple(str(part) for part in result["dimension_values"]), value


def number(value: object) -> float | None:
    """A count as Meta sends it; None stays None. Raises SchemaDrift for anything that is not a number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SchemaDrift(sayings.NO_NUMBER.format(title="Meta", kind=type(value).__name__))
    return float(value)


def moment(text: object) -> datetime:
    """An instant as Meta writes it: 2026-05-19T10:27:28+0000. Raises SchemaDrift for any other form."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z")
    except ValueError as error:
        raise SchemaDrift("Meta sent a moment in a form we do not know.") from error


def finished(window: Window) -> Window:
    """Without today: Meta reports a day once it is over."""
    return replace(window, last=min(window.last, local_day(window.now, ZONE) - timedelta(days=1)))


def bounds(first: date, last: date) -> dict[str, str]:
    """`since` and `until` of days, both included."""
    moments = {"since": day_start(first, ZONE), "until": day_end(last, ZONE)}
    return {name: f"{at.timestamp():.0f}" for name, at in moments.items()}


def day_until(end_time: str) -> date:
    """The day that ends at `end_time`: Pacific midnight, which Meta at times writes an hour off in winter.

    >>> day_until("2024-01-15T07:00:00+0000") == day_until("2024-01-15T08:00:00+0000") == date(2024, 1, 14)
    True
    """
    return local_day(moment(end_time) - timedelta(hours=12), ZONE)
