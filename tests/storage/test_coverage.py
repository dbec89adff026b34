"""Coverage: ranges of days that never overlap, cut and merged as more is known."""

import itertools
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.records import State
from storage import coverage, versions
from storage.coverage import Range, overlay

WORKSPACE, ACCOUNT, VIEWS = 7, 11, 1
MARKS = st.lists(
    st.builds(
        lambda first, length, state, moment: Range(first, first + length, state, "", moment),
        st.integers(0, 30), st.integers(0, 12), st.sampled_from(["measured", "failed", "not_yet"]), st.integers(0, 5),
    ),
    max_size=12,
)  # fmt: skip


def by_day(ranges):
    return {day: (one.state, one.reason) for one in ranges for day in range(one.first, one.last + 1)}


@given(marks=MARKS)
def test_it_says_of_every_day_what_was_said_last(marks):
    ranges, days = [], {}
    for mark in marks:
        ranges = overlay(ranges, mark)
        days |= by_day([mark])
    assert by_day(ranges) == days


@given(marks=MARKS)
def test_it_keeps_ranges_apart_sorted_and_as_few_as_possible(marks):
    ranges = []
    for mark in marks:
        ranges = overlay(ranges, mark)
    for one, after in itertools.pairwise(ranges):
        assert one.last < after.first
        assert one.last + 1 < after.first or (one.state, one.reason) != (after.state, after.reason)


@given(marks=MARKS)
def test_it_changes_nothing_when_the_same_is_said_again(marks):
    ranges = []
    for mark in marks:
        ranges = overlay(ranges, mark)
    if marks:
        assert overlay(ranges, marks[-1]) == ranges


def mark(database, *marks, moment=1000):
    with database.write() as connection:
        coverage.mark(connection, WORKSPACE, ACCOUNT, marks, moment)


def read(database, first=0, last=99999, **options):
    with database.read() as connection:
        found = coverage.read(connection, WORKSPACE, options.get("accounts"), options.get("metrics"), first, last)
    return found[["metric_id", "from_day", "to_day", "state", "reason"]].values.tolist()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=MARKS)
def test_it_stores_what_the_algebra_says(database, marks):
    with database.write() as connection:
        coverage.forget_account(connection, WORKSPACE, ACCOUNT)
    ranges = []
    for one in marks:
        ranges = overlay(ranges, one)
        mark(database, (VIEWS, one.first, one.last, one.state, one.reason))
    assert read(database) == [[VIEWS, one.first, one.last, one.state, one.reason] for one in ranges]


def test_it_cuts_what_it_answers_to_the_days_asked(database):
    mark(
        database,
        (VIEWS, 10, 20, State.MEASURED, ""),
        (VIEWS, 15, 16, State.FAILED, "time-out"),
        (2, 1, 5, "not_yet", ""),
    )
    assert read(database, 12, 15) == [[VIEWS, 12, 14, "measured", ""], [VIEWS, 15, 15, "failed", "time-out"]]
    assert read(database, 12, 15, metrics=[2]) == []
    assert read(database, 12, 15, accounts=[ACCOUNT + 1]) == []
    assert read(database, 4, 4) == [[2, 4, 4, "not_yet", ""]]


def test_it_takes_days_as_dates(database):
    mark(database, (VIEWS, date(1970, 1, 3), date(1970, 1, 5), State.MEASURED, ""))
    assert read(database, date(1970, 1, 4), date(1970, 1, 9)) == [[VIEWS, 3, 4, "measured", ""]]


def test_it_tells_screens_only_of_real_changes(database):
    def version():
        with database.read() as connection:
            return versions.get(connection, WORKSPACE)

    mark(database, (VIEWS, 10, 20, State.MEASURED, ""))
    first = version()
    mark(database, (VIEWS, 12, 13, State.MEASURED, ""), moment=2000)
    assert version() == first
    mark(database, (VIEWS, 20, 21, State.MEASURED, ""), moment=3000)
    assert version() == first + 1


@pytest.mark.parametrize(
    "bad", [(VIEWS, 5, 4, "measured", ""), (VIEWS, 1, 2, "perhaps", "")], ids=["backwards", "no state"]
)
def test_it_refuses_nonsense(database, bad):
    with pytest.raises(ValueError):
        mark(database, bad)
