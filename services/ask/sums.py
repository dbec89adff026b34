"""One metric of a question, folded: over the period, over its buckets, and beside the period it is compared with.

Two periods are compared like for like: on the days that are over, and only where both periods have data - account by
account, day by day. What that leaves out is said in a note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analytics.metrics import definitions, registry
from analytics.metrics.arithmetic import Folded, Parts, Shape, fold, parts
from analytics.metrics.levels import Bools, Codes, Floats
from core import clock
from core.metric import Adds, Metric
from core.question import Period
from core.records import State
from services.ask.cells import RANK, Cells, Side
from services.ask.scope import Scope, ingredients
from services.words import calendar

NOT_OFFERED, NOT_YET = RANK[State.NOT_OFFERED], RANK[State.NOT_YET]
_READ = (RANK[State.MEASURED], RANK[State.ESTIMATED])


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The rows of an answer: the group of each series, and what each group is called."""

    codes: Codes
    keys: tuple[str, ...]
    titles: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many groups there are."""
        return len(self.keys)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What all metrics of a question share: cells, currencies, and how far days are over.

    `counted` tells for each counter on which accounts it belongs to engagement, `counts` the same for each series.
    `closed` is how many columns of the period are over in each account's zone. `beside` names, for each column of the
    past, the column of the period it stands beside (-1: none); `paired` says that every day has its partner.
    `platforms` tells which series belong to a platform.
    """

    scope: Scope
    cells: Cells
    counted: dict[str, Bools]
    counts: dict[str, Bools]
    currency: Codes
    closed: Codes
    beside: Codes
    paired: bool
    platforms: dict[str, Bools]


def setting(scope: Scope, cells: Cells) -> Setting:
    """What all metrics of a question share."""
    accounts = scope.accounts
    currencies = [account.currency or scope.workspace.currency for account in accounts]
    code = {currency: at for at, currency in enumerate(dict.fromkeys(currencies))}
    side, counted = cells.now, _counted(scope)
    asked, past = scope.question, cells.past.period if cells.past else None
    return Setting(
        scope,
        cells,
        counted,
        {name: rows[cells.account] for name, rows in counted.items()},
        np.array([code[currency] for currency in currencies], np.int64)[cells.account],
        np.array([_closed(scope, account.time_zone, side) for account in accounts], np.int64),
        _beside(scope, side, past),
        past is not None and past.days == asked.period.days,
        {
            platform: np.array([account.platform == platform for account in accounts], bool)[cells.account]
            for platform in scope.platforms
        },
    )


def _counted(scope: Scope) -> dict[str, Bools]:
    terms = [definitions.terms(scope.definition, account.platform) for account in scope.accounts]
    names = registry.METRICS["engagement"].terms
    return {name: np.array([name in some for some in terms], bool) for name in names}


def _closed(scope: Scope, zone: str, side: Side) -> int:
    local = scope.moment.astimezone(clock.zone(zone))
    whole_days = (local.date() - side.period.first).days
    over = whole_days * side.per_day + (local.hour if side.per_day > 1 else 0)
    return min(max(over, 0), side.n)


def _beside(scope: Scope, side: Side, past: Period | None) -> Codes:
    if past is None:
        return np.zeros(0, np.int64)
    asked = scope.question
    days = calendar.positions(asked.period, past, asked.compare, match_weekday=asked.match_weekday)
    days[days >= side.period.days] = -1
    if side.per_day == 1:
        return days
    hours = days[:, None] * side.per_day + np.arange(side.per_day)
    return np.where(days[:, None] < 0, -1, hours).ravel()


