"""Rows of a table into records, with every problem named by row. A value that cannot be read is never taken as zero."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from core import clock
from core.language import tr
from core.metric import Unit
from core.records import Fact, Post, Reading
from services.imports import headings, moments, numerals, posts
from services.imports.mapping import Kind, Plan
from services.imports.table import Table

_FIRST_YEAR = 2004
_LONGEST_SHOWN = 60
_TOTALS = frozenset({
    "total", "totals", "grand total", "gesamt", "summe", "sum", "gesamtsumme", "gesamtwert", "insgesamt", "totaux",
    "total général",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row, in words that follow the value; `todo` is what a person can do.

    `skips_row` tells whether the whole row stays out. `column` and `value` are empty where the row itself is meant.
    `kind` is the text without another row it may name, the same for all such problems.
    """

    row: int
    text: str
    skips_row: bool = False
    column: str = ""
    value: str = ""
    todo: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a table holds: records by kind, rows taken, and the problems."""

    posts: tuple[Post, ...]
    readings: tuple[Reading, ...]
    facts: tuple[Fact, ...]
    rows_taken: int
    problems: tuple[Problem, ...]
    dates_estimated: bool = False
    has_repeats: bool = False
    made_ids: int = 0


@dataclass(frozen=True, slots=True)
class _Number:
    """A column of numbers."""

    metric: str
    index: int
    scale: float
    is_whole: bool


@dataclass(slots=True)
class _Reader:
    """What has been read so far."""

    table: Table
    plan: Plan
    today: date
    columns: dict[str, int]
    numbers: list[_Number]
    problems: list[Problem]
    posts: dict[str, tuple[Post, int]] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    facts: dict[tuple[str, date], tuple[Fact, int]] = field(default_factory=dict)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    made_ids: int = 0
    has_repeats: bool = False
    years: dict[int, int] = field(default_factory=dict)

    def name(self, meaning: str) -> str:
        """The heading of the column with a meaning."""
        index = self.columns.get(meaning)
        return self.table.headings[index] if index is not None else ""

    def cell(self, row: tuple[str, ...], meaning: str) -> str:
        """The cell of the column with a meaning; empty when there is none."""
        index = self.columns.get(meaning)
        return row[index].strip() if index is not None else ""


class _RowError(Exception):
    """A row that stays out: why, and what to do."""

    def __init__(self, text: str, todo: str = "", column: str = "", value: str = "", *, kind: str = "") -> None:
        super().__init__(text)
        self.text, self.todo, self.column, self.value, self.kind = text, todo, column, value, kind


def parse(table: Table, plan: Plan, units: dict[str, Unit], *, today: date) -> Parsed:
    """All records of the table under a plan; `units` are those of the metrics.

    Rows with a problem that makes them unusable are left out and named.
    """
    columns = {column.meaning: column.index for column in plan.columns if column.meaning}
    scales = {column.index: column.scale for column in plan.columns}
    numbers = [
        _Number(metric, index, scales[index], units[metric] is Unit.COUNT and scales[index] == 1.0)
        for metric, index in plan.metrics.items()
    ]
    reader = _Reader(table, plan, today, columns, numbers, _widths(table), years=_years(table, plan))
    taken = 0
    for number, row in zip(table.numbers, table.rows, strict=True):
        try:
            _take(reader, number, row)
            taken += 1
        except _RowError as error:
            said = (error.column, error.value, error.todo, error.kind)
            reader.problems.append(Problem(number, error.text, True, *said))
    return Parsed(
        tuple(post for post, _ in reader.posts.values()),
        tuple(reader.readings),
        tuple(fact for fact, _ in reader.facts.values()),
        taken,
        tuple(sorted(reader.problems, key=lambda problem: problem.row)),
        dates_estimated=not plan.has_date,
        has_repeats=reader.has_repeats,
        made_ids=reader.made_ids,
    )


def _years(table: Table, plan: Plan) -> dict[int, int]:
    """Row number -> the year of a date that names none, where a person has given that of the newest."""
    at = plan.index_of(headings.PUBLISHED)
    at = plan.index_of(headings.DAY) if at is None else at
    if plan.year is None or at is None:
        return {}
    years = moments.years_of([row[at] for row in table.rows], plan.year)
    return dict(zip(table.numbers, years, strict=True))


def _widths(table: Table) -> list[Problem]:
    more = tr("has more cells than there are headings; the extra ones are left out")
    fewer = tr("ends early; what is missing is taken as empty")
    todo = tr("Look whether the file is complete, and whether a text with a separator stands in quotes.")
    wide = [Problem(number, more, todo=todo) for number in table.ragged]
    return wide + [Problem(number, fewer, todo=todo) for number in table.short]


def _take(reader: _Reader, number: int, row: tuple[str, ...]) -> None:
    _refuse_other_account(reader, row)
    _refuse_total(reader, row)
    _refuse_one_day(reader, row)
    _refuse_repeat(reader, row, number)
    local = _local(reader, row, number)
    _refuse_second_date(reader, row, number)
    found: list[Problem] = []
    values = dict(_values(reader, row, number, found))
    reader.problems += found
    if not values and found:
        raise _RowError(tr("holds no number that can be read"), tr("See what is said about its values."))
    if not values:
        raise _RowError(
            tr("holds no number"), tr("Nothing to do, unless its numbers stand in a column that is not taken.")
        )
    if reader.plan.kind is Kind.DAILY:
        _add_facts(reader, local.date(), values, number)
    else:
        _add_post(reader, row, number, local, values)


def _refuse_other_account(reader: _Reader, row: tuple[str, ...]) -> None:
    wanted, named = reader.plan.account, reader.cell(row, headings.ACCOUNT)
    if wanted is not None and named != wanted:
        raise _RowError(
            tr("belongs to another account") if named else tr("names no account"),
            tr("Import the file once more for it."),
            reader.name(headings.ACCOUNT),
            _short(named),
        )


def _refuse_total(reader: _Reader, row: tuple[str, ...]) -> None:
    """Exports often begin or end with a line of totals; it is neither a post nor a day."""
    for meaning in (headings.DAY, headings.PUBLISHED, headings.POST_ID):
        cell = reader.cell(row, meaning)
        if cell.lower() in _TOTALS:
            raise _RowError(tr("is a line of totals"), tr("Nothing to do."), reader.name(meaning), _short(cell))


def _refuse_one_day(reader: _Reader, row: tuple[str, ...]) -> None:
    """A row of a post that says which day its numbers are of holds one day of it, not what it has gathered."""
    cell = reader.cell(row, headings.PERIOD)
    if reader.plan.kind is Kind.POSTS and cell and not isinstance(_as_date(reader, cell), moments.Unread):
        todo = tr("Export again for the whole life of the posts, not day by day.")
        raise _RowError(tr("holds one day of a post, not all of it"), todo, reader.name(headings.PERIOD), _short(cell))


def _as_date(reader: _Reader, cell: str) -> datetime | moments.Unread:
    return moments.read(cell, reader.plan.date_order or moments.DateOrder.MONTH_FIRST, reader.today.year)


def _refuse_repeat(reader: _Reader, row: tuple[str, ...], number: int) -> None:
    """Refuse a row that was there before."""
    if row in reader.seen:
        raise _RowError(
            tr("repeats row {row}", row=reader.seen[row]),
            tr("Nothing to do: it is taken once."),
            kind=tr("repeats another row"),
        )
    reader.seen[row] = number


def _refuse_second_date(reader: _Reader, row: tuple[str, ...], number: int) -> None:
    """Refuse a post with the text and all the numbers of another on another day."""
    seen, plan = reader.seen, reader.plan
    date_column = reader.columns.get(headings.DAY)
    if (
        plan.kind is not Kind.POSTS
        or not posts.text_of(lambda meaning: reader.cell(row, meaning))
        or date_column is None
    ):
        return
    rest = (*row[:date_column], "", *row[date_column + 1 :])
    if rest in seen:
        reader.has_repeats = True
        if not plan.take_repeats:
            todo = tr("Look which date is right. To take both, tick the box under this list.")
            raise _RowError(
                tr("has the text and all the numbers of row {row} under another date", row=seen[rest]),
                todo,
                kind=tr("has the text and all the numbers of another row under another date"),
            )
    seen.setdefault(rest, number)


def _add_facts(reader: _Reader, day: date, values: dict[str, float], number: int) -> None:
    for metric in values:
        if (metric, day) in reader.facts:
            before = reader.facts[metric, day][1]
            raise _RowError(
                tr("names {day} a second time, with other numbers than row {row}", day=day.isoformat(), row=before),
                tr("Leave one of the two rows in the file."),
                kind=tr("names a day a second time, with other numbers than another row"),
            )
    reader.facts.update({(metric, day): (Fact(metric, day, value), number) for metric, value in values.items()})


def _add_post(reader: _Reader, row: tuple[str, ...], number: int, local: datetime, values: dict[str, float]) -> None:
    moment = _moment(reader, local, number)
    post, is_made = _post(reader, row, number, moment)
    if post.external_id in reader.posts:
        before = reader.posts[post.external_id][1]
        raise _RowError(
            tr("is the same post as row {row}, with other numbers", row=before),
            tr("Leave one of the two in the file."),
            kind=tr("is the same post as another row, with other numbers"),
        )
    reader.posts[post.external_id] = (post, number)
    reader.made_ids += is_made
    reader.readings += [Reading(post.external_id, metric, value) for metric, value in values.items()]


def _values(reader: _Reader, row: tuple[str, ...], number: int, problems: list[Problem]) -> Iterator[tuple[str, float]]:
    for one in reader.numbers:
        cell = row[one.index].strip()
        if cell.lower() in numerals.EMPTY:
            continue
        value, text, todo = _number(cell, reader.plan.decimal_comma, one.is_whole)
        if value is not None and value < 0 and one.metric != "revenue":
            value, text, todo = (
                None,
                tr("is below zero"),
                tr("Look it up on the platform; a count cannot be below zero."),
            )
        if value is None:
            problems.append(Problem(number, text, False, reader.table.headings[one.index], _short(cell), todo))
        else:
            yield one.metric, value * one.scale


def _number(cell: str, decimal_comma: bool | None, whole: bool) -> tuple[float | None, str, str]:
    """The number in a cell, or why there is none, and what to do."""
    if cell.isdecimal():
        return float(cell), "", ""
    if decimal_comma is None and numerals.either_way(cell) and not whole:
        return None, tr("is another number with a decimal comma"), tr("Choose above how numbers are written.")
    asked = (False, True) if decimal_comma is None else (decimal_comma,)
    read = [value for comma in asked if (value := numerals.number_in(cell, decimal_comma=comma)) is not None]
    fitting = [value for value in read if not whole or value.is_integer()]
    if fitting:
        return fitting[-1], "", ""
    if read:
        return None, tr("is not a whole number"), tr("Look how numbers are written in this column.")
    if cell.startswith("="):
        return (
            None,
            tr("is a formula without a result"),
            tr("Open the file in a spreadsheet program, save it, and bring it again."),
        )
    return None, tr("is not a number"), tr("Write it in full, in digits, or empty the cell.")


def _local(reader: _Reader, row: tuple[str, ...], number: int) -> datetime:
    """The row's date and time as written; aware where the file names the distance from UTC."""
    plan = reader.plan
    meaning = headings.PUBLISHED if headings.PUBLISHED in reader.columns else headings.DAY
    local = _dated(reader, row, meaning, number) if plan.has_date else _from_parts(reader, row)
    time_of_day = reader.cell(row, headings.TIME)
    if time_of_day:
        local = _read(moments.clock_time(local, time_of_day), reader.name(headings.TIME), time_of_day)
    if local.date() > reader.today:
        raise _RowError(
            tr("lies in the future"), tr("Look at the date, and at how dates are written."), *_shown(reader, row)
        )
    if local.year < _FIRST_YEAR:
        todo = tr("Look at the date, and at how dates are written.")
        raise _RowError(tr("lies before any of these platforms began"), todo, *_shown(reader, row))
    return local


