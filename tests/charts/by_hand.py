"""Answers made by hand: what a chart is given, without a store."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd

from core.metric import Direction, Unit
from core.question import Answer, By, Explanation, Number, Period, Question


def number(metric="engagement", value=100.0, previous=80.0, **more):
    change = None if previous in (None, 0) or value is None else (value - previous) / previous
    return Number(
        metric,
        value,
        more.pop("unit", Unit.COUNT),
        more.pop("direction", Direction.UP),
        previous,
        None if previous is None or value is None else value - previous,
        change,
        **more,
    )


def explanation(metric="engagement", period=None):
    period = period or Period(date(2026, 10, 1), date(2026, 10, 5))
    return Explanation(metric, metric.title(), "A word.", "a + b", (), "1 of 1 accounts", (), period, None)


def by_day(values, previous=None, *, unfinished=0, metric="engagement", first=date(2026, 10, 1), compared=True):
    """An answer by day; None in `values` is a gap, the last `unfinished` days are not over."""
    n = len(values)
    period = Period(first, first + timedelta(days=n - 1))
    past = period.previous() if compared else None
    frame = pd.DataFrame(
        {
            "metric": metric,
            "bucket": [first + timedelta(days=at) for at in range(n)],
            "value": np.array([np.nan if one is None else one for one in values], float),
            "previous": np.array(previous if previous is not None else [np.nan] * n, float),
            "unfinished": [at >= n - unfinished for at in range(n)],
            "state": ["no data" if one is None else "" for one in values],
            "at_most": False,
        }
    )
    made = explanation(metric, period)
    total = number(metric, float(np.nansum(frame["value"])), float(np.nansum(frame["previous"])))
    return Answer(
        Question((metric,), period, By.DAY), frame, {metric: total}, {}, {}, (), period, past, "UTC",
        datetime(2026, 10, 6, tzinfo=UTC), {metric: made},
    )  # fmt: skip


def by_platform(values, metric="engagement"):
    """An answer split by platform: name -> (value, previous)."""
    period = Period(date(2026, 10, 1), date(2026, 10, 5))
    split = {(name, metric): number(metric, *pair) for name, pair in values.items()}
    titles = {name: name.title() for name in values}
    return Answer(
        Question((metric,), period, None, "platform"), pd.DataFrame(), {metric: number(metric)}, split, titles, (), period,
        period.previous(), "UTC", None, {metric: explanation(metric)},
    )  # fmt: skip
