"""Recognising a table: what each column means, what a row is, how dates and numbers are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from core.errors import BadFile
from core.metric import Metric
from services.imports import headings
from services.imports.table import Table

_SAMPLE = 2000


class Kind(StrEnum):
    """What one row is."""

    POSTS = "posts"
    DAILY = "daily"


class DateOrder(StrEnum):
    """How a date of three numbers is written."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    YEAR_FIRST = "year_first"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what it means (None: not taken), and why it is not taken."""

    index: int
    heading: str
    meaning: str | None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a table will be read. A person may change any of it before the preview.

    `date_order` None means the dates of the file fit both orders: a person must say. `decimal_comma` None means numbers
    fit both ways. `year` dates rows that name only month, weekday and hour. `take_repeats` takes posts that repeat
    another but for the date.
    """

    kind: Kind
    platform: str | None
    columns: tuple[Column, ...]
    date_order: DateOrder | None
    decimal_comma: bool | None
    year: int | None = None
    sunday_is_first: bool = True
    time_zone: str = "UTC"
    take_repeats: bool = False

    def index_of(self, meaning: str) -> int | None:
        """The column with a meaning, or None."""
        return next((column.index for column in self.columns if column.meaning == meaning), None)

    @property
    def metrics(self) -> dict[str, int]:
        """Metric name -> its column."""
        prefix = "metric:"
        return {
            c.meaning.removeprefix(prefix): c.index for c in self.columns if c.meaning and c.meaning.startswith(prefix)
        }

    @property
    def has_date(self) -> bool:
        """Whether rows name a calendar day."""
        return self.index_of(headings.PUBLISHED) is not None or self.index_of(headings.DAY) is not None

    def with_meaning(self, index: int, meaning: str | None) -> Plan:
        """The plan with another meaning for one column. Raises BadFile when another column has it already."""
        taken = next((c for c in self.columns if c.meaning == meaning and c.index != index), None)
        if meaning and taken:
            raise BadFile(f"'{taken.heading}' already has that meaning.", hint="Set that column to 'not taken' first.")
        columns = (
            replace(c, meaning=meaning, why_not="" if meaning else "not chosen") if c.index == index else c
            for c in self.columns
        )
        return replace(self, columns=tuple(columns))


def recognise(table: Table, metrics: Mapping[str, Metric]) -> Plan:
    """The plan that fits the table. Raises BadFile when no column holds a number we know.

    A column that means the same as an earlier one is not taken, and says so.
    """
    meanings = [headings.meaning(heading) for heading in table.headings]
    kind = _kind(meanings)
    columns = tuple(_columns(table, meanings, kind, metrics))
    plan = Plan(
        kind=kind,
        platform=headings.platform(table.headings),
        columns=columns,
        date_order=_date_order(_cells(table, columns, {headings.DAY, headings.PUBLISHED})),
        decimal_comma=_decimal_comma(_cells(table, columns, {c.meaning for c in columns if _is_metric(c.meaning)})),
    )
    if not plan.metrics:
        raise BadFile(
            "No column was recognised as a number we know.",
            hint=f"The headings are: {', '.join(table.headings[:12])}. Rename one to, say, Likes or Impressions.",
        )
    return plan


def _is_metric(meaning: str | None) -> bool:
    return bool(meaning and meaning.startswith("metric:"))


def _kind(meanings: Iterable[str | None]) -> Kind:
    about_posts = {headings.POST_ID, headings.TEXT, headings.LINK, headings.KIND, headings.PUBLISHED, headings.TAGS}
    return Kind.POSTS if about_posts & set(meanings) else Kind.DAILY


def _columns(table: Table, meanings: list[str | None], kind: Kind, metrics: Mapping[str, Metric]) -> Iterable[Column]:
    taken: dict[str, str] = {}
    for index, (heading, meaning) in enumerate(zip(table.headings, meanings, strict=True)):
        why_not = _why_not(meaning, kind, metrics)
        if not why_not and meaning in taken:
            why_not = f"means the same as '{taken[meaning]}'"
        if not why_not and meaning:
            taken[meaning] = heading
        yield Column(index, heading, None if why_not else meaning, why_not)


def _why_not(meaning: str | None, kind: Kind, metrics: Mapping[str, Metric]) -> str:
    if meaning is None:
        return "unknown heading"
    if meaning == headings.IGNORED_RATE:
        return "a rate is computed from its parts, never imported"
    if meaning == headings.IGNORED:
        return "no metric for it yet"
    if _is_metric(meaning):
        metric = metrics.get(meaning.removeprefix("metric:"))
        if metric is None or metric.derived:
            return "computed from other numbers"
        if kind is Kind.POSTS and not metric.per_post:
            return "belongs to the account, not to a post"
    return ""


def _cells(table: Table, columns: Iterable[Column], meanings: set[str | None]) -> list[str]:
    wanted = [column.index for column in columns if column.meaning in meanings]
    return [row[index].strip() for row in table.rows[:_SAMPLE] for index in wanted if row[index].strip()]


def _date_order(cells: list[str]) -> DateOrder | None:
    """The order that fits all dates; None when both fit.

    >>> _date_order(["2026-01-02"]), _date_order(["13/01/2026", "02/01/2026"]), _date_order(["01/02/2026"])
    (<DateOrder.YEAR_FIRST: 'year_first'>, <DateOrder.DAY_FIRST: 'day_first'>, None)
    """
    parts = [match.groups() for cell in cells if (match := re.match(r"(\d{1,4})[./-](\d{1,2})[./-]\d{1,4}", cell))]
    if not parts or any(len(first) == 4 for first, _ in parts):
        return DateOrder.YEAR_FIRST
    day_first = all(int(second) <= 12 for _, second in parts)
    month_first = all(int(first) <= 12 for first, _ in parts)
    if day_first == month_first:
        return None
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def _decimal_comma(cells: list[str]) -> bool | None:
    """Whether a comma is the decimal sign; None when "1,234" could be either.

    >>> _decimal_comma(["1.234,5"]), _decimal_comma(["1,234.5"]), _decimal_comma(["12"]), _decimal_comma(["1,234"])
    (True, False, False, None)
    """
    votes = Counter(_vote(cell) for cell in cells)
    if votes["comma"] or votes["point"]:
        return votes["comma"] > votes["point"]
    return None if votes["either"] else False


def _vote(cell: str) -> str:
    """What one cell says about the decimal sign: comma, point, either, or plain (nothing)."""
    signs = re.findall(r"[.,]", cell)
    if not signs:
        return "plain"
    tail = re.split(r"[.,]", re.sub(r"[^\d.,]", "", cell))[-1]
    if len(set(signs)) == 1 and len(tail) == 3:
        return "either" if len(signs) == 1 else _other(signs[-1])
    if len(set(signs)) == 1 and len(signs) > 1:
        return "plain"
    return "comma" if signs[-1] == "," else "point"


def _other(sign: str) -> str:
    return "point" if sign == "," else "comma"
