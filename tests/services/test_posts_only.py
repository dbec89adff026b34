"""Content type and tag: one narrowing of posts, in everything that is made of them, and in nothing else."""

from datetime import date, timedelta

import pytest

from analytics.metrics.registry import METRICS
from core import records
from core.clock import epoch_ms
from core.question import Asked, Period, Posts, Where
from services import differences, overview, platform_posts
from services.content import hashtags, lab, post_list, posts, timing, year
from services.content.lab import Draft
from storage import entities, readings
from tests.services.seeded import NOW, Seeded
from tests.services.test_timing import evenings_do_better, keep_timing

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
REELS = Posts(kinds=("reel",))


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def publish(seeded, account, name, kind, *, tags=(), likes=10, days=10):
    text = " ".join([name, *(f"#{tag}" for tag in tags)])
    post = records.Post(name, kind, NOW - timedelta(days=days), text=text, tags=tuple(tags))
    with seeded.database.write() as connection:
        ids = entities.upsert_posts(connection, seeded.id, account, [post])
        readings.write(connection, seeded.id, [(ids[name], METRICS["likes"].id, epoch_ms(NOW), float(likes))])


@pytest.fixture
def four(seeded):
    account = seeded.account("instagram")
    publish(seeded, account, "a", "reel", tags=("brew", "tea"), likes=40)
    publish(seeded, account, "b", "reel", likes=30)
    publish(seeded, account, "c", "image", tags=("brew",), likes=20)
    publish(seeded, account, "d", "image", likes=10)
    return seeded


@pytest.mark.parametrize(
    ("only", "left"),
    [
        (Posts(), "abcd"),
        (REELS, "ab"),
        (Posts(kinds=("reel", "image")), "abcd"),
        (Posts(tags=("brew",)), "ac"),
        (Posts(tags=("tea", "brew")), "ac"),
        (Posts(("image",), ("brew",)), "c"),
        (Posts(("story",)), ""),
    ],
    ids=["all", "a kind", "either kind", "a tag", "either tag", "both", "none"],
)
def test_it_narrows_posts_by_kind_and_tag(four, only, left):
    found = posts.top(four.viewer, NOVEMBER, only=only, now=NOW)
    assert "".join(text[0] for text in found.frame["text"]) == left and found.total == len(left)
    listed = post_list.read(four.viewer, NOVEMBER, Where(), "engagement", "lifetime", only, now=NOW)
    assert "".join(text[0] for text in listed.frame["text"]) == left and listed.every == len(left)
    assert len(year.posts(four.viewer, Where(), only, now=NOW)) == len(left)
    assert hashtags.hashtags_of(four.viewer, Where(), only, now=NOW).posts == len(left)


def test_it_offers_kinds_and_tags_most_used_first_and_no_old_ones(four):
    account = four.account("instagram")
    publish(four, account, "e", "image", days=20)
    publish(four, account, "old", "story", tags=("gone",), days=400)
    assert posts.used(four.viewer, now=NOW) == Posts(("image", "reel"), ("brew", "tea"))


def test_it_offers_no_more_tags_than_can_be_looked_through(seeded):
    publish(seeded, seeded.account("instagram"), "a", "reel", tags=[f"t{at}" for at in range(250)])
    assert len(posts.used(seeded.viewer, now=NOW).tags) == posts.MOST_TAGS


def test_it_keeps_the_score_a_post_has_among_all(seeded):
    account = seeded.account("instagram")
    for at in range(40):
        publish(seeded, account, f"p{at}", "reel", tags=("brew",) if at < 3 else (), likes=10 + at, days=8 + at % 5)
    every = posts.top(seeded.viewer, NOVEMBER, limit=None, now=NOW).frame.set_index("id")["score"]
    some = posts.top(seeded.viewer, NOVEMBER, only=Posts(tags=("brew",)), now=NOW).frame.set_index("id")["score"]
    assert some.notna().all() and some.to_dict() == every[some.index].to_dict()


