"""The courses of platforms, or accounts, on one axis: the chart and its panel."""

from __future__ import annotations

import pandas as pd

from charts import courses, theme
from charts.courses import Course
from core.language import mark, tr
from services import comparison
from services.comparison import Trends
from ui import panels
from ui.drawings import Drawing

_INDEXED = mark("each line in per cent of its first day, which is 100")


def drawn(answer: Trends, height: int = theme.HEIGHT) -> Drawing:
    """The lines."""
    shown = tuple(Course(line.title, line.platform, line.values, line.unfinished) for line in answer.lines)
    zero = comparison.begins_at_zero(answer.metric)
    chart = courses.lines(shown, answer.days, title=answer.title, unit=answer.unit, currency=answer.currency,
                          indexed=answer.indexed, zero=zero, height=height)  # fmt: skip
    table = pd.DataFrame({"Day": answer.days, **{line.title: line.values for line in answer.lines}})
    names = ", ".join(line.title for line in answer.lines)
    return Drawing(theme.spec(chart), table, tr("{metric} by day: {names}", metric=answer.title, names=names))


def panel(title: str, answer: Trends, lines: Drawing, unit: str, *, key: str, time_zone: str) -> None:
    """The lines with what they are made from; `unit` says what a line is where it is not indexed."""
    panels.chart(
        title,
        lines.spec,
        lines.table,
        key=key,
        alt_text=lines.words,
        note=" ".join([tr(_INDEXED) if answer.indexed else unit, *answer.notes]),
        explanation=answer.explanation,
        number=answer.number,
        time_zone=time_zone,
    )
