"""One post: its numbers among its peers, its curve against the usual one, what is written under it, what is like it."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core import records
from core.errors import NotAllowed
from core.viewer import Viewer
from services import post_detail, pulse
from storage import comments as stored
from storage import entities
from tests.services.seeded import Seeded
from tests.services.test_pulse import NOW, ago, history, publish, read


@pytest.fixture
def seeded(database):
    return Seeded(database, now=NOW)


def found(seeded, post):
    return post_detail.find(seeded.viewer, post, now=NOW)


def grown(seeded, post, metric="views", span=""):
    return post_detail.growth(seeded.viewer, post, metric, span, now=NOW)


def old(seeded, account, name, likes, *, days=60, kind="reel", text="", tags=(), views=100):
    """A post of some age with its numbers as read today."""
    post = records.Post(name, kind, ago(days=days), text=text, tags=tags)
    with seeded.database.write() as connection:
        made = entities.upsert_posts(connection, seeded.id, account, [post])[name]
    for metric, value in (("likes", likes), ("views", views)):
        read(seeded, made, NOW, [(0, value)], metric)
    return made


# What it is


def test_it_says_what_a_post_is(seeded):
    account = seeded.account("instagram", "Acme", time_zone="Asia/Kolkata")
    made = old(seeded, account, "a", 5, text="New beans", tags=("kenya",))
    post = found(seeded, made).post
    assert (post.platform, post.account, post.kind, post.text, post.tags) == (
        "instagram", "Acme", "reel", "New beans", ("kenya",),
    )  # fmt: skip
    assert post.published_at == ago(days=60)
    assert post.published_local == (ago(days=60) + timedelta(hours=5.5)).replace(tzinfo=None)
    assert post.age_h == 60 * 24


def test_it_knows_no_post_of_another_workspace(seeded, database):
    made = old(seeded, seeded.account("instagram"), "a", 5)
    other = Seeded(database, now=NOW)
    assert found(other, made) is None
    assert grown(other, made) is None
    assert found(seeded, 7) is None


def test_it_asks_for_the_right_to_read(seeded):
    made = old(seeded, seeded.account("instagram"), "a", 5)
    nobody = Viewer(person="nobody", workspace_id=seeded.id, rights=frozenset())
    for ask in (
        lambda: post_detail.find(nobody, made, now=NOW),
        lambda: post_detail.growth(nobody, made, "views", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            ask()


def test_it_finds_the_posts_before_and_after_in_the_account(seeded):
    account, other = seeded.account("instagram", "One"), seeded.account("instagram", "Two")
    one, two, three = (old(seeded, account, name, 1, days=days) for name, days in (("1", 9), ("2", 8), ("3", 7)))
    old(seeded, other, "between", 1, days=8)
    assert (found(seeded, two).previous.id, found(seeded, two).next.id) == (one, three)
    assert found(seeded, one).previous is None
    assert found(seeded, three).next is None


def test_it_orders_posts_of_the_same_moment(seeded):
    account = seeded.account("instagram")
    one, two = sorted(old(seeded, account, name, 1, days=9) for name in ("1", "2"))
    assert found(seeded, one).next.id == two
    assert found(seeded, two).previous.id == one
    assert found(seeded, two).next is None


# How it stands


def test_it_ranks_a_post_among_its_peers(seeded):
    account = seeded.account("instagram")
    for place, likes in enumerate((10, 20, 30, 40)):
        old(seeded, account, f"p{place}", likes)
    old(seeded, account, "image", 900, kind="image")
    old(seeded, account, "young", 900, days=2)
    old(seeded, seeded.account("instagram", "Other"), "other", 900)
    mine = old(seeded, account, "mine", 30)
    likes = found(seeded, mine).number("likes")
    assert (likes.value, likes.rank, likes.peers, likes.median) == (30, 2, 5, 30), "one is higher, one is as high"
    assert likes.field == "likes"
    assert likes.read_at == NOW
    assert found(seeded, mine).among == (
        "5 reel posts of this account within a year of it, 30 days old or older"
    )  # fmt: skip


def test_it_gives_no_rank_among_too_few(seeded):
    account = seeded.account("instagram")
    made = [old(seeded, account, f"p{place}", likes) for place, likes in enumerate((10, 20, 30, 40))]
    likes = found(seeded, made[0]).number("likes")
    assert (likes.rank, likes.median, likes.why) == (None, None, "too few to compare with (4 of 5)")


def test_it_makes_derived_numbers_with_their_lineage(seeded):
    account = seeded.account("instagram")
    made = old(seeded, account, "a", 30, views=600)
    read(seeded, made, ago(hours=3), [(0, 6)], "comments")
    detail = found(seeded, made)
    assert detail.number("engagement").value == 36
    assert detail.number("engagement").field == "computed: likes + comments"
    assert detail.number("engagement_rate").value == 36 / 600
    assert detail.number("engagement_rate").read_at == NOW
    assert detail.over == "views"
    assert [one.metric for one in detail.explanations["engagement_rate"].inputs] == ["likes", "comments", "views"]
    assert detail.explanations["engagement_rate"].formula == "engagement ÷ views"


def test_it_has_no_number_that_was_not_read(seeded):
    made = publish(seeded, seeded.account("instagram"), "unread", ago(days=3))
    detail = found(seeded, made)
    assert detail.numbers == ()
    assert detail.growing == ()


def test_it_compares_an_old_post_with_those_of_its_time(seeded):
    account = seeded.account("instagram")
    for place in range(5):
        old(seeded, account, f"now{place}", 1000, days=40 + place)
        old(seeded, account, f"then{place}", 10, days=800 + place)
    mine = old(seeded, account, "mine", 20, days=803)
    assert (found(seeded, mine).number("likes").rank, found(seeded, mine).number("likes").peers) == (1, 6)


def test_it_shows_a_planned_post_without_numbers(seeded):
    made = publish(seeded, seeded.account("instagram"), "planned", ago(days=-2))
    assert found(seeded, made).numbers == ()


# How it grew


def test_it_says_the_same_as_the_pulse_at_the_same_age(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 9)
    made = publish(seeded, account, "new", ago(hours=5.5), [(1, 80), (5, 480)])
    (post,) = [one for one in pulse.pulse(seeded.viewer, now=NOW).posts if one.id == made]
    curve = grown(seeded, made)
    assert curve.ratio == post.speed.ratio == pytest.approx(3.2)
    assert curve.at_seen == post.speed.base
    assert (curve.seen_h, curve.value, curve.same_kind) == (5.0, 480, True)
    assert curve.mine["age_h"].tolist() == [1.0, 5.0]
    assert curve.mine["sure"].tolist() == [True, True]


def test_it_gives_the_usual_only_at_ages_that_were_read(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 9)
    made = publish(seeded, account, "new", ago(hours=5.5), [(5, 480)])
    usual = grown(seeded, made).usual
    assert usual["age_h"].min() >= 4, "the others were first read at 4 hours"
    at_5 = usual[usual["age_h"] == 5.0].iloc[0]
    assert (at_5["low"], at_5["median"], at_5["high"], at_5["posts"]) == (150, 150, 150, 9)
    assert (usual["low"] <= usual["median"]).all()
    assert (usual["median"] <= usual["high"]).all()


def test_it_leaves_the_post_itself_out_of_the_usual(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 8)
    made = publish(seeded, account, "new", ago(hours=7), [(4, 9000), (6, 9000)])
    assert grown(seeded, made).usual["posts"].max() == 8
    assert grown(seeded, made).usual["high"].max() < 9000


def test_it_says_how_many_posts_are_missing(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 7)
    made = publish(seeded, account, "new", ago(hours=5.5), [(5, 480)])
    curve = grown(seeded, made)
    assert curve.usual.empty
    assert curve.ratio is None
    assert curve.why == "not enough posts yet: 7 of 8 were read at these ages"


def test_it_falls_back_to_all_kinds_and_says_so(seeded):
    account = seeded.account("instagram")
    history(seeded, account, 9, kind="image")
    made = publish(seeded, account, "new", ago(hours=5.5), [(5, 480)])
    assert not grown(seeded, made).same_kind
    assert grown(seeded, made).ratio == pytest.approx(3.2)
    story = publish(seeded, account, "story", ago(hours=5.5), [(5, 480)], kind="story")
    assert grown(seeded, story).usual.empty, "stories are held against stories or nothing"


def test_it_does_not_say_how_a_post_grew_before_it_was_read(seeded):
    made = old(seeded, seeded.account("instagram"), "a", 5, days=20)
    curve = grown(seeded, made)
    assert curve.span_h == 720
    assert curve.mine["sure"].tolist() == [False]
    assert grown(seeded, made, span="48").mine.empty
    assert grown(seeded, made, span="nonsense").span_h == 720


def test_it_adds_the_counters_of_engagement_once_all_are_known(seeded):
    made = publish(seeded, seeded.account("instagram"), "new", ago(hours=6), [(1, 10), (3, 30)], metric="likes")
    read(seeded, made, ago(hours=6), [(2, 1), (5, 4)], "comments")
    curve = grown(seeded, made, "engagement")
    assert list(zip(curve.mine["age_h"], curve.mine["value"], strict=True)) == [(2.0, 11.0), (3.0, 31.0), (5.0, 34.0)]


def test_it_draws_no_curve_of_what_was_not_read(seeded):
    made = publish(seeded, seeded.account("instagram"), "new", ago(hours=6), [(1, 10)])
    assert grown(seeded, made, "likes").mine.empty
    assert grown(seeded, made, "likes").value is None


# What is written, and what is like it


def write(seeded, account, posts, said):
    with seeded.database.write() as connection:
        stored.upsert(connection, seeded.id, account, said, posts, NOW)


def test_it_tells_how_comments_sound_without_names(seeded):
    account = seeded.account("instagram", "Acme")
    made, other = old(seeded, account, "a", 5), old(seeded, account, "b", 5)
    said = [
        records.Comment("1", "I love this, thank you!", ago(hours=2), post="a", author="Ada"),
        records.Comment("2", "Worst service ever :(", ago(hours=1), post="a", author="Bo"),
        records.Comment("3", "Thank you all, lovely people!", ago(hours=1), post="a", author="Acme"),
        records.Comment("4", "I hate it", ago(hours=1), post="b", author="Cy"),
    ]
    write(seeded, account, {"a": made, "b": other}, said)
    answer = post_detail.said(seeded.viewer, made, account, now=NOW)
    assert (answer.mood.n, answer.mood.positive.count, answer.mood.negative.count, answer.own) == (2, 1, 1, 1)
    assert [one.text for one in answer.examples["positive"]] == ["I love this, thank you!"]
    assert {one.author for some in answer.examples.values() for one in some} == {""}
    named = post_detail.said(seeded.viewer, made, account, True, now=NOW)
    assert named.examples["negative"][0].author == "Bo"
    assert "wait for 30" in answer.mood.note


def test_it_says_that_nobody_wrote_anything(seeded):
    account = seeded.account("instagram")
    answer = post_detail.said(seeded.viewer, old(seeded, account, "a", 5), account, now=NOW)
    assert answer.mood.n == 0
    assert np.isnan(answer.mood.positive.share)


def test_it_finds_posts_about_the_same(seeded):
    account = seeded.account("instagram")
    texts = [
        "Spring menu",
        "Opening hours",
        "Meet the team",
        "Free delivery",
        "Gift boxes",
        "Rainy morning",
        "New cups",
    ]
    for place, text in enumerate(texts):
        old(seeded, account, f"p{place}", 1, text=text)
    alike = old(seeded, account, "alike", 12, text="Kenya Nyeri is back", tags=("kenya",), views=300)
    old(seeded, seeded.account("x"), "elsewhere", 1, text="Kenya Nyeri", tags=("kenya",))
    mine = old(seeded, account, "mine", 5, text="Our Kenya Nyeri has landed", tags=("kenya",))
    (one,) = found(seeded, mine).related
    assert one.id == alike
    assert one.shared[0] == "#kenya"
    assert (one.engagement, one.exposure, one.over, one.rate) == (12, 300, "views", 12 / 300)


def test_it_calls_nothing_related_without_anything_in_common(seeded):
    account = seeded.account("instagram")
    old(seeded, account, "other", 1, text="Opening hours")
    assert found(seeded, old(seeded, account, "mine", 1, text="Kenya")).related == ()
    assert found(seeded, old(seeded, account, "empty", 1)).related == ()


def test_it_reads_ids_from_an_address():
    assert [post_detail.parse(text) for text in ("12", "", "1.5", "²", "9" * 19, "99" * 12)] == [
        12, None, None, None, None, None,
    ]  # fmt: skip


def test_it_keeps_local_time_apart_from_the_moment(seeded):
    account = seeded.account("instagram", time_zone="Pacific/Auckland")
    made = publish(seeded, account, "a", datetime(2026, 11, 1, 20, tzinfo=UTC))
    assert found(seeded, made).post.published_local == datetime(2026, 11, 2, 9)
