"""What a workspace counts as engagement. A choice holds for every number, the past included: sums are never stored."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.metrics import definitions
from core.language import mark, tr
from core.viewer import Right, Viewer
from services.connecting import platforms
from services.words import wording
from storage import database, entities, settings

_SETTING = "engagement_definition"
_TITLES = {
    "seed": (mark("Likes, comments and shares"), mark("Easiest to compare with other tools.")),
    "full": (
        mark("Every public reaction"),
        mark("Adds saves, quotes, bookmarks and the like, wherever a platform counts them."),
    ),
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
    known = sorted(used or platforms.connectors())
    return tuple(_definition(version, known) for version in definitions.ENGAGEMENT)


def _definition(version: str, known: list[str]) -> Definition:
    found = dict[str, tuple[str, ...]]()
    for platform in known:
        words = " + ".join(wording.metric(name) for name in definitions.terms(version, platform))
        found[words] = (*found.get(words, ()), platforms.title(platform))
    title, meaning = _TITLES[version]
    return Definition(version, tr(title), tr(meaning), tuple(found.items()))


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
