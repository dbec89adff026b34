"""One metric day by day, held against what its past let expect: from the kept study, or scored now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pandas as pd

from core.errors import NotEnoughData
from core.language import tr
from core.question import Period, Where
from core.viewer import Viewer
from services import daily, studies
from services.studies import Kept, Subject
from services.studies.unusual import KIND, WATCHED
from services.unusual_days.places import where_of

COLUMNS = ("day", "value", "expected", "lower", "upper", "score", "is_anomaly")
LEAST_DAYS = 90
"""A chart of fewer days does not show what is usual."""
LEARN = 21
"""So many days must be known before one can be judged."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """`frame` has `COLUMNS`, one row per day (dates; NaN not known), empty with `why_none`. `computed_at` is None for
    what was scored just now."""

    frame: pd.DataFrame
    why_none: str = ""
    computed_at: datetime | None = None
    cautions: tuple[str, ...] = ()


def course(viewer: Viewer, metric: str, where: Where, place: str, period: Period, *, now: datetime) -> Course:
    """The days of a period, and enough before it to see what is usual."""
    first = min(period.first, period.last - timedelta(days=LEAST_DAYS - 1))
    kept = find(viewer, metric, where, place)
    if kept is not None and kept.state == "ok":
        frame = days(kept.frame("frame"))
        if len(frame) and frame["day"].iloc[0] <= first:
            return Course(_between(frame, first, period.last), "", kept.computed_at)
    made = scored(viewer, metric, where_of(where, place), now=now)
    if made.frame.empty:
        return made
    frame = _between(made.frame, first, period.last)
    return Course(frame, "" if len(frame) else tr("No day of this period is known."), None, made.cautions)


def find(viewer: Viewer, metric: str, where: Where, place: str) -> Kept | None:
    """The kept study of a metric at a place; None where there is none."""
    if metric not in WATCHED or not studied(where, place):
        return None
    return studies.find(viewer, KIND.name, Subject(metric, place))


def studied(where: Where, place: str) -> bool:
    """Whether studies are made of a place: of each platform, and of all together."""
    return bool(place) or not (where.accounts or where.platforms)


def scored(viewer: Viewer, metric: str, where: Where, *, now: datetime) -> Course:
    """Every day that is known, scored now."""
    from analytics.anomalies import score

    try:
        history = daily.daily(viewer, metric, where, now=now)
    except NotEnoughData as error:
        return Course(_nothing(), str(error))
    judged = score(history.values)
    if judged["expected"].isna().all():
        return Course(
            _nothing(),
            tr("Not enough days yet ({known} of {learn}) to know what is usual.", known=history.known, learn=LEARN),
        )
    frame = days(judged.assign(value=history.values).rename_axis("day").reset_index())
    return Course(frame, cautions=history.cautions)


def days(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with days as dates."""
    named = frame.assign(day=[stamp.date() for stamp in pd.to_datetime(frame["day"])])
    return named[list(COLUMNS)].astype({"is_anomaly": bool})


def _between(frame: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    inside = (frame["day"] >= first) & (frame["day"] <= last)
    return frame[inside].reset_index(drop=True)


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})
