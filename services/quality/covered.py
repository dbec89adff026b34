"""Which days of which metrics are known, and where they are not, why: one state for each day, never a 0 for unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analytics.metrics import registry
from core import clock
from core.kept import retold
from core.language import tr
from core.metric import Metric
from core.question import Period, Where
from core.records import GRAINS, State
from core.viewer import Right, Viewer
from services.ask.notes import account_title
from services.quality import scope
from storage import coverage, database, facts
from storage.database import Connection
from storage.entities import AccountRow

Codes = NDArray[np.int8]

MISSING, BEFORE = "missing", "before"
STATES = (
    MISSING,
    str(State.MEASURED),
    str(State.ESTIMATED),
    str(State.NOT_YET),
    str(State.NOT_OFFERED),
    str(State.FAILED),
    str(State.NOT_PERMITTED),
    BEFORE,
)
"""Every state of a day. `missing`: nothing is known although the metric is read; `before`: its reading begins later."""
_CODE = {state: code for code, state in enumerate(STATES)}
_WORST = (State.NOT_PERMITTED, State.FAILED, MISSING, State.ESTIMATED, State.MEASURED, State.NOT_YET, State.NOT_OFFERED)
KNOWN = (str(State.MEASURED), str(State.ESTIMATED))
LACKING = (str(State.NOT_PERMITTED), str(State.FAILED), MISSING)
"""Days that should be known, and are not."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """The state of every day: `codes` (accounts, metrics, days) are places in `STATES`; `valued` where there is a
    number; `marks` what was noted, as read from the store."""

    period: Period
    accounts: tuple[AccountRow, ...]
    metrics: tuple[Metric, ...]
    codes: Codes
    valued: NDArray[np.bool_]
    marks: pd.DataFrame

    def count(self, *states: str) -> NDArray[np.int64]:
        """How many days each metric of each account is in one of these states."""
        found: NDArray[np.int64] = np.isin(self.codes, [_CODE[one] for one in states]).sum(axis=2)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """Coverage of a period.

    `cells`: one row per account and metric that is read there: account_id, account, platform, metric, title, state (the
    one that matters most), share of the days that should be known (NaN where there are none), known, should, a count
    for each state, and reason. `by_account`: account_id, account, platform, known, should, share, gaps (metrics that
    lack a day). `spans`: stretches of days in one state: account_id, metric, title, first, last, state, reason.
    """

    period: Period
    cells: pd.DataFrame
    by_account: pd.DataFrame
    spans: pd.DataFrame
    known: int
    should: int

    @property
    def share(self) -> float | None:
        """The share of days known among those that should be; None where there are none."""
        return self.known / self.should if self.should else None


def covered(viewer: Viewer, period: Period, where: Where, *, now: datetime) -> Covered:
    """Coverage of every account and metric in a period."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        found = known(connection, viewer.workspace_id, period, where, now)
    cells = _cells(found)
    by_account = _by_account(cells)
    return Covered(found.period, cells, by_account, _spans(found, cells), int(cells["known"].sum()),
                   int(cells["should"].sum()))  # fmt: skip


def known(
    connection: Connection,
    workspace_id: int,
    period: Period,
    where: Where,
    now: datetime,
    metrics: tuple[Metric, ...] = scope.STORED,
) -> Known:
    """The state of every day of a period."""
    accounts = scope.accounts(connection, workspace_id, where)
    within = scope.past(connection, workspace_id, period, now)
    first, last = clock.epoch_day(within.first), clock.epoch_day(within.last)
    ids = [one.id for one in accounts]
    names = [one.id for one in metrics]
    marks = coverage.read(connection, workspace_id, ids, names, 0, last)
    found = facts.read(connection, workspace_id, metric_ids=names, grain=GRAINS["day"], dimension_id=0,
                       first_day=first, last_day=last, account_ids=ids)  # fmt: skip
    shape = (len(accounts), len(metrics), within.days)
    place = {account: at for at, account in enumerate(ids)}
    row = {metric: at for at, metric in enumerate(names)}
    valued = np.zeros(shape, bool)
    if len(found):
        valued[found["account_id"].map(place), found["metric_id"].map(row), found["day"] - first] = True
    codes = np.full(shape, _CODE[MISSING], np.int8)
    asked = np.full(shape[:2], last + 1, np.int64)
    seen = np.zeros(shape[:2], bool)
    for account, metric, begins, ends, state in zip(
        *(marks[name].tolist() for name in ("account_id", "metric_id", "from_day", "to_day", "state")), strict=True
    ):
        at = (place[account], row[metric])
        codes[(*at, slice(max(begins - first, 0), max(ends - first + 1, 0)))] = _CODE[state]
        seen[at] |= ends >= first
        if state != State.NOT_OFFERED:
            asked[at] = min(asked[at], begins)
    codes = _settle(codes, valued)
    _fill(codes, valued, asked, (accounts, metrics), within, now)
    codes[~(seen | valued.any(axis=2) | (asked <= last))] = _CODE[BEFORE]
    return Known(within, accounts, metrics, codes, valued, marks)


