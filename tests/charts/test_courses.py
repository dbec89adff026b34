import itertools
from datetime import date, timedelta
from math import nan

import numpy as np
import pytest

from charts import courses, theme
from charts.courses import Course
from core.metric import Unit

DAYS = tuple(date(2026, 11, 1) + timedelta(days=at) for at in range(4))
DONE = (False,) * 4


def drawn(*shown, **options):
    return courses.lines(shown, DAYS, title="Views", **options).to_dict()


def rows(spec, layer):
    return spec["datasets"][spec["layer"][layer]["data"]["name"]]


def marks(spec):
    return [layer["mark"] if isinstance(layer["mark"], str) else layer["mark"]["type"] for layer in spec["layer"]]


def test_it_draws_one_line_per_side_named_at_its_end():
    spec = drawn(Course("X", "x", (1, 2, 3, 4), DONE), Course("TikTok", "tiktok", (4, 3, 2, 9), DONE))
    names = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "text")
    assert {row["label"] for row in spec["datasets"][names["data"]["name"]]} == {"X", "TikTok"}


def test_it_tells_accounts_of_one_platform_apart_by_their_dashes():
    spec = drawn(Course("A", "x", (1, 2, 3, 4), DONE), Course("B", "x", (4, 3, 2, 9), DONE))
    dashes = [layer["mark"]["strokeDash"] for layer in spec["layer"] if layer["mark"]["type"] == "line"]
    assert len(dashes) == 2
    assert dashes[0] != dashes[1]


def test_it_leaves_a_gap_open():
    spec = drawn(Course("X", "x", (1, nan, 3, 4), DONE))
    assert [row["value"] for row in rows(spec, 0)] == [1, None, 3, 4]


def test_it_dots_what_is_not_over():
    spec = drawn(Course("X", "x", (1, 2, 3, 4), (False, False, False, True)))
    solid, dotted = (rows(spec, at) for at in (0, 1))
    assert [row["value"] for row in solid] == [1, 2, 3, None]
    assert [row["value"] for row in dotted] == [3, 4]
    hover = next(rows for rows in spec["datasets"].values() if "line0" in rows[0])
    assert hover[-1]["line0"] == "4 so far"


def test_it_marks_where_indexed_lines_begin():
    spec = drawn(Course("X", "x", (100, 110, 90, 80), DONE), indexed=True, unit=Unit.RATIO)
    assert marks(spec)[0] == "rule"
    assert rows(spec, 0) == [{"value": 100.0}]
    axis = spec["layer"][1]["encoding"]["y"]["axis"]
    assert "%" not in axis["format"], "an index is no share"


def test_it_says_when_there_is_nothing():
    assert drawn(Course("X", "x", (nan,) * 4, DONE))["mark"]["type"] == "text"
    assert drawn()["mark"]["type"] == "text"


@pytest.mark.parametrize("places", [[1.0, 1.0, 1.0], [0.0, 0.1, 0.2, 9.0], [], [3.0], [0, 0, 5, 5, 5.2]])
def test_it_moves_names_apart_and_keeps_their_order(places):
    moved = courses.apart(np.array(places, float), 1.0)
    assert len(moved) == len(places)
    assert all(b - a >= 1.0 - 1e-9 for a, b in itertools.pairwise(moved))
    assert np.mean(moved or [0]) == pytest.approx(np.mean(places or [0])), "as little as it takes, to both sides"


def test_it_picks_what_a_name_stands_for_and_nothing_where_it_stands_for_nothing():
    spec = drawn(Course("X", "x", (1, 2, 3, 4), DONE, "x"), Course("2 others", "", (4, 3, 2, 9), DONE, "others"))
    clicks = [one for one in spec["params"] if one["select"].get("on") == "click"]
    assert [(one["name"], one["select"]["fields"]) for one in clicks] == [(theme.PICK, [theme.PICK])]
    names = next(rows for rows in spec["datasets"].values() if "label" in rows[0])
    assert {row[theme.PICK] for row in names} == {"x", "others"}
    bare = drawn(Course("X", "x", (1, 2, 3, 4), DONE))
    assert all(one["select"].get("on") != "click" for one in bare["params"])


def test_it_draws_the_target_of_a_day():
    spec = drawn(Course("X", "x", (1, 2, 3, 4), DONE), goal=3.0)
    assert any(row.get("label") == "target 3" for rows in spec["datasets"].values() for row in rows)
