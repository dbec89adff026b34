"""What comes of holding a number from a platform's own screen against ours."""

from __future__ import annotations

from dataclasses import dataclass

from core.language import mark
from core.metric import Unit
from services.reconciliation.kept import Stated
from services.reconciliation.reasons import AGGREGATED, NORMALISED, READ, Reason

AGREES, DIFFERS, NONE = mark("agrees"), mark("differs"), mark("not comparable")
NUMERATOR, DENOMINATOR, BOTH = "numerator", "denominator", "both parts"
LAYERS = {
    READ: mark("In what was read"),
    NORMALISED: mark("In the definition"),
    AGGREGATED: mark("In adding up"),
    NUMERATOR: mark("In the numerator"),
    DENOMINATOR: mark("In the denominator"),
    BOTH: mark("In both parts"),
    "": "",
}
"""Layer -> where that is, in words."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What the number is at one layer, and how it came about; None with the reason where there is none. `unit` is
    given where it is not that of the number compared."""

    name: str
    number: float | None
    text: str
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """The numerator or the denominator of a rate. `theirs` is None where nobody has entered it; `implied` is what their
    rate makes of it, given the other part (theirs where it is known, else ours). `verdict` is empty where open."""

    title: str
    unit: Unit
    ours: float | None
    theirs: float | None
    implied: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One number against ours. `layer` is where the difference arises, empty where there is none; `said` says it in a
    sentence. `parts` are the two of a rate."""

    stated: Stated
    unit: Unit
    currency: str
    ours: float | None
    verdict: str
    layer: str
    said: str
    layers: tuple[Layer, ...]
    reasons: tuple[Reason, ...]
    parts: tuple[Part, ...] = ()

    @property
    def difference(self) -> float | None:
        """Ours less theirs."""
        return None if self.ours is None else self.ours - self.stated.stated

    @property
    def share(self) -> float | None:
        """The difference as a share of theirs; None where theirs is 0."""
        theirs = self.stated.stated
        return self.difference / abs(theirs) if self.difference is not None and theirs else None


@dataclass(frozen=True, slots=True)
class ComparedList:
    """The newest numbers, each worked out now, and how many there are in all."""

    found: tuple[Compared, ...]
    total: int
