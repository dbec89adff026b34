"""When a report makes itself."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import language
from core.errors import BadSetting
from services.reports import rhythm
from services.reports.rhythm import LAST_DAY, Rhythm

BERLIN = "Europe/Berlin"


def utc(*of: int) -> datetime:
    return datetime(*of, tzinfo=UTC)


def moments(of: Rhythm, first: datetime, last: datetime) -> list[datetime]:
    found, at = [], of.next_after(first)
    while at <= last:
        found.append(at)
        at = of.next_after(at)
    return found


@pytest.mark.parametrize(("at", "first", "hours"), [
    (time(8), utc(2026, 3, 28, 0), [7, 6, 6]),  # clocks go forward on 29 March
    (time(8), utc(2026, 10, 24, 0), [6, 7, 7]),  # and back on 25 October
])  # fmt: skip
def test_it_keeps_the_time_of_day_when_clocks_change(at, first, hours):
    assert [one.hour for one in moments(Rhythm("day", at, BERLIN), first, first + timedelta(days=3))] == hours


def test_it_comes_once_in_the_night_that_has_the_hour_twice():
    found = moments(Rhythm("day", time(2, 30), BERLIN), utc(2026, 10, 24, 12), utc(2026, 10, 26, 0))
    assert found == [utc(2026, 10, 25, 0, 30)]


def test_it_comes_later_in_the_night_that_lacks_the_hour():
    found = moments(Rhythm("day", time(2, 30), BERLIN), utc(2026, 3, 28, 12), utc(2026, 3, 29, 22))
    assert [one.astimezone(ZoneInfo(BERLIN)).strftime("%H:%M") for one in found] == ["03:30"]


@pytest.mark.parametrize(("of", "days"), [
    (Rhythm("workday"), ["11-02", "11-03", "11-04", "11-05", "11-06", "11-09"]),
    (Rhythm("week", weekdays=(0, 4)), ["11-02", "11-06", "11-09", "11-13", "11-16", "11-20"]),
    (Rhythm("month", day=1), ["11-01", "12-01", "01-01", "02-01", "03-01", "04-01"]),
    (Rhythm("month", day=LAST_DAY), ["10-31", "11-30", "12-31", "01-31", "02-28", "03-31"]),
    (Rhythm("quarter", day=2), ["01-02", "04-02", "07-02", "10-02", "01-02", "04-02"]),
])  # fmt: skip
def test_it_comes_on_its_days(of, days):
    found = [of.next_after(utc(2026, 10, 30, 12))]
    while len(found) < 6:
        found.append(of.next_after(found[-1]))
    assert [f"{one:%m-%d}" for one in found] == days


@given(
    st.sampled_from(["day", "workday", "week", "month", "quarter"]),
    st.times(min_value=time(0), max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0)),
    st.sampled_from(["UTC", BERLIN, "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
)
def test_its_next_moment_is_later_and_nothing_lies_between(every, at, zone, start):
    of, moment = Rhythm(every, at, zone), start.replace(tzinfo=UTC)
    following = of.next_after(moment)
    assert following > moment
    assert of.next_after(following - timedelta(seconds=1)) == following
    assert of.newest(moment, following - timedelta(seconds=1)) is None
    assert of.newest(moment, following) == following


def test_it_makes_up_for_the_newest_missed_moment_only():
    assert Rhythm("day").newest(utc(2026, 11, 1), utc(2026, 11, 5, 9)) == utc(2026, 11, 5, 8)


@pytest.mark.parametrize("given", [
    {"every": "never"}, {"every": "week", "weekdays": ()}, {"every": "week", "weekdays": (7,)},
    {"every": "month", "day": 29}, {"zone": "Mars/Olympus"},
])  # fmt: skip
def test_it_refuses_what_is_no_rhythm(given):
    with pytest.raises(BadSetting):
        Rhythm(**given)


def test_it_is_told_in_the_readers_words():
    of = Rhythm("week", time(9), BERLIN, (3, 0))
    assert of.words() == "Every Monday and Thursday at 09:00 (Europe/Berlin)"
    with language.using("de"):
        assert "Montag und Donnerstag" in of.words()


@pytest.mark.parametrize("of", [Rhythm(), Rhythm("week", time(9, 30), BERLIN, (0, 3)), Rhythm("month", day=LAST_DAY)])
def test_it_is_kept_as_json(of):
    assert rhythm.from_plain(rhythm.to_plain(of)) == of
