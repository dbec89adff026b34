"""The ways platforms page: a token, an offset, a whole address. Each ends by itself when it goes in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from connectors import sayings
from core.errors import SchemaDrift

if TYPE_CHECKING:
    from connectors.http import Client

NOT_A_PLUGIN = True
MAX_PAGES = 2000


def by_token(
    client: Client,
    path: str,
    params: Mapping[str, Any],
    *,
    next_at: str,
    next_param: str,
    limit: str | None = None,
    cost: float = 1,
) -> Iterator[dict[str, Any]]:
    """Pages until none names a next one. `next_at` is the place of the next token in the body ("meta.next_token").

    Raises SchemaDrift when a token repeats or the pages do not end.
    """
    token, seen = "", set[str]()
    for _ in range(MAX_PAGES):
        page = client.get(path, {**params, **({next_param: token} if token else {})}, limit=limit, cost=cost)
        yield page
        token = str(inside(page, next_at) or "")
        if not token:
            return
        _once(client, path, token, seen)
    raise _endless(client, path)


def by_next_url(
    client: Client,
    path: str,
    params: Mapping[str, Any],
    *,
    next_at: str,
    limit: str | None = None,
    cost: float = 1,
) -> Iterator[dict[str, Any]]:
    """Pages until none gives the address of a next one; `next_at` is its place in the body ("paging.next").

    The address may be relative. Raises SchemaDrift when it leads to another host, which would learn our token; when it
    repeats; and when the pages do not end. Where addresses hold the token (Meta), page by cursor instead.
    """
    first = client.address(path)
    url, seen = first, {first}
    for number in range(MAX_PAGES):
        page = client.get(url, None if number else params, limit=limit, cost=cost)
        yield page
        following = inside(page, next_at)
        if not following:
            return
        url = urljoin(url, str(following))
        if urlsplit(url)[:2] != urlsplit(first)[:2]:
            raise SchemaDrift(sayings.OTHER_HOST.format(title=client.connector.title), context={"path": path})
        _once(client, path, url, seen)
    raise _endless(client, path)


def by_offset(
    client: Client,
    path: str,
    params: Mapping[str, Any],
    *,
    rows_at: str,
    offset_param: str,
    size: int,
    first: int = 0,
    limit: str | None = None,
    cost: float = 1,
) -> Iterator[dict[str, Any]]:
    """Pages of `size` rows from `first` on, until one has fewer rows. Raises SchemaDrift when the pages do not end."""
    previous: Any = None
    for number in range(MAX_PAGES):
        page = client.get(path, {**params, offset_param: first + number * size}, limit=limit, cost=cost)
        rows = inside(page, rows_at) or ()
        if rows and rows == previous:
            raise _circle(client, path)
        yield page
        if len(rows) < size:
            return
        previous = rows
    raise _endless(client, path)


def inside(body: Mapping[str, Any], place: str) -> Any:
    """What stands at a dotted place of a body, or None.

    >>> inside({"meta": {"next_token": "abc"}}, "meta.next_token")
    'abc'
    >>> inside({}, "meta.next_token") is None
    True
    """
    found: Any = body
    for name in place.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _once(client: Client, path: str, cursor: str, seen: set[str]) -> None:
    if cursor in seen:
        raise _circle(client, path)
    seen.add(cursor)


def _circle(client: Client, path: str) -> SchemaDrift:
    return SchemaDrift(sayings.SAME_PAGE.format(title=client.connector.title), context={"path": path})


def _endless(client: Client, path: str) -> SchemaDrift:
    return SchemaDrift(sayings.ENDLESS.format(title=client.connector.title), context={"path": path})
