"""Unusual days: from studies or scored now, missing numbers apart, shares that add up, marks of each person."""

from datetime import date, timedelta

import pandas as pd
import pytest

from core import clock
from core.errors import BadSetting
from core.question import Period, Where
from core.viewer import Right, Viewer
from services import unusual_days
from services.studies.packing import pack
from services.team import annotation
from services.unusual_days import words
from services.unusual_days.listing import gaps
from storage import studies
from storage.studies import StudyRow
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import noon, publish
from tests.services.test_posts import read as read_post

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
FIRST = date(2026, 9, 1)
DAYS = 91
SPIKE = date(2026, 11, 17)


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def series(level, spike=None, days=DAYS):
    """Days around a level with a weekly swing, and one that stands out."""
    values = [level * (1 + 0.1 * ((day * 7 % 5) - 2) / 2) for day in range(days)]
    if spike is not None:
        values[(SPIKE - FIRST).days] = spike
    return [float(round(value)) for value in values]


def keep(seeded, metric, days=(), *, platform="", state="ok", reason="", level=100.0):
    """A study of the days from FIRST on; `days` are (day, value, score)."""
    index = pd.date_range(FIRST, periods=DAYS, name="day")
    frame = pd.DataFrame({"expected": level, "lower": level * 0.5, "upper": level * 1.5, "score": 0.1,
                          "is_anomaly": False, "value": level}, index=index)  # fmt: skip
    for day, value, score in days:
        frame.loc[pd.Timestamp(day), ["value", "score", "is_anomaly"]] = [value, score, True]
    told = [
        {"day": day.isoformat(), "value": value, "expected": level, "lower": level * 0.5, "upper": level * 1.5,
         "score": score, "sentence": "", "carried_by": [], "parts": None}
        for day, value, score in days
    ]  # fmt: skip
    found = {"frame": pack(frame.astype({"is_anomaly": bool})), "days": told} if state == "ok" else {}
    last = FIRST + timedelta(days=DAYS - 1)
    row = StudyRow(seeded.id, "unusual", f"{metric}/{platform}", clock.epoch_ms(NOW), clock.epoch_day(last), 1, 2, 5,
                   state, reason, found)  # fmt: skip
    with seeded.database.write() as connection:
        studies.put(connection, row)


def look(seeded, where=None, period=NOVEMBER):
    return unusual_days.unusual_days(seeded.viewer, period, where or Where(), now=NOW)


def test_it_lists_the_days_of_the_period_most_striking_first(seeded):
    for platform in ("instagram", "x"):
        seeded.facts(seeded.account(platform), "views", series(100), first=FIRST)
    keep(seeded, "views", [(date(2026, 11, 3), 200.0, 0.6), (date(2026, 10, 3), 900.0, 0.9)], platform="instagram")
    keep(seeded, "views", [(SPIKE, 300.0, 0.8)], platform="x")
    found = look(seeded)
    assert [(one.place, one.day, one.score) for one in found.found] == [
        ("x", SPIKE, 0.8), ("instagram", date(2026, 11, 3), 0.6),
    ]  # fmt: skip
    assert found.found[0].place_title == "X"
    assert found.watched == 2
    assert found.waiting > 0, "the other metrics have not been studied yet"
    assert words.headline(found) == (
        "2 days stood out of what 2 series let expect. Most striking: views on X, 17 Nov: 300 where 100 was expected."
    )
    assert [one.place for one in look(seeded, Where(platforms=("instagram",))).found] == ["instagram"]


def test_it_tells_a_day_of_all_together_once(seeded):
    """Where only one platform is known, the total is that platform."""
    one, other = seeded.account("instagram"), seeded.account("x")
    for account in (one, other):
        seeded.facts(account, "views", series(100), first=FIRST)
    for platform in ("", "x"):
        keep(seeded, "views", [(SPIKE, 300.0, 0.8)], platform=platform)
    assert [one.place for one in look(seeded).found] == ["x"]


