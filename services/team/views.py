"""Saved views: a name for what the filter bar shows, kept for one person or for everyone in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import BadSetting
from core.language import tr
from core.viewer import Right, Viewer
from storage import database, settings
from storage.database import Connection

_SHARED = "views"
LONGEST_NAME, MOST = 60, 50
State = Mapping[str, Any]
"""What the filter bar shows, as values JSON can hold."""


@dataclass(frozen=True, slots=True)
class View:
    """A view under its name: of everyone in the workspace if `shared`, else of the person alone. `start`: the site
    opens with it for the person."""

    name: str
    state: State
    shared: bool = False
    start: bool = False

    @property
    def key(self) -> str:
        """What tells it from every other: a name may be in both lists."""
        return _key(self.name, shared=self.shared)


def read(viewer: Viewer) -> tuple[View, ...]:
    """The person's own views and then the shared ones, each by name."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        own, shared = _own(connection, viewer), _shared(connection, viewer)
    start = own.get("start", "")
    return tuple(
        View(name, state, kept is shared, _key(name, shared=kept is shared) == start)
        for kept in (own["views"], shared)
        for name, state in sorted(kept.items())
    )


def save(viewer: Viewer, name: str, state: State, *, shared: bool = False) -> None:
    """Keep a view; one of this name in the same list is replaced. Raises BadSetting for a name that cannot be used, or
    one too many, and NotAllowed where a shared one is not the person's to keep."""
    viewer.require(Right.MANAGE if shared else Right.READ)
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > LONGEST_NAME:
        raise BadSetting(tr("A view has a name of 1 to {n} characters.", n=LONGEST_NAME))
    with database.current().write() as connection:
        kept = _views(connection, viewer, shared=shared) | {chosen: dict(state)}
        if len(kept) > MOST:
            raise BadSetting(tr("There are {n} saved views already.", n=MOST), hint=tr("Remove one first."))
        _put(connection, viewer, kept, shared=shared)


def remove(viewer: Viewer, name: str, *, shared: bool = False) -> None:
    """Forget a view; nothing happens when there is none. Raises NotAllowed as `save` does."""
    viewer.require(Right.MANAGE if shared else Right.READ)
    with database.current().write() as connection:
        kept = _views(connection, viewer, shared=shared)
        if kept.pop(name, None) is not None:
            _put(connection, viewer, kept, shared=shared)


def start_with(viewer: Viewer, key: str) -> None:
    """Open the site with the view of this key for the person, or with none for ""."""
    viewer.require(Right.READ)
    with database.current().write() as connection:
        settings.put(connection, viewer.workspace_id, _name(viewer), _own(connection, viewer) | {"start": key})


def start(viewer: Viewer) -> State | None:
    """What the site opens with for the person; None where they chose no view, or it is gone."""
    return next((one.state for one in read(viewer) if one.start), None)


def _views(connection: Connection, viewer: Viewer, *, shared: bool) -> dict[str, Any]:
    return _shared(connection, viewer) if shared else _own(connection, viewer)["views"]


def _put(connection: Connection, viewer: Viewer, kept: dict[str, Any], *, shared: bool) -> None:
    if shared:
        settings.put(connection, viewer.workspace_id, _SHARED, kept)
    else:
        settings.put(connection, viewer.workspace_id, _name(viewer), _own(connection, viewer) | {"views": kept})


def _shared(connection: Connection, viewer: Viewer) -> dict[str, Any]:
    return dict(settings.get(connection, viewer.workspace_id, _SHARED, {}))


def _own(connection: Connection, viewer: Viewer) -> dict[str, Any]:
    return {"views": {}} | dict(settings.get(connection, viewer.workspace_id, _name(viewer), {}))


def _name(viewer: Viewer) -> str:
    return f"{_SHARED}/{viewer.person}"


def _key(name: str, *, shared: bool) -> str:
    return f"{'shared' if shared else 'own'}/{name}"
