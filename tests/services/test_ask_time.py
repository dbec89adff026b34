"""Days belong to the account's zone: which are over, on both nights of daylight saving and at both ends of the earth."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.clock import day_end, local_day
from core.question import By, Compare, Period, Question
from services.ask import ask
from tests.services.seeded import Seeded

ZONES = (
    "UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Tongatapu", "Pacific/Pago_Pago", "Asia/Kolkata",
    "Asia/Kathmandu", "Australia/Lord_Howe",
)  # fmt: skip
"""UTC+13, UTC-11, half and three-quarter hours, daylight saving of an hour and of half an hour."""
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MIDDAYS = [
    datetime(2026, 3, 8, 12, tzinfo=UTC),
    datetime(2026, 3, 29, 12, tzinfo=UTC),
    datetime(2026, 4, 5, 12, tzinfo=UTC),
    datetime(2026, 10, 4, 12, tzinfo=UTC),
    datetime(2026, 10, 25, 12, tzinfo=UTC),
    datetime(2026, 11, 1, 12, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
]


@pytest.mark.parametrize("zone", ZONES)
def test_it_calls_a_day_unfinished_until_it_is_over_where_the_account_is(sqlite_database, zone):
    """B14."""
    seeded = Seeded(sqlite_database)
    account = seeded.account("instagram", time_zone=zone)
    for midday in MIDDAYS:
        seeded.facts(account, "views", [1] * 60, first=midday.date() - timedelta(days=40))

    @QUICK
    @given(midday=st.sampled_from(MIDDAYS), minutes=st.integers(-36 * 60, 36 * 60))
    def check(midday, minutes):
        now = midday + timedelta(minutes=minutes)
        period = Period(midday.date() - timedelta(days=5), midday.date())
        answer = ask(seeded.viewer, Question(("views",), period, By.DAY, compare=Compare.PREVIOUS), now=now)
        today = local_day(now, zone)
        assert answer.frame["unfinished"].tolist() == [day >= today for day in answer.frame["bucket"]]
        over = sum(day < today for day in answer.frame["bucket"])
        got = answer.totals["views"]
        assert got.compared == (over or None)
        assert got.previous == (over or None)

    check()


@pytest.mark.parametrize("zone", ZONES)
def test_it_turns_the_day_at_the_accounts_midnight(sqlite_database, zone):
    seeded = Seeded(sqlite_database, time_zone=zone)
    account = seeded.account("instagram", time_zone=zone)
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 10, 4), date(2026, 12, 31)):
        seeded.facts(account, "views", {day: 1})
        question = Question(("views",), Period(day, day), By.DAY)
        midnight = day_end(day, zone)
        before = ask(seeded.viewer, question, now=midnight - timedelta(seconds=1)).frame["unfinished"]
        after = ask(seeded.viewer, question, now=midnight).frame["unfinished"]
        assert (before.tolist(), after.tolist()) == ([True], [False])


def test_it_lets_each_account_keep_its_own_today(sqlite_database):
    """At noon UTC it is tomorrow in Tonga and still yesterday's evening nowhere: 13 hours make two open days."""
    seeded = Seeded(sqlite_database, time_zone="Pacific/Tongatapu")
    east = seeded.account("instagram", "east", time_zone="Pacific/Tongatapu")
    west = seeded.account("instagram", "west", time_zone="Pacific/Pago_Pago")
    for account in (east, west):
        seeded.facts(account, "views", [1, 1, 1], first=date(2026, 11, 9))
    now = datetime(2026, 11, 11, 1, tzinfo=UTC)
    question = Question(("views",), Period(date(2026, 11, 9), date(2026, 11, 11)), By.DAY, "account")
    frame = ask(seeded.viewer, question, now=now).frame
    open_days = {split: rows["unfinished"].tolist() for split, rows in frame.groupby("split")}
    assert open_days == {str(east): [False, False, True], str(west): [False, True, True]}


@pytest.mark.parametrize(("week_start", "starts"), [(0, [28, 4]), (6, [28, 3])], ids=["monday", "sunday"])
def test_it_begins_weeks_where_the_workspace_does(sqlite_database, week_start, starts):
    """Across New Year: 28 December 2026 is a Monday."""
    seeded = Seeded(sqlite_database, week_start=week_start)
    account = seeded.account("instagram")
    seeded.facts(account, "views", [1] * 9, first=date(2026, 12, 28))
    question = Question(("views",), Period(date(2026, 12, 28), date(2027, 1, 5)), By.WEEK)
    frame = ask(seeded.viewer, question, now=datetime(2027, 1, 6, tzinfo=UTC)).frame
    assert [bucket.day for bucket in frame["bucket"]] == starts
    assert frame["value"].sum() == 9


def test_it_cuts_the_future_and_says_so(sqlite_database):
    """U16."""
    seeded = Seeded(sqlite_database, time_zone="Pacific/Tongatapu")
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    answer = ask(seeded.viewer, Question(("views",), Period(date(2026, 11, 1), date(2026, 12, 31))), now=now)
    assert answer.period.last == date(2026, 11, 21)
    assert "up to today, 1–21 Nov 2026" in answer.notes[0].text
    assert answer.time_zone == "Pacific/Tongatapu"


def test_it_knows_until_when_there_is_data(sqlite_database):
    seeded = Seeded(sqlite_database, time_zone="Europe/Berlin")
    account = seeded.account("instagram")
    seeded.facts(account, "views", {date(2026, 11, 3): 1})
    question = Question(("views",), Period(date(2026, 11, 1), date(2026, 11, 30)))
    until = ask(seeded.viewer, question, now=datetime(2026, 12, 1, tzinfo=UTC)).data_until
    assert until == datetime(2026, 11, 3, 23, tzinfo=UTC)
    early = datetime(2026, 11, 3, 9, tzinfo=UTC)
    assert ask(seeded.viewer, question, now=early).data_until == early
    nothing = Question(("likes",), Period(date(2026, 11, 1), date(2026, 11, 30)))
    assert ask(seeded.viewer, nothing, now=early).data_until is None
