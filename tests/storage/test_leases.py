"""Leases: one holder at a time, whoever asks, for as long as it keeps saying so."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from storage import leases

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def acquire(database, holder, seconds=0, ttl_s=30):
    with database.write() as connection:
        return leases.acquire(connection, "lead", holder, ttl_s, NOW + timedelta(seconds=seconds))


def holder(database, seconds=0):
    with database.read() as connection:
        found = leases.held(connection, "lead", NOW + timedelta(seconds=seconds))
    return found and found.holder


def test_it_gives_a_lease_to_one(database):
    assert acquire(database, "a")
    assert not acquire(database, "b", 29)
    assert acquire(database, "a", 29)
    assert holder(database, 30) == "a"


def test_it_gives_a_lease_on_when_it_has_run_out(database):
    acquire(database, "a")
    assert holder(database, 30) is None
    assert acquire(database, "b", 30)
    with database.write() as connection:
        assert not leases.renew(connection, "lead", "a", 30, NOW + timedelta(seconds=31))
    assert holder(database, 31) == "b"


def test_it_keeps_a_renewed_lease(database):
    acquire(database, "a")
    with database.write() as connection:
        assert leases.renew(connection, "lead", "a", 30, NOW + timedelta(seconds=20))
    assert not acquire(database, "b", 45)
    with database.read() as connection:
        assert leases.last(connection, "lead").beat_at == int((NOW + timedelta(seconds=20)).timestamp() * 1000)


def test_it_takes_a_lease_back_only_from_its_holder(database):
    acquire(database, "a")
    with database.write() as connection:
        leases.release(connection, "lead", "b")
    assert holder(database) == "a"
    with database.write() as connection:
        leases.release(connection, "lead", "a")
    assert holder(database) is None


ASK = """
import sys
from datetime import datetime
from pathlib import Path
from storage import leases
from storage.database import open_database
database = open_database(sys.argv[1], Path(sys.argv[2]))
won = []
for number in range(30):
    with database.write() as connection:
        if leases.acquire(connection, f"job {number}", sys.argv[4], 60, datetime.fromisoformat(sys.argv[3])):
            won.append(number)
print(won)
"""


def test_it_gives_every_lease_to_exactly_one_of_two_processes(database, database_url, tmp_path):
    command = [sys.executable, "-c", ASK, database_url, str(tmp_path), NOW.isoformat()]
    processes = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in ("a", "b")]
    won = [eval(process.communicate()[0]) for process in processes]
    assert sorted(won[0] + won[1]) == list(range(30))
