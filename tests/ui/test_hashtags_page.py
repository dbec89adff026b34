"""The Hashtags page: with data, without, with a failing source, and a tag with its posts."""

from datetime import timedelta

import pytest

from core import clock
from tests.services.seeded import Seeded
from tests.services.test_hashtags import keep_tags
from tests.services.test_timing import keep_study, publish_many
from tests.ui.conftest import charts, open_page, plain

ROWS = [
    ("brew", 6, 0.3, 0.1, 0.5, "better", "rising"),
    ("tea", 5, -0.2, -0.3, -0.1, "worse", "falling"),
    ("art", 5, 0.01, -0.1, 0.1, "no clear difference", "new"),
]


@pytest.fixture
def posted(sqlite_database):
    made = Seeded(sqlite_database, now=clock.utc_now())
    account = made.account("instagram", "North")
    said = ["**Cold** brew #brew #art"] * 6 + ["leaves #tea"] * 5 + ["nothing"]
    publish_many(made, account, [made.now - timedelta(days=4 + at) for at in range(len(said))], range(1, 13),
                 texts=dict(enumerate(said)))  # fmt: skip
    return made


def shown(**params):
    return open_page("timing/hashtags.py", **params)


def tables(app):
    return {tuple(one.value.columns): one.value for one in app.dataframe}


def test_it_shows_effects_trends_pairs_and_all_tags(posted):
    keep_tags(posted, ROWS)
    app = shown()
    assert not app.exception
    said = plain(app)
    assert "12 posts" in said
    assert "11 with a hashtag · 3 hashtags" in said
    assert "Posts with #brew did 30 % above usual (likely +10 % to +50 %); posts with #tea did 20 % below usual" in said
    assert len(charts(app)) == 3
    assert "#brew +30" in charts(app)[0]
    assert "#art + #brew" in charts(app)[1]
    buttons = [one.key for one in app.button if one.key.startswith("tagpick-")]
    assert {"tagpick-up-brew", "tagpick-up-art", "tagpick-down-tea"} <= set(buttons)
    (table,) = [one for columns, one in tables(app).items() if "Hashtag" in columns]
    assert table["Posts"].tolist() == [6, 6, 5]
    assert table["Verdict"].tolist() == ["no clear difference", "better", "worse"]


def test_it_shows_the_posts_of_a_tag_by_a_click_and_closes_them(posted):
    keep_tags(posted, ROWS)
    app = shown()
    next(one for one in app.button if one.key == "tagpick-down-tea").click()
    app.run()
    assert not app.exception
    said = plain(app)
    assert "Posts with #tea" in said
    assert "5 of 5 posts of the last year" in said
    assert "20 % below usual" in said
    next(one for one in app.button if one.label == "Close").click()
    assert "Posts with #tea**" not in plain(app.run())


def test_it_opens_a_link_to_a_tag(posted):
    keep_tags(posted, ROWS)
    app = shown(term="#brew")
    assert "Posts with #brew" in plain(app)
    assert "6 of 6 posts" in plain(app)


def test_it_shows_tags_as_they_are(posted):
    keep_tags(posted, ROWS)
    app = shown(term="#brew")
    assert not any("**Cold**" in str(one.value) for kind in ("markdown", "caption") for one in app.get(kind))


def test_it_shows_uses_while_effects_are_being_computed(posted):
    app = shown()
    assert not app.exception
    assert "being computed" in plain(app)
    (table,) = [one for columns, one in tables(app).items() if "Hashtag" in columns]
    assert set(table["Verdict"]) == {"not computed yet"}


def test_it_gives_the_reason_of_a_study_that_failed(posted):
    keep_study(posted, "hashtags", {}, state="failed", reason="It broke.")
    assert "It broke." in plain(shown())


def test_it_is_calm_about_posts_without_hashtags(sqlite_database):
    made = Seeded(sqlite_database, now=clock.utc_now())
    publish_many(made, made.account("x"), [made.now - timedelta(days=4)], [1])
    keep_study(made, "hashtags", {}, state="not_enough", reason="No post of the last year has a hashtag.")
    app = shown()
    assert not app.exception
    assert "No post of the last year has a hashtag." in plain(app)


def test_it_says_that_there_are_no_posts(sqlite_database):
    Seeded(sqlite_database, now=clock.utc_now()).account("instagram")
    assert "No posts of the last year" in plain(shown())
