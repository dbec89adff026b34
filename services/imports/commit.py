"""Preview, commit and undo of a file import. A commit is one transaction; undo takes back exactly what it brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from analytics.metrics import registry
from core import clock
from core.errors import BadFile, NotFound
from core.ids import new_id
from core.records import GRAINS, Account, State
from core.viewer import Right, Viewer
from services.imports import headings, mapping, rows, table
from storage import accounts as account_rows
from storage import coverage, database, entities, facts, imports, readings, versions, workspaces
from storage.tables import ImportBatch

_REASON = "imported from a file"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds under a plan, before anything is stored."""

    file_name: str
    table: table.Table
    plan: mapping.Plan
    parsed: rows.Parsed

    @property
    def can_commit(self) -> bool:
        """Whether there is at least one number to store."""
        return bool(self.parsed.readings or self.parsed.facts)


@dataclass(frozen=True, slots=True)
class Batch:
    """One committed import, for the list of imports."""

    id: int
    file_name: str
    platform: str
    account: str
    imported_at: datetime
    rows: int
    undone_at: datetime | None


"""A committed import."""


def recognise(viewer: Viewer, file_name: str, content: bytes, *, now: datetime | None = None) -> Preview:
    """Read a file and propose how to take it. Raises BadFile in one line that says what to do."""
    viewer.require(Right.MANAGE)
    read = table.read(file_name, content, is_heading=lambda heading: headings.meaning(heading) is not None)
    with database.current().read() as connection:
        workspace = workspaces.get(connection, viewer.workspace_id)
    plan = replace(mapping.recognise(read, registry.METRICS), time_zone=workspace.time_zone)
    return preview(file_name, read, plan, now=now)


def preview(file_name: str, read: table.Table, plan: mapping.Plan, *, now: datetime | None = None) -> Preview:
    """What the table holds under a plan that a person may have changed."""
    today = clock.local_day(now or clock.utc_now(), plan.time_zone)
    return Preview(file_name, read, plan, rows.parse(read, plan, today=today))


def commit(
    viewer: Viewer,
    shown: Preview,
    *,
    platform: str,
    account_id: int | None,
    account_name: str,
    now: datetime | None = None,
) -> int:
    """Store what the preview showed, into an account of the platform (a new one when `account_id` is None).

    Returns the id of the import. Raises BadFile when there is nothing to store.
    """
    viewer.require(Right.MANAGE)
    if not shown.can_commit:
        raise BadFile(f"{shown.file_name} holds nothing that can be stored.", hint="See the problems by row.")
    moment = clock.epoch_ms(now or clock.utc_now())
    batch_id = new_id()
    with database.current().write() as connection:
        account = account_id or _new_account(connection, viewer, platform, account_name, shown.plan.time_zone)
        undo = _store_posts(connection, viewer, account, shown, moment)
        undo |= _store_facts(connection, viewer, account, shown, moment)
        batch = ImportBatch(
            workspace_id=viewer.workspace_id, id=batch_id, file_name=shown.file_name, platform=platform,
            account_id=account, imported_at=moment, rows=shown.parsed.rows_taken, undo=undo,
        )  # fmt: skip
        imports.add(connection, batch)
        versions.bump(connection, viewer.workspace_id)
    return batch_id
