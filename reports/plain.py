"""A document as JSON and back, without loss: what is stored of a report, and what its JSON file holds."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from core.metric import Unit
from core.question import Compare, Period
from core.report import (
    Block,
    Branding,
    Cell,
    Column,
    Definition,
    Document,
    Figure,
    Finding,
    Holds,
    Layout,
    Plot,
    Row,
    Section,
    Shape,
    Table,
)

SCHEMA = 1
"""Raised with every change of the shape that a reader of the file must know of."""


def plain(thing: Any) -> Any:
    """A value of a report as JSON has it: dates in ISO 8601, bytes in base64, a period as first and last day, a
    gap in a chart's data as null.

    >>> plain(Period(date(2026, 1, 1), date(2026, 1, 31)))
    {'first': '2026-01-01', 'last': '2026-01-31'}
    """
    if is_dataclass(thing) and not isinstance(thing, type):
        return {one.name: plain(getattr(thing, one.name)) for one in fields(thing)}
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, date):
        return thing.isoformat()
    if isinstance(thing, bytes):
        return base64.b64encode(thing).decode()
    if isinstance(thing, Mapping):
        return {str(name): plain(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(one) for one in thing]
    return None if isinstance(thing, float) and not math.isfinite(thing) else thing


def to_plain(document: Document) -> dict[str, Any]:
    """The document as JSON has it."""
    return {"schema": SCHEMA, **plain(document)}


def from_plain(found: Mapping[str, Any]) -> Document:
    """The document that `to_plain` wrote. Raises KeyError or ValueError for anything else."""
    data_until = found["data_until"]
    return Document(
        **{name: found[name] for name in ("title", "subtitle", "workspace", "time_zone", "program", "banner")},
        language=found["language"],
        forms=found["forms"],
        period=_period(found["period"]),
        compared=_period(found["compared"]) if found["compared"] else None,
        filters=tuple(found["filters"]),
        data_until=datetime.fromisoformat(data_until) if data_until else None,
        made_at=datetime.fromisoformat(found["made_at"]),
        sections=tuple(_section(one) for one in found["sections"]),
        definitions=tuple(Definition(**{**one, "sources": tuple(one["sources"])}) for one in found["definitions"]),
        notes=tuple(found["notes"]),
        branding=_branding(found["branding"]),
        questions=tuple(found["questions"]),
    )


def to_layout(found: Mapping[str, Any]) -> Layout:
    """The layout that `plain` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    named = {one: tuple(found[one]) for one in ("platforms", "accounts", "kinds", "tags")}
    return Layout(
        title=found["title"],
        blocks=tuple(Block(one["id"], one["part"], one["title"], dict(one["options"])) for one in found["blocks"]),
        period=found["period"] if isinstance(found["period"], str) else _period(found["period"]),
        compare=_compare(found["compare"]),
        match_weekday=bool(found["match_weekday"]),
        language=found["language"],
        forms=found["forms"],
        branding=_branding(found["branding"]),
        **named,
    )


def _compare(found: Any) -> Compare | Period | None:
    if isinstance(found, Mapping):
        return _period(found)
    return Compare(found) if found else None


def _branding(found: Mapping[str, Any]) -> Branding:
    return Branding(**{**found, "logo": base64.b64decode(found["logo"])})


def _period(found: Mapping[str, str]) -> Period:
    return Period(date.fromisoformat(found["first"]), date.fromisoformat(found["last"]))


def _section(found: Mapping[str, Any]) -> Section:
    return Section(
        **{name: found[name] for name in ("id", "title", "lead", "chart", "words", "text", "failed")},
        shape=Shape(found["shape"]),
        figures=tuple(
            Figure(**{**one, "unit": Unit(one["unit"]), "course": tuple(one["course"])}) for one in found["figures"]
        ),
        table=_table(found["table"]) if found["table"] else None,
        plot=Plot(found["plot"]["kind"], found["plot"]["x"], tuple(found["plot"]["ys"])),
        findings=tuple(Finding(**one) for one in found["findings"]),
        notes=tuple(found["notes"]),
    )


def _table(found: Mapping[str, Any]) -> Table:
    columns = tuple(Column(**{**one, "holds": Holds(one["holds"])}) for one in found["columns"])
    return Table(columns, tuple(_row(columns, row) for row in found["rows"]), found["of"])


def _row(columns: tuple[Column, ...], row: list[Any]) -> Row:
    return tuple(_cell(column.holds, value) for column, value in zip(columns, row, strict=True))


def _cell(holds: Holds, value: Any) -> Cell:
    if isinstance(value, str) and holds is Holds.DAY:
        return date.fromisoformat(value)
    if isinstance(value, str) and holds is Holds.MOMENT:
        return datetime.fromisoformat(value)
    return value  # type: ignore[no-any-return]