def test_it_keeps_missing_numbers_apart_from_what_happened(seeded):
    one, two, three = (seeded.account(platform) for platform in ("instagram", "x", "youtube"))
    at = (SPIKE - FIRST).days
    seeded.facts(one, "views", [value if day != at else None for day, value in enumerate(series(800))], first=FIRST)
    seeded.facts(two, "views", series(100), first=FIRST)
    seeded.facts(three, "views", series(5000, days=20), first=FIRST + timedelta(days=DAYS - 20))
    joined = FIRST + timedelta(days=DAYS - 20)
    keep(seeded, "views", [(SPIKE, 100.0, 0.9), (joined, 5900.0, 0.95)])
    keep(seeded, "views", [(date(2026, 11, 3), 150.0, 0.55)], platform="x")
    found = look(seeded).found
    assert [one.doubtful for one in found] == [False, True, True]
    by_day = {one.day: one for one in found}
    assert by_day[SPIKE].missing == ("Instagram",)
    assert by_day[joined].joined == ("YouTube",)
    assert words.doubt(by_day[SPIKE]).startswith("Not known on this day: Instagram.")
    assert words.doubt(by_day[joined]).startswith("First counted about this day: YouTube.")
    assert words.headline(look(seeded)).startswith("One day stood out")


def test_it_weighs_what_is_missing_of_a_level_by_how_far_it_moved():
    days = pd.date_range(SPIKE - timedelta(days=28), SPIKE)
    parts = pd.DataFrame({"big": 10_000.0, "new": float("nan")}, index=days)
    parts.loc[pd.Timestamp(SPIKE), "new"] = 50.0
    assert gaps(parts, SPIKE) == ([], [])
    assert gaps(parts, SPIKE, 60.0) == ([], ["new"])
    parts.loc[pd.Timestamp(SPIKE), "big"] = float("nan")
    assert gaps(parts, SPIKE) == (["big"], ["new"])


@pytest.mark.parametrize("platforms", [("instagram", "x"), ()], ids=["two platforms", "an account"])
def test_it_scores_now_what_no_study_is_about(seeded, platforms):
    one, two, three = (seeded.account(platform) for platform in ("instagram", "x", "youtube"))
    for account, spike in ((one, 900), (two, 1000), (three, None)):
        seeded.facts(account, "views", series(100, spike), first=FIRST)
    where = Where(platforms=platforms) if platforms else Where(accounts=(one,))
    found = [one for one in look(seeded, where).found if one.place == ""]
    assert [(one.metric, one.day) for one in found if one.metric == "views"] == [("views", SPIKE)]
    assert found[0].value == (1900.0 if platforms else 900.0)


def test_it_counts_what_could_not_be_judged(seeded):
    seeded.account("x")
    keep(seeded, "views", platform="x", state="not_enough", reason="3 days are known.")
    keep(seeded, "engagement", platform="x", state="failed", reason="It broke.")
    found = look(seeded)
    assert (found.watched, found.lacking, found.failed) == (0, 1, ("Engagement, X: It broke.",))
    assert words.headline(found) == "Unusual days are being computed, usually within a few minutes."


def test_it_shows_enough_days_to_see_what_is_usual(seeded):
    seeded.facts(seeded.account("x"), "views", series(100), first=FIRST)
    keep(seeded, "views", [(SPIKE, 300.0, 0.8)], platform="x")
    week = Period(date(2026, 11, 24), date(2026, 11, 30))
    found = unusual_days.course(seeded.viewer, "views", Where(), "x", week, now=NOW)
    assert len(found.frame) == 90
    assert found.computed_at == NOW
    assert found.frame.loc[found.frame["is_anomaly"], "day"].tolist() == [SPIKE]


