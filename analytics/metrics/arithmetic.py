"""How metrics add up: from daily values per account to the number of a bucket, a split row or a whole period.

Everything here works on arrays of shape `(series, days)`. A series is one account, or one member of a dimension on one
account. NaN is "not known" and never counts as 0. The first `lead` days lie before the period: only levels look there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from analytics.metrics.levels import Bools, Codes, Floats, changes, levels, openings
from core.metric import Adds, Metric, Unit

NOT_A_PLUGIN = True


class Why(IntEnum):
    """Why there is no value."""

    FINE = 0
    MISSING = 1
    ZERO = 2
    NOT_EXACT = 3
    HOLES = 4
    CURRENCIES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The ingredients of one metric, day by day: what is summed, and for ratios what it is divided by."""

    metric: Metric
    adds: Adds
    top: Floats
    bottom: Floats | None = None
    bottom_adds: Adds = Adds.FLOW


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """How to fold: the group of each series `(S,)` and the bucket of each day `(W,)`, -1 for days that do not count.

    `carry`: a level last seen before the bucket still counts, though no account was seen in it. `due`: cells `(S, W)`
    that should be known, so that a bound is a bound. `exact`: unique counts stored for whole buckets, `(S, buckets)`.
    `currency`: a code per series, for money.
    """

    groups: Codes
    n_groups: int
    buckets: Codes
    n_buckets: int
    carry: bool = False
    due: Bools | None = None
    exact: Floats | None = None
    currency: Codes | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Values `(groups, buckets)`, why there is none, whether one is only an upper bound; and what each series gave."""

    value: Floats
    why: NDArray[np.uint8]
    at_most: Bools
    top: Floats
    bottom: Floats | None = field(default=None)

    @property
    def counted(self) -> Bools:
        """Which series are part of which bucket, `(series, buckets)`."""
        known = ~np.isnan(self.top)
        return known if self.bottom is None else known & ~np.isnan(self.bottom)


def parts(
    metric: Metric, values: Mapping[str, Floats], known: Mapping[str, Metric], counts: Mapping[str, Bools]
) -> Parts:
    """What a metric is made of, day by day.

    A sum of counters takes those that are known, each only where it belongs to the platform's definition; the commonly
    made mistake is to take an unknown counter for 0 in a ratio's denominator, which this never does.

    Parameters
    ----------
    metric : Metric
        Any registered metric.
    values : mapping of str to (series, days) float
        Stored values by metric name; NaN where nothing is known. A name that is absent is unknown everywhere.
    known : mapping of str to Metric
        The registry.
    counts : mapping of str to (series,) bool
        Where a counter belongs to engagement's definition; a name that is absent belongs everywhere.

    Returns
    -------
    Parts
        Arrays of the shape of `values`.

    Raises
    ------
    ValueError
        When `values` is empty.

    Notes
    -----
    Invariant: what it returns for a series depends on that series only.

    References
    ----------
    Ours: the registry's reading of "ratio = sum of numerators over sum of denominators".

    Examples
    --------
    >>> from analytics.metrics.registry import METRICS
    >>> days = {"likes": np.array([[1.0, np.nan]]), "comments": np.array([[2.0, np.nan]])}
    >>> parts(METRICS["engagement"], days, METRICS, {}).top
    array([[ 3., nan]])
    """
    if not values:
        raise ValueError("no values to work on")
    if not metric.numerator:
        return Parts(metric, metric.adds, _daily(metric, values, counts))
    bottom = known[metric.denominator]
    return Parts(
        metric, Adds.RATIO, _daily(known[metric.numerator], values, counts), _daily(bottom, values, counts), bottom.adds
    )


def _daily(metric: Metric, values: Mapping[str, Floats], counts: Mapping[str, Bools]) -> Floats:
    if not metric.derived:
        return _stored(metric.name, values)
    if metric.change_of:
        return _net(metric, values)
    return known_sum(
        [_where(_stored(name, values), counts.get(name)) for name in metric.terms if name in values], values
    )


def _stored(name: str, values: Mapping[str, Floats]) -> Floats:
    found = values.get(name)
    return np.full_like(next(iter(values.values())), np.nan) if found is None else found


def _where(daily: Floats, rows: Bools | None) -> Floats:
    return daily if rows is None or rows.all() else np.where(rows[:, None], daily, np.nan)


def known_sum(terms: list[Floats], like: Mapping[str, Floats]) -> Floats:
    """The sum of what is known of several counters; NaN where none is.

    Parameters
    ----------
    terms : list of (series, days) float
        Counters; NaN where unknown.
    like : mapping of str to (series, days) float
        Gives the shape when there are no terms.

    Returns
    -------
    (series, days) float
        NaN where every term is NaN.

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariant: the order of the terms does not matter.

    References
    ----------
    Ours.

    Examples
    --------
    >>> known_sum([np.array([[1.0, np.nan]]), np.array([[np.nan, np.nan]])], {})
    array([[ 1., nan]])
    """
    if not terms:
        return np.full_like(next(iter(like.values())), np.nan)
    total = np.zeros_like(terms[0])
    some: Bools = np.zeros(terms[0].shape, bool)
    for term in terms:
        seen = ~np.isnan(term)
        np.add(total, term, out=total, where=seen)
        some |= seen
    return np.where(some, total, np.nan)


def _net(metric: Metric, values: Mapping[str, Floats]) -> Floats:
    """Gains less losses where both are known; for series that never have both, the stock's differences."""
    gained = known_sum([_stored(name, values) for name in metric.terms], values)
    lost = known_sum([_stored(name, values) for name in metric.minus], values)
    net = gained - lost
    stated = np.asarray((~np.isnan(net)).any(axis=1))
    return np.where(stated[:, None], net, changes(_stored(metric.change_of, values)))


