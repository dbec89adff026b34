"""A chart that Excel draws itself from the cells of its table."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from core.report import Column, Holds, Section, Table
from reports import safe
from reports.sheets.book import LINE, MUTED, PAPER, Sheet

_KINDS = {
    "line": {"type": "line"},
    "area": {"type": "area"},
    "column": {"type": "column"},
    "stacked": {"type": "column", "subtype": "stacked"},
    "bar": {"type": "bar"},
}
_BESIDE = "#8A93A3"
_SERIES = (_BESIDE, "#169C86", "#AE5904", "#7153AC", "#B57CC0", "#4C6AF0")
_WIDE, _HIGH, _BAR, _TICKS = 720, 340, 26, 10


def draw(sheet: Sheet, section: Section, table: Table, top: int, at: int) -> bool:
    """Draw the chart of a section beside its table, whose headings stand in row `top`; False where it has none."""
    plot = section.plot
    if plot.kind not in _KINDS or not table.rows or not plot.ys:
        return False
    chart = sheet.book.made.add_chart(_KINDS[plot.kind])
    first, last, name = top + 1, top + len(table.rows), sheet.name
    for number, y in enumerate(plot.ys):
        chart.add_series({
            "name": [name, top, y],
            "categories": [name, first, plot.x, last, plot.x],
            "values": [name, first, y, last, y],
            **_mark(plot.kind, _colour(sheet, number), number),
        })  # fmt: skip
    _axes(chart, sheet, section, table)
    chart.show_blanks_as("gap")
    chart.set_legend({"position": "top", "font": {"color": MUTED}} if len(plot.ys) > 1 else {"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"color": PAPER}})
    chart.set_title({"none": True})
    high = max(_HIGH, 80 + _BAR * len(table.rows) * len(plot.ys)) if plot.kind == "bar" else _HIGH
    chart.set_size({"width": _WIDE, "height": min(high, 2400)})
    words = safe.writable(section.words or section.title)
    sheet.made.insert_chart(top, at, chart, {"description": words, "object_position": 2, "x_offset": 8})
    return True


def _colour(sheet: Sheet, number: int) -> str:
    return sheet.book.accent if number == 0 else _SERIES[(number - 1) % len(_SERIES)]


def _mark(kind: str, ink: str, number: int) -> dict[str, Any]:
    if kind == "line":
        return {"line": {"color": ink, "width": 2.25 if number == 0 else 1.5}, "marker": {"type": "none"}}
    if kind == "area":
        return {"fill": {"color": ink, "transparency": 65}, "line": {"color": ink, "width": 1.5}}
    return {"fill": {"color": ink}, "border": {"none": True}, "gap": 55}


def _axes(chart: Any, sheet: Sheet, section: Section, table: Table) -> None:
    kind, x, y = section.plot.kind, table.columns[section.plot.x], table.columns[section.plot.ys[0]]
    words = {"num_font": {"color": MUTED, "size": 9}, "name_font": {"color": MUTED, "bold": False, "size": 9}}
    quiet = {"line": {"color": LINE}, "major_tick_mark": "none", "minor_tick_mark": "none"}
    amounts = {**words, "line": {"none": True}, "major_tick_mark": "none", "major_gridlines": {"visible": True,
               "line": {"color": LINE, "width": 0.75}}, "num_format": _axis_code(sheet, y)}  # fmt: skip
    along: dict[str, Any] = {**words, **quiet}
    if kind == "bar":  # the first row on top, and the amounts below all the same
        chart.set_y_axis({**along, "reverse": True})
        chart.set_x_axis({**amounts, "label_position": "high"})
        return
    days = [day for row in table.rows if isinstance(day := row[section.plot.x], date)]
    if x.holds is Holds.DAY and len(days) == len(table.rows):
        step = max(1, math.ceil(((max(days) - min(days)).days + 1) / _TICKS))
        along |= {"date_axis": True, "num_format": sheet.book.codes.short_day, "major_unit": step,
                  "major_unit_type": "days"}  # fmt: skip
    chart.set_x_axis(along)
    chart.set_y_axis(amounts)


def _axis_code(sheet: Sheet, column: Column) -> str:
    return sheet.book.codes.number(column, 1)
