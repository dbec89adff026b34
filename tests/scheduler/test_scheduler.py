"""The scheduler in real processes, killed in the middle of its work."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core import clock
from scheduler import lease as scheduler_lease
from services import sync
from storage import connections, leases, runs
from tests.services import harbour
from tests.services.harbour import Harbour
from tests.services.test_sync import everything, read

ROOT = Path(__file__).parents[2]


@pytest.fixture
def quay():
    made = Harbour(delay_s=0.02)
    server = harbour.serve(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def processes():
    made = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.harbour", *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        made.append(process)
        return process

    yield start
    for process in made:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(what, seconds=40):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def expire(database, name):
    """As if the lease's time had passed."""
    with database.write() as connection:
        if held := leases.last(connection, name):
            leases.release(connection, name, held.holder)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_it_loses_and_doubles_nothing_when_a_sync_is_killed(
    monkeypatch, database, database_url, tmp_path, quay, processes, signal_number
):
    harbour.install(monkeypatch, harbour.slower(0))
    whole = harbour.connect(database, quay)
    sync.sync_connection(*whole[:2], now=harbour.NOW)
    expected, wanted = everything(database), read(database, whole, "views")
    with database.write() as connection:
        for table in ("fact", "fact_revision", "reading", "post", "coverage", "stream_cursor", "sync_run"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    for windows in (9, 40):
        process = processes("sync", database_url, tmp_path, *whole[:2])
        before = len(quay.asked)
        wait_for(lambda before=before, windows=windows: len(quay.asked) > before + windows)
        process.send_signal(signal_number)
        assert process.wait(10) is not None
        expire(database, f"sync/{whole[1]}")
        assert len(read(database, whole, "views")) < len(wanted)
    last = processes("sync", database_url, tmp_path, *whole[:2])
    assert last.wait(60) == 0, last.stdout.read()
    assert everything(database) == expected
    with database.read() as connection:
        outcomes = [run.outcome for run in runs.newest(connection, whole[0], whole[1])]
    assert outcomes == ["ok", "interrupted", "interrupted"]


def test_it_lets_one_lead_and_another_take_over(database, database_url, tmp_path, quay, processes):
    workspace, made, _ = harbour.connect(database, quay, now=clock.utc_now())
    first, second = (processes("scheduler", database_url, tmp_path) for _ in range(2))
    assert "running" in first.stdout.readline() + second.stdout.readline()

    def leader():
        with database.read() as connection:
            return leases.held(connection, scheduler_lease.NAME, clock.utc_now())

    def synced():
        with database.read() as connection:
            return [run for run in runs.newest(connection, workspace, made) if run.outcome == "ok"]

    held = wait_for(leader)
    wait_for(synced)
    assert len(synced()) == 1
    pids = {str(process.pid): process for process in (first, second)}
    leading = pids[held.holder.split("/")[1]]
    leading.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert leading.wait(10) == 0
    assert time.monotonic() - began < 10
    taken = wait_for(lambda: (now := leader()) and now.holder != held.holder and now)
    assert pids[taken.holder.split("/")[1]] is not leading
    with database.write() as connection:
        connections.update(connection, workspace, made, sync_requested_at=clock.epoch_ms(clock.utc_now()))
    asked = time.monotonic()
    wait_for(lambda: len(synced()) == 2)
    assert time.monotonic() - asked < 15
    with database.read() as connection:
        assert connections.get(connection, workspace, made).sync_requested_at is None
        assert runs.newest(connection, workspace, made)[0].trigger == "request"


def test_it_stops_in_time_while_a_sync_waits_for_the_platform(database, database_url, tmp_path, quay, processes):
    quay.delay_s = 30.0
    harbour.connect(database, quay, now=clock.utc_now())
    process = processes("scheduler", database_url, tmp_path)
    wait_for(lambda: quay.asked)
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    assert process.wait(12) == 0
    assert time.monotonic() - began <= 10


def test_it_runs_alone_and_says_what_is_wrong():
    environment = {**os.environ, "DATABASE_URL": "nonsense"}
    done = subprocess.run(
        [sys.executable, "-m", "scheduler"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("The scheduler cannot start. DATABASE_URL")
    assert "Traceback" not in done.stderr
