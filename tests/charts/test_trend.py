from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from charts import theme, trend
from core.question import Note
from tests.charts.by_hand import by_day


def drawn(answer, **more):
    """The specification, checked against the schema, with the rows of each layer."""
    spec = trend.trend(trend.series(answer, "engagement", title="Engagement"), **more).to_dict()
    return [(layer, spec["datasets"][layer["data"]["name"]]) for layer in spec["layer"]]


def layers(answer, kind, colour=None):
    return [
        (layer, rows)
        for layer, rows in drawn(answer)
        if layer["mark"]["type"] == kind and colour in (None, layer["mark"].get("color"))
    ]


def test_it_draws_the_past_dashed_and_grey():
    (line,) = layers(by_day([1, 2, 3], [3, 2, 1]), "line", theme.PREVIOUS)
    assert line[0]["mark"]["strokeDash"]
    assert line[0]["encoding"]["y"]["field"] == "previous"


def test_it_draws_no_past_without_a_comparison():
    assert not layers(by_day([1, 2, 3], compared=False), "line", theme.PREVIOUS)


def test_it_leaves_gaps_open():
    (line, *_) = layers(by_day([1, None, 3, 4]), "line", theme.ACCENT)
    assert [row["value"] for row in line[1]] == [1, None, 3, 4]


def test_it_shades_a_gap_and_names_a_wide_one():
    (band,) = layers(by_day([1, None, None, 4, 5]), "rect")
    assert len(band[1]) == 1
    assert any(rows[0].get("label") == "no data" for _, rows in layers(by_day([1, None, None, 4, 5]), "text"))


def test_it_marks_a_day_alone_between_gaps():
    points = layers(by_day([None, 5, None, 4, 4]), "point", theme.ACCENT)
    assert any(len(rows) == 1 and rows[0]["value"] == 5 for _, rows in points)


def test_it_dashes_the_unfinished_tail_and_calls_it_so_far():
    answer = by_day([5, 6, 2], unfinished=1)
    dashed = [rows for layer, rows in layers(answer, "line", theme.ACCENT) if layer["mark"].get("strokeDash")]
    assert [[row["value"] for row in rows] for rows in dashed] == [[6, 2]]
    assert any(rows[0].get("label") == "so far" for _, rows in layers(answer, "text"))
    assert "2 so far" in [row["now"] for row in dashed[0]]


def test_it_says_on_hover_why_a_value_is_missing():
    series = trend.series(by_day([1, None]), "engagement", title="Engagement")
    assert series.days["now"].tolist() == ["1", "n/a: no data"]


def test_it_says_that_there_is_no_data():
    spec = trend.trend(trend.series(by_day([None, None]), "engagement", title="Engagement")).to_dict()
    assert spec["mark"]["type"] == "text"


def test_it_draws_a_single_day():
    assert drawn(by_day([4], [3], unfinished=1))


@pytest.mark.parametrize("zero", [True, False])
def test_it_starts_at_zero_only_where_asked(zero):
    layer, _ = drawn(by_day([100, 101]), zero=zero)[0]
    assert layer["encoding"]["y"]["scale"]["zero"] is zero


def test_it_draws_days_in_utc_so_that_no_zone_moves_them():
    layer, rows = drawn(by_day([1, 2]))[0]
    assert layer["encoding"]["x"]["scale"]["type"] == "utc"
    assert rows[0]["day"] == 1790812800000
    assert layer["encoding"]["x"]["scale"]["domain"][0] == {"year": 2026, "month": 10, "date": 1, "utc": True}


def test_it_moves_names_apart_that_end_close_together():
    shown = layers(by_day([10, 10], [10, 10]), "text")
    assert {layer["mark"]["dy"] for layer, _ in shown} == {-7, 7}


def test_it_keeps_the_numbers_as_they_were_given():
    answer = by_day([1.5, None, 3])
    series = trend.series(answer, "engagement", title="Engagement")
    np.testing.assert_array_equal(series.days["value"], answer.frame["value"])


def test_it_marks_what_happened_once_a_day_and_only_inside_the_period():
    answer = by_day([1, 2, 3])
    first, outside = answer.period.first, answer.period.last + timedelta(days=1)
    marks = [(first, "Sale"), (first, "New café"), (outside, "Later")]
    ((_, rows),) = [
        (layer, rows) for layer, rows in drawn(answer, marks=marks) if layer["mark"].get("shape") == "triangle-up"
    ]
    assert [(row["day"], row["text"]) for row in rows] == [(theme.utc_ms(first), "Sale; New café")]


def test_it_shows_where_a_new_definition_begins():
    answer = by_day([1, 2, 3, 4, 5])
    first = answer.period.first
    number = answer.totals["engagement"]
    told = [Note("definition_change", f"{n} changed.", "engagement", day=first + timedelta(days=n)) for n in (0, 1, 4)]
    answer.totals["engagement"] = replace(number, notes=(*number.notes, *told))
    (line,) = layers(answer, "rule", theme.ANNOTATION)
    assert [row["text"] for row in line[1]] == ["1 changed.", "4 changed."], "before the first day there is nothing"
    sides = [
        layer["mark"]["align"] for layer, rows in layers(answer, "text") if rows[0].get("label") == "new definition"
    ]
    assert sides == ["left", "right"]


def test_it_draws_a_target_where_it_is_near_and_points_to_one_far_away():
    answer = by_day([10, 20, 30])
    ((rule, rows),) = [
        (layer, rows) for layer, rows in drawn(answer, goal=25.0) if layer["mark"].get("strokeDash") == theme.DOTS
    ]
    assert rule["mark"]["type"] == "rule"
    assert [row["value"] for row in rows] == [25.0]
    far = drawn(answer, goal=5000.0)
    assert not [layer for layer, _ in far if layer["mark"].get("strokeDash") == theme.DOTS], "it would flatten the line"
    assert "↑ target 5K" in str(far)
    assert "target" not in str(drawn(answer))
