"""A click on what a chart draws narrows the page."""

import pytest
import streamlit as st

from charts import theme
from core.question import Asked, Period, Where
from services.team import targets
from ui import filters, load, panels, picking


class Chosen:
    def __init__(self, *points):
        self.selection = {theme.PICK: [{theme.PICK: one} for one in points]}


@pytest.fixture
def picked(monkeypatch):
    found = []
    monkeypatch.setattr(filters, "pick_platform", lambda one: found.append(("platform", one)))
    monkeypatch.setattr(filters, "pick_account", lambda one: found.append(("account", one)))
    monkeypatch.setattr(load, "platform_titles", lambda: {"x": "X"})
    return found


def test_it_narrows_to_a_platform_or_an_account_and_to_nothing_else(picked):
    for split, side in (("platform", "x"), ("account", "7"), ("platform", "others"), ("account", "others")):
        picking.narrow({"7": "North"}, split, side)
    assert picked == [("platform", "x"), ("account", "North")]


def test_it_tells_what_was_clicked(monkeypatch):
    told = []
    monkeypatch.setattr(st, "session_state", {"one": Chosen("x"), "none": Chosen(), "blank": Chosen("")})
    for key in ("one", "none", "blank"):
        picking.clicked(key, told.append)
    assert told == ["x"]


def test_it_never_asks_for_what_the_pointer_is_over():
    spec = {"params": [{"name": "day", "select": {"on": "pointerover"}}, {"name": "p", "select": {"on": "click"}}]}
    assert panels._clicks(spec) == ["p"]


def test_it_holds_targets_only_against_the_whole_workspace(filled):
    targets.put(filled.viewer, {"views": 300.0})
    period = Period(filled.now.date(), filled.now.date())
    assert targets.of(filled.viewer, Asked(period)) == {"views": 300.0}
    assert targets.of(filled.viewer, Asked(period, where=Where(platforms=("x",)))) == {}
