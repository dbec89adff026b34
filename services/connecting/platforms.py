"""The platforms we can read: their connectors, and a client that reads for one connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from connectors.base import Connector
from connectors.http import Client
from core import clock, config
from core.errors import NotFound
from core.language import tr
from core.ports import LimitStore, Meter
from core.registry import discover
from services.connecting import credentials
from storage import workspaces
from storage.connections import ConnectionRow
from storage.database import Database
from storage.limits import SqlLimitStore
from storage.spend import SqlMeter, Terms


class NoLimits:
    """The limits of the sandbox: none of its own. What it answers with 429 still counts."""

    def take(self, _key: str, _cost: float, _allowed: float, _per_s: float, _now: datetime) -> float:
        """Always room."""
        return 0.0

    def block(self, _key: str, _until: datetime) -> None:
        """Nothing to remember."""


def connectors() -> dict[str, Connector]:
    """Platform -> connector, for every file in `connectors/`."""
    return discover("connectors", "CONNECTOR", Connector)


def connector(platform: str) -> Connector:
    """The connector of a platform. Raises NotFound."""
    found = connectors().get(platform)
    if found is None:
        raise NotFound(
            tr("There is no connector for '{platform}'.", platform=platform),
            hint=tr("The Connections page lists all platforms."),
        )
    return found


def title(platform: str) -> str:
    """What a person calls the platform.

    >>> title("youtube"), title("some_forum")
    ('YouTube', 'Some forum')
    """
    found = connectors().get(platform)
    return found.title if found else platform.replace("_", " ").capitalize()


def day_zone(declared: Connector, account_zone: str) -> str:
    """The time zone of an account's days."""
    return declared.day_zone or account_zone or "UTC"


def limit_key(row: ConnectionRow) -> str:
    """Under which a connection's use of rate limits is counted."""
    return f"{row.platform}/{row.id}"


def gateway_of(row: ConnectionRow) -> str:
    """Where a connection's requests are sent instead of to the platform; empty: to the platform."""
    return row.gateway or config.load().gateway


def client(
    database: Database,
    row: ConnectionRow,
    *,
    gateway: str | None = None,
    sleep: Callable[[float], None] = clock.sleep,
    stops: bool = True,
) -> Client:
    """A client that reads with the connection's token, app keys, share of the rate limit, and budget. One that does not
    `stop` at the budget counts only, as all do in the demo, where nothing is billed."""
    with database.read() as connection:
        kind = workspaces.get(connection, row.workspace_id).kind
    limits: LimitStore = NoLimits() if kind == "demo" else SqlLimitStore(database)
    declared = connector(row.platform)
    return Client(
        declared,
        credentials.VaultTokens(database, row.workspace_id, row.id),
        credentials.app_keys(database, row.workspace_id, row.platform),
        limits,
        gateway=gateway_of(row) if gateway is None else gateway,
        connection_key=limit_key(row),
        now=clock.utc_now,
        sleep=sleep,
        meter=_meter(database, row, declared, stops=stops and kind != "demo"),
    )


def _meter(database: Database, row: ConnectionRow, declared: Connector, *, stops: bool) -> Meter | None:
    if declared.tariff is None:
        return None
    terms = Terms(declared.title, declared.tariff.prices, declared.tariff.monthly_budget, stops)
    return SqlMeter(database, row.workspace_id, row.id, terms)
