"""One sync of one connection, from the plan to the outcome on the run's row."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from connectors.base import Connector, Source, Stream
from core import clock, records
from core.errors import AppError, NotConnected, Recovery, StoreBusy
from core.records import State
from services import credentials, daily, platforms, sync_batch, sync_coverage, sync_plan, sync_schedule, sync_store
from services.leasing import Lease
from services.sync_plan import Cursor, Job, Range, Task
from services.sync_posts import StoredPosts
from storage import connections, coverage, entities, runs
from storage.connections import ConnectionRow
from storage.database import Connection, Database

log = logging.getLogger(__name__)
Progress = Callable[[float, str], None]
DIED = "The program was stopped in the middle. What was read is kept; the next sync goes on from there."
FORCED = frozenset({"request"})
_BREAKS_AFTER = 2
_TRIES = 3


class Stopped(Exception):
    """The program is stopping, or another process has taken over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why a sync runs and what it was asked for."""

    trigger: str = "schedule"
    first: date | None = None
    last: date | None = None
    gateway: str | None = None
    only: Callable[[str], bool] | None = None


@dataclass(slots=True)
class Entry:
    """How a stream went: state is waiting, ok, skipped, not_permitted, failed or later; numbers are what changed."""

    account: str
    stream: str
    title: str
    state: str = "waiting"
    reason: str = ""
    hint: str = ""
    facts: int = 0
    posts: int = 0
    readings: int = 0
    windows: int = 0
    left_days: int = 0
    notes: list[str] = field(default_factory=list)


class Run:
    """A sync under way. `execute` is the only thing to call."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        workspace_id: int,
        connection_id: int,
        now: datetime,
        asked: Asked,
        progress: Progress | None,
        stop: threading.Event | None,
    ) -> None:
        self.database, self.lease, self.now, self.asked = database, lease, now, asked
        self.stop = stop or threading.Event()
        self.tell = progress or (lambda _share, _text: None)
        self.entries: dict[str, Entry] = {}
        self.cursors: dict[str, Cursor] = {}
        self.read_posts: set[int] = set()
        self.closed: set[str] = set()
        self.refused = 0
        self.broken = 0
        self.wait_s: float | None = None
        self.fatal: AppError | None = None
        with database.write() as connection:
            self.row = connections.get(connection, workspace_id, connection_id)
            runs.interrupt(connection, workspace_id, connection_id, clock.utc_now(), DIED)
            self.id = runs.start(connection, workspace_id, connection_id, asked.trigger, now)

    def execute(self) -> int:
        """Read everything that is due. Returns the run's id; what went wrong stands on its row."""
        self.requests = lambda: 0
        try:
            connector = platforms.connector(self.row.platform)
            client = platforms.client(self.database, self.row, gateway=self.asked.gateway, sleep=self._sleep)
            self.requests = lambda: int(client.requests_made)
            tasks = sync_plan.tasks(self._plan(connector), self.now)
            self._read(connector, tasks, lambda job: self._source(client, job))
            self._finish(connector)
        except AppError as error:
            self.fatal = error
            self._finish(platforms.connectors().get(self.row.platform))
        except Stopped:
            self._interrupted()
        return self.id

    # -- plan ----------------------------------------------------------------------------------------------------

    def _plan(self, connector: Connector) -> list[Job]:
        """Every stream that is due, with its cursor; days asked for are noted in it before anything is read."""
        granted = credentials.VaultTokens(self.database, self.row.workspace_id, self.row.id).load().scopes
        with self.database.write() as connection:
            self.row = connections.get(connection, self.row.workspace_id, self.row.id)
            accounts = entities.accounts(
                connection, self.row.workspace_id, connection_id=self.row.id, selected=True
            )
            if not accounts:
                raise NotConnected("No account is chosen.", hint="Choose at least one account of this connection.")
            asked = self._asked_days()
            jobs = [
                self._job(connection, connector, account, stream, asked)
                for account in accounts
                for stream in connector.streams
                if self.asked.only is None or self.asked.only(stream.name)
            ]
            jobs = [job for job in jobs if not self._lacks_scope(connection, connector, job, granted)]
            for job in jobs:
                if job.stream.windowed:
                    sync_store.save_cursor(connection, job, job.cursor)
            self._forget_asked(connection)
        return jobs

    def _job(
        self, connection: Connection, connector: Connector, account: entities.AccountRow, stream: Stream, asked: Range | None
    ) -> Job:
        job = sync_plan.prepare(
            connector,
            account,
            stream,
            runs.cursor(connection, account.workspace_id, account.id, stream.name),
            self.now,
            asked=asked,
            forced=self.asked.trigger in FORCED,
            cadence=sync_schedule.cadence(connector, self.row.options),
        )
        self.cursors[job.key] = job.cursor
        self.entries[job.key] = Entry(account.name, stream.name, stream.title, notes=list(job.notes))
        return job

    def _asked_days(self) -> Range | None:
        if self.asked.first and self.asked.last:
            return clock.epoch_day(self.asked.first), clock.epoch_day(self.asked.last)
        kept = self.row.options.get("backfill")
        return (int(kept[0]), int(kept[1])) if kept else None

    def _forget_asked(self, connection: Connection) -> None:
        if "backfill" in self.row.options:
            options = {name: value for name, value in self.row.options.items() if name != "backfill"}
            connections.update(connection, self.row.workspace_id, self.row.id, options=options)

    def _lacks_scope(self, connection: Connection, connector: Connector, job: Job, granted: tuple[str, ...]) -> bool:
        missing = sync_coverage.without_scopes(job.stream, granted)
        if missing:
            reason = f"The permission {missing[0]} was not granted to us."
            entry = self.entries[job.key]
            entry.state, entry.reason = "not_permitted", reason
            entry.hint = f"Connect {connector.title} again and allow it."
            days = (job.today - job.stream.history_days + 1, job.today)
            self._mark(connection, job, days, State.NOT_PERMITTED, f"{reason} {entry.hint}")
        return bool(missing)

    # -- read ----------------------------------------------------------------------------------------------------

    def _read(self, connector: Connector, tasks: list[Task], source: Callable[[Job], Source]) -> None:
        recent = [task for task in tasks if sync_plan.is_recent(task)]
        past = [task for task in tasks if not sync_plan.is_recent(task)]
        done = 0
        for part in (recent, past):
            for task in part:
                self._check()
                if self.fatal or self.wait_s is not None or self.broken >= _BREAKS_AFTER:
                    self._leave(task.job)
                elif task.job.key not in self.closed:
                    self._attempt(connector, task, source(task.job), done / max(len(tasks), 1))
                done += 1
            if part is recent and not self.fatal:
                self._differences(connector, recent)

    def _attempt(self, connector: Connector, task: Task, source: Source, share: float) -> None:
        entry = self.entries[task.job.key]
        self.tell(share, f"{connector.title}: {task.job.stream.title}")
        try:
            batch = sync_batch.collect(connector, task, task.job.stream.read(source, task.window))
            self._check()
            self._store(connector, task, batch, share)
        except AppError as error:
            self._failed(task, entry, error)
        except Stopped:
            raise
        except Exception as error:
            number = secrets.token_hex(4)
            log.exception("%s/%s failed, error %s", connector.platform, task.job.stream.name, number)
            self._failed(task, entry, _bug(error, number))

    def _store(self, connector: Connector, task: Task, batch: sync_batch.Batch, share: float) -> None:
        key, entry = task.job.key, self.entries[task.job.key]
        for left in reversed(range(_TRIES)):
            try:
                with self.database.write() as connection:
                    self._still_ours(connection)
                    stored = sync_store.store(connection, connector, task, self.cursors[key], batch)
                    after = Entry(**{**asdict(entry), "state": "ok"})
                    after.facts, after.posts = entry.facts + stored.facts, entry.posts + stored.posts
                    after.readings, after.windows = entry.readings + stored.readings, entry.windows + 1
                    after.left_days = sum(last - first + 1 for first, last in stored.cursor.pending)
                    self._note(connection, share, {**self.entries, key: after})
                break
            except StoreBusy:
                if not left:
                    raise
        self.cursors[key], self.entries[key] = stored.cursor, after
        self.broken = self.refused = 0
        if stored.took_readings:
            self.read_posts.add(task.job.account.id)

    def _failed(self, task: Task, entry: Entry, error: AppError) -> None:
        """What to do next depends on `recovery` and nothing else."""
        job = task.job
        window = (clock.epoch_day(task.window.first), clock.epoch_day(task.window.last))
        entry.reason, entry.hint = error.message, error.hint
        if error.recovery is Recovery.SKIP:
            self._skip(job, entry, window, error)
            return
        self.closed.add(job.key)
        if error.recovery is Recovery.FIX_CONFIG:
            self.fatal, entry.state = error, "not_permitted"
            self._mark_alone(job, window, State.NOT_PERMITTED, str(error))
        elif error.recovery is Recovery.RETRY:
            entry.state = "later"
            self.broken += 1
            wait_s = getattr(error, "retry_after_s", None)
            self.wait_s = wait_s if wait_s is None else max(float(wait_s), 1.0)
            self._mark_alone(job, window, State.NOT_YET, error.message)
        else:
            entry.state = "failed"
            log.error("%s/%s: %s %s", self.row.platform, job.stream.name, error, error.context)
            self._mark_alone(job, window, State.FAILED, str(error))

    def _skip(self, job: Job, entry: Entry, window: Range, error: AppError) -> None:
        """The window counts as read: there is nothing there. Twice in a row, and older days are not asked for."""
        cursor = self.cursors[job.key]
        self.refused += 1
        gone = window if self.refused < _BREAKS_AFTER else (min([window[0], *(one[0] for one in cursor.pending)]), window[1])
        span = records_window(gone)
        after = sync_plan.after(job, cursor, sync_plan.window(span, self.now), (), self.now)
        with self.database.write() as connection:
            self._still_ours(connection)
            self._mark(connection, job, gone, State.NOT_OFFERED, error.message)
            sync_store.save_cursor(connection, job, after)
        self.cursors[job.key] = after
        if gone != window:
            self.closed.add(job.key)
        entry.state = "ok" if entry.windows else "skipped"

    def _leave(self, job: Job) -> None:
        entry = self.entries[job.key]
        if entry.state == "waiting":
            entry.state, entry.reason = "later", "It was not this stream's turn any more."

    def _differences(self, connector: Connector, recent: list[Task]) -> None:
        """Daily numbers from readings, once all recent posts were read at this moment."""
        if not connector.daily_from_readings:
            return
        counters = set(connector.daily_from_readings)
        for job in {task.job.account.id: task.job for task in recent}.values():
            streams = [
                self.entries[task.job.key]
                for task in recent
                if task.job.account.id == job.account.id and counters & set(task.job.stream.metrics)
            ]
            if job.account.id in self.read_posts and all(one.state in {"ok", "skipped"} for one in streams):
                with self.database.write() as connection:
                    self._still_ours(connection)
                    made = daily.store(connection, connector, job.account, job.zone, self.now)
                streams[0].facts += made

    # -- what is said about it -----------------------------------------------------------------------------------

    def _note(self, connection: Connection, share: float, entries: dict[str, Entry]) -> None:
        runs.update(connection, self.row.workspace_id, self.id, progress=min(share, 1.0), **self._totals(entries))

    def _totals(self, entries: dict[str, Entry]) -> dict[str, object]:
        return {
            "facts": sum(one.facts for one in entries.values()),
            "posts": sum(one.posts for one in entries.values()),
            "readings": sum(one.readings for one in entries.values()),
            "requests": self.requests(),
            "streams": {key: asdict(one) for key, one in entries.items()},
        }

    def _mark_alone(self, job: Job, window: Range, state: State, reason: str) -> None:
        with self.database.write() as connection:
            self._still_ours(connection)
            self._mark(connection, job, window, state, reason)

    def _mark(self, connection: Connection, job: Job, window: Range, state: State, reason: str) -> None:
        if job.stream.windowed:
            marks = sync_coverage.failed(connection, job, window, state, reason)
            coverage.mark(connection, job.account.workspace_id, job.account.id, marks, clock.epoch_ms(self.now))

    def _outcome(self) -> tuple[str, str, str]:
        if self.fatal:
            return "failed", self.fatal.message, self.fatal.hint
        bad = [one for one in self.entries.values() if one.state in {"failed", "later"}]
        if not bad:
            return "ok", "", ""
        first = next((one for one in bad if one.hint or one.reason), bad[0])
        good = any(one.windows for one in self.entries.values())
        return ("partial" if good or self.wait_s is not None else "failed"), first.reason, first.hint

    def _finish(self, connector: Connector | None) -> None:
        outcome, reason, hint = self._outcome()
        with self.database.write() as connection:
            changes = self._next(connection, connector, outcome)
            if self.row.sync_requested_at is not None:
                fresh = connections.get(connection, self.row.workspace_id, self.row.id)
                if fresh.sync_requested_at == self.row.sync_requested_at:
                    changes["sync_requested_at"] = None
            connections.update(connection, self.row.workspace_id, self.row.id, **changes)
            runs.finish(
                connection,
                self.row.workspace_id,
                self.id,
                outcome,
                max(clock.utc_now(), self.now),
                reason=reason,
                hint=hint,
                **self._totals(self.entries),
            )
        self.tell(1.0, reason or "Done.")

    def _next(self, connection: Connection, connector: Connector | None, outcome: str) -> dict[str, object]:
        """What the run changes on the connection: its state, and when it runs next."""
        if self.fatal and (self.fatal.recovery is not Recovery.RETRY or connector is None):
            return {
                "state": "attention", "reason": self.fatal.message, "hint": self.fatal.hint, "next_run_at": None
            }  # fmt: skip
        state = {"state": "active", "reason": "", "hint": ""} if self.row.state in {"new", "attention"} else {}
        assert connector is not None
        later = any(one.state == "later" for one in self.entries.values()) or self.fatal is not None
        if later:
            failures = 1 + self._failed_before(connection)
            wait_s = self.wait_s
            due = sync_schedule.after_failure(connector, self.row.options, self.now, failures, wait_s)
            return {**({} if self.fatal else state), "next_run_at": clock.epoch_ms(due), **self._success(outcome)}
        due = sync_schedule.after_success(connector, self.row.options, self.now, self._newest_post(connection))
        return {**state, "next_run_at": clock.epoch_ms(due), **self._success(outcome)}

    def _success(self, outcome: str) -> dict[str, object]:
        good = outcome == "ok" or any(one.windows for one in self.entries.values())
        return {"last_success_at": clock.epoch_ms(self.now)} if good else {}

    def _failed_before(self, connection: Connection) -> int:
        count = 0
        for run in runs.newest(connection, self.row.workspace_id, self.row.id, limit=12):
            if run.id == self.id or run.outcome in {"interrupted", "running"}:
                continue
            if run.outcome == "ok":
                break
            count += 1
        return count

    def _newest_post(self, connection: Connection) -> datetime | None:
        accounts = [
            one.id for one in entities.accounts(connection, self.row.workspace_id, connection_id=self.row.id, selected=True)
        ]
        found = entities.posts(connection, self.row.workspace_id, account_ids=accounts, limit=1)
        return None if found.empty else clock.from_epoch_ms(int(found["published_at"].iloc[0]))

    def _interrupted(self) -> None:
        with self.database.write() as connection:
            runs.finish(
                connection,
                self.row.workspace_id,
                self.id,
                "interrupted",
                clock.utc_now(),
                reason=DIED,
                **self._totals(self.entries),
            )

    # -- stopping ------------------------------------------------------------------------------------------------

    def _source(self, client: object, job: Job) -> Source:
        account = records.Account(**{name: getattr(job.account, name) for name in records.Account.__slots__})
        posts = StoredPosts(self.database, job.account.workspace_id, job.account.id)
        return Source(client, account, posts)  # type: ignore[arg-type]

    def _check(self) -> None:
        if self.stop.is_set() or self.lease.lost.is_set():
            raise Stopped

    def _still_ours(self, connection: Connection) -> None:
        if not self.lease.renew_in(connection):
            raise Stopped

    def _sleep(self, seconds: float) -> None:
        """Wait for the platform, but not longer than until the program stops."""
        until = clock.monotonic() + seconds
        while (left := until - clock.monotonic()) > 0:
            self._check()
            clock.sleep(min(left, 0.25))
