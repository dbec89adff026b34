"""Whole processes against one database: killed in the middle of a write, and writing at the same time."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import text

from storage import facts
from storage.database import open_database

WORKSPACE = 7
DAYS = 400

WRITE = """
import sys
from pathlib import Path
from storage import facts
from storage.database import open_database
database = open_database(sys.argv[1], Path(sys.argv[2]))
for batch in range(1, 100000):
    with database.write() as connection:
        facts.write(connection, 7, [(1, 1, 0, day, 11, 0, float(batch)) for day in range(400)], batch)
        facts.write(connection, 7, [(2, 1, 0, day, 11, 0, float(batch)) for day in range(400)], batch)
    print(batch, flush=True)
"""


@pytest.mark.parametrize("after", [1, 6])
def test_it_loses_nothing_and_halves_nothing_when_killed(after, database_url, tmp_path):
    """What was reported as stored is there; the batch under way is there whole or not at all."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE, database_url, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    reported = [int(process.stdout.readline()) for _ in range(after)][-1]
    process.send_signal(signal.SIGKILL)
    reported = max([reported, *(int(line) for line in process.communicate()[0].split("\n")[:-1])])
    database = open_database(database_url, tmp_path)
    with database.read() as connection:
        found = facts.read(
            connection, WORKSPACE, metric_ids=[1, 2], grain=1, dimension_id=0, first_day=0, last_day=DAYS
        )
        revisions = connection.execute(text("SELECT count(*) FROM fact_revision")).scalar_one()
    assert len(found) == 2 * DAYS
    (stored,) = set(found["value"])
    assert reported <= stored <= reported + 1
    assert revisions == 2 * DAYS * (stored - 1)
    with database.write() as connection:
        assert facts.write(connection, WORKSPACE, [(1, 1, 0, 0, 11, 0, stored)], 10**9).same == 1
    database.close()


SHARE = """
import sys
from pathlib import Path
from storage import entities, facts, versions
from storage.database import open_database
database = open_database(sys.argv[1], Path(sys.argv[2]))
name, number = sys.argv[3], int(sys.argv[4])
for batch in range(25):
    with database.write() as connection:
        keys = {f"{name} {batch} {key}": "" for key in range(5)} | {f"both {batch}": ""}
        members = entities.member_ids(connection, 7, 1, keys)
        own = [(1, 1, 0, batch * 10 + day, number, 0, 1.0) for day in range(10)]
        shared = [(1, 1, 1, batch, 99, member, float(number)) for member in members.values()]
        facts.write(connection, 7, own + shared, batch * 2 + number)
"""


def test_it_takes_what_two_processes_write_at_once(database, database_url, tmp_path):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SHARE, database_url, str(tmp_path), name, str(number)],
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, number in (("a", 1), ("b", 2))
    ]
    outcomes = [(process.communicate()[1][-600:], process.returncode) for process in processes]
    assert [code for _, code in outcomes] == [0, 0], outcomes
    with database.read() as connection:
        members = connection.execute(text("SELECT id, key FROM member")).all()
        options = {"metric_ids": [1], "grain": 1, "first_day": 0, "last_day": 999}
        own = facts.read(connection, WORKSPACE, dimension_id=0, **options)
        shared = facts.read(connection, WORKSPACE, dimension_id=1, **options)
    assert len({member.id for member in members}) == len({member.key for member in members}) == 25 * 11
    assert own.groupby("account_id")["day"].nunique().to_dict() == {1: 250, 2: 250}
    assert set(shared["member_id"]) == {member.id for member in members}
    # Of each fact both wrote, one value stands and the other became its past.
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM fact_revision")).scalar_one() == 25
