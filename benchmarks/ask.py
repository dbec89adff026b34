"""The price of the overview question, however much is stored."""

from __future__ import annotations

import statistics
import time
from datetime import date, datetime, timedelta

from core.clock import UTC
from core.question import By, Compare, Period, Question
from core.viewer import Viewer
from services.ask import ask
from services.overview import METRICS


def overview_question(last: date) -> Question:
    """The 8 metrics of the overview for 30 days: total, by day, beside the 30 days before."""
    return Question(METRICS, Period(last - timedelta(days=29), last), By.DAY, compare=Compare.PREVIOUS)


def time_overview(viewer: Viewer, last: date, *, times: int = 20) -> float:
    """Median milliseconds of the overview question of a viewer's workspace in the current database, warm."""
    question = overview_question(last)
    now = datetime(last.year, last.month, last.day, 12, tzinfo=UTC) + timedelta(days=1)
    took = []
    for _ in range(times + 3):
        begun = time.perf_counter()
        ask(viewer, question, now=now)
        took.append((time.perf_counter() - begun) * 1000)
    return statistics.median(took[3:])
