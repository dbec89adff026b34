"""How is this number made? Formula in words, ingredients with their values, coverage and caveats."""

from __future__ import annotations

import numpy as np

from analytics.metrics import definitions, registry
from analytics.metrics.arithmetic import Folded
from analytics.metrics.levels import Bools, Floats, changes
from core import clock
from core.language import figure, tr
from core.metric import Adds, Metric, Source
from core.question import Explanation, Input, Note, Period
from services.ask.notes import counted_accounts, engagement_words, metric_title
from services.ask.scope import ingredients
from services.ask.sums import Sums, used_cells


def explain(sums: Sums, total: Folded, notes: tuple[Note, ...], compared: Period | None) -> Explanation:
    """How the total of a metric is made. The ingredients are those cells that went into it, so they add up to it."""
    metric, scope = sums.metric, sums.shared.scope
    versioned = "engagement" in (metric.name, metric.numerator)
    return Explanation(
        metric=metric.name,
        title=tr(metric.title),
        definition=tr(metric.definition),
        formula=formula(metric, scope.definition, scope.platforms),
        inputs=_inputs(sums, total),
        coverage=_coverage(sums, total),
        notes=notes,
        period=scope.period,
        compared_with=compared,
        definition_version=scope.definition if versioned else "",
    )


def formula(metric: Metric, version: str = definitions.DEFAULT, platforms: tuple[str, ...] = ()) -> str:
    """How a metric is computed, in words.

    >>> formula(registry.METRICS["engagement_rate"])
    'sum of engagement ÷ sum of views, where engagement = likes + comments + shares'
    """
    engagement = engagement_words(version, platforms)
    if metric.name == "engagement":
        return engagement
    if metric.numerator:
        scale = "" if metric.scale == 1 else f" × {figure(f'{metric.scale:,.0f}')}"
        ratio = f"{tr('sum of {metric}', metric=metric_title(metric.numerator))} ÷ {_under(metric)}{scale}"
        if metric.numerator != "engagement":
            return ratio
        return tr("{formula}, where engagement = {terms}", formula=ratio, terms=engagement)
    if metric.change_of:
        terms = f"{' + '.join(map(metric_title, metric.terms))} − {' − '.join(map(metric_title, metric.minus))}"
        return tr(
            "{terms}; where a platform gives no such days, the change of {metric}",
            terms=terms,
            metric=metric_title(metric.change_of),
        )
    if metric.terms:
        return " + ".join(map(metric_title, metric.terms))
    return {
        Adds.FLOW: tr("summed over days and accounts"),
        Adds.STOCK: tr("the last known day of each account, summed over accounts"),
    }.get(metric.adds, tr("people: never summed; exact for one account and one stored span of days"))


def _under(metric: Metric) -> str:
    title = metric_title(metric.denominator)
    if registry.METRICS[metric.denominator].adds is not Adds.STOCK:
        return tr("sum of {metric}", metric=title)
    return tr("{metric} at the start", metric=title) if metric.opening else tr("{metric} at the end", metric=title)


def _inputs(sums: Sums, total: Folded) -> tuple[Input, ...]:
    found = []
    for name in ingredients(sums.metric, sums.shared.scope):
        values = _ingredient(sums, total, name)
        for platform in sums.shared.scope.platforms:
            one = _input(sums, name, platform, values)
            if one is not None:
                found.append(one)
    return tuple(found)


def _ingredient(sums: Sums, total: Folded, name: str) -> Floats:
    """What each series gave of a stored metric to the total; NaN where it took no part."""
    metric, counted = sums.metric, total.counted[:, 0]
    if name == metric.name or name == metric.numerator:
        return np.where(counted, total.top[:, 0], np.nan)
    if name == metric.denominator and total.bottom is not None:
        return np.where(counted, total.bottom[:, 0], np.nan)
    side = sums.shared.cells.now
    used = used_cells(sums.now)
    used[:, : side.lead] = False
    daily = side.values[name]
    net = registry.METRICS[metric.numerator] if metric.numerator else metric
    if net.change_of:
        stated = _stated(net, sums)
        daily = np.where(stated, np.nan, changes(daily)) if name == net.change_of else np.where(stated, daily, np.nan)
    elif name in sums.shared.counts:
        daily = np.where(sums.shared.counts[name][:, None], daily, np.nan)
    kept = np.where(used & counted[:, None] & ~np.isnan(daily), daily, np.nan)
    some = ~np.isnan(kept).all(axis=1)
    return np.where(some, np.nansum(kept, axis=1), np.nan)


def _stated(net: Metric, sums: Sums) -> Bools:
    """The series whose gains and losses are both known, `(series, 1)`."""
    values = sums.shared.cells.now.values
    both = np.logical_and.reduce([~np.isnan(values[name]) for name in (*net.terms, *net.minus)])
    return np.asarray(both.any(axis=1, keepdims=True))


def _input(sums: Sums, name: str, platform: str, values: Floats) -> Input | None:
    shared, metric = sums.shared, registry.METRICS[name]
    mine = shared.platforms[platform]
    known = mine & ~np.isnan(values)
    if not known.any() and not registry.offered(name, platform):
        return None
    summed = name in shared.counts and "engagement" in (sums.metric.name, sums.metric.numerator)
    if summed and not shared.counts[name][mine].any():
        return None
    accounts = len(set(shared.cells.account[known].tolist()))
    value = float(values[known].sum()) if known.any() else None
    if metric.adds is Adds.UNIQUE and accounts > 1:
        value = None
    observed = shared.cells.observed.get((name, platform))
    moments = [clock.from_epoch_ms(observed), shared.scope.read_at.get(platform)] if observed else [None]
    return Input(
        name,
        tr(metric.title),
        platform,
        _field(metric, platform, shared.scope.period),
        value,
        accounts,
        max((moment for moment in moments if moment is not None), default=None),
    )


def _field(metric: Metric, platform: str, period: Period) -> str:
    """The platform's name for a metric in a period; the older one where it changed inside."""
    mine = [source for source in metric.sources if source.platform == platform]
    valid = [source for source in mine if _valid(source, period)]
    return (valid or mine)[0].field if mine else tr("imported")


def _valid(source: Source, period: Period) -> bool:
    begun = source.valid_from is None or source.valid_from <= period.last
    return begun and (source.valid_to is None or source.valid_to >= period.first)


def _coverage(sums: Sums, total: Folded) -> str:
    counted = counted_accounts(sums, total)
    accounts, days = sums.shared.scope.accounts, sums.shared.scope.period.days
    share = tr("{n} of {all} accounts", n=int(counted.sum()), all=len(accounts))
    if not counted.any():
        return share
    seen = int(sums.known[counted].any(axis=0).sum())
    return f"{share}, {tr('{n} of {all} days', n=seen, all=days)}"
