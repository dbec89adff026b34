"""Which parts carry a change? Contributions that add up, of sums and of ratios."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from analytics.anomalies.rhythm import Floats
from core.language import figure, listed, mark, tr, trn

ENOUGH = 0.8
_ROUNDING = 1e-12
"""A change below this share of what was added up is rounding, not change."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A change of a total or ratio, taken apart.

    `parts`, one row a part, the largest contribution first: `before`, `after`, `contribution` (in the unit of the total
    or ratio), `share` (of the change; they add up to 1; below 0 where a part went against it), `weight` (of the part in
    the total or denominator before; NaN where there was none), `rate_effect` and `mix_effect` (they add up to the
    contribution; of a sum the mix is 0) and `state` (`kept`, `new`, `gone`). `carried_by` is the smallest set of parts
    that together carry four fifths of the change, empty where no part does more than the others; `unmeasured` are the
    parts left out because a value is missing.
    """

    before: float
    after: float
    change: float
    parts: pd.DataFrame = field(compare=False)
    carried_by: tuple[str, ...]
    unmeasured: tuple[str, ...]
    sentence: str


def explain(
    before: pd.Series | pd.DataFrame, after: pd.Series | pd.DataFrame, *, name: str = mark("The total")
) -> Explanation:
    """Which platform, account, post or member of a dimension carries a change, as shares that add up to 1.

    Of a sum: contribution = after - before of the part. Of a ratio R = sum n / sum d, with w = d / sum d and r = n / d:
    rate effect = mean(w) x change of r, mix effect = (mean(r) - mean(R)) x change of w, which add up to the change of R
    exactly. Commonly got wrong: a ratio can fall although it rose in every part (Simpson), because the mix shifted; and
    shares above 100 % are right where other parts went the other way.

    Parameters
    ----------
    before, after : Series of float (parts,), or DataFrame of float (parts, 2)
        One row per part, the index its name, each once. A Series holds the values of an additive metric; a frame with
        the columns `numerator` and `denominator` (0 or more) those of a ratio. A part only in `after` is new, one only
        in `before` gone; NaN: not measured, the part is left out of both periods and named in `unmeasured`.
    name : str
        What the sentence calls the metric.

    Returns
    -------
    Explanation
        Shares are NaN where nothing changed, and everything is where a ratio has no denominator in a period.

    Raises
    ------
    TypeError
        When one period is a Series and the other a frame.
    ValueError
        When a part is named twice, a value infinite, or a denominator negative.
    KeyError
        When a frame lacks a column.

    Notes
    -----
    The split of a ratio is the Shapley value of two factors: with the periods swapped only the sign turns. A new or
    gone part has no change of rate: it acts by the mix alone. `carried_by` is empty where it would take more
    than half of three or more parts: the change is broad. It is arithmetic, without an interval: it says where a change
    sits, not why. Invariants: the order of the rows; a tenfold value is a tenfold contribution and the same share;
    splitting off a part of no size changes nothing.

    References
    ----------
    P. Das Gupta, Standardization and Decomposition of Rates: A User's Manual, US Bureau of the Census, P23-186, 1993.
    E. M. Kitagawa, Components of a difference between two rates, JASA 50 (1955), doi:10.1080/01621459.1955.10501299.

    Examples
    --------
    >>> may, june = pd.Series({"Instagram": 500.0, "TikTok": 300.0}), pd.Series({"Instagram": 200.0, "TikTok": 290.0})
    >>> reach = explain(may, june, name="Reach")
    >>> reach.sentence
    'Reach fell by 310 (-39 %), from 800 to 490. Instagram carries 97 % of it.'
    >>> float(reach.parts["share"].sum())
    1.0
    >>> explain(pd.Series({"X": 5.0}), pd.Series({"X": 5.0})).sentence
    'The total did not change.'
    """
    if isinstance(before, pd.Series) != isinstance(after, pd.Series):
        raise TypeError("both periods need the same shape: a Series of values, or a frame of numerator and denominator")
    ratio = isinstance(before, pd.DataFrame)
    (n0, d0), (n1, d1) = _columns(before), _columns(after)
    names = n0.index.union(n1.index, sort=False)
    here, there = names.isin(n0.index), names.isin(n1.index)
    n0, d0, n1, d1 = (column.reindex(names, fill_value=0.0) for column in (n0, d0, n1, d1))
    known = (n0.notna() & d0.notna() & n1.notna() & d1.notna()).to_numpy()
    unmeasured = tuple(sorted(str(part) for part in names[~known]))
    columns = [column.to_numpy()[known] for column in (n0, d0, n1, d1)]
    parts = _ratio_parts(*columns) if ratio else _sum_parts(columns[0], columns[2])
    parts.index = names[known]
    parts["state"] = np.select([~here[known], ~there[known]], ["new", "gone"], "kept")
    totals = [float(np.sum(column)) for column in columns]
    ends = [_divided(totals[0], totals[1]), _divided(totals[2], totals[3])] if ratio else [totals[0], totals[2]]
    return _told(name, ends[0], ends[1], parts, unmeasured, size=float(parts[["before", "after"]].abs().max().max()))


def _columns(period: pd.Series | pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    if not period.index.is_unique:
        raise ValueError("each part has one row; add the rows of a part up first")
    if isinstance(period, pd.Series):
        numerator, denominator = period.astype(float), pd.Series(1.0, index=period.index)
    else:
        numerator, denominator = period["numerator"].astype(float), period["denominator"].astype(float)
    if np.isinf(numerator).any() or np.isinf(denominator).any():
        raise ValueError("a part has an infinite value; a missing one is NaN")
    if (denominator < 0).any():
        raise ValueError("a denominator is negative")
    return numerator, denominator


def _divided(over: float, under: float) -> float:
    return over / under if under > 0 else float("nan")


def _sum_parts(n0: Floats, n1: Floats) -> pd.DataFrame:
    change = n1 - n0
    return pd.DataFrame(
        {
            "before": n0, "after": n1, "contribution": change, "weight": n0 / n0.sum() if n0.sum() else np.nan,
            "rate_effect": change, "mix_effect": 0.0,
        }
    )  # fmt: skip


def _ratio_parts(n0: Floats, d0: Floats, n1: Floats, d1: Floats) -> pd.DataFrame:
    with np.errstate(divide="ignore", invalid="ignore"):
        r0, r1 = np.where(d0 > 0, n0 / d0, np.nan), np.where(d1 > 0, n1 / d1, np.nan)
        w0, w1 = d0 / d0.sum(), d1 / d1.sum()
        middle = (n0.sum() / d0.sum() + n1.sum() / d1.sum()) / 2
        contribution = n1 / d1.sum() - n0 / d0.sum() - middle * (w1 - w0)
    mean = np.where(np.isnan(r0), r1, np.where(np.isnan(r1), r0, (r0 + r1) / 2))
    mix = np.where(np.isnan(mean), 0 * contribution, (mean - middle) * (w1 - w0))
    one_sided = (np.isnan(r0) & (n0 == 0)) | (np.isnan(r1) & (n1 == 0))
    mix = np.where(one_sided, contribution, mix)
    return pd.DataFrame(
        {
            "before": r0, "after": r1, "contribution": contribution, "weight": w0,
            "rate_effect": contribution - mix, "mix_effect": mix,
        }
    )  # fmt: skip


def _told(
    name: str, before: float, after: float, parts: pd.DataFrame, unmeasured: tuple[str, ...], *, size: float
) -> Explanation:
    change = after - before
    moved = abs(change) > _ROUNDING * size
    parts.insert(3, "share", parts["contribution"] / change if moved else np.nan)
    parts = parts.assign(by_size=-parts["contribution"].abs(), by_name=parts.index.map(str))
    parts = parts.sort_values(["by_size", "by_name"]).drop(columns=["by_size", "by_name"])
    carried = _carriers(parts["share"])
    sentence = _sentence(tr(name), before, after, parts, carried, moved=moved)
    if unmeasured:
        sentence += " " + tr("Left out, because a value is missing: {parts}.", parts=_listed(unmeasured))
    return Explanation(before, after, change, parts, carried, unmeasured, sentence)


def _carriers(share: pd.Series) -> tuple[str, ...]:
    with_it = share[share > 0].sort_values(ascending=False, kind="stable")
    needed = int((with_it.cumsum() < ENOUGH - _ROUNDING).sum()) + 1
    if with_it.empty or (len(share) > 2 and 2 * needed > len(share)):
        return ()
    return tuple(str(part) for part in with_it.index[:needed])


def _sentence(
    name: str, before: float, after: float, parts: pd.DataFrame, carried: tuple[str, ...], *, moved: bool
) -> str:
    if parts.empty:
        return tr("{name}: there is nothing to compare.", name=name)
    if np.isnan(after - before):
        return tr("{name} cannot be compared: a period has nothing to divide by.", name=name)
    if not moved:
        still = bool((parts["contribution"].abs() <= _ROUNDING * max(abs(before), abs(after))).all())
        return (
            tr("{name} did not change.", name=name)
            if still
            else tr("{name} did not change: what its parts did cancels out.", name=name)
        )
    opening = _opening(name, before, after)
    if not carried:
        return f"{opening} {tr('The change is broad: no few parts carry it.')}"
    share = float(parts["share"].iloc[[str(part) in carried for part in parts.index]].sum())
    whose = trn("{parts} carries {share} % of it.", "{parts} carry {share} % of it.", len(carried),
                parts=_listed(carried), share=figure(f"{100 * share:.0f}"))  # fmt: skip
    return f"{opening} {whose}"


def _opening(name: str, before: float, after: float) -> str:
    """What changed, and by how much."""
    known: dict[str, object] = {"size": _plain(abs(after - before)), "before": _plain(before), "after": _plain(after)}
    if before <= 0:
        if after > before:
            return tr("{name} rose by {size}, from {before} to {after}.", name=name, **known)
        return tr("{name} fell by {size}, from {before} to {after}.", name=name, **known)
    known["percent"] = figure(f"{100 * (after - before) / before:+,.0f}")
    if after > before:
        return tr("{name} rose by {size} ({percent} %), from {before} to {after}.", name=name, **known)
    return tr("{name} fell by {size} ({percent} %), from {before} to {after}.", name=name, **known)


def _listed(names: tuple[str, ...]) -> str:
    return listed([*names[:5], *([tr("{n} more", n=len(names) - 5)] if len(names) > 5 else [])])


def _plain(value: float) -> str:
    """A number as people write it: whole from a hundred on, else three figures."""
    return figure(f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:.3g}")
