"""The jobs that make, send and tidy reports."""

import threading
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta

from core import clock
from scheduler.job import Context
from scheduler.jobs import deliveries, reports, tidy_reports
from services.reports import archive, delivery
from tests.alerts.postbox import Postbox, serving
from tests.services.reports.office import PEOPLE, Office, settings

EIGHT = datetime(2026, 10, 19, 6, 0, 5, tzinfo=UTC)


class AtOnce(Executor):
    """Does it at once, and counts."""

    def __init__(self):
        self.count = 0

    def submit(self, fn, /, *args, **kwargs):
        self.count += 1
        done: Future = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def test_it_makes_sends_and_forgets(database, monkeypatch):
    moment = EIGHT
    monkeypatch.setattr(clock, "utc_now", lambda: moment)
    office, pool = Office(database), AtOnce()
    office.schedule()
    context = Context(database, threading.Event(), pool)
    with serving(Postbox()) as box:
        settings(monkeypatch, box)
        for _ in range(2):
            reports.run(context)
            deliveries.run(context)
        assert sorted(mail.to[0] for mail in box.mails) == sorted(PEOPLE)
    assert pool.count == 1
    moment += timedelta(days=archive.KEPT_DAYS, seconds=1)
    tidy_reports.run(context)
    assert archive.all_made(office.viewer) == ([], 0)
    assert delivery.log_of(office.viewer) == []


def test_it_begins_nothing_when_the_program_ends(database, monkeypatch):
    monkeypatch.setattr(clock, "utc_now", lambda: EIGHT)
    office = Office(database)
    office.schedule()
    stopped = threading.Event()
    stopped.set()
    context = Context(database, stopped, AtOnce())
    reports.run(context)
    deliveries.run(context)
    assert [one.state for one in archive.all_made(office.viewer)[0]] == ["waiting"]
