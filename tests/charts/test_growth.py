"""The curve of a post: what is known is solid, what is not is dashed, and nothing is drawn that was not read."""

import pandas as pd
import pytest

from charts import growth, theme

USUAL = pd.DataFrame(
    {"age_h": [2.0, 4.0], "low": [5.0, 8.0], "median": [10.0, 20.0], "high": [15.0, 30.0], "posts": [9, 8]}
)
NONE = USUAL.head(0)


def mine(*rows):
    return pd.DataFrame(rows, columns=["age_h", "value", "sure"]).astype({"sure": bool})


def layers(shown, usual=NONE, *, seen_h=6.0, kind="line"):
    spec = growth.chart(shown, usual, title="Views", span_h=48.0, seen_h=seen_h).to_dict()
    return [
        (one["mark"], spec["datasets"][one["data"]["name"]]) for one in spec["layer"] if one["mark"]["type"] == kind
    ]


def stretches(rows):
    return [(one["age_h"], one["value"]) for one in rows]


def test_it_draws_from_publishing_where_the_first_reading_is_near():
    ((_, rows),) = layers(mine((1.0, 10.0, True), (3.0, 30.0, True)), seen_h=3.0)
    assert stretches(rows) == [(0.0, 0.0), (1.0, 10.0), (1.0, 10.0), (3.0, 30.0)]


def test_it_draws_nothing_before_a_late_first_reading():
    ((_, rows),) = layers(mine((20.0, 10.0, False), (22.0, 30.0, True)), seen_h=22.0)
    assert stretches(rows) == [(20.0, 10.0), (22.0, 30.0)]


def test_it_dashes_what_lies_between_far_readings():
    solid, dashed = layers(mine((1.0, 10.0, True), (30.0, 90.0, False)), seen_h=30.0)
    assert stretches(solid[1]) == [(0.0, 0.0), (1.0, 10.0)]
    assert stretches(dashed[1]) == [(1.0, 10.0), (30.0, 90.0)]
    assert dashed[0]["strokeDash"] == theme.DASH


def test_it_lets_a_counter_stand_until_it_was_last_read():
    ((_, rows),) = layers(mine((1.0, 10.0, True)), seen_h=6.0)
    assert stretches(rows)[-1] == (6.0, 10.0)
    ((_, rows),) = layers(mine((1.0, 10.0, True)), seen_h=600.0)
    assert stretches(rows)[-1] == (48.0, 10.0), "not beyond the chart"


def test_it_draws_the_usual_as_a_band_and_a_grey_dashed_line():
    shown = mine((1.0, 10.0, True))
    assert layers(shown, USUAL, kind="area")
    assert any(mark["color"] == theme.PREVIOUS and mark["strokeDash"] for mark, _ in layers(shown, USUAL))
    assert not layers(shown, kind="area")


def test_it_says_on_hover_what_was_read_by_then_and_what_is_usual():
    told = growth.words(mine((3.0, 1234.0, True)), USUAL)
    assert told["age"].tolist() == ["2 h", "3 h", "4 h"]
    assert told["mine"].tolist() == ["not read yet", "1,234", "1,234"]
    assert told["usual"].tolist() == ["10, half between 5 and 15 (9 posts)", "", "20, half between 8 and 30 (8 posts)"]


@pytest.mark.parametrize("usual", [USUAL, NONE], ids=["with usual", "without"])
def test_it_draws_a_post_that_was_not_read(usual):
    spec = growth.chart(mine(), usual, title="Views", span_h=48.0, seen_h=None).to_dict()
    assert ("layer" in spec) == bool(len(usual))
