"""The price of the overview question, however much is stored."""

from __future__ import annotations

import statistics
import time
from datetime import date, datetime, timedelta

from analytics.metrics.registry import DIMENSIONS
from analytics.metrics.registry import METRICS as REGISTERED
from benchmarks import facts
from core.clock import UTC, epoch_ms, from_epoch_day
from core.question import By, Compare, Period, Question
from core.viewer import Viewer, owner
from services.ask import ask
from services.overview import METRICS
from storage import catalog
from storage.database import Database
from storage.tables import Account, Workspace


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


def filled(database: Database, size: int) -> tuple[Viewer, date, int]:
    """A store of about `size` facts, whose first workspace has ten accounts; its viewer, last day and size."""
    stored = facts.fill(database, size)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    with database.write() as connection:
        workspace = Workspace(id=1, name="Bench", time_zone="Europe/Berlin", created_at=epoch_ms(now))
        connection.execute(Workspace.__table__.insert().values(workspace.model_dump()))  # type: ignore[attr-defined]
        for number in range(1, facts.ACCOUNTS + 1):
            platform = ("instagram", "youtube", "x", "facebook", "linkedin")[number % 5]
            account = Account(
                workspace_id=1, id=number, platform=platform, external_id=str(number), name=f"Account {number}",
                created_at=epoch_ms(now),
            )  # fmt: skip
            connection.execute(Account.__table__.insert().values(account.model_dump()))  # type: ignore[attr-defined]
        catalog.write(connection, REGISTERED.values(), DIMENSIONS.values())
        last = int(connection.exec_driver_sql("SELECT max(day) FROM fact WHERE workspace_id = 1").scalar_one())
    return owner(1), from_epoch_day(last), stored
