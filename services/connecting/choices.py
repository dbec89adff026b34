"""What a person chooses of how a connection is read: how often posts of each age, and what is read at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from connectors import oauth
from connectors.base import Connector, Scope
from core.errors import BadSetting, NotFound
from core.language import tr
from core.viewer import Right, Viewer
from services.connecting import platforms
from services.sync import rhythm
from storage import connections, database
from storage.connections import ConnectionRow


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the ladder: posts younger than `age` are read `every` so often; `declared` is what the platform's
    connector suggests."""

    age: timedelta
    every: timedelta
    declared: timedelta


@dataclass(frozen=True, slots=True)
class OptionView:
    """Something that is read only if a person wants it; `price` is for one thing read, in US dollars, 0 when free."""

    name: str
    title: str
    brings: str
    on: bool
    price: float


def ladder_of(declared: Connector, row: ConnectionRow) -> tuple[StepView, ...]:
    """The ladder of a connection, youngest posts first."""
    chosen = rhythm.ladder(declared, row.options)
    return tuple(
        StepView(age, every, step) for (age, every), (_, step) in zip(chosen, declared.young_posts, strict=True)
    )


def options_of(declared: Connector, row: ConnectionRow) -> tuple[OptionView, ...]:
    """What a person may switch on or off."""
    price = declared.tariff.prices[declared.tariff.post] if declared.tariff else 0.0
    return tuple(
        OptionView(one.name, one.title, one.optional, rhythm.is_on(one, row.options), price)
        for one in declared.streams
        if one.optional
    )


def permissions_of(declared: Connector, row: ConnectionRow) -> tuple[Scope, ...]:
    """What a consent asks for, with the streams that are switched on."""
    asked = oauth.asked_scopes(declared, row.options.get("streams") or ())
    return tuple(one for one in declared.auth.scopes if one.name in asked)


def set_ladder(viewer: Viewer, connection_id: int, steps: Mapping[timedelta, timedelta]) -> None:
    """Read posts younger than an age every so often; a step as declared is not kept. Raises BadSetting."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        declared = dict(platforms.connector(row.platform).young_posts)
        if not declared.keys() >= steps.keys() or not all(
            rhythm.SHORTEST <= one <= rhythm.LONGEST for one in steps.values()
        ):
            raise BadSetting(tr("Posts can be read every quarter of an hour at most, and once a week at least."))
        hour = timedelta(hours=1)
        chosen = {f"{age / hour:g}": every / hour for age, every in steps.items() if every != declared[age]}
        options = {**row.options, "young_posts": chosen}
        connections.update(connection, viewer.workspace_id, connection_id, options=options)


def switch(viewer: Viewer, connection_id: int, stream: str, *, on: bool) -> None:
    """Read an optional stream, or no longer. Raises NotFound when there is no such stream."""
    viewer.require(Right.MANAGE)
    with database.current().write() as connection:
        row = connections.get(connection, viewer.workspace_id, connection_id)
        if stream not in {one.name for one in platforms.connector(row.platform).streams if one.optional}:
            raise NotFound(tr("There is nothing of this name to be switched on or off."))
        chosen = sorted({*(row.options.get("streams") or ()), stream} - (set() if on else {stream}))
        connections.update(connection, viewer.workspace_id, connection_id, options={**row.options, "streams": chosen})
