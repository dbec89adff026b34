"""Which days of the watched totals were not as expected, and which platform or account carried them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd

from analytics.metrics.registry import METRICS
from core.errors import NotEnoughData
from core.metric import Adds
from services.studies import sayings
from services.studies.kind import Found, Kind, of_metrics
from services.studies.numbers import Numbers, newest
from services.studies.packing import pack, plain
from services.studies.subject import Subject

WATCHED = ("views", "engagement", "followers", "followers_net", "link_clicks", "revenue")
SHOWN_DAYS = 400
"""So many days are kept: a year, and what lies around it."""
COMPARED_WEEKS = 4
"""A day is held against the same weekday of so many weeks before it."""


def compute(numbers: Numbers, subject: Subject) -> Found:
    """The days with what was expected of them, and for each unusual one who carried it."""
    from analytics.anomalies import score

    history = numbers.daily(subject)
    judged = score(history)
    if judged["expected"].isna().all():
        raise NotEnoughData(sayings.TOO_FEW_TO_JUDGE.format(n=history.notna().sum()))
    shown = judged.assign(value=history).tail(SHOWN_DAYS)
    told = [
        {
            "day": pd.Timestamp(str(day)).date().isoformat(),
            **{name: plain(row[name]) for name in ("value", "expected", "lower", "upper", "score")},
            **_carried(numbers, subject, pd.Timestamp(str(day))),
        }
        for day, row in shown[shown["is_anomaly"]].iterrows()
    ]
    return Found(newest(history), {"frame": pack(shown.rename_axis("day")), "days": told})


def _carried(numbers: Numbers, subject: Subject, day: pd.Timestamp) -> dict[str, Any]:
    """Who carried a day, largest part first; of a metric that does not add up nobody can say."""
    from analytics.anomalies import explain

    metric = METRICS[subject.metric]
    if metric.adds not in {Adds.FLOW, Adds.STOCK}:
        return {"sentence": "", "carried_by": [], "parts": None}
    parts = numbers.parts(subject)
    usual = parts.reindex([day - timedelta(weeks=back) for back in range(1, COMPARED_WEEKS + 1)]).mean()
    made = explain(usual, parts.loc[day], name=metric.title)
    shares = pack(made.parts[["before", "after", "contribution", "share"]].rename_axis("part"))
    return {"sentence": made.sentence, "carried_by": plain(made.carried_by), "parts": shares}


KIND = Kind("unusual", 3, timedelta(hours=2), of_metrics(WATCHED), compute)
