"""One look for every chart. Text, grid and background come from whoever draws it; only series have colours here.

Every colour reads on white and on near-black (at least 3:1), so a chart is the same in both themes and in print.
Platform colours are spread in hue and lightness so that they stay apart for colour-blind people; they are not the
brands' own, of which several collide.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import altair as alt
import pandas as pd

from charts import locale

ACCENT = "#4C6AF0"
PREVIOUS = "#8A93A3"
TEXT = "#717A8A"
ANOMALY = "#D92D6A"
OTHER = "#8A93A3"
ANNOTATION = "#B7791F"
GAP = "#8A93A3"
BELOW = "#B45309"
"""Beside ACCENT: what lies below usual, where ACCENT lies above."""
DIVERGING = ["rgba(180, 83, 9, 1)", "rgba(138, 147, 163, 0.10)", "rgba(76, 106, 240, 1)"]
"""From far below usual to far above; usual is all but the background, in both themes."""
SEQUENTIAL = ["rgba(76, 106, 240, 0.06)", "rgba(76, 106, 240, 1)"]
INK, PAPER = "#1B1F27", "#FFFFFF"
"""A small mark in these two reads on any colour."""
SERIES = ("#4C6AF0", "#169C86", "#AE5904", "#7153AC", "#B57CC0")
"""Kinds of a thing that are no platforms, in this order; as far apart for every eye as platforms are."""
PLATFORMS = {
    "facebook": "#265AED",
    "instagram": "#EA5ABC",
    "linkedin": "#01A67C",
    "tiktok": "#C48600",
    "x": "#5A626F",
    "youtube": "#A94017",
}
PICK = "platform"
"""The name of the selection that a click on a platform or an account makes, and of the column it picks from."""
Drawn = alt.Chart | alt.LayerChart | alt.FacetChart
"""What a chart function gives."""
HEIGHT = 248
LABELS = 44
"""Room at the right end of a time axis for the names of the lines, in pixels."""
DASH, DOTS = [5, 4], [1.5, 3]
_LETTER, _ASIDE = 6.2, 7
"""About how wide a letter of a small name is, and what stands before it, in pixels."""


def hatch(lines: int = 4) -> alt.LinearGradient:
    """A fill of slanted lines, for what is not known or not judged."""
    steps = [one / (2 * lines) for one in range(2 * lines + 1)]
    stops = [
        alt.GradientStop(offset=offset, color=f"rgba(138, 147, 163, {0.34 if band % 2 else 0.07})")
        for band in range(2 * lines)
        for offset in (steps[band], steps[band + 1])
    ]
    return alt.LinearGradient(gradient="linear", x1=0, y1=0, x2=1, y2=1, stops=stops)


def shortened(names: Sequence[str], longest: int) -> dict[str, str]:
    """Name -> what fits: without the words all begin with, and cut in the middle, for names of accounts differ at the
    end.

    >>> shortened(["Northwind Coffee (X)", "Northwind Roastery School (Instagram)"], 20)
    {'Northwind Coffee (X)': '…Coffee (X)', 'Northwind Roastery School (Instagram)': '…Roast…l (Instagram)'}
    >>> shortened(["X", "TikTok"], 20)
    {'X': 'X', 'TikTok': 'TikTok'}
    """
    words = [name.split() for name in dict.fromkeys(names)]
    same = 0
    while len(words) > 1 and all(len(one) > same + 1 and one[same] == words[0][same] for one in words):
        same += 1
    found = {}
    for name in names:
        short = f"…{' '.join(name.split()[same:])}" if same else name
        found[name] = (
            short if len(short) <= longest else f"{short[: longest // 3]}…{short[longest // 3 + 1 - longest :]}"
        )
    return found


def named(names: Sequence[str], longest: int) -> str:
    """The same for the labels of an axis, as an expression."""
    return f"{json.dumps(shortened(names, longest), ensure_ascii=False)}[datum.label]"


def platform_colour(platform: str) -> str:
    """The one colour of a platform; grey for one that has none."""
    return PLATFORMS.get(platform, OTHER)


def room(*names: str, least: int = LABELS) -> int:
    """The pixels that the longest of small names takes at the end of its line; at least as many as in English.

    >>> room("so far", "before"), room("bis jetzt", "davor")
    (44, 63)
    """
    return max(least, round(_LETTER * max(map(len, names)) + _ASIDE))


def quoted(text: str) -> str:
    """A text inside an expression.

    >>> quoted("usual"), quoted("d'ordinaire")
    ("'usual'", "'d\\\\'ordinaire'")
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def x_days(field: str, *, first: date, last: date, labels: int = LABELS) -> alt.X:
    """A time axis of calendar days. They are drawn in UTC, so that a day is the same day wherever it is read; `labels`
    pixels at its right end are left for names."""
    axis = alt.Axis(
        title=None,
        format=locale.days(),
        grid=False,
        tickCount=6,
        labelOverlap=True,
        ticks=False,
        domain=False,
        labelPadding=8,
    )
    room: list[float | alt.ExprRef] = [0, alt.ExprRef(f"width - {labels}")]
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
        labelExpr=alt.Undefined if ratio else locale.values(),
    )
    return alt.Y(
        f"{field}:Q",
        axis=axis,
        scale=alt.Scale(zero=zero, nice=True, padding=alt.Undefined if zero else 8),
        title=title,
    )


def picking() -> alt.Parameter:
    """What a click on a mark picks: the platform, or account, of its row."""
    return alt.selection_point(name=PICK, fields=[PICK], on="click", empty=True)


def spec(drawn: Drawn) -> dict[str, Any]:
    """The chart as a Vega-Lite specification with its data. Not checked against the schema again: tests do that."""
    made: dict[str, Any] = drawn.to_dict(validate=False)
    # the page would push the first and last name away from their own row, as if they were the ends of a range
    axes = {"axisDiscrete": {"labelFlush": False}, "axisTemporal": {"labelSeparation": 8}}
    made["config"] = {**made.get("config", {}), **locale.config(), **axes}
    return made


def empty(text: str, height: int = HEIGHT) -> alt.Chart:
    """A chart that says why there is none."""
    said = alt.Chart(pd.DataFrame({"text": [text]})).mark_text(color=TEXT, fontSize=13)
    made: alt.Chart = said.encode(text="text:N").properties(height=height)
    return made
