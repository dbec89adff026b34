"""What a person chooses for themselves, in every workspace: the language they read, and how figures and dates look."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from core.errors import BadSetting
from core.language import LANGUAGES, tr
from core.viewer import Right, Viewer
from storage import database, settings

_SETTING = "person"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Codes of `core.language`: of the words, "" for what the browser asks for; and of the forms of figures and dates,
    "" for those of the words."""

    words: str = ""
    forms: str = ""


def read(viewer: Viewer) -> Preferences:
    """What the person chose."""
    viewer.require(Right.READ)
    with database.current().read() as connection:
        return Preferences(**settings.get(connection, settings.INSTALLATION, _name(viewer), {}))


def choose(viewer: Viewer, chosen: Preferences) -> None:
    """Keep a choice. Raises BadSetting for a language that there is not."""
    viewer.require(Right.READ)
    if not {chosen.words, chosen.forms} <= {"", *LANGUAGES}:
        raise BadSetting(
            tr("There is no such language."), hint=tr("There are {languages}.", languages=", ".join(LANGUAGES))
        )
    with database.current().write() as connection:
        settings.put(connection, settings.INSTALLATION, _name(viewer), asdict(chosen))


def _name(viewer: Viewer) -> str:
    return f"{_SETTING}/{viewer.person}"
