"""One look for every chart. Text, grid and background come from whoever draws it; only series have colours here.

Every colour reads on white and on near-black (at least 3:1), so a chart is the same in both themes and in print.
Platform colours are spread in hue and lightness so that they stay apart for colour-blind people; they are not the
brands' own, of which several collide.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import altair as alt
import pandas as pd

ACCENT = "#4C6AF0"
PREVIOUS = "#8A93A3"
TEXT = "#717A8A"
ANOMALY = "#D92D6A"
OTHER = "#8A93A3"
ANNOTATION = "#B7791F"
GAP = "#8A93A3"
PLATFORMS = {
    "facebook": "#265AED",
    "instagram": "#EA5ABC",
    "linkedin": "#01A67C",
    "tiktok": "#C48600",
    "x": "#5A626F",
    "youtube": "#A94017",
}
Drawn = alt.Chart | alt.LayerChart | alt.FacetChart
"""What a chart function gives."""
HEIGHT = 248
LABELS = 44
"""Room at the right end of a time axis for the names of the lines, in pixels."""
DASH, DOTS = [5, 4], [1.5, 3]
SHORT_AXIS = "replace(replace(format(datum.value, '~s'), 'k', 'K'), 'G', 'B')"
"""Axis labels as on cards: 1.5K, 2M."""


def platform_colour(platform: str) -> str:
    """The one colour of a platform; grey for one that has none."""
    return PLATFORMS.get(platform, OTHER)


def x_days(field: str, *, first: date, last: date) -> alt.X:
    """A time axis of calendar days. They are drawn in UTC, so that a day is the same day wherever it is read."""
    axis = alt.Axis(
        title=None,
        format="%-d %b",
        grid=False,
        tickCount=6,
        labelOverlap=True,
        ticks=False,
        domain=False,
        labelPadding=8,
    )
    room: list[float | alt.ExprRef] = [0, alt.ExprRef(f"width - {LABELS}")]
    scale = alt.Scale(type="utc", domain=[_utc(first), _utc(last)], nice=False, range=room)
    return alt.X(f"{field}:T", axis=axis, scale=scale)


def _utc(day: date) -> alt.DateTime:
    return alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True)


def utc_ms(day: date) -> float:
    """Midnight UTC of a day, in milliseconds: a number needs no parsing in the browser, and no zone of its own."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000


def y_values(field: str, title: str, *, ratio: bool = False, zero: bool = True) -> alt.Y:
    """A value axis with light horizontal lines; `title` names the unit."""
    axis = alt.Axis(
        title=None,
        tickCount=4,
        ticks=False,
        domain=False,
        labelPadding=8,
        format=".1%" if ratio else "",
        labelExpr=alt.Undefined if ratio else SHORT_AXIS,
    )
    return alt.Y(
        f"{field}:Q",
        axis=axis,
        scale=alt.Scale(zero=zero, nice=True, padding=alt.Undefined if zero else 8),
        title=title,
    )


def spec(drawn: Drawn) -> dict[str, Any]:
    """The chart as a Vega-Lite specification with its data. Not checked against the schema again: tests do that."""
    made: dict[str, Any] = drawn.to_dict(validate=False)
    return made


def empty(text: str, height: int = HEIGHT) -> alt.Chart:
    """A chart that says why there is none."""
    said = alt.Chart(pd.DataFrame({"text": [text]})).mark_text(color=TEXT, fontSize=13)
    made: alt.Chart = said.encode(text="text:N").properties(height=height)
    return made
