"""A link that was made in one language holds in every other."""

import pytest

from core import language
from core.viewer import owner
from services.team import person
from services.team.person import Preferences

POSTS = "../pages/performance/posts.py"


@pytest.fixture
def german(translated):
    """German words for a few choices."""
    translated("de", {"In the period": "Im Zeitraum", "Views": "Aufrufe", "video": "Video"})


def opened(screen, **params):
    app = screen(**params).switch_page(POSTS).run()
    assert not app.exception
    return app


def chosen(app):
    return app.session_state["posts_basis"], app.session_state["posts_by"]


@pytest.mark.parametrize(
    ("basis", "by"), [("In the period", "Views"), ("Im Zeitraum", "Aufrufe")], ids=["of its own", "of another language"]
)
def test_it_understands_a_link(screen, filled, german, basis, by):
    assert chosen(opened(screen, posts_basis=basis, posts_by=by)) == ("in_period", "views")


def test_it_understands_an_english_link_in_german(screen, filled, german):
    person.choose(owner(filled.id), Preferences("de"))
    with language.using("de"):  # the test's own thread says the options of its widgets, too
        app = opened(screen, posts_by="Views", kind="Video")
        assert chosen(app) == ("lifetime", "views")
        assert app.session_state["kind"] == ["video"]
        assert chosen(opened(screen, posts_basis="In the period")) == ("in_period", "engagement")


def test_it_understands_several_choices_in_another_language(screen, filled, german):
    person.choose(owner(filled.id), Preferences("de"))
    with language.using("de"):
        app = opened(screen, posts_cols=["Platform", "Views"])
    assert app.session_state["posts_cols"] == ["platform", "views"]


def test_it_leaves_what_nobody_says(screen, filled, german):
    assert chosen(opened(screen, posts_basis="Immer", posts_by="Glück")) == ("lifetime", "engagement")
