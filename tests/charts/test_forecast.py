"""The forecast chart: joined to the last value, a band, a line where what is known ends."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from charts import forecast, theme
from core.metric import Unit

FIRST = date(2026, 11, 1)


def shown(values, mean=(11.0, 12.0), unit=Unit.COUNT):
    past = pd.DataFrame({"day": [FIRST + timedelta(days=at) for at in range(len(values))], "value": values})
    start = FIRST + timedelta(days=len(values))
    ahead = pd.DataFrame({"day": [start + timedelta(days=at) for at in range(len(mean))], "mean": mean,
                          "lower": [one - 2 for one in mean], "upper": [one + 2 for one in mean]})  # fmt: skip
    return forecast.Shown(past, ahead, "Views", unit)


def marks(drawn):
    return [layer["mark"]["type"] for layer in theme.spec(drawn)["layer"]]


def test_it_joins_the_forecast_to_the_last_known_value():
    rows = forecast.table(shown([10.0, np.nan, 9.0, np.nan]))
    assert rows["mean"].tolist()[2] == 9.0
    assert rows["mean"].isna().tolist() == [True, True, False, True, False, False]
    assert rows["said"].tolist() == ["10", "n/a: not known", "9", "n/a: not known", "about 11", "about 12"]
    assert rows["range"].tolist()[-1] == "10 to 14"


def test_it_draws_band_history_forecast_and_cut():
    found = marks(forecast.chart(shown([10.0, 9.0])))
    assert found[0] == "area"
    assert found.count("line") == 2
    assert "rule" in found
    with_target = marks(forecast.chart(shown([10.0, 9.0]), target=(date(2026, 11, 4), 12.0)))
    assert with_target.count("point") == found.count("point") + 1


@pytest.mark.parametrize(("values", "layers"), [([10.0, 9.0], 2), ([np.nan], 0)], ids=["history only", "nothing"])
def test_it_draws_what_is_there(values, layers):
    drawn = forecast.chart(shown(values, mean=()))
    spec = theme.spec(drawn)
    assert len(spec.get("layer", [])) == layers
    assert "area" not in str(spec)


def test_it_marks_what_happened_inside_the_days_only():
    days = [(FIRST, "Sale"), (FIRST, "Again"), (date(2025, 1, 1), "Long ago")]
    spec = str(theme.spec(forecast.chart(shown([10.0, 9.0]), marks=days)))
    assert "Sale; Again" in spec
    assert "Long ago" not in spec


def test_it_shows_a_value_between_two_gaps():
    lone = marks(forecast.chart(shown([10.0, np.nan, 9.0, np.nan, 8.0, 8.0])))
    assert "point" in lone
    assert "point" not in marks(forecast.chart(shown([10.0, 9.0, 9.0])))
