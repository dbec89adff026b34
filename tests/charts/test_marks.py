"""What happened on a day stands on the axis of every chart over time, where hovering finds it."""

from datetime import UTC, date, datetime, timedelta

import pandas as pd
import pytest

from charts import courses, forecast, growth, movement, pulse, states, theme, trend
from core.metric import Unit
from core.question import By, Period

FIRST = date(2026, 11, 1)
DAYS = [FIRST + timedelta(days=at) for at in range(4)]
MARKS = [(FIRST - timedelta(days=1), "Before"), (DAYS[2], "Sale"), (DAYS[2], "Newsletter"), (date(2026, 12, 9), "Late")]


def _courses(marks):
    shown = (courses.Course("X", "x", (1.0, 2.0, 3.0, 4.0), (False,) * 4),)
    return courses.lines(shown, tuple(DAYS), title="Views", marks=marks)


def _movement(marks):
    frame = pd.DataFrame({"bucket": DAYS, "gained": 3.0, "lost": 1.0, "net_only": 0.0, "net": 2.0, "unfinished": False,
                          "without": ""})  # fmt: skip
    return movement.movement(frame, ["a", "b", "c", "d"], By.DAY, marks=marks)


def _days(marks):
    spans = pd.DataFrame({"title": ["Views"], "first": [DAYS[0]], "last": [DAYS[3]], "state": ["measured"],
                          "when": [""], "why": [""]})  # fmt: skip
    return states.days(spans, DAYS[0], DAYS[3], marks)


def _runs(marks):
    cells = pd.DataFrame({"title": ["X"], "day": [DAYS[0]], "state": ["ok"], "counts": [""]})
    return states.runs(cells, DAYS[0], DAYS[3], marks)


def _trend(marks):
    rows = pd.DataFrame({"day": [theme.utc_ms(day) for day in DAYS], "value": [1.0, 2.0, 3.0, 4.0],
                         "previous": float("nan"), "unfinished": False, "when": "", "now": "", "before": ""})  # fmt: skip
    shown = trend.Series(rows, Period(DAYS[0], DAYS[3]), Unit.COUNT, "", "Views", "", "")
    return trend.trend(shown, marks=marks)


def _forecast(marks):
    past = pd.DataFrame({"day": DAYS[:3], "value": [1.0, 2.0, 3.0]})
    ahead = pd.DataFrame({"day": DAYS[3:], "mean": [3.0], "lower": [2.0], "upper": [4.0]})
    return forecast.chart(forecast.Shown(past, ahead, "Views", Unit.COUNT), marks=marks)


@pytest.mark.parametrize("draw", [_courses, _movement, _days, _runs, _trend, _forecast])
def test_it_marks_what_happened_above_all_else(draw):
    spec = theme.spec(draw(MARKS))
    top = spec["layer"][-1]
    assert top["mark"]["shape"] == "triangle-up"
    (row,) = spec["datasets"][top["data"]["name"]]
    assert row["text"] == "Sale; Newsletter", "what lies outside is left out"
    assert theme.utc_ms(DAYS[2]) in row.values()


@pytest.mark.parametrize("draw", [_courses, _movement, _days, _runs, _trend, _forecast])
def test_it_draws_no_marks_where_nothing_happened(draw):
    assert "triangle-up" not in str(theme.spec(draw(())))


def test_it_marks_yesterday_where_the_last_24_hours_begin():
    start = datetime(2026, 11, 1, 15)
    hours = pd.DataFrame({"start": [start + timedelta(hours=at) for at in range(24)], "platform": "x", "value": 2.0,
                          "known": 1, "accounts": 1, "loose": 0.0})  # fmt: skip
    told = [(date(2026, 11, 1), "Yesterday"), (date(2026, 11, 2), "Today"), (date(2026, 11, 3), "Tomorrow")]
    spec = theme.spec(pulse.bars(pulse.rows(hours, {"x": "X"}), "Engagement", marks=told))
    rows = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    begin = start.replace(tzinfo=UTC).timestamp() * 1000
    assert [(row["begin"], row["text"]) for row in rows] == [
        (begin, "Yesterday"),
        (theme.utc_ms(date(2026, 11, 2)), "Today"),
    ]


def test_it_marks_a_posts_curve_at_the_age_the_post_had():
    mine = pd.DataFrame({"age_h": [1.0, 20.0], "value": [3.0, 9.0], "sure": True})
    nothing = pd.DataFrame(columns=["age_h", "low", "median", "high", "posts"]).astype(float)
    told = [(date(2026, 11, 1), "Same day"), (date(2026, 11, 2), "Next day"), (date(2026, 11, 5), "Later")]
    drawn = growth.chart(mine, nothing, title="Views", span_h=48.0, seen_h=20.0,
                         published=datetime(2026, 11, 1, 18), marks=told)  # fmt: skip
    spec = theme.spec(drawn)
    rows = spec["datasets"][spec["layer"][-1]["data"]["name"]]
    assert [(row["age_h"], row["text"]) for row in rows] == [(0.0, "Same day"), (6.0, "Next day")]
