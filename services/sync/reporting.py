"""How a sync goes, stream by stream, and what follows from it: the outcome on the run's row, the next run."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from connectors.base import Connector
from core import clock
from core.errors import AppError, Recovery
from services.sync import rhythm
from services.sync.planning import Cursor
from services.sync.storing import Stored
from storage import connections, entities, runs
from storage.connections import ConnectionRow
from storage.database import Connection

GOOD = frozenset({"ok", "skipped", "not_permitted"})
REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Entry:
    """How a stream went: `state` is waiting, ok, skipped, not_permitted, failed, later or resting (its budget is used
    up); numbers say what changed."""

    account: str
    stream: str
    title: str
    state: str = "waiting"
    reason: str = ""
    hint: str = ""
    facts: int = 0
    posts: int = 0
    readings: int = 0
    comments: int = 0
    windows: int = 0
    left_days: int = 0
    notes: tuple[str, ...] = ()

    def with_window(self, stored: Stored) -> Entry:
        """The entry after one more window."""
        return replace(
            self,
            state="ok",
            facts=self.facts + stored.facts,
            posts=self.posts + stored.posts,
            readings=self.readings + stored.readings,
            comments=self.comments + stored.comments,
            windows=self.windows + 1,
            left_days=left_days(stored.cursor),
        )

    def ended(self, state: str, error: AppError) -> Entry:
        """The entry after something went wrong."""
        return replace(self, state=state, reason=error.message, hint=error.hint)


def left_days(cursor: Cursor) -> int:
    """How many days are still to be read."""
    return sum(last - first + 1 for first, last in cursor.pending)


@dataclass(slots=True)
class Report:
    """All entries of a run. `fatal` stops the connection, and so does `ungranted`, a permission that is missing, when
    nothing could be read without it; `wait_s` is how long the platform asked us to wait; what costs money rests until
    `rests_until`, and then `asked` says whether anything was asked for at all."""

    entries: dict[str, Entry] = field(default_factory=dict)
    fatal: AppError | None = None
    ungranted: AppError | None = None
    wait_s: float | None = None
    rests_until: datetime | None = None
    asked: bool = True

    @property
    def any_read(self) -> bool:
        """Whether anything was read at all. Where all that could be asked rests, streams that had nothing to ask for
        have not read."""
        return (self.asked or self.rests_until is None) and any(entry.windows for entry in self.entries.values())

    @property
    def complete(self) -> bool:
        """Whether no day of the past is left to be read."""
        return not any(entry.left_days for entry in self.entries.values())

    @property
    def stopped_by(self) -> AppError | None:
        """What a person must mend before anything can be read."""
        return self.fatal or (None if self.any_read else self.ungranted)

    @property
    def any_later(self) -> bool:
        """Whether something is worth another try soon."""
        if self.stopped_by:
            return self.stopped_by.recovery is Recovery.RETRY
        return any(entry.state == "later" for entry in self.entries.values())

    def totals(self, requests: int) -> dict[str, Any]:
        """The columns of the run's row."""
        every = self.entries.values()
        return {
            "facts": sum(entry.facts for entry in every),
            "posts": sum(entry.posts for entry in every),
            "readings": sum(entry.readings for entry in every),
            "comments": sum(entry.comments for entry in every),
            "requests": requests,
            "streams": {key: {**asdict(entry), "notes": list(entry.notes)} for key, entry in self.entries.items()},
        }

    def outcome(self) -> tuple[str, str, str]:
        """(ok, partial, failed, or resting when the budget held no reading; why; what to do)."""
        if self.stopped_by:
            return "failed", self.stopped_by.message, self.stopped_by.hint
        good = GOOD - {"not_permitted"} if self.ungranted else GOOD
        bad = [entry for entry in self.entries.values() if entry.state not in good and entry.state != "waiting"]
        if not bad:
            return "ok", "", ""
        told = next((entry for entry in bad if entry.reason), bad[0])
        worst = "resting" if {entry.state for entry in bad} == {"resting"} else "failed"
        return ("partial" if self.any_read else worst), told.reason, told.hint


