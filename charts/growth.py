"""How a post grew since it came out, against what is usual at the same age: a line, and a band behind it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from charts import theme
from charts.marks import Told, on_axis
from core import numbers
from core.language import figure, tr, trn
from core.metric import Unit

_DAY_H = 24.0
_TICKS = {48.0: 6.0, 168.0: 24.0, 720.0: 120.0}
"""Span in hours -> hours between two labels."""


def chart(
    mine: pd.DataFrame,
    usual: pd.DataFrame,
    *,
    title: str,
    span_h: float,
    seen_h: float | None,
    height: int = theme.HEIGHT,
    published: datetime | None = None,
    marks: Told = (),
) -> theme.Drawn:
    """The chart. `mine`: age_h, value and sure, one row per reading; `usual`: age_h, low, median, high, posts. What is
    not sure is dashed; after the last reading the counter stands until `seen_h`. `marks` are what happened on the days
    since it was `published`, on the clock of its account."""
    if mine.empty and usual.empty:
        return theme.empty(tr("No readings of this age"), height)
    x, y = _ages(span_h), theme.y_values("value", title)
    layers = [*_band(usual, x, y), *_line(mine, x, y, min(seen_h or 0.0, span_h)), *_hover(mine, usual, x, title)]
    if published is not None:
        layers += _happened(marks, published, span_h, x)
    return alt.layer(*layers).properties(height=height)


def _happened(marks: Told, published: datetime, span_h: float, x: alt.X) -> list[alt.Chart]:
    """What happened, at the age the post had when that day began."""

    def age_h(day: date) -> float:
        begun = datetime.combine(day, time(), published.tzinfo)
        return max((begun - published) / timedelta(hours=1), 0.0)

    return on_axis(marks, published.date(), (published + timedelta(hours=span_h)).date(), x, place=age_h)


def _ages(span_h: float) -> alt.X:
    """The age of the post, in hours or days."""
    step = _TICKS.get(span_h, span_h / 6)
    unit, per = (tr("h"), 1.0) if step < _DAY_H else (tr("d"), _DAY_H)
    axis = alt.Axis(
        title=None,
        values=np.arange(0.0, span_h + 1, step).tolist(),
        labelExpr=f"format(datum.value / {per:g}, 'd') + {theme.quoted(f' {unit}')}",
        grid=False,
        ticks=False,
        domain=False,
        labelPadding=8,
    )
    room = theme.room(tr("usual"), tr("this post"), least=theme.LABELS + 22)
    ends: list[float | alt.ExprRef] = [0, alt.ExprRef(f"width - {room}")]
    return alt.X("age_h:Q", axis=axis, scale=alt.Scale(domain=[0, span_h], range=ends))


def _band(usual: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if usual.empty:
        return []
    low, middle = y.copy(), y.copy()
    low.shorthand, middle.shorthand = "low:Q", "median:Q"
    band = alt.Chart(usual).mark_area(color=theme.PREVIOUS, opacity=0.18).encode(x, low, alt.Y2("high:Q"))
    line = alt.Chart(usual).mark_line(color=theme.PREVIOUS, strokeWidth=1.5, strokeDash=theme.DASH).encode(x, middle)
    return [band, line, _named(usual.tail(1), tr("usual"), theme.TEXT, x, middle)]


def _line(mine: pd.DataFrame, x: alt.X, y: alt.Y, until_h: float) -> list[alt.Chart]:
    if mine.empty:
        return []
    pieces = _pieces(mine, until_h)
    layers = [
        alt.Chart(some).mark_line(color=theme.ACCENT, strokeWidth=2, strokeDash=dash).encode(x, y, detail="piece:N")
        for some, dash in ((pieces[pieces["sure"]], [1, 0]), (pieces[~pieces["sure"]], theme.DASH))
        if len(some)
    ]
    points = alt.Chart(mine[["age_h", "value"]]).mark_point(color=theme.ACCENT, filled=True, size=26, opacity=1)
    last = pd.DataFrame({"age_h": [max(until_h, float(mine["age_h"].iloc[-1]))], "value": [mine["value"].iloc[-1]]})
    return [*layers, points.encode(x, y), _named(last, tr("this post"), theme.ACCENT, x, y)]


def _pieces(mine: pd.DataFrame, until_h: float) -> pd.DataFrame:
    """Two rows for each stretch between readings, from publishing on where the first reading is near to it."""
    ages, values = mine["age_h"].tolist(), mine["value"].tolist()
    sure = mine["sure"].tolist()
    ends = list(zip([0.0, *ages], [0.0, *values], strict=True))
    pieces = [(ends[at], ends[at + 1], sure[at]) for at in range(len(mine)) if at or sure[at]]
    if until_h > ages[-1]:
        pieces.append((ends[-1], (until_h, values[-1]), True))
    rows = [(place, *end, known) for place, (one, other, known) in enumerate(pieces) for end in (one, other)]
    return pd.DataFrame(rows, columns=["piece", "age_h", "value", "sure"]).astype({"sure": bool})


def _named(row: pd.DataFrame, text: str, colour: str, x: alt.X, y: alt.Y) -> alt.Chart:
    mark = alt.Chart(row.assign(label=text)).mark_text(
        align="left", color=colour, dx=6, fontWeight=600, fontSize=11, clip=False
    )
    named: alt.Chart = mark.encode(x, y, text="label:N")
    return named


def _hover(mine: pd.DataFrame, usual: pd.DataFrame, x: alt.X, title: str) -> list[alt.LayerChart | alt.Chart]:
    """A rule at the nearest age, with what this post had and what is usual."""
    rows = words(mine, usual)
    near = alt.selection_point(nearest=True, on="pointerover", encodings=["x"], empty=False, name="age")
    told = [alt.Tooltip("age:N", title=tr("Age")), alt.Tooltip("mine:N", title=title)]
    if len(usual):
        told.append(alt.Tooltip("usual:N", title=tr("Usually")))
    rule = alt.Chart(rows).mark_rule(color=theme.PREVIOUS, strokeWidth=1)
    shown = alt.condition(near, alt.value(0.6), alt.value(0))
    return [rule.encode(x, opacity=shown, tooltip=told).add_params(near)]


def words(mine: pd.DataFrame, usual: pd.DataFrame) -> pd.DataFrame:
    """What is said at each age: age_h, age, mine (as last read by then) and usual."""
    ages = np.array(sorted({*mine["age_h"].tolist(), *usual["age_h"].tolist()}), float)
    read = np.searchsorted(mine["age_h"].to_numpy(float), ages, side="right") - 1
    values = mine["value"].tolist()
    said = {row["age_h"]: _usual(row) for row in usual.to_dict("records")}
    return pd.DataFrame(
        {
            "age_h": ages,
            "age": [age_words(age) for age in ages],
            "mine": [numbers.exact(values[at], Unit.COUNT) if at >= 0 else tr("not read yet") for at in read.tolist()],
            "usual": [said.get(age, "") for age in ages.tolist()],
        }
    )


def _usual(row: dict[Any, Any]) -> str:
    low, middle, high = (numbers.short(row[name], Unit.COUNT) for name in ("low", "median", "high"))
    return tr(
        "{middle}, half between {low} and {high} ({posts} posts)",
        middle=middle,
        low=low,
        high=high,
        posts=figure(f"{row['posts']:.0f}"),
    )


def age_words(age_h: float) -> str:
    """How old a post is, in a few characters.

    >>> age_words(0.4), age_words(5.3), age_words(60.0), age_words(626.0)
    ('24 min', '5 h', '2.5 days', '26 days')
    """
    if age_h < 1:
        return tr("{n} min", n=max(int(age_h * 60), 1))
    if age_h < 2 * _DAY_H:
        return tr("{n} h", n=f"{age_h:.0f}")
    days = age_h / _DAY_H
    return trn("{n} day", "{n} days", days, n=figure(f"{days:.{1 if age_h < 10 * _DAY_H else 0}f}"))
