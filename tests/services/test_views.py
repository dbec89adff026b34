"""Saved views: a person's own beside those of everyone, and the one the site opens with."""

import pytest

from core.errors import BadSetting, NotAllowed
from core.viewer import Right, Viewer
from services.team import views
from storage import settings
from tests.services.seeded import Seeded

WEEK, YEAR = {"period": "last_7"}, {"period": "last_year"}


@pytest.fixture
def mine(sqlite_database):
    return Seeded(sqlite_database).viewer


@pytest.fixture
def colleague(mine):
    return Viewer("somebody", mine.workspace_id, frozenset({Right.READ}))


def named(viewer):
    return [(one.name, one.shared) for one in views.read(viewer)]


def test_it_shows_own_views_before_the_shared_ones_each_by_name(mine):
    views.save(mine, "B", WEEK, shared=True)
    views.save(mine, "Z", WEEK)
    views.save(mine, "A", WEEK)
    assert named(mine) == [("A", False), ("Z", False), ("B", True)]


def test_it_keeps_people_apart_but_for_what_is_shared(mine, colleague):
    views.save(mine, "Mine", WEEK)
    views.save(mine, "Ours", YEAR, shared=True)
    views.save(colleague, "Theirs", WEEK)
    assert named(mine) == [("Mine", False), ("Ours", True)]
    assert named(colleague) == [("Theirs", False), ("Ours", True)]


def test_it_keeps_one_name_in_both_lists_apart(mine):
    views.save(mine, "Weekly", WEEK)
    views.save(mine, "Weekly", YEAR, shared=True)
    assert [one.state for one in views.read(mine)] == [WEEK, YEAR]
    views.remove(mine, "Weekly")
    assert [(one.shared, one.state) for one in views.read(mine)] == [(True, YEAR)]


def test_it_replaces_a_view_of_the_same_name(mine):
    views.save(mine, "Weekly", WEEK)
    views.save(mine, "  Weekly ", YEAR)
    assert [one.state for one in views.read(mine)] == [YEAR]


def test_it_takes_views_stored_before_there_were_own_ones_as_shared(mine, colleague, sqlite_database):
    with sqlite_database.write() as connection:
        settings.put(connection, mine.workspace_id, "views", {"Old": WEEK})
    assert named(mine) == named(colleague) == [("Old", True)]


def test_it_lets_only_who_manages_the_workspace_change_shared_views(mine, colleague):
    views.save(mine, "Ours", WEEK, shared=True)
    with pytest.raises(NotAllowed):
        views.save(colleague, "Ours", YEAR, shared=True)
    with pytest.raises(NotAllowed):
        views.remove(colleague, "Ours", shared=True)
    assert views.read(colleague)[0].state == WEEK
    views.remove(mine, "Ours", shared=True)
    assert views.read(mine) == ()


def test_it_refuses_no_name_a_long_one_and_one_view_too_many(mine):
    for name in (" ", "x" * 61):
        with pytest.raises(BadSetting, match="1 to 60"):
            views.save(mine, name, WEEK)
    for at in range(views.MOST):
        views.save(mine, f"View {at}", WEEK)
    with pytest.raises(BadSetting, match="50 saved views"):
        views.save(mine, "One more", WEEK)
    views.save(mine, "One more", WEEK, shared=True)


def test_it_starts_with_the_view_a_person_chose_and_with_none_again(mine, colleague):
    assert views.start(mine) is None
    views.save(mine, "Ours", YEAR, shared=True)
    views.save(mine, "Ours", WEEK)
    views.start_with(mine, views.read(mine)[1].key)
    assert views.start(mine) == YEAR
    assert [one.start for one in views.read(mine)] == [False, True]
    assert views.start(colleague) is None
    views.start_with(mine, "")
    assert views.start(mine) is None


def test_it_starts_with_no_view_that_is_gone_and_keeps_the_start_beside_other_changes(mine):
    views.save(mine, "Weekly", WEEK)
    views.start_with(mine, views.read(mine)[0].key)
    views.save(mine, "Other", YEAR)
    assert views.start(mine) == WEEK
    views.remove(mine, "Weekly")
    assert views.start(mine) is None


def test_it_keeps_views_of_workspaces_apart(mine, sqlite_database):
    views.save(mine, "Mine", WEEK)
    assert views.read(Seeded(sqlite_database).viewer) == ()
