"""Best times: what a study says, what is computed, and what is said where nothing is sure."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from analytics.metrics.registry import METRICS
from core import clock, records
from core.clock import epoch_ms
from core.question import Where
from services.content import timing
from services.studies.packing import pack
from storage import entities, readings, studies
from storage.studies import StudyRow
from tests.services.seeded import NOW, Seeded


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def publish_many(seeded, account, moments, likes, *, kind="reel", texts=None):
    """Many posts at once: moments (UTC), likes, and texts."""
    name = f"{account}-{kind}"
    found = [
        records.Post(f"{name}{at}", kind, moment, text=(texts or {}).get(at, f"post {at}"))
        for at, moment in enumerate(moments)
    ]
    with seeded.database.write() as connection:
        ids = entities.upsert_posts(connection, seeded.id, account, found)
        rows = [(ids[f"{name}{at}"], METRICS["likes"].id, epoch_ms(seeded.now), float(n)) for at, n in enumerate(likes)]
        readings.write(connection, seeded.id, rows)


def evenings_do_better(seeded, account, posts=600, kind="reel"):
    """Posts all over the week of a year; those from 18:00 on bring half as much again."""
    moments = [NOW - timedelta(days=3) - timedelta(hours=13 * at) for at in range(posts)]
    noise = [0.7, 0.8, 1.0, 1.2, 1.5]
    likes = [round((150 if one.hour >= 18 else 100) * noise[at % 5]) for at, one in enumerate(moments)]
    publish_many(seeded, account, moments, likes, kind=kind)


def tables(better=()):
    """The three tables of a study, in which some (weekday, hour) are better."""
    week = [(day, hour) for day in range(7) for hour in range(24)]
    rows = [
        {"weekday": day, "hour": hour, "posts": 4, "lift": 0.3 if (day, hour) in better else 0.0, "lower": 0.1,
         "upper": 0.5, "verdict": "better" if (day, hour) in better else "no clear difference"}
        for day, hour in week
    ]  # fmt: skip
    slots = pd.DataFrame(rows)
    hours = slots.groupby("hour", as_index=False).agg(
        posts=("posts", "sum"), lift=("lift", "max"), lower=("lower", "max"), upper=("upper", "max"),
        verdict=("verdict", "min"),
    )  # fmt: skip
    days = slots.groupby("weekday", as_index=False).agg(
        posts=("posts", "sum"), lift=("lift", "max"), lower=("lower", "max"), upper=("upper", "max"),
        verdict=("verdict", "min"),
    )  # fmt: skip
    return slots, hours, days


def keep_study(seeded, kind, found, *, platform="", state="ok", reason=""):
    """A study as the scheduler keeps it."""
    key = f"/{platform}"
    row = StudyRow(
        seeded.id, kind, key, clock.epoch_ms(seeded.now), clock.epoch_day(date(2026, 12, 4)), 0, 1, 5, state, reason,
        found,
    )  # fmt: skip
    with seeded.database.write() as connection:
        studies.put(connection, row)


def keep_timing(seeded, *, better=(), reliable=True, platform="", **more):
    slots, hours, days = tables(better)
    found = {
        "slots": pack(slots), "hours": pack(hours), "weekdays": pack(days), "reliable": reliable,
        "held_out_lift": {"value": 0.2, "lower": 0.1, "upper": 0.3, "posts": 400}, "summary": "", "posts": 672,
    }  # fmt: skip
    keep_study(seeded, "best_times", found, platform=platform, **more)


def test_it_tells_what_the_study_found(seeded):
    seeded.account("instagram")
    keep_timing(seeded, better={(1, 18), (2, 18)})
    found = timing.best_time_of(seeded.viewer, Where(), now=NOW)
    assert found.timing.standing.ok
    assert found.timing.posts == 672
    assert [(one.weekday, one.hour, one.posts) for one in timing.best(found.timing)] == [(1, 18, 4), (2, 18, 4)]
    said = timing.finding(found.timing).replace("\u202f", " ")
    assert said == "Posts do best on Tuesday 18:00 to 19:00: 30 % above usual (likely +10 % to +50 %)."
    assert timing.proof(found.timing).replace("\u202f", " ") == (
        "Checked on 400 later posts: those at advised hours did 20 % better than those at other hours "
        "(likely +10 % to +30 %). The pattern held."
    )


def test_it_takes_the_study_of_the_one_platform(seeded):
    seeded.account("instagram")
    keep_timing(seeded, better={(0, 9)})
    keep_timing(seeded, better={(4, 7)}, platform="instagram")
    found = timing.best_time_of(seeded.viewer, Where(platforms=("instagram",)), now=NOW)
    assert timing.best(found.timing)[0].name == "Friday 07:00 to 08:00"


def test_it_names_hours_of_every_day_where_single_slots_are_not_sure(seeded):
    seeded.account("instagram")
    slots, hours, days = tables()
    hours.loc[hours["hour"].isin([16, 17, 21]), "verdict"] = "better"
    found = {
        "slots": pack(slots), "hours": pack(hours), "weekdays": pack(days), "reliable": True, "posts": 672,
        "held_out_lift": {"value": None, "lower": None, "upper": None, "posts": 5}, "summary": "",
    }  # fmt: skip
    keep_study(seeded, "best_times", found)
    made = timing.best_time_of(seeded.viewer, Where(), now=NOW).timing
    assert {one.name for one in timing.best(made)} == {
        "Every day 16:00 to 17:00", "Every day 17:00 to 18:00", "Every day 21:00 to 22:00",
    }  # fmt: skip
    assert timing.best_hours(made) == ("16:00 to 18:00", "21:00 to 22:00")
    assert timing.finding(made).startswith("Posts do best every day 16:00 to 17:00")
    assert timing.proof(made).startswith("It could not be checked"), "an unknown lift is no lift of nothing"


def test_it_calls_no_hour_better_where_the_pattern_did_not_hold(seeded):
    seeded.account("instagram")
    keep_timing(seeded, better={(1, 18)}, reliable=False)
    made = timing.best_time_of(seeded.viewer, Where(), now=NOW).timing
    assert timing.best(made) == ()
    assert timing.best_hours(made) == ()
    assert timing.finding(made).startswith("No reliable pattern")
    assert timing.proof(made).endswith("That is not enough to rely on.")


@pytest.mark.parametrize(
    ("state", "reason", "said"),
    [("failed", "It broke.", "It broke."), ("not_enough", "Too few.", "Too few."), (None, "", "computed")],
    ids=["failed", "not enough", "not computed yet"],
)
def test_it_says_why_nothing_is_known_and_still_counts_posts(seeded, state, reason, said):
    account = seeded.account("instagram")
    monday = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)
    publish_many(seeded, account, [monday, monday + timedelta(minutes=5)], [5, 7])
    if state:
        keep_timing(seeded, state=state, reason=reason)
    made = timing.best_time_of(seeded.viewer, Where(), now=NOW).timing
    assert made.standing.state == (state or "pending")
    assert said in timing.finding(made)
    assert made.posts == 2
    assert made.slots.set_index(["weekday", "hour"]).loc[(0, 9), "posts"] == 2
    assert made.hours.loc[made.hours["hour"] == 9, "posts"].item() == 2
    assert made.weekdays.loc[made.weekdays["weekday"] == 0, "posts"].item() == 2
    assert made.slots["lift"].isna().all()
    assert timing.best(made) == ()
    assert timing.proof(made) == ""


def test_it_computes_a_kind_that_no_study_is_about(seeded):
    account = seeded.account("instagram")
    evenings_do_better(seeded, account)
    publish_many(seeded, account, [NOW - timedelta(days=9)], [3], kind="image")
    keep_timing(seeded, reliable=False)
    found = timing.best_time_of(seeded.viewer, Where(), "reel", now=NOW)
    assert found.kinds == (("reel", 600), ("image", 1))
    assert (found.kind, found.published) == ("reel", 600)
    assert found.timing.reliable
    assert timing.best_hours(found.timing) == ("18:00 to 00:00",)
    few = timing.best_time_of(seeded.viewer, Where(), "image", now=NOW)
    assert timing.finding(few.timing) == "Not enough posts yet (1 of 40) to look for best times."
    assert not few.timing.enough
    assert timing.best_time_of(seeded.viewer, Where(), "poll", now=NOW).kind == "", "a kind nobody posts"


def test_it_computes_for_accounts_from_their_posts_alone(seeded):
    one, two = seeded.account("instagram", "one"), seeded.account("instagram", "two")
    publish_many(seeded, one, [NOW - timedelta(days=9)], [3])
    publish_many(seeded, two, [NOW - timedelta(days=8), NOW - timedelta(days=7)], [3, 4])
    keep_timing(seeded, better={(1, 18)})
    found = timing.best_time_of(seeded.viewer, Where(accounts=(two,)), now=NOW)
    assert found.published == 2
    assert found.platforms == ()
    assert timing.best(found.timing) == ()


def test_it_puts_each_platform_in_a_line(seeded):
    for platform in ("instagram", "x", "youtube"):
        seeded.account(platform)
    keep_timing(seeded, better={(1, 18)}, platform="instagram")
    keep_timing(seeded, reliable=False, platform="x")
    keep_study(seeded, "best_times", {}, platform="youtube", state="not_enough", reason="No post is known.")
    lines = {one.title: one.said.replace("\u202f", " ")
             for one in timing.best_time_of(seeded.viewer, Where(), now=NOW).platforms}  # fmt: skip
    assert lines == {
        "Instagram": "Tuesday 18:00 to 19:00, 30 % above usual (likely +10 % to +50 %)",
        "X": "no reliable pattern",
        "YouTube": "No post is known.",
    }
    only = timing.best_time_of(seeded.viewer, Where(platforms=("x",)), now=NOW).platforms
    assert [one.platform for one in only] == ["x"]


def test_it_is_calm_about_a_workspace_without_posts(seeded):
    seeded.account("instagram")
    found = timing.best_time_of(seeded.viewer, Where(platforms=("instagram", "x")), now=NOW)
    assert found.published == 0
    assert found.timing.standing.state == "not_enough"
    assert np.isnan(found.timing.held_out.value)
