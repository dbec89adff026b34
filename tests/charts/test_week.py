"""The map of the week, effects with intervals, tallies and ranges: what is drawn, hatched, marked and said."""

import numpy as np
import pandas as pd
import pytest

from charts import effects, ranges, tally, theme, week


def slots(**special):
    rows = [
        {"weekday": day, "hour": hour, "posts": 4, "lift": 0.02, "lower": -0.1, "upper": 0.1,
         "verdict": "no clear difference"}
        for day in range(7) for hour in range(24)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    for name, value in special.items():
        frame.loc[0, name] = value
    return frame


def layers(drawn):
    return theme.spec(drawn)["layer"]


def values(spec, layer):
    return spec["datasets"][layer.get("data", spec.get("data"))["name"]]


@pytest.mark.parametrize(("start", "first", "last"), [(0, "Mon", "Sun"), (6, "Sun", "Sat"), (5, "Sat", "Fri")])
def test_it_begins_the_week_where_the_workspace_does(start, first, last):
    rows = week.rows(slots(), start)
    assert rows["short"].iloc[0] == first
    spec = theme.spec(week.lifts(rows, start))
    order = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert (order[0], order[-1]) == (first, last)


def test_it_hatches_slots_with_too_few_posts_and_gives_them_no_colour():
    rows = week.rows(slots(posts=1, lift=0.9, verdict="not enough posts yet (1 of 3)"), 0)
    spec = theme.spec(week.lifts(rows, 0))
    hatched, coloured = spec["layer"]
    assert hatched["mark"]["color"]["gradient"] == "linear"
    assert [one["when"] for one in values(spec, hatched)] == ["Monday 00:00 to 01:00"]
    assert len(values(spec, coloured)) == 167
    assert coloured["encoding"]["color"]["scale"]["domain"] == [-0.1, 0, 0.1], "a small lift looks small"
    assert rows["effect"].iloc[0] == "not known"
    assert rows["count"].iloc[0] == "1 post"


def test_it_centres_the_colours_at_usual():
    rows = week.rows(slots(lift=-0.4, verdict="worse"), 0)
    domain = layers(week.lifts(rows, 0))[0]["encoding"]["color"]["scale"]["domain"]
    assert domain == [-0.4, 0, 0.4]


def test_it_marks_sure_slots_by_shape_and_not_by_colour_alone():
    spec = theme.spec(week.lifts(week.rows(slots(lift=0.4, verdict="better"), 0), 0))
    (mark,) = [one for one in spec["layer"] if one["mark"].get("shape")]
    assert mark["mark"]["shape"] == "triangle-up"
    assert len(values(spec, mark)) == 1
    said = values(spec, mark)[0]["effect"].replace("\u202f", " ")
    assert said == "+40 % (likely −10 % to +10 %)"


def test_it_says_so_where_nothing_can_be_drawn():
    bare = slots().assign(posts=0, lift=np.nan, lower=np.nan, upper=np.nan, verdict="not enough posts yet (0 of 3)")
    assert "No hour" in str(theme.spec(week.lifts(week.rows(bare, 0), 0)))
    assert "No posts" in str(theme.spec(week.counts(week.rows(bare, 0), 0)))


def test_it_draws_counts_for_every_hour():
    spec = theme.spec(week.counts(week.rows(slots(), 0), 0))
    assert len(values(spec, spec["layer"][0])) == 168


def judged():
    return pd.DataFrame({"lift": [0.3, -0.2, 0.0], "lower": [0.1, -0.3, -0.1], "upper": [0.5, -0.1, 0.1],
                         "verdict": ["better", "worse", "no clear difference"]})  # fmt: skip


def test_it_draws_each_effect_with_its_interval_in_the_order_given():
    rows = effects.rows(judged(), ["#a", "#b", "#c"], ["9", "8", "7"])
    assert rows["side"].tolist() == ["above", "below", "unclear"]
    spec = theme.spec(effects.forest(rows, "Hashtag", pick=True))
    assert spec["layer"][1]["encoding"]["y"]["sort"] == ["#a", "#b", "#c"]
    assert spec["layer"][1]["encoding"]["x2"]["field"] == "upper"
    assert [one["name"] for one in spec["params"]] == [effects.PICK]
    assert "params" not in theme.spec(effects.forest(rows, "Hashtag"))


def test_it_says_that_nothing_could_be_judged():
    rows = effects.rows(judged().head(0), [], [])
    assert "Nothing could be judged yet" in str(theme.spec(effects.forest(rows, "Hashtag")))
    unknown = judged().assign(lift=np.nan)
    drawn = effects.along(effects.rows(unknown, ["a", "b", "c"], ["1", "2", "3"]), "Hour")
    assert "Not known yet" in str(theme.spec(drawn))


def test_it_draws_bars_from_zero():
    rows = pd.DataFrame({"name": ["a"], "value": [10], "words": ["10"], "hover": ["10 posts"]})
    assert theme.spec(tally.bars(rows))["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0
    assert "Nothing to count" in str(theme.spec(tally.bars(rows.head(0))))


def test_it_draws_a_range_from_zero_with_the_usual_where_it_is_known():
    rows = pd.DataFrame({
        "name": ["A", "B", "C"], "lower": [5.0, 6.0, np.nan], "median": [10.0, 12.0, np.nan],
        "upper": [20.0, 30.0, np.nan], "usual": [40.0, np.nan, np.nan], "middle": ["10", "12", "n/a"],
        "range": ["5 to 20", "6 to 30", "n/a"], "before": ["40", "n/a", "n/a"],
    })  # fmt: skip
    spec = theme.spec(ranges.drawn(rows, "engagement"))
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low == 0
    assert high > 40, "the usual has room too"
    assert len(values(spec, spec["layer"][1])) == 1
    assert "Nothing can be said yet" in str(theme.spec(ranges.drawn(rows.tail(1), "engagement")))
