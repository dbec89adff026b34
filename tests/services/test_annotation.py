"""Annotations on both databases."""

from datetime import date

import pytest

from core.errors import BadSetting, NotAllowed
from core.question import Period
from core.viewer import Right, Viewer
from services.installation import site
from services.team import annotation, workspaces

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def viewer(database):
    return workspaces.create("Quayside")


def said(viewer):
    return [(one.day.day, one.text) for one in annotation.between(viewer, NOVEMBER)]


def test_it_keeps_what_happened_by_day(viewer):
    annotation.add(viewer, date(2026, 11, 20), "  Spring   sale ")
    annotation.add(viewer, date(2026, 11, 2), "New café")
    annotation.add(viewer, date(2026, 12, 1), "Later")
    assert said(viewer) == [(2, "New café"), (20, "Spring sale")]


def test_it_removes_one_and_twice_does_no_harm(viewer):
    made = annotation.add(viewer, date(2026, 11, 20), "Sale")
    annotation.remove(viewer, made)
    annotation.remove(viewer, made)
    assert said(viewer) == []


def test_it_lets_screens_know(viewer):
    before = site.version(viewer)
    made = annotation.add(viewer, date(2026, 11, 20), "Sale")
    between = site.version(viewer)
    annotation.remove(viewer, made)
    assert len({before, between, site.version(viewer)}) == 3


@pytest.mark.parametrize("text", ["", "  ", "x" * 201])
def test_it_refuses_what_nobody_would_read(viewer, text):
    with pytest.raises(BadSetting, match="1 to 200"):
        annotation.add(viewer, date(2026, 11, 20), text)


def test_it_stays_in_its_workspace_and_needs_the_right(viewer):
    other = workspaces.create("Elsewhere")
    made = annotation.add(viewer, date(2026, 11, 20), "Sale")
    annotation.remove(other, made)
    assert said(other) == [] and said(viewer) == [(20, "Sale")]
    with pytest.raises(NotAllowed):
        annotation.add(Viewer("guest", viewer.workspace_id, frozenset({Right.READ})), date(2026, 11, 20), "x")
