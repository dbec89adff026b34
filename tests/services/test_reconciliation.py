"""A number read on a platform against ours: the difference, the layer, and the reasons that apply."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.clock import epoch_ms
from core.errors import BadQuestion, BadSetting, NotAllowed, NotFound
from core.question import Period
from core.viewer import Right, Viewer
from services.reconciliation import compare, kept
from services.reconciliation.reasons import COULD, EXPLAINS, NOT, UNKNOWN
from storage import entities
from storage.database import Database
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def seeded(database: Database) -> Seeded:
    return Seeded(database)


def state(seeded, account, metric, number, *, period=NOVEMBER, now=NOW, note=""):
    kept.add(seeded.viewer, account, metric, period, number, note, now=now)
    return compare.newest(seeded.viewer, now=NOW).found[0]


def fits(found):
    return {reason.fits: reason for reason in found.reasons}


def test_it_agrees_where_the_two_are_the_same(seeded):
    account = seeded.account("instagram", "Acme")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "views", 3003, note="  in the   app ")
    assert (found.verdict, found.ours, found.difference, found.layer) == ("agrees", 3000, -3, "")
    assert found.reasons == ()
    assert (found.stated.note, found.stated.person, found.stated.made_at) == ("in the app", "owner", NOW)
    assert [layer.number for layer in found.layers] == [3000, 3000, 3000, 3000]


def test_it_tells_difference_and_share(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "views", 4000)
    assert (found.verdict, found.difference, found.share) == ("differs", -1000, -0.25)
    assert found.layer == "read"
    assert "no known reason" in found.said


def test_it_works_every_number_out_anew(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 29, first=date(2026, 11, 1))
    assert state(seeded, account, "views", 3000).verdict == "differs"
    seeded.facts(account, "views", {date(2026, 11, 30): 100})
    assert compare.newest(seeded.viewer, now=NOW).found[0].verdict == "agrees"


def test_it_finds_that_the_platform_changed_its_numbers_later(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 30, first=date(2026, 11, 1), at=NOW - timedelta(days=4))
    found = state(seeded, account, "views", 3000, now=NOW - timedelta(days=3))
    assert found.verdict == "agrees"
    seeded.facts(account, "views", [150] * 10, first=date(2026, 11, 1), at=NOW - timedelta(days=1))
    found = compare.newest(seeded.viewer, now=NOW).found[0]
    assert (found.verdict, found.ours, found.layer) == ("differs", 3500, "read")
    assert "as first read they came to 3,000" in found.said
    texts = [reason.text for reason in found.reasons if reason.fits == EXPLAINS]
    assert any("changed since this one was noted on 2 Dec 2026: then it was 3,000" in text for text in texts)
    assert [layer.number for layer in found.layers] == [3000, 3500, 3500, 3500]


def test_it_finds_a_period_that_lies_a_day_apart(seeded):
    account = seeded.account("instagram")
    days = {date(2026, 10, 31): 400, **{date(2026, 11, day): 100 for day in range(1, 31)}}
    seeded.facts(account, "views", days)
    found = state(seeded, account, "views", 3300)
    assert (found.layer, found.ours) == ("read", 3000)
    assert found.said == "The number fits a period that lies one day earlier: then ours is 3,300."


def test_it_bounds_what_a_time_zone_can_do(database):
    seeded = Seeded(database, time_zone="America/Los_Angeles")
    account = seeded.account("tiktok", time_zone="UTC")
    seeded.facts(account, "views", [2400] * 32, first=date(2026, 10, 31))
    reason = next(one for one in state(seeded, account, "views", 72_000 + 1500).reasons if "midnight" in one.text)
    assert reason.fits == COULD, "8 hours at two ends of 2,400 a day: 1,600"
    assert "8 h apart" in reason.text
    reason = next(one for one in state(seeded, account, "views", 72_000 + 1700).reasons if "midnight" in one.text)
    assert reason.fits == NOT


def test_it_finds_what_posts_gathered_until_now(seeded):
    from analytics.metrics.registry import METRICS
    from core import records
    from storage import readings

    account = seeded.account("instagram")
    seeded.facts(account, "likes", [10] * 30, first=date(2026, 11, 1))
    with seeded.database.write() as connection:
        published = {"in": datetime(2026, 11, 5, tzinfo=UTC), "out": datetime(2026, 10, 5, tzinfo=UTC)}
        posts = [records.Post(name, "video", at, "Hi") for name, at in published.items()]
        ids = entities.upsert_posts(connection, seeded.id, account, posts)
        rows = [
            (ids[name], METRICS["likes"].id, epoch_ms(NOW), value) for name, value in (("in", 480.0), ("out", 70.0))
        ]
        readings.write(connection, seeded.id, rows)
    found = state(seeded, account, "likes", 480)
    assert found.layer == "read"
    assert "what posts published in the period gathered until today: that is 480" in found.said


def test_it_finds_another_definition(seeded):
    account = seeded.account("instagram")
    for metric, value in (("likes", 10), ("comments", 2), ("shares", 1), ("saves", 4), ("interactions", 17)):
        seeded.facts(account, metric, [value] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "engagement", 510)
    assert (found.ours, found.layer) == (390, "normalised")
    assert "510" in found.said
    assert found.layers[2].text == "By the metric's definition: likes + comments + shares."


def test_it_finds_another_unit(seeded):
    account = seeded.account("youtube")
    seeded.facts(account, "watch_time", [7200] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "watch_time", 60)
    assert (found.layer, fits(found)[EXPLAINS].would_be) == ("normalised", 216_000)
    assert "in hours" in found.said


def test_it_finds_a_rounded_number(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [41] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "views", 1200)
    assert (found.ours, found.layer) == (1230, "normalised")
    assert found.said == "The number looks rounded to 100; ours rounds to the same."


def test_it_finds_people_that_were_added_up(seeded):
    account = seeded.account("facebook")
    seeded.facts(account, "reach", [100] * 28, first=date(2026, 11, 1))
    seeded.facts(account, "reach", {date(2026, 11, 28): 900}, grain="days_28")
    period = Period(date(2026, 11, 1), date(2026, 11, 28))
    found = state(seeded, account, "reach", 2800, period=period)
    assert (found.ours, found.layer) == (900, "aggregated")
    assert "counts people" in found.said


def test_it_does_not_judge_a_bound(seeded):
    account = seeded.account("facebook")
    seeded.facts(account, "reach", [100] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "reach", 1500)
    assert (found.verdict, found.layer) == ("not comparable", "aggregated")
    assert found.layers[3].number is None


def test_it_says_how_much_missing_days_would_make_up(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * 25, first=date(2026, 11, 1))
    seeded.mark(account, "views", date(2026, 11, 1), date(2026, 11, 25), "measured")
    seeded.mark(account, "views", date(2026, 11, 26), date(2026, 11, 30), "failed", "It broke.")
    found = state(seeded, account, "views", 2950)
    assert (
        fits(found)[COULD].text
        == "5 days of this period are missing here; with usual days, they would make up about 500."
    )
    assert found.layer == "read"
    assert fits(state(seeded, account, "views", 4000)).get(COULD) is None


def test_it_takes_the_level_at_the_end(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "followers", range(1000, 1300, 10), first=date(2026, 11, 1))
    found = state(seeded, account, "followers", 1280)
    assert (found.ours, found.layer) == (1290, "aggregated")
    assert found.said == "A level is read at some hour of the day; on the day before the period's last it was 1,280."


def test_it_tells_what_is_known_of_the_source(seeded):
    account = seeded.account("linkedin")
    seeded.facts(account, "impressions", [100] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "impressions", 9000)
    assert "Impressions on LinkedIn (impressionCount): Organic only." in [one.text for one in found.reasons]
    assert fits(found)[UNKNOWN].would_be is None


def test_it_has_nothing_to_compare_without_data(seeded):
    account = seeded.account("instagram")
    found = state(seeded, account, "views", 4000)
    assert (found.verdict, found.ours, found.difference, found.share) == ("not comparable", None, None, None)
    assert found.said.startswith("We have no number to compare")


def test_it_compares_with_zero_without_a_share(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [1] * 30, first=date(2026, 11, 1))
    found = state(seeded, account, "views", 0)
    assert (found.difference, found.share) == (30, None)


@pytest.mark.parametrize(
    ("metric", "number", "period", "error"),
    [
        ("views", float("nan"), NOVEMBER, BadSetting),
        ("lifetime_views", 1.0, NOVEMBER, BadQuestion),
        ("follower_growth_rate", 1.0, NOVEMBER, BadQuestion),
        ("views", 1.0, Period(date(2027, 1, 1), date(2027, 1, 2)), BadQuestion),
    ],
    ids=["no number", "not of this platform", "a rate to the level before", "in the future"],
)
def test_it_refuses_what_cannot_be_compared(seeded, metric, number, period, error):
    account = seeded.account("instagram")
    with pytest.raises(error):
        kept.add(seeded.viewer, account, metric, period, number, now=NOW)
    assert kept.newest(seeded.viewer, 10) == ((), 0)


def test_it_knows_only_accounts_of_the_workspace(seeded):
    with pytest.raises(NotFound):
        kept.add(seeded.viewer, 12345, "views", NOVEMBER, 1.0, now=NOW)


def test_it_needs_the_right_to_keep_and_remove(seeded):
    account = seeded.account("instagram")
    reader = Viewer("reader", seeded.id, frozenset({Right.READ}))
    with pytest.raises(NotAllowed):
        kept.add(reader, account, "views", NOVEMBER, 1.0, now=NOW)
    with pytest.raises(NotAllowed):
        kept.remove(reader, 1)


def test_it_removes_one_and_forgets_those_of_an_account(seeded):
    one, other = seeded.account("instagram", "One"), seeded.account("instagram", "Other")
    first = kept.add(seeded.viewer, one, "views", NOVEMBER, 1.0, now=NOW)
    kept.add(seeded.viewer, one, "likes", NOVEMBER, 1.0, now=NOW)
    kept.add(seeded.viewer, other, "views", NOVEMBER, 1.0, now=NOW + timedelta(minutes=1))
    kept.remove(seeded.viewer, first)
    assert [(row.account, row.metric) for row in kept.newest(seeded.viewer, 10)[0]] == [
        ("Other", "views"), ("One", "likes"),
    ]  # fmt: skip
    with seeded.database.write() as connection:
        entities.forget_account(connection, seeded.id, other)
    found, total = kept.newest(seeded.viewer, 10)
    assert ([row.account for row in found], total) == (["One"], 1)


def test_it_says_how_many_there_are(seeded):
    account = seeded.account("instagram")
    for number in range(compare.SHOWN + 2):
        kept.add(seeded.viewer, account, "views", NOVEMBER, float(number), now=NOW + timedelta(seconds=number))
    found = compare.newest(seeded.viewer, now=NOW)
    assert (len(found.found), found.total) == (compare.SHOWN, compare.SHOWN + 2)
    assert found.found[0].stated.stated == compare.SHOWN + 1
