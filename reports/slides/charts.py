"""Charts as PowerPoint's own, with the section's table inside to be edited; a picture where it has no such chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from core import language
from core.language import figure, tr, trn
from core.report import Cell, Column, Holds, Row, Section, Table
from reports import words
from reports.slides import marks, package, scales, tables, text
from reports.slides.deck import Deck, Page, numbered, picture
from reports.slides.look import ROOM, SIDE
from reports.slides.text import Line

_BARS = 16
"""So many bars stand on a slide."""
_BESIDE = 6
"""A table of so few rows stands below its chart."""
_KINDS = {
    "line": XL_CHART_TYPE.LINE,
    "area": XL_CHART_TYPE.AREA,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked": XL_CHART_TYPE.COLUMN_STACKED,
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
}
_PIXELS = 80
"""For each inch: fewer than there are on paper, so that the letters of a picture can be read from afar."""


class _Workbook(CategoryWorkbookWriter):
    """The data of a chart as a workbook: texts stay texts, and it carries the document's date."""

    def _open_worksheet(self, xlsx_file: Any) -> Any:
        return _opened(xlsx_file, self._chart_data)

    def _populate_worksheet(self, workbook: Any, worksheet: Any) -> None:
        super()._populate_worksheet(workbook, worksheet)  # type: ignore[no-untyped-call]
        of = self._chart_data
        for n, (column, values) in enumerate(of.others, 1 + len(of)):
            numbers = [one for one in values if isinstance(one, int | float)]
            form = workbook.add_format({"num_format": scales.form(column, numbers)})
            worksheet.write(0, n, text.flat(column.title))
            for row, value in enumerate(values, 1):
                if value is not None:
                    is_figure = column.holds.is_number and not isinstance(value, str)
                    worksheet.write(row, n, value if is_figure else text.flat(words.cell(value, column)), form)


def _opened(file: Any, of: _Data) -> Any:
    from contextlib import contextmanager

    from xlsxwriter import Workbook

    @contextmanager
    def opened() -> Any:
        told = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        }
        book = Workbook(file, {"in_memory": True, **told})
        book.set_properties({"created": package.utc(of.made), "author": "Plumbline"})
        yield book, book.add_worksheet()
        book.close()

    return opened()


