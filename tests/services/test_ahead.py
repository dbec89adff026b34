"""Forecasts on a page: which history, which study, the sum beside the past, and what a target takes."""

import math
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from core import clock
from core.question import Where
from services import ahead
from services.ahead import Report, words
from services.studies.packing import pack
from services.team import targets
from storage import studies
from storage.studies import StudyRow
from tests.services.seeded import NOW, Seeded

FIRST = date(2026, 8, 1)
DAYS = 120
LAST = FIRST + timedelta(days=DAYS - 1)
WEEK = [100, 120, 140, 160, 180, 60, 40]


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def flow(seeded, account, metric="views"):
    noise = np.random.default_rng(1).normal(0, 12, DAYS)
    values = [WEEK[day % 7] + float(round(noise[day])) for day in range(DAYS)]
    seeded.facts(account, metric, values, first=FIRST)
    return values


def stock(seeded, account, a_day=10.0):
    seeded.facts(account, "followers", [5000 + a_day * day + (day % 3) for day in range(DAYS)], first=FIRST)


def look(seeded, metric="views", horizon=28, where=None):
    return ahead.outlook(seeded.viewer, metric, where or Where(), horizon, now=NOW)


def keep(database, workspace, metric, mean, *, platform="", until=LAST, trusted=True, state="ok"):
    days = pd.date_range(until + timedelta(days=1), periods=28, name="day")
    frame = pd.DataFrame({"mean": mean, "lower": mean - 10.0, "upper": mean + 10.0}, index=days)
    found = {"frame": pack(frame), "method": "pool of 2 models of the values", "trusted": trusted, "level": 0.95,
             "last": 1.0, "backtest": {"mase": 0.5, "mase_naive": 1.0, "coverage": 0.94, "folds": 9}}  # fmt: skip
    row = StudyRow(workspace, "forecast", f"{metric}/{platform}", clock.epoch_ms(NOW), clock.epoch_day(until), 1, 2, 5,
                   state, "", found)  # fmt: skip
    with database.write() as connection:
        studies.put(connection, row)


def test_it_foretells_a_flow_and_beats_the_simple_guess(seeded):
    flow(seeded, seeded.account("instagram"))
    found = look(seeded)
    assert found.computed_at is None
    assert len(found.ahead) == 28
    assert found.ahead["day"].iloc[0].date() == LAST + timedelta(days=1)
    assert (found.ahead["lower"] <= found.ahead["mean"]).all()
    assert (found.ahead["mean"] <= found.ahead["upper"]).all()
    weekly = found.ahead["mean"].head(7).tolist()
    assert weekly == pytest.approx([WEEK[(DAYS + day) % 7] for day in range(7)], rel=0.3)
    assert found.report.trusted
    assert found.report.better > 0


def test_it_adds_up_days_beside_as_many_before(seeded):
    values = flow(seeded, seeded.account("instagram"))
    found = look(seeded, horizon=14)
    total = found.in_all
    assert total.before == pytest.approx(sum(values[-14:]))
    assert total.mean == pytest.approx(found.ahead["mean"].sum())
    assert (total.lower, total.upper) == (
        pytest.approx(found.ahead["lower"].sum()), pytest.approx(found.ahead["upper"].sum()),
    )  # fmt: skip
    assert total.change == pytest.approx(total.mean / total.before - 1)


def test_it_compares_with_nothing_where_a_day_before_is_missing(seeded):
    account = seeded.account("instagram")
    values = {FIRST + timedelta(days=day): WEEK[day % 7] for day in range(DAYS) if day != DAYS - 5}
    seeded.facts(account, "views", {clock.epoch_day(day): value for day, value in values.items()})
    found = look(seeded)
    assert (found.in_all.before, found.in_all.change, found.in_all.known) == (None, None, 27)
    assert dict(words.in_all(found, found.in_all))["The 28 days before"] == "n/a: 27 of these 28 days are known"


@pytest.mark.parametrize(("metric", "adds"), [("followers", False), ("engagement_rate", False), ("views", True)])
def test_it_only_adds_what_adds_up(seeded, metric, adds):
    account = seeded.account("instagram")
    flow(seeded, account)
    flow(seeded, account, "likes")
    stock(seeded, account)
    found = look(seeded, metric)
    assert (found.in_all is not None) is adds
    assert len(found.ahead) == 28


def test_it_gives_a_rate_over_four_weeks_as_one_rate(seeded):
    """The rate of days of unlike size is not the mean of their rates."""
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100.0 if day % 2 else 900.0 for day in range(DAYS)], first=FIRST)
    seeded.facts(account, "likes", [50.0 if day % 2 else 90.0 for day in range(DAYS)], first=FIRST)
    assert look(seeded, "engagement_rate").recent == pytest.approx(140 / 1000)


def test_it_takes_the_kept_study_where_that_is_about_the_same_days(seeded):
    flow(seeded, seeded.account("instagram"))
    keep(seeded.database, seeded.id, "views", 77.0)
    found = look(seeded)
    assert set(found.ahead["mean"]) == {77.0}
    assert found.computed_at == NOW
    assert found.report == Report(0.5, 1.0, 0.94, 9, "pool of 2 models of the values", True)


@pytest.mark.parametrize("case", ["before an account joined", "between"])
def test_it_takes_the_kept_study_where_days_were_left_out(seeded, case):
    """Studies are made from the same whole days, yet what they said was once thrown away here."""
    flow(seeded, seeded.account("instagram"))
    other, first = seeded.account("tiktok"), LAST - timedelta(days=59) if case != "between" else FIRST
    gone = LAST - timedelta(days=30) if case == "between" else None
    days = [day for at in range((LAST - first).days + 1) if (day := first + timedelta(days=at)) != gone]
    seeded.facts(other, "views", {clock.epoch_day(day): 500.0 + day.day % 7 for day in days})
    keep(seeded.database, seeded.id, "views", 77.0)
    found = look(seeded)
    assert (found.daily.since, found.daily.partial) == ((None, 1) if case == "between" else (first, 0))
    assert found.cautions[0] == found.daily.cautions[0]
    assert set(found.ahead["mean"]) == {77.0}
    assert found.computed_at == NOW


