"""A metric over time: this period solid, the past dashed and grey, what is not over "so far", gaps left open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from charts import days as on
from charts import goals, theme
from charts.marks import Told, by_day, on_axis
from core import numbers
from core.language import tr
from core.metric import Unit
from core.question import Answer, Period

_DAY_MS = 86_400_000.0
_NAMED = 0.08
"""The share of the axis from which a gap has room for its name."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """What is drawn: one row per day with value, previous (NaN is a gap), unfinished and words for the hover.

    `day` is midnight UTC in milliseconds. `breaks` are the days on which a new definition begins, and what changed.
    """

    days: pd.DataFrame
    period: Period
    unit: Unit
    currency: str
    title: str
    label: str
    past_label: str
    breaks: tuple[tuple[date, str], ...] = ()


def series(answer: Answer, metric: str, *, title: str) -> Series:
    """The rows of a metric of an answer by day."""
    number = answer.totals[metric]
    rows = answer.frame[answer.frame["metric"] == metric]
    written = [numbers.exact(value, number.unit, number.currency) for value in rows["value"]]
    days = pd.DataFrame(
        {
            "day": [theme.utc_ms(day) for day in rows["bucket"]],
            "value": rows["value"].to_numpy(float),
            "previous": rows["previous"].to_numpy(float),
            "unfinished": rows["unfinished"].to_numpy(bool),
            "when": [on.when(day) for day in rows["bucket"]],
            "now": [_now(*row) for row in zip(written, rows["unfinished"], rows["state"], strict=True)],
            "before": [numbers.exact(value, number.unit, number.currency) for value in rows["previous"]],
        }
    )
    past = "" if answer.compared is None else on.span(answer.compared.first, answer.compared.last)
    breaks = tuple((note.day, note.text) for note in number.notes if note.day and _inside(note.day, answer.period))
    return Series(
        days,
        answer.period,
        number.unit,
        number.currency,
        title,
        on.span(answer.period.first, answer.period.last),
        past,
        breaks,
    )


def _inside(day: date, period: Period) -> bool:
    """Whether a break can be drawn: on the first day there is nothing before it."""
    return period.first < day <= period.last


def _now(written: str, unfinished: bool, state: str, /) -> str:
    if written == tr("n/a"):
        return tr("n/a: {why}", why=tr(state) or tr("no data"))
    return tr("{text} so far", text=written) if unfinished else written


def trend(
    shown: Series, *, zero: bool = True, height: int = theme.HEIGHT, marks: Told = (), goal: float | None = None
) -> theme.Drawn:
    """The chart. Hovering shows a rule with all values of the day; `marks` are what happened on a day, on the axis;
    `goal` is what is wanted of each day."""
    if not shown.days["value"].notna().any():
        return theme.empty(tr("No data in this period"), height)
    room = theme.room(tr("so far"), tr("now"), tr("before"))
    x = theme.x_days("day", first=shown.period.first, last=shown.period.last, labels=room)
    y = theme.y_values("value", shown.title, ratio=shown.unit is Unit.RATIO, zero=zero)
    layers = [
        *goals.line(goal, shown.days[["value", "previous"]], y, shown.unit, shown.currency),
        *_gaps(shown, x),
        *_past(shown, x, y),
        *_line(shown, x, y),
        *_labels(shown, x, y),
        *_hover(shown, x, y),
    ]
    layers += [*_breaks(shown, x), *on_axis(marks, shown.period.first, shown.period.last, x)]
    return alt.layer(*layers).properties(height=height)


def _breaks(shown: Series, x: alt.X) -> list[alt.Chart]:
    """A dotted line where a new definition begins: the numbers on its two sides do not mean quite the same."""
    rows = by_day(shown.breaks, x)
    if rows.empty:
        return []
    words = [alt.Tooltip("when:N", title=tr("From")), alt.Tooltip("text:N", title=tr("New definition"))]
    line = alt.Chart(rows).mark_rule(color=theme.ANNOTATION, strokeWidth=1.5, strokeDash=theme.DOTS)
    middle = theme.utc_ms(shown.period.first) + shown.period.days * _DAY_MS / 2
    late = rows["day"] > middle
    sides: list[tuple[Literal["left", "right"], int, pd.DataFrame]] = [
        ("left", 5, rows[~late]),
        ("right", -5, rows[late]),
    ]
    names = [
        alt.Chart(side.assign(label=tr("new definition")))
        .mark_text(align=align, baseline="top", color=theme.ANNOTATION, dx=dx, fontSize=11)
        .encode(x, y=alt.value(0), text="label:N", tooltip=words)
        for align, dx, side in sides
        if len(side)
    ]
    return [line.encode(x, tooltip=words), *names]


def _line(shown: Series, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    done = shown.days.assign(value=shown.days["value"].where(~shown.days["unfinished"]))
    layers = [alt.Chart(done).mark_line(color=theme.ACCENT, strokeWidth=2, interpolate="linear").encode(x, y)]
    alone = _alone(done["value"].to_numpy(float))
    if alone.any():
        layers.append(alt.Chart(done[alone]).mark_point(color=theme.ACCENT, filled=True, size=24).encode(x, y))
    tail = _tail(shown.days)
    if len(tail):
        dashed = alt.Chart(tail).mark_line(color=theme.ACCENT, strokeWidth=2, strokeDash=theme.DASH)
        point = alt.Chart(tail.tail(1)).mark_point(color=theme.ACCENT, size=32, strokeWidth=2)
        layers += [dashed.encode(x, y), point.encode(x, y)]
    return layers


def _alone(values: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Values with a gap on both sides, which a line alone would not show."""
    known = ~np.isnan(values)
    before, after = np.r_[False, known[:-1]], np.r_[known[1:], False]
    return np.asarray(known & ~before & ~after)


