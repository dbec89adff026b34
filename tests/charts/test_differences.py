import pandas as pd
import pytest

from charts import differences


def forest(**columns):
    one = {"name": "A – B", "label": "A – B", "estimate": 0.02, "lower": 0.01, "upper": 0.03, "verdict": "higher",
           "words": "Higher."}  # fmt: skip
    return differences.forest(pd.DataFrame([one | columns, one]), "Pair").to_dict()


def test_it_draws_a_point_in_its_interval_beside_none():
    spec = forest()
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["rule", "rule", "point"]
    rows = spec["datasets"][spec["layer"][1]["data"]["name"]]
    assert rows[0]["gap"] == "+2.0 (+1.0 to +3.0)"
    assert len({row["at"] for row in rows}) == 2, "two rows of one name stay two"


def test_it_never_lets_a_name_out_of_its_quotes():
    written = forest(label='"]; alert(1); ["')["layer"][1]["encoding"]["y"]["axis"]["labelExpr"]
    assert written.startswith('["\\"]; alert(1); [\\""')


def test_it_says_when_there_is_nothing():
    columns = ["name", "label", "estimate", "lower", "upper", "verdict", "words"]
    assert differences.forest(pd.DataFrame(columns=columns), "Pair").to_dict()["mark"]["type"] == "text"


@pytest.mark.parametrize(
    ("given", "said"),
    [((0.05, 0.038, 0.062), "+5.0 (+3.8 to +6.2)"), ((0.0, -0.004, 0.006), "0.0 (−0.4 to +0.6)")],
)
def test_it_says_a_difference_in_points(given, said):
    assert differences.said(*given) == said
