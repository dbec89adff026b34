"""One sync of one connection: plan, read window by window, store, and say how it went."""

from __future__ import annotations

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from connectors.base import Connector, Source, Stream, Window
from connectors.http import Client
from core import clock, records
from core.errors import AppError, CapReached, NotConnected, NotFound, NotOffered, Recovery, StoreBusy
from core.kept import kept
from core.language import mark
from core.records import State
from services.connecting import credentials, platforms
from services.installation.leasing import Lease
from services.sync import collecting, daily, marking, planning, refusals, reporting, resting, rhythm, storing
from services.sync.known_posts import StoredPosts
from services.sync.planning import Cursor, Job, Range, Task
from services.sync.reporting import Entry, Report
from storage import connections, coverage, entities, runs, sql, studies
from storage.database import Connection, Database
from storage.entities import AccountRow

log = logging.getLogger(__name__)
Progress = Callable[[float, str], None]
DIED = mark("The program was stopped in the middle. What was read is kept; the next sync goes on from there.")
_REFUSED, _AGAIN = kept("The permission {scope} was not granted."), kept("Connect {title} again.")
_UNEXPECTED = kept("Something unexpected happened while reading ({name}). Error {number}.")
FORCED = frozenset({"request", runs.NOTICE})
BY_ITSELF = frozenset({"schedule", "connect", "rehearsal", runs.NOTICE})
"""Why a sync runs without anybody asking for it: these leave a person's wishes for the next one."""
_BREAKS_AFTER = 2
_TRIES = 3


class Stopped(Exception):
    """The program is stopping, or another process has taken over."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why a sync runs, and what of it: days to read again, a gateway instead of the connection's, streams by name.
    `recent_only` leaves the past to the next sync."""

    trigger: str = "schedule"
    days: tuple[date, date] | None = None
    gateway: str | None = None
    only: Callable[[str], bool] | None = None
    recent_only: bool = False

    @property
    def whole(self) -> bool:
        """Whether it is to read all that is due, not only what a notice told of."""
        return self.trigger != runs.NOTICE


