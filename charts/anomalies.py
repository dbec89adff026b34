"""Days against what was expected of them: a pale band, the line, and strong points where it left the band; and what
carried a day, as bars."""

from __future__ import annotations

import math
from datetime import date

import altair as alt
import pandas as pd

from charts import days, theme
from charts.marks import Told, on_axis
from core import numbers
from core.language import figure, tr
from core.metric import Unit

PICK = "unusual"
"""The name of the selection a click on a point makes."""
ID = "iso"
"""The column it picks from: the day as text."""
MOST = 7
"""So many parts are drawn; the rest is one bar."""
_BEYOND = 0.25
"""A band is drawn so far beyond what was, as a part of its span."""
_ROW = 34
_LABEL = 0.3
"""The share of the axis that a written share takes."""


def course(
    frame: pd.DataFrame,
    *,
    title: str,
    unit: Unit,
    currency: str = "",
    zero: bool = True,
    height: int = theme.HEIGHT,
    marks: Told = (),
    chosen: date | None = None,
) -> theme.Drawn:
    """The chart of a `frame` with day, value, expected, lower, upper and is_anomaly. A click on a point picks its day;
    the `chosen` one has a ring. `marks` are what happened on a day."""
    if frame.empty or not frame["value"].notna().any():
        return theme.empty(tr("No data in this period"), height)
    rows = _rows(frame, unit, currency)
    first, last = frame["day"].iloc[0], frame["day"].iloc[-1]
    x = theme.x_days("ms", first=first, last=last, labels=12)
    y = theme.y_values("value", title, ratio=unit is Unit.RATIO, zero=zero)
    layers = [*_band(rows, x, y), *_lines(rows, x, y), *on_axis(marks, first, last, x), _hover(rows, x, title)]
    return alt.layer(*layers, *_points(rows, x, y, title, chosen)).properties(height=height)


