"""Platforms and accounts beside each other: what adds up, what does not, and what stands on one axis."""

from datetime import date

import numpy as np
import pytest

from analytics.metrics.registry import METRICS
from core.errors import BadQuestion
from core.question import Asked, Compare, Period, Where
from services import comparison
from services.team import custom_metrics
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
FIRST = NOVEMBER.first


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def beside(seeded, **options):
    asked = Asked(NOVEMBER, options.pop("past", None), where=options.pop("where", Where()))
    return comparison.compare(seeded.viewer, asked, now=NOW, **options)


def sides(answer):
    return {side.title: side for side in answer.sides}


def test_it_makes_the_ratio_of_the_total_anew(seeded):
    large, small = seeded.account("instagram"), seeded.account("youtube")
    for account, views, likes in ((large, 900, 9), (small, 100, 21)):
        seeded.facts(account, "views", [views], first=FIRST)
        seeded.facts(account, "likes", [likes], first=FIRST)
    answer = beside(seeded)
    assert sides(answer)["Instagram"].numbers["engagement_rate"].value == pytest.approx(0.01)
    assert sides(answer)["YouTube"].numbers["engagement_rate"].value == pytest.approx(0.21)
    assert answer.total["engagement_rate"].value == pytest.approx(30 / 1000), "not the mean 0.11"


def test_it_leaves_the_total_of_people_blank_and_says_why(seeded):
    for platform in ("instagram", "tiktok"):
        seeded.facts(seeded.account(platform), "reach", [50.0] * 30, first=FIRST)
    answer = beside(seeded)
    assert answer.blanks == {"reach": "people who are on two of them would count twice"}


def test_it_keeps_the_total_of_people_where_only_one_has_them(seeded):
    seeded.facts(seeded.account("instagram"), "reach", [50.0] * 30, first=FIRST)
    seeded.facts(seeded.account("youtube"), "views", [50.0], first=FIRST)
    assert beside(seeded).blanks == {}


def test_it_gives_shares_that_add_up_to_one_and_none_of_ratios(seeded):
    for platform, likes in (("instagram", 30), ("youtube", 10)):
        account = seeded.account(platform)
        seeded.facts(account, "likes", [likes], first=FIRST)
        seeded.facts(account, "views", [100], first=FIRST)
    shares = {title: side.shares for title, side in sides(beside(seeded)).items()}
    assert shares["Instagram"]["engagement"] == 0.75
    assert shares["YouTube"]["engagement"] == 0.25
    assert "engagement_rate" not in shares["YouTube"]


def test_it_gives_no_shares_where_a_part_is_below_zero(seeded):
    for platform, likes in (("linkedin", -5), ("youtube", 10)):
        seeded.facts(seeded.account(platform), "likes", [likes], first=FIRST)
    assert all("engagement" not in side.shares for side in beside(seeded).sides)


def test_it_puts_the_biggest_first_and_those_without_last(seeded):
    for platform, likes in (("facebook", 5), ("youtube", 10), ("x", None)):
        account = seeded.account(platform)
        seeded.facts(account, "likes", [likes], first=FIRST)
        seeded.facts(account, "followers", [1.0], first=FIRST)
    assert [side.title for side in beside(seeded).sides] == ["YouTube", "Facebook", "X"]


def test_it_says_which_numbers_there_are_not_and_why(seeded):
    for platform, metric in (("linkedin", "impressions"), ("youtube", "views")):
        seeded.facts(seeded.account(platform), metric, [10.0], first=FIRST)
    answer = beside(seeded, past=Compare.PREVIOUS)
    assert ("YouTube", "Views, change", "no data 2–31 Oct") in answer.lacking
    assert any(side == "LinkedIn" and metric == "Views" for side, metric, _ in answer.lacking)
    assert "followers" not in answer.metrics, "what nobody has is left out"


def test_it_tells_accounts_of_one_name_apart(seeded):
    for platform in ("instagram", "youtube"):
        seeded.facts(seeded.account(platform, "Acme"), "views", [10.0], first=FIRST)
    answer = beside(seeded, split="account")
    assert {side.title for side in answer.sides} == {"Acme (Instagram)", "Acme (YouTube)"}
    assert {side.platform for side in answer.sides} == {"instagram", "youtube"}


def test_it_refuses_to_compare_by_anything_else(seeded):
    with pytest.raises(BadQuestion, match="country"):
        beside(seeded, split="country")


def test_it_says_why_there_is_nothing(seeded):
    seeded.account("instagram")
    answer = beside(seeded)
    assert answer.empty
    assert answer.why_none