@dataclass(frozen=True, eq=False)
class Sums:
    """One metric of a question. `known`, `states` and `covered` are `(accounts, columns)` of the period."""

    metric: Metric
    shared: Setting

    @cached_property
    def now(self) -> Parts:
        """Daily parts of the period."""
        return self._parts(self.shared.cells.now)

    @cached_property
    def past(self) -> Parts | None:
        """Daily parts of the period it is compared with."""
        side = self.shared.cells.past
        return None if side is None else self._parts(side)

    def _parts(self, side: Side) -> Parts:
        return parts(self.metric, side.values, registry.METRICS, self.shared.counts)

    @cached_property
    def known(self) -> Bools:
        """Where the period has a value."""
        return self._known(self.now, self.shared.cells.now)

    @cached_property
    def states(self) -> Codes:
        """The state of each account and day."""
        return _states(self.metric, self.shared, self.shared.cells.now)

    @cached_property
    def covered(self) -> Bools:
        """Where the period was measured, with a value or without."""
        return _covered(self.known, self.states)

    @cached_property
    def covered_past(self) -> Bools:
        """Where the past was measured, with a value or without."""
        side = self.shared.cells.past
        if side is None or self.past is None:
            return np.zeros((len(self.shared.scope.accounts), 0), bool)
        return _covered(self._known(self.past, side), _states(self.metric, self.shared, side))

    @cached_property
    def unfinished(self) -> Bools:
        """Days of accounts in use that are not over, or not shown yet by the platform."""
        read = _is_read(self.states) | (self.states == NOT_YET)
        involved = self.known.any(axis=1, keepdims=True) | read.any(axis=1, keepdims=True)
        open_days = np.arange(self.states.shape[1]) >= self.shared.closed[:, None]
        return np.asarray(involved & (open_days | (self.states == NOT_YET)))

    @property
    def is_level(self) -> bool:
        """Whether it is a level, which is compared as it was last seen."""
        return self.now.adds is Adds.STOCK

    def _known(self, made: Parts, side: Side) -> Bools:
        return self._by_account(used_cells(made)[:, side.lead :])

    def _by_account(self, of_series: Bools) -> Bools:
        merged = np.zeros((len(self.shared.scope.accounts), of_series.shape[1]), bool)
        np.logical_or.at(merged, self.shared.cells.account, of_series)
        return merged

    @cached_property
    def comparable(self) -> tuple[Bools, Bools]:
        """The cells of both sides that are compared: `(accounts, columns)` each."""
        if self.is_level:
            return self._comparable_levels()
        over = (
            self.covered & (np.arange(self.covered.shape[1]) < self.shared.closed[:, None]) & (self.states != NOT_YET)
        )
        beside = self.shared.beside
        if not self.shared.paired:
            return self._comparable_wholes(over)
        matched = np.zeros_like(over)
        matched[:, beside[beside >= 0]] = self.covered_past[:, beside >= 0]
        matched &= over
        before = np.zeros_like(self.covered_past)
        before[:, beside >= 0] = matched[:, beside[beside >= 0]]
        return matched, before

    def _comparable_wholes(self, over: Bools) -> tuple[Bools, Bools]:
        """Periods of unequal length: wholes, or as much of the past as has gone by of the period."""
        both = over.any(axis=1, keepdims=True) & self.covered_past.any(axis=1, keepdims=True)
        gone = np.where(self.unfinished.any(axis=1), over.sum(axis=1), max(over.shape[1], self.covered_past.shape[1]))
        early = np.arange(self.covered_past.shape[1]) < gone[:, None]
        return over & both, self.covered_past & both & early

    def _comparable_levels(self) -> tuple[Bools, Bools]:
        now, past = self.shared.cells.now, self.shared.cells.past
        assert past is not None and self.past is not None  # noqa: S101  (asked only when there is a past)
        seen = self._by_account(~np.isnan(self.now.top))
        seen_before = self._by_account(~np.isnan(self.past.top))
        both = np.asarray(seen.any(axis=1, keepdims=True) & seen_before.any(axis=1, keepdims=True))
        inside = seen[:, now.lead :]
        last = np.where(inside.any(axis=1), now.n - 1 - np.argmax(inside[:, ::-1], axis=1), now.n - 1)
        beside = self.shared.beside
        early: Bools = ((beside <= last[:, None]) & (beside >= 0)) | (not self.shared.paired)
        return np.broadcast_to(both, inside.shape), early & both

    def whole(self, groups: Groups) -> Folded:
        """The whole period, by group."""
        return fold(self.now, self._shape(self.shared.cells.now, groups, None, None))

    def series(self, groups: Groups, buckets: calendar.Buckets) -> Folded:
        """The period's buckets, by group."""
        return fold(self.now, self._shape(self.shared.cells.now, groups, buckets.codes, buckets.n))

    def series_before(self, groups: Groups, buckets: calendar.Buckets) -> Folded | None:
        """The past, in the buckets its days stand beside."""
        side = self.shared.cells.past
        if side is None or self.past is None:
            return None
        beside = self.shared.beside
        width = int(np.flatnonzero(beside >= 0)[-1]) + 1 if (beside >= 0).any() else 0
        codes = np.where(beside[:width] < 0, -1, buckets.codes[beside[:width]])
        cut = side.lead + width
        bottom = None if self.past.bottom is None else self.past.bottom[:, :cut]
        return fold(
            replace(self.past, top=self.past.top[:, :cut], bottom=bottom), self._shape(side, groups, codes, buckets.n)
        )

    def compared(self, groups: Groups, total: Folded) -> tuple[Folded, Folded]:
        """Both sides of the comparison, like for like, by group."""
        now, past = self.shared.cells.now, self.shared.cells.past
        assert past is not None and self.past is not None  # noqa: S101  (asked only when there is a past)
        cells, cells_before = self.comparable
        same = not (self.known & ~cells).any()
        mine = total if same else fold(self.now, self._shape(now, groups, None, None), self._rows(cells, now.lead))
        theirs = fold(self.past, self._shape(past, groups, None, None), self._rows(cells_before, past.lead))
        return mine, theirs

    def _rows(self, cells: Bools, lead: int) -> Bools:
        before = np.repeat(cells.any(axis=1, keepdims=True), lead, axis=1)
        return np.concatenate([before, cells], axis=1)[self.shared.cells.account]

    def _shape(self, side: Side, groups: Groups, codes: Codes | None, n: int | None) -> Shape:
        inside = np.zeros(side.n, np.int64) if codes is None else codes
        buckets = np.concatenate([np.full(side.lead, -1, np.int64), inside])
        unique = Adds.UNIQUE in (self.now.adds, self.now.bottom_adds)
        return Shape(
            groups.codes,
            groups.n,
            buckets,
            n or 1,
            carry=codes is None,
            due=self._due(side, len(buckets)) if unique else None,
            exact=self._exact(side, inside, n or 1) if unique and side.exact else None,
            currency=self.shared.currency,
        )

    def _due(self, side: Side, width: int) -> Bools:
        """Cells that should be known by now: a bound of people is one only when no such day is missing."""
        due = np.zeros((len(self.shared.scope.accounts), width), bool)
        due[:, side.lead :] = True
        if side is self.shared.cells.now:
            due[:, side.lead :] = ~self.unfinished[:, : width - side.lead]
        return due[self.shared.cells.account]

    def _exact(self, side: Side, codes: Codes, n: int) -> Floats:
        name = self.metric.denominator or self.metric.name
        held = np.full((len(self.shared.cells.account), n), np.nan)
        starts = np.searchsorted(codes, np.arange(n), side="left")
        ends = np.searchsorted(codes, np.arange(n), side="right") - 1
        for bucket, stretch in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            if stretch in side.exact:
                held[:, bucket] = side.exact[stretch][name]
        return held


