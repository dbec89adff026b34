"""A report: what a person lays out, and the document made of it, which every format writes.

A `Layout` is blocks in an order, with the question they share. A `Document` is the same with all numbers found: it
holds its data, filters, definitions and dates, so a file written from it tomorrow is the file of today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, BinaryIO, Literal, Protocol

from core.metric import Unit
from core.question import Compare, Period

Cell = str | float | int | bool | date | datetime | None
"""A value of a table. A ratio is a share (0.1 is 10 %), money is in its column's currency, None is not known."""
Row = tuple[Cell, ...]


class Holds(StrEnum):
    """What a column holds, and so how its values are written."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    RATIO = "ratio"
    SECONDS = "seconds"
    SCORE = "score"
    CHANGE = "change"
    DAY = "day"
    MOMENT = "moment"
    LINK = "link"

    @property
    def is_number(self) -> bool:
        """Whether its values are figures, which stand to the right."""
        return self not in {Holds.TEXT, Holds.DAY, Holds.MOMENT, Holds.LINK}

    @classmethod
    def of(cls, unit: Unit) -> Holds:
        """What a column of a metric holds."""
        return cls(unit.value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `metric` names what its definition is looked up by; `currency` is for money."""

    title: str
    holds: Holds = Holds.TEXT
    currency: str = ""
    metric: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. `of` is how many rows there are in all: more than are here only where a person asked for the
    first so many, and then every format says "n of m"."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    of: int

    @property
    def is_complete(self) -> bool:
        """Whether every row there is stands in it."""
        return len(self.rows) == self.of


@dataclass(frozen=True, slots=True)
class Plot:
    """How a table is drawn where a format draws charts itself: `x` and `ys` are numbers of its columns. "none" is for
    what only a picture or the table can show, such as a heat map."""

    kind: Literal["line", "area", "column", "stacked", "bar", "none"]
    x: int = 0
    ys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One key number, as `core.question.Number` tells it: None is never zero, and `why_none` says why. `good` is None
    where a change is neither. `course` is its series for a small line; None in it is a gap."""

    title: str
    metric: str
    value: float | None
    unit: Unit
    currency: str = ""
    why_none: str = ""
    previous: float | None = None
    change: float | None = None
    difference: float | None = None
    why_no_change: str = ""
    good: bool | None = None
    at_most: bool = False
    course: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something worth knowing in a sentence, how sure it is, and what to do."""

    text: str
    certainty: str = ""
    action: str = ""
    good: bool | None = None


class Shape(StrEnum):
    """What a section is."""

    COVER = "cover"
    FIGURES = "figures"
    CHART = "chart"
    TABLE = "table"
    TEXT = "text"
    FINDINGS = "findings"
    BREAK = "break"


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One block of a document with its numbers. Which fields are filled follows from `shape`: a chart has a `chart`
    (Vega-Lite, its data inside), `words` for who cannot see it, and always the `table` it is drawn from. `lead` is a
    line below the title, `notes` are caveats below. Where making it failed, `failed` says why and the rest is empty."""

    id: str
    shape: Shape
    title: str = ""
    lead: str = ""
    figures: tuple[Figure, ...] = ()
    chart: dict[str, Any] | None = None
    words: str = ""
    table: Table | None = None
    plot: Plot = field(default_factory=lambda: Plot("none"))
    text: str = ""
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric of the document means: the appendix where every figure can be looked up."""

    metric: str
    title: str
    definition: str
    formula: str
    sources: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Branding:
    """How a report looks as its sender's: a logo (PNG or JPEG bytes), two colours as #rrggbb, and words at the foot."""

    logo: bytes = b""
    accent: str = "#2F6FED"
    ink: str = "#1B1F27"
    footer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A report with its numbers. `filters` say in words what it is narrowed to, `data_until` how new its numbers are,
    `made_at` when it was made, `program` the version that made it, `language` and `forms` in which words and with whose
    figures. `banner` is a warning on the first page, such as data that was late. `questions` are what was asked."""

    title: str
    subtitle: str
    workspace: str
    period: Period
    compared: Period | None
    time_zone: str
    filters: tuple[str, ...]
    data_until: datetime | None
    made_at: datetime
    program: str
    language: str
    forms: str
    sections: tuple[Section, ...]
    definitions: tuple[Definition, ...] = ()
    notes: tuple[str, ...] = ()
    branding: Branding = field(default_factory=Branding)
    banner: str = ""
    questions: tuple[str, ...] = ()


class Pictures(Protocol):
    """Draws a section's chart for paper. Sizes are in pixels of 1/96 inch; the drawing fills `width`."""

    def __call__(self, spec: Mapping[str, Any], kind: Literal["svg", "png", "pdf"], *, width: int) -> bytes:
        """The picture's bytes."""


Told = Callable[[float], None]
"""Is told how much is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `write` writes a document; `stream`, where the format can, writes a table of any length row by
    row in little memory, and answers how many rows it wrote. `rows` is the most rows a table of it can have."""

    title: str
    ending: str
    media_type: str
    write: Callable[[Document, Pictures, BinaryIO], None]
    stream: Callable[[Sequence[Column], Iterable[Row], BinaryIO], int] | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One block as it is laid out. `part` names what it shows; `title` empty takes the part's own; `options` are its
    settings, plain JSON values, checked by the part."""

    id: str
    part: str
    title: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """A report as a person lays it out. `period` is a named period, relative to the day it is made, or fixed dates.
    Filters by platform, account (id), kind and tag; empty means all."""

    title: str
    blocks: tuple[Block, ...]
    period: str | Period = "last_30"
    compare: Compare | Period | None = Compare.PREVIOUS
    match_weekday: bool = False
    platforms: tuple[str, ...] = ()
    accounts: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = "en"
    forms: str = ""
    branding: Branding = field(default_factory=Branding)


@dataclass(frozen=True, slots=True)
class Template:
    """A report to start from. `about` says in a sentence what it answers and for whom."""

    title: str
    about: str
    icon: str
    blocks: tuple[Block, ...]
    period: str = "last_30"
    compare: Compare | None = Compare.PREVIOUS
    match_weekday: bool = False