def _settle(codes: Codes, valued: NDArray[np.bool_]) -> Codes:
    """A number that is there is known, unless its day is still counted; a day noted as read without one is missing."""
    silent = np.isin(codes, [_CODE[MISSING], _CODE[str(State.NOT_OFFERED)], _CODE[str(State.FAILED)]])
    codes = np.where(valued & silent, _CODE[str(State.MEASURED)], codes).astype(np.int8)
    empty = ~valued & np.isin(codes, [_CODE[one] for one in KNOWN])
    return np.where(empty, _CODE[MISSING], codes).astype(np.int8)


def _fill(
    codes: Codes,
    valued: NDArray[np.bool_],
    asked: NDArray[np.int64],
    rows: tuple[tuple[AccountRow, ...], tuple[Metric, ...]],
    period: Period,
    now: datetime,
) -> None:
    """What was never noted: before reading began, not shown yet by the platform, or missing."""
    first = clock.epoch_day(period.first)
    days = first + np.arange(period.days)
    began = np.minimum(asked, np.where(valued.any(axis=2), first + valued.argmax(axis=2), asked))
    for at, account in enumerate(rows[0]):
        for row, metric in enumerate(rows[1]):
            blank = codes[at, row] == _CODE[MISSING]
            if blank.any() and began[at, row] <= days[-1]:
                shown = clock.epoch_day(scope.settled(account, metric.name, now))
                codes[at, row, blank & (days > shown)] = _CODE[str(State.NOT_YET)]
            codes[at, row, blank & (days < began[at, row])] = _CODE[BEFORE]


def _cells(found: Known) -> pd.DataFrame:
    counts = {state: found.count(state) for state in STATES}
    rows = [
        {
            "account_id": account.id,
            "account": account_title(account),
            "platform": account.platform,
            "metric": metric.name,
            "title": tr(metric.title),
            "state": next(str(one) for one in _WORST if counts[str(one)][at, row]),
            **{state: int(counts[state][at, row]) for state in STATES},
        }
        for at, account in enumerate(found.accounts)
        for row, metric in enumerate(found.metrics)
        if counts[BEFORE][at, row] < found.period.days
    ]
    columns = ["account_id", "account", "platform", "metric", "title", "state", *STATES]
    cells = pd.DataFrame(rows, columns=columns)
    cells["known"] = cells[list(KNOWN)].sum(axis=1)
    cells["should"] = cells["known"] + cells[list(LACKING)].sum(axis=1)
    cells["share"] = (cells["known"] / cells["should"].replace(0, np.nan)).astype(float)
    reasons = _reasons(found)
    cells["reason"] = [
        reasons.get((account, metric, state), "")
        for account, metric, state in zip(cells["account_id"], cells["metric"], cells["state"], strict=True)
    ]
    return cells


def _reasons(found: Known) -> dict[tuple[int, str, str], str]:
    """What was noted last for a state, inside the period."""
    first = clock.epoch_day(found.period.first)
    inside = found.marks[found.marks["to_day"] >= first]
    return {
        (account, registry.BY_ID[metric].name, state): retold(reason)
        for account, metric, state, reason in zip(
            *(inside[name].tolist() for name in ("account_id", "metric_id", "state", "reason")), strict=True
        )
        if reason
    }


def _by_account(cells: pd.DataFrame) -> pd.DataFrame:
    lacks = cells.assign(gap=(cells["should"] > cells["known"]).astype(int))
    found = lacks.groupby(["account_id", "account", "platform"], sort=False, as_index=False).agg(
        known=("known", "sum"), should=("should", "sum"), gaps=("gap", "sum"), metrics=("metric", "count")
    )
    found["share"] = (found["known"] / found["should"].replace(0, np.nan)).astype(float)
    return found


def _spans(found: Known, cells: pd.DataFrame) -> pd.DataFrame:
    place = {account.id: at for at, account in enumerate(found.accounts)}
    row = {metric.name: at for at, metric in enumerate(found.metrics)}
    noted = _noted(found)
    rows = [
        (account, metric, title, first, last, state, noted.get((account, metric, state, last), ""))
        for account, metric, title in zip(cells["account_id"], cells["metric"], cells["title"], strict=True)
        for first, last, state in _stretches(found.codes[place[account], row[metric]], found.period.first)
    ]
    return pd.DataFrame(rows, columns=["account_id", "metric", "title", "first", "last", "state", "reason"])


def _noted(found: Known) -> dict[tuple[int, str, str, date], str]:
    """The reason noted for a state at the last day of each stretch."""
    last = clock.epoch_day(found.period.last)
    names = ("account_id", "metric_id", "state", "to_day", "reason")
    return {
        (account, registry.BY_ID[metric].name, state, clock.from_epoch_day(min(day, last))): retold(reason)
        for account, metric, state, day, reason in zip(*(found.marks[name].tolist() for name in names), strict=True)
    }


def _stretches(codes: Codes, first: date) -> Iterator[tuple[date, date, str]]:
    """Days in a row that are in one state; those before reading began are left out."""
    starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]])
    ends = np.r_[starts[1:] - 1, len(codes) - 1]
    begun = clock.epoch_day(first)
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if STATES[codes[start]] != BEFORE:
            yield clock.from_epoch_day(begun + start), clock.from_epoch_day(begun + end), STATES[codes[start]]
