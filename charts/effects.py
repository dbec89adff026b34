"""Effects with their intervals: a point and a line for each, beside the usual."""

from __future__ import annotations

from typing import Literal

import altair as alt
import pandas as pd

from charts import theme
from charts.week import said
from core import verdict
from core.language import tr

BETTER, WORSE = "better", "worse"
PICK = "effect"
"""The name of the selection a click makes; it holds the `name` of the row."""
_ROW = 26
_SHORTEST = 120
_DOT = 64
_FAINT = 0.75


def rows(found: pd.DataFrame, names: list[str], counts: list[str]) -> pd.DataFrame:
    """Rows with `lift`, `lower`, `upper` and `verdict`, and what hovering says: `name`, `count`, `effect`, `side`."""
    side = ["above" if one == BETTER else "below" if one == WORSE else "unclear" for one in found["verdict"]]
    columns = ["lift", "lower", "upper", "verdict"]
    told = [verdict.said(str(one)) for one in found["verdict"]]
    return (
        found[columns]
        .assign(name=names, count=counts, effect=said(found), side=side, verdict=told)
        .reset_index(drop=True)
    )


def forest(shown: pd.DataFrame, of: str, *, labels: int = 130, pick: bool = False, zero: str = "") -> theme.Drawn:
    """One row per effect, in the order given; `of` names the rows, `zero` the line of no effect, else "usual". A click
    picks a row if `pick`."""
    if shown.empty:
        return theme.empty(tr("Nothing could be judged yet"), _SHORTEST)
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=labels, labelOverlap=False)
    y = alt.Y("name:N", sort=list(shown["name"]), axis=axis)
    layers = _layers(shown, y, "x", of, pick=pick, zero=zero)
    return alt.layer(*layers).properties(height=max(_ROW * len(shown) + 34, _SHORTEST))


def along(shown: pd.DataFrame, of: str, *, height: int = 150, values: list[str] | None = None) -> theme.Drawn:
    """One column per effect, in the order given, as along the hours of a day; only `values` are written below."""
    if shown.empty or shown["lift"].isna().all():
        return theme.empty(tr("Not known yet"), height)
    axis = alt.Axis(
        title=None, ticks=False, domain=False, labelAngle=0, labelPadding=6, labelOverlap=True,
        values=alt.Undefined if values is None else values,
    )  # fmt: skip
    x = alt.X("name:N", sort=list(shown["name"]), axis=axis)
    return alt.layer(*_layers(shown, x, "y", of, pick=False)).properties(height=height)


def bars(shown: pd.DataFrame, of: str, *, height: int = 150, values: list[str] | None = None) -> theme.Drawn:
    """How many posts there were of each `name`, for where nothing is known of how they did."""
    if not shown["posts"].sum():
        return theme.empty(tr("No posts in the last year"), height)
    axis = alt.Axis(
        title=None, ticks=False, domain=False, labelAngle=0, labelPadding=6, labelOverlap=True,
        values=alt.Undefined if values is None else values,
    )  # fmt: skip
    count = alt.Axis(title=None, ticks=False, domain=False, tickCount=3, format=",d", tickMinStep=1, labelPadding=8)
    words = [alt.Tooltip("name:N", title=of), alt.Tooltip("count:N", title=tr("Posts"))]
    mark = alt.Chart(shown).mark_bar(color=theme.ACCENT, cornerRadiusEnd=2)
    drawn: alt.Chart = mark.encode(
        alt.X("name:N", sort=list(shown["name"]), axis=axis), alt.Y("posts:Q", axis=count), tooltip=words
    ).properties(height=height)
    return drawn


def _layers(
    shown: pd.DataFrame, names: alt.X | alt.Y, side: Literal["x", "y"], of: str, *, pick: bool, zero: str = ""
) -> list[alt.Chart]:
    """The line of usual, and an interval and a point for each row; `side` is the axis of the lift."""
    axis = alt.Axis(
        title=None, ticks=False, domain=False, tickCount=4, labelPadding=6, labelOverlap=True,
        labelExpr=f"datum.value == 0 ? {theme.quoted(zero or tr('usual'))} : format(datum.value, '+.0%')",
    )  # fmt: skip
    one, two = (alt.X, alt.X2) if side == "x" else (alt.Y, alt.Y2)
    scale = alt.Scale(zero=True, nice=True)
    colour = alt.Color("side:N", legend=None, scale=alt.Scale(
        domain=["above", "below", "unclear"], range=[theme.ACCENT, theme.BELOW, theme.OTHER]))  # fmt: skip
    words = _words(of)
    usual = alt.Chart(pd.DataFrame({"at": [0.0]})).mark_rule(color=theme.PREVIOUS, strokeDash=theme.DASH)
    line = alt.Chart(shown).mark_rule(strokeWidth=2, opacity=_FAINT)
    dot = alt.Chart(shown).mark_point(filled=True, size=_DOT, opacity=1)
    drawn = [
        usual.encode(one("at:Q", axis=axis, scale=scale)),
        line.encode(one("lower:Q", axis=axis, scale=scale), two("upper:Q"), names, colour, tooltip=words),
        dot.encode(one("lift:Q", axis=axis, scale=scale), names, colour, tooltip=words),
    ]
    return [*drawn, _whole_row(shown, names, words)] if pick else drawn


def _whole_row(shown: pd.DataFrame, names: alt.X | alt.Y, words: list[alt.Tooltip]) -> alt.Chart:
    """Nothing to see: all of a row can be clicked, not only its point."""
    strip = alt.Chart(shown).mark_rule(strokeWidth=_ROW, opacity=0, cursor="pointer")
    drawn: alt.Chart = strip.encode(
        x=alt.value(0), x2=alt.value(alt.ExprRef("width")), y=names, tooltip=words
    ).add_params(alt.selection_point(name=PICK, fields=["name"], on="click", empty=True))
    return drawn


def _words(of: str) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title=of),
        alt.Tooltip("count:N", title=tr("Posts")),
        alt.Tooltip("effect:N", title=tr("Beside the usual")),
        alt.Tooltip("verdict:N", title=tr("Verdict")),
    ]