def used_cells(made: Parts) -> Bools:
    """The days of each series that take part, lead included."""
    known = ~np.isnan(made.top)
    if made.bottom is None:
        return known
    under = ~np.isnan(made.bottom)
    if made.bottom_adds is Adds.STOCK or made.metric.pairs == "bucket":
        return known & under.any(axis=1, keepdims=True)
    return known & under


def _is_read(states: Codes) -> Bools:
    return np.asarray((states == _READ[0]) | (states == _READ[1]))


def _covered(known: Bools, states: Codes) -> Bools:
    """Measured, with a value or without. Where nothing is noted, an account with values counts as measured all over."""
    noted = (states > NOT_OFFERED).any(axis=1, keepdims=True)
    return np.asarray(known | _is_read(states) | (~noted & known.any(axis=1, keepdims=True)))


def _states(metric: Metric, shared: Setting, side: Side) -> Codes:
    """The state of a metric from those of its ingredients: for a ratio the worse of its parts."""
    if not metric.derived:
        return side.states[metric.name]
    if metric.numerator:
        top = _states(registry.METRICS[metric.numerator], shared, side)
        bottom = _states(registry.METRICS[metric.denominator], shared, side)
        neither = (top == NOT_OFFERED) | (bottom == NOT_OFFERED)
        return np.where(neither, NOT_OFFERED, np.maximum(top, bottom))
    if metric.change_of:
        stated = np.maximum.reduce([side.states[name] for name in (*metric.terms, *metric.minus)])
        level = side.states[metric.change_of]
        lacking = np.logical_or.reduce([side.states[name] <= NOT_OFFERED for name in (*metric.terms, *metric.minus)])
        return np.where(lacking, level, np.where(level <= NOT_OFFERED, stated, np.minimum(stated, level)))
    return _sum_states(metric, shared, side)


def _sum_states(metric: Metric, shared: Setting, side: Side) -> Codes:
    worst = np.zeros((len(shared.scope.accounts), side.n), np.int64)
    for name in ingredients(metric, shared.scope):
        np.maximum(worst, side.states[name], out=worst, where=shared.counted[name][:, None])
    return worst
