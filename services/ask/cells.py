"""Stored facts as arrays: one row per series (an account, or a member of a dimension on one), one column per day.

One read of the fact table per stretch of days, for all metrics of the question together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from analytics.metrics import registry
from analytics.metrics.levels import CARRY_DAYS, Bools, Codes, Floats
from core import clock
from core.metric import Adds, Metric
from core.question import By, Period
from core.records import GRAINS, State
from services.ask.scope import Scope, ingredients
from services.words import calendar
from storage import coverage, facts
from storage.database import Connection

RANK = {
    State.NOT_OFFERED: 1,
    State.MEASURED: 2,
    State.ESTIMATED: 3,
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
class _Rows:
    """Facts as read, one entry each; `series` names account and member. With `stretch`, days of a wider grain."""

    metric: Codes
    day: Codes
    series: Codes
    value: Floats
    observed: Codes
    stretch: Stretch | None = None

    def only(self, inside: Bools, stretch: Stretch) -> _Rows:
        """The entries of a stretch of days."""
        return _Rows(
            self.metric[inside],
            self.day[inside],
            self.series[inside],
            self.value[inside],
            self.observed[inside],
            stretch,
        )


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

    def read(self, metrics: Sequence[Metric], grain: str, first: int, last: int) -> _Rows:
        """Facts of some metrics."""
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
        names = ("metric_id", "day", "account_id", "member_id", "value", "observed_at")
        metric, day, account, member, value, observed = (found[name].to_numpy() for name in names)
        return _Rows(metric, day, (np.searchsorted(self.ids, account) << 32) | member, value, observed)


def read(connection: Connection, scope: Scope, *, by: By | None = None) -> Cells:
    """Read the facts of a question for its period and the one it is compared with; with `by` hour, hourly facts."""
    plan = _plan(connection, scope, by)
    period, past = scope.period, scope.past
    sides = [period, past] if past else [period]
    whole = [rows for first, last in _stretches(sides, plan.lead) for rows in _grain_rows(plan, first, last)]
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
    names = dict.fromkeys(name for metric in scope.metrics for name in ingredients(metric, scope))
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


def _grain_rows(plan: _Plan, first: int, last: int) -> list[_Rows]:
    if plan.hourly:
        return [plan.read(plan.metrics, "hour", first * 24, last * 24 + 23)]
    found = [plan.read(plan.metrics, "day", first, last)]
    if plan.lead:
        levels = [metric for metric in plan.metrics if metric.adds is Adds.STOCK]
        found.append(plan.read(levels, "day", first - plan.lead, first - 1))
    return found


def _wider(plan: _Plan, period: Period, by: By | None) -> list[_Rows]:
    """Unique counts stored for exactly the period, or for exactly its buckets."""
    unique = [metric for metric in plan.metrics if metric.adds is Adds.UNIQUE]
    if plan.hourly or not unique:
        return []
    wanted: dict[str, list[tuple[int, Stretch]]] = {}
    for stretch in dict.fromkeys([(0, period.days - 1), *_bucket_stretches(period, by, plan.scope)]):
        days = Period(period.first + timedelta(days=stretch[0]), period.first + timedelta(days=stretch[1]))
        for grain, day in calendar.stored_grains(days, plan.scope.workspace.week_start):
            wanted.setdefault(grain, []).append((day, stretch))
    found = []
    for grain, days_of in wanted.items():
        rows = plan.read(unique, grain, min(days_of)[0], max(days_of)[0])
        found += [rows.only(rows.day == day, stretch) for day, stretch in days_of]
    return [rows for rows in found if len(rows.day)]


def _bucket_stretches(period: Period, by: By | None, scope: Scope) -> list[Stretch]:
    if by not in (By.WEEK, By.MONTH):
        return []
    made = calendar.buckets(period, by, scope.workspace.week_start)
    starts = np.searchsorted(made.codes, np.arange(made.n), side="left")
    ends = np.searchsorted(made.codes, np.arange(made.n), side="right") - 1
    return [(int(start), int(end)) for start, end in zip(starts, ends, strict=True)]


def _series(plan: _Plan, every: list[_Rows]) -> Codes:
    if plan.scope.dimension.id == 0:
        return np.arange(len(plan.ids), dtype=np.int64) << 32
    return np.unique(np.concatenate([rows.series for rows in every]))


def _side(plan: _Plan, period: Period, keys: Codes, whole: list[_Rows], wider: list[_Rows], marks: list[_Mark]) -> Side:
    start = clock.epoch_day(period.first) * plan.per_day - plan.lead
    width = period.days * plan.per_day + plan.lead
    block = np.full((len(plan.metrics), len(keys), width), np.nan)
    for rows in whole:
        _fill(plan, block, keys, rows, rows.day - start)
    exact: dict[Stretch, dict[str, Floats]] = {}
    for rows in wider:
        held = np.full((len(plan.metrics), len(keys), 1), np.nan)
        _fill(plan, held, keys, rows, np.zeros_like(rows.day))
        some = exact.setdefault(rows.stretch or (0, 0), {})
        some |= {metric.name: held[at, :, 0] for at, metric in enumerate(plan.metrics) if metric.name not in some}
    values = {metric.name: block[at] for at, metric in enumerate(plan.metrics)}
    return Side(period, plan.lead, values, _states(plan, period, marks), plan.per_day, exact)


def _fill(plan: _Plan, block: Floats, keys: Codes, rows: _Rows, columns: Codes) -> None:
    place = np.full(max(metric.id for metric in plan.metrics) + 1, -1)
    place[[metric.id for metric in plan.metrics]] = np.arange(len(plan.metrics))
    inside = (columns >= 0) & (columns < block.shape[2])
    at = (place[rows.metric[inside]], np.searchsorted(keys, rows.series[inside]), columns[inside])
    block[at] = rows.value[inside]


@dataclass(frozen=True, slots=True)
class _Mark:
    """A range of days of one metric of one account, in one state."""

    place: int
    metric: str
    first: int
    last: int
    state: State
    reason: str


def _marks(plan: _Plan, sides: list[Period]) -> list[_Mark]:
    found = coverage.read(
        plan.connection,
        plan.scope.workspace.id,
        plan.ids.tolist(),
        [metric.id for metric in plan.metrics],
        min(one.first for one in sides),
        max(one.last for one in sides),
    )
    place = {account.id: at for at, account in enumerate(plan.scope.accounts)}
    names = ("account_id", "metric_id", "from_day", "to_day", "state", "reason")
    rows = zip(*(found[name].tolist() for name in names), strict=True)
    return [
        _Mark(place[account], registry.BY_ID[metric].name, first, last, State(state), reason)
        for account, metric, first, last, state, reason in rows
    ]


def _states(plan: _Plan, period: Period, marks: list[_Mark]) -> dict[str, Codes]:
    start = clock.epoch_day(period.first)
    platforms = [account.platform for account in plan.scope.accounts]
    states = {}
    for metric in plan.metrics:
        unlisted = [0 if registry.offered(metric.name, one) else RANK[State.NOT_OFFERED] for one in platforms]
        states[metric.name] = np.repeat(np.array(unlisted, np.int64)[:, None], period.days, axis=1)
    for mark in marks:
        columns = slice(max(mark.first - start, 0), max(mark.last - start + 1, 0))
        states[mark.metric][mark.place, columns] = RANK[mark.state]
    if plan.hourly:
        return {name: np.repeat(held, 24, axis=1) for name, held in states.items()}
    return states


def _observed(plan: _Plan, every: list[_Rows], place: Codes) -> dict[tuple[str, str], int]:
    """The newest observation of each metric on each platform."""
    platforms = plan.scope.platforms
    code = {platform: index for index, platform in enumerate(platforms)}
    of_account = np.array([code[plan.scope.accounts[int(at)].platform] for at in place], np.int64)
    latest = np.zeros((max(registry.BY_ID) + 1, len(platforms)), np.int64)
    for rows in every:
        np.maximum.at(latest, (rows.metric, of_account[rows.series >> 32]), rows.observed)
    return {
        (metric.name, platform): int(latest[metric.id, at])
        for metric in plan.metrics
        for platform, at in code.items()
        if latest[metric.id, at]
    }


def _reasons(marks: list[_Mark]) -> dict[tuple[int, str], str]:
    return {
        (mark.place, mark.metric): mark.reason for mark in marks if mark.reason and mark.state is not State.MEASURED
    }
