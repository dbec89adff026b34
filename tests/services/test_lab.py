"""The content lab: what a draft may bring, how good that was, better times, drafts against each other."""

import math
import pickle
from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd
import pytest

from analytics.post_outcome import Checked
from core.question import Where
from services.content import lab
from services.content.lab import Draft, Expected
from tests.services.seeded import NOW, Seeded
from tests.services.test_hashtags import keep_tags
from tests.services.test_timing import keep_study, keep_timing, publish_many

NOON = datetime(2026, 12, 7, 12)


@pytest.fixture
def seeded(sqlite_database):
    return Seeded(sqlite_database)


def reels_do_better(seeded, account, posts=200):
    """Images of 100, reels of 200, with some noise."""
    noise = [0.7, 0.8, 1.0, 1.3, 1.5]
    for kind, level in (("image", 100), ("reel", 200)):
        moments = [NOW - timedelta(days=4, hours=24 * at + (7 if kind == "reel" else 0)) for at in range(posts)]
        publish_many(seeded, account, moments, [round(level * noise[at % 5]) for at in range(posts)], kind=kind)


@pytest.fixture
def shop(seeded):
    """An account whose reels do better, what was learnt of it, and its id."""
    account = seeded.account("instagram", "Acme", time_zone="Europe/Berlin")
    reels_do_better(seeded, account)
    return seeded, lab.learn(seeded.viewer, "instagram", "engagement", now=NOW), account


def test_it_offers_accounts_with_the_kinds_they_post(seeded):
    one = seeded.account("instagram", "Acme", time_zone="Europe/Berlin")
    two = seeded.account("instagram", "Fresh")
    other = seeded.account("x", "Acme")
    publish_many(seeded, one, [NOW - timedelta(days=4)], [1], kind="image")
    publish_many(seeded, one, [NOW - timedelta(days=day) for day in (5, 6)], [1, 2], kind="reel")
    found = lab.authors(seeded.viewer, Where(), now=NOW)
    assert [(author.id, author.kinds, author.posts) for author in found] == [
        (one, ("reel", "image"), 3), (other, ("post",), 0), (two, ("reel", "image"), 0),
    ]  # fmt: skip
    assert found[0].title == "Acme (Instagram)"
    assert found[0].time_zone == "Europe/Berlin"
    assert [author.id for author in lab.authors(seeded.viewer, Where(platforms=("x",)), now=NOW)] == [other]
    assert [author.id for author in lab.authors(seeded.viewer, Where(accounts=(two,)), now=NOW)] == [two]


def test_it_expects_more_of_what_did_better(shop):
    _, learnt, account = shop
    reel, image = lab.expect(learnt, [Draft(account, "reel", NOON), Draft(account, "image", NOON)])
    assert 150 < reel.median < 260
    assert 70 < image.median < 140
    assert reel.lower < reel.median < reel.upper
    assert reel.usual == 145, "the median of all posts of the account, between 140 and 150"
    assert lab.basis(reel).startswith("Made from the account and the kind of post")
    assert [lab.driver_name(one) for one in learnt.drivers] == ["Reels (against images)"]
    assert learnt.drivers[0].ratio == pytest.approx(2, rel=0.1)


def test_it_can_be_kept_between_runs(shop):
    """What is cached is pickled."""
    _, learnt, account = shop
    again = pickle.loads(pickle.dumps(learnt))
    draft = [Draft(account, "reel", NOON, "a text?")]
    assert lab.expect(again, draft) == lab.expect(learnt, draft)


def test_it_speaks_of_a_fresh_account_from_others_and_says_so(shop):
    _, learnt, _ = shop
    (found,) = lab.expect(learnt, [Draft(999, "reel", NOON)])
    assert found.known
    assert math.isnan(found.usual)
    assert lab.basis(found).startswith("Made from other accounts")


@pytest.mark.parametrize("posts", [0, 5], ids=["no posts", "five posts"])
def test_it_says_how_many_posts_are_missing(seeded, posts):
    account = seeded.account("instagram")
    publish_many(seeded, account, [NOW - timedelta(days=9 + at) for at in range(posts)], [5] * posts)
    learnt = lab.learn(seeded.viewer, "instagram", "engagement", now=NOW)
    (found,) = lab.expect(learnt, [Draft(account, "reel", NOON)])
    assert not found.known
    assert lab.basis(found) == f"Nothing can be said yet: not enough posts yet ({posts} of 8)."
    assert lab.checked(learnt).startswith("It could not be checked")


def test_it_foretells_views_as_well(seeded):
    account = seeded.account("instagram")
    publish_many(seeded, account, [NOW - timedelta(days=9 + at) for at in range(20)], [5] * 20)
    learnt = lab.learn(seeded.viewer, "instagram", "views", now=NOW)
    (found,) = lab.expect(learnt, [Draft(account, "reel", NOON)])
    assert not found.known, "no views are known, and engagement does not stand in for them"


def test_it_says_how_good_it_was_on_later_posts(shop):
    _, learnt, _ = shop
    said = lab.checked(learnt).replace("\u202f", " ")
    assert f"Checked on {learnt.model.checked.posts:,} later posts" in said
    assert f"{learnt.model.checked.coverage * 100:.0f} % of the results" in said
    assert "the account's plain median by a factor of" in said
    plain = replace(learnt, model=replace(learnt.model, checked=Checked(0.4, 0.4, 0.95, 90)))
    assert lab.checked(plain).endswith("nothing that looks at kind, time or text did better than that.")


