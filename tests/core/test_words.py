"""Errors, ids, time and discovery: the words every room uses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock, errors, ids, registry
from core.errors import AppError, Recovery
from core.question import Asked, By, Compare, Period, Question, Where
from core.viewer import Right, Viewer

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/Los_Angeles",
    "Pacific/Tongatapu",
    "Pacific/Pago_Pago",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
)


def all_errors() -> list[type[AppError]]:
    return [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, AppError)]


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_it_gives_every_error_a_recovery_and_a_code(kind):
    assert kind.recovery in Recovery
    assert kind.code
    assert kind.__doc__


def test_it_gives_no_two_errors_the_same_code():
    codes = [kind.code for kind in all_errors()]
    assert len(codes) == len(set(codes))


def test_it_makes_ids_that_grow_and_fit_64_bits():
    made = [ids.new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert made[-1] < 2**63


@pytest.mark.parametrize("zone", ZONES)
@given(day=st.dates(date(1990, 1, 1), date(2050, 1, 1)))
def test_it_ends_a_day_where_the_next_begins(zone, day):
    end = clock.day_end(day, zone)
    assert clock.local_day(end, zone) == day + timedelta(days=1)
    assert clock.local_day(end - timedelta(seconds=1), zone) == day
    assert clock.day_start(day + timedelta(days=1), zone) == end


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_it_knows_both_nights_of_daylight_saving(day, hours):
    assert clock.day_end(day, "Europe/Berlin") - clock.day_start(day, "Europe/Berlin") == timedelta(hours=hours)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_it_keeps_a_moment_to_the_millisecond(moment):
    assert abs(clock.from_epoch_ms(clock.epoch_ms(moment)) - moment) <= timedelta(milliseconds=1)


def test_it_refuses_a_moment_without_a_zone():
    with pytest.raises(ValueError, match="time zone"):
        clock.epoch_ms(datetime(2026, 1, 1))


def test_it_names_an_unknown_time_zone():
    with pytest.raises(errors.BadSetting, match="Mars/Base"):
        clock.zone("Mars/Base")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (Period(date(2026, 11, 1), date(2026, 11, 30)), Period(date(2026, 10, 2), date(2026, 10, 31))),
        (Period(date(2026, 1, 1), date(2026, 1, 1)), Period(date(2025, 12, 31), date(2025, 12, 31))),
        (Period(date(2024, 2, 29), date(2024, 3, 1)), Period(date(2024, 2, 27), date(2024, 2, 28))),
    ],
    ids=["month", "new year", "leap day"],
)
def test_it_finds_the_period_before(period, before):
    assert period.previous() == before
    assert before.days == period.days


def test_it_moves_whole_weeks_back_to_match_weekdays():
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    before = period.previous(match_weekday=True)
    assert before.first.weekday() == period.first.weekday()
    assert before.last < period.first


def test_it_finds_last_year_of_a_leap_day():
    assert Period(date(2024, 2, 29), date(2024, 2, 29)).last_year().first == date(2023, 2, 28)


def test_it_refuses_a_period_that_ends_before_it_begins():
    with pytest.raises(errors.BadQuestion, match="ends .* before it begins"):
        Period(date(2026, 2, 2), date(2026, 2, 1))


def test_it_refuses_what_a_viewer_may_not_do():
    reader = Viewer("ann", 1, frozenset({Right.READ}))
    reader.require(Right.READ)
    with pytest.raises(errors.NotAllowed):
        reader.require(Right.MANAGE)


def test_it_says_which_plugin_declares_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "someplugins"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "good.py").write_text("THING = 'x'\n")
    (folder / "machinery.py").write_text("NOT_A_PLUGIN = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert registry.discover("someplugins", "THING", str) == {"good": "x"}
    (folder / "bad.py").write_text("")
    registry._discover.cache_clear()
    with pytest.raises(AppError, match=r"someplugins/bad\.py declares no THING"):
        registry.discover("someplugins", "THING", str)


def test_it_asks_for_some_metrics_of_what_a_page_is_about():
    november, where = Period(date(2026, 11, 1), date(2026, 11, 30)), Where(("x", "youtube"), (3,))
    asked = Asked(november, Compare.LAST_YEAR, True, where)
    expected = Question(("views",), november, By.DAY, "account", where, Compare.LAST_YEAR, True)
    assert asked.question(("views",), By.DAY, "account") == expected
    assert asked.on("x") == Asked(november, Compare.LAST_YEAR, True, Where(("x",), (3,)))
