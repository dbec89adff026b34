"""The kinds of findings: what each needs, which effect it tells, how much it matters, and what is too small."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.insights.facts import Category, Fact
from analytics.insights.names import clean

NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    `effect` names a relative difference: one of the values, or with `over` computed as first / second - 1. `needs`,
    `days` and `about` name the values, days and fields of the subject without which nothing is said. `relevance` ranks,
    `smallest` is the least effect worth a word. `bounds_level` kinds give `lower` and `upper` in the metric's unit.
    `certain` kinds are counted, not estimated. `bare` kinds can be told without a relative difference.
    """

    category: Category
    effect: str = ""
    over: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    relevance: float = 1.0
    smallest: float = 0.05
    bounds_level: bool = False
    certain: bool = False
    bare: bool = False
    periods: bool = False


_PERFORMANCE, _GROWTH, _TREND = Category.PERFORMANCE, Category.GROWTH, Category.TREND
_DATA = Category.DATA

KINDS: Mapping[str, Kind] = {
    "change": Kind(_PERFORMANCE, "change", ("value", "previous"), bare=True, periods=True),
    "post": Kind(_PERFORMANCE, "change", ("value", "usual"), ("others",), relevance=0.9, smallest=0.5),
    "frequency": Kind(_PERFORMANCE, "lift", (), ("low", "high", "per_week", "weeks")),
    "format": Kind(_PERFORMANCE, "lift", (), ("posts",), about=("content",)),
    "slot": Kind(_PERFORMANCE, "lift", (), ("posts",), about=("weekday", "hour"), relevance=0.9),
    "pattern": Kind(_PERFORMANCE, "lift", (), ("posts",), about=("feature",), relevance=0.8),
    "growth": Kind(_GROWTH, "growth", (), ("weeks",), relevance=0.9, smallest=0.002),
    "platform": Kind(_GROWTH, "lift", (), ("posts",), about=("platform",), relevance=0.9),
    "forecast": Kind(_GROWTH, "change", ("expected", "value"), days=("by",), smallest=0.01, bounds_level=True),
    "outlook": Kind(_GROWTH, "change", ("expected", "previous"), periods=True, bounds_level=True),
    "goal": Kind(_GROWTH, "gap", ("expected", "target"), days=("by",), relevance=1.1, smallest=0.0, bounds_level=True),
    "audience": Kind(_GROWTH, "change", ("share", "previous"), about=("segment",), relevance=0.7),
    "hashtag": Kind(_TREND, "lift", (), ("uses",), about=("tag",), relevance=0.7),
    "viral": Kind(_TREND, "change", ("value", "usual"), ("age",), relevance=1.1, smallest=1.0),
    "season": Kind(_TREND, "lift", (), ("years",), about=("month",), relevance=0.7),
    "shift": Kind(_TREND, "change", (), ("accounts",), days=("since",), relevance=1.1),
    "benchmark": Kind(Category.COMPETITION, "gap", ("value", "benchmark"), about=("peer",), relevance=0.9),
    "anomaly": Kind(
        Category.ANOMALY, "change", ("value", "expected"), days=("on",), relevance=1.3, bounds_level=True, bare=True
    ),
    "pacing": Kind(
        Category.BUDGET,
        "gap",
        ("projected", "budget"),
        ("spent", "elapsed", "days_left"),
        days=("by",),
        relevance=1.2,
        certain=True,
    ),
    "failing": Kind(_DATA, about=("platform",), relevance=2.0, certain=True),
    "late": Kind(_DATA, needs=("late",), days=("last",), about=("platform",), relevance=1.2, certain=True),
    "coverage": Kind(_DATA, needs=("known", "accounts"), relevance=0.9, certain=True),
}
"""Every kind that `write` knows."""


def values_of(fact: Fact) -> dict[str, float]:
    """The fact's values with the kind's effect, and what follows from them by plain arithmetic; NaN where undefined."""
    kind, values = KINDS[fact.kind], {name: float(value) for name, value in fact.values.items()}
    if fact.lower is not None and fact.upper is not None:
        values |= {"lower": float(fact.lower), "upper": float(fact.upper)}
    if kind.over:
        above, below = (values.get(name, NAN) for name in kind.over)
        values["difference"] = above - below
        values[kind.effect] = above / below - 1 if below > 0 and above >= 0 else NAN
        values["times"] = values[kind.effect] + 1
    if fact.kind == "pacing":
        values |= _pacing(values)
    return values


def _pacing(values: Mapping[str, float]) -> dict[str, float]:
    """What may still be spent a day; NaN when nothing or no day is left."""
    left, days = values.get("budget", NAN) - values.get("spent", NAN), values.get("days_left", NAN)
    return {"daily": left / days if left > 0 and days > 0 else NAN}


def tellable(fact: Fact, values: Mapping[str, float]) -> bool:
    """Whether everything is there that the kind's sentence needs."""
    kind = KINDS[fact.kind]
    bounds = kind.bounds_level or fact.kind == "growth"
    needed = (*kind.needs, *kind.over, *(("lower", "upper") if bounds else ()))
    if not kind.over and kind.effect:
        needed = (*needed, kind.effect)
    if not all(math.isfinite(values.get(name, NAN)) for name in needed) or any(values[n] < 0 for n in kind.needs):
        return False
    if any(name not in fact.days for name in kind.days) or (kind.periods and not (fact.period and fact.compared)):
        return False
    about = [getattr(fact.subject, name) for name in kind.about]
    named = all(bool(clean(it)) if isinstance(it, str) else it is not None for it in about)
    return named and _worth_a_word(fact, values)


def _worth_a_word(fact: Fact, values: Mapping[str, float]) -> bool:
    """A value within its bounds is no anomaly, nothing is late by no day, and all accounts are no gap."""
    if fact.kind == "anomaly":
        return not values["lower"] <= values["value"] <= values["upper"]
    if fact.kind == "late":
        return values["late"] > 0
    return fact.kind != "coverage" or values["known"] < values["accounts"]
