"""Several courses on one axis: platforms or accounts by day, each named at its right end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import altair as alt
import numpy as np
import pandas as pd

from charts import days as on
from charts import goals, theme
from charts.marks import Told, on_axis
from core import numbers
from core.language import tr
from core.metric import Unit

_LONGEST = 20
_LETTER, _ASIDE, _DOT = 6.4, 25, 9
"""About how wide a letter of a name is, what is left beside it, and what its dot takes of that, in pixels."""
_APART = 0.07
"""How far apart two names must stand, as a part of the axis."""
_DASHES = ([1, 0], [6, 3], [2, 2], [8, 2, 2, 2])


@dataclass(frozen=True, slots=True)
class Course:
    """One line: its name, the platform whose colour it has, a value (NaN is a gap) and whether it is over, by day;
    `key` is what a click on its name picks."""

    title: str
    platform: str
    values: tuple[float, ...]
    unfinished: tuple[bool, ...]
    key: str = ""


def lines(
    shown: tuple[Course, ...],
    days: tuple[date, ...],
    *,
    title: str,
    unit: Unit = Unit.COUNT,
    currency: str = "",
    indexed: bool = False,
    zero: bool = True,
    height: int = theme.HEIGHT,
    marks: Told = (),
    goal: float | None = None,
) -> theme.Drawn:
    """The chart; `indexed` values are per cent of a first day, `marks` what happened on a day, `goal` what is wanted
    of each day. Hovering shows a rule with all values of the day."""
    rows = _rows(shown, days)
    if rows.empty or rows["value"].isna().all():
        return theme.empty(tr("No data in this period"), height)
    names = theme.shortened([line.title for line in shown], _LONGEST)
    room = _ASIDE + round(_LETTER * max(len(name) for name in names.values()))
    x = theme.x_days("day", first=days[0], last=days[-1], labels=room)
    y = theme.y_values("value", title, ratio=unit is Unit.RATIO and not indexed, zero=zero and not indexed)
    layers = [*goals.line(goal, rows["value"], y, unit, currency), *_drawn(rows, x, y)]
    if indexed:
        begin = pd.DataFrame({"value": [100.0]})
        rule = alt.Chart(begin).mark_rule(color=theme.PREVIOUS, strokeDash=theme.DASH)
        layers.insert(0, rule.encode(y, x=alt.value(0), x2=alt.value(alt.ExprRef(f"width - {room}"))))
    written = Unit.SCORE if indexed else unit
    layers += _hover(rows, shown, days, x, written, currency)
    layers += _names(rows, y, names, room, zero=zero and not indexed)  # above what hovers, or no click meets them
    layers += on_axis(marks, days[0], days[-1], x)
    return alt.layer(*layers).properties(height=height)


def _rows(shown: tuple[Course, ...], days: tuple[date, ...]) -> pd.DataFrame:
    """One row per line and day: day in ms, value, whether it is over, name, colour and dash."""
    parts = []
    seen: dict[str, int] = {}
    for line in shown:
        ordinal = seen.get(line.platform, 0)
        seen[line.platform] = ordinal + 1
        parts.append(
            pd.DataFrame(
                {
                    "day": [theme.utc_ms(day) for day in days],
                    "value": np.array(line.values, float),
                    "unfinished": np.array(line.unfinished, bool),
                    "title": line.title,
                    theme.PICK: line.key,
                    "colour": theme.platform_colour(line.platform),
                    "dash": ordinal % len(_DASHES),
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"value": []})


def _drawn(rows: pd.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """Days that are over as lines, dashed by account where a platform has several; what is not over is dotted."""
    done = rows.assign(value=rows["value"].where(~rows["unfinished"]))
    colour = alt.Color("colour:N", scale=None, legend=None)
    detail = alt.Detail("title:N")
    layers = []
    for dash, some in done.groupby("dash"):
        mark = alt.Chart(some).mark_line(strokeWidth=2, interpolate="linear", strokeDash=_DASHES[int(str(dash))])
        layers.append(mark.encode(x, y, colour, detail))
    tails = [_tail(one) for _, one in rows.groupby("title", sort=False)]
    tail = pd.concat(tails)
    if len(tail):
        dotted = alt.Chart(tail).mark_line(strokeWidth=2, strokeDash=theme.DOTS)
        layers.append(dotted.encode(x, y, colour, detail))
    return layers


def _tail(days: pd.DataFrame) -> pd.DataFrame:
    """The unfinished days with the last finished one before them."""
    open_days = np.flatnonzero(days["unfinished"].to_numpy() & days["value"].notna().to_numpy())
    return days.iloc[max(int(open_days[0]) - 1, 0) :] if len(open_days) else days.iloc[:0]


def _names(rows: pd.DataFrame, y: alt.Y, names: dict[str, str], room: int, *, zero: bool) -> list[alt.Chart]:
    """What each line is, at its right end, with a dot of its colour: not every colour reads as words. Names that would
    meet are moved apart."""
    ends = rows[rows["value"].notna()].groupby("title", sort=False).tail(1).sort_values("value")
    low = min(0.0, float(rows["value"].min())) if zero else float(rows["value"].min())
    gap = _APART * (float(rows["value"].max()) - low or 1.0)
    placed = apart(ends["value"].to_numpy(float), gap)
    drawn = ends.assign(value=placed, label=[names[name] for name in ends["title"]])
    picks = bool(drawn[theme.PICK].any())
    mark = alt.Chart(drawn).mark_text(
        align="left",
        fontWeight=600,
        fontSize=11,
        color=theme.TEXT,
        clip=False,
        cursor="pointer" if picks else alt.Undefined,
    )
    named = mark.encode(
        y, x=alt.value(alt.ExprRef(f"width - {room - 7 - _DOT}")), text="label:N",
        tooltip=[alt.Tooltip("title:N", title=tr("Line"))],
    )  # fmt: skip
    dot = alt.Chart(drawn).mark_point(filled=True, size=36, opacity=1)
    shape = dot.encode(y, x=alt.value(alt.ExprRef(f"width - {room - 7}")), color=alt.Color("colour:N", scale=None))
    return [shape, named.add_params(theme.picking()) if picks else named]


def apart(places: np.ndarray[tuple[int], np.dtype[np.float64]], gap: float) -> list[float]:
    """Places in rising order, moved as little as it takes to stand a gap apart.

    >>> apart(np.array([1.0, 1.0, 5.0]), 1.0)
    [0.5, 1.5, 5.0]
    """
    groups: list[list[float]] = []
    for place in places:
        groups.append([float(place), 1.0])
        while len(groups) > 1 and _upper(groups[-2], gap) + gap > _lower(groups[-1], gap):
            centre, count = groups.pop()
            before, many = groups.pop()
            groups.append([(before * many + centre * count) / (many + count), many + count])
    return [_lower(group, gap) + at * gap for group in groups for at in range(int(group[1]))]


def _lower(group: list[float], gap: float) -> float:
    return group[0] - (group[1] - 1) / 2 * gap


def _upper(group: list[float], gap: float) -> float:
    return group[0] + (group[1] - 1) / 2 * gap


def _hover(
    rows: pd.DataFrame, shown: tuple[Course, ...], days: tuple[date, ...], x: alt.X, unit: Unit, currency: str
) -> list[alt.Chart]:
    """A rule with what every line is on a day."""
    said: dict[str, list[str] | list[float]] = {
        "day": [theme.utc_ms(day) for day in days],
        "when": [on.when(day) for day in days],
    }
    for at, line in enumerate(shown):
        written = [numbers.exact(value, unit, currency) for value in line.values]
        said[f"line{at}"] = [
            tr("{text} so far", text=text) if open_day and text != tr("n/a") else text
            for text, open_day in zip(written, line.unfinished, strict=True)
        ]
    words = [alt.Tooltip("when:N", title=tr("Day"))]
    words += [alt.Tooltip(f"line{at}:N", title=line.title) for at, line in enumerate(shown)]
    near = alt.selection_point(nearest=True, on="pointerover", encodings=["x"], empty=False, name="day")
    rule = alt.Chart(pd.DataFrame(said)).mark_rule(color=theme.PREVIOUS, strokeWidth=1)
    shape = rule.encode(x, opacity=alt.condition(near, alt.value(0.6), alt.value(0)), tooltip=words)
    return [shape.add_params(near)]
