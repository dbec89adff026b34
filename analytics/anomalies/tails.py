"""How rare is a residual, by the residuals before it? An empirical body and a fitted tail, learnt one row at a time."""

from __future__ import annotations

import bisect
import math

import numpy as np

_PRIOR_ROWS = 40
_PRIOR_SHAPE, _PRIOR_WEIGHT = 0.15, 30.0
_LARGEST_SHARE, _FEWEST = 0.08, 8
_LIGHTEST, _HEAVIEST = -0.1, 0.6
_NEVER = 700.0


def _prior() -> list[float]:
    """Quantiles above the median of Student's t with four degrees of freedom, which have a closed form (Shaw 2006), in
    its standard deviations."""
    chances = [(rank + 0.5) / _PRIOR_ROWS for rank in range(_PRIOR_ROWS // 2, _PRIOR_ROWS)]
    roots = [math.sqrt(4 * chance * (1 - chance)) for chance in chances]
    return [math.sqrt(2) * math.sqrt(math.cos(math.acos(root) / 3) / root - 1) for root in roots]


_PRIOR = _prior()


class Tail:
    """The upper tail of one stream of numbers: a generalised Pareto over the largest twelfth of what was seen.

    Starts as if it had seen forty residuals of Student's t with four degrees of freedom, so that little data means
    little certainty. Shape and scale by probability-weighted moments (Hosking and Wallis 1987), the shape held towards
    0.15.
    """

    __slots__ = ("_above", "_count", "_new", "_scale", "_seen", "_shape", "_start", "limit", "rarity")

    def __init__(self, rarity: float) -> None:
        self.rarity = rarity
        self._seen, self._count = list(_PRIOR), _PRIOR_ROWS
        self._fit()

    def _fit(self) -> None:
        seen = self._seen
        largest = min(max(_FEWEST, int(_LARGEST_SHARE * self._count)), len(seen) - 1)
        self._start = seen[-largest - 1]
        excess = np.array(seen[-largest:]) - self._start
        weights = 1 - (np.arange(1, largest + 1) - 0.35) / largest
        mean = float(excess.sum()) / largest
        spread = mean - 2 * float((excess * weights).sum()) / largest
        shape = 2 - mean / spread if spread > 1e-12 else _PRIOR_SHAPE
        shape = (largest * shape + _PRIOR_WEIGHT * _PRIOR_SHAPE) / (largest + _PRIOR_WEIGHT)
        shape = min(max(shape, _LIGHTEST), _HEAVIEST)
        self._shape = shape if abs(shape) > 1e-3 else 1e-3
        self._scale = max(mean * (1 - shape), 1e-3)
        self._above = math.log(largest / self._count)
        self._new = 0
        self.limit = self._start + self._scale * math.expm1(self._shape * (self.rarity + self._above)) / self._shape

    def rare(self, value: float) -> float:
        """Minus the logarithm of the chance of a value at least as large."""
        if value <= self._start:
            above = len(self._seen) - bisect.bisect_left(self._seen, value)
            return -math.log((above + 0.5) / (self._count + 1)) if value > 0 else 0.0
        grown = 1 + self._shape * (value - self._start) / self._scale
        return min(_NEVER, math.log(grown) / self._shape - self._above) if grown > 0 else _NEVER

    def learn(self, value: float) -> None:
        """Take one more value; one beyond the limit counts as little above it, so that an incident hides no other."""
        self._count += 1
        if value > 0:
            bisect.insort(self._seen, min(value, 1.3 * max(self.limit, 0.1)))
        self._new += 1
        if self._new * 50 >= self._count:
            self._fit()