def _rows(frame: pd.DataFrame, unit: Unit, currency: str) -> pd.DataFrame:
    """One row per day with what is said of it. The band ends where the line can still be read: see `_kept`."""

    def write(value: float) -> str:
        whole = float(round(value)) if unit is Unit.COUNT and abs(value) >= 10 else value
        return numbers.exact(whole, unit, currency)

    lower, upper = _kept(frame)
    ranges = [
        tr("not enough days before") if pd.isna(middle)
        else tr("{value} ({low} to {high})", value=write(middle), low=write(low), high=write(high))
        for middle, low, high in zip(frame["expected"], frame["lower"], frame["upper"], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(
        {
            "ms": [theme.utc_ms(day) for day in frame["day"]],
            ID: [day.isoformat() for day in frame["day"]],
            "value": frame["value"].to_numpy(float),
            "expected": frame["expected"].to_numpy(float),
            "lower": lower.to_numpy(float),
            "upper": upper.to_numpy(float),
            "is_anomaly": frame["is_anomaly"].to_numpy(bool),
            "when": [days.when(day) for day in frame["day"]],
            "said": [tr("n/a: not known") if pd.isna(value) else write(value) for value in frame["value"]],
            "usual": ranges,
        }
    )


def is_cut(frame: pd.DataFrame) -> bool:
    """Whether the band goes on beyond the chart."""
    lower, upper = _kept(frame)
    return bool((lower > frame["lower"]).any() or (upper < frame["upper"]).any())


def _kept(frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The band, cut where it is far beyond everything that was: drawn in full it would flatten the line."""
    known = pd.concat([frame["value"], frame["expected"]]).dropna()
    room = _BEYOND * float(known.max() - known.min()) or 1.0
    low, high = float(known.min()) - room, float(known.max()) + room
    return frame["lower"].astype(float).clip(lower=low), frame["upper"].astype(float).clip(upper=high)


def _band(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if not rows["expected"].notna().any():
        return []
    low = y.copy()
    low.shorthand = "lower:Q"
    return [alt.Chart(rows).mark_area(color=theme.PREVIOUS, opacity=0.18).encode(x, low, alt.Y2("upper:Q"))]


def _lines(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    middle = y.copy()
    middle.shorthand = "expected:Q"
    usual = alt.Chart(rows).mark_line(color=theme.PREVIOUS, strokeWidth=1.5, strokeDash=theme.DASH).encode(x, middle)
    line = alt.Chart(rows).mark_line(color=theme.ACCENT, strokeWidth=2, interpolate="linear").encode(x, y)
    return [usual, line]


def _words(title: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("when:N", title=tr("Day")),
        alt.Tooltip("said:N", title=title),
        alt.Tooltip("usual:N", title=tr("Expected")),
    ]


def _hover(rows: pd.DataFrame, x: alt.X, title: str) -> alt.Chart:
    """Wide clear rules that tell the values of their day: a selection of its own would ask the page at every move."""
    rule = alt.Chart(rows).mark_rule(color=theme.PREVIOUS, strokeWidth=8, opacity=0)
    told: alt.Chart = rule.encode(x, tooltip=_words(title))
    return told


def _points(rows: pd.DataFrame, x: alt.X, y: alt.Y, title: str, chosen: date | None) -> list[alt.Chart]:
    found = rows[rows["is_anomaly"] & rows["value"].notna()]
    if found.empty:
        return []
    pick = alt.selection_point(name=PICK, fields=[ID], on="click", empty=True)
    point = alt.Chart(found).mark_point(color=theme.ANOMALY, filled=True, size=110, opacity=1, cursor="pointer")
    layers = [point.encode(x, y, tooltip=_words(title)).add_params(pick)]
    ringed = found[found[ID] == chosen.isoformat()] if chosen is not None else found.iloc[:0]
    if len(ringed):
        ring = alt.Chart(ringed).mark_point(color=theme.ANOMALY, filled=False, size=340, strokeWidth=2, opacity=1)
        layers.insert(0, ring.encode(x, y))
    return layers


def largest(parts: pd.DataFrame) -> pd.DataFrame:
    """The parts that are drawn: the largest, and the rest as one, whose share and contribution are theirs together."""
    if len(parts) <= MOST:
        return parts
    shown, rest = parts.head(MOST - 1), parts.iloc[MOST - 1 :]
    sums = {name: float(rest[name].sum()) for name in ("contribution", "share")}
    other = pd.DataFrame([{"part": tr("{n} others", n=len(rest)), "platform": "", **sums}])
    return pd.concat([shown, other], ignore_index=True)


def contributions(parts: pd.DataFrame, *, unit: Unit, currency: str = "") -> theme.Drawn:
    """Who carried a change: one bar a part, as its share, which add up to 100 %; to the left what went against it. A
    click picks the part by its `key`."""
    rows = _bars(largest(parts), unit, currency)
    names = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=120)
    y = alt.Y("part:N", sort=rows["part"].tolist(), axis=names)
    most, least = max(float(rows["share"].max()), 0.0), min(float(rows["share"].min()), 0.0)
    room = (most - least or 1.0) * _LABEL
    x = alt.X("share:Q", axis=None, scale=alt.Scale(domain=[least - (room if least < 0 else 0), most + room]))
    words = [
        alt.Tooltip("part:N", title=tr("Part")),
        alt.Tooltip("moved:N", title=tr("Change")),
        alt.Tooltip("share_words:N", title=tr("Share of the change")),
        alt.Tooltip("was:N", title=tr("From and to")),
    ]
    bar = alt.Chart(rows).mark_bar(height=alt.RelativeBandSize(0.52), cornerRadiusEnd=3)
    bar = bar.encode(x, y, color=alt.Color("colour:N", scale=None), tooltip=words)
    layers: list[alt.Chart] = [bar.add_params(theme.picking()) if theme.PICK in rows else bar]
    if least < 0:
        layers.append(alt.Chart(pd.DataFrame({"share": [0.0]})).mark_rule(color=theme.PREVIOUS).encode(x))
    for side, some in (("left", rows[rows["share"] >= 0]), ("right", rows[rows["share"] < 0])):
        if len(some):
            text = alt.Chart(some).mark_text(align="left" if side == "left" else "right", fontSize=12, fontWeight=600,
                                             dx=6 if side == "left" else -6, color=theme.TEXT)  # fmt: skip
            layers.append(text.encode(x, y, text="share_words:N"))
    return alt.layer(*layers).properties(height=_ROW * len(rows) + 12)


def _bars(parts: pd.DataFrame, unit: Unit, currency: str) -> pd.DataFrame:
    def write(value: float) -> str:
        return numbers.exact(value, unit, currency)

    froms = parts.get("before", pd.Series(float("nan"), index=parts.index))
    tos = parts.get("after", pd.Series(float("nan"), index=parts.index))
    keys = {theme.PICK: parts["key"].fillna("")} if "key" in parts else {}
    return parts[["part", "share"]].assign(
        **keys,
        colour=[theme.platform_colour(platform) for platform in parts["platform"]],
        moved=[f"{'+' if value > 0 else ''}{write(value)}" for value in parts["contribution"]],
        share_words=[_share(share) for share in parts["share"]],
        was=[tr("{low} to {high}", low=write(one), high=write(other)) for one, other in zip(froms, tos, strict=True)],
    )


def _share(share: float) -> str:
    """A share in whole per cent.

    >>> _share(0.754), _share(-0.5), _share(float("nan"))
    ('75\u202f%', '−50\u202f%', 'n/a')
    """
    if math.isnan(share):
        return tr("n/a")
    return f"{'−' if share < 0 else ''}{figure(f'{abs(share) * 100:,.0f}')}{numbers.THIN}%"
