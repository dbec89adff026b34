"""At which hours is the audience there? The mean of the last four weeks, hour by hour of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from analytics.metrics import registry
from charts.week import hours
from core import language
from core.question import By, Explanation, Period, Question, Where
from core.viewer import Viewer
from services import ask, catalogue
from services.ask.notes import account_title
from services.connecting.platforms import title as platform_title

METRIC = "followers_active"
WEEKS = 4
FEWEST = 3
"""An hour of the week seen fewer times is not drawn as known."""
COLUMNS = ("weekday", "hour", "mean", "low", "high", "seen")


@dataclass(frozen=True, eq=False)
class Online:
    """One account's hours: `frame` has `COLUMNS`, one row per hour of the week that was seen, `weekday` 0 is Monday, in
    `time_zone`. `best` is the strongest hour that was seen often enough, in words."""

    account: int
    title: str
    time_zone: str
    period: Period
    frame: pd.DataFrame
    best: str
    explanation: Explanation


def online(viewer: Viewer, where: Where, until: Period, time_zone: str, *, now: datetime) -> tuple[Online, ...]:
    """Every account with hourly numbers in the four weeks up to the period's end, largest first. The hours are stored
    as the account's clock shows them, and told as that of `time_zone` does."""
    period = Period(until.last - timedelta(days=7 * WEEKS - 1), until.last)
    accounts = _telling(viewer, where)
    if not accounts:
        return ()
    answer = ask.ask(viewer, Question((METRIC,), period, By.HOUR, "account", Where(accounts=accounts)), now=now)
    rows = answer.frame[answer.frame["value"].notna() & ~answer.frame["unfinished"]]
    known = {str(one.id): one for one in catalogue.accounts(viewer)}
    found = []
    for key, mine in rows.groupby("split", sort=False):
        one = known[str(key)]
        frame = _hours(mine, one.time_zone, time_zone)
        title = f"{account_title(one)} ({platform_title(one.platform)})"
        told = Online(one.id, title, time_zone, answer.period, frame, _best(frame), answer.explain(METRIC))
        found.append(told)
    return tuple(sorted(found, key=lambda one: -float(one.frame["mean"].max())))


def _telling(viewer: Viewer, where: Where) -> tuple[int, ...]:
    """The chosen accounts on platforms that tell of hours: no other is asked, because hours are many."""
    platforms = registry.platforms(METRIC)
    return tuple(
        one.id
        for one in catalogue.accounts(viewer)
        if (one.id in where.accounts if where.accounts else one.selected)
        and one.platform in platforms
        and (not where.platforms or one.platform in where.platforms)
    )


def _hours(rows: pd.DataFrame, stored: str, told: str) -> pd.DataFrame:
    """Mean, lowest and highest of each hour of the week. An hour that the stored clock shows twice, or not at all, is
    left out."""
    stamps = pd.DatetimeIndex(pd.to_datetime(rows["bucket"])).tz_localize(stored, ambiguous="NaT", nonexistent="NaT")
    values = rows["value"].to_numpy(float)[stamps.notna()]
    stamps = stamps[stamps.notna()].tz_convert(told)
    table = pd.DataFrame({"weekday": stamps.day_of_week, "hour": stamps.hour, "value": values})
    slots = table.groupby(["weekday", "hour"], as_index=False)
    made = slots.agg(mean=("value", "mean"), low=("value", "min"), high=("value", "max"), seen=("value", "count"))
    return made[list(COLUMNS)]


def _best(frame: pd.DataFrame) -> str:
    sure = frame[frame["seen"] >= FEWEST]
    if sure.empty:
        return ""
    row = sure.iloc[int(np.argmax(sure["mean"].to_numpy()))]
    return f"{language.weekday(int(row['weekday']))} {hours(int(row['hour']))}"
