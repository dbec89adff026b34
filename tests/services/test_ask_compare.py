"""Comparing: like for like, said aloud, and never 0 %, 100 % or infinity where there is nothing to compare with."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.question import By, Compare, Period, Question
from services.ask import ask
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
OCTOBER = date(2026, 10, 2)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def seeded(database):
    return Seeded(database)


@pytest.fixture
def lite(sqlite_database):
    return Seeded(sqlite_database)


def number(seeded, metric="views", period=NOVEMBER, now=NOW, **options):
    options.setdefault("compare", Compare.PREVIOUS)
    return ask(seeded.viewer, Question((metric,), period, **options), now=now).totals[metric]


def texts(number):
    return {note.code: note.text for note in number.notes}


def test_it_compares_with_the_period_before(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10] * 30 + [12] * 30, first=OCTOBER)
    got = number(seeded)
    assert (got.value, got.compared, got.previous, got.difference) == (360, 360, 300, 60)
    assert got.change == pytest.approx(0.2)
    assert got.is_good


def test_it_knows_that_less_is_better_for_some(seeded):
    """B32."""
    account = seeded.account("youtube")
    seeded.facts(account, "followers_lost", [10] * 30 + [5] * 30, first=OCTOBER)
    got = number(seeded, "followers_lost")
    assert got.change == -0.5
    assert got.is_good is True


@pytest.mark.parametrize("past", [[], [0] * 30], ids=["empty", "zero"])
def test_it_says_why_there_is_no_change(seeded, past):
    account = seeded.account("instagram")
    seeded.facts(account, "views", past, first=OCTOBER)
    seeded.facts(account, "views", [5] * 30, first=NOVEMBER.first)
    got = number(seeded)
    assert got.value == 150
    assert got.change is None
    assert got.why_no_change == ("it was 0 2–31 Oct" if past else "no data 2–31 Oct")
    assert got.previous == (0 if past else None)


def test_it_has_no_change_without_a_value_now(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [5] * 30, first=OCTOBER)
    got = number(seeded)
    assert (got.value, got.change, got.why_none) == (None, None, "no data 1–30 Nov")
    assert got.why_no_change


def test_it_compares_a_running_month_with_the_same_part_of_the_one_before(seeded):
    """B3: on the 21st, 20 closed days stand against 20."""
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10] * 30 + [10] * 20 + [3], first=OCTOBER)
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    got = number(seeded, now=now)
    assert (got.value, got.compared, got.previous, got.change) == (203, 200, 200, 0)
    assert texts(got)["so_far"] == "So far: 1–20 Nov against 2–21 Oct."
    answer = ask(seeded.viewer, Question(("views",), NOVEMBER, By.DAY, compare=Compare.PREVIOUS), now=now)
    assert answer.period == Period(date(2026, 11, 1), date(2026, 11, 21))
    assert [note.code for note in answer.notes if not note.metric] == ["cut_to_today"]
    assert answer.frame["unfinished"].tolist() == [False] * 20 + [True]


def test_it_names_the_same_days_of_a_chosen_month(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10] * 51, first=date(2026, 10, 1))
    october = Period(date(2026, 10, 1), date(2026, 10, 30))
    got = number(seeded, now=datetime(2026, 11, 21, 9, tzinfo=UTC), compare=october)
    assert texts(got)["so_far"] == "So far: 1–20 Nov against 1–20 Oct."


def test_it_waits_for_a_platform_that_is_late(seeded):
    """Days the platform has not shown yet count on neither side; the other platforms keep theirs."""
    late, prompt = seeded.account("youtube"), seeded.account("x")
    seeded.facts(late, "views", [10] * 30 + [10] * 27, first=OCTOBER)
    seeded.mark(late, "views", OCTOBER, date(2026, 11, 27), "measured")
    seeded.mark(late, "views", date(2026, 11, 28), date(2026, 11, 30), "not_yet")
    seeded.facts(prompt, "views", [1] * 60, first=OCTOBER)
    got = number(seeded, now=datetime(2026, 12, 1, 12, tzinfo=UTC))
    assert (got.value, got.compared, got.previous, got.change) == (300, 300, 300, 0)
    assert texts(got)["so_far"] == "So far: X 1–30 Nov against 2–31 Oct; YouTube 1–27 Nov against 2–28 Oct."


def test_it_does_not_compare_a_first_glimpse_of_a_day(lite):
    """A value that stands while the platform still counts is shown, and not compared."""
    account = lite.account("youtube")
    lite.facts(account, "views", [10] * 30 + [10] * 29 + [2], first=OCTOBER)
    lite.mark(account, "views", OCTOBER, date(2026, 11, 29), "measured")
    lite.mark(account, "views", date(2026, 11, 30), date(2026, 11, 30), "not_yet")
    got = number(lite)
    assert (got.value, got.compared, got.previous) == (292, 290, 290)


def test_it_does_not_take_a_new_account_for_growth(seeded):
    old, new = seeded.account("instagram", "old"), seeded.account("instagram", "new")
    seeded.facts(old, "views", [10] * 60, first=OCTOBER)
    seeded.facts(new, "views", [90] * 30, first=NOVEMBER.first)
    got = number(seeded)
    assert (got.value, got.compared, got.previous, got.change) == (3000, 300, 300, 0)
    assert texts(got)["like_for_like"].endswith("; without new.")
    seeded.facts(old, "followers", {date(2026, 10, 31): 100, date(2026, 11, 30): 110})
    seeded.facts(new, "followers", {date(2026, 11, 30): 5000})
    followers = number(seeded, "followers")
    assert (followers.value, followers.compared, followers.previous) == (5110, 110, 100)
    assert "new" in texts(followers)["like_for_like"]


def test_it_does_not_take_a_short_history_for_growth(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10] * 40, first=date(2026, 10, 22))
    seeded.mark(account, "views", date(2026, 10, 22), date(2026, 11, 30), "measured")
    got = number(seeded)
    assert (got.compared, got.previous, got.change) == (100, 100, 0)
    assert texts(got)["like_for_like"] == "Compared where both periods have data: 21–30 Nov against 22–31 Oct."


def test_it_says_that_periods_are_unequal(seeded):
    """U5."""
    account = seeded.account("instagram")
    seeded.facts(account, "views", [1] * 61, first=date(2026, 10, 1))
    question = Question(("views",), NOVEMBER, compare=Period(date(2026, 10, 1), date(2026, 10, 31)))
    answer = ask(seeded.viewer, question, now=NOW)
    assert [note.text for note in answer.notes if note.code == "unequal_periods"] == ["Comparing 30 days to 31 days."]
    assert answer.totals["views"].previous == 31
    assert answer.totals["views"].change == pytest.approx(-1 / 31)


def test_it_compares_a_leap_year_by_date(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [1] * 366, first=date(2024, 1, 1))
    seeded.facts(account, "views", [1] * 365, first=date(2025, 1, 1))
    year = Period(date(2025, 1, 1), date(2025, 12, 31))
    answer = ask(seeded.viewer, Question(("views",), year, By.MONTH, compare=Compare.LAST_YEAR), now=NOW)
    assert answer.frame["previous"].tolist() == [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    back = Period(date(2024, 1, 1), date(2024, 12, 31))
    seeded.facts(account, "views", [1] * 365, first=date(2023, 1, 1))
    answer = ask(seeded.viewer, Question(("views",), back, By.MONTH, compare=Compare.LAST_YEAR), now=NOW)
    assert answer.frame["previous"].sum() == 365
    assert answer.frame["previous"].tolist()[1] == 28


@pytest.mark.parametrize(
    ("compare", "past"), [(Compare.PREVIOUS, date(2026, 9, 27)), (Compare.LAST_YEAR, date(2025, 11, 2))]
)
def test_it_can_match_weekdays(lite, compare, past):
    question = Question(("views",), NOVEMBER, compare=compare, match_weekday=True)
    answer = ask(lite.viewer, question, now=NOW)
    assert answer.compared.first == past
    assert answer.compared.first.weekday() == NOVEMBER.first.weekday()
    assert answer.compared.days == NOVEMBER.days


def test_it_compares_levels_at_the_same_point(lite):
    account = lite.account("instagram")
    lite.facts(account, "followers", [100 + day for day in range(50)], first=OCTOBER)
    got = number(lite, "followers", now=datetime(2026, 11, 20, 20, tzinfo=UTC))
    assert (got.value, got.previous) == (149, 119)


def test_it_puts_the_past_beside_the_days_it_belongs_to(lite):
    account = lite.account("instagram")
    lite.facts(account, "views", range(60), first=OCTOBER)
    answer = ask(lite.viewer, Question(("views",), NOVEMBER, By.DAY, compare=Compare.PREVIOUS), now=NOW)
    assert answer.frame["previous"].tolist() == list(range(30))
    weekly = ask(lite.viewer, Question(("views",), NOVEMBER, By.WEEK, compare=Compare.PREVIOUS), now=NOW)
    assert weekly.frame["previous"].sum() == sum(range(30))


def test_it_draws_levels_of_a_longer_or_shorter_past(lite):
    account = lite.account("instagram")
    lite.facts(account, "followers", range(100, 200), first=date(2026, 9, 1))
    for past in (Period(date(2026, 9, 1), date(2026, 10, 20)), Period(date(2026, 9, 1), date(2026, 9, 5))):
        answer = ask(lite.viewer, Question(("followers",), NOVEMBER, By.DAY, compare=past), now=NOW)
        known = answer.frame["previous"].dropna().tolist()
        assert known == list(range(100, 100 + min(past.days, 30)))


def test_it_compares_any_two_periods_without_nonsense(lite):
    """B3, B4: over unequal, empty and zero periods a change is a plain number with its parts, or None with a reason."""
    account, other = lite.account("instagram"), lite.account("youtube")
    lite.facts(account, "views", [0] * 20 + [None] * 20 + [7, None, 3] * 17, first=date(2026, 9, 1))
    lite.facts(account, "likes", [None] * 10 + [1] * 60, first=date(2026, 9, 1))
    lite.facts(other, "views", [50] * 30, first=date(2026, 10, 1))
    lite.facts(account, "followers", [100, None] * 40, first=date(2026, 9, 1))
    names = ("views", "engagement", "engagement_rate", "followers", "followers_net", "follower_growth_rate", "reach")
    days = st.integers(0, 94).map(lambda day: date(2026, 9, 1) + timedelta(days=day))
    periods = st.tuples(days, days).map(lambda ends: Period(min(ends), max(ends)))
    compare = st.one_of(st.sampled_from([Compare.PREVIOUS, Compare.LAST_YEAR]), periods)

    @settings(QUICK, max_examples=80)
    @given(period=periods, compare=compare, by=st.sampled_from([None, By.DAY, By.WEEK, By.MONTH]), match=st.booleans(),
           split=st.sampled_from([None, "platform"]))  # fmt: skip
    def check(period, compare, by, match, split):
        answer = ask(lite.viewer, Question(names, period, by, split, compare=compare, match_weekday=match), now=NOW)
        for got in (*answer.totals.values(), *answer.by_split.values()):
            assert (got.value is None) == bool(got.why_none)
            assert (got.change is None) == bool(got.why_no_change)
            if got.change is not None:
                assert got.difference == got.compared - got.previous
                assert got.change == pytest.approx(got.difference / abs(got.previous))
                assert abs(got.change) < float("inf")

    check()
