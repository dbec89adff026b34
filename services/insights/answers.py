"""What changed against the period before, which platforms moved it, and how the audience grows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analytics.compare import difference
from analytics.insights import Fact
from analytics.metrics import registry
from core.language import tr
from core.question import Answer, Number
from services.connecting.platforms import title as platform_title

WATCHED = ("views", "engagement", "followers_net")
"""What is looked at for changes; stocks hardly move, and rates are made of these."""
WEEK = 7


def comparable(by_day: Answer) -> list[Number]:
    """The watched totals that have a past to be held against."""
    found = [by_day.totals[name] for name in WATCHED if name in by_day.totals]
    return [one for one in found if one.difference is not None and by_day.compared is not None]


def changes(by_day: Answer, by_platform: Answer) -> Iterator[Fact]:
    """Each watched total against its past, with the platforms that moved it. How sure it is: the days of both periods
    are compared as means, `confidence` is 1 - p; None where the days are too few to say."""
    for number in comparable(by_day):
        metric = registry.METRICS[number.metric]
        mine, theirs = _days(by_day, number.metric)
        tested = difference(mine, theirs, "mean")
        yield Fact(
            "change",
            metric.name,
            tr(metric.title),
            number.unit,
            number.direction,
            values={"value": float(number.compared or 0), "previous": float(number.previous or 0)},
            period=by_day.period,
            compared=by_day.compared,
            parts=tuple(_parts(by_platform, number.metric)),
            questions=(f"{metric.name} by day",),
            confidence=1 - tested.p if tested.p == tested.p else None,
            currency=number.currency,
        )


def _days(by_day: Answer, metric: str) -> tuple[pd.Series, pd.Series]:
    """The finished days that are known of both periods."""
    frame = by_day.frame
    rows = frame[(frame["metric"] == metric) & ~frame["unfinished"]]
    return rows["value"].dropna(), rows["previous"].dropna()


def _parts(by_platform: Answer, metric: str) -> Iterator[tuple[str, float]]:
    for (split, name), row in by_platform.by_split.items():
        if name == metric and row.difference is not None:
            yield platform_title(split), row.difference


def growth(by_day: Answer) -> Iterator[Fact]:
    """How followers grow, a week, over the period."""
    from analytics.trend import growth as measured  # here: it takes scipy, and a page without followers does not

    number = by_day.totals.get("followers")
    if number is None or number.value is None:
        return
    rows = by_day.frame[(by_day.frame["metric"] == "followers") & ~by_day.frame["unfinished"]]
    days = pd.Series(rows["value"].to_numpy(float), pd.DatetimeIndex(pd.to_datetime(rows["bucket"])))
    known = int(days.notna().sum())
    found = measured(days, period=WEEK)
    yield Fact(
        "growth",
        "followers",
        tr(registry.METRICS["followers"].title),
        number.unit,
        number.direction,
        values={"growth": found.rate, "weeks": known // WEEK},
        lower=found.lower,
        upper=found.upper,
        verdict=found.verdict,
        questions=("followers by day",),
    )
