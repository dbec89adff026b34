"""The metric registry: every metric of every domain's table, by name and by id."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from analytics.metrics import definitions, dimensions
from core.errors import BadQuestion
from core.language import tr
from core.metric import Dimension, Metric

NOT_A_PLUGIN = True

from core.registry import discover  # noqa: E402  (discovery looks at this module too, and must find the flag above)


def _tables() -> dict[str, Metric]:
    return {metric.name: metric for table in discover(__package__ or "", "TABLE", tuple).values() for metric in table}


METRICS: dict[str, Metric] = _tables()
"""Name -> metric, in the order pickers show them."""

BY_ID: dict[int, Metric] = {metric.id: metric for metric in METRICS.values()}
"""Stored id -> metric."""

DIMENSIONS: dict[str, Dimension] = {dimension.name: dimension for dimension in dimensions.ALL}
"""Name -> dimension; the total is among them."""


def metric(name: str) -> Metric:
    """The metric called `name`. Raises BadQuestion that lists names which look alike.

    >>> metric("views").title
    'Views'
    """
    try:
        return METRICS[name]
    except KeyError:
        raise BadQuestion(tr("There is no metric called '{name}'.", name=name), hint=_near(name, METRICS)) from None


def dimension(name: str) -> Dimension:
    """The dimension called `name`. Raises BadQuestion that lists names which look alike."""
    try:
        return DIMENSIONS[name]
    except KeyError:
        hint = _near(name, ["platform", "account", *DIMENSIONS])
        raise BadQuestion(tr("There is no way to split by '{name}'.", name=name), hint=hint) from None


def _near(name: str, known: dict[str, Metric] | list[str]) -> str:
    near = get_close_matches(name, list(known), 4, 0.5)
    if not near:
        return tr("The reference page of metrics lists all names.")
    return tr("Did you mean {names}?", names=f" {tr('or')} ".join(near))


@cache
def expand(name: str) -> tuple[str, ...]:
    """The stored metrics a metric is made of, in reading order and without repeats; a stored one is made of itself.

    Engagement lists the counters of all its definitions.

    >>> expand("engagement_rate")[-1]
    'views'
    """
    found = metric(name)
    if not found.derived:
        return (name,)
    parts = [*found.terms, *found.minus, found.change_of, found.numerator, found.denominator]
    return tuple(dict.fromkeys(stored for part in parts if part for stored in expand(part)))


def platforms(name: str) -> tuple[str, ...]:
    """The platforms on which a metric can be had: for a ratio, those that have both its parts."""
    found = metric(name)
    if found.numerator:
        bottom = platforms(found.denominator)
        return tuple(platform for platform in platforms(found.numerator) if platform in bottom)
    if found.derived:
        stored = (*found.terms, *((found.change_of,) if found.change_of else ()))
        return tuple(dict.fromkeys(platform for part in stored for platform in platforms(part)))
    return found.platforms


_PLATFORMS = {name: frozenset(metric.platforms) for name, metric in METRICS.items()}


def offered(name: str, platform: str) -> bool:
    """Whether a platform gives a stored metric at account or post level."""
    return platform in _PLATFORMS[name]


def engagement_terms(version: str, platform: str) -> tuple[str, ...]:
    """The counters of a definition of engagement that the platform really gives."""
    return tuple(name for name in definitions.terms(version, platform) if offered(name, platform))
