"""What LinkedIn's versioned REST API means: headers, Rest.li addresses, errors, pages, days, names, "little" text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from connectors import sayings
from connectors.base import OAuth2, Source, Window
from connectors.headers import answered_at, retry_after_s
from connectors.paging import MAX_PAGES, inside
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
from core.ports import Token

if TYPE_CHECKING:
    from requests import Response

    from connectors.http import Client

NOT_A_PLUGIN = True
Row = Mapping[str, Any]

VERSION = "202607"
VERSIONS_END = {"202601": date(2027, 1, 15), "202603": date(2027, 3, 16), "202607": date(2027, 7, 15)}
"""When versions stop, by LinkedIn's table of migrations; each lives for a year. Afterwards LinkedIn answers 426."""
PROTOCOL = "2.0.0"
BASE_URL = "https://api.linkedin.com/rest"
AUTHORIZE_URL = "https://www.linkedin.com/oauth/v2/authorization"
TOKEN_URL = "https://www.linkedin.com/oauth/v2/accessToken"  # noqa: S105 - an address, no secret

LOGIN_GONE = {
    65600: mark("LinkedIn does not know our login."),
    65601: mark("The consent was taken back at LinkedIn."),
    65602: mark("The login with LinkedIn has run out."),
    65604: mark("LinkedIn missed our login."),
}
MINUTE_S = 60.0
KEPT = 364
"""Days that LinkedIn keeps: twelve months, less one so as not to ask for the day that is just being dropped."""
PAGE_SIZE, IDS_PER_READ = 100, 20
_PAGE_GONE = re.compile(r"/(organizations|networkSizes)/")


class LinkedInLogin(OAuth2):
    """OAuth as the standard says; every request names the version it was written for, and the protocol."""

    __slots__ = ()

    def headers(self, token: Token) -> Mapping[str, str]:
        """The token, the version of the API and the version of Rest.li."""
        versions = {"LinkedIn-Version": VERSION, "X-Restli-Protocol-Version": PROTOCOL}
        return {"Authorization": f"Bearer {token.access_token}", **versions}


# -- errors


def classify(response: Response) -> AppError | None:
    """The error that LinkedIn's answer means; None where it says nothing of its own."""
    body = _refusal(response)
    if body is None:
        return None
    status, code = response.status_code, int(body.get("serviceErrorCode") or 0)
    said = f"LinkedIn answered: {body.get('message') or 'no reason given'}"
    context = {"status": status, "code": code, "path": urlsplit(response.url or "").path}
    if status == 401:
        why = LOGIN_GONE.get(code, mark("LinkedIn no longer accepts our login."))
        return AuthorisationExpired(why, hint="Connect again.", context=context)
    if status == 429:
        return RateLimited("LinkedIn asks us to slow down.", retry_after_s=_wait_s(response, said), context=context)
    if status >= 500:
        return SourceUnavailable("LinkedIn could not answer just now.", context=context)
    if status == 426:
        hint = mark("Install a newer release of Plumbline, which speaks a newer version.")
        said = sayings.OLD_VERSION.format(title="LinkedIn", version=VERSION)
        return BadSetting(said, hint=hint, context=context)
    return _lasting(response, said, context)


def _lasting(response: Response, said: str, context: Mapping[str, Any]) -> AppError:
    status, path = response.status_code, str(context["path"])
    if status == 404 and _PAGE_GONE.search(path):
        hint = mark("Connect again with somebody who manages it, or disconnect.")
        return PermissionMissing("The page is gone from LinkedIn.", hint=hint, context=context)
    if status == 403:
        hint = mark("Connect again with every permission, as somebody who may see the page's analytics.")
        return PermissionMissing(said, hint=hint, context=context)
    if status == 404:
        return NotOffered(said, context=context)
    asked = re.search(r"[?&]type=(\w+)", response.url or "")
    if status == 400 and asked and asked[1] in said:
        return NotOffered(said, metrics=(asked[1],), context=context)
    return RefusedRequest(said, context=context)


def _refusal(response: Response) -> Row | None:
    if response.ok:
        return None
    try:
        body = response.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) and "status" in body else None


def _wait_s(response: Response, said: str) -> float:
    """LinkedIn never says how long. Limits of a day end at midnight UTC; of any other, a minute is a fair guess."""
    if (stated := retry_after_s(response)) is not None:
        return stated
    if not re.search(r"\bDAY\b|daily", said):
        return MINUTE_S
    now = answered_at(response).astimezone(UTC)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return max(1.0, (midnight - now).total_seconds())