def _tail(days: pd.DataFrame) -> pd.DataFrame:
    """The unfinished days with the last finished one before them."""
    open_days = np.flatnonzero(days["unfinished"].to_numpy() & days["value"].notna().to_numpy())
    if not len(open_days):
        return days.iloc[:0]
    return days.iloc[max(int(open_days[0]) - 1, 0) :]


def _past(shown: Series, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if not shown.days["previous"].notna().any():
        return []
    line = alt.Chart(shown.days).mark_line(color=theme.PREVIOUS, strokeWidth=1.5, strokeDash=theme.DASH)
    past = y.copy()
    past.shorthand = "previous:Q"
    return [line.encode(x, past)]


def _gaps(shown: Series, x: alt.X) -> list[alt.Chart]:
    """Days without a value, inside what is known, as pale bands."""
    missing = shown.days["value"].isna().to_numpy()
    starts = np.flatnonzero(missing & ~np.r_[False, missing[:-1]])
    ends = np.flatnonzero(missing & ~np.r_[missing[1:], False])
    if not len(starts):
        return []
    days = shown.days["day"].to_numpy(float)
    half = _DAY_MS / 2
    bands = pd.DataFrame(
        {
            "day": np.maximum(days[starts] - half, days[0]),
            "until": np.minimum(days[ends] + half, days[-1]),
            "middle": (days[starts] + days[ends]) / 2,
            "label": tr("no data"),
        }
    )
    where, middle = x.copy(), x.copy()
    middle.shorthand = "middle:T"
    band = alt.Chart(bands).mark_rect(color=theme.GAP, opacity=0.1).encode(where, alt.X2("until:T"))
    wide = bands[bands["until"] - bands["day"] >= _NAMED * (days[-1] - days[0])]
    if wide.empty:
        return [band]
    named = alt.Chart(wide).mark_text(color=theme.TEXT, fontSize=11, y=10).encode(middle, text="label:N")
    return [band, named]


def _labels(shown: Series, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """What each line is, at its right end instead of in a legend; two that end close together are moved apart."""
    days = shown.days
    now, past = days[days["value"].notna()].tail(1), days[days["previous"].notna()].tail(1)
    open_day = bool(now["unfinished"].iloc[0])
    name = tr("so far") if open_day else tr("now")
    if past.empty:
        return [_end(now, name, "value", theme.ACCENT, 0, x, y)] if open_day else []
    mine, before = float(now["value"].iloc[0]), float(past["previous"].iloc[0])
    drawn = days[["value", "previous"]].to_numpy(float)
    near = abs(mine - before) < 0.09 * (np.nanmax(drawn) - min(0.0, np.nanmin(drawn)) or 1.0)
    apart = 0 if not near else 7 if mine >= before else -7
    return [
        _end(now, name, "value", theme.ACCENT, -apart, x, y),
        _end(past, tr("before"), "previous", theme.TEXT, apart, x, y),
    ]


def _end(row: pd.DataFrame, text: str, field: str, colour: str, dy: int, x: alt.X, y: alt.Y) -> alt.Chart:
    mark = alt.Chart(row.assign(label=text)).mark_text(
        align="left", color=colour, dx=6, dy=dy, fontWeight=600, fontSize=11, clip=False
    )
    where = y.copy()
    where.shorthand = f"{field}:Q"
    named: alt.Chart = mark.encode(x, where, text="label:N")
    return named


def _hover(shown: Series, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    near = alt.selection_point(nearest=True, on="pointerover", encodings=["x"], empty=False, name="day")
    words = [alt.Tooltip("when:N", title=tr("Day")), alt.Tooltip("now:N", title=shown.title)]
    if shown.past_label:
        words.append(alt.Tooltip("before:N", title=tr("In {period}", period=shown.past_label)))
    rule = (
        alt.Chart(shown.days)
        .mark_rule(color=theme.PREVIOUS, strokeWidth=1)
        .encode(x, opacity=alt.condition(near, alt.value(0.6), alt.value(0)), tooltip=words)
        .add_params(near)
    )
    dot = alt.Chart(shown.days).mark_point(color=theme.ACCENT, filled=True, size=40)
    return [rule, dot.encode(x, y, opacity=alt.condition(near, alt.value(1), alt.value(0)), tooltip=words)]