def test_it_narrows_top_posts_of_the_overview_and_no_number_of_whole_accounts(four):
    account = four.account("instagram")
    four.facts(account, "views", [100.0] * 30, first=NOVEMBER.first)
    every = overview.overview(four.viewer, Asked(NOVEMBER), now=NOW)
    some = overview.overview(four.viewer, Asked(NOVEMBER, posts=REELS), now=NOW)
    assert (every.top_posts.total, some.top_posts.total) == (4, 2)
    assert some.cards[0].number.value == every.cards[0].number.value == 3000


def test_it_leaves_no_finding_of_other_posts(seeded):
    account = seeded.account("instagram")
    for at in range(12):
        publish(seeded, account, f"p{at}", "image", likes=100 + at, days=8 + at)
    publish(seeded, account, "star", "image", likes=2000, days=7)
    publish(seeded, account, "reel", "reel", likes=10, days=7)

    def kinds(only):
        return [one.kind for one in overview.overview(seeded.viewer, Asked(NOVEMBER, posts=only), now=NOW).insights]

    assert kinds(Posts()) == kinds(Posts(("image",))) != []
    assert kinds(REELS) == []


def test_it_computes_best_times_of_some_posts_instead_of_telling_the_study_of_all(seeded):
    account = seeded.account("instagram")
    keep_timing(seeded, better={(0, 3)}, platform="instagram")
    evenings_do_better(seeded, account, posts=600, kind="reel")
    evenings_do_better(seeded, account, posts=10, kind="image")
    one = Where(platforms=("instagram",))
    assert [slot.hour for slot in timing.best(timing.best_time_of(seeded.viewer, one, now=NOW).timing)] == [3]
    found = timing.best_time_of(seeded.viewer, one, only=REELS, now=NOW)
    assert found.published == 600 and {slot.hour >= 18 for slot in timing.best(found.timing)} == {True}
    assert found.platforms == () and found.timing.standing.computed_at is None
    few = timing.best_time_of(seeded.viewer, one, only=Posts(("image",)), now=NOW)
    assert timing.finding(few.timing).startswith("Not enough posts yet (10 of ")


def test_it_tells_times_and_tags_of_a_platform_from_the_posts_that_are_meant(four):
    keep_timing(four, better={(0, 3)}, platform="instagram")
    told = platform_posts.platform_posts(four.viewer, Asked(NOVEMBER), "instagram", now=NOW)
    assert [slot.hour for slot in told.times.slots] == [3]
    some = platform_posts.platform_posts(four.viewer, Asked(NOVEMBER, posts=REELS), "instagram", now=NOW)
    assert some.top.total == 2 and some.times.slots == () and "Not enough posts yet (2 of " in some.times.said
    assert {one.tag for one in some.tags.used} == {"brew", "tea"}
    none = platform_posts.platform_posts(four.viewer, Asked(NOVEMBER, posts=Posts(("x",))), "instagram", now=NOW)
    assert none.tags.said == "No post of the last year has a hashtag." and none.top.frame.empty


def test_it_learns_of_drafts_from_the_posts_that_are_meant(seeded):
    account = seeded.account("instagram")
    keep_timing(seeded, better={(0, 3)}, platform="instagram")
    evenings_do_better(seeded, account, posts=60, kind="reel")
    evenings_do_better(seeded, account, posts=30, kind="image")
    (author,) = lab.authors(seeded.viewer, Where(), Posts(("image",)), now=NOW)
    assert (author.kinds, author.posts) == (("image",), 30)
    learnt = lab.learn(seeded.viewer, "instagram", "engagement", Posts(("image",)), now=NOW)
    assert learnt.model.posts == 30
    said, found = lab.better(seeded.viewer, learnt, Draft(account, "image", NOW.replace(tzinfo=None)), now=NOW)
    assert said.startswith("Not enough posts yet (30 of ") and found == ()
    assert lab.tags_known(seeded.viewer, "instagram", "#brew", learnt.tags) == ("#brew: not used in these posts",)


def test_it_compares_platforms_by_the_posts_that_are_meant(four):
    def compared(only):
        return differences.between(four.viewer, NOVEMBER, Where(), window="period", only=only, now=NOW).posts

    assert (compared(None), compared(REELS)) == (4, 2)
