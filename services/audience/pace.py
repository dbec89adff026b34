"""How fast does the audience grow, and on which weekdays? In plain words, and only what can be told from chance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from core import numbers
from core.errors import NotEnoughData
from core.kept import retold
from core.language import figure, mark, tr
from core.question import Where
from core.viewer import Viewer
from services.daily import Daily, daily
from services.words import calendar

WINDOW = 90
"""Speed is judged from so many days: what was before tells little of now."""
SEASON = 400
MONTH = 30
_WEEK = 7
_DAYS = (
    mark("Mondays"), mark("Tuesdays"), mark("Wednesdays"), mark("Thursdays"), mark("Fridays"), mark("Saturdays"),
    mark("Sundays"),
)  # fmt: skip
_UNSURE = mark(
    "No reliable trend: followers neither surely rise nor surely fall, judged from {days} days up to {last}."
)
_RISING = mark(
    "Followers are rising by about {size} a day (likely {low} to {high}), judged from {days} days up to {last}."
)
_FALLING = mark(
    "Followers are falling by about {size} a day (likely {low} to {high}), judged from {days} days up to {last}."
)


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
        return Pace(tr("Not enough data for a trend: {why}", why=retold(lacking.message)), "", "", ())
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
        return tr("Not enough data for a trend: no day is known."), ""
    found = velocity(levels)
    if found.verdict == "not enough data":
        return tr("Not enough data for a trend: {why}", why=found.reason), ""
    days, last = figure(f"{found.values:,}"), _day(known)
    if found.verdict == "no reliable trend":
        return tr(_UNSURE, days=days, last=last), ""
    low, high = (_round(one) for one in sorted((abs(found.lower), abs(found.upper))))
    told = tr(_RISING if found.verdict == "rising" else _FALLING, size=_round(abs(found.per_day)), low=low, high=high,
              days=days, last=last)  # fmt: skip
    rate = growth(levels)
    month = ""
    if np.isfinite(rate.compound) and np.isfinite(rate.compound_lower) and np.isfinite(rate.compound_upper):
        rise, *ends = (_monthly(one) for one in (rate.compound, rate.compound_lower, rate.compound_upper))
        if min(ends) > 0 or max(ends) < 0:
            least, most = (numbers.percent(one) for one in ends)
            month = tr(
                "At this pace that is {rise} in {days} days (likely {low} to {high}).",
                rise=numbers.percent(rise),
                days=MONTH,
                low=least,
                high=most,
            )
    return told, month


def _day(known: pd.Series) -> str:
    return calendar.day_words(pd.Timestamp(str(known.index[-1])).date())


def _monthly(per_day: float) -> float:
    return float((1 + per_day) ** MONTH - 1)


def _round(value: float) -> str:
    return figure(f"{value:,.0f}" if value >= 10 else f"{value:,.1f}")


def _weekdays(viewer: Viewer, where: Where, until: date, now: datetime) -> str:
    """On which weekdays the most and the fewest new followers come, if that comes back every week."""
    from analytics.trend import seasonality

    try:
        net = _last(daily(viewer, "followers_net", where, now=now), until, SEASON)
    except NotEnoughData:
        return tr("Not enough days yet to see a weekly pattern.")
    if net.notna().sum() < 4 * _WEEK:
        return tr(
            "Not enough days yet to see a weekly pattern ({n} of {fewest}).", n=net.notna().sum(), fewest=4 * _WEEK
        )
    found = seasonality(net, period=_WEEK)
    if found.verdict == "not enough data":
        return tr("Not enough data for a weekly pattern: {why}", why=found.reason)
    if found.verdict == "no reliable pattern":
        return tr("No weekly pattern in new followers that could be told from chance.")
    first = pd.Timestamp(str(net.index[0])).day_of_week
    high, low = int(np.argmax(found.profile)), int(np.argmin(found.profile))
    most, least = (tr(_DAYS[(first + at) % _WEEK]) for at in (high, low))
    above, below = _round(found.profile[high]), _round(-found.profile[low])
    return tr(
        "New followers come most on {most}, about {above} above the mean of a week, and least "
        "on {least}, about {below} below it.",
        most=most,
        above=above,
        least=least,
        below=below,
    )
