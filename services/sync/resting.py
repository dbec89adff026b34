"""What rests because a platform's own monthly limit is used up: it is held back here, and tried once a day.

A platform counts its months from a day that we do not know. Where it tells when it counts anew, that is shown.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Connector
from connectors.http import Client
from core import clock
from core.errors import AppError, CapReached
from core.kept import kept
from services.connecting import credentials
from storage import connections, spend
from storage.connections import ConnectionRow
from storage.database import Connection, Database

log = logging.getLogger(__name__)

_ANEW = kept("{title} says that it counts anew on {day}.")
TRY_AGAIN = timedelta(hours=23)
"""Less than a day, so that tomorrow's read of the same hour tries, and not the one after it."""


def hold(store: Database, row: ConnectionRow, connector: Connector, client: Client, error: CapReached) -> CapReached:
    """Hold back what the platform has just refused, across all processes; returns the error as it is to be told."""
    now = clock.utc_now()
    until = now + TRY_AGAIN
    days = _days_left(store, row, connector, client)
    if days is not None:
        until = min(until, now + timedelta(days=days))
    hint = error.hint if days is None else f"{_anew(connector.title, now, days)} {error.hint}"
    with store.write() as connection:
        held = {**_held(connection, row), error.kind: [clock.epoch_ms(until), error.message, hint]}
        _keep(connection, row, held)
    return CapReached(error.message, kind=error.kind, until=until, hint=hint, context=error.context)


def release(connection: Connection, row: ConnectionRow) -> None:
    """Hold nothing back: a person wants it to be tried now, perhaps with a higher limit."""
    if _held(connection, row):
        _keep(connection, row, {})


def _held(connection: Connection, row: ConnectionRow) -> Mapping[str, Any]:
    found: Mapping[str, Any] = connections.get(connection, row.workspace_id, row.id).options.get(spend.CAPPED) or {}
    return found


def _keep(connection: Connection, row: ConnectionRow, held: Mapping[str, Any]) -> None:
    options = dict(connections.get(connection, row.workspace_id, row.id).options)
    options.pop(spend.CAPPED, None)
    connections.update(
        connection, row.workspace_id, row.id, options={**options, **({spend.CAPPED: dict(held)} if held else {})}
    )


def _anew(title: str, now: datetime, days: int) -> str:
    day = now + timedelta(days=days)
    return _ANEW.format(title=title, day=f"{day.day} {day:%B}")


def _days_left(store: Database, row: ConnectionRow, connector: Connector, client: Client) -> int | None:
    """In how many days the platform counts anew, by its own count, which costs nothing; None where it does not tell."""
    if connector.tariff is None or connector.tariff.usage is None:
        return None
    try:
        keys = credentials.app_keys(store, row.workspace_id, row.platform)
        days = connector.tariff.usage(client, keys).get("days_left")
    except AppError as error:
        log.info("%s does not tell when it counts anew: %s", row.platform, error.message)
        return None
    return days if days else None
