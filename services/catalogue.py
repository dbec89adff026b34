"""What there is to choose from: platforms, metrics, accounts. For pickers, never for numbers."""

from __future__ import annotations

from analytics.metrics.registry import METRICS
from core.metric import Metric, Unit
from core.viewer import Right, Viewer
from services.connecting import platforms
from storage import database, entities
from storage.entities import AccountRow


def platform_titles() -> dict[str, str]:
    """Platform -> the name people know, for every platform some metric comes from."""
    named = {platform for metric in METRICS.values() for platform in metric.platforms}
    return {name: platforms.title(name) for name in sorted(named.union(platforms.connectors()))}


def stored_metric_titles() -> dict[str, str]:
    """Name -> title of every metric that is stored, not computed."""
    return {name: metric.title for name, metric in METRICS.items() if not metric.derived}


def accounts(viewer: Viewer) -> list[AccountRow]:
    """The accounts of the workspace, by name."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        found = entities.accounts(connection, viewer.workspace_id)
    return sorted(found, key=lambda account: account.name.lower())


def metric_units() -> dict[str, Unit]:
    """Name -> unit of every metric."""
    return {name: metric.unit for name, metric in METRICS.items()}


def metrics() -> tuple[Metric, ...]:
    """Every metric, in registry order."""
    return tuple(METRICS.values())
