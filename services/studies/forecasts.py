"""Where the watched totals are heading: 28 days ahead, with a report card."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from analytics.forecast import forecast
from analytics.metrics.registry import METRICS
from core.errors import NotEnoughData
from core.metric import Adds
from core.viewer import Viewer
from services.studies import series
from services.studies.kind import Found, Kind, every_platform
from services.studies.packing import pack, plain
from services.studies.subject import Subject

WATCHED = ("followers", "views", "engagement", "revenue")
HORIZON = 28
LEVEL = 0.95


def subjects(viewer: Viewer) -> list[Subject]:
    """Each watched metric, of all platforms and of each."""
    return [Subject(metric, platform) for metric in WATCHED for platform in every_platform(viewer, metric)]


def compute(viewer: Viewer, subject: Subject, now: datetime) -> Found:
    """A forecast of the finished days; NotEnoughData says what is missing."""
    history = series.daily(viewer, subject, now)
    is_stock = METRICS[subject.metric].adds is Adds.STOCK
    made = forecast(history, HORIZON, kind="stock" if is_stock else "flow", level=LEVEL)
    if made.frame.empty:
        raise NotEnoughData(f"{len(history)} days are known; a forecast needs more.")
    values = {
        "frame": pack(made.frame.rename_axis("day")),
        "method": made.method,
        "backtest": plain(asdict(made.backtest)),
        "trusted": bool(made.trusted),
        "level": LEVEL,
    }
    return Found(series.newest(history), values)


KIND = Kind("forecast", 1, timedelta(hours=6), subjects, compute)
