"""Who asks. The first argument of every service function."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotAllowed
from core.language import tr


class Right(StrEnum):
    """What a viewer may do in a workspace."""

    READ = "read"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person in a workspace, with rights. Until sign-in exists there is one: the owner on loopback."""

    person: str
    workspace_id: int
    rights: frozenset[Right] = frozenset(Right)

    def require(self, right: Right) -> None:
        """Raise NotAllowed unless the viewer holds `right`."""
        if right not in self.rights:
            raise NotAllowed(tr("You may not do this in this workspace."), hint=tr("Ask its owner for the right to."))


def owner(workspace_id: int) -> Viewer:
    """The one owner on loopback, looking at a workspace."""
    return Viewer(person="owner", workspace_id=workspace_id)
