"""What a metric is: the shape of one row of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """How a value is written."""

    COUNT = "count"
    MONEY = "money"
    RATIO = "ratio"
    SECONDS = "seconds"
    SCORE = "score"


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Adds(StrEnum):
    """How a metric adds up.

    FLOW sums over days and accounts. STOCK takes the last day of a bucket and sums over accounts. UNIQUE never sums:
    exact at the grain and account it was measured at, otherwise "at most". RATIO is the sum of numerators over the sum
    of denominators. WEIGHTED is a mean kept as its sum (numerator) and its weight (denominator).
    """

    FLOW = "flow"
    STOCK = "stock"
    UNIQUE = "unique"
    RATIO = "ratio"
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a platform gives a metric: its field name there, since when, until when, and what a reader must know.

    `redefined` are the days from which the platform counts otherwise under the same name, each with what it changed.
    """

    platform: str
    field: str
    valid_from: date | None = None
    valid_to: date | None = None
    replaced_by: str | None = None
    note: str = ""
    redefined: tuple[tuple[date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """One named quantity.

    `id` is stable for ever. `terms` makes a derived sum (engagement = likes + comments + shares), `minus` what is taken
    from it; `change_of` names the stock whose differences stand in where a platform gives none of the terms.
    `numerator` and `denominator` name the metrics of a ratio or weighted mean, taken from days on which both are known,
    or with `pairs` "bucket" from accounts of which both are; with `opening` the denominator is the stock's level before
    the bucket instead of at its end; `scale` is per how many (1000 for per mille). A derived metric is computed and
    never stored.
    """

    id: int
    name: str
    title: str
    unit: Unit
    direction: Direction
    adds: Adds
    definition: str
    sources: tuple[Source, ...] = ()
    terms: tuple[str, ...] = ()
    numerator: str = ""
    denominator: str = ""
    replaced: str = ""
    grain: str = "day"
    per_post: bool = False
    minus: tuple[str, ...] = ()
    change_of: str = ""
    opening: bool = False
    scale: float = 1.0
    pairs: str = "day"

    @property
    def derived(self) -> bool:
        """True when the value is computed from other metrics instead of being stored."""
        return bool(self.terms or self.numerator)

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms that have it, in registry order, without repeats."""
        return tuple(dict.fromkeys(source.platform for source in self.sources))


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to split a metric. Dimension 0 is the total."""

    id: int
    name: str
    title: str
    definition: str = ""


TOTAL = Dimension(0, "total", "Total", "All of the account, not split.")
