"""One platform in its own terms: what it gives and has, what it lacks and why, its accounts, times and tags."""

from datetime import date

import pandas as pd
import pytest

from analytics.metrics.registry import METRICS
from core import clock
from core.question import Asked, Period, Where
from services import platform_posts, platform_view
from services.studies.packing import pack
from services.team import custom_metrics
from storage import studies
from storage.studies import StudyRow
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import noon, publish

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def shown(seeded, platform="instagram", accounts=()):
    asked = Asked(NOVEMBER, where=Where(accounts=accounts))
    return platform_view.platform_view(seeded.viewer, asked, platform, now=NOW)


def keep(seeded, kind, found, *, platform="instagram", state="ok", reason=""):
    row = StudyRow(seeded.id, kind, f"/{platform}", clock.epoch_ms(NOW), clock.epoch_day(NOVEMBER.last), 0, 1, 5,
                   state, reason, found)  # fmt: skip
    with seeded.database.write() as connection:
        studies.put(connection, row)


def test_it_shows_every_metric_that_has_data_once(seeded):
    account = seeded.account("instagram")
    for name in ("views", "saves", "followers", "reach", "website_clicks"):
        seeded.facts(account, name, [10.0, 11.0], first=NOVEMBER.first)
    seeded.facts(seeded.account("youtube"), "views", [999.0], first=NOVEMBER.first)
    answer = shown(seeded)
    assert {"views", "saves", "followers", "reach", "website_clicks"} <= set(answer.metrics)
    assert len(answer.metrics) == len(set(answer.metrics))
    assert answer.groups[0].title == platform_view.GLANCE
    groups = {group.title: [card.number.metric for card in group.cards] for group in answer.groups}
    assert groups["Clicks"] == ["website_clicks"]
    views = next(card for card in answer.groups[0].cards if card.number.metric == "views")
    assert views.number.value == 21, "of this platform only"
    assert views.explanation.metric == "views"
    assert len(views.values) == 30


def test_it_says_what_the_platform_could_give_and_why_it_does_not(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10.0], first=NOVEMBER.first)
    seeded.mark(account, "saves", NOVEMBER.first, NOVEMBER.last, "not_permitted", "Permission is missing.")
    lacking = dict(shown(seeded).lacking)
    assert lacking["Saves"] == "Permission is missing"
    assert "Views" not in lacking
    assert "Quotes" not in lacking, "Instagram has none to give"


def test_it_places_every_metric_of_a_group_in_one_group():
    placed = [name for names in platform_view.GROUPS.values() for name in names]
    assert len(placed) == len(set(placed))
    assert set(placed) <= set(METRICS)


def test_it_sets_accounts_beside_each_other_only_where_there_are_several(seeded):
    one, two = seeded.account("instagram", "Acme"), seeded.account("instagram", "Beta")
    for account in (one, two):
        seeded.facts(account, "views", [10.0], first=NOVEMBER.first)
    assert [side.title for side in shown(seeded).accounts.sides] == ["Acme (Instagram)", "Beta (Instagram)"]
    narrowed = shown(seeded, accounts=(one,))
    assert narrowed.accounts is None
    assert narrowed.by_day.totals["views"].value == 10


def test_it_is_empty_without_numbers(seeded):
    seeded.account("instagram")
    assert shown(seeded).empty
    assert shown(seeded).why_none


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Where(), ""),
        (Where(platforms=("x",)), "x"),
        (Where(platforms=("x", "youtube")), ""),
        (Where(accounts=(1,)), "x"),
        (Where(accounts=(1, 3)), "x"),
        (Where(accounts=(1, 2)), ""),
    ],
    ids=["nothing chosen", "one", "two", "one account", "two accounts of one", "accounts of two"],
)
def test_it_knows_which_platform_is_meant(where, expected):
    assert platform_view.chosen(where, [(1, "x"), (2, "youtube"), (3, "x")]) == expected


def test_it_means_the_only_platform_there_is():
    assert platform_view.chosen(Where(), [(1, "x"), (3, "x")]) == "x"
    assert platform_view.chosen(Where(), []) == ""


def test_it_says_that_studies_are_being_computed(seeded):
    seeded.account("instagram")
    assert "being computed" in platform_posts.times(seeded.viewer, "instagram").said
    assert "being computed" in platform_posts.tags(seeded.viewer, "instagram").said


