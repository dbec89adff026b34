"""Sources that need a person, with the reason they gave."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.insights import Fact, Subject
from core import clock
from core.kept import retold
from core.language import tr
from core.question import Where
from core.viewer import Viewer
from services.ask.notes import account_title, listed
from services.connecting.platforms import title as platform_title
from storage import connections, database, entities
from storage.connections import ConnectionRow


def failing(viewer: Viewer, where: Where) -> Iterator[Fact]:
    """One fact for each connection that needs attention."""
    with database.current().read() as connection:
        rows = connections.list_all(connection, viewer.workspace_id)
        accounts = entities.accounts(connection, viewer.workspace_id)
    for row in rows:
        if row.state != "attention" or (where.platforms and row.platform not in where.platforms):
            continue
        fed = [account_title(account) for account in accounts if account.connection_id == row.id and account.selected]
        since = {} if row.last_success_at is None else {"since": clock.from_epoch_ms(row.last_success_at).date()}
        yield Fact(
            "failing",
            subject=Subject(platform=platform_title(row.platform), account=listed(fed) if fed else ""),
            days=since,
            hint=f"{_reason(row)} {retold(row.hint)}".strip(),
            questions=(f"connection {row.name}",),
        )


def _reason(row: ConnectionRow) -> str:
    return f"{retold(row.reason).rstrip('.')}." if row.reason else tr("It needs attention.")
