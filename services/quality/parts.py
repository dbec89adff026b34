"""Checks that parts fit their whole: members of a split, kinds of interaction, people and what they saw."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analytics.metrics import definitions, registry
from core import clock
from core.language import inside, tr
from core.metric import Adds
from services.quality.check import Allowance, Check, Floats, Material, by_day, stands_out, verdict
from storage.entities import AccountRow

_WHOLE = frozenset({"device", "traffic_source", "content_kind", "follow_type", "page_section", "origin"})
"""Splits of which platforms give every member; of the others they keep small ones back, or give the largest only."""
_ALLOWED = Allowance(0.02, 2)
_BOUND = Allowance(0.0, 1)
_PEOPLE = (("reach", ("views", "impressions")), ("accounts_engaged", ("reach",)))
_LONG_DAYS = 28


def splits(material: Material, account: AccountRow) -> Iterator[Check]:
    """The members of a split add up to the total, or to no more than it."""
    rows = material.split[material.split["account_id"] == account.id]
    for (metric_id, dimension_id), found in rows.groupby(["metric_id", "dimension_id"], sort=True):
        metric = registry.BY_ID[int(str(metric_id))]
        dimension = next(one for one in registry.DIMENSIONS.values() if one.id == dimension_id)
        if metric.adds not in (Adds.FLOW, Adds.STOCK):
            continue  # people may be in several parts
        total = material.series(account.id, metric.name)[metric.name]
        both = pd.concat([found.set_index("day")["value"].rename("parts"), total.rename("whole")], axis=1).dropna()
        whole = dimension.name in _WHOLE and metric.adds is Adds.FLOW
        named = {"metric": tr(metric.title), "dimension": inside(tr(dimension.title))}
        rule = (
            tr("{metric} by {dimension} add up to the total.", **named)
            if whole
            else tr("{metric} by {dimension} add up to no more than the total: not every part is given.", **named)
        )
        yield _daily(material, account, tr("{metric} by {dimension}", **named), rule, both, _ALLOWED,
                     (tr("sum of the parts"), tr("total")), at_most=not whole)  # fmt: skip


def interactions(material: Material, account: AccountRow) -> Iterator[Check]:
    """The platform's own total of interactions is at least the reactions that it gives one by one."""
    terms = [name for name in definitions.terms("seed", account.platform) if registry.offered(name, account.platform)]
    if not terms or not registry.offered("interactions", account.platform):
        return
    found = material.series(account.id, "interactions", *terms).dropna()
    both = pd.DataFrame({"parts": found[terms].sum(axis=1), "whole": found["interactions"]})
    if len(both):
        words = " + ".join(inside(tr(registry.METRICS[name].title)) for name in terms)
        said = words[:1].upper() + words[1:]
        rule = tr("{metrics} are no more than the platform's own total of interactions.", metrics=said)
        whole = inside(tr(registry.METRICS["interactions"].title))
        yield _daily(material, account, tr("Interactions and their kinds"), rule, both, _ALLOWED, (words, whole),
                     at_most=True)  # fmt: skip


def people(material: Material, account: AccountRow) -> Iterator[Check]:
    """People who were reached saw something at least once; who interacts was reached."""
    for metric, wholes in _PEOPLE:
        whole = next((one for one in wholes if registry.offered(one, account.platform)), "")
        if not whole or not registry.offered(metric, account.platform):
            continue
        found = material.series(account.id, metric, whole).dropna()
        if len(found):
            part, other = (tr(registry.METRICS[name].title) for name in (metric, whole))
            both = found.set_axis(["parts", "whole"], axis=1)
            named = {"metric": part, "other": inside(other)}
            rule = tr("{metric} counts people: no more than {other} on the same day.", **named)
            yield _daily(material, account, tr("{metric} within {other}", **named), rule, both, _ALLOWED,
                         (inside(part), inside(other)), at_most=True)  # fmt: skip


def long_people(material: Material, account: AccountRow) -> Iterator[Check]:
    """People of 28 days are at least those of the largest day, and at most all days together."""
    rows = material.wide[material.wide["account_id"] == account.id]
    for metric_id, found in rows.groupby("metric_id", sort=True):
        metric = registry.BY_ID[int(str(metric_id))]
        daily = material.series(account.id, metric.name, lead=True)[metric.name]
        if metric.adds is not Adds.UNIQUE or daily.empty:
            continue
        every = daily.reindex(range(int(daily.index.min()), clock.epoch_day(material.period.last) + 1))
        window = every.rolling(_LONG_DAYS, min_periods=_LONG_DAYS)
        bounds = pd.DataFrame({"least": window.max(), "most": window.sum()}).reindex(found["day"].to_numpy())
        bounds["value"] = found["value"].to_numpy()
        bounds = bounds.dropna()
        if len(bounds):
            yield _between(material, account, tr(metric.title), bounds)


def _between(material: Material, account: AccountRow, title: str, bounds: pd.DataFrame) -> Check:
    value, least, most = (bounds[name].to_numpy(float) for name in ("value", "least", "most"))
    low = by_day(least, value, _BOUND, at_most=True)
    off = low | by_day(value, most, _BOUND, at_most=True)
    days: Floats = bounds.index.to_numpy(float)
    against = np.where(low, least, most)
    at = int(np.argmax(np.abs(value - against) * off)) if off.any() else len(value) - 1
    return Check(
        title=tr("{metric} of 28 days", metric=title),
        account=material.titles[account.id],
        platform=account.platform,
        rule=tr("{metric} of 28 days lies between the largest of their days and the sum of all.", metric=title),
        left_name=tr("28 days, as the platform counts"),
        left=float(value[at]),
        right_name=tr("its largest day") if low[at] else tr("the sum of its days"),
        right=float(against[at]),
        tolerance="1",
        one_way=not low[at],
        verdict=verdict(bool(off.any())),
        days=len(bounds),
        off_days=int(off.sum()),
        why=stands_out(days, value, against, off),
    )


def _daily(
    material: Material,
    account: AccountRow,
    title: str,
    rule: str,
    both: pd.DataFrame,
    allowed: Allowance,
    names: tuple[str, str],
    *,
    at_most: bool,
) -> Check:
    """A comparison day by day of columns `parts` and `whole`; one day beyond the allowance is enough to differ."""
    left, right = both["parts"].to_numpy(float), both["whole"].to_numpy(float)
    off = by_day(left, right, allowed, at_most=at_most)
    days: Floats = both.index.to_numpy(float)
    return Check(
        title=title,
        account=material.titles[account.id],
        platform=account.platform,
        rule=rule,
        left_name=names[0],
        left=float(left.sum()),
        right_name=names[1],
        right=float(right.sum()),
        tolerance=allowed.words,
        one_way=at_most,
        verdict=verdict(bool(off.any()), enough=not both.empty),
        days=len(both),
        off_days=int(off.sum()),
        why=stands_out(days, left, right, off) if len(both) else tr("No day has both the parts and the total."),
    )
