"""Preview, commit and undo of a file import. A commit is one transaction; undo takes back exactly what it brought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from analytics.metrics import registry
from core import clock
from core.errors import BadFile, NotFound
from core.ids import new_id
from core.metric import TOTAL
from core.records import GRAINS, Account
from core.viewer import Right, Viewer
from services.imports import headings, mapping, rows, table
from storage import database, entities, facts, imports, readings, versions, workspaces
from storage.tables import ImportBatch

if TYPE_CHECKING:
    from storage.database import Connection


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
    account_name: str = "",
    now: datetime | None = None,
) -> int:
    """Store what the preview showed, into an account of the platform (a new one when `account_id` is None).

    One transaction: all of it or nothing. Returns the id of the import. Raises BadFile when there is nothing to store.
    """
    viewer.require(Right.MANAGE)
    if not shown.can_commit:
        raise BadFile(f"{shown.file_name} holds nothing that can be stored.", hint="See the problems by row.")
    moment = now or clock.utc_now()
    with database.current().write() as connection:
        target = _target(connection, viewer, platform, account_id, account_name, shown.plan.time_zone, moment)
        undo = _store_posts(connection, viewer.workspace_id, target.id, shown.parsed, moment)
        undo |= _store_facts(connection, viewer.workspace_id, target.id, shown.parsed, moment)
        batch = ImportBatch(
            workspace_id=viewer.workspace_id,
            id=new_id(),
            file_name=shown.file_name,
            platform=platform,
            account_id=target.id,
            imported_at=clock.epoch_ms(moment),
            rows=shown.parsed.rows_taken,
            undo=undo | {"made_account": target.made},
        )
        imports.add(connection, batch)
        versions.bump(connection, viewer.workspace_id)
    return batch.id


@dataclass(frozen=True, slots=True)
class _Target:
    id: int
    made: bool


def _target(
    connection: Connection,
    viewer: Viewer,
    platform: str,
    account_id: int | None,
    name: str,
    time_zone: str,
    moment: datetime,
) -> _Target:
    if account_id is not None:
        return _Target(entities.account(connection, viewer.workspace_id, account_id).id, made=False)
    if not name.strip():
        raise BadFile("The account has no name.", hint="Name the account whose numbers the file holds.")
    found = Account(f"file:{name.strip().lower()}", name.strip(), kind="imported", time_zone=time_zone)
    known = {row.external_id for row in entities.accounts(connection, viewer.workspace_id, [platform])}
    ids = entities.upsert_accounts(connection, viewer.workspace_id, platform, [found], now=moment)
    return _Target(ids[found.external_id], made=found.external_id not in known)


def _store_posts(
    connection: Connection, workspace_id: int, account_id: int, parsed: rows.Parsed, moment: datetime
) -> dict[str, Any]:
    """Posts the account already has keep what is known of them; only their readings are added."""
    names = [post.external_id for post in parsed.posts]
    known = imports.existing_posts(connection, workspace_id, account_id, names)
    fresh = [post for post in parsed.posts if post.external_id not in known]
    made = entities.upsert_posts(connection, workspace_id, account_id, fresh)
    ids = known | made
    at = clock.epoch_ms(moment)
    readings.write(
        connection,
        workspace_id,
        [(ids[r.post], registry.metric(r.metric).id, at, r.value) for r in parsed.readings],
    )
    return {"posts": list(ids.values()), "made_posts": list(made.values())}


def _store_facts(
    connection: Connection, workspace_id: int, account_id: int, parsed: rows.Parsed, moment: datetime
) -> dict[str, Any]:
    stored = [
        (registry.metric(f.metric).id, GRAINS[f.grain], TOTAL.id, clock.epoch_day(f.day), account_id, 0, f.value)
        for f in parsed.facts
    ]
    facts.write(connection, workspace_id, stored, clock.epoch_ms(moment))
    return {"metrics": sorted({row[0] for row in stored})}


def batches(viewer: Viewer) -> list[Batch]:
    """The imports of the workspace, newest first, those taken back included."""
    with database.current().read() as connection:
        names = {row.id: row.name for row in entities.accounts(connection, viewer.workspace_id)}
        found = imports.batches(connection, viewer.workspace_id)
    return [
        Batch(
            id=batch.id,
            file_name=batch.file_name,
            platform=batch.platform,
            account=names.get(batch.account_id, ""),
            imported_at=clock.from_epoch_ms(batch.imported_at),
            rows=batch.rows,
            undone_at=clock.from_epoch_ms(batch.undone_at) if batch.undone_at else None,
        )
        for batch in found
    ]


def undo(viewer: Viewer, batch_id: int, *, now: datetime | None = None) -> None:
    """Take back exactly what an import brought. What a sync has replaced since stays. Twice is once."""
    viewer.require(Right.MANAGE)
    workspace_id = viewer.workspace_id
    with database.current().write() as connection:
        batch = imports.get(connection, workspace_id, batch_id)
        if batch is None:
            raise NotFound("There is no such import in this workspace.")
        if batch.undone_at is not None:
            return
        facts.restore(connection, workspace_id, batch.account_id, batch.undo["metrics"], batch.imported_at)
        imports.take_back_readings(connection, workspace_id, batch.undo["posts"], batch.imported_at)
        imports.delete_posts(connection, workspace_id, batch.undo["made_posts"])
        if batch.undo["made_account"] and imports.is_bare(connection, workspace_id, batch.account_id):
            entities.forget_account(connection, workspace_id, batch.account_id)
        imports.mark_undone(connection, workspace_id, batch_id, clock.epoch_ms(now or clock.utc_now()))
        versions.bump(connection, workspace_id)
