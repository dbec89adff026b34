"""The ways platforms page: a token in the body, an offset. Each ends by itself when a platform goes in circles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.errors import SchemaDrift

if TYPE_CHECKING:
    from connectors.http import Client

NOT_A_PLUGIN = True
MAX_PAGES = 2000
_MISSING = ""


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
    token, seen = _MISSING, set[str]()
    for _ in range(MAX_PAGES):
        page = client.get(path, {**params, **({next_param: token} if token else {})}, limit=limit, cost=cost)
        yield page
        token = str(inside(page, next_at) or _MISSING)
        if not token:
            return
        if token in seen:
            raise SchemaDrift(f"{client.connector.title} gave the same page twice.", context={"path": path})
        seen.add(token)
    raise SchemaDrift(f"{client.connector.title} does not stop giving pages.", context={"path": path})


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
) -> Iterator[dict[str, Any]]:
    """Pages of `size` rows from `first` on, until one has fewer rows. Raises SchemaDrift when the pages do not end."""
    for number in range(MAX_PAGES):
        page = client.get(path, {**params, offset_param: first + number * size}, limit=limit)
        yield page
        if len(inside(page, rows_at) or ()) < size:
            return
    raise SchemaDrift(f"{client.connector.title} does not stop giving pages.", context={"path": path})


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
