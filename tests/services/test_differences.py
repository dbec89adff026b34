"""Which differences are real: found where planted, not claimed where there is none, never over another measure."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from analytics import compare
from core.question import Period, Where
from services import differences
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import publish

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def posts(seeded, account, rate, n, *, kind="reel", month=11, shown="views", seed=0, start=0):
    """Posts whose engagement is about a part of what was shown; answers (engagement, shown)."""
    random = np.random.default_rng(seed)
    made = []
    for at in range(n):
        size = int(random.integers(800, 1200))
        likes = int(random.binomial(size, rate))
        moment = datetime(2026, month, 1, 12, tzinfo=UTC) + timedelta(days=at % 28)
        publish(
            seeded, account, f"{account}{kind}{month}{start + at}", moment, {"likes": likes, shown: size}, kind=kind
        )
        made.append((likes, size))
    return np.array(made, float)


def found(seeded, **options):
    return differences.between(seeded.viewer, NOVEMBER, options.pop("where", Where()), now=NOW, **options)


def test_it_finds_a_planted_difference_and_names_the_higher_first(seeded):
    low = posts(seeded, seeded.account("youtube"), 0.02, 20, seed=1)
    high = posts(seeded, seeded.account("instagram"), 0.06, 20, seed=2)
    (one,) = found(seeded).pairs
    assert (one.a, one.b, one.over) == ("Instagram", "YouTube", "views")
    assert one.reliable
    alone = compare.difference(high, low, "rate")
    assert one.found.estimate == pytest.approx(alone.estimate)
    assert one.found.lower == pytest.approx(alone.lower), "one comparison needs no allowance for others"
    assert one.words.startswith("Higher for Instagram than for YouTube, by ")
    assert "interval" in one.words


def test_it_claims_nothing_where_nothing_differs(seeded):
    for number, platform in enumerate(("youtube", "instagram", "tiktok")):
        posts(seeded, seeded.account(platform), 0.04, 20, seed=number)
    answer = found(seeded)
    assert len(answer.pairs) == 3
    assert answer.real == ()
    assert differences.summary(answer) == "0 of 3 comparisons show a real difference in engagement rate."


def test_it_judges_all_pairs_together(seeded):
    each = {
        platform: posts(seeded, seeded.account(platform), rate, 12, seed=at)
        for at, (platform, rate) in enumerate((("youtube", 0.02), ("instagram", 0.03), ("tiktok", 0.05)))
    }
    one = next(pair for pair in found(seeded).pairs if {pair.a, pair.b} == {"TikTok", "YouTube"})
    alone = compare.difference(each["tiktok"], each["youtube"], "rate")
    assert one.found.upper - one.found.lower > alone.upper - alone.lower, "intervals allow for what else was looked at"
    assert one.found.q >= one.found.p


def test_it_never_holds_rates_over_different_things_against_each_other(seeded):
    posts(seeded, seeded.account("youtube"), 0.02, 8)
    posts(seeded, seeded.account("linkedin"), 0.06, 8, shown="impressions")
    (one,) = found(seeded).pairs
    assert one.found is None
    assert one.words == (
        "LinkedIn and YouTube are not compared: not enough posts with a common measure of how often they were shown."
    )
    assert differences.summary(found(seeded)) == ""


def test_it_finds_a_measure_that_both_have(seeded):
    for platform, extra in (("instagram", "views"), ("linkedin", "impressions")):
        account = seeded.account(platform)
        for at in range(8):
            counters = {"likes": 5 + at, "reach": 90, extra: 100}
            publish(seeded, account, f"{platform}{at}", datetime(2026, 11, 1 + at, tzinfo=UTC), counters)
    assert found(seeded).pairs[0].over == "reach"


def test_it_says_how_many_posts_a_format_needs(seeded):
    account = seeded.account("instagram")
    posts(seeded, account, 0.04, 9, kind="reel")
    posts(seeded, account, 0.04, 3, kind="image")
    formats = {one.kind: one for one in found(seeded).formats}
    assert formats["image"].against.why == "not enough posts yet (3 of 5)"
    assert formats["reel"].against.why == "not enough posts yet (others 3 of 5)"
    assert formats["image"].posts == 3
    assert found(seeded).pairs == ()


def test_it_holds_a_format_against_the_platforms_others(seeded):
    account = seeded.account("instagram")
    reels = posts(seeded, account, 0.08, 15, kind="reel", seed=1)
    posts(seeded, account, 0.03, 15, kind="image", seed=2)
    posts(seeded, account, 0.03, 15, kind="carousel", seed=3)
    posts(seeded, seeded.account("youtube"), 0.5, 15, kind="video", seed=4)
    formats = {one.kind: one for one in found(seeded).formats}
    reel = formats["reel"]
    assert reel.against.reliable
    assert reel.against.found.verdict == "higher"
    assert reel.against.found.n_b == 30, "the video of another platform is no other format here"
    assert reel.rate == pytest.approx(reels[:, 0].sum() / reels[:, 1].sum())
    assert reel.median == np.median(reels[:, 0])
    assert formats["video"].against.why == "the only format"


def test_it_takes_the_year_or_the_period(seeded):
    account = seeded.account("instagram")
    posts(seeded, account, 0.04, 6, month=11)
    posts(seeded, account, 0.04, 7, month=3, start=50)
    posts(seeded, account, 0.04, 2, month=12, start=90)
    year = found(seeded)
    assert year.posts == 13, "nothing after the period"
    assert year.period == Period(date(2025, 12, 1), date(2026, 11, 30))
    assert found(seeded, window="period").posts == 6


def test_it_compares_accounts_of_one_name(seeded):
    for platform, rate in (("instagram", 0.02), ("youtube", 0.06)):
        posts(seeded, seeded.account(platform, "Acme"), rate, 12)
    (one,) = found(seeded, split="account").pairs
    assert (one.a, one.b) == ("Acme (YouTube)", "Acme (Instagram)")


def test_it_says_when_it_compares_only_the_largest(seeded):
    for number in range(11):
        posts(seeded, seeded.account("instagram", f"A{number}"), 0.04, 1 + (number < 10))
    answer = found(seeded, split="account")
    assert answer.notes == ("Compared are the 10 with the most posts of 11.",)
    assert all("A10 " not in f"{one.a} {one.b}" for one in answer.pairs)


def test_it_says_nothing_without_posts(seeded):
    seeded.account("instagram")
    answer = found(seeded)
    assert (answer.pairs, answer.formats, answer.posts) == ((), (), 0)


def test_it_says_so_where_nothing_varies(seeded):
    for platform in ("instagram", "youtube"):
        account = seeded.account(platform)
        for at in range(6):
            publish(
                seeded, account, f"{platform}{at}", datetime(2026, 11, 1 + at, tzinfo=UTC), {"likes": 0, "views": 9}
            )
    (one,) = found(seeded).pairs
    assert one.found is None
    assert one.why == "nothing was counted on either side"