def test_it_counts_further_hashtags_as_part_of_the_text():
    assert Draft(1, "reel", NOON, "Hi", ("brew", "art")).whole_text == "Hi #brew #art"
    assert Draft(1, "reel", NOON).whole_text == ""


def test_it_names_better_times_only_from_a_pattern_that_held(shop):
    seeded, learnt, account = shop
    draft = Draft(account, "reel", NOON)
    said, found = lab.better(seeded.viewer, learnt, draft, now=NOW)
    assert (said, found) == ("Best times are being computed, usually within a few minutes.", ())
    keep_timing(seeded, better={(1, 18)}, reliable=False, platform="instagram")
    said, found = lab.better(seeded.viewer, learnt, draft, now=NOW)
    assert (said, found) == ("No other hour can be told to do better on this platform.", ())
    keep_timing(seeded, better={(1, 18), (2, 18), (3, 18), (4, 18)}, platform="instagram")
    said, found = lab.better(seeded.viewer, learnt, draft, now=NOW)
    assert len(found) == lab.BETTER_SLOTS
    assert {one.slot.hour for one in found} == {18}
    keep_timing(seeded, better={(0, 12)}, platform="instagram")
    said, found = lab.better(seeded.viewer, learnt, draft, now=NOW)
    assert found == ()
    assert "already" in said


@pytest.mark.parametrize(("state", "said"), [("failed", "could not be computed"), ("not_enough", "not enough posts")])
def test_it_says_why_there_are_no_better_times(shop, state, said):
    seeded, learnt, account = shop
    keep_study(seeded, "best_times", {}, platform="instagram", state=state, reason="Why.")
    assert said in lab.better(seeded.viewer, learnt, Draft(account, "reel", NOON), now=NOW)[0]


def test_it_does_not_foretell_other_hours_where_the_model_looks_at_none(shop):
    seeded, learnt, account = shop
    keep_timing(seeded, better={(5, 18)}, platform="instagram")
    said, (only,) = lab.better(seeded.viewer, learnt, Draft(account, "reel", NOON), now=NOW)
    assert said.startswith("The expected range is the same at any hour")
    assert only.expected is None


def test_it_foretells_a_draft_at_the_better_time(shop, monkeypatch):
    seeded, learnt, account = shop
    monkeypatch.setattr(lab, "_looks_at_times", lambda _: True)
    keep_timing(seeded, better={(5, 18)}, platform="instagram")
    draft = Draft(account, "reel", NOON, "Hello")
    _, (only,) = lab.better(seeded.viewer, learnt, draft, now=NOW)
    assert only.slot.name == "Saturday 18:00 to 19:00"
    then = replace(draft, at=datetime(2026, 12, 12, 18))
    assert only.expected == lab.expect(learnt, [then])[0]


def test_it_tells_what_is_known_of_the_hashtags_of_a_draft(seeded):
    seeded.account("instagram")
    assert lab.tags_known(seeded.viewer, "instagram", "a #brew") == ()
    rows = [("brew", 12, 0.3, 0.1, 0.5, "better", "steady"), ("tea", 7, 0.1, -0.1, 0.3, "no clear difference", "new")]
    keep_tags(seeded, rows, platform="instagram")
    said = [one.replace("\u202f", " ") for one in lab.tags_known(seeded.viewer, "instagram", "#Brew #tea #none")]
    assert said == [
        "#brew: 30 % above usual (likely +10 % to +50 %), 12 posts",
        "#tea: no clear difference, 7 posts",
        "#none: not used in the last year",
    ]


def some(median, lower, upper):
    return Expected(median, lower, upper, "account median", 10.0)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ([some(10, 5, 20)], ""),
        ([some(10, 5, 20), some(math.nan, math.nan, math.nan)], ""),
        ([some(10, 5, 20), some(10, 5, 20)], "Draft A and Draft B are expected to do equally well."),
        ([some(10, 5, 20), some(12, 6, 24)],
         "Draft B is expected to do 20 % better than Draft A. Their likely ranges overlap: the one that is ahead is "
         "not sure to be."),
        ([some(100, 50, 200), some(10, 5, 20)],
         "Draft A is expected to do 10.0 times as well as Draft B. Their likely ranges do not overlap."),
    ],
    ids=["one", "one known", "equal", "overlapping", "apart"],
)  # fmt: skip
def test_it_holds_drafts_against_each_other(expected, said):
    assert lab.compared(["Draft A", "Draft B"][: len(expected)], expected).replace("\u202f", " ") == said


def test_it_keeps_a_frame_of_drafts_as_the_model_wants_it(shop):
    _, learnt, account = shop
    together = lab.expect(learnt, [Draft(account, "reel", NOON), Draft(account, "image", NOON)])
    alone = [lab.expect(learnt, [Draft(account, kind, NOON)])[0] for kind in ("reel", "image")]
    pd.testing.assert_frame_equal(pd.DataFrame(together), pd.DataFrame(alone))