class _Data(CategoryChartData):
    """A chart's data; `others` are the columns of its table that it does not draw."""

    def __init__(self, made: datetime, others: Sequence[tuple[Column, Sequence[Cell]]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.made, self.others = made, others

    @cached_property
    def _workbook_writer(self) -> _Workbook:
        return _Workbook(self)  # type: ignore[no-untyped-call]


def draw(deck: Deck, of: Section) -> None:
    """A section's chart on a slide; its table below it, or on slides of its own where only that tells the numbers."""
    table = of.table or Table((), (), 0)
    if of.plot.kind == "none" or not of.plot.ys:
        _pictured(deck, of, table)
    elif not any(_number(row[n]) is not None for row in table.rows for n in of.plot.ys):
        page = deck.page(of.title, of.lead, said=(of.words, *of.notes))
        page.foot(_below(of, words.complete(table)))
        deck.panel(page, [Line(tr("No data in this period"), 14, "muted")])
    else:
        _native(deck, of, table)


def _pictured(deck: Deck, of: Section, table: Table) -> None:
    page = deck.page(of.title, of.lead, said=(of.words, *of.notes))
    page.foot(_below(of, ""))
    if of.chart:
        room = page.bottom - page.top
        blob = deck.pictures(of.chart, "png", width=round(ROOM * _PIXELS))
        made = picture(page, blob, (SIDE, page.top, ROOM, room), of.words or of.title, name=of.title)
        made.left = Inches(SIDE) + (Inches(ROOM) - made.width) // 2
    elif not table.rows:
        deck.panel(page, [Line(tr("No data in this period"), 14, "muted")])
    if table.rows:
        grid = tables.grid(table)
        tables.spread(deck, tr("{title}: its numbers", title=of.title), grid, tables.counted(table), said=of.notes)


def _native(deck: Deck, of: Section, table: Table) -> None:
    """One slide for each unit, because one axis tells one, and for each so many bars."""
    shown = {of.plot.x, *of.plot.ys}
    parts = [(ys, rows) for ys in _alike(of, table) for rows in _shares(of, table)]
    grid = tables.grid(table)
    high = tables.height(grid) if len(table.rows) <= _BESIDE and len(shown) < len(table.columns) else 0.0
    for n, (ys, rows) in enumerate(parts, 1):
        page = deck.page(numbered(of.title, n, len(parts)), of.lead, said=(of.words, *of.notes, *_gaps(of, table)))
        has_table = n == len(parts) and 0 < high < (page.bottom - page.top) * 0.5
        inside = "" if has_table else tr("All numbers are in the chart's data.")
        page.foot(_below(of, " · ".join(one for one in (words.complete(table), inside) if one)))
        page.bottom -= high + 0.25 if has_table else 0
        _chart(deck, page, replace(of, plot=replace(of.plot, ys=ys)), table, rows)
        if has_table:
            tables.native(page, grid, tables.SMALL, tables.widths(grid, tables.SMALL), of.title)


def _alike(of: Section, table: Table) -> list[tuple[int, ...]]:
    """The series by what they hold."""
    found: dict[tuple[Holds, str], list[int]] = {}
    for n in of.plot.ys:
        found.setdefault((table.columns[n].holds, table.columns[n].currency), []).append(n)
    known = [[n for n in some if any(_number(row[n]) is not None for row in table.rows)] for some in found.values()]
    return [tuple(some) for some, drawn in zip(found.values(), known, strict=True) if drawn]


def _shares(of: Section, table: Table) -> list[tuple[Row, ...]]:
    if of.plot.kind != "bar":
        return [table.rows]
    share = -(-len(table.rows) // -(-len(table.rows) // _BARS))
    return [table.rows[n : n + share] for n in range(0, len(table.rows), share)]


def _below(of: Section, count: str) -> list[Line]:
    lines = [Line(one, 11, "muted", before=2) for one in of.notes]
    return [*lines, Line(count, 10, "muted", before=3)] if count else lines


def _gaps(of: Section, table: Table) -> list[str]:
    """How many values are not known, for each series that has such."""
    said = []
    for n in of.plot.ys:
        missing = sum(_number(row[n]) is None for row in table.rows)
        if missing:
            told = {"title": table.columns[n].title, "all": figure(f"{len(table.rows):,}")}
            said.append(
                trn(
                    "{title}: {n} of {all} values is not known.",
                    "{title}: {n} of {all} values are not known.",
                    missing,
                    **told,
                )
            )
    return said


def _chart(deck: Deck, page: Page, of: Section, table: Table, rows: Sequence[Row]) -> None:
    columns = [table.columns[n] for n in of.plot.ys]
    if unit := _unit(columns):
        page.words([Line(unit, 11, "muted")], (SIDE, page.top, ROOM, 0.24))
        page.top += 0.28
    named = _categories([row[of.plot.x] for row in rows], table.columns[of.plot.x], of.plot.kind)
    drawn = {of.plot.x, *of.plot.ys}
    others = [(one, [row[n] for row in rows]) for n, one in enumerate(table.columns) if n not in drawn]
    data: Any = _Data(deck.document.made_at, others)
    data.categories = named if len(columns) > 1 or of.plot.kind != "bar" else _unknown_said(named, rows, of.plot.ys[0])
    values = [[_number(row[n]) for row in rows] for n in of.plot.ys]
    for column, own in zip(columns, values, strict=True):
        form = scales.form(column, [one for one in own if one is not None])
        data.add_series(text.flat(column.title), own, number_format=form)
    high = page.bottom - page.top
    if of.plot.kind == "bar":
        high = min(high, 0.7 + len(rows) * (0.8 + 0.3 * (len(columns) - 1)))
    kind = _KINDS["line" if of.plot.kind == "area" and _has_gap(rows, of.plot.ys) else of.plot.kind]
    shape = page.slide.shapes.add_chart(kind, *(Inches(one) for one in (SIDE, page.top, ROOM, high)), data)
    text.described(shape, of.words or of.title, of.title)
    everything = [value for row in table.rows for n in of.plot.ys if (value := _number(row[n])) is not None]
    if of.plot.kind == "stacked":
        everything = [sum(_number(row[n]) or 0 for n in of.plot.ys) for row in table.rows]
    drawn_as = scales.axis(everything, columns[0], zero=kind != XL_CHART_TYPE.LINE)
    if of.plot.kind == "bar" and len(columns) == 1:  # room for the values at their ends
        drawn_as = replace(drawn_as, low=drawn_as.low * 1.15, high=max(0, *everything, 0) * 1.15 or drawn_as.high)
    marks.dress(shape.chart, deck.look, drawn_as, marks.Drawn(of.plot.kind, named, columns, values))
    page.top += high + 0.2


def _unit(columns: Sequence[Column]) -> str:
    """What the values are, where no legend says it."""
    currency = ", ".join(dict.fromkeys(one.currency for one in columns if one.currency))
    if len(columns) > 1:
        return currency
    return f"{columns[0].title}, {currency}" if currency else columns[0].title


def _categories(values: Sequence[Cell], column: Column, kind: str) -> list[Any]:
    """Days stay days where they follow each other one by one, and in a line; all else is words."""
    days = [one for one in values if isinstance(one, date) and not isinstance(one, datetime)]
    steps = [(after - before).days for before, after in pairwise(days)]
    if len(days) == len(values) > 1 and min(steps) > 0 and (kind in {"line", "area"} or max(steps) == 1):
        return days
    if len(days) == len(values) > 1 and all(one.day == 1 for one in days):
        return [language.day(one, "yMMM") for one in days]
    if len(days) == len(values) and len({one.year for one in days}) == 1:
        return [language.day_words(one) for one in days]
    return [text.flat(words.cell(one, column)) or " " for one in values]


def _unknown_said(named: list[Any], rows: Sequence[Row], y: int) -> list[str]:
    """A bar that is not known says so: no bar is not zero."""
    return [
        f"{name} ({tr('n/a')})" if _number(row[y]) is None else str(name) for name, row in zip(named, rows, strict=True)
    ]


def _has_gap(rows: Sequence[Row], ys: Sequence[int]) -> bool:
    """An area falls to zero over a gap, a line has one."""
    return any(_number(row[n]) is None for row in rows for n in ys)


def _number(value: Cell) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if value == value and abs(value) != float("inf") else None
