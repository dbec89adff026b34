"""All posts of a period as a list: what is found, in which order, and what may be added up."""

from datetime import date

import numpy as np
import pytest

from core import records
from core.errors import BadQuestion
from core.question import Period, Posts, Where
from services.content import post_list
from storage import entities
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import noon, publish, read

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def seeded(database):
    return Seeded(database)


def tagged(seeded, account, name, published_at, counters, *, text, tags, kind="reel"):
    post = records.Post(name, kind, published_at, text=text, tags=tags)
    with seeded.database.write() as connection:
        made = entities.upsert_posts(connection, seeded.id, account, [post])[name]
    read(seeded, made, counters, NOW)
    return made


@pytest.fixture
def four(seeded):
    account = seeded.account("instagram", "Acme")
    tagged(seeded, account, "a", noon(11, 2), {"likes": 10, "views": 100, "reach": 80}, text="Kenya is back",
           tags=("coffee", "kenya"))  # fmt: skip
    tagged(seeded, account, "b", noon(11, 3), {"likes": 30, "views": 200, "reach": 90}, text="Spring menu",
           tags=("menu",), kind="image")  # fmt: skip
    tagged(seeded, account, "c", noon(11, 4), {"likes": 20, "views": 400, "reach": 70}, text="Who is hungry?",
           tags=("coffee",), kind="image")  # fmt: skip
    tagged(seeded, account, "d", noon(11, 5), {}, text="", tags=())
    return seeded


def listed(seeded, metric="engagement", basis="lifetime", where=None, only=None):
    return post_list.read(seeded.viewer, NOVEMBER, where or Where(), metric, basis, only, now=NOW)


def texts(found):
    return found.frame["text"].tolist()


def total(found, name):
    (one,) = post_list.totals(found, [name])
    return one


def test_it_lists_all_posts_best_first_with_their_tags(four):
    found = listed(four)
    assert texts(found) == ["Spring menu", "Who is hungry?", "Kenya is back", ""]
    assert found.frame["tags"].tolist() == [["menu"], ["coffee"], ["coffee", "kenya"], []]
    assert found.every == 4
    assert found.frame["exposure"].tolist()[:3] == [200, 400, 100]
    assert np.isnan(found.frame["exposure"].iloc[3])


def test_it_puts_posts_without_the_number_last_in_both_orders(four):
    assert texts(post_list.chosen(listed(four), order="lowest")) == [
        "Kenya is back", "Who is hungry?", "Spring menu", "",
    ]  # fmt: skip
    assert texts(post_list.chosen(listed(four), order="oldest"))[0] == "Kenya is back"
    assert texts(post_list.chosen(listed(four), order="newest"))[0] == ""


@pytest.mark.parametrize(
    ("words", "only", "left"),
    [
        ("KENYA", Posts(), ["Kenya is back"]),
        ("is", Posts(), ["Who is hungry?", "Kenya is back"]),
        ("back is", Posts(), ["Kenya is back"]),
        ("#menu", Posts(), ["Spring menu"]),
        ("", Posts(kinds=("image",)), ["Spring menu", "Who is hungry?"]),
        ("", Posts(tags=("kenya", "menu")), ["Spring menu", "Kenya is back"]),
        ("is", Posts(("image",), ("coffee",)), ["Who is hungry?"]),
        ("nothing like it", Posts(), []),
    ],
    ids=["any case", "one word", "all words", "a tag", "a kind", "one of two tags", "all at once", "none"],
)
def test_it_finds_what_is_looked_for(four, words, only, left):
    assert texts(post_list.chosen(listed(four, only=only), words)) == left


def test_it_adds_what_adds_and_makes_rates_anew(four):
    found = listed(four)
    assert (total(found, "likes").value, total(found, "likes").posts) == (60, 3)
    assert total(found, "engagement_rate").value == 60 / 700, "never the mean of the rates"
    assert total(found, "exposure").value == 700
    assert (total(found, "engagement").low, total(found, "engagement").median, total(found, "engagement").high) == (
        15, 20, 25,
    )  # fmt: skip


def test_it_adds_no_people_and_no_ranks(four):
    reach, score = total(listed(four), "reach"), total(listed(four), "score")
    assert reach.value is None
    assert "people are not added" in reach.why
    assert reach.median == 80
    assert score.value is None


def test_it_makes_no_rate_of_different_things(four):
    publish(four, four.account("linkedin"), "l", noon(11, 6), {"likes": 5, "impressions": 50})
    found = listed(four)
    for name in ("exposure", "engagement_rate"):
        assert total(found, name).value is None
        assert total(found, name).why == "impressions and views are not the same"
    assert total(found, "engagement").value == 65


def test_it_says_that_no_post_has_a_number(seeded):
    publish(seeded, seeded.account("instagram"), "a", noon(11, 2))
    one = total(listed(seeded), "engagement")
    assert (one.value, one.posts, one.median, one.why) == (None, 0, None, "no post has it")


def test_it_keeps_both_bases_apart(seeded):
    account = seeded.account("instagram")
    old = publish(seeded, account, "old", noon(10, 10), {"likes": 100}, at=noon(10, 11))
    read(seeded, old, {"likes": 130}, noon(11, 15))
    publish(seeded, account, "fresh", noon(11, 10), {"likes": 20}, at=noon(11, 11))
    assert listed(seeded).frame["likes"].tolist() == [20]
    assert listed(seeded, basis="in_period").frame["likes"].tolist() == [30, 20]
    assert "Likes, in the period" in post_list.export(listed(seeded, basis="in_period"), {}).columns


def test_it_exports_every_post_with_every_number(four):
    table = post_list.export(listed(four), {"instagram": "Instagram"})
    assert len(table) == 4
    assert table["Platform"].tolist() == ["Instagram"] * 4
    assert table["Tags"].tolist()[2] == "#coffee #kenya"
    assert table["Likes, until now"].tolist()[:3] == [30, 20, 10]
    assert table["Rate is over"].tolist()[:3] == ["views"] * 3
    assert table["Engagement rate, until now"].tolist()[0] == 30 / 200


def test_it_offers_only_numbers_that_the_platforms_give_of_posts(seeded):
    seeded.account("x")
    offered = post_list.metrics(seeded.viewer, Where())
    assert offered[:3] == ("engagement", "engagement_rate", "score")
    assert "impressions" in offered
    assert "reels_watch_time" not in offered
    assert len(set(offered)) == len(offered)


def test_it_answers_an_empty_list(seeded):
    seeded.account("instagram")
    found = post_list.chosen(listed(seeded), "x")
    assert found.frame.empty
    assert post_list.export(found, {}).empty


def test_it_refuses_a_number_posts_do_not_have(seeded):
    with pytest.raises(BadQuestion):
        listed(seeded, metric="followers")


def test_it_shows_no_posts_of_another_workspace(four, database):
    assert listed(Seeded(database)).frame.empty