def fold(made_of: Parts, shape: Shape, only: Bools | None = None) -> Folded:
    """Daily parts of one metric folded into groups and buckets.

    Flows are summed. Levels take the last known day of the bucket per series and are then summed. Unique counts are
    exact for one series and one day (or a stored bucket), otherwise an upper bound. Ratios are the sum of numerators
    over the sum of denominators, over the cells where both are known; never the mean of ratios.

    Parameters
    ----------
    made_of : Parts
        From `parts`.
    shape : Shape
        Groups and buckets.
    only : (series, days) bool, optional
        Cells that may count; the others are taken as unknown.

    Returns
    -------
    Folded
        `value` is NaN exactly where `why` is not `Why.FINE`.

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariant: for flows, any grouping of the same series and days gives the same grand total.

    References
    ----------
    Ours; the additivity classes follow R. Kimball, The Data Warehouse Toolkit, 3rd ed., 2013, chapter 3.

    Examples
    --------
    >>> from analytics.metrics.registry import METRICS
    >>> days = {"likes": np.array([[1.0, 1.0], [1.0, np.nan]]), "views": np.array([[10.0, 40.0], [50.0, 7.0]])}
    >>> whole = Shape(np.zeros(2, int), 1, np.zeros(2, int), 1)
    >>> fold(parts(METRICS["engagement_rate"], days, METRICS, {}), whole).value
    array([[0.03]])
    >>> nothing = {"views": np.array([[np.nan]])}
    >>> fold(parts(METRICS["views"], nothing, METRICS, {}), Shape(np.zeros(1, int), 1, np.zeros(1, int), 1)).value
    array([[nan]])
    """
    top, bottom = _only(made_of.top, only), _only(made_of.bottom, only)
    match made_of.adds:
        case Adds.STOCK:
            folded = _fold_stock(top, shape)
        case Adds.UNIQUE:
            folded = _fold_unique(top, shape, made_of.metric)
        case Adds.FLOW:
            folded = _plain(bucket_sums(top, shape.buckets, shape.n_buckets), shape)
        case _:
            folded = _fold_ratio(made_of, top, bottom, shape)
    if made_of.metric.unit is Unit.MONEY and shape.currency is not None:
        return _one_currency(folded, shape, shape.currency)
    return folded


