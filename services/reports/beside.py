"""Platforms or accounts beside each other: what several parts show of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.errors import NotEnoughData
from core.language import mark, tr
from core.question import Number
from core.report import Cell, Column, Holds, Section, Shape, Table
from services import comparison
from services.comparison import Comparison
from services.reports.making import Making, column
from services.reports.part import Option

SPLITS = {"platform": mark("Platforms"), "account": mark("Accounts")}
SPLIT = Option("split", mark("Side by side"), "choice", "platform", SPLITS)
NAMES = {"platform": mark("Platform"), "account": mark("Account")}
METRICS = ("views", "engagement", "engagement_rate", "followers")
OPTIONS = (
    Option("metrics", mark("Metrics"), "metrics", METRICS),
    Option("changes", mark("With changes"), "switch", True),
)
"""The settings of a table of sides."""


def compared(making: Making, split: str, metrics: Sequence[str]) -> Comparison:
    """The sides with some metrics. Raises NotEnoughData where nobody has a number."""
    asked, names = making.asked, tuple(metrics)
    key = ("sides", asked.period, asked.compare, asked.match_weekday, asked.where, split, names)
    found = making.once(
        key, lambda: comparison.compare(making.viewer, asked, split=split, metrics=names, now=making.now)
    )
    making.noted(found.answer)
    if found.empty:
        raise NotEnoughData(tr("There are no numbers in this period."), hint=found.why_none)
    return found


def section(making: Making, id: str, split: str) -> Section:
    """A table of sides, one row each, with their changes and the total."""
    chosen = making.settings
    found = compared(making, split, chosen["metrics"])
    changes = bool(chosen["changes"]) and found.answer.compared is not None
    columns = (Column(tr(NAMES[split])), *_columns(found, changes))
    rows = [(side.title, *_cells(side.numbers, found, changes)) for side in found.sides]
    if len(found.sides) > 1:
        total = {name: one for name, one in found.total.items() if name not in found.blanks}
        rows.append((tr("Total"), *_cells(total, found, changes)))
    return Section(
        id,
        Shape.TABLE,
        table=Table(columns, tuple(rows), len(rows)),
        notes=(*making.notes(found.answer), *_lacking(found)),
    )


def _columns(found: Comparison, changes: bool) -> Iterator[Column]:
    for name in found.metrics:
        title = found.answer.explain(name).title
        yield column(title, found.total[name])
        if changes:
            yield Column(tr("{metric}, change", metric=title), Holds.CHANGE)


def _cells(numbers: dict[str, Number], found: Comparison, changes: bool) -> Iterator[Cell]:
    for name in found.metrics:
        number = numbers.get(name)
        yield number.value if number else None
        if changes:
            yield number.change if number else None


def _lacking(found: Comparison) -> Iterator[str]:
    """Why a total is left blank, and which numbers of whom there are not."""
    for name, why in found.blanks.items():
        yield tr("{metric} has no total: {why}.", metric=found.answer.explain(name).title, why=why)
    told: dict[tuple[str, str], list[str]] = {}
    for side, metric, why in found.lacking:
        told.setdefault((side, why), []).append(metric)
    for (side, why), metrics in told.items():
        yield tr("{side}, {metrics}: {why}.", side=side, metrics=", ".join(metrics), why=why.rstrip("."))