@pytest.mark.parametrize("state", ["not_enough", "failed"])
def test_it_passes_on_why_a_study_found_nothing(seeded, state):
    for kind in ("best_times", "hashtags"):
        keep(seeded, kind, {}, state=state, reason="Not enough posts yet (12 of 40).")
    assert platform_posts.times(seeded.viewer, "instagram").said == "Not enough posts yet (12 of 40)."
    assert platform_posts.tags(seeded.viewer, "instagram").said == "Not enough posts yet (12 of 40)."


def slots(verdict):
    return pd.DataFrame({"weekday": [1, 2], "hour": [18, 9], "posts": [20, 9], "lift": [0.4, 0.5],
                         "lower": [0.2, -0.1], "upper": [0.6, 0.9],
                         "verdict": [verdict, "no clear difference"]})  # fmt: skip


def times(slots, hours=None, *, reliable=True, summary=""):
    """A study of best times as it is kept; no hour stands out unless `hours` say so."""
    unsure = slots.assign(verdict="no clear difference")
    return {"slots": pack(slots), "hours": pack(unsure if hours is None else hours), "weekdays": pack(unsure),
            "reliable": reliable, "held_out_lift": {"value": 0.2, "lower": 0.1, "upper": 0.3, "posts": 40},
            "summary": summary}  # fmt: skip


def test_it_tells_the_slots_that_surely_do_better(seeded):
    keep(seeded, "best_times", times(slots("better"), summary="It holds."))
    found = platform_posts.times(seeded.viewer, "instagram")
    assert found.said == "It holds."
    assert [slot.name for slot in found.slots] == ["Tuesday 18:00 to 19:00"]


def test_it_tells_hours_where_no_slot_stands_out(seeded):
    hours = pd.DataFrame({"hour": [18], "posts": [40], "lift": [0.3], "lower": [0.1], "upper": [0.5],
                          "verdict": ["better"]})  # fmt: skip
    keep(seeded, "best_times", times(slots("no clear difference"), hours))
    assert [slot.name for slot in platform_posts.times(seeded.viewer, "instagram").slots] == [
        "Every day 18:00 to 19:00"
    ]


def test_it_tells_no_slot_of_a_pattern_that_did_not_hold(seeded):
    keep(seeded, "best_times", times(slots("better"), reliable=False, summary="No reliable pattern."))
    found = platform_posts.times(seeded.viewer, "instagram")
    assert (found.said, found.slots) == ("No reliable pattern.", ())


def test_it_tells_the_tags_that_surely_go_with_better_posts(seeded):
    frame = pd.DataFrame({"tag": ["brew", "sale"], "uses": [24, 90], "lift": [0.3, 0.8], "lower": [0.1, -0.2],
                          "upper": [0.5, 2.0], "verdict": ["better", "no clear difference"],
                          "trend": ["rising", "steady"]})  # fmt: skip
    keep(seeded, "hashtags", {"frame": pack(frame)})
    found = platform_posts.tags(seeded.viewer, "instagram")
    assert [(one.tag, one.uses) for one in found.best] == [("brew", 24)]
    assert "above usual" in found.best[0].effect
    assert [one.tag for one in found.used] == ["sale"]


def test_it_ranks_the_posts_of_the_platform(seeded):
    mine, other = seeded.account("instagram", "Acme"), seeded.account("youtube", "Acme")
    publish(seeded, mine, "a", noon(11, 2), {"likes": 5, "views": 60})
    publish(seeded, mine, "b", noon(11, 3), {"likes": 9, "views": 60})
    publish(seeded, other, "c", noon(11, 3), {"likes": 99, "views": 60})
    found = platform_posts.platform_posts(seeded.viewer, Asked(NOVEMBER), "instagram", now=NOW)
    assert found.top.frame["text"].tolist() == ["about b", "about a"]


def test_it_shows_the_metrics_of_the_team_that_the_platform_gives_all_of(seeded):
    account = seeded.account("instagram")
    for name in ("views", "saves"):
        seeded.facts(account, name, [10.0] * 30, first=NOVEMBER.first)
    custom_metrics.save(seeded.viewer, "Save rate", "saves / views")
    custom_metrics.save(seeded.viewer, "Dislike rate", "dislikes / views")
    answer = shown(seeded)
    (own,) = [group for group in answer.groups if group.title == platform_view.OWN]
    assert [(card.title, card.number.value) for card in own.cards] == [("Save rate", 1.0)]
    assert "own.save_rate" in answer.metrics