def _only(daily: Floats | None, cells: Bools | None) -> Floats:
    if daily is None:
        return np.empty((0, 0))
    return daily if cells is None else np.where(cells, daily, np.nan)


def bucket_sums(daily: Floats, codes: Codes, n: int) -> Floats:
    """Known values summed by the code of their column.

    Parameters
    ----------
    daily : (rows, columns) float
        NaN is unknown.
    codes : (columns,) int
        0 to n-1; -1 leaves a column out.
    n : int
        How many codes there are.

    Returns
    -------
    (rows, n) float
        NaN where no value is known.

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariant: summed over codes it does not depend on the codes.

    References
    ----------
    Ours.

    Examples
    --------
    >>> bucket_sums(np.array([[1.0, 2.0, np.nan]]), np.array([0, 0, 1]), 2)
    array([[ 3., nan]])
    """
    outside = codes < 0
    inside, kept = (daily[:, ~outside], codes[~outside]) if outside.any() else (daily, codes)
    if len(kept) == n and n > 1 and np.array_equal(kept, np.arange(n)):
        return inside
    seen = ~np.isnan(inside)
    filled = np.where(seen, inside, 0.0)
    if n == 1:
        return np.where(seen.any(axis=1), filled.sum(axis=1), np.nan)[:, None]
    total, some = np.zeros((n, len(daily))), np.zeros((n, len(daily)), np.int64)
    np.add.at(total, kept, filled.T)
    np.add.at(some, kept, seen.T)
    return np.where(some > 0, total, np.nan).T


def _rising(codes: Codes) -> bool:
    return bool((np.diff(codes) >= 0).all())


def _grouped(by_series: Floats, shape: Shape) -> Floats:
    return bucket_sums(by_series.T, shape.groups, shape.n_groups).T


def _plain(by_series: Floats, shape: Shape) -> Folded:
    value = _grouped(by_series, shape)
    why = np.where(np.isnan(value), np.uint8(Why.MISSING), np.uint8(Why.FINE))
    return Folded(value, why, np.zeros(value.shape, bool), by_series)


def _fold_stock(level: Floats, shape: Shape) -> Folded:
    if not _rising(shape.buckets):
        return _refused(np.full((len(level), shape.n_buckets), np.nan), shape)
    by_series, own = levels(level, shape.buckets, shape.n_buckets)
    if not shape.carry:
        seen = _grouped(np.where(own, 1.0, np.nan), shape)
        by_series = np.where(np.isnan(seen)[shape.groups], np.nan, by_series)
    return _plain(by_series, shape)


def _refused(by_series: Floats, shape: Shape) -> Folded:
    value = np.full((shape.n_groups, shape.n_buckets), np.nan)
    return Folded(value, np.full(value.shape, np.uint8(Why.NOT_EXACT)), np.zeros(value.shape, bool), by_series)


def _fold_unique(count: Floats, shape: Shape, metric: Metric) -> Folded:
    by_series, exact, holes = _unique_by_series(count, shape)
    value = _grouped(by_series, shape)
    series = _grouped(np.where(np.isnan(by_series), np.nan, 1.0), shape)
    all_exact = ~(_grouped(np.where(exact | np.isnan(by_series), np.nan, 1.0), shape) > 0)
    is_exact = (series == 1) & all_exact
    broken = _grouped(np.where(holes, 1.0, np.nan), shape) > 0
    why = np.where(np.isnan(value), Why.MISSING, Why.FINE).astype(np.uint8)
    if metric.unit is Unit.RATIO:
        why = np.where((why == Why.FINE) & ~is_exact, np.uint8(Why.NOT_EXACT), why)
    why = np.where((why == Why.FINE) & ~is_exact & broken, np.uint8(Why.HOLES), why)
    return Folded(np.where(why == Why.FINE, value, np.nan), why, (why == Why.FINE) & ~is_exact, by_series)


