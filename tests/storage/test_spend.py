"""Spending: never more than the budget, whoever reads; the same thing once a day; nothing forgotten."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import BudgetReached
from core.ports import Purchase
from storage import connections, spend, workspaces
from storage.spend import SqlMeter, Terms

NOW = datetime(2026, 11, 30, 22, tzinfo=UTC)
TERMS = Terms("Acme", {"post": 0.005, "user": 0.01}, 1.0)


@pytest.fixture
def where(database):
    with database.write() as connection:
        workspace = workspaces.create(connection, "Quayside", now=NOW)
        return workspace, connections.add(connection, workspace, "acme", "Acme", now=NOW)


@pytest.fixture
def meter(database, where):
    return SqlMeter(database, *where, TERMS)


def posts(count):
    return Purchase({}, {"post": count})


def these(*ids):
    return Purchase({"post": ids}, {})


def spent(database, where, month=202611):
    with database.read() as connection:
        return {one.kind: (one.things, round(one.cost, 6), round(one.set_aside, 6))
                for one in spend.of_month(connection, *where, month)}  # fmt: skip


def set_budget(database, where, amount):
    with database.write() as connection:
        connections.update(connection, *where, options={"monthly_budget": amount})


def test_it_counts_what_came_instead_of_what_could_have(database, where, meter):
    receipt = meter.reserve(posts(100), NOW)
    assert spent(database, where) == {"post": (0, 0.0, 0.5)}
    meter.settle(receipt, {"post": ["1", "2", "2"]})
    assert spent(database, where) == {"post": (2, 0.01, 0.0)}


def test_it_pays_for_a_thing_once_a_day(database, where, meter):
    for _ in range(3):
        meter.settle(meter.reserve(these("1", "2"), NOW), {"post": ["1", "2"]})
    assert spent(database, where) == {"post": (2, 0.01, 0.0)}
    later = NOW + timedelta(hours=3)
    meter.settle(meter.reserve(these("1", "3"), later), {"post": ["1", "3"]})
    assert spent(database, where) == {"post": (2, 0.01, 0.0)}, "the next day belongs to the next month"
    assert spent(database, where, 202612) == {"post": (2, 0.01, 0.0)}
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM spend_today").scalar() == 2


def test_it_sets_nothing_aside_for_what_was_paid_for(database, where, meter):
    set_budget(database, where, 0.01)
    meter.settle(meter.reserve(these("1", "2"), NOW), {"post": ["1", "2"]})
    meter.settle(meter.reserve(these("1", "2"), NOW), {"post": ["1", "2"]})
    with pytest.raises(BudgetReached):
        meter.reserve(these("1", "2", "3"), NOW)


def test_it_costs_nothing_when_nothing_came(database, where, meter):
    meter.settle(meter.reserve(posts(100), NOW), {})
    assert spent(database, where) == {"post": (0, 0.0, 0.0)}


def test_it_stops_before_the_budget_is_passed(database, where, meter):
    meter.settle(meter.reserve(posts(150), NOW), {"post": [str(n) for n in range(150)]})
    with pytest.raises(BudgetReached, match=r"\$1 for Acme is used up") as caught:
        meter.reserve(posts(51), NOW)
    assert caught.value.hint == "Reading resumes on 1 December, or raise the budget."
    assert caught.value.until == datetime(2026, 12, 1, tzinfo=UTC)
    assert spent(database, where)["post"][2] == 0, "what was refused is not set aside"
    assert meter.room("post", NOW) == 50
    meter.reserve(posts(50), NOW)
    assert meter.room("post", NOW) == 0
    meter.reserve(posts(100), caught.value.until)


def test_it_minds_a_budget_that_changed_meanwhile(database, where, meter):
    set_budget(database, where, 0)
    with pytest.raises(BudgetReached, match=r"budget is \$0"):
        meter.reserve(posts(1), NOW)
    set_budget(database, where, 5)
    assert meter.room("user", NOW) == 500


def test_it_only_counts_where_nothing_is_billed(database, where):
    meter = SqlMeter(database, *where, Terms("Acme", TERMS.prices, 0.0, stops=False))
    assert meter.room("post", NOW) > 10**6
    meter.settle(meter.reserve(posts(10), NOW), {"post": ["1"]})
    assert spent(database, where)["post"][0] == 1


def test_it_forgets_with_the_connection(database, where, meter):
    meter.settle(meter.reserve(these("1"), NOW), {"post": ["1"]})
    with database.write() as connection:
        spend.forget(connection, *where)
        for table in ("spend", "spend_today"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


TAKE = """
import sys
from datetime import datetime
from pathlib import Path
from core.errors import BudgetReached
from core.ports import Purchase
from storage.database import open_database
from storage.spend import SqlMeter, Terms
meter = SqlMeter(open_database(sys.argv[1], Path(sys.argv[2])), int(sys.argv[3]), int(sys.argv[4]), Terms("Acme", {"post": 0.005}, 1.0))
made = 0
for n in range(30):
    try:
        receipt = meter.reserve(Purchase({}, {"post": 5}), datetime.fromisoformat(sys.argv[5]))
    except BudgetReached:
        continue
    meter.settle(receipt, {"post": [f"{sys.argv[6]}/{n}/{k}" for k in range(5)]})
    made += 1
print(made)
"""


def test_it_keeps_the_budget_of_all_processes_together(database, database_url, where, tmp_path):
    command = [sys.executable, "-c", TAKE, database_url, str(tmp_path), *map(str, where), NOW.isoformat()]
    processes = [subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True) for name in "ab"]
    assert sum(int(process.communicate()[0]) for process in processes) == 40
    assert spent(database, where) == {"post": (200, 1.0, 0.0)}
