"""Preview, commit and undo of a file import. A commit is one transaction; undo takes back exactly what it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from analytics.metrics import registry
from core import clock
from core.errors import BadFile, NotAllowed, NotFound
from core.ids import new_id
from core.language import tr
from core.metric import TOTAL
from core.records import GRAINS, Account
from core.viewer import Right, Viewer
from services.imports import change, export, headings, mapping, owner, rows, table
from services.imports.owner import Whose
from storage import database, entities, facts, imports, readings, studies, versions, workspaces
from storage.imports import BatchRow
from storage.tables import ImportBatch

if TYPE_CHECKING:
    from storage.database import Connection
    from storage.workspaces import WorkspaceRow


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
class Destination:
    """Where a file goes: an account of a platform, a new one by its name when `account_id` is None.

    `currency` is that of a new account; `external_id` and `handle` are the platform's, where the file tells them, and a
    connection finds the account again by them. `keep_stored` leaves days alone that are stored already. `as_of` is the
    day the file was exported: the counters of its posts stood so then, and what was read later stays. None means today.
    """

    platform: str
    account_id: int | None = None
    account_name: str = ""
    currency: str = ""
    keep_stored: bool = False
    as_of: date | None = None
    external_id: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A committed import, for the list of imports."""

    id: int
    file_name: str
    platform: str
    account: str
    imported_at: datetime
    rows: int
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Target:
    id: int
    made: bool


def read_table(file_name: str, content: bytes, *, sheet: str | None = None, encoding: str | None = None) -> table.Table:
    """The table in a file. Raises BadFile in one line that says what to do."""
    return table.read(file_name, content, is_heading=_is_heading, sheet=sheet, encoding=encoding, is_export=_is_export)


def _is_heading(name: str) -> bool:
    return headings.meaning(name) is not None or export.is_heading(name)


def _is_export(names: Sequence[str], stem: str) -> bool:
    found = export.recognise(names, (), stem)
    return found is not None and not found.export.refused


def propose(viewer: Viewer, read: table.Table, kind: mapping.Kind | None = None) -> mapping.Plan:
    """How to take a table; a person may change it. Times are taken in the workspace's zone."""
    viewer.require(Right.MANAGE)
    plan = mapping.recognise(read, registry.METRICS, kind)
    return replace(plan, time_zone=_workspace(viewer).time_zone)


def detect(plan: mapping.Plan, read: table.Table) -> mapping.Plan:
    """The plan with the order of dates and the decimal sign that its columns show, after some were given a meaning."""
    return mapping.detect(plan, read, registry.METRICS)


def meanings(kind: mapping.Kind) -> dict[tuple[str, float], str]:
    """What a column may mean: (meaning, canonical units per unit of the column) -> its name."""
    return mapping.meanings(kind, registry.METRICS)


def recognise(viewer: Viewer, file_name: str, content: bytes, *, now: datetime | None = None) -> Preview:
    """Read a file and propose how to take it. Raises BadFile in one line that says what to do."""
    read = read_table(file_name, content)
    return preview(file_name, read, propose(viewer, read), now=now)


def preview(file_name: str, read: table.Table, plan: mapping.Plan, *, now: datetime | None = None) -> Preview:
    """What the table holds under a plan that a person may have changed."""
    today = clock.local_day(now or clock.utc_now(), plan.time_zone)
    units = {metric.name: metric.unit for metric in registry.METRICS.values()}
    return Preview(file_name, read, plan, rows.parse(read, plan, units, today=today))


