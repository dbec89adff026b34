"""Buckets and pairs of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.question import By, Compare, Period
from services.words import calendar

DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
PERIODS = st.tuples(DAYS, st.integers(1, 400)).map(lambda one: Period(one[0], one[0] + timedelta(days=one[1] - 1)))


@given(PERIODS, st.sampled_from([By.DAY, By.WEEK, By.MONTH]), st.integers(0, 6))
def test_it_puts_every_day_into_the_bucket_that_begins_last_before_it(period, by, week_start):
    made = calendar.buckets(period, by, week_start)
    assert len(made.codes) == period.days
    for offset in range(period.days):
        day = period.first + timedelta(days=offset)
        name = made.names[made.codes[offset]]
        assert name <= day
        if by is By.MONTH:
            assert (name.year, name.month) == (day.year, day.month)
        if by is By.WEEK:
            assert (day - name).days < 7
            assert name.weekday() == week_start or name == period.first
        if by is By.DAY:
            assert name == day


@given(PERIODS, st.sampled_from([Compare.PREVIOUS, Compare.LAST_YEAR]), st.booleans())
def test_it_pairs_every_day_of_the_past_at_most_once_with_a_day_of_its_own_kind(period, compare, match):
    past = calendar.past_of(period, compare, match_weekday=match)
    pairs = calendar.positions(period, past, compare, match_weekday=match)
    assert len(pairs) == past.days
    for offset, at in enumerate(pairs):
        if at < 0:
            continue
        then, now = past.first + timedelta(days=offset), period.first + timedelta(days=int(at))
        if match:
            assert then.weekday() == now.weekday()
        elif compare is Compare.LAST_YEAR:
            assert then.month == now.month
        else:
            assert (now - then).days == period.days


@given(PERIODS, st.integers(0, 6))
def test_it_names_a_wider_grain_only_for_exactly_its_days(period, week_start):
    grains = dict(calendar.stored_grains(period, week_start))
    assert ("days_28" in grains) == (period.days == 28)
    assert ("week" in grains) == (period.days == 7 and period.first.weekday() == week_start)
    whole_month = period.first.day == 1 and (period.last + timedelta(days=1)).day == 1 and period.days <= 31
    assert ("month" in grains) == whole_month
