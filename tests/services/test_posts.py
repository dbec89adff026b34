"""Which posts did best: as they stand, or what they gathered inside a period."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from analytics.metrics.registry import METRICS
from core import records
from core.clock import epoch_ms
from core.errors import BadQuestion
from core.question import Period, Where
from services.content import posts
from storage import entities, readings
from tests.services.seeded import NOW, Seeded

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def publish(seeded, account, name, published_at, counters=None, *, kind="reel", at=NOW):
    post = records.Post(name, kind, published_at, text=f"about {name}", permalink=f"https://example.org/{name}")
    with seeded.database.write() as connection:
        made = entities.upsert_posts(connection, seeded.id, account, [post])[name]
    read(seeded, made, counters or {}, at)
    return made


def read(seeded, post, counters, at):
    with seeded.database.write() as connection:
        rows = [(post, METRICS[name].id, epoch_ms(at), float(value)) for name, value in counters.items()]
        readings.write(connection, seeded.id, rows)


def noon(month, day):
    return datetime(2026, month, day, 12, tzinfo=UTC)


@pytest.fixture
def seeded(database):
    return Seeded(database)


def test_it_puts_the_best_posts_first(seeded):
    account = seeded.account("instagram", "Acme")
    publish(seeded, account, "a", noon(11, 2), {"likes": 5, "comments": 1, "views": 60})
    publish(seeded, account, "b", noon(11, 3), {"likes": 9, "views": 20})
    publish(seeded, account, "unread", noon(11, 4))
    publish(seeded, account, "earlier", noon(10, 30), {"likes": 900, "views": 1})
    table = posts.top(seeded.viewer, NOVEMBER, now=NOW)
    assert table.frame["text"].tolist() == ["about b", "about a", "about unread"]
    assert table.frame["engagement"].tolist()[:2] == [9, 6]
    assert np.isnan(table.frame["engagement"].iloc[2])
    assert np.isnan(table.frame["comments"].iloc[0]), "not known is not 0"
    assert table.frame["engagement_rate"].tolist()[:2] == [9 / 20, 6 / 60]
    assert table.frame["denominator"].tolist()[:2] == ["views", "views"]
    assert table.total == 3
    assert [note.text for note in table.notes] == ["1 of 3 posts have no engagement."]
    by_views = posts.top(seeded.viewer, NOVEMBER, metric="views", limit=1, now=NOW)
    assert by_views.frame["text"].tolist() == ["about a"]
    assert by_views.total == 3


def test_it_gives_what_a_reader_needs_to_know_of_a_post(seeded):
    account = seeded.account("instagram", "Acme", time_zone="Asia/Kolkata")
    publish(seeded, account, "a", datetime(2026, 11, 1, 20, tzinfo=UTC), {"likes": 5}, kind="image")
    row = posts.top(seeded.viewer, NOVEMBER, now=NOW).frame.iloc[0]
    assert (row["platform"], row["account"], row["kind"]) == ("instagram", "Acme", "image")
    assert row["permalink"] == "https://example.org/a"
    assert row["published_local"] == datetime(2026, 11, 2, 1, 30)


def test_it_takes_the_period_in_the_zone_of_the_account(seeded):
    account = seeded.account("instagram", time_zone="America/Los_Angeles")
    publish(seeded, account, "late", datetime(2026, 12, 1, 7, 59, tzinfo=UTC), {"likes": 1})
    publish(seeded, account, "too late", datetime(2026, 12, 1, 8, 0, tzinfo=UTC), {"likes": 1})
    assert posts.top(seeded.viewer, NOVEMBER, now=NOW).frame["text"].tolist() == ["about late"]


def test_it_counts_replies_and_reposts_on_x(seeded):
    account = seeded.account("x")
    publish(
        seeded, account, "a", noon(11, 2), {"likes": 1, "replies": 2, "reposts": 4, "quotes": 8, "impressions": 100}
    )
    row = posts.top(seeded.viewer, NOVEMBER, now=NOW).frame.iloc[0]
    assert (row["engagement"], row["engagement_rate"], row["denominator"]) == (7, 0.07, "impressions")
    seeded.setting("engagement_definition", "full")
    assert posts.top(seeded.viewer, NOVEMBER, now=NOW).frame["engagement"].iloc[0] == 15


def test_it_says_when_rates_are_taken_over_different_things(seeded):
    publish(seeded, seeded.account("x"), "a", noon(11, 2), {"likes": 1, "impressions": 100})
    publish(seeded, seeded.account("instagram"), "b", noon(11, 2), {"likes": 1, "reach": 50})
    table = posts.top(seeded.viewer, NOVEMBER, metric="engagement_rate", now=NOW)
    assert table.frame["denominator"].tolist() == ["reach", "impressions"]
    assert table.notes[0].text == "Rates are taken over impressions and reach; the column says which."


def test_it_takes_the_difference_of_readings_inside_a_period(seeded):
    account = seeded.account("instagram")
    old = publish(seeded, account, "old", noon(10, 10), {"likes": 100}, at=noon(10, 11))
    read(seeded, old, {"likes": 130}, noon(11, 15))
    read(seeded, old, {"likes": 500}, noon(12, 3))
    fresh = publish(seeded, account, "fresh", noon(11, 10), {"likes": 20}, at=noon(11, 11))
    read(seeded, fresh, {"likes": 25}, noon(12, 2))
    publish(seeded, account, "unread before", noon(10, 12), {"likes": 900}, at=noon(11, 5))
    table = posts.top(seeded.viewer, NOVEMBER, metric="likes", basis="in_period", now=NOW)
    assert dict(zip(table.frame["text"], table.frame["likes"], strict=True)) == {"about old": 30, "about fresh": 20}
    assert table.total == 2


def test_it_filters_posts(seeded):
    one, two = seeded.account("instagram"), seeded.account("x")
    publish(seeded, one, "a", noon(11, 2), {"likes": 1})
    publish(seeded, two, "b", noon(11, 2), {"likes": 1})
    assert posts.top(seeded.viewer, NOVEMBER, Where(platforms=("x",)), now=NOW).frame["text"].tolist() == ["about b"]
    assert posts.top(seeded.viewer, NOVEMBER, Where(accounts=(one,)), now=NOW).frame["text"].tolist() == ["about a"]


@pytest.mark.parametrize("basis", posts.BASES)
def test_it_answers_an_empty_table_when_there_are_no_posts(seeded, basis):
    seeded.account("instagram")
    table = posts.top(seeded.viewer, NOVEMBER, basis=basis, now=NOW)
    assert table.total == 0
    assert table.frame.empty
    assert {"text", "engagement", "engagement_rate", "score"} <= set(table.frame.columns)


def test_it_scores_posts_among_their_peers(seeded):
    account = seeded.account("instagram")
    for number in range(6):
        publish(
            seeded, account, f"p{number}", noon(9, 1) + timedelta(days=10 * number), {"likes": number, "views": number}
        )
    publish(seeded, account, "odd", noon(11, 2), {"likes": 9, "views": 9}, kind="image")
    table = posts.top(seeded.viewer, Period(date(2026, 9, 1), date(2026, 11, 4)), metric="score", now=NOW)
    scores = dict(zip(table.frame["text"], table.frame["score"], strict=True))
    assert scores["about p5"] > scores["about p0"]
    assert np.isnan(scores["about odd"])


@pytest.mark.parametrize(
    ("options", "words"),
    [({"metric": "liks"}, "Did you mean likes"), ({"basis": "all"}, "lifetime or in_period"), ({"limit": 0}, "limit")],
)
def test_it_refuses_what_cannot_be_asked(seeded, options, words):
    with pytest.raises(BadQuestion, match=words):
        posts.top(seeded.viewer, NOVEMBER, now=NOW, **options)
