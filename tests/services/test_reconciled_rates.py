"""A rate read on a platform against our sum ÷ sum: which part differs, and what else the rate may be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.metrics.registry import METRICS
from core import records
from core.clock import epoch_ms
from core.question import Period
from services.reconciliation import compare, kept
from services.reconciliation.reasons import EXPLAINS, NOT
from storage import entities, readings
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


@pytest.fixture
def account(seeded):
    """3,000 views and 150 reactions in a month, so 5 %; half of the days have many views and few reactions."""
    made = seeded.account("instagram", "Acme")
    for metric, values in (
        ("views", [50, 150] * 15),
        ("likes", [4, 2] * 15),
        ("comments", [1] * 30),
        ("shares", [1] * 30),
        ("saves", [2] * 30),
        ("interactions", [9] * 30),
        ("followers", [2500] * 30),
    ):
        seeded.facts(made, metric, values, first=date(2026, 11, 1))
    return made


def state(seeded, account, metric="engagement_rate", number=0.05, *, now=NOW, **parts):
    """Note a rate, and its parts where they are known; answers the rate against ours."""
    for name, value in parts.items():
        kept.add(seeded.viewer, account, name, NOVEMBER, value, now=now - timedelta(minutes=1))
    kept.add(seeded.viewer, account, metric, NOVEMBER, number, now=now)
    return compare.newest(seeded.viewer, now=NOW).found[0]


def reason(found, words):
    return next(one for one in found.reasons if words in one.text)


def test_it_compares_with_sum_over_sum_not_with_the_mean_of_days(seeded, account):
    found = state(seeded, account)
    assert (found.verdict, found.ours, found.layer) == ("agrees", 0.05, "")
    assert [layer.number for layer in found.layers] == [150, 3000, 0.05, pytest.approx((6 / 50 + 4 / 150) / 2)]
    assert [(part.title, part.ours, part.verdict) for part in found.parts] == [
        ("Engagement", 150, ""),
        ("Views", 3000, ""),
    ]


def test_it_allows_the_rounding_of_a_rate_but_no_more(seeded, account):
    assert state(seeded, account, number=0.0502).verdict == "agrees"
    assert state(seeded, account, number=0.0510).verdict == "differs"


def test_it_says_that_only_the_denominator_differs(seeded, account):
    found = state(seeded, account, number=0.0625, engagement=150.0)
    assert (found.verdict, found.layer) == ("differs", "denominator")
    assert found.said.startswith(
        "The denominator differs: their rate makes views about 2,400, ours is 3,000. Engagement agrees."
    )
    assert [part.verdict for part in found.parts] == ["agrees", "differs"]


def test_it_says_that_only_the_numerator_differs(seeded, account):
    found = state(seeded, account, number=0.0625, views=3000.0, engagement=188.0)
    assert (found.layer, found.said) == (
        "numerator",
        "The numerator differs: engagement is 188 there and 150 here. Views agrees.",
    )


def test_it_says_that_both_differ(seeded, account):
    found = state(seeded, account, number=0.0625, views=3200.0, engagement=200.0)
    assert found.layer == "both parts"
    assert "engagement is 200 there and 150 here; views is 3,200 there and 3,000 here" in found.said


def test_it_sees_that_the_parts_do_not_make_the_rate(seeded, account):
    found = state(seeded, account, number=0.0625, views=4000.0, engagement=100.0)
    assert (found.layer, "comes to 2.50 %, not to the rate" in found.said) == ("", True)


def test_it_takes_the_newest_of_the_same_account_and_days_only(seeded, account):
    other = seeded.account("instagram", "Other")
    kept.add(seeded.viewer, other, "views", NOVEMBER, 9000.0, now=NOW)
    kept.add(seeded.viewer, account, "views", Period(date(2026, 11, 1), date(2026, 11, 2)), 9000.0, now=NOW)
    assert [part.theirs for part in state(seeded, account, number=0.06).parts] == [None, None]
    kept.add(seeded.viewer, account, "views", NOVEMBER, 1.0, now=NOW - timedelta(days=1))
    assert state(seeded, account, number=0.06, views=2500.0).parts[1].theirs == 2500


def test_it_says_what_the_rate_alone_means_for_its_parts(seeded, account):
    found = state(seeded, account, number=0.0713)
    assert found.layer == ""
    assert "means engagement of about 214 (ours 150)" in found.said
    assert "views of about 2,104 (ours 3,000)" in found.said


@pytest.mark.parametrize(
    ("number", "words", "layer"),
    [
        (150 / 2500, "Over followers instead of views", "normalised"),
        (9 / 100, "the platform's own total of interactions as numerator", "normalised"),
        ((6 / 50 + 4 / 150) / 2, "The mean of the 30 daily rates", "aggregated"),
        (0.0005, "It fits if the rate there is a part of 1", "normalised"),
        (0.5, "It fits if the rate there is per mille", "normalised"),
    ],
    ids=["another denominator", "another numerator", "a mean of rates", "not in percent", "per mille"],
)
def test_it_finds_what_else_the_rate_may_be(seeded, account, number, words, layer):
    found = state(seeded, account, number=number)
    assert reason(found, words).fits == EXPLAINS
    assert found.layer == layer
    assert reason(state(seeded, account, number=0.2), "daily rates").fits == NOT


def test_it_finds_a_rounded_rate(seeded, account):
    seeded.facts(account, "likes", {date(2026, 11, 1): 8})
    found = state(seeded, account, number=0.05)
    assert (found.ours, found.verdict) == (154 / 3000, "differs")
    assert found.said == "The rate looks rounded to 1 %; ours rounds to the same."


def test_it_finds_the_rate_of_what_posts_gathered(seeded, account):
    with seeded.database.write() as connection:
        post = records.Post("one", "video", datetime(2026, 11, 5, tzinfo=UTC), "Hi")
        number = entities.upsert_posts(connection, seeded.id, account, [post])["one"]
        gathered = {"views": 1000.0, "likes": 70.0, "comments": 5.0, "shares": 5.0}
        rows = [(number, METRICS[name].id, epoch_ms(NOW), value) for name, value in gathered.items()]
        readings.write(connection, seeded.id, rows)
    found = state(seeded, account, number=0.08)
    assert reason(found, "posts published in the period").fits == EXPLAINS


def test_it_finds_that_the_platform_changed_its_numbers_later(seeded):
    account = seeded.account("instagram")
    for metric, values in (("likes", [5] * 30), ("comments", [0] * 30), ("shares", [0] * 30), ("views", [100] * 30)):
        seeded.facts(account, metric, values, first=date(2026, 11, 1), at=NOW - timedelta(days=4))
    assert state(seeded, account, now=NOW - timedelta(days=3)).verdict == "agrees"
    seeded.facts(account, "views", [200] * 30, first=date(2026, 11, 1), at=NOW - timedelta(days=1))
    found = compare.newest(seeded.viewer, now=NOW).found[0]
    assert (found.ours, found.layer) == (0.025, "read")
    assert reason(found, "as first read they come to 5.00 %").fits == EXPLAINS
    assert reason(found, "then it was 5.00 %").fits == EXPLAINS


def test_it_has_nothing_to_compare_where_people_cannot_be_added_up(seeded, account):
    seeded.facts(account, "reach", [100] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "engagement_rate_reach", 0.05)
    assert (found.verdict, found.ours, found.difference) == ("not comparable", None, None)
    assert found.said.startswith("We have no rate to compare")


def test_it_has_nothing_to_compare_without_data(seeded):
    found = state(seeded, seeded.account("instagram"))
    assert (found.verdict, found.ours, found.parts[0].ours, found.parts[0].implied) == (
        "not comparable", None, None, None,
    )  # fmt: skip


def test_it_compares_a_mean_in_its_own_unit(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "watch_time", [3000] * 30, first=date(2026, 11, 1))
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "average_view_duration", 30.4)
    assert (found.verdict, found.ours) == ("agrees", 30)
    assert state(seeded, account, "average_view_duration", 33.0).verdict == "differs"


def test_it_compares_a_rate_of_zero_without_a_share(seeded, account):
    found = state(seeded, account, number=0.0)
    assert (found.verdict, found.share, found.parts[1].implied) == ("differs", None, None)


def test_it_offers_the_rates_whose_two_parts_are_given(seeded):
    ids = [seeded.account(name) for name in ("youtube", "x")]
    with seeded.database.read() as connection:
        rows = [entities.account(connection, seeded.id, one) for one in ids]
    youtube, x = ({one.name for one in kept.metrics(row)} for row in rows)
    assert {"engagement_rate", "average_view_duration"} <= youtube
    assert "average_view_duration" not in x
    assert "follower_growth_rate" not in youtube | x
    assert "engagement_rate" not in {one.name for one in kept.metrics(replace(rows[0], platform="nobody"))}
