"""What a target takes: whether the forecast reaches it in time, and what each day would have to bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.errors import NotEnoughData
from core.language import tr
from core.metric import Direction
from core.viewer import Viewer
from services import daily
from services.ahead.outlook import Outlook
from services.team import targets


@dataclass(frozen=True, slots=True)
class Goal:
    """A target held against the band. `mean`, `lower` and `upper` are what is foreseen: the level on `day`, or of what
    adds up the sum until then, whose ends are the widest range. `chance`: likely, open or unlikely. `a_day` is what is
    needed from now, `foreseen_a_day` and `lately_a_day` what is expected and what was; None where days do not add."""

    target: float
    day: date
    days: int
    mean: float
    lower: float
    upper: float
    chance: str
    a_day: float | None
    foreseen_a_day: float | None
    lately_a_day: float | None


def goal(one: Outlook, target: float, day: date) -> Goal:
    """Whether a target will be reached by a day inside the horizon, and what it takes."""
    if one.daily is None or one.ahead.empty:
        raise NotEnoughData(tr("There is no forecast to hold a target against."))
    rows = one.ahead[pd.to_datetime(one.ahead["day"]) <= pd.Timestamp(day)]
    days = len(rows)
    shown = rows[["mean", "lower", "upper"]]
    mean, lower, upper = (shown.sum() if one.adds else shown.iloc[-1]).tolist()
    chance = _chance(target, lower, upper, downwards=one.daily.metric.direction is Direction.DOWN)
    a_day = foreseen = lately = None
    values = one.daily.values
    if one.adds:
        recent = values.tail(daily.RECENT)
        a_day, foreseen, lately = target / days, mean / days, float(recent.mean())
    elif one.stands:
        now, pace = float(values.iloc[-1]), values.dropna().tail(daily.RECENT + 1)
        span = max((pace.index[-1] - pace.index[0]).days, 1)
        a_day, foreseen = (target - now) / days, (mean - now) / days
        lately = float(pace.iloc[-1] - pace.iloc[0]) / span
    return Goal(target, day, days, mean, lower, upper, chance, a_day, foreseen, lately)


def _chance(target: float, lower: float, upper: float, *, downwards: bool) -> str:
    """Likely where the whole band reaches the target, unlikely where none of it does.

    >>> _chance(10, 12, 20, downwards=False), _chance(15, 12, 20, downwards=False), _chance(25, 12, 20, downwards=False)
    ('likely', 'open', 'unlikely')
    >>> _chance(10, 12, 20, downwards=True)
    'unlikely'
    """
    if downwards:
        target, lower, upper = -target, -upper, -lower
    return "likely" if lower >= target else "unlikely" if upper < target else "open"


def kept_target(viewer: Viewer, one: Outlook, days: int) -> float | None:
    """The target the team has set, for so many days where it is one per 30 days."""
    name = one.daily.metric.name if one.daily is not None else ""
    kept: Mapping[str, float] = targets.read(viewer)
    if name not in kept:
        return None
    return kept[name] * (days / targets.DAYS if targets.sums_over_days(name) else 1)
