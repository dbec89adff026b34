"""Where the watched totals are heading: 28 days ahead, with a report card."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from analytics.metrics.registry import METRICS
from core.errors import NotEnoughData
from core.metric import Adds
from services.studies import sayings
from services.studies.kind import Found, Kind, of_metrics
from services.studies.numbers import Numbers, newest
from services.studies.packing import pack, plain
from services.studies.subject import Subject

WATCHED = ("followers", "views", "engagement", "revenue")
HORIZON = 28
LEVEL = 0.95


def compute(numbers: Numbers, subject: Subject) -> Found:
    """A forecast of the finished days; NotEnoughData says what is missing."""
    from analytics.forecast import forecast

    history = numbers.daily(subject)
    is_stock = METRICS[subject.metric].adds is Adds.STOCK
    made = forecast(history, HORIZON, kind="stock" if is_stock else "flow", level=LEVEL)
    if made.frame.empty:
        raise NotEnoughData(sayings.TOO_FEW_TO_FORESEE.format(n=len(history)))
    values = {
        "frame": pack(made.frame.rename_axis("day")),
        "method": made.method,
        "backtest": plain(asdict(made.backtest)),
        "trusted": bool(made.trusted),
        "level": LEVEL,
        "last": plain(float(history.iloc[-1])),
    }
    return Found(newest(history), values)


KIND = Kind("forecast", 3, timedelta(hours=6), of_metrics(WATCHED), compute)
