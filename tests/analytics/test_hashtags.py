"""Hashtags: read in every script, judged beside the same posts without them, and not by what else went on."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import hashtags
from analytics.hashtags import BETTER, COLUMNS, FEW_WEEKS, FEWEST, SAME, WORSE, effects, tags_in, tags_of


def world(seed, n=600, tags=30, lifts=(), accounts=3, noise=0.7):
    """Accounts of different sizes that prefer different tags and grow; `lifts` of the first tags are planted."""
    random = np.random.default_rng(seed)
    account, kind = random.integers(0, accounts, n), random.integers(0, 3, n)
    taste = np.exp(random.normal(-2.2, 1, (accounts, tags)) + random.normal(0, 0.5, tags))
    used = random.random((n, tags)) < np.minimum(taste[account], 0.6)
    day = np.sort(random.integers(0, 365, n))
    level = random.normal(6, 1.5, accounts)[account] + random.normal(0, 0.7, 3)[kind] + day / 365
    effect = np.zeros(tags)
    effect[: len(lifts)] = np.log1p(lifts)
    value = random.poisson(np.exp(np.minimum(level + used @ effect + noise * random.standard_t(4, n), 15)))
    return pd.DataFrame({
        "account": account, "kind": np.array(["image", "reel", "text"])[kind], "engagement": value.astype(float),
        "published_local": pd.Timestamp("2025-01-01") + pd.to_timedelta(day * 24 + random.integers(7, 23, n), unit="h"),
        "tags": [[f"t{tag:02d}" for tag in np.flatnonzero(row)] for row in used],
    })  # fmt: skip


def of(found, tag):
    return found.set_index("tag").loc[tag]


def dated(days, texts, **columns):
    at = pd.Timestamp("2025-01-01 09:00") + pd.to_timedelta(days, unit="D")
    return pd.DataFrame({"account": 1, "kind": "x", "engagement": 5.0, "published_local": at, "text": texts} | columns)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("no tags", ()),
        ("#One two #THREE", ("one", "three")),
        ("#a#b", ("a", "b")),
        ("#sale, #sale! (#Sale)", ("sale",)),
        ("#Straße #STRASSE", ("strasse",)),
        ("#été #e\u0301te\u0301", ("été",)),
        ("#हिन्दी #தமிழ் #ไทย #日本語 #русский #العربية", ("हिन्दी", "தமிழ்", "ไทย", "日本語", "русский", "العربية")),
        ("＃全角 #ＡＢＣ", ("全角", "abc")),
        ("#snake_case #kebab-case", ("snake_case", "kebab")),
        ("#1 #2026 #2026goals", ("2026goals",)),
        ("https://example.org/#part &#39; a#b C#", ()),
        ("#love❤️ #", ("love",)),
    ],
    ids=[
        "none",
        "two",
        "joined",
        "repeated",
        "folded",
        "composed",
        "scripts",
        "wide",
        "signs",
        "digits",
        "not",
        "emoji",
    ],
)
def test_it_reads_tags(text, tags):
    assert tags_in(text) == tags


def test_it_prefers_the_tags_it_is_given():
    posts = pd.DataFrame({
        "tags": [["#A", "a", " B "], ("c",), "d #E, f", None, np.nan, []],
        "text": ["#x", "#x", "#x", "#x", None, "#x"],
    })  # fmt: skip
    assert tags_of(posts) == [("a", "b"), ("c",), ("d", "e", "f"), ("x",), (), ()]


@pytest.mark.parametrize("seed", range(6))
def test_it_claims_nothing_where_nothing_is(seed):
    found = effects(world(seed))
    assert not found["verdict"].isin([BETTER, WORSE]).any()


def test_it_finds_what_is_planted():
    found = effects(world(1, n=1500, lifts=(1.0, -0.5)))
    assert of(found, "t00")["verdict"] == BETTER
    assert of(found, "t01")["verdict"] == WORSE
    assert of(found, "t00")["lower"] < 1.0 < of(found, "t00")["upper"] * 1.1
    assert found["verdict"].isin([BETTER, WORSE]).sum() <= 3


def test_it_is_not_taken_in_by_the_large_account():
    """Means by tag: what the large account uses brings fifty times as much."""
    random = np.random.default_rng(2)
    large = np.arange(400) % 2 == 0
    value = np.where(large, 5000, 100) * np.exp(random.normal(0, 0.5, 400))
    text = np.where(random.random(400) < np.where(large, 0.8, 0.2), "#big", "#small")
    found = effects(dated(np.arange(400), text, account=large, engagement=value))
    assert found["verdict"].tolist() == [SAME, SAME]
    assert (found["lift"].abs() < 0.15).all()


def test_it_is_not_taken_in_by_a_companion():
    """The idle tag comes mostly with one that doubles, and never does more by itself."""
    random = np.random.default_rng(3)
    good = random.random(1200) < 0.4
    idle = random.random(1200) < np.where(good, 0.7, 0.1)
    value = np.where(good, 200, 100) * np.exp(random.normal(0, 0.4, 1200))
    text = pd.Series(np.where(good, "#good ", "")) + np.where(idle, "#idle", "")
    found = effects(dated(np.arange(1200) / 2, text.to_numpy(), engagement=value))
    assert of(found, "good")["verdict"] == BETTER
    assert of(found, "idle")["verdict"] == SAME
    assert abs(of(found, "idle")["lift"]) < 0.1


def test_it_does_not_judge_a_tag_of_one_campaign():
    days = np.arange(300)
    week = (days >= 141) & (days < 151)
    found = effects(dated(days, np.where(week, "#campaign", ""), engagement=np.where(week, 900.0, 100 + days % 7)))
    assert of(found, "campaign")["verdict"] == FEW_WEEKS
    assert np.isnan(of(found, "campaign")["lift"])


def test_it_says_how_many_posts_are_missing():
    posts = world(0).assign(tags=lambda frame: [["rare"]] * 4 + [["more"]] * (len(frame) - 4))
    found = effects(posts)
    assert of(found, "rare")["verdict"] == f"not enough posts yet (4 of {FEWEST})"
    assert of(found, "rare")[["lift", "lower", "upper"]].isna().all()
    assert found["tag"].tolist() == ["more", "rare"]


def test_it_judges_rare_tags_beside_the_common_ones(monkeypatch):
    """Tags beyond those judged together must come to nearly the same result."""
    posts = world(4, n=1500, lifts=(0.8,))
    together = effects(posts)
    monkeypatch.setattr(hashtags, "_TOGETHER", 20)
    monkeypatch.setattr(hashtags, "_AT_ONCE", 4)
    apart = effects(posts)
    assert apart["tag"].tolist() == together["tag"].tolist()
    assert np.allclose(np.log1p(apart["lift"]), np.log1p(together["lift"]), atol=0.06)


def test_it_controls_false_discoveries():
    """Of many idle tags beside a few that help, few are called better: at most 1 in 20 on average."""
    false = right = 0
    for seed in range(4):
        found = effects(world(seed, n=1200, tags=60, lifts=(0.8,) * 5))
        called = found[found["verdict"].isin([BETTER, WORSE])]
        planted = called["tag"].isin([f"t{tag:02d}" for tag in range(5)])
        right, false = right + planted.sum(), false + (~planted).sum()
    assert right >= 10
    assert false / (right + false) < 0.15


def test_it_tells_trends_of_use():
    days = np.arange(200)
    parts = [
        np.where(days % 5 == 0, "#steady ", ""),
        np.where((days % 10 == 0) | (days >= 180), "#rising ", ""),
        np.where((days % 2 == 0) & (days < 170), "#falling ", ""),
        np.where(days >= 190, "#fresh ", ""),
        np.where(days == 7, "#once", ""),
    ]
    found = effects(dated(days, ["".join(words) for words in zip(*parts, strict=True)])).set_index("tag")["trend"]
    assert found[["steady", "rising", "falling", "fresh", "once"]].tolist() == [
        "steady", "rising", "falling", "new", "too few uses",
    ]  # fmt: skip


def test_it_takes_no_more_posting_for_a_rising_tag():
    """An account posts daily instead of weekly of late; a tag on every second post goes with it."""
    days = np.concatenate([np.arange(0, 170, 7), np.arange(172, 200)])
    found = effects(dated(days, np.where(np.arange(len(days)) % 2, "#half", "#other")))
    assert found["trend"].tolist() == ["steady", "steady"]


@pytest.mark.parametrize("tags", [[], [["a"]], [None]], ids=["no posts", "one post", "no tags"])
def test_it_accepts_hardly_anything(tags):
    found = effects(world(0).head(len(tags)).assign(tags=tags))
    assert list(found.columns) == list(COLUMNS)
    assert len(found) == (tags == [["a"]])


@pytest.mark.parametrize("value", [np.nan, -1.0, np.inf], ids=["unknown", "negative", "infinite"])
def test_it_learns_nothing_from_unknown_results(value):
    posts = world(5)
    more = pd.concat([posts, posts.head(60).assign(engagement=value)], ignore_index=True)
    pd.testing.assert_series_equal(
        effects(more).set_index("tag")["lift"].sort_index(), effects(posts).set_index("tag")["lift"].sort_index()
    )
    nothing = effects(posts.assign(engagement=value))
    assert nothing["lift"].isna().all()
    assert (nothing["verdict"] == f"not enough posts yet (0 of {FEWEST})").all()


def test_it_cares_for_no_labels_of_rows():
    posts = world(7, n=200)
    pd.testing.assert_frame_equal(effects(posts.set_axis(np.zeros(len(posts), dtype=int))), effects(posts))


def test_it_needs_tags_or_texts():
    with pytest.raises(KeyError, match="tags"):
        effects(world(0).drop(columns="tags"))


def test_it_agrees_with_a_regression_on_many_posts():
    """With balanced tags and one account nothing is left to adjust: ordinary least squares has to say the same."""
    random = np.random.default_rng(8)
    used = random.random((3000, 2)) < 0.5
    y = 6 + used @ np.array([0.4, -0.3]) + random.normal(0, 0.5, 3000)
    text = [" ".join(np.array(["#up", "#down"])[row]) for row in used]
    at = np.sort(random.uniform(0, 700, 3000))
    found = effects(dated(at, text, engagement=np.exp(y) - 1))
    design = np.column_stack([np.ones(3000), used])
    plain = np.linalg.lstsq(design, y, rcond=None)[0]
    assert np.log1p(of(found, "up")["lift"]) == pytest.approx(plain[1], abs=0.03)
    assert np.log1p(of(found, "down")["lift"]) == pytest.approx(plain[2], abs=0.03)


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_it_is_unmoved_by_order_and_capitals(random):
    posts = world(6, n=200)
    order = list(range(len(posts)))
    random.shuffle(order)
    loud = posts.assign(tags=[[tag.upper() for tag in reversed(tags)] * 2 for tags in posts["tags"]]).iloc[order]
    plain, turned = effects(posts), effects(loud)
    assert plain["tag"].tolist() == turned["tag"].tolist()
    assert np.allclose(plain["lift"], turned["lift"], atol=1e-6, equal_nan=True)
    assert plain["verdict"].tolist() == turned["verdict"].tolist()


def test_it_draws_lone_effects_less_than_noise():
    """One large effect among small ones keeps its size; the small ones shrink (adaptive shrinkage)."""
    effect = np.concatenate([[1.0], np.random.default_rng(0).normal(0, 0.1, 60)])
    middle, lower, upper = hashtags._drawn(effect, np.full(61, 0.1))
    assert middle[0] > 0.85
    assert np.abs(middle[1:]).mean() < 0.5 * np.abs(effect[1:]).mean()
    assert (lower < middle).all()
    assert (middle < upper).all()
