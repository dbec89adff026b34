"""Rate limits: never more than allowed in any window, whoever asks; and no longer wait than a slice too much."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.ids import new_id
from storage.limits import SLICES, SqlLimitStore

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


def later(seconds):
    return START + timedelta(seconds=seconds)


def test_it_lets_through_what_is_allowed_and_then_says_how_long_to_wait(database):
    store = SqlLimitStore(database)
    assert [store.take("x", 1, 3, 60, later(n)) for n in range(3)] == [0, 0, 0]
    wait = store.take("x", 1, 3, 60, later(3))
    assert 57 <= wait <= 58
    assert store.take("x", 1, 3, 60, later(3 + wait)) == 0
    assert store.take("other", 1, 3, 60, later(3)) == 0


def test_it_takes_nothing_when_it_refuses(database):
    store = SqlLimitStore(database)
    store.take("x", 2, 3, 60, START)
    assert store.take("x", 2, 3, 60, START) > 0
    assert store.used("x", 60, START) == 2
    assert store.take("x", 1, 3, 60, START) == 0


def test_it_never_lets_through_more_than_the_whole_limit_at_once(database):
    store = SqlLimitStore(database)
    assert store.take("x", 5, 3, 60, START) > 0
    assert store.take("x", 1, 0, 60, START) > 0


def test_it_refuses_everything_while_blocked(database):
    store = SqlLimitStore(database)
    store.block("x", later(30))
    store.block("x", later(20))
    assert store.take("x", 1, 100, 60, START) == 30
    assert store.take("x", 1, 100, 60, later(30)) == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asks=st.lists(st.tuples(st.floats(0, 40), st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=25),
    allowed=st.sampled_from([2.0, 3.0, 5.0]),
    per_s=st.sampled_from([1.0, 7.0, 60.0]),
)
def test_it_is_never_over_the_limit_in_any_window(sqlite_database, asks, allowed, per_s):
    store, key = SqlLimitStore(sqlite_database), str(new_id())
    now, taken = 0.0, []
    for step, cost in asks:
        now = round(now + step * per_s / 20, 3)
        wait = store.take(key, cost, allowed, per_s, later(now))
        if wait == 0:
            taken.append((now, cost))
            continue
        used = sum(units for at, units in taken if at > now - per_s * (1 + 2 / SLICES))
        assert used + cost > allowed, "it may refuse only when the window, rounded up to slices, is full"
    for end, _ in taken:
        assert sum(units for at, units in taken if end - per_s < at <= end) <= allowed


TAKE = """
import sys
from datetime import datetime
from pathlib import Path
from storage.database import open_database
from storage.limits import SqlLimitStore
store = SqlLimitStore(open_database(sys.argv[1], Path(sys.argv[2])))
print(sum(store.take("shared", 1, 50, 3600, datetime.fromisoformat(sys.argv[3])) == 0 for _ in range(40)))
"""


def test_it_counts_what_all_processes_take(database, database_url, tmp_path):
    command = [sys.executable, "-c", TAKE, database_url, str(tmp_path), START.isoformat()]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert sum(int(process.communicate()[0]) for process in processes) == 50
