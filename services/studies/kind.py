"""What a kind of study declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from analytics.metrics import registry
from services.studies.numbers import Numbers
from services.studies.subject import Subject


@dataclass(frozen=True, slots=True)
class Found:
    """What was computed, as JSON knows it, and the newest day that was known."""

    until: date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of study. `method` goes up when the method changes, so that what the former one found is made anew;
    `every` is how long a study holds although numbers changed. `subjects` takes the platforms that are read. `compute`
    raises NotEnoughData where a method cannot speak; it imports its method itself, so that whoever only asks what is
    due does not wait for that."""

    name: str
    method: int
    every: timedelta
    subjects: Callable[[Sequence[str]], Sequence[Subject]]
    compute: Callable[[Numbers, Subject], Found]


def of_metrics(metrics: Sequence[str]) -> Callable[[Sequence[str]], list[Subject]]:
    """Subjects: each metric, of all platforms and of each that gives it."""
    return lambda platforms: [
        Subject(metric, platform)
        for metric in metrics
        for platform in with_all([one for one in platforms if one in registry.platforms(metric)])
    ]


def of_platforms(platforms: Sequence[str]) -> list[Subject]:
    """Subjects: all platforms together, and each."""
    return [Subject(platform=platform) for platform in with_all(platforms)]


def with_all(platforms: Sequence[str]) -> list[str]:
    """Empty for all together, then each.

    >>> with_all(["x"]), with_all([])
    (['', 'x'], [])
    """
    return ["", *platforms] if platforms else []
