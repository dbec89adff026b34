"""How fast does the audience grow, and on which weekdays? In plain words, and only what can be told from chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from charts import numbers
from core.errors import NotEnoughData
from core.question import Where
from core.viewer import Viewer
from services import calendar
from services.daily import Daily, daily

WINDOW = 90
"""Speed is judged from so many days: what was before tells little of now."""
SEASON = 400
MONTH = 30
_WEEK = 7
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class Pace:
    """Sentences on speed, growth and weekdays; each says so where nothing can be told. `cautions` limit them all."""

    speed: str
    growth: str
    weekdays: str
    cautions: tuple[str, ...]


def pace(viewer: Viewer, where: Where, until: date, *, now: datetime) -> Pace:
    """What can be said of the days up to `until`. Raises as `ask` does."""
    try:
        followers = daily(viewer, "followers", where, now=now)
    except NotEnoughData as lacking:
        return Pace(f"Not enough data for a trend: {lacking.message}", "", "", ())
    levels = _last(followers, until, WINDOW)
    speed, more = _speed(levels)
    return Pace(speed, more, _weekdays(viewer, where, until, now), followers.cautions)


def _last(history: Daily, until: date, days: int) -> pd.Series:
    first = pd.Timestamp(until - timedelta(days=days - 1))
    return history.values.loc[first : pd.Timestamp(until)].astype(float)


def _speed(levels: pd.Series) -> tuple[str, str]:
    """The speed of the follower count, and what it means for a month; the latter only where there is a trend."""
    from analytics.trend import growth, velocity  # here: they take scipy

    known = levels.dropna()
    if known.empty:
        return "Not enough data for a trend: no day is known.", ""
    found = velocity(levels)
    if found.verdict == "not enough data":
        return f"Not enough data for a trend: {found.reason}", ""
    days = f"judged from {found.values} days up to {_day(known)}"
    if found.verdict == "no reliable trend":
        return f"No reliable trend: followers neither surely rise nor surely fall, {days}.", ""
    low, high = sorted((abs(found.lower), abs(found.upper)))
    middle = _round(abs(found.per_day))
    told = f"Followers are {found.verdict} by about {middle} a day (likely {_round(low)} to {_round(high)}"
    rate = growth(levels)
    month = ""
    if np.isfinite(rate.compound) and np.isfinite(rate.compound_lower) and np.isfinite(rate.compound_upper):
        rise, *ends = (_monthly(one) for one in (rate.compound, rate.compound_lower, rate.compound_upper))
        if min(ends) > 0 or max(ends) < 0:
            likely = " to ".join(numbers.percent(one) for one in ends)
            month = f"At this pace that is {numbers.percent(rise)} in {MONTH} days (likely {likely})."
    return f"{told}), {days}.", month


def _day(known: pd.Series) -> str:
    return calendar.day_words(pd.Timestamp(str(known.index[-1])).date())


def _monthly(per_day: float) -> float:
    return float((1 + per_day) ** MONTH - 1)


def _round(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:,.1f}"


def _weekdays(viewer: Viewer, where: Where, until: date, now: datetime) -> str:
    """On which weekdays the most and the fewest new followers come, if that comes back every week."""
    from analytics.trend import seasonality

    try:
        net = _last(daily(viewer, "followers_net", where, now=now), until, SEASON)
    except NotEnoughData:
        return "Not enough days yet to see a weekly pattern."
    if net.notna().sum() < 4 * _WEEK:
        return f"Not enough days yet to see a weekly pattern ({net.notna().sum()} of {4 * _WEEK})."
    found = seasonality(net, period=_WEEK)
    if found.verdict == "not enough data":
        return f"Not enough data for a weekly pattern: {found.reason}"
    if found.verdict == "no reliable pattern":
        return "No weekly pattern in new followers that could be told from chance."
    first = pd.Timestamp(str(net.index[0])).day_of_week
    high, low = int(np.argmax(found.profile)), int(np.argmin(found.profile))
    most, least = (_DAYS[(first + at) % _WEEK] for at in (high, low))
    above, below = _round(found.profile[high]), _round(-found.profile[low])
    return (
        f"New followers come most on {most}, about {above} above the mean of a week, and least on {least}, about "
        f"{below} below it."
    )
