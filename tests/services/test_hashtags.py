"""Hashtags and topics: uses, reach, effects from the study or computed, pairs, trends, and the posts behind a tag."""

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from core.question import Where
from services.content import hashtags, topics
from services.studies.packing import pack
from tests.services.seeded import NOW, Seeded
from tests.services.test_posts import publish, read
from tests.services.test_timing import keep_study, publish_many


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def days_ago(days):
    return NOW - timedelta(days=days)


def tagged(seeded, account, said, *, likes=None):
    """One post a day, the newest first, with these texts."""
    publish_many(seeded, account, [days_ago(1 + at) for at in range(len(said))], likes or [10] * len(said),
                 texts=dict(enumerate(said)))  # fmt: skip


def keep_tags(seeded, rows, **more):
    columns = ["tag", "uses", "lift", "lower", "upper", "verdict", "trend"]
    keep_study(seeded, "hashtags", {"frame": pack(pd.DataFrame(rows, columns=columns)), "posts": 9}, **more)


def test_it_counts_uses_and_what_posts_with_a_tag_reached(seeded):
    account = seeded.account("instagram")
    for at, (likes, views) in enumerate([(10, 100), (20, 300), (60, 800)]):
        made = publish(seeded, account, f"p{at}", days_ago(2 + 40 * at))
        read(seeded, made, {"likes": likes, "views": views}, NOW)
    with seeded.database.write() as connection:
        from sqlalchemy import text

        connection.execute(text("UPDATE post SET text = 'Beans #Brew and #latte' WHERE external_id <> 'p2'"))
        connection.execute(text("UPDATE post SET text = 'Beans #brew #BREW' WHERE external_id = 'p2'"))
    found = hashtags.hashtags_of(seeded.viewer, Where(), now=NOW)
    brew = found.tags.set_index("tag").loc["brew"]
    assert (brew["uses"], brew["recent"], brew["seen"], brew["engagement"]) == (3, 1, 300, 20)
    assert sum(brew["monthly"]) == 3
    assert brew["monthly"][-1] == 1, "the newest month stands last"
    assert (found.posts, found.tagged) == (3, 3)
    assert found.pairs.to_dict("records") == [{"first": "brew", "second": "latte", "together": 2, "times": 1.0}]


def test_it_takes_effects_from_the_study_and_uses_from_the_posts(seeded):
    tagged(seeded, seeded.account("instagram"), ["a #brew", "b #brew", "c #fresh"])
    keep_tags(seeded, [("brew", 1, 0.3, 0.1, 0.5, "better", "rising"), ("gone", 9, 0.1, -0.1, 0.3, "worse", "steady")])
    found = hashtags.hashtags_of(seeded.viewer, Where(), now=NOW)
    rows = found.tags.set_index("tag")
    assert rows.loc["brew", ["uses", "lift", "verdict", "trend"]].tolist() == [2, 0.3, "better", "rising"]
    assert rows.loc["fresh", "verdict"] == "not judged yet"
    assert "gone" not in rows.index, "no post of the year has it"
    assert found.judged["tag"].tolist() == ["brew"]
    assert hashtags.trending(found, up=True)["tag"].tolist() == ["brew"]
    assert hashtags.trending(found, up=False).empty
    said = hashtags.finding(found).replace("\u202f", " ")
    assert said == "Posts with #brew did 30 % above usual (likely +10 % to +50 %)."


def test_it_says_when_no_tag_stands_out(seeded):
    tagged(seeded, seeded.account("instagram"), ["a #brew"])
    keep_tags(seeded, [("brew", 6, 0.1, -0.1, 0.3, "no clear difference", "steady")])
    assert hashtags.finding(hashtags.hashtags_of(seeded.viewer, Where(), now=NOW)).startswith("No hashtag stands out")


@pytest.mark.parametrize(("state", "said"), [("failed", "It broke."), ("pending", "being computed")])
def test_it_shows_uses_although_effects_are_not_known(seeded, state, said):
    tagged(seeded, seeded.account("instagram"), ["a #brew", "b #brew"])
    if state == "failed":
        keep_study(seeded, "hashtags", {}, state="failed", reason="It broke.")
    found = hashtags.hashtags_of(seeded.viewer, Where(), now=NOW)
    assert found.standing.state == state
    assert said in hashtags.finding(found)
    assert found.tags["uses"].tolist() == [2]
    assert found.tags["lift"].isna().all()
    assert found.judged.empty