def _unique_by_series(count: Floats, shape: Shape) -> tuple[Floats, Bools, Bools]:
    """Per series and bucket: the count or its bound, whether it is exact, whether days are missing for a bound."""
    n_days = np.bincount(shape.buckets[shape.buckets >= 0], minlength=shape.n_buckets)
    bound = bucket_sums(count, shape.buckets, shape.n_buckets)
    exact = np.broadcast_to(n_days == 1, bound.shape) & ~np.isnan(bound)
    lacking = np.isnan(count) if shape.due is None else np.isnan(count) & shape.due
    gaps = bucket_sums(np.where(lacking, 1.0, np.nan), shape.buckets, shape.n_buckets) > 0
    holes = gaps & ~np.isnan(bound)
    if shape.exact is None:
        return bound, exact, holes
    stored = ~np.isnan(shape.exact)
    return np.where(stored, shape.exact, bound), exact | stored, holes & ~stored


def _fold_ratio(made_of: Parts, top: Floats, bottom: Floats, shape: Shape) -> Folded:
    metric, buckets, n = made_of.metric, shape.buckets, shape.n_buckets
    if made_of.bottom_adds is Adds.UNIQUE:
        return _over_unique(top, bottom, shape, metric)
    if made_of.bottom_adds is Adds.STOCK:
        if not _rising(buckets):
            return _refused(np.full((len(top), n), np.nan), shape)
        under = openings(bottom, buckets, n) if metric.opening else levels(bottom, buckets, n)[0]
        over = bucket_sums(top, buckets, n)
    else:
        both = ~np.isnan(top) & ~np.isnan(bottom)
        if metric.pairs == "day":
            top, bottom = np.where(both, top, np.nan), np.where(both, bottom, np.nan)
        over, under = bucket_sums(top, buckets, n), bucket_sums(bottom, buckets, n)
    both = ~np.isnan(over) & ~np.isnan(under)
    return _divided(np.where(both, over, np.nan), np.where(both, under, np.nan), shape, metric.scale)


def _divided(over: Floats, under: Floats, shape: Shape, scale: float) -> Folded:
    sum_over, sum_under = _grouped(over, shape), _grouped(under, shape)
    missing, zero = np.isnan(sum_over) | np.isnan(sum_under), sum_under == 0
    value = np.divide(sum_over * scale, sum_under, out=np.full(sum_over.shape, np.nan), where=~missing & ~zero)
    why = np.select([missing, zero], [np.uint8(Why.MISSING), np.uint8(Why.ZERO)], np.uint8(Why.FINE))
    return Folded(value, why, np.zeros(value.shape, bool), over, under)


def _over_unique(top: Floats, bottom: Floats, shape: Shape, metric: Metric) -> Folded:
    """A ratio to people is exact or not there: over a bound of people it would be a bound in the other direction."""
    people = _fold_unique(bottom, shape, metric)
    refused = people.at_most | (people.why == Why.HOLES) | (people.why == Why.NOT_EXACT)
    over = bucket_sums(top, shape.buckets, shape.n_buckets)
    both = ~np.isnan(over) & ~np.isnan(people.top)
    folded = _divided(np.where(both, over, np.nan), np.where(both, people.top, np.nan), shape, metric.scale)
    why = np.where(refused, np.uint8(Why.NOT_EXACT), folded.why)
    return Folded(np.where(refused, np.nan, folded.value), why, folded.at_most, folded.top, folded.bottom)


def _one_currency(folded: Folded, shape: Shape, currency: Codes) -> Folded:
    kinds = np.unique(currency)
    if len(kinds) < 2:
        return folded
    used = np.zeros(folded.value.shape, np.int64)
    for kind in kinds:
        used += ~np.isnan(_grouped(np.where((currency == kind)[:, None] & folded.counted, 1.0, np.nan), shape))
    mixed = used > 1
    why = np.where(mixed, np.uint8(Why.CURRENCIES), folded.why)
    return Folded(np.where(mixed, np.nan, folded.value), why, folded.at_most & ~mixed, folded.top, folded.bottom)
