"""What counts as engagement: the words say what is summed, and the choice is what is asked with."""

from datetime import date

import pytest

from analytics.metrics import definitions
from core.errors import BadQuestion, NotAllowed
from core.question import Period, Question
from core.viewer import Right, Viewer
from services import ask
from services.team import engagement
from tests.services.seeded import NOW, Seeded

DAY = date(2026, 11, 20)


def value(viewer):
    return ask.ask(viewer, Question(("engagement",), Period(DAY, DAY)), now=NOW).totals["engagement"].value


def test_it_asks_with_the_definition_that_was_chosen(database):
    made = Seeded(database)
    account = made.account("instagram")
    for metric, count in (("likes", 10), ("comments", 2), ("shares", 1), ("saves", 100)):
        made.facts(account, metric, [count], first=DAY)
    assert engagement.current(made.viewer) == definitions.DEFAULT
    assert value(made.viewer) == 13
    engagement.choose(made.viewer, "full")
    assert engagement.current(made.viewer) == "full"
    assert value(made.viewer) == 113
    engagement.choose(made.viewer, "seed")
    assert value(made.viewer) == 13


def test_it_keeps_the_choice_of_each_workspace(sqlite_database):
    one, other = Seeded(sqlite_database), Seeded(sqlite_database)
    engagement.choose(one.viewer, "full")
    assert engagement.current(other.viewer) == "seed"


def test_it_titles_every_definition_there_is(sqlite_database):
    found = engagement.options(Seeded(sqlite_database).viewer)
    assert [one.version for one in found] == list(definitions.ENGAGEMENT)
    assert all(one.title and one.meaning and one.formulas for one in found)


def test_it_words_what_is_summed_where(sqlite_database):
    made = Seeded(sqlite_database)
    for platform in ("x", "youtube", "instagram"):
        made.account(platform)
    seed = engagement.options(made.viewer)[0]
    assert seed.formulas == (
        ("likes + comments + shares", ("Instagram", "YouTube")),
        ("likes + replies + reposts", ("X",)),
    )


def test_it_words_it_for_every_platform_in_an_empty_workspace(sqlite_database):
    (first, *_) = engagement.options(Seeded(sqlite_database).viewer)
    assert {"Instagram", "X", "YouTube"} <= {name for _, where in first.formulas for name in where}


def test_it_refuses_a_definition_there_is_not(sqlite_database):
    viewer = Seeded(sqlite_database).viewer
    with pytest.raises(BadQuestion, match="no definition"):
        engagement.choose(viewer, "vibes")
    assert engagement.current(viewer) == "seed"


def test_it_lets_only_those_who_manage_choose(sqlite_database):
    reader = Viewer("reader", Seeded(sqlite_database).id, frozenset({Right.READ}))
    with pytest.raises(NotAllowed):
        engagement.choose(reader, "full")
    assert engagement.options(reader)