# -- addresses


def urn(kind: str, number: object) -> str:
    """A URN as it stands in an address: encoded, while the brackets of Rest.li around it never are.

    >>> urn("organization", 2414183)
    'urn%3Ali%3Aorganization%3A2414183'
    """
    return encoded(f"urn:li:{kind}:{number}")


def page_urn(source: Source) -> str:
    """The page of an account as it stands in an address."""
    return urn("organization", source.account.external_id)


def encoded(text: str) -> str:
    """A value as it stands in an address."""
    return quote(text, safe="")


def listed(values: Iterable[str]) -> str:
    """A list as Rest.li 2.0 writes it.

    >>> listed(["urn:li:share:1", "urn:li:share:2"])
    'List(urn%3Ali%3Ashare%3A1,urn%3Ali%3Ashare%3A2)'
    """
    return f"List({','.join(encoded(value) for value in values)})"


def span(first: date, last: date) -> str:
    """Two days and those between as LinkedIn writes a range: UTC midnights in milliseconds, the end excluded."""
    return f"(start:{_midnight_ms(first)},end:{_midnight_ms(last + timedelta(days=1))})"


def _midnight_ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


# -- pages and rows


def pages(client: Client, path: str, size: int) -> Iterator[Row]:
    """All elements of a finder. A page may be short and not the last: the link to the next one decides."""
    start, joint = 0, "&" if "?" in path else "?"
    for _ in range(MAX_PAGES):
        page = client.get(f"{path}{joint}start={start}&count={size}")
        yield from elements(page)
        following = _next_start(page)
        if following is None:
            return
        if following <= start:
            raise SchemaDrift("LinkedIn gave the same page twice.", context={"path": path.split("?")[0]})
        start = following
    raise SchemaDrift("LinkedIn does not stop giving pages.", context={"path": path.split("?")[0]})


def _next_start(page: Row) -> int | None:
    links = inside(page, "paging.links") or ()
    href = next((str(link.get("href")) for link in links if link.get("rel") == "next"), "")
    found = re.search(r"[?&]start=(\d+)", href)
    return int(found[1]) if found else None


def posts_of(source: Source, window: Window, younger: timedelta | None = None) -> Iterator[Row]:
    """The published posts, newest first; new ones meanwhile push others over to the next page, where they repeat."""
    seen = set[str]()
    for row in pages(source.client, f"/posts?q=author&author={page_urn(source)}&sortBy=CREATED", PAGE_SIZE):
        post = str(row.get("id") or "")
        if not post:
            raise SchemaDrift("LinkedIn sent a post without its id.")
        if younger and moment(row.get("createdAt") or row.get("publishedAt")) < window.now - younger:
            return
        if post not in seen and row.get("lifecycleState", "PUBLISHED") == "PUBLISHED":
            seen.add(post)
            yield row


def elements(answer: Row) -> Sequence[Row]:
    """The rows of an answer. Raises SchemaDrift when there is no list of them."""
    found = answer.get("elements")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SchemaDrift("LinkedIn answered without a list of elements.")
    return found


def batches(values: Sequence[str], size: int = IDS_PER_READ) -> Iterator[Sequence[str]]:
    """A few at a time, so that no address becomes too long."""
    return (values[start : start + size] for start in range(0, len(values), size))


def values(row: object, names: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, float]]:
    """Our metrics of a row, each the sum of its fields there; one that is not whole is missing, not 0."""
    for metric, fields in names.items():
        found = [number(inside(row, field)) if isinstance(row, Mapping) else None for field in fields]
        known = [value for value in found if value is not None]
        if len(known) == len(fields):
            yield metric, sum(known)


