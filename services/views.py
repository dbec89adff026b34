"""Saved views: a name for what the filter bar shows, kept with the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.errors import BadSetting
from core.language import tr
from core.viewer import Right, Viewer
from storage import database, settings

_SETTING = "views"
LONGEST_NAME, MOST = 60, 50
State = Mapping[str, Any]
"""What the filter bar shows, as values JSON can hold."""


def read(viewer: Viewer) -> dict[str, State]:
    """Name -> view, by name."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return dict(sorted(settings.get(connection, viewer.workspace_id, _SETTING, {}).items()))


def save(viewer: Viewer, name: str, state: State) -> None:
    """Keep a view; one of this name is replaced. Raises BadSetting for a name that cannot be used, or one too many."""
    viewer.require(Right.MANAGE)
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > LONGEST_NAME:
        raise BadSetting(tr("A view has a name of 1 to {n} characters.", n=LONGEST_NAME))
    with database.current().write() as connection:
        kept = dict(settings.get(connection, viewer.workspace_id, _SETTING, {})) | {chosen: dict(state)}
        if len(kept) > MOST:
            raise BadSetting(tr("There are {n} saved views already.", n=MOST), hint=tr("Remove one first."))
        settings.put(connection, viewer.workspace_id, _SETTING, kept)


def remove(viewer: Viewer, name: str) -> None:
    """Forget a view; nothing happens when there is none."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        kept = dict(settings.get(connection, viewer.workspace_id, _SETTING, {}))
        if kept.pop(name, None) is not None:
            settings.put(connection, viewer.workspace_id, _SETTING, kept)