@pytest.mark.parametrize("case", ["another horizon", "an older day", "failed", "an account"])
def test_it_computes_what_no_study_is_about(seeded, case):
    account = seeded.account("instagram")
    flow(seeded, account)
    keep(
        seeded.database, seeded.id, "views", 77.0,
        until=LAST - timedelta(days=3) if case == "an older day" else LAST,
        state="failed" if case == "failed" else "ok",
    )  # fmt: skip
    where = Where(accounts=(account,)) if case == "an account" else Where()
    found = look(seeded, horizon=14 if case == "another horizon" else 28, where=where)
    assert found.computed_at is None
    assert 77.0 not in set(found.ahead["mean"])


def test_it_says_what_is_missing(seeded):
    account = seeded.account("instagram")
    assert look(seeded).why_none.startswith("No day is known yet.")
    seeded.facts(account, "views", [1, 2, 3], first=date(2026, 11, 28))
    found = look(seeded)
    assert found.why_none == "Not enough days yet (3 of 8) for a forecast."
    assert found.ahead.empty
    assert found.report is None


def test_it_says_how_far_its_trials_reached(seeded):
    flow(seeded, seeded.account("instagram"))
    assert look(seeded, horizon=28).cautions == ()
    assert "Trials on the past reached 30 days ahead" in look(seeded, horizon=90).cautions[0]


def test_it_holds_a_level_against_a_target(seeded):
    stock(seeded, seeded.account("x"), a_day=10.0)
    found = look(seeded, "followers")
    day = found.ahead["day"].iloc[13].date()
    now = float(found.daily.values.iloc[-1])
    made = ahead.goal(found, now + 1400, day)
    assert made.days == 14
    assert made.a_day == pytest.approx(100)
    assert made.foreseen_a_day == pytest.approx(10, abs=1)
    assert made.lately_a_day == pytest.approx(10, abs=0.2)
    assert made.chance == "unlikely"
    assert ahead.goal(found, now + 1, day).chance == "likely"
    assert ahead.goal(found, made.mean, day).chance == "open"
    assert "lies inside the band" in words.verdict(found, ahead.goal(found, made.mean, day))
    assert words.pace(found, made).startswith("Needed from now: +100 a day, for 14 days.")
    assert words.pace(found, ahead.goal(found, now - 50, day)).startswith("It stands there already.")


def test_it_holds_a_sum_against_a_target(seeded):
    flow(seeded, seeded.account("x"))
    found = look(seeded)
    day = found.ahead["day"].iloc[6].date()
    made = ahead.goal(found, 1400, day)
    assert made.mean == pytest.approx(found.ahead["mean"].head(7).sum())
    assert made.a_day == pytest.approx(200)
    assert made.chance == "unlikely"
    assert "no part of the forecast reaches it" in words.verdict(found, made)


def test_it_turns_a_target_round_where_less_is_better(seeded):
    flow(seeded, seeded.account("instagram"), "followers_lost")
    found = look(seeded, "followers_lost")
    day = found.ahead["day"].iloc[-1].date()
    made = ahead.goal(found, found.in_all.upper + 1, day)
    assert made.chance == "likely"
    assert words.verdict(found, made).startswith("at most ")
    assert ahead.goal(found, found.in_all.lower - 1, day).chance == "unlikely"


def test_it_offers_the_targets_that_were_set(seeded):
    account = seeded.account("x")
    flow(seeded, account)
    stock(seeded, account)
    targets.put(seeded.viewer, {"views": 3000.0, "followers": 9000.0})
    assert ahead.kept_target(seeded.viewer, look(seeded), 15) == pytest.approx(1500.0)
    assert ahead.kept_target(seeded.viewer, look(seeded, "followers"), 15) == 9000.0
    assert ahead.kept_target(seeded.viewer, look(seeded, "impressions"), 15) is None


def test_it_tells_the_report_card_in_plain_words():
    good = dict(words.card(Report(0.8, 1.0, 0.94, 12, "pool of 3 models", True), stands=False))
    assert good["Against the simple guess"].replace("\u202f", " ") == (
        "In 12 trials on the past its misses were 20 % smaller than those of the guess that last week repeats itself."
    )
    assert good["Days inside the band"] == "94 of 100; it should be about 95."
    bad = Report(1.2, 1.0, 0.9, 12, "pool", False)
    assert "20\u202f% larger" in dict(words.card(bad, stands=True))["Against the simple guess"]
    assert words.why_hidden(bad, stands=True) == (
        "This forecast was not nearer than the simple guess that nothing changes, so it is not worth much."
    )
    flat = Report(0.0, 0.0, 1.0, 4, "pool", False)
    assert words.why_hidden(flat, stands=True).startswith("Nothing changed in the past")
    none = Report(math.nan, math.nan, math.nan, 0, "pool", False)
    assert "too short for a trial" in dict(words.card(none, stands=False))["Against the simple guess"]
    assert "0 trials on the past, 4 are needed" in words.why_hidden(none, stands=False)


def test_it_says_where_it_is_heading(seeded):
    account = seeded.account("x")
    flow(seeded, account)
    stock(seeded, account)
    assert words.finding(look(seeded)).startswith("Views: about 3.2K in the next 28 days (the 28 days before: ")
    said = words.finding(look(seeded, "followers"))
    assert said.startswith("Followers: about 6,4")
    assert said.endswith("from 6,192 now.")
