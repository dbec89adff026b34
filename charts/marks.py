"""What happened on a day, as small triangles on the axis of time: one per day, with everything said of it on hover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import altair as alt
import pandas as pd

from charts import days, theme
from core.language import tr

Told = Sequence[tuple[date, str]]
"""What happened on which day."""


def on_axis(
    marks: Told, first: date, last: date, x: alt.X, *, place: Callable[[date], float] = theme.utc_ms
) -> list[alt.Chart]:
    """The layer of the marks that lie from `first` to `last`, above all others so that hovering finds it; none where
    there is nothing to mark. `place` is where a day stands on an axis that has other steps than days."""
    rows = by_day([(day, text) for day, text in marks if first <= day <= last], x, place)
    if rows.empty:
        return []
    sign = alt.Chart(rows).mark_point(shape="triangle-up", color=theme.ANNOTATION, filled=True, size=90, opacity=1)
    words = [alt.Tooltip("when:N", title=tr("Day")), alt.Tooltip("text:N", title=tr("Annotation"))]
    return [sign.encode(x, y=alt.value(alt.ExprRef("height - 5")), tooltip=words)]


def by_day(told: Told, x: alt.X, place: Callable[[date], float] = theme.utc_ms) -> pd.DataFrame:
    """One row per day: its moment in the field of the axis, `when` in words, and `text` with everything told of it."""
    said: dict[date, list[str]] = {}
    for day, text in told:
        said.setdefault(day, []).append(text)
    rows = [(place(day), days.when(day), "; ".join(said[day])) for day in sorted(said)]
    return pd.DataFrame(rows, columns=[str(x.shorthand).split(":")[0], "when", "text"])
