"""What a team wants to reach: one target per metric, kept with the workspace."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.metrics import registry
from core.errors import BadSetting
from core.language import tr
from core.metric import Adds, Unit
from core.question import Asked, Number, Period, Where
from core.viewer import Right, Viewer
from services.team import custom_metrics
from storage import database, settings

_SETTING = "targets"
DAYS = 30
"""What a target of a metric that sums over days is given for."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a number is: `target` in its unit for the period asked, `share` of it (1 = reached)."""

    target: float
    share: float


def read(viewer: Viewer) -> dict[str, float]:
    """Metric -> target: per 30 days for what sums over days, else the level itself (rates as shares)."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        kept = settings.get(connection, viewer.workspace_id, _SETTING, {})
    return {str(name): float(value) for name, value in kept.items()}


def of(viewer: Viewer, asked: Asked) -> dict[str, float]:
    """The targets that hold for what is asked: of the whole workspace; nothing narrowed has a target of its own."""
    return read(viewer) if of_all(asked) else {}


def of_all(asked: Asked) -> bool:
    """Whether the whole workspace is asked for."""
    return asked.where == Where() and not asked.posts


def put(viewer: Viewer, targets: Mapping[str, float | None]) -> None:
    """Set these targets, and remove those that are None. Raises BadSetting for a target that is not above zero."""
    viewer.require(Right.MANAGE)
    for value in targets.values():
        if value is not None and not (math.isfinite(value) and value > 0):
            raise BadSetting(tr("A target is a number above zero."), hint=tr("Leave the field empty for no target."))
    with database.current().write() as connection:
        kept = dict(settings.get(connection, viewer.workspace_id, _SETTING, {})) | dict(targets)
        left = {name: value for name, value in kept.items() if value is not None}
        settings.put(connection, viewer.workspace_id, _SETTING, left)


def sums_over_days(metric: str) -> bool:
    """Whether a target of the metric is one per 30 days."""
    known = registry.METRICS.get(metric)
    return known is not None and known.adds is Adds.FLOW and known.unit is not Unit.RATIO


def by_day(targets: Mapping[str, float], metric: str) -> float | None:
    """What a target asks of each day: its part of the 30 days, or the level; None without a target.

    >>> by_day({"views": 300.0, "followers": 50.0}, "views"), by_day({"followers": 50.0}, "followers"), by_day({}, "x")
    (10.0, 50.0, None)
    """
    if metric not in targets:
        return None
    return targets[metric] / DAYS if sums_over_days(metric) else targets[metric]


def progress(targets: Mapping[str, float], number: Number, period: Period) -> Progress | None:
    """How far a number is from its target in a period; None without a target or without a value.

    >>> from core.metric import Direction
    >>> views = Number("views", 50.0, Unit.COUNT, Direction.UP)
    >>> from datetime import date
    >>> progress({"views": 300.0}, views, Period(date(2026, 1, 1), date(2026, 1, 10)))
    Progress(target=100.0, share=0.5)
    """
    if number.metric not in targets or number.value is None:
        return None
    if custom_metrics.is_custom(number.metric) and number.unit is not Unit.RATIO:
        return None  # it is given for a day, and whether its formula adds up over days is nowhere told
    target = targets[number.metric] * (period.days / DAYS if sums_over_days(number.metric) else 1)
    return Progress(target, number.value / target)
