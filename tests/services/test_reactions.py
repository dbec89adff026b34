"""What engagement is made of, in shares that add up."""

from datetime import date

import pytest

from analytics.metrics import definitions
from core.question import Period, Where
from services.content import reactions
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def facts(seeded, platform, **counters):
    account = seeded.account(platform)
    for name, value in counters.items():
        seeded.facts(account, name, [value], first=NOVEMBER.first)


def found(seeded):
    answer = reactions.split(seeded.viewer, NOVEMBER, Where(), now=NOW)
    return answer, {(row.title, row.kind): row.share for row in answer.frame.itertuples()}


def test_it_shares_out_all_reactions_a_platform_counts(seeded):
    facts(seeded, "instagram", likes=60, comments=10, shares=10, saves=20)
    facts(seeded, "x", likes=5, replies=3, reposts=1, quotes=1)
    _, shares = found(seeded)
    assert shares["Instagram", "Saves"] == 0.2
    assert shares["X", "Comments"] == 0.3, "a reply on X is its comment"
    assert shares["X", "Shares"] == 0.1
    for title in ("Instagram", "X"):
        assert sum(share for (name, _), share in shares.items() if name == title) == pytest.approx(1)


def test_it_takes_nothing_unknown_for_zero(seeded):
    facts(seeded, "youtube", likes=60)
    _, shares = found(seeded)
    assert list(shares) == [("YouTube", "Likes")]


def test_it_leaves_out_what_was_taken_back_and_what_is_silent(seeded):
    facts(seeded, "linkedin", likes=-4, comments=10)
    facts(seeded, "youtube", likes=6)
    facts(seeded, "facebook", views=6)
    answer, shares = found(seeded)
    assert list(shares) == [("YouTube", "Likes")]
    assert answer.notes == (
        "LinkedIn is left out: more was taken back than given.", "No reactions are known of Facebook.",
    )  # fmt: skip


def test_it_is_empty_without_reactions(seeded):
    seeded.account("youtube")
    answer, _ = found(seeded)
    assert answer.frame.empty
    assert answer.notes == ()


def test_it_has_a_place_for_every_reaction_that_counts():
    counted = {name for terms in definitions.ENGAGEMENT["full"].values() for name in terms}
    assert counted <= {name for names in reactions.KINDS.values() for name in names}
