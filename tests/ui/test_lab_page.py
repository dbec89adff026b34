"""The Content lab: a draft, drafts beside each other, kept between pages, and what is missing."""

from datetime import timedelta

import pytest
import streamlit as st

from core import clock
from core.errors import SourceUnavailable
from tests.services.seeded import Seeded
from tests.services.test_timing import keep_timing, publish_many
from tests.ui.conftest import charts, open_page, plain
from ui import load


@pytest.fixture
def posted(sqlite_database):
    """Reels of 200 and images of 100, with some noise."""
    made = Seeded(sqlite_database, now=clock.utc_now())
    account = made.account("instagram", "North", time_zone="Europe/Berlin")
    noise = [0.7, 0.8, 1.0, 1.3, 1.5]
    for kind, level in (("image", 100), ("reel", 200)):
        moments = [made.now - timedelta(days=4, hours=25 * at + 7 * len(kind)) for at in range(120)]
        publish_many(made, account, moments, [round(level * noise[at % 5]) for at in range(120)], kind=kind)
    return made


def shown(**params):
    return open_page("timing/lab.py", **params)


def field(app, kind, label, at=0):
    return [one for one in app.get(kind) if one.label == label][at]


def expected(app):
    return [float(one.value) for one in app.metric]


def test_it_expects_something_of_a_draft_and_says_how_sure_it_is(posted):
    app = shown()
    assert not app.exception
    assert not app.warning
    said = plain(app)
    assert "Nothing is sent anywhere" in said
    assert "likely " in said
    assert "Checked on " in said
    assert "on the clock of the account: Europe/Berlin" in said
    assert len(charts(app)) == 2
    assert "Reels (against images)" in charts(app)[1]


def test_it_expects_more_of_a_better_kind(posted):
    app = shown()
    field(app, "selectbox", "Kind of post").select("reel")
    reel = expected(app.run())[0]
    field(app, "selectbox", "Kind of post").select("image")
    assert expected(app.run())[0] < reel / 1.5


def test_it_compares_three_drafts_and_takes_one_away(posted):
    app = shown()
    field(app, "text_area", "Text").input("Hello #brew")
    app.run()
    for _ in range(2):
        field(app, "button", "Compare another draft").click()
        app.run()
    assert not app.exception
    assert not app.warning
    assert [one.value for one in app.text_area] == ["Hello #brew"] * 3, "a new one begins as the last"
    assert field(app, "button", "Compare another draft").disabled
    field(app, "selectbox", "Kind of post", 1).select("reel")
    field(app, "selectbox", "Kind of post", 0).select("image")
    field(app, "selectbox", "Kind of post", 2).select("image")
    app.run()
    assert "Draft B is expected to do" in plain(app)
    field(app, "button", "Remove", 1).click()
    app.run()
    assert len(app.metric) == 2
    assert "Draft A and Draft B are expected to do equally well." in plain(app)


def test_it_keeps_the_draft_while_one_looks_elsewhere(posted):
    from tests.ui.conftest import SCRIPT

    app = shown()
    field(app, "text_area", "Text").input("Kept")
    app.run()
    pages = SCRIPT.parents[1] / "pages/timing"
    app.switch_page(str(pages / "best_time.py")).run()
    assert not app.text_area
    app.switch_page(str(pages / "lab.py")).run()
    assert app.text_area[0].value == "Kept"


def test_it_says_that_views_are_not_known(posted):
    app = shown()
    next(one for one in app.get("button_group") if one.label == "Foretell").set_value("views")
    app.run()
    assert not app.exception
    assert "Nothing can be said yet: not enough posts yet (0 of 8)." in plain(app)
    assert app.metric[0].value == "n/a"


def test_it_offers_better_times_only_from_a_pattern_that_held(posted):
    assert "Best times are being computed" in plain(shown())
    keep_timing(posted, better={(day, 3) for day in range(7)}, platform="instagram")
    assert "03:00 to 04:00" in plain(shown())
    keep_timing(posted, reliable=False, platform="instagram")
    st.cache_data.clear()  # both were kept in the same millisecond
    assert "No other hour can be told to do better" in plain(shown())


def test_it_says_that_there_are_no_posts_to_learn_from(sqlite_database):
    Seeded(sqlite_database, now=clock.utc_now()).account("instagram")
    app = shown()
    assert not app.exception
    assert "no posts of the last year to learn from" in plain(app)


@pytest.mark.parametrize("part", ["screen", "learnt"])
def test_it_tells_what_to_do_about_a_failing_source(posted, monkeypatch, part):
    def fail(*_):
        raise SourceUnavailable("It does not answer.", hint="Wait a little.")

    monkeypatch.setattr(load, part, fail)
    app = shown()
    assert not app.exception
    assert "It does not answer. Wait a little." in plain(app)
