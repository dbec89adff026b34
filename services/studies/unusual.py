"""Which days of the watched totals were not as expected, and which platform or account carried them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from analytics.anomalies import explain, score
from analytics.metrics.registry import METRICS
from core.errors import NotEnoughData
from core.metric import Adds
from core.viewer import Viewer
from services.studies import series
from services.studies.kind import Found, Kind, every_platform
from services.studies.packing import pack, plain
from services.studies.subject import Subject

WATCHED = ("views", "engagement", "followers", "followers_net", "link_clicks", "revenue")
SHOWN_DAYS = 400
"""So many days are kept: a year, and what lies around it."""
COMPARED_WEEKS = 4
"""A day is held against the same weekday of so many weeks before it."""


def subjects(viewer: Viewer) -> list[Subject]:
    """Each watched metric, of all platforms and of each."""
    return [Subject(metric, platform) for metric in WATCHED for platform in every_platform(viewer, metric)]


def compute(viewer: Viewer, subject: Subject, now: datetime) -> Found:
    """The days with what was expected of them, and for each unusual one who carried it."""
    history = series.daily(viewer, subject, now)
    judged = score(history)
    if judged["expected"].isna().all():
        raise NotEnoughData(f"{history.notna().sum()} days are known; more are needed to know what is usual.")
    shown = judged.assign(value=history).tail(SHOWN_DAYS)
    days = pd.DatetimeIndex(shown.index[shown["is_anomaly"]])
    told = _explained(viewer, subject, now, days) if len(days) else []
    return Found(series.newest(history), {"frame": pack(shown.rename_axis("day")), "days": told})


def _explained(viewer: Viewer, subject: Subject, now: datetime, days: pd.DatetimeIndex) -> list[dict[str, Any]]:
    """Who carried each day, largest part first; of a metric that does not add up nobody can say."""
    metric = METRICS[subject.metric]
    if metric.adds not in {Adds.FLOW, Adds.STOCK}:
        return [{"day": day.date().isoformat(), "sentence": "", "carried_by": []} for day in days]
    parts = series.parts(viewer, subject, now)
    told = []
    for day in days:
        weeks = [day - timedelta(weeks=back) for back in range(1, COMPARED_WEEKS + 1)]
        usual = parts.reindex(weeks).mean()
        made = explain(usual, parts.loc[day], name=metric.title)
        told.append({"day": day.date().isoformat(), "sentence": made.sentence, "carried_by": plain(made.carried_by)})
    return told


KIND = Kind("unusual", 1, timedelta(hours=2), subjects, compute)
