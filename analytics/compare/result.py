"""What came out of a comparison, and how to say it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, log10
from typing import Literal

from core.language import figure, tr

Kind = Literal["rate", "count", "mean"]
Verdict = Literal["higher", "lower", "no reliable difference", "not enough data"]


@dataclass(frozen=True, slots=True)
class Difference:
    """`a` less `b`, with how sure it is.

    Parameters
    ----------
    kind : "rate", "count" or "mean"
    value_a, value_b : float
        The two sides: a fraction, events per unit of exposure, or a mean; NaN unknown.
    estimate, lower, upper : float
        `value_a - value_b` and its interval, in the unit of the values (a rate's as a fraction); NaN without data.
    relative, relative_lower, relative_upper : float
        `value_a / value_b - 1` and its interval; infinite where b may be 0, NaN where a ratio says nothing.
    p : float
        The smallest share of misses at which the interval leaves out 0: below `1 - level` exactly when it does.
    q : float
        `p` adjusted for all comparisons made together; `p` itself of a single one.
    level : float
        Of the interval. Of many comparisons that were selected it is higher than asked for, see `many`.
    n_a, n_b : int
        Posts (days, people); of bare totals the trials or events.
    verdict : str
        "higher", "lower" (a than b), "no reliable difference" or "not enough data".
    reason : str
        What is lacking, when it is not enough.
    notes : tuple of str
        What the interval rests on and a reader should know.
    """

    kind: Kind
    value_a: float
    value_b: float
    estimate: float
    lower: float
    upper: float
    relative: float
    relative_lower: float
    relative_upper: float
    p: float
    q: float
    level: float
    n_a: int
    n_b: int
    verdict: Verdict
    reason: str = ""
    notes: tuple[str, ...] = ()

    @property
    def reliable(self) -> bool:
        """Whether a difference is claimed."""
        return self.verdict in ("higher", "lower")

    def words(self, a: str = "A", b: str = "B") -> str:
        """The result in a sentence, with its interval; `a` and `b` name the sides."""
        if self.verdict == "not enough data":
            return tr("Not enough data to compare {a} with {b}: {why}", a=a, b=b, why=self.reason)
        one, two, sure = _shown(self.value_a, self.kind), _shown(self.value_b, self.kind), _short(100 * self.level)
        low, high = self.lower, self.upper
        if not self.reliable:
            return tr(
                "No reliable difference between {a} ({one}) and {b} ({two}): it may be anything from {low} to {high} "
                "({sure} % interval).",
                a=a, b=b, one=one, two=two, low=_way(low, self.kind), high=_way(high, self.kind), sure=sure,
            )  # fmt: skip
        least, most = (_short(_scaled(side, self.kind)) for side in sorted((abs(low), abs(high))))
        span = tr("{sure} % interval {low} to {high}", sure=sure, low=least, high=most)
        said: dict[str, object] = {"gap": _gap(self.estimate, self.kind), "span": span, "one": one, "two": two}
        if self.verdict == "higher":
            return tr("Higher for {a} than for {b}, by {gap} ({span}): {one} against {two}.", a=a, b=b, **said)
        return tr("Lower for {a} than for {b}, by {gap} ({span}): {one} against {two}.", a=a, b=b, **said)


def _shown(value: float, kind: Kind) -> str:
    return f"{_short(100 * value)} %" if kind == "rate" else _short(value)


def _scaled(value: float, kind: Kind) -> float:
    return 100 * value if kind == "rate" else value


def _gap(value: float, kind: Kind) -> str:
    size = _short(_scaled(abs(value), kind))
    return tr("{size} percentage points", size=size) if kind == "rate" else size


def _way(value: float, kind: Kind) -> str:
    size = _gap(value, kind)
    return tr("{size} less", size=size) if value < 0 else tr("{size} more", size=size)


def _short(value: float) -> str:
    """Three significant digits, thousands with commas."""
    if not isfinite(value):
        return tr("unknown") if isnan(value) else tr("any amount")
    if value == 0:
        return "0"
    digits = max(0, 2 - int(log10(abs(value)) // 1))
    text = f"{value:,.{min(digits, 12)}f}"
    return figure(text.rstrip("0").rstrip(".") if "." in text else text)
