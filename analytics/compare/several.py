"""Many comparisons at once: which of them are real, when chance alone makes one in twenty look so?"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from typing import Any, overload

import numpy as np

from analytics.compare.arms import Arm, Floats
from analytics.compare.pair import Side, arms, blank, compared, read, short_of
from analytics.compare.result import Difference, Kind

Pair = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    kind: Kind
    arms: tuple[Arm, Arm]
    sides: tuple[Side, Side]
    notes: tuple[str, ...]


@overload
def many(
    pairs: Mapping[Hashable, Pair], kind: str = "mean", *, level: float = 0.95, dependent: bool = False
) -> dict[Hashable, Difference]: ...
@overload
def many(
    pairs: Sequence[Pair], kind: str = "mean", *, level: float = 0.95, dependent: bool = False
) -> list[Difference]: ...
def many(
    pairs: Mapping[Hashable, Pair] | Sequence[Pair],
    kind: str = "mean",
    *,
    level: float = 0.95,
    dependent: bool = False,
) -> dict[Hashable, Difference] | list[Difference]:
    """Which of many differences are real, with the share of false ones among those that are claimed held down.

    q of the k-th smallest p of m = min over j >= k of p_j m / j; claimed when q <= 1 - level. Intervals of the R that
    are claimed have the level 1 - R (1 - level) / m, of the others 1 - (R + 1)(1 - level) / m. Commonly got wrong: ten
    comparisons at 95 % each, of which some claim is false in 40 of 100 cases although nothing differs; and intervals at
    95 % shown only for those that were picked, which then miss the truth more often.

    Parameters
    ----------
    pairs : mapping of name to (a, b), or sequence of (a, b)
        Each as in `difference`.
    kind : "rate", "count" or "mean"
        The same for all.
    level : float
        1 less the share of false claims that is allowed, above 0 and below 1.
    dependent : bool
        True for comparisons that hang together in an unknown way: divides the allowance by 1 + 1/2 + ... + 1/m. Not
        needed for independent ones, nor for several held against one common side.

    Returns
    -------
    dict of Difference by name, or list of Difference in the order given
        Those without enough data take no part, so that they cost the others nothing.

    Raises
    ------
    ValueError
        As `difference`.

    Notes
    -----
    The expected share of false claims among the claims is at most 1 - level; where nothing differs that is the chance
    of any claim at all. Claimed means that the interval leaves out 0: the two always agree. Invariants: the order of
    the pairs; a pair without data changes nothing; a claim here is also one of `difference` alone.

    References
    ----------
    Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, JRSS B 57 (1995). Y. Benjamini, D. Yekutieli, The
    control of the false discovery rate in multiple testing under dependency, Ann. Stat. 29 (2001); False discovery
    rate-adjusted multiple confidence intervals for selected parameters, JASA 100 (2005),
    https://doi.org/10.1198/016214504000001907.

    Examples
    --------
    >>> found = many({"reels": ((90, 1000), (40, 1000)), "images": ((41, 1000), (40, 1000))}, "rate")
    >>> [one.verdict for one in found.values()]
    ['higher', 'no reliable difference']
    >>> many([], "mean")
    []
    """
    if not 0 < level < 1:
        raise ValueError(f"The level is {level}; it lies between 0 and 1, usually at 0.95.")
    given = list(pairs.values()) if isinstance(pairs, Mapping) else list(pairs)
    prepared = [_prepared(a, b, kind, level) for a, b in given]
    found = _judged(prepared, 1 - level, dependent)
    return dict(zip(pairs, found, strict=True)) if isinstance(pairs, Mapping) else found


def _prepared(a: Any, b: Any, kind: str, level: float) -> _Ready | Difference:
    name, sides, notes = read(a, b, kind)
    lacking = short_of(name, *sides)
    if lacking:
        return blank(name, sides, level, lacking, notes)
    one, two, more = arms(name, *sides)
    return _Ready(name, (one, two), sides, notes + more)


def _judged(prepared: list[_Ready | Difference], allowed: float, dependent: bool) -> list[Difference]:
    ready = [one for one in prepared if isinstance(one, _Ready)]
    m = len(ready)
    share = allowed / (float(np.sum(1 / np.arange(1, m + 1))) if dependent and m else 1.0)
    first = [compared(one.kind, one.arms, one.sides, share, one.notes) for one in ready]
    q = adjusted(np.array([one.p for one in first]))
    claims = int((q <= share).sum())
    judged = iter(
        replace(
            compared(one.kind, one.arms, one.sides, share * (claims + int(own > share)) / m, one.notes),
            q=min(1.0, float(own) * allowed / share),
        )
        for one, own in zip(ready, q, strict=True)
    )
    return [next(judged) if isinstance(one, _Ready) else one for one in prepared]


def adjusted(p: Floats) -> Floats:
    """Benjamini and Hochberg's adjusted p; NaN, a comparison that was not made, stays and is not counted.

    Examples
    --------
    >>> adjusted(np.array([0.01, 0.04, 0.03, nan])).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    known = ~np.isnan(p)
    order = np.argsort(p[known])
    ranked = p[known][order] * known.sum() / np.arange(1, known.sum() + 1)
    back = np.empty_like(ranked)
    back[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    full = np.full(p.shape, nan)
    full[known] = back
    return full
