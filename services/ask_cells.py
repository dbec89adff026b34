"""Stored facts as arrays: one row per series (an account, or a member of a dimension on one), one column per day.

One read of the fact table per stretch of days, for all metrics of the question together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pandas as pd

from analytics.metrics import registry
from analytics.metrics.arithmetic import CARRY_DAYS, Codes, Floats
from core import clock
from core.metric import Adds, Metric
from core.question import By, Period
from core.records import GRAINS, State
from services import calendar
from services.ask_scope import Scope
from storage import coverage, facts
from storage.database import Connection

RANK = {
    State.MEASURED: 1,
    State.ESTIMATED: 2,
    State.NOT_OFFERED: 3,
    State.NOT_YET: 4,
    State.FAILED: 5,
    State.NOT_PERMITTED: 6,
}
"""How much each state tells; 0 is: never asked. Of several, the highest one is shown."""

Stretch = tuple[int, int]
"""First and last column of some days of a period."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One side of a comparison: values `(series, lead + columns)`, states `(accounts, columns)` by stored metric.

    The first `lead` columns lie before the period, for levels last seen there. `exact` holds unique counts stored for
    whole stretches of days, one per series.
    """

    period: Period
    lead: int
    values: Mapping[str, Floats]
    states: Mapping[str, Codes]
    per_day: int = 1
    exact: Mapping[Stretch, Mapping[str, Floats]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Columns inside the period."""
        return self.period.days * self.per_day


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Everything read for a question. `account` and `member` name each series: place of the account, id of the member.

    `observed` says when a metric was last observed on a platform, in ms; `reasons` why an account lacks a metric.
    """

    account: Codes
    member: Codes
    now: Side
    past: Side | None
    observed: Mapping[tuple[str, str], int]
    reasons: Mapping[tuple[int, str], str]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What to read: the stored metrics, the accounts by id, and how."""

    connection: Connection
    scope: Scope
    metrics: tuple[Metric, ...]
    ids: Codes
    hourly: bool
    lead: int

    @property
    def per_day(self) -> int:
        return 24 if self.hourly else 1

    def read(self, metrics: Sequence[Metric], grain: str, first: int, last: int) -> pd.DataFrame:
        """Facts of some metrics, with `series`: the key that names account and member."""
        asked = self.scope.question
        moment = None if asked.as_of is None else clock.epoch_ms(self.scope.moment)
        found = facts.read(
            self.connection,
            self.scope.workspace.id,
            metric_ids=[metric.id for metric in metrics],
            grain=GRAINS[grain],
            dimension_id=self.scope.dimension.id,
            first_day=first,
            last_day=last,
            account_ids=self.ids.tolist(),
            member_ids=list(self.scope.members) if asked.where.members else None,
            as_of_ms=moment,
        )
        places = np.searchsorted(self.ids, found["account_id"].to_numpy())
        found["series"] = (places << 32) | found["member_id"].to_numpy()
        return found


def read(connection: Connection, scope: Scope, period: Period, past: Period | None, *, by: By | None = None) -> Cells:
    """Read the facts of a question for a period and the one it is compared with; with `by` hour, hourly facts."""
    plan = _plan(connection, scope, by)
    sides = [period, past] if past else [period]
    whole = [_grain_rows(plan, first, last) for first, last in _stretches(sides, plan.lead)]
    wider = [_wider(plan, one, by if index == 0 else None) for index, one in enumerate(sides)]
    every = [*whole, *(rows for grains in wider for rows in grains)]
    keys = _series(plan, every)
    marks = _marks(plan, sides)
    made = [_side(plan, one, keys, whole, grains, marks) for one, grains in zip(sides, wider, strict=True)]
    place = _places(scope, plan.ids)
    return Cells(
        account=place[keys >> 32],
        member=keys & 0xFFFFFFFF,
        now=made[0],
        past=made[1] if past else None,
        observed=_observed(plan, every, place),
        reasons=_reasons(marks),
    )


