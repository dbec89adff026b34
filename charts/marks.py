"""What happened on a day, as small triangles on the axis of time: one per day, with everything said of it on hover."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from charts import days, theme
from core.language import tr


def on_axis(marks: Sequence[tuple[date, str]], first: date, last: date, x: alt.X) -> list[alt.Chart]:
    """The layer of the marks that lie from `first` to `last`; none where there is nothing to mark."""
    rows = by_day([(day, text) for day, text in marks if first <= day <= last], x)
    if rows.empty:
        return []
    sign = alt.Chart(rows).mark_point(shape="triangle-up", color=theme.ANNOTATION, filled=True, size=90, opacity=1)
    words = [alt.Tooltip("when:N", title=tr("Day")), alt.Tooltip("text:N", title=tr("Annotation"))]
    return [sign.encode(x, y=alt.value(alt.ExprRef("height - 5")), tooltip=words)]


def by_day(told: Sequence[tuple[date, str]], x: alt.X) -> pd.DataFrame:
    """One row per day: its moment in the field of the axis, `when` in words, and `text` with everything told of it."""
    said: dict[date, list[str]] = {}
    for day, text in told:
        said.setdefault(day, []).append(text)
    rows = [(theme.utc_ms(day), days.when(day), "; ".join(said[day])) for day in sorted(said)]
    return pd.DataFrame(rows, columns=[str(x.shorthand).split(":")[0], "when", "text"])
