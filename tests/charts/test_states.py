"""Charts of states: every state has a word and a colour, no picture without data."""

from datetime import date

import altair as alt
import pandas as pd

from charts import ages, states, theme
from services.quality.covered import BEFORE, STATES


def grid(*rows):
    columns = ["id", "head", "account", "title", "state", "label", "known", "why"]
    return pd.DataFrame(rows, columns=columns).assign(ink="#000000")


def colours(spec):
    """What each word is drawn in."""
    found = spec["layer"][0] if "layer" in spec else spec
    scale = found["encoding"]["color"]["scale"]
    return dict(zip(scale["domain"], scale["range"], strict=True))


def test_it_has_a_word_for_every_state_of_a_day():
    assert set(states.WORDS) == set(STATES) - {BEFORE}


def test_it_tells_states_apart_by_colour_and_word():
    rows = [("A", "X|A", "A", f"m{at}", state, "", "", "") for at, state in enumerate(states.WORDS)]
    spec = theme.spec(states.grid(grid(*rows)))
    alt.Chart.from_dict(spec) if "layer" not in spec else alt.LayerChart.from_dict(spec)
    drawn = colours(spec)
    assert list(drawn) == list(states.WORDS.values())
    assert len(set(drawn.values())) == len(drawn)


def test_it_shows_only_states_that_are_there_in_the_legend():
    spec = theme.spec(states.grid(grid(("A", "X|A", "A", "views", "failed", "80", "", ""))))
    assert list(colours(spec)) == ["failed"]


def test_it_picks_an_account_by_a_click():
    spec = theme.spec(states.grid(grid(("A", "X|A", "A", "views", "measured", "", "", ""))))
    (param,) = spec["params"] if "params" in spec else spec["layer"][0]["params"]
    assert (param["name"], param["select"]["fields"]) == (states.PICK, ["id"])


def test_it_draws_a_stretch_to_the_end_of_its_last_day():
    spans = pd.DataFrame({"title": ["Views"], "first": [date(2026, 11, 1)], "last": [date(2026, 11, 2)],
                          "state": ["missing"], "when": ["1–2 Nov"], "why": [""]})  # fmt: skip
    spec = theme.spec(states.days(spans, date(2026, 11, 1), date(2026, 11, 30)))
    (row,) = next(iter(spec["datasets"].values()))
    assert row["end"] - row["begin"] == 2 * 86_400_000
    assert list(colours(spec)) == ["missing"]


def test_it_says_that_there_is_nothing():
    for drawn in (
        states.grid(grid()),
        states.days(pd.DataFrame(columns=["title"]), date(2026, 1, 1), date(2026, 1, 2)),
        states.runs(pd.DataFrame(columns=["title"]), date(2026, 1, 1), date(2026, 1, 2)),
        ages.lines(pd.DataFrame({"platform": ["x"], "title": ["X"], "age": [1], "share": [float("nan")]})),
    ):
        assert "text" in theme.spec(drawn)["encoding"]


def test_it_draws_only_ages_that_are_known():
    rows = pd.DataFrame({"platform": ["x"] * 3, "title": ["X"] * 3, "age": [1, 2, 3], "share": [0.5, None, 0.1]})
    spec = theme.spec(ages.lines(rows))
    (found,) = spec["datasets"].values()
    assert [row["age"] for row in found] == [1, 3]
