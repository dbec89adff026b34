"""What a part asks its numbers through: the question of its block, asked once however many blocks need the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from core import clock, language
from core.language import mark, tr
from core.question import Answer, Asked, By, Explanation, Number
from core.report import Cell, Column, Figure, Holds, Table
from core.viewer import Viewer
from services import ask
from services.content import posts
from services.words import calendar

T = TypeVar("T")
_EXACT = 2**53
"""From here on a float no longer holds every whole number."""


@dataclass(slots=True)
class Known:
    """What was asked so far for a document: answers by their question, how its metrics are made, what was asked in
    words, and how new the newest number is."""

    answers: dict[Any, Any] = field(default_factory=dict)
    explanations: dict[str, Explanation] = field(default_factory=dict)
    questions: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    data_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """A block being made: who asks, the block's question, its settings, the moment, and what the document knows."""

    viewer: Viewer
    asked: Asked
    settings: Mapping[str, Any]
    now: datetime
    zone: str
    known: Known
    week_start: int = 0

    @property
    def today(self) -> date:
        """The day it is in the workspace."""
        return clock.local_day(self.now, self.zone)

    def ask(self, *metrics: str, by: By | None = None, split: str | None = None) -> Answer:
        """The numbers of the block's question. Raises as `ask.ask` does."""
        question = self.asked.question(metrics, by, split)
        return self.noted(self.once(("ask", question), lambda: ask.ask(self.viewer, question, now=self.now)))

    def noted(self, answer: Answer) -> Answer:
        """An answer, of which the document now tells what was asked, how it is made and how new it is."""
        self.known.explanations.update(answer.explanations)
        self.known.notes.update(dict.fromkeys(note.text for note in answer.notes if note.serious))
        if answer.data_until is not None:
            self.known.data_until = max(self.known.data_until or answer.data_until, answer.data_until)
        self.known.questions[_said(answer)] = None
        return answer

    def posts(self) -> pd.DataFrame:
        """Every post of the year with its numbers, narrowed as the block says; `inside` marks those of the period."""
        return self.once(("posts", self.asked), self._posts)

    def _posts(self) -> pd.DataFrame:
        return posts.narrowed(self.peers(), self.asked.posts)

    def peers(self) -> pd.DataFrame:
        """The same of all kinds and tags: whom the posts are compared with."""
        of = self.asked
        return self.once(
            ("peers", of.period, of.where), lambda: posts.peers(self.viewer, of.period, of.where, now=self.now)
        )

    def notes(self, answer: Answer) -> tuple[str, ...]:
        """The caveats of an answer, each once; where it holds for some of the metrics only, with their titles."""
        about: dict[str, list[str]] = {}
        for note in answer.notes:
            about.setdefault(note.text, []).append(note.metric)
        every = set(answer.question.metrics)
        return tuple(_about(text, names, every, answer) for text, names in about.items())

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives, made once for the whole document."""
        if key not in self.known.answers:
            self.known.answers[key] = make()
        found: T = self.known.answers[key]
        return found

    def narrowed(self, *platforms: str) -> Making:
        """The same for some platforms."""
        return replace(self, asked=replace(self.asked, where=replace(self.asked.where, platforms=platforms)))


def _said(answer: Answer) -> str:
    """A question in words: its metrics, how they are split, and its period."""
    of = answer.question
    titles = ", ".join(answer.explain(name).title for name in of.metrics)
    split = [tr(word) for word in (_BY[of.by] if of.by else "", of.split or "") if word]
    return " / ".join([titles, *split]) + f", {calendar.words(answer.period, year=True)}"


_BY = {
    By.DAY: mark("day"),
    By.WEEK: mark("week"),
    By.MONTH: mark("month"),
    By.HOUR: mark("hour"),
    By.WEEKDAY_HOUR: mark("hour of the week"),
}


def _about(text: str, names: list[str], every: set[str], answer: Answer) -> str:
    if "" in names or every <= set(names):
        return text
    titles = language.listed([answer.explain(name).title for name in names if name in answer.explanations])
    return f"{titles}: {text}" if titles else text


def figure(answer: Answer, metric: str) -> Figure:
    """A number of an answer as a key number, with its course where the answer is by day."""
    return figure_of(answer.explain(metric).title, answer.totals[metric], _course(answer, metric))


def figure_of(title: str, number: Number, course: tuple[float | None, ...] = ()) -> Figure:
    """A number as a key number."""
    return Figure(
        title,
        number.metric,
        number.value,
        number.unit,
        number.currency,
        number.why_none,
        number.previous,
        number.change,
        number.difference,
        number.why_no_change,
        number.is_good,
        number.at_most,
        course,
    )


def _course(answer: Answer, metric: str) -> tuple[float | None, ...]:
    if "bucket" not in answer.frame or "split" in answer.frame:
        return ()
    rows = answer.frame[answer.frame["metric"] == metric]
    return tuple(known(value) for value in rows["value"])


def known(value: Any) -> Any:
    """A value as a document holds it: nothing in place of NaN.

    >>> known(float("nan")), known(3.0)
    (None, 3.0)
    """
    return None if value is None or (isinstance(value, float) and value != value) else value


def column(title: str, number: Number) -> Column:
    """The column of a metric."""
    return Column(title, Holds.of(number.unit), number.currency, number.metric)


def table(columns: tuple[Column, ...], *values: Any, of: int | None = None) -> Table:
    """A table of columns of values, top to bottom. `of`: how many rows there are in all, where not all are in it."""
    rows = tuple(tuple(cell(one) for one in row) for row in zip(*values, strict=True))
    return Table(columns, rows, len(rows) if of is None else of)


def cell(value: Any) -> Cell:
    """A value of a frame as a table of a document holds it: Python's own types, whole numbers without a point, None for
    what is not known.

    >>> cell(np.float64(7088.0)), cell(0.25), cell(pd.NaT)
    (7088, 0.25, None)
    """
    if isinstance(value, pd.Timestamp):
        found: Cell = value.to_pydatetime()
        return found
    plain = value.item() if isinstance(value, np.generic) else value
    if plain is pd.NaT:
        return None
    whole = isinstance(plain, float) and plain.is_integer() and abs(plain) < _EXACT
    return int(plain) if whole else known(plain)