class Run:
    """A sync under way. `execute` is the only thing to call."""

    def __init__(
        self,
        database: Database,
        lease: Lease,
        where: tuple[int, int],
        now: datetime,
        asked: Asked,
        *,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self.database, self.lease, self.now, self.asked = database, lease, now, asked
        self.stop = stop or threading.Event()
        self.tell = progress or (lambda _share, _text: None)
        self.report = Report()
        self.cursors: dict[str, Cursor] = {}
        self.client: Client | None = None
        self._closed: set[str] = set()
        self._with_readings: set[int] = set()
        self._skips: Counter[str] = Counter()
        self._broken = 0
        self._in_vain = 0
        self._past = False
        with database.write() as connection:
            self.row = connections.get(connection, *where)
            runs.interrupt(connection, *where, clock.utc_now(), DIED)
            self.id = runs.start(connection, *where, asked.trigger, now)

    def execute(self) -> int:
        """Read everything that is due. Returns the run's id; how it went stands on its row."""
        try:
            self._execute()
        except Stopped:
            with self.database.write() as connection:
                moment, totals = clock.utc_now(), self.report.totals(self._requests)
                runs.finish(connection, self.row.workspace_id, self.id, "interrupted", moment, reason=DIED, **totals)
        return self.id

    def _execute(self) -> None:
        try:
            connector = platforms.connector(self.row.platform)
            self.client = platforms.client(self.database, self.row, gateway=self.asked.gateway, sleep=self._sleep)
            tasks = planning.tasks(self._plan(connector), self.now)
            self._read(connector, [one for one in tasks if not self.asked.recent_only or planning.is_recent(one)])
        except AppError as error:
            log.warning("%s cannot be read: %s", self.row.platform, error)
            self.report.fatal = error
        known = platforms.connectors().get(self.row.platform)
        self.report.asked = self._requests > self._in_vain
        with self.database.write() as connection:
            self._still_ours(connection)
            if self._past and self.report.complete:
                studies.expire(connection, self.row.workspace_id)
            reporting.close(
                connection,
                self.id,
                self.row,
                known,
                self.report,
                requests=self._requests,
                now=self.now,
                trigger=self.asked.trigger,
            )
        self.tell(1.0, self.report.outcome()[1] or "Done.")

    @property
    def _requests(self) -> int:
        return self.client.requests_made if self.client else 0

    # What is to be read

    def _plan(self, connector: Connector) -> list[Job]:
        """Every stream with its cursor. Days to read are noted in the cursors before anything is read."""
        granted = credentials.VaultTokens(self.database, self.row.workspace_id, self.row.id).load().scopes
        with self.database.write() as connection:
            accounts = entities.accounts(connection, self.row.workspace_id, connection_id=self.row.id, selected=True)
            if not accounts:
                raise NotConnected(
                    mark("No account is chosen."), hint=mark("Choose at least one account of this connection.")
                )
            on = [stream for stream in connector.streams if rhythm.is_on(stream, self.row.options)]
            chosen = [stream for stream in on if not self.asked.only or self.asked.only(stream.name)]
            every = [self._job(connection, connector, account, stream) for account in accounts for stream in chosen]
            jobs = [job for job in every if self._is_permitted(connection, connector, job, granted)]
            for job in jobs:
                if job.stream.windowed:
                    storing.save_cursor(connection, job, job.cursor)
            self._forget_asked(connection)
        return jobs

    def _job(self, connection: Connection, connector: Connector, account: AccountRow, stream: Stream) -> Job:
        job = planning.prepare(
            connector,
            account,
            rhythm.as_chosen(connector, self.row.options, stream),
            runs.cursor(connection, account.workspace_id, account.id, stream.name),
            self.now,
            asked=self._asked_days(),
            forced=self.asked.trigger in FORCED,
            cadence=rhythm.cadence(connector, self.row.options),
        )
        self.cursors[job.key] = job.cursor
        state = "waiting" if job.due or job.cursor.pending else "ok"
        self.report.entries[job.key] = Entry(
            account.name, stream.name, stream.title, state, left_days=reporting.left_days(job.cursor), notes=job.notes
        )
        return job

    def _asked_days(self) -> Range | None:
        if self.asked.days:
            return clock.epoch_day(self.asked.days[0]), clock.epoch_day(self.asked.days[1])
        kept = self.row.options.get("backfill") if self.asked.whole else None
        return (int(kept[0]), int(kept[1])) if kept else None

    def _forget_asked(self, connection: Connection) -> None:
        if self.asked.trigger not in BY_ITSELF:
            resting.release(connection, self.row)
        options = dict(connections.get(connection, self.row.workspace_id, self.row.id).options)
        if self.asked.whole and options.pop("backfill", None):
            connections.update(connection, self.row.workspace_id, self.row.id, options=options)

    def _is_permitted(self, connection: Connection, connector: Connector, job: Job, granted: tuple[str, ...]) -> bool:
        missing = marking.without_scopes(job.stream, granted)
        if missing:
            reason, hint = _REFUSED.format(scope=missing[0]), _AGAIN.format(title=connector.title)
            entry = self.report.entries[job.key]
            self.report.entries[job.key] = replace(entry, state="not_permitted", reason=reason, hint=hint)
            days = (job.today - job.stream.history_days + 1, job.today)
            self._mark(connection, job, days, State.NOT_PERMITTED, f"{reason} {hint}")
        return not missing

    # Reading

    def _read(self, connector: Connector, tasks: list[Task]) -> None:
        recent = [task for task in tasks if planning.is_recent(task)]
        self._read_some(connector, recent, 0, len(tasks))
        if not self.report.fatal:
            self._differences(connector, recent)
        self._past = len(tasks) > len(recent)
        self._read_some(connector, tasks[len(recent) :], len(recent), len(tasks))

    def _read_some(self, connector: Connector, tasks: list[Task], done: int, n: int) -> None:
        for place, task in enumerate(tasks, start=done):
            self._check()
            if self.report.fatal or self.report.wait_s is not None or self._broken >= _BREAKS_AFTER:
                self._leave(task.job)
            elif task.job.key not in self._closed:
                self.tell(place / n, f"{connector.title}: {task.job.stream.title}")
                self._attempt(connector, task, (place + 1) / n)

    def _attempt(self, connector: Connector, task: Task, share: float) -> None:
        before = self._requests
        try:
            found = task.job.stream.read(self._source(task.job), task.window)
            batch = collecting.collect(connector, task, found)
            self._check()
            self._store(connector, task, batch, share)
        except AppError as error:
            self._failed(task, error)
            self._in_vain += self._requests - before
        except Stopped:
            raise
        except Exception as error:
            number = secrets.token_hex(4)
            log.exception("%s/%s failed, error %s", connector.platform, task.job.stream.name, number)
            text = _UNEXPECTED.format(name=type(error).__name__, number=number)
            self._failed(task, AppError(text, hint=mark("Its details stand in the log under this number.")))

    def _store(self, connector: Connector, task: Task, batch: collecting.Batch, share: float) -> None:
        for left in reversed(range(_TRIES)):
            try:
                self._store_once(connector, task, batch, share)
                return
            except StoreBusy:
                if not left:
                    raise

    def _store_once(self, connector: Connector, task: Task, batch: collecting.Batch, share: float) -> None:
        key = task.job.key
        with self.database.write() as connection:
            self._still_ours(connection)
            stored = storing.store(connection, connector, task, self.cursors[key], batch)
            entry = self.report.entries[key].with_window(stored)
            totals = Report({**self.report.entries, key: entry}).totals(self._requests)
            runs.update(connection, self.row.workspace_id, self.id, progress=min(share, 0.99), **totals)
        self.cursors[key], self.report.entries[key] = stored.cursor, entry
        self._broken = self._skips[key] = 0
        if stored.took_readings:
            self._with_readings.add(task.job.account.id)

    def _differences(self, connector: Connector, recent: list[Task]) -> None:
        """Daily numbers from readings, once all recent posts of an account were read at this moment."""
        counters = set(connector.daily_from_readings)
        for job in {task.job.account.id: task.job for task in recent}.values():
            keys = [
                task.job.key
                for task in recent
                if task.job.account.id == job.account.id and _feeds(task.job.stream, counters)
            ]
            good = all(self.report.entries[key].state in reporting.GOOD for key in keys)
            if job.account.id in self._with_readings and keys and good:
                with self.database.write() as connection:
                    self._still_ours(connection)
                    whole = self._read_whole(connector, job)
                    made = daily.store(connection, connector, job.account, job.zone, self.now, complete=whole)
                entry = self.report.entries[keys[0]]
                self.report.entries[keys[0]] = replace(entry, facts=entry.facts + made)

    def _read_whole(self, connector: Connector, job: Job) -> bool:
        """Whether every stream that reads counters of posts took its turn, those for older posts too."""
        if not self.asked.whole:
            return False
        counters = set(connector.daily_from_readings)
        keys = [f"{job.account.id}/{one.name}" for one in connector.streams if _feeds(one, counters)]
        entries = [self.report.entries[key] for key in keys if key in self.report.entries]
        return all(entry.windows or entry.state in {"skipped", "not_permitted"} for entry in entries)

    # When something goes wrong

    def _failed(self, task: Task, error: AppError) -> None:
        """What happens next depends on `recovery` and nothing else."""
        if error.recovery is Recovery.SKIP:
            self._skip(task, error)
        elif error.recovery is Recovery.FIX_CONFIG:
            self.report.fatal = error
            self._end(task, "not_permitted", State.NOT_PERMITTED, error)
        elif error.recovery is Recovery.GRANT:
            self.report.ungranted = self.report.ungranted or error
            self._end(task, "not_permitted", State.NOT_PERMITTED, error)
        elif error.recovery is Recovery.REST:
            self._rest(task, error)
        elif error.recovery is Recovery.RETRY:
            self._broken += 1
            wait_s = getattr(error, "retry_after_s", None)
            self.report.wait_s = None if wait_s is None else float(wait_s)
            self._end(task, "later", State.NOT_YET, error)
        else:
            log.error("%s/%s: %s %s", self.row.platform, task.job.stream.name, error, error.context)
            self._end(task, "failed", State.FAILED, error)

    def _rest(self, task: Task, error: AppError) -> None:
        """A budget of ours, or the platform's own limit, is used up; what was not refused goes on."""
        if isinstance(error, CapReached) and error.until is None and self.client:
            error = resting.hold(self.database, self.row, self.client.connector, self.client, error)
        until = getattr(error, "until", None)
        self.report.rests_until = min(filter(None, (self.report.rests_until, until)), default=None)
        self._end(task, "resting", State.NOT_YET, error)

    def _end(self, task: Task, state: str, coverage_state: State, error: AppError) -> None:
        """This stream ends here; the cursor stays where it was."""
        key = task.job.key
        self._closed.add(key)
        self.report.entries[key] = self.report.entries[key].ended(state, error)
        with self.database.write() as connection:
            self._still_ours(connection)
            self._mark(connection, task.job, planning.span(task.window), coverage_state, str(error))

    def _skip(self, task: Task, error: AppError) -> None:
        """There is nothing in this window. After the second in a row, older days are not asked for."""
        job, window, key = task.job, task.window, task.job.key
        self._skips[key] += 1
        if self._skips[key] >= _BREAKS_AFTER:
            oldest = min([first for first, _ in self.cursors[key].pending] or [planning.span(window)[0]])
            window = Window(clock.from_epoch_day(oldest), window.last, self.now)
            self._closed.add(key)
        cursor = planning.after(job, self.cursors[key], window, (), self.now)
        told = NotOffered(refusals.of_stream(platforms.title(self.row.platform), error.message), hint=error.hint)
        with self.database.write() as connection:
            self._still_ours(connection)
            self._mark(connection, job, planning.span(window), State.NOT_OFFERED, told.message)
            storing.save_cursor(connection, job, cursor)
        self.cursors[key] = cursor
        entry = self.report.entries[key]
        self.report.entries[key] = entry.ended("ok" if entry.windows else "skipped", told)

    def _leave(self, job: Job) -> None:
        entry = self.report.entries[job.key]
        if entry.state in {"waiting", "ok"}:
            self.report.entries[job.key] = replace(entry, state="later")

    def _mark(self, connection: Connection, job: Job, days: Range, state: State, reason: str) -> None:
        marks = marking.failed(connection, job, days, state, reason)
        coverage.mark(connection, job.account.workspace_id, job.account.id, marks, clock.epoch_ms(self.now))

    # What a stream reads with, and stopping

    def _source(self, job: Job) -> Source:
        assert self.client is not None  # noqa: S101  (made before anything is planned)
        account = records.Account(**{name: getattr(job.account, name) for name in records.Account.__slots__})
        posts = StoredPosts(self.database, job.account.workspace_id, job.account.id)
        ran_at = job.cursor.ran_at
        return Source(self.client, account, posts, None if ran_at is None else clock.from_epoch_ms(ran_at))

    def _check(self) -> None:
        if self.stop.is_set() or self.lease.lost.is_set():
            raise Stopped

    def _still_ours(self, connection: Connection) -> None:
        """Stop when another process has taken over, or the connection was deleted: nothing may come back to life."""
        sql.lock_workspace(connection, self.row.workspace_id)
        if not self.lease.renew_in(connection):
            raise Stopped
        try:
            connections.get(connection, self.row.workspace_id, self.row.id)
        except NotFound:
            raise Stopped from None

    def _sleep(self, seconds: float) -> None:
        """Wait for the platform, but no longer than until the program stops."""
        until = clock.monotonic() + seconds
        while (left := until - clock.monotonic()) > 0:
            self._check()
            clock.sleep(min(left, 0.25))


def _feeds(stream: Stream, counters: set[str]) -> bool:
    """Whether daily numbers are made from what the stream reads now; history brings counters, too, but of no day."""
    return bool(counters & set(stream.metrics)) and not stream.lifetime