def _dated(reader: _Reader, row: tuple[str, ...], meaning: str, number: int) -> datetime:
    cell, year = reader.cell(row, meaning), reader.years.get(number)
    return _read(moments.read(cell, reader.plan.date_order, year), reader.name(meaning), cell)


def _read(found: datetime | moments.Unread, column: str, cell: str) -> datetime:
    if isinstance(found, moments.Unread):
        raise _RowError(found.text, tr(found.todo), column, _short(cell))
    return found


def _shown(reader: _Reader, row: tuple[str, ...]) -> tuple[str, str]:
    """Column and value of the row's date."""
    for meaning in (headings.PUBLISHED, headings.DAY):
        if meaning in reader.columns:
            return reader.name(meaning), _short(reader.cell(row, meaning))
    return "", ""


def _moment(reader: _Reader, local: datetime, number: int) -> datetime:
    """The instant a local time means in the plan's zone. Around a change of clocks it is named, because two fit."""
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    placed = local.replace(tzinfo=clock.zone(reader.plan.time_zone))
    if placed.utcoffset() != placed.replace(fold=1).utcoffset() and (local.hour or local.minute):
        text = tr("stands at a change of the clocks; the earlier of the two moments it may mean is taken")
        problem = Problem(
            number, text, value=local.isoformat(sep=" "), todo=tr("Nothing to do, if an hour is close enough.")
        )
        reader.problems.append(problem)
    return min(placed.astimezone(UTC), placed.replace(fold=1).astimezone(UTC))


