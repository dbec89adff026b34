"""How reading goes: how often it succeeds and how long it takes, per connection, over the last thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from core import clock
from core.kept import retold
from core.language import tr
from core.question import Where
from core.viewer import Right, Viewer
from services.connecting import platforms
from services.quality import scope
from services.sync.reporting import REHEARSAL
from storage import connections, database, quality, runs, workspaces
from storage.connections import ConnectionRow
from storage.quality import RunShort
from storage.runs import RunRow

DAYS = 30
ENDED = ("ok", "partial", "failed", "resting", "interrupted")
"""How a run can end. Only the first three say something of the platform and us: a rest is meant, and a cut is a stop of
the program."""
_COUNTED = ("ok", "partial", "failed")
_LOGGED = 30


@dataclass(frozen=True, slots=True)
class Pace:
    """How a connection was read: runs by outcome; `success` is the share of full ones among those that ended full, in
    part or failed, None without any. `typical_s` and `slow_s` are the median and the 95th percentile of how long a run
    took, `per_request_s` the median of a run's time over its requests; None where nothing was timed."""

    id: int
    platform: str
    title: str
    name: str
    outcomes: tuple[int, ...]
    success: float | None
    typical_s: float | None
    slow_s: float | None
    per_request_s: float | None
    requests: int
    rehearsed: int

    @property
    def runs(self) -> int:
        """How many ended."""
        return sum(self.outcomes)


@dataclass(frozen=True, slots=True, eq=False)
class Paces:
    """Every connection. `days`: one row per connection, day and outcome: id, title, day, outcome, runs. `times`: one
    row per connection and day: id, title, day, seconds (median), runs."""

    connections: tuple[Pace, ...]
    days: pd.DataFrame
    times: pd.DataFrame
    since: datetime

    @property
    def rehearsed(self) -> int:
        """How many runs were rehearsed for the demo: they count, but were not timed."""
        return sum(one.rehearsed for one in self.connections)


def paces(viewer: Viewer, where: Where, *, now: datetime) -> Paces:
    """How the connections inside the filters were read."""
    viewer.require(Right.READ)
    since = now - timedelta(days=DAYS)
    with database.current().read() as connection:
        accounts = scope.accounts(connection, viewer.workspace_id, where)
        mine = {one.connection_id for one in accounts}
        asked = bool(where.platforms or where.accounts)
        rows = [row for row in connections.list_all(connection, viewer.workspace_id)
                if row.state != "disconnected" and (row.id in mine or not asked)]  # fmt: skip
        zone = workspaces.get(connection, viewer.workspace_id).time_zone
        every = quality.runs_since(connection, viewer.workspace_id, clock.epoch_ms(since))
    ended = [run for run in every if run.outcome in ENDED]
    made = tuple(_pace(row, [run for run in ended if run.connection_id == row.id]) for row in rows)
    titles = {one.id: _title(one, made) for one in made}
    days, times = _frames([run for run in ended if run.connection_id in titles], titles, zone)
    return Paces(made, days, times, since)


def _title(one: Pace, every: Sequence[Pace]) -> str:
    """The platform, with the connection's name where there are several of it."""
    return one.title if [other.title for other in every].count(one.title) == 1 else f"{one.title} · {one.name}"


def _seconds(run: RunShort) -> float:
    """How long a run took; NaN where that says nothing: a rehearsal ran at another time than it stands for."""
    if run.finished_at is None or run.trigger == REHEARSAL:
        return float("nan")
    return max(run.finished_at - run.started_at, 0) / 1000


def _pace(row: ConnectionRow, mine: list[RunShort]) -> Pace:
    outcomes = tuple(sum(run.outcome == one for run in mine) for one in ENDED)
    counted = sum(number for one, number in zip(ENDED, outcomes, strict=True) if one in _COUNTED)
    took = np.array([_seconds(run) for run in mine], float)
    requests = np.array([run.requests for run in mine], float)
    timed = ~np.isnan(took)
    each = took[timed & (requests > 0)] / requests[timed & (requests > 0)]
    return Pace(
        id=row.id,
        platform=row.platform,
        title=platforms.title(row.platform),
        name=row.name,
        outcomes=outcomes,
        success=outcomes[0] / counted if counted else None,
        typical_s=float(np.median(took[timed])) if timed.any() else None,
        slow_s=float(np.quantile(took[timed], 0.95)) if timed.any() else None,
        per_request_s=float(np.median(each)) if len(each) else None,
        requests=int(requests.sum()),
        rehearsed=sum(run.trigger == REHEARSAL for run in mine),
    )


def _frames(every: list[RunShort], titles: dict[int, str], zone: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = pd.DataFrame(
        {
            "id": [run.connection_id for run in every],
            "day": [clock.local_day(clock.from_epoch_ms(run.started_at), zone) for run in every],
            "outcome": [run.outcome for run in every],
            "seconds": np.array([_seconds(run) for run in every], float),
        }
    )
    days = table.groupby(["id", "day", "outcome"], as_index=False, sort=True).size().rename(columns={"size": "runs"})
    timed = table[table["seconds"].notna()].groupby(["id", "day"], as_index=False, sort=True)
    times = timed.agg(seconds=("seconds", "median"), runs=("seconds", "size"))
    return days.assign(title=days["id"].map(titles)), times.assign(title=times["id"].map(titles))


@dataclass(frozen=True, slots=True)
class RunLog:
    """One run with its streams: rows are account, title, state, reason and hint, rows new or changed, notes."""

    id: int
    title: str
    trigger: str
    outcome: str
    began: datetime
    took_s: float | None
    rows: int
    requests: int
    said: str
    streams: tuple[tuple[str, str, str, str, int, str], ...]


def latest(viewer: Viewer, where: Where, *, now: datetime) -> tuple[RunLog, ...]:
    """The last runs of the connections inside the filters, newest first."""
    viewer.require(Right.READ)
    titles = {one.id: one.title for one in paces(viewer, where, now=now).connections}
    with database.current().read() as connection:
        found = runs.newest(connection, viewer.workspace_id, limit=_LOGGED * 2)
    return tuple(_log(run, titles[run.connection_id]) for run in found if run.connection_id in titles)[:_LOGGED]


def _log(run: RunRow, title: str) -> RunLog:
    timed = run.finished_at is not None and run.trigger != REHEARSAL
    return RunLog(
        id=run.id,
        title=title,
        trigger=run.trigger,
        outcome=run.outcome,
        began=clock.from_epoch_ms(run.started_at),
        took_s=max((run.finished_at or 0) - run.started_at, 0) / 1000 if timed else None,
        rows=run.facts + run.posts + run.readings + run.comments,
        requests=run.requests,
        said=f"{retold(run.reason)} {retold(run.hint)}".strip(),
        streams=tuple(
            (
                str(entry["account"]),
                tr(str(entry["title"])),
                str(entry["state"]),
                f"{retold(entry['reason'])} {retold(entry['hint'])}".strip(),
                sum(int(entry.get(name, 0)) for name in ("facts", "posts", "readings", "comments")),
                " ".join(retold(str(note)) for note in entry.get("notes", ())),
            )
            for entry in run.streams.values()
        ),
    )
