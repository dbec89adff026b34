"""What a workspace counts as engagement."""

from __future__ import annotations

from analytics.metrics import definitions
from core.viewer import Right, Viewer
from storage import database, settings

_SETTING = "engagement_definition"


def options(platforms: tuple[str, ...] = ()) -> dict[str, str]:
    """Version -> what it sums, in words, on these platforms."""
    return {version: definitions.words(version, platforms) for version in definitions.ENGAGEMENT}


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
