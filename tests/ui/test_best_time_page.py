"""The Best time page: with data, without, with a failing source, and where nothing is reliable."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from tests.services.seeded import Seeded
from tests.services.test_timing import keep_timing, publish_many
from tests.ui.conftest import charts, open_page, plain, texts


@pytest.fixture
def posted(sqlite_database):
    """Two accounts with posts at Monday nine of the account's clock, one of them of another kind."""
    made = Seeded(sqlite_database, now=clock.utc_now(), week_start=6)
    one, two = made.account("instagram", "North"), made.account("x", "North")
    monday = made.now - timedelta(days=made.now.weekday() + 7)
    at = datetime(monday.year, monday.month, monday.day, 9, 30, tzinfo=UTC)
    publish_many(made, one, [at - timedelta(weeks=week) for week in range(4)], [5, 6, 7, 8])
    publish_many(made, one, [at - timedelta(weeks=9)], [9], kind="image")
    publish_many(made, two, [at - timedelta(weeks=week) for week in range(2)], [1, 2], kind="tweet")
    return made


def shown(**params):
    return open_page("timing/best_time.py", **params)


def test_it_shows_the_week_the_best_times_and_how_they_held(posted):
    keep_timing(posted, better={(1, 18), (4, 7)})
    app = shown()
    assert not app.exception
    said = plain(app)
    assert "Posts do best on Tuesday 18:00 to 19:00: 30 % above usual (likely +10 % to +50 %)." in said
    assert "Checked on 400 later posts" in said
    assert "Friday 07:00 to 08:00 · 4 posts" in said
    assert "7 posts" in said
    assert len(charts(app)) == 3
    assert "Tuesday 18:00 to 19:00 +30" in charts(app)[0]


def test_it_opens_a_link_with_what_is_shown(posted):
    keep_timing(posted, better={(1, 18), (4, 7)})
    app = shown(slot_shown="How many posts")
    assert not app.exception
    assert "When posts were published so far" in plain(app)


def test_it_lets_the_week_begin_where_the_workspace_does(posted):
    keep_timing(posted, better={(1, 18)})
    app = shown()
    app.session_state["_table_week"] = True
    table = next(one.value for one in app.run().dataframe if "Weekday" in one.value)
    assert table["Weekday"].iloc[0] == "Sunday"
    assert len(table) == 168
    assert table["Verdict"].value_counts()["better"] == 1


def test_it_shows_when_posts_were_published_where_nothing_is_reliable(posted):
    keep_timing(posted, reliable=False)
    said = plain(shown())
    assert "No reliable pattern" in said
    assert "When posts were published so far" in said
    assert "No hour can be told to be better" in said


def test_it_says_that_it_is_being_computed(posted):
    app = shown()
    assert not app.exception
    assert "being computed" in plain(app)
    assert "When 7 posts were published" in charts(app)[0]


@pytest.mark.parametrize(("state", "reason"), [("failed", "It broke."), ("not_enough", "3 posts are known.")])
def test_it_gives_the_reason_of_a_study(posted, state, reason):
    keep_timing(posted, state=state, reason=reason)
    assert reason in plain(shown())


def test_it_looks_at_one_kind_and_says_how_many_posts_are_missing(posted):
    keep_timing(posted, better={(1, 18)})
    app = shown()
    (kinds,) = [one for one in app.selectbox if one.key == "slot_kind"]
    assert kinds.options == ["All kinds", "Reel", "Tweet", "Image"]
    said = plain(kinds.select("Reel").run())
    assert "Not enough posts yet (4 of 40)" in said
    assert "36 more posts" in said


def test_it_opens_a_link_with_a_kind(posted):
    keep_timing(posted, better={(1, 18)})
    said = plain(shown(slot_kind="Image"))
    assert "Not enough posts yet (1 of 40)" in said


def test_it_narrows_to_a_platform_by_a_click(posted):
    keep_timing(posted, better={(1, 18)}, platform="instagram")
    keep_timing(posted, reliable=False, platform="x")
    app = shown()
    assert "no reliable pattern" in plain(app)
    next(one for one in app.button if one.label == "X").click()
    app.run()
    assert app.session_state["p"] == ["x"]
    assert "2 posts" in plain(app)
    assert "No reliable pattern" in plain(app)


def test_it_says_that_there_are_no_posts(sqlite_database):
    Seeded(sqlite_database, now=clock.utc_now()).account("instagram")
    app = shown()
    assert not app.exception
    assert "No posts of the last year" in texts(app)
