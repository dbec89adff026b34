import threading

import pytest

from core.registry import discover
from scheduler.job import Job
from scheduler.pool import DaemonPool


def test_it_does_the_work_and_hands_on_errors():
    pool = DaemonPool(2)
    assert pool.submit(pow, 2, 5).result(5) == 32
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(5)
    pool.shutdown()


def test_it_cancels_what_has_not_begun():
    pool, begun, go = DaemonPool(1), threading.Event(), threading.Event()
    first = pool.submit(lambda: (begun.set(), go.wait(5)))
    begun.wait(5)
    second = pool.submit(pow, 2, 2)
    pool.shutdown(wait=False, cancel_futures=True)
    go.set()
    first.result(5)
    pool.join(5)
    assert second.cancelled()
    with pytest.raises(RuntimeError):
        pool.submit(pow, 2, 2)


def test_it_finds_every_job():
    assert {"sync_due", "tidy_up"} <= discover("scheduler.jobs", "JOB", Job).keys()
