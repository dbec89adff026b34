from datetime import date

import pytest

from core.errors import BadSetting, NotAllowed
from core.metric import Direction, Unit
from core.question import Number, Period
from core.viewer import Viewer
from services.team import targets
from tests.services.seeded import Seeded

TEN_DAYS = Period(date(2026, 1, 1), date(2026, 1, 10))


def test_it_keeps_and_removes_targets(database):
    viewer = Seeded(database).viewer
    targets.put(viewer, {"views": 1000.0, "followers": 5.0})
    targets.put(viewer, {"views": None})
    assert targets.read(viewer) == {"followers": 5.0}


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_it_refuses_what_is_no_target(database, value):
    viewer = Seeded(database).viewer
    with pytest.raises(BadSetting):
        targets.put(viewer, {"views": value})
    assert targets.read(viewer) == {}


def test_it_lets_only_those_who_manage_set_them(database):
    reader = Viewer("reader", Seeded(database).id, frozenset())
    with pytest.raises(NotAllowed):
        targets.put(reader, {"views": 1.0})


def test_it_holds_a_level_against_the_level_whatever_the_period():
    followers = Number("followers", 50.0, Unit.COUNT, Direction.UP)
    assert targets.progress({"followers": 100.0}, followers, TEN_DAYS) == targets.Progress(100.0, 0.5)


def test_it_scales_what_adds_up_to_the_days_of_the_period():
    views = Number("views", 100.0, Unit.COUNT, Direction.UP)
    assert targets.progress({"views": 300.0}, views, TEN_DAYS) == targets.Progress(100.0, 1.0)


def test_it_says_nothing_without_a_value():
    assert targets.progress({"views": 3.0}, Number("views", None, Unit.COUNT, Direction.UP), TEN_DAYS) is None


def test_it_asks_of_each_day_its_part_of_thirty_or_the_level():
    goals = {"views": 300.0, "followers": 100.0}
    assert targets.by_day(goals, "views") == 10.0
    assert targets.by_day(goals, "followers") == 100.0
    assert targets.by_day(goals, "engagement") is None
