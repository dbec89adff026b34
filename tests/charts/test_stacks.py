"""Columns of parts, week by week."""

from datetime import date

import pandas as pd

from charts import stacks, theme


def rows(*given):
    return pd.DataFrame(given, columns=["begin", "platform", "title", "value"])


def bars(spec):
    (found,) = spec["datasets"].values()
    return found


def test_it_stacks_parts_and_ends_with_the_period():
    one, two = date(2026, 11, 1), date(2026, 11, 2)
    shown = rows((one, "x", "X", 1.0), (two, "x", "X", 3.0), (two, "instagram", "Instagram", 4.0))
    found = bars(theme.spec(stacks.weeks(shown, "Posts", last=date(2026, 11, 5))))
    assert [(row["title"], row["base"], row["top"]) for row in found] == [("X", 0, 1), ("Instagram", 0, 4), ("X", 4, 7)]
    assert [row["when"] for row in found][1:] == ["2–5 Nov"] * 2
    day = theme.utc_ms(two) - theme.utc_ms(one)
    assert found[0]["stop"] - found[0]["start"] < day < found[1]["stop"] - found[1]["start"]


def test_platforms_keep_their_colour_and_order_whoever_comes_first():
    shown = rows((date(2026, 11, 2), "x", "X", 1.0), (date(2026, 11, 9), "instagram", "Instagram", 4.0))
    scale = theme.spec(stacks.weeks(shown, "Posts", last=date(2026, 11, 15)))["encoding"]["color"]["scale"]
    assert scale["domain"] == ["Instagram", "X"]
    assert scale["range"] == [theme.platform_colour("instagram"), theme.platform_colour("x")]


def test_what_is_not_known_is_no_column():
    shown = rows((date(2026, 11, 2), "x", "X", float("nan")), (date(2026, 11, 9), "x", "X", 2.0))
    assert len(bars(theme.spec(stacks.weeks(shown, "Posts", last=date(2026, 11, 15))))) == 1


def test_it_says_so_where_there_is_nothing():
    for shown in (rows(), rows((date(2026, 11, 2), "x", "X", float("nan")))):
        spec = theme.spec(stacks.weeks(shown, "Posts", last=date(2026, 11, 8)))
        assert bars(spec) == [{"text": "No data in this period"}]
