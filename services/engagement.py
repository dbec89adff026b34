"""What a workspace counts as engagement. A choice holds for every number, the past included: sums are never stored."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.metrics import definitions
from analytics.metrics.registry import METRICS
from core.viewer import Right, Viewer
from services import catalogue
from storage import database, entities, settings

_SETTING = "engagement_definition"
_TITLES = {
    "seed": ("Likes, comments and shares", "Easiest to compare with other tools."),
    "full": ("Every public reaction", "Adds saves, quotes, bookmarks and the like, wherever a platform counts them."),
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One way to count engagement. `formulas`: what is summed -> the platforms where it is."""

    version: str
    title: str
    meaning: str
    formulas: tuple[tuple[str, tuple[str, ...]], ...]


def options(viewer: Viewer) -> tuple[Definition, ...]:
    """Every definition, in words for the platforms of the workspace; in an empty one, for all that can be connected."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        used = {account.platform for account in entities.accounts(connection, viewer.workspace_id)}
    platforms = sorted(used or catalogue.connectors())
    return tuple(_definition(version, platforms) for version in definitions.ENGAGEMENT)


def _definition(version: str, platforms: list[str]) -> Definition:
    titles, found = catalogue.platform_titles(), dict[str, tuple[str, ...]]()
    for platform in platforms:
        words = " + ".join(METRICS[name].title.lower() for name in definitions.terms(version, platform))
        found[words] = (*found.get(words, ()), titles.get(platform, platform))
    title, meaning = _TITLES[version]
    return Definition(version, title, meaning, tuple(found.items()))


def current(viewer: Viewer) -> str:
    """The version in force."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return str(settings.get(connection, viewer.workspace_id, _SETTING, definitions.DEFAULT))


def choose(viewer: Viewer, version: str) -> None:
    """Count by this version from now on, the past included. Raises BadQuestion for one there is not."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        settings.put(connection, viewer.workspace_id, _SETTING, definitions.check(version))
