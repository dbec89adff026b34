"""Made reports on their way to people: each recipient gets each run once, and everything that happened can be read.

A delivery is claimed, then its message is handed over, then it is sent. What was cut off before the moment from which
it may have arrived is sent again; what was cut off after it is in doubt, and only a person sends it once more.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock, config
from core.errors import AppError, MayHaveArrived, RateLimited, Recovery, SourceUnavailable, Superseded
from core.kept import kept, retold
from core.language import mark, tr
from core.viewer import Right, Viewer, owner
from services.installation.leasing import Lease
from services.reports import archive, letters, targets
from services.reports.targets import Target
from services.sending import channels
from storage import database, deliveries, leases, mailing, reports, schedules, workspaces
from storage.database import Connection, Database
from storage.deliveries import DOUBT, FAILED, HANDING, SENDING, SENT, STOPPED, WAITING, DeliveryRow

log = logging.getLogger(__name__)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
"""How long to wait after the first, second ... attempt; there is one attempt more than waits."""
LEASE_S = 15.0
STATES = {
    WAITING: mark("waits"),
    SENDING: mark("being sent"),
    HANDING: mark("being sent"),
    SENT: mark("sent"),
    FAILED: mark("not delivered"),
    STOPPED: mark("stopped"),
    DOUBT: mark("may have arrived"),
}
_DOUBT = mark("It was handed over and then cut off: it may have arrived. Nothing is sent twice by itself.")
_UNSUBSCRIBED = mark("The recipient is no longer on the list, or has unsubscribed.")
_NO_REPORT = mark("There is no report to send: it could not be made, or was removed.")
_STRANGE = mark("It could not be sent; the log says why.")
_NOT_TO = kept("Not delivered to {whom}.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery as people see it: of which report, to whom, and how far it is. `state` is one of `STATES`; `can_again`
    says whether `again` may be called for it, `at` when it last changed."""

    id: int
    run_id: int
    title: str
    way: str
    to: str
    state: str
    attempts: int
    at: datetime
    next_try: datetime | None
    problem: str
    can_again: bool


def log_of(
    viewer: Viewer, *, run_id: int | None = None, schedule_id: int | None = None, open_only: bool = False,
    limit: int = 200,
) -> list[Sent]:  # fmt: skip
    """The delivery log, newest first: of a made report, of a schedule, or of the workspace. `open_only` leaves what
    needs a person: what was not delivered, and what may have arrived."""
    viewer.require(Right.READ)
    states = (FAILED, DOUBT) if open_only else ()
    with database.current().read() as connection:
        rows = deliveries.all_of(
            connection, viewer.workspace_id, run_id=run_id, schedule_id=schedule_id, states=states, limit=limit
        )
        named = {one.id: one.name for one in channels.in_store(connection, viewer.workspace_id)}
        titles = {id_: run.title for id_ in {row.run_id for row in rows}
                  if (run := reports.run(connection, viewer.workspace_id, id_))}  # fmt: skip
    return [_told(row, titles.get(row.run_id, ""), named) for row in rows]


def again(viewer: Viewer, delivery_id: int, *, now: datetime) -> bool:
    """Send once more what was not delivered, may have arrived, or did arrive; False where it is on its way."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        return deliveries.again(connection, viewer.workspace_id, delivery_id, now)


def stop(viewer: Viewer, delivery_id: int) -> bool:
    """Do not send what still waits; False where it is too late for that."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        return deliveries.stop_one(connection, viewer.workspace_id, delivery_id, mark("Somebody stopped it."))


def send(viewer: Viewer, run_id: int, to: list[Target], formats: list[str], *, now: datetime) -> int:
    """Send a made report from the archive; answers to how many. Who got it already does not get it again. Raises
    NotFound."""
    viewer.require(Right.MANAGE)
    archive.find(viewer, run_id)
    targets.check(viewer, to)
    with database.current().write() as connection:
        return targets.queue(connection, viewer.workspace_id, run_id, to, formats, schedule_id=None, now=now)


def send_due(store: Database, *, stop: threading.Event | None = None) -> int:
    """Send what is due, one after the other, until nothing is or `stop` is set; answers how many attempts that took."""
    _clear(store)
    due, count = _due(store), 0
    if not due:
        return 0
    sender = _Sender(store)
    for row in due:
        if stop is not None and stop.is_set():
            break
        count += sender.send(row)
    return count


def _due(store: Database) -> list[DeliveryRow]:
    """What is due now, report by report. What comes meanwhile has its turn next time."""
    now = clock.utc_now()
    with store.read() as connection:
        return [row for one in workspaces.list_all(connection) for row in deliveries.due(connection, one.id, now)]


def _clear(store: Database) -> None:
    """What processes left behind that died: not handed over yet waits again, the rest is in doubt. What waits for a
    report that does not come is stopped."""
    now = clock.utc_now()
    with store.read() as connection:
        ids = [one.id for one in workspaces.list_all(connection)]
        begun = [row for one in ids for row in deliveries.under_way(connection, one)]
        left = [row for row in begun if leases.held(connection, _lease_name(row), now) is None]
        hopeless = [(one, run_id) for one in ids for run_id in deliveries.hopeless(connection, one)]
    if not left and not hopeless:
        return
    with store.write() as connection:
        for row in left:
            state, why = (DOUBT, _DOUBT) if row.state == HANDING else (WAITING, "")
            if deliveries.end(connection, row, state, problem=why, try_at=now, was=row.state) and why:
                _tell_owner(connection, row, why)
        for workspace_id, run_id in hopeless:
            deliveries.stop(connection, workspace_id, run_id, _NO_REPORT)


