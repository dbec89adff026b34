"""A metric by day is the total only where the accounts that make it up are known."""

from datetime import date, timedelta

import pytest

from core.errors import BadQuestion, NotEnoughData
from core.question import Where
from services import daily
from services.team import custom_metrics
from tests.services.seeded import NOW, Seeded

FIRST = date(2026, 10, 1)
DAYS = 60


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def read(seeded, metric="views", where=None):
    return daily.daily(seeded.viewer, metric, where or Where(), now=NOW)


def test_it_reads_the_finished_days_of_one_account(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100 + day for day in range(DAYS)], first=FIRST)
    found = read(seeded)
    assert (found.first, found.last, found.known) == (FIRST, FIRST + timedelta(days=DAYS - 1), DAYS)
    assert found.values.tolist() == [100 + day for day in range(DAYS)]
    assert (found.since, found.partial, found.cautions) == (None, 0, ())


def test_it_begins_where_the_accounts_that_count_are_known(seeded):
    """An account that joins makes a total jump though nothing happened."""
    old, young = seeded.account("facebook"), seeded.account("instagram")
    seeded.facts(old, "followers", [1000.0] * DAYS, first=FIRST)
    seeded.facts(young, "followers", [9000.0] * 30, first=FIRST + timedelta(days=30))
    found = read(seeded, "followers")
    assert found.since == found.first == FIRST + timedelta(days=30)
    assert found.values.tolist() == [10000.0] * 30
    assert "Counted from 31 Oct 2026" in found.cautions[0]


def test_it_is_not_cut_by_an_account_that_brings_little(seeded):
    old, young = seeded.account("facebook"), seeded.account("instagram")
    seeded.facts(old, "followers", [1000.0] * DAYS, first=FIRST)
    seeded.facts(young, "followers", [100.0] * 30, first=FIRST + timedelta(days=30))
    assert (read(seeded, "followers").known, read(seeded, "followers").since) == (DAYS, None)


def test_it_leaves_out_a_day_on_which_most_is_missing(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    seeded.facts(one, "views", [900 if day != 20 else None for day in range(DAYS)], first=FIRST)
    seeded.facts(two, "views", [100] * DAYS, first=FIRST)
    found = read(seeded)
    assert found.partial == 1
    assert found.known == DAYS - 1
    assert found.values.isna().tolist().index(True) == 20
    assert "1 day is left out because some accounts are missing on it." in found.cautions
    alone = read(seeded, where=Where(platforms=("x",)))
    assert (alone.partial, alone.known) == (0, DAYS)


def test_it_takes_a_rate_as_it_stands(seeded):
    account = seeded.account("instagram")
    seeded.facts(account, "views", [100] * DAYS, first=FIRST)
    seeded.facts(account, "likes", [5] * DAYS, first=FIRST)
    found = read(seeded, "engagement_rate")
    assert set(found.values.round(6)) == {0.05}


def test_it_says_that_nothing_is_known(seeded):
    seeded.account("instagram")
    with pytest.raises(NotEnoughData, match="No day is known"):
        read(seeded)


def test_it_offers_what_the_chosen_platforms_give_and_the_teams_own(seeded):
    seeded.account("youtube")
    linked = seeded.account("linkedin")
    custom_metrics.save(seeded.viewer, "Like rate", "likes / views")
    every = daily.metrics(seeded.viewer, Where())
    assert {"views", "followers", "engagement_rate", "own.like_rate"} <= set(every)
    assert "followers_active" not in every, "it is known by hour only"
    assert "saves" not in every
    only = daily.metrics(seeded.viewer, Where(accounts=(linked,)))
    assert "views" not in only
    assert "own.like_rate" not in only
    assert daily.metrics(seeded.viewer, Where(platforms=("linkedin",))) == only


def test_it_refuses_a_metric_that_was_removed(seeded):
    with pytest.raises(BadQuestion, match="no metric called"):
        daily.metric(seeded.viewer, "own.gone")