def test_it_computes_for_accounts(seeded):
    one, two = seeded.account("instagram", "one"), seeded.account("instagram", "two")
    noise = [0.7, 0.8, 1.0, 1.3, 1.5]
    said = ["#every #good" if at % 3 == 0 else "#every" for at in range(300)]
    tagged(seeded, one, said, likes=[round((140 if at % 3 == 0 else 100) * noise[at % 5]) for at in range(300)])
    tagged(seeded, two, ["#other"])
    found = hashtags.hashtags_of(seeded.viewer, Where(accounts=(one,)), now=NOW)
    rows = found.tags.set_index("tag")
    assert list(rows.index) == ["every", "good"]
    assert rows.loc["good", "verdict"] == "better"
    assert rows.loc["good", "lower"] < 0.4 < rows.loc["good", "upper"]
    alone = hashtags.hashtags_of(seeded.viewer, Where(accounts=(two,)), now=NOW)
    assert alone.tags["verdict"].tolist() == ["not enough posts yet (1 of 5)"]


def test_it_is_calm_about_posts_without_tags_and_no_posts(seeded):
    account = seeded.account("instagram")
    empty = hashtags.hashtags_of(seeded.viewer, Where(platforms=("instagram", "x")), now=NOW)
    assert (empty.posts, len(empty.tags), len(empty.pairs), len(empty.subjects)) == (0, 0, 0, 0)
    tagged(seeded, account, ["plain"])
    bare = hashtags.hashtags_of(seeded.viewer, Where(accounts=(account,)), now=NOW)
    assert bare.standing.reason == "No post of the last year has a hashtag."
    assert len(bare.tags) == 0


def test_it_lists_the_posts_of_a_tag_and_of_a_topic(seeded):
    account = seeded.account("instagram")
    said = ["latte art #brew", "Latte art!", "tea #brewing"] + ["more #brew"] * 12
    tagged(seeded, account, said, likes=[7, 9, 99, *range(20, 32)])
    found = hashtags.posts_with(seeded.viewer, Where(), "#brew", now=NOW)
    assert found.total == 13
    assert len(found.frame) == hashtags.SHOWN
    assert found.frame["engagement"].iloc[0] == 31, "best first; #brewing is another tag"
    about = hashtags.posts_with(seeded.viewer, Where(), "latte art", now=NOW)
    assert about.frame["engagement"].tolist() == [9, 7]
    assert hashtags.posts_with(seeded.viewer, Where(), "#none", now=NOW).total == 0


def test_it_leaves_answers_in_conversations_out(seeded):
    account = seeded.account("x")
    publish_many(seeded, account, [days_ago(2)], [5], kind="reply", texts={0: "thanks #brew"})
    publish_many(seeded, account, [days_ago(3)], [5], kind="tweet", texts={0: "hello #brew"})
    found = hashtags.hashtags_of(seeded.viewer, Where(), now=NOW)
    assert found.tags["uses"].tolist() == [1]
    assert hashtags.posts_with(seeded.viewer, Where(), "#brew", now=NOW).total == 1


def test_it_draws_sure_effects_first():
    frame = pd.DataFrame({"tag": list("abc"), "uses": [9, 8, 2], "lift": [0.0, 0.1, -0.4],
                          "verdict": ["no clear difference", "no clear difference", "worse"]})  # fmt: skip
    assert hashtags.strongest(frame, 2)["tag"].tolist() == ["a", "c"]


def test_it_finds_subjects_in_texts_of_four_languages():
    assert topics.terms("See our new Latte Art! @cafe https://x.example #tag") == ("latte", "art", "latte art")
    assert topics.terms("Die neue Röstung ist da: für alle") == ("neue", "röstung", "neue röstung")
    assert topics.terms("") == ()
    assert "art cold" not in topics.terms("Latte art. Cold brew."), "a pair stands in one sentence"


def test_it_judges_subjects_as_hashtags_are():
    rng = np.random.default_rng(0)
    at = pd.date_range("2026-01-01 12:00", periods=300, freq="D")
    about = np.arange(300) % 3 == 0
    posts = pd.DataFrame({
        "account": 1, "kind": "image", "published_local": at, "age_days": 20.0,
        "text": np.where(about, "cold brew today", "morning roast"),
        "engagement": np.where(about, 160.0, 100.0) * rng.choice([0.7, 0.9, 1.1, 1.3], 300),
    })  # fmt: skip
    found = topics.effects(posts).set_index("topic")
    assert found.loc["cold brew", "verdict"] == "better"
    assert "cold" not in found.index, "the pair says it"
    assert "morning roast" not in found.index, "more than half of the posts say it"
    assert topics.effects(posts.assign(text="")).empty