def commit(viewer: Viewer, shown: Preview, into: Destination, *, now: datetime | None = None) -> int:
    """Store what the preview showed, all of it or nothing. Returns the id of the import.

    Raises BadFile when there is nothing to store, NotAllowed for a workspace with invented numbers.
    """
    viewer.require(Right.MANAGE)
    _refuse_demo(_workspace(viewer))
    if not shown.can_commit:
        raise BadFile(
            tr("{file} holds nothing that can be stored.", file=shown.file_name),
            hint=tr("See the problems by row."),
        )
    with database.current().write() as connection:
        moment = now or clock.utc_now()
        target = _target(connection, viewer, into, shown.plan.time_zone, moment)
        undo = _store_posts(connection, viewer.workspace_id, target.id, shown, into, moment)
        undo |= _store_facts(connection, viewer.workspace_id, target.id, shown.parsed, into, moment)
        batch = ImportBatch(
            workspace_id=viewer.workspace_id,
            id=new_id(),
            file_name=shown.file_name,
            platform=into.platform,
            account_id=target.id,
            imported_at=clock.epoch_ms(moment),
            rows=shown.parsed.rows_taken,
            undo=undo | {"made_account": target.made, "digest": shown.table.digest},
        )
        imports.add(connection, batch)
        versions.bump(connection, viewer.workspace_id)
        studies.expire(connection, viewer.workspace_id)
    return batch.id


def _workspace(viewer: Viewer) -> WorkspaceRow:
    with database.current().read() as connection:
        return workspaces.get(connection, viewer.workspace_id)


def _refuse_demo(workspace: WorkspaceRow) -> None:
    if workspace.kind == "demo":
        raise NotAllowed(
            tr("The demo holds invented numbers only, so no file is imported into it."),
            hint=tr("Import into a workspace of your own."),
        )


def account_named(viewer: Viewer, platform: str, name: str, external_id: str = "") -> int | None:
    """The account that earlier imports made under this name, or with the platform's id; None when there is none."""
    viewer.require(Right.READ)
    ids = {_external_id(name), external_id}
    with database.current().read() as connection:
        found = entities.accounts(connection, viewer.workspace_id, [platform])
    return next((row.id for row in found if row.external_id in ids), None)


def whose(viewer: Viewer, shown: Preview, platform: str) -> tuple[Whose, int | None]:
    """The account that a file names, as far as it does, and the stored one that is the same."""
    viewer.require(Right.READ)
    named = owner.named_in(shown.plan, shown.table)
    with database.current().read() as connection:
        found = entities.accounts(connection, viewer.workspace_id, [platform])
    return named, owner.among(named, found)


def _external_id(name: str) -> str:
    return f"{imports.NAMED_BY_FILE}{' '.join(name.split()).lower()}"


def _target(connection: Connection, viewer: Viewer, into: Destination, time_zone: str, moment: datetime) -> _Target:
    if into.account_id is not None:
        found = entities.account(connection, viewer.workspace_id, into.account_id)
        if found.platform != into.platform:
            raise BadFile(
                tr("This account belongs to another platform."), hint=tr("Choose platform and account again.")
            )
        return _Target(found.id, made=False)
    name = " ".join(into.account_name.split())
    if not name:
        raise BadFile(tr("The account has no name."), hint=tr("Name the account whose numbers the file holds."))
    made = Account(
        into.external_id or _external_id(name),
        name,
        into.handle,
        kind="imported",
        time_zone=time_zone,
        currency=into.currency,
    )
    known = {row.external_id: row.id for row in entities.accounts(connection, viewer.workspace_id, [into.platform])}
    for external_id in (made.external_id, _external_id(name)):
        if external_id in known:
            return _Target(known[external_id], made=False)
    ids = entities.upsert_accounts(connection, viewer.workspace_id, into.platform, [made], now=moment)
    return _Target(ids[made.external_id], made=True)