def number(value: object) -> float | None:
    """A count as LinkedIn sends it; None stays None. Raises SchemaDrift for anything that is not a number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SchemaDrift(sayings.NO_NUMBER.format(title="LinkedIn", kind=type(value).__name__))
    return float(value)


def moment(value: object) -> datetime:
    """An instant in epoch milliseconds. Raises SchemaDrift for anything that is none."""
    ms = number(value)
    try:
        return datetime.fromtimestamp(int(ms if ms is not None else "") / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise SchemaDrift("LinkedIn sent a moment in a form we do not know.") from None


def day_of(row: Row) -> date:
    """The UTC day that a row of a series is about."""
    return moment(inside(row, "timeRange.start")).date()


def finished(window: Window) -> Window | None:
    """The days of a window that are over and still kept; LinkedIn reports a day once it is over."""
    return _until(window, window.now.astimezone(UTC).date() - timedelta(days=1))


def until_today(window: Window) -> Window | None:
    """The days of a window that are kept, today included."""
    return _until(window, window.now.astimezone(UTC).date())


def _until(window: Window, last: date) -> Window | None:
    kept = window.now.astimezone(UTC).date() - timedelta(days=KEPT)
    found = replace(window, first=max(window.first, kept), last=min(window.last, last))
    return found if found.first <= found.last else None


# -- text


def plain(text: str) -> str:
    r"""What a person reads of text in LinkedIn's "little" format: hashtags, mentions and escaped signs.

    >>> plain(r"Grind finer \(really\) with @[Ines](urn:li:person:1) {hashtag|\#|brew\_guide}")
    'Grind finer (really) with Ines #brew_guide'
    """
    text = re.sub(r"\{hashtag\|\\?#\|((?:\\.|[^}\\])*)\}", r"#\1", text)
    text = re.sub(r"@\[((?:\\.|[^\]\\])*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\\([\\|{}@\[\]()<>#*_~])", r"\1", text)


# -- names


COUNTRIES = {
    "United Kingdom": "GB",
    "Czechia": "CZ",
    "South Korea": "KR",
    "North Korea": "KP",
    "Türkiye": "TR",
    "Hong Kong SAR": "HK",
    "Macao SAR": "MO",
    "Bosnia and Herzegovina": "BA",
    "Côte d'Ivoire": "CI",
    "The Netherlands": "NL",
}
"""Names that LinkedIn writes in another way than the table of time zones does."""


@cache
def _country_codes() -> dict[str, str]:
    table = files("tzdata").joinpath("zoneinfo/iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {name: code for code, name in rows} | COUNTRIES


def country_code(name: str) -> str:
    """The two-letter code of a country by its English name, or "".

    >>> country_code("Germany"), country_code("United Kingdom"), country_code("Atlantis")
    ('DE', 'GB', '')
    """
    return _country_codes().get(name, "")


TAXONOMIES = {"seniority": "/seniorities", "function": "/functions", "industry": "/industries"}
SIZES = {
    "SIZE_1": "1 person",
    "SIZE_2_TO_10": "2 to 10",
    "SIZE_11_TO_50": "11 to 50",
    "SIZE_51_TO_200": "51 to 200",
    "SIZE_201_TO_500": "201 to 500",
    "SIZE_501_TO_1000": "501 to 1,000",
    "SIZE_1001_TO_5000": "1,001 to 5,000",
    "SIZE_5001_TO_10000": "5,001 to 10,000",
    "SIZE_10001_OR_MORE": "10,001 or more",
}


class Names:
    """What LinkedIn calls the things behind its URNs. A taxonomy is read once, places as they are asked for."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[str, dict[str, str]] = {}

    def of(self, kind: str, numbers: Sequence[str]) -> Mapping[str, str]:
        """Number -> name, of seniorities, functions, industries or geo. One that LinkedIn does not name is left out."""
        if kind == "geo":
            return {key: name for batch in batches(numbers) for key, name in self._places(batch).items()}
        if kind not in self._known:
            rows = pages(self._client, TAXONOMIES[kind], 500)
            self._known[kind] = {str(row.get("id")): _english(row.get("name")) for row in rows}
        return {key: name for key in numbers if (name := self._known[kind].get(key))}

    def _places(self, numbers: Sequence[str]) -> dict[str, str]:
        found = self._client.get(f"/geo?ids={listed(numbers)}").get("results")
        if not isinstance(found, Mapping):
            raise SchemaDrift("LinkedIn answered without the names of places.")
        names = {key: str(inside(place, "defaultLocalizedName.value") or "") for key, place in found.items()}
        return {key: name for key, name in names.items() if name}


def _english(name: object) -> str:
    by_language = inside(name, "localized") if isinstance(name, Mapping) else None
    found = by_language if isinstance(by_language, Mapping) else {}
    return str(found.get("en_US") or next(iter(found.values()), ""))
