"""What was and what comes: the history solid, a line where it ends, the forecast dashed inside its translucent band."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import altair as alt
import numpy as np
import pandas as pd

from charts import days, theme
from charts.marks import Told, on_axis
from core import numbers
from core.language import tr
from core.metric import Unit

LABELS = 58
"""Room for "forecast" at the right end, in pixels."""
BAND = 0.2
"""How much of the colour a band has."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is drawn. `past`: day and value (NaN is a gap); `ahead`: day, mean, lower and upper; days are dates."""

    past: pd.DataFrame
    ahead: pd.DataFrame
    title: str
    unit: Unit
    currency: str = ""


def chart(
    shown: Shown,
    *,
    zero: bool = True,
    height: int = theme.HEIGHT,
    marks: Told = (),
    target: tuple[date, float] | None = None,
) -> theme.Drawn:
    """The chart; without days ahead only the history. `marks` are what happened on a day, `target` what is wanted when.
    Hovering shows a rule with the values of the day."""
    if not shown.past["value"].notna().any():
        return theme.empty(tr("No data yet"), height)
    rows = table(shown)
    first, last = shown.past["day"].iloc[0], (shown.ahead if len(shown.ahead) else shown.past)["day"].iloc[-1]
    x = theme.x_days("ms", first=first, last=last, labels=theme.room(tr("forecast"), least=LABELS))
    y = theme.y_values("value", shown.title, ratio=shown.unit is Unit.RATIO, zero=zero)
    layers = [*_band(rows, y, x), *_lines(rows, x, y), *_cut(shown, x), *_wanted(shown, target, x, y)]
    return alt.layer(*layers, *_hover(rows, shown, x), *on_axis(marks, first, last, x)).properties(height=height)


def table(shown: Shown) -> pd.DataFrame:
    """One row per day: ms, value, mean, lower, upper (NaN where not) and words for the hover. The forecast begins at
    the last value, so that its line does not hang in the air."""
    known = shown.past["value"].notna().to_numpy()
    joint = (np.arange(len(known)) == np.flatnonzero(known)[-1]) & bool(len(shown.ahead))
    past = shown.past.assign(**{name: shown.past["value"].where(joint) for name in ("mean", "lower", "upper")})
    rows = pd.concat([past, shown.ahead.assign(value=np.nan)], ignore_index=True)
    ahead = np.arange(len(rows)) >= len(past)
    return rows.assign(
        ms=[theme.utc_ms(day) for day in rows["day"]],
        when=[days.when(day) for day in rows["day"]],
        said=[_said(shown, row, bool(later)) for row, later in zip(rows.to_dict("records"), ahead, strict=True)],
        range=[_range(shown, row) if later else "" for row, later in zip(rows.to_dict("records"), ahead, strict=True)],
    ).drop(columns="day")


def _said(shown: Shown, row: dict[object, object], ahead: bool) -> str:
    if ahead:
        return tr("about {value}", value=_write(shown, row["mean"]))
    written = _write(shown, row["value"])
    return tr("n/a: not known") if written == tr("n/a") else written


def _range(shown: Shown, row: dict[object, object]) -> str:
    return tr("{low} to {high}", low=_write(shown, row["lower"]), high=_write(shown, row["upper"]))


def _write(shown: Shown, value: object) -> str:
    number = float(value) if isinstance(value, float | int) else None
    if number is not None and shown.unit is Unit.COUNT and abs(number) >= 100:
        number = float(round(number))
    return numbers.exact(number, shown.unit, shown.currency)


def _band(rows: pd.DataFrame, y: alt.Y, x: alt.X) -> list[alt.Chart]:
    ahead = rows[rows["mean"].notna()]
    if ahead.empty:
        return []
    low = y.copy()
    low.shorthand = "lower:Q"
    return [alt.Chart(ahead).mark_area(color=theme.ACCENT, opacity=BAND).encode(x, low, alt.Y2("upper:Q"))]


def _lines(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    past, ahead = rows[rows["mean"].isna() | rows["value"].notna()], rows[rows["mean"].notna()]
    layers = [alt.Chart(past).mark_line(color=theme.ACCENT, strokeWidth=2, interpolate="linear").encode(x, y)]
    alone = past["value"].notna() & past["value"].shift(1).isna() & past["value"].shift(-1).isna()
    if alone.any():
        layers.append(alt.Chart(past[alone]).mark_point(color=theme.ACCENT, filled=True, size=24).encode(x, y))
    if ahead.empty:
        return layers
    middle = y.copy()
    middle.shorthand = "mean:Q"
    line = alt.Chart(ahead).mark_line(color=theme.ACCENT, strokeWidth=2, strokeDash=theme.DASH).encode(x, middle)
    name = alt.Chart(ahead.tail(1).assign(label=tr("forecast"))).mark_text(
        align="left", color=theme.ACCENT, dx=6, fontWeight=600, fontSize=11, clip=False
    )
    return [*layers, line, name.encode(x, middle, text="label:N")]


def _cut(shown: Shown, x: alt.X) -> list[alt.Chart]:
    """The line where what is known ends."""
    if shown.ahead.empty:
        return []
    day = shown.past["day"].iloc[-1]
    row = pd.DataFrame({"ms": [theme.utc_ms(day)], "label": [tr("known to {day}", day=days.short(day))]})
    rule = alt.Chart(row).mark_rule(color=theme.PREVIOUS, strokeWidth=1.5, strokeDash=theme.DASH).encode(x)
    text = alt.Chart(row).mark_text(align="right", baseline="top", dx=-5, color=theme.TEXT, fontSize=11)
    return [rule, text.encode(x, y=alt.value(0), text="label:N")]


def _wanted(shown: Shown, target: tuple[date, float] | None, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if target is None:
        return []
    day, value = target
    said = tr("{value} by {day}", value=_write(shown, value), day=days.short(day, year=True))
    row = pd.DataFrame({"ms": [theme.utc_ms(day)], "value": [value], "said": [said], "label": [tr("target")]})
    sign = alt.Chart(row).mark_point(shape="diamond", filled=True, size=120, color=theme.ANNOTATION, opacity=1)
    name = alt.Chart(row).mark_text(align="right", dx=-9, color=theme.ANNOTATION, fontWeight=600, fontSize=11)
    words = [alt.Tooltip("said:N", title=tr("Target"))]
    return [sign.encode(x, y, tooltip=words), name.encode(x, y, text="label:N", tooltip=words)]


def _hover(rows: pd.DataFrame, shown: Shown, x: alt.X) -> list[alt.Chart]:
    near = alt.selection_point(nearest=True, on="pointerover", encodings=["x"], empty=False, name="day")
    words = [alt.Tooltip("when:N", title=tr("Day")), alt.Tooltip("said:N", title=shown.title)]
    if len(shown.ahead):
        words.append(alt.Tooltip("range:N", title=tr("95 % band")))
    rule = alt.Chart(rows).mark_rule(color=theme.PREVIOUS, strokeWidth=1)
    opacity = alt.condition(near, alt.value(0.6), alt.value(0))
    return [rule.encode(x, opacity=opacity, tooltip=words).add_params(near)]
