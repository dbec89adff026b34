"""Daily numbers as differences of readings: hand-worked days, and what must hold for all of them."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import epoch_day, epoch_ms
from services.sync import daily, planning, rhythm
from tests.services.harbour import CONNECTOR

DAY = date(2026, 11, 21)


def ms(day, hour, minute=0):
    return epoch_ms(datetime(2026, 11, day, hour, minute, tzinfo=UTC))


def grown(rows, published, captures, day=21):
    history = pd.DataFrame(rows, columns=["post_id", "captured_at", "value"], dtype="float64").assign(metric_id=3)
    span = daily.bracket(epoch_day(date(2026, 11, day)), "UTC", captures)
    assert not span.gap
    return daily.growth(history, published, captures, span).get(3)


def test_it_takes_the_last_reading_before_each_midnight():
    captures = [ms(20, 22), ms(21, 12), ms(21, 22), ms(22, 1)]
    rows = [(1, at, value) for at, value in zip(captures, (10, 14, 17, 99), strict=True)]
    assert grown(rows, {1: ms(1, 0)}, captures) == 7.0


def test_it_counts_a_post_of_the_day_from_nothing():
    captures = [ms(20, 22), ms(21, 22)]
    assert grown([(1, ms(21, 22), 5.0)], {1: ms(21, 9)}, captures) == 5.0


def test_it_counts_a_post_from_nothing_that_came_out_after_the_last_reading():
    captures = [ms(20, 22), ms(21, 2)]
    assert grown([(1, ms(21, 2), 5.0)], {1: ms(20, 23)}, captures) == 5.0


def test_it_invents_no_spike_when_an_old_post_is_first_seen():
    captures = [ms(20, 22), ms(21, 2), ms(21, 22)]
    assert grown([(1, ms(21, 2), 5000.0), (1, ms(21, 22), 5003.0)], {1: ms(3, 0)}, captures) == 3.0


def test_it_takes_a_falling_counter_for_a_correction():
    captures = [ms(20, 22), ms(21, 6), ms(21, 12), ms(21, 22)]
    rows = [(1, at, value) for at, value in zip(captures, (100, 90, 100, 104), strict=True)]
    assert grown(rows, {1: ms(1, 0)}, captures) == 4.0


@given(st.lists(st.integers(0, 500), min_size=8, max_size=8), st.permutations(range(8)))
def test_it_never_gives_less_than_nothing_and_adds_up(values, order):
    """Days add up to the rise of the highest value, whatever the order of the rows."""
    captures = [ms(day, hour) for day in (20, 21, 22, 23) for hour in (10, 22)]
    rows = [(1, captures[at], float(values[at])) for at in order]
    days = [grown(rows, {1: ms(1, 0)}, captures, day) for day in (21, 22, 23)]
    assert all(day >= 0 for day in days)
    assert sum(days) == max(values) - max(values[:2])


def test_it_says_nothing_about_a_counter_without_readings():
    captures = [ms(20, 22), ms(21, 22)]
    assert grown([], {}, captures) is None


@pytest.mark.parametrize(
    ("captures", "gap", "loose"),
    [
        ([ms(20, 22), ms(21, 22)], False, False),
        ([ms(20, 12), ms(21, 22)], False, True),
        ([ms(20, 22), ms(21, 12)], False, True),
        ([ms(18, 22), ms(21, 22)], True, False),
        ([ms(20, 22), ms(22, 1)], True, False),
        ([ms(21, 10), ms(21, 22)], True, False),
    ],
    ids=["close", "begins loosely", "ends loosely", "too far before", "none on the day", "began on the day"],
)
def test_it_says_why_a_day_is_missing_or_an_estimate(captures, gap, loose):
    span = daily.bracket(epoch_day(DAY), "UTC", captures)
    assert bool(span.gap) == gap
    if not gap:
        assert bool(span.loose) == loose


def test_it_calls_a_day_an_estimate_when_older_posts_were_read_at_other_times():
    captures = [ms(20, 22), ms(21, 22)]
    assert daily.bracket(epoch_day(DAY), "UTC", captures, [ms(20, 12), ms(21, 12)]).loose
    assert daily.bracket(epoch_day(DAY), "UTC", captures, []).loose
    assert not daily.bracket(epoch_day(DAY), "UTC", captures, captures).loose


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Apia", "Pacific/Pago_Pago", "Asia/Kolkata"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29)], ids=str)
def test_it_takes_midnight_where_the_account_is(zone, day):
    span = daily.bracket(epoch_day(day), zone, [])
    hours = (span.ends - span.starts) / 3_600_000
    assert hours in {23.0, 24.0, 25.0}
    after = daily.bracket(epoch_day(day) + 1, zone, [])
    assert after.starts == span.ends


RANGES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda one: (one[0], one[0] + one[1])))


def days_of(ranges):
    return {day for first, last in ranges for day in range(first, last + 1)}


@given(RANGES, st.integers(1, 12))
def test_it_keeps_every_day_that_is_still_to_be_read(ranges, size):
    merged = ()
    for one in ranges:
        merged = planning.added(merged, one)
    slices = list(planning.sliced(merged, size))
    assert days_of(merged) == days_of(ranges) == days_of(slices)
    assert all(last - first < size for first, last in slices)
    assert [first for first, _ in slices] == sorted((first for first, _ in slices), reverse=True)
    left = merged
    for one in slices[: len(slices) // 2]:
        left = planning.removed(left, one)
    assert days_of(left) == days_of(slices[len(slices) // 2 :])


def test_it_comes_back_by_rhythm_wish_and_age():
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert rhythm.after_success(CONNECTOR, {}, now, None) == now + timedelta(hours=4)
    assert rhythm.after_success(CONNECTOR, {}, now, now - timedelta(hours=3)) == now + timedelta(hours=1)
    assert rhythm.after_success(CONNECTOR, {"every_hours": 0.5}, now, None) == now + timedelta(minutes=30)
    assert rhythm.after_success(CONNECTOR, {"every_hours": 0.01}, now, None) == now + rhythm.SHORTEST
    assert rhythm.after_failure(CONNECTOR, {}, now, 1, 42.0) == now + timedelta(seconds=42)
    assert rhythm.after_failure(CONNECTOR, {}, now, 99, None) == now + timedelta(hours=4)
