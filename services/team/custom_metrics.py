"""Metrics that a team defines itself: a formula over registered ones, with its unit and its good direction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from analytics import formula
from analytics.formula import Formula
from analytics.metrics import registry
from core import language
from core.errors import BadSetting, NotFound
from core.language import mark, tr
from core.metric import Adds, Direction, Metric, Unit
from core.viewer import Right, Viewer
from storage import database, settings
from storage.database import Connection

PREFIX = "own."
"""Names of custom metrics begin so: no registered name does."""
MOST = 100
LONGEST_TITLE, LONGEST_WORDS = 60, 300
UNITS = {
    Unit.RATIO: mark("Per cent"), Unit.COUNT: mark("Number"), Unit.MONEY: mark("Money"), Unit.SECONDS: mark("Seconds"),
}  # fmt: skip
_SETTING = "custom_metrics"


@dataclass(frozen=True, slots=True)
class CustomMetric:
    """A metric of a team: `name` is stable and begins with `own.`, `text` its formula over registered names."""

    name: str
    title: str
    text: str
    unit: Unit = Unit.RATIO
    direction: Direction = Direction.UP
    description: str = ""

    @property
    def formula(self) -> Formula:
        """The formula, understood. Raises BadQuestion when an ingredient is no more."""
        return formula.parse(self.text, registry.METRICS)

    @property
    def words(self) -> str:
        """The formula with the titles people know."""
        return self.formula.words(
            {name: language.inside(tr(metric.title)) for name, metric in registry.METRICS.items()}
        )


def is_custom(name: str) -> bool:
    """Whether a name is that of a custom metric."""
    return name.startswith(PREFIX)


def read(viewer: Viewer) -> dict[str, CustomMetric]:
    """Every custom metric of the workspace by name, in the order of their titles."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return stored(connection, viewer.workspace_id)


def stored(connection: Connection, workspace_id: int) -> dict[str, CustomMetric]:
    """The same on an open connection."""
    kept: Mapping[str, Any] = settings.get(connection, workspace_id, _SETTING, {})
    found = [_read(name, one) for name, one in kept.items()]
    return {one.name: one for one in sorted(found, key=lambda one: one.title.lower())}


def _read(name: str, kept: Mapping[str, Any]) -> CustomMetric:
    return CustomMetric(name, str(kept["title"]), str(kept["text"]), Unit(kept["unit"]), Direction(kept["direction"]),
                        str(kept.get("description", "")))  # fmt: skip


def check(text: str) -> Formula:
    """A formula as it will be kept. Raises BadQuestion or BadSetting in one line that says what to do."""
    made = formula.parse(text, registry.METRICS)
    for name in made.names:
        metric = registry.METRICS[name]
        if metric.grain != "day":
            raise BadSetting(
                tr("{metric} is not known by day.", metric=tr(metric.title)), hint=tr("Choose another metric.")
            )
    return made


def save(
    viewer: Viewer,
    title: str,
    text: str,
    *,
    unit: Unit = Unit.RATIO,
    direction: Direction = Direction.UP,
    description: str = "",
    name: str = "",
) -> CustomMetric:
    """Keep a metric; with `name` change that one. Raises BadSetting or BadQuestion in one line that says what to do."""
    viewer.require(Right.MANAGE)
    said = " ".join(title.split())
    if not said or len(said) > LONGEST_TITLE:
        raise BadSetting(
            tr("A metric needs a name of at most {n} letters.", n=LONGEST_TITLE),
            hint=tr("Such as Save rate."),
        )
    made = check(text)
    with database.current().write() as connection:
        known = stored(connection, viewer.workspace_id)
        if name and name not in known:
            raise NotFound(tr("This metric does not exist any more."), hint=tr("Make it anew."))
        if not name and len(known) >= MOST:
            raise BadSetting(tr("There are {n} metrics of your own already.", n=MOST), hint=tr("Remove one first."))
        others = [one for one in known.values() if one.name != name]
        taken = {one.title.lower() for one in others} | {one.title.lower() for one in registry.METRICS.values()}
        if said.lower() in taken:
            raise BadSetting(tr("There is a metric called {name} already.", name=said), hint=tr("Choose another name."))
        one = CustomMetric(
            name or _name(said, known), said, made.text, unit, direction, description.strip()[:LONGEST_WORDS]
        )
        _keep(connection, viewer.workspace_id, {**known, one.name: one})
    return one


def remove(viewer: Viewer, name: str) -> None:
    """Remove a metric. Removing one that is not there is fine."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        known = stored(connection, viewer.workspace_id)
        if known.pop(name, None) is not None:
            _keep(connection, viewer.workspace_id, known)


def _keep(connection: Connection, workspace_id: int, metrics: Mapping[str, CustomMetric]) -> None:
    kept = {name: {key: value for key, value in asdict(one).items() if key != "name"} for name, one in metrics.items()}
    settings.put(connection, workspace_id, _SETTING, kept)


def _name(title: str, taken: Mapping[str, CustomMetric]) -> str:
    """A stable name from a title; a number makes it unique."""
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40] or "metric"
    tried, number = f"{PREFIX}{slug}", 2
    while tried in taken:
        tried, number = f"{PREFIX}{slug}_{number}", number + 1
    return tried


def as_metric(one: CustomMetric) -> Metric:
    """The same in the shape of the registry, for pickers and the glossary; `id` 0 is stored nowhere."""
    return Metric(0, one.name, one.title, one.unit, one.direction, Adds.RATIO, one.description or one.words)
