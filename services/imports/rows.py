"""Rows of a table into records, with every problem named by row. A value that cannot be read is never taken as zero."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core import clock
from core.records import Fact, Post, Reading
from services.imports import headings
from services.imports.mapping import DateOrder, Kind, Plan
from services.imports.table import Table

_FORMATS = {
    DateOrder.YEAR_FIRST: ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y"),
    DateOrder.DAY_FIRST: ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"),
    DateOrder.MONTH_FIRST: ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y"),
}
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", "T%H:%M:%S")
_KINDS = {
    "photo": "image", "image": "image", "status": "post", "link": "post", "text": "post", "video": "video",
    "carousel": "carousel", "carousel_album": "carousel", "reel": "reel", "reels": "reel", "story": "story",
    "short": "short", "shorts": "short", "tweet": "tweet", "document": "document", "ig reel": "reel",
    "ig image": "image", "ig carousel": "carousel", "post": "post",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, in one sentence. `skips_row` tells whether the whole row stays out."""

    row: int
    text: str
    skips_row: bool = False
    column: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a table holds: records by kind, rows taken, and the problems."""

    posts: tuple[Post, ...]
    readings: tuple[Reading, ...]
    facts: tuple[Fact, ...]
    rows_taken: int
    problems: tuple[Problem, ...]
    dates_estimated: bool = False


class _RowError(Exception):
    """A row that stays out; the text says why."""


def parse(table: Table, plan: Plan, *, today: date) -> Parsed:
    """All records of the table under a plan. Rows with a problem that makes them unusable are left out and named."""
    problems = [
        Problem(number, "has more cells than there are headings; the extra ones are left out")
        for number in table.ragged
    ]
    posts: dict[str, Post] = {}
    readings: list[Reading] = []
    facts: dict[tuple[str, date], Fact] = {}
    seen: dict[tuple[str, ...], int] = {}
    taken = 0
    for number, row in zip(table.numbers, table.rows, strict=True):
        try:
            _refuse_repeat(row, number, plan, seen)
            moment = _moment(row, plan, today)
            values = dict(_values(row, number, plan, table, problems))
            if plan.kind is Kind.POSTS:
                post = _post(row, plan, moment)
                if post.external_id in posts:
                    raise _RowError("is the same post as an earlier row")
                posts[post.external_id] = post
                readings += [Reading(post.external_id, metric, value) for metric, value in values.items()]
            else:
                _add_facts(facts, clock.local_day(moment, plan.time_zone), values)
            taken += 1
        except _RowError as error:
            problems.append(Problem(number, str(error), skips_row=True))
    return Parsed(
        tuple(posts.values()), tuple(readings), tuple(facts.values()), taken, tuple(problems), not plan.has_date
    )


def _refuse_repeat(row: tuple[str, ...], number: int, plan: Plan, seen: dict[tuple[str, ...], int]) -> None:
    """Refuse a row seen before, and a post with the text and all the numbers of another under another date."""
    if row in seen:
        raise _RowError(f"repeats row {seen[row]}")
    seen[row] = number
    text, date_column = _cell(row, plan, headings.TEXT), plan.index_of(headings.DAY)
    if plan.take_repeats or not text or date_column is None:
        return
    rest = (*row[:date_column], "", *row[date_column + 1 :])
    if rest in seen:
        raise _RowError(f"has the text and all the numbers of row {seen[rest]} under another date")
    seen[rest] = number


def _add_facts(facts: dict[tuple[str, date], Fact], day: date, values: dict[str, float]) -> None:
    repeated = [metric for metric in values if (metric, day) in facts]
    if repeated:
        raise _RowError(f"names {day.isoformat()} a second time, with other numbers")
    facts.update({(metric, day): Fact(metric, day, value) for metric, value in values.items()})


def _values(
    row: tuple[str, ...], number: int, plan: Plan, table: Table, problems: list[Problem]
) -> Iterator[tuple[str, float]]:
    for metric, index in plan.metrics.items():
        cell = row[index].strip()
        if cell in {"", "-", "–", "--", "n/a", "N/A"}:
            continue
        value = number_in(cell, decimal_comma=bool(plan.decimal_comma))
        if value is None:
            problems.append(Problem(number, f"'{cell[:40]}' is not a number", column=table.headings[index]))
        elif value < 0 and metric != "revenue":
            problems.append(Problem(number, f"{cell[:40]} is below zero", column=table.headings[index]))
        else:
            yield metric, value


def number_in(cell: str, *, decimal_comma: bool) -> float | None:
    """The number a cell holds, or None. Currency signs and thousands separators are taken off; percent is refused.

    >>> number_in("1,234.5", decimal_comma=False), number_in("1.234,5", decimal_comma=True)
    (1234.5, 1234.5)
    >>> number_in("12 %", decimal_comma=False) is None
    True
    """
    text = re.sub(r"[\s'’_\u00a0\u202f]|^[$€£¥]|[$€£¥]$", "", cell)
    text = text.replace(".", "").replace(",", ".") if decimal_comma else text.replace(",", "")
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text):
        return None
    return float(text)


def _moment(row: tuple[str, ...], plan: Plan, today: date) -> datetime:
    """When the row's post was published, or the noon of its day, as an aware UTC moment."""
    index = plan.index_of(headings.PUBLISHED)
    index = plan.index_of(headings.DAY) if index is None else index
    local = _from_parts(row, plan) if index is None else _date_in(row[index], plan)
    time_index = plan.index_of(headings.TIME)
    if time_index is not None and row[time_index].strip():
        local = _with_time(local, row[time_index].strip())
    if local.date() > today:
        raise _RowError(f"lies in the future ({local.date().isoformat()})")
    if local.year < 2004:
        raise _RowError(f"lies before any of these platforms began ({local.date().isoformat()})")
    if local.tzinfo is None:
        local = local.replace(tzinfo=clock.zone(plan.time_zone))
    return local.astimezone(UTC)


