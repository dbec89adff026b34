"""What a block can show, and which settings a person has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.errors import BadSetting
from core.language import tr
from core.report import Block, Section, Shape
from services.reports.making import Making


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of a part. `takes` says what: a metric's name, several, one of `choices` (value -> title), a number
    from `least` to `most`, a text, or a switch. `titles` of metrics are the registry's."""

    name: str
    title: str
    takes: Literal["metric", "metrics", "choice", "number", "text", "switch"]
    default: Any
    choices: Mapping[str, str] | None = None
    least: int = 1
    most: int = 100
    of: tuple[str, ...] = ()
    """The metrics there are to choose from; empty means all that can be asked by day."""

    def read(self, given: Any) -> Any:
        """The setting as the part uses it. Raises BadSetting for what it cannot be."""
        if given is None:
            return self.default
        if not self._fits(given):
            raise BadSetting(
                tr("'{value}' is not a setting of “{option}”.", value=str(given)[:60], option=tr(self.title)),
                hint=tr("Choose it anew in the report's builder."),
            )
        return tuple(given) if self.takes == "metrics" else given

    def _fits(self, given: Any) -> bool:
        if self.takes == "number":
            return isinstance(given, int) and not isinstance(given, bool) and self.least <= given <= self.most
        if self.takes == "switch":
            return isinstance(given, bool)
        if self.takes == "metrics":
            return isinstance(given, list | tuple) and bool(given) and all(self._is_one(one) for one in given)
        return self._is_one(given)

    def _is_one(self, given: Any) -> bool:
        """Whether it is one of those there are to choose from, if there is a choice."""
        allowed = self.choices if self.choices is not None else self.of
        return isinstance(given, str) and (given in allowed if allowed else True)


@dataclass(frozen=True, slots=True)
class Part:
    """What a block can show. `about` says in a sentence what it tells; `make` answers its section. A part without
    numbers of its own (`asks` False), such as a text, takes no question."""

    title: str
    about: str
    icon: str
    shape: Shape
    make: Callable[[Making, Block], Section]
    options: tuple[Option, ...] = ()
    asks: bool = True

    def settings(self, block: Block) -> dict[str, Any]:
        """The block's settings, with the usual ones for what was not chosen. Raises BadSetting."""
        return {one.name: one.read(block.options.get(one.name)) for one in self.options}