def _plan(connection: Connection, scope: Scope, by: By | None) -> _Plan:
    names = dict.fromkeys(name for metric in scope.metrics for name in registry.expand(metric.name))
    metrics = tuple(registry.METRICS[name] for name in names)
    ids = np.array(sorted(account.id for account in scope.accounts), np.int64)
    hourly = by in calendar.HOURLY
    has_levels = any(metric.adds is Adds.STOCK for metric in metrics)
    return _Plan(connection, scope, metrics, ids, hourly, CARRY_DAYS if has_levels and not hourly else 0)


def _places(scope: Scope, ids: Codes) -> Codes:
    """Where each account, by rising id, stands in the scope."""
    standing = {account.id: place for place, account in enumerate(scope.accounts)}
    return np.array([standing[int(one)] for one in ids], np.int64)


def _stretches(sides: list[Period], lead: int) -> list[Stretch]:
    """Days to read; two periods that lie close together are read in one go."""
    spans = sorted((clock.epoch_day(one.first), clock.epoch_day(one.last)) for one in sides)
    merged = [spans[0]]
    for first, last in spans[1:]:
        if first - merged[-1][1] <= lead + 7:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _grain_rows(plan: _Plan, first: int, last: int) -> pd.DataFrame:
    if plan.hourly:
        return plan.read(plan.metrics, "hour", first * 24, last * 24 + 23)
    found = plan.read(plan.metrics, "day", first, last)
    if not plan.lead:
        return found
    levels = [metric for metric in plan.metrics if metric.adds is Adds.STOCK]
    return pd.concat([found, plan.read(levels, "day", first - plan.lead, first - 1)], ignore_index=True)


def _wider(plan: _Plan, period: Period, by: By | None) -> list[pd.DataFrame]:
    """Unique counts stored for exactly the period, or for exactly its buckets; `stretch` names their columns."""
    unique = [metric for metric in plan.metrics if metric.adds is Adds.UNIQUE]
    if plan.hourly or not unique:
        return []
    wanted: dict[str, dict[int, Stretch]] = {}
    for stretch in dict.fromkeys([(0, period.days - 1), *_bucket_stretches(period, by, plan.scope)]):
        days = Period(period.first + timedelta(days=stretch[0]), period.first + timedelta(days=stretch[1]))
        for grain, day in calendar.stored_grains(days, plan.scope.workspace.week_start):
            wanted.setdefault(grain, {})[day] = stretch
    found = []
    for grain, days_of in wanted.items():
        rows = plan.read(unique, grain, min(days_of), max(days_of))
        rows = rows[rows["day"].isin(list(days_of))]
        found.append(rows.assign(stretch=[days_of[day] for day in rows["day"]]))
    return found


def _bucket_stretches(period: Period, by: By | None, scope: Scope) -> list[Stretch]:
    if by not in (By.WEEK, By.MONTH):
        return []
    made = calendar.buckets(period, by, scope.workspace.week_start)
    starts = np.searchsorted(made.codes, np.arange(made.n), side="left")
    ends = np.searchsorted(made.codes, np.arange(made.n), side="right") - 1
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def _series(plan: _Plan, every: list[pd.DataFrame]) -> Codes:
    if plan.scope.dimension.id == 0:
        return np.arange(len(plan.ids), dtype=np.int64) << 32
    return np.unique(np.concatenate([rows["series"].to_numpy(np.int64) for rows in every]))