def test_it_scores_an_unwatched_metric_now(seeded):
    seeded.facts(seeded.account("x"), "replies", series(100, 900), first=FIRST)
    found = unusual_days.course(seeded.viewer, "replies", Where(), "x", NOVEMBER, now=NOW)
    assert found.computed_at is None
    assert SPIKE in found.frame.loc[found.frame["is_anomaly"], "day"].tolist()
    short = unusual_days.course(seeded.viewer, "bookmarks", Where(), "x", NOVEMBER, now=NOW)
    assert short.frame.empty
    assert short.why_none.startswith("No day is known yet.")


def test_it_says_how_many_days_are_lacking(seeded):
    seeded.facts(seeded.account("x"), "replies", [5, 6, 7], first=date(2026, 11, 20))
    found = unusual_days.course(seeded.viewer, "replies", Where(), "x", NOVEMBER, now=NOW)
    assert found.why_none == "Not enough days yet (3 of 21) to know what is usual."


def why(seeded, metric, place="", day=SPIKE, where=None):
    return unusual_days.why(seeded.viewer, metric, where or Where(), place, day, now=NOW)


def test_it_takes_a_day_apart_by_platform_in_shares_that_add_up(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    before = {SPIKE - timedelta(weeks=back): 100.0 for back in range(1, 5)}
    seeded.facts(one, "views", {clock.epoch_day(day): value for day, value in (before | {SPIKE: 400.0}).items()})
    seeded.facts(two, "views", {clock.epoch_day(day): value for day, value in (before | {SPIKE: 200.0}).items()})
    found = why(seeded, "views")
    assert found.by == "platform"
    assert found.parts[["part", "before", "after", "contribution"]].to_numpy().tolist() == [
        ["Instagram", 100.0, 400.0, 300.0], ["X", 100.0, 200.0, 100.0],
    ]  # fmt: skip
    assert found.parts["share"].tolist() == [0.75, 0.25]
    assert found.weeks[-1] == (SPIKE, 600.0)
    assert [value for _, value in found.weeks[:-1]] == [200.0] * 4
    assert words.carried(found).replace("\u202f", " ") == (
        "Views rose to 600, against 200 on the same weekday of the four weeks before. Instagram and X carry 100 % of "
        "the change."
    )


def test_it_names_accounts_where_there_is_one_platform(seeded):
    one, two = seeded.account("x", "North"), seeded.account("x", "South")
    for account, spike in ((one, 900), (two, None)):
        seeded.facts(account, "views", series(100, spike), first=FIRST)
    found = why(seeded, "views", "x")
    assert found.by == "account"
    assert found.parts["part"].tolist()[0] == "North"
    assert found.parts["share"].sum() == pytest.approx(1)
    alone = why(seeded, "views", where=Where(accounts=(one,)))
    assert alone.alone
    assert words.carried(alone).endswith("All of it is North.")


def test_it_explains_a_level_by_its_change_on_the_day(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    at = (SPIKE - FIRST).days
    seeded.facts(one, "followers", [1000 + 10 * day + (500 if day >= at else 0) for day in range(DAYS)], first=FIRST)
    seeded.facts(two, "followers", [2000 + 5 * day for day in range(DAYS)], first=FIRST)
    found = why(seeded, "followers")
    assert found.changes
    assert found.parts[["part", "before", "after"]].to_numpy().tolist()[0] == ["Instagram", 10.0, 510.0]
    assert found.weeks[-1] == (SPIKE, 515.0)
    assert words.carried(found).startswith("Followers: the change on the day was 515, against 15")


def test_it_takes_a_rate_apart_exactly(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    for account, likes in ((one, 300), (two, 10)):
        seeded.facts(account, "views", [1000.0] * DAYS, first=FIRST)
        seeded.facts(account, "likes", series(10, likes), first=FIRST)
    found = why(seeded, "engagement_rate")
    assert found.parts["share"].sum() == pytest.approx(1)
    assert found.parts["part"].tolist()[0] == "Instagram"
    assert "rose to 15.5" in words.carried(found)


def test_it_leaves_out_what_is_not_known_on_both_sides(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    seeded.facts(one, "views", series(100, 900), first=FIRST)
    seeded.facts(two, "views", [value if FIRST + timedelta(days=day) != SPIKE else None
                                for day, value in enumerate(series(100))], first=FIRST)  # fmt: skip
    found = why(seeded, "views")
    assert found.parts["part"].tolist() == ["Instagram"]
    assert words.left_out(found) == "Not compared, because they are not known on both sides: X."


def test_it_does_not_share_out_what_does_not_add_up(seeded):
    seeded.facts(seeded.account("instagram"), "reach", series(100, 900), first=FIRST)
    found = why(seeded, "reach")
    assert found.parts is None
    assert "does not add up" in words.carried(found)
    assert found.weeks[-1][1] == 900.0


def test_it_shows_the_posts_and_annotations_of_the_day(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", series(100, 900), first=FIRST)
    publish(seeded, account, "hit", noon(11, 17), {"likes": 90, "views": 100})
    publish(seeded, account, "other", noon(11, 16), {"likes": 10, "views": 100})
    annotation.add(seeded.viewer, SPIKE, "Spring sale", now=NOW)
    annotation.add(seeded.viewer, SPIKE - timedelta(days=1), "Another day", now=NOW)
    found = why(seeded, "views")
    assert found.published.frame["text"].tolist() == ["about hit"]
    assert [one.text for one in found.annotations] == ["Spring sale"]


@pytest.mark.parametrize(("spike", "named"), [(900, ["about hit"]), (5, None)], ids=["more", "less"])
def test_it_names_posts_that_gathered_most_where_the_rise_was(seeded, spike, named):
    """A post elsewhere does not explain it, nor does any explain a fall."""
    one, two = seeded.account("instagram"), seeded.account("x")
    for account, value, name in ((one, spike, "hit"), (two, None, "other")):
        seeded.facts(account, "views", series(100, value), first=FIRST)
        made = publish(seeded, account, name, noon(11, 10), {"views": 10}, at=noon(11, 16))
        read_post(seeded, made, {"views": 600}, noon(11, 17))
    found = why(seeded, "views")
    assert (None if found.gathered is None else found.gathered.frame["text"].tolist()) == named


def test_it_says_nothing_about_a_day_on_which_nothing_is_known(seeded):
    seeded.account("instagram")
    found = why(seeded, "views")
    assert found.parts is None
    assert [value for _, value in found.weeks] == [None] * 5


def test_it_keeps_a_mark_for_each_person(seeded):
    key = ("views", "x", SPIKE)
    other = Viewer("ana", seeded.id, frozenset({Right.READ}))
    unusual_days.mark(seeded.viewer, key, True, "  a   sale ", now=NOW)
    unusual_days.mark(other, key, False, now=NOW)
    assert unusual_days.marks(seeded.viewer)[key] == unusual_days.Mark(True, "a sale", NOW)
    assert unusual_days.marks(other)[key].useful is False
    unusual_days.unmark(seeded.viewer, key)
    assert unusual_days.marks(seeded.viewer) == {}
    assert key in unusual_days.marks(other)
    with pytest.raises(BadSetting, match="at most 200"):
        unusual_days.mark(other, key, True, "x" * 201)


def test_it_names_what_is_in_view(seeded):
    one, two = seeded.account("instagram", "North"), seeded.account("x", "South")
    assert unusual_days.places(seeded.viewer, Where()) == {
        "": "All platforms", "instagram": "Instagram", "x": "X",
    }  # fmt: skip
    assert unusual_days.places(seeded.viewer, Where(platforms=("x",))) == {"x": "X"}
    assert unusual_days.places(seeded.viewer, Where(accounts=(one,))) == {"": "North"}
    assert unusual_days.places(seeded.viewer, Where(accounts=(one, two))) == {"": "The 2 chosen accounts"}
