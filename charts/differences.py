"""Differences in a rate with their intervals, in percentage points: a point and a line for each, beside none at all."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from charts import theme
from core.language import figure, tr

HIGHER, LOWER, UNCLEAR = "higher", "lower", "unclear"
_ROW = 25
_FOOT = 30


def forest(shown: pd.DataFrame, of: str, *, labels: int = 290) -> theme.Drawn:
    """One row per difference, in the order given, of rows `name`, `label` (the name, cut), `estimate`, `lower`, `upper`
    (fractions), `verdict` and `words`; `of` names a row."""
    if shown.empty:
        return theme.empty(tr("Nothing could be compared yet"), 120)
    written = f"{json.dumps(list(shown['label']), ensure_ascii=False)}[datum.value]"
    axis = alt.Axis(title=None, ticks=False, domain=False, labelPadding=8, labelLimit=labels, labelOverlap=False,
                    labelExpr=written)  # fmt: skip
    y = alt.Y("at:O", axis=axis)
    scale = alt.Scale(zero=True, nice=True)
    ticks = alt.Axis(title=None, ticks=False, domain=False, tickCount=4, labelPadding=6, labelExpr=_ticks())
    colour = alt.Color(
        "verdict:N",
        legend=None,
        scale=alt.Scale(domain=[HIGHER, LOWER, UNCLEAR], range=[theme.ACCENT, theme.BELOW, theme.OTHER]),
    )
    words = [
        alt.Tooltip("name:N", title=of),
        alt.Tooltip("gap:N", title=tr("Difference")),
        alt.Tooltip("words:N", title=tr("In words")),
    ]
    rows = shown.assign(
        at=range(len(shown)),
        gap=[said(*row) for row in zip(shown["estimate"], shown["lower"], shown["upper"], strict=True)],
    )
    none = alt.Chart(pd.DataFrame({"none": [0.0]})).mark_rule(color=theme.PREVIOUS, strokeDash=theme.DASH)
    line = alt.Chart(rows).mark_rule(strokeWidth=2, opacity=0.75)
    dot = alt.Chart(rows).mark_point(filled=True, size=64, opacity=1)
    return alt.layer(
        none.encode(alt.X("none:Q", axis=ticks, scale=scale)),
        line.encode(alt.X("lower:Q", axis=ticks, scale=scale), alt.X2("upper:Q"), y, colour, tooltip=words),
        dot.encode(alt.X("estimate:Q", axis=ticks, scale=scale), y, colour, tooltip=words),
    ).properties(height=_ROW * len(rows) + _FOOT)


def said(estimate: float, lower: float, upper: float) -> str:
    """A difference with its interval, in percentage points.

    >>> said(0.0212, 0.0042, 0.038), said(-0.0004, -0.001, 0.0002)
    ('+2.1 (+0.4 to +3.8)', '−0.04 (−0.10 to +0.02)')
    """
    digits = 1 if max(abs(estimate), abs(lower), abs(upper)) >= 0.005 else 2
    value, low, high = (_points(one, digits) for one in (estimate, lower, upper))
    return tr("{value} ({low} to {high})", value=value, low=low, high=high)


def _points(value: float, digits: int) -> str:
    text = f"{value * 100:+.{digits}f}".replace("-", "−")
    return figure(text if float(text.replace("−", "-")) else text[1:])


def _ticks() -> str:
    """The labels of the axis, as an expression."""
    same, points = theme.quoted(tr("same")), theme.quoted(tr("{size} pts", size=""))
    return f"datum.value == 0 ? {same} : format(datum.value * 100, '+.1~f') + {points}"