def _side(
    plan: _Plan,
    period: Period,
    keys: Codes,
    whole: list[pd.DataFrame],
    wider: list[pd.DataFrame],
    marks: pd.DataFrame,
) -> Side:
    start = clock.epoch_day(period.first) * plan.per_day - plan.lead
    width = period.days * plan.per_day + plan.lead
    block = np.full((len(plan.metrics), len(keys), width), np.nan)
    for rows in whole:
        columns = rows["day"].to_numpy() - start
        _fill(plan, block, keys, rows, columns)
    exact: dict[Stretch, dict[str, Floats]] = {}
    for rows in wider:
        for stretch, some in rows.groupby("stretch"):
            held = np.full((len(plan.metrics), len(keys), 1), np.nan)
            _fill(plan, held, keys, some, np.zeros(len(some), np.int64))
            exact[stretch] = {metric.name: held[at, :, 0] for at, metric in enumerate(plan.metrics)}
    values = {metric.name: block[at] for at, metric in enumerate(plan.metrics)}
    return Side(period, plan.lead, values, _states(plan, period, marks), plan.per_day, exact)


def _fill(plan: _Plan, block: Floats, keys: Codes, rows: pd.DataFrame, columns: Codes) -> None:
    place = np.full(max(metric.id for metric in plan.metrics) + 1, -1)
    place[[metric.id for metric in plan.metrics]] = np.arange(len(plan.metrics))
    inside = (columns >= 0) & (columns < block.shape[2])
    at = (
        place[rows["metric_id"].to_numpy()[inside]],
        np.searchsorted(keys, rows["series"].to_numpy()[inside]),
        columns[inside],
    )
    block[at] = rows["value"].to_numpy()[inside]


def _marks(plan: _Plan, sides: list[Period]) -> pd.DataFrame:
    """Coverage of both periods, with the account's place in the scope and the metric's name."""
    found = coverage.read(
        plan.connection,
        plan.scope.workspace.id,
        plan.ids.tolist(),
        [metric.id for metric in plan.metrics],
        min(one.first for one in sides),
        max(one.last for one in sides),
    )
    found["place"] = _places(plan.scope, plan.ids)[np.searchsorted(plan.ids, found["account_id"].to_numpy())]
    return found


def _states(plan: _Plan, period: Period, marks: pd.DataFrame) -> dict[str, Codes]:
    start = clock.epoch_day(period.first)
    states = {metric.name: np.zeros((len(plan.ids), period.days), np.int64) for metric in plan.metrics}
    for at, account in enumerate(plan.scope.accounts):
        for metric in plan.metrics:
            if account.platform not in metric.platforms:
                states[metric.name][at] = RANK[State.NOT_OFFERED]
    rows = zip(marks["place"], marks["metric_id"], marks["from_day"], marks["to_day"], marks["state"], strict=True)
    for place, metric_id, first, last, state in rows:
        held = states[registry.BY_ID[metric_id].name]
        held[place, max(first - start, 0) : max(last - start + 1, 0)] = RANK[State(state)]
    if plan.hourly:
        return {name: np.repeat(held, 24, axis=1) for name, held in states.items()}
    return states


def _observed(plan: _Plan, every: list[pd.DataFrame], place: Codes) -> dict[tuple[str, str], int]:
    """The newest observation of each metric on each platform."""
    platforms = plan.scope.platforms
    code = {platform: index for index, platform in enumerate(platforms)}
    of_account = np.array([code[plan.scope.accounts[int(at)].platform] for at in place], np.int64)
    latest = np.zeros((max(registry.BY_ID) + 1, len(platforms)), np.int64)
    for rows in every:
        pair = (rows["metric_id"].to_numpy(), of_account[rows["series"].to_numpy() >> 32])
        np.maximum.at(latest, pair, rows["observed_at"].to_numpy())
    return {
        (metric.name, platform): int(latest[metric.id, at])
        for metric in plan.metrics
        for platform, at in code.items()
        if latest[metric.id, at]
    }


def _reasons(marks: pd.DataFrame) -> dict[tuple[int, str], str]:
    rows = zip(marks["place"], marks["metric_id"], marks["state"], marks["reason"], strict=True)
    return {
        (int(place), registry.BY_ID[metric_id].name): reason
        for place, metric_id, state, reason in rows
        if reason and state != State.MEASURED
    }
