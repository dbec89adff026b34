"""What a kind of study declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from analytics.metrics.registry import METRICS
from core.viewer import Viewer
from services import catalogue
from services.studies.subject import Subject


@dataclass(frozen=True, slots=True)
class Found:
    """What was computed, as JSON knows it, and the newest day that was known."""

    until: date
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of study. `method` goes up when the method changes, so that what the former one found is made anew;
    `every` is how long a study holds although numbers changed."""

    name: str
    method: int
    every: timedelta
    subjects: Callable[[Viewer], Sequence[Subject]]
    compute: Callable[[Viewer, Subject, datetime], Found]


def every_platform(viewer: Viewer, metric: str = "") -> list[str]:
    """Empty for all platforms together, then each one that is read and, if it is named, gives the metric."""
    read = sorted({one.platform for one in catalogue.accounts(viewer) if one.selected})
    given = [one for one in read if not metric or one in METRICS[metric].platforms]
    return ["", *given] if given else []
