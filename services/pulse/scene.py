"""What everything of one pulse is read for: accounts, their connections, and the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from analytics.metrics import definitions, registry
from core import clock
from core.question import Where
from services.ask.notes import account_title
from services.pulse.shapes import Fresh
from storage import connections, entities, settings, workspaces
from storage.connections import ConnectionRow
from storage.database import Connection
from storage.entities import AccountRow

HOUR_MS = 3_600_000


@dataclass(frozen=True, eq=False)
class Scene:
    """What everything is read for. `links` are connections by id; `read` is when accounts were last read (ms)."""

    connection: Connection
    workspace_id: int
    zone: str
    accounts: dict[int, AccountRow]
    links: dict[int, ConnectionRow]
    version: str
    now: datetime

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms of the accounts, without repeats."""
        return tuple(dict.fromkeys(account.platform for account in self.accounts.values()))

    def terms(self, platform: str) -> tuple[str, ...]:
        """The counters that make an interaction on a platform."""
        return definitions.terms(self.version, platform)

    def every_term(self) -> list[int]:
        """The ids of all of them."""
        return sorted({registry.METRICS[name].id for platform in self.platforms for name in self.terms(platform)})


def look(connection: Connection, workspace_id: int, where: Where, moment: datetime) -> Scene:
    """The accounts that are asked for, with what belongs to them."""
    known = entities.accounts(connection, workspace_id, list(where.platforms) or None)
    chosen = [one for one in known if (one.id in where.accounts if where.accounts else one.selected)]
    return Scene(
        connection,
        workspace_id,
        workspaces.get(connection, workspace_id).time_zone,
        {account.id: account for account in chosen},
        {row.id: row for row in connections.list_all(connection, workspace_id)},
        definitions.check(str(settings.get(connection, workspace_id, "engagement_definition", definitions.DEFAULT))),
        moment,
    )


def freshness(scene: Scene) -> tuple[Fresh, ...]:
    """When each account was read and is read next."""
    found = []
    for account in scene.accounts.values():
        link = scene.links.get(account.connection_id or 0)
        found.append(
            Fresh(
                account.id,
                account.platform,
                account_title(account),
                _moment(link.last_success_at if link else None),
                _moment(link.next_run_at if link and link.state == "active" else None),
                link.state if link else "imported",
                link.reason if link else "",
            )
        )
    return tuple(found)


def _moment(at: int | None) -> datetime | None:
    return None if at is None else clock.from_epoch_ms(at)
