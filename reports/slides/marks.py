"""How a native chart is dressed: calm axes, the accent first, gaps left open, values beside bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml.ns import qn
from pptx.util import Pt

from core.report import Column
from reports.slides import scales, text
from reports.slides.look import FONT, LINE, Look
from reports.slides.scales import Axis
from reports.slides.xml import element

_TICKS = 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart draws: a kind of plot, the names along one axis, and its series with their values."""

    kind: str
    named: Sequence[Any]
    columns: Sequence[Column]
    values: Sequence[Sequence[float | None]]


def dress(chart: Any, look: Look, axis: Axis, of: Drawn) -> None:
    """Give a new chart its look."""
    chart.has_title = False
    chart.font.name, chart.font.size = FONT, Pt(11)
    text.paint(chart.font.color, "muted")
    _legend(chart, len(of.columns))
    _values(chart.value_axis, axis)
    _names(chart.category_axis, of.named, of.kind)
    _plot(chart.plots[0], of.kind, len(of.columns), few=len(of.named) < 5)
    is_line = bool(chart._chartSpace.xpath("c:chart/c:plotArea/c:lineChart"))
    for n, series in enumerate(chart.plots[0].series):
        colour = "accent" if n == 0 else look.series[n % len(look.series)]
        if is_line:
            _line(series, colour, of.values[n])
        else:
            _filled(series, colour, of.kind)
    if of.kind == "bar" and len(of.columns) == 1:
        _labelled(chart, scales.form(of.columns[0], [one for one in of.values[0] if one is not None]))
    _settled(chart)


def _legend(chart: Any, series: int) -> None:
    chart.has_legend = series > 1
    if series > 1:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(12)
        text.paint(chart.legend.font.color, "ink")


def _values(of: Any, axis: Axis) -> None:
    of.minimum_scale, of.maximum_scale, of.major_unit = axis.low, axis.high, axis.step
    of.has_major_gridlines = True
    text.paint(of.major_gridlines.format.line.color, LINE)
    of.major_gridlines.format.line.width = Pt(0.75)
    of.format.line.fill.background()
    of.major_tick_mark = of.minor_tick_mark = XL_TICK_MARK.NONE
    of.tick_labels.number_format, of.tick_labels.number_format_is_linked = axis.form, False


def _names(of: Any, named: Sequence[Any], kind: str) -> None:
    of.has_major_gridlines = False
    of.major_tick_mark = of.minor_tick_mark = XL_TICK_MARK.NONE
    of.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    text.paint(of.format.line.color, "C5CBD3")
    if kind == "bar":
        of.reverse_order = True
        of.tick_labels.font.size = Pt(12)
        text.paint(of.tick_labels.font.color, "ink")
    if named and isinstance(named[0], date):
        _days(of, named)


def _days(of: Any, named: Sequence[date]) -> None:
    """A tick every so many days, or months."""
    span = (named[-1] - named[0]).days
    months = span > 200
    of.tick_labels.number_format_is_linked = False
    of.tick_labels.number_format = scales.days("MMMy" if months else "MMMd")
    held = of._element
    for name in ("c:baseTimeUnit", "c:majorUnit", "c:majorTimeUnit", "c:minorUnit", "c:minorTimeUnit"):
        for old in held.findall(qn(name)):
            held.remove(old)
    every = (
        max(1, round(span / 30.4 / _TICKS))
        if months
        else next(one for one in (1, 2, 3, 4, 5, 7, 14, 21, 28) if span / one <= _TICKS or one == 28)
    )
    for name, value in (
        ("baseTimeUnit", "days"),
        ("majorUnit", str(every)),
        ("majorTimeUnit", "months" if months else "days"),
    ):
        held.append(element(f"c:{name}", val=value))


def _plot(plot: Any, kind: str, series: int, *, few: bool) -> None:
    if kind in {"column", "stacked", "bar"}:
        plot.gap_width = 120 if few and kind != "bar" else 55
        plot.overlap = 100 if kind == "stacked" or series == 1 else -5
    plot.vary_by_categories = False


def _filled(of: Any, colour: str, kind: str) -> None:
    of.format.fill.solid()
    text.paint(of.format.fill.fore_color, colour)
    if kind == "area":  # lines of the axis show through
        of.format.fill._xPr.find(f".//{qn('a:solidFill')}")[0].append(element("a:alpha", val="35000"))
        text.paint(of.format.line.color, colour)
        of.format.line.width = Pt(1.75)


def _line(of: Any, colour: str, values: Sequence[float | None]) -> None:
    """A line without marks, but for a value between two gaps, which would not be seen."""
    of.smooth = False
    of.format.line.width = Pt(2.25)
    text.paint(of.format.line.color, colour)
    of.marker.style = XL_MARKER_STYLE.NONE
    for n, value in enumerate(values):
        alone = all(one is None for one in (*values[max(0, n - 1) : n], *values[n + 1 : n + 2]))
        if value is not None and alone:
            point = of.points[n]
            point.marker.style, point.marker.size = XL_MARKER_STYLE.CIRCLE, 6
            point.marker.format.fill.solid()
            text.paint(point.marker.format.fill.fore_color, colour)
            text.paint(point.marker.format.line.color, colour)


def _labelled(chart: Any, form: str) -> None:
    """Values at the ends of the bars; then no axis repeats them."""
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    plot = chart.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.number_format, labels.number_format_is_linked = form, False
    labels.font.size, labels.font.bold = Pt(12), True
    text.paint(labels.font.color, "ink")


def _settled(chart: Any) -> None:
    """Gaps are gaps, corners are square."""
    space = chart._chartSpace
    inner = space.find(qn("c:chart"))
    for old in inner.findall(qn("c:dispBlanksAs")):
        old.set("val", "gap")
    if inner.find(qn("c:dispBlanksAs")) is None:
        shown = inner.find(qn("c:plotVisOnly"))
        made = element("c:dispBlanksAs", val="gap")
        shown.addnext(made)
    for old in space.findall(qn("c:roundedCorners")):
        space.remove(old)
    corners = element("c:roundedCorners", val="0")
    before = space.find(qn("c:date1904"))
    if before is None:
        space.insert(0, corners)
    else:
        before.addnext(corners)
