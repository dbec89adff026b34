"""The sheets of a workbook, one for each part of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from core.language import tr
from core.metric import Unit
from core.report import Cell, Column, Document, Figure, Pictures, Section, Shape, Table
from reports import words
from reports.sheets import about, plots, tables
from reports.sheets.book import LINE, MUTED, WARNING, Book, Sheet, fitting, paragraphs, picture

_READING, _LEAST = 100, 84
_PICTURE = 720
_SHOWN = (0, 2, 5, 6, 7, 8)
"""The columns of key numbers that a person looks at; what they are counted in is seen."""


def write(document: Document, pictures: Pictures, out: BinaryIO) -> None:
    """All sheets: about the report, one for each block, and what the numbers mean."""
    book = Book(out, document)
    first = book.sheet(tr("About"))
    listed: about.Listed = []
    for section in document.sections:
        if section.shape not in (Shape.COVER, Shape.BREAK):
            sheet = book.sheet(section.title or section.id)
            _section(sheet, section, pictures, first.name)
            listed.append((sheet, section))
    last = _appendix(book, first.name) if document.definitions or document.questions else None
    about.write(first, document, listed, last)
    book.made.close()


def _section(sheet: Sheet, section: Section, pictures: Pictures, home: str) -> None:
    if section.failed:
        sheet.widths([_READING])
        sheet.head(section.title, section.lead, section.notes, home=home)
        sheet.line(tr("This part could not be made: {why}", why=section.failed), font_color=WARNING)
    elif section.shape is Shape.TEXT:
        sheet.widths([_READING])
        sheet.head(section.title, section.lead, section.notes, home=home)
        for paragraph in paragraphs(section.text):
            sheet.line(paragraph)
            sheet.row += 1
    elif section.shape is Shape.FIGURES:
        _figures(sheet, section, home)
    else:
        _table(sheet, section, tables.of_section(section) or Table((), (), 0), pictures, home)


def _table(sheet: Sheet, section: Section, table: Table, pictures: Pictures, home: str) -> None:
    sheet.widths(fitting(table.columns, table.rows, _LEAST if section.chart is None else 0))
    said = f"{words.complete(table)}." if section.table is not None else ""
    sheet.head(section.title, section.lead, section.notes, home=home, said=said)
    top = sheet.table(table.columns, table.rows)
    beside = len(table.columns) + 1
    if section.shape is Shape.CHART and not plots.draw(sheet, section, table, top, beside) and section.chart:
        drawn = pictures(section.chart, "png", width=_PICTURE)
        picture(sheet, drawn, section.words or section.title, top, beside, wide=_PICTURE)


def _figures(sheet: Sheet, section: Section, home: str) -> None:
    """Key numbers, each in its own unit, with a small line of its course, whose numbers stand to the right."""
    table, longest = tables.figures(section.figures), max((len(one.course) for one in section.figures), default=0)
    columns = [table.columns[at] for at in _SHOWN]
    sheet.widths([max(28, *(len(one.title) + 2 for one in section.figures), 0), 16, 16, 11, 16, 44, 26])
    rates = any(one.unit is Unit.RATIO and one.difference is not None for one in section.figures)
    said = tr("The difference of a rate is in percentage points.") if rates else ""
    sheet.head(section.title, section.lead, section.notes, home=home, said=said)
    course = [Column(tr("Course"))] if longest else []
    top = sheet.row
    sheet.headings([*columns, *course])
    first = len(columns) + 2
    for step in range(longest):
        sheet.put(top, first + step, step + 1, font_color=MUTED, align="right", valign="bottom")
    for one, row in zip(section.figures, table.rows, strict=True):
        _figure(sheet, one, [row[at] for at in _SHOWN], columns, first)
    sheet.made.print_area(0, 0, sheet.row, len(columns) + len(course) - 1)


def _figure(sheet: Sheet, one: Figure, row: Sequence[Cell], columns: Sequence[Column], first: int) -> None:
    own = tables.holding(one)
    for at, (column, value) in enumerate(zip(columns, row, strict=True)):
        holds = own if _SHOWN[at] in tables.VALUES else column
        bold = at == 1
        sheet.put(sheet.row, at, value, holds, bottom=1, bottom_color=LINE, text_wrap=isinstance(value, str),
                  bold=bold, valign="vcenter")  # fmt: skip
    if one.course:
        for step, value in enumerate(one.course):
            sheet.put(sheet.row, first + step, value, own, font_color=MUTED, valign="vcenter")
        sheet.put(sheet.row, len(columns), None, bottom=1, bottom_color=LINE)
        sheet.made.add_sparkline(sheet.row, len(columns), {
            "range": f"'{sheet.name}'!{_cells(sheet.row, first, first + len(one.course) - 1)}",
            "series_color": sheet.book.accent, "weight": 1.5, "empty_cells": "gaps",
        })  # fmt: skip
    sheet.made.set_row(sheet.row, 26)
    sheet.row += 1


def _cells(row: int, first: int, last: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(row, first, row, last))


def _appendix(book: Book, home: str) -> Sheet:
    """What every measure means, and what was asked."""
    sheet, table = book.sheet(tr("Definitions")), tables.definitions(book.document.definitions)
    sheet.widths([24, 22, 50, 36, 36, 12])
    sheet.head(tr("Definitions"), "", (), home=home)
    sheet.table(table.columns, table.rows)
    if book.document.questions:
        sheet.row += 1
        sheet.line(tr("Questions"), bold=True, font_size=13)
        for question in book.document.questions:
            sheet.line(question)
    return sheet
