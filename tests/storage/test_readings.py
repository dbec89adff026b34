"""Readings: kept when they change, the newest at hand, and where a counter stood at any moment."""

import itertools
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import SchemaDrift
from storage import readings, versions

WORKSPACE, VIEWS, LIKES = 7, 1, 2


def write(database, *rows):
    with database.write() as connection:
        return readings.write(connection, WORKSPACE, rows)


def stored(database, posts=(1, 2), metrics=(VIEWS, LIKES)):
    with database.read() as connection:
        return readings.history(connection, WORKSPACE, posts, metrics).values.tolist()


def latest(database, **options):
    with database.read() as connection:
        return sorted(readings.latest(connection, WORKSPACE, **options).values.tolist())


def at(database, moment, posts=(1, 2)):
    with database.read() as connection:
        return sorted(readings.at(connection, WORKSPACE, posts, (VIEWS, LIKES), moment).values.tolist())


def test_it_keeps_the_first_and_every_changed_reading(database):
    assert write(database, (1, VIEWS, 10, 5.0), (1, VIEWS, 20, 5.0), (1, VIEWS, 30, 6.0)) == 2
    assert write(database, (1, VIEWS, 40, 6.0)) == 0
    assert write(database, (1, VIEWS, 50, 5.0)) == 1
    assert stored(database) == [[1, VIEWS, 5.0, 10], [1, VIEWS, 6.0, 30], [1, VIEWS, 5.0, 50]]
    assert latest(database) == [[1, VIEWS, 5.0, 50]]


def test_it_answers_where_a_counter_stood(database):
    write(database, (1, VIEWS, 10, 5.0), (1, VIEWS, 30, 6.0), (2, VIEWS, 20, 1.0), (1, LIKES, 10, 0.0))
    assert at(database, 9) == []
    assert at(database, 29) == [[1, VIEWS, 5.0, 10], [1, LIKES, 0.0, 10], [2, VIEWS, 1.0, 20]]
    assert at(database, 30, posts=[1]) == [[1, VIEWS, 6.0, 30], [1, LIKES, 0.0, 10]]
    assert latest(database, post_ids=[2], metric_ids=[VIEWS]) == [[2, VIEWS, 1.0, 20]]
    assert latest(database, post_ids=[]) == []


def test_it_puts_a_late_reading_into_its_place(database):
    write(database, (1, VIEWS, 30, 6.0))
    assert write(database, (1, VIEWS, 10, 2.0), (1, VIEWS, 20, 2.0)) == 1
    assert at(database, 25) == [[1, VIEWS, 2.0, 10]]
    assert latest(database) == [[1, VIEWS, 6.0, 30]]


def test_it_replaces_a_reading_of_the_same_moment(database):
    write(database, (1, VIEWS, 10, 5.0))
    assert write(database, (1, VIEWS, 10, 7.0)) == 1
    assert stored(database) == [[1, VIEWS, 7.0, 10]]
    assert latest(database) == [[1, VIEWS, 7.0, 10]]


def test_it_changes_nothing_when_the_same_comes_twice(database):
    rows = [(post, metric, 10 * at, float(at)) for post in (1, 2) for metric in (VIEWS, LIKES) for at in range(5)]
    write(database, *rows)
    before = stored(database), latest(database)
    assert write(database, *rows) == 0
    assert (stored(database), latest(database)) == before
    with database.read() as connection:
        assert versions.get(connection, WORKSPACE) == 1


@pytest.mark.parametrize("value", [math.nan, math.inf, None], ids=str)
def test_it_refuses_a_counter_that_is_no_number(database, value):
    with pytest.raises(SchemaDrift):
        write(database, (1, VIEWS, 10, 1.0), (1, VIEWS, 20, value))
    assert stored(database) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.dictionaries(st.integers(0, 30), st.sampled_from([1.0, 2.0, 3.0]), max_size=15),
    sizes=st.lists(st.integers(1, 5), max_size=8),
    random=st.randoms(use_true_random=False),
)
def test_it_stands_where_the_newest_reading_by_then_says(database, said, sizes, random):
    """However the syncs of a counter are cut into batches, and in whatever order a batch comes."""
    with database.write() as connection:
        for table in ("reading", "post_total"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    left = sorted(said.items())
    for size in [*sizes, 99]:
        batch, left = left[:size], left[size:]
        random.shuffle(batch)
        write(database, *((1, VIEWS, moment, value) for moment, value in batch))
    for moment, value in said.items():
        assert [row[2] for row in at(database, moment)] == [value]
    assert [row[2] for row in latest(database)] == [said[moment] for moment in sorted(said)[-1:]]
    kept = [row[2] for row in stored(database)]
    assert all(before != after for before, after in itertools.pairwise(kept))
