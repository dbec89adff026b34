"""The courses of platforms, or accounts, on one axis: the chart and its panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from charts import courses, theme
from charts.courses import Course
from charts.marks import Told
from core.language import mark, tr
from core.metric import Unit
from services import comparison
from services.comparison import Trends
from services.team import targets
from ui import drawings, panels
from ui.drawings import Drawing

_INDEXED = mark("each line in per cent of its first day, which is 100")


def drawn(
    answer: Trends, marks: Told, height: int = theme.HEIGHT, targeted: Mapping[str, float] | None = None
) -> Drawing:
    """The lines; `marks` are what happened on a day. A target of the whole is drawn where a line can be held to it:
    the only one, and all of a metric that parts have like the whole."""
    alone = len(answer.lines) == 1 or answer.unit is Unit.RATIO
    goal = targets.by_day(targeted or {}, answer.metric) if alone and not answer.indexed else None
    shown = tuple(Course(line.title, line.platform, line.values, line.unfinished, line.key) for line in answer.lines)
    zero = comparison.begins_at_zero(answer.metric)
    chart = courses.lines(shown, answer.days, title=answer.title, unit=answer.unit, currency=answer.currency,
                          indexed=answer.indexed, zero=zero, height=height, marks=marks,
                          goal=goal)  # fmt: skip
    table = pd.DataFrame({"Day": answer.days, **{line.title: line.values for line in answer.lines}})
    if goal is not None:
        table[mark("Target")] = goal
    names = ", ".join(line.title for line in answer.lines)
    table = drawings.annotated(table, answer.days, marks)
    return Drawing(theme.spec(chart), table, tr("{metric} by day: {names}", metric=answer.title, names=names))


def panel(
    title: str,
    answer: Trends,
    lines: Drawing,
    unit: str,
    *,
    key: str,
    time_zone: str,
    beside: Callable[[], None] | None = None,
    pick: Callable[[str], None] | None = None,
) -> None:
    """The lines with what they are made from; `unit` says what a line is where it is not indexed. `pick` is called
    with the key of the line whose name was clicked."""
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
        beside=beside,
        pick=pick,
    )
