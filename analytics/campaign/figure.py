"""A number that is unknown says why; the ratio everything else is made of."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import isfinite, nan, prod

import numpy as np

from core.language import mark, tr


class Figure(float):
    """A number that says why it is NaN: `reason` is empty when it is known."""

    __slots__ = ("reason",)
    reason: str

    def __new__(cls, value: float, reason: str = "") -> Figure:
        figure = super().__new__(cls, value)
        figure.reason = reason
        return figure

    def __getnewargs__(self) -> tuple[float, str]:  # type: ignore[override]
        return float(self), self.reason


def ratio(top: float, under: float, *, what: str = mark("the denominator")) -> Figure:
    """One quantity over another, or why there is none.

    top / under. Commonly got wrong: 0, 100 % or endless where the denominator is 0; and the mean of several ratios in
    place of the ratio of their sums.

    Parameters
    ----------
    top, under : float
        Any unit; NaN unknown. Of several campaigns their sums.
    what : str
        What `under` is called in the reason.

    Returns
    -------
    Figure
        NaN with a reason when either is unknown or infinite, or `under` is 0.

    Raises
    ------
    Nothing.

    Notes
    -----
    Exact arithmetic: how sure a rate is says `compare.difference`. Invariant: a common factor changes nothing.

    References
    ----------
    Ours: undefined is not a number.

    Examples
    --------
    >>> round(ratio(1250, 75_000), 4)
    0.0167
    >>> ratio(5, 0, what="spend").reason
    'spend is 0.'
    """
    if not (isfinite(top) and isfinite(under)):
        return Figure(nan, tr("a number it is made of is not known."))
    return Figure(top / under) if under != 0 else Figure(nan, tr("{what} is 0.", what=tr(what)))


def funnel(steps: Mapping[str, float]) -> dict[str, Figure]:
    """The share of each step that reaches the next, and "overall": the last over the first, the product of all.

    Parameters
    ----------
    steps : mapping of str to float
        Counts in order, from the widest to the last; NaN unknown.

    Returns
    -------
    dict of Figure, fractions
        One per step after the first, and "overall"; empty with fewer than two steps. NaN with a reason where unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    A share above 1 is let stand: people may enter later. Invariant: "overall" is the product of the others.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> {name: float(share) for name, share in funnel({"clicks": 200, "leads": 50, "sales": 5}).items()}
    {'leads': 0.25, 'sales': 0.1, 'overall': 0.025}
    """
    names = list(steps)
    shares = {after: ratio(steps[after], steps[before], what=before) for before, after in pairwise(names)}
    if len(names) < 2:
        return shares
    return shares | {"overall": ratio(steps[names[-1]], steps[names[0]], what=names[0])}


def chained(*shares: float) -> Figure:
    """What is left after one share after the other: their product; NaN when one is unknown.

    Parameters
    ----------
    shares : float
        Fractions; NaN unknown.

    Returns
    -------
    Figure, fraction
        1 without shares; NaN with a reason when one is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Shares must each be of what the one before left. Invariant: the order does not matter.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> round(chained(0.028, 0.25, 0.35), 5)
    0.00245
    """
    whole = prod(shares)
    return Figure(whole) if isfinite(whole) else Figure(nan, tr("a share is not known."))


def f1(precision: float, recall: float) -> Figure:
    """How well a yes/no forecast does: 2 x precision x recall / (precision + recall), 0 to 1.

    Parameters
    ----------
    precision, recall : float
        Fractions; NaN unknown.

    Returns
    -------
    Figure, 0 to 1
        NaN with a reason when both are 0 or one is unknown.

    Raises
    ------
    Nothing.

    Notes
    -----
    Lies between the two, nearer to the smaller. Invariant: swapping them changes nothing.

    References
    ----------
    C. J. van Rijsbergen, Information Retrieval, 2nd ed. 1979, with equal weights.

    Examples
    --------
    >>> round(f1(0.84, 0.78), 3)
    0.809
    """
    return ratio(2 * precision * recall, precision + recall, what=mark("precision and recall"))


def shares(parts: Mapping[str, float]) -> dict[str, float]:
    """Each part of the whole as a fraction; they add up to 1. NaN, all of them, when one is unknown or the whole is 0.

    Parameters
    ----------
    parts : mapping of str to float
        Any unit, 0 or more; NaN unknown.

    Returns
    -------
    dict of float, fractions

    Raises
    ------
    Nothing.

    Notes
    -----
    Invariants: scale changes nothing; they add up to 1.

    References
    ----------
    Ours; the usual definition.

    Examples
    --------
    >>> shares({"organic": 60, "paid": 30, "social": 10})
    {'organic': 0.6, 'paid': 0.3, 'social': 0.1}
    """
    values = np.array(list(parts.values()), float)
    whole = float(values.sum()) if len(values) else nan
    return dict(zip(parts, (values / whole if whole else np.full(len(values), nan)).tolist(), strict=True))
