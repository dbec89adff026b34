"""The raw numbers behind the screens, as a table of any length: asked a quarter at a time, never held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import pandas as pd

from core.errors import BadQuestion, TooLarge
from core.language import figure, mark, tr
from core.question import Answer, By, Period, Question
from core.registry import discover
from core.report import Cell, Column, Format, Holds, Row
from core.viewer import Right, Viewer
from services import ask
from services.reports.making import cell

MOST_ROWS = 5_000_000
"""A table with more rows than this is refused whole: nobody opens it, and it would hold up everyone else."""
_AT_ONCE_DAYS = 92
_HEADS = {
    By.DAY: mark("Day"), By.WEEK: mark("Week"), By.MONTH: mark("Month"), By.HOUR: mark("Hour"),
    By.WEEKDAY_HOUR: mark("Hour of the week"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """A table to be written: its columns, and its rows as they are asked for."""

    columns: tuple[Column, ...]
    rows: Iterator[Row]


def formats() -> dict[str, Format]:
    """Name -> a kind of file that can hold a table of any length."""
    return {name: one for name, one in discover("reports.formats", "FORMAT", Format).items() if one.stream}


def table(viewer: Viewer, question: Question, *, now: datetime, told: Callable[[float], None] | None = None) -> Export:
    """The numbers of a question, one row for each bucket and member of the split, with a column for each metric; empty
    where a number is not known. Raises as `ask` does. `told` hears how far the rows are, 0 to 1."""
    viewer.require(Right.READ)
    if not question.metrics:
        raise BadQuestion(tr("Nothing was asked."), hint=tr("Name at least one metric."))
    plain = replace(question, compare=None)
    pieces = _pieces(plain)
    first = ask.ask(viewer, replace(plain, period=pieces[0]), now=now)
    columns = (*_heads(plain), *(_column(first, name) for name in plain.metrics), Column(tr("Unfinished")))
    return Export(columns, _rows(viewer, plain, pieces, first, now, told or (lambda done: None)))


def write(
    viewer: Viewer, question: Question, kind: str, out: BinaryIO, *, now: datetime,
    told: Callable[[float], None] | None = None,
) -> int:  # fmt: skip
    """Write the numbers of a question as a file; answers how many rows it has. Raises TooLarge before anything is cut,
    BadQuestion for a format that holds no table."""
    known = formats()
    stream = known[kind].stream if kind in known else None
    if stream is None:
        raise BadQuestion(tr("There is no format called '{name}'.", name=kind), hint=", ".join(known))
    found = table(viewer, question, now=now, told=told)
    return stream(found.columns, found.rows, out)


def _pieces(question: Question) -> list[Period]:
    """The period in pieces that can be asked one after another: days are, what spans weeks or months is asked whole."""
    whole = question.period
    if question.by is not By.DAY:
        return [whole]
    starts = range(0, whole.days, _AT_ONCE_DAYS)
    days = [whole.first + timedelta(days=one) for one in starts]
    return [Period(day, min(day + timedelta(days=_AT_ONCE_DAYS - 1), whole.last)) for day in days]


def _heads(question: Question) -> list[Column]:
    heads = []
    if question.by:
        holds = Holds.DAY if question.by in {By.DAY, By.WEEK, By.MONTH} else Holds.TEXT
        heads.append(Column(tr(_HEADS[question.by]), holds))
    return [*heads, Column(tr("Key")), Column(tr("Name"))] if question.split else heads


def _column(answer: Answer, name: str) -> Column:
    number = answer.totals[name]
    return Column(answer.explain(name).title, Holds.of(number.unit), number.currency, name)


def _rows(
    viewer: Viewer, question: Question, pieces: Sequence[Period], first: Answer, now: datetime,
    told: Callable[[float], None],
) -> Iterator[Row]:  # fmt: skip
    written = 0
    for done, period in enumerate(pieces):
        told(done / len(pieces))
        answer = first if done == 0 else ask.ask(viewer, replace(question, period=period), now=now)
        for row in _of(answer, question):
            written += 1
            if written > MOST_ROWS:
                raise TooLarge(
                    tr("This table has more than {n} rows.", n=figure(f"{MOST_ROWS:,}")),
                    hint=tr("Ask for a shorter period, or fewer accounts."),
                )
            yield row
    told(1.0)


def _of(answer: Answer, question: Question) -> Iterator[Row]:
    """The rows of one answer: what was long, one row a metric, side by side."""
    keys = [name for name in ("bucket", "split") if name in answer.frame.columns]
    if not keys:
        yield (*(answer.totals[name].value for name in question.metrics), tr("no"))
        return
    frame = answer.frame
    wide = frame.pivot(index=keys, columns="metric", values="value").reindex(columns=list(question.metrics))
    open_days = frame.groupby(keys, observed=True)["unfinished"].any().reindex(wide.index)
    marks = (tr("yes") if one else tr("no") for one in open_days)
    for key, values, unfinished in zip(wide.index, wide.itertuples(index=False, name=None), marks, strict=True):
        place: tuple[Any, ...] = key if isinstance(key, tuple) else (key,)
        if len(values) and all(pd.isna(one) for one in values):
            continue
        yield (*_place(place, keys, answer), *(cell(one) for one in values), unfinished)


def _place(place: tuple[Any, ...], keys: Sequence[str], answer: Answer) -> Iterator[Cell]:
    for name, value in zip(keys, place, strict=True):
        if name == "split":
            yield str(value)
            yield answer.split_titles.get(str(value), str(value))
        else:
            yield cell(value)
