from datetime import date, timedelta

import pytest

from core.errors import BadQuestion
from core.question import Period
from services.words import periods


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("today", date(2028, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
        ("yesterday", date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 28)),
        ("this_month", date(2026, 3, 1), date(2026, 3, 1), date(2026, 3, 1)),
        ("last_month", date(2028, 3, 31), date(2028, 2, 1), date(2028, 2, 29)),
        ("last_month", date(2026, 1, 15), date(2025, 12, 1), date(2025, 12, 31)),
        ("last_quarter", date(2026, 1, 1), date(2025, 10, 1), date(2025, 12, 31)),
        ("last_quarter", date(2026, 12, 31), date(2026, 7, 1), date(2026, 9, 30)),
        ("last_year", date(2026, 1, 1), date(2025, 1, 1), date(2025, 12, 31)),
        ("last_week", date(2026, 3, 4), date(2026, 2, 23), date(2026, 3, 1)),
        ("last_week", date(2026, 3, 1), date(2026, 2, 16), date(2026, 2, 22)),
        ("last_week", date(2026, 1, 1), date(2025, 12, 22), date(2025, 12, 28)),
    ],
)
def test_it_knows_what_people_mean(name, today, first, last):
    assert periods.resolve(name, today) == Period(first, last)


@pytest.mark.parametrize("week_start", range(7))
@pytest.mark.parametrize("today", [date(2026, 3, 1) + timedelta(days=n) for n in range(7)])
def test_it_takes_the_last_full_week_as_weeks_begin_here(today, week_start):
    found = periods.resolve("last_week", today, week_start)
    assert (found.days, found.first.weekday()) == (7, week_start)
    assert found.last < today <= found.last + timedelta(days=7)


@pytest.mark.parametrize("days", [7, 30, 90])
def test_it_counts_full_days(days):
    found = periods.resolve(f"last_{days}", date(2026, 5, 5))
    assert (found.days, found.last) == (days, date(2026, 5, 4))


def test_it_refuses_a_name_it_does_not_know():
    with pytest.raises(BadQuestion, match="no period called"):
        periods.resolve("for_ever", date(2026, 1, 1))
