"""What a person chooses for themselves: kept for them, in every workspace, and for nobody else."""

import dataclasses

import pytest

from core.errors import BadSetting, NotAllowed
from core.viewer import Viewer, owner
from services.team import person
from services.team.person import Preferences
from tests.services.seeded import Seeded


@pytest.fixture
def viewer(sqlite_database):
    return Seeded(sqlite_database).viewer


def test_it_begins_with_what_the_browser_asks_for(viewer):
    assert person.read(viewer) == Preferences("", "")


def test_it_keeps_a_choice(viewer):
    person.choose(viewer, Preferences("de", "fr"))
    assert person.read(viewer) == Preferences("de", "fr")
    person.choose(viewer, Preferences("", "es"))
    assert person.read(viewer) == Preferences("", "es")


def test_it_holds_in_every_workspace(viewer, sqlite_database):
    person.choose(viewer, Preferences("de"))
    assert person.read(Seeded(sqlite_database).viewer) == Preferences("de")
    assert person.read(owner(0)) == Preferences("de")


def test_it_keeps_people_apart(viewer):
    other = Viewer("somebody", viewer.workspace_id)
    person.choose(viewer, Preferences("de"))
    assert person.read(other) == Preferences()
    person.choose(other, Preferences("fr"))
    assert person.read(viewer) == Preferences("de")


@pytest.mark.parametrize("chosen", [Preferences("xx"), Preferences("", "pt"), Preferences("DE")], ids=str)
def test_it_refuses_a_language_that_there_is_not(viewer, chosen):
    person.choose(viewer, Preferences("de"))
    with pytest.raises(BadSetting, match="no such language"):
        person.choose(viewer, chosen)
    assert person.read(viewer) == Preferences("de")


def test_it_asks_for_the_right_to_read(viewer):
    nobody = dataclasses.replace(viewer, rights=frozenset())
    with pytest.raises(NotAllowed):
        person.read(nobody)
    with pytest.raises(NotAllowed):
        person.choose(nobody, Preferences("de"))