def tidy(store: Database) -> int:
    """Forget the deliveries of reports that are no longer in the archive; answers how many."""
    with store.write() as connection:
        return sum(deliveries.forget_gone(connection, one.id) for one in workspaces.list_all(connection))


def _lease_name(row: DeliveryRow) -> str:
    return f"delivery/{row.id}"


class _Sender:
    """One round of sending: what cannot be reached once is not tried again for every recipient."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._config = config.load()
        self._down: dict[str, AppError] = {}
        self._parcel: letters.Parcel | None = None

    def send(self, row: DeliveryRow) -> bool:
        """Try once, and note how it ended; False where another process was faster."""
        lease = Lease(self._store, _lease_name(row), LEASE_S)
        if not lease.take():
            return False
        lease.keep()
        try:
            with self._store.write() as connection:
                claimed = deliveries.claim(connection, row, clock.utc_now())
            if claimed is not None:
                self._try(claimed)
            return claimed is not None
        finally:
            lease.release()

    def _try(self, row: DeliveryRow) -> None:
        try:
            if self._is_unsubscribed(row):
                self._end(row, STOPPED, _UNSUBSCRIBED)
                return
            if (known := self._down.get(row.way)) is not None:
                raise known
            self._hand(row)
        except Superseded:
            log.warning("Delivery %d is another process's by now.", row.id)
        except MayHaveArrived as error:
            self._end(row, DOUBT, error.message or _DOUBT)
        except AppError as error:
            if isinstance(error, SourceUnavailable) and error.of_all:
                self._down[row.way] = error
            self._not_sent(row, error)
        except Exception:
            log.exception("Delivery %d failed", row.id)
            self._not_sent(row, SourceUnavailable(_STRANGE))
        else:
            self._end(row, SENT)

    def _hand(self, row: DeliveryRow) -> None:
        viewer, way = owner(row.workspace_id), channels.ways()[row.way]
        if self._parcel is None or not self._parcel.is_for(row):
            self._parcel = letters.pack(viewer, row.run_id, tuple(row.formats), now=clock.utc_now())
        to = channels.address(row.workspace_id, int(row.to_whom)) if way.is_secret else row.to_whom
        message = letters.write(self._parcel, row)

        def handing_over() -> None:
            with self._store.write() as connection:
                if not deliveries.hand_over(connection, row):
                    raise Superseded(_STRANGE)

        answer = way.send(message, to, self._config, handing_over)
        log.info("Delivery %d (%s) was taken: %s", row.id, row.way, answer)

    def _not_sent(self, row: DeliveryRow, error: AppError) -> None:
        """Later, where that may help and was not tried too often; else never."""
        now, problem = clock.utc_now(), f"{error.message} {error.hint}".strip()
        if error.recovery is Recovery.RETRY and row.attempts <= len(BACK_OFF):
            wait = BACK_OFF[row.attempts - 1]
            if isinstance(error, RateLimited):
                wait = max(wait, timedelta(seconds=error.retry_after_s))
            self._end(row, WAITING, problem, try_at=now + wait)
        else:
            self._end(row, FAILED, problem)

    def _end(self, row: DeliveryRow, state: str, problem: str = "", try_at: datetime | None = None) -> None:
        sent_at = clock.utc_now() if state == SENT else None
        with self._store.write() as connection:
            deliveries.end(connection, row, state, problem=problem, sent_at=sent_at, try_at=try_at)
            if problem and state != STOPPED:
                _tell_owner(connection, row, problem)
        if problem:
            log.warning("Delivery %d (%s), attempt %d, is now %s: %s", row.id, row.way, row.attempts, state, problem)

    def _is_unsubscribed(self, row: DeliveryRow) -> bool:
        if row.recipient_id is None:
            return False
        with self._store.read() as connection:
            found = mailing.recipient(connection, row.workspace_id, row.recipient_id)
        return found is None or found.unsubscribed_at is not None


def _tell_owner(connection: Connection, row: DeliveryRow, problem: str) -> None:
    """With the schedule, where the owner looks; the log of deliveries has it besides."""
    if row.schedule_id is None:
        return
    whom = row.to_whom
    if row.way != targets.MAIL:
        found = channels.find(connection, row.workspace_id, int(row.to_whom))
        whom = found.name if found else mark("a removed channel")
    told = f"{_NOT_TO.format(whom=whom)} {problem}"
    schedules.change(connection, row.workspace_id, row.schedule_id, problem=told)


def _told(row: DeliveryRow, title: str, named: dict[int, str]) -> Sent:
    to = row.to_whom if row.way == targets.MAIL else named.get(int(row.to_whom), tr("a removed channel"))
    moments = [one for one in (row.sent_at, row.begun_at, row.try_at) if one is not None]
    waits = row.state == WAITING
    return Sent(
        row.id, row.run_id, title or tr("a removed report"), row.way, to, row.state, row.attempts,
        clock.from_epoch_ms(moments[0]), clock.from_epoch_ms(row.try_at) if waits else None, retold(row.problem),
        row.state in {FAILED, STOPPED, DOUBT, SENT},
    )  # fmt: skip
