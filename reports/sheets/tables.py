"""What of a document is no table yet, as tables: key numbers, findings, definitions. Shared by XLSX and CSV."""

from __future__ import annotations

from collections.abc import Sequence

from core.language import tr
from core.metric import Unit
from core.report import Cell, Column, Definition, Document, Figure, Finding, Holds, Row, Section, Shape, Table

PREVIOUS, DIFFERENCE = 5, 7
VALUES = (2, PREVIOUS, DIFFERENCE)
"""The columns of `figures` whose values are in the unit of their row."""


def figures(of: Sequence[Figure]) -> Table:
    """Key numbers, one a row, each in its own unit. What is not known is empty, and the last column says why."""
    columns = (
        Column(tr("Measure")), Column(tr("Metric")), Column(tr("Value"), Holds.COUNT), Column(tr("Unit")),
        Column(tr("Currency")), Column(tr("Before"), Holds.COUNT), Column(tr("Change"), Holds.CHANGE),
        Column(tr("Difference"), Holds.COUNT), Column(tr("Note")),
    )  # fmt: skip
    rows = tuple(
        (one.title, one.metric, one.value, unit(one.unit), one.currency, one.previous, one.change, one.difference,
         _why(one)) for one in of
    )  # fmt: skip
    return Table(columns, rows, len(rows))


def _why(of: Figure) -> str:
    told = (tr("at most") if of.at_most else "", of.why_none, of.why_no_change)
    return "; ".join(dict.fromkeys(filter(None, told)))


def unit(of: Unit) -> str:
    """What a value is counted in, in a word."""
    words = {Unit.RATIO: tr("share"), Unit.SECONDS: tr("seconds"), Unit.MONEY: tr("money"), Unit.SCORE: tr("score")}
    return words.get(of, tr("count"))


def holding(of: Figure) -> Column:
    """The column that a key number would stand in."""
    return Column(of.title, Holds.of(of.unit), of.currency, of.metric)


def findings(of: Sequence[Finding]) -> Table:
    """What is worth knowing, one a row."""
    columns = (Column(tr("Finding")), Column(tr("Good or bad")), Column(tr("How sure")), Column(tr("What to do")))
    rows = tuple((one.text, _judged(one.good), one.certainty or None, one.action or None) for one in of)
    return Table(columns, rows, len(rows))


def _judged(good: bool | None) -> Cell:
    return None if good is None else tr("good") if good else tr("bad")


def definitions(of: Sequence[Definition]) -> Table:
    """Where every figure can be looked up."""
    columns = (
        Column(tr("Measure")), Column(tr("Metric")), Column(tr("What it means")), Column(tr("Formula")),
        Column(tr("Sources")), Column(tr("Version")),
    )  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (one.title, one.metric, one.definition, one.formula, "\n".join(one.sources), one.version or None) for one in of
    )
    return Table(columns, rows, len(rows))


def of_section(section: Section) -> Table | None:
    """The table of a section, where it has one."""
    if section.failed:
        return None
    if section.shape is Shape.FIGURES:
        return figures(section.figures)
    if section.shape is Shape.FINDINGS:
        return findings(section.findings)
    return section.table


def all_of(document: Document) -> list[tuple[Section, Table]]:
    """Every section that has a table, in order."""
    found = ((section, of_section(section)) for section in document.sections)
    return [(section, table) for section, table in found if table is not None]
