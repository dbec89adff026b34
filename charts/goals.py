"""Where a target lies on an axis of values."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from charts import theme
from core import numbers
from core.language import tr
from core.metric import Unit

_FAR = 1.0
"""A target is drawn up to so far beyond what was, as a part of its span."""


def line(goal: float | None, known: pd.DataFrame | pd.Series, y: alt.Y, unit: Unit, currency: str) -> list[alt.Chart]:
    """A dotted line where the target is, beside the `known` values. One far beyond them is written at the edge it lies
    behind, for a line there would flatten everything else."""
    if goal is None:
        return []
    values = known.to_numpy(float)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    room = _FAR * (high - low) or abs(high)
    said = numbers.short(goal, unit, currency)
    near = low - room <= goal <= high + room
    row = pd.DataFrame({"value": [goal], "label": [tr("target {value}", value=said)]})
    text = alt.Chart(row).mark_text(
        align="right" if near else "left", baseline="bottom" if near else "middle", color=theme.ANNOTATION,
        fontSize=11, fontWeight=600, dx=0 if near else 4, dy=-3 if near else 0,
    )  # fmt: skip
    if not near:
        arrow = "↑" if goal > high else "↓"
        edge = alt.value(8) if goal > high else alt.value(alt.ExprRef("height - 8"))
        return [text.encode(x=alt.value(0), y=edge, text=alt.value(f"{arrow} {row['label'].iloc[0]}"))]
    rule = alt.Chart(row).mark_rule(color=theme.ANNOTATION, strokeWidth=1.5, strokeDash=theme.DOTS)
    return [rule.encode(y), text.encode(y, x=alt.value(alt.ExprRef("width")), text="label:N")]