def test_it_offers_only_metrics_that_have_data(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [10.0], first=FIRST)
    seeded.facts(account, "reach", [5.0], first=FIRST)
    seeded.facts(account, "saves", [5.0], first=date(2026, 9, 1))
    found = comparison.offered(seeded.viewer, Asked(NOVEMBER), now=NOW)
    assert found == ("views", "reach")
    assert comparison.offered(seeded.viewer, Asked(NOVEMBER, where=Where(platforms=("youtube",))), now=NOW) == ()


def test_it_never_offers_what_only_makes_a_mean(seeded):
    seeded.facts(seeded.account("youtube"), "retention_sum", [10.0], first=FIRST)
    assert "retention_sum" not in comparison.offered(seeded.viewer, Asked(NOVEMBER), now=NOW)


def courses(seeded, metric="views", **options):
    return comparison.trends(seeded.viewer, Asked(NOVEMBER), metric, now=NOW, **options)


def test_it_indexes_to_the_first_day_above_zero(seeded):
    seeded.facts(seeded.account("youtube"), "views", [50, 100, 25], first=FIRST)
    seeded.facts(seeded.account("tiktok"), "views", [0, 20, 30], first=FIRST)
    seeded.facts(seeded.account("x"), "views", [0, 0, 0], first=FIRST)
    answer = courses(seeded, indexed=True)
    lines = {line.title: line for line in answer.lines}
    assert lines["YouTube"].values[:3] == (100, 200, 50)
    assert np.isnan(lines["TikTok"].values[0])
    assert lines["TikTok"].values[1:3] == (100, 150)
    assert lines["TikTok"].base == date(2026, 11, 2)
    assert "X" not in lines
    assert "TikTok begins on 2 Nov, its first day above 0." in answer.notes
    assert "X is left out: no day above 0 to begin from." in answer.notes


def test_it_leaves_a_gap_a_gap(seeded):
    seeded.facts(seeded.account("youtube"), "views", [50, None, 25], first=FIRST)
    (line,) = courses(seeded).lines
    assert line.values[0] == 50
    assert np.isnan(line.values[1])


def test_it_draws_seven_lines_at_most_and_the_others_together(seeded):
    for number in range(9):
        account = seeded.account("instagram", f"A{number}")
        seeded.facts(account, "views", [100.0 - number], first=FIRST)
        seeded.facts(account, "likes", [10.0 * (number == 8)], first=FIRST)
    answer = courses(seeded, split="account")
    assert len(answer.lines) == 7
    assert answer.lines[-1].title == "3 others"
    assert answer.lines[-1].values[0] == 94 + 93 + 92
    rates = courses(seeded, "engagement_rate", split="account")
    others = next(line for line in rates.lines if line.title == "3 others")
    assert others.values[0] in (0, pytest.approx(10 / (93 + 94 + 92)), 0.0), "a ratio of sums, not a sum of ratios"


def test_it_knows_which_axes_begin_at_zero():
    assert comparison.begins_at_zero("views")
    assert not comparison.begins_at_zero("followers")


def test_it_compares_only_metrics_of_the_registry():
    assert set(comparison.KEY) <= set(METRICS)


def test_it_offers_a_metric_of_the_teams_own_where_every_ingredient_has_data(seeded):
    one, two = seeded.account("instagram"), seeded.account("youtube")
    for account in (one, two):
        seeded.facts(account, "views", [10.0, 30.0], first=FIRST)
    seeded.facts(one, "saves", [5.0, 5.0], first=FIRST)
    custom_metrics.save(seeded.viewer, "Save rate", "saves / views")
    custom_metrics.save(seeded.viewer, "Click rate", "link_clicks / views")
    assert comparison.offered(seeded.viewer, Asked(NOVEMBER), now=NOW)[-1] == "own.save_rate"


def test_it_sets_a_metric_of_the_teams_own_side_by_side_and_over_time(seeded):
    for platform, views in (("instagram", 10.0), ("youtube", 40.0)):
        account = seeded.account(platform)
        seeded.facts(account, "views", [views, 3 * views], first=FIRST)
        seeded.facts(account, "saves", [5.0, 5.0], first=FIRST)
    name = custom_metrics.save(seeded.viewer, "Save rate", "saves / views").name
    answer = beside(seeded, metrics=(name,))
    assert {title: side.numbers[name].value for title, side in sides(answer).items()} == {
        "Instagram": 10 / 40,
        "YouTube": 10 / 160,
    }
    assert answer.total[name].value == 20 / 200, "of the sums, not the mean"
    assert not any(side.shares for side in answer.sides), "a rate has no share"
    made = courses(seeded, name)
    assert made.title == "Save rate"
    assert {line.title: line.values[:2] for line in made.lines}["Instagram"] == (5 / 10, 5 / 30)