def close(
    connection: Connection,
    run_id: int,
    row: ConnectionRow,
    connector: Connector | None,
    report: Report,
    *,
    requests: int,
    now: datetime,
    trigger: str,
) -> str:
    """Write how the sync ended on its row and, by what its `trigger` was, on the connection; returns the outcome. A
    rehearsal changes nothing there; a notice only says that a person must act."""
    outcome, reason, hint = report.outcome()
    if trigger == runs.NOTICE:
        _stop(connection, row, report.fatal)
    elif trigger != REHEARSAL:
        _change(connection, run_id, row, connector, report, now)
    ended = max(clock.utc_now(), now)
    runs.finish(
        connection, row.workspace_id, run_id, outcome, ended, reason=reason, hint=hint, **report.totals(requests)
    )
    return outcome


def _stop(connection: Connection, row: ConnectionRow, fatal: AppError | None) -> None:
    if fatal and fatal.recovery is not Recovery.RETRY:
        said = {"state": "attention", "reason": fatal.message, "hint": fatal.hint}
        connections.update(connection, row.workspace_id, row.id, **said)


def _change(
    connection: Connection, run_id: int, row: ConnectionRow, connector: Connector | None, report: Report, now: datetime
) -> None:
    """What the sync changes on the connection: state, next run, last success, and the wish for a sync."""
    changes = _state(row, report) | {"next_run_at": _next(connection, run_id, row, connector, report, now)}
    if report.any_read or report.outcome()[0] == "ok":
        changes["last_success_at"] = clock.epoch_ms(now)
    if row.sync_requested_at is not None:
        changes["sync_requested_at"] = _asked_since(connection, row)
    connections.update(connection, row.workspace_id, row.id, **changes)


def _state(row: ConnectionRow, report: Report) -> dict[str, Any]:
    if report.stopped_by and report.stopped_by.recovery is not Recovery.RETRY:
        return {"state": "attention", "reason": report.stopped_by.message, "hint": report.stopped_by.hint}
    if row.state in {"new", "attention"} and report.any_read:
        return {"state": "active", "reason": "", "hint": ""}
    return {}


def _next(
    connection: Connection, run_id: int, row: ConnectionRow, connector: Connector | None, report: Report, now: datetime
) -> int | None:
    if connector is None or (report.stopped_by and report.stopped_by.recovery is not Recovery.RETRY):
        return None
    if report.rests_until and not report.any_read and not report.any_later:
        due = rhythm.after_rest(now, report.rests_until)
    elif report.any_later:
        failures = 1 + _failures_before(connection, run_id, row)
        due = rhythm.after_failure(connector, row.options, now, failures, report.wait_s)
    else:
        due = rhythm.after_success(connector, row.options, now, newest_post(connection, row))
    return clock.epoch_ms(due)


def _asked_since(connection: Connection, row: ConnectionRow) -> int | None:
    """A wish made while the sync ran is still open."""
    asked = connections.get(connection, row.workspace_id, row.id).sync_requested_at
    return None if asked == row.sync_requested_at else asked


def _failures_before(connection: Connection, run_id: int, row: ConnectionRow) -> int:
    """Runs in a row, before this one, that were not good."""
    count = 0
    for run in runs.newest(connection, row.workspace_id, row.id, limit=12):
        if run.id == run_id or not run.whole or run.outcome in {"interrupted", "running", "resting"}:
            continue
        if run.outcome == "ok":
            break
        count += 1
    return count


def newest_post(connection: Connection, row: ConnectionRow) -> datetime | None:
    """When the newest post of the connection's accounts came out."""
    accounts = entities.accounts(connection, row.workspace_id, connection_id=row.id, selected=True)
    found = entities.post_moments(connection, row.workspace_id, [one.id for one in accounts], limit=1)
    return clock.from_epoch_ms(found[0][3]) if found else None
