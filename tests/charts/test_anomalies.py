"""Days against what was expected, and what carried a day."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from charts import anomalies, theme
from core.metric import Unit

FIRST = date(2026, 11, 1)


def frame(values, flagged=(), upper=15.0):
    return pd.DataFrame(
        {
            "day": [FIRST + timedelta(days=at) for at in range(len(values))],
            "value": values, "expected": 10.0, "lower": 7.5, "upper": upper, "score": 0.1,
            "is_anomaly": [at in flagged for at in range(len(values))],
        }
    )  # fmt: skip


def parts(*contributions):
    total = sum(contributions)
    return pd.DataFrame(
        {
            "part": [f"Part {at}" for at in range(len(contributions))], "platform": "x", "before": 1.0, "after": 2.0,
            "contribution": contributions, "share": [one / total for one in contributions],
        }
    )  # fmt: skip


def layers(drawn):
    return theme.spec(drawn)["layer"]


def test_it_marks_unusual_days_in_the_one_strong_colour():
    drawn = anomalies.course(frame([10.0, 30.0, 11.0], {1}), title="Views", unit=Unit.COUNT, chosen=date(2026, 11, 2))
    points = [one for one in layers(drawn) if one["mark"]["type"] == "point"]
    assert len(points) == 2, "the point, and the ring around the chosen one"
    assert all(one["mark"]["color"] == theme.ANOMALY for one in points)
    assert [one["name"] for one in theme.spec(drawn)["params"]] == [anomalies.PICK]


def test_it_has_nothing_to_pick_where_nothing_is_unusual():
    drawn = anomalies.course(frame([10.0, 11.0]), title="Views", unit=Unit.COUNT)
    assert "params" not in theme.spec(drawn)
    assert "No data" in str(theme.spec(anomalies.course(frame([np.nan]), title="Views", unit=Unit.COUNT)))


@pytest.mark.parametrize(("upper", "cut"), [(12.0, False), (1000.0, True)])
def test_it_cuts_a_band_that_would_flatten_the_line(upper, cut):
    found = frame([10.0, 12.0, 8.0], upper=upper)
    assert anomalies.is_cut(found) is cut
    drawn = theme.spec(anomalies.course(found, title="Views", unit=Unit.COUNT))
    rows = next(iter(drawn["datasets"].values()))
    assert max(row["upper"] for row in rows) == (13.0 if cut else 12.0)
    assert f"to {'1,000' if cut else '12'})" in rows[0]["usual"], "the words tell the whole range"


def test_it_puts_what_is_beyond_seven_parts_into_one():
    found = anomalies.largest(parts(*range(20, 0, -2)))
    assert len(found) == 7
    assert found["part"].iloc[-1] == "4 others"
    assert found["share"].sum() == pytest.approx(1)
    assert found["contribution"].sum() == pytest.approx(110)


def test_it_writes_shares_that_went_against_the_change_to_the_left():
    spec = theme.spec(anomalies.contributions(parts(150.0, -50.0), unit=Unit.COUNT))
    texts = [one["mark"] for one in spec["layer"] if one["mark"]["type"] == "text"]
    assert [one["align"] for one in texts] == ["left", "right"]
    told = [row for rows in spec["datasets"].values() for row in rows if "share_words" in row]
    assert {row["share_words"] for row in told} == {"150\u202f%", "−50\u202f%"}
    assert {row["moved"] for row in told} == {"+150", "−50"}


def test_it_picks_the_part_that_was_clicked_where_parts_have_keys():
    keyed = parts(150.0, -50.0).assign(key=["x", "youtube"])
    spec = theme.spec(anomalies.contributions(keyed, unit=Unit.COUNT))
    assert [one["name"] for one in spec["params"]] == [theme.PICK]
    told = [row for rows in spec["datasets"].values() for row in rows if "share_words" in row]
    assert {row[theme.PICK] for row in told} == {"x", "youtube"}