def _date_in(cell: str, plan: Plan) -> datetime:
    text = re.sub(r"\s+", " ", cell.strip())
    if not text:
        raise _RowError("has no date")
    if re.match(r"\d{4}-\d{2}-\d{2}[T ].*([+-]\d{2}:?\d{2}|Z)$", text):
        return _iso(text)
    if plan.date_order is None:
        raise _RowError(f"'{text[:40]}' may be day first or month first: choose the order of dates")
    for pattern in (*_FORMATS[plan.date_order], *_FORMATS[DateOrder.YEAR_FIRST]):
        for time_pattern in _TIMES:
            try:
                return datetime.strptime(text.split(".000")[0], pattern + time_pattern)  # noqa: DTZ007 zone follows
            except ValueError:
                continue
    raise _RowError(f"'{text[:40]}' is not a date")


def _iso(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise _RowError(f"'{text[:40]}' is not a date") from None


def _with_time(local: datetime, cell: str) -> datetime:
    for pattern in ("%H:%M", "%H:%M:%S", "%I:%M %p"):
        try:
            found = datetime.strptime(cell, pattern).time()  # noqa: DTZ007 only the time of day is used
        except ValueError:
            continue
        return local.replace(hour=found.hour, minute=found.minute, second=found.second)
    raise _RowError(f"'{cell[:40]}' is not a time of day")


def _from_parts(row: tuple[str, ...], plan: Plan) -> datetime:
    """The first such weekday of the month of the year a person gave: an estimate, and marked as one."""
    if plan.year is None:
        raise _RowError("names no date; give the year if month, weekday and hour are known")
    month, weekday, hour = (_part(row, plan, name) for name in (headings.MONTH, headings.WEEKDAY, headings.HOUR))
    if month is None or not 1 <= month <= 12:
        raise _RowError("names no month")
    first = datetime(plan.year, month, 1, (hour or 0) % 24)  # noqa: DTZ001 the plan's zone follows
    if weekday is None:
        return first
    wanted = (weekday - 2) % 7 if plan.sunday_is_first else (weekday - 1) % 7
    return first + timedelta(days=(wanted - first.weekday()) % 7)


def _part(row: tuple[str, ...], plan: Plan, meaning: str) -> int | None:
    index = plan.index_of(meaning)
    return int(row[index]) if index is not None and row[index].strip().isdigit() else None


def _cell(row: tuple[str, ...], plan: Plan, meaning: str) -> str:
    index = plan.index_of(meaning)
    return row[index].strip() if index is not None else ""


def _post(row: tuple[str, ...], plan: Plan, moment: datetime) -> Post:
    text, link = _cell(row, plan, headings.TEXT), _cell(row, plan, headings.LINK)
    tags = _cell(row, plan, headings.TAGS) or text
    duration = _cell(row, plan, headings.DURATION)
    return Post(
        external_id=_cell(row, plan, headings.POST_ID) or _made_id(row, moment, text, link),
        kind=_KINDS.get(_cell(row, plan, headings.KIND).lower(), "post"),
        published_at=moment,
        text=text,
        permalink=link if re.match(r"https?://", link) else "",
        thumbnail_url=_cell(row, plan, headings.THUMBNAIL),
        duration_s=float(duration) if re.fullmatch(r"\d+(\.\d+)?", duration) else None,
        tags=tuple(dict.fromkeys(tag.lower() for tag in re.findall(r"#(\w+)", tags))),
        language=_cell(row, plan, headings.LANGUAGE),
    )


def _made_id(row: tuple[str, ...], moment: datetime, text: str, link: str) -> str:
    """An id for a post that has none: from its link, else its moment and text, else the whole row."""
    about = link or (f"{moment.isoformat()}|{text}" if text else "|".join(row))
    return "file-" + hashlib.sha256(about.encode()).hexdigest()[:20]