def _store_posts(
    connection: Connection, workspace_id: int, account_id: int, shown: Preview, into: Destination, moment: datetime
) -> dict[str, Any]:
    """Posts the account already has keep what is known of them; only their readings are added."""
    parsed = shown.parsed
    read_at = change.reading_moment(into.as_of, shown.plan.time_zone, moment)
    if any(post.published_at > read_at for post in parsed.posts):
        raise BadFile(
            tr("Some posts were published after the day of the export."), hint=tr("Choose the day it was made.")
        )
    known = change.known_posts(connection, workspace_id, account_id, parsed.posts)
    fresh = [post for post in parsed.posts if post.external_id not in known]
    made = entities.upsert_posts(connection, workspace_id, account_id, fresh)
    ids = known | made
    at = imports.free_moment(connection, workspace_id, list(ids.values()), clock.epoch_ms(read_at))
    readings.write(
        connection,
        workspace_id,
        [(ids[r.post], registry.metric(r.metric).id, at, r.value) for r in parsed.readings],
    )
    return {"posts": list(ids.values()), "made_posts": list(made.values()), "read_at": at}


def _store_facts(
    connection: Connection,
    workspace_id: int,
    account_id: int,
    parsed: rows.Parsed,
    into: Destination,
    moment: datetime,
) -> dict[str, Any]:
    keep = change.stored_facts(connection, workspace_id, account_id, parsed.facts) if into.keep_stored else {}
    stored = [
        (registry.metric(f.metric).id, GRAINS[f.grain], TOTAL.id, clock.epoch_day(f.day), account_id, 0, f.value)
        for f in parsed.facts
        if (f.metric, f.day) not in keep
    ]
    facts.write(connection, workspace_id, stored, clock.epoch_ms(moment))
    return {"metrics": sorted({row[0] for row in stored})}


def batches(viewer: Viewer) -> list[Batch]:
    """The imports of the workspace, newest first, those taken back included."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return _batches(connection, viewer, imports.batches(connection, viewer.workspace_id))


def earlier(viewer: Viewer, read: table.Table) -> list[Batch]:
    """The imports of this very file that stand, newest first."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return _batches(connection, viewer, imports.same_file(connection, viewer.workspace_id, read.digest))


def _batches(connection: Connection, viewer: Viewer, found: list[BatchRow]) -> list[Batch]:
    names = {row.id: row.name for row in entities.accounts(connection, viewer.workspace_id)}
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
    with database.current().write() as connection:
        batch = imports.get(connection, viewer.workspace_id, batch_id)
        if batch is None:
            raise NotFound(tr("There is no such import in this workspace."))
        if batch.undone_at is not None:
            return
        _take_back(connection, batch)
        left = _free(connection, batch)
        imports.mark_undone(connection, batch, clock.epoch_ms(now or clock.utc_now()), left)
        versions.bump(connection, viewer.workspace_id)
        studies.expire(connection, viewer.workspace_id)


def _take_back(connection: Connection, batch: ImportBatch) -> None:
    """The numbers: readings, facts, and what history keeps of them."""
    place = (connection, batch.workspace_id, batch.account_id)
    if batch.undo["metrics"]:
        imports.forget_revisions(*place, batch.undo["metrics"], batch.imported_at)
        facts.restore(*place, batch.undo["metrics"], batch.imported_at)
    read_at = batch.undo.get("read_at", batch.imported_at)
    imports.take_back_readings(connection, batch.workspace_id, batch.undo["posts"], read_at)


def _free(connection: Connection, batch: ImportBatch) -> dict[str, Any]:
    """Delete posts and an account that imports made and nothing uses any more; answers what of this one stays."""
    workspace_id, account_id = batch.workspace_id, batch.account_id
    before = imports.left_behind(connection, workspace_id, account_id)
    mine = set(imports.delete_posts(connection, workspace_id, batch.undo["made_posts"]))
    for other in before:
        imports.delete_posts(connection, workspace_id, other.undo.get("made_posts", []))
    made = bool(batch.undo["made_account"]) or any(other.undo.get("made_account") for other in before)
    if made and imports.is_bare(connection, workspace_id, account_id):
        entities.forget_account(connection, workspace_id, account_id)
        return {}
    return {"made_posts": sorted(mine), "made_account": bool(batch.undo["made_account"])} if made or mine else {}
