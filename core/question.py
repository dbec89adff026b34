"""The question and the answer: the one shape in which any screen, route, report or alert gets a number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

import pandas as pd

from core.errors import BadQuestion
from core.metric import Direction, Unit


class By(StrEnum):
    """The buckets of a series."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    HOUR = "hour"
    WEEKDAY_HOUR = "weekday_hour"


class Compare(StrEnum):
    """What a period is compared with. A custom period is given as a Period instead."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Calendar days from `first` to `last`, both included.

    >>> Period(date(2026, 11, 1), date(2026, 11, 30)).days
    30
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadQuestion(
                f"The period ends ({self.last.isoformat()}) before it begins ({self.first.isoformat()}).",
                hint="Swap the two dates.",
            )

    @property
    def days(self) -> int:
        """How many calendar days it has."""
        return (self.last - self.first).days + 1

    def shifted(self, days: int) -> Period:
        """The period moved by a number of days."""
        return Period(self.first + timedelta(days=days), self.last + timedelta(days=days))

    def previous(self, *, match_weekday: bool = False) -> Period:
        """The period of equal length just before; with `match_weekday`, moved back to the next whole week.

        >>> Period(date(2026, 11, 1), date(2026, 11, 30)).previous()
        Period(first=datetime.date(2026, 10, 2), last=datetime.date(2026, 10, 31))
        """
        step = -(-self.days // 7) * 7 if match_weekday else self.days
        return self.shifted(-step)

    def last_year(self, *, match_weekday: bool = False) -> Period:
        """The same dates a year earlier (29 February becomes 28); with `match_weekday`, 364 days earlier."""
        if match_weekday:
            return self.shifted(-364)
        return Period(_year_before(self.first), _year_before(self.last))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


@dataclass(frozen=True, slots=True)
class Where:
    """Filters. Empty means all. `members` are keys of the question's split dimension."""

    platforms: tuple[str, ...] = ()
    accounts: tuple[int, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Posts:
    """Which posts: those of one of these kinds, with one of these tags. Empty means all; numbers of whole accounts are
    not narrowed by it.

    >>> bool(Posts()), bool(Posts(tags=("brew",)))
    (False, True)
    """

    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.tags)


@dataclass(frozen=True, slots=True)
class Question:
    """Metrics over a period, in buckets, split, filtered, compared, as known at a moment.

    `split` is None, "platform", "account" or the name of a dimension. `as_of` None means: as known now.
    """

    metrics: tuple[str, ...]
    period: Period
    by: By | None = None
    split: str | None = None
    where: Where = field(default_factory=Where)
    compare: Compare | Period | None = None
    match_weekday: bool = False
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about: a period, what it is compared with, the platforms and accounts it is narrowed to, and the
    posts that what is made of posts is narrowed to."""

    period: Period
    compare: Compare | Period | None = Compare.PREVIOUS
    match_weekday: bool = False
    where: Where = field(default_factory=Where)
    posts: Posts = field(default_factory=Posts)

    def question(self, metrics: tuple[str, ...], by: By | None = None, split: str | None = None) -> Question:
        """The question for some metrics of it."""
        return Question(metrics, self.period, by, split, self.where, self.compare, self.match_weekday)

    def on(self, platform: str) -> Asked:
        """The same of one platform."""
        return replace(self, where=replace(self.where, platforms=(platform,)))


@dataclass(frozen=True, slots=True)
class Note:
    """A caveat that travels with a number. `code` is for programs, `text` for people; `metric` empty means all.

    `day` is where on a chart it belongs: the first day of a new definition.
    """

    code: str
    text: str
    metric: str = ""
    serious: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """One value with its comparison. None is never zero: `why_none` says why there is no value.

    `change` is relative (0.1 = +10 %), None where it is undefined, with the reason in `why_no_change`. `at_most`
    marks an upper bound of a quantity that does not add up. `compared` is the part of the value that `previous` is held
    against - days that are over, and of which both periods have data - so `difference` is `compared` less `previous`.
    """

    metric: str
    value: float | None
    unit: Unit
    direction: Direction
    previous: float | None = None
    difference: float | None = None
    change: float | None = None
    why_none: str = ""
    why_no_change: str = ""
    at_most: bool = False
    currency: str = ""
    notes: tuple[Note, ...] = ()
    compared: float | None = None

    @property
    def is_good(self) -> bool | None:
        """Whether the change is good news: None when there is none, or the metric has no good direction."""
        if not self.difference or self.direction is Direction.NEITHER:
            return None
        return (self.difference > 0) == (self.direction is Direction.UP)


@dataclass(frozen=True, slots=True)
class Input:
    """One ingredient of a number: a stored metric on one platform, what it added, and when it was last read."""

    metric: str
    title: str
    platform: str
    field: str
    value: float | None
    accounts: int
    last_observed: datetime | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a number is made: formula in words, ingredients with values, coverage and caveats. `computed_at` is when the
    study was computed that it is taken from, `read_at` when it was last read where its inputs do not say so."""

    metric: str
    title: str
    definition: str
    formula: str
    inputs: tuple[Input, ...]
    coverage: str
    notes: tuple[Note, ...]
    period: Period
    compared_with: Period | None
    definition_version: str = ""
    computed_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """The numbers for a question.

    `frame` is long: one row per metric x bucket x split value, with columns `metric`, `bucket` (date, start of the
    bucket; absent without `by`), `split` (str; absent without split), `value`, `previous` (float, NaN = undefined),
    `unfinished` (bool), `state` (str: why a missing value is missing), `at_most` (bool). `totals` holds one Number
    per metric over the whole period; `by_split` one per (split value, metric).
    """

    question: Question
    frame: pd.DataFrame
    totals: dict[str, Number]
    by_split: dict[tuple[str, str], Number]
    split_titles: dict[str, str]
    notes: tuple[Note, ...]
    period: Period
    compared: Period | None
    time_zone: str
    data_until: datetime | None
    explanations: dict[str, Explanation]

    def explain(self, metric: str) -> Explanation:
        """How the number of `metric` is made. Raises BadQuestion for a metric that was not asked."""
        try:
            return self.explanations[metric]
        except KeyError:
            raise BadQuestion(f"'{metric}' was not part of this question.") from None