def _from_parts(reader: _Reader, row: tuple[str, ...]) -> datetime:
    """The first such weekday of the month of the year a person gave: an estimate, and marked as one."""
    plan = reader.plan
    month, weekday, hour = (_part(reader, row, name) for name in (headings.MONTH, headings.WEEKDAY, headings.HOUR))
    if headings.MONTH not in reader.columns:
        raise _RowError(tr("has no date"), tr("Choose under Columns which one holds the date."))
    if plan.year is None:
        raise _RowError(
            tr("names no date, only parts of one"), tr("Give the year above to date it by month and weekday.")
        )
    if month is None or not 1 <= month <= 12:
        raise _RowError(tr("names no month"), tr("Write it as a number from 1 to 12."))
    first = datetime(plan.year, month, 1, (hour or 0) % 24)  # noqa: DTZ001 the plan's zone follows
    if weekday is None:
        return first
    wanted = (weekday - 2) % 7 if plan.sunday_is_first else (weekday - 1) % 7
    return first + timedelta(days=(wanted - first.weekday()) % 7)


def _part(reader: _Reader, row: tuple[str, ...], meaning: str) -> int | None:
    cell = reader.cell(row, meaning)
    return int(cell) if re.fullmatch(r"[0-9]{1,4}", cell) else None


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_SHOWN else f"{cell[:_LONGEST_SHOWN]}…"


def _post(reader: _Reader, row: tuple[str, ...], number: int, moment: datetime) -> tuple[Post, bool]:
    """The post, and whether its id is made of all its cells, so that a later version of the row is another post."""

    def cell(meaning: str) -> str:
        return reader.cell(row, meaning)

    found = reader.plan.found
    if posts.has_lost_digits(cell(headings.POST_ID)):
        todo = tr("To keep the ids, export again and do not save the file with a spreadsheet program.")
        text = tr("is an id that a spreadsheet has rounded; link, date and text tell the post instead")
        named = (reader.name(headings.POST_ID), cell(headings.POST_ID))
        reader.problems.append(Problem(number, text, False, *named, todo))
    post = posts.describe(cell, moment, row, reader.plan.platform, found.export.post_kind if found else "post")
    return post, not (posts.own_id(cell, reader.plan.platform) or cell(headings.LINK) or post.text)
